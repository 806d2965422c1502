"""Changing what an evaluation found, and nothing else, in a bundle that exists."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from persrv.bundle import layout
from persrv.bundle.reader import Bundle, read_manifest
from persrv.bundle.replacing import replacing
from persrv.errors import DataError


def amend_evaluation(
    path: Path | str, evaluation: Mapping[str, Any], files: Mapping[str, bytes], provenance: Mapping[str, Any]
) -> Bundle:
    """Replace evaluation.json, the files below evaluation/ and provenance.evaluation; returns the bundle, open.

    files: path below evaluation/ -> content. All other files keep their bytes (hard links where the disk has them),
    hashes and content hash follow, gates and everything else in the manifest stay. As safe as writing a bundle anew.
    """
    target = Path(path).resolve()
    strange = [name for name in files if not layout.is_safe(name)]
    if strange:
        raise DataError(f"A file named {strange[0]!r}", "a path inside the bundle", "Name it otherwise.")
    fresh = {f"{layout.EVALUATION_FILES}/{name}": content for name, content in files.items()}
    fresh[layout.EVALUATION] = layout.canonical(evaluation).encode()
    with replacing(target) as work:
        manifest = read_manifest(target)  # not earlier: another writer may have replaced it until now
        kept = {name: entry for name, entry in manifest["files"].items() if not is_evaluation(name)}
        for name in kept:
            _link(target / name, work / name)
        for name, content in fresh.items():
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            (work / name).write_bytes(content)
        written = {
            name: {"bytes": len(content), "sha256": layout.sha256_of(work / name)} for name, content in fresh.items()
        }
        manifest["files"] = {**kept, **written}
        manifest["content_hash"] = layout.content_hash(manifest["files"])
        manifest["provenance"] = {**manifest["provenance"], "evaluation": dict(provenance)}
        manifest["manifest_sha256"] = layout.manifest_hash(manifest)
        (work / layout.MANIFEST).write_text(layout.canonical(manifest), encoding="utf-8")
    return Bundle.open(target)


def is_evaluation(name: str) -> bool:
    """Whether a path of the manifest is the evaluation's, and so no input of one."""
    return name == layout.EVALUATION or name.startswith(f"{layout.EVALUATION_FILES}/")


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # another disk, or one without hard links
        shutil.copyfile(source, target)
