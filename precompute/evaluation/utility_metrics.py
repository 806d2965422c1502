"""RQ4: measure what each utility metric is worth, alone and with others, in four forms, and how it predicts later
clicks.

A form is how counts become numbers before Eq. 5 weighs them: zero counts become the base of Eq. 4 or stay zero, and
columns are divided by their maximum (Norm) or stay as counted. Each form is then divided by its own largest value, so
that lambda means the same in every row; what is left of Norm is its purpose, to balance metrics of different size. For
one metric alone Norm would change nothing, so it is not tried. Every row gets the lambda that ranks the validation
clicks best, and is measured on the test clicks once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from persrv.ranking import utility
from persrv.records import UTILITY_METRICS, FloatArray, SearchSettings, Text
from precompute import metrics
from precompute.evaluation.report import Figure, Findings, Row, Table
from precompute.evaluation.section import Section
from precompute.evaluation.significance import (
    clustered_interval,
    holm,
    mark,
    paired_t_test,
    spearman,
    spearman_interval,
)
from precompute.evaluation.world import World
from precompute.fit.objective import ClickObjective
from precompute.runtime.progress import Report

#: Choices of metrics: name -> equal weights of the chosen ones, in the order of UTILITY_METRICS.
CHOICES: Mapping[str, tuple[float, float, float]] = {
    "popularity": (1, 0, 0),
    "cross-user": (0, 1, 0),
    "query": (0, 0, 1),
    "popularity + cross-user": (1 / 2, 1 / 2, 0),
    "popularity + query": (1 / 2, 0, 1 / 2),
    "cross-user + query": (0, 1 / 2, 1 / 2),
    "all three": (1 / 3, 1 / 3, 1 / 3),
}

#: Form -> (base for zero counts, divided by the maximum).
FORMS: Mapping[str, tuple[bool, bool]] = {
    "Base + Norm": (True, True),
    "Norm": (False, True),
    "Base": (True, False),
    "counts": (False, False),
}

#: Lambdas above those that the profile allows a search: they measure how much a metric knows, not what serves best.
LARGE_LAMBDAS: tuple[float, ...] = (7.5, 10.0, 15.0, 20.0, 30.0, 50.0)

CUTOFF = 10


#: Choices, forms, and other columns and rows as the Chinese page calls them.
CHOICE_NAMES: Mapping[str, str] = {
    "popularity": "点击数",
    "cross-user": "人数",
    "query": "查询数",
    "popularity + cross-user": "点击数 + 人数",
    "popularity + query": "点击数 + 查询数",
    "cross-user + query": "人数 + 查询数",
    "all three": "三种合用",
}
FORM_NAMES: Mapping[str, Text] = {**{form: Text.same(form) for form in FORMS}, "counts": Text("counts", "原始计数")}
LABELS: Mapping[str, Text] = {
    "validation": Text("validation", "验证"),
    "test": Text("test", "测试"),
    "gain": Text("gain", "增益"),
    "gain as served": Text("gain as served", "现用 lambda 的增益"),
    "no utility": Text("no utility", "不用效用"),
    "all stickers": Text("all stickers", "全部表情"),
    "clicked in training": Text("clicked in training", "训练中点过的"),
    "cross_user": Text("cross_user", "人数"),
    "query_adapt": Text("query_adapt", "查询数"),
    "as served": Text("as served", "现用"),
}
COLUMNS: tuple[str, ...] = ("validation", "test", "gain", "lambda", "gain as served")


def variants() -> Iterator[tuple[str, str]]:
    """(choice, form) of every row: all four forms of several metrics; of a single metric, with and without the base."""
    for name, weights in CHOICES.items():
        for form, (_, norm) in FORMS.items():
            if norm or max(weights) < 1:
                yield name, form


def utility_of(counts: NDArray[np.int32], weights: Sequence[float], base: float, norm: bool) -> FloatArray:
    """Utility (N,) in [0, 1]: the weighted sum of square roots of counts (N, 3). base: in place of zero counts."""
    columns = np.where(counts == 0, base, counts.astype(np.float64))
    scaled = utility.normalise(columns) if norm and columns.max(initial=0.0) > 0 else columns
    summed = np.sqrt(scaled) @ np.asarray(weights, np.float64)
    largest = summed.max(initial=0.0)
    return np.asarray(summed / largest if largest > 0 else summed, np.float32)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A form of one choice of metrics.

    lambda_: chosen on validation; validation: the objective there; test: person -> values of test questions under it;
    served: the same under the lambda of the bundle's own settings.
    """

    lambda_: float
    validation: float
    test: Mapping[str, Sequence[float]]
    served: Mapping[str, Sequence[float]]


