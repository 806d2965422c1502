"""Opening a bundle: memory-mapped tables and arrays, checked once, then trusted."""

from __future__ import annotations

import logging
import os
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from persrv.arrays import memory_map
from persrv.bundle import layout, tables
from persrv.bundle.arrays import DAMAGED, read_array
from persrv.bundle.checks import QUICK_ROWS, Parts, defects
from persrv.bundle.derivation import contradictions, inconsistencies
from persrv.bundle.edits import Edit
from persrv.bundle.indexing import index_of, index_statement, todays_parameters
from persrv.bundle.plain import plain, require_plain
from persrv.bundle.shards import read_picture
from persrv.bundle.stored_tables import InteractionTable, StickerTable
from persrv.bundle.understanding import read_lexicon, read_meaning
from persrv.errors import BundleError, DataError
from persrv.ranking.bm25 import FieldIndex
from persrv.ranking.context import ContextSettings, context_settings_from_json
from persrv.ranking.meaning import MeaningIndex
from persrv.records import FIELDS, FloatArray, Interaction, Person, SearchSettings, Sticker, Text, UserStyle
from persrv.settings import by_words, settings_from_json
from persrv.text import analyser
from persrv.text.lexicon import Lexicon

#: Opening hashes up to this many bytes besides pictures; of a larger bundle only where it is asked to.
HASHED_BYTES = 128 << 20

#: Advice about an index by another analyser.
REINDEX = "Run `python -m precompute reindex BUNDLE`."

#: Files whose readers, Arrow and Faiss, end the process on some damage instead of raising: hashed before they are read.
_NATIVE = (".arrow", ".faiss")

