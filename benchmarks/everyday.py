"""Duration of an everyday query in the library, everything included: new to the app, seen before, read only as typed,
and by words alone.

    python benchmarks/everyday.py [BUNDLE] [--turns 3] [--against CHECKOUT] [--save FILE]

Queries are those of judged.tsv, which no bundle was made for. Every turn is a fresh process that warms up and asks each
query once in each way, a person after the other; percentiles are of the queries' medians over the turns. With another
checkout of this repository the two take turns, so that a busy machine meets both alike. The last line is JSON.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
QUERIES = ROOT / "benchmarks" / "judged.tsv"

#: The ways to ask, in the order in which a process asks them: a query is new once only.
WAYS = ("new", "seen before", "literal", "words only")

#: The columns of the table; the last is over every single measurement.
SHOWN = ("p50", "p95", "p99", "single_p99")


def main() -> None:
    """Print the setting, a table, and one last line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("bundle", type=Path, nargs="?", default=ROOT / "assets" / "demo")
    parser.add_argument("--turns", type=int, default=3, help="fresh processes, of each checkout")
    parser.add_argument("--against", type=Path, help="another checkout, measured in turns with this one")
    parser.add_argument("--save", type=Path, help="keep this checkout's figures in this JSON file too")
    parser.add_argument("--turn-of", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.turn_of:
        print(json.dumps(a_turn(options.turn_of, options.bundle)))
        return
    checkouts = {"here": ROOT, **({"against": options.against.resolve()} if options.against else {})}
    print(f"{options.bundle}, {len(queries())} queries, {options.turns} turns, one thread")
    setting = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    print(f"{setting}, load {os.getloadavg()[0]:.1f} before")
    found = measure(options.bundle.resolve(), checkouts, options.turns)
    show(found)
    if options.save:
        from saved import save

        about = {"date": datetime.now(UTC).date().isoformat(), "cores": os.cpu_count(), "queries": len(queries())}
        save(options.save, "everyday", {**about, "turns": options.turns, "ms": found["here"]})
    print(json.dumps(found))


def show(found: Mapping[str, Mapping[str, Mapping[str, float]]]) -> None:
    """The table."""
    print(f"{'milliseconds a query':<24}" + "".join(f"{name:>12}" for name in SHOWN))
    for name, ways in found.items():
        for way, row in ways.items():
            print(f"{name + ', ' + way:<24}" + "".join(f"{row[each]:>12.2f}" for each in SHOWN))


def queries() -> list[str]:
    """The everyday queries."""
    with QUERIES.open(encoding="utf-8", newline="") as file:
        return [row["query"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def measure(bundle: Path, checkouts: dict[str, Path], turns: int) -> dict[str, dict[str, dict[str, float]]]:
    """Checkout -> way to ask -> its figures."""
    import numpy as np
    from timing import figures

    taken: dict[str, list[dict[str, list[float]]]] = {name: [] for name in checkouts}
    for _ in range(turns):
        for name, checkout in checkouts.items():
            command = [sys.executable, __file__, str(bundle), "--turn-of", str(checkout)]
            told = subprocess.run(command, cwd=checkout, check=True, capture_output=True, text=True).stdout
            taken[name].append(json.loads(told.splitlines()[-1]))
    return {
        name: {way: figures(np.array([turn[way] for turn in of_one])) for way in WAYS} for name, of_one in taken.items()
    }


def a_turn(checkout: Path, bundle: Path) -> dict[str, list[float]]:
    """Way to ask -> milliseconds of every query, by the code of a checkout."""
    sys.path.insert(0, str(checkout))
    from persrv.retriever import Retriever

    retriever = Retriever.open(bundle)
    retriever.warm_up()
    asked = [*zip(queries(), everybody(retriever), strict=False)]
    words = retriever.bundle.words_settings
    ways: dict[str, dict[str, Any]] = {"literal": {"literal": True}, "words only": {"settings": words}}
    taken: dict[str, list[float]] = {}
    for way in WAYS:
        taken[way] = []
        for query, user in asked:
            started = time.perf_counter()
            retriever.search(query, user, **ways.get(way, {}))
            taken[way].append((time.perf_counter() - started) * 1000)
    return taken


def everybody(retriever: Any) -> Sequence[str | None]:
    """List the people who ask each query: those with a style, and nobody (None)."""
    people = [None, *retriever.bundle.styles]
    return [people[number % len(people)] for number in range(len(queries()))]


if __name__ == "__main__":
    main()
