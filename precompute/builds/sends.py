"""Sends with contexts, added to a written bundle of the drawn world: simulated, and only those before the test period.

The simulation is that of the evidence (precompute.evaluation.contexts), with the same seed, split and choice of
settings; the bundle gets the sends of its own people. Nothing else in it changes.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from persrv.bundle import Bundle, amend_sends
from persrv.errors import DataError
from precompute.demo.sends import REAL, SendModel, has_labels, simulate_sends
from precompute.evaluation.world import World
from precompute.fit import contexts
from precompute.fit.split import by_time


def with_sends(path: Path | str, seed: int, model: SendModel = REAL) -> Bundle:
    """Add simulated sends and the settings of taste in context to a bundle in place; return it, open.

    DataError: a bundle that is not the drawn world, whose sends are those of its clicks.
    """
    world = World.open(path)
    if not world.bundle.simulated or not has_labels(world.stickers):
        raise DataError(
            f"{path} is not the drawn world",
            "a bundle of `python -m precompute build` without --images",
            "Give clicks a column of domains instead.",
        )
    split = by_time(simulate_sends(world.stickers, seed, model), contexts.TEST, contexts.VALIDATION)
    ground = contexts.SendCatalogue.of(world.ids, world.vectors, [each.labels["situation"] for each in world.stickers])
    (settings,) = contexts.choose(split.fitting, split.validation, ground, [contexts.any_weights], seed)
    people = {person.id for person in world.bundle.people}
    parts = {"train": split.fitting, "validation": split.validation}
    sends = {name: [each for each in part if each.user in people] for name, part in parts.items()}
    return amend_sends(path, sends, settings, {"simulated": True, "seed": seed, "parameters": asdict(model)})
