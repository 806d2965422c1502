"""Drawing: captions fit, layers add up, and eight styles that nobody confuses."""

from __future__ import annotations

import hashlib
import itertools
import random
from pathlib import Path

import numpy as np
import pytest
from contact_sheet import contact_sheet
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from persrv.errors import DataError
from precompute.demo.art import STYLES, colours, fonts
from precompute.demo.art.base import SIDE
from precompute.demo.art.finish import die_cut, displaced, over, reduced, stained, straight
from precompute.demo.art.ink import pressure
from precompute.demo.art.lettering import LEFT, RIGHT, Lettering, place, set_caption
from precompute.demo.art.neon import TUBES, tube, unlit
from precompute.demo.draw import FRAME_MS, FRAMES, draw, save_webp
from precompute.demo.palettes import PALETTES
from precompute.demo.spec import StickerSpec

PLAIN = Lettering("noto-sans", ("#000000",), outline="#ffffff", outline_width=8)
SITUATIONS_SEEN = ("laugh", "cry", "love", "sleepy", "newyear")


def em(text: str) -> float:
    """Width of a text at size 1: Han characters one em, all others half."""
    return sum(1.0 if ord(character) > 0x2E80 else 0.5 for character in text)


def spec(character: str = "cat", style: str = "flat", situation: str = "laugh", **more: object) -> StickerSpec:
    values: dict = {"id": "x", "caption": "", "animated": False, "seed": 7} | more
    return StickerSpec(character=character, style=style, situation=situation, **values)


def pixels(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture, dtype=np.float64)


# -- colours ------------------------------------------------------------------------------------------------------


def test_mixing_goes_straight_from_one_colour_to_the_other() -> None:
    assert colours.mix("#000000", "#ffffff", 0.0) == "#000000"
    assert colours.mix("#000000", "#ff8000", 1.0) == "#ff8000"
    assert colours.mix("#000000", "#646464", 0.5) == "#323232"


def test_turning_the_hue_by_a_third_makes_red_green() -> None:
    assert colours.adjust("#ff0000", turn=1 / 3) == "#00ff00"


def test_argb_puts_alpha_first() -> None:
    assert colours.to_argb("#102030", 0.5) == 0x80102030


@given(st.tuples(*3 * [st.integers(0, 255)]))
def test_hex_and_back(rgb: tuple[int, int, int]) -> None:
    text = "#" + "".join(f"{channel:02x}" for channel in rgb)
    assert colours.to_hex(colours.to_rgb(text)) == text


# -- captions -----------------------------------------------------------------------------------------------------


def test_a_short_caption_is_as_large_as_allowed() -> None:
    assert set_caption("加油", PLAIN, em) == set_caption(" 加油 ", PLAIN, em)
    setting = set_caption("加油", PLAIN, em)
    assert setting.lines == ("加油",)
    assert setting.size == PLAIN.largest


def test_a_longer_caption_shrinks_to_the_width() -> None:
    setting = set_caption("八个字也写得下吧", PLAIN, em)
    assert setting.lines == ("八个字也写得下吧",)
    assert setting.size == pytest.approx((RIGHT - LEFT - 8) / 8)


def test_a_caption_that_would_become_too_small_breaks_in_even_lines() -> None:
    setting = set_caption("这一句话真的实在是太长了", PLAIN, em)
    assert setting.lines == ("这一句话真的", "实在是太长了")
    assert PLAIN.smallest <= setting.size <= 30


def test_words_are_not_broken() -> None:
    assert set_caption("good morning", PLAIN, em).lines == ("good morning",)
    assert set_caption("good morning everybody", PLAIN, em).lines == ("good morning", "everybody")


def test_bitmap_letters_come_in_whole_steps() -> None:
    bitmap = STYLES["pixel"].lettering
    for text in ("好", "八个字也写得下吧", "So happy!"):
        assert set_caption(text, bitmap, em).size % bitmap.step == 0


@given(st.text(alphabet="加油好的ab c!", min_size=1, max_size=18).filter(str.strip))
def test_every_line_fits_and_nothing_is_lost(text: str) -> None:
    setting = set_caption(text, PLAIN, em)
    lines = place(setting, PLAIN, em)
    assert all(line.x >= LEFT - 1e-6 and line.x + line.width <= RIGHT + 1e-6 for line in lines)
    assert "".join("".join(setting.lines).split()) == "".join(text.split())


def test_the_last_line_is_lowest_and_above_the_edge() -> None:
    first, second = sorted(
        place(set_caption("这一句话真的实在是太长了", PLAIN, em), PLAIN, em), key=lambda line: line.y
    )
    assert first.text == "这一句话真的"
    assert second.y - first.y >= 22
    assert second.y < SIDE


