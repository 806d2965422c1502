"""A picture file is opened in the formats that are asked for, and in no other."""

from __future__ import annotations

import io

import pytest
from PIL import Image, features

from persrv.files.picture_files import FORMATS, open_picture


def file(kind: str) -> io.BytesIO:
    content = io.BytesIO()
    Image.new("RGB", (3, 2)).save(content, kind)
    content.seek(0)
    return content


@pytest.mark.parametrize("kind", FORMATS)
def test_stickers_formats_are_opened(kind: str) -> None:
    with open_picture(file(kind)) as picture:
        assert (picture.format, picture.size) == (kind, (3, 2))


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "PPM", "ICO", "PCX"])
def test_other_formats_are_not(kind: str) -> None:
    with pytest.raises(OSError, match="cannot identify"):
        open_picture(file(kind))


def test_a_format_is_opened_where_it_is_asked_for() -> None:
    with open_picture(file("TIFF"), ("TIFF", "a format that this Pillow lacks")) as picture:
        assert picture.format == "TIFF"
    assert features.check("webp"), "stickers are WebP"
