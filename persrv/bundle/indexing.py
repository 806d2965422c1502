"""Indexing the catalogue's texts field by field: a batch at a time, in this process or in a few."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from multiprocessing import get_context, parent_process
from typing import Any

import pyarrow as pa

from persrv.bundle import layout
from persrv.errors import BundleError
from persrv.ranking.bm25 import IDFS, FieldIndex, Idf, Postings, TokenCounts, count_tokens
from persrv.records import FIELDS, Sticker
from persrv.text.analyser import ANALYSER_VERSION, analyse, prepare_for_many

#: Stickers a batch: the texts and counts of one are all that is held beside the postings.
_BATCH = 4096

#: Batches that may wait for a process or for us.
_WAITING = 8


@dataclass(frozen=True, slots=True)
class Bm25Parameters:
    """Parameters of BM25 Okapi: k1 >= 0, b in [0, 1], and the idf; epsilon: for the idf "rank_bm25", the share of the
    mean idf that replaces negative ones.
    """

    k1: float = 1.5
    b: float = 0.75
    epsilon: float = 0.25
    idf: Idf = "lucene"


def stated_parameters(manifest: Mapping[str, Any], name: str) -> Bm25Parameters:
    """The parameters of one field's index as bundle.json states them.

    A bundle that names no idf was written when there was only rank_bm25's. BundleError for an unknown idf.
    """
    return _parameters({"idf": "rank_bm25", **manifest["index"]["bm25"].get(name, {})})


def todays_parameters(manifest: Mapping[str, Any]) -> dict[str, Bm25Parameters]:
    """Field -> the parameters of a new index: as bundle.json states them, today's defaults where it states none."""
    return {name: _parameters(manifest["index"]["bm25"].get(name, {})) for name in FIELDS}


def _parameters(stated: Mapping[str, Any]) -> Bm25Parameters:
    chosen = Bm25Parameters(**{each.name: stated[each.name] for each in fields(Bm25Parameters) if each.name in stated})
    if chosen.idf not in IDFS:
        raise BundleError(f"bundle.json has the idf {chosen.idf!r}", " or ".join(IDFS), layout.REBUILD)
    return chosen


def index_statement(parameters: Mapping[str, Bm25Parameters]) -> dict[str, Any]:
    """The statement of bundle.json about an index by today's analyser: `analyser`, and `bm25` by field."""
    return {
        "analyser": ANALYSER_VERSION,
        "bm25": {name: asdict(parameters.get(name, Bm25Parameters())) for name in FIELDS},
    }


def index_tokens(sticker: Sticker, name: str) -> list[str]:
    """Tokens of one field of one sticker; queries are separate texts, so that no word spans two of them."""
    return _tokens(getattr(sticker, name))


def index_of(stickers: pa.Table, name: str, parameters: Bm25Parameters, pool: Executor | None = None) -> FieldIndex:
    """Build the BM25 index of one field of a table of stickers; other processes do not change it."""
    return postings_of(stickers, name, pool).index(**asdict(parameters))


def postings_of(stickers: pa.Table, name: str, pool: Executor | None = None) -> Postings:
    """Collect the postings of one field of a table of stickers."""
    postings = Postings()
    for counts in _counted(stickers, name, pool):
        postings.add(counts)
    return postings


@contextmanager
def analysts(workers: int) -> Iterator[Executor | None]:
    """A pool of `workers` processes that analyse texts; None for one, which is this process."""
    if workers <= 1:
        yield None
        return
    # "spawn": a forked child would inherit the threads' locks of libraries that are already loaded
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _follow_parent)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _tokens(value: str | Sequence[str]) -> list[str]:
    texts = (value,) if isinstance(value, str) else value
    return [token for text in texts for token in analyse(text)]


def _count(values: Sequence[Any]) -> TokenCounts:
    prepare_for_many()
    return count_tokens([_tokens(value) for value in values])


def _counted(stickers: pa.Table, name: str, pool: Executor | None) -> Iterator[TokenCounts]:
    column = stickers.column(name)
    batches = (column.slice(start, _BATCH).to_pylist() for start in range(0, len(column), _BATCH))
    if pool is None:
        yield from map(_count, batches)
        return
    waiting: deque[Future[TokenCounts]] = deque()
    for batch in batches:
        waiting.append(pool.submit(_count, batch))
        if len(waiting) > _WAITING:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _follow_parent() -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this worker when its parent is gone: a killed parent cannot end it, and its queue would block for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
