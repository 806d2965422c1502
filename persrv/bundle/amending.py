"""Replacing one part of a written bundle and nothing else: its evaluation, its index, people's styles, what
understands queries, who sent what where, a model that the chat compares with.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from persrv.bundle import layout, tables
from persrv.bundle.indexing import index_statement, todays_parameters
from persrv.bundle.reader import Bundle, read_manifest
from persrv.bundle.replacing import replacing
from persrv.bundle.understanding import meaning_entry, write_understanding
from persrv.bundle.writer import write_index, write_styles
from persrv.errors import DataError
from persrv.ranking.context import ContextSettings
from persrv.ranking.meaning import MeaningIndex
from persrv.records import FloatArray, Interaction, SearchSettings, UserStyle
from persrv.settings import settings_to_json, with_every_weight
from persrv.text.lexicon import Lexicon


def amend_evaluation(
    path: Path | str, evaluation: Mapping[str, Any], files: Mapping[str, bytes], provenance: Mapping[str, Any]
) -> Bundle:
    """Replace evaluation.json, the files below evaluation/ and provenance.evaluation; return the bundle, open.

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
    """Index the texts of a bundle anew with today's analyser and replace nothing else; return the bundle, open.

    workers: processes that analyse texts. BM25 parameters stay as stated; an idf that is not stated becomes the
    default.
    """
    target = Path(path).resolve()
    with _amending(target, layout.is_index) as (work, manifest):
        parameters = todays_parameters(manifest)
        stickers = tables.read_stickers(work / layout.STICKERS)
        write_index(work, stickers, parameters, workers)
        manifest["index"] = index_statement(parameters)
    return Bundle.open(target)


def amend_understanding(
    path: Path | str,
    meaning: MeaningIndex | None,
    words: Lexicon | None,
    settings: Mapping[str, SearchSettings],
    provenance: Mapping[str, Any],
) -> Bundle:
    """Replace the meanings and the lexicon of a bundle, None for a bundle without them; return the bundle, open.

    settings: "settings" and "settings_words" (of a search by words alone) that replace those of the manifest;
    provenance: stage -> JSON, likewise.
    """
    target = Path(path).resolve()
    with _amending(target, layout.is_understanding) as (work, manifest):
        tried = write_understanding(work, meaning, words)
        manifest.pop("meaning", None)
        manifest |= {
            **meaning_entry(meaning, tried),
            **{name: settings_to_json(with_every_weight(each)) for name, each in settings.items()},
        }
        manifest["provenance"] = {**manifest["provenance"], **provenance}
    return Bundle.open(target)


def amend_styles(path: Path | str, styles: Sequence[UserStyle], precision: FloatArray) -> Bundle:
    """Replace the people's styles, with their discriminants, and the catalogue's precision matrix (d, d); return the
    bundle, open.
    """
    target = Path(path).resolve()
    with _amending(target, layout.is_styles) as (work, manifest):
        write_styles(work, styles, len(precision), precision)
        manifest["counts"] = {**manifest["counts"], "clusters": sum(len(style.sizes) for style in styles)}
    return Bundle.open(target)


def amend_sends(
    path: Path | str,
    sends: Mapping[str, Sequence[Interaction]],
    settings: ContextSettings,
    provenance: Mapping[str, Any],
) -> Bundle:
    """Replace the table of sends (split -> interactions with contexts) and the settings of taste in context; return the
    bundle, open.

    provenance: of the stage "sends".
    """
    target = Path(path).resolve()
    with _amending(target, layout.is_sends) as (work, manifest):
        tables.write_table(tables.sends_to_table(sends, layout.SPLITS), work / layout.SENDS)
        manifest["context"] = asdict(settings)
        manifest["provenance"] = {**manifest["provenance"], "sends": dict(provenance)}
    return Bundle.open(target)


def amend_model(path: Path | str, model: str, files: Mapping[str, Path], provenance: Mapping[str, Any]) -> Bundle:
    """Replace the files of one of layout.COMPARED, name below models/ -> source file; return the bundle, open.

    provenance: of the stage `model`.
    """
    strange = [name for name in files if not layout.is_compared(f"{layout.MODELS}/{name}")]
    if strange:
        raise DataError(f"A model named {strange[0]!r}", f"one of {', '.join(layout.COMPARED)}", "Name it otherwise.")
    target = Path(path).resolve()
    with _amending(target, lambda name: name.startswith(f"{layout.MODELS}/{model}.")) as (work, manifest):
        (work / layout.MODELS).mkdir(exist_ok=True)
        for name, source in files.items():
            shutil.copyfile(source, work / layout.MODELS / name)
        manifest["provenance"] = {**manifest["provenance"], model: dict(provenance)}
    return Bundle.open(target)


@contextmanager
def _amending(target: Path, is_replaced: Callable[[str], bool]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield a folder with all files of a bundle but the replaced ones, and its manifest, to be completed and changed by
    the caller; afterwards they take the bundle's place.

    Files that stay keep their bytes (hard links where the disk has them); hashes, content hash and format are renewed.
    As safe as writing the bundle anew.
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
            manifest["format"] = max(manifest["format"], layout.LARGE_FORMAT)
        manifest["content_hash"] = layout.content_hash(files)
        manifest["manifest_sha256"] = layout.manifest_hash(manifest)
        (work / layout.MANIFEST).write_text(layout.canonical(manifest), encoding="utf-8")


def is_evaluation(name: str) -> bool:
    """Return whether a path of the manifest belongs to the evaluation, and so is no input of one."""
    return name == layout.EVALUATION or name.startswith(f"{layout.EVALUATION_FILES}/")


def is_evaluated(name: str) -> bool:
    """Return whether a path of the manifest is an input of the evaluation: not its result, and not a model that only
    the chat's comparison asks.
    """
    return not is_evaluation(name) and not layout.is_compared(name)


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # another disk, or one without hard links
        shutil.copyfile(source, target)
