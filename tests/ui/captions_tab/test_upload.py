"""Uploads for captioning: a picture within limits is read, anything else is refused with a reason."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import random
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice
from typing import Any

import pytest
import toy
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from persrv.files.picture_worker import MAX_SIDE, SIDE
from persrv.models.captioner import MAX_TEXT, Caption
from persrv.retriever import Retriever
from persrv.ui import strings
from persrv.ui.captions_tab.live import CAPTION_EXAMPLES, WAITING, LiveCaptions
from persrv.ui.refusals import Refused
from persrv.ui.service import PageService
from persrv.ui.uploads import MAX_BYTES, read_upload


def sent(image: Image.Image, kind: str = "PNG", **options: Any) -> str:
    """A picture as the browser sends it."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return base64.b64encode(file.getvalue()).decode()


def refusal(encoded: object) -> Refused:
    with pytest.raises(Refused) as caught:
        read_upload(encoded)
    return caught.value


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "JPEG"])
def test_pictures_come_as_they_were_drawn(kind: str) -> None:
    picture = read_upload(sent(Image.new("RGB", (12, 8), (200, 30, 30)), kind))
    assert picture.mode == "RGBA"
    assert picture.size == (12, 8)
    assert abs(picture.getpixel((3, 3))[0] - 200) < 8


def test_transparency_stays() -> None:
    assert read_upload(sent(Image.new("RGBA", (4, 4), (0, 0, 0, 0)))).getpixel((0, 0))[3] == 0


def test_an_animation_is_its_middle_frame() -> None:
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "lime", "blue")]
    moving = sent(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50)
    assert read_upload(moving).getpixel((0, 0))[:3] == (0, 255, 0)


def test_a_photo_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    assert read_upload(sent(Image.new("RGB", (12, 8)), "JPEG", exif=exif)).size == (8, 12)


@pytest.mark.parametrize("encoded", [None, 7, {}, "", "no base64!", base64.b64encode(b"<svg/>").decode()])
def test_what_is_no_picture_is_named_so(encoded: object) -> None:
    assert refusal(encoded).code == "not_picture"


def test_formats_that_nobody_asked_for_are_not_opened() -> None:
    assert refusal(sent(Image.new("RGB", (4, 4)), "BMP")).code == "not_picture"


def test_size_and_weight_have_limits() -> None:
    assert read_upload(sent(Image.new("1", (SIDE, 2)))).size == (SIDE, 2)
    assert read_upload(sent(Image.new("1", (MAX_SIDE, 8)))).size == (SIDE, 2), "no model looks at more"
    large = refusal(sent(Image.new("1", (MAX_SIDE + 1, 2))))
    assert (large.code, large.values) == ("too_large", {"width": MAX_SIDE + 1, "height": 2, "max": MAX_SIDE})
    for length in (MAX_BYTES + 1, MAX_BYTES + 100):
        heavy = refusal(base64.b64encode(bytes(length)).decode())
        assert (heavy.code, heavy.values) == ("too_heavy", {"max": 8})
    assert refusal(base64.b64encode(bytes(MAX_BYTES)).decode()).code == "not_picture", "light enough to be looked at"


@given(st.sampled_from(["PNG", "WEBP", "GIF", "JPEG"]), st.integers(0, 10**6), st.integers(1, 12))
def test_damaged_files_are_refused_or_read_never_worse(kind: str, seed: int, hurt: int) -> None:
    rng = random.Random(seed)
    content = bytearray(base64.b64decode(sent(Image.linear_gradient("L").resize((24, 24)).convert("RGB"), kind)))
    for _ in range(hurt):
        content[rng.randrange(len(content))] = rng.randrange(256)
    cut = bytes(content[: rng.randrange(1, len(content) + 1)])
    with contextlib.suppress(Refused):
        assert read_upload(base64.b64encode(cut).decode()).mode == "RGBA"


# ---- the service ----------------------------------------------------------------------------------------------------


class Recorder:
    """Writes down what it is asked."""

    reads_text = True

    def __init__(self) -> None:
        self.asked: list[tuple[tuple[int, int], str]] = []

    def caption(self, picture: Image.Image, text: str = "") -> Caption:
        self.asked.append((picture.size, text))
        return Caption("a cat", "glad", ("cat",), ("cat", "lol"), 1, 0.125)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def live(toy_retriever: Retriever, recorder: Recorder) -> LiveCaptions:
    return LiveCaptions(PageService(toy_retriever, recorder))


