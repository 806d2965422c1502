"""Table 6: measure seconds a query of every method, one query at a time, on the machine that evaluates."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from persrv.records import Text
from persrv.sampling import evenly
from precompute.evaluation.hardware import machine
from precompute.evaluation.methods.contract import KINDS, Method
from precompute.evaluation.methods.roster import all_methods
from precompute.evaluation.paper_results import TABLE_6
from precompute.evaluation.report import Figure, Findings, Row, Table
from precompute.evaluation.section import Section
from precompute.evaluation.world import World
from precompute.fit.questions import Question
from precompute.runtime.progress import Report

#: Numbers of timed questions, taken at even distances, and of questions asked before timing starts.
TIMED, WARM_UP = 200, 5

#: Number of results asked for, as on the page.
TOP = 20


def compute(world: World, report: Report) -> Findings:
    """The table of every method there is."""
    return measure(world, all_methods(world), report)


def measure(world: World, methods: Sequence[Method], report: Report) -> Findings:
    """The table of mean, median and 95th percentile of every method."""
    asked = evenly(world.questions, TIMED)
    rows = []
    for done, method in enumerate(methods):
        report(done, len(methods))
        rows.append(timed(method, asked, time.perf_counter))
    report(len(methods), len(methods))
    here = machine()
    title = Text(
        f"Table 6: seconds a query for {TOP} results, {len(asked)} questions, {len(world.ids):,} stickers",
        f"表 6：每次查询取 {TOP} 个结果的秒数，{len(asked)} 次提问，{len(world.ids):,} 张表情",
    )
    notes = (
        Text(
            f"{here['name']}, {here['cores']} cores, one query at a time, after {WARM_UP} to warm up.",
            f"{here['name']}，{here['cores']} 核，每次一个查询，先热身 {WARM_UP} 次。",
        ),
        Text(
            "PerSRV is timed through the Retriever, which also explains every hit; the paper used an A100.",
            "PerSRV 通过 Retriever 计时，它还会解释每个结果；论文的数字来自一块 A100。",
        ),
    )
    table = Table("seconds", title, ("mean", "median", "p95"), tuple(rows), digits=5, notes=notes, labels=LABELS)
    title = Text("Table 6: time", "表 6：时间")
    return Findings(title, world.data, (table,), parameters={"machine": here, "top": TOP})


#: Chinese names of the columns.
LABELS = {"mean": Text("mean", "平均"), "median": Text("median", "中位数"), "p95": Text("p95", "第 95 百分位")}


def timed(method: Method, asked: Sequence[Question], clock: Callable[[], float]) -> Row:
    """The row of one method. clock: returns seconds and never goes back, such as time.perf_counter."""
    for question in asked[:WARM_UP]:
        method.rank(question.user, question.query, TOP)
    seconds = []
    for question in asked:
        start = clock()
        method.rank(question.user, question.query, TOP)
        seconds.append(clock() - start)
    figures = {
        "mean": Figure(float(np.mean(seconds))),
        "median": Figure(float(np.median(seconds))),
        "p95": Figure(float(np.percentile(seconds, 95))),
    }
    paper = {"mean": TABLE_6[method.name]} if method.name in TABLE_6 else {}
    return Row(method.name, figures, KINDS[method.kind], paper, method.note)


SECTION = Section(
    "speed",
    "Table 6: seconds a query of every method",
    compute,
    of_machine=True,
    external=True,
)
