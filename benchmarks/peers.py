"""Other engines at the same recall: all fields weighted, utility added where the engine can, the best R of a catalogue.

Where an engine takes postings, it gets those of our index, so that only the search differs. What is not installed is
said so, and left out. `streaming` is no engine but the floor: reading the postings of a query once, doing nothing else.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from typing import Any

import numpy as np

from persrv.bundle import Bundle
from persrv.bundle.indexing import index_tokens
from persrv.ranking.bm25 import FieldIndex
from persrv.records import FIELDS, FloatArray
from persrv.text.analyser import analyse

Answer = Callable[[str], object]


def missing(package: str) -> str:
    """ "" where a package is installed, else the sentence that says it is not."""
    try:
        version(package)
    except PackageNotFoundError:
        return f"{package} is not installed (benchmarks/requirements.txt)"
    return ""


def rank_bm25(bundle: Bundle, worth: FloatArray, stickers: int) -> Answer:
    """rank_bm25 over the first `stickers`: a Python dict a document makes it too large and too slow for all of them."""
    from rank_bm25 import BM25Okapi

    settings, some = bundle.settings, list(islice(bundle.stickers, stickers))
    documents = {name: [index_tokens(sticker, name) for sticker in some] for name in FIELDS}
    models = {name: BM25Okapi(tokens) for name, tokens in documents.items() if any(tokens)}
    lifted = settings.lambda_ * worth[: len(some)]

    def answer(query: str) -> object:
        tokens = analyse(query)
        total = sum(settings.field_weights.get(name, 0.0) * model.get_scores(tokens) for name, model in models.items())
        score = np.where(total != 0, total + lifted, -np.inf)
        return np.argsort(-score, kind="stable")[: settings.recall_size]

    return answer


def bm25s(bundle: Bundle, worth: FloatArray) -> Answer:
    """bm25s with its compiled scorer over our impacts, utility added by us, the best R by argpartition."""
    import bm25s as package

    settings = bundle.settings
    models = {}
    for name in FIELDS:
        index = bundle.index[name]
        model = package.BM25()
        model.scores = {"data": index.impacts, "indices": index.rows, "indptr": index.indptr, "num_docs": index.size}
        model.nonoccurrence_array = None
        if not missing("numba"):
            model.activate_numba_scorer()
        models[name] = model
    lifted = settings.lambda_ * worth

    def answer(query: str) -> object:
        tokens, total = analyse(query), np.zeros(len(worth), np.float32)
        for name, model in models.items():
            known = [column for token in tokens if (column := bundle.index[name].columns.get(token)) is not None]
            if known:
                total += np.float32(settings.field_weights.get(name, 0.0)) * model.get_scores_from_ids(known)
        score = np.where(total != 0, total + lifted, np.float32(-np.inf))
        best = np.argpartition(-score, min(settings.recall_size, len(score) - 1))[: settings.recall_size]
        return best[np.argsort(-score[best])]

    return answer


class Tantivy:
    """tantivy over the same tokens (each once a sticker), in a folder of its own: BM25 alone, no utility."""

    def __init__(self, bundle: Bundle) -> None:
        import tantivy

        self._package, self._settings = tantivy, bundle.settings
        self._folder = tempfile.TemporaryDirectory()
        builder = tantivy.SchemaBuilder()
        for name in FIELDS:
            builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
        self._schema = builder.build()
        index = tantivy.Index(self._schema, path=self._folder.name)
        writer = index.writer(heap_size=256_000_000, num_threads=1)
        texts = [documents_of(bundle.index[name]) for name in FIELDS]
        for parts in zip(*texts, strict=True):
            writer.add_document(tantivy.Document(**{n: [part] for n, part in zip(FIELDS, parts, strict=True) if part}))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def query(self, text: str) -> Any:
        """The query in its own form: any token in any field that counts; made before the clock starts."""
        package, clauses = self._package, []
        for name in FIELDS:
            weight = self._settings.field_weights.get(name, 0.0)
            for token in analyse(text) if weight > 0 else ():
                term = package.Query.term_query(self._schema, name, token, "freq")
                clauses.append((package.Occur.Should, package.Query.boost_query(term, weight) if weight != 1 else term))
        return package.Query.boolean_query(clauses)

    def answer(self, query: Any) -> object:
        """The best R."""
        return self._searcher.search(query, self._settings.recall_size, count=False)

    def close(self) -> None:
        """Remove the folder."""
        self._folder.cleanup()


def documents_of(index: FieldIndex, batch: int = 4096) -> Any:
    """Distinct tokens of every document, joined by spaces: the index turned round, a batch of documents at a time."""
    tokens = np.array(list(index.columns), object)
    column = np.repeat(np.arange(len(tokens), dtype=np.int32), np.diff(index.indptr))
    order = np.argsort(index.rows, kind="stable")
    column, ends = column[order], np.cumsum(np.bincount(index.rows, minlength=index.size))
    del order
    for first in range(0, index.size, batch):
        start = int(ends[first - 1]) if first else 0
        some = ends[first : first + batch].tolist()
        words = tokens[column[start : some[-1]]].tolist()
        for low, high in zip([start, *some[:-1]], some, strict=True):
            yield " ".join(words[low - start : high - start])


def streaming(bundle: Bundle) -> Answer:
    """Read every posting of a query once, eight at a time, by compiled code: the time of memory alone."""
    from numba import njit

    @njit(nogil=True, fastmath=True)
    def read(rows: Any, impacts: Any, starts: Any, ends: Any) -> float:
        last, total = np.int32(0), np.float32(0)
        for place in range(len(starts)):
            for row in rows[starts[place] : ends[place]]:
                last = max(last, row)
            for impact in impacts[starts[place] : ends[place]]:
                total += impact
        return last + total

    fields = [bundle.index[name] for name in FIELDS]

    def answer(lists: list[tuple[Any, Any]]) -> object:
        return [read(index.rows, index.impacts, *place) for index, place in zip(fields, lists, strict=True)]

    return answer  # type: ignore[return-value]


def lists_of(bundle: Bundle, query: str) -> list[tuple[Any, Any]]:
    """Beginnings and ends of a query's posting lists, field by field, which `streaming` reads."""
    found = []
    for name in FIELDS:
        index = bundle.index[name]
        columns = [column for token in analyse(query) if (column := index.columns.get(token)) is not None]
        places = np.array(columns, np.int64)
        found.append((index.indptr[places], index.indptr[places + 1]))
    return found


def postings_of(bundle: Bundle, queries: Sequence[str]) -> list[int]:
    """Number of postings in the lists of each query."""
    return [int(sum((ends - starts).sum() for starts, ends in lists_of(bundle, query))) for query in queries]
