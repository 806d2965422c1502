"""Recall by Milvus against a server that rounds as badly as float32 allows, and orders equals as it likes.

Milvus Lite adds up in double precision, a cluster does not: this stand-in adds float32 numbers in random order. Since
it costs nothing, Hypothesis draws the catalogues as well, and few results at once make the proof work hard.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest
from engine_worlds import WORDS, awkward_bundle, question, slow_recall
from hypothesis import given, settings
from hypothesis import strategies as st

from persrv.bundle import Bundle
from persrv.engines.milvus import MilvusEngine
from persrv.engines.milvus.layout import GUARDED, ROW, TERMS, TOKENS, Layout, ask, stored_stickers
from persrv.ranking.bm25 import FieldIndex
from persrv.records import FIELDS

WEIGHTS = st.sampled_from([0.0, 1e-7, 0.1, 1 / 3, 1.0, 7.3, 1e6])


class RoundingServer:
    """Client of MilvusEngine over stickers in memory. requests: the number of searches."""

    def __init__(self, bundle: Bundle, seed: int) -> None:
        self.stickers = list(stored_stickers(bundle, Layout.of(bundle)))
        self.rng, self.requests = np.random.default_rng(seed), 0

    def search(
        self, collection: str, data: Sequence[Mapping[int, float]], filter: str, limit: int, **_: Any
    ) -> list[list[dict[str, Any]]]:
        self.requests += 1
        return [self.best(vector, filter, limit) for vector in data]

    def best(self, vector: Mapping[int, float], allowed: str, limit: int) -> list[dict[str, Any]]:
        found = []
        for sticker in self.stickers:
            shared = [dimension for dimension in vector if dimension in sticker[TERMS]]
            score = np.float32(0)
            for dimension in self.rng.permutation(shared).tolist():
                score += np.float32(vector[dimension]) * np.float32(sticker[TERMS][dimension])
            if score > 0 and lets_in(allowed, sticker):
                found.append({"distance": float(score), "entity": sticker})
        chance = {sticker[ROW]: self.rng.random() for sticker in self.stickers}
        return sorted(found, key=lambda hit: (-hit["distance"], chance[hit["entity"][ROW]]))[:limit]


def lets_in(allowed: str, sticker: Mapping[str, Any]) -> bool:
    """The filter, read as Python: the words it is made of mean the same there."""
    if not allowed:
        return True
    names = {name: sticker[name] for name in (ROW, TOKENS, GUARDED)}
    contains = lambda held, asked: bool(set(held) & set(asked))  # noqa: E731
    return bool(eval(re.sub(r"\bfalse\b", "False", allowed), {"array_contains_any": contains}, names))


@pytest.fixture(scope="module")
def toy(toy_bundle_path: Path) -> Bundle:
    return Bundle.open(toy_bundle_path)


@pytest.mark.slow
@settings(max_examples=200)
@given(st.data(), st.integers(0, 1000), st.integers(1, 30), st.integers(1, 12), st.integers(1, 40))
def test_whatever_the_server_rounds_the_best_are_the_best(
    toy: Bundle, data: st.DataObject, seed: int, stickers: int, size: int, most_results: int
) -> None:
    bundle = awkward_bundle(toy, seed, stickers)
    asked = data.draw(
        st.builds(
            question,
            tokens=st.lists(st.sampled_from([*WORDS, "unknown"]), max_size=5),
            weights=st.dictionaries(st.sampled_from(FIELDS), WEIGHTS, min_size=1),
            utility_weights=st.tuples(WEIGHTS, WEIGHTS, WEIGHTS),
            base=st.sampled_from([1e-12, 0.1, 1.0]),
        )
    )
    lambdas = data.draw(st.lists(WEIGHTS, min_size=1, max_size=2))
    engine = MilvusEngine(RoundingServer(bundle, seed), "nowhere", "stickers", bundle, most_results)  # type: ignore[arg-type]
    with mock.patch("persrv.engines.milvus.engine._SPARE", data.draw(st.sampled_from([0, 2]))):
        answers = engine.recall(asked, lambdas, size)
    for lambda_, answer in zip(lambdas, answers, strict=True):
        expected = slow_recall(bundle, asked, lambda_)
        assert (
            list(zip(answer.rows.tolist(), answer.relevance.tolist(), answer.scores.tolist(), strict=True))
            == (expected[:size])
        )
        assert len(answer.rows) <= answer.matched <= len(expected)


def test_equal_stickers_come_by_id_however_the_server_rounds_them(toy: Bundle) -> None:
    """Thirty stickers say the same word, and for some weights float32 makes all their scores too small."""
    bundle = awkward_bundle(toy, 4, 70)
    words = {
        "keywords": FieldIndex.build([["a"]] * 30 + [["g"]] * 40, idf="rank_bm25"),
        "ocr": FieldIndex.build([[]] * 30 + [["a"]] * 40, idf="rank_bm25"),
    }
    bundle = replace(bundle, index={**bundle.index, **words})
    too_small = 0
    for weight in np.linspace(0.1, 0.9, 17).tolist():
        asked = question(["a"], {"keywords": weight, "ocr": 1.0})  # the largest weight is 1 to the last bit
        server, expected = RoundingServer(bundle, 0), slow_recall(bundle, asked, 0.0)
        engine = MilvusEngine(server, "nowhere", "stickers", bundle)  # type: ignore[arg-type]
        with mock.patch("persrv.engines.milvus.engine._SPARE", 0):
            assert engine.recall(asked, [0.0], 3)[0].rows.tolist() == [row for row, _, _ in expected[:3]]
        given = server.best(ask(Layout.of(bundle), asked, 0.0, np.zeros(3, np.int64)).vector, "", 1)[0]["distance"]
        too_small += given < expected[0][2]
    assert too_small > 3, "float32 never rounds down: the world is too tame"


def test_one_request_is_enough_where_scores_differ(toy: Bundle) -> None:
    bundle = awkward_bundle(toy, 11, 300)
    server = RoundingServer(bundle, 0)
    engine = MilvusEngine(server, "nowhere", "stickers", bundle)  # type: ignore[arg-type]
    asked = question(["a", "b", "c", "d"], {"ocr": 1.0, "keywords": 0.7})  # the fields whose impacts are positive
    rows = engine.recall(asked, [0.0, 0.7], 20)[1].rows
    engine.vectors(rows)
    engine.impacts(asked.tokens, rows)
    assert server.requests == 1
    assert rows.tolist() == [row for row, _, _ in slow_recall(bundle, asked, 0.7)[:20]]


def test_utility_lets_nobody_in_who_is_not_asked_for(toy: Bundle) -> None:
    """Without the filter the most popular stickers, which lack the word, would come first."""
    bundle = awkward_bundle(toy, 11, 300)
    server = RoundingServer(bundle, 0)
    MilvusEngine(server, "nowhere", "stickers", bundle).recall(question(["g"]), [1e6], 5)  # type: ignore[arg-type]
    assert server.requests == 1
