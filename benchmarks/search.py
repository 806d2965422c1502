"""Duration of a search in the library, everything included, on a catalogue of any size, beside other engines.

    python benchmarks/search.py --stickers 543098 [--sizes 10000,100000,543098,2000000] [--save FILE]
    python benchmarks/search.py BUNDLE    (in brief: a minute on the embedded one; everyday.py asks it everyday queries)

Queries are 1 to 4 terms in a row (a Han character, a word, an emoji) of words on pictures, keywords and past queries of
the catalogue, drawn by a seed. Each is answered in several passes; percentiles are of the queries' medians over the
passes. The last line is JSON. A generated catalogue is kept in build/worlds.
"""

from __future__ import annotations

import argparse
import gc
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import peers
import start
from dense import Dense
from saved import conclude
from timing import crowd, each_ms, figures, middle, timed
from world import STICKERS, write_world

from persrv.bundle import Bundle
from persrv.ranking.recall_contract import Question
from persrv.records import FIELDS, SearchSettings
from persrv.retriever import Retriever
from persrv.settings import by_words, with_switches
from persrv.text.analyser import analyse
from persrv.text.folding import normalise
from precompute.evaluation import hardware

WORLDS = ROOT / "build" / "worlds"

#: One term of a query: a Han character, else a run of letters, else of digits, else any symbol.
TERM = re.compile(r"[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+|\d+|[\u2190-\u2bff\U0001f000-\U0001faff]")

#: Names of the rows that README shows.
SEARCH, PLAIN, COMPARE = "search, personalized, 20 hits explained", "search, not personalized", "compare, four rankings"
RECALL, FLOOR, RANK_BM25 = "recall of 100 only", "reading the postings once", "rank_bm25, recall of 100 only"
#: Weights that nothing was prepared for; their bounds are made by the pass that is not counted.
OTHER = "recall alone, ocr weighed double"
PEERS = {
    "rank_bm25": RANK_BM25,
    "bm25s": "bm25s, recall of 100 only",
    "tantivy": "tantivy, BM25 of 100 only, no utility",
}

THREADS = 8


def main() -> None:
    """Measure, print, keep."""
    options = _options()
    path = options.bundle or world(options.stickers, options)
    report = measure(path, options)
    for size in options.sizes:
        report["sizes"].append(at_size(size, options, report))
    show(report)
    conclude(report, "search" if options.bundle else "catalogue", options.save)


def world(size: int, options: argparse.Namespace) -> Path:
    """The bundle of a generated catalogue, written when it is not there yet."""
    path = options.worlds / f"{size}-{options.seed}"
    if not (path / "bundle.json").is_file():
        print(f"Writing a catalogue of {size:,} stickers to {path} ...", file=sys.stderr)
        write_world(path, size, options.seed, workers=os.cpu_count() or 1 if size > 20_000 else 1)
    return path


