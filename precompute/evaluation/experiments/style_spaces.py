"""Experiment: the space in which styles are clustered and compared, and what the authors' mixture of two spaces costs.

The authors' code standardises every person's clicked vectors (scikit-learn's StandardScaler, fitted on that person
alone), runs k-means there, and then takes cosines between raw vectors and the scaled centroids. All spaces here use
k-means with the bundle's number of clusters; they differ in the space of the points and in the space of comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persrv.ranking.styles import unit_rows
from persrv.records import FloatArray, Text
from precompute.evaluation.experiments import trials
from precompute.evaluation.experiments.bench import (
    ALPHAS,
    COLUMNS,
    GAIN,
    INTERVALS,
    LABELS,
    METRIC,
    PAPER_GAIN,
    PROTOCOL,
    Bench,
    Stage,
    clicked_stickers,
)
from precompute.evaluation.experiments.centroids import plain_k_means
from precompute.evaluation.experiments.intervals import Numbers
from precompute.evaluation.experiments.sentences import gain
from precompute.evaluation.experiments.trials import Trial
from precompute.evaluation.report import Figure, Findings, Row, Table
from precompute.evaluation.world import World
from precompute.runtime.progress import Report

SEPARATION, PASSING = "separation", "share inside a radius"
CENTRED, RAW, SCALED, AUTHORS = "minus the mean", "raw", "scaled, compared scaled", "scaled, compared raw"


@dataclass(frozen=True, slots=True, eq=False)
class Scaler:
    """x -> (x - mean) / deviation, per dimension (d,); a dimension without spread is left as it is."""

    mean: FloatArray
    deviation: FloatArray

    @classmethod
    def of(cls, points: FloatArray) -> Scaler:
        """Fit a scaler on points (n, d), as StandardScaler does."""
        deviation = points.std(axis=0)
        return cls(points.mean(axis=0), np.where(deviation < 1e-7, 1, deviation).astype(np.float32))

    def __call__(self, vectors: FloatArray) -> FloatArray:
        scaled: FloatArray = ((vectors - self.mean) / self.deviation).astype(np.float32)
        return scaled


@dataclass(frozen=True, slots=True, eq=False)
class Taste:
    """A person's taste in one space.

    centroids: (k, d); radii: (k,), the largest Euclidean distance of a cluster's member from its centroid; candidates:
    (N, d), the catalogue's vectors that are compared with the centroids.
    """

    centroids: FloatArray
    radii: FloatArray
    candidates: FloatArray

    def cosines(self) -> FloatArray:
        """Cosine (N,) to the nearest centroid, in [-1, 1]."""
        nearest: FloatArray = (unit_rows(self.candidates) @ unit_rows(self.centroids).T).max(axis=1)
        return nearest

    def inside(self) -> NDArray[np.bool_]:
        """Mask (N,) of candidates that pass the paper's gate, inside the radius of any cluster."""
        apart = [np.linalg.norm(self.candidates - centre, axis=1) for centre in self.centroids]
        return np.any([far <= radius * (1 + 1e-6) for far, radius in zip(apart, self.radii, strict=True)], axis=0)


@dataclass(frozen=True, slots=True)
class Space:
    """A space. centred: the catalogue's mean is subtracted; scales_clicked, scales_candidates: which side is scaled."""

    centred: bool = False
    scales_clicked: bool = False
    scales_candidates: bool = False


SPACES: Mapping[str, Space] = {
    CENTRED: Space(centred=True),  # what this repository ships
    RAW: Space(),
    SCALED: Space(scales_clicked=True, scales_candidates=True),
    AUTHORS: Space(scales_clicked=True),  # centroids and radii scaled, candidates raw: the authors' code
}


def taste_in(space: Space, vectors: FloatArray, mean: FloatArray, clicked: NDArray[np.intp], k: int) -> Taste:
    """Fit a person's taste in a space. vectors: (N, d) raw unit rows; mean: (d,) of the catalogue; clicked: rows."""
    there = unit_rows(vectors - mean) if space.centred else vectors
    scaler = Scaler.of(there[clicked])
    points = scaler(there[clicked]) if space.scales_clicked else there[clicked]
    means, assigned = plain_k_means(points, k)
    radii = [np.linalg.norm(points[assigned == place] - centre, axis=1).max() for place, centre in enumerate(means)]
    return Taste(means, np.array(radii, np.float32), scaler(there) if space.scales_candidates else there)


def compute(world: World, report: Report) -> Findings:
    """Compute one curve over alpha a space on validation clicks, and each space with its best alpha on test clicks."""
    bench = Bench.of(world)
    clusters = world.profile.styles.clusters
    short = bench.validation.panel.shortlist(bench.settings)
    people = bench.validation.panel.people
    curves, rows = [], []
    best: dict[str, Trial] = {}
    for done, (name, space) in enumerate(SPACES.items()):
        report(done, len(SPACES))
        found = Found.of(world, bench.validation, space, clusters)
        values = bench.validation.values(short, found.tastes(bench.validation), ALPHAS)
        tried = [Trial(alpha, alpha, people.figure(some)) for alpha, some in zip(ALPHAS, values, strict=True)]
        best[name] = trials.best_of(tried)
        curves.append(trials.curve(ROWS[name], Text.same("alpha"), tried, best[name]))
    tested = {name: Found.of(world, bench.test, space, clusters, gates=True) for name, space in SPACES.items()}

    def ranked(name: str) -> Callable[[Stage], Numbers]:
        def values(stage: Stage) -> Numbers:
            under = stage.panel.shortlist(bench.settings)
            return stage.values(under, tested[name].tastes(stage), [best[name].alpha])[0]

        return values

    for name in SPACES:
        reference = None if name == CENTRED else ranked(CENTRED)
        measured = bench.measured(name, ranked(name), reference)
        more = {SEPARATION: tested[name].separation(bench), PASSING: tested[name].passing(bench)}
        rows.append(Row(name, {**measured.figures, **more}, note=Text.same(f"alpha {best[name].alpha:g}")))
    report(len(SPACES), len(SPACES))
    title = Text("Style spaces on test clicks", "各种风格空间在测试点击上")
    columns = (*COLUMNS, SEPARATION, PASSING)
    table = Table("style_spaces", title, columns, tuple(rows), notes=NOTES, labels=ROWS)
    return Findings(
        title=Text("The space of styles", "风格空间"),
        data=world.data,
        tables=(table,),
        curves=tuple(curves),
        notes=(_sentence({row.name: row for row in rows}), PROTOCOL, INTERVALS),
        parameters={"alphas": list(ALPHAS), "clusters": clusters},
    )


