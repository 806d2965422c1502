"""Experiment: should old clicks count less? Static, time-decayed and sliding-window styles, on the split by time.

A person's taste may change. A style can forget old clicks: by weights that halve every so many days, or by using the
latest stickers only. A simulated world knows whose taste changes, so the gain of these people is reported apart from
that of the others; no ranking uses that knowledge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persrv.ranking.styles import unit_rows
from persrv.records import FloatArray, Text
from precompute.evaluation.experiments import resplit, trials
from precompute.evaluation.experiments.bench import (
    ALPHAS,
    COLUMNS,
    GAIN,
    INTERVALS,
    LABELS,
    METRIC,
    NEW,
    PAPER,
    PAPER_GAIN,
    PROTOCOL,
    Bench,
    Stage,
)
from precompute.evaluation.experiments.centroids import plain_k_means
from precompute.evaluation.experiments.intervals import Numbers, rounded
from precompute.evaluation.experiments.sentences import gain
from precompute.evaluation.report import Curve, Figure, Findings, Row, Table
from precompute.evaluation.world import World
from precompute.fit.questions import paired_gain
from precompute.runtime.progress import Report, silent

DAY = 24 * 60 * 60
HALF_LIVES: tuple[int, ...] = (3, 7, 14, 30, 60, 120)
WINDOWS: tuple[int, ...] = (5, 10, 20, 40, 80, 160)
STATIC, DECAYED, WINDOW = "static", "time-decayed", "sliding window"

#: Prefix of a taste that a simulated person has later on (precompute.demo.people).
LATER = "later:"


@dataclass(frozen=True, slots=True, eq=False)
class Latest:
    """The distinct stickers that a person clicked, in the order of ids. vectors: (n, d); age: (n,) in days.

    The age of a sticker is the time from the person's latest click on it to the last training click of anybody.
    """

    vectors: FloatArray
    age: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Fading:
    """A style that forgets. centroids: (k, d) unit rows; freshness: (k,) in (0, 1], 1 for the freshest cluster."""

    centroids: FloatArray
    freshness: FloatArray


def static(latest: Latest, _: int, k: int) -> Fading:
    """The style of all stickers, with equal weights."""
    return _clustered(latest.vectors, np.ones(len(latest.age)), k)


def decayed(latest: Latest, half_life: int, k: int) -> Fading:
    """The style of all stickers, whose weight halves with every half-life (days) of age."""
    age = latest.age - latest.age.min()  # only ratios matter, and a person long away is not forgotten
    return _clustered(latest.vectors, np.maximum(0.5 ** (age / half_life), 1e-9), k)


def window(latest: Latest, newest: int, k: int) -> Fading:
    """The style of the `newest` distinct stickers, with equal weights; ties of age go to the smaller id."""
    kept = np.sort(np.argsort(latest.age, kind="stable")[:newest])
    return _clustered(latest.vectors[kept], np.ones(len(kept)), k)


def _clustered(points: FloatArray, weights: NDArray[np.float64], k: int) -> Fading:
    """Weighted k-means; the freshness of a cluster is its members' mean weight, relative to the freshest cluster."""
    means, assigned = plain_k_means(points, k, weights)
    fresh = np.array([weights[assigned == cluster].mean() for cluster in range(len(means))])
    return Fading(unit_rows(means), (fresh / fresh.max()).astype(np.float32))


def preference(style: Fading, vectors: FloatArray) -> FloatArray:
    """Preference (N,) for vectors (N, d): max over clusters of freshness x max(0, cosine) (Eq. 9 with freshness)."""
    liked: FloatArray = (np.clip(vectors @ style.centroids.T, 0, 1) * style.freshness).max(axis=1)
    return liked


