"""Sketches of texts: a few hundred bytes a text that tell roughly how near it is to a query, for a catalogue too large
to be looked at whole.

A unit vector is turned to the axes on which texts differ most, and the first of its numbers are kept twice: their
signs, a bit each, and their values, a byte each. All signs are looked at; the texts that they find are told apart by
their bytes; and whatever is shown or decides comes from the vectors themselves. The numbers of a query are whole
numbers of PLANES bits, so that its product with signs is a sum of counted bits, as in RaBitQ (Gao and Long 2024), here
on the axes that the catalogue has and not on random ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from persrv.errors import BundleError
from persrv.records import FloatArray
from persrv.sampling import evenly

#: Numbers of a vector that a sketch keeps as bytes and as signs, at most; bits of one number of a query.
MOST_AXES, MOST_SIGNS, PLANES = 512, 192, 5

#: The largest whole number by which a byte is multiplied: sums of 512 such products are far from what 32 bits hold.
_LARGEST_FACTOR = 8191

#: Words of 64 bits that signs take.
WORDS = MOST_SIGNS // 64

#: Texts that signs find for a query, about, shared by its readings; and texts that bytes leave of them, by those of the
#: first axes only.
BY_SIGNS, FOUND, FIRST_AXES = 8192, 1024, 192

#: Share of the parts of texts left out by sketches that is no longer than the stated length; and
#: standard deviations of rounding to bytes that are allowed for.
_SHARE, _DEVIATIONS = 0.999, 4

#: Share of the NEAREST texts nearest to a query that should be among the found ones, and texts tried as queries.
GOAL, NEAREST, TRIED = 0.98, 100, 200

#: Texts that the axes are learnt from, and texts that are turned in one go.
_LEARNT_FROM, _BATCH = 65_536, 16_384

#: The threshold of signs is found among one run in so many of so many texts.
ONE_IN, RUN = 8, 128


class SketchQuality(NamedTuple):
    """Measured quality of sketches. recall: the share of the 100 texts nearest to a text, by looking at all, that are
    found, mean over `queries` texts; bytes: of the signs of one text.
    """

    recall: float
    queries: int
    bytes: int


_KINDS = ["float32", "float32", "int8", "uint64"]


@dataclass(frozen=True, eq=False)
class Sketches:
    """The sketches of some texts' vectors.

    axes (width, d): orthonormal, float32; sizes (4, d), float32: where the middle of the texts lies on each axis, how
    far a text is from it in the mean, what one step of a byte is, and, the same on each, how long the part of a text is
    that lies outside the axes; steps (texts, d): from the middle, int8; signs (WORDS, texts): uint64, axis n is bit
    n % 64 of word n // 64, set where a text is not below the middle.
    """

    axes: FloatArray
    sizes: FloatArray
    steps: NDArray[np.int8]
    signs: NDArray[np.uint64]

    def tried(self, vectors: NDArray[np.floating[Any]]) -> SketchQuality:
        """Measure the quality of the sketches of unit rows (texts, width), with some of these rows as queries."""
        asked = np.array(evenly(range(len(vectors)), TRIED), np.int64)
        nearest = _nearest(vectors, asked, min(NEAREST, len(vectors) - 1))
        found = [self.near(np.asarray(vectors[text], np.float32)[None]) for text in asked.tolist()]
        kept = [np.isin(true, some).mean() for true, some in zip(nearest, found, strict=True) if len(true)]
        return SketchQuality(float(np.mean(kept)) if kept else 1.0, len(asked), 8 * WORDS)

    @classmethod
    def build(cls, vectors: NDArray[np.floating[Any]]) -> Sketches:
        """The sketches of unit rows (texts, width), at least one. The same vectors make the same sketches."""
        axes, middle = _axes(vectors)
        furthest, total = np.zeros(axes.shape[1], np.float32), np.zeros(axes.shape[1])
        outside = np.empty(len(vectors), np.float32)
        first = 0
        for turned in _turned(vectors, axes):
            outside[first : (first := first + len(turned))] = _outside(turned)
            away = np.abs(turned - middle)
            furthest, total = np.maximum(furthest, away.max(axis=0)), total + away.sum(axis=0)
        step = np.maximum(furthest, np.finfo(np.float32).tiny) / 127
        steps = np.empty((len(vectors), axes.shape[1]), np.int8)
        signs = np.empty((WORDS, len(vectors)), np.uint64)
        first = 0
        for turned in _turned(vectors, axes):
            part = slice(first, first := first + len(turned))
            steps[part] = np.rint((turned - middle) / step)
            signs[:, part] = _words((turned >= middle)[:, :MOST_SIGNS]).T
        left_out = np.full(len(step), np.quantile(outside, _SHARE))
        sizes = np.stack([middle, total / len(vectors), step, left_out]).astype(np.float32)
        return cls(axes, sizes, steps, signs)

    def __post_init__(self) -> None:
        """BundleError where the arrays contradict each other."""
        width, kept = self.axes.shape if self.axes.ndim == 2 else (0, 0)
        if (
            not 0 < kept <= min(width, MOST_AXES)
            or self.sizes.shape != (4, kept)
            or self.steps.shape != (len(self.steps), kept)
            or self.signs.shape != (WORDS, len(self.steps))
            or [each.dtype.name for each in (self.axes, self.sizes, self.steps, self.signs)] != _KINDS
            or not np.isfinite(self.axes).all()
            or not np.isfinite(self.sizes).all()
        ):
            shapes = ", ".join(str(each.shape) for each in (self.axes, self.sizes, self.steps, self.signs))
            raise BundleError(f"Sketches of texts of shapes {shapes}", "arrays of one catalogue", "Rebuild the bundle.")

    def ask(self, queries: FloatArray, sure: FloatArray) -> SketchQuestion:
        """Compose a question to sketches: unit rows (readings, width), each with a weight (readings,)."""
        turned = queries @ self.axes
        middle, mean, step, outside = self.sizes
        weighted = (turned * mean)[:, :MOST_SIGNS]
        scale = (2 ** (PLANES - 1) - 1) / np.maximum(np.abs(weighted).max(axis=1, keepdims=True), 1e-30)
        whole = np.rint(weighted * scale).astype(np.int64)
        planes = np.stack([_words((whole >> plane) & 1 == 1) for plane in reversed(range(PLANES))], axis=1)
        steps = sure[:, None] * turned * step
        scales = np.maximum(np.abs(steps).max(axis=1), 1e-30) / _LARGEST_FACTOR
        factors = np.rint(steps / scales[:, None]).astype(np.int16)
        base = (sure * (turned @ middle)).astype(np.float32)
        units = (sure / scale[:, 0]).astype(np.float32)
        starts = base - units * whole.sum(axis=1).astype(np.float32)
        rounding = _DEVIATIONS * np.sqrt(((turned * step) ** 2).sum(axis=1) / 12)
        error = float((_outside(turned) * outside[0] + rounding).max(initial=0))
        signs = AskedSigns(np.ascontiguousarray(planes), 2 * units, starts)
        return SketchQuestion(signs, factors, scales.astype(np.float32), base, error)

    def near(self, queries: FloatArray, most: int = FOUND) -> NDArray[np.int64]:
        """The numbers of the `most` texts nearest to any of some unit rows (readings, width), ascending."""
        return self.found(self.ask(queries, np.ones(len(queries), np.float32)), most=most)

    def found(
        self,
        asked: SketchQuestion,
        find: Callable[..., NDArray[np.int64]] | None = None,
        multiply: Callable[..., FloatArray] | None = None,
        most: int = FOUND,
    ) -> NDArray[np.int64]:
        """The numbers of the `most` texts nearest to a query, by any of its readings, ascending. find and multiply:
        faster ways than `by_signs` and `rough_products`.
        """
        texts = (find or by_signs)(self.signs, asked.signs, max(BY_SIGNS, most))
        if len(texts) <= most:
            return texts
        first = asked._replace(whole=np.ascontiguousarray(asked.whole[:, :FIRST_AXES]))
        likeness = (multiply or rough_products)(self.steps, texts, first)
        return texts[np.sort(np.argpartition(-likeness, most - 1)[:most])]


class AskedSigns(NamedTuple):
    """A query in the form in which signs are searched.

    planes (readings, PLANES, WORDS): the bits of its whole numbers, the highest first, which counts below 0; units
    (readings,): the likeness that one more of a text's score is worth; starts (readings,): that of a score of 0.
    """

    planes: NDArray[np.uint64]
    units: FloatArray
    starts: FloatArray


class SketchQuestion(NamedTuple):
    """A query in the form in which sketches are searched.

    whole (readings, d): factors of a text's bytes, in units of scales (readings,); base (readings,): the likeness of
    the middle; error: how far likeness by bytes may be from the exact one.
    """

    signs: AskedSigns
    whole: NDArray[np.int16]
    scales: FloatArray
    base: FloatArray
    error: float


def likeness_by_signs(signs: NDArray[np.uint64], asked: AskedSigns) -> FloatArray:
    """Estimate the likeness (n,) to the nearest reading by the signs (WORDS, n) of some texts; it may be below 0."""
    likeness = np.full(signs.shape[1], -np.inf, np.float32)
    for planes, unit, start in zip(*asked, strict=True):
        scores = np.zeros(signs.shape[1], np.int16)
        for number, plane in enumerate(planes):
            counted = np.bitwise_count(signs & plane[:, None]).sum(axis=0, dtype=np.int16)
            scores = 2 * scores + counted if number else -counted
        likeness = np.maximum(likeness, start + unit * scores.astype(np.float32))
    return likeness


def by_signs(signs: NDArray[np.uint64], asked: AskedSigns, most: int) -> NDArray[np.int64]:
    """The numbers, ascending, of the texts whose signs (WORDS, texts) are most like a query: about `most`, all where
    there are no more.
    """
    texts = signs.shape[1]
    if texts <= most:
        return np.arange(texts)
    likeness = likeness_by_signs(signs, asked)
    some = likeness[np.arange(texts) // RUN % ONE_IN == 0]
    return np.flatnonzero(likeness >= least_of_most(some, most / texts))


def least_of_most(likeness: FloatArray, share: float) -> np.float32:
    """The likeness that a share of some texts reaches."""
    place = len(likeness) - max(round(share * len(likeness)), 1)
    return np.float32(np.partition(likeness, place)[place])


def rough_products(steps: NDArray[np.int8], texts: NDArray[np.integer[Any]], asked: SketchQuestion) -> FloatArray:
    """Compute the rough likeness (n,) of some texts, by their bytes (texts, d), to the nearest reading; 0 where it is
    below.

    asked: with factors of the first axes only, where these are enough.
    """
    bytes_ = np.asarray(steps[texts, : asked.whole.shape[1]], np.float32)
    found = bytes_ @ np.ascontiguousarray(asked.whole.T, np.float32) * asked.scales + asked.base
    return np.asarray(np.maximum(found.max(axis=1), 0), np.float32)


def _axes(vectors: NDArray[np.floating[Any]]) -> tuple[FloatArray, FloatArray]:
    """(width, d) the axes on which rows (texts, width) differ most, the most first, each with its largest number above
    0; and the middle of the rows on them (d,).
    """
    few = np.asarray(vectors[evenly(range(len(vectors)), _LEARNT_FROM)], np.float32)
    mean = few.mean(axis=0)
    _, axes = np.linalg.eigh((few - mean).T @ (few - mean))
    axes = axes[:, ::-1][:, :MOST_AXES]
    largest = np.take_along_axis(axes, np.abs(axes).argmax(axis=0)[None], axis=0)
    axes = np.ascontiguousarray(axes * np.where(largest < 0, -1, 1), np.float32)
    return axes, mean @ axes


def _turned(vectors: NDArray[np.floating[Any]], axes: FloatArray) -> Iterator[FloatArray]:
    """Yield rows on some axes, _BATCH at a time."""
    for first in range(0, len(vectors), _BATCH):
        yield np.asarray(vectors[first : first + _BATCH], np.float32) @ axes


def _outside(turned: FloatArray) -> FloatArray:
    """The length (n,) of the part of unit rows that lies outside the axes they were turned to (n, d)."""
    return np.asarray(np.sqrt(np.maximum(1 - np.einsum("nd,nd->n", turned, turned), 0)), np.float32)


def _words(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """(n, WORDS) of bits (n, d), the first bit of a word being its lowest."""
    padded = np.zeros((len(bits), MOST_SIGNS), bool)
    padded[:, : bits.shape[1]] = bits
    return np.packbits(padded, axis=1, bitorder="little").view("<u8").astype(np.uint64)


def _nearest(vectors: NDArray[np.floating[Any]], asked: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """(asked, most) the numbers of the texts nearest to each of some texts, itself left out, by looking at all."""
    queries = np.asarray(vectors[asked], np.float32)
    best, numbers = np.zeros((len(asked), 0), np.float32), np.zeros((len(asked), 0), np.int64)
    for first in range(0, len(vectors), _BATCH):
        block = np.asarray(vectors[first : first + _BATCH], np.float32)
        products_ = queries @ block.T
        own = np.flatnonzero((asked >= first) & (asked < first + len(block)))
        products_[own, asked[own] - first] = -np.inf
        best = np.concatenate([best, products_], axis=1)
        here = np.broadcast_to(np.arange(first, first + len(block)), products_.shape)
        numbers = np.concatenate([numbers, here], axis=1)
        kept = np.argpartition(-best, min(most, best.shape[1] - 1), axis=1)[:, :most]
        best, numbers = np.take_along_axis(best, kept, axis=1), np.take_along_axis(numbers, kept, axis=1)
    return numbers