def test_all_fonts_are_installed_and_know_their_captions() -> None:
    assert fonts.available() == list(fonts.FONTS)
    for name in fonts.FONTS:
        assert fonts.covers(fonts.typeface(name), "笑死我了 OK!")


def test_a_missing_font_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    fonts.typeface.cache_clear()
    monkeypatch.setitem(fonts.FONTS, "smiley", fonts.FontFile("/nowhere/x.ttf", "fonts-smiley-sans"))
    with pytest.raises(DataError, match="apt-get install fonts-smiley-sans"):
        fonts.typeface("smiley")
    fonts.typeface.cache_clear()


def test_a_missing_glyph_falls_back_to_noto() -> None:
    rare = "㊗囧"  # 得意黑 has no circled ideographs
    assert not fonts.covers(fonts.typeface("smiley"), rare)
    assert fonts.typeface_for("smiley", rare).getFamilyName() == fonts.typeface(fonts.FALLBACK).getFamilyName()
    assert fonts.typeface_for("smiley", "加油").getFamilyName() == fonts.typeface("smiley").getFamilyName()


# -- layers -------------------------------------------------------------------------------------------------------


def layer(*rgba: int, side: int = 8) -> np.ndarray:
    return np.full((side, side, 4), rgba, np.uint8)


def test_over_keeps_the_opaque_top_and_shows_through_a_clear_one() -> None:
    red, clear, blue = layer(255, 0, 0, 255), layer(0, 0, 0, 0), layer(0, 0, 255, 255)
    assert np.array_equal(over(red, blue), red)
    assert np.array_equal(over(clear, blue), blue)


def test_over_mixes_by_the_alpha_of_the_top() -> None:
    half_red = layer(128, 0, 0, 128)
    assert over(half_red, layer(0, 0, 255, 255))[0, 0].tolist() == [128, 0, 127, 255]


def test_straight_divides_by_alpha() -> None:
    assert straight(layer(64, 0, 0, 128))[0, 0].tolist() == [128, 0, 0, 128]
    assert straight(layer(0, 0, 0, 0))[0, 0].tolist() == [0, 0, 0, 0]


def test_stained_is_premultiplied() -> None:
    assert stained(np.full((2, 2), 100, np.uint8), "#ff8000")[0, 0].tolist() == [100, 50, 0, 100]


def test_reducing_averages_and_enlarging_repeats() -> None:
    chess = layer(0, 0, 0, 0, side=4)
    chess[::2] = 200
    assert (reduced(chess, 2) == 100).all()
    assert (reduced(chess, 8)[:2] == 200).all()


def test_a_die_cut_reaches_its_radius_further_in_the_border_colour() -> None:
    dot = np.zeros((61, 61, 4), np.uint8)
    dot[28:33, 28:33] = 255
    cut = die_cut(dot, border="#ffff00", radius=10, opacity=0.0)
    assert cut[30, 38].tolist() == [255, 255, 0, 255]
    assert cut[30, 50, 3] == 0


def test_displacing_moves_nothing_further_than_asked() -> None:
    square = np.zeros((64, 64, 4), np.uint8)
    square[24:40, 24:40] = 255
    moved = displaced(square, amount=3.0, cell=8, seed=1)
    assert not np.array_equal(moved, square)
    assert moved[:18].max() == 0
    assert moved[30:34, 30:34].min() == 255


# -- styles -------------------------------------------------------------------------------------------------------


def test_a_brush_is_thin_at_its_ends() -> None:
    assert pressure(0.5, 0.0, False) > 2 * pressure(0.0, 0.0, False)


@pytest.mark.parametrize("gas", TUBES.values())
def test_an_unlit_tube_remembers_its_gas(gas: str) -> None:
    assert tube(unlit(gas)) == gas


@pytest.mark.parametrize("style", STYLES)
def test_every_style_draws_every_character(style: str) -> None:
    for i, character in enumerate(PALETTES):
        situation = SITUATIONS_SEEN[i % len(SITUATIONS_SEEN)]
        (picture,) = draw(spec(character, style, situation, caption="你好" if i % 2 else ""))
        assert picture.mode == "RGBA"
        assert picture.size == (SIDE, SIDE)
        opacity = pixels(picture)[..., 3]
        assert max(opacity[0, 0], opacity[0, -1], opacity[-1, 0], opacity[-1, -1]) == 0, "corners are transparent"
        assert 0.15 < (opacity > 200).mean() < 0.99, "the figure is neither lost nor boxed in"


@pytest.mark.parametrize("style", STYLES)
def test_a_seed_decides_every_pixel(style: str) -> None:
    twice = [draw(spec("dog", style, caption="笑死我了"))[0].tobytes() for _ in range(2)]
    assert twice[0] == twice[1]
    random.seed(3)  # the global generator must not matter
    assert draw(spec("dog", style, caption="笑死我了"))[0].tobytes() == twice[0]


