"""What ranks: every method of the tables under one small protocol, so that all are judged and timed alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

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


def left_out(world: World) -> tuple[str, ...]:
    """A sentence on every row that the tables lack for this world."""
    from precompute.evaluation.registry import LEFT_OUT

    return tuple(sentence for said in LEFT_OUT for sentence in said(world))


@lru_cache(maxsize=1)
def all_methods(world: World) -> tuple[Method, ...]:
    """Every method there is for a world, by kind, in the order of the table; made once, for some are trained."""
    from precompute.evaluation.registry import FACTORIES

    made = [method for factory in FACTORIES for method in factory(world)]
    return tuple(sorted(made, key=lambda method: KINDS.index(method.kind)))
