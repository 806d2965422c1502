"""StickerQueries as questions: what people typed for each sticker, and one query of each held out as the question."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from precompute.datasets import sticker_queries
from precompute.datasets.sticker_queries import plain


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
    """The CSV of a release, its queries as the analyser normalises them."""
    labels = sticker_queries.read(path)
    return Annotations(labels.ids, tuple(tuple(map(plain, queries)) for queries in labels.queries))


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
