"""Joint postings score, match and explain as each field by itself, to the last bit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from persrv.ranking import explanation, recall
from persrv.ranking.bm25 import FieldIndex
from persrv.ranking.joint_postings import JointPostings, joint_postings

WORDS = "abcde"
documents = st.lists(st.lists(st.sampled_from(WORDS), max_size=4), min_size=4, max_size=4)
asked = st.lists(st.sampled_from(WORDS + "z"), max_size=6)


def fields(texts: Sequence[Sequence[Sequence[str]]]) -> Mapping[str, FieldIndex]:
    """Fields named by number, one of them without any text."""
    built = [FieldIndex.build(each, idf="rank_bm25") for each in texts]
    return {str(number): each for number, each in enumerate([*built, FieldIndex.empty(4)])}


@given(
    texts=st.lists(documents, min_size=1, max_size=3), tokens=asked, weights=st.lists(st.sampled_from((0.0, 0.3, 2)))
)
def test_relevance_is_that_of_the_definition(
    texts: list[list[list[str]]], tokens: list[str], weights: list[float]
) -> None:
    index = fields(texts)
    joint, chosen = JointPostings([*index.values()]), dict(zip(index, weights, strict=False))
    for found, expected in zip(
        joint.relevance(tokens, chosen, [*index]), recall.relevance(index, tokens, chosen), strict=True
    ):
        np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(joint.scores(tokens), [each.scores(tokens) for each in index.values()])


@given(texts=st.lists(documents, min_size=1, max_size=3), tokens=asked, rows=st.lists(st.integers(0, 3), max_size=5))
def test_impacts_are_the_postings(texts: list[list[list[str]]], tokens: list[str], rows: list[int]) -> None:
    index, wanted = fields(texts), np.array(rows, np.intp)
    found = JointPostings([*index.values()]).impacts(tokens, wanted)
    expected = recall.impacts(index, tokens, wanted)
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found, expected)


@given(
    texts=st.lists(documents, min_size=1, max_size=3),
    times=st.dictionaries(st.sampled_from(WORDS + "z"), st.integers(1, 3)),
    rows=st.lists(st.integers(0, 3), max_size=4, unique=True),
)
def test_what_is_given_is_summed_from_these_impacts(
    texts: list[list[list[str]]], times: dict[str, int], rows: list[int]
) -> None:
    joint, wanted = JointPostings([*fields(texts).values()]), np.array(rows, np.intp)
    tokens, counted = tuple(times), np.array([*times.values()], np.float64)
    found, expected = joint.given(tokens, counted, wanted), explanation.given(joint.impacts(tokens, wanted), counted)
    for part, expected_part in zip(found, expected, strict=True):
        np.testing.assert_array_equal(part, expected_part)


def test_holders_are_counted_in_the_field_where_most_are() -> None:
    index = fields([[["a"], ["a", "b"], [], ["a", "a"]], [["b"], ["b"], [], ["c"]]])
    joint = joint_postings(tuple(index.values()))
    assert [joint.holders(token) for token in "abcz"] == [3, 2, 1, 0]
    assert joint_postings(tuple(index.values())) is joint