def compute(world: World, report: Report) -> Findings:
    """The table of gains of all choices and forms, and the table of correlations with later clicks."""
    settings = world.bundle.words_settings
    validation, test = (
        ClickObjective(world.features(train), rows, CUTOFF, train.rows)
        for train, rows in (
            (world.split.fitting, world.split.validation.rows),
            (world.split.training, world.split.test.rows),
        )
    )
    counts = {"fitting": world.fit(world.split.fitting).counts, "training": np.asarray(world.bundle.utility_counts)}
    lambdas = sorted({*LARGE_LAMBDAS, *(value for value in world.profile.tune.lambda_ if value > 0)})
    found: dict[tuple[str, str], Chosen] = {}
    tried = list(variants())
    for name, form in tried:
        report(len(found), len(tried))
        with_base, norm = FORMS[form]
        base = settings.utility_base if with_base else 0.0
        fitted, trained = (utility_of(each, CHOICES[name], base, norm) for each in counts.values())
        found[name, form] = _choose(settings, lambdas, validation, test, fitted, trained)
    report(len(tried), len(tried))
    none = replace(settings, use_utility=False)
    nothing = Chosen(0.0, validation(none), test.values(none), test.values(none))
    return Findings(
        Text("RQ4: utility metrics", "RQ4：效用的几种计数"),
        world.data,
        (_gains(found, nothing, world), _correlations(world)),
        notes=(
            Text(
                f"M-MRR@{CUTOFF} with personalization, on stickers new to the question (those that the person clicked "
                "for the same query in training are left out), which is also how settings are chosen.",
                f"打开个性化的 M-MRR@{CUTOFF}，在对这次提问是新的表情上算（此人训练中为同一句话点过的不列入），"
                "与选设置时一样。",
            ),
            Text(
                "The lambda of each row was chosen on validation clicks; * and **: differs from no utility on test "
                "questions, p < .05 and < .01, two-tailed paired t-test, Holm's correction over the rows.",
                "每行的 lambda 由验证点击选定；* 和 **：在测试提问上与不用效用有差异，p < .05 和 < .01，"
                "双尾配对 t 检验，各行作 Holm 校正。",
            ),
            Text(
                "Every form is divided by its largest value, so that lambda means the same everywhere; for one metric "
                "alone Norm would then change nothing.",
                "每种形式都除以自己的最大值，这样 lambda 处处是同一个意思；只用一种计数时，Norm 就不起作用了。",
            ),
            Text(
                "Lambdas above the largest that the profile allows show how much a metric knows, not what a search "
                f"should use: the last column has the lambda that is served, {settings.lambda_:g}.",
                "超过配置最大值的 lambda 只说明一种计数知道多少，不是搜索该用的值：最后一列用现用的 lambda "
                f"{settings.lambda_:g}。",
            ),
        ),
        parameters={"lambdas": lambdas, "base": settings.utility_base, "cutoff": CUTOFF},
    )


def _choose(
    settings: SearchSettings,
    lambdas: Sequence[float],
    validation: ClickObjective,
    test: ClickObjective,
    fitted: FloatArray,
    trained: FloatArray,
) -> Chosen:
    """Choose the lambda that ranks validation best (of equals the smallest) and rank the test questions with it."""
    tried = [replace(settings, lambda_=value, use_utility=True) for value in lambdas]
    values = [metrics.mean_over_users(validation.values(each, fitted)) for each in tried]
    best = max(range(len(tried)), key=lambda place: (values[place], -place))
    served = replace(settings, use_utility=True)
    return Chosen(lambdas[best], values[best], test.values(tried[best], trained), test.values(served, trained))


