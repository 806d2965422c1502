"""How long a search takes in the library, beside rank_bm25 doing the same recall on the same bundle in the same run.

    python benchmarks/search.py [BUNDLE] [--queries 300] [--seed 0]

Without a bundle, a synthetic one of 2,500 stickers is made. Prints the setting, a table, and one last line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from saved import save

from persrv.bundle import Bundle, BundleContents, write_bundle
from persrv.bundle.indexing import index_tokens
from persrv.records import FIELDS, Interaction, Person, Sticker, UserStyle
from persrv.retriever import Retriever, with_switches
from persrv.text import analyse

WORDS = (
    *("哈哈", "笑死", "晚安", "早安", "谢谢", "加油", "生气", "委屈", "下班", "加班", "干饭", "奶茶", "生日快乐"),
    *("good", "night", "thanks", "happy", "sorry", "love", "ok", "no"),
)


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        path = options.bundle or synthetic_bundle(Path(folder), 2500, options.seed).path
        started = time.perf_counter()
        bundle = Bundle.open(path)
        opening = time.perf_counter() - started
        retriever = Retriever.open(bundle)
        retriever.warm_up()
        report = measure(retriever, sample_queries(retriever, options.queries, options.seed))
    setting = {
        "bundle": bundle.name,
        "stickers": len(bundle.ids),
        "queries": options.queries,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "cores": os.cpu_count(),
        "open_ms": round(opening * 1000, 1),
    }
    print(", ".join(f"{name} {value}" for name, value in setting.items()))
    print(f"{'milliseconds a query':<44}{'p50':>8}{'p95':>8}{'p99':>8}")
    for name, row in report.items():
        print(f"{name:<44}" + "".join(f"{row[key]:>8.3f}" for key in ("p50", "p95", "p99")))
    if options.save:
        save(options.save, "search", {**setting, "ms": report})
    print(json.dumps({**setting, "ms": report}, ensure_ascii=False))


def measure(retriever: Retriever, queries: Sequence[str]) -> dict[str, dict[str, float]]:
    """Percentiles in ms of every way to answer the queries; one after the other, warm."""
    users = [*retriever.bundle.styles] or [None]
    turns = [(query, users[number % len(users)]) for number, query in enumerate(queries)]
    plain = with_switches(retriever.bundle.settings, "utility")
    slow = rank_bm25_recall(retriever)
    return {
        "search, personalized, 20 hits explained": timed(turns, lambda query, user: retriever.search(query, user)),
        "search, not personalized": timed(turns, lambda query, _: retriever.search(query, None, plain)),
        "compare, four rankings": timed(turns, lambda query, user: retriever.compare(query, user)),
        "rank_bm25, recall of 100 only": timed(turns, lambda query, _: slow(query)),
    }


def timed(turns: Sequence[tuple[str, str | None]], answer: Callable[[str, str | None], object]) -> dict[str, float]:
    """p50, p95, p99 in ms, after one pass that warms up."""
    for query, user in turns[:20]:
        answer(query, user)
    taken = []
    for query, user in turns:
        started = time.perf_counter()
        answer(query, user)
        taken.append((time.perf_counter() - started) * 1000)
    return {f"p{p}": round(float(np.percentile(taken, p)), 4) for p in (50, 95, 99)}


def rank_bm25_recall(retriever: Retriever) -> Callable[[str], object]:
    """The same recall by rank_bm25: every field's scores, weighted, plus utility, top R by sorting."""
    from rank_bm25 import BM25Okapi

    bundle, settings = retriever.bundle, retriever.bundle.settings
    documents = {name: [index_tokens(sticker, name) for sticker in bundle.stickers] for name in FIELDS}
    models = {name: BM25Okapi(tokens) for name, tokens in documents.items() if any(tokens)}
    worth, _ = retriever.utility()

    def answer(query: str) -> object:
        tokens = analyse(query)
        total = sum(settings.field_weights.get(name, 0.0) * model.get_scores(tokens) for name, model in models.items())
        score = np.where(total != 0, total + settings.lambda_ * worth, -np.inf)
        return np.argsort(-score, kind="stable")[: settings.recall_size]

    return answer


def sample_queries(retriever: Retriever, count: int, seed: int) -> list[str]:
    """Queries drawn from the training clicks, as often as people typed them."""
    counted = retriever.training_queries()
    weights = np.array([clicks for _, clicks in counted], float)
    drawn = np.random.default_rng(seed).choice(len(counted), size=count, p=weights / weights.sum())
    return [counted[number][0] for number in drawn]


def synthetic_bundle(folder: Path, size: int, seed: int) -> Bundle:
    """A bundle of random words, vectors and clicks, all with the same picture: only its size is meant."""
    from PIL import Image

    rng = np.random.default_rng(seed)
    picture = folder / "picture.png"
    Image.new("RGB", (2, 2)).save(picture)

    def words(most: int) -> str:
        return " ".join(rng.choice(WORDS, rng.integers(1, most)))

    def vectors(count: int) -> np.ndarray:
        rows = rng.normal(size=(count, 512))
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    ids = [f"s{number:05d}" for number in range(size)]
    clicks = [
        Interaction(f"u{rng.integers(8)}", words(3), ids[rng.integers(size)], int(rng.integers(10**9)))
        for _ in range(4000)
    ]
    queries: dict[str, list[str]] = {}
    for click in clicks:
        queries.setdefault(click.sticker, []).append(click.query)
    stickers = [
        Sticker(
            *(name, f"images/{name}.png", 2, 2, False, "", {}, words(4), (), "", words(4), words(12), words(3)),
            tuple(dict.fromkeys(queries.get(name, ()))),
        )
        for name in ids
    ]
    styles = [
        UserStyle(f"u{u}", vectors(5), np.full(5, 9, np.int32), np.full(5, 0.5, np.float32), ((ids[u],),) * 5)
        for u in range(8)
    ]
    contents = BundleContents(
        name="synthetic",
        licence="none",
        simulated=True,
        stickers=stickers,
        interactions={"train": clicks},
        people=[Person(f"u{u}", "", "", "", "") for u in range(8)],
        embeddings=vectors(size),
        user_styles=styles,
        utility_counts=rng.poisson(1, (size, 3)),
        images=dict.fromkeys(ids, picture),
    )
    return write_bundle(folder / "bundle", contents)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time a search in the library.")
    parser.add_argument("bundle", nargs="?", help="folder of a bundle (default: a synthetic one)")
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--save", type=Path, help="keep the figures in this JSON file too")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
