"""The layout of a bundle and its manifest (bundle.json): file names, canonical text, hashes, format migrations."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from persrv.errors import BundleError
from persrv.files import strict_json

FORMAT = 3

#: The format of a bundle that needs nothing of later ones: that is how it is written, so that older readers open it.
SMALL_FORMAT = 1

#: The format of a bundle that needs what a large catalogue adds, and of one whose stickers have names.
LARGE_FORMAT = 2
NAMED_FORMAT = 3
MANIFEST = "bundle.json"
EVALUATION = "evaluation.json"
EVALUATION_FILES = "evaluation"  # what evaluation.json is about, question by question

CLICKS = f"{EVALUATION_FILES}/clicks.arrow"

SPLITS: tuple[str, ...] = ("train", "validation", "test")

STICKERS = "tables/stickers.arrow"
INTERACTIONS = "tables/interactions.arrow"
SENDS = "tables/sends.arrow"  # who sent which sticker where and when; a bundle that knows no places has none
PEOPLE = "tables/people.arrow"
CLUSTERS = "tables/clusters.arrow"

EMBEDDINGS = "arrays/embeddings.npy"
STYLE_MEAN = "arrays/style_mean.npy"
STYLE_PRECISION = "arrays/style_precision.npy"
CENTROIDS = "arrays/centroids.npy"
MEAN_LENGTHS = "arrays/mean_lengths.npy"
UTILITY_COUNTS = "arrays/utility_counts.npy"
MAP = "arrays/map.npy"

LEXICON = "tables/lexicon.arrow"  # what the catalogue can say, for readings of a query
MEANING = "meaning"
MEANING_TEXTS = "meaning/texts.arrow"
MEANING_VECTORS = "meaning/vectors.npy"
MEANING_INDPTR = "meaning/indptr.npy"
MEANING_TEXT = "meaning/text.npy"
MEANING_FIELD = "meaning/field.npy"
MEANING_SKETCHES: tuple[str, ...] = (  # find near texts; a small catalogue has none
    "meaning/sketch_axes.npy",
    "meaning/sketch_sizes.npy",
    "meaning/sketch_steps.npy",
    "meaning/sketch_signs.npy",
)
MEANING_CODES = "meaning/codes.faiss"  # found them in bundles written before there were sketches

INDEX = "index"  # one folder a field below it
IMAGES = "images"
PICTURES = "tables/pictures.arrow"  # where each lies in the shards below images/, of which a small catalogue has none
MODELS = "models"

#: Models that only the chat's comparison asks: what their files' names begin with. No search depends on them.
COMPARED: tuple[str, ...] = ("retriever", "srs")

REQUIRED: tuple[str, ...] = (
    STICKERS,
    INTERACTIONS,
    PEOPLE,
    CLUSTERS,
    EMBEDDINGS,
    CENTROIDS,
    UTILITY_COUNTS,
    EVALUATION,
)

#: Keys that bundle.json must have, with the JSON type of each.
MANIFEST_KEYS: Mapping[str, type] = {
    "name": str,
    "licence": str,
    "simulated": bool,
    "notes": str,
    "created_by": str,
    "counts": dict,
    "settings": dict,
    "index": dict,
    "provenance": dict,
    "gates": dict,
    "files": dict,
    "content_hash": str,
    "manifest_sha256": str,
}

#: Step n turns a manifest of format n into one of format n + 1. Format 1 is the first. Format 2 adds what a large
#: catalogue needs (pictures in shards or none at all, vocabularies as arrays), format 3 the names of files as a field;
#: so any of an earlier format is one of a later.
MIGRATIONS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {
    1: lambda manifest: manifest,
    2: lambda manifest: manifest,
}

REBUILD = "Rebuild the bundle with `make bundle`, or fetch it again."


def is_index(name: str) -> bool:
    """Return whether a path of the manifest belongs to the index."""
    return name.startswith(f"{INDEX}/")


def is_picture(name: str) -> bool:
    """Return whether a path of the manifest is a picture, or a shard of them: opening neither reads nor hashes it."""
    return name.startswith(f"{IMAGES}/")


def is_sends(name: str) -> bool:
    """Return whether a path of the manifest is the table of sends."""
    return name == SENDS


def is_styles(name: str) -> bool:
    """Return whether a path of the manifest belongs to people's styles."""
    return name in {CLUSTERS, CENTROIDS, MEAN_LENGTHS, STYLE_PRECISION}