NOTES = (
    Text(
        f"Gains are over “{CENTRED}”. {SEPARATION}: how often a clicked candidate has a higher cosine than one that "
        "was not clicked, on stickers new to the question; chance is .5.",
        "增益是比“减去均值”多出的。区分度：点过的候选余弦比没点的高的概率，在对这次提问是新的表情上；随机是 .5。",
    ),
    Text(
        f"{PASSING}: the share of candidates that the paper's gate lets through, because they are nearer to a centroid "
        "than its farthest member, both measured in the same space. A cosine below 0 counts as 0 in the score, in "
        "every space.",
        "半径内的比例：论文的半径门放行的候选，即比簇里最远的成员离中心更近，都按各自空间的量法。"
        "余弦低于 0 的，在每个空间里都按 0 计分。",
    ),
)
#: Chinese names of columns and rows.
ROWS: Mapping[str, Text] = {
    **LABELS,
    SEPARATION: Text(SEPARATION, "区分度"),
    PASSING: Text(PASSING, "半径内的比例"),
    CENTRED: Text(CENTRED, "减去均值"),
    RAW: Text(RAW, "原始"),
    SCALED: Text(SCALED, "缩放，在缩放空间里比"),
    AUTHORS: Text(AUTHORS, "缩放，与原始向量比"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Person -> (N,) cosines, and person -> (N,) gates, in one space."""

    cosines: Mapping[str, FloatArray]
    inside: Mapping[str, NDArray[np.bool_]]

    @classmethod
    def of(cls, world: World, stage: Stage, space: Space, clusters: int, gates: bool = False) -> Found:
        """Fit all people on the training clicks of a stage. gates: whether to compute gates, which takes longer."""
        row_of = {name: row for row, name in enumerate(world.ids)}
        cosines, inside = {}, {}
        for user, names in clicked_stickers(stage.train).items():
            rows = np.array([row_of[name] for name in names])
            taste = taste_in(space, world.embeddings, world.mean, rows, clusters)
            cosines[user] = taste.cosines()
            if gates:
                inside[user] = taste.inside()
        return cls(cosines, inside)

    def tastes(self, stage: Stage) -> FloatArray:
        """Preferences (U, N): cosines, negative ones as 0."""
        return np.clip(self._by_user(stage, self.cosines), 0, 1)

    def separation(self, bench: Bench) -> Figure:
        """Separation of clicked candidates from others by the cosines alone, on test clicks."""
        short = bench.test.panel.shortlist(bench.settings)
        return bench.test.panel.people.figure(
            short.separation(short.preferences(self._by_user(bench.test, self.cosines)))
        )

    def passing(self, bench: Bench) -> Figure:
        """The share of a question's candidates that the gate lets through, on test clicks."""
        short = bench.test.panel.shortlist(bench.settings)
        through = short.preferences(self._by_user(bench.test, self.inside))
        counts = short.real.sum(axis=1)
        shares = np.where(counts > 0, (through * short.real).sum(axis=1) / np.maximum(counts, 1), np.nan)
        return bench.test.panel.people.figure(shares)

    def _by_user(self, stage: Stage, known: Mapping[str, NDArray[Any]]) -> FloatArray:
        nobody = np.zeros(len(stage.features.ids), np.float32)
        return np.stack([np.asarray(known.get(user, nobody), np.float32) for user in stage.panel.users])


def _sentence(rows: Mapping[str, Row]) -> Text:
    ours, theirs = rows[CENTRED].figures, rows[AUTHORS].figures
    new, paper = gain(theirs[GAIN]), gain(theirs[PAPER_GAIN])
    return Text(
        f"Comparing centroids of a scaled space with raw vectors, as the authors' code does, changes {METRIC} on test "
        f"clicks by {new.en}, by the paper's protocol by {paper.en}. Its cosine is higher for a clicked candidate than "
        f"for another one {theirs[SEPARATION].value:.2f} of the time (ours {ours[SEPARATION].value:.2f}), and its gate "
        f"lets {theirs[PASSING].value:.0%} of candidates through (ours {ours[PASSING].value:.0%}).",
        f"照作者代码，用缩放空间里的中心去比原始向量：测试点击上 {METRIC} 变化 {new.zh}，按论文的规则变化 "
        f"{paper.zh}；余弦把点过的排在没点的之前的概率为 {theirs[SEPARATION].value:.2f}"
        f"（我们的为 {ours[SEPARATION].value:.2f}），半径门放行 {theirs[PASSING].value:.0%} 的候选"
        f"（我们的为 {ours[PASSING].value:.0%}）。",
    )
