"""Experiment: how much results depend on the split. Random by interaction, random by (person, query), and by time.

For each split queries, utility and styles are fitted on its own training part, and settings are chosen on its own
validation part. The bundle's own split is measured twice, with fine-tuned captions and without, so that the other
splits can be compared with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from persrv.records import SearchSettings, Text
from precompute.evaluation.experiments import resplit
from precompute.evaluation.experiments.batch_ranking import m_mrr, recall_at
from precompute.evaluation.experiments.bench import CUTOFF, INTERVALS, METRIC, Bench, Stage
from precompute.evaluation.experiments.intervals import Numbers
from precompute.evaluation.experiments.sentences import figure
from precompute.evaluation.report import Figure, Findings, Row, Table
from precompute.evaluation.world import World
from precompute.runtime.progress import Report

SYSTEMS: tuple[str, ...] = ("PerSRV", "w/o personalization", "w/o utility", "BM25")
PERSONAL, UTILITY = "gain of personalization", "gain of utility"
REPEATED, COLD = "clicks on known pairs", "clicks on cold stickers"
RECALL, RECALL_PLAIN, TRUTH = "R@10 of PerSRV", "R@10 of BM25", "clicks a question"
COLUMNS: tuple[str, ...] = (*SYSTEMS, PERSONAL, UTILITY, RECALL, RECALL_PLAIN, TRUTH, REPEATED, COLD)
NEW, PAPER = Text("stickers new to the question", "对这次提问是新的表情"), Text("the paper's protocol", "论文的规则")


def compute(world: World, report: Report) -> Findings:
    """M-MRR@10 on test clicks of every split, under both protocols."""
    own = resplit.recorded(world).method
    left_out = {name: why for name in world.options.splits if (why := resplit.why_not(world, name)) is not None}
    methods = [name for name in world.options.splits if name not in left_out]
    told = resplit.untuned(world)
    tuned = f"{resplit.NAMES[own]}, fine-tuned captions"
    labels = {**resplit.LABELS, **LABELS, tuned: Text(tuned, f"{resplit.LABELS[resplit.NAMES[own]].zh}，微调后的配文")}
    cases = [(tuned, own, world)] if own in methods else []
    cases += [(resplit.NAMES[name], name, told) for name in methods]
    benches: dict[str, Bench] = {}
    for done, (name, method, base) in enumerate(cases):
        report(done, len(cases))
        shipped = base is world
        benches[name] = Bench.of(base if shipped else resplit.refitted(base, resplit.divided(world, method), _quiet))
    report(len(cases), len(cases))
    rows = tuple(
        row(name, group, bench, bench.test if group == NEW else bench.paper)
        for group in (NEW, PAPER)
        for name, bench in benches.items()
    )
    title = Text(f"{METRIC} on test clicks of every split", f"各种划分在测试点击上的 {METRIC}")
    return Findings(
        title=Text("Three ways to split", "三种划分方式"),
        data=world.data,
        tables=(Table("splits", title, COLUMNS, rows, notes=(KNOWN,), labels=labels),),
        notes=(
            _sentence([each for each in rows if each.group == NEW], labels),
            OWN_TRAINING,
            resplit.LEFT_OUT,
            UNEQUAL,
            INTERVALS,
            *(_left_out(name, why) for name, why in sorted(left_out.items())),
        ),
        parameters={"searches": resplit.SEARCHES, "settings": {name: _settings(b) for name, b in benches.items()}},
    )


OWN_TRAINING = Text(
    "Queries, utility, styles and settings of each split come from its own training part alone.",
    "每种划分的查询、效用、口味和设置只来自它自己的训练部分。",
)
UNEQUAL = Text(
    f"{METRIC} is a sum over all clicks of a question, and splits leave different numbers of clicks in the test part. "
    "Between splits, compare R@10 and what each part adds within a split.",
    f"{METRIC} 对一次提问的所有点击求和，而各种划分留给测试的点击数不同：不同划分之间请比 R@10，"
    "以及同一划分里每一部分带来的增益。",
)
KNOWN = Text(
    "Known pairs: test clicks for a query that this person had asked in training; cold stickers: test clicks on "
    "stickers that nobody clicked in training. Both are shares of the test clicks.",
    "已知组合：此人训练时搜过的查询的测试点击；冷门表情：训练中没人点过的表情上的测试点击。都是占测试点击的比例。",
)
#: Chinese names of the columns.
LABELS: Mapping[str, Text] = {
    PERSONAL: Text(PERSONAL, "个性化的增益"),
    UTILITY: Text(UTILITY, "效用的增益"),
    RECALL: Text(RECALL, "PerSRV 的 R@10"),
    RECALL_PLAIN: Text(RECALL_PLAIN, "BM25 的 R@10"),
    TRUTH: Text(TRUTH, "每次提问的点击数"),
    REPEATED: Text(REPEATED, "已知组合上的点击"),
    COLD: Text(COLD, "冷门表情上的点击"),
}


def _left_out(name: str, why: Text) -> Text:
    label = resplit.LABELS[resplit.NAMES[name]] if name in resplit.NAMES else Text.same(name)
    return Text(f"Left out: {name}, because {why.en}.", f"没有做：{label.zh}，因为{why.zh}。")


def _quiet(done: int, total: int) -> None:
    """Report nothing: choosing the settings of a split is one step of progress."""


def row(name: str, group: Text, bench: Bench, stage: Stage) -> Row:
    """The row of every system on one split under one protocol."""
    found = {system: hits(stage, settings) for system, settings in variants(bench.settings).items()}
    values: dict[str, Numbers] = {system: m_mrr(each) for system, each in found.items()}
    people = stage.panel.people
    figures = {system: people.figure(each) for system, each in values.items()}
    figures[PERSONAL] = people.figure(values["PerSRV"] - values["w/o personalization"])
    figures[UTILITY] = people.figure(values["PerSRV"] - values["w/o utility"])
    for column, system in ((RECALL, "PerSRV"), (RECALL_PLAIN, "BM25")):
        figures[column] = people.figure(recall_at(found[system], stage.panel.relevant))
    figures[TRUTH] = Figure(float(stage.panel.relevant.mean()))
    shares = repeats(bench)
    count = len(stage.panel.asked)
    return Row(name, {**figures, **shares}, group=group, note=Text(f"{count} questions", f"{count} 次提问"))


def variants(settings: SearchSettings) -> dict[str, SearchSettings]:
    """System -> the settings with its parts switched off."""
    switches = zip(SYSTEMS, ((True, True), (True, False), (False, True), (False, False)), strict=True)
    return {
        system: replace(settings, use_utility=useful, use_personalization=personal)
        for system, (useful, personal) in switches
    }


def hits(stage: Stage, settings: SearchSettings) -> NDArray[np.bool_]:
    """Hits (Q, 10): whether each of the first 10 stickers was clicked, ranked as the Retriever does."""
    alpha = settings.alpha if settings.use_personalization else 0.0
    short = stage.panel.shortlist(settings)
    return short.hits(short.preferences(stage.preferences), [alpha], CUTOFF)[0]


def repeats(bench: Bench) -> dict[str, Figure]:
    """Shares of test clicks on (person, query) pairs known from training, and on stickers not clicked in training."""
    split = bench.world.split
    pairs = {(row.user, row.query) for row in split.training.rows}
    warm = {row.sticker for row in split.training.rows}
    known = np.mean([(row.user, row.query) in pairs for row in split.test.rows])
    cold = np.mean([row.sticker not in warm for row in split.test.rows])
    return {REPEATED: Figure(float(known)), COLD: Figure(float(cold))}


def _settings(bench: Bench) -> Mapping[str, object]:
    chosen = bench.settings
    return {
        "alpha": chosen.alpha,
        "lambda": chosen.lambda_,
        "utility_weights": list(chosen.utility_weights),
        "utility_base": chosen.utility_base,
        "field_weights": dict(chosen.field_weights),
    }


def _sentence(rows: Sequence[Row], labels: Mapping[str, Text]) -> Text:
    told = []
    for row in rows:
        recall, change = figure(row.figures[RECALL]), figure(row.figures[PERSONAL])
        known, label = f"{row.figures[REPEATED].value:.0%}", labels[row.name]
        told.append(
            Text(
                f"{label.en} {recall}, where personalization changes {METRIC} by {change} and {known} of the clicks "
                "are on pairs known from training",
                f"{label.zh} {recall}，个性化使 {METRIC} 变化 {change}，{known} 的点击来自训练中搜过的组合",
            )
        )
    return Text(
        f"R@10 of PerSRV on test clicks, stickers new to the question: {'; '.join(each.en for each in told)}.",
        f"PerSRV 在测试点击上的 R@10（对这次提问是新的表情）：{'；'.join(each.zh for each in told)}。",
    )
