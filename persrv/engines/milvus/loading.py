"""Loading a bundle into Milvus: resumes where it stopped, and does nothing where all is loaded.

Stickers, and then the texts of their meanings, are inserted by row, batch after batch, each acknowledged before the
next. So a killed loader leaves all batches but the last, and a part of the last: the number of stored rows tells where
to resume, and the batch that may be incomplete is written over. The alias is set at the end, when all rows have been
counted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from persrv.bundle import Bundle
from persrv.engines.milvus import server
from persrv.engines.milvus.layout import EMBEDDING, MEANING, Layout, stored_rows
from persrv.errors import EngineError

if TYPE_CHECKING:
    from pymilvus import MilvusClient

#: Rows in one request: with 512 dimensions and 60 tokens each about 2 MB. Part of what a resumed loading relies on.
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a loading; rate: rows a second in this run; kinds: what the rows are."""

    stored: int
    rows: int
    rate: float
    kinds: str = "stickers"

    def __str__(self) -> str:
        text = f"{self.stored:,} of {self.rows:,} {self.kinds}"
        if not self.rate or self.stored == self.rows:
            return text
        minutes, seconds = divmod(round((self.rows - self.stored) / self.rate), 60)
        return f"{text}, {self.rate:,.0f} a second, {minutes} min {seconds} s left"


def load(
    bundle: Bundle,
    uri: str,
    token: str = "",
    name: str = server.DEFAULT_NAME,
    shards: int = 1,
    report: Callable[[Progress], object] | None = None,
) -> tuple[str, int]:
    """Load a whole bundle into a server; return its collection, and how many rows this run inserted.

    A bundle of other content gets a collection of its own, and then the alias; the former collection stays until
    somebody drops it, since apps may still ask it. EngineError where the server cannot be used.
    """
    layout = Layout.of(bundle)
    with closing(server.connect(uri, token)) as client, server.answering(uri):
        collection = server.collection_of(layout, name)
        served = server.served(client, name)
        server.prepare(client, collection, layout, shards)
        present = server.stored(client, collection)
        if present < layout.rows:
            _insert(client, collection, bundle, layout, present, report or (lambda _: None))
            client.flush(collection)
        server.wait_for_indexes(client, collection)
        count = server.stored(client, collection)
        if count != layout.rows:
            raise EngineError(
                f"{collection} holds {count:,} {layout.kinds}",
                f"{layout.rows:,}, each once (two loaders at a time?)",
                f"Drop the collection {collection} and load again.",
            )
        if served is None:
            client.create_alias(collection, name)
        elif served != collection:
            client.alter_alias(collection, name)
    return collection, layout.rows - min(present, layout.rows)


def _insert(
    client: MilvusClient,
    collection: str,
    bundle: Bundle,
    layout: Layout,
    present: int,
    report: Callable[[Progress], object],
) -> None:
    """Insert all stickers from the last whole batch on; the first batch replaces stored ones, the others are new."""
    start = present // BATCH * BATCH
    lite, began, written = server.is_lite(client), time.monotonic(), 0
    report(Progress(start, layout.rows, 0.0, layout.kinds))
    for batch in _batches(stored_rows(bundle, layout, start)):
        rows = [_for_lite(each, layout) for each in batch] if lite else batch
        (client.insert if written else client.upsert)(collection, rows)
        written += len(batch)
        rate = written / max(time.monotonic() - began, 1e-9)
        report(Progress(start + written, layout.rows, rate, layout.kinds))


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _for_lite(row: dict[str, Any], layout: Layout) -> dict[str, Any]:
    """Milvus Lite has no half precision; single precision holds the same numbers. A request in which every row lacks a
    vector fails there, so zeros stand for it, which are near to nothing.
    """
    widths = {EMBEDDING: layout.width, MEANING: layout.meaning_width}
    vectors = {name: np.zeros(widths[name]) if row[name] is None else row[name] for name in widths if name in row}
    return {**row, **{name: vector.astype(np.float32) for name, vector in vectors.items()}}
