"""Running the stages of a build: what is done is found again in the cache, and everything leaves a record."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from persrv.records import Gate
from persrv.text.analyser import ANALYSER_VERSION
from precompute.runtime.cache import Cache, Done, digest, packages
from precompute.runtime.dependencies import code_version
from precompute.runtime.progress import Bar

#: Does the work of a stage: takes its `folder` and a `report` of progress by name, returns what was measured.
Work = Callable[..., Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Ran:
    """A stage that is done: its folder, the hash of what lies there, its report."""

    folder: Path
    output: str
    report: Mapping[str, Any]


class Stages:
    """The runner of stages, which builds have in common. `work` is the folder of the cache, `stream` where progress is
    shown.
    """

    def __init__(self, work: Path, stream: TextIO) -> None:
        self.cache = Cache(work)
        self.work = work
        self.stream = stream
        self.provenance: dict[str, dict[str, Any]] = {}
        self.gates: dict[str, Gate] = {}

    def stage(
        self,
        name: str,
        work: Work,
        used: Sequence[str] | Mapping[str, str],
        settings: Mapping[str, Any],
        inputs: object,
        reproducible: str = "bit-exact on one machine; other processors round otherwise",
        **facts: object,
    ) -> Ran:
        """Run a stage's work in the slot of its key, unless the slot is done; note the stage's record and gates.

        work: a function of a module, or a partial of one: the imports of that module are the code in the key, so it
        decides everything about the result. used: packages, by name or with what counts as version; inputs: all that
        the work is given beside its settings; reproducible, facts: what the record says beside what the work measures.
        """
        versions = dict(used) if isinstance(used, Mapping) else packages(used)
        slot = self.cache.slot(name, code_version(work), versions, settings, digest(inputs))
        bar = Bar(name, self.stream)
        done: Done | None = slot.done()
        if done is None:
            start = time.monotonic()
            report = {**facts, "reproducible": reproducible, **work(folder=slot.folder, report=bar)}
            seconds = round(time.monotonic() - start, 1)
            done = slot.finish({**report, "parameters": settings, "packages": versions, "seconds": seconds})
            bar.close(f"done in {seconds:.1f} s")
        else:
            bar.close("done before")
        self.provenance[name] = {key: value for key, value in done.report.items() if key != "gates"}
        self.gates.update({gate: Gate(**values) for gate, values in done.report.get("gates", {}).items()})
        return Ran(slot.folder, done.output, done.report)

    def quick(self, name: str, settings: Mapping[str, Any], found: Mapping[str, Any]) -> None:
        """Note the record of a stage that takes no time."""
        self.provenance[name] = {"parameters": dict(settings), **found, "reproducible": "depends on its input alone"}
        Bar(name, self.stream).close(", ".join(f"{key} {value}" for key, value in found.items()))


def machine() -> dict[str, str]:
    """Describe the machine that builds a bundle, as far as results may depend on it."""
    return {"python": platform.python_version(), "machine": platform.machine(), "analyser": str(ANALYSER_VERSION)}
