"""The section of docs/results.md on a large catalogue: figures of benchmarks/search.py, index.py, page.py, meaning.py.

scripts/result_tables.py calls `catalogue(measurements)`; the benchmarks write docs/measurements.json with `--save`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PEERS = {
    "bm25s": "bm25s over our impacts, recall alone",
    "tantivy": "tantivy, BM25 alone, no utility",
    "rank_bm25": "rank_bm25, recall alone",
}


def catalogue(measured: Mapping[str, Any]) -> str:
    """The section, or "" where nothing was measured."""
    found = measured.get("catalogue")
    if not found:
        return ""
    parts = (
        heading(found),
        searching(found),
        sentences(found),
        growth(found),
        building(measured.get("index", {})),
        showing(measured.get("page_large", {})),
        meaning(measured.get("meaning_large", {})),
    )
    return "\n\n".join(part for part in parts if part)


def heading(found: Mapping[str, Any]) -> str:
    """Sentence on queries, catalogue, machine and date."""
    machine, tokens, postings = found["machine"], found["tokens_p50_p99"], found["postings_p50_p99"]
    return (
        f"## {found['n']:,} stickers\n\nA generated catalogue with the sizes of the paper's data "
        f"(`benchmarks/search.py`), {machine['cores']} cores ({machine['cpu']}), {found['date']}. {found['queries']:,} "
        f"queries, {tokens[0]} tokens and {postings[0]:,} postings at the median, {tokens[1]} and {postings[1]:,} at "
        f"the 99th percentile; one thread, warm, the median of {found['passes']} passes for each."
    )


def searching(found: Mapping[str, Any]) -> str:
    """Milliseconds of every way to ask us and the others."""
    rows = [
        f"| {name} | {row['p50']:.2f} | {row['p99']:.2f} |"
        for name, row in found["ms"].items()
        if " of 100 only" not in name
    ]
    rows.append(f"| recall alone | {found['recall_p50_ms']:.2f} | {found['recall_p99_ms']:.2f} |")
    for peer, name in PEERS.items():
        if peer in found["peers"]:
            row = found["peers"][peer]
            sample = f", {row['stickers']:,} stickers only" if row.get("stickers", found["n"]) < found["n"] else ""
            rows.append(f"| {name}{sample} | {row['p50_ms']:.2f} | {row['p99_ms']:.2f} |")
    return "\n".join(("| milliseconds | p50 | p99 |", "| --- | ---: | ---: |", *rows))


def sentences(found: Mapping[str, Any]) -> str:
    """Exactness, threads, start."""
    threads, ratio = found["threads"], found["floor_ratio_p50_p99"]
    same = "are" if found["exact"] else "are **not**"
    told = [
        f"The top 100 of {found['checked']} queries {same} those of a dense float64 reference, rows and scores.",
        f"{threads['threads']} threads at once: p99 {threads['p99']:.1f} ms, {threads['a_second']:,.0f} searches a "
        f"second, the slowest thread got {threads['least_share']:.0%} of its share.",
        f"Opening and the first answer in a fresh process: {found['open_s']:.2f} s, {found['open_cold_s']:.2f} s from "
        f"a cold disk; {found['rss_mb']:.0f} MB resident then, without embeddings.",
    ]
    if ratio:
        told.append(
            f"Recall takes {ratio[0]:.1f} (p50) and {ratio[1]:.1f} (p99) times what reading its postings takes."
        )
    if found["absent"]:
        told.append(f"Not measured: {'; '.join(found['absent'])}.")
    return " ".join(told)


def growth(found: Mapping[str, Any]) -> str:
    """Cost against the number of stickers; "" where one size was measured."""
    if not found["sizes"]:
        return ""
    by_size = {row["n"]: row for row in (*found["sizes"], found)}
    rows = [f"| {size:,} | {pair(by_size[size], '')} | {pair(by_size[size], 'recall_')} |" for size in sorted(by_size)]
    return "\n".join(("| stickers | search, p50 / p99 ms | recall, p50 / p99 ms |", "| ---: | ---: | ---: |", *rows))


def pair(row: Mapping[str, float], prefix: str) -> str:
    """p50 and p99 in one cell."""
    return f"{row[f'{prefix}p50_ms']:.2f} / {row[f'{prefix}p99_ms']:.2f}"


def building(index: Mapping[str, Any]) -> str:
    """Sentence on the duration of building the index; "" if it was not measured."""
    if not index:
        return ""
    return (
        f"Its index of {index['postings']:,} postings is built in {index['seconds']:.0f} s by {index['workers']} "
        f"processes (`benchmarks/index.py`), {index['analysing_s']:.0f} s of them analysing texts; "
        f"{index['peak_mb']:,} MB at most."
    )


def showing(page: Mapping[str, Any]) -> str:
    """Sentence on the page's needs on a catalogue of that size; "" if they were not measured."""
    if not page:
        return ""
    views = ", ".join(f"{view} {page[f'{view}_first_s']:.1f} s" for view in ("dialog", "map", "captions", "cases"))
    key = f"{page['key_to_results_ms_p50']:.0f} ms (p50), {page['key_to_results_ms_p95']:.0f} ms (p95)"
    heap = f"{page['browser_heap_mb_searching']:.0f} MB while searching and {page['browser_heap_mb_all_views']:.0f} MB"
    return (
        f"The page over {page['stickers']:,} stickers (`benchmarks/page.py`): stickers on the screen "
        f"{page['stickers_shown_s']:.1f} s after the start, key press to results {key}, slider to new order "
        f"{page['slider_to_order_ms_p50']:.0f} ms; first opening of {views}. The browser holds {heap} with "
        f"every view open; the app {page['peak_memory_mb']:,} MB at most, mapped files included."
    )


def meaning(found: Mapping[str, Any]) -> str:
    """A search with meaning on a catalogue of that size; "" where it was not measured."""
    if not found:
        return ""
    recall, codes, alone = found["recall"], found["codes"], found["words_alone"]
    old = f"; before, in turns with it, {_times(alone['old'])}" if "old" in alone else ""
    rows = (
        ("search of what was never asked, encoding included", _times(found["new"])),
        ("encoding alone", _times(found["encoding"])),
        ("the same search again", _times(found["again"])),
        ("words alone, the paper's mode", _times(alone["new"]) + old),
    )
    return "\n".join(
        (
            f"With meaning (`benchmarks/meaning.py`; whole sayings, {found['texts']:,} distinct texts, held "
            f"{found['entries']:,} times): of the 100 best by looking at everything, {recall['search']:.1%} of a "
            f"search, {recall['stickers']:.1%} of the nearest stickers and {recall['texts']:.1%} of the nearest texts "
            f"are found (mean of {found['checked']} queries, equal scores count; the build tried {codes['queries']} "
            f"texts: {codes['recall']:.1%}). First answer in a fresh process {found['first_answer_s']:.2f} s; "
            f"{found['first_answer_rss_mb']:.0f} MB resident then, {found['rss_after_mb']:.0f} MB after "
            f"{found['queries']:,} searches, without embeddings.\n",
            "| milliseconds, p50 / p99 | with meaning |",
            "| --- | ---: |",
            *(f"| {name} | {told} |" for name, told in rows),
        )
    )


def _times(row: Mapping[str, float]) -> str:
    return f"{row['p50']:.2f} / {row['p99']:.2f}"
