"""P@4 of the demo world's own phrases: on the world's own phrases, for nobody and for each person.

    python benchmarks/own_phrases.py [BUNDLE] [--rows PERSON]

Every phrase that precompute/demo/situations.py lists for a situation is asked for; a sticker fits that is of the
phrase's situation, or of one of them where several share it. P@4 is the share of the first four stickers that fit, a
missing one counting as wrong. "no taste" is each person's search without personalization, so that what taste lifts
over meaning shows. --rows prints the phrases of which fewer than three of the four fit. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from statistics import mean

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from persrv.records import SearchSettings
from persrv.retriever import Retriever
from precompute.demo.situations import SITUATIONS

PLACES = 4
NOBODY = "nobody"


def phrases() -> dict[str, frozenset[str]]:
    """Phrase -> the situations whose phrase it is."""
    found: dict[str, set[str]] = {}
    for name, situation in SITUATIONS.items():
        for phrase in situation.queries:
            found.setdefault(phrase, set()).add(name)
    return {phrase: frozenset(names) for phrase, names in found.items()}


def precisions(retriever: Retriever, person: str | None, settings: SearchSettings) -> dict[str, float]:
    """Phrase -> the share of the first PLACES stickers that fit."""
    found = {}
    for phrase, situations in phrases().items():
        hits = retriever.search(phrase, person, settings, PLACES).hits
        found[phrase] = sum(_situation(retriever, hit.sticker) in situations for hit in hits) / PLACES
    return found


def main() -> None:
    """Print the share for nobody and for each person, their mean, and the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", nargs="?", default=str(ROOT / "assets" / "demo"))
    parser.add_argument("--rows", metavar="PERSON", help=f"the phrases that go wrong for one of them, or for {NOBODY}")
    options = parser.parse_args()
    retriever = Retriever.open(options.bundle)
    settings = retriever.bundle.settings
    if options.rows:
        _print_rows(retriever, None if options.rows == NOBODY else options.rows, settings)
    told = {NOBODY: mean(precisions(retriever, None, settings).values())}
    for person in retriever.people:
        told[person.id] = mean(precisions(retriever, person.id, settings).values())
    people = [share for name, share in told.items() if name != NOBODY]
    told |= {"people, mean": mean(people)} if people else {}
    _print(told)
    print(json.dumps({"phrases": len(phrases()), **{name: round(share, 4) for name, share in told.items()}}))


def _print_rows(retriever: Retriever, person: str | None, settings: SearchSettings) -> None:
    untasted = precisions(retriever, person, replace(settings, use_personalization=False))
    for phrase, share in precisions(retriever, person, settings).items():
        if share < 0.75:
            hits = retriever.search(phrase, person, settings, PLACES).hits
            shown = ", ".join(_situation(retriever, hit.sticker) for hit in hits)
            wanted = " ".join(sorted(phrases()[phrase]))
            print(f"{phrase} ({wanted}) {share:.2f}, no taste {untasted[phrase]:.2f}: {shown}")


def _situation(retriever: Retriever, sticker: str) -> str:
    return retriever.sticker(sticker).labels.get("situation", "")


def _print(told: Mapping[str, float]) -> None:
    print(f"P@{PLACES} of {len(phrases())} phrases")
    for name, share in told.items():
        print(f"{name:14s} {share:.3f}")


if __name__ == "__main__":
    main()
