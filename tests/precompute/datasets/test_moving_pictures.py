"""Videos and vector animations become animated WebP where their packages are installed, and name them where not."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from precompute.datasets import looking, no_pictures, transcode
from precompute.datasets.folder import Scan, scan
from precompute.stages.gather import FRAMES, gather

SIDE = 96

#: Makes the bytes of a file: in its test, not while tests are collected.
Content = Callable[[], bytes]


@cache
def video(kind: str = "webm", codec: str = "libvpx-vp9", clear: bool = True, frames: int = 12, rate: int = 10) -> bytes:
    """A red square that wanders to the right."""
    stream = io.BytesIO()
    with av.open(stream, "w", format=kind) as container:
        track = container.add_stream(codec, rate=rate)
        track.width = track.height = SIDE
        track.pix_fmt = "yuva420p" if clear else "yuv420p"
        if clear:
            track.options = {"auto-alt-ref": "0"}
            track.metadata["alpha_mode"] = "1"
        for number in range(frames):
            pixels = np.zeros((SIDE, SIDE, 4), np.uint8)
            left = number * 4 % 60
            pixels[20:60, left : left + 30] = (255, 0, 0, 255)
            frame = av.VideoFrame.from_ndarray(pixels, format="rgba").reformat(format=track.pix_fmt)
            container.mux(track.encode(frame))
        container.mux(track.encode(None))
    return stream.getvalue()


def lottie(frames: int = 60, rate: int = 60) -> dict[str, Any]:
    """A red disc that wanders to the right."""

    def still(value: object) -> dict[str, object]:
        return {"a": 0, "k": value}

    way = {"t": 0, "s": [100, 256, 0], "e": [400, 256, 0], "i": {"x": 1, "y": 1}, "o": {"x": 0, "y": 0}}
    place = {"a": 1, "k": [way, {"t": frames}]}
    turn = {"a": still([0, 0, 0]), "s": still([100, 100, 100]), "r": still(0), "o": still(100)}
    disc = [
        {"ty": "el", "p": still([0, 0]), "s": still([200, 200])},
        {"ty": "fl", "c": still([1, 0, 0, 1]), "o": still(100)},
        {"ty": "tr", "p": still([0, 0]), "a": still([0, 0]), "s": still([100, 100]), "r": still(0), "o": still(100)},
    ]
    layer = {"ty": 4, "ip": 0, "op": frames, "st": 0, "ks": {**turn, "p": place}, "shapes": [{"ty": "gr", "it": disc}]}
    return {"v": "5.5.2", "fr": rate, "ip": 0, "op": frames, "w": 512, "h": 512, "layers": [layer]}


def packed(document: object) -> bytes:
    return gzip.compress(json.dumps(document).encode())


def look(tmp_path: Path, **files: bytes) -> Scan:
    folder = tmp_path / "stickers"
    folder.mkdir(exist_ok=True)
    Image.new("RGB", (8, 8), "blue").save(folder / "ok.png")
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_bytes(content)
    return scan(folder, store=tmp_path / "store")


def milliseconds(picture: Image.Image) -> int:
    total = 0
    for number in range(picture.n_frames):
        picture.seek(number)
        picture.load()
        total += picture.info["duration"]
    return total


@pytest.mark.parametrize(
    ("name", "content", "time"),
    [
        ("a_webm", video, 1200),
        ("a_webm", partial(video, codec="libvpx"), 1200),
        ("a_mp4", partial(video, "mp4", "mpeg4", clear=False), 1200),
        ("a_avi", partial(video, "avi", "mpeg4", clear=False), 1200),
        ("a_tgs", lambda: packed(lottie()), 1000),
        ("a_json", lambda: json.dumps(lottie()).encode(), 1000),
    ],
)
def test_what_moves_is_an_animated_sticker(tmp_path: Path, name: str, content: Content, time: int) -> None:
    found = look(tmp_path, **{name: content()})
    moving = next(each for each in found.pictures if each.id == "a")
    assert moving.frames > 10
    assert moving.names == (name.replace("_", "."),)
    with Image.open(gather({"a": moving.path}, tmp_path / "out")["a"]) as picture:
        assert (picture.format, picture.is_animated) == ("WEBP", True)
        assert picture.n_frames <= FRAMES
        assert milliseconds(picture) == pytest.approx(time, abs=60)
        picture.seek(picture.n_frames - 1)
        pixels = np.asarray(picture.convert("RGBA"))
        reddest = np.argwhere((pixels[..., 0] > 180) & (pixels[..., 1] < 80) & (pixels[..., 3] > 180))
        assert reddest[:, 1].mean() > 0.4 * pixels.shape[1], "it has wandered"
        corner = pixels[-1, 0, 3]
    assert corner == (255 if name in ("a_mp4", "a_avi") else 0), "clear where the sticker is"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a_webm", lambda: b"\x1a\x45\xdf\xa3" + bytes(500), "damaged"),
        ("a_mp4", lambda: b"\0\0\0\x18ftypmp42" + bytes(500), "damaged"),
        ("a_tgs", lambda: b"\x1f\x8b\x08" + bytes(60), "a vector animation (TGS) or an archive, damaged: get it again"),
        ("a_tgs", lambda: packed({"layers": []}), "a vector animation (TGS) or an archive, damaged: get it again"),
        ("a_tgs", lambda: gzip.compress(bytes(40 << 20)), "an archive"),
        ("a_gz", lambda: gzip.compress(b"a letter"), "an archive"),
        ("a_webm", partial(video, frames=62 * 2, rate=2), "more than 60 seconds"),
        ("a_tgs", lambda: packed(lottie(frames=6200)), "more than 60 seconds"),
    ],
)
def test_what_cannot_be_one_is_told_by_name(tmp_path: Path, name: str, content: Content, told: str) -> None:
    found = look(tmp_path, **{name: content()})
    (row,) = found.dropped.rows()
    assert told in row["reason"]["en"]
    assert row["examples"] == [name.replace("_", ".")]


def test_a_video_that_is_cut_short_moves_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = video()
    found = look(tmp_path, a_webm=whole[: len(whole) * 2 // 3])
    assert 1 < next(each.frames for each in found.pictures if each.id == "a") < 12


def test_a_file_that_breaks_its_decoder_costs_that_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The decoder runs in a process of its own: one that dies, or never ends, is only a reason."""
    for command, told in ((["-c", "import os; os.abort()"], "damaged"), (["-c", "while True: pass"], "too long")):
        monkeypatch.setattr(transcode, "_command", lambda source, out, command=command: command)
        monkeypatch.setattr(transcode, "_CLOCK", 0.5)
        (reason,) = look(tmp_path, a_webm=b"\x1a\x45\xdf\xa3" + told.encode()).dropped.counts
        assert told in reason


def test_a_package_that_is_missing_is_named_with_the_line_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (no_pictures, transcode):
        for reads in ("reads_videos", "reads_lottie"):
            monkeypatch.setattr(module, reads, lambda: False)
    found = look(tmp_path, a_webm=video(), b_tgs=packed(lottie()))
    assert sorted(found.dropped.counts) == [
        "a vector animation (TGS) or an archive: pip install -r precompute/requirements-formats.txt reads it",
        "a video (WebM): pip install -r precompute/requirements-formats.txt reads it",
    ]


def test_what_was_seen_once_is_not_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = look(tmp_path, a_webm=video(), broken_png=b"\x89PNG nothing")
    (tmp_path / "stickers" / "a.webm").rename(tmp_path / "stickers" / "b.webm")

    def never(*_: object) -> object:
        raise AssertionError

    monkeypatch.setattr(looking, "_look", never)
    again = scan(tmp_path / "stickers", store=tmp_path / "store")
    assert {each.id: each.digest for each in again.pictures} == {
        {"a": "b"}.get(each.id, each.id): each.digest for each in first.pictures
    }
    assert again.dropped.counts == first.dropped.counts
