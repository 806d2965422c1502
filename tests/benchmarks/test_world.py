"""The generated catalogue: the same for the same seed, sound, and like what it says it is like."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
import world

from persrv.bundle import Bundle, verify
from persrv.records import FIELDS
from persrv.retriever import Retriever
from persrv.text.analyser import analyse

pytestmark = pytest.mark.slow

SIZE = 3000


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return world.write_world(tmp_path_factory.mktemp("world") / "bundle", SIZE)


def test_it_is_sound_and_its_test_queries_are_nowhere(bundle: Bundle) -> None:
    assert verify(bundle.path) == []
    assert bundle.simulated
    assert "Random words" in bundle.notes.en


def test_the_same_seed_makes_the_same_bundle(tmp_path: Path) -> None:
    first, again = (world.write_world(tmp_path / name, 300, seed=3, images=True) for name in ("a", "b"))
    assert first.content_hash == again.content_hash
    assert world.write_world(tmp_path / "c", 300, seed=4, images=True).content_hash != first.content_hash


def test_shares_and_sizes_are_the_papers(bundle: Bundle) -> None:
    columns = {name: bundle.stickers.column(name) for name in FIELDS}
    assert np.mean([text != "" for text in columns["ocr"]]) == pytest.approx(world.WITH_WORDS, abs=0.03)
    assert all(columns["keywords"])
    assert 25 < np.mean([len(text) for text in columns["description"]]) < 45
    clicked = {click.sticker for split in ("train", "validation") for click in bundle.interactions[split]}
    assert {row for row, queries in enumerate(columns["queries"]) if queries} == {
        bundle.row_of[name] for name in clicked
    }
    assert len(bundle.people) == world.PEOPLE
    assert {len(style.centroids) for style in bundle.styles.values()} == {world.CENTROIDS}
    parts = [len(bundle.interactions[split]) for split in ("train", "validation", "test")]
    assert parts[2] / sum(parts) == pytest.approx(0.2, abs=0.05)
    assert sum(parts) == 400


def test_the_paper_sized_world_has_the_papers_clicks() -> None:
    made = world.make_world(world.STICKERS)
    assert len(made.clicks) == world.CLICKS
    assert len({(person, query) for person, query, _, _ in made.clicks}) == pytest.approx(world.QUESTIONS, rel=0.05)


def test_words_follow_zipf_and_are_cut_alike_in_texts_and_queries(bundle: Bundle) -> None:
    lists = np.sort(np.diff(bundle.index["description"].indptr))[::-1]
    assert lists[0] > 0.3 * SIZE, "the commonest characters are in a large part of all descriptions"
    assert np.median(lists) <= 2, "and half of the tokens in one or two"
    retriever = Retriever.open(bundle)
    for row in range(0, SIZE, 500):
        sticker = bundle.stickers[row]
        assert retriever.place(sticker.id, sticker.description[:40]).rank is not None
        assert set(analyse(sticker.keywords)) <= set(bundle.index["keywords"].columns)


def test_looks_come_in_series(bundle: Bundle) -> None:
    vectors = np.asarray(bundle.embeddings, np.float32)
    series = np.array(bundle.stickers.column("series"))
    same = series[:200, None] == series[None, :200]
    cosines = vectors[:200] @ vectors[:200].T
    off = ~np.eye(200, dtype=bool)
    assert cosines[same & off].mean() > 0.5
    assert abs(cosines[~same].mean()) < 0.05


def test_a_sticker_is_the_same_alone_and_in_order() -> None:
    made = world.Stickers(world.make_world(world._CHUNK + 10), {}, pictured=False)
    rows = [0, 7, world._CHUNK - 1, world._CHUNK, world._CHUNK + 9]
    in_order = list(made)
    assert [made[row] for row in rows] == [in_order[row] for row in rows]
    assert made[3:5] == in_order[3:5]
    with pytest.raises(IndexError):
        made[world._CHUNK + 10]


def test_tiles_are_pictures_of_their_series(tmp_path: Path) -> None:
    drawn = world.write_world(tmp_path / "bundle", 60, images=True)
    assert verify(drawn.path) == []
    tiles = {sticker.series: set() for sticker in drawn.stickers}
    for sticker in drawn.stickers:
        tiles[sticker.series].add(hashlib.sha256(drawn.picture(sticker.id)).hexdigest())
    assert all(len(each) == 1 for each in tiles.values())
    assert len(set.union(*tiles.values())) == len(tiles)
