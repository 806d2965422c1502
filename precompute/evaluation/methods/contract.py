"""What ranks: every method of the tables under one small protocol, so that all are judged and timed alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from precompute.evaluation.world import World

#: Groups of the paper's Table 3, in its order.
KINDS: tuple[str, ...] = ("popularity", "text", "general VLM", "sticker ranking", "ours", "ablation")

#: (user, query, k) -> the best k stickers, best first, as (id, score) pairs; fewer where no more deserve a place.
Rank = Callable[[str, str, int], Sequence[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class Method:
    """One row of the tables. `name`: as the paper calls it; `kind`: one of KINDS; `note`: what a reader must know."""

    name: str
    kind: str
    rank: Rank
    note: str = ""


#: World -> methods fitted on (nothing but) the training part of its split.
Factory = Callable[[World], Sequence[Method]]


#: World -> a sentence on every method that it cannot have.
LeftOut = Callable[[World], Sequence[str]]
