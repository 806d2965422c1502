"""The roster of methods, to which a new method is added."""

from __future__ import annotations

from functools import lru_cache

from persrv.records import Text
from precompute.evaluation.methods import baselines, srs
from precompute.evaluation.methods.contract import KINDS, Factory, LeftOut, Method
from precompute.evaluation.world import World

#: Functions that make methods; each gets a world and fits on the training part of its split.
FACTORIES: tuple[Factory, ...] = (baselines.factory, srs.methods)

#: Functions that state which methods cannot run on a world.
LEFT_OUT: tuple[LeftOut, ...] = (baselines.left_out, srs.left_out)


def left_out(world: World) -> tuple[Text, ...]:
    """A sentence on every method that the tables lack for this world."""
    return tuple(sentence for said in LEFT_OUT for sentence in said(world))


@lru_cache(maxsize=1)
def all_methods(world: World) -> tuple[Method, ...]:
    """Methods of a world, by kind, in the order of the table; cached, because some are trained."""
    made = [method for factory in FACTORIES for method in factory(world)]
    order = list(KINDS)
    return tuple(sorted(made, key=lambda method: order.index(method.kind)))
