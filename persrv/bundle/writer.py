"""Writing a bundle: everything into a sibling folder, bundle.json last, then renamed into place."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persrv import __version__
from persrv.bm25 import FieldIndex
from persrv.bundle import layout, tables
from persrv.bundle.reader import Bundle
from persrv.bundle.replacing import replacing
from persrv.errors import DataError
from persrv.records import FIELDS, FloatArray, Interaction, Person, SearchSettings, Sticker, UserStyle
from persrv.settings import problem_with, settings_to_json
from persrv.text import ANALYSER_VERSION, analyse


@dataclass(frozen=True, slots=True)
class Bm25Parameters:
    """BM25 Okapi's k1 >= 0, b in [0, 1], and the share `epsilon` of the mean idf that floors negative idfs."""

    k1: float = 1.5
    b: float = 0.75
    epsilon: float = 0.25


@dataclass(frozen=True, slots=True)
class Gate:
    """A quality the bundle was measured for: `value` against `goal` on `cases` held-out cases."""

    value: float
    goal: float
    cases: int
    passed: bool


@dataclass(frozen=True, slots=True, eq=False)
class BundleContents:
    """All that goes into a bundle. N stickers in the order given, which becomes the order of every array's rows.

    interactions: split (train, validation, test) -> interactions; embeddings: (N, d) unit rows of any float type,
    stored as float16; style_mean: (d,) or None; user_styles: in the style space; utility_counts: (N, 3) counts on
    training interactions; map_xy: (N, 2) or None; images: sticker id -> source file, copied to the sticker's `image`,
    a path under images/; models: name -> source file, copied to models/name; settings: as chosen on validation;
    bm25: field -> parameters, absent fields get the defaults; provenance: stage -> JSON; evaluation: JSON.
    """

    name: str
    licence: str
    simulated: bool
    stickers: Sequence[Sticker]
    interactions: Mapping[str, Sequence[Interaction]]
    people: Sequence[Person]
    embeddings: NDArray[Any]
    user_styles: Sequence[UserStyle]
    utility_counts: NDArray[Any]
    images: Mapping[str, Path]
    style_mean: FloatArray | None = None
    map_xy: NDArray[Any] | None = None
    models: Mapping[str, Path] = field(default_factory=dict)
    settings: SearchSettings = field(default_factory=SearchSettings)
    bm25: Mapping[str, Bm25Parameters] = field(default_factory=dict)
    provenance: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    gates: Mapping[str, Gate] = field(default_factory=dict)
    evaluation: Mapping[str, Any] = field(default_factory=dict)
    notes: str = ""


def write_bundle(path: Path | str, contents: BundleContents) -> Bundle:
    """Write a bundle, replacing the one at `path` only once the new one is complete and opens; returns it open.

    Whatever interrupts the writing leaves the old bundle as it was. DataError where the contents cannot be stored,
    BundleError where they contradict each other.
    """
    target = Path(path)
    with replacing(target) as work:
        _write_files(work, contents)
        _write_manifest(work, contents)
    return Bundle.open(target)


def index_tokens(sticker: Sticker, name: str) -> list[str]:
    """The tokens of one field of one sticker; queries are one text after the other, so none runs into the next."""
    value = getattr(sticker, name)
    texts = (value,) if isinstance(value, str) else value
    return [token for text in texts for token in analyse(text)]


def _write_files(folder: Path, contents: BundleContents) -> None:
    _check(contents)
    folder.mkdir(parents=True)
    embeddings = np.asarray(contents.embeddings)
    clusters, centroids = tables.styles_to_table(contents.user_styles, embeddings.shape[1])
    tables.write_table(tables.stickers_to_table(contents.stickers), folder / layout.STICKERS)
    tables.write_table(tables.interactions_to_table(contents.interactions, layout.SPLITS), folder / layout.INTERACTIONS)
    tables.write_table(tables.people_to_table(contents.people), folder / layout.PEOPLE)
    tables.write_table(clusters, folder / layout.CLUSTERS)
    _write_array(folder / layout.EMBEDDINGS, embeddings, np.float16)
    _write_array(folder / layout.CENTROIDS, centroids, np.float32)
    _write_array(folder / layout.UTILITY_COUNTS, contents.utility_counts, np.int32)
    if contents.style_mean is not None:
        _write_array(folder / layout.STYLE_MEAN, contents.style_mean, np.float32)
    if contents.map_xy is not None:
        _write_array(folder / layout.MAP, contents.map_xy, np.float32)
    for name in FIELDS:
        parameters = contents.bm25.get(name, Bm25Parameters())
        index = FieldIndex.build([index_tokens(sticker, name) for sticker in contents.stickers], **asdict(parameters))
        (folder / layout.INDEX / name).mkdir(parents=True)
        index.save(folder / layout.INDEX / name)
    for sticker in contents.stickers:
        _copy(contents.images[sticker.id], folder / sticker.image)
    for model, source in contents.models.items():
        _copy(source, folder / layout.MODELS / model)
    (folder / layout.EVALUATION).write_text(_json(contents.evaluation, "evaluation"), encoding="utf-8")


