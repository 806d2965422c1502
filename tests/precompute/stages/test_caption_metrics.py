"""Keyword recall, token recall, cosine and BLEU by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from precompute.builds.base_captions import shares
from precompute.stages import caption_metrics as metrics


def test_keyword_recall_counts_queries_written_word_for_word() -> None:
    assert metrics.keyword_recall(["笑死我了", "lol"], ["笑死我了", "LOL", "哈哈"]) == pytest.approx(2 / 3)


def test_part_of_a_query_is_not_the_query() -> None:
    assert metrics.keyword_recall(["笑死"], ["笑死我了"]) == 0


def test_emoji_are_words_too() -> None:
    assert metrics.keyword_recall(["❤"], ["❤️"]) == 1


def test_token_recall_counts_what_bm25_can_match() -> None:
    # "哈哈" has the characters 哈 and the pair 哈哈; "so funny" has two words, of which one is written
    assert metrics.token_recall(["so"], ["so funny"]) == 0.5
    assert metrics.token_recall(["哈哈"], ["哈哈"]) == 1
    assert metrics.token_recall(["x"], ["哈哈"]) == 0


def test_no_queries_are_a_mistake_of_the_caller() -> None:
    for measure in (metrics.keyword_recall, metrics.token_recall):
        with pytest.raises(ValueError, match="No queries"):
            measure(["a"], [])


@given(st.lists(st.text("ab哈", min_size=1, max_size=3), min_size=1, max_size=5))
def test_writing_exactly_the_queries_recalls_all(queries: list[str]) -> None:
    assert metrics.keyword_recall(queries, queries) == 1


def test_bleu_is_one_for_the_reference_and_small_for_another_format() -> None:
    wanted = ["大笑，哈哈，笑死我了"]
    assert metrics.bleu(wanted, wanted) == pytest.approx(1)
    assert metrics.bleu(["这是一只正在开怀大笑的小猫"], wanted) < 0.2


def test_mean_cosine_by_hand() -> None:
    rows = {"a": [1.0, 0.0], "b": [0.0, 1.0]}

    def embed(texts: list[str]) -> np.ndarray:
        return np.array([rows[text] for text in texts], np.float32)

    assert metrics.mean_cosine(["a", "a"], ["a", "b"], embed) == 0.5


def test_shares_of_nothing_are_nothing() -> None:
    assert shares([]) == {}
    assert shares([{"style": True}, {"style": False}]) == {"style": 0.5}
