"""Table 6: seconds a query of every method, asked one after the other in one run, on the machine that evaluates."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from precompute.evaluation.hardware import machine
from precompute.evaluation.methods.contract import Method
from precompute.evaluation.methods.roster import all_methods
from precompute.evaluation.paper_results import TABLE_6
from precompute.evaluation.report import Figure, Findings, Row, Table
from precompute.evaluation.section import Section
from precompute.evaluation.world import World
from precompute.fit.questions import Question
from precompute.runtime.progress import Report

#: Questions that are timed, spread evenly over all, and how many come before the clock starts.
TIMED, WARM_UP = 200, 5

#: Results asked for, as the page does.
TOP = 20


def compute(world: World, report: Report) -> Findings:
    """The table of every method there is."""
    return measure(world, all_methods(world), report)


def measure(world: World, methods: Sequence[Method], report: Report) -> Findings:
    """One table: mean, median and 95th percentile of every method."""
    asked = spread(world.questions, TIMED)
    rows = []
    for done, method in enumerate(methods):
        report(done, len(methods))
        rows.append(timed(method, asked, time.perf_counter))
    report(len(methods), len(methods))
    here = machine()
    title = f"Table 6: seconds a query for {TOP} results, {len(asked)} questions, {len(world.ids):,} stickers"
    notes = (
        f"{here['name']}, {here['cores']} cores, one query at a time, after {WARM_UP} to warm up.",
        "PerSRV is asked through the Retriever, which explains every hit; the paper's figures are of an A100.",
    )
    table = Table("seconds", title, ("mean", "median", "p95"), tuple(rows), digits=5, notes=notes)
    return Findings("Table 6: time", world.data, (table,), parameters={"machine": here, "top": TOP})


def timed(method: Method, asked: Sequence[Question], clock: Callable[[], float]) -> Row:
    """The row of one method. clock: seconds that only grow."""
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
    return Row(method.name, figures, method.kind, paper, method.note)


def spread(asked: Sequence[Question], most: int) -> Sequence[Question]:
    """At most `most` questions, in their order, at even distances."""
    count = min(most, len(asked))
    return [asked[place * len(asked) // count] for place in range(count)]


SECTION = Section(
    "speed",
    "Table 6: seconds a query of every method",
    compute,
    ("precompute/evaluation/latency.py",),
    of_machine=True,
    aided=True,
)
