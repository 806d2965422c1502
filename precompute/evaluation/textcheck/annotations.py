"""StickerQueries as questions: the queries that people wrote for each sticker, one of each held out as the question."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from precompute.datasets import sticker_queries
from precompute.datasets.sticker_queries import plain


@dataclass(frozen=True, slots=True)
class Annotations:
    """queries: the distinct queries of each sticker, in the order of ids."""

    ids: tuple[str, ...]
    queries: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Draw:
    """held: the query of each sticker that is held out, None if it has only one; documents: its other queries."""

    ids: tuple[str, ...]
    documents: tuple[tuple[str, ...], ...]
    held: tuple[str | None, ...]


def read(path: Path) -> Annotations:
    """Read the CSV of a release; queries are normalised as the analyser does."""
    labels = sticker_queries.read(path)
    return Annotations(labels.ids, tuple(tuple(map(plain, queries)) for queries in labels.queries))


def draw(annotations: Annotations, number: int, seed: int) -> Draw:
    """Hold out the `number`-th query, modulo their count, in a random order of each sticker's queries."""
    documents, held = [], []
    for name, queries in zip(annotations.ids, annotations.queries, strict=True):
        order = np.random.default_rng((seed, _hash(name))).permutation(len(queries))
        out = queries[order[number % len(queries)]] if len(queries) > 1 else None
        held.append(out)
        documents.append(tuple(query for query in queries if query != out))
    return Draw(annotations.ids, tuple(documents), tuple(held))


def chooses(sticker: str) -> bool:
    """Return whether a sticker is in the half on which choices are made; the other half is reported. By a hash of its
    id.
    """
    return hashlib.sha256(sticker.encode()).digest()[0] % 2 == 0


def _hash(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
