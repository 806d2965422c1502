"""The split that a profile asks for: one of the three ways of `precompute.fit.split`."""

from __future__ import annotations

from collections.abc import Sequence

from persrv.errors import DataError
from persrv.records import Interaction
from precompute.config import SplitConfig
from precompute.fit.split import Split, by_interaction, by_pair, by_time


def divided(interactions: Sequence[Interaction], config: SplitConfig) -> Split:
    """Split interactions into three parts. DataError for an unknown method, or one that they do not allow."""
    if config.method == "time":
        return by_time(interactions, config.test, config.validation)
    if config.method not in ("interaction", "pair"):
        raise DataError(f"Split method {config.method!r}", "interaction, pair or time", "Correct the profile.")
    divide = by_interaction if config.method == "interaction" else by_pair
    return divide(interactions, config.test, config.validation, config.seed)
