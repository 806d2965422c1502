"""Experiment: which summary of a person's stickers ranks best, how many clusters it needs, and what it costs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from persrv.records import FloatArray
from precompute.evaluation.experiments import trials
from precompute.evaluation.experiments.bench import (
    ALPHAS,
    COLUMNS,
    GAIN,
    INTERVALS,
    NEW,
    PAPER_GAIN,
    PROTOCOL,
    Bench,
    Centroids,
    Stage,
    clicked_stickers,
)
from precompute.evaluation.experiments.centroids import FAMILIES, Family
from precompute.evaluation.experiments.intervals import Numbers
from precompute.evaluation.experiments.sentences import Sentence, figure, gain_en, gain_zh, stated
from precompute.evaluation.experiments.trials import Trial
from precompute.evaluation.report import Figure, Findings, Row, Table
from precompute.evaluation.world import World
from precompute.runtime.progress import Report

SEPARATION = "separation"
NOTHING = "no personalization"
SHIPPED = "as shipped"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What validation chose for a family."""

    family: Family
    trial: Trial


def compute(world: World, report: Report) -> Findings:
    """Curves of every family on validation, and what each family's best reaches on test clicks."""
    bench = Bench.of(world)
    points = points_of(bench.validation)
    short = bench.validation.panel.shortlist(bench.settings)
    steps = sum(len(family.values) for family in FAMILIES)
    curves, chosen, done = [], [], 0
    for family in FAMILIES:
        tried = []
        for value in family.values:
            report(done, steps)
            liked = bench.validation.tastes(fit_all(family, value, points))
            values = bench.validation.values(short, liked, ALPHAS)
            tried.append(trials.trial(value, values, ALPHAS, bench.validation.panel.people))
            done += 1
        chosen.append(Chosen(family, trials.best_of(tried)))
        curves.append(trials.curve(family.name, family.parameter or "no parameter", tried, chosen[-1].trial))
    report(steps, steps)
    rows = _rows(bench, chosen)
    sentence = _sentence(chosen, rows)
    return Findings(
        title="Style models: how a person's stickers are summed up",
        data=world.data,
        tables=(Table("style_models", "Style models on test clicks", (*COLUMNS, SEPARATION), rows, notes=(GAINS,)),),
        curves=tuple(curves),
        notes=(sentence.en, PROTOCOL, INTERVALS),
        parameters=stated(sentence, alphas=ALPHAS),
    )


GAINS = (
    f"Gains are over the ranking as shipped. {SEPARATION}: how often a clicked candidate is preferred to one that was "
    "not (area under the ROC curve), stickers new to the question."
)


def points_of(stage: Stage) -> dict[str, FloatArray]:
    """Person -> the distinct stickers of their training clicks as unit rows of the style space, in the order of ids."""
    row_of = {name: row for row, name in enumerate(stage.features.ids)}
    clicked = clicked_stickers(stage.train)
    return {user: stage.features.vectors[[row_of[name] for name in names]] for user, names in clicked.items()}


def fit_all(family: Family, value: int, points: dict[str, FloatArray]) -> Centroids:
    """Everybody's centroids."""
    return {user: family.fit(some, value) for user, some in points.items()}


def _rows(bench: Bench, chosen: Sequence[Chosen]) -> tuple[Row, ...]:
    points = points_of(bench.test)

    def row(name: str, liked: Callable[[Stage], FloatArray], alpha: float, note: str) -> Row:
        def ranked(stage: Stage) -> Numbers:
            return stage.values(stage.panel.shortlist(bench.settings), liked(stage), [alpha])[0]

        measured = bench.measured(name, ranked, None if name == SHIPPED else bench.shipped)
        return Row(name, {**measured.figures, SEPARATION: separation(bench, liked(bench.test))}, note=note)

    def tasting(centroids: Centroids) -> Callable[[Stage], FloatArray]:
        return lambda stage: stage.tastes(centroids)

    how = f"k-means, clusters weighed by size, alpha {bench.settings.alpha:g}"
    rows = [row(SHIPPED, lambda stage: stage.house, bench.settings.alpha, how)]
    for each in chosen:
        centroids = fit_all(each.family, int(each.trial.at), points)
        mean = statistics.fmean(len(some) for some in centroids.values())
        said = f"{each.family.parameter} {each.trial.at:g}, " if each.family.parameter else ""
        note = f"{said}alpha {each.trial.alpha:g}, {mean:.1f} centroids a person"
        rows.append(row(each.family.name, tasting(centroids), each.trial.alpha, note))
    nothing = row(NOTHING, tasting({}), 0.0, "alpha 0")
    return (*rows, Row(NOTHING, {k: v for k, v in nothing.figures.items() if k != SEPARATION}, note=nothing.note))


