"""Sections of the evidence: each with a name, a line about it, its computation, and the code that it depends on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from precompute.evaluation.report import Findings
from precompute.evaluation.world import World
from precompute.runtime.progress import Report

#: World, progress -> what was found.
Compute = Callable[[World, Report], Findings]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the evidence, computed anew when the bundle, the options or the section's code change.

    about: one line for the command line. Its code is the module of `compute` and all that it imports
    (runtime.dependencies). of_machine: whether its figures are seconds of this machine; such a section is measured in
    every run and kept in the bundle's provenance, which no content hash covers. external: whether it uses
    `ExternalModels`.
    """

    name: str
    about: str
    compute: Compute
    of_machine: bool = False
    external: bool = False
