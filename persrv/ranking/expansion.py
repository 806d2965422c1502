"""Words that go with a query's words: spelled alike, or used by people for the same stickers. Off unless asked for.

People name one picture in many ways: who types "haha" may mean stickers that others called "lol". What different texts
of the same sticker say is therefore counted, as in statistical translation between queries and documents (Berger and
Lafferty 1999), and a query also looks, with less weight, for the words that its own words go with. A word that nobody
used stands for those spelled alike ("yesss" for "yes"). An expanded query is a weighted sum over the same BM25 impacts,
so each part of a score still has a readable word.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persrv.ranking.bm25 import FieldIndex
from persrv.records import FloatArray

#: Words alike by less than this cosine of their letter pairs and triples are not spelled alike.
ALIKE = 0.5

#: Pairs of words to hold before they are counted, when learning from many stickers.
_AT_ONCE = 8_000_000


@dataclass(frozen=True, slots=True)
class ExpansionSettings:
    """used, spelled: weight >= 0 of words used and spelled alike, 0: none; most: words used alike that a query gets."""

    used: float = 0.0
    spelled: float = 0.0
    most: int = 16


#: No expansion: the query's own words.
OFF = ExpansionSettings()

#: Chosen on StickerQueries (precompute/evaluation/textcheck).
CHOSEN = ExpansionSettings(used=0.5, spelled=0.5)


@dataclass(frozen=True, slots=True, eq=False)
class Expansion:
    """Related words of a catalogue's vocabulary. columns: word -> column, words sorted; the kin of column c are `kin`
    and `closeness` from indptr[c] to indptr[c + 1], closest first. letters: letter pair or triple -> (columns that hold
    it, its idf); lengths: Euclidean length of each column's letters (V,).
    """

    words: tuple[str, ...]
    columns: Mapping[str, int]
    indptr: NDArray[np.int64]
    kin: NDArray[np.int32]
    closeness: FloatArray
    letters: Mapping[str, tuple[NDArray[np.int32], float]]
    lengths: FloatArray

    @classmethod
    def learn(cls, stickers: Iterable[Sequence[Sequence[str]]], doubt: float = 5.0, most: int = 20) -> Expansion:
        """Learn `most` kin of a word from the tokens of each text of each sticker.

        doubt: how many stickers' worth of chance is taken off a closeness, see `closeness`.
        """
        texts = [[sorted(set(tokens)) for tokens in sticker] for sticker in stickers]
        words = tuple(sorted({word for sticker in texts for tokens in sticker for word in tokens}))
        columns = {word: column for column, word in enumerate(words)}
        rows = [[np.array([columns[word] for word in tokens], np.int64) for tokens in sticker] for sticker in texts]
        first, second, together = _count_pairs(rows, len(words))
        holders = np.bincount(
            np.concatenate([np.unique(np.concatenate(sticker)) for sticker in rows if sticker] or [np.zeros(0, int)]),
            minlength=len(words),
        )
        close = closeness(together, holders[first], holders[second], doubt) * rarity(holders, len(texts))[first]
        order = np.lexsort((second, -close, first))
        starts = np.searchsorted(first[order], np.arange(len(words)))
        kept = order[np.arange(len(order)) - starts[first[order]] < most]
        letters, lengths = _letters(words)
        return cls(
            words,
            columns,
            np.searchsorted(first[kept], np.arange(len(words) + 1)).astype(np.int64),
            second[kept].astype(np.int32),
            close[kept].astype(np.float32),
            letters,
            lengths,
        )

    def used_alike(self, word: str) -> dict[str, float]:
        """Words that go with a word -> closeness, closest first; empty for an unknown word."""
        column = self.columns.get(word)
        if column is None:
            return {}
        part = slice(self.indptr[column], self.indptr[column + 1])
        return {self.words[c]: float(x) for c, x in zip(self.kin[part], self.closeness[part], strict=True)}

    def spelled_alike(self, word: str) -> dict[str, float]:
        """Other words -> square of the cosine of their letters, where that cosine reaches ALIKE. Latin words only: the
        characters that Chinese words share are tokens by themselves.
        """
        if not _is_latin(word):
            return {}
        unseen = _idf(len(self.words), 0)
        length = 0.0
        shared = np.zeros(len(self.words))
        for piece in letter_pieces(word):
            holders, idf = self.letters.get(piece, (self.kin[:0], unseen))
            length += idf**2
            shared[holders] += idf**2
        near = np.flatnonzero(shared >= ALIKE * np.sqrt(length) * np.maximum(self.lengths, 1e-9))
        cosines = shared[near] / (np.sqrt(length) * self.lengths[near])
        return {self.words[c]: float(x) ** 2 for c, x in zip(near, cosines, strict=True) if self.words[c] != word}

    def expand(self, tokens: Iterable[str], settings: ExpansionSettings) -> dict[str, float]:
        """Word -> weight: 1 for each time the query says it, `spelled` and `used` of those that go with it.

        Words spelled alike bring their own kin along. Of the words used alike the `most` best are taken, ties by word.
        """
        weights: dict[str, float] = dict(Counter(tokens))
        if settings.spelled > 0:
            for word, times in tuple(weights.items()):
                for other, likeness in self.spelled_alike(word).items():
                    weights[other] = weights.get(other, 0.0) + settings.spelled * times * likeness
        if settings.used > 0:
            gains: dict[str, float] = {}
            for word, weight in weights.items():
                for other, near in self.used_alike(word).items():
                    gains[other] = gains.get(other, 0.0) + weight * near
            for other in heapq.nsmallest(settings.most, gains, key=lambda other: (-gains[other], other)):
                weights[other] = weights.get(other, 0.0) + settings.used * gains[other]
        return weights


def scores(index: FieldIndex, weights: Mapping[str, float]) -> FloatArray:
    """BM25 (N,) of every document for a weighted query; FieldIndex.scores where all weights are 1."""
    total = np.zeros(index.size, np.float32)
    for word, weight in weights.items():
        rows, impacts = index.postings(word)
        total[rows] += np.float32(weight) * impacts
    return total


def closeness(
    together: NDArray[np.int64], first: NDArray[np.int64], second: NDArray[np.int64], doubt: float
) -> NDArray[np.float64]:
    """together / (sqrt(first x second) + doubt): a cosine between two words, shrunk where few stickers speak for it.

    together: pairs of different texts of one sticker of which one holds the first word and one the second; first,
    second: stickers that hold each. It may exceed 1 where stickers have many texts.
    """
    return together / (np.sqrt(first * second) + doubt)


def rarity(holders: NDArray[np.int64], stickers: int) -> NDArray[np.float64]:
    """Weight of each word by its rarity, 0 to 1: its idf divided by the idf of a word that one sticker holds.

    Words related to "the" do not help a query that contains "the"; words related to "sleepy" do help.
    """
    rare = np.log((stickers + 1) / 1.5)
    return np.clip(np.log((stickers + 1) / (holders + 0.5)) / rare, 0.0, 1.0) if stickers else holders.astype(float)


def letter_pieces(word: str) -> set[str]:
    """Pairs and triples of the letters of a word with its ends marked.

    >>> sorted(letter_pieces("ok"))
    ['<o', '<ok', 'k>', 'ok', 'ok>']
    """
    marked = f"<{word}>"
    return {marked[at : at + size] for size in (2, 3) for at in range(len(marked) - size + 1)}


def _is_latin(word: str) -> bool:
    return word.isascii() and word.isalpha()


def _idf(words: int, holders: int) -> float:
    return float(np.log((words + 1) / (holders + 0.5)))


def _letters(words: Sequence[str]) -> tuple[dict[str, tuple[NDArray[np.int32], float]], FloatArray]:
    """Map each piece to its columns and idf; and give the Euclidean length of each word's idfs."""
    holders: dict[str, list[int]] = {}
    for column, word in enumerate(words):
        for piece in sorted(letter_pieces(word)) if _is_latin(word) else ():
            holders.setdefault(piece, []).append(column)
    letters = {piece: (np.array(found, np.int32), _idf(len(words), len(found))) for piece, found in holders.items()}
    squares = np.zeros(len(words))
    for found, idf in letters.values():
        squares[found] += idf**2
    return letters, np.sqrt(squares).astype(np.float32)


