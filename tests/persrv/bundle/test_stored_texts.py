"""Texts that are made when they are asked for are the texts of a list."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise

import pyarrow as pa
import pytest

from persrv.bundle.stored_tables import StoredTexts

TEXTS = ["", "Z", "a", "ab", "é", "哈", "哈哈", "\uffee", "😀"]


def stored(texts: list[str]) -> StoredTexts:
    return StoredTexts(pa.chunked_array([texts], pa.string()))


def test_texts_are_those_of_a_list() -> None:
    texts = stored(TEXTS)
    assert (len(texts), list(texts), texts[2:5], texts[3], texts[-1]) == (9, TEXTS, TEXTS[2:5], "ab", "😀")
    assert [bisect_left(texts, text) for text in TEXTS] == list(range(9))
    with pytest.raises(IndexError):
        texts[9]


@pytest.mark.parametrize("texts", [[], ["a"], TEXTS, ["a", "a"], ["b", "a"], ["\uffee", "😀", "哈"], ["ab", "a", "b"]])
def test_texts_ascend_in_the_order_of_their_characters(texts: list[str]) -> None:
    assert stored(texts).ascend == all(one < other for one, other in pairwise(texts))


def test_a_column_of_no_parts_holds_no_text() -> None:
    assert list(StoredTexts(pa.chunked_array([], pa.string()))) == []
