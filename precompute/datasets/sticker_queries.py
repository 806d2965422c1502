"""StickerQueries: the queries by which annotators would look for some hundred Telegram stickers (MIT).

A release holds `sticker_queries_<language>_release.csv` with the columns `sticker_id` (with extension) and
`labeled_queries` (separated by commas).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from persrv.errors import DataError
from persrv.text.folding import normalise
from precompute.datasets.dropped import Dropped

_COLUMNS = ("sticker_id", "labeled_queries")
_ADVICE = (
    "Pass the folder of a StickerQueries release (sticker_queries_zh_release.csv, sticker_queries_en_release.csv)."
)


@dataclass(frozen=True, slots=True)
class Labels:
    """The distinct queries of each sticker as they were written, stickers in the order of ids.

    Texts that differ in case, width or blanks only are one query, in the spelling of the first; otherwise one could
    reveal the other. dropped: rows that name no sticker, and stickers without queries.
    """

    ids: tuple[str, ...]
    queries: tuple[tuple[str, ...], ...]
    dropped: Dropped = field(default_factory=Dropped)


def read(path: Path) -> Labels:
    """Read the CSV of a release. DataError if there is no such file, or it is no such CSV."""
    if not path.is_file():
        raise DataError(f"There is no file {path}", "a StickerQueries CSV", _ADVICE)
    queries: dict[str, dict[str, str]] = {}
    dropped = Dropped()
    try:
        for number, row in enumerate(_rows(path), 1):
            if not row["sticker_id"]:
                dropped.add("queries of no sticker", f"{path.name}: row {number}")
                continue
            known = queries.setdefault(row["sticker_id"], {})
            for text in (*(row["labeled_queries"] or "").split(","), *row.get(None, ())):
                if plain(text):
                    known.setdefault(plain(text), text.strip())
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} cannot be read: {error}", "a StickerQueries CSV in UTF-8", _ADVICE) from error
    ids = tuple(sorted(name for name, texts in queries.items() if texts))
    for name in sorted(queries.keys() - set(ids)):
        dropped.add("a sticker without queries", name)
    return Labels(ids, tuple(tuple(queries[name].values()) for name in ids), dropped)


def _rows(path: Path) -> Iterator[Mapping[Any, Any]]:
    """Yield column -> cell. The key None holds cells beyond the columns: queries whose commas were not quoted."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not set(_COLUMNS) <= set(rows.fieldnames or ()):
            raise DataError(f"{path} has the columns {rows.fieldnames}", " and ".join(_COLUMNS), _ADVICE)
        yield from rows


def plain(query: str) -> str:
    """The query normalised as the analyser does, with single blanks."""
    return " ".join(normalise(query).split())
