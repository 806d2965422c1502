"""Precision of the first stickers on judged everyday queries, and the worth of each reading and channel of a search.

    python benchmarks/judged.py [BUNDLE] [--person NAME] [--round NUMBER] [--rows]

benchmarks/judged.tsv holds everyday queries of the demo world, written and judged by hand: what fits, as situations,
character:NAME or style:NAME, joined by + where a sticker must be both; "-" where nothing here fits. Of "negation,
unseen" no query was looked at before negations were read; four were mended after.

A round is what was written at one time, before any change that it judges. Of round 2 the answers were looked at while
search was changed, of round 3 the figures alone, after that. Round 4 was written when that was done. Round 5 has short
queries of a few kinds, written before these were mended, and looked at while they were. Rounds 6 and 7
describe drawings, also such as nobody here drew: 6 before descriptions were read by names, 7 after; both were looked
at later. Of kind "three", what shows all three is one sticker or two, so that its "first" is what counts.
Rounds 8 and 9 are one list, dealt at random within each kind before the first run: 8 was looked at while search was
changed, 9 never. docs/decisions.md has the figures of each at first run.

P@5 is the share of the first five stickers that fit, a missing one counting as wrong; "answered" the share of queries
with an answer that is claimed. --rows prints the first stickers of each query. The last line is JSON.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from persrv.interpreter import Interpreter
from persrv.records import Reading, SearchResult, SearchSettings
from persrv.retriever import Retriever

JUDGED = Path(__file__).with_name("judged.tsv")
PLACES = 5
NOTHING = "-"

#: Kinds of readings that are switched off, one after the other.
READINGS = ("plain words", "negation", "translation", "spelling", "pinyin", "emoji")


@dataclass(frozen=True, slots=True)
class Judged:
    """A judged query: the round it was written in, its kind, its words, and the labels that fit."""

    round: int
    kind: str
    query: str
    fits: str

    def fit(self, labels: Mapping[str, str]) -> bool:
        """Return whether a sticker of these labels fits the query."""
        return any(all(_has(labels, label) for label in choice.split("+")) for choice in self.fits.split())


@dataclass(frozen=True, slots=True)
class Figures:
    """P@5, the share whose first sticker fits, the share that is answered, and how many queries there are."""

    precision: float
    first: float
    answered: float
    queries: int


def read(path: Path = JUDGED) -> tuple[Judged, ...]:
    """The judged queries of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return tuple(Judged(int(row["round"]), row["kind"], row["query"], row["fits"]) for row in rows)


def figures(retriever: Retriever, asked: Sequence[Judged], settings: SearchSettings, person: str | None) -> Figures:
    """The figures of some queries; precision and first are 0 where nothing fits any."""
    results = [retriever.search(each.query, person, settings, PLACES) for each in asked]
    fitting = [fits_of(retriever, each, result) for each, result in zip(asked, results, strict=True)]
    return Figures(
        sum(map(sum, fitting)) / (PLACES * len(asked)),
        sum(bool(fits) and fits[0] for fits in fitting) / len(asked),
        sum(bool(result.hits) and not result.fallback for result in results) / len(asked),
        len(asked),
    )


def fits_of(retriever: Retriever, asked: Judged, result: SearchResult) -> list[bool]:
    """Return which of the hits fit."""
    return [asked.fit(retriever.sticker(hit.sticker).labels) for hit in result.hits]


def variants(settings: SearchSettings) -> dict[str, SearchSettings]:
    """Name -> the settings with one channel switched off."""
    return {
        "PerSRV": settings,
        "w/o words": replace(settings, meaning=1.0),
        "w/o meaning": replace(settings, meaning=0.0),
        "w/o feedback": replace(settings, feedback=0.0),
        "w/o depiction": replace(settings, depiction=0.0),
        "w/o utility": replace(settings, use_utility=False),
    }


@contextmanager
def without(kind: str) -> Iterator[None]:
    """A search that has no readings of one kind; where one leads, the query is read as typed."""
    read_all = Interpreter.read

    def read_some(self: Interpreter, query: str, literal: bool = False) -> tuple[Reading, ...]:
        kept = tuple(reading for reading in read_all(self, query, literal) if reading.kind != kind)
        return kept or read_all(self, query, literal=True)

    Interpreter.read = read_some  # type: ignore[method-assign]
    try:
        yield
    finally:
        Interpreter.read = read_all  # type: ignore[method-assign]


def main() -> None:
    """Print both tables, and the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", nargs="?", default=str(ROOT / "assets" / "demo"))
    parser.add_argument("--person", default=None)
    parser.add_argument("--round", type=int, default=None, help="queries of this round only")
    parser.add_argument("--rows", action="store_true")
    options = parser.parse_args()
    retriever = Retriever.open(options.bundle)
    settings, judged = retriever.bundle.settings, [each for each in read() if options.round in (None, each.round)]
    kinds = defaultdict(list)
    for each in judged:
        kinds[each.kind].append(each)
    answerable = [each for each in judged if each.fits != NOTHING]
    told: dict[str, Figures] = {}
    for kind, asked in kinds.items():
        told[kind] = figures(retriever, asked, settings, options.person)
        _print(kind, told[kind])
    for name, chosen in variants(settings).items():
        told[name] = figures(retriever, answerable, chosen, options.person)
        _print(name, told[name])
    for kind in READINGS:
        with without(kind):
            told[f"w/o {kind}"] = figures(retriever, answerable, settings, options.person)
        _print(f"w/o {kind}", told[f"w/o {kind}"])
    if options.rows:
        for each in judged:
            result = retriever.search(each.query, options.person, settings, PLACES)
            said = [(retriever.sticker(hit.sticker).ocr, retriever.sticker(hit.sticker).labels) for hit in result.hits]
            shown = ", ".join(f"{labels.get('situation')}/{labels.get('character')} {text}" for text, labels in said)
            print(f"{each.query} ({sum(fits_of(retriever, each, result))}): {shown}")
    print(json.dumps({name: [round(each.precision, 3), round(each.first, 3)] for name, each in told.items()}))


def _print(name: str, found: Figures) -> None:
    shares = f"P@{PLACES} {found.precision:.3f}  first {found.first:.3f}  answered {found.answered:.3f}"
    print(f"{name:18s} n {found.queries:3d}  {shares}", flush=True)


def _has(labels: Mapping[str, str], label: str) -> bool:
    key, _, value = label.rpartition(":")
    return labels.get(key or "situation") == value


if __name__ == "__main__":
    main()
