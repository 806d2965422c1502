"""How well do tokens find stickers by what real people typed? StickerQueries, one query of each sticker held out.

    python benchmarks/analyser.py ../shared/data/sticker_queries_zh_release.csv

Each sticker's other queries are its document; the held-out one searches them with BM25 Okapi. Prints the share found in
the top 20 (R@20), MRR@20 and the share of queries that share no token with any sticker, for our analyser and its
alternatives in the same run: the mean over several choices of the held-out query. The data (MIT licence) is not part
of this repository; its path is an argument.
"""

from __future__ import annotations

import argparse
import csv
import json
import logging
import re
import sys
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import jieba
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from persrv.bm25 import FieldIndex
from persrv.text import analyse, english_stem, normalise

Analyser = Callable[[str], list[str]]
_PIECES = re.compile(r"[\u4e00-\u9fff]+|[^\W_\u4e00-\u9fff]+")


def pieces(text: str, split: Callable[[str], Sequence[str]]) -> list[str]:
    """Han runs through `split`, other words whole."""
    runs = _PIECES.findall(normalise(text))
    return [token for run in runs for token in (split(run) if "\u4e00" <= run[0] <= "\u9fff" else [run])]


ANALYSERS: dict[str, Analyser] = {
    "jieba words": lambda text: pieces(text, lambda run: list(jieba.cut(run))),
    "jieba search mode": lambda text: pieces(text, lambda run: list(jieba.cut_for_search(run))),
    "Han pairs": lambda text: pieces(text, lambda run: [a + b for a, b in pairwise(run)] or [run]),
    "Han characters": lambda text: pieces(text, list),
    "characters + pairs": lambda text: pieces(text, lambda run: [*run, *(a + b for a, b in pairwise(run))]),
    "characters + pairs, English stems": lambda text: [
        english_stem(token) if token.isascii() else token
        for token in pieces(text, lambda run: [*run, *(a + b for a, b in pairwise(run))])
    ],
    "persrv.text.analyse": analyse,
}


def read(path: Path, seed: int) -> list[tuple[list[str], str]]:
    """(other queries, held-out query) of every sticker with at least two distinct queries."""
    rng = np.random.default_rng(seed)
    cases = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            queries = list(dict.fromkeys(q.strip() for q in row["labeled_queries"].split(",") if q.strip()))
            if len(queries) > 1:
                held_out = queries.pop(int(rng.integers(len(queries))))
                cases.append((queries, held_out))
    return cases


def evaluate(analyser: Analyser, cases: Sequence[tuple[list[str], str]]) -> dict[str, float]:
    """R@20, MRR@20 and share without any match."""
    index = FieldIndex.build([[token for query in queries for token in analyser(query)] for queries, _ in cases])
    ranks: list[float] = []
    unmatched = 0
    for row, (_, query) in enumerate(cases):
        tokens = analyser(query)
        unmatched += not index.matched(tokens).any()
        scores = index.scores(tokens)
        rank = 1 + int(np.count_nonzero(scores > scores[row])) + int(np.count_nonzero(scores[:row] == scores[row]))
        ranks.append(rank if scores[row] > 0 and rank <= 20 else np.inf)
    found = np.array(ranks)
    return {
        "R@20": float(np.isfinite(found).mean()),
        "MRR@20": float((1 / found).mean()),
        "no match": unmatched / len(cases),
    }


def main() -> int:
    """Print the setting, a table and one last line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("data", type=Path, help="sticker_queries_zh_release.csv or sticker_queries_en_release.csv")
    parser.add_argument("--seeds", type=int, default=5, help="how many choices of the held-out queries to average")
    arguments = parser.parse_args()
    if not arguments.data.is_file():
        advice = "pass a StickerQueries CSV (sticker_id,labeled_queries)"
        sys.stderr.write(f"There is no file {arguments.data}: {advice}.\n")
        return 2
    jieba.setLogLevel(logging.WARNING)
    draws = [read(arguments.data, seed) for seed in range(arguments.seeds)]
    print(f"{arguments.data.name}: {len(draws[0])} stickers, one query of each held out, mean of {len(draws)} draws")
    results = {}
    for name, analyser in ANALYSERS.items():
        analyser("热身")
        start = time.perf_counter()
        runs = [evaluate(analyser, cases) for cases in draws]
        results[name] = {metric: float(np.mean([run[metric] for run in runs])) for metric in runs[0]}
        figures = "  ".join(f"{metric} {value:.3f}" for metric, value in results[name].items())
        print(f"{name:34} {figures}  {time.perf_counter() - start:.2f} s")
    setting = {"data": arguments.data.name, "cases": len(draws[0]), "draws": len(draws)}
    print(json.dumps({**setting, "results": results}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
