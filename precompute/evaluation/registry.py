"""The lists that others add to: which methods and which sections there are."""

from __future__ import annotations

from precompute.evaluation.methods import Factory
from precompute.evaluation.section import Section

#: Makers of methods; each sees a world and fits on its training part.
FACTORIES: tuple[Factory, ...] = ()

#: The pieces of evidence, in the order in which they are computed and shown.
SECTIONS: tuple[Section, ...] = ()
