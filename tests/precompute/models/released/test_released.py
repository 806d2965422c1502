"""Released data sets, on records made by hand in their formats: what is read, what is dropped, what comes of a join."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from persrv.errors import DataError
from persrv.records import Context, Interaction
from precompute.__main__ import main
from precompute.datasets import sticker820k, sticker_queries, u_sticker
from precompute.datasets.clicks import read_clicks
from precompute.datasets.convert import join, labels_of
from precompute.datasets.dropped import Dropped
from precompute.datasets.u_sticker import Log, Sent

QUERIES_ZH = '\ufeffsticker_id,labeled_queries\n101.png,"笑死, 哈哈, 笑死"\n102.webm,\n103.gif,"晚安"\n'
QUERIES_EN = 'sticker_id,labeled_queries\n101.png,"LOL, so funny, lol"\n'


def message(number: int, sticker: object, user: object = "user1", **more: object) -> dict[str, Any]:
    return {"message_id": number, "sticker": sticker, "text": "", "from_id": user, **more}


FIRST = [
    message(1, "cats/101.webp", reply_to=None, datetime="2023-11-14T22:13:20"),
    message(2, None, "user2", reply_to=1, datetime="2023-11-14T22:13:21"),
    message(3, "U-Sticker detects this as offensive image.", reply_to=2, datetime="2023-11-14T22:13:22"),
    message(4, "dogs/103.gif", "user2", reply_to=1, datetime="2023-11-14T22:13:00+00:00"),
    message(5, "101.png"),
    message(6, "cats/101.png", None),
    message(7, "cats/999.png", datetime="2023-11-14T22:13:25"),
    "not a message",
]
SECOND = [message(1, "cats/101.png", "user3", reply_id="0"), message(2, "cats/101.png", datetime="long ago")]


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A folder as U-Sticker is unpacked, with StickerQueries beside it."""
    folder = tmp_path / "u-sticker"
    folder.mkdir()
    (folder / "00.json").write_text(json.dumps(FIRST), encoding="utf-8")
    (folder / "01.json").write_text(json.dumps(SECOND), encoding="utf-8")
    (folder / "02.json").write_text("[{", encoding="utf-8")
    (folder / "idx_to_domain.txt").write_text("00,games\n01,games\n02,news\n", encoding="utf-8")
    (tmp_path / "zh.csv").write_text(QUERIES_ZH, encoding="utf-8")
    (tmp_path / "en.csv").write_text(QUERIES_EN, encoding="utf-8")
    return folder


# ---- U-Sticker ------------------------------------------------------------------------------------------------------


def test_both_spellings_of_a_release_are_read(release: Path) -> None:
    log = Log(0, Dropped())
    assert list(u_sticker.read(release, log)) == [
        Sent("user1", "00", "1", "", "cats", "101.webp", 1700000000, "games"),
        Sent("user2", "00", "4", "1", "dogs", "103.gif", 1699999980, "games"),
        Sent("user1", "00", "7", "", "cats", "999.png", 1700000005, "games"),
        Sent("user3", "01", "1", "0", "cats", "101.png", None, "games"),
        Sent("user1", "01", "2", "", "cats", "101.png", None, "games"),
    ]
    assert log.messages == len(FIRST) + len(SECOND)


def test_what_cannot_be_used_is_counted_by_reason(release: Path) -> None:
    log = Log(0, Dropped())
    list(u_sticker.read(release, log))
    assert log.dropped.counts == {
        "a sticker that U-Sticker took out as offensive": 1,
        "a sticker that is not named pack/id": 1,
        "a message of nobody": 1,
        "a message that is no JSON object": 1,
        "a time that cannot be read (the message is kept)": 1,
        "a file that is no JSON array": 1,
    }
    assert log.dropped.names["a message of nobody"] == ["00.json: message 5"]


