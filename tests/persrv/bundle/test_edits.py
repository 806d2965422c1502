"""An owner's edits: kept as plain lines, searched at once, taken back, and known again by the picture."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import meant
import numpy as np
import pytest
import toy
from hypothesis import given
from hypothesis import strategies as st

from persrv.bundle import Bundle, Edit, edits_path, read_edits, with_edits, write_edits
from persrv.bundle.edits import (
    LONGEST_TAG,
    LONGEST_TEXT,
    MOST_TAGS,
    STAR,
    as_computed,
    by_sticker,
    edit_from_json,
    edited,
)
from persrv.bundle.overlay import APPLIED
from persrv.errors import DataError
from persrv.records import OcrLine
from persrv.retriever import Retriever


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return toy.write_toy(tmp_path_factory.mktemp("edits"))


def found(retriever: Retriever, query: str) -> list[str]:
    """Results of a search, fallbacks left out."""
    result = retriever.search(query, settings=replace(retriever.bundle.settings, use_utility=False))
    return [] if result.fallback else [hit.sticker for hit in result.hits]


def test_tags_texts_and_stars_are_found_and_explained(bundle: Bundle) -> None:
    edits = (Edit("s05", tags=("my boss", "周一")), Edit("s09", text="hooray"), Edit("s01", starred=True))
    retriever = Retriever.open(with_edits(bundle, edits, None))
    assert found(retriever, "boss") == found(retriever, "周一") == ["s05"]
    assert found(retriever, "hooray") == ["s09"]
    assert set(found(retriever, "thanks")) == {"s10", "s11", "s12"}, "s09 does not say so"
    assert found(retriever, STAR) == ["s01"]
    (hit,) = [hit for hit in retriever.search("boss").hits if hit.sticker == "s05"]
    assert {field.field: field.bm25 > 0 for field in hit.fields}["keywords"]


def test_a_hidden_sticker_is_found_by_nothing(bundle: Bundle) -> None:
    retriever = Retriever.open(with_edits(bundle, (Edit("s01", hidden=True),), None))
    assert found(retriever, "laugh") == ["s02", "s03", "s04"]
    for query in ("laugh", "笑死", "nothing at all"):
        assert "s01" not in [hit.sticker for hit in retriever.search(query, "ann", top=12).hits]
    assert "s01" not in [name for name, _ in retriever.neighbours("s02", 11)]
    assert len(retriever.neighbours("s02", 10)) == 10
    assert retriever.bundle.hidden["s01"].ocr == "laugh", "its owner can get it back"


def test_a_hidden_sticker_is_no_part_of_the_catalogue(bundle: Bundle) -> None:
    shown = with_edits(bundle, (Edit("s02", hidden=True), Edit("s07", hidden=True)), None)
    left = [row for row, name in enumerate(bundle.ids) if name not in ("s02", "s07")]
    assert shown.ids == tuple(bundle.ids[row] for row in left)
    assert shown.stickers.column("id") == list(shown.ids)
    assert np.array_equal(shown.embeddings, bundle.embeddings[left])
    assert np.array_equal(shown.utility_counts, bundle.utility_counts[left])
    assert bundle.map_xy is not None
    assert shown.map_xy is not None
    assert np.array_equal(shown.map_xy, bundle.map_xy[left])
    assert {click.sticker for click in shown.interactions.training} == {"s01", "s12"}
    assert shown.favourites("bob", 5) == ()
    assert [shown.styles[user].exemplars for user in ("ann", "bob", "cleo")] == [(("s01",),), ((),), ((), ("s12",))]
    assert all(index.size == 10 for index in shown.index.values())


def test_a_catalogue_of_which_everything_is_hidden_says_so(bundle: Bundle) -> None:
    retriever = Retriever.open(bundle)
    retriever.renew(with_edits(bundle, [Edit(name, hidden=True) for name in bundle.ids], None))
    assert retriever.search("laugh", "ann").notice == "no_catalogue"
    retriever.renew(with_edits(bundle, (), None))
    assert found(retriever, "laugh") == ["s01", "s02", "s03", "s04"]


def test_meanings_know_what_an_owner_says() -> None:
    known, _ = meant.understood()
    encoder = meant.FakeEncoder()
    stickers = [replace(toy.stickers()[0], id="a", ocr="", queries=(), keywords="晚安")]
    changed = known.of(stickers, encoder)
    assert list(changed.texts) == ["晚安"]
    assert changed.vectors.shape == (1, known.vectors.shape[1])


def test_a_retriever_searches_edits_from_then_on(bundle: Bundle) -> None:
    retriever = Retriever.open(bundle)
    assert found(retriever, "boss") == []
    retriever.renew(with_edits(bundle, (Edit("s05", tags=("boss",)),), None))
    assert found(retriever, "boss") == ["s05"]
    retriever.renew(with_edits(bundle, (), None))
    assert found(retriever, "boss") == []


def test_what_a_build_applied_can_be_taken_back(tmp_path: Path) -> None:
    line = OcrLine("laugh", 0.9, (0, 0, 9, 0, 9, 9, 0, 9), True)
    edit = Edit("s01", "images/s01.webp", tags=("boss",), text="cry", starred=True)
    stickers = [replace(each, ocr_lines=(line,)) if each.id == "s01" else each for each in toy.stickers()]
    baked = tuple(edited(each, edit) if each.id == "s01" else each for each in stickers)
    provenance = {APPLIED: {"applied": [edit.to_json()]}}
    built = toy.write_toy(tmp_path, stickers=baked, provenance=provenance)
    assert found(Retriever.open(built), "boss") == ["s01"], "it is in the bundle itself"
    assert found(Retriever.open(with_edits(built, (edit,), None)), "boss") == ["s01"]
    back = Retriever.open(with_edits(built, (), None))
    assert found(back, "boss") == found(back, STAR) == found(back, "cry") == []
    assert found(back, "laugh") == ["s01", "s02", "s03", "s04"]


def test_a_bundle_that_is_given_away_keeps_what_its_build_applied(tmp_path: Path) -> None:
    edit = Edit("s01", "images/s01.webp", tags=("boss",))
    baked = tuple(edited(each, edit) if each.id == "s01" else each for each in toy.stickers())
    built = toy.write_toy(tmp_path, stickers=baked, provenance={APPLIED: {"applied": [edit.to_json()]}})
    assert found(Retriever.open_edited(built), "boss") == ["s01"], "no file beside it"
    write_edits(edits_path(built.path), (), keep_file=True)
    assert found(Retriever.open_edited(built), "boss") == [], "its owner took the tag back"


def test_whoever_opens_a_bundle_as_edited_reads_the_file_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = toy.write_toy(tmp_path)
    write_edits(edits_path(built.path), (Edit("s05", tags=("boss",)), Edit("s01", hidden=True)))
    retriever = Retriever.open_edited(built.path)
    assert (found(retriever, "boss"), found(retriever, "laugh")) == (["s05"], ["s02", "s03", "s04"])
    monkeypatch.setenv("SPACE_ID", "somebody/stickers")
    assert found(Retriever.open_edited(built.path), "boss") == [], "a Space has no owner"


@given(st.text(max_size=20), st.lists(st.text("ab周 ", min_size=1, max_size=5), max_size=4), st.booleans())
def test_an_edit_applied_twice_is_applied_once(keywords: str, tags: list[str], starred: bool) -> None:
    edit = edit_from_json({"sticker": "s01", "tags": tags, "starred": starred, "text": "new"})
    sticker = replace(toy.stickers()[0], keywords=keywords)
    once = edited(sticker, edit)
    assert edited(once, edit) == once
    assert edited(as_computed(once, edit), edit).ocr == "new"


def test_a_renamed_picture_keeps_its_edits() -> None:
    edits = (Edit("old", "images/a.webp", tags=("boss",)), Edit("gone", "images/c.webp", hidden=True))
    mine = by_sticker(edits, {"new": "images/a.webp", "other": "images/b.webp"})
    assert mine == {"new": Edit("new", "images/a.webp", tags=("boss",))}
    replaced = by_sticker(edits[:1], {"old": "images/b.webp"})
    assert replaced["old"].tags == ("boss",), "another picture under its name"
    swapped = by_sticker(edits[:1], {"old": "images/b.webp", "new": "images/a.webp"})
    assert set(swapped) == {"new"}


def test_edits_lie_beside_the_bundle_as_plain_lines(tmp_path: Path) -> None:
    path = edits_path(tmp_path / "mine")
    assert path == tmp_path / "mine.edits.jsonl"
    assert read_edits(path) == ()
    edits = (Edit("b", "images/b.webp", ("boss", "周一"), "hi", True, True), Edit("a", "images/a.webp", ("x",)))
    write_edits(path, (*edits, Edit("nothing", "images/n.webp")))
    assert [json.loads(line)["sticker"] for line in path.read_text(encoding="utf-8").splitlines()] == ["a", "b"]
    assert "周一" in path.read_text(encoding="utf-8")
    assert set(read_edits(path)) == set(edits)
    write_edits(path, ())
    assert not path.exists()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"tags": ["a"]}',
        '{"sticker": ""}',
        '{"sticker": "a", "tags": "b"}',
        '{"sticker": "a", "tags": [3]}',
        '{"sticker": "a", "text": 3}',
        '{"sticker": "a", "hidden": "yes"}',
        json.dumps({"sticker": "a", "tags": [str(n) for n in range(MOST_TAGS + 1)]}),
        json.dumps({"sticker": "a", "tags": ["a" * (LONGEST_TAG + 1)]}),
        json.dumps({"sticker": "a", "text": "a" * (LONGEST_TEXT + 1)}),
        "[" * 100_000,
    ],
)
def test_a_line_that_is_no_edit_is_told_and_never_dropped(tmp_path: Path, line: str) -> None:
    path = tmp_path / "x.edits.jsonl"
    path.write_text(f'{{"sticker": "fine"}}\n\n{line}\n', encoding="utf-8")
    with pytest.raises(DataError, match="line 3"):
        read_edits(path)


def test_texts_are_one_line_that_every_file_holds() -> None:
    edit = edit_from_json({"sticker": "a", "tags": [" a,b\n", "a b", "\ud800"], "text": "x\u0000\ty\u202e"})
    assert edit.tags == ("a b", "?")
    assert edit.text == "x y"
