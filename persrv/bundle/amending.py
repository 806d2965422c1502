"""Changing one part of a bundle that exists, and nothing else: what an evaluation found, or the index."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from persrv.bundle import layout, tables
from persrv.bundle.indexing import index_statement, todays_parameters
from persrv.bundle.reader import Bundle, read_manifest
from persrv.bundle.replacing import replacing
from persrv.bundle.writer import write_index
from persrv.errors import DataError


def amend_evaluation(
    path: Path | str, evaluation: Mapping[str, Any], files: Mapping[str, bytes], provenance: Mapping[str, Any]
) -> Bundle:
    """Replace evaluation.json, the files below evaluation/ and provenance.evaluation; returns the bundle, open.

    files: path below evaluation/ -> content. Gates and everything else in the manifest stay.
    """
    strange = [name for name in files if not layout.is_safe(name)]
    if strange:
        raise DataError(f"A file named {strange[0]!r}", "a path inside the bundle", "Name it otherwise.")
    fresh = {f"{layout.EVALUATION_FILES}/{name}": content for name, content in files.items()}
    fresh[layout.EVALUATION] = layout.canonical(evaluation).encode()
    target = Path(path).resolve()
    with _amending(target, is_evaluation) as (work, manifest):
        for name, content in fresh.items():
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            (work / name).write_bytes(content)
        manifest["provenance"] = {**manifest["provenance"], "evaluation": dict(provenance)}
    return Bundle.open(target)


def reindex(path: Path | str, workers: int = 1) -> Bundle:
    """Index the texts of a bundle anew by today's analyser; returns the bundle, open. Everything else stays.

    workers: processes that analyse texts. BM25 parameters stay as stated; an idf that isn't stated becomes the default.
    """
    target = Path(path).resolve()
    with _amending(target, layout.is_index) as (work, manifest):
        parameters = todays_parameters(manifest)
        stickers = tables.read_table(work / layout.STICKERS, tables.STICKER_SCHEMA)
        write_index(work, stickers, parameters, workers)
        manifest["index"] = index_statement(parameters)
    return Bundle.open(target)


@contextmanager
def _amending(target: Path, is_replaced: Callable[[str], bool]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """A folder with all files of a bundle but those to be replaced, and its manifest: write the new files into the one,
    change what the other says, and they take the bundle's place.

    The files that stay keep their bytes (hard links where the disk has them); hashes, content hash and format follow.
    As safe as writing a bundle anew.
    """
    with replacing(target) as work:
        manifest = read_manifest(target)  # not earlier: another writer may have replaced it until now
        files = {name: entry for name, entry in manifest["files"].items() if not is_replaced(name)}
        for name in files:
            _link(target / name, work / name)
        yield work, manifest
        for file in sorted(each for each in work.rglob("*") if each.is_file()):
            name = file.relative_to(work).as_posix()
            if name not in files:
                files[name] = {"bytes": file.stat().st_size, "sha256": layout.sha256_of(file)}
        manifest["files"] = files
        if layout.has_large_vocabulary(files):
            manifest["format"] = layout.FORMAT
        manifest["content_hash"] = layout.content_hash(files)
        manifest["manifest_sha256"] = layout.manifest_hash(manifest)
        (work / layout.MANIFEST).write_text(layout.canonical(manifest), encoding="utf-8")


def is_evaluation(name: str) -> bool:
    """Whether a path of the manifest is the evaluation's, and so no input of one."""
    return name == layout.EVALUATION or name.startswith(f"{layout.EVALUATION_FILES}/")


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # another disk, or one without hard links
        shutil.copyfile(source, target)
