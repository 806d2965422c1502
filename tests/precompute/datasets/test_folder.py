"""A messy folder becomes stickers: everything usable is found, everything else is counted by reason."""

from __future__ import annotations

import os
from pathlib import Path

import messy
import numpy as np
import pytest
from numpy.typing import NDArray
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


def test_the_order_is_that_of_ids_not_of_folders(tmp_path: Path) -> None:
    for place, (folder, name) in enumerate((("a", "two"), ("b", "one"))):
        (tmp_path / folder).mkdir()
        Image.new("RGB", (8, 8), (place, 0, 0)).save(tmp_path / folder / f"{name}.png")
    assert [(picture.id, picture.series) for picture in scan(tmp_path).pictures] == [("one", "b"), ("two", "a")]


def test_everything_left_out_is_counted_by_reason(found: Scan) -> None:
    assert found.dropped.counts == messy.DROPPED
    assert found.files == len(messy.IDS) + sum(messy.DROPPED.values())
    examples = {row["reason"]["en"]: row["examples"] for row in found.dropped.rows()}
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


@pytest.mark.slow
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


def test_nothing_below_the_folder_is_passed_over_silently(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, elsewhere = tmp_path / "stickers", tmp_path / "elsewhere"
    for place in (folder / "closed", elsewhere):
        place.mkdir(parents=True)
        Image.new("RGB", (4, 4), "red").save(place / "red.png")
    Image.new("RGB", (4, 4), "blue").save(folder / "blue.png")
    (folder / "linked.png").symlink_to(elsewhere / "red.png")
    (folder / "dangling.png").symlink_to("nowhere")
    (folder / "series").symlink_to(elsewhere)
    os.mkfifo(folder / "pipe")
    opened = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return opened(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = scan(folder)
    assert [picture.id for picture in found.pictures] == ["blue", "linked"]
    assert {row["reason"]["en"]: row["examples"] for row in found.dropped.rows()} == {
        "a folder that cannot be read": ["closed"],
        "a link that leads nowhere": ["dangling.png"],
        "a link to a folder, which is not followed": ["series"],
        "neither a file nor a folder": ["pipe"],
    }
    assert found.files == 6


@pytest.mark.parametrize("name", ["phone.jpg", "scanned.tif"])
def test_pictures_in_one_file_that_are_no_animation_are_one_picture(tmp_path: Path, name: str) -> None:
    """A phone keeps a small depth map behind its photo, a scanner pages of any size."""
    photo, behind = Image.new("RGB", (700, 300), "red"), Image.new("RGB", (90, 120), "blue")
    kind = "MPO" if name.endswith("jpg") else "TIFF"
    photo.save(tmp_path / name, kind, save_all=True, append_images=[behind])
    (picture,) = scan(tmp_path).pictures
    assert picture.frames == 1
    with Image.open(gather({"a": picture.path}, tmp_path / "out")["a"]) as shown:
        assert shown.size == (512, 219)
        assert getattr(shown, "n_frames", 1) == 1
        assert np.asarray(shown)[100, 256, 0] > 200, "the photo, not what lies behind it"


@pytest.mark.parametrize("kind", [np.uint16, np.int32, np.float32])
def test_greys_of_more_than_eight_bits_keep_their_shades(tmp_path: Path, kind: type) -> None:
    values = np.linspace(0, 65535 if kind != np.float32 else 0.5, 64)
    ramp: NDArray[np.generic] = np.tile(values, (64, 1)).astype(kind)
    Image.fromarray(ramp).save(tmp_path / "ramp.tif")
    with Image.open(gather({"a": tmp_path / "ramp.tif"}, tmp_path / "out")["a"]) as shown:
        greys = np.asarray(shown.convert("L"))[32]
    assert np.abs(greys - np.linspace(0, 255, 64)).max() < 6


def test_a_grey_without_any_number_is_black(tmp_path: Path) -> None:
    Image.fromarray(np.full((8, 8), np.nan, np.float32)).save(tmp_path / "nan.tif")
    with Image.open(gather({"a": tmp_path / "nan.tif"}, tmp_path / "out")["a"]) as shown:
        assert not np.asarray(shown.convert("L")).any()