#: Latest stickers, a value of the parameter, k -> style.
Fit = Callable[[Latest, int, int], Fading]


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to forget. parameter: what its values mean; told: one value in words."""

    name: str
    parameter: Text
    told: Callable[[int], Text]
    values: tuple[int, ...]
    fit: Fit


KINDS: tuple[Kind, ...] = (
    Kind(
        DECAYED,
        Text("half-life in days", "半衰期（天）"),
        lambda days: Text(f"half-life of {days} days", f"半衰期 {days} 天"),
        HALF_LIVES,
        decayed,
    ),
    Kind(
        WINDOW,
        Text("newest stickers", "最新的表情数"),
        lambda count: Text(f"the newest {count} stickers", f"最新的 {count} 张表情"),
        WINDOWS,
        window,
    ),
)


def latest_of(stage: Stage) -> dict[str, Latest]:
    """Person -> clicked stickers, with their age at the last training click."""
    row_of = {name: row for row, name in enumerate(stage.features.ids)}
    end = max(row.time or 0 for row in stage.train.rows)
    last: dict[str, dict[str, int]] = {}
    for row in stage.train.rows:
        mine = last.setdefault(row.user, {})
        mine[row.sticker] = max(mine.get(row.sticker, 0), row.time or 0)
    found = {}
    for user, times in sorted(last.items()):
        names = sorted(times)
        age = np.array([(end - times[name]) / DAY for name in names])
        found[user] = Latest(stage.features.vectors[[row_of[name] for name in names]], age)
    return found


def tastes(stage: Stage, latest: Mapping[str, Latest], fit: Fit, value: int, k: int) -> FloatArray:
    """Preference (U, N) of every person for every sticker; 0 for people without clicks."""
    nothing = np.zeros(len(stage.features.ids), np.float32)
    return np.stack(
        [
            preference(fit(latest[user], value, k), stage.features.vectors) if user in latest else nothing
            for user in stage.panel.users
        ]
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Tried:
    """A value of one kind with its best k and alpha on validation. values: (Q,) of validation questions."""

    fit: Fit
    value: int
    k: int
    alpha: float
    values: Numbers


def compute(world: World, report: Report) -> Findings:
    """Curves of validation by group of people, on the split by time, and the best of each kind on test clicks."""
    why = resplit.why_not(world, "time")
    if why is not None:
        note = Text(f"Nothing to compare by time: {why.en}.", f"没有可按时间比较的：{why.zh}。")
        return Findings(Text("Changing tastes", "会变的口味"), world.data, notes=(note,))
    told = resplit.untuned(world)
    bench = Bench.of(resplit.refitted(told, resplit.divided(world, "time"), silent))
    counts, groups = sorted({1, world.profile.styles.clusters}), groups_of(world)
    steps = 1 + sum(len(kind.values) for kind in KINDS)
    latest, short = latest_of(bench.validation), bench.validation.panel.shortlist(bench.settings)

    def attempt(fit: Fit, value: int) -> _Tried:
        liked = [tastes(bench.validation, latest, fit, value, k) for k in counts]
        values = np.concatenate([bench.validation.values(short, some, ALPHAS) for some in liked])
        best = trials.first_best(bench.validation.panel.people.mean(values))
        which, alpha = divmod(best, len(ALPHAS))
        return _Tried(fit, value, counts[which], ALPHAS[alpha], values[best])

    still = attempt(static, 0)
    curves, chosen, done = [], {STATIC: still}, 1
    for kind in KINDS:
        tried = []
        for value in kind.values:
            report(done, steps)
            tried.append(attempt(kind.fit, value))
            done += 1
        chosen[kind.name] = tried[trials.first_best(bench.validation.panel.people.mean(_stacked(tried)))]
        curves += [_curve(bench.validation, kind, group, people, [*tried, still]) for group, people in groups.items()]
    report(steps, steps)
    rows = _rows(bench, chosen, groups)
    title = Text("Styles that forget, on test clicks of the split by time", "会遗忘的口味，在按时间划分的测试点击上")
    table = Table("drift", title, COLUMNS, rows, notes=(GAINS,), labels={**LABELS, **NAMES})
    return Findings(
        title=Text("Changing tastes: should old clicks count less?", "会变的口味：旧的点击该不该少算一些？"),
        data=world.data,
        tables=(table,),
        curves=tuple(each for each in curves if np.isfinite(each.y).all()),  # a group may have asked nothing
        notes=(_sentence(rows, groups), PROTOCOL, INTERVALS, FEW, resplit.LEFT_OUT),
        parameters={
            "alphas": list(ALPHAS),
            "clusters": counts,
            "groups": {group.en: sorted(people) for group, people in groups.items()},
        },
    )


GAINS = Text(
    "Gains are over static styles. Half-lives, windows, numbers of clusters (1 or as shipped) and alpha are chosen on "
    "validation clicks of all people. The freshness of a cluster is the mean weight of its stickers, relative to the "
    "freshest cluster.",
    "增益是比不变的口味多出的。半衰期、窗口、簇数（1 或现用的）和 alpha 在所有人的验证点击上选定；"
    "一簇的新鲜度是其中表情的平均权重，以最新鲜的一簇为准。",
)
FEW = Text(
    "For groups of fewer than three people the interval draws questions instead of people, so it holds for these "
    "people only.",
    "不足三人的组：区间重抽的是提问而不是人，只说明这几个人。",
)

EVERYBODY, OTHERS = Text("everybody", "所有人"), Text("the others", "其他人")
CHANGED = Text("people whose taste changes", "口味会变的人")

#: Chinese names of the rows.
NAMES: Mapping[str, Text] = {
    STATIC: Text(STATIC, "不变"),
    DECAYED: Text(DECAYED, "时间衰减"),
    WINDOW: Text(WINDOW, "滑动窗口"),
}


def groups_of(world: World) -> dict[Text, frozenset[str]]:
    """Groups of people: all; and, if a simulation says whose taste changes, these people and the others."""
    everybody = frozenset(row.user for row in world.interactions)
    changed = frozenset(
        person.id for person in world.bundle.people if any(taste.startswith(LATER) for taste in person.tastes)
    )
    named = {EVERYBODY: everybody, CHANGED: changed & everybody, OTHERS: everybody - changed}
    return named if changed & everybody else {EVERYBODY: everybody}


def _stacked(tried: Sequence[_Tried]) -> Numbers:
    return np.stack([each.values for each in tried])


def group_figure(stage: Stage, values: Numbers, people: frozenset[str]) -> Figure:
    """The mean over some people's means of (Q,) values, with its interval; NaN if these people asked nothing."""
    inside = stage.panel.people.of_some(people)
    if not inside.any():
        return Figure(float("nan"))
    found = stage.panel.people.figure(np.where(inside, values, np.nan))
    if found.low is not None:
        return found
    asked = [question for question, mine in zip(stage.panel.asked, inside, strict=True) if mine]
    interval = paired_gain(asked, values[inside].tolist(), stage.panel.people.resamples, stage.panel.people.seed)
    return rounded(Figure(interval["value"], interval["low"], interval["high"]))


