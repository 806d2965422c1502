"""SRS in a bundle, for the chat's comparison: trained as for the evidence on instructions and conversations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from persrv.bundle import Bundle, amend_model, is_evaluated
from persrv.errors import DataError
from persrv.models.srs import FILES
from persrv.records import Gate
from persrv.sampling import evenly
from precompute.evaluation.methods import srs
from precompute.evaluation.world import World
from precompute.models.small import srs_onnx
from precompute.runtime.progress import Report
from precompute.runtime.stages import Stages

_TRAINERS = ("torch", "numpy", "onnx", "onnxscript", "onnxruntime")

#: Queries by which the files are compared with torch, and how far they may be from it, in deviations of a score.
_COMPARED, PARITY_GOAL = 8, 0.05


class Build(Stages):
    """The training on one bundle; DataError where SRS cannot run on it."""

    def __init__(self, path: Path, work: Path, stream: TextIO) -> None:
        super().__init__(work, stream)
        self.world = World.open(path)
        if reasons := srs.left_out(self.world):
            raise DataError(reasons[0].en, "a catalogue that SRS can see", "Choose another bundle.")

    def write(self) -> Bundle:
        """Train, unless that is done, and put the files into the bundle; return it, open."""
        bundle = self.world.bundle
        inputs = {name: file["sha256"] for name, file in bundle.manifest["files"].items() if is_evaluated(name)}
        settings = asdict(srs.settings_for_questions(len(self.world.ids)))
        ran = self.stage("srs", partial(train, self.world), _TRAINERS, settings, inputs)
        return amend_model(bundle.path, "srs", {name: ran.folder / name for name in FILES}, self.provenance["srs"])


def train(world: World, folder: Path, report: Report) -> Mapping[str, Any]:
    """Train SRS on a world's training clicks into a folder, and compare the files with torch."""
    report(0, 1)
    selector = srs.fitted(world, srs.settings_for_questions(len(world.ids)))
    files = srs_onnx.export(selector, folder)
    queries = evenly(sorted({click.query for click in world.split.training}), _COMPARED)
    parity = srs_onnx.parity(selector, folder, queries)
    report(1, 1)
    gates = {"srs_difference": Gate.at_most(parity, PARITY_GOAL, len(queries))}
    return {
        "parity": parity,
        "megabytes": sum(file.stat().st_size for file in files.values()) / 1e6,
        "gates": {name: asdict(gate) for name, gate in gates.items()},
    }
