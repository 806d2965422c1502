"""What must hold between the parts of a bundle. Every check yields the defects it finds, as found / expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from persrv.bundle.layout import IMAGES, SPLITS, is_safe
from persrv.bundle.tables import column
from persrv.errors import DataError
from persrv.records import UTILITY_METRICS, FloatArray
from persrv.settings import settings_from_json

#: How far from 1 the length of a stored unit vector may be (float16 rounding stays far below).
UNIT_TOLERANCE = 1e-2

#: Opening looks at no more than about this many embeddings, evenly spread; `verify` looks at all.
QUICK_ROWS = 20_000

_CHUNK = 16_384


@dataclass(frozen=True, slots=True)
class Defect:
    """Something wrong in a bundle: `kind` groups defects, of which `verify` tells the first."""

    kind: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.found}. Expected {self.expected}."


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The raw parts of a bundle as read, before anybody trusts them. N stickers, K clusters, d dimensions."""

    path: Path
    manifest: Mapping[str, Any]
    stickers: pa.Table
    interactions: pa.Table
    people: pa.Table
    clusters: pa.Table
    embeddings: NDArray[np.float16]  # (N, d)
    style_mean: FloatArray | None  # (d,)
    centroids: FloatArray  # (K, d)
    utility_counts: NDArray[np.int32]  # (N, 3)
    map_xy: FloatArray | None  # (N, 2)
    thorough: bool = False

    @property
    def size(self) -> int:
        """N, the number of stickers."""
        return self.stickers.num_rows

    def counts(self) -> dict[str, int]:
        """What `counts` in bundle.json must say."""
        splits = column(self.interactions, "split")
        return {
            "stickers": self.size,
            "people": self.people.num_rows,
            "clusters": self.clusters.num_rows,
            "dimensions": int(self.embeddings.shape[1]),
            **{f"interactions_{split}": splits.count(split) for split in SPLITS},
        }


def shapes(parts: Parts) -> Iterator[Defect]:
    """Array types and lengths; the other checks may only run where this one finds nothing."""
    if parts.embeddings.ndim != 2 or parts.embeddings.shape[1] < 1:
        yield Defect("shape", f"Embeddings of shape {parts.embeddings.shape}", "shape (stickers, dimensions)")
        return
    width = parts.embeddings.shape[1]
    wanted: list[tuple[str, NDArray[Any] | None, tuple[int, ...], type]] = [
        ("embeddings", parts.embeddings, (parts.size, width), np.float16),
        ("style_mean", parts.style_mean, (width,), np.float32),
        ("centroids", parts.centroids, (parts.clusters.num_rows, width), np.float32),
        ("utility_counts", parts.utility_counts, (parts.size, len(UTILITY_METRICS)), np.int32),
        ("map", parts.map_xy, (parts.size, 2), np.float32),
    ]
    for name, array, shape, kind in wanted:
        if array is not None and (array.shape != shape or array.dtype != kind):
            yield Defect("shape", f"{name} is {array.dtype} {array.shape}", f"{np.dtype(kind)} {shape}")


def manifest_counts(parts: Parts) -> Iterator[Defect]:
    """The counts in bundle.json are those of the tables."""
    stated, counted = parts.manifest.get("counts"), parts.counts()
    if stated != counted:
        yield Defect("counts", f"bundle.json counts {stated}", f"{counted}")


def settings(parts: Parts) -> Iterator[Defect]:
    """The settings in bundle.json are complete and in range."""
    try:
        settings_from_json(parts.manifest["settings"])
    except KeyError:
        yield Defect("settings", "bundle.json has no settings", "the search settings chosen on validation")
    except DataError as error:
        yield Defect("settings", f"{error.found} in the settings of bundle.json", error.expected)


def ids(parts: Parts) -> Iterator[Defect]:
    """Sticker and person ids are unique and not empty."""
    for what, table in (("sticker", parts.stickers), ("person", parts.people)):
        seen: set[str] = set()
        for value in column(table, "id"):
            if not value or value in seen:
                yield Defect("id", f"The {what} id {value!r} is {'there twice' if value else 'empty'}", "unique ids")
                break
            seen.add(value)


