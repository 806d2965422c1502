"""The split: the only maker of training, validation and test interactions, each of a type of its own.

Fitting functions take `TrainInteractions`, so mypy refuses a test click there, and `training_rows` refuses it again at
run time. Settings are chosen on `validation` with features fitted on `fitting`; the bundle's features are fitted on
`training`, which is both; nothing is ever fitted on `test`.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self, TypeVar

from persrv.errors import DataError
from persrv.records import Interaction

if TYPE_CHECKING:
    from precompute.config import SplitConfig

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the interactions, in the order of the input."""

    rows: tuple[Interaction, ...]

    def __iter__(self) -> Iterator[Interaction]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, keep: Callable[[Interaction], bool]) -> Self:
        """The interactions of this part that are kept, in their order and of its type."""
        return replace(self, rows=tuple(filter(keep, self.rows)))


class TrainInteractions(_Part):
    """Interactions that features may be fitted on."""


class ValidationInteractions(_Part):
    """Interactions that settings are chosen on, with features fitted without them."""


class TestInteractions(_Part):
    """Interactions that only the evaluation sees."""

    __test__ = False  # not a test class, whatever pytest thinks of its name


@dataclass(frozen=True, slots=True)
class Split:
    """A split of all interactions into three disjoint parts, every part in the order of the input."""

    fitting: TrainInteractions
    validation: ValidationInteractions
    test: TestInteractions

    @property
    def training(self) -> TrainInteractions:
        """Fitting and validation together: what the bundle's features are fitted on."""
        return TrainInteractions(self.fitting.rows + self.validation.rows)


def training_rows(train: TrainInteractions) -> tuple[Interaction, ...]:
    """The rows of training interactions; DataError for any other type. Every fitting function begins with this call."""
    if not isinstance(train, TrainInteractions):
        raise DataError(
            f"Fitting on {type(train).__name__}", "TrainInteractions", "Take them from precompute.fit.split."
        )
    return train.rows


def nothing_held_back(interactions: Sequence[Interaction]) -> Split:
    """Put all interactions into the fitting part: for sets too small to tune or test on."""
    return as_recorded(interactions, (), ())


def as_recorded(
    fitting: Sequence[Interaction], validation: Sequence[Interaction], test: Sequence[Interaction]
) -> Split:
    """The split that a bundle recorded when it was built."""
    return Split(
        TrainInteractions(tuple(fitting)), ValidationInteractions(tuple(validation)), TestInteractions(tuple(test))
    )


def divided(interactions: Sequence[Interaction], config: SplitConfig) -> Split:
    """Split interactions into three parts as a profile asks for it. DataError for an unknown method, or one that the
    interactions do not allow.
    """
    if config.method == "time":
        return by_time(interactions, config.test, config.validation)
    if config.method not in ("interaction", "pair"):
        raise DataError(f"Split method {config.method!r}", "interaction, pair or time", "Correct the profile.")
    divide = by_interaction if config.method == "interaction" else by_pair
    return divide(interactions, config.test, config.validation, config.seed)


def by_interaction(interactions: Sequence[Interaction], test: float, validation: float, seed: int) -> Split:
    """The paper's split. Each interaction is assigned at random: the share `test` of all to the test part, the share
    `validation` of the rest to validation.
    """
    return _split(interactions, list(range(len(interactions))), test, validation, random.Random(seed).shuffle)


def by_pair(interactions: Sequence[Interaction], test: float, validation: float, seed: int) -> Split:
    """Split by (user, query): all clicks of a pair fall into one part, so that no person asked a test query before."""
    pairs = [(i.user, i.query) for i in interactions]
    return _split(interactions, pairs, test, validation, random.Random(seed).shuffle)


def by_time(interactions: Sequence[Interaction], test: float, validation: float) -> Split:
    """Split by time: the last clicks are for testing, those before them for validation. DataError if an interaction has
    no time.
    """
    if any(i.time is None for i in interactions):
        raise DataError("An interaction without a time", "a time on each", "Split by interaction or by pair instead.")
    order = sorted(range(len(interactions)), key=lambda row: (-(interactions[row].time or 0), -row))
    units = [0] * len(interactions)
    for place, row in enumerate(order):
        units[row] = place
    return _split(interactions, units, test, validation, list.sort)


def _split(
    interactions: Sequence[Interaction],
    units: Sequence[T],
    test: float,
    validation: float,
    arrange: Callable[[list[T]], None],
) -> Split:
    """Arrange the distinct units; the first share of them goes to test, the next to validation, the rest to fitting."""
    if not (0 < test < 1 and 0 < validation < 1):
        raise DataError(f"Shares of {test} and {validation}", "shares between 0 and 1", "Correct the profile.")
    order = list(dict.fromkeys(units))
    arrange(order)
    tests = _share(test, len(order))
    validations = _share(validation, len(order) - tests)
    part = {unit: int(place >= tests) + int(place >= tests + validations) for place, unit in enumerate(order)}
    rows: tuple[list[Interaction], ...] = ([], [], [])
    for interaction, unit in zip(interactions, units, strict=True):
        rows[part[unit]].append(interaction)
    if not all(rows):
        raise DataError(f"{len(order)} units to split", "enough for three parts", "Bring more interactions.")
    return Split(
        TrainInteractions(tuple(rows[2])), ValidationInteractions(tuple(rows[1])), TestInteractions(tuple(rows[0]))
    )


def _share(share: float, total: int) -> int:
    """The share of a total, rounded half up, so that it means the same for odd and even totals."""
    return math.floor(share * total + 0.5)
