"""Experiment: which summary of a person's stickers ranks best, how many clusters it needs, and how long it takes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from persrv.records import FloatArray, Text
from precompute.evaluation.experiments import trials
from precompute.evaluation.experiments.bench import (
    ALPHAS,
    COLUMNS,
    GAIN,
    INTERVALS,
    LABELS,
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
from precompute.evaluation.experiments.sentences import figure, gain
from precompute.evaluation.experiments.trials import Trial
from precompute.evaluation.report import Figure, Findings, Row, Table
from precompute.evaluation.world import World
from precompute.runtime.progress import Report

SEPARATION = "separation"
NOTHING = "no personalization"
SHIPPED = "as shipped"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The trial of a family that validation chose."""

    family: Family
    trial: Trial


def compute(world: World, report: Report) -> Findings:
    """Compute one curve a family on validation clicks, and the best of each family on test clicks."""
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
        curves.append(trials.curve(family.label, family.parameter or NO_PARAMETER, tried, chosen[-1].trial))
    report(steps, steps)
    rows = _rows(bench, chosen)
    title = Text("Style models on test clicks", "各种口味模型在测试点击上")
    columns = (*COLUMNS, SEPARATION)
    return Findings(
        title=Text("Style models: how a person's stickers are summed up", "口味模型：怎样概括一个人的表情"),
        data=world.data,
        tables=(Table("style_models", title, columns, rows, notes=(GAINS,), labels=ROWS),),
        curves=tuple(curves),
        notes=(_sentence(chosen, rows), PROTOCOL, INTERVALS),
        parameters={"alphas": list(ALPHAS)},
    )


NO_PARAMETER = Text("no parameter", "没有参数")
GAINS = Text(
    f"Gains are over the ranking as shipped. {SEPARATION}: how often the style prefers a clicked candidate to one that "
    "was not clicked (area under the ROC curve), on stickers new to the question.",
    "增益是比现用的排序多出的。区分度：点过的候选比没点的更受偏好的概率（ROC 曲线下面积），在对这次提问是新的表情上。",
)
#: Chinese names of columns and rows.
ROWS: Mapping[str, Text] = {
    **LABELS,
    SEPARATION: Text(SEPARATION, "区分度"),
    SHIPPED: Text(SHIPPED, "现用"),
    NOTHING: Text(NOTHING, "不做个性化"),
    **{family.name: family.label for family in FAMILIES},
}


def points_of(stage: Stage) -> dict[str, FloatArray]:
    """Person -> (n, d) unit rows, in the style space, of the distinct stickers of the person's training clicks."""
    row_of = {name: row for row, name in enumerate(stage.features.ids)}
    clicked = clicked_stickers(stage.train)
    return {user: stage.features.vectors[[row_of[name] for name in names]] for user, names in clicked.items()}


def fit_all(family: Family, value: int, points: dict[str, FloatArray]) -> Centroids:
    """Person -> centroids, fitted by one family with one value of its parameter."""
    return {user: family.fit(some, value) for user, some in points.items()}


def _rows(bench: Bench, chosen: Sequence[Chosen]) -> tuple[Row, ...]:
    points = points_of(bench.test)

    def row(name: str, liked: Callable[[Stage], FloatArray], alpha: float, note: Text) -> Row:
        def ranked(stage: Stage) -> Numbers:
            return stage.values(stage.panel.shortlist(bench.settings), liked(stage), [alpha])[0]

        measured = bench.measured(name, ranked, None if name == SHIPPED else bench.shipped)
        return Row(name, {**measured.figures, SEPARATION: separation(bench, liked(bench.test))}, note=note)

    def tasting(centroids: Centroids) -> Callable[[Stage], FloatArray]:
        return lambda stage: stage.tastes(centroids)

    fitted = bench.test.features.styles.values()
    together = any(style.discriminants is not None for style in fitted)
    how = Text.listed(
        Text("linear discriminant", "线性判别") if together else Text("clusters weighed by size", "簇按大小加权"),
        Text.same(f"alpha {bench.settings.alpha:g}"),
    )
    rows = [row(SHIPPED, lambda stage: stage.preferences, bench.settings.alpha, how)]
    for each in chosen:
        centroids = fit_all(each.family, int(each.trial.at), points)
        mean = statistics.fmean(len(some) for some in centroids.values())
        size = Text(f"{mean:.1f} centroids a person", f"每人 {mean:.1f} 个中心")
        note = Text.listed(each.family.value_in_words(each.trial.at), Text.same(f"alpha {each.trial.alpha:g}"), size)
        rows.append(row(each.family.name, tasting(centroids), each.trial.alpha, note))
    nothing = row(NOTHING, tasting({}), 0.0, Text.same("alpha 0"))
    return (*rows, Row(NOTHING, {k: v for k, v in nothing.figures.items() if k != SEPARATION}, note=nothing.note))


