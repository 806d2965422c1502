"""Rankings as tables: CSV for spreadsheets, run files for trec_eval and its kin."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

import numpy as np

from persrv.records import FIELDS, RANKINGS, Hit, SearchResult

#: Characters that a spreadsheet takes for the start of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

#: Query id -> ranking -> result.
Results = Mapping[str, Mapping[str, SearchResult]]

COLUMNS = (
    *("query_id", "query", "ranking", "rank", "sticker", "score", "rank_before_taste", "recall", "relevance"),
    *("utility", "meaning", "meaning_weight", "preference", "preference_counts"),
    *(f"bm25_{field}" for field in FIELDS),
    *(f"weight_{field}" for field in FIELDS),
)


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Write rows as CSV (RFC 4180) in UTF-8 with a mark by which spreadsheets know it; a cell that a spreadsheet would
    run as a formula begins with an apostrophe.
    """
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows([[_cell(value) for value in row] for row in rows])
    return f"\ufeff{written.getvalue()}"


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def scores(results: Results) -> str:
    """Write every place of every ranking with every part of its score, as CSV."""
    rows = [
        _score_row(query_id, name, result.query, hit)
        for query_id, rankings in results.items()
        for name, result in rankings.items()
        for hit in result.hits
    ]
    return csv_text([COLUMNS, *rows])


def _score_row(query_id: str, ranking: str, query: str, hit: Hit) -> list[object]:
    by_field = {score.field: score for score in hit.fields}
    taste, meaning = hit.preference, hit.meaning
    return [
        *(query_id, query, ranking, hit.rank, hit.sticker, hit.final, hit.recall_rank, hit.recall, hit.relevance),
        hit.utility.value,
        *((meaning.value, meaning.weight) if meaning else ("", "")),
        *((taste.value, not taste.kept_back) if taste else ("", "")),
        *(by_field[field].bm25 if field in by_field else "" for field in FIELDS),
        *(by_field[field].weight if field in by_field else "" for field in FIELDS),
    ]


def runs(results: Results) -> dict[str, str]:
    """Ranking -> its run file: a line `query Q0 sticker rank score tag` a place."""
    return {
        name: "".join(
            line for query_id, rankings in results.items() for line in _run_lines(query_id, rankings[name], name)
        )
        for name in RANKINGS
    }


def _run_lines(query_id: str, result: SearchResult, name: str) -> Iterable[str]:
    """The lines of one query. trec_eval orders by score, in 32 bits, and breaks ties its own way: of equal scores each
    is written one step of 32 bits below the one before, so that our order (ties by id) is the order that is measured.
    """
    least = np.float32(np.inf)
    for hit in result.hits:
        least = min(np.float32(hit.final), np.nextafter(least, np.float32(-np.inf)))
        yield f"{query_id} Q0 {run_name(hit.sticker)} {hit.rank} {least:.9g} persrv-{name}\n"


def run_name(sticker: str) -> str:
    """A sticker's id as one word of a run file: blanks and "%" are percent-encoded as in a URL."""
    return re.sub(r"[\s%]", lambda match: quote(match[0], safe=""), sticker)
