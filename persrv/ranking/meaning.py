"""The meaning channel: how near a sticker's texts are to a query in the space of a sentence encoder.

Every distinct text of the catalogue has one unit vector; a sticker holds some of these texts, each in a field. The
likeness of a text is its cosine to the nearest reading of the query; a sticker's meaning is a soft maximum over its
texts, so that two texts that both fit say more than one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from persrv.arrays.few_rows import Columns
from persrv.arrays.memory_map import StoredRows
from persrv.errors import ModelError
from persrv.ranking import sketches
from persrv.ranking.near import Holders, NearTexts, Products, TextLikeness, products
from persrv.ranking.sketches import Sketches, SketchQuestion, by_signs, rough_products
from persrv.records import FIELDS, FloatArray, Likeness, MeaningText, Sticker
from persrv.text.folding import normalise

if TYPE_CHECKING:
    from scipy.sparse import csr_array

#: Trust in a text of each field to say what its sticker means: letters on the picture most, what a model
#: wrote of its looks least.
TRUST: Mapping[str, float] = {
    "ocr": 1.0,
    "keywords": 0.95,
    "queries": 0.95,
    "emotion": 0.9,
    "names": 0.9,
    "description": 0.85,
}

#: Sharpness of the soft maximum: at infinity it is the maximum.
SHARPNESS = 15.0

#: A catalogue of more stickers than these has codes of its texts.
CODES_ABOVE = 10_000

#: Entries of near texts that are looked at for candidates.
_LOOKED_AT = 65_536

#: Largest change of a sticker's likeness by those of its texts whose rough likeness will do.
TOLERANCE = 1e-5

#: Texts of one sticker that count, in the order of FIELDS; and characters of each.
MOST_TEXTS = 64
LONGEST_TEXT = 120

#: Field number -> place of its name in the alphabet, which breaks the last ties.
_ALPHABETICAL = np.argsort(np.argsort(FIELDS))

_APART = re.compile(r"[,，;；、。\n|]+")


def soft_maximum(values: NDArray[np.floating[Any]], starts: NDArray[np.int64], sharpness: float) -> FloatArray:
    """log(1 + sum(exp(sharpness x value) - 1)) / sharpness of each run of values; float32 (runs,).

    A single value is itself, and zeros add nothing, so a sticker is not near for having many texts. values (m,): in
    [0, 1]; starts (runs,): where each run begins, ascending; no run is empty.
    """
    return _of_sums(np.add.reduceat(np.expm1(sharpness * values), starts), sharpness)


def _of_sums(sums: NDArray[np.floating[Any]], sharpness: float) -> FloatArray:
    """The soft maximum of each run, from the sum of exp(sharpness x value) - 1 over its values."""
    return np.asarray(np.log1p(sums) / sharpness, np.float32)


def texts_of(sticker: Sticker) -> Iterator[tuple[str, str]]:
    """Pairs (field, text) of a sticker's own texts and of the texts about the sticker, each text once a field, at most
    MOST_TEXTS.

    Keywords and descriptions are cut at their commas; what the base model listed counts as description.
    """
    said: list[tuple[str, Iterable[str]]] = [
        ("ocr", (sticker.ocr,)),
        ("keywords", _APART.split(sticker.keywords)),
        ("description", (*_APART.split(sticker.description), *_APART.split(sticker.keywords_base))),
        ("emotion", _APART.split(sticker.emotion)),
        ("queries", sticker.queries),
        ("names", _with_words(_APART.split(sticker.names))),
    ]
    seen: set[tuple[str, str]] = set()
    for field, texts in said:
        for text in texts:
            plain = " ".join(normalise(text).split())[:LONGEST_TEXT]
            if plain and (field, plain) not in seen and len(seen) < MOST_TEXTS:
                seen.add((field, plain))
                yield field, plain


def _with_words(names: Sequence[str]) -> Iterator[str]:
    """Yield names, and then each word of those that have some: in a name, words stand side by side without grammar."""
    yield from names
    for name in names:
        words = name.split()
        yield from (word for word in words if len(words) > 1 and len(word) > 1)


@dataclass(frozen=True, eq=False)
class MeaningIndex:
    """The texts of N stickers and their vectors.

    texts: the distinct ones, sorted; vectors (texts, width): unit rows; indptr (N + 1): sticker n holds the entries
    from indptr[n] to indptr[n + 1]; text and field (entries,): which text, and in which of FIELDS; encoder: its name;
    codes: find near texts, None where all texts are looked at (sketches also tell how near the others are, roughly);
    problem: why they cannot be found in so many; stored: the vectors as a search reads some of them, None for mapped.
    """

    texts: Sequence[str]
    vectors: NDArray[np.floating[Any]]
    indptr: NDArray[np.int64]
    text: NDArray[np.int32]
    field: NDArray[np.int8]
    encoder: str
    codes: NearTexts | Sketches | None = None
    problem: ModelError | None = None
    stored: StoredRows | None = None

    @classmethod
    def gather(cls, stickers: Iterable[Sticker], encoder: str = "") -> MeaningIndex:
        """The texts of some stickers, in order, with vectors still to be made (`with_vectors`)."""
        indptr, said, fields = [0], [], []
        for sticker in stickers:
            for field, text in texts_of(sticker):
                said.append(text)
                fields.append(FIELDS.index(field))
            indptr.append(len(said))
        texts = sorted(set(said))
        at = {text: number for number, text in enumerate(texts)}
        return cls(
            texts,
            np.zeros((len(texts), 0), np.float16),
            np.array(indptr, np.int64),
            np.array([at[text] for text in said], np.int32),
            np.array(fields, np.int8),
            encoder,
        )

    def of(self, stickers: Iterable[Sticker], encode: Callable[[Sequence[str]], FloatArray]) -> MeaningIndex:
        """The meanings of other stickers by the same encoder, float16 vectors; only new texts are encoded."""
        other = MeaningIndex.gather(stickers, self.encoder)
        row_of = {text: row for row, text in enumerate(self.texts)}
        at = [row_of.get(text, -1) for text in other.texts]
        old = [number for number, row in enumerate(at) if row >= 0]
        new = [number for number, row in enumerate(at) if row < 0]
        vectors = np.zeros((len(other.texts), self.vectors.shape[1]), np.float16)
        if old:
            vectors[old] = self.vectors[[at[number] for number in old]]
        if new:
            vectors[new] = encode([other.texts[number] for number in new]).astype(np.float16)
        return replace(other, vectors=vectors)

    def score(
        self,
        queries: FloatArray,
        weights: Sequence[float],
        fields: Sequence[str] = FIELDS,
        sharpness: float = SHARPNESS,
        loops: Loops | None = None,
    ) -> Likeness:
        """Likeness to a query with some readings.

        queries (readings, width): unit rows; weights (readings,): how sure each reading is; fields: those that count;
        loops: None for numpy's. With codes, both parts of the answer look like arrays and are computed where they are
        looked at.
        """
        if self.codes is not None:
            loops, asked, rough = loops or Loops(), None, None
            if isinstance(self.codes, Sketches):
                asked = self.codes.ask(queries, np.asarray(weights, np.float32))
                found = self.codes.found(asked, loops.by_signs, loops.rough_products)
                rough = loops.rough_products(self.codes.steps, found, asked)
            else:
                found = self.codes.near(queries)
            texts = TextLikeness(self.stored or self.vectors, queries, weights, found, loops.products, rough)
            stickers = StickerLikeness(self, texts, fields, sharpness, asked, loops)
            # whoever asks looks numbers up, as in the arrays that they stand for
            return Likeness(cast(FloatArray, texts), cast(FloatArray, stickers))
        return self.likeness(self.cosines(queries), weights, fields, sharpness)

    def likeness(
        self,
        cosines: FloatArray,
        weights: Sequence[float],
        fields: Sequence[str] = FIELDS,
        sharpness: float = SHARPNESS,
    ) -> Likeness:
        """Likeness to a query with some readings, from their cosines (readings, texts) with every text."""
        sure = np.asarray(weights, np.float32)[:, None]
        of_text = np.maximum((sure * cosines).max(axis=0), 0).astype(np.float32)
        return Likeness(of_text, self.of_stickers(of_text, fields, sharpness))

    def cosines(self, queries: FloatArray) -> FloatArray:
        """Cosines (n, texts) of n unit rows with every text."""
        return queries @ self._columns

    def of_stickers(
        self, of_text: FloatArray, fields: Sequence[str] = FIELDS, sharpness: float = SHARPNESS
    ) -> FloatArray:
        """Likeness (N,) of every sticker, from that of every text (texts,), which is not negative."""
        # a text stands on many stickers: it is raised once a field, and added up for each of them
        field, text, held = self._pairs
        raised = np.expm1(sharpness * (_trust(fields)[field] * of_text[text]))
        return _of_sums(held @ raised, sharpness)

    def nearest(
        self, rows: Sequence[int], of_text: FloatArray, fields: Sequence[str] = FIELDS, most: int = 3
    ) -> list[tuple[MeaningText, ...]]:
        """The texts of some stickers nearest in meaning to the query: trusted likeness, best first, ties by text, at
        most `most` a sticker.
        """
        of_rows = np.asarray(rows, np.intp)
        first = self.indptr[of_rows]
        counts = self.indptr[of_rows + 1] - first
        places = np.arange(max(most, int(counts.max(initial=0))))
        held = places < counts[:, None]
        entries = (first[:, None] + places)[held]
        texts, fields_ = self.text[entries], self.field[entries]
        trusted = _trust(fields)[fields_] * of_text[texts]
        table = np.zeros(held.shape, np.float32)
        table[held] = trusted
        # few texts are as good as the last of the best, and only these are sorted
        least = np.maximum(np.partition(table, -most, axis=1)[:, -most], np.finfo(np.float32).tiny)
        kept = np.flatnonzero(trusted >= np.repeat(least, counts))
        owners, texts, fields_, trusted = np.nonzero(held)[0][kept], texts[kept], fields_[kept], trusted[kept]
        order = np.lexsort((_ALPHABETICAL[fields_], texts, -trusted, owners))
        first = np.searchsorted(owners, owners)  # owners ascend, and sorting leaves them so
        best = order[np.arange(len(order)) - first < most]
        found: list[list[MeaningText]] = [[] for _ in rows]
        for owner, field, text, value in zip(
            *(each[best].tolist() for each in (owners, fields_, texts, trusted)), strict=True
        ):
            found[owner].append(MeaningText(FIELDS[field], self.texts[text], value))
        return list(map(tuple, found))

    @cached_property
    def _columns(self) -> Columns:
        """(width, texts): the vectors as float32, once."""
        return Columns(self.vectors.T)

    @property
    def likeness_bytes(self) -> int:
        """Size in bytes of one answer of `score`, about."""
        if self.codes is None:
            return 4 * (len(self.texts) + len(self.indptr))
        return 12 * sketches.FOUND + 8 * self.vectors.shape[1]

    @cached_property
    def holders(self) -> Holders:
        """The stickers that hold each text."""
        return Holders(self.indptr, self.text, self.field, len(self.texts))

    @cached_property
    def _pairs(self) -> tuple[NDArray[np.intp], NDArray[np.intp], csr_array]:
        """Field and text (pairs,) of each pair of them that some entry is, and which pairs each sticker holds, 1 where
        it does (N, pairs).
        """
        from scipy.sparse import csr_array  # imported where it is needed: a large catalogue does without

        pairs, pair = np.unique(self.field.astype(np.intp) * len(self.texts) + self.text, return_inverse=True)
        shape = len(self.indptr) - 1, len(pairs)
        held = csr_array((np.ones(len(pair), np.float32), pair.astype(np.int32), self.indptr.astype(np.int32)), shape)
        return *np.divmod(pairs, max(1, len(self.texts))), held


def rough_stickers(
    index: MeaningIndex, rows: NDArray[np.integer[Any]], trust: FloatArray, sharpness: float, asked: SketchQuestion
) -> FloatArray:
    """Compute the rough likeness (n,) of some stickers, over all of their texts, by the bytes of these. trust: by
    number of the field.
    """
    assert isinstance(index.codes, Sketches)
    entries, starts, counts = runs_of(index.indptr, rows)
    likeness = np.zeros(len(counts), np.float32)
    if len(entries):
        texts, which = np.unique(index.text[entries], return_inverse=True)
        trusted = trust[index.field[entries]] * rough_products(index.codes.steps, texts, asked)[which]
        likeness[counts > 0] = soft_maximum(trusted, starts[counts > 0], sharpness)
    return likeness


def sums_of_holders(
    holders: Holders, texts: NDArray[np.int64], raised: FloatArray, most: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Rows and sums (n,) of the stickers that hold some texts. raised (texts, fields): what a text adds in each field;
    most: entries that are looked at, in the order of the texts.
    """
    owners, fields, which = holders.of(texts, most)
    rows, places = np.unique(owners, return_inverse=True)
    return rows.astype(np.int64), np.bincount(places, raised[which, fields], len(rows)).astype(np.float64)


