"""Reading the words on a picture with the engine that happens to be installed, and doing without it."""

from __future__ import annotations

import base64
import importlib.util
import io

import pytest
from PIL import Image, ImageDraw, ImageFont

from persrv.retriever import Retriever
from persrv.ui.captions_tab import calls as asking
from persrv.ui.captions_tab import reading
from persrv.ui.service import PageService


def drawn(words: str) -> Image.Image:
    """Black words in the lower half of a see-through picture."""
    picture = Image.new("RGBA", (320, 240), (0, 0, 0, 0))
    ImageDraw.Draw(picture).text((40, 170), words, fill="black", font=ImageFont.load_default(44))
    return picture


def encoded(picture: Image.Image) -> str:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def test_words_are_read_where_they_are() -> None:
    (line,) = reading.read_words(drawn("HELLO"))
    assert (line.text, line.kept) == ("HELLO", True)
    assert line.confidence > reading.SURE
    xs, ys = line.box[0::2], line.box[1::2]
    assert len(line.box) == 8
    assert 20 < min(xs) < 60
    assert 160 < min(ys) < max(ys) <= 240


def test_an_empty_picture_says_nothing() -> None:
    assert reading.read_words(Image.new("RGBA", (64, 64), (0, 0, 0, 0))) == ()


def test_the_page_gets_lines_words_and_size(toy_retriever: Retriever) -> None:
    words = asking.calls(PageService(toy_retriever))[-1]({"picture": encoded(drawn("HELLO"))})
    assert (words["engine"], words["text"], words["width"], words["height"]) == ("rapidocr", "HELLO", 320, 240)
    assert (words["lines"][0]["kept"], len(words["lines"][0]["points"])) == (True, 4)


def test_without_an_engine_the_page_says_so(toy_retriever: Retriever, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert asking.calls(PageService(toy_retriever))[-1]({"picture": encoded(drawn("HELLO"))}) == {"engine": None}


def test_what_is_no_picture_is_refused(toy_retriever: Retriever) -> None:
    assert asking.calls(PageService(toy_retriever))[-1]({"picture": "!"})["code"] == "not_picture"
