"""Writing a bundle: everything into a sibling folder, bundle.json last, then renamed into place."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from persrv import __version__
from persrv.bundle import layout, tables
from persrv.bundle.indexing import Bm25Parameters, analysts, index_of, index_statement
from persrv.bundle.reader import Bundle
from persrv.bundle.replacing import replacing
from persrv.bundle.shards import ShardWriter, places_to_columns
from persrv.bundle.understanding import meaning_entry, write_understanding
from persrv.errors import DataError
from persrv.ranking.meaning import MeaningIndex
from persrv.ranking.sketches import SketchQuality
from persrv.records import FIELDS, FloatArray, Gate, Interaction, Person, SearchSettings, Sticker, Text, UserStyle
from persrv.settings import problem_with, settings_to_json, with_every_weight
from persrv.text.lexicon import Lexicon


@dataclass(frozen=True, slots=True, eq=False)
class BundleContents:
    """Contents of a new bundle: N stickers, whose order becomes the order of every array's rows.

    interactions: split (train, validation, test) -> interactions; embeddings: (N, d) unit rows of any float type,
    stored as float16; style_mean: (d,), style_precision: (d, d), or None, written where all styles have discriminants;
    user_styles: in the style space; utility_counts: (N, 3) counts on training interactions; map_xy: (N, 2) or None;
    images: sticker id -> source file or its bytes, which go where the sticker's `image` says, a path under images/ (""
    for a sticker without a picture); shard_bytes: None for a folder of pictures, else they go into tar shards of about
    so many bytes; models: name -> source file, copied to models/name; settings: as chosen on validation,
    settings_words: those of a search by words alone, None for the same without meaning; bm25: field -> parameters,
    absent fields get the defaults; provenance: stage -> JSON; evaluation: JSON; meaning and lexicon: by which queries
    are understood, None without them; sends: split -> interactions with contexts, None for those of `interactions` that
    have a context.
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
    images: Mapping[str, Path | bytes]
    style_mean: FloatArray | None = None
    style_precision: FloatArray | None = None
    map_xy: NDArray[Any] | None = None
    models: Mapping[str, Path] = field(default_factory=dict)
    settings: SearchSettings = field(default_factory=SearchSettings)
    settings_words: SearchSettings | None = None
    bm25: Mapping[str, Bm25Parameters] = field(default_factory=dict)
    provenance: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    gates: Mapping[str, Gate] = field(default_factory=dict)
    evaluation: Mapping[str, Any] = field(default_factory=dict)
    notes: Text = field(default=Text("", ""))
    shard_bytes: int | None = None
    meaning: MeaningIndex | None = None
    lexicon: Lexicon | None = None
    sends: Mapping[str, Sequence[Interaction]] | None = None


def write_bundle(path: Path | str, contents: BundleContents, workers: int = 1) -> Bundle:
    """Write a bundle, and replace the one at `path` only once the new one is complete and opens; return it, open.

    The stickers are read once, in order, so they may be made while they are written. workers: processes that analyse
    their texts, worth it above some ten thousand stickers. An interrupted write leaves the old bundle as it was.
    DataError where the contents cannot be stored, BundleError where they contradict each other.
    """
    target = Path(path).resolve()
    with replacing(target) as work:
        tried = _write_files(work, contents, workers)
        _write_manifest(work, contents, tried)
    return Bundle.open(target)


def _write_files(folder: Path, contents: BundleContents, workers: int) -> SketchQuality | None:
    """Write all but the manifest; return what the codes of the meanings are worth, None without any."""
    _check(contents)
    folder.mkdir(parents=True)
    embeddings = np.asarray(contents.embeddings)
    stickers = _write_stickers(folder, contents)
    tables.write_stickers(stickers, folder / layout.STICKERS)
    tables.write_table(tables.interactions_to_table(contents.interactions, layout.SPLITS), folder / layout.INTERACTIONS)
    sent = contents.interactions if contents.sends is None else contents.sends
    sends = tables.sends_to_table(sent, layout.SPLITS)
    if len(sends):
        tables.write_table(sends, folder / layout.SENDS)
    tables.write_table(tables.people_to_table(contents.people), folder / layout.PEOPLE)
    _write_array(folder / layout.EMBEDDINGS, embeddings, np.float16)
    write_styles(folder, contents.user_styles, embeddings.shape[1], contents.style_precision)
    _write_array(folder / layout.UTILITY_COUNTS, contents.utility_counts, np.int32)
    if contents.style_mean is not None:
        _write_array(folder / layout.STYLE_MEAN, contents.style_mean, np.float32)
    if contents.map_xy is not None:
        _write_array(folder / layout.MAP, contents.map_xy, np.float32)
    write_index(folder, stickers, contents.bm25, workers)
    tried = write_understanding(folder, contents.meaning, contents.lexicon)
    for model, source in contents.models.items():
        _copy(source, folder / layout.MODELS / model)
    (folder / layout.EVALUATION).write_text(_json(contents.evaluation, "evaluation"), encoding="utf-8")
    return tried


def write_styles(folder: Path, styles: Sequence[UserStyle], width: int, precision: FloatArray | None) -> None:
    """Write people's clusters and centroids (K, width), and where all have discriminants, the lengths of the
    clusters' means (K,) and the catalogue's precision matrix (width, width).
    """
    clusters, centroids, lengths = tables.styles_to_table(styles, width)
    tables.write_table(clusters, folder / layout.CLUSTERS)
    _write_array(folder / layout.CENTROIDS, centroids, np.float32)
    if precision is not None and lengths is not None:
        _write_array(folder / layout.STYLE_PRECISION, precision, np.float32)
        _write_array(folder / layout.MEAN_LENGTHS, lengths, np.float32)