def separation(bench: Bench, liked: FloatArray) -> Figure:
    """How well tastes (U, N) alone tells clicked candidates from others, on test clicks."""
    short = bench.test.panel.shortlist(bench.settings)
    return bench.test.panel.people.figure(short.separation(short.preferences(liked)))


def _sentence(chosen: Sequence[Chosen], rows: Sequence[Row]) -> Sentence:
    best = max(chosen, key=lambda each: each.trial.figure.value)
    by_name = {row.name: row for row in rows}
    found, nothing = by_name[best.family.name], by_name[NOTHING]
    new, paper = found.figures[GAIN], found.figures[PAPER_GAIN]
    spread = [by_name[each.family.name].figures[NEW].value for each in chosen]
    said_zh = f"{ZH[best.family.parameter]} {best.trial.at:g}，" if best.family.parameter else ""
    return Sentence(
        en=f"Validation prefers {best.family.name} ({found.note}); on test clicks it reaches "
        f"{figure(found.figures[NEW])}, over the shipped k-means {gain_en(new)}, by the paper's protocol "
        f"{gain_en(paper)}. All families lie between {min(spread):.4f} and {max(spread):.4f}; without personalization "
        f"it is {nothing.figures[NEW].value:.4f}.",
        zh=f"验证集选中 {best.family.name}（{said_zh}alpha {best.trial.alpha:g}）；测试点击上为 "
        f"{figure(found.figures[NEW])}，比现用的 k-means 多 {gain_zh(new)}，按论文的口径多 {gain_zh(paper)}。"
        f"各类模型介于 {min(spread):.4f} 与 {max(spread):.4f} 之间；不做个性化时为 {nothing.figures[NEW].value:.4f}。",
    )


ZH: Mapping[str, str] = {"clusters": "簇数", "components": "分量数", "smallest cluster": "最小簇"}


# ---- what it costs --------------------------------------------------------------------------------------------------

FIT, RANK, KEPT = "ms to fit a person", "µs to score 100 candidates", "centroids a person"

_REPEATS = 5


def cost(world: World, report: Report) -> Findings:
    """Seconds on this machine: fitting a person's style on the training clicks, scoring a query's 100 candidates."""
    stage = Bench.of(world).test
    points = points_of(stage)
    candidates = stage.features.vectors[:100]
    asked = [(family, value) for family in FAMILIES for value in _typical(family)]
    rows = []
    for done, (family, value) in enumerate(asked):
        report(done, len(asked))
        family.fit(next(iter(points.values())), value)  # imports and warms up
        took, centroids = [], {}
        for user, some in points.items():
            start = time.perf_counter()
            centroids[user] = family.fit(some, value)
            took.append(time.perf_counter() - start)
        fitting = statistics.median(took) * 1e3
        scoring = statistics.median(_seconds(candidates, some) for some in centroids.values())
        kept = statistics.fmean(len(some) for some in centroids.values())
        name = f"{family.name}, {family.parameter} {value}" if family.parameter else family.name
        rows.append(Row(name, {FIT: Figure(fitting), RANK: Figure(scoring * 1e6), KEPT: Figure(kept)}))
    report(len(asked), len(asked))
    table = Table("style_cost", "What style models cost", (FIT, RANK, KEPT), tuple(rows), digits=2)
    sizes = [len(some) for some in points.values()]
    width = candidates.shape[1]
    note = f"Medians of {len(points)} people with {min(sizes)} to {max(sizes)} distinct stickers, {width} dimensions."
    return Findings("Style models: what they cost", world.data, tables=(table,), notes=(note,))


def _typical(family: Family) -> tuple[int, ...]:
    """The values that stand for a family: its first, its middle and its last."""
    values = family.values
    return tuple(dict.fromkeys((values[0], values[(len(values) - 1) // 2], values[-1])))


def _seconds(candidates: FloatArray, centroids: FloatArray) -> float:
    """Median of a few runs of the cosine to the nearest centroid."""
    seconds = []
    for _ in range(_REPEATS):
        start = time.perf_counter()
        (candidates @ centroids.T).max(axis=1)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)