def is_understanding(name: str) -> bool:
    """Return whether a path of the manifest belongs to the meanings or the lexicon, by which queries are understood."""
    return name == LEXICON or name.startswith(f"{MEANING}/")


def is_compared(name: str) -> bool:
    """Return whether a path of the manifest belongs to a model that only the chat's comparison asks."""
    return name.startswith(tuple(f"{MODELS}/{each}." for each in COMPARED))


def has_large_vocabulary(files: Iterable[str]) -> bool:
    """Return whether an index keeps its tokens in arrays, which only format 2 knows."""
    return any(is_index(name) and "/tokens_" in name for name in files)


def is_safe(relative: str) -> bool:
    """Return whether a path of the manifest stays inside the bundle: relative, POSIX, no drive, no `..`, no NUL."""
    parts = relative.split("/")
    return not any(part in ("", ".", "..") for part in parts) and not any(c in relative for c in "\\:\0")


def stated_size(files: Mapping[str, Any], name: str) -> int:
    """The size in bytes that bundle.json states for a file; BundleError where its entry is missing or malformed."""
    if not is_safe(name):
        raise BundleError(f"bundle.json names the path {name!r}", "paths inside the bundle", REBUILD)
    entry = files.get(name)
    if (
        not isinstance(entry, dict)
        or not isinstance(entry.get("bytes"), int)
        or not isinstance(entry.get("sha256"), str)
    ):
        raise BundleError(f"bundle.json has no bytes and sha256 for {name}", "an entry for every file", REBUILD)
    size: int = entry["bytes"]
    return size


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def content_hash(files: Mapping[str, Mapping[str, Any]]) -> str:
    """Hash of every hashed file (path, bytes, sha256): equal for two rebuilds with the same content.

    Provenance (seconds, package versions) is only in bundle.json, which is not hashed here.
    """
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{len(path.encode())}:{path}:{files[path]['bytes']}:{files[path]['sha256']}\n".encode())
    return digest.hexdigest()


def canonical(document: Mapping[str, Any]) -> str:
    """Write a JSON document as its one canonical text: sorted keys, two spaces, real characters, no NaN, a newline at
    the end.
    """
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=2, allow_nan=False) + "\n"


def manifest_hash(manifest: Mapping[str, Any]) -> str:
    """SHA-256 of the manifest without its own `manifest_sha256`, so that bundle.json protects itself too."""
    rest = {key: value for key, value in manifest.items() if key != "manifest_sha256"}
    return hashlib.sha256(canonical(rest).encode()).hexdigest()


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object from a file; BundleError if it is none, or beyond the limits of persrv.files.strict_json."""
    try:
        document = strict_json.read_json(path)
    except FileNotFoundError:
        raise BundleError(
            f"No {path.name} in {path.parent}", "a feature bundle (a folder with bundle.json)", REBUILD
        ) from None
    except (OSError, ValueError) as error:
        raise BundleError(f"{path} cannot be read: {error}", "a JSON object in UTF-8", REBUILD) from error
    if not isinstance(document, dict):
        raise BundleError(f"{path} holds a {type(document).__name__}", "a JSON object", REBUILD)
    return document


def migrate(manifest: dict[str, Any]) -> dict[str, Any]:
    """Migrate a manifest to today's format by the numbered steps; BundleError for a newer format."""
    number = manifest.get("format")
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise BundleError(f"bundle.json has format {number!r}", f"a whole number up to {FORMAT}", REBUILD)
    if number > FORMAT:
        raise BundleError(
            f"This bundle has format {number}", f"format {FORMAT} or older", "Update PerSRV to read this newer bundle."
        )
    while number < FORMAT:
        step = MIGRATIONS.get(number)
        if step is None:
            raise BundleError(
                f"This bundle has format {number}", f"format {FORMAT}", f"No migration is known. {REBUILD}"
            )
        manifest = step(manifest)
        number += 1
    return manifest
