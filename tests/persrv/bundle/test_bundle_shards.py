"""Pictures in tar shards, no pictures at all, and vocabularies as arrays: what format 2 adds for a large catalogue."""

from __future__ import annotations

import tarfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import toy
from test_bundle import replace_table, reseal

from persrv.bundle import Bundle, layout, verify, write_bundle
from persrv.bundle.shards import SHARD_BYTES, ShardWriter, misplaced
from persrv.errors import BundleError, DataError
from persrv.ranking import bm25


@pytest.fixture
def sharded(tmp_path: Path) -> Bundle:
    """The toy with three or so pictures a shard, of which s04 has none."""
    stickers = [replace(each, image="") if each.id == "s04" else each for each in toy.stickers()]
    return toy.write_toy(tmp_path, stickers=stickers, shard_bytes=4096)


def test_pictures_come_back_from_shards(sharded: Bundle, tmp_path: Path) -> None:
    for name in toy.IDS:
        if name != "s04":
            assert sharded.picture(name) == (tmp_path / "drawn" / f"{name}.webp").read_bytes()
    with pytest.raises(DataError, match="no picture"):
        sharded.picture("s04")
    with pytest.raises(KeyError):
        sharded.picture("s99")
    with pytest.raises(DataError, match="in shards"):
        sharded.image_path("s01")
    assert sharded.manifest["format"] == 2
    listed = [name for name in sharded.manifest["files"] if name.startswith(layout.IMAGES)]
    assert listed == [f"images/{number:05d}.tar" for number in range(len(listed))]
    assert len(listed) > 2
    assert verify(sharded.path) == []


def test_a_folder_of_pictures_is_read_the_same_way(toy_bundle_path: Path) -> None:
    bundle = Bundle.open(toy_bundle_path)
    assert bundle.places is None
    assert bundle.picture("s04") == bundle.image_path("s04").read_bytes()


def test_any_tar_unpacks_a_shard_into_the_small_layout(sharded: Bundle, tmp_path: Path) -> None:
    for shard in sorted((sharded.path / layout.IMAGES).iterdir()):
        with tarfile.open(shard) as tar:
            tar.extractall(tmp_path / "unpacked", filter="data")
    names = {path.relative_to(tmp_path / "unpacked").as_posix() for path in (tmp_path / "unpacked").rglob("*.webp")}
    assert names == {sticker.image for sticker in sharded.stickers if sticker.image}


def test_long_and_chinese_names_have_their_place_too(tmp_path: Path) -> None:
    names = ["images/a.webp", f"images/{'长' * 60}.webp", f"images/{'x' * 180}/b.webp", "images/c.webp"]
    with ShardWriter(tmp_path, SHARD_BYTES) as shards:
        for name in names:
            shards.add(name, name.encode())
    content = (tmp_path / "images/00000.tar").read_bytes()
    assert [content[offset : offset + size].decode() for _, offset, size in shards.places] == names


@pytest.mark.parametrize("limit", [0, -1])
def test_shards_of_nothing_are_refused(tmp_path: Path, limit: int) -> None:
    with pytest.raises(DataError, match="Shards of"):
        toy.write_toy(tmp_path, shard_bytes=limit)


def test_places_outside_a_shard() -> None:
    sizes = [100, 50]

    def row(*places: tuple[int, int, int]) -> int:
        columns = np.array(places, np.int64).T
        return misplaced(columns[0].astype(np.int32), columns[1], columns[2], sizes)

    assert row((0, 0, 100), (1, 20, 30), (-1, 0, 0)) == -1
    assert row((0, 0, 100), (1, 20, 31)) == 1
    assert row((2, 0, 1)) == 0
    assert row((-2, 0, 0)) == 0
    assert row((-1, 0, 1)) == 0
    assert row((0, -1, 5)) == 0
    assert row((0, 5, -1)) == 0
    assert row((0, 2**62, 2**62)) == 0, "no number wraps around"