def _gains(found: Mapping[tuple[str, str], Chosen], nothing: Chosen, world: World) -> Table:
    """The table of every choice and form: its value, and its gain over no utility."""
    options = world.options
    gains = {key: _difference(each.test, nothing.test) for key, each in found.items()}
    names = {key: f"{key[0]}, {key[1]}" for key in found}
    p_values = holm(
        {names[key]: paired_t_test([g for own in each.values() for g in own]) for key, each in gains.items()}
    )

    def value(test: Mapping[str, Sequence[float]]) -> Figure:
        low, high = clustered_interval(test, options.resamples, options.seed)
        return Figure(metrics.mean_over_users(test), low, high)

    rows = [Row("no utility", {"validation": Figure(nothing.validation), "test": value(nothing.test)})]
    for key, each in found.items():
        p = p_values[names[key]]
        gain = value(gains[key])
        figures = {
            "validation": Figure(each.validation),
            "test": value(each.test),
            "gain": replace(gain, p=p, mark=mark(p)),
            "lambda": Figure(each.lambda_),
            "gain as served": Figure(metrics.mean_over_users(_difference(each.served, nothing.served))),
        }
        rows.append(Row(names[key], figures, FORM_NAMES[key[1]]))
    title = Text(
        "Utility metrics alone and together, with and without Base and Norm",
        "各种效用计数，单独和合起来，有和没有 Base、Norm",
    )
    choices = {
        label: Text(label, f"{CHOICE_NAMES[name]}，{FORM_NAMES[form].zh}") for (name, form), label in names.items()
    }
    return Table("gains", title, COLUMNS, tuple(rows), labels={**LABELS, **choices})


def _difference(more: Mapping[str, Sequence[float]], less: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    """Person -> the difference on each of that person's questions."""
    return {user: [a - b for a, b in zip(more[user], less[user], strict=True)] for user in more}


def _correlations(world: World) -> Table:
    """The table of Spearman's correlation of training counts with test clicks, over all and over clicked stickers."""
    counts = np.asarray(world.bundle.utility_counts)
    later = Counter(row.sticker for row in world.split.test)
    clicks = np.array([later[name] for name in world.ids], np.float64)
    weights, base = world.bundle.settings.utility_weights, world.bundle.settings.utility_base
    columns: dict[str, NDArray] = {name: counts[:, place] for place, name in enumerate(UTILITY_METRICS)}
    columns |= {name: utility_of(counts, each, base, True) for name, each in CHOICES.items() if max(each) < 1}
    columns["as served"] = utility_of(counts, weights, base, True)
    groups = {"all stickers": np.ones(len(clicks), bool), "clicked in training": counts[:, 0] > 0}
    options = world.options
    rows = []
    for name, column in columns.items():
        figures = {}
        for group, chosen in groups.items():
            pair = column[chosen], clicks[chosen]
            low, high = spearman_interval(*pair, options.resamples, options.seed)
            figures[group] = Figure(spearman(*pair), low, high)
        rows.append(Row(name, figures))
    title = Text(
        "Spearman's correlation with held-out clicks per sticker, 95 % intervals over stickers",
        "与每张表情留出点击数的 Spearman 相关，95% 区间按表情",
    )
    every, clicked = (int(chosen.sum()) for chosen in groups.values())
    note = Text(
        f"Stickers: {every} in all, {clicked} of them clicked in training.",
        f"表情数：全部 {every} 张，其中训练中点过的 {clicked} 张。",
    )
    labels = {**LABELS, **{name: Text(name, chinese) for name, chinese in CHOICE_NAMES.items()}}
    return Table("correlations", title, tuple(groups), tuple(rows), digits=3, notes=(note,), labels=labels)


SECTION = Section(
    "utility",
    "RQ4: utility metrics alone and in pairs, with and without Base and Norm; correlation with held-out clicks",
    compute,
)
