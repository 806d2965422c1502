"""Cold start: the stickers to show somebody of whom nothing is known, and a description of the style they choose.

The style itself is fitted as everybody's (Retriever.live_style, Eq. 9), so a visitor who likes what a person of the
bundle clicked in training gets that person's rankings. This module chooses stickers that represent the whole catalogue
a page at a time (`spread`), and describes a style by the looks of the stickers nearest to it (`make_up`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from persrv.bundle import Bundle
from persrv.ranking.styles import StyleSpace, preference
from persrv.records import FloatArray, Sticker, UserStyle
from persrv.sampling import evenly

#: More likes than this are refused: a style is fitted anew for every search.
MOST_LIKES = 100

#: Stickers that stand for a large catalogue where a style is described, and where stickers to choose from are sought.
SAMPLE = 4096
SPREAD_SAMPLE = 1024

#: A style is described by this many stickers of the sample, and by a quarter of it where that is fewer.
DEPTH = 100


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A sample of a catalogue at even distances in the order of ids: n ids, and unit rows (n, d) in the style space."""

    ids: tuple[str, ...]
    vectors: FloatArray

    @property
    def depth(self) -> int:
        """The number of stickers of the sample that describe a style."""
        return min(DEPTH, -(-len(self.ids) // 4))


@dataclass(frozen=True, slots=True)
class MakeUp:
    """The description of a style: the ids of the stickers nearest to it, nearest first, and their looks.

    shares: (look, its share of `nearest`), largest first, ties by name; stickers without a look are in none.
    """

    nearest: tuple[str, ...]
    shares: tuple[tuple[str, float], ...]


def sample(bundle: Bundle, most: int = SAMPLE) -> Sample:
    """Sample at most `most` stickers of a catalogue, in the order of their ids."""
    ids = tuple(evenly(sorted(bundle.ids), most))
    rows = np.array([bundle.row_of[name] for name in ids], np.intp)
    return Sample(ids, StyleSpace(bundle.style_mean).project(np.asarray(bundle.embeddings[rows], np.float32)))


def spread(vectors: FloatArray, count: int) -> list[int]:
    """Choose rows of vectors (n, d) that represent all of them, by greedy facility location, in the order of choice.

    A set covers a vector as well as its nearest member does: max(0, cosine). The next row is the one that raises the
    sum over all vectors most (Nemhauser, Wolsey and Fisher 1978: at least 1 - 1/e of the best set), ties by row; so the
    first twelve are well spread, and the next twelve represent what the first leave out. At most n rows.
    """
    cosines = np.clip(vectors @ vectors.T, 0, None)
    covered = np.zeros(len(vectors), np.float32)
    chosen: list[int] = []
    for _ in range(min(count, len(vectors))):
        gains = np.clip(cosines - covered[:, None], 0, None).sum(axis=0, dtype=np.float64)
        gains[chosen] = -1
        best = int(gains.argmax())
        chosen.append(best)
        np.maximum(covered, cosines[:, best], out=covered)
    return chosen


def make_up(style: UserStyle, among: Sample, lookup: Callable[[str], Sticker]) -> MakeUp:
    """Describe a style by the stickers of a sample nearest to it (Eq. 9; ties in the order of ids)."""
    values, _ = preference(style, among.vectors)
    nearest = tuple(among.ids[place] for place in np.argsort(-values, kind="stable")[: among.depth].tolist())
    return MakeUp(nearest, shares([look_of(lookup(name)) for name in nearest]))


def look_of(sticker: Sticker) -> str:
    """The look of a sticker: its style label, else its series; "" where it has neither."""
    return sticker.labels.get("style") or sticker.series


def shares(looks: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """Pairs (look, its share of all looks), largest first, ties by name; "" counts towards all, and is left out."""
    counts = Counter(looks)
    told = sorted((name for name in counts if name), key=lambda name: (-counts[name], name))
    return tuple((name, counts[name] / len(looks)) for name in told)
