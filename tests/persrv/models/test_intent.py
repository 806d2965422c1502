"""Telling expressions from information: the fit against scikit-learn, the stored weights, messages set aside."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from persrv.models import intent
from persrv.models.intent import Intents
from persrv.models.sentence_encoder import SentenceEncoder, default_name, load_sentence_encoder
from persrv.text.folding import normalise
from persrv.text.instructions import instruction

#: Written before any rule or fit, and never looked at while they were made.
HELD = Path(__file__).with_name("intents_held.tsv")


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return load_sentence_encoder(default_name())


@pytest.fixture(scope="module")
def held() -> dict[str, list[dict[str, str]]]:
    with HELD.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {kind: [row for row in rows if row["kind"] == kind] for kind in ("request", "expression", "information")}


def test_the_fit_is_ridge_regression_in_which_both_kinds_weigh_the_same() -> None:
    rng = np.random.default_rng(3)
    many, few = (rng.normal(size=(size, 5)).astype(np.float32) for size in (30, 7))
    weights = intent.fitted(many, few, ridge=0.7)
    rows, target = np.concatenate([many, few]), np.repeat([1.0, -1.0], [30, 7])
    same = Ridge(alpha=0.7).fit(rows, target, sample_weight=np.repeat([37 / 60, 37 / 14], [30, 7]))
    np.testing.assert_allclose(weights, [*same.coef_, same.intercept_], atol=1e-6)


def test_the_stored_weights_are_those_of_the_sentences(encoder: SentenceEncoder) -> None:
    stored = Intents.of(encoder.name)
    assert stored is not None, "run scripts/intents.py"
    fresh = Intents(intent.fitted(*(encoder(texts) for texts in intent.sentences().values())))
    rows = encoder(["good night", "the file is attached", "晚安"])
    assert [stored.score(row) for row in rows] == pytest.approx([fresh.score(row) for row in rows], abs=1e-3)


def test_another_encoder_has_no_fit() -> None:
    assert Intents.of("another encoder") is None


def test_no_sentence_of_the_fit_is_set_aside(held: dict[str, list[dict[str, str]]]) -> None:
    known = {text for texts in intent.sentences().values() for text in texts}
    assert known.isdisjoint(row["text"] for rows in held.values() for row in rows)


@pytest.mark.parametrize(("kind", "expresses"), [("expression", True), ("information", False)])
def test_messages_set_aside_are_told_apart(
    encoder: SentenceEncoder, held: dict[str, list[dict[str, str]]], kind: str, expresses: bool
) -> None:
    intents = Intents.of(encoder.name)
    assert intents is not None
    vectors = encoder([normalise(row["text"]) for row in held[kind]])
    right = [intents.expresses(vector) == expresses for vector in vectors]
    assert np.mean(right) >= 0.9


def test_requests_set_aside_are_told_by_their_words(held: dict[str, list[dict[str, str]]]) -> None:
    found = [instruction(row["text"]) for row in held["request"]]
    assert np.mean([each is not None and each.certain for each in found]) >= 0.95
    asked = [each is not None and each.asks == row["asks"] for each, row in zip(found, held["request"], strict=True)]
    assert np.mean(asked) >= 0.9
    others = [row["text"] for kind in ("expression", "information") for row in held[kind]]
    assert not [text for text in others if (each := instruction(text)) and each.certain]
