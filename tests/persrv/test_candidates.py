"""The candidates of a query: what its rankings are computed from, before any weight."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import toy

from persrv.ranking import recall
from persrv.records import FIELDS, SearchSettings
from persrv.retriever import Retriever

NO_QUERIES = SearchSettings(field_weights={**dict.fromkeys(FIELDS, 1.0), "queries": 0.0})


def test_all_that_match_are_there_in_the_order_of_their_ids(toy_retriever: Retriever) -> None:
    found = toy_retriever.candidates("laugh laugh", "ann")
    assert found.ids == ("s01", "s02", "s03", "s04")
    assert found.tokens == ("laugh", "laugh")
    places, impacts = found.postings["ocr"]["laugh"]
    assert places.tolist() == [0, 1, 2, 3]
    assert impacts == pytest.approx(toy.WORD_BM25)
    assert found.postings["queries"]["laugh"][0].tolist() == [0, 1]
    assert found.postings["emotion"] == {}
    assert found.counts.tolist() == [[2, 1, 1], [3, 2, 2], [0, 0, 0], [0, 0, 0]]
    assert found.maxima.tolist() == [3, 2, 2]
    assert found.preference == pytest.approx([0.8, 0, 0, 0], abs=1e-3)  # float16
    assert found.complete


def test_a_field_that_does_not_count_is_there_all_the_same(toy_retriever: Retriever) -> None:
    found = toy_retriever.candidates("笑死", None, NO_QUERIES)
    assert found.ids == ("s02",)
    assert found.preference is None
    assert toy_retriever.search("笑死", None, NO_QUERIES).fallback


def test_postings_make_relevance(toy_retriever: Retriever) -> None:
    found = toy_retriever.candidates("laugh 晚安", "cleo")
    weights = {**dict.fromkeys(FIELDS, 1.0), "queries": 0.5}
    relevance, matched = recall.relevance(toy_retriever.bundle.index, found.tokens, weights)
    total = np.zeros(len(found.ids))
    for field, by_token in found.postings.items():
        bm25 = np.zeros(len(found.ids))
        for token in found.tokens:
            if token in by_token:
                places, impacts = by_token[token]
                bm25[places] += impacts
        total += weights[field] * bm25
    rows = [toy_retriever.bundle.row_of[name] for name in found.ids]
    assert total.tolist() == relevance[rows].tolist()
    assert len(rows) == np.count_nonzero(matched)


def test_a_small_recall_is_kept_with_and_without_utility_and_says_that_it_is_not_all(tmp_path: Path) -> None:
    few = replace(toy.OCR_ONLY, recall_size=1)
    retriever = Retriever(toy.write_toy(tmp_path))
    found = retriever.candidates("laugh", None, few)
    assert found.ids == ("s01", "s02")  # the first by id, the first by utility
    assert not found.complete


@pytest.mark.parametrize("query", ["", " ", "xyzzy"])
def test_nothing_matches_nothing(toy_retriever: Retriever, query: str) -> None:
    found = toy_retriever.candidates(query, "ann")
    assert (found.ids, found.complete) == ((), True)
