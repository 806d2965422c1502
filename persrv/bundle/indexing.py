"""From the texts of the catalogue to the index of a field: analysed a batch at a time, here or by a few processes."""

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
    """BM25 Okapi's k1 >= 0, b in [0, 1], and its idf; epsilon: the share of the mean idf that floors negative ones of
    the idf "rank_bm25".
    """

    k1: float = 1.5
    b: float = 0.75
    epsilon: float = 0.25
    idf: Idf = "lucene"


def stated_parameters(manifest: Mapping[str, Any], name: str) -> Bm25Parameters:
    """The parameters of one field's index as bundle.json states them.

    A bundle that names no idf was written when there was only rank_bm25's. BundleError for an unknown idf.
    """
    return _parameters({"idf": "rank_bm25", **manifest["index"]["bm25"][name]})


def todays_parameters(manifest: Mapping[str, Any]) -> dict[str, Bm25Parameters]:
    """What an index that is made anew is made with: field -> as stated, and what is not stated by today's default."""
    return {name: _parameters(manifest["index"]["bm25"][name]) for name in FIELDS}


def _parameters(stated: Mapping[str, Any]) -> Bm25Parameters:
    chosen = Bm25Parameters(**{each.name: stated[each.name] for each in fields(Bm25Parameters) if each.name in stated})
    if chosen.idf not in IDFS:
        raise BundleError(f"bundle.json has the idf {chosen.idf!r}", " or ".join(IDFS), layout.REBUILD)
    return chosen


def index_statement(parameters: Mapping[str, Bm25Parameters]) -> dict[str, Any]:
    """What bundle.json says of an index that today's analyser made: `analyser`, `bm25` by field."""
    return {
        "analyser": ANALYSER_VERSION,
        "bm25": {name: asdict(parameters.get(name, Bm25Parameters())) for name in FIELDS},
    }


def index_tokens(sticker: Sticker, name: str) -> list[str]:
    """The tokens of one field of one sticker; queries are one text after the other, so none runs into the next."""
    return _tokens(getattr(sticker, name))


def index_of(stickers: pa.Table, name: str, parameters: Bm25Parameters, pool: Executor | None = None) -> FieldIndex:
    """The BM25 index of one field of a table of stickers; the same with and without other processes."""
    return postings_of(stickers, name, pool).index(**asdict(parameters))


def postings_of(stickers: pa.Table, name: str, pool: Executor | None = None) -> Postings:
    """Which stickers hold which tokens in one field, how often."""
    postings = Postings()
    for counts in _counted(stickers, name, pool):
        postings.add(counts)
    return postings


@contextmanager
def analysts(workers: int) -> Iterator[Executor | None]:
    """So many processes that analyse texts; None for one, which is this one."""
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
    """A parent that was killed cannot end us, and its queue would have us wait for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
