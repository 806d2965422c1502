"""What one piece of evidence is: a name, a line on it, how it is computed, and the code that it depends on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from precompute.evaluation.report import Findings
from precompute.evaluation.world import World
from precompute.progress import Report

#: World, progress -> what was found.
Compute = Callable[[World, Report], Findings]


@dataclass(frozen=True, slots=True)
class Section:
    """One piece of evidence. It is computed anew when the bundle, the options or its code change.

    sources: globs below the repository of code beyond `COMMON` that its figures depend on. of_machine: its figures are
    seconds of the machine that evaluates: they are measured anew in every run, and kept in the bundle's provenance,
    which no content hash covers. aided: it looks at what comes from beyond the bundle (aids.Aids).
    """

    name: str
    about: str
    compute: Compute
    sources: tuple[str, ...] = ()
    of_machine: bool = False
    aided: bool = False


#: Code that every section's figures depend on.
COMMON: tuple[str, ...] = (
    "persrv/text.py",
    "persrv/bm25.py",
    "persrv/utility.py",
    "persrv/styles.py",
    "persrv/recall.py",
    "persrv/local.py",
    "persrv/rerank.py",
    "persrv/retriever.py",
    "persrv/metrics.py",
    "precompute/split.py",
    "precompute/fitting.py",
    "precompute/questions.py",
    "precompute/evaluation/world.py",
    "precompute/evaluation/report.py",
)
