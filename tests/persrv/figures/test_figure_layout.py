"""Figures: every label has its room, every line its end, and both formats say the same with their glyphs inside."""

from __future__ import annotations

import io
from itertools import combinations
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from persrv.errors import QueryError
from persrv.figures.content import ONE_COLUMN, TWO_COLUMNS, Entry, Figure, Row
from persrv.figures.layout import INKS, laid_out
from persrv.figures.marks import Box, Curve, Drawing, Letters, Picture
from persrv.figures.pdf import pdf
from persrv.figures.rasters import raster
from persrv.figures.svg import svg
from persrv.figures.typeface import typeface

BEFORE = Row("Without", "for everybody", tuple(Entry(name, rank) for rank, name in enumerate("abcd", 1)))
AFTER = Row(
    "For Ann",
    "",
    (
        Entry("b", 1, "up", "▲1"),
        Entry("a", 2, "down", "▼1"),
        Entry("c", 3, "same", "=", marked=True),
        Entry("e", 4, "new", "✦only here", marked=True),
    ),
)
FIGURE = Figure(
    "“night”", (BEFORE, AFTER), person="Ann", face="a", ticks="clicked", badges="▲▼ places", footer=("sha256",)
)


def letters(drawing: Drawing) -> list[Letters]:
    return [mark for mark in drawing.marks if isinstance(mark, Letters)]


def boxes(drawing: Drawing) -> list[tuple[float, float, float, float]]:
    """Boxes (left, top, right, bottom) of every line of text; glyphs reach from .9 above the baseline to .2 below."""
    found = []
    for mark in letters(drawing):
        width = typeface().width(mark.text, mark.size)
        left = mark.x - (width / 2 if mark.anchor == "middle" else 0)
        found.append((left, mark.y - 0.9 * mark.size, left + width, mark.y + 0.2 * mark.size))
    return found


def collide(drawing: Drawing) -> list[tuple[object, object]]:
    texts = list(zip(boxes(drawing), letters(drawing), strict=True))
    return [
        (one.text, other.text)
        for ((a, b, c, d), one), ((e, f, g, h), other) in combinations(texts, 2)
        if min(c, g) - max(a, e) > 0.2 and min(d, h) - max(b, f) > 0.2
    ]


@pytest.mark.parametrize("width", [ONE_COLUMN, 120, TWO_COLUMNS])
def test_no_labels_touch_and_none_leaves_the_sheet(width: int) -> None:
    many = tuple(Entry(f"s{n}", n, "new", "✦only here", marked=True) for n in range(1, 13))
    row = Row("A ranking with a name that is rather long for its place", "and a hint that is longer still", many)
    figure = Figure("“night”", (row, row), sentences=("one sentence " * 20,), ticks="t " * 40, badges="b " * 40)
    drawing = laid_out(figure, width)
    assert collide(drawing) == []
    assert all(left >= -0.01 and right <= drawing.width + 0.01 for left, _, right, _ in boxes(drawing))
    assert max(bottom for *_, bottom in boxes(drawing)) <= drawing.height


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=12), st.booleans()), min_size=1, max_size=12), st.text(max_size=80))
def test_no_text_whatever_makes_labels_touch(badges: list[tuple[str, bool]], title: str) -> None:
    entries = tuple(Entry(f"s{n}", n, None, badge, marked) for n, (badge, marked) in enumerate(badges, 1))
    drawing = laid_out(Figure(title, (Row(title, title, entries),), footer=(title,)), ONE_COLUMN)
    assert collide(drawing) == []
    assert all(right <= drawing.width + 0.01 for _, _, right, _ in boxes(drawing))


def test_lines_join_the_places_of_a_sticker_and_the_legend_names_those_there_are() -> None:
    drawing = laid_out(FIGURE)
    lines = [mark for mark in drawing.marks if isinstance(mark, Curve) and mark.bent]
    assert [line.stroke for line in lines] == [INKS["up"], INKS["down"], INKS["same"]], "the ticked one is painted last"
    assert [bool(line.dash) for line in lines] == [False, True, False], "a print without colours tells them, too"
    assert lines[0].to_x < lines[0].x == lines[1].to_x
    said = [mark.text for mark in letters(drawing)]
    for text in ("higher in the row below", "lower in the row below", "same place", "✓ clicked", "▲▼ places"):
        assert text in said
    alone = [mark.text for mark in letters(laid_out(Figure("x", (BEFORE,))))]
    assert not any("row below" in text or "same place" in text for text in alone)


