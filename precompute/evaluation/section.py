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
    "persrv/text/analyser.py",
    "persrv/ranking/bm25.py",
    "persrv/ranking/utility.py",
    "persrv/ranking/styles.py",
    "persrv/ranking/recall.py",
    "persrv/engines/local.py",
    "persrv/ranking/rerank.py",
    "persrv/query.py",
    "persrv/retriever.py",
    "precompute/metrics.py",
    "precompute/fit/split.py",
    "precompute/fit/features.py",
    "precompute/fit/questions.py",
    "precompute/evaluation/world.py",
    "precompute/evaluation/report.py",
)
