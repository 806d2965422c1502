"""The same command on a folder that has grown: what was known is taken over, and the map stays where people know it."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from persrv.records import FloatArray
from precompute.builds.folder import Import
from precompute.config import load_profile
from precompute.runtime.dependencies import ROOT
from precompute.runtime.local import in_processes
from precompute.stages import ocr, project


def draw(folder: Path, numbers: range) -> None:
    folder.mkdir(exist_ok=True)
    for number in numbers:
        picture = Image.effect_noise((40, 40), 10 + 3 * number).convert("RGB")
        picture.paste((9 * number % 256, 90, 200), (number % 20, 5, number % 20 + 15, 30))
        picture.save(folder / f"{number}.png")


def build(folder: Path, tmp_path: Path) -> Import:
    run = Import(folder, (), ROOT / "assets/demo", load_profile("demo"), tmp_path / "work", io.StringIO())
    run.engine = in_processes(1)
    return run


def apart(places: FloatArray) -> FloatArray:
    """Distances between all places, over the largest: what stays of a map that is centred and scaled anew."""
    found = np.linalg.norm(places[:, None] - places[None], axis=2)
    return found / found.max()


@pytest.mark.slow
def test_a_map_stays_while_it_was_made_of_most_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, made = tmp_path / "stickers", []

    def projector(*_: object) -> project.Projector:
        def project_all(vectors: FloatArray) -> FloatArray:
            made.append(len(vectors))
            return np.asarray(vectors[:, :2] - vectors[:, 2:4], np.float32)

        return project_all

    monkeypatch.setattr(project, "umap_projector", projector)
    draw(folder, range(40))
    first = build(folder, tmp_path)
    before = dict(zip(first.ids, first.map_xy, strict=True))
    draw(folder, range(40, 43))
    (folder / "7.png").rename(folder / "seven.png")
    grown = build(folder, tmp_path)
    after = dict(zip(grown.ids, grown.map_xy, strict=True))
    assert made == [40], "no map is made anew for three pictures"
    old = [name for name in before if name != "7"]
    kept = np.array([after[name] for name in [*old, "seven"]])
    assert apart(kept) == pytest.approx(apart(np.array([before[name] for name in [*old, "7"]])), abs=1e-4)
    assert np.abs(grown.map_xy).max() == pytest.approx(1.0)
    draw(folder, range(43, 50))
    build(folder, tmp_path).map_xy  # noqa: B018
    assert made == [40, 50], "ten of forty are too many"


def test_a_new_picture_goes_among_its_nearest() -> None:
    vectors = np.array([[1, 0, 0], [0.9, 0.1, 0], [0, 1, 0], [0, 0.9, 0.1], [0, 0, 1], [0, 0.1, 0.9]], np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    known = np.array([[0, 0], [np.nan, np.nan], [5, 0], [5, 1], [0, 5], [1, 5]], np.float32)
    found = project.beside(known, vectors)
    assert np.array_equal(found[[0, 2, 3, 4, 5]], known[[0, 2, 3, 4, 5]])
    assert np.linalg.norm(found[1]) < 1.5


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The pictures that were read, in which nothing stands."""
    paths: list[Path] = []

    def looks(path: Path, *_: object) -> ocr.Reading:
        paths.append(path)
        return ocr.Reading(40, ((),))

    monkeypatch.setattr(ocr, "read_picture", looks)
    return paths


@pytest.mark.slow
def test_only_new_pictures_are_read(tmp_path: Path, read: list[Path]) -> None:
    folder = tmp_path / "stickers"
    draw(folder, range(3))
    assert set(build(folder, tmp_path).texts) == {"0", "1", "2"}
    draw(folder, range(3, 5))
    (folder / "0.png").rename(folder / "zero.png")
    assert set(build(folder, tmp_path).texts) == {"1", "2", "3", "4", "zero"}
    assert len(read) == 5


@pytest.mark.slow
def test_clicks_are_appended_in_the_same_file_or_in_another_and_no_picture_is_seen_again(
    tmp_path: Path, read: list[Path]
) -> None:
    folder = tmp_path / "stickers"
    draw(folder, range(3))
    first, second = tmp_path / "clicks.csv", tmp_path / "more.csv"
    first.write_text("uid,query,docid\nann,moon,0.png\n")
    second.write_text("用户;搜索词;图片\nbob;晚安;1.png\n", encoding="gb18030")

    def built(*csvs: Path) -> tuple[list[tuple[str, tuple[str, ...]]], list[str], str]:
        told = io.StringIO()
        run = Import(folder, csvs, ROOT / "assets/demo", load_profile("demo"), tmp_path / "work", told)
        run.engine = in_processes(1)
        queries = [(sticker.id, sticker.queries) for sticker in run.stickers if sticker.queries]
        return queries, [person.id for person in run.people], told.getvalue()

    assert built(first)[:2] == ([("0", ("moon",))], ["ann"])
    queries, people, told = built(first, second)
    assert (queries, people) == ([("0", ("moon",)), ("1", ("晚安",))], ["ann", "bob"])
    assert told.index("2 clicks of 2 people: ann, bob") < told.index("gather"), "shown before the work starts"
    with first.open("a") as file:
        file.write("ann,cat,2.png\n")
    assert built(first)[:2] == ([("0", ("moon",)), ("2", ("cat",))], ["ann"])
    assert len(read) == 3
