"""The size of a query: characters after NFKC, and tokens."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persrv.errors import QueryError
from persrv.query import MAX_QUERY
from persrv.text.analyser import analyse
from persrv.text.query_size import MAX_TOKENS, characters, check_size, is_searchable

HAN = "".join(map(chr, range(0x4E00, 0x4E00 + MAX_QUERY)))


@pytest.mark.parametrize(
    "query", ["", "x" * MAX_QUERY, "哈" * MAX_QUERY, " " * 9000 + "hi", HAN[:250], "e\u0301" * MAX_QUERY]
)
def test_what_fits_is_searched(query: str) -> None:
    check_size(query)
    assert is_searchable(query)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("x" * 501, "501 characters"),
        ("㍿" * 126, "504 characters"),
        ("ﷺ" * 28, "504 characters"),
        ("㍿" * 500, "2000 characters"),
        ("哈" * 10_000, "10000 characters"),
        ("e\u0301" * 501, "501 characters"),
        (HAN, f"{2 * MAX_QUERY - 1} words"),
        (HAN[:400], "799 words"),
    ],
)
def test_what_does_not_is_refused(query: str, found: str) -> None:
    with pytest.raises(QueryError, match=found):
        check_size(query)
    assert not is_searchable(query)


@given(st.text(max_size=300))
def test_the_quick_look_never_lets_too_much_through(query: str) -> None:
    fits = len(unicodedata.normalize("NFKC", query.strip())) <= MAX_QUERY and len(analyse(query)) <= MAX_TOKENS
    assert is_searchable(query) == fits


@pytest.mark.parametrize(
    "sign", ["哈哈哈好", "中华人民共和国", "上海自来水来自海上", "c++", "a1", "+1", "👩‍💻", "café", "がく", "ㄱ", "ก"]
)
def test_no_character_has_more_than_three_tokens(sign: str) -> None:
    text = (sign * 200)[:200]
    assert len(analyse(text)) <= 3 * characters(text)
