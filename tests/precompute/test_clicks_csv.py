"""Clicks as people export them: header or none, any usual encoding, and rows that cannot be used counted by reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from persrv.errors import DataError
from persrv.records import Interaction
from precompute.datasets.clicks import Clicks, read_clicks

NAMES = {"a": "a", "a.png": "a", "猫": "猫"}
ROWS = "u1,笑死我了,a\nu2,good night,猫\n"
WANTED = (Interaction("u1", "笑死我了", "a"), Interaction("u2", "good night", "猫"))


def read(tmp_path: Path, data: bytes) -> Clicks:
    path = tmp_path / "clicks.csv"
    path.write_bytes(data)
    return read_clicks(path, NAMES)


@pytest.mark.parametrize("header", ["", "uid,query,docid\n"])
@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gbk", "gb18030"), ("utf-16", "utf-16")],
)
def test_header_and_encoding_do_not_matter(tmp_path: Path, header: str, encoding: str, named: str) -> None:
    found = read(tmp_path, (header + ROWS).encode(encoding))
    assert found.interactions == WANTED
    assert found.encoding == named
    assert found.rows == 2


def test_columns_may_stand_in_any_order_under_a_header(tmp_path: Path) -> None:
    found = read(tmp_path, b'time,docid,uid,query\r\n1700000000,a.png,u1,"hi, ""you"""\r\n')
    assert found.interactions == (Interaction("u1", 'hi, "you"', "a", 1700000000),)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1700000000", 1700000000),
        ("1700000000123", 1700000000),
        ("2023-11-14T22:13:20Z", 1700000000),
        ("2023-11-14 22:13:20", 1700000000),
        ("", None),
    ],
)
def test_times_are_seconds_however_they_are_written(tmp_path: Path, text: str, seconds: int | None) -> None:
    assert read(tmp_path, f"u,q,a,{text}\n".encode()).interactions[0].time == seconds


def test_rows_that_cannot_be_used_are_counted_by_reason(tmp_path: Path) -> None:
    rows = ["u,q,a,yesterday", "u,,a", ",q,a", "u,q", "u,q,gone", f"u,{'x' * 501},a", "", "u,q,a"]
    found = read(tmp_path, "\n".join(rows).encode())
    assert found.interactions == (Interaction("u", "q", "a"),) * 2
    assert found.dropped.counts == {
        "a time that cannot be read (the click is kept)": 1,
        "a blank query": 1,
        "a click of nobody": 1,
        "a row of fewer than 3 columns": 1,
        "a click on a picture that is not in the folder": 1,
        "a query of more than 500 characters": 1,
    }
    assert found.rows == 7


def test_nothing_usable_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Compare the third column"):
        read(tmp_path, b"uid,query,docid\nu,q,elsewhere\n")
    with pytest.raises(DataError, match="No usable click among the 0 rows"):
        read(tmp_path, b"")
    with pytest.raises(DataError, match="--interactions"):
        read_clicks(tmp_path / "absent.csv", NAMES)


@pytest.mark.parametrize("data", [bytes(range(256)), b"\xff\xfe\x00", b'"', b"\x81" * 9])
def test_odd_bytes_are_refused_with_a_sentence(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(DataError):
        read(tmp_path, data)


def test_a_zero_byte_does_no_harm(tmp_path: Path) -> None:
    assert read(tmp_path, b"u,q,a\0\n").interactions == (Interaction("u", "q", "a"),)