_WRITTEN = "the bytes that were written"

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Bundle:
    """An open bundle. N stickers in rows, d dimensions; arrays are read-only.

    embeddings: (N, d) float16, unit rows in the image encoder's space; style_mean: (d,) float32, which the style space
    subtracts from embeddings, or None; style_precision: (d, d) float32, the catalogue's precision matrix in that space
    (persrv.ranking.styles), or None; styles: person -> clusters in the style space; utility_counts: (N, 3) int32, Eq.
    1-3 on the training interactions; map_xy: (N, 2) float32 or None; index: field -> BM25 index over the rows;
    evaluation: findings (docs/bundle.md), {} without any; meaning and lexicon: None without; hashed: whether opening
    compared the hashes of everything but pictures; hidden: id -> sticker that its owner hides, and that therefore has
    no row; edits: sticker id -> what its owner says of it (both by persrv.bundle.overlay); doubts: what it found odd,
    by name (derivation.inconsistencies) -> sentence; sends: interactions with contexts, None without any; context: the
    settings of taste in context (persrv.ranking.context).
    """

    path: Path
    manifest: Mapping[str, Any]
    stickers: StickerTable
    ids: tuple[str, ...]
    interactions: InteractionTable
    people: tuple[Person, ...]
    embeddings: NDArray[np.float16]
    style_mean: FloatArray | None
    style_precision: FloatArray | None
    styles: Mapping[str, UserStyle]
    utility_counts: NDArray[np.int32]
    map_xy: FloatArray | None
    index: Mapping[str, FieldIndex]
    places: pa.Table | None  # of pictures in shards; None where they lie in a folder
    settings: SearchSettings
    evaluation: Mapping[str, Any]
    meaning: MeaningIndex | None = None
    lexicon: Lexicon | None = None
    settings_words: SearchSettings | None = None  # None: `settings` without meaning
    hashed: bool = True
    hidden: Mapping[str, Sticker] = field(default_factory=dict)
    edits: Mapping[str, Edit] = field(default_factory=dict)
    doubts: Mapping[str, str] = field(default_factory=dict)
    sends: InteractionTable | None = None
    context: ContextSettings = field(default_factory=ContextSettings)

    @classmethod
    def open(cls, path: Path | str, hashed: bool | None = None) -> Bundle:
        """Open the bundle in a folder; BundleError where it is not sound. Only `verify` looks at pictures.

        hashed: whether to compare hashes, which reads everything but pictures once; None: up to HASHED_BYTES.
        """
        folder = Path(path)
        if folder.is_dir():  # else `read_manifest` says what is missing
            require_plain(folder)
        manifest = read_manifest(folder)
        hashed = hashed_bytes(manifest) <= HASHED_BYTES if hashed is None else hashed
        if hashed:
            require_hashes(folder, manifest, lambda name: name.endswith(_NATIVE))
        threading.Thread(target=analyser.warm_up, name="analyser", daemon=True).start()  # read beside all the rest
        parts = read_parts(folder, manifest)
        memory_map.expect_random(parts.embeddings)
        for defect in defects(parts):
            raise BundleError(f"{folder}: {defect.found}", defect.expected, layout.REBUILD)
        index, manifest = _usable_index(folder, manifest, parts)
        meaning, lexicon = read_meaning(folder, manifest, parts.size), read_lexicon(folder, manifest)
        if hashed:
            require_hashes(folder, manifest, lambda name: not name.endswith(_NATIVE))
        for defect in contradictions(replace(parts, manifest=manifest), index):
            raise BundleError(f"{folder}: {defect.found}", defect.expected, layout.REBUILD)
        doubted = inconsistencies(parts, meaning, lexicon)
        for sentence in doubted.values():
            _LOG.warning("%s: %s", folder, sentence)
        return cls(
            path=folder,
            manifest=manifest,
            stickers=StickerTable(parts.stickers),
            ids=tuple(tables.column(parts.stickers, "id")),
            interactions=InteractionTable(parts.interactions),
            people=tables.people_from_table(parts.people),
            embeddings=parts.embeddings,
            style_mean=parts.style_mean,
            style_precision=parts.style_precision,
            styles=tables.styles_from_table(parts.clusters, parts.centroids, parts.mean_lengths, parts.style_precision),
            utility_counts=parts.utility_counts,
            map_xy=parts.map_xy,
            index=index,
            places=parts.places,
            settings=settings_from_json(manifest["settings"]),
            evaluation=parts.evaluation,
            meaning=meaning,
            lexicon=lexicon,
            settings_words=settings_from_json(manifest["settings_words"]) if "settings_words" in manifest else None,
            hashed=hashed,
            doubts=doubted,
            sends=InteractionTable(parts.sends) if parts.sends is not None else None,
            context=context_settings_from_json(manifest.get("context", {})),
        )

    @property
    def name(self) -> str:
        return str(self.manifest["name"])

    @property
    def licence(self) -> str:
        return str(self.manifest["licence"])

    @property
    def simulated(self) -> bool:
        """Return whether people and clicks are simulated, which the page has to say."""
        return bool(self.manifest["simulated"])

    @property
    def provenance(self) -> Mapping[str, Any]:
        """Stage -> model, revision, parameters, seeds, versions, seconds."""
        return dict(self.manifest["provenance"])

    @property
    def gates(self) -> Mapping[str, Any]:
        """Name -> value, goal, cases, passed."""
        return dict(self.manifest["gates"])

    @property
    def notes(self) -> Text:
        """Notes that a reader of the page must know; empty texts without any."""
        return Text(self.manifest["notes"], self.manifest.get("notes_zh", self.manifest["notes"]))

    @property
    def content_hash(self) -> str:
        """Equal for two bundles with the same files, whatever their provenance."""
        return str(self.manifest["content_hash"])

    @property
    def words_settings(self) -> SearchSettings:
        """The settings of the paper's mode, a search by words alone: those chosen for it, else `settings` without
        meaning.
        """
        return by_words(self.settings) if self.settings_words is None else self.settings_words

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """Sticker id -> row."""
        return {name: row for row, name in enumerate(self.ids)}

    @cached_property
    def tie(self) -> NDArray[np.intp]:
        """Place (N,) of each row in the order of ids, which breaks every tie."""
        place = np.empty(len(self.ids), np.intp)
        place[sorted(range(len(place)), key=self.ids.__getitem__)] = np.arange(len(place))
        return place

    @cached_property
    def interactions_by_user(self) -> Mapping[str, tuple[Interaction, ...]]:
        """Person -> their training interactions (train and validation), in stored order."""
        grouped: dict[str, list[Interaction]] = {}
        for interaction in self.interactions.training:
            grouped.setdefault(interaction.user, []).append(interaction)
        return {user: tuple(interactions) for user, interactions in grouped.items()}

    @cached_property
    def sends_by_user(self) -> Mapping[str, tuple[Interaction, ...]]:
        """Person -> their sends with contexts in training (train and validation), in stored order."""
        grouped: dict[str, list[Interaction]] = {}
        for sent in self.sends.training if self.sends is not None else ():
            grouped.setdefault(sent.user, []).append(sent)
        return {user: tuple(sends) for user, sends in grouped.items()}

    @cached_property
    def domains(self) -> tuple[str, ...]:
        """The domains in which anybody sent something in training, the most used first, ties by name."""
        sends = (sent for own in self.sends_by_user.values() for sent in own)
        counts = Counter(sent.context.domain for sent in sends if sent.context and sent.context.domain)
        return tuple(sorted(counts, key=lambda domain: (-counts[domain], domain)))

    @cached_property
    def known_people(self) -> frozenset[str]:
        """The ids of everybody the bundle knows: described, or only seen clicking in training."""
        return frozenset(person.id for person in self.people) | frozenset(self.interactions_by_user)

    @cached_property
    def training_queries(self) -> tuple[tuple[str, int], ...]:
        """Distinct training queries with their number of clicks, most clicked first, ties by text."""
        clicks = Counter(interaction.query for interaction in self.interactions.training)
        return tuple(sorted(clicks.items(), key=lambda pair: (-pair[1], pair[0])))

    @cached_property
    def relevant(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """(person, query) -> the stickers clicked in the test split."""
        grouped: dict[tuple[str, str], set[str]] = {}
        for interaction in self.interactions["test"]:
            grouped.setdefault((interaction.user, interaction.query), set()).add(interaction.sticker)
        return {key: frozenset(clicked) for key, clicked in grouped.items()}

    def favourites(self, user: str, top: int) -> tuple[str, ...]:
        """The `top` stickers that a person clicked most in training, ties by id; none for an unknown person."""
        clicks = Counter(interaction.sticker for interaction in self.interactions_by_user.get(user, ()))
        return tuple(sorted(clicks, key=lambda sticker: (-clicks[sticker], sticker))[:top])

    def test_clicks(self) -> pa.Table:
        """The place of every test click in every ranking (docs/bundle.md), mapped; BundleError where there is no such
        table, or it is damaged.
        """
        if layout.CLICKS not in self.manifest["files"]:
            raise BundleError(f"No {layout.CLICKS}", "an evaluated bundle", "Run `python -m precompute evaluate`.")
        return tables.read_clicks(plain(self.path, layout.CLICKS))

    def read_ahead(self) -> None:
        """Read the files that searches touch once from the disk, so that no search waits for it; seconds where it is
        cold.

        Only the kernel's page cache holds them then: a machine that needs that memory will read again.
        """
        for name in self.manifest["files"]:
            if name in (layout.EMBEDDINGS, layout.MEANING_VECTORS) or name.startswith(f"{layout.INDEX}/"):
                memory_map.read_ahead(self.path / name)

    def picture(self, sticker_id: str) -> bytes:
        """Read the picture of a known sticker, from its file or shard. DataError for a sticker without one."""
        row = self.row_of[sticker_id]
        image = self.stickers[row].image
        if not image:
            raise DataError(f"Sticker {sticker_id} has no picture", "a sticker with a picture", "Choose another one.")
        if self.places is None:
            return plain(self.path, image).read_bytes()
        return read_picture(self.path, *(self.places.column(name)[row].as_py() for name in self.places.column_names))

    def image_path(self, sticker_id: str) -> Path:
        """The picture file of a known sticker. DataError where pictures lie in shards, which `picture` reads."""
        if self.places is not None:
            raise DataError("A picture in shards has no file of its own", "a folder of pictures", "Use Bundle.picture.")
        return plain(self.path, self.stickers[self.row_of[sticker_id]].image)

    def model_path(self, name: str) -> Path | None:
        """The path of a file under models/; None where the bundle has none of that name."""
        relative = f"{layout.MODELS}/{name}"
        return plain(self.path, relative) if relative in self.manifest["files"] else None


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read bundle.json in today's format, and check that it has every key and its own hash, and that every file is
    plain, inside the folder and as large as stated.
    """
    if not folder.is_dir():
        raise BundleError(
            f"No folder {folder}", "the folder of a feature bundle", "Check the path, or run `make bundle`."
        )
    written = layout.read_json(folder / layout.MANIFEST)
    manifest = layout.migrate(dict(written))
    for key, kind in layout.MANIFEST_KEYS.items():
        if not isinstance(manifest.get(key), kind):
            found = f"bundle.json has {key} = {manifest.get(key)!r}"[:200]
            raise BundleError(found, f"a {kind.__name__}", layout.REBUILD)
    if written["manifest_sha256"] != layout.manifest_hash(written):
        raise BundleError(f"{folder / layout.MANIFEST} was changed after it was written", _WRITTEN, layout.REBUILD)
    files = manifest["files"]
    for name in (*layout.REQUIRED, *files):
        size = layout.stated_size(files, name)
        try:
            actual = os.lstat(f"{folder}/{name}").st_size
        except OSError:
            raise BundleError(f"{folder} lacks {name}", "every file of bundle.json", layout.REBUILD) from None
        if actual != size:
            raise BundleError(f"{folder / name} has {actual} bytes", f"{size} bytes", layout.REBUILD)
    return manifest


def hashed_bytes(manifest: Mapping[str, Any]) -> int:
    """The bytes that `require_hashes` reads."""
    return sum(entry["bytes"] for name, entry in manifest["files"].items() if not layout.is_picture(name))


def require_hashes(folder: Path, manifest: Mapping[str, Any], among: Callable[[str], bool]) -> None:
    """Raise a BundleError where a file other than a picture has other bytes than were written. among: the paths that
    are looked at.
    """
    for name, entry in manifest["files"].items():
        if among(name) and not layout.is_picture(name) and layout.sha256_of(folder / name) != entry["sha256"]:
            raise BundleError(f"{folder / name} has another SHA-256 than bundle.json states", _WRITTEN, layout.REBUILD)


def read_parts(folder: Path, manifest: Mapping[str, Any], thorough: bool = False) -> Parts:
    """Read tables and arrays, memory-mapped, and the evaluation, without checking them."""

    def optional(name: str) -> NDArray[Any] | None:
        return read_array(folder / name) if name in manifest["files"] else None

    return Parts(
        path=folder,
        manifest=manifest,
        stickers=tables.read_stickers(folder / layout.STICKERS),
        interactions=tables.read_table(folder / layout.INTERACTIONS, tables.INTERACTION_SCHEMA),
        people=tables.read_table(folder / layout.PEOPLE, tables.PERSON_SCHEMA),
        clusters=tables.read_table(folder / layout.CLUSTERS, tables.CLUSTER_SCHEMA),
        embeddings=read_array(folder / layout.EMBEDDINGS),
        style_mean=optional(layout.STYLE_MEAN),
        style_precision=optional(layout.STYLE_PRECISION),
        centroids=read_array(folder / layout.CENTROIDS),
        mean_lengths=optional(layout.MEAN_LENGTHS),
        utility_counts=read_array(folder / layout.UTILITY_COUNTS),
        map_xy=optional(layout.MAP),
        places=tables.read_table(folder / layout.PICTURES, tables.PICTURE_SCHEMA)
        if layout.PICTURES in manifest["files"]
        else None,
        evaluation=layout.read_json(folder / layout.EVALUATION),
        sends=tables.read_table(folder / layout.SENDS, tables.SEND_SCHEMA)
        if layout.SENDS in manifest["files"]
        else None,
        thorough=thorough,
    )


def _usable_index(folder: Path, manifest: dict[str, Any], parts: Parts) -> tuple[dict[str, FieldIndex], dict[str, Any]]:
    """The index, and the manifest that describes it. One by another analyser is made anew in memory, within seconds,
    where the catalogue is small; BundleError where it is not.
    """
    made_by = manifest["index"].get("analyser")
    if made_by == analyser.ANALYSER_VERSION or parts.size > QUICK_ROWS:
        return read_index(folder, manifest, parts.size), manifest
    _LOG.warning("%s: indexed by analyser %r, so its index is made anew. To keep it: %s", folder, made_by, REINDEX)
    parameters = todays_parameters(manifest)
    index = {name: index_of(parts.stickers, name, parameters[name]) for name in FIELDS}
    return index, {**manifest, "index": index_statement(parameters)}


def read_index(folder: Path, manifest: Mapping[str, Any], size: int, thorough: bool = False) -> dict[str, FieldIndex]:
    """Read field -> BM25 index; BundleError unless it is by today's analyser and covers `size` stickers."""
    made_by = manifest["index"].get("analyser")
    if made_by != analyser.ANALYSER_VERSION:
        raise BundleError(
            f"The index was made by analyser {made_by!r}", f"analyser {analyser.ANALYSER_VERSION!r}", REINDEX
        )
    index = {}
    for name in FIELDS:
        if name == tables.NAMES and not any(each.startswith(f"{layout.INDEX}/{name}/") for each in manifest["files"]):
            index[name] = FieldIndex.empty(size)
            continue
        try:
            loaded = FieldIndex.load(folder / layout.INDEX / name, thorough or size <= QUICK_ROWS)
        except DAMAGED as error:
            raise BundleError(f"The index of {name} cannot be read: {error}", "an index", layout.REBUILD) from error
        if loaded.size != size:
            raise BundleError(f"The index of {name} covers {loaded.size} stickers", f"{size}", layout.REBUILD)
        parts = {part: getattr(loaded, part).view(np.ndarray) for part in ("indptr", "rows", "impacts")}
        index[name] = replace(loaded, **parts)
    return index
