"""Checks between the parts of a bundle. Every check yields the defects that it finds, as found / expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from persrv.arrays import memory_map
from persrv.bundle import documents
from persrv.bundle.layout import EVALUATION, IMAGES, MANIFEST, SMALL_FORMAT, SPLITS
from persrv.bundle.shards import misplaced, shard_name
from persrv.bundle.tables import NAMES, column, lengths
from persrv.bundle.tables import numbers as numbers_of
from persrv.errors import DataError
from persrv.ranking.context import context_settings_from_json
from persrv.records import FIELDS, UTILITY_METRICS, FloatArray
from persrv.settings import settings_from_json

#: Tolerance of the length of a stored unit vector around 1 (float16 rounding stays far below).
UNIT_TOLERANCE = 1e-2

#: Up to this many stickers opening looks at everything; of more, at some rows of each array. `verify` looks at all.
QUICK_ROWS = 20_000
_RUN = 64

_CHUNK = 16_384


@dataclass(frozen=True, slots=True)
class Defect:
    """A defect of a bundle. kind: groups defects; `verify` reports the first of each kind."""

    kind: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.found}. Expected {self.expected}."


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The raw parts of a bundle as read, before they are trusted. N stickers, K clusters, d dimensions."""

    path: Path
    manifest: Mapping[str, Any]
    stickers: pa.Table
    interactions: pa.Table
    people: pa.Table
    clusters: pa.Table
    embeddings: NDArray[np.float16]  # (N, d)
    style_mean: FloatArray | None  # (d,)
    style_precision: FloatArray | None  # (d, d)
    centroids: FloatArray  # (K, d)
    mean_lengths: FloatArray | None  # (K,)
    utility_counts: NDArray[np.int32]  # (N, 3)
    map_xy: FloatArray | None  # (N, 2)
    places: pa.Table | None  # N rows; None where pictures lie in a folder
    evaluation: Mapping[str, Any]
    sends: pa.Table | None = None
    thorough: bool = False

    @property
    def size(self) -> int:
        """N, the number of stickers."""
        return self.stickers.num_rows

    def counts(self) -> dict[str, int]:
        """The counts that bundle.json must state."""
        splits = column(self.interactions, "split")
        return {
            "stickers": self.size,
            "people": self.people.num_rows,
            "clusters": self.clusters.num_rows,
            "dimensions": int(self.embeddings.shape[1]),
            **{f"interactions_{split}": splits.count(split) for split in SPLITS},
        }


def shapes(parts: Parts) -> Iterator[Defect]:
    """Check types and lengths of arrays; the other checks may only run where this one finds nothing."""
    if parts.embeddings.ndim != 2 or parts.embeddings.shape[1] < 1:
        yield Defect("shape", f"Embeddings of shape {parts.embeddings.shape}", "shape (stickers, dimensions)")
        return
    width = parts.embeddings.shape[1]
    wanted: list[tuple[str, NDArray[Any] | None, tuple[int, ...], type]] = [
        ("embeddings", parts.embeddings, (parts.size, width), np.float16),
        ("style_mean", parts.style_mean, (width,), np.float32),
        ("style_precision", parts.style_precision, (width, width), np.float32),
        ("centroids", parts.centroids, (parts.clusters.num_rows, width), np.float32),
        ("mean_lengths", parts.mean_lengths, (parts.clusters.num_rows,), np.float32),
        ("utility_counts", parts.utility_counts, (parts.size, len(UTILITY_METRICS)), np.int32),
        ("map", parts.map_xy, (parts.size, 2), np.float32),
    ]
    for name, array, shape, kind in wanted:
        if array is not None and (array.shape != shape or array.dtype != kind):
            yield Defect("shape", f"{name} is {array.dtype} {array.shape}", f"{np.dtype(kind)} {shape}")


def manifest_counts(parts: Parts) -> Iterator[Defect]:
    """Check the counts in bundle.json against the tables."""
    stated, counted = parts.manifest.get("counts"), parts.counts()
    if stated != counted:
        yield Defect("counts", f"bundle.json counts {stated}", f"{counted}")