def test_an_upload_is_captioned_with_its_words(live: LiveCaptions, recorder: Recorder) -> None:
    answer = live.caption(sent(Image.new("RGB", (12, 8))), None, " 笑死 ")
    assert answer == {
        "description": "a cat",
        "emotion": "glad",
        "keywords_base": [{"word": "cat", "matched": False}],
        "keywords": [{"word": "cat", "matched": False}, {"word": "lol", "matched": False}],
        "unspelt": 1,
        "seconds": 0.125,
    }
    assert recorder.asked == [((12, 8), "笑死")]


def test_a_sticker_is_captioned_with_what_ocr_read_on_it(live: LiveCaptions, recorder: Recorder) -> None:
    live.caption(None, "s01", None)
    live.caption(None, "s01", "")
    assert recorder.asked == [((8, 8), "laugh"), ((8, 8), "")]


def test_refusals_are_sentences_in_both_languages(live: LiveCaptions, recorder: Recorder) -> None:
    answers = [
        live.caption("?", None, ""),
        live.caption(sent(Image.new("1", (5000, 2))), None, None),
        live.caption(sent(Image.new("1", (5, 2))), None, "哈" * (MAX_TEXT + 1)),
    ]
    assert [answer["code"] for answer in answers] == ["not_picture", "too_large", "long_text"]
    for answer in answers:
        for language in strings.LANGUAGES:
            sentence = strings.in_language(language)[f"error_{answer['code']}"].format(**answer["values"])
            assert "{" not in sentence
        assert answer["error"] == strings.in_language("en")[f"error_{answer['code']}"].format(**answer["values"])
        json.dumps(answer)
    assert "no_such" in live.caption(None, "no_such", None)["error"]
    assert recorder.asked == []


def test_a_bundle_without_a_captioner_says_so(toy_retriever: Retriever) -> None:
    live = LiveCaptions(PageService(toy_retriever))
    assert live.offer() == {"available": False}
    assert live.caption(None, "s01", None)["code"] == "no_captioner"


def test_examples_are_stickers_at_even_distances(live: LiveCaptions) -> None:
    offered = live.offer()
    names = [example["id"] for example in offered["examples"]]
    assert len(names) == CAPTION_EXAMPLES == 8
    assert names == ["s01", "s02", "s04", "s05", "s07", "s08", "s10", "s11"]
    assert set(names) <= set(toy.IDS)
    assert offered["types"] == ["image/png", "image/jpeg", "image/webp", "image/gif"]


def test_keywords_say_which_share_a_word_with_the_query(toy_bundle_path, tmp_path) -> None:
    from dataclasses import replace

    stickers = tuple(replace(s, keywords="笑死我了，good nights，笑死我了", keywords_base="") for s in toy.stickers())
    bundle = toy.write_toy(tmp_path, stickers=stickers)
    detail = PageService(Retriever(bundle)).detail("s01", "Good NIGHT")
    assert detail["captions"]["keywords"] == [
        {"word": "笑死我了", "matched": False},
        {"word": "good nights", "matched": True},
    ]
    assert detail["captions"]["keywords_base"] == []


# ---- many at once ---------------------------------------------------------------------------------------------------


class Slow(Recorder):
    """Captions when it is allowed to."""

    def __init__(self) -> None:
        super().__init__()
        self.allowed = threading.Event()

    def caption(self, picture: Image.Image, text: str = "") -> Caption:
        self.allowed.wait()
        return super().caption(picture, text)


def test_few_captions_wait_and_the_next_is_told_so_while_they_wait(toy_retriever: Retriever) -> None:
    slow = Slow()
    live = LiveCaptions(PageService(toy_retriever, slow))
    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(live.caption, None, "s01", None) for _ in range(20)]
        refused = [done.result() for done in islice(as_completed(asked), 20 - 1 - WAITING)]
        assert {answer.get("code") for answer in refused} == {"busy"}, "nobody had been captioned yet"
        assert slow.asked == []
        slow.allowed.set()
    assert sum("error" not in each.result() for each in asked) == 1 + WAITING
    assert "error" not in live.caption(None, "s01", None)
