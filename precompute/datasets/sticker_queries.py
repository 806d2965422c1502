"""StickerQueries: what annotators would type to find each of some hundred Telegram stickers (MIT).

A release holds `sticker_queries_<language>_release.csv` with the columns `sticker_id` (with extension) and
`labeled_queries` (separated by commas).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from persrv.errors import DataError
from persrv.text import normalise

_COLUMNS = ("sticker_id", "labeled_queries")
_ADVICE = (
    "Pass the folder of a StickerQueries release (sticker_queries_zh_release.csv, sticker_queries_en_release.csv)."
)


@dataclass(frozen=True, slots=True)
class Labels:
    """The distinct queries of each sticker as they were written, stickers in the order of ids.

    Texts that differ in case, width or blanks only are one query, the first of them: none may tell of another.
    """

    ids: tuple[str, ...]
    queries: tuple[tuple[str, ...], ...]


def read(path: Path) -> Labels:
    """The CSV of a release. A sticker without queries is left out. DataError where there is no such file."""
    if not path.is_file():
        raise DataError(f"There is no file {path}", "a StickerQueries CSV", _ADVICE)
    queries: dict[str, dict[str, str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not set(_COLUMNS) <= set(rows.fieldnames or ()):
            raise DataError(f"{path} has the columns {rows.fieldnames}", " and ".join(_COLUMNS), _ADVICE)
        for row in rows:
            known = queries.setdefault(row["sticker_id"], {})
            for text in (row["labeled_queries"] or "").split(","):
                if plain(text):
                    known.setdefault(plain(text), text.strip())
    ids = tuple(sorted(name for name, texts in queries.items() if texts))
    return Labels(ids, tuple(tuple(queries[name].values()) for name in ids))


def plain(query: str) -> str:
    """Normalised as the analyser does, with single blanks."""
    return " ".join(normalise(query).split())