@pytest.mark.parametrize("name", ["101.png", "/101.png", "cats/", "cats/small/101.png", "", 7])
def test_a_sticker_is_named_by_its_pack_and_its_id(tmp_path: Path, name: object) -> None:
    (tmp_path / "00.json").write_text(json.dumps([message(1, name)]), encoding="utf-8")
    log = Log(0, Dropped())
    assert list(u_sticker.read(tmp_path, log)) == []
    assert log.dropped.counts == {"a sticker that is not named pack/id": 1}


@pytest.mark.parametrize("name", ["absent", ""])
def test_a_folder_without_conversations_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="holds no conversation"):
        list(u_sticker.read(tmp_path / name, Log(0, Dropped())))


# ---- StickerQueries, and the join -----------------------------------------------------------------------------------


def test_labels_are_read_as_written_each_once(release: Path) -> None:
    found = sticker_queries.read(release.parent / "en.csv")
    assert found.ids == ("101.png",)
    assert found.queries == (("LOL", "so funny"),)
    assert sticker_queries.read(release.parent / "zh.csv").ids == ("101.png", "103.gif"), "none for 102.webm"


def test_rows_that_label_nothing_are_counted_and_commas_without_quotes_are_commas(tmp_path: Path) -> None:
    path = tmp_path / "zh.csv"
    path.write_text('labeled_queries,sticker_id\n"a,b"\n"c, d",1.png\n,2.png\n', encoding="utf-8")
    found = sticker_queries.read(path)
    assert (found.ids, found.queries) == (("1.png",), (("c", "d"),))
    assert found.dropped.counts == {"queries of no sticker": 1, "a sticker without queries": 1}
    path.write_text("sticker_id,labeled_queries\n1.png,c,d\n", encoding="utf-8")
    assert sticker_queries.read(path).queries == (("c", "d"),)


@pytest.mark.parametrize(
    "data",
    ["sticker_id,labeled_queries\n1.png,晚安\n".encode("gbk"), b'sticker_id,labeled_queries\n"' + b"a" * 140_000],
)
def test_a_file_that_is_no_such_csv_is_a_sentence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "odd.csv").write_bytes(data)
    with pytest.raises(DataError, match="cannot be read"):
        sticker_queries.read(tmp_path / "odd.csv")


def test_all_releases_label_a_sticker_by_its_id_without_extension(release: Path) -> None:
    both = [sticker_queries.read(release.parent / name) for name in ("zh.csv", "en.csv")]
    assert labels_of(both) == {"101": ("笑死", "哈哈", "LOL", "so funny"), "103": ("晚安",)}


def sent(user: str, number: int, pack: str, sticker: str, time: int | None) -> Sent:
    return Sent(user, "00", str(number), "", pack, sticker, time)


LABELS: Mapping[str, tuple[str, ...]] = {"1": ("hi",), "2": ("bye", "see you"), "3": ("ok",)}


def test_the_join_is_a_row_a_message_oldest_first() -> None:
    log = [sent("b", 1, "p", "2.png", None), sent("a", 2, "p", "1.webp", 60), sent("b", 3, "p", "1.webp", 0)]
    dropped = Dropped()
    rows = join(log, LABELS, dropped)
    assert [(user, name, time) for user, _, name, time, *_ in rows] == [
        ("b", "1", "1970-01-01T00:00:00Z"),
        ("a", "1", "1970-01-01T00:01:00Z"),
        ("b", "2", ""),
    ]
    assert [query for _, query, *_ in rows[:2]] == ["hi", "hi"]
    assert rows[2][1] in LABELS["2"]
    assert dropped.total() == 0


def test_every_query_of_a_sticker_is_drawn_by_some_message_always_the_same() -> None:
    log = [sent("a", number, "p", "2.png", number) for number in range(40)]
    first, again = join(log, LABELS, Dropped()), join(log, LABELS, Dropped())
    assert first == again
    assert {row[1] for row in first} == set(LABELS["2"])


