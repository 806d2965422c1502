"""Explanations: the part of every field in a sticker's score, token by token."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from persrv.ranking import explanation
from persrv.records import FIELDS, FieldScore

ABSENT = math.nan


def told(impacts: np.ndarray, times: list[float], tokens: tuple[str, ...], weights: dict[str, float]) -> list:
    found = explanation.given(impacts, np.array(times, float))
    return explanation.field_scores(found, impacts.shape[2], tokens, weights)


def test_by_hand() -> None:
    """Two stickers, a token typed twice; a field that lacks a token, or gets 0 of it, does not name it."""
    impacts = np.full((6, 2, 2), ABSENT, np.float32)
    impacts[0, :, 0] = 1, 0.5
    impacts[2, 1, 0] = -0.25
    impacts[4, :, 1] = 0, 3
    weights = {"ocr": 2.0, "queries": 0.5}
    first, second = told(impacts, [1, 2], ("laugh", "晚安"), weights)
    assert first == (
        FieldScore("ocr", 2.0, 2.0, {"laugh": 1.0, "晚安": 1.0}),
        FieldScore("keywords", 0.0, 0.0, {}),
        FieldScore("description", -0.5, 0.0, {"晚安": -0.5}),
        FieldScore("emotion", 0.0, 0.0, {}),
        FieldScore("queries", 0.0, 0.5, {}),
        FieldScore("names", 0.0, 0.0, {}),
    )
    assert second[:4] == (*(FieldScore(name, 0.0, weights.get(name, 0.0), {}) for name in FIELDS[:4]),)
    assert second[4] == FieldScore("queries", 6.0, 0.5, {"晚安": 6.0})


def test_nothing_asked_and_nobody_shown_is_nothing_told() -> None:
    assert (
        told(np.zeros((6, 0, 2), np.float32), [], (), {})
        == [tuple(FieldScore(name, 0.0, 0.0, {}) for name in FIELDS)] * 2
    )
    assert told(np.zeros((6, 1, 0), np.float32), [1], ("a",), {}) == []


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 4), st.integers(0, 9), st.integers(0, 999))
def test_equals_one_field_after_the_other(stickers: int, tokens: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    impacts = rng.choice([ABSENT, ABSENT, 0, 0.1, 0.7, -0.3], (len(FIELDS), tokens, stickers)).astype(np.float32)
    times, names = rng.integers(1, 4, tokens).astype(float), tuple("abcdefghi"[:tokens])
    weights = {name: float(rng.choice([0, 1, 2])) for name in FIELDS}
    expected = []
    for place in range(stickers):
        scores = []
        for field, name in enumerate(FIELDS):
            total, shares = 0.0, {}
            for token in range(tokens):
                impact = float(impacts[field, token, place])
                if impact and not math.isnan(impact):
                    shares[names[token]] = impact * times[token]
                    total += shares[names[token]]
            scores.append(FieldScore(name, total, weights[name], shares))
        expected.append(tuple(scores))
    assert told(impacts, times.tolist(), names, weights) == expected