DAMAGE = {
    "a place inside a shard": lambda rows: rows[1].update(offset=10**9),
    "cannot be decoded": lambda rows: rows[1].update(offset=rows[0]["offset"]),
}


@pytest.mark.parametrize("words", DAMAGE)
def test_a_picture_at_the_wrong_place_is_told(sharded: Bundle, words: str) -> None:
    replace_table(sharded.path, layout.PICTURES, DAMAGE[words])
    reseal(sharded.path)
    assert any(words in sentence for sentence in verify(sharded.path)), verify(sharded.path)


def test_a_table_of_too_few_places_is_told(sharded: Bundle) -> None:
    replace_table(sharded.path, layout.PICTURES, lambda rows: rows.pop())
    reseal(sharded.path)
    with pytest.raises(BundleError, match="Places of 11 pictures"):
        Bundle.open(sharded.path)


def test_a_picture_without_a_place_is_told(sharded: Bundle) -> None:
    replace_table(sharded.path, layout.STICKERS, lambda rows: rows[3].update(image="images/s04.webp"))
    reseal(sharded.path)
    with pytest.raises(BundleError, match="picture of row 3"):
        Bundle.open(sharded.path)


def test_a_lost_shard_is_told(sharded: Bundle) -> None:
    (sharded.path / "images/00001.tar").unlink()
    with pytest.raises(BundleError, match=r"lacks images/00001\.tar"):
        Bundle.open(sharded.path)


# ---- no pictures ----------------------------------------------------------------------------------------------------


def without_pictures(folder: Path) -> Bundle:
    bare = [replace(each, image="") for each in toy.stickers()]
    return write_bundle(folder / "bare", replace(toy.contents(folder / "drawn"), stickers=bare, images={}))


def test_a_catalogue_without_pictures(tmp_path: Path) -> None:
    bare = without_pictures(tmp_path)
    assert bare.manifest["format"] == 2
    assert not (bare.path / layout.IMAGES).exists()
    assert verify(bare.path) == []


def test_format_1_asks_every_sticker_for_its_picture(tmp_path: Path) -> None:
    bare = without_pictures(tmp_path)
    reseal(bare.path, lambda manifest: manifest.update(format=1))
    with pytest.raises(BundleError, match="s01 has the picture ''"):
        Bundle.open(bare.path)


# ---- a vocabulary as arrays -----------------------------------------------------------------------------------------


def test_a_large_vocabulary_is_arrays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = toy.write_toy(tmp_path)
    monkeypatch.setattr(bm25, "MOST_LISTED", 3)
    arrays = toy.write_toy(tmp_path / "arrays")
    assert arrays.manifest["format"] == 2
    assert verify(arrays.path) == []
    for name, index in listed.index.items():
        assert dict(arrays.index[name].columns) == dict(index.columns)
        np.testing.assert_array_equal(arrays.index[name].scores(["laugh", "笑"]), index.scores(["laugh", "笑"]))
    text = arrays.path / "index/queries/tokens_text.npy"
    np.save(text, np.load(text)[::-1])
    reseal(arrays.path)
    assert any("prefixes are not" in sentence for sentence in verify(arrays.path))
    np.save(text, np.load(text)[1:])
    reseal(arrays.path)
    with pytest.raises(BundleError, match="outside their text"):
        Bundle.open(arrays.path)


# ---- several processes ----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_workers_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from persrv.bundle import indexing, tables

    table = tables.stickers_to_table(toy.stickers())
    parameters = indexing.Bm25Parameters()
    alone = indexing.index_of(table, "ocr", parameters)
    monkeypatch.setattr(indexing, "_BATCH", 2)
    with indexing.analysts(2) as pool:
        together = indexing.index_of(table, "ocr", parameters, pool)
    for name in ("indptr", "rows", "impacts"):
        np.testing.assert_array_equal(getattr(together, name), getattr(alone, name))
    assert together.columns == alone.columns