def test_an_id_of_several_packs_and_a_sticker_without_queries_are_dropped() -> None:
    dropped = Dropped()
    log = [sent("a", 1, "p", "3.png", 1), sent("a", 2, "q", "3.webp", 2), sent("a", 3, "p", "9.png", 3)]
    assert join(log, LABELS, dropped) == []
    assert dropped.counts == {
        "a sticker id that several packs share": 2,
        "a sticker that nobody annotated with queries": 1,
    }


def test_convert_writes_clicks_that_the_import_reads(
    release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "clicks.csv"
    queries = [str(tmp_path / "zh.csv"), str(tmp_path / "en.csv")]
    assert main(["convert", "u-sticker", str(release), "--queries", *queries, "--out", str(out)]) == 0
    clicks = read_clicks(out, {"101": "101", "103": "103"})
    where = Context("00", "games", "", "4", "1")
    assert clicks.interactions[0] == Interaction("user2", "晚安", "103", 1699999980, where)
    assert [row.context for row in clicks.interactions[2:3]] == [Context("01", "games", "", "1", "0")]
    assert [row.user for row in clicks.interactions] == ["user2", "user1", "user3", "user1"]
    assert [row.time for row in clicks.interactions[1:]] == [1700000000, None, None]
    told = capsys.readouterr().out
    assert f"{out}: 4 rows from 10 messages" in told
    assert "1 a sticker that U-Sticker took out as offensive" in told
    assert "1 a sticker that nobody annotated with queries" in told
    assert "1 a sticker without queries" in told


def test_mistakes_of_convert_are_sentences(release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "clicks.csv"
    (tmp_path / "none.csv").write_text("sticker_id,labeled_queries\n5.png,hm\n", encoding="utf-8")
    assert main(["convert", "u-sticker", str(release), "--out", str(out)]) == 2
    assert "--queries" in capsys.readouterr().err
    command = ["convert", "u-sticker", str(release), "--queries", str(tmp_path / "none.csv"), "--out", str(out)]
    assert main(command) == 2
    assert "has a query" in capsys.readouterr().err
    assert not out.exists()


# ---- Sticker820K ----------------------------------------------------------------------------------------------------

RECORD = {
    "key": "a.gif",
    "caption": "一只猫在笑",
    "emotion_class": "高兴",
    "emotion_label": "大笑",
    "style_class": "手绘",
    "ocr_text": "一二三四五六七八九十一二三四五六七八九十一二三四五六",
}


def test_a_text_joins_the_five_fields_and_cuts_what_is_written() -> None:
    assert (
        sticker820k.text_of(RECORD) == "一只猫在笑；高兴；大笑；手绘；一二三四五六七八九十一二三四五六七八九十一二三四"
    )
    assert sticker820k.text_of({**RECORD, "ocr_text": None, "emotion_label": " "}) == "一只猫在笑；高兴；手绘"


def test_annotations_are_read_line_by_line_and_drops_are_counted(tmp_path: Path) -> None:
    lines = [RECORD, {**RECORD, "caption": "x"}, {**RECORD, "key": ""}, {"key": "b.png"}, ["no object"]]
    path = tmp_path / "annotations.jsonl"
    path.write_text("\n".join([*map(json.dumps, lines), "{", ""]), encoding="utf-8")
    found = sticker820k.read(path)
    assert found.texts == {"a.gif": sticker820k.text_of(RECORD)}
    assert found.rows == 6
    assert found.dropped.counts == {
        "a sticker that was annotated before": 1,
        "an annotation of no sticker": 1,
        "an annotation without text": 1,
        "a line that is no JSON object": 2,
    }
    out = tmp_path / "texts.csv"
    assert main(["convert", "sticker820k", str(path), "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8") == f"docid,text\na.gif,{sticker820k.text_of(RECORD)}\n"


def test_a_file_without_annotations_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    with pytest.raises(DataError, match="No annotation among the 0 lines"):
        sticker820k.read(tmp_path / "empty.jsonl")
    with pytest.raises(DataError, match="cannot be read"):
        sticker820k.read(tmp_path / "absent.jsonl")
