"""A messy folder becomes stickers: everything usable is found, everything else is counted by reason."""

from __future__ import annotations

from pathlib import Path

import messy
import pytest
from PIL import Image

from persrv.errors import DataError
from precompute.datasets.folder import Scan, scan
from precompute.stages.gather import FRAMES, SIDE, gather


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return messy.messy_folder(tmp_path_factory.mktemp("folder"))


@pytest.fixture(scope="module")
def found(folder: Path) -> Scan:
    return scan(folder)


def test_every_usable_picture_is_found_whatever_its_name(found: Scan) -> None:
    assert tuple(picture.id for picture in found.pictures) == tuple(sorted(messy.IDS))


def test_everything_left_out_is_counted_by_reason(found: Scan) -> None:
    assert found.dropped.counts == messy.DROPPED
    assert found.files == len(messy.IDS) + sum(messy.DROPPED.values())
    examples = {row["reason"]: row["examples"] for row in found.dropped.rows()}
    assert examples["not a picture"] == ["notes.jpg", "readme.txt"]
    assert examples["the same picture as another file"] == ["twice.png"], "the first by name stays"


def test_a_folder_is_a_series_and_an_animation_has_frames(found: Scan) -> None:
    by_id = {picture.id: picture for picture in found.pictures}
    assert by_id["coffee/good night"].series == "coffee"
    assert by_id["猫咪 笑"].series == "猫"
    assert by_id["grey"].series == ""
    assert by_id["jump"].frames == 3
    assert by_id["spin"].frames == 2


def test_interactions_may_name_a_picture_in_any_way(found: Scan) -> None:
    names = found.aliases()
    for name in ("猫咪 笑", "猫咪 笑.webp", "猫/猫咪 笑.webp", "猫/猫咪 笑"):
        assert names[name] == "猫咪 笑"
    assert names["tea/good night.png"] == "tea/good night"
    assert "good night" not in names, "two pictures share that name"
    assert names["twice copy"] == names["twice.png"] == "twice copy"


def test_workers_change_nothing(folder: Path, found: Scan) -> None:
    assert scan(folder, workers=2) == found


def test_what_is_gathered_is_small_upright_and_shown_by_every_browser(found: Scan, tmp_path: Path) -> None:
    sources = {picture.digest: picture.path for picture in found.pictures}
    shown = gather(sources, tmp_path)
    by_id = {picture.id: shown[picture.digest] for picture in found.pictures}
    for path in by_id.values():
        with Image.open(path) as picture:
            assert picture.format in ("PNG", "JPEG", "GIF", "WEBP")
            assert max(picture.size) <= SIDE
            assert picture.mode != "CMYK"
            picture.load()
    with Image.open(by_id["turned"]) as picture:
        assert picture.size == (20, 60), "a photo is turned as its camera was held"
    assert by_id["grey"].read_bytes() == next(p.path for p in found.pictures if p.id == "grey").read_bytes()
    assert by_id["named_gif"].suffix == ".jpg"


def test_a_long_and_large_animation_keeps_its_time(tmp_path: Path) -> None:
    frames = [Image.effect_noise((600, 300), 20 + number).convert("RGB") for number in range(60)]
    frames[0].save(tmp_path / "long.gif", save_all=True, append_images=frames[1:], duration=50)
    shown = gather({"a": tmp_path / "long.gif"}, tmp_path / "out")["a"]
    with Image.open(shown) as picture:
        assert picture.n_frames == FRAMES
        assert picture.size == (512, 256)
        total = 0
        for number in range(picture.n_frames):
            picture.seek(number)
            picture.load()
            total += picture.info["duration"]
    assert total == 60 * 50


def test_what_is_gathered_already_stays(found: Scan, tmp_path: Path) -> None:
    sources = {picture.digest: picture.path for picture in found.pictures[:3]}
    first = gather(sources, tmp_path)
    times = {path: path.stat().st_mtime_ns for path in first.values()}
    assert gather(sources, tmp_path) == first
    assert {path: path.stat().st_mtime_ns for path in first.values()} == times


@pytest.mark.parametrize("make", [lambda path: None, lambda path: (path.mkdir(), (path / "a.txt").write_text("x"))])
def test_a_folder_without_pictures_is_a_clear_error(tmp_path: Path, make: object) -> None:
    make(tmp_path / "none")  # type: ignore[operator]
    with pytest.raises(DataError, match="--images"):
        scan(tmp_path / "none")
