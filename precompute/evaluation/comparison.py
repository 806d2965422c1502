"""Table 3: compare every method on every test question under both protocols, and test the differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from persrv.records import Text
from precompute import metrics
from precompute.evaluation import click_ranks
from precompute.evaluation.methods.baselines import OURS
from precompute.evaluation.methods.contract import KINDS, Method
from precompute.evaluation.methods.roster import all_methods, left_out
from precompute.evaluation.paper_results import TABLE_3
from precompute.evaluation.protocols import (
    PROTOCOLS,
    Judged,
    Metric,
    judge,
    paper_metrics,
    usual_metrics,
    values,
)
from precompute.evaluation.report import Figure, Findings, Row, Table
from precompute.evaluation.section import Section
from precompute.evaluation.significance import (
    clustered_interval,
    holm,
    mark,
    paired_t_test,
    randomization_test,
)
from precompute.evaluation.world import Options, World
from precompute.fit.questions import Question, by_user
from precompute.runtime.progress import Report

#: Method -> metric -> one value a question.
Values = Mapping[str, Mapping[str, Sequence[float]]]

#: Metrics with a table of gains and p-values; other metrics have marks only.
TESTED: tuple[str, ...] = ("M-MRR@10", "R@10", "R@20")


def compute(world: World, report: Report) -> Findings:
    """The tables of every method there is."""
    return compare(world, all_methods(world), report)


def compare(world: World, methods: Sequence[Method], report: Report) -> Findings:
    """The tables of both protocols, and the file of the rank of every test click in every ranking."""
    judged = judge(world, methods, report)
    return Findings(
        title=Text("Table 3: all methods on test clicks", "表 3：各种方法在测试点击上"),
        data=world.data,
        tables=(
            *(table for name, each in judged.items() for table in _tables(name, each, methods, world.options)),
            *_by_warmth(world, judged["paper"], methods),
        ),
        notes=_notes(world, judged),
        parameters={"resamples": world.options.resamples, "seed": world.options.seed},
        files={click_ranks.FILE: click_ranks.to_bytes(click_ranks.table(world, judged))},
    )


def _tables(protocol: str, judged: Judged, methods: Sequence[Method], options: Options) -> list[Table]:
    """Tables of one protocol: the paper's metrics, the usual ones, averages over questions, people, and the tests."""
    told = Text.joined(PROTOCOLS[protocol], _questions(len(judged.asked)))
    paper, usual = paper_metrics(options.cutoffs), usual_metrics(options.cutoffs)
    found = {method.name: values(judged, method.name, {**paper, **usual}) for method in methods}
    asked = judged.asked
    return [
        _macro(f"{protocol}", Text.joined(PAPERS, told), asked, found, paper, methods, options),
        _macro(f"{protocol} usual", Text.joined(USUAL, told), asked, found, usual, methods, options),
        _micro(f"{protocol} micro", Text.joined(MICRO, told), asked, found, {**paper, **usual}, methods),
        _people(f"{protocol} people", Text.joined(PEOPLE, told), asked, found, methods),
        *(
            significance(f"{protocol} tests {metric}", metric, asked, found, options)
            for metric in TESTED
            if metric in paper
        ),
    ]


def _by_warmth(world: World, judged: Judged, methods: Sequence[Method]) -> list[Table]:
    """Tables of clicks on cold stickers, which nobody clicked in training, and of clicks on warm stickers, the others.

    No clicked query helps to find a cold sticker, and utility ranks others before it, so it is found by words in the
    picture and by captions only. The rankings are those of the paper's protocol; only what is relevant differs.
    """
    trained = {row.sticker for row in world.split.training}
    kinds = {"cold": set(world.ids) - trained, "warm": trained}
    tables = []
    for kind, stickers in kinds.items():
        some = judged.only(stickers)
        chosen = {**paper_metrics((10,)), **usual_metrics((10,))}
        found = {method.name: values(some, method.name, chosen) for method in methods}
        title = Text.joined(WARMTH[kind], _questions(len(some.asked)))
        tables.append(_macro(kind, title, some.asked, found, chosen, methods, world.options))
        tables += [
            significance(f"{kind} tests {m}", m, some.asked, found, world.options) for m in TESTED if m in chosen
        ]
    return tables


