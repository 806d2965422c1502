"""Experiment: how much each setting matters. alpha, lambda, R, the weight of each field, and the paper's radius gate.

One setting is varied at a time; all others stay as shipped, and features are the bundle's. The value that is best on
validation is compared with the shipped one on test clicks: that is what tuning this setting alone, on a wider grid,
would gain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from persrv.ranking.styles import cluster_weights
from persrv.records import FIELDS, FloatArray, SearchSettings, Text
from precompute.evaluation.experiments import trials
from precompute.evaluation.experiments.bench import (
    COLUMNS,
    GAIN,
    INTERVALS,
    LABELS,
    METRIC,
    PROTOCOL,
    Bench,
    Stage,
)
from precompute.evaluation.experiments.intervals import Numbers
from precompute.evaluation.experiments.sentences import gain
from precompute.evaluation.experiments.trials import Trial
from precompute.evaluation.report import Findings, Row, Table
from precompute.evaluation.world import World
from precompute.runtime.progress import Report

ALPHA: tuple[float, ...] = (0, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8)
LAMBDA: tuple[float, ...] = (0, 0.1, 0.25, 0.5, 1, 2, 3, 4, 5, 8, 12, 20)
DEPTH: tuple[float, ...] = (10, 20, 50, 100, 200, 400, 800)
WEIGHT: tuple[float, ...] = (0, 0.05, 0.1, 0.25, 0.5, 1, 2, 4)
#: Radius of the gate as a multiple of the cluster's own: 1 is the paper's, infinite is none.
GATE: tuple[float, ...] = (0.5, 0.75, 1, 1.25, 1.5, 2, float("inf"))


@dataclass(frozen=True, slots=True)
class Knob:
    """A setting to vary. turn: settings, value -> settings with that value; gate: whether values are gates instead."""

    label: Text
    values: tuple[float, ...]
    turn: Callable[[SearchSettings, float], SearchSettings]
    shipped: Callable[[SearchSettings], float]
    gate: bool = False

    @property
    def name(self) -> str:
        """Name of the setting in its row and curve."""
        return self.label.en


#: Chinese names of the fields.
FIELD_NAMES: Mapping[str, str] = {
    "ocr": "图中文字",
    "keywords": "关键词",
    "description": "描述",
    "emotion": "情绪",
    "queries": "点击过的查询",
    "names": "文件名",
}


def _weight(name: str) -> Knob:
    """The weight of one field."""
    return Knob(
        Text(f"weight of {name}", f"{FIELD_NAMES[name]}的权重"),
        WEIGHT,
        lambda settings, value: replace(settings, field_weights={**settings.field_weights, name: value}),
        lambda settings: settings.field_weights.get(name, 0.0),
    )


KNOBS: tuple[Knob, ...] = (
    Knob(Text.same("alpha"), ALPHA, lambda settings, value: replace(settings, alpha=value), lambda s: s.alpha),
    Knob(Text.same("lambda"), LAMBDA, lambda settings, value: replace(settings, lambda_=value), lambda s: s.lambda_),
    Knob(Text.same("R"), DEPTH, lambda s, value: replace(s, recall_size=int(value)), lambda s: s.recall_size),
    *map(_weight, FIELDS),
    Knob(Text("radius gate", "半径门"), GATE, lambda settings, _: settings, lambda _: float("inf"), gate=True),
)


def gated(stage: Stage, factor: float) -> FloatArray:
    """Preferences (U, N) where a cluster counts only within `factor` times its radius (the paper's gate).

    A radius is the largest 1 - cosine of a member. A sticker outside every radius has preference 0: it keeps its recall
    score.
    """
    users, vectors = stage.panel.users, stage.features.vectors
    liked = np.zeros((len(users), len(vectors)), np.float32)
    for place, user in enumerate(users):
        style = stage.features.styles.get(user)
        if style is not None and len(style.centroids):
            cosines = vectors @ style.centroids.T
            inside = 1 - cosines <= style.radii * factor + 1e-6 if np.isfinite(factor) else np.ones_like(cosines, bool)
            liked[place] = np.where(inside, np.clip(cosines * cluster_weights(style), 0, 1), 0).max(axis=1)
    return liked


def values_at(stage: Stage, settings: SearchSettings, knob: Knob, value: float) -> Numbers:
    """M-MRR@10 (Q,) with one setting changed to `value`."""
    turned = knob.turn(settings, value)
    liked = gated(stage, value if knob.gate else float("inf"))
    return stage.values(stage.panel.shortlist(turned), liked, [turned.alpha])[0]


def compute(world: World, report: Report) -> Findings:
    """Compute one curve a setting on validation clicks, and the best value of each setting on test clicks."""
    bench = Bench.of(world)
    people = bench.validation.panel.people
    steps = sum(len(knob.values) for knob in KNOBS)
    curves, rows, done = [], [bench.measured(SHIPPED, bench.shipped, None)], 0
    best: list[tuple[Knob, Trial]] = []
    for knob in KNOBS:
        tried = []
        for value in _with(knob.values, knob.shipped(bench.settings)):
            report(min(done, steps), steps)
            tried.append(Trial(value, 0.0, people.figure(values_at(bench.validation, bench.settings, knob, value))))
            done += 1
        best.append((knob, trials.best_of(tried, knob.shipped(bench.settings))))
        points = [NONE if np.isinf(each.at) else each.at for each in tried]
        curves.append(trials.curve(knob.label, knob.label, tried, best[-1][1], points))
    for knob, trial in best:
        rows.append(_row(bench, knob, trial.at))
    rows.append(_gate_row(bench))
    report(steps, steps)
    labels = {**LABELS, **ROWS, **{knob.name: knob.label for knob in KNOBS}}
    title = Text("The best value of each setting on test clicks", "每项设置的最佳值在测试点击上")
    table = Table("sensitivity", title, COLUMNS, tuple(rows), notes=(GAINS,), labels=labels)
    return Findings(
        title=Text("How much each setting matters", "每项设置有多要紧"),
        data=world.data,
        tables=(table,),
        curves=tuple(curves),
        notes=(_sentence(best, rows[1:]), PROTOCOL, INTERVALS),
    )


SHIPPED, PAPERS_GATE = "as shipped", "the paper's radius gate"
ROWS: Mapping[str, Text] = {
    SHIPPED: Text(SHIPPED, "现用"),
    PAPERS_GATE: Text(PAPERS_GATE, "论文的半径门"),
}
#: The radius gate that lets every sticker through.
NONE = Text("none", "无")
GAINS = Text(
    "Gains are over the shipped settings, which were chosen on the same validation clicks but on a narrower grid: "
    "lambda at most 5, so that popular stickers do not come before those that answer the query.",
    "增益是比现用的设置多出的；现用的也在同样的验证点击上选定，但试的范围窄些：lambda 最多 5，"
    "免得热门的排到切题的前面。",
)


def _with(values: Sequence[float], shipped: float) -> list[float]:
    """The grid with the shipped value, sorted."""
    return sorted({*values, shipped})


def _said(value: float) -> Text:
    return NONE if np.isinf(value) else Text.same(f"{value:g}")


def _change(value: float, shipped: float) -> Text:
    """Sentence on the value that validation would choose, and on the shipped one."""
    new, old = _said(value), _said(shipped)
    return Text(f"{new.en}, shipped {old.en}", f"{new.zh}，现为 {old.zh}")


def _row(bench: Bench, knob: Knob, value: float) -> Row:
    shipped = knob.shipped(bench.settings)

    def ranked(stage: Stage) -> Numbers:
        return values_at(stage, bench.settings, knob, value)

    return bench.measured(knob.name, ranked, bench.shipped, _change(value, shipped))


def _gate_row(bench: Bench) -> Row:
    gate = KNOBS[-1]
    return bench.measured(
        PAPERS_GATE,
        lambda stage: values_at(stage, bench.settings, gate, 1.0),
        bench.shipped,
        Text("radius x 1, not chosen", "半径 × 1，不是选出来的"),
    )


def _sentence(best: Sequence[tuple[Knob, Trial]], rows: Sequence[Row]) -> Text:
    """The changes that validation would make. rows: one for each setting of `best`, then the paper's gate."""
    turned, gate = rows[:-1], gain(rows[-1].figures[GAIN])
    moved = [
        (knob.label, row.note, gain(row.figures[GAIN]))
        for (knob, _), row in zip(best, turned, strict=True)
        if row.figures[GAIN].value != 0 and row.note
    ]
    said_en = "; ".join(f"{label.en} to {note.en}: {by.en}" for label, note, by in moved) or "none"
    said_zh = "；".join(f"“{label.zh}”改为 {note.zh}：{by.zh}" for label, note, by in moved) or "无"
    return Text(
        f"Of {len(turned)} settings, validation would move {len(moved)}, which changes {METRIC} on test clicks "
        f"({said_en}); the paper's radius gate changes it by {gate.en}.",
        f"{len(turned)} 个设置中，验证集会改动 {len(moved)} 个，测试点击上 {METRIC} 的变化为：{said_zh}；"
        f"论文的半径门使其变化 {gate.zh}。",
    )
