"""Build from a messy folder and a CSV to a bundle that the app searches, by the command a person types."""

from __future__ import annotations

import shutil
from pathlib import Path

import messy
import pytest
from PIL import Image, ImageDraw, ImageFont

from persrv.bundle import Bundle, verify
from persrv.retriever import Retriever
from precompute.__main__ import main
from precompute.demo.art.fonts import FONTS

CLICKS = """uid,query,docid
ann,moon,coffee/good night.png
ann,sleep well,tea/good night
bob,cat smile,猫咪 笑
bob,cat smile,no such picture
"""


def with_words(path: Path, words: str) -> None:
    """A picture that OCR can read."""
    picture = Image.new("RGB", (320, 160), "white")
    font = ImageFont.truetype(FONTS["noto-sans"].path, 56, index=FONTS["noto-sans"].index)
    ImageDraw.Draw(picture).text((20, 40), words, fill="black", font=font)
    picture.save(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = messy.messy_folder(tmp_path_factory.mktemp("import"))
    with_words(folder / "words.png", "HELLO WORLD")
    (folder.parent / "clicks.csv").write_text(CLICKS, encoding="utf-8")
    return folder


def imported(folder: Path, name: str, *more: str) -> Path:
    out = folder.parent / name
    work = folder.parent / "work"
    assert main(["build", "--images", str(folder), "--out", str(out), "--work", str(work), *more]) == 0
    return out


@pytest.fixture(scope="module")
def bundle(folder: Path) -> Path:
    return imported(folder, "bundle", "--interactions", str(folder.parent / "clicks.csv"))


@pytest.mark.slow
def test_a_folder_and_a_csv_make_a_bundle_that_verifies(bundle: Path) -> None:
    assert list(verify(bundle)) == []
    opened = Bundle.open(bundle)
    assert set(opened.ids) == {*messy.IDS, "words"}
    assert [person.id for person in opened.people] == ["ann", "bob"]
    assert not opened.simulated


@pytest.mark.slow
def test_what_was_left_out_is_in_the_bundle_by_reason(bundle: Path) -> None:
    report = Bundle.open(bundle).manifest["provenance"]["import"]
    assert {row["reason"]["en"]: row["count"] for row in report["files_left_out"]} == messy.OPENED
    (row,) = report["rows_left_out"]
    assert row["reason"] == {"en": "a click on a picture that is not in the folder", "zh": "点击的图片不在文件夹里"}
    assert report["clicks"] == 3


@pytest.mark.slow
def test_words_on_pictures_and_queries_find_them(bundle: Path) -> None:
    retriever = Retriever.open(bundle)
    assert retriever.search("hello").hits[0].sticker == "words"
    assert retriever.search("moon").hits[0].sticker == "coffee/good night"
    assert retriever.search("cat smile", "bob").personalized
    assert retriever.sticker("words").keywords == "", "the small models say nothing of pictures they do not know"


@pytest.mark.slow
def test_without_clicks_it_is_a_catalogue_without_people(folder: Path) -> None:
    retriever = Retriever.open(imported(folder, "alone"))
    assert retriever.people == ()
    assert retriever.search("hello").hits[0].sticker == "words"
    assert retriever.search("nothing like it").hits, "a fallback, labelled as such"
    assert retriever.search("nothing like it").fallback


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 2])
def test_a_handful_of_stickers_is_a_catalogue_too(folder: Path, tmp_path: Path, count: int) -> None:
    few = tmp_path / "few"
    few.mkdir()
    for name in ("words.png", "grey.png")[:count]:
        shutil.copy(folder / name, few)
    retriever = Retriever.open(imported(few, "bundle"))
    assert retriever.map_xy is None
    assert [hit.sticker for hit in retriever.search("hello").hits] == ["words"]


@pytest.mark.slow
def test_many_pictures_go_into_few_files(folder: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("precompute.builds.base.MANY", 3)
    many = imported(folder, "many")
    assert list(verify(many)) == []
    assert [path.name for path in (many / "images").iterdir()] == ["00000.tar"]
    found, wanted = Bundle.open(many), Bundle.open(bundle)
    assert [found.picture(name) for name in found.ids] == [wanted.picture(name) for name in wanted.ids]
    assert Retriever.open(many).search("hello").hits[0].sticker == "words"


@pytest.mark.slow
def test_mistakes_are_sentences(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "out")
    assert main(["build", "--images", str(tmp_path / "absent"), "--out", out]) == 2
    assert main(["build", "--interactions", "clicks.csv", "--out", out]) == 2
    told = capsys.readouterr().err
    assert "is no folder" in told
    assert "--images" in told
    assert "Traceback" not in told
    assert not Path(out).exists()


@pytest.mark.parametrize(
    ("out", "work", "told"),
    [
        ("stickers/bundle", "work", "--out"),
        ("stickers", "work", "--out"),
        ("bundle", "stickers/build", "--work"),
        (".", "work", "which is to be replaced"),
        ("letters", "work", "holds something else"),
        ("letters/letter.txt", "work", "is a file"),
    ],
)
def test_a_place_where_the_bundle_cannot_be_is_said_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], out: str, work: str, told: str
) -> None:
    with_words(tmp_path / "words.png", "HELLO")
    for name, content in (("stickers", "a.png"), ("letters", "letter.txt")):
        (tmp_path / name).mkdir()
        shutil.copy(tmp_path / "words.png", tmp_path / name / content)
    before = sorted(tmp_path.rglob("*"))
    places = ["--images", str(tmp_path / "stickers"), "--out", str(tmp_path / out), "--work", str(tmp_path / work)]
    assert main(["build", *places]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert "scan" not in said
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.slow
def test_the_same_folder_gives_the_same_bundle(folder: Path, bundle: Path) -> None:
    again = imported(folder, "again", "--interactions", str(folder.parent / "clicks.csv"))
    assert Bundle.open(again).content_hash == Bundle.open(bundle).content_hash