def json_shapes(parts: Parts) -> Iterator[Defect]:
    """Check the shapes of bundle.json and evaluation.json, as far as they are read later."""
    for name, document, shape in (
        (MANIFEST, parts.manifest, documents.MANIFEST),
        (EVALUATION, parts.evaluation, documents.EVALUATION),
    ):
        for found, expected in documents.misshapen(document, shape, name):
            yield Defect(f"shape of {name}", found, expected)


_EVERY_WEIGHT = f"a weight for each of {', '.join(FIELDS)}"


def settings(parts: Parts) -> Iterator[Defect]:
    """Check that the settings in bundle.json are complete and in range."""
    try:
        settings_from_json(parts.manifest["settings"])
        words_only = settings_from_json(parts.manifest.get("settings_words", {}))
        for name in ("settings", "settings_words"):
            stated = parts.manifest.get(name, {}).get("field_weights", dict.fromkeys(FIELDS))
            for lost in [field for field in FIELDS if field not in stated and field != NAMES][:1]:
                yield Defect("settings", f"{name} of bundle.json have no weight for the field {lost}", _EVERY_WEIGHT)
        if words_only.meaning:
            found = f"settings_words of bundle.json have meaning {words_only.meaning!r}"
            yield Defect("settings", found, "0: they are of a search by words alone")
    except KeyError:
        yield Defect("settings", "bundle.json has no settings", "the search settings chosen on validation")
    except DataError as error:
        yield Defect("settings", f"{error.found} in the settings of bundle.json", error.expected)


def ids(parts: Parts) -> Iterator[Defect]:
    """Check that sticker and person ids are unique and not empty."""
    for what, table in (("sticker", parts.stickers), ("person", parts.people)):
        if _ascending(table.column("id")):
            continue
        seen: set[str] = set()
        for value in column(table, "id"):
            if not value or value in seen:
                yield Defect("id", f"The {what} id {value!r} is {'there twice' if value else 'empty'}", "unique ids")
                break
            seen.add(value)


def _ascending(values: pa.ChunkedArray) -> bool:
    """Return whether each text is larger than the one before, and the first is not empty; then all are unique, too.

    No Arrow call takes a Python value here, since pyarrow would import pandas for it, which takes a fifth of a second.
    """
    if not len(values) or not values[0].as_py():
        return False
    return bool(pc.all(pc.less(values.slice(0, len(values) - 1), values.slice(1)), min_count=0).as_py())


def images(parts: Parts) -> Iterator[Defect]:
    """Check that each sticker's picture is a file of the bundle, lies in one of its shards, or is absent (format 2)."""
    if parts.places is not None:
        yield from _shards(parts, parts.places)
        return
    files, absent_allowed = parts.manifest["files"], parts.manifest["format"] > SMALL_FORMAT
    if absent_allowed and parts.size and not lengths(parts.stickers.column("image")).any():
        return
    pairs = zip(column(parts.stickers, "id"), column(parts.stickers, "image"), strict=True)
    for name, image in pairs:
        if not (image.startswith(f"{IMAGES}/") and image in files) and not (absent_allowed and image == ""):
            yield Defect("image", f"Sticker {name} has the picture {image!r}", f"a file of the bundle under {IMAGES}/")


def _shards(parts: Parts, places: pa.Table) -> Iterator[Defect]:
    """Check that each place lies inside its shard, and that stickers without a picture have none."""
    if places.num_rows != parts.size:
        yield Defect("shard", f"Places of {places.num_rows} pictures", f"{parts.size}")
        return
    files = parts.manifest["files"]
    sizes: list[int] = []
    while shard_name(len(sizes)) in files:
        sizes.append(files[shard_name(len(sizes))]["bytes"])
    kinds = {"shard": np.int32, "offset": np.int64, "bytes": np.int64}
    shard, offset, size = (numbers_of(places, name, kind) for name, kind in kinds.items())
    row = misplaced(shard, offset, size, sizes)
    pictured = lengths(parts.stickers.column("image")) > 0
    if row < 0 and (pictured != (shard >= 0)).any():
        row = int(np.flatnonzero(pictured != (shard >= 0))[0])
    if row >= 0:
        found = f"The picture of row {row} is at {int(offset[row])} + {int(size[row])} of shard {int(shard[row])}"
        yield Defect("shard", found, "a place inside a shard for every picture")