def _write_manifest(folder: Path, contents: BundleContents) -> None:
    """bundle.json: the last file written, so that a folder with one is complete."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file())
    files = {
        p.relative_to(folder).as_posix(): {"bytes": p.stat().st_size, "sha256": layout.sha256_of(p)} for p in paths
    }
    manifest: dict[str, Any] = {
        "format": layout.FORMAT,
        "created_by": f"persrv {__version__}",
        "name": contents.name,
        "licence": contents.licence,
        "simulated": contents.simulated,
        "notes": contents.notes,
        "counts": _counts(contents),
        "settings": settings_to_json(contents.settings),
        "index": {
            "analyser": ANALYSER_VERSION,
            "bm25": {name: asdict(contents.bm25.get(name, Bm25Parameters())) for name in FIELDS},
        },
        "provenance": dict(contents.provenance),
        "gates": {name: asdict(gate) for name, gate in contents.gates.items()},
        "files": files,
        "content_hash": layout.content_hash(files),
    }
    _json(manifest, "manifest")
    manifest["manifest_sha256"] = layout.manifest_hash(manifest)
    (folder / layout.MANIFEST).write_text(layout.canonical(manifest), encoding="utf-8")


def _counts(contents: BundleContents) -> dict[str, int]:
    return {
        "stickers": len(contents.stickers),
        "people": len(contents.people),
        "clusters": sum(len(style.centroids) for style in contents.user_styles),
        "dimensions": int(np.asarray(contents.embeddings).shape[1]),
        **{f"interactions_{split}": len(contents.interactions.get(split, ())) for split in layout.SPLITS},
    }


def _check(contents: BundleContents) -> None:
    """What must hold before a file can be written; all the rest is checked when the written bundle is opened."""
    advice = "Correct what is handed to write_bundle."
    shape = np.asarray(contents.embeddings).shape
    if len(shape) != 2:
        raise DataError(f"Embeddings of shape {shape}", "shape (stickers, dimensions)", advice)
    for style in contents.user_styles:
        if style.centroids.shape != (len(style.sizes), shape[1]):
            raise DataError(f"Centroids {style.centroids.shape} of {style.user}", f"width {shape[1]}", advice)
    strange = sorted(set(contents.interactions) - set(layout.SPLITS)) + sorted(set(contents.bm25) - set(FIELDS))
    if strange:
        raise DataError(f"An unknown split or field {strange[0]!r}", ", ".join(layout.SPLITS + FIELDS), advice)
    problem = problem_with(contents.settings)
    if problem:
        raise DataError(*problem, advice)
    seen: set[str] = set()
    for sticker in contents.stickers:
        if not layout.is_safe(sticker.image) or not sticker.image.startswith(f"{layout.IMAGES}/"):
            raise DataError(f"{sticker.id} has the picture {sticker.image!r}", f"a path under {layout.IMAGES}/", advice)
        if sticker.image in seen or sticker.id not in contents.images:
            raise DataError(f"No picture of its own for sticker {sticker.id}", "one source file a sticker", advice)
        seen.add(sticker.image)
    for model in contents.models:
        if not layout.is_safe(model):
            raise DataError(f"A model file named {model!r}", "a plain file name", advice)


def _write_array(path: Path, array: NDArray[Any], kind: type) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with np.errstate(over="ignore"):  # an infinity is told by the checks, with its row
        np.save(path, np.ascontiguousarray(array, dtype=kind), allow_pickle=False)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copyfile(source, target)
    except OSError as error:
        raise DataError(f"{source} cannot be copied: {error}", "a readable file", "Build it first.") from error


def _json(document: Mapping[str, Any], what: str) -> str:
    try:
        text = layout.canonical(document)
        text.encode()
    except (TypeError, ValueError) as error:
        raise DataError(
            f"The {what} cannot be stored: {error}", "JSON without NaN", "Convert its values first."
        ) from error
    return text
