"""Sorted tokens in arrays against a dict, their slow twin."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from persrv.text.vocabulary import SortedTokens, prefixes_of, tokens_at

ALPHABET = st.sampled_from("ab一丁😂\0é")
TOKENS = st.text(ALPHABET, min_size=1, max_size=9) | st.text(st.sampled_from("ab"), min_size=7, max_size=12)


@given(st.sets(TOKENS, max_size=60), st.lists(TOKENS, max_size=20))
def test_it_is_the_dict_of_its_tokens(tokens: set[str], asked: list[str]) -> None:
    ordered = sorted(tokens)
    table, found = {token: place for place, token in enumerate(ordered)}, SortedTokens.of(ordered)
    assert dict(found) == table
    for token in [*ordered, *asked, "", "\ud800"] * 2:  # the second time remembered
        assert found.get(token) == table.get(token)
        assert (token in found) == (token in table)
        assert found.get(token, -1) == table.get(token, -1)
    places = list(range(len(ordered)))[::-2]
    assert tokens_at(found, places) == tokens_at(table, places) == ordered[::-2]
    assert found.problem() is None


def test_prefixes_are_eight_bytes_in_order() -> None:
    found = SortedTokens.of(["a", "ab", "一丁七", "一丁上"])
    first = (b"a\0\0\0\0\0\0\0", b"ab\0\0\0\0\0\0", "一丁七".encode()[:8], "一丁上".encode()[:8])
    assert found.prefixes.tolist() == [int.from_bytes(each) for each in first]
    assert 7 not in found


def test_arrays_that_are_no_vocabulary_are_told() -> None:
    sound = SortedTokens.of(["a", "abcdefghi", "abcdefghk", "b"])
    assert sound.problem() is None

    def of(text: bytes, ends: list[int]) -> str | None:
        array, places = np.frombuffer(text, np.uint8), np.array(ends, np.int64)
        return SortedTokens(array, places, prefixes_of(array, places)).problem()

    assert of(b"ab", [1, 2]) is None
    assert of(b"ba", [1, 2]) == "tokens are not sorted"
    assert of(b"aa", [1, 2]) == "tokens are repeated or not sorted"
    assert of(b"abcdefghkabcdefghi", [9, 18]) == "tokens are repeated or not sorted"
    assert of(b"ab", [2, 2]) == "tokens overlap or are empty"
    assert of(b"ab", [1]) == "tokens overlap or are empty"
    assert SortedTokens(sound.text, sound.ends, sound.prefixes + 1).problem() == "prefixes are not those of the tokens"
