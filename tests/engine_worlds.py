"""Small catalogues for every engine of recall, and the slow, obvious answer to any question about them.

The catalogues are made to be awkward: few words, so that scores are equal and a word in most texts has a negative or a
zero weight; ids in another order than the rows; stickers without any word; metrics without any count.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from persrv.bundle import Bundle
from persrv.ranking.bm25 import FieldIndex
from persrv.ranking.recall_contract import Question
from persrv.records import FIELDS

WORDS = ("a", "b", "c", "d", "e", "f", "g")


def awkward_bundle(like: Bundle, seed: int, size: int) -> Bundle:
    """A bundle of `size` random stickers; what no engine asks for stays that of `like`."""
    rng = np.random.default_rng(seed)
    chances = np.array([0.7, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02])

    def text(share: float) -> list[str]:
        words = [word for word, p in zip(WORDS, chances, strict=True) for _ in range(rng.binomial(2, p * share))]
        return [str(word) for word in rng.permutation(words)]

    index = {
        field: FieldIndex.build([text(share) for _ in range(size)])
        for field, share in zip(FIELDS, (1.0, 0.6, 0.3, 0.0, 0.1, 0.05), strict=True)
    }
    # what idf's floor makes of words in most texts, where it is below 0, and where it is 0: they match all the same
    for field, sign in (("description", -1), ("queries", 0)):
        impacts = index[field].impacts
        often = np.repeat(np.arange(len(index[field].columns)), np.diff(index[field].indptr)) % 2 == 0
        index[field] = replace(index[field], impacts=np.where(often, sign * impacts, impacts))
    clicked = rng.random(size) < 0.3
    counts = np.where(clicked[:, None], rng.integers(0, 5, (size, 3)), 0).astype(np.int32)
    counts[:, 2] *= seed % 2  # in every other world nobody's queries were counted
    vectors = rng.standard_normal((size, 8))
    return replace(
        like,
        manifest={**like.manifest, "content_hash": f"awkward {seed} {size}"},
        ids=tuple(f"{name:03d}" for name in rng.permutation(size).tolist()),
        index=index,
        utility_counts=counts,
        embeddings=(vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16),
    )


def impact(bundle: Bundle, field: str, token: str, row: int) -> float | None:
    """Impact of a token on a sticker in a field, None if the sticker lacks the token."""
    rows, impacts = bundle.index[field].postings(token)
    found = np.flatnonzero(rows == row)
    return float(impacts[found[0]]) if len(found) else None


def slow_utility(bundle: Bundle, weights: Sequence[float], base: float, row: int) -> float:
    """Eq. 4 and 5 of one sticker, in single precision."""
    total = 0.0
    for metric, weight in enumerate(weights):
        column = [float(count) if count else base for count in bundle.utility_counts[:, metric].tolist()]
        total += math.sqrt(column[row] / max(column)) * weight
    return float(np.float32(total))


def slow_recall(bundle: Bundle, question: Question, lambda_: float) -> list[tuple[int, float, float]]:
    """(row, relevance, score) of every sticker that matches, best first, ties by id."""
    matching = []
    for row in range(len(bundle.ids)):
        relevance, matched = 0.0, False
        for field in FIELDS:
            weight = question.field_weights.get(field, 0.0)
            total = 0.0
            for token in question.tokens if weight > 0 else ():
                given = impact(bundle, field, token, row)
                if given is not None:
                    total, matched = total + given, True
            relevance += weight * total
        worth = slow_utility(bundle, question.utility_weights, question.utility_base, row)
        if matched:
            matching.append((row, relevance, relevance + lambda_ * worth))
    return sorted(matching, key=lambda each: (-each[2], bundle.ids[each[0]]))


def question(
    tokens: Sequence[str],
    weights: Mapping[str, float] | None = None,
    utility_weights: tuple[float, float, float] = (0.5, 0.3, 0.2),
    base: float = 0.1,
) -> Question:
    """A question with weight 1 for every field, unless said otherwise."""
    return Question(tuple(tokens), weights or dict.fromkeys(FIELDS, 1.0), utility_weights, base)
