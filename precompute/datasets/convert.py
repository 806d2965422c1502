"""Conversion of released datasets into plain tables that `build` reads: the only module that knows several datasets."""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from persrv.errors import DataError
from precompute.datasets import sticker820k, sticker_queries, u_sticker
from precompute.datasets.dropped import Dropped
from precompute.datasets.u_sticker import Log, Sent
from precompute.runtime.cache import write_atomic

#: Kind -> what `convert` makes of it.
KINDS: Mapping[str, str] = {
    "u-sticker": "U-Sticker joined with StickerQueries (--queries): clicks, uid,query,docid,time, and where sent",
    "sticker820k": "Sticker820K annotations as JSON Lines: texts, docid,text",
}

CLICK_COLUMNS = ("uid", "query", "docid", "time", "conversation", "domain", "message_id", "reply_to")
TEXT_COLUMNS = ("docid", "text")


@dataclass(frozen=True, slots=True)
class Converted:
    """The number of rows written, the number found in the source and what they are, and what was dropped."""

    rows: int
    found: int
    what: str
    dropped: Dropped


def convert(kind: str, source: Path, queries: Sequence[Path], out: Path) -> Converted:
    """Write the table of the dataset `kind` at `source` to `out`, whole or not at all. queries: CSVs of StickerQueries.
    DataError for an unknown kind and for a source without usable rows.
    """
    if kind == "u-sticker":
        return _clicks(source, queries, out)
    if kind == "sticker820k":
        found = sticker820k.read(source)
        _write(out, TEXT_COLUMNS, found.texts.items())
        return Converted(len(found.texts), found.rows, "annotations", found.dropped)
    raise DataError(f"No data set {kind!r}", f"one of {', '.join(KINDS)}", "Choose another.")


def _clicks(source: Path, queries: Sequence[Path], out: Path) -> Converted:
    if not queries:
        raise DataError(
            "U-Sticker without StickerQueries knows no query", "at least one --queries CSV", "Add a StickerQueries CSV."
        )
    log = Log(0, Dropped())
    sent = list(u_sticker.read(source, log))
    releases = [sticker_queries.read(path) for path in queries]
    for labels in releases:
        log.dropped.include(labels.dropped)
    rows = join(sent, labels_of(releases), log.dropped)
    if not rows:
        raise DataError(
            f"None of the {len(sent)} stickers sent in {source} has a query",
            "U-Sticker and StickerQueries",
            "Check both.",
        )
    _write(out, CLICK_COLUMNS, rows)
    return Converted(len(rows), log.messages, "messages", log.dropped)


def labels_of(releases: Sequence[sticker_queries.Labels]) -> dict[str, tuple[str, ...]]:
    """Sticker id without extension -> its distinct queries in all releases (languages)."""
    found: dict[str, dict[str, None]] = {}
    for labels in releases:
        for name, texts in zip(labels.ids, labels.queries, strict=True):
            found.setdefault(_stem(name), {}).update(dict.fromkeys(texts))
    return {name: tuple(texts) for name, texts in found.items()}


def join(sent: Sequence[Sent], labels: Mapping[str, Sequence[str]], dropped: Dropped) -> list[tuple[str, ...]]:
    """Rows of CLICK_COLUMNS of every sent sticker that was annotated; oldest first, rows without a time
    last.

    A message is one event, so it gets one query: one of its sticker's, drawn by a hash of the message. The queries are
    annotators' words, not the sender's. A sticker is identified by its id without extension. An id that several packs
    share does not tell which sticker was annotated, and is dropped.
    """
    packs: dict[str, set[str]] = {}
    for one in sent:
        packs.setdefault(_stem(one.sticker), set()).add(one.pack)
    kept = []
    for one in sent:
        name = _stem(one.sticker)
        if name not in labels:
            dropped.add("a sticker that nobody annotated with queries", f"{one.pack}/{one.sticker}")
        elif len(packs[name]) > 1:
            dropped.add("a sticker id that several packs share", f"{one.pack}/{one.sticker}")
        else:
            kept.append(one)
    kept.sort(key=lambda one: (one.time is None, one.time or 0))  # stable: ties stay in the order of the files
    return [_row(one, labels[_stem(one.sticker)]) for one in kept]


def _row(one: Sent, queries: Sequence[str]) -> tuple[str, ...]:
    where = (one.conversation, one.domain, one.message, one.reply_to)
    return one.user, _drawn(one, queries), _stem(one.sticker), _iso(one.time), *where


def _drawn(one: Sent, queries: Sequence[str]) -> str:
    return queries[zlib.crc32(f"{one.conversation}/{one.message}/{one.user}".encode()) % len(queries)]


def _iso(time: int | None) -> str:
    return "" if time is None else datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def _write(out: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    write_atomic(out, text.getvalue().encode())
