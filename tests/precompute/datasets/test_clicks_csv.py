"""Clicks as people export them: header or none, any usual encoding, and rows that cannot be used counted by reason."""

from __future__ import annotations

import unicodedata
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
        ("1700000000123456", 1700000000),
        ("1700000000123456789", 1700000000),
        ("1700000000.5", 1700000000),
        ("2023-11-14 22:13:20", 1700000000),
        ("20231114", 1699920000),
        ("20231114221320", 1700000000),
        ("1712010112345", 1712010112),
        ("199912", 199912),
        ("99999988", 99999988),
        ("0", 0),
        ("-5", None),
        ("1e30", None),
        ("99999999999999999999", None),
        ("nan", None),
        ("", None),
    ],
)
def test_times_are_seconds_however_they_are_written(tmp_path: Path, text: str, seconds: int | None) -> None:
    assert read(tmp_path, f"u,q,a,{text}\n".encode()).interactions[0].time == seconds


@pytest.mark.parametrize(
    "name", ["が.png", "x/y.png", ".\\x\\y.png", "./x/y.png", unicodedata.normalize("NFD", "が.png")]
)
def test_a_picture_is_found_however_a_system_spells_its_path(tmp_path: Path, name: str) -> None:
    path = tmp_path / "clicks.csv"
    path.write_text(f"u,q,{name}\n", encoding="utf-8")
    (click,) = read_clicks(path, {"が.png": "1", "x/y.png": "2"}).interactions
    assert click.sticker == ("2" if "x" in name else "1")


@pytest.mark.parametrize("rows", [2, 20_000])
def test_a_quote_that_nobody_closed_costs_its_own_row_only(tmp_path: Path, rows: int) -> None:
    """Of 20,000 rows the cell would be larger than csv takes."""
    lines = ["u0,q,a", 'u1,"it broke,a', *(f"u2,q{number},a" for number in range(rows)), 'u3,"fine, it is",a', "u4,q,a"]
    found = read(tmp_path, "\r\n".join(lines).encode())
    assert [click.user for click in found.interactions] == ["u0", *["u2"] * rows, "u3", "u4"]
    assert found.interactions[-2].query == "fine, it is"
    assert found.dropped.counts == {"a row of fewer than 3 columns": 1}
    assert found.rows == rows + 4


def test_a_query_of_two_lines_is_one_query(tmp_path: Path) -> None:
    found = read(tmp_path, b'u1,"first,\nsecond, third",a\nu2,q,a\n')
    assert [click.query for click in found.interactions] == ["first,\nsecond, third", "q"]


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
