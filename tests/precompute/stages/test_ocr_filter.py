"""The filter of OCR lines, and the comparison of captions; the reader is a fake."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from precompute.config import OcrFilterConfig
from precompute.models.ocr import RawLine, Reading, reading_from_json
from precompute.runtime.batch_store import Columns
from precompute.runtime.cache import Slot, file_digest
from precompute.runtime.local import in_processes
from precompute.runtime.operators import Task
from precompute.stages.ocr import Read, on_ground, read_picture
from precompute.stages.ocr_filter import accuracy, alike, is_wording, misread, plain, text_of

CONFIG = OcrFilterConfig(confidence=0.7, height=0.06, relative=0.6, middle=0.55)


def line(text: str, box: tuple[float, float, float, float], confidence: float = 0.95) -> RawLine:
    left, top, right, bottom = box
    return RawLine(text, confidence, (left, top, right, top, right, bottom, left, bottom))


def kept(*frames: tuple[RawLine, ...]) -> str:
    return text_of(Reading(240, frames), CONFIG)[0]


CAPTION = line("笑死我了", (40, 195, 200, 230))


def test_the_caption_is_kept() -> None:
    text, lines = text_of(Reading(240, ((CAPTION,),)), CONFIG)
    assert text == "笑死我了"
    assert [(seen.text, seen.kept) for seen in lines] == [("笑死我了", True)]


@pytest.mark.parametrize(
    "stray",
    [
        line("乐", (196, 168, 214, 186)),  # a seal: half as tall as the caption
        line("ZZ", (150, 150, 200, 190)),  # the sleeper's mark
        line("0", (20, 150, 50, 190)),
        line("大", (100, 30, 140, 70)),  # over the head
        line("晚安", (40, 190, 200, 230), 0.7),  # not more than .7
        line("小字", (100, 225, 120, 235)),
    ],
)
def test_stray_marks_are_recorded_but_not_kept(stray: RawLine) -> None:
    text, lines = text_of(Reading(240, ((stray, CAPTION),)), CONFIG)
    assert text == "笑死我了"
    assert [seen.kept for seen in lines] == [False, True]


def test_two_lines_are_joined_in_reading_order() -> None:
    below, above = line("不用再说了", (30, 205, 210, 235)), line("我知道", (60, 170, 180, 200))
    assert kept((below, above)) == "我知道 不用再说了"
    left, right = line("good", (20, 200, 100, 230)), line("night", (110, 196, 220, 228))
    assert kept((left, right)) == kept((right, left)) == "good night"


def test_frames_are_united_without_repeats() -> None:
    shaky = line("笑死我子", (42, 197, 202, 232), 0.8)
    assert kept((shaky,), (CAPTION,), (CAPTION,)) == "笑死我了"
    later = line("哈哈", (60, 150, 160, 185))
    assert kept((CAPTION,), (later,)) == "哈哈 笑死我了"


def test_texts_that_follow_one_another_at_one_place_are_all_kept_where_that_is_asked_for() -> None:
    place = (40, 195, 200, 230)
    good, night, shaky = line("GOOD", place, 0.9), line("NIGHT", place, 0.97), line("G00D", place, 0.75)
    frames = Reading(240, ((good,), (shaky,), (night,)))
    assert text_of(frames, CONFIG)[0] == "NIGHT"
    asked = replace(CONFIG, unlike=0.5)
    text, lines = text_of(frames, asked)
    assert text == "GOOD NIGHT"
    assert [(seen.text, seen.kept) for seen in lines] == [("GOOD", True), ("G00D", False), ("NIGHT", True)]
    # seen in the same frame, two texts at one place are one line; apart from each other they stand as they are read
    assert text_of(Reading(240, ((good, night),)), asked)[0] == "NIGHT"
    above = line("VERY", (40, 150, 200, 185), 0.8)
    assert text_of(Reading(240, ((good, above), (night,))), asked)[0] == "VERY GOOD NIGHT"


@pytest.mark.parametrize(
    ("one", "other", "expected"), [("GOOD", "good", 1), ("abcd", "ab", 2 / 3), ("笑死", "晚安", 0), ("", "", 1)]
)
def test_how_alike_texts_are(one: str, other: str, expected: float) -> None:
    assert alike(one, other) == pytest.approx(expected)


def test_nothing_seen_is_no_text() -> None:
    assert text_of(Reading(240, ((),)), CONFIG) == ("", ())


@pytest.mark.parametrize("text", ["笑", "OK", "666", "哈?", "Ｏｋ", "go!"])
def test_wording(text: str) -> None:
    assert is_wording(text)


@pytest.mark.parametrize("text", ["", "0", "11", "ZZ", "zzZ", "~", "！？", "。。。", "l"])
def test_no_wording(text: str) -> None:
    assert not is_wording(text)


def test_comparison_folds_width_case_and_blanks() -> None:
    assert plain("Good Night！") == plain("goodnight!") == "goodnight!"
    assert plain("晚安") != plain("晚上")


def test_accuracy_counts_exact_captions_and_inventions() -> None:
    captions = {"a": "晚安", "b": "Good night", "c": "哈哈", "d": "", "e": ""}
    texts = {"a": "晚安", "b": "good  night", "c": "哈", "d": "", "e": "乐"}
    found = accuracy(captions, texts)
    assert (found.exact, found.captioned, found.invented, found.textless) == (2, 3, 1, 2)
    assert found.share == pytest.approx(2 / 3)
    assert misread(captions, texts) == {"c": ("哈哈", "哈"), "e": ("", "乐")}
    assert accuracy({"a": ""}, {"a": ""}).share == 0.0


# ---- reading, with an engine that says how bright the picture is --------------------------------------------------


def brightness(picture: NDArray[np.uint8], sure_below: int, calls: list[int]) -> list[RawLine]:
    level = int(picture[0, 0, 0])
    calls.append(level)
    return [line(f"level {level}", (0, 200, 200, 230), 0.9 if level < sure_below else 0.5)]


def picture(path: Path, frames: int = 1, grey: int = 0) -> Path:
    images = [Image.new("RGBA", (240, 240), (grey, n, n, 0)) for n in range(frames)]
    extra = {"save_all": True, "append_images": images[1:], "duration": 100} if frames > 1 else {}
    images[0].save(path, lossless=True, exact=True, **extra)
    return path


def test_a_second_ground_is_tried_only_when_the_first_says_nothing_sure(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.webp")
    calls: list[int] = []
    reading = read_picture(path, partial(brightness, sure_below=256, calls=calls), (255, 40), 0.7)
    assert calls == [255]
    assert [seen.text for seen in reading.frames[0]] == ["level 255"]
    calls.clear()
    reading = read_picture(path, partial(brightness, sure_below=100, calls=calls), (255, 40), 0.7)
    assert calls == [255, 40]
    assert [seen.text for seen in reading.frames[0]] == ["level 40"]


def test_an_animation_is_read_at_three_frames(tmp_path: Path) -> None:
    calls: list[int] = []
    path = picture(tmp_path / "a.webp", frames=6)
    reading = read_picture(path, partial(brightness, sure_below=256, calls=calls), (255,), 0.7)
    assert len(calls) == len(reading.frames) == 3
    assert reading.height == 240


def test_on_ground_shows_the_ground_through_transparency() -> None:
    frame = Image.new("RGBA", (2, 1), (255, 0, 0, 255))
    frame.putpixel((1, 0), (0, 255, 0, 0))
    assert on_ground(frame, 40).tolist() == [[[255, 0, 0], [40, 40, 40]]]


def test_reading_goes_on_where_it_stopped(tmp_path: Path) -> None:
    images = {f"s{n}": picture(tmp_path / f"s{n}.webp", grey=n) for n in range(3)}
    store = tmp_path / "readings"
    calls: list[int] = []
    load = lambda: partial(brightness, sure_below=256, calls=calls)  # noqa: E731
    steps: list[tuple[int, int]] = []

    def read(*names: str) -> dict[str, Reading]:
        keys = {name: file_digest(images[name]) for name in names}
        columns = Columns(Task(Read, (load, (255,), 0.7)), keys, images, Slot(store, "key"), in_processes(1))
        found = columns(lambda done, total: steps.append((done, total)))
        return dict(zip(names, map(reading_from_json, found["reading"]), strict=True))

    first = read("s0")
    (store / "batches" / "cut short.arrow").write_bytes(b"ARROW1")
    steps.clear()
    everything = read(*images)
    assert len(calls) == 3
    assert steps == [(1, 3), (2, 3), (3, 3)]
    assert everything["s0"] == first["s0"]
    assert len(list((store / "batches").iterdir())) == 3
    assert read(*images) == everything
    assert len(calls) == 3
