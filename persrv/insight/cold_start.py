"""Cold start: what is worth asking somebody of whom nothing is known, and what the style of their answers is made of.

The style itself is fitted as everybody's (Retriever.live_style, Eq. 9), so whoever likes what a person of the bundle
clicked in training gets that person's rankings. Here are the stickers to choose from (`spread`), which stand for the
whole catalogue a page at a time, and the make-up of a style (`make_up`): what the stickers nearest to it look like.
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
    """Stickers of a catalogue at even distances in the order of ids: n ids, and unit rows (n, d) in the style space."""

    ids: tuple[str, ...]
    vectors: FloatArray

    @property
    def depth(self) -> int:
        """How many stickers of the sample describe a style."""
        return min(DEPTH, -(-len(self.ids) // 4))


@dataclass(frozen=True, slots=True)
class MakeUp:
    """What a style looks like: the ids of the stickers nearest to it, nearest first, and their looks.

    shares: (look, share of `nearest` that has it), largest first, ties by name; stickers without a look are in none.
    """

    nearest: tuple[str, ...]
    shares: tuple[tuple[str, float], ...]


def sample(bundle: Bundle, most: int = SAMPLE) -> Sample:
    """All stickers of a catalogue of at most `most`, else as many of them; in the order of their ids."""
    ids = tuple(evenly(sorted(bundle.ids), most))
    rows = np.array([bundle.row_of[name] for name in ids], np.intp)
    return Sample(ids, StyleSpace(bundle.style_mean).project(np.asarray(bundle.embeddings[rows], np.float32)))


def spread(vectors: FloatArray, count: int) -> list[int]:
    """Rows of vectors (n, d) that stand for all of them: the greedy maximum of facility location, in its order.

    A set covers a vector as well as its nearest member does: max(0, cosine). The next row is the one that raises the
    sum over all vectors most (Nemhauser, Wolsey and Fisher 1978: at least 1 - 1/e of the best set), ties by row; so
    the first twelve are well spread, and the next twelve stand for what those leave out. At most n rows.
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
    """The stickers of a sample nearest to a style (Eq. 9; ties in the order of ids), and what they look like."""
    values, _ = preference(style, among.vectors)
    nearest = tuple(among.ids[place] for place in np.argsort(-values, kind="stable")[: among.depth].tolist())
    return MakeUp(nearest, shares([look_of(lookup(name)) for name in nearest]))


def look_of(sticker: Sticker) -> str:
    """How a catalogue calls what a sticker looks like: its style label, else its series; "" where it says neither."""
    return sticker.labels.get("style") or sticker.series


def shares(looks: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """(look, its share of all), largest first, ties by name; "" counts among all, and is not told."""
    counts = Counter(looks)
    told = sorted((name for name in counts if name), key=lambda name: (-counts[name], name))
    return tuple((name, counts[name] / len(looks)) for name in told)