class Loops(NamedTuple):
    """The inner loops of a search by meaning in a large catalogue: numpy's, or compiled ones that compute the same
    (persrv.engines.text_products).
    """

    products: Products = products
    by_signs: Callable[..., NDArray[np.int64]] = by_signs
    rough_products: Callable[..., FloatArray] = rough_products
    rough_stickers: Callable[..., FloatArray] = rough_stickers
    sums_of_holders: Callable[..., tuple[NDArray[np.int64], NDArray[np.float64]]] = sums_of_holders


class StickerLikeness:
    """Likeness to stickers, looked up by their rows like an array; each value is computed at its look-up."""

    def __init__(
        self,
        index: MeaningIndex,
        texts: TextLikeness,
        fields: Sequence[str],
        sharpness: float,
        asked: SketchQuestion | None,
        loops: Loops,
    ) -> None:
        self._index, self._texts = index, texts
        self._trust, self._sharpness = _trust(fields), sharpness
        self._asked, self._loops = asked, loops

    def __getitem__(self, rows: Sequence[int] | NDArray[np.integer[Any]]) -> FloatArray:
        """The likeness (n,) of n stickers, over all of their texts: to TOLERANCE, unless a text's rough likeness is off
        by more than sketches say.
        """
        entries, starts, counts = runs_of(self._index.indptr, rows)
        likeness = np.zeros(len(counts), np.float32)
        if len(entries):
            texts, trust = self._index.text[entries], self._trust[self._index.field[entries]]
            trusted = self._trusted(texts, trust, starts[counts > 0], counts[counts > 0])
            likeness[counts > 0] = soft_maximum(trusted, starts[counts > 0], self._sharpness)
        return likeness

    def _trusted(
        self, texts: NDArray[np.int32], trust: FloatArray, starts: NDArray[np.int64], counts: NDArray[np.int64]
    ) -> FloatArray:
        """The trusted likeness of each text of some stickers, which begin at `starts`: exact for those that matter
        beside the nearest text of their sticker, and for the others rough where that is known.
        """
        codes = self._index.codes
        if self._asked is None or not isinstance(codes, Sketches):
            return np.asarray(trust * self._texts[texts], np.float32)
        once, which = np.unique(texts, return_inverse=True)
        likeness = self._loops.rough_products(codes.steps, once, self._asked)
        trusted = trust * likeness[which]
        # a text `less` near than its sticker's nearest moves its sticker by exp(-sharpness x less) of its error at most
        error = self._asked.error
        less = np.log(np.maximum(counts * (error / TOLERANCE), 1)) / self._sharpness
        least = np.maximum.reduceat(trusted, starts) - 2 * error - less
        exact = np.unique(which[trusted >= np.repeat(least, counts)])
        likeness[exact] = self._texts[once[exact]]
        return np.asarray(trust * likeness[which], np.float32)

    def roughly(self, rows: NDArray[np.intp]) -> tuple[FloatArray, float] | None:
        """The likeness (n,) of n stickers and how far from it the exact one may be; None without sketches of texts."""
        if self._asked is None:
            return None
        return self._loops.rough_stickers(
            self._index, rows, self._trust, self._sharpness, self._asked
        ), self._asked.error

    def near(self, least: float) -> tuple[NDArray[np.intp], FloatArray]:
        """Find the rows (n,), in no order, of the stickers whose likeness by the found texts alone is `least` or more,
        and that likeness: the other texts of a sticker that is near add little. What thousands say alike is looked at
        up to _LOOKED_AT times, the nearest texts first.
        """
        order = np.argsort(-self._texts.of_found, kind="stable")
        found, likenesses = self._texts.found[order], self._texts.of_found[order]
        raised = np.expm1(self._sharpness * (self._trust * likenesses[:, None]))
        rows, sums = self._loops.sums_of_holders(self._index.holders, found, raised, _LOOKED_AT)
        near = np.flatnonzero(sums >= np.expm1(self._sharpness * least))
        likeness = np.asarray(np.log1p(sums[near].astype(np.float32)) / self._sharpness, np.float32)
        return rows[near].astype(np.intp, copy=False), likeness


def runs_of(
    indptr: NDArray[np.int64], rows: Sequence[int] | NDArray[np.integer[Any]]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Concatenate the entries of some rows: (entries, start of each row among them, number of entries of each row)."""
    of_rows = np.asarray(rows, np.intp)
    first = indptr[of_rows]
    counts = indptr[of_rows + 1] - first
    starts = np.cumsum(counts) - counts
    return np.arange(counts.sum()) + np.repeat(first - starts, counts), starts, counts


def _trust(fields: Sequence[str]) -> FloatArray:
    """TRUST by number of the field, 0 for a field that does not count."""
    return _trusted(tuple(fields))


@lru_cache(maxsize=64)
def _trusted(fields: tuple[str, ...]) -> FloatArray:
    return np.array([TRUST[name] if name in fields else 0.0 for name in FIELDS], np.float32)
