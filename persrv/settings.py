"""Search settings: what is allowed, the four rankings' switches, and settings as JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import Any

from persrv.errors import DataError
from persrv.records import FIELDS, UTILITY_METRICS, SearchSettings

#: Largest weight: above it sums of scores lose the digits that tell stickers apart.
MAX_WEIGHT = 1e6

#: Largest R: recall hands at most this many stickers to re-ranking.
MAX_RECALL_SIZE = 10_000


_WEIGHT = f"a number from 0 to {MAX_WEIGHT:g}"

#: Characters of a value that a message shows.
_SHOWN = 80


def meaning_alone(settings: SearchSettings) -> SearchSettings:
    """A search by the meaning of texts alone, for nobody."""
    nothing = {"use_personalization": False, "use_utility": False, "feedback": 0.0, "depiction": 0.0}
    return replace(settings, meaning=1.0, **nothing)  # type: ignore[arg-type]


def problem_with(settings: SearchSettings) -> tuple[str, str] | None:
    """(what was found, what was expected) of the first setting out of range, or None when all are in range."""
    unknown = sorted(set(settings.field_weights) - set(FIELDS))
    if unknown:
        return f"A weight for the unknown field {unknown[0]!r}", f"fields among {', '.join(FIELDS)}"
    for name, value in settings.field_weights.items():
        if not _is_weight(value):
            return f"Weight {_shown(value)} for the field {name}", _WEIGHT
    for name, value in (("lambda", settings.lambda_), ("alpha", settings.alpha)):
        if not _is_weight(value):
            return f"{name} = {_shown(value)}", _WEIGHT
    if len(settings.utility_weights) != len(UTILITY_METRICS) or not all(map(_is_weight, settings.utility_weights)):
        found = ", ".join(map(_shown, settings.utility_weights))
        return f"Utility weights {found}", f"{len(UTILITY_METRICS)} numbers from 0 to {MAX_WEIGHT:g}"
    if not _is_weight(settings.utility_base) or not 0 < settings.utility_base <= 1:
        return f"Utility base {_shown(settings.utility_base)}", "a number above 0 and at most 1"
    for name, value in (
        ("meaning", settings.meaning),
        ("floor", settings.floor),
        ("threshold", settings.threshold),
        ("feedback", settings.feedback),
        ("depiction", settings.depiction),
    ):
        if not _is_weight(value) or value > 1:
            return f"{name} = {_shown(value)}", "a number from 0 to 1"
    for name in ("use_utility", "use_personalization"):
        if not isinstance(getattr(settings, name), bool):
            return f"{name} = {_shown(getattr(settings, name))}", "true or false"
    size = settings.recall_size
    if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= MAX_RECALL_SIZE:
        return f"Recall size {_shown(size)}", f"a whole number from 1 to {MAX_RECALL_SIZE}"
    return None


def _is_weight(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MAX_WEIGHT


def _shown(value: object) -> str:
    """A value as a message shows it: its beginning, where it is long."""
    shown = "a number of hundreds of digits" if isinstance(value, int) and abs(value) > 10**99 else repr(value)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."


def with_switches(settings: SearchSettings, ranking: str) -> SearchSettings:
    """The settings whose two switches make one of records.RANKINGS."""
    return replace(
        settings, use_utility=ranking in ("utility", "both"), use_personalization=ranking in ("personalization", "both")
    )


def by_words(settings: SearchSettings) -> SearchSettings:
    """The settings without meaning and all that belongs to it: the paper's search by words alone."""
    return replace(settings, meaning=0.0, floor=0.0, threshold=0.0, feedback=0.0)


def with_every_weight(settings: SearchSettings) -> SearchSettings:
    """The settings with a weight for every field, 0 where they state none: as a bundle states them."""
    return replace(settings, field_weights={name: settings.field_weights.get(name, 0.0) for name in FIELDS})


def settings_to_json(settings: SearchSettings) -> dict[str, Any]:
    """Convert settings to JSON's types, by name."""
    return {
        **asdict(settings),
        "field_weights": {name: float(weight) for name, weight in settings.field_weights.items()},
        "utility_weights": list(settings.utility_weights),
    }


def settings_from_json(document: Mapping[str, Any]) -> SearchSettings:
    """Read settings from a JSON object. An absent setting gets its default; an unknown or impossible one is a
    DataError.
    """
    advice = "Correct the settings."
    known = [f.name for f in fields(SearchSettings)]
    unknown = sorted(set(document) - set(known))
    if unknown:
        raise DataError(f"The unknown setting {unknown[0]!r}", f"settings among {', '.join(known)}", advice)
    values = dict(document)
    try:
        if "utility_weights" in values:
            values["utility_weights"] = tuple(values["utility_weights"])
        settings = SearchSettings(**values)
        problem = problem_with(settings)
    except (TypeError, ValueError, AttributeError) as error:
        raise DataError(f"Settings of the wrong type: {error}", "numbers by name", advice) from error
    if problem:
        raise DataError(*problem, advice)
    return settings