PAPERS = Text("The paper's metrics.", "论文的指标。")
USUAL = Text("The usual metrics.", "通常的指标。")
MICRO = Text("Averages over questions.", "按提问平均。")
PEOPLE = Text("M-MRR@10 of every person.", "每个人的 M-MRR@10。")
WARMTH: Mapping[str, Text] = {
    "cold": Text(
        "Clicks on stickers that nobody clicked in training, the paper's protocol.",
        "训练中没人点过的表情上的点击，论文的规则。",
    ),
    "warm": Text("Clicks on the other stickers, the paper's protocol.", "其他表情上的点击，论文的规则。"),
}


def _questions(count: int) -> Text:
    return Text(f"{count} questions.", f"{count} 次提问。")


def _macro(
    name: str,
    title: Text,
    asked: Sequence[Question],
    found: Values,
    chosen: Mapping[str, Metric],
    methods: Sequence[Method],
    options: Options,
) -> Table:
    """Means over people's means, with intervals and the p of a paired t-test against PerSRV (Holm over a column)."""
    p_values = {metric: _against_ours(found, metric) for metric in chosen}

    def figure(method: str, metric: str) -> Figure:
        grouped = by_user(asked, found[method][metric])
        low, high = clustered_interval(grouped, options.resamples, options.seed)
        p = p_values[metric].get(method)
        return Figure(metrics.mean_over_users(grouped), low, high, p, "" if p is None else mark(p))

    rows = [
        Row(
            method.name,
            {metric: figure(method.name, metric) for metric in chosen},
            KINDS[method.kind],
            {metric: value for metric, value in TABLE_3.get(method.name, {}).items() if metric in chosen},
            method.note,
        )
        for method in methods
    ]
    return Table(name, title, tuple(chosen), tuple(rows), notes=(MARKS, MEANS))


MARKS = Text(
    f"* and **: differs from {OURS}, p < .05 and < .01: two-tailed paired t-test over questions, Holm's correction "
    "over the methods of a column.",
    f"* 和 **：与 {OURS} 有差异，p < .05 和 < .01：按提问做双尾配对 t 检验，每列的各种方法一起作 Holm 校正。",
)
MEANS = Text(
    "Means over people's means; intervals are 95 %, by drawing whole people with replacement.",
    "先对每个人取平均，再对人取平均；95% 区间，按整个人有放回地重抽。",
)


def _against_ours(found: Values, metric: str) -> dict[str, float]:
    """Method -> adjusted p of its difference from PerSRV; {} if PerSRV is not among the methods."""
    if OURS not in found:
        return {}
    others = [name for name in found if name != OURS]
    return holm({name: paired_t_test(_gains(found, name, metric)) for name in others})


def _gains(found: Values, name: str, metric: str) -> list[float]:
    """Gain of PerSRV over a method on every question."""
    return [ours - theirs for ours, theirs in zip(found[OURS][metric], found[name][metric], strict=True)]


def _micro(
    name: str,
    title: Text,
    asked: Sequence[Question],
    found: Values,
    chosen: Mapping[str, Metric],
    methods: Sequence[Method],
) -> Table:
    """Means over questions, all of the same weight whoever asked them."""
    rows = [
        Row(
            method.name,
            {m: Figure(metrics.mean_over_queries(by_user(asked, found[method.name][m]))) for m in chosen},
            KINDS[method.kind],
        )
        for method in methods
    ]
    return Table(name, title, tuple(chosen), tuple(rows))