def separation(bench: Bench, liked: FloatArray) -> Figure:
    """Separation of clicked candidates from others by tastes (U, N) alone, on test clicks."""
    short = bench.test.panel.shortlist(bench.settings)
    return bench.test.panel.people.figure(short.separation(short.preferences(liked)))


def _sentence(chosen: Sequence[Chosen], rows: Sequence[Row]) -> Text:
    best = max(chosen, key=lambda each: each.trial.figure.value)
    by_name = {row.name: row for row in rows}
    found, nothing = by_name[best.family.name], by_name[NOTHING]
    new, paper = gain(found.figures[GAIN]), gain(found.figures[PAPER_GAIN])
    spread = [by_name[each.family.name].figures[NEW].value for each in chosen]
    note = found.note or Text.same("")
    return Text(
        f"Validation prefers {best.family.name} ({note.en}). On test clicks it reaches {figure(found.figures[NEW])}; "
        f"its gain over the shipped k-means is {new.en}, by the paper's protocol {paper.en}. All families lie between "
        f"{min(spread):.4f} and {max(spread):.4f}; without personalization it is {nothing.figures[NEW].value:.4f}.",
        f"验证集选中 {best.family.label.zh}（{note.zh}）；测试点击上为 {figure(found.figures[NEW])}，"
        f"比现用的 k-means 多 {new.zh}，按论文的规则多 {paper.zh}。"
        f"各类模型介于 {min(spread):.4f} 与 {max(spread):.4f} 之间；不做个性化时为 {nothing.figures[NEW].value:.4f}。",
    )


# ---- what it costs --------------------------------------------------------------------------------------------------

FIT, RANK, KEPT = "ms to fit a person", "µs to score 100 candidates", "centroids a person"
COSTS: Mapping[str, Text] = {
    FIT: Text(FIT, "拟合一个人的毫秒数"),
    RANK: Text(RANK, "为 100 个候选打分的微秒数"),
    KEPT: Text(KEPT, "每人的中心数"),
}

_REPEATS = 5


def cost(world: World, report: Report) -> Findings:
    """The table of times on this machine: to fit a person's style, and to score the 100 candidates of a query."""
    stage = Bench.of(world).test
    points = points_of(stage)
    candidates = stage.features.vectors[:100]
    asked = [(family, value) for family in FAMILIES for value in _typical(family)]
    rows, labels = [], dict(COSTS)
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
        label = Text.listed(family.label, family.value_in_words(value))
        labels[label.en] = label
        rows.append(Row(label.en, {FIT: Figure(fitting), RANK: Figure(scoring * 1e6), KEPT: Figure(kept)}))
    report(len(asked), len(asked))
    title = Text("What style models cost", "各种口味模型花的时间")
    table = Table("style_cost", title, (FIT, RANK, KEPT), tuple(rows), digits=2, labels=labels)
    sizes = [len(some) for some in points.values()]
    width = candidates.shape[1]
    note = Text(
        f"Medians of {len(points)} people with {min(sizes)} to {max(sizes)} distinct stickers, {width} dimensions.",
        f"{len(points)} 个人的中位数，每人 {min(sizes)} 到 {max(sizes)} 张不同的表情，{width} 维。",
    )
    title = Text("Style models: what they cost", "口味模型：要花多少时间")
    return Findings(title, world.data, tables=(table,), notes=(note,))


def _typical(family: Family) -> tuple[int, ...]:
    """The first, the middle and the last value of a family's parameter."""
    values = family.values
    return tuple(dict.fromkeys((values[0], values[(len(values) - 1) // 2], values[-1])))


def _seconds(candidates: FloatArray, centroids: FloatArray) -> float:
    """Median seconds, over a few runs, of the cosine to the nearest centroid."""
    seconds = []
    for _ in range(_REPEATS):
        start = time.perf_counter()
        (candidates @ centroids.T).max(axis=1)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)
