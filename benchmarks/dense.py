"""Dense reference of a search, computed without persrv's index, recall or utility: from the bundle's files, over every
sticker, in double precision, with ties by id. The analyser alone is shared, since it is what defines a token.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

#: Fields in the order in which relevance is added up.
FIELDS = ("ocr", "keywords", "description", "emotion", "queries")

_NOTHING = (np.empty(0, np.int32), np.empty(0, np.float32))


@dataclass(frozen=True, eq=False)
class Dense:
    """The lists of some tokens, and what ranking by them needs: counts (N, 3) of Eq. 1-3, ids in order (N,)."""

    lists: Mapping[str, Mapping[str, tuple[NDArray[np.int32], NDArray[np.float32]]]]
    counts: NDArray[np.int32]
    place: NDArray[np.intp]

    @classmethod
    def read(cls, folder: Path, tokens: Collection[str]) -> Dense:
        """Read a bundle, and keep the lists of these tokens only."""
        with pa.memory_map(str(folder / "tables/stickers.arrow")) as source:
            ids = pa.ipc.open_file(source).read_all().column("id").to_pylist()
        place = np.empty(len(ids), np.intp)
        place[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
        lists = {field: _lists(folder / "index" / field, set(tokens)) for field in FIELDS}
        return cls(lists, np.load(folder / "arrays/utility_counts.npy"), place)

    def relevance(
        self, tokens: Sequence[str], weights: Mapping[str, float]
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Weighted sum (N,) over fields of the sum over tokens, and mask (N,) of stickers that match in one."""
        total, matched = np.zeros(len(self.place)), np.zeros(len(self.place), bool)
        for field in FIELDS:
            if weights.get(field, 0.0) <= 0:
                continue
            part = np.zeros(len(self.place))
            for token in tokens:
                rows, impacts = self.lists[field].get(token, _NOTHING)
                part[rows] += impacts.astype(np.float64)
                matched[rows] = True
            total += weights[field] * part
        return total, matched

    def utility(self, weights: Sequence[float], base: float) -> NDArray[np.float64]:
        """Utility (N,) by Eq. 4 and 5, rounded to single precision as the contract of recall says."""
        counted = np.where(self.counts == 0, base, self.counts.astype(np.float64))
        parts = np.sqrt(counted / counted.max(axis=0)) * np.array(weights)
        summed: NDArray[np.float64] = (parts[:, 0] + parts[:, 1] + parts[:, 2]).astype(np.float32).astype(np.float64)
        return summed

    def best(
        self, tokens: Sequence[str], weights: Mapping[str, float], worth: NDArray[np.float64], lambda_: float, size: int
    ) -> tuple[list[int], list[float]]:
        """Rows and scores of the best matching stickers, best first, of equal scores the smaller id."""
        total, matched = self.relevance(tokens, weights)
        score = np.where(matched, total + lambda_ * worth, -np.inf)
        least = np.partition(score, len(score) - size)[len(score) - size] if size < len(score) else -np.inf
        rows = np.flatnonzero(matched & (score >= least))
        order = rows[np.lexsort((self.place[rows], -score[rows]))][:size]
        return order.tolist(), score[order].tolist()


def _lists(folder: Path, wanted: set[str]) -> dict[str, tuple[NDArray[np.int32], NDArray[np.float32]]]:
    known = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
    tokens = known["tokens"] if "tokens" in known else _decoded(folder)
    indptr, rows, impacts = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("indptr", "rows", "impacts"))
    return {
        token: (
            np.array(rows[indptr[column] : indptr[column + 1]]),
            np.array(impacts[indptr[column] : indptr[column + 1]]),
        )
        for column, token in enumerate(tokens)
        if token in wanted
    }


def _decoded(folder: Path) -> list[str]:
    text, ends = np.load(folder / "tokens_text.npy").tobytes(), np.load(folder / "tokens_ends.npy").tolist()
    return [text[start:end].decode() for start, end in zip([0, *ends[:-1]], ends, strict=True)]
