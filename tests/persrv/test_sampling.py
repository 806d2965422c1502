"""Items at even distances."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persrv.sampling import evenly


@pytest.mark.parametrize(
    ("items", "most", "expected"),
    [("abcdef", 3, "ace"), ("abcde", 3, "abd"), ("ab", 3, "ab"), ("ab", 0, ""), ("", 3, "")],
)
def test_by_hand(items: str, most: int, expected: str) -> None:
    assert "".join(evenly(items, most)) == expected


@given(st.integers(0, 300), st.integers(0, 300))
def test_distances_differ_by_one_at_most(size: int, most: int) -> None:
    chosen = evenly(range(size), most)
    assert len(chosen) == min(size, most)
    assert chosen[:1] == [0] * bool(chosen)
    assert len({after - before for before, after in zip(chosen, [*chosen[1:], size], strict=False)}) <= 2