def _count_pairs(
    stickers: Sequence[Sequence[NDArray[np.int64]]], words: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """(first, second, together) of all ordered pairs of different words that different texts of a sticker hold."""
    codes: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
    times: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
    waiting = 0
    for texts in stickers:
        if len(texts) < 2:
            continue
        own, place = np.unique(np.concatenate(texts), return_inverse=True)
        holds = np.zeros((len(texts), len(own)), np.int64)
        holds[np.repeat(np.arange(len(texts)), [len(text) for text in texts]), place] = 1
        in_texts = holds.sum(0)
        together = np.outer(in_texts, in_texts) - holds.T @ holds
        np.fill_diagonal(together, 0)
        one, other = np.nonzero(together)
        codes.append(own[one] * words + own[other])
        times.append(together[one, other])
        waiting += len(one)
        if waiting > _AT_ONCE:
            merged = _sum_by_code(codes, times)
            codes, times, waiting = [merged[0]], [merged[1]], 0
    code, together = _sum_by_code(codes, times)
    first, second = np.divmod(code, max(words, 1))
    return first, second, together


def _sum_by_code(
    codes: Sequence[NDArray[np.int64]], times: Sequence[NDArray[np.int64]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    code, place = np.unique(np.concatenate(codes), return_inverse=True)
    return code, np.bincount(place, np.concatenate(times), minlength=len(code)).astype(np.int64)
