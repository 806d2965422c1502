"""Every method there is: the list that a new method is added to."""

from __future__ import annotations

from functools import lru_cache

from persrv.records import Text
from precompute.evaluation.methods import baselines, srs
from precompute.evaluation.methods.contract import KINDS, Factory, LeftOut, Method
from precompute.evaluation.world import World

#: Makers of methods; each sees a world and fits on its training part.
FACTORIES: tuple[Factory, ...] = (baselines.factory, srs.methods)

#: Functions that say which methods a world cannot have.
LEFT_OUT: tuple[LeftOut, ...] = (baselines.left_out, srs.left_out)


def left_out(world: World) -> tuple[Text, ...]:
    """A sentence on every row that the tables lack for this world."""
    return tuple(sentence for said in LEFT_OUT for sentence in said(world))


@lru_cache(maxsize=1)
def all_methods(world: World) -> tuple[Method, ...]:
    """Every method there is for a world, by kind, in the order of the table; made once, for some are trained."""
    made = [method for factory in FACTORIES for method in factory(world)]
    order = list(KINDS)
    return tuple(sorted(made, key=lambda method: order.index(method.kind)))