def write_index(folder: Path, stickers: pa.Table, bm25: Mapping[str, Bm25Parameters], workers: int) -> None:
    """Write the index of every field of a table of stickers; of names only if a sticker has one.

    bm25: field -> parameters; a field that it lacks gets the defaults.
    """
    indexed = [name for name in FIELDS if name != tables.NAMES or tables.has_names(stickers)]
    with analysts(workers) as pool:
        for name in indexed:
            index = index_of(stickers, name, bm25.get(name, Bm25Parameters()), pool)
            (folder / layout.INDEX / name).mkdir(parents=True)
            index.save(folder / layout.INDEX / name)
            del index  # before the next one is built


def _write_stickers(folder: Path, contents: BundleContents) -> pa.Table:
    """Write every sticker's picture while the stickers pass by; returns their table."""
    if contents.shard_bytes is None:
        return tables.stickers_to_table(_with_pictures(contents, lambda name, source: _put(source, folder / name)))
    with ShardWriter(folder, contents.shard_bytes) as shards:
        stickers = tables.stickers_to_table(
            _with_pictures(contents, lambda name, source: shards.add(name, _content(source)), shards.skip)
        )
    places = pa.table(places_to_columns(shards.places), schema=tables.PICTURE_SCHEMA)
    tables.write_table(places, folder / layout.PICTURES)
    return stickers


def _with_pictures(
    contents: BundleContents, keep: Callable[[str, Path | bytes], None], skip: Callable[[], None] = lambda: None
) -> Iterator[Sticker]:
    """Yield the stickers, each once its picture is stored under a path of its own. DataError where it cannot be."""
    advice = "Correct what is handed to write_bundle."
    seen: set[str] = set()
    for sticker in contents.stickers:
        if not sticker.image:
            skip()
            yield sticker
            continue
        if not layout.is_safe(sticker.image) or not sticker.image.startswith(f"{layout.IMAGES}/"):
            raise DataError(f"{sticker.id} has the picture {sticker.image!r}", f"a path under {layout.IMAGES}/", advice)
        source = contents.images.get(sticker.id)
        if sticker.image in seen or source is None:
            raise DataError(f"No picture of its own for sticker {sticker.id}", "one source file a sticker", advice)
        seen.add(sticker.image)
        keep(sticker.image, source)
        yield sticker


def _write_manifest(folder: Path, contents: BundleContents, tried: SketchQuality | None) -> None:
    """Write bundle.json, the last file, so that a folder with one is complete."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file())
    files = {
        p.relative_to(folder).as_posix(): {"bytes": p.stat().st_size, "sha256": layout.sha256_of(p)} for p in paths
    }
    manifest: dict[str, Any] = {
        "format": _format(folder, files),
        "created_by": f"persrv {__version__}",
        "name": contents.name,
        "licence": contents.licence,
        "simulated": contents.simulated,
        "notes": contents.notes.en,
        **({} if contents.notes.zh == contents.notes.en else {"notes_zh": contents.notes.zh}),
        "counts": _counts(contents),
        "settings": settings_to_json(with_every_weight(contents.settings)),
        **_words_entry(contents.settings_words),
        "index": index_statement(contents.bm25),
        **meaning_entry(contents.meaning, tried),
        "provenance": dict(contents.provenance),
        "gates": {name: asdict(gate) for name, gate in contents.gates.items()},
        "files": files,
        "content_hash": layout.content_hash(files),
    }
    _json(manifest, "manifest")
    manifest["manifest_sha256"] = layout.manifest_hash(manifest)
    (folder / layout.MANIFEST).write_text(layout.canonical(manifest), encoding="utf-8")


def _words_entry(settings: SearchSettings | None) -> dict[str, Any]:
    return {} if settings is None else {"settings_words": settings_to_json(with_every_weight(settings))}


def _format(folder: Path, files: Mapping[str, Any]) -> int:
    """The least format that knows all that the bundle holds."""
    stickers = tables.read_stickers(folder / layout.STICKERS)
    if tables.has_names(stickers):
        return layout.NAMED_FORMAT
    unpictured = pc.index(stickers.column("image"), "").as_py() >= 0
    is_large = layout.has_large_vocabulary(files) or layout.PICTURES in files or unpictured
    return layout.LARGE_FORMAT if is_large else layout.SMALL_FORMAT


def _counts(contents: BundleContents) -> dict[str, int]:
    return {
        "stickers": len(contents.stickers),
        "people": len(contents.people),
        "clusters": sum(len(style.centroids) for style in contents.user_styles),
        "dimensions": int(np.asarray(contents.embeddings).shape[1]),
        **{f"interactions_{split}": len(contents.interactions.get(split, ())) for split in layout.SPLITS},
    }


def _check(contents: BundleContents) -> None:
    """Raise a DataError where contents cannot be written; the rest is checked when the written bundle is opened."""
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
    for chosen in (contents.settings, contents.settings_words or contents.settings):
        problem = problem_with(chosen)
        if problem:
            raise DataError(*problem, advice)
    for model in contents.models:
        if not layout.is_safe(model):
            raise DataError(f"A model file named {model!r}", "a plain file name", advice)


def _write_array(path: Path, array: NDArray[Any], kind: type) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with np.errstate(over="ignore"):  # an infinity is told by the checks, with its row
        np.save(path, np.ascontiguousarray(array, dtype=kind), allow_pickle=False)


def _content(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    try:
        return source.read_bytes()
    except OSError as error:
        raise DataError(f"{source} cannot be copied: {error}", "a readable file", "Build it first.") from error


def _put(source: Path | bytes, target: Path) -> None:
    if isinstance(source, bytes):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source)
    else:
        _copy(source, target)


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
