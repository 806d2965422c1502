"""Clicks as a CSV of uid, query, docid and, optionally, time: the format of the WeChat data as PerSRV uses it.

Reading accepts files as people have them: with or without header and byte-order mark, in UTF-8, UTF-16 or GBK, with any
line ends. A row that cannot be used is dropped and counted by reason; a quote that is never closed costs its own row
only.
"""

from __future__ import annotations

import codecs
import csv
import io
import math
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from persrv.errors import DataError
from persrv.query import MAX_QUERY
from persrv.records import Interaction, Text
from precompute.datasets.dropped import Dropped

#: Column -> names it goes by in a header, in lower case.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "user": ("uid", "user", "user_id", "userid"),
    "query": ("query", "text", "search_query"),
    "sticker": ("docid", "sticker", "sticker_id", "doc_id", "image", "file", "filename"),
    "time": ("time", "timestamp", "datetime", "date"),
}

_NEEDED = ("user", "query", "sticker")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

#: Seconds of the year 5138: a larger number counts milliseconds, or thousandths of these, or of those.
_THOUSANDTHS = 100_000_000_000

#: Seconds before the year 10000, beyond which no calendar of ours goes.
_LAST = 253_402_300_800

#: Digits that would be seconds of 1970 to 1973, or milliseconds of 2286 and later, are dates written without signs.
_COMPACT = {8: "%Y%m%d", 14: "%Y%m%d%H%M%S"}


@dataclass(frozen=True, slots=True)
class Clicks:
    """The interactions of a file in its order, its number of rows, its encoding, and what was dropped."""

    interactions: tuple[Interaction, ...]
    rows: int
    encoding: str
    dropped: Dropped


def read_clicks(path: Path, names: Mapping[str, str]) -> Clicks:
    """Read a CSV of clicks. names: every way to name a sticker -> its id. A time that cannot be read is dropped and
    counted, and its row is kept. DataError if the file is no such CSV or holds no click on a known sticker.
    """
    text, encoding = _decoded(path)
    try:
        rows = [row for row in _rows(text) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise DataError(
            f"{path} cannot be read as CSV: {error}", "uid,query,docid[,time]", "Export it again."
        ) from error
    places = _header(rows[0]) if rows else None
    body = rows[1:] if places else rows
    places = places or dict(zip(COLUMNS, range(4), strict=True))
    dropped = Dropped()
    found = [
        click
        for number, row in enumerate(body, 1)
        if (click := _click(row, f"row {number}: {','.join(row)[:60]}", places, names, dropped))
    ]
    if not found:
        raise DataError(
            f"No usable click among the {len(body)} rows of {path}" + (f" ({dropped})" if dropped.counts else ""),
            "rows of uid,query,docid[,time] whose docid names a picture of the folder",
            "Compare the third column with the names of the files.",
        )
    return Clicks(tuple(found), len(body), encoding, dropped)


def _decoded(path: Path) -> tuple[str, str]:
    """The text of a file and the encoding it was read in."""
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = f"{path} cannot be read: {error.strerror}"
        raise DataError(reason, "a CSV of clicks", "Check --interactions.") from error
    marked = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    for encoding in (*marked, "utf-8", "gb18030"):
        try:
            return data.decode(encoding).replace("\0", ""), encoding
        except UnicodeDecodeError:
            continue
    raise DataError(f"{path} is no text in a known encoding", "UTF-8, UTF-16 or GBK", "Save it as UTF-8.")


def _rows(text: str) -> Iterator[list[str]]:
    """Yield the rows of a CSV. A cell that swallowed whole rows had a quote that was never closed: then each line is
    read by itself.
    """
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines)
    start = 0
    while start < len(lines):
        try:
            row, torn = next(reader, []), None
        except csv.Error as error:  # a cell of more than csv's limit
            row, torn = [], error
        within, start = lines[start : reader.line_num], reader.line_num
        apart = [next(csv.reader([line]), []) for line in within] if len(within) > 1 else []
        if sum(len(each) >= len(_NEEDED) for each in apart) > 1:
            yield from apart
        elif torn is not None:
            raise torn
        else:
            yield row


def _header(row: Sequence[str]) -> dict[str, int] | None:
    """Column -> place, if the first row is a header; None if it is data."""
    titles = [cell.strip().lower() for cell in row]
    places = {
        column: place for column, known in COLUMNS.items() for place, title in enumerate(titles) if title in known
    }
    return places if all(column in places for column in _NEEDED) else None


def _click(
    row: Sequence[str], where: str, places: Mapping[str, int], names: Mapping[str, str], dropped: Dropped
) -> Interaction | None:
    cells = {column: row[place].strip() if place < len(row) else "" for column, place in places.items()}
    cells["sticker"] = _name(cells["sticker"], names)
    reason = _problem(cells, names, len(row), max(places[column] for column in _NEEDED) + 1)
    if reason is not None:
        dropped.add(reason, where)
        return None
    time = _seconds(cells.get("time", ""))
    if time is None and cells.get("time"):
        dropped.add(Text("a time that cannot be read (the click is kept)", "时间读不出（点击保留）"), where)
    return Interaction(cells["user"], cells["query"], names[cells["sticker"]], time)


def _problem(cells: Mapping[str, str], names: Mapping[str, str], found: int, needed: int) -> Text | None:
    """The reason why a row is no click, None if it is one."""
    if found < needed:
        return Text(f"a row of fewer than {needed} columns", f"不足 {needed} 列的行")
    if not cells["user"]:
        return Text("a click of nobody", "没有用户的点击")
    if not cells["query"]:
        return Text("a blank query", "空的查询")
    if len(cells["query"]) > MAX_QUERY:
        return Text(f"a query of more than {MAX_QUERY} characters", f"超过 {MAX_QUERY} 个字符的查询")
    if cells["sticker"] not in names:
        return Text("a click on a picture that is not in the folder", "点击的图片不在文件夹里")
    return None


def _name(cell: str, names: Mapping[str, str]) -> str:
    """The key of `names` that a cell means: the cell itself, or the cell in composed Unicode, with "/" between folders
    and without a leading "./".
    """
    return cell if cell in names else unicodedata.normalize("NFC", cell).replace("\\", "/").removeprefix("./")


def _seconds(text: str) -> int | None:
    """Seconds since 1970 UTC. Reads ISO 8601, dates in digits, and numbers of seconds, milli-, micro- or nanoseconds.
    None if the text is none of these or lies beyond the calendar.
    """
    for read in (_of_digits, _of_number, datetime.fromisoformat):  # in this order: ISO 8601 would read some numbers
        try:
            found = read(text)
        except ValueError:
            continue
        if isinstance(found, datetime):
            found = (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
        return int(found) if 0 <= found < _LAST else None  # no comparison holds for NaN
    return None


def _of_digits(text: str) -> datetime:
    """The date written in digits alone; ValueError for anything else."""
    return datetime.strptime(text if text.isdecimal() else "", _COMPACT.get(len(text), "no date"))


def _of_number(text: str) -> float:
    """Seconds, from a number of seconds, milli-, micro- or nanoseconds; NaN if it is too large."""
    number = float(text)
    return next((number / unit for unit in (1, 1e3, 1e6, 1e9) if abs(number) < _THOUSANDTHS * unit), math.nan)
