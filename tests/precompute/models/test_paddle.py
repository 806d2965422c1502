"""PaddleOCR as an option: its result as our lines, what it is asked for, and the sentences where it cannot be had."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from persrv.bundle import Bundle
from persrv.errors import DataError, ModelError
from precompute.__main__ import main
from precompute.models.ocr import RawLine, load_rapidocr
from precompute.models.paddle import TRIAL, lines_of, load_paddleocr, require_working, trial_picture
from precompute.stages import ocr_engines
from precompute.stages.ocr_engines import ENGINES, OcrEngine, engine_of, require

#: One picture's result as PaddleOCR 3 gives it: all polygons that were found, then the lines that were kept.
POLYGON = np.array([[1, 4], [40, 4], [40, 20], [1, 20]], np.int16)
RESULT = {
    "input_path": None,
    "page_index": None,
    "model_settings": {"use_doc_preprocessor": False, "use_textline_orientation": False},
    "dt_polys": [POLYGON, POLYGON + 30],
    "text_det_params": {"limit_side_len": 480, "limit_type": "min"},
    "text_type": "general",
    "text_rec_score_thresh": 0.0,
    "rec_texts": ["晚安", "zz"],
    "rec_scores": [0.987654, np.float32(0.25)],
    "rec_polys": [POLYGON, POLYGON + 30],
    "rec_boxes": np.array([[1, 4, 40, 20], [31, 34, 70, 50]], np.int16),
}
NOTHING = {**RESULT, "rec_texts": [], "rec_scores": [], "rec_polys": [], "rec_boxes": np.array([])}
LINES = [
    RawLine("晚安", 0.9877, (1.0, 4.0, 40.0, 4.0, 40.0, 20.0, 1.0, 20.0)),
    RawLine("zz", 0.25, (31.0, 34.0, 70.0, 34.0, 70.0, 50.0, 31.0, 50.0)),
]


class FakePaddleOCR:
    """Stand-in for PaddleOCR: made with keywords, asked by predict, it answers with a list of one result a picture."""

    made: dict[str, Any]
    seen: NDArray[np.uint8]

    def __init__(self, **keywords: Any) -> None:
        FakePaddleOCR.made = keywords

    def predict(self, picture: NDArray[np.uint8]) -> list[dict[str, Any]]:
        FakePaddleOCR.seen = picture
        return [RESULT if picture.any() else NOTHING]


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = ModuleType("paddleocr")
    module.PaddleOCR = FakePaddleOCR
    monkeypatch.setitem(sys.modules, "paddleocr", module)


@pytest.fixture
def missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "paddleocr", None)


def test_a_result_becomes_lines() -> None:
    assert lines_of(RESULT) == LINES
    assert lines_of(NOTHING) == []
    with pytest.raises(ValueError, match="zip"):
        lines_of({**RESULT, "rec_scores": [0.5]})


@pytest.mark.usefixtures("installed")
def test_the_reader_hands_over_bgr_and_asks_for_every_line() -> None:
    read = load_paddleocr(threads=2, side=480)
    made = FakePaddleOCR.made
    assert (made["text_det_limit_side_len"], made["text_det_limit_type"], made["cpu_threads"]) == (480, "min", 2)
    assert made["text_rec_score_thresh"] == 0.0
    assert made["enable_mkldnn"] is False, "oneDNN fails in paddlepaddle 3.3.0 and 3.3.1"
    assert not any(made[name] for name in made if name.startswith("use_"))
    picture = np.zeros((8, 9, 3), np.uint8)
    assert read(picture) == []
    picture[..., 0] = 200
    assert read(picture) == LINES
    assert FakePaddleOCR.seen[0, 0].tolist() == [0, 0, 200]
    assert FakePaddleOCR.seen.flags.c_contiguous


@pytest.mark.usefixtures("missing")
def test_where_it_is_not_installed_nothing_is_begun(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    work, out = str(tmp_path / "work"), str(tmp_path / "out")
    assert (
        main(["build", "--images", str(tmp_path / "stickers"), "--ocr", "paddleocr", "--out", out, "--work", work]) == 2
    )
    told = capsys.readouterr().err
    assert "paddleocr is not installed" in told
    assert "pip install -r precompute/requirements-paddleocr.txt" in told
    assert not (tmp_path / "work").exists()


def test_where_its_models_cannot_be_had_it_says_so(installed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: FakePaddleOCR, **_: Any) -> None:
        raise RuntimeError("No available model hosting platforms detected.")

    monkeypatch.setattr(FakePaddleOCR, "__init__", refuse)
    with pytest.raises(ModelError, match=r"No available model hosting platforms.*use the engine rapidocr"):
        require("paddleocr")


def test_other_names_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(DataError, match="one of rapidocr, paddleocr"):
        engine_of("tesseract")
    out = ["--out", str(tmp_path / "out")]
    assert main(["build", "--images", str(tmp_path / "stickers"), "--ocr", "tesseract", *out]) == 2
    assert "'tesseract'" in capsys.readouterr().err
    assert main(["build", "--ocr", "paddleocr", *out]) == 2
    assert "without a folder of stickers" in capsys.readouterr().err


def read_moon_and_trial(threads: int = 1, side: int = 736) -> Any:
    words = {trial_picture().shape: TRIAL}
    return lambda picture: [RawLine(words.get(picture.shape, "moon"), 0.99, LINES[0].box)]


def failing(_: NDArray[np.uint8]) -> list[RawLine]:
    raise NotImplementedError("(Unimplemented) ConvertPirAttribute2RuntimeAttribute not support [pir::ArrayAttribute]")


@pytest.mark.parametrize(
    ("read", "told"),
    [
        (failing, r"fails on a trial picture: \(Unimplemented\).*requirements-paddleocr\.txt"),
        (lambda _: [], r"reads '' in a trial picture.*'HELLO'"),
        (lambda _: [RawLine("HE110", 0.9, LINES[0].box)], r"reads 'HE110'"),
    ],
)
def test_an_engine_that_fails_on_a_trial_picture_is_refused_before_any_work(
    read: Any, told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = OcrEngine("a fake", lambda **_: read, ("numpy",))
    monkeypatch.setattr(ocr_engines, "ENGINES", {**ENGINES, "paddleocr": fake})
    (tmp_path / "stickers").mkdir()
    out, work = str(tmp_path / "out"), str(tmp_path / "work")
    images = str(tmp_path / "stickers")
    assert main(["build", "--images", images, "--ocr", "paddleocr", "--out", out, "--work", work]) == 2
    assert re.search(told, capsys.readouterr().err)
    assert not (tmp_path / "work").exists()


@pytest.mark.slow
def test_the_trial_picture_can_be_read() -> None:
    """By the engine that is installed here."""
    require_working(load_rapidocr())
    require_working(lambda _: [RawLine("he llo", 0.9, LINES[0].box)])


@pytest.mark.slow
def test_an_import_is_read_by_the_engine_that_was_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One picture, so that the operator runs in this process; the bundle says who read it."""
    from PIL import Image

    (tmp_path / "pictures").mkdir()
    Image.new("RGB", (24, 24), (90, 10, 90)).save(tmp_path / "pictures" / "one.png")
    fake = OcrEngine("a fake", read_moon_and_trial, ("numpy",))
    monkeypatch.setattr(ocr_engines, "ENGINES", {**ENGINES, "paddleocr": fake})
    places = ["--images", str(tmp_path / "pictures"), "--out", str(tmp_path / "out"), "--work", str(tmp_path / "work")]
    assert main(["build", *places, "--ocr", "paddleocr"]) == 0
    bundle = Bundle.open(tmp_path / "out")
    assert [sticker.ocr for sticker in bundle.stickers] == ["moon"]
    assert bundle.provenance["ocr"]["model"] == "a fake"
