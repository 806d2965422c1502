"""Foreign stickers are read as people see them: white letters on transparency, long screenshots whole, short texts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from precompute.builds.folder import GROUNDS, KEEP
from precompute.demo.art.fonts import FONTS
from precompute.models.ocr import RawLine, Reader, Reading, load_rapidocr
from precompute.stages import ocr
from precompute.stages.gather import gather
from precompute.stages.ocr_filter import text_of

FACE = FONTS["noto-sans"]


@pytest.fixture(scope="module")
def read() -> Reader:
    return ocr.in_pieces(ocr.padded(load_rapidocr(1, 480)))


def lettered(words: str, ink: object, ground: object, size: tuple[int, int] = (320, 120)) -> Image.Image:
    picture = Image.new("RGBA", size, ground)  # type: ignore[arg-type]
    font = ImageFont.truetype(FACE.path, 52, index=FACE.index)
    ImageDraw.Draw(picture).text((20, 20), words, fill=ink, font=font)  # type: ignore[arg-type]
    return picture


def text(picture: Image.Image, read: Reader, place: Path) -> str:
    picture.save(place / "a.png")
    return text_of(ocr.read_picture(place / "a.png", read, GROUNDS, 0.7), KEEP)[0]


@pytest.mark.slow
@pytest.mark.parametrize("ink", ["white", "#d8d8d8", "#ffe866", "black", "#303060"])
def test_letters_of_any_colour_on_transparency(tmp_path: Path, read: Reader, ink: str) -> None:
    assert text(lettered("周末愉快", ink, (0, 0, 0, 0)), read, tmp_path) == "周末愉快"


@pytest.mark.slow
def test_light_and_dark_letters_on_one_transparent_picture(tmp_path: Path, read: Reader) -> None:
    both = Image.new("RGBA", (320, 240))
    both.alpha_composite(lettered("吃饭了吗", "white", (0, 0, 0, 0)))
    both.alpha_composite(lettered("还没有呢", "black", (0, 0, 0, 0)), (0, 120))
    assert text(both, read, tmp_path) == "吃饭了吗 还没有呢"


@pytest.mark.slow
@pytest.mark.parametrize("words", ["99", "4Q", "B2", "+3"])
def test_short_texts_are_kept_where_they_are_all_there_is(tmp_path: Path, read: Reader, words: str) -> None:
    assert text(lettered(words, "black", "white"), read, tmp_path) == words


def line(words: str, confidence: float = 0.95, top: float = 40, size: float = 10) -> RawLine:
    return RawLine(words, confidence, (0, top, 60, top, 60, top + size, 0, top + size))


def test_marks_beside_wording_and_small_single_marks_are_none() -> None:
    said: Callable[..., str] = lambda *lines: text_of(Reading(100, (lines,)), KEEP)[0]  # noqa: E731
    assert said(line("早安"), line("88", top=70)) == "早安"
    assert said(line("0")) == "", "a drop of sweat"
    assert said(line("88", confidence=0.8)) == ""
    assert said(line("88")) == "88"
    assert [said(line(mark, size=90)) for mark in (":", "-", "·", "|")] == [""] * 4, "two dots, or an edge"
    assert [said(line(mark, size=90)) for mark in ("？", "!", "6")] == ["？", "!", "6"]
    assert [said(line(shape, size=90)) for shape in ("8", "0", "O", ".0")] == [""] * 4, "blobs of a drawing"
    assert said(line("え？")) == "え？"


@pytest.mark.slow
def test_a_long_screenshot_is_read_whole_and_stays_legible(tmp_path: Path, read: Reader) -> None:
    words = ["明天几点出发", "早上八点集合", "记得带身份证", "那晚上早点睡", "好的明天见啦"]
    screenshot = Image.new("RGB", (1080, 5400), "#ededed")
    font = ImageFont.truetype(FACE.path, 48, index=FACE.index)
    for number, sentence in enumerate(words):
        ImageDraw.Draw(screenshot).text((90, 200 + 1180 * number), sentence, "black", font)
    screenshot.save(tmp_path / "long.png")
    shown = gather({"a": tmp_path / "long.png"}, tmp_path / "shown")["a"]
    with Image.open(shown) as copy:
        assert copy.width >= 700
    assert text_of(ocr.read_picture(shown, read, GROUNDS, 0.7), KEEP)[0] == " ".join(words)


@pytest.mark.parametrize("height", [200, 201, 333, 1000, 1037])
def test_every_line_of_a_tall_picture_is_seen_once(height: int) -> None:
    """A fake engine sees a line for each row of red, wherever pieces part."""
    picture: NDArray[np.uint8] = np.zeros((height, 100, 3), np.uint8)
    rows = list(range(3, height - 12, 9))
    for row in rows:
        picture[row, :, 0] = row % 251 + 1

    def engine(piece: NDArray[np.uint8]) -> list[RawLine]:
        found = np.flatnonzero(piece[:, 0, 0]).tolist()
        return [RawLine(str(piece[row, 0, 0]), 1.0, (0, row, 9, row, 9, row + 1, 0, row + 1)) for row in found]

    seen = ocr.in_pieces(engine)(picture)
    assert [int(each.box[1]) for each in seen] == rows


def test_an_opaque_picture_is_read_on_one_ground() -> None:
    calls: list[int] = []

    def engine(picture: NDArray[np.uint8]) -> list[RawLine]:
        calls.append(int(picture[0, 0, 0]))
        return []

    ocr._read_frame(Image.new("RGBA", (9, 9), "red"), engine, GROUNDS, 0.7)
    assert len(calls) == 1
    ocr._read_frame(Image.new("RGBA", (9, 9)), engine, GROUNDS, 0.7)
    assert sorted(calls[1:]) == sorted(GROUNDS)
