"""README's section on a large catalogue: every figure in its place, and nothing where nothing was measured."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from catalogue_block import catalogue

ROW = {"p50": 0.25, "p95": 0.5, "p99": 0.75, "single_p99": 1.0}
FOUND = {
    "n": 5000,
    "date": "2026-11-21",
    "machine": {"cpu": "EPYC", "cores": 2},
    "queries": 2000,
    "passes": 5,
    "tokens_p50_p99": [3, 8],
    "postings_p50_p99": [155468, 1148605],
    "p50_ms": 0.25,
    "p99_ms": 0.75,
    "recall_p50_ms": 0.125,
    "recall_p99_ms": 0.375,
    "floor_ratio_p50_p99": [2.5, 3.5],
    "threads": {"threads": 8, "p99": 4.5, "a_second": 1234, "least_share": 0.97},
    "open_s": 1.25,
    "open_cold_s": 3.5,
    "rss_mb": 451.2,
    "exact": True,
    "checked": 100,
    "ms": {"search, personalized, 20 hits explained": ROW, "recall of 100 only": ROW},
    "peers": {"rank_bm25": {"p50_ms": 200.0, "p99_ms": 400.0, "stickers": 2000}},
    "absent": ["tantivy: tantivy is not installed"],
    "sizes": [{"n": 100, "p50_ms": 0.1, "p99_ms": 0.2, "recall_p50_ms": 0.01, "recall_p99_ms": 0.02}],
}
INDEX = {"postings": 1000, "seconds": 61.4, "workers": 2, "analysing_s": 50.2, "peak_mb": 1753}


PAGE = {
    "stickers": 5000,
    "stickers_shown_s": 6.54,
    "key_to_results_ms_p50": 81.2,
    "key_to_results_ms_p95": 120.4,
    "slider_to_order_ms_p50": 33.3,
    "dialog_first_s": 0.51,
    "map_first_s": 2.25,
    "captions_first_s": 0.75,
    "cases_first_s": 3.5,
    "browser_heap_mb_searching": 18.2,
    "browser_heap_mb_all_views": 40.7,
    "peak_memory_mb": 1234,
}


def test_every_figure_is_told() -> None:
    told = catalogue({"catalogue": FOUND, "index": INDEX, "page_large": PAGE})
    assert told.startswith("## 5,000 stickers\n\n")
    for line in (
        "| search, personalized, 20 hits explained | 0.25 | 0.75 |",
        "| recall alone | 0.12 | 0.38 |",
        "| rank_bm25, recall alone, 2,000 stickers only | 200.00 | 400.00 |",
        "| 100 | 0.10 / 0.20 | 0.01 / 0.02 |\n| 5,000 | 0.25 / 0.75 | 0.12 / 0.38 |",
    ):
        assert line in told
    for words in (
        "3 tokens and 155,468 postings at the median, 8 and 1,148,605 at the 99th",
        "of 100 queries are those of a dense float64 reference",
        "p99 4.5 ms, 1,234 searches a second, the slowest thread got 97% of its share",
        "1.25 s, 3.50 s from a cold disk; 451 MB",
        "2.5 (p50) and 3.5 (p99) times",
        "Not measured: tantivy: tantivy is not installed.",
        "1,000 postings is built in 61 s by 2 processes",
        "The page over 5,000 stickers (`benchmarks/page.py`): stickers on the screen 6.5 s after the start",
        "81 ms (p50), 120 ms (p95), slider to new order 33 ms; first opening of dialog 0.5 s, map 2.2 s",
        "18 MB while searching and 41 MB with every view open; the app 1,234 MB",
    ):
        assert words in told


def test_what_was_not_measured_is_not_told() -> None:
    assert catalogue({}) == ""
    told = catalogue({"catalogue": {**FOUND, "sizes": [], "floor_ratio_p50_p99": [], "absent": [], "exact": False}})
    assert "are **not** those" in told
    for words in ("| stickers |", "times what", "Not measured", "is built in", "The page over"):
        assert words not in told


def test_meaning_is_told_with_words_alone_beside() -> None:
    times = {"p50": 4.567, "p99": 8.901}
    found = {
        "texts": 4000,
        "entries": 30000,
        "queries": 900,
        "checked": 100,
        "codes": {"recall": 0.995, "queries": 200, "bytes": 64},
        "recall": {"texts": 0.9975, "stickers": 0.985, "search": 0.993},
        "first_answer_s": 1.234,
        "first_answer_rss_mb": 600.4,
        "rss_after_mb": 1100.6,
        "new": times,
        "encoding": {"p50": 1.2, "p99": 1.6},
        "again": {"p50": 2.0, "p99": 3.0},
        "words_alone": {"new": {"p50": 0.66, "p99": 1.2}, "old": {"p50": 0.67, "p99": 1.3}},
    }
    told = catalogue({"catalogue": FOUND, "meaning_large": found})
    assert "99.3% of a search, 98.5% of the nearest stickers and 99.8% of the nearest texts" in told
    assert "First answer in a fresh process 1.23 s; 600 MB resident then, 1101 MB after 900 searches" in told
    assert "| search of what was never asked, encoding included | 4.57 / 8.90 |" in told
    assert "| words alone, the paper's mode | 0.66 / 1.20; before, in turns with it, 0.67 / 1.30 |" in told
    assert catalogue({"catalogue": FOUND}) == told[: told.index("\n\nWith meaning")]
