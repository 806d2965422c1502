"""Damaged files: a file that breaks a stage is left out, counted by reason with its name; the import goes on."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from persrv.bundle import Edit
from persrv.records import FloatArray
from precompute.builds import folder as imports
from precompute.builds.folder import Import
from precompute.config import load_profile
from precompute.models.ocr import RawLine, reading_from_json
from precompute.models.pixels import Decode, first_or_white, frames_or_white
from precompute.runtime.dependencies import ROOT
from precompute.runtime.local import in_processes
from precompute.runtime.stages import Ran
from precompute.stages import assemble, caption, embed, gather, ocr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "stickers"
    place.mkdir()
    for number, name in enumerate(("good", "bad", "fine")):
        picture = Image.new("RGB", (60, 60), "white")
        ImageDraw.Draw(picture).rectangle((10, 10, 20 + 10 * number, 40), fill="red")
        picture.save(place / f"{name}.png")
    return place


def build(folder: Path, tmp_path: Path) -> Import:
    run = Import(folder, (), ROOT / "assets/demo", load_profile("demo"), tmp_path / "work", io.StringIO())
    run.engine = in_processes(1)  # three pictures are done before another process has started
    return run


def test_a_picture_that_breaks_its_preparation_is_left_out(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    prepare = gather._displayed

    def breaking(place: Path, item: tuple[Path, str]) -> Path:
        if item[0].name == "bad.png":
            raise SyntaxError("not a TIFF file")
        return prepare(place, item)

    monkeypatch.setattr(gather, "_displayed", breaking)
    sources = {path.stem: path for path in folder.iterdir()}
    place = tmp_path / "slot"
    place.mkdir()
    report = gather.gather_hashed(sources, tmp_path / "store", place)
    assert report == {"pictures": 2, "left_out": ["bad"]}
    assert set(json.loads((place / gather.HASHES).read_text())) == set(gather.gathered(place)) == {"good", "fine"}
    assert "bad.png" in capsys.readouterr().err


@pytest.mark.slow
def test_what_is_left_out_by_a_stage_is_in_the_report_and_no_sticker(folder: Path, tmp_path: Path) -> None:
    run = build(folder, tmp_path)
    bad = next(picture for picture in run.scan.pictures if picture.id == "bad")
    next(path for path in run.gather.folder.iterdir() if path.stem == bad.digest).unlink()
    run.ocr = type(run.gather)(tmp_path, "", {"unread": ["fine"]})
    assert run.ids == ("fine", "good")
    assert set(run.images) == set(run.hashes) == {"fine", "good"}
    told = {row["reason"]["en"]: row["examples"] for row in run.left_out.rows()}
    assert told == {
        "a picture that cannot be prepared": ["bad.png"],
        "a sticker whose text could not be read (it is kept)": ["fine"],
    }


def test_a_picture_that_breaks_the_reader_has_no_text(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gone.png").touch()
    line = RawLine("hello", 0.9, (0, 0, 9, 0, 9, 9, 0, 9))
    read = ocr.Read(lambda: lambda picture: [line], (255,), 0.7)

    done = read({"id": np.array(["a", "b"]), "path": np.array([str(folder / "good.png"), str(tmp_path / "gone.png")])})
    first, second = map(reading_from_json, done["reading"])
    assert first.frames == ((line,),)
    assert second == ocr.UNREAD
    assert "gone.png" in capsys.readouterr().err


@pytest.mark.slow
def test_a_folder_that_has_grown_is_prepared_only_where_it_is_new(folder: Path, tmp_path: Path) -> None:
    first = build(folder, tmp_path).images
    times = {path.stem: path.stat().st_mtime_ns for path in first.values()}
    (folder / "good.png").rename(folder / "renamed.png")
    Image.new("RGB", (50, 50), "blue").save(folder / "new.png")
    again = build(folder, tmp_path).images
    assert set(again) == {"bad", "fine", "new", "renamed"}
    assert again["renamed"].stem == first["good"].stem, "the same content"
    assert {path.stem: path.stat().st_mtime_ns for path in again.values() if path.stem in times} == times


@pytest.mark.slow
def test_a_picture_that_breaks_the_embedder_is_left_out_with_its_name(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = build(folder, tmp_path)
    bad = next(picture.digest for picture in run.scan.pictures if picture.id == "bad")
    load = embed.load_file_encoder

    def loaded(models: Mapping[str, Path]) -> Callable[[Path], FloatArray]:
        encode = load(models)

        def encoded(path: Path) -> FloatArray:
            if path.stem == bad:
                raise OSError("broken data stream")
            return encode(path)

        return encoded

    monkeypatch.setattr(embed, "load_file_encoder", loaded)
    assert run.ids == ("fine", "good")
    assert len(run.embeddings) == 2
    run.ocr = type(run.gather)(tmp_path, "", {})
    assert {row["reason"]["en"]: row["examples"] for row in run.left_out.rows()} == {
        "a picture that cannot be embedded": ["bad.png"]
    }
    assert bad in capsys.readouterr().err


def prepared_file(run: Import, name: str) -> Path:
    """Path of a prepared picture."""
    digest = next(picture.digest for picture in run.scan.pictures if picture.id == name)
    return next(path for path in run.gather.folder.iterdir() if path.stem == digest)


@pytest.mark.slow
def test_a_prepared_file_that_vanishes_is_left_out(folder: Path, tmp_path: Path) -> None:
    run = build(folder, tmp_path)
    prepared_file(run, "bad").unlink()
    run.ocr = Ran(tmp_path, "", {})
    assert run.ids == ("fine", "good")
    assert {row["reason"]["en"]: row["examples"] for row in run.left_out.rows()} == {
        "a picture that cannot be prepared": ["bad.png"]
    }


@pytest.mark.slow
@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\nno picture any more", b"GIF89a"])
def test_a_prepared_file_that_is_damaged_later_is_left_out_and_everything_else_is_built(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    run = build(folder, tmp_path)
    run.engine = in_processes(1)
    path = prepared_file(run, "bad")
    path.unlink()
    path.write_bytes(content)
    run.texts = {name: assemble.Text("", ()) for name in ("fine", "good")}
    run.ocr = Ran(tmp_path, "", {})
    assert [sticker.id for sticker in run.stickers] == ["fine", "good"]
    assert len(run.embeddings) == 2
    assert {row["reason"]["en"]: row["examples"] for row in run.left_out.rows()} == {
        "a picture that could not be opened again": ["bad.png"]
    }
    assert path.name in capsys.readouterr().err


@pytest.mark.slow
def test_a_picture_that_opens_and_does_not_decode_is_left_out_by_whatever_sees_it(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = (folder / "good.png").read_bytes()
    cut = tmp_path / "cut.png"
    cut.write_bytes(whole[: whole.index(b"IDAT") + 8])
    decoded = Decode(8)({"id": np.array(["a", "b"]), "path": np.array([str(folder / "good.png"), str(cut)])})
    assert decoded["id"].tolist() == ["a"]
    assert [frames.shape for frames in decoded["frames"]] == [(1, 8, 8, 3)]
    assert "cut.png" in capsys.readouterr().err
    none = Decode(8)({"id": np.array(["b"]), "path": np.array([str(cut)])})
    assert embed.Embed(lambda: np.asarray)(none)["id"].tolist() == []
    assert caption.Answer(lambda: lambda *_: {}, (), {})(none)["id"].tolist() == []
    assert frames_or_white(cut, 8).shape == (1, 8, 8, 3)
    assert first_or_white(cut, 8).shape == (8, 8, 3)
    assert "cut.png" in capsys.readouterr().err


@pytest.mark.slow
def test_a_name_that_breaks_its_reading_costs_the_name_alone(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def named(paths: tuple[str, ...], *_: object) -> tuple[str, ...]:
        if "bad.png" in paths:
            raise ValueError("no such reading")
        return ("a name",)

    monkeypatch.setattr(imports, "names_of", named)
    run = build(folder, tmp_path)
    assert run.names == {"bad": "", "fine": "a name", "good": "a name"}
    run.ocr = type(run.gather)(tmp_path, "", {})
    assert {row["reason"]["en"]: row["examples"] for row in run.left_out.rows()} == {
        "a sticker whose names could not be read (it is kept)": ["bad.png"]
    }
    assert "bad.png" in capsys.readouterr().err


@pytest.mark.slow
def test_a_build_applies_what_the_owner_says_and_leaves_out_what_they_hide(folder: Path, tmp_path: Path) -> None:
    run = build(folder, tmp_path)
    digests = {picture.id: picture.digest for picture in run.scan.pictures}
    (folder / "good.png").rename(folder / "renamed.png")
    again = build(folder, tmp_path)
    again.said = (
        Edit("good", f"images/{digests['good']}.png", tags=("boss",), text="hello"),
        Edit("bad", f"images/{digests['bad']}.png", hidden=True),
        Edit("gone", "images/0.png", tags=("nobody",)),
    )
    again.ocr = Ran(tmp_path, "", {})
    again.texts = {name: assemble.Text("", ()) for name in ("fine", "renamed")}
    assert {each.id: (each.keywords, each.ocr) for each in again.stickers} == {
        "fine": ("", ""),
        "renamed": ("boss", "hello"),
    }
    assert len(again.embeddings) == 2
    assert [row["sticker"] for row in again.about["edits"]["applied"]] == ["renamed"]
    assert again.left_out.counts == {"a picture that its owner hides": 1}
