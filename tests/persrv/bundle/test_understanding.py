"""A bundle's meanings and lexicon: written, opened, exchanged by reindex, and refused where it is unsound."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import meant
import numpy as np
import pytest
import toy

from persrv.bundle import Bundle, amend_understanding, layout, reindex, verify
from persrv.errors import BundleError, DataError
from persrv.ranking.meaning import MeaningIndex
from persrv.records import SearchSettings

SETTINGS = replace(toy.OCR_ONLY, meaning=0.5, floor=0.8, threshold=0.6)
WORDS = replace(toy.OCR_ONLY, lambda_=3.0)


def write(folder: Path, **changes: object) -> Bundle:
    meaning, lexicon = meant.understood()
    return toy.write_toy(folder, meaning=meaning, lexicon=lexicon, settings=SETTINGS, **changes)


def test_a_bundle_keeps_meanings_lexicon_and_both_settings(tmp_path: Path) -> None:
    bundle = write(tmp_path, settings_words=WORDS)
    assert bundle.meaning is not None
    assert list(bundle.meaning.texts) == sorted({"laugh", "night", "thanks", "笑死", "晚安"})
    assert bundle.manifest["meaning"] == {"encoder": "fake==1", "texts": 5, "dimensions": 8}
    assert bundle.lexicon is not None
    assert bundle.lexicon.says("晚安")
    assert (bundle.settings, bundle.words_settings) == (SETTINGS, WORDS)
    assert verify(bundle.path) == []


def test_without_settings_of_its_own_a_search_by_words_has_the_same_less_meaning(tmp_path: Path) -> None:
    assert write(tmp_path).words_settings == replace(SETTINGS, meaning=0.0, floor=0.0, threshold=0.0)
    assert toy.write_toy(tmp_path / "old").words_settings == toy.write_toy(tmp_path / "old").settings


def test_settings_of_a_search_by_words_have_no_meaning(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"settings_words .* have meaning 0.5"):
        write(tmp_path, settings_words=SETTINGS)
    with pytest.raises(DataError, match="alpha"):
        write(tmp_path, settings_words=SearchSettings(alpha=-1.0))


def test_a_bundle_is_given_meaning_and_loses_it_again(tmp_path: Path) -> None:
    path = toy.write_toy(tmp_path).path
    meaning, lexicon = meant.understood()
    both = {"settings": SETTINGS, "settings_words": WORDS}
    bundle = amend_understanding(path, meaning, lexicon, both, {"meaning": {"model": "fake"}})
    assert bundle.meaning is not None
    assert (bundle.settings, bundle.words_settings) == (SETTINGS, WORDS)
    assert bundle.provenance["meaning"] == {"model": "fake"}
    assert verify(path) == []
    assert reindex(path).meaning is not None, "what is not replaced stays"
    bundle = amend_understanding(path, None, lexicon, {}, {})
    assert bundle.meaning is None
    assert "meaning" not in bundle.manifest
    assert verify(path) == []


def changed(**arrays: object) -> MeaningIndex:
    return replace(meant.understood()[0], **arrays)


@pytest.mark.parametrize(
    "broken",
    [
        changed(vectors=np.full((5, 8), 2.0)),
        changed(vectors=np.eye(8)[:4]),
        changed(texts=["b", "a", "c", "d", "e"]),
        changed(text=np.full(16, 5, np.int32)),
        changed(field=np.full(16, 9, np.int8)),
        changed(indptr=np.arange(13, dtype=np.int64)),
    ],
)
def test_meanings_that_contradict_each_other_are_refused(tmp_path: Path, broken: MeaningIndex) -> None:
    with pytest.raises(BundleError, match=r"The meanings have \d texts"):
        toy.write_toy(tmp_path, meaning=broken)


def test_verify_names_a_lexicon_of_an_unknown_kind(tmp_path: Path) -> None:
    bundle = write(tmp_path)
    (bundle.path / layout.LEXICON).write_bytes(b"no table")
    assert any(layout.LEXICON in sentence for sentence in verify(bundle.path))
