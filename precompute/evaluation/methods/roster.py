"""The lists that others add to: which methods and which sections there are."""

from __future__ import annotations

from precompute.evaluation import baselines, captions, comparison, speed, srs, utilities
from precompute.evaluation.experiments import EXPERIMENTS
from precompute.evaluation.methods import Factory, LeftOut
from precompute.evaluation.section import Section
from precompute.evaluation.textcheck import section as textcheck

#: Makers of methods; each sees a world and fits on its training part.
FACTORIES: tuple[Factory, ...] = (baselines.factory, srs.methods)

#: Who says which methods a world cannot have.
LEFT_OUT: tuple[LeftOut, ...] = (baselines.left_out, srs.left_out)

#: The pieces of evidence, in the order in which they are computed and shown.
SECTIONS: tuple[Section, ...] = (
    comparison.SECTION,
    captions.SECTION,
    utilities.SECTION,
    *EXPERIMENTS,
    speed.SECTION,
    textcheck.SECTION,
)
