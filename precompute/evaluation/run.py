"""Compute the sections of a bundle and write them into it; sections of an earlier run come from the cache."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TextIO

from persrv.bundle import Bundle, amend_evaluation, is_evaluated, is_evaluation
from persrv.errors import DataError
from precompute.evaluation.external_models import ExternalModels
from precompute.evaluation.hardware import machine
from precompute.evaluation.registry import SECTIONS
from precompute.evaluation.report import SCHEMA, Findings, findings_from_json, findings_to_json
from precompute.evaluation.section import Section
from precompute.evaluation.world import Options, World
from precompute.runtime.cache import Cache, digest, packages, write_json
from precompute.runtime.dependencies import code_version
from precompute.runtime.progress import Bar

_RESULT = "findings.json"
_FILES = "files"

#: Packages that any section's figures may depend on.
_PACKAGES = ("jieba", "numpy", "onnxruntime", "sacrebleu", "scikit-learn", "scipy")


@dataclass(frozen=True, slots=True)
class Done:
    """A section with its findings, computed or read from the cache. seconds: the time of their computation."""

    section: Section
    findings: Findings
    seconds: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Evaluates bundles. cache: keeps the findings of sections; stream: where progress is shown."""

    cache: Cache
    stream: TextIO
    sections: tuple[Section, ...] = field(default=SECTIONS)

    def run(
        self, path: Path, options: Options, only: Sequence[str] = (), external: ExternalModels | None = None
    ) -> list[Done]:
        """Compute sections and write them into the bundle; sections that are not computed stay as they are.

        only: names of the sections to compute, all without any; external: models from beyond the bundle, None without
        any. DataError: an unknown section, or a bundle without test clicks.
        """
        chosen = self._chosen(only)
        world = World.open(path, options)
        if not world.split.test.rows:
            raise DataError(f"No test clicks in {path}", "clicks to be judged by", "Build it with a CSV of clicks.")
        inputs = _inputs(world)
        used: tuple[object, ...] = ()
        if external is not None and any(section.external for section in chosen):
            world, used = external.applied_to(world, self.cache, self.stream)
        done = [self._section(section, world, inputs, used if section.external else ()) for section in chosen]
        write_into(path, done)
        return done

    def _chosen(self, only: Sequence[str]) -> tuple[Section, ...]:
        known = {section.name: section for section in self.sections}
        for name in only:
            if name not in known:
                raise DataError(f"No section {name!r}", f"some of {', '.join(known)}", "Correct --only.")
        return tuple(section for section in self.sections if not only or section.name in only)

    def _section(self, section: Section, world: World, inputs: str, external: tuple[object, ...]) -> Done:
        bar = Bar(section.name, self.stream)
        code = code_version(section.compute, World)
        slot = self.cache.slot(section.name, code, packages(_PACKAGES), inputs, asdict(world.options), *external)
        before = None if section.of_machine else slot.done()
        if before is not None:
            bar.close("done before")
            return Done(section, _load(slot.folder), float(before.report["seconds"]))
        start = time.monotonic()
        _save(slot.folder, section.compute(world, bar))
        seconds = round(time.monotonic() - start, 1)
        slot.finish({"seconds": seconds})
        bar.close(f"done in {seconds:.1f} s")
        return Done(section, _load(slot.folder), seconds)


def _inputs(world: World) -> str:
    """Digest of all in the bundle that a section may read: files, settings, parameters."""
    manifest = world.bundle.manifest
    files = {name: entry["sha256"] for name, entry in manifest["files"].items() if is_evaluated(name)}
    settings = [manifest["settings"], manifest.get("settings_words")]
    return digest(files, settings, manifest["index"], asdict(world.profile))


def _save(folder: Path, found: Findings) -> None:
    for name, content in found.files.items():
        target = folder / _FILES / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    write_json(folder / _RESULT, findings_to_json(found))


def _load(folder: Path) -> Findings:
    found = findings_from_json(json.loads((folder / _RESULT).read_text(encoding="utf-8")))
    below = folder / _FILES
    paths = sorted(path for path in below.rglob("*") if path.is_file())
    return replace(found, files={path.relative_to(below).as_posix(): path.read_bytes() for path in paths})


def write_into(path: Path, done: Sequence[Done]) -> Bundle:
    """Put sections into the bundle at `path`: seconds into the manifest's provenance, all others into evaluation.json.

    A section's files replace the bundle's files of the same name; sections that are not among `done` stay as they are.
    """
    bundle = Bundle.open(path)
    before = bundle.provenance.get("evaluation", {})
    figures = {each.section.name: findings_to_json(each.findings) for each in done if not each.section.of_machine}
    timed = {each.section.name: findings_to_json(each.findings) for each in done if each.section.of_machine}
    kept = {name: (bundle.path / name).read_bytes() for name in bundle.manifest["files"] if is_evaluation(name)}
    kept.pop("evaluation.json")
    files = {name.partition("/")[2]: content for name, content in kept.items()}
    for each in done:
        files |= each.findings.files
    document = dict(bundle.evaluation)
    evaluation = {**document, "schema": SCHEMA, "sections": {**document.get("sections", {}), **figures}}
    provenance = {
        "machine": machine(),
        "seconds": {**before.get("seconds", {}), **{each.section.name: each.seconds for each in done}},
        "sections": {**before.get("sections", {}), **timed},
    }
    return amend_evaluation(path, evaluation, files, provenance)
