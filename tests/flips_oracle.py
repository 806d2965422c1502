"""Flips of two neighbours: how far a single setting has to move until the lower sticker passes the upper one.

A score, (relevance + lambda x utility) x (1 + alpha x preference) (Eq. 5, 6 and 10), is linear in every single setting
while the others stand still, and in a preference. So is the difference of two scores, and where it crosses zero follows
from its values at 0 and at 1. The browser computes the same (ui/search_tab/flips.js), because settings change there
while a person looks. Flips say nothing of other stickers, which may move as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from persrv.records import FIELDS, SearchSettings


@dataclass(frozen=True, slots=True)
class Ingredients:
    """Parts of a sticker's score before any weight.

    fields: BM25 a field; utility: the three sqrt(Norm(U)) of Eq. 5; preference: in [0, 1], 0 without a style; meaning:
    likeness, None in a search by words alone.
    """

    fields: Mapping[str, float]
    utility: tuple[float, float, float]
    preference: float = 0.0
    meaning: float | None = None


@dataclass(frozen=True, slots=True)
class Flip:
    """Flip of two stickers: at `level` both score the same; beyond the level, seen from the setting's value `now`, the
    lower one is ahead.
    """

    setting: str
    now: float
    level: float


#: The settings by their names in links: where they are in SearchSettings, and the place within.
SETTINGS: Mapping[str, tuple[str, int | str | None]] = {
    "alpha": ("alpha", None),
    "lambda": ("lambda_", None),
    "meaning": ("meaning", None),
    "w1": ("utility_weights", 0),
    "w2": ("utility_weights", 1),
    "w3": ("utility_weights", 2),
    **{field: ("field_weights", field) for field in FIELDS},
}


def value_of(settings: SearchSettings, name: str) -> float:
    """Value of a setting; 0 for a field without a weight."""
    match SETTINGS[name]:
        case ("utility_weights", int(place)):
            return settings.utility_weights[place]
        case ("field_weights", str(field)):
            return settings.field_weights.get(field, 0.0)
        case (attribute, _):
            return float(getattr(settings, attribute))


def moved(settings: SearchSettings, name: str, value: float) -> SearchSettings:
    """The settings with this one elsewhere."""
    match SETTINGS[name]:
        case ("utility_weights", int(place)):
            first, second, third = (value if at == place else w for at, w in enumerate(settings.utility_weights))
            return replace(settings, utility_weights=(first, second, third))
        case ("field_weights", str(field)):
            return replace(settings, field_weights={**settings.field_weights, field: value})
        case ("alpha", _):
            return replace(settings, alpha=value)
        case ("meaning", _):
            return replace(settings, meaning=value)
        case _:
            return replace(settings, lambda_=value)


def score(of: Ingredients, settings: SearchSettings) -> float:
    """Score_{u,q}(s) = (sum W x BM25 + lambda x w . sqrt(Norm(U))) x (1 + alpha x Preference), Eq. 10 and switches."""
    relevance = sum(settings.field_weights.get(field, 0.0) * bm25 for field, bm25 in of.fields.items())
    if of.meaning is not None:
        relevance = (1 - settings.meaning) * relevance + settings.meaning * of.meaning
    worth = sum(weight * part for weight, part in zip(settings.utility_weights, of.utility, strict=True))
    lambda_ = settings.lambda_ if settings.use_utility else 0.0
    alpha = settings.alpha if settings.use_personalization else 0.0
    return (relevance + lambda_ * worth) * (1 + alpha * of.preference)


def crossing(line: Callable[[float], float]) -> float | None:
    """Zero of a straight line, from its values at 0 and 1; None if the line is level."""
    at_zero = line(0.0)
    slope = line(1.0) - at_zero
    return -at_zero / slope if slope else None


def flips(
    upper: Ingredients, lower: Ingredients, settings: SearchSettings, most: Mapping[str, float]
) -> tuple[Flip, ...]:
    """Find the settings that alone would bring the lower sticker past the upper one, the shortest way first.

    most: how far each setting goes; all begin at 0. A way is measured as a share of that range, ties go by the order of
    SETTINGS. Neither end is reached: the level lies inside, with room beyond it. Empty where no setting alone would do,
    and where the lower one is not below.
    """
    if score(lower, settings) >= score(upper, settings):
        return ()
    found = []
    for name in SETTINGS:
        if name == "meaning" and lower.meaning is None:
            continue

        def gap(value: float, name: str = name) -> float:
            changed = moved(settings, name, value)
            return score(lower, changed) - score(upper, changed)

        level = crossing(gap)
        if level is not None and 0 < level < most.get(name, 1.0):
            found.append(Flip(name, value_of(settings, name), level))
    return tuple(sorted(found, key=lambda flip: abs(flip.level - flip.now) / most.get(flip.setting, 1.0)))


def preference_needed(upper: Ingredients, lower: Ingredients, settings: SearchSettings) -> float | None:
    """The preference beyond which the lower sticker would pass the upper one; None where even 1 would not do."""
    if score(lower, settings) >= score(upper, settings):
        return None

    def gap(preference: float) -> float:
        return score(replace(lower, preference=preference), settings) - score(upper, settings)

    level = crossing(gap)
    return level if level is not None and lower.preference < level < 1 else None
