"""A drawing as PDF: one page of the drawing's size, its glyphs and pictures inside, text that can be searched."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from persrv.figures.marks import Box, Curve, Drawing, Letters, Mark, Picture
from persrv.figures.rasters import Raster, placed
from persrv.figures.typeface import NUMBER, typeface

if TYPE_CHECKING:
    from fpdf import FPDF

#: A date for all, so that the same drawing makes the same bytes.
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)


def pdf(drawing: Drawing, pictures: Mapping[str, Raster]) -> bytes:
    """Write a drawing as PDF; the same drawing gives the same bytes. Stickers that `pictures` lacks are left empty."""
    from fpdf import FPDF

    page = FPDF(unit="pt", format=(drawing.width, drawing.height))
    page.set_creation_date(_NO_DATE)
    page.set_title(drawing.title)
    page.set_subject(drawing.description)
    page.set_lang({"zh": "zh-CN"}.get(drawing.language, "en"))
    page.set_margin(0)
    page.set_auto_page_break(False)
    page.add_page()
    page.add_font("figure", fname=typeface().path, collection_font_number=NUMBER)
    for mark in drawing.marks:
        _draw(page, mark, pictures)
    return bytes(page.output())


def _draw(page: FPDF, mark: Mark, pictures: Mapping[str, Raster]) -> None:
    match mark:
        case Letters():
            page.set_font("figure", size=mark.size)
            page.set_text_color(mark.ink)
            left = mark.x if mark.anchor == "start" else mark.x - typeface().width(mark.text, mark.size) / 2
            page.text(left, mark.y, mark.text)
        case Box():
            if mark.fill is not None:
                page.set_fill_color(mark.fill)
            _use_stroke(page, mark)
            style = ("D" if mark.stroke else "") + ("F" if mark.fill else "")
            rounded = mark.radius > 0
            page.rect(mark.x, mark.y, mark.width, mark.height, style, round_corners=rounded, corner_radius=mark.radius)
        case Curve():
            _use_stroke(page, mark)
            if mark.bent:
                middle = (mark.y + mark.to_y) / 2
                ends = (mark.x, mark.y), (mark.x, middle), (mark.to_x, middle), (mark.to_x, mark.to_y)
                page.bezier(ends, style="D")
            else:
                page.line(mark.x, mark.y, mark.to_x, mark.to_y)
        case Picture() if mark.sticker in pictures:
            picture = pictures[mark.sticker]
            x, y, width, height = placed(picture, mark.x, mark.y, mark.side)
            page.image(io.BytesIO(picture.png), x, y, width, height)


def _use_stroke(page: FPDF, mark: Box | Curve) -> None:
    if mark.stroke is None:
        return
    page.set_draw_color(mark.stroke)
    page.set_line_width(mark.weight)
    page.set_dash_pattern(mark.dash, mark.dash)