def interactions(parts: Parts) -> Iterator[Defect]:
    """Check that interactions, and sends where there are any, are of a known split and of known stickers."""
    for table in (parts.interactions, parts.sends):
        if table is not None:
            yield from _taken(table, parts)


def _taken(table: pa.Table, parts: Parts) -> Iterator[Defect]:
    splits = [split for split in pc.unique(table.column("split")).to_pylist() if split not in SPLITS]
    for split in splits[:1]:
        yield Defect("split", f"An interaction names the unknown split {split!r}", f"one of {', '.join(SPLITS)}")
    strange = unknown_names(table.column("sticker"), parts.stickers.column("id"))
    if len(strange):
        found = f"An interaction names the unknown sticker {strange[0].as_py()!r}"
        yield Defect("interaction", found, "a sticker of the catalogue")


def sends(parts: Parts) -> Iterator[Defect]:
    """Check the settings of taste in context, which bundle.json may hold."""
    try:
        context_settings_from_json(parts.manifest.get("context", {}))
    except DataError as error:
        yield Defect("context", f"{error.found} in the context of bundle.json", error.expected)


def unknown_names(names: pa.ChunkedArray, known: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the names that are not among the known ones."""
    met = known.filter(pc.is_in(known, value_set=pc.unique(names)))
    return names.filter(pc.invert(pc.is_in(names, value_set=met)))


def leaks(parts: Parts) -> Iterator[Defect]:
    """Check that no sticker carries a query that only test interactions gave it."""
    if not parts.thorough:
        return
    seen: dict[bool, set[tuple[str, str]]] = {True: set(), False: set()}
    columns = parts.interactions.to_pydict()
    for sticker, query, split in zip(columns["sticker"], columns["query"], columns["split"], strict=True):
        seen[split == "test"].add((sticker, query))
    hidden = seen[True] - seen[False]
    if not hidden:
        return
    names = column(parts.stickers, "id")
    for name, queries in zip(names, column(parts.stickers, "queries"), strict=True):
        for query in queries:
            if (name, query) in hidden:
                yield Defect("leak", f"Sticker {name} carries the test query {query!r}", "training queries only")


def vectors(parts: Parts) -> Iterator[Defect]:
    """Check that embeddings and centroids are finite unit vectors, and that the style mean is finite."""
    runs = _all_runs(parts.size) if parts.thorough or parts.size <= QUICK_ROWS else _few_runs(parts.size)
    for kind, matrix, spans in (
        ("embedding", parts.embeddings, runs),
        ("centroid", parts.centroids, _all_runs(len(parts.centroids))),
    ):
        for start, end in spans:
            chunk = np.asarray(matrix[start:end], np.float32)
            length = np.sqrt(np.einsum("nd,nd->n", chunk, chunk))
            bad = np.flatnonzero(~(np.abs(length - 1) <= UNIT_TOLERANCE))
            if bad.size:
                row = start + int(bad[0])
                yield Defect(
                    kind, f"Row {row} of the {kind}s has length {length[bad[0]]:.4g}", "a finite vector of length 1"
                )
                break
    memory_map.release(parts.embeddings)
    if parts.style_mean is not None and not np.isfinite(parts.style_mean).all():
        yield Defect("style mean", "The style mean is not finite", "finite numbers")
    if parts.style_precision is not None and not np.isfinite(parts.style_precision).all():
        yield Defect("style precision", "A number of the style precision matrix is not finite", "finite numbers")
    lengths = parts.mean_lengths
    if lengths is not None and not ((lengths >= 0) & (lengths <= 1 + UNIT_TOLERANCE)).all():
        yield Defect("mean lengths", "A length of a cluster's mean is not in [0, 1]", "the mean of unit vectors")
    if (lengths is None) != (parts.style_precision is None):
        yield Defect("mean lengths", "Of mean lengths and style precision matrix only one", "both, or neither")


def _all_runs(size: int) -> list[tuple[int, int]]:
    return [(start, min(start + _CHUNK, size)) for start in range(0, size, _CHUNK)]


def _few_runs(size: int) -> list[tuple[int, int]]:
    """Short runs of rows from the first to the last: neighbours share pages, so a cold disk is asked few times."""
    starts = np.linspace(0, size - _RUN, QUICK_ROWS // _RUN // 8, dtype=np.int64)
    return [(start, start + _RUN) for start in starts.tolist()]


def numbers(parts: Parts) -> Iterator[Defect]:
    """Check that counts are not negative, coordinates finite, pictures sized, and corners of OCR boxes pairs."""
    if parts.size and int(parts.utility_counts.min()) < 0:
        yield Defect("utility", f"A utility count of {int(parts.utility_counts.min())}", "counts of at least 0")
    if parts.map_xy is not None and not np.isfinite(parts.map_xy).all():
        yield Defect("map", "The map has a coordinate that is not finite", "finite numbers")
    for name in ("width", "height"):
        smallest = pc.min(parts.stickers.column(name)).as_py()
        if smallest is not None and smallest < 1:
            yield Defect("picture size", f"A sticker with {name} {smallest}", "at least 1 pixel")
    boxes = pc.struct_field(pc.list_flatten(parts.stickers.column("ocr_lines")), "box")
    if (lengths(boxes) % 2).any():
        yield Defect("OCR box", "A box of an OCR line with an odd number of coordinates", "an x and a y a corner")


def clusters(parts: Parts) -> Iterator[Defect]:
    """Check that each person's clusters are numbered 0, 1, ... in consecutive rows, not empty, of known stickers."""
    exemplars = cast(pa.ChunkedArray, pc.list_flatten(parts.clusters.column("exemplars")))
    unknown = set(unknown_names(exemplars, parts.stickers.column("id")).to_pylist())
    done: set[str] = set()
    user, next_cluster = None, 0
    for row in parts.clusters.to_pylist():
        if row["user"] != user:
            if user is not None:
                done.add(user)
            user, next_cluster = row["user"], 0
        if user in done or row["cluster"] != next_cluster:
            yield Defect(
                "cluster order", f"Cluster {row['cluster']} of {user} is out of place", "0, 1, 2, ... a person"
            )
        next_cluster += 1
        name = f"Cluster {row['cluster']} of {row['user']}"
        if row["size"] < 1 or not 0 <= row["radius"] <= 2 + UNIT_TOLERANCE:
            found = f"{name} has size {row['size']} and radius {row['radius']:.4g}"
            yield Defect("cluster range", found, "a size of at least 1 and a radius from 0 to 2")
        strange = [sticker for sticker in row["exemplars"] if sticker in unknown]
        if strange:
            yield Defect("cluster exemplar", f"{name} names the unknown sticker {strange[0]!r}", "known stickers")


#: Checks in the order in which their defects are told; `shapes` comes before all of them.
CHECKS: tuple[Callable[[Parts], Iterator[Defect]], ...] = (
    manifest_counts,
    json_shapes,
    settings,
    ids,
    images,
    interactions,
    sends,
    leaks,
    vectors,
    numbers,
    clusters,
)


def defects(parts: Parts) -> Iterator[Defect]:
    """Yield the defects of the parts; only those of `shapes` where `shapes` finds any."""
    wrong = list(shapes(parts))
    if wrong:
        yield from wrong
        return
    for check in CHECKS:
        yield from check(parts)
