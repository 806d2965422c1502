"""Search with meaning on a large catalogue: time with encoding, recall, memory, and words alone beside.

    python benchmarks/meaning.py [--worlds build/worlds] [--stickers 543098] [--old CHECKOUT] [--save FILE]
    python benchmarks/meaning.py BUNDLE

Queries are real tags of the catalogue's kinds that it does not hold, and texts that it holds; each is asked anew, with
nothing remembered of it, and then again. Recall is the share of the 100 best by looking at everything that are among
the 100 found: of texts, of stickers by likeness, and of the whole search before taste, where another sticker counts as
found if its score is within TIE of the hundredth. --old: a checkout of another version, whose searches by words alone
are timed in turns with ours. The last line is JSON. A generated catalogue takes half an hour to write.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).resolve()
ROOT = Path(os.environ.get("PERSRV_ROOT", HERE.parents[1]))
sys.path[:0] = [str(ROOT), str(HERE.parent)]

from persrv.bundle import Bundle
from persrv.ranking import fusion
from persrv.records import FIELDS
from persrv.retriever import Retriever

#: The nearest and the best that are compared, and how near to the hundredth a score counts as equal to it.
BEST, TIE = 100, 1e-3

WORDS = "words"


def main() -> None:
    """Measure, print, keep."""
    options = _options()
    path = options.bundle or _world(options)
    if options.child == WORDS:
        print(json.dumps(_words_alone(path, options.queries)))
        return
    report = measure(path, options)
    for name, figures in report.items():
        print(f"{name:<28}{figures}")
    if options.save:
        from saved import save

        save(options.save, "meaning_large", report)
    print(json.dumps(report, ensure_ascii=False))


def measure(path: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Measure all of it on one catalogue."""
    import start

    bundle = Bundle.open(path)
    assert bundle.meaning is not None
    queries = sample_queries(bundle, options.queries)
    sizes = {"stickers": len(bundle.ids), "texts": len(bundle.meaning.texts), "entries": len(bundle.meaning.text)}
    codes = bundle.manifest["meaning"].get("codes", {})
    opening = start.typical(path, queries[:1], options.starts)
    after = start.measured(path, queries[:1], after=queries)
    return {
        **sizes,
        "queries": len(queries),
        "checked": min(options.checked, len(queries)),
        "codes": codes,
        "first_answer_s": opening["open_s"],
        "first_answer_rss_mb": opening["rss_mb"],
        "rss_after_mb": after["rss_after_mb"],
        "own_mb": after["own_mb"],
        **searched(path, queries, options.passes),
        "recall": recall(path, queries[: options.checked]),
        "words_alone": words_alone(path, options),
    }


def sample_queries(bundle: Bundle, count: int) -> list[str]:
    """Half of them sayings that the catalogue lacks, half texts that it holds, in turns."""
    import sayings
    from world import dictionary_words

    assert bundle.meaning is not None
    held, rng = bundle.meaning.texts, np.random.default_rng(7)
    known = set(held)
    fresh = [text for text in sayings.said(4 * count + 2000, dictionary_words(), seed=7) if text not in known]
    drawn = [held[place] for place in rng.choice(len(held), count, replace=False).tolist()]
    return [text for pair in zip(fresh[-count:], drawn, strict=False) for text in pair][:count]


def searched(path: Path, queries: Sequence[str], passes: int) -> dict[str, dict[str, float]]:
    """Milliseconds of a search of what was never asked, of what was just asked, and of encoding alone."""
    taken: dict[str, list[list[float]]] = {"new": [], "again": [], "encoding": []}
    for _ in range(passes):
        retriever = Retriever.open(path)
        retriever.warm_up()
        encoder, users = retriever.sentence_encoder, [*retriever.bundle.styles] or [None]
        assert encoder is not None
        times: dict[str, list[float]] = {name: [] for name in taken}
        for number, query in enumerate(queries):
            user = users[number % len(users)]
            times["encoding"].append(_ms(encoder, [query]))
            times["new"].append(_ms(retriever.search, query, user))
            times["again"].append(_ms(retriever.search, query, user))
        for name, each in times.items():
            taken[name].append(each)
    return {name: percentiles(np.median(np.array(each), axis=0)) for name, each in taken.items()}


def _ms(way: Callable[..., object], *arguments: object) -> float:
    """Milliseconds of one call."""
    started = time.perf_counter()
    way(*arguments)
    return (time.perf_counter() - started) * 1000