def _curve(stage: Stage, kind: Kind, group: Text, people: frozenset[str], tried: Sequence[_Tried]) -> Curve:
    """The curve of a kind for one group, with static styles at the end; chosen by everybody's questions."""
    figures = [group_figure(stage, each.values, people) for each in tried]
    x: tuple[float | Text, ...] = (*kind.values, NAMES[STATIC])
    return Curve(
        name=f"{kind.name}: {group}",
        title=Text(f"{kind.name}: {group}", f"{NAMES[kind.name].zh}：{group.zh}"),
        x_label=kind.parameter,
        y_label=Text.same(METRIC),
        x=x,
        y=tuple(each.value for each in figures),
        lower=tuple(each.low for each in figures if each.low is not None),
        upper=tuple(each.high for each in figures if each.high is not None),
        chosen=x[trials.first_best(stage.panel.people.mean(_stacked(tried)))],
    )


def _rows(bench: Bench, chosen: Mapping[str, _Tried], groups: Mapping[Text, frozenset[str]]) -> tuple[Row, ...]:
    latest = latest_of(bench.test)
    values: dict[tuple[str, str], Numbers] = {}
    for column, stage in ((NEW, bench.test), (PAPER, bench.paper)):
        short = stage.panel.shortlist(bench.settings)
        for name, each in chosen.items():
            liked = tastes(stage, latest, each.fit, each.value, each.k)
            values[name, column] = stage.values(short, liked, [each.alpha])[0]
    rows = []
    for group, people in groups.items():
        for name, each in chosen.items():
            figures = {}
            for column, difference, stage in ((NEW, GAIN, bench.test), (PAPER, PAPER_GAIN, bench.paper)):
                figures[column] = group_figure(stage, values[name, column], people)
                if name != STATIC:
                    figures[difference] = group_figure(stage, values[name, column] - values[STATIC, column], people)
            rows.append(Row(name, figures, group=group, note=_told(name, each)))
    return tuple(rows)


def _told(name: str, chosen: _Tried) -> Text:
    """Name the settings that validation chose for a kind, in words."""
    value = next((kind.told(chosen.value) for kind in KINDS if kind.name == name), None)
    return Text.listed(value, Text(f"clusters {chosen.k}", f"簇数 {chosen.k}"), Text.same(f"alpha {chosen.alpha:g}"))


def _sentence(rows: Sequence[Row], groups: Mapping[Text, frozenset[str]]) -> Text:
    gains = {(row.group, row.name): gain(row.figures[GAIN]) for row in rows if GAIN in row.figures}
    first = next(iter(groups))
    chosen = [(NAMES[row.name], row.note) for row in rows if row.group == first and row.name != STATIC and row.note]
    kinds = Text.listed(*(Text(f"{name.en} ({note.en})", f"{name.zh}（{note.zh}）") for name, note in chosen))
    told = []
    for group in groups:
        each = [(NAMES[kind.name], gains[group, kind.name]) for kind in KINDS]
        listed = Text.listed(*(Text(f"{name.en} {by.en}", f"{name.zh} {by.zh}") for name, by in each))
        told.append(Text(f"for {group.en}: {listed.en}", f"{group.zh}：{listed.zh}"))
    return Text(
        f"Validation chose {kinds.en}. Compared with static styles, {METRIC} on test clicks of the split by time "
        f"changes {'; '.join(each.en for each in told)}.",
        f"验证集选中：{kinds.zh}；在按时间划分的测试点击上，与不变的口味相比，{METRIC} 的变化："
        f"{'；'.join(each.zh for each in told)}。",
    )
