"""Experiment: how much the way of splitting flatters. Random by interaction, by (person, query), and by time.

For each split queries, utility and styles are fitted on its own training part, and settings chosen on its own
validation part. The bundle's own split is measured twice, with its fine-tuned captions and without, so that the others
can be compared with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from persrv.records import SearchSettings
from precompute.evaluation.experiments import resplit
from precompute.evaluation.experiments.batch_ranking import m_mrr, recall_at
from precompute.evaluation.experiments.bench import CUTOFF, INTERVALS, METRIC, Bench, Stage
from precompute.evaluation.experiments.intervals import Numbers
from precompute.evaluation.experiments.sentences import Sentence, figure, stated
from precompute.evaluation.report import Figure, Findings, Row, Table
from precompute.evaluation.world import World
from precompute.runtime.progress import Report

SYSTEMS: tuple[str, ...] = ("PerSRV", "w/o personalization", "w/o utility", "BM25")
PERSONAL, UTILITY = "gain of personalization", "gain of utility"
REPEATED, COLD = "clicks on known pairs", "clicks on cold stickers"
RECALL, RECALL_PLAIN, TRUTH = "R@10 of PerSRV", "R@10 of BM25", "clicks a question"
COLUMNS: tuple[str, ...] = (*SYSTEMS, PERSONAL, UTILITY, RECALL, RECALL_PLAIN, TRUTH, REPEATED, COLD)
NEW, PAPER = "stickers new to the question", "the paper's protocol"


def compute(world: World, report: Report) -> Findings:
    """M-MRR@10 on test clicks of every split, under both protocols."""
    own = resplit.recorded(world).method
    left_out = {name: why for name in world.options.splits if (why := resplit.why_not(world, name))}
    methods = [name for name in world.options.splits if name not in left_out]
    told = resplit.untuned(world)
    cases = [(f"{resplit.NAMES[own]}, fine-tuned captions", own, world)] if own in methods else []
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
    sentence = _sentence([each for each in rows if each.group == NEW])
    return Findings(
        title="Three ways to split",
        data=world.data,
        tables=(Table("splits", f"{METRIC} on test clicks of every split", COLUMNS, rows, notes=(KNOWN,)),),
        notes=(
            sentence.en,
            "Queries, utility, styles and settings of each split come from its own training part alone.",
            resplit.LEFT_OUT,
            UNEQUAL,
            INTERVALS,
            *(f"Left out: {name}, because {why}." for name, why in sorted(left_out.items())),
        ),
        parameters=stated(sentence, searches=resplit.SEARCHES, settings={n: _settings(b) for n, b in benches.items()}),
    )


UNEQUAL = (
    f"{METRIC} sums over all clicks of a question, and splits leave different numbers of them in the test part: "
    "between splits compare R@10, and what each part adds within a split."
)
KNOWN = (
    "known pairs: test clicks for a query that this person had asked in training; cold stickers: test clicks on "
    "stickers that nobody clicked in training. Both are shares of the test clicks."
)


def _quiet(done: int, total: int) -> None:
    """The choice of settings goes unreported: a split is one step."""


def row(name: str, group: str, bench: Bench, stage: Stage) -> Row:
    """Every system on one split under one protocol."""
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
    return Row(name, {**figures, **shares}, group=group, note=f"{len(stage.panel.asked)} questions")


def variants(settings: SearchSettings) -> dict[str, SearchSettings]:
    """The four rankings: what is switched off in each."""
    switches = zip(SYSTEMS, ((True, True), (True, False), (False, True), (False, False)), strict=True)
    return {
        system: replace(settings, use_utility=useful, use_personalization=personal)
        for system, (useful, personal) in switches
    }


def hits(stage: Stage, settings: SearchSettings) -> NDArray[np.bool_]:
    """(Q, 10) hits as the Retriever would rank."""
    alpha = settings.alpha if settings.use_personalization else 0.0
    short = stage.panel.shortlist(settings)
    return short.hits(short.preferences(stage.house), [alpha], CUTOFF)[0]


def repeats(bench: Bench) -> dict[str, Figure]:
    """Shares of the test clicks that training gives away or hides."""
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


def _sentence(rows: Sequence[Row]) -> Sentence:
    def said(row: Row, name: str, words: tuple[str, str, str]) -> str:
        recall, gain, known = row.figures[RECALL], row.figures[PERSONAL], row.figures[REPEATED]
        return f"{name} {figure(recall)}{words[0]}{figure(gain)}{words[1]}{known.value:.0%}{words[2]}"

    words_en = (f", personalization adds {METRIC} ", ", ", " of clicks on pairs known from training")
    words_zh = (f"，个性化使 {METRIC} 增加 ", "，", " 的点击来自训练中问过的组合")
    return Sentence(
        en="R@10 of PerSRV on test clicks, stickers new to the question: "
        + "; ".join(said(row, row.name, words_en) for row in rows)
        + ".",
        zh="PerSRV 在测试点击上的 R@10（对该问题而言是新的表情）："
        + "；".join(said(row, ZH.get(row.name, row.name), words_zh) for row in rows)
        + "。",
    )


ZH: Mapping[str, str] = {
    resplit.NAMES["interaction"]: "按点击随机切分",
    f"{resplit.NAMES['interaction']}, fine-tuned captions": "按点击随机切分（含微调关键词）",
    resplit.NAMES["pair"]: "按（人，问题）随机切分",
    resplit.NAMES["time"]: "按时间切分",
}
