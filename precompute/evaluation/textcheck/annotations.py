"""StickerQueries as questions: what people typed for each sticker, and one query of each held out as the question."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from persrv.errors import DataError
from persrv.text import normalise

_COLUMNS = ("sticker_id", "labeled_queries")
_ADVICE = (
    "Pass the folder of a StickerQueries release (sticker_queries_zh_release.csv, sticker_queries_en_release.csv)."
)


@dataclass(frozen=True, slots=True)
class Annotations:
    """The distinct queries of each sticker, stickers in the order of ids."""

    ids: tuple[str, ...]
    queries: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Draw:
    """One query of each sticker held out (None where it has but one), the others are its document."""

    ids: tuple[str, ...]
    documents: tuple[tuple[str, ...], ...]
    held: tuple[str | None, ...]


def read(path: Path) -> Annotations:
    """The CSV of a release. Texts that differ in case, width or blanks only are one query: none may tell of another."""
    if not path.is_file():
        raise DataError(f"There is no file {path}", "a StickerQueries CSV", _ADVICE)
    queries: dict[str, dict[str, None]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if not set(_COLUMNS) <= set(rows.fieldnames or ()):
            raise DataError(f"{path} has the columns {rows.fieldnames}", " and ".join(_COLUMNS), _ADVICE)
        for row in rows:
            texts = filter(None, (plain(text) for text in (row["labeled_queries"] or "").split(",")))
            queries.setdefault(row["sticker_id"], {}).update(dict.fromkeys(texts))
    ids = tuple(sorted(name for name, texts in queries.items() if texts))
    return Annotations(ids, tuple(tuple(queries[name]) for name in ids))


def plain(query: str) -> str:
    """Normalised as the analyser does, with single blanks."""
    return " ".join(normalise(query).split())


def draw(annotations: Annotations, number: int, seed: int) -> Draw:
    """Draw `number` holds out the number-th query in a random order of each sticker's own, round and round."""
    documents, held = [], []
    for name, queries in zip(annotations.ids, annotations.queries, strict=True):
        order = np.random.default_rng((seed, _hash(name))).permutation(len(queries))
        out = queries[order[number % len(queries)]] if len(queries) > 1 else None
        held.append(out)
        documents.append(tuple(query for query in queries if query != out))
    return Draw(annotations.ids, tuple(documents), tuple(held))


def chooses(sticker: str) -> bool:
    """Whether choices are made on a sticker; all others are for reporting. About half and half, the same for ever."""
    return hashlib.sha256(sticker.encode()).digest()[0] % 2 == 0


def _hash(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
