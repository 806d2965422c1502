"""Feedback: profiles of stickers, support by the first answers, and how support counts."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meant import understood

from persrv.ranking.feedback import ANSWERS, SHARPNESS, Profiles, centred, supported
from persrv.ranking.meaning import TRUST
from persrv.records import FIELDS

#: Three stickers that say the same, one that says half of it, one that says the opposite, one that says nothing.
VECTORS = np.array([[1, 0], [1, 0], [1, 0], [0.6, 0.8], [-1, 0], [0, 0]], np.float32)


def test_support_is_the_mean_cosine_with_the_first_answers() -> None:
    """Rows 0 and 3 answer equally well: the mean cosine of row 0 is (1 + .6) / 2."""
    found = Profiles(VECTORS).support(np.array([0.5, 0, 0, 0.5, 0, 0]))
    assert found == pytest.approx([0.8, 0.8, 0.8, 0.8, 0, 0])
    assert found.dtype == np.float32


def test_better_answers_count_more_by_the_exponential_of_their_score() -> None:
    found = Profiles(VECTORS).support(np.array([0.6, 0, 0, 0.5, 0, 0]))
    share = 1 / (1 + math.exp(-0.1 * SHARPNESS))
    assert found[0] == pytest.approx(share + 0.6 * (1 - share), abs=1e-6)


def test_answers_with_nothing_in_common_support_nobody() -> None:
    assert not Profiles(VECTORS).support(np.array([0.5, 0, 0, 0, 0.5, 0])).any()


def test_without_an_answer_nobody_is_supported() -> None:
    assert not Profiles(VECTORS).support(np.zeros(6)).any()


@given(st.lists(st.integers(0, 6), min_size=1, max_size=24), st.integers(0, 99))
def test_support_equals_its_definition(scores: list[int], seed: int) -> None:
    rows = np.random.default_rng(seed).normal(size=(len(scores), 3)).astype(np.float32)
    vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    answers = sorted((row for row, score in enumerate(scores) if score), key=lambda row: (-scores[row], row))[:ANSWERS]
    weights = {row: math.exp(SHARPNESS * scores[row] / 10) for row in answers}
    found = Profiles(vectors).support(np.array(scores) / 10)
    for row in range(len(scores)):
        cosines = sum(weights[other] * float(vectors[row] @ vectors[other]) for other in answers)
        expected = max(0.0, cosines / sum(weights.values())) if answers else 0.0
        assert found[row] == pytest.approx(expected, abs=1e-4)


def test_profiles_are_centred_unit_rows_and_who_says_nothing_has_none() -> None:
    """Two unit rows less their mean point away from each other; the row of zeros counts for no mean."""
    found = centred(np.array([[2, 0], [0, 3], [0, 0]], np.float32))
    half = math.sqrt(0.5)
    assert found == pytest.approx(np.array([[half, -half], [-half, half], [0, 0]]), abs=1e-6)


def test_a_profile_adds_up_texts_by_trust_and_idf() -> None:
    meaning, _ = understood()
    stickers, expected = len(meaning.indptr) - 1, np.zeros((len(meaning.indptr) - 1, meaning.vectors.shape[1]))
    for row in range(stickers):
        for entry in range(int(meaning.indptr[row]), int(meaning.indptr[row + 1])):
            text = int(meaning.text[entry])
            holders = int((meaning.text == text).sum())
            idf = math.log(1 + (stickers - holders + 0.5) / (holders + 0.5))
            expected[row] += TRUST[FIELDS[meaning.field[entry]]] * idf * np.asarray(meaning.vectors[text], float)
    found = Profiles.of(meaning).vectors
    wanted = centred(expected.astype(np.float32))
    assert found @ found.T == pytest.approx(wanted @ wanted.T, abs=1e-3)  # whatever the axes


def test_support_adds_to_likeness_and_never_takes() -> None:
    likeness, support = np.array([0.5, 0.2], np.float32), np.array([0, 0.5], np.float32)
    assert supported(likeness, support, 0.4) == pytest.approx([0.5, 0.4])
    assert (supported(likeness, support, 0.0) == likeness).all()


def test_an_index_without_texts_has_profiles_of_zeros() -> None:
    meaning, _ = understood()
    nothing = replace(
        meaning,
        texts=[],
        vectors=meaning.vectors[:0],
        indptr=np.zeros(4, np.int64),
        text=meaning.text[:0],
        field=meaning.field[:0],
    )
    assert Profiles.of(nothing).vectors.shape[0] == 3
    assert not Profiles.of(nothing).vectors.any()