def recall(path: Path, queries: Sequence[str]) -> dict[str, float]:
    """Mean recall of texts, of stickers by likeness, and of the whole search, against looking at everything."""
    retriever = Retriever.open(path)
    retriever.warm_up()
    index, settings = retriever.bundle.meaning, retriever.bundle.settings
    assert index is not None
    whole = replace(index, codes=None)
    found: dict[str, list[float]] = {"texts": [], "stickers": [], "search": []}
    for query in queries:
        request = retriever._request(query, None, None, 20)
        if request.meant is None:
            continue
        likeness: Any = request.meant.likeness
        asked, fields = likeness.texts.queries, [name for name in FIELDS if settings.field_weights.get(name, 0.0) > 0]
        true = whole.score(asked, [1.0] * len(asked), fields)
        texts = np.argsort(-true.texts)[:BEST]
        found["texts"].append(float(np.isin(texts, likeness.texts.found).mean()))
        near = likeness.stickers.nearest(fusion.NEAR, 4 * BEST)
        near = near[np.argsort(-likeness.stickers[near])][:BEST]
        enough = int((true.stickers >= fusion.NEAR).sum())
        found["stickers"].append(_share(true.stickers, near, min(BEST, enough)))
        words = sum(
            settings.field_weights.get(name, 0.0) * field.scores(request.tokens)
            for name, field in retriever.bundle.index.items()
        )
        worth, _ = retriever.utility()
        score = fusion.relevance(words, request.meant.ideal, true.stickers, settings.meaning)
        score = np.where((words != 0) | (true.stickers >= fusion.NEAR), score + settings.lambda_ * worth, 0)
        rows = retriever._recall(request, (settings.lambda_,))[0].rows
        found["search"].append(_share(score, rows, min(BEST, int((score > 0).sum()))))
    return {name: round(float(np.mean(each)), 4) for name, each in found.items()}


def _share(true: NDArray[np.floating[Any]], rows: NDArray[np.intp], wanted: int) -> float:
    """The share of the `wanted` best by true scores (N,) that some rows fill; 1 where none are wanted."""
    if not wanted:
        return 1.0
    least = np.partition(true, len(true) - wanted)[len(true) - wanted]
    return min(1.0, float((true[rows] >= least - TIE).sum()) / wanted)


def words_alone(path: Path, options: argparse.Namespace) -> dict[str, dict[str, float]]:
    """Searches by words alone, ours and, in turns, those of the checkout `old`: the median of each figure."""
    versions = {"new": HERE.parents[1], **({"old": options.old.resolve()} if options.old else {})}
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in versions}
    for _ in range(options.turns):
        for name, root in versions.items():
            command = [sys.executable, str(HERE), str(path), "--child", WORDS, "--queries", str(options.queries)]
            done = subprocess.run(
                command, env={**os.environ, "PERSRV_ROOT": str(root)}, capture_output=True, text=True, check=True
            )
            runs[name].append(json.loads(done.stdout.splitlines()[-1]))
    return {
        name: {figure: round(float(np.median([run[figure] for run in each])), 3) for figure in each[0]}
        for name, each in runs.items()
    }


def _words_alone(path: Path, count: int) -> dict[str, float]:
    """The child: milliseconds of personalized searches by words alone, as benchmarks/search.py asks them."""
    from search import sample_queries as terms

    retriever = Retriever.open(path)
    settings, users = retriever.bundle.words_settings, [*retriever.bundle.styles] or [None]
    retriever.warm_up()
    queries, taken = terms(retriever.bundle, count, 0), []
    for turn in range(3):
        for number, query in enumerate(queries):
            started = time.perf_counter()
            retriever.search(query, users[number % len(users)], settings)
            if turn:
                taken.append((time.perf_counter() - started) * 1000)
    return percentiles(np.median(np.array(taken).reshape(2, -1), axis=0))


def percentiles(taken: NDArray[np.floating[Any]]) -> dict[str, float]:
    """p50 and p99."""
    return {name: round(float(np.percentile(taken, at)), 3) for name, at in (("p50", 50), ("p99", 99))}


def _world(options: argparse.Namespace) -> Path:
    """The bundle of a generated catalogue, written when it is not there yet."""
    from world import write_world

    from persrv.models.sentence_encoder import default_name, load_sentence_encoder

    path = options.worlds / f"{options.stickers}-0-meaning"
    if not (path / "bundle.json").is_file():
        print(f"Writing a catalogue of {options.stickers:,} stickers to {path} ...", file=sys.stderr)
        write_world(path, options.stickers, workers=os.cpu_count() or 1, encoder=load_sentence_encoder(default_name()))
    return path


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time a search with meaning in a large catalogue.")
    parser.add_argument("bundle", nargs="?", type=Path, help="folder of a bundle (default: a generated catalogue)")
    parser.add_argument("--worlds", type=Path, default=HERE.parents[1] / "build" / "worlds")
    parser.add_argument("--stickers", type=int, default=int(os.environ.get("STICKERS", "543098")))
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--checked", type=int, default=100, help="queries whose recall is measured")
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--starts", type=int, default=3, help="fresh processes for the first answer")
    parser.add_argument("--turns", type=int, default=3, help="fresh processes of each version for words alone")
    parser.add_argument("--old", type=Path, help="a checkout of another version")
    parser.add_argument("--child", default="", help=argparse.SUPPRESS)
    parser.add_argument("--save", type=Path, help="keep the figures in this JSON file too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