def images(parts: Parts) -> Iterator[Defect]:
    """Every sticker's picture is a file of the bundle."""
    files = parts.manifest["files"]
    pairs = zip(column(parts.stickers, "id"), column(parts.stickers, "image"), strict=True)
    for name, image in pairs:
        if not is_safe(image) or not image.startswith(f"{IMAGES}/") or image not in files:
            yield Defect("image", f"Sticker {name} has the picture {image!r}", f"a file of the bundle under {IMAGES}/")


def interactions(parts: Parts) -> Iterator[Defect]:
    """Interactions are of a known split and click known stickers."""
    table = parts.interactions
    for kind, name, known in (
        ("split", "split", pa.array(SPLITS)),
        ("interaction", "sticker", parts.stickers.column("id").combine_chunks()),
    ):
        values = table.column(name)
        strange = values.filter(pc.invert(pc.is_in(values, value_set=known)))
        if len(strange):
            expected = f"one of {', '.join(SPLITS)}" if kind == "split" else "a sticker of the catalogue"
            yield Defect(kind, f"An interaction names the unknown {name} {strange[0].as_py()!r}", expected)


def leaks(parts: Parts) -> Iterator[Defect]:
    """No sticker carries a query that only a test interaction gave it."""
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
    """Embeddings and centroids are finite unit vectors; the style mean is finite."""
    step = 1 if parts.thorough else max(1, parts.size // QUICK_ROWS)
    for kind, matrix in (("embedding", parts.embeddings[::step]), ("centroid", parts.centroids)):
        for start in range(0, len(matrix), _CHUNK):
            chunk = np.asarray(matrix[start : start + _CHUNK], np.float32)
            length = np.sqrt(np.einsum("nd,nd->n", chunk, chunk))
            bad = np.flatnonzero(~(np.abs(length - 1) <= UNIT_TOLERANCE))
            if bad.size:
                row = (start + int(bad[0])) * (step if kind == "embedding" else 1)
                yield Defect(
                    kind, f"Row {row} of the {kind}s has length {length[bad[0]]:.4g}", "a finite vector of length 1"
                )
                break
    if parts.style_mean is not None and not np.isfinite(parts.style_mean).all():
        yield Defect("style mean", "The style mean is not finite", "finite numbers")


def numbers(parts: Parts) -> Iterator[Defect]:
    """Counts are not negative, map coordinates are finite, pictures have a size."""
    if parts.size and int(parts.utility_counts.min()) < 0:
        yield Defect("utility", f"A utility count of {int(parts.utility_counts.min())}", "counts of at least 0")
    if parts.map_xy is not None and not np.isfinite(parts.map_xy).all():
        yield Defect("map", "The map has a coordinate that is not finite", "finite numbers")
    for name in ("width", "height"):
        smallest = min(column(parts.stickers, name), default=1)
        if smallest < 1:
            yield Defect("picture size", f"A sticker with {name} {smallest}", "at least 1 pixel")


def clusters(parts: Parts) -> Iterator[Defect]:
    """Each person's clusters are numbered 0, 1, ... in consecutive rows, are not empty, and name known stickers."""
    known = set(column(parts.stickers, "id"))
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
        strangers = [sticker for sticker in row["exemplars"] if sticker not in known]
        if strangers:
            yield Defect("cluster exemplar", f"{name} names the unknown sticker {strangers[0]!r}", "known stickers")


#: In the order in which they are told; `shapes` comes before all of them.
CHECKS: tuple[Callable[[Parts], Iterator[Defect]], ...] = (
    manifest_counts,
    settings,
    ids,
    images,
    interactions,
    leaks,
    vectors,
    numbers,
    clusters,
)


def defects(parts: Parts) -> Iterator[Defect]:
    """All defects of the parts; where the shapes are wrong, only those."""
    wrong = list(shapes(parts))
    if wrong:
        yield from wrong
        return
    for check in CHECKS:
        yield from check(parts)
