"""Recall, BLEU and cosine of one sticker's keywords: by hand, against sacrebleu, against the offline definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sacrebleu import corpus_bleu

from persrv.insight import caption_scores as scores
from persrv.text.analyser import analyse
from precompute.caption_record import SEPARATOR

WORDS = st.lists(st.text("ab哈笑 ，", max_size=4), max_size=5)


def test_recall_counts_queries_written_word_for_word() -> None:
    assert scores.keyword_recall(["笑死我了", "lol"], ["笑死我了", "ＬＯＬ", "哈哈"]) == pytest.approx(2 / 3)
    assert scores.keyword_recall(["笑死"], ["笑死我了"]) == 0
    with pytest.raises(ValueError, match="No queries"):
        scores.keyword_recall(["a"], [])


@given(WORDS, WORDS.filter(bool))
def test_recall_equals_the_slow_twin(keywords: list[str], queries: list[str]) -> None:
    found = [any(analyse(query) == analyse(keyword) for keyword in keywords) for query in queries]
    assert scores.keyword_recall(keywords, queries) == pytest.approx(sum(found) / len(queries))


def test_bleu_by_hand() -> None:
    # abcd against abce: 3 of 4 characters, 2 of 3 pairs, 1 of 2 threes, no four, which counts as half of one
    assert scores.bleu("abcd", "abce") == pytest.approx((3 / 4 * 2 / 3 * 1 / 2 * 1 / 2) ** 0.25)
    assert scores.bleu("abcd", "abcd") == pytest.approx(1)
    assert scores.bleu("abcd", "abcdefgh") == pytest.approx(math.exp(1 - 8 / 4))


@pytest.mark.parametrize(("written", "wanted"), [("", "abcd"), ("abc", "abc"), ("abcd", ""), ("abcd", "wxyz")])
def test_too_short_or_nothing_in_common_is_zero(written: str, wanted: str) -> None:
    assert scores.bleu(written, wanted) == 0


@given(st.text("ab哈笑 ，", max_size=12), st.text("ab哈笑 ，", max_size=12))
def test_bleu_is_sacrebleus(written: str, wanted: str) -> None:
    oracle = corpus_bleu([written], [[wanted]], tokenize="char").score / 100
    assert scores.bleu(written, wanted) == pytest.approx(oracle, abs=1e-9)


def test_a_text_as_long_as_its_reference_pays_no_penalty() -> None:
    assert scores.brevity_penalty(4, 4) == 1
    assert scores.brevity_penalty(2, 4) == pytest.approx(math.exp(-1))


def test_cosine_by_hand() -> None:
    rows = {"a": [1.0, 0.0], "b": [0.6, 0.8]}
    assert scores.cosine("a", "b", lambda text: np.array(rows[text], np.float32)) == pytest.approx(0.6)


def test_lists_are_joined_as_the_evaluation_joins_them() -> None:
    assert scores.SEPARATOR == SEPARATOR