@pytest.mark.parametrize("style", STYLES)
def test_a_caption_changes_the_bottom_strip(style: str) -> None:
    without, with_caption = (pixels(draw(spec("cat", style, caption=caption))[0]) for caption in ("", "笑死我了"))
    strip = slice(205, 232)
    assert np.abs(with_caption[strip] - without[strip]).mean() > 8


@pytest.mark.parametrize("style", STYLES)
def test_an_animation_moves_but_does_not_flicker(style: str) -> None:
    frames = draw(spec("rabbit", style, "happy", caption="开心", animated=True))
    assert len(frames) == FRAMES
    arrays = [pixels(frame) for frame in frames]
    assert len({frame.tobytes() for frame in frames}) >= FRAMES // 2
    caption = slice(212, 226)
    for one, other in itertools.pairwise(arrays):
        assert np.abs(one - other).mean() < 45, "most of the picture stays"
        assert np.abs(one[caption, 90:150] - other[caption, 90:150]).mean() < 12, "the caption stands still"


def fingerprint(style: str) -> np.ndarray:
    """Mean saturation, brightness, share of dark, of white, of opaque pixels, edges, grain; over three characters."""
    rows = []
    for character in ("cat", "panda", "frog"):
        rgba = pixels(draw(spec(character, style, "hello"))[0]) / 255
        seen = rgba[rgba[..., 3] > 0.8][:, :3]
        top, low = seen.max(axis=1), seen.min(axis=1)
        grey = rgba[..., :3].mean(axis=2) * rgba[..., 3]
        grain = np.abs(4 * grey[1:-1, 1:-1] - grey[:-2, 1:-1] - grey[2:, 1:-1] - grey[1:-1, :-2] - grey[1:-1, 2:])
        edges = np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean()
        rows.append(
            [
                ((top - low) / np.maximum(top, 1e-6)).mean(),
                top.mean(),
                (top < 0.35).mean(),
                (low > 0.93).mean(),
                (rgba[..., 3] > 0.8).mean(),
                4 * edges,
                5 * np.median(grain[rgba[1:-1, 1:-1, 3] > 0.8]),
            ]
        )
    return np.mean(rows, axis=0)


def test_styles_differ_pairwise() -> None:
    prints = {style: fingerprint(style) for style in STYLES}
    for one, other in itertools.combinations(STYLES, 2):
        assert np.linalg.norm(prints[one] - prints[other]) > 0.12, (one, other, prints[one], prints[other])


@pytest.mark.parametrize(("field", "value"), [("character", "unicorn"), ("style", "cubist"), ("situation", "dancing")])
def test_what_nobody_can_draw_is_refused(field: str, value: str) -> None:
    with pytest.raises(DataError, match=value):
        draw(spec(**{field: value}))


# -- files --------------------------------------------------------------------------------------------------------


def test_files_are_deterministic_small_and_whole(tmp_path: Path) -> None:
    sizes = []
    for style in STYLES:
        frames = draw(spec("seal", style, "happy", caption="开心"))
        digests = set()
        for name in ("a", "b"):
            path = tmp_path / f".{style}-{name}.unfinished"
            save_webp(frames, path)
            digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
        assert len(digests) == 1
        sizes.append(path.stat().st_size)
        with Image.open(path) as back:
            assert back.format == "WEBP"
            assert back.size == (SIDE, SIDE)
            assert np.asarray(back.convert("RGBA"))[0, 0, 3] == 0
    assert np.mean(sizes) < 20_000


def test_an_animation_survives_the_file(tmp_path: Path) -> None:
    for style in ("flat", "neon"):
        path = tmp_path / f"{style}.webp"
        save_webp(draw(spec("chick", style, "cheer", caption="加油", animated=True)), path)
        with Image.open(path) as back:
            assert back.info["loop"] == 0
            shown = 0
            count = getattr(back, "n_frames", 1)
            for number in range(count):
                back.seek(number)
                back.load()
                shown += back.info["duration"]
            # WebP stores two equal frames as one that is shown twice as long.
            assert FRAMES // 2 < count <= FRAMES
            assert shown == FRAMES * FRAME_MS
        assert path.stat().st_size < 110_000


def test_a_contact_sheet_has_a_cell_for_every_picture() -> None:
    pictures = [Image.new("RGBA", (SIDE, SIDE), colour) for colour in ("#ff0000", "#00ff00", "#0000ff")]
    sheet = contact_sheet(pictures, 2, side=10, background="#ffffff")
    assert sheet.size == (20, 20)
    assert [sheet.getpixel(at) for at in ((5, 5), (15, 5), (5, 15), (15, 15))] == [
        (255, 0, 0),
        (0, 255, 0),
        (0, 0, 255),
        (255, 255, 255),
    ]
    assert contact_sheet(pictures, 2, ["a", "b", "c"], side=10).size == (20, 48)