def test_an_absent_sticker_and_a_far_one_stand_at_the_end_of_their_row() -> None:
    far = Row("B", entries=(Entry("a", 1), Entry("z", 40, marked=True, apart=True)))
    drawing = laid_out(Figure("q", (Row("A", entries=BEFORE.entries, absent="not found"), far)))
    assert "not found" in drawing.text
    assert "…" in drawing.text
    dashed = next(mark for mark in drawing.marks if isinstance(mark, Box) and mark.dash)
    last = [mark for mark in drawing.marks if isinstance(mark, Picture)][-1]
    assert last.sticker == "z"
    assert dashed.x < last.x < dashed.x + dashed.width


def test_widths_between_one_column_and_two() -> None:
    assert round(laid_out(FIGURE, ONE_COLUMN).width, 1) == 238.1
    for wrong in (83, 175, True):
        with pytest.raises(QueryError, match="millimetres from 84"):
            laid_out(FIGURE, wrong)


def test_what_has_no_glyph_is_written_by_its_name() -> None:
    face = typeface()
    assert face.writable("笑死\u200d我了✦\n😂") == "笑死我了★ [face with tears of joy]"
    assert face.writable("\ud83d\x00\ue000") == ""
    assert face.width("ab", 10) == pytest.approx(face.width("a", 10) + face.width("b", 10))


def test_svg_is_one_file_with_its_glyphs_and_pictures_and_text_that_is_no_markup() -> None:
    figure = Figure("<script>&“我了”", (BEFORE, AFTER), description="two rows", language="zh")
    picture = raster(Image.new("RGBA", (400, 100), (10, 20, 30, 128)))
    written = svg(laid_out(figure), {"a": picture})
    assert written == svg(laid_out(figure), {"a": picture}), "the same bytes again"
    root = ElementTree.fromstring(written)
    names = [each.tag.split("}")[1] for each in root.iter()]
    assert set(names) == {"svg", "title", "desc", "style", "rect", "text", "path", "image"}
    assert [each.text for each in root if each.tag.endswith("}desc")] == ["two rows"]
    assert "<script>&“我了”" in "".join(root.itertext())
    assert names.count("image") == 2, "in both rows; the others have no picture"
    assert all(each.get("href", "data:").startswith("data:") for each in root.iter())
    glyphs = next(each.text for each in root if each.tag.endswith("}style"))
    assert "url(data:font/otf;base64," in glyphs
    image = next(each for each in root if each.tag.endswith("}image"))
    assert float(image.get("width", 0)) == pytest.approx(4 * float(image.get("height", 0)), rel=0.01)


def test_the_typeface_in_a_figure_holds_its_glyphs_and_few_others() -> None:
    font = TTFont(io.BytesIO(typeface().subset("我了")))
    assert set(font.getBestCmap()) == {ord("我"), ord("了")}
    assert typeface().subset("我了") == typeface().subset("了我")


def test_pdf_embeds_the_typeface_and_is_the_same_again() -> None:
    picture = raster(Image.new("RGB", (10, 10), (1, 2, 3)))
    written = pdf(laid_out(FIGURE), {"a": picture})
    assert written == pdf(laid_out(FIGURE), {"a": picture})
    assert written.startswith(b"%PDF-1.")
    for said in (b"NotoSansCJKSC", b"/FontFile3", b"/CIDFontType0C", b"/ToUnicode"):
        assert said in written
    assert written.count(b"/SMask") == 0 or b"/Image" in written
    assert b"/MediaBox [0 0 493.23" in written


def test_a_raster_is_small_and_keeps_its_transparency() -> None:
    made = raster(Image.new("RGBA", (1000, 500), (0, 0, 0, 0)))
    assert (made.width, made.height) == (192, 96)
    with Image.open(io.BytesIO(made.png)) as image:
        assert image.getpixel((0, 0)) == (0, 0, 0, 0)
