"""Names of stickers in a bundle: written, opened, searched; and bundles without them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import toy

from persrv.bundle import Bundle, layout, tables, verify
from persrv.bundle.amending import reindex
from persrv.ranking.meaning import MeaningIndex, texts_of
from persrv.records import FIELDS
from persrv.retriever import Retriever

NAMES = "angry fox, foxes"


@pytest.fixture
def named(tmp_path: Path) -> Bundle:
    """The toy bundle whose first sticker has names."""
    first, *others = toy.stickers()
    return toy.write_toy(tmp_path, stickers=(replace(first, names=NAMES), *others))


def test_names_are_stored_indexed_and_verified(named: Bundle) -> None:
    assert [sticker.names for sticker in named.stickers] == [NAMES, *[""] * 11]
    assert sorted(named.index["names"].columns) == ["angry", "fox"]  # foxes and fox are one token
    assert named.manifest["format"] == layout.NAMED_FORMAT
    assert verify(named.path) == []


def test_a_sticker_is_found_by_its_name_and_says_so(named: Bundle) -> None:
    hit = Retriever.open(named).search("fox").hits[0]
    assert hit.sticker == toy.IDS[0]
    assert {field.field: set(field.tokens) for field in hit.fields if field.tokens} == {"names": {"fox"}}


def test_a_bundle_without_names_is_written_as_before_there_were_any(toy_bundle_path: Path) -> None:
    bundle = Bundle.open(toy_bundle_path)
    assert bundle.manifest["format"] == layout.SMALL_FORMAT
    assert not any(name.startswith("index/names") for name in bundle.manifest["files"])
    stored = tables.read_table(
        toy_bundle_path / layout.STICKERS, tables.STICKER_SCHEMA.remove(len(tables.STICKER_SCHEMA) - 1)
    )
    assert tables.NAMES not in stored.schema.names
    assert {sticker.names for sticker in bundle.stickers} == {""}
    assert tuple(bundle.index) == FIELDS
    assert not len(bundle.index["names"].rows)


def test_a_weight_of_names_changes_nothing_where_there_are_none(toy_bundle_path: Path) -> None:
    retriever = Retriever.open(toy_bundle_path)
    without = replace(retriever.bundle.settings, field_weights=dict.fromkeys(FIELDS[:-1], 1.0))
    some, none = (retriever.search("laugh", "ann", each) for each in (retriever.bundle.settings, without))
    assert [hit.sticker for hit in some.hits] == [hit.sticker for hit in none.hits]


def test_reindexing_keeps_names(named: Bundle) -> None:
    again = reindex(named.path)
    assert again.index["names"].columns == named.index["names"].columns
    assert again.manifest["format"] == layout.NAMED_FORMAT


def test_meanings_are_of_each_name_and_of_each_of_its_words() -> None:
    sticker = replace(toy.stickers()[0], ocr="", keywords="", queries=(), names="angry fox, foxes, 生气的猫, no")
    told = [text for field, text in texts_of(sticker) if field == "names"]
    assert told == ["angry fox", "foxes", "生气的猫", "no", "angry", "fox"]
    assert MeaningIndex.gather([sticker]).field.tolist()[-6:] == [FIELDS.index("names")] * 6