def measure(path: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Measure all of it on one catalogue."""
    queries = sample_queries(Bundle.open(path), options.queries, options.seed)
    gc.collect()  # what is mapped here could not be put out of the page cache
    opening = start.typical(path, queries[:1], options.starts)
    cold = start.typical(path, queries[:1], options.starts, cold=True)
    after = start.measured(path, queries[:1], cold=True, after=queries)
    retriever = Retriever.open(path)
    retriever.warm_up()
    bundle, rows = retriever.bundle, ours(retriever, queries, options.passes)
    together = middle([crowd_of(retriever, queries, options.seconds) for _ in range(3)])
    rows |= {FLOOR: floor(bundle, queries, options.passes)} if not peers.missing("numba") else {}
    found, absent = others(retriever, queries, options)
    lists = peers.postings_of(bundle, queries)
    terms = [len(analyse(query)) for query in queries]
    return {
        "bundle": bundle.name,
        "n": len(bundle.ids),
        "machine": machine(),
        "date": datetime.now(UTC).date().isoformat(),
        "queries": len(queries),
        "passes": options.passes,
        "tokens_p50_p99": percentiles(terms),
        "postings_p50_p99": percentiles(lists),
        "p50_ms": rows[SEARCH]["p50"],
        "p99_ms": rows[SEARCH]["p99"],
        "recall_p50_ms": rows[RECALL]["p50"],
        "recall_p99_ms": rows[RECALL]["p99"],
        "compare_over_search": round(rows[COMPARE]["p50"] / rows[SEARCH]["p50"], 3),
        "floor_ratio_p50_p99": floor_ratio(rows),
        "threads": {"threads": THREADS, **together},
        "open_s": opening["open_s"],
        "open_cold_s": cold["open_s"],
        "cold_cached_share": cold["cached"],
        "rss_mb": opening["rss_mb"],
        "cold_after_warm_up": {name: after[name] for name in after if name not in ("open_s", "rss_mb", "cached")},
        "exact": exact(retriever, path, queries[: options.checked], options.seed),
        "checked": min(options.checked, len(queries)),
        "peers": found,
        "absent": absent,
        "ms": {**rows, **{PEERS[name]: figures_of for name, figures_of in found.items()}},
        "sizes": [],
    }


def at_size(size: int, options: argparse.Namespace, known: dict[str, Any]) -> dict[str, Any]:
    """The two figures that tell how cost grows, on a catalogue of another size."""
    if size == known["n"]:
        return {name: known[name] for name in ("n", "p50_ms", "p99_ms", "recall_p50_ms", "recall_p99_ms")}
    bundle = Bundle.open(world(size, options))
    queries = sample_queries(bundle, options.queries, options.seed)
    retriever = Retriever.open(bundle)
    retriever.warm_up()
    rows = ours(retriever, queries, min(options.passes, 3))
    return {
        "n": size,
        **{
            f"{part}{name}_ms": rows[row][name]
            for row, part in ((SEARCH, ""), (RECALL, "recall_"))
            for name in ("p50", "p99")
        },
    }


def sample_queries(bundle: Bundle, count: int, seed: int) -> list[str]:
    """1 to 4 terms in a row of a text of the catalogue, each query's sticker and field drawn by chance."""
    rng = np.random.default_rng(seed)
    drawn: list[str] = []
    while len(drawn) < count:
        sticker = bundle.stickers[int(rng.integers(len(bundle.ids)))]
        texts = [text for text in (sticker.ocr, sticker.keywords, *sticker.queries) if text]
        lot, wanted = rng.random(2), int(rng.integers(1, 5))
        places = list(TERM.finditer(texts[int(lot[0] * len(texts))])) if texts else []
        if len(places) < wanted:
            continue
        first = int(lot[1] * (len(places) - wanted + 1))
        query = places[0].string[places[first].start() : places[first + wanted - 1].end()]
        if normalise(query).strip():
            drawn.append(query)
    return drawn


def ours(retriever: Retriever, queries: Sequence[str], passes: int) -> dict[str, dict[str, float]]:
    """Measure every way to search with persrv, in turns, so that a slow moment of the machine meets all alike."""
    users = [*retriever.bundle.styles] or [None]
    settings = retriever.bundle.settings
    plain = with_switches(settings, "utility")
    turns = [(query, users[number % len(users)], question(query, settings)) for number, query in enumerate(queries)]
    engine = retriever.engine
    doubled = {**settings.field_weights, "ocr": 2 * settings.field_weights.get("ocr", 0.0) or 1.0}
    ways = {
        SEARCH: lambda turn: retriever.search(turn[0], turn[1]),
        PLAIN: lambda turn: retriever.search(turn[0], None, plain),
        COMPARE: lambda turn: retriever.compare(turn[0], turn[1]),
        RECALL: lambda turn: engine.recall(turn[2], (settings.lambda_,), settings.recall_size),
        OTHER: lambda turn: engine.recall(
            replace(turn[2], field_weights=doubled), (settings.lambda_,), settings.recall_size
        ),
    }
    taken: dict[str, list[np.ndarray]] = {name: [] for name in ways}
    for number in range(passes):
        for name, way in ways.items():
            gc.collect()
            taken[name].append(each_ms(way, turns, 1, warm=not number))
    return {name: figures(np.concatenate(found)) for name, found in taken.items()}


def question(query: str, settings: SearchSettings) -> Question:
    """Question to recall alone."""
    tokens = tuple(analyse(query))
    return Question(tokens, settings.field_weights, settings.utility_weights, settings.utility_base)


def crowd_of(retriever: Retriever, queries: Sequence[str], seconds: float) -> dict[str, float]:
    """Eight threads at once."""
    users = [*retriever.bundle.styles] or [None]
    turns = [(query, users[number % len(users)]) for number, query in enumerate(queries)]
    return crowd(lambda turn: retriever.search(*turn), turns, THREADS, seconds)


def floor(bundle: Bundle, queries: Sequence[str], passes: int) -> dict[str, float]:
    """The bound by bytes: every posting of the query read once by compiled code, tokens looked up beforehand."""
    return timed(peers.streaming(bundle), [peers.lists_of(bundle, query) for query in queries], passes)


def floor_ratio(rows: dict[str, dict[str, float]]) -> list[float]:
    """Our recall over the bound, at p50 and p99; empty where the bound could not be measured."""
    if FLOOR not in rows:
        return []
    return [round(rows[RECALL][name] / rows[FLOOR][name], 2) for name in ("p50", "p99")]


def others(
    retriever: Retriever, queries: Sequence[str], options: argparse.Namespace
) -> tuple[dict[str, dict[str, float]], list[str]]:
    """The peers' figures, and a sentence for each that is absent."""
    bundle, found = retriever.bundle, {}
    absent = [f"{name}: {sentence}" for name in PEERS if (sentence := peers.missing(name.replace("_", "-")))]
    worth, _ = retriever.utility()
    some, few = queries[: options.peer_queries], queries[: max(1, options.peer_queries // 10)]
    if not peers.missing("bm25s"):
        found["bm25s"] = {"queries": len(some), **timed(peers.bm25s(bundle, worth), some, options.passes)}
    if not peers.missing("tantivy"):
        tantivy = peers.Tantivy(bundle)
        turns = [tantivy.query(query) for query in some]
        found["tantivy"] = {"queries": len(some), **timed(tantivy.answer, turns, options.passes)}
        tantivy.close()
    if not peers.missing("rank-bm25"):
        sample = min(options.rank_bm25_stickers, len(bundle.ids))
        answer = peers.rank_bm25(bundle, worth, sample)
        found["rank_bm25"] = {"stickers": sample, "queries": len(few), **timed(answer, few, 1)}
    return {name: {**each, "p50_ms": each["p50"], "p99_ms": each["p99"]} for name, each in found.items()}, absent


def exact(retriever: Retriever, path: Path, queries: Sequence[str], seed: int) -> bool:
    """Return whether the top 100 of every query has the rows and the very scores of the dense reference: under the
    bundle's settings for every other query, under drawn ones (zeros among them) for the rest.
    """
    dense = Dense.read(path, {token for query in queries for token in analyse(query)})
    rng, settings, engine = np.random.default_rng(seed), retriever.bundle.settings, retriever.engine
    for number, query in enumerate(queries):
        weights, lambda_ = settings.field_weights, settings.lambda_
        if number % 2:
            weights = {name: float(rng.choice([0.0, 0.5, 1.0, 2.0, rng.uniform(0, 3)])) for name in FIELDS}
            lambda_ = float(rng.choice([0.0, 1.0, rng.uniform(0, 5)]))
        tokens = tuple(analyse(query))
        asked = Question(tokens, weights, settings.utility_weights, settings.utility_base)
        worth = dense.utility(settings.utility_weights, settings.utility_base)
        got = engine.recall(asked, (lambda_,), settings.recall_size)[0]
        rows, scores = dense.best(tokens, weights, worth, lambda_, settings.recall_size)
        if got.rows.tolist() != rows or got.scores.tolist() != scores:
            print(f"Not exact: {query!r} under {weights}, lambda {lambda_}", file=sys.stderr)
            return False
        if not number % 2 and rows:
            hits = retriever.search(query, None, by_words(retriever.bundle.settings), top=20, literal=True).hits
            if [(hit.row, hit.final) for hit in hits] != list(zip(rows[:20], scores[:20], strict=True)):
                print(f"Not exact: the hits of {query!r}", file=sys.stderr)
                return False
    return True


def percentiles(values: Sequence[float]) -> list[int]:
    """p50 and p99."""
    return [int(np.percentile(values, each)) for each in (50, 99)]


def machine() -> dict[str, Any]:
    """Description of the machine."""
    found = hardware.machine()
    return {"cpu": found["name"], "cores": found["cores"], "python": found["python"], "numpy": np.__version__}


def show(report: dict[str, Any]) -> None:
    """The setting and the table."""
    print(", ".join(f"{name} {value}" for name, value in report["machine"].items()))
    print(
        f"{report['bundle']}: {report['n']:,} stickers, {report['queries']:,} queries of "
        f"{report['tokens_p50_p99']} tokens with {report['postings_p50_p99']} postings (p50, p99), "
        f"medians of {report['passes']} passes, one thread, warm"
    )
    print(f"{'milliseconds a query':<44}{'p50':>10}{'p95':>10}{'p99':>10}{'single p99':>12}")
    for name, row in report["ms"].items():
        print(
            f"{name:<44}"
            + "".join(f"{row[key]:>10.3f}" for key in ("p50", "p95", "p99"))
            + f"{row['single_p99']:>12.3f}"
        )
    together = report["threads"]
    print(
        f"{THREADS} threads at once: p50 {together['p50']} ms, p99 {together['p99']} ms, "
        f"{together['a_second']:,.0f} a second, the slowest thread got {together['least_share']:.0%} of its fair share"
    )
    if "rank_bm25" in report["peers"]:
        sample = report["peers"]["rank_bm25"]
        print(
            f"rank_bm25: {sample['stickers']:,} stickers and {sample['queries']} queries only; its cost grows with both"
        )
    for sentence in report["absent"]:
        print(f"Absent: {sentence}")
    print(
        f"open and first answer in a fresh process: {report['open_s']} s warm, {report['open_cold_s']} s cold "
        f"({report['cold_cached_share']:.0%} of the bundle still cached), {report['rss_mb']} MB without embeddings"
    )
    print(f"cold, after warming up: {report['cold_after_warm_up']}")
    print(f"top {100} of {report['checked']} queries equal the dense float64 reference: {report['exact']}")
    for row in report["sizes"]:
        print(", ".join(f"{name} {value:,}" for name, value in row.items()))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time a search in the library.")
    parser.add_argument("bundle", nargs="?", type=Path, help="folder of a bundle (default: a generated catalogue)")
    parser.add_argument("--stickers", type=int, default=STICKERS, help="size of the generated catalogue")
    parser.add_argument("--sizes", type=sizes, default=[], help="more sizes to measure, with commas between")
    parser.add_argument("--queries", type=int, default=2000)
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--peer-queries", type=int, default=200)
    parser.add_argument("--rank-bm25-stickers", type=int, default=20_000)
    parser.add_argument("--checked", type=int, default=100, help="queries compared with the dense reference")
    parser.add_argument("--starts", type=int, default=5, help="fresh processes for each opening time")
    parser.add_argument("--seconds", type=float, default=5.0, help="of eight threads at once, three times")
    parser.add_argument("--worlds", type=Path, default=WORLDS, help="folder of the generated catalogues")
    parser.add_argument("--save", type=Path, help="keep the figures in this JSON file too")
    parser.add_argument("--seed", type=int, default=0)
    if parser.parse_known_args()[0].bundle:  # a search by meaning takes several times as long as one by words
        parser.set_defaults(queries=300, passes=3, starts=3, seconds=2.0)
    return parser.parse_args()


def sizes(text: str) -> list[int]:
    """Numbers with commas between."""
    return [int(each) for each in text.split(",") if each]


if __name__ == "__main__":
    main()
