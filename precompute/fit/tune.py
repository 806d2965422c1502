"""The choice of search settings on validation clicks, with features fitted without them.

A coordinate search: one setting after the other takes the value of its grid that gives the best M-MRR@k of the full
ranking (utility and personalization on), until a whole round changes nothing.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from persrv.records import SearchSettings
from persrv.settings import settings_to_json

if TYPE_CHECKING:
    from precompute.config import TuneConfig

#: Gains below this are rounding, not gains.
_EPSILON = 1e-9

#: Settings -> how good they are; more is better.
Objective = Callable[[SearchSettings], float]


@dataclass(frozen=True, slots=True)
class Step:
    """A visit to one setting: the values tried in the order of its grid, the objective of each, and the chosen one."""

    round: int
    setting: str
    tried: tuple[Any, ...]
    objective: tuple[float, ...]
    chosen: Any


@dataclass(frozen=True, slots=True)
class Choice:
    """The settings chosen, the objective before and after, and every step on the way."""

    settings: SearchSettings
    before: float
    after: float
    trace: tuple[Step, ...]


def grids(config: TuneConfig, fields: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """Name of a setting -> its values. fields: the fields that hold text; weights of other fields are not searched."""
    weights = {f"field_weights.{name}": tuple(values) for name, values in config.field_weight.items() if name in fields}
    return {
        "alpha": tuple(config.alpha),
        "lambda_": tuple(config.lambda_),
        "utility_weights": tuple(tuple(w) for w in config.utility_weights),
        "utility_base": tuple(config.utility_base),
        **weights,
    }


def mixed_grids(config: TuneConfig, fields: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """The grids of a search by words and meaning: utility's own settings stay as words alone chose them, and its weight
    is of other units. No field is left out: clicks of training queries hardly ask for what descriptions say, people do.
    """
    weights = {
        name: tuple(value for value in values if value > 0)
        for name, values in grids(config, fields).items()
        if name.startswith("field_weights.")
    }
    return {
        "meaning": tuple(config.meaning),
        "floor": tuple(config.floor),
        "alpha": tuple(config.alpha),
        "lambda_": tuple(config.mixed_lambda),
        **weights,
    }


def mixed_start(words: SearchSettings, grid: Mapping[str, Sequence[Any]]) -> SearchSettings:
    """The settings of words alone, with the settings whose unit changes beside meaning in the middle of their grids."""
    settings = words
    for name in ("meaning", "floor", "alpha", "lambda_"):
        settings = with_value(settings, name, grid[name][len(grid[name]) // 2])
    return settings


def start(config: TuneConfig, grid: Mapping[str, Sequence[Any]]) -> SearchSettings:
    """The settings from which the search starts. A field's weight starts at its configured start if the grid contains
    it, and every other setting in the middle of its grid; a field without a grid keeps its start.
    """
    weights = {**SearchSettings().field_weights, **config.start}
    settings = SearchSettings(field_weights=weights, recall_size=config.recall_size)
    for name, values in grid.items():
        first = config.start.get(name.partition(".")[2])
        settings = with_value(settings, name, first if first in values else values[len(values) // 2])
    return settings


def with_value(settings: SearchSettings, name: str, value: Any) -> SearchSettings:
    """The settings with one of them set to a value; names as in `grids`."""
    setting, _, field = name.partition(".")
    if field:
        return replace(settings, field_weights={**settings.field_weights, field: value})
    return replace(settings, **{setting: value})


def value_of(settings: SearchSettings, name: str) -> Any:
    """The value of one setting; names as in `grids`."""
    return (
        settings_to_json(settings)["field_weights"][name.partition(".")[2]] if "." in name else getattr(settings, name)
    )


def search(
    start: SearchSettings,
    grid: Mapping[str, Sequence[Any]],
    objective: Objective,
    rounds: int,
    seed: int,
    searches: int = 1,
) -> Choice:
    """The best of several coordinate ascents from `start`, each visiting the settings in an order of its own; the first
    of equals.

    Several orders are tried because one may end in a local maximum.
    """
    rng = random.Random(seed)
    orders = [rng.sample(sorted(grid), len(grid)) for _ in range(searches)]
    known: dict[str, float] = {}

    def once(settings: SearchSettings) -> float:
        key = repr(settings)
        if key not in known:
            known[key] = objective(settings)
        return known[key]

    return max((_ascend(start, grid, once, rounds, order) for order in orders), key=lambda choice: choice.after)


def _ascend(
    start: SearchSettings, grid: Mapping[str, Sequence[Any]], objective: Objective, rounds: int, order: Sequence[str]
) -> Choice:
    """Run one coordinate ascent. Among equal values the current one stays, else the first of the grid wins."""
    best, before = start, objective(start)
    value = before
    trace: list[Step] = []
    for number in range(1, rounds + 1):
        at_start = best
        for name in order:
            tried = [with_value(best, name, candidate) for candidate in grid[name]]
            found = [objective(settings) for settings in tried]
            winner = max(range(len(tried)), key=found.__getitem__)
            if found[winner] > value + _EPSILON:
                best, value = tried[winner], found[winner]
            trace.append(Step(number, name, tuple(grid[name]), tuple(found), value_of(best, name)))
        if best == at_start:
            break
    return Choice(best, before, value, tuple(trace))