def _people(
    name: str,
    title: Text,
    asked: Sequence[Question],
    found: Values,
    methods: Sequence[Method],
    metric: str = "M-MRR@10",
) -> Table:
    """Table of a column a person: the mean over that person's questions."""
    people = tuple(sorted({question.user for question in asked}))
    rows = []
    for method in methods if metric in next(iter(found.values())) else ():
        grouped = by_user(asked, found[method.name][metric])
        rows.append(Row(method.name, {who: Figure(float(np.mean(grouped[who]))) for who in people}, KINDS[method.kind]))
    return Table(name, title, people, tuple(rows))


def significance(name: str, metric: str, asked: Sequence[Question], found: Values, options: Options) -> Table:
    """The table of PerSRV's gain over every other method in one metric, with the p-values of both tests."""
    others = [other for other in found if other != OURS] if OURS in found else []
    gains = {other: _gains(found, other, metric) for other in others}
    t_test = {other: paired_t_test(each) for other, each in gains.items()}
    tossed = {other: randomization_test(each, options.resamples, options.seed) for other, each in gains.items()}
    t_adjusted, tossed_adjusted = holm(t_test), holm(tossed)
    rows = []
    for other, each in gains.items():
        grouped = by_user(asked, each)
        low, high = clustered_interval(grouped, options.resamples, options.seed)
        figures = {
            "gain": Figure(metrics.mean_over_users(grouped), low, high, mark=mark(t_adjusted[other])),
            "t-test": Figure(t_test[other]),
            "t-test (Holm)": Figure(t_adjusted[other]),
            "randomization": Figure(tossed[other]),
            "randomization (Holm)": Figure(tossed_adjusted[other]),
            "won": Figure(sum(gain > 0 for gain in each)),
            "lost": Figure(sum(gain < 0 for gain in each)),
        }
        rows.append(Row(other, figures))
    columns = tuple(rows[0].figures) if rows else ()
    title = Text(
        f"{metric}: what {OURS} gains over each method, p-values, questions won and lost ({len(asked)} questions)",
        f"{metric}：{OURS} 比每种方法多多少，p 值，赢和输的提问（{len(asked)} 次提问）",
    )
    return Table(name, title, columns, tuple(rows), whole=("won", "lost"), labels=TESTS)


#: Chinese names of the tests' columns.
TESTS: Mapping[str, Text] = {
    "gain": Text("gain", "增益"),
    "t-test": Text("t-test", "t 检验"),
    "t-test (Holm)": Text("t-test (Holm)", "t 检验（Holm）"),
    "randomization": Text("randomization", "随机化检验"),
    "randomization (Holm)": Text("randomization (Holm)", "随机化检验（Holm）"),
    "won": Text("won", "赢"),
    "lost": Text("lost", "输"),
}


def _notes(world: World, judged: Mapping[str, Judged]) -> tuple[Text, ...]:
    """Notes that a reader needs about the data of these tables."""
    clicked = world.split.test.rows
    pairs = sum((row.user, row.query) in world.known for row in clicked)
    same = sum(row.sticker in world.known.get((row.user, row.query), ()) for row in clicked)
    people = len({question.user for question in judged["paper"].asked})
    return (
        Text(
            f"{len(clicked)} test clicks of {people} people; {pairs} of them for a query that the same person had in "
            f"training, {same} repeat a training click.",
            f"{people} 个人的 {len(clicked)} 次测试点击；其中 {pairs} 次的查询同一个人训练时搜过，"
            f"{same} 次重复了训练里的点击。",
        ),
        Text(
            "Settings were chosen on validation clicks; test clicks are used here, once, and for no choice.",
            "设置在验证点击上选定；测试点击只在这里用一次，不用来做任何选择。",
        ),
        Text(
            "A fallback (no sticker shares a word with the query) counts as an empty ranking.",
            "替补结果（没有表情与查询有共同的词）算作空的排序。",
        ),
        Text(
            f"Intervals come from drawing whole people; with {people} people they say little about anybody else.",
            f"区间按整个人重抽；只有 {people} 个人，对其他人说明不了多少。",
        ),
        *left_out(world),
    )


SECTION = Section(
    "comparison",
    "Table 3: all methods, ablations, significance, people one by one",
    compute,
    external=True,
)
