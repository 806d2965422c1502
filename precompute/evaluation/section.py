"""What one piece of evidence is: a name, a line on it, how it is computed, and the code that it depends on."""

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
    """One piece of evidence. It is computed anew when the bundle, the options or its code change.

    Its code is the module of `compute` and all that it imports (runtime.dependencies). of_machine: its figures are
    seconds of the machine that evaluates: they are measured anew in every run, and kept in the bundle's provenance,
    which no content hash covers. aided: it looks at what comes from beyond the bundle (aids.Aids).
    """

    name: str
    about: str
    compute: Compute
    of_machine: bool = False
    aided: bool = False
