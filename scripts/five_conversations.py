"""Print held-out conversations with what each method offers: python scripts/five_conversations.py [BUNDLE]

From the bundle's own evaluation (section "replying"): the turns, what would fit, and the first stickers of each method
among the candidates, in brackets where the method would offer nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from persrv.bundle import Bundle
from persrv.conversation import said_by

MOST = 5


def main() -> None:
    """Print the conversations, at most MOST of them and of every kind as many as possible."""
    bundle = Bundle.open(sys.argv[1] if len(sys.argv) > 1 else "assets/demo")
    sys.stdout.write("\n".join(lines(bundle)) + "\n")


def lines(bundle: Bundle) -> Iterator[str]:
    """The lines to print; one that says so for a bundle without that section."""
    examples = bundle.evaluation.get("sections", {}).get("replying", {}).get("parameters", {}).get("examples", [])
    if not examples:
        yield 'No conversations: run "python -m precompute evaluate BUNDLE --only replying" first.'
    by_kind: dict[str, list[Mapping[str, Any]]] = {}
    for example in examples:
        by_kind.setdefault(example["kind"], []).append(example)
    chosen = [each for place in range(MOST) for kind in by_kind.values() for each in kind[place : place + 1]][:MOST]
    for number, example in enumerate(chosen, 1):
        yield f"{number}. {example['kind']}; fits: {', '.join(example['wants'].values()) or 'no sticker'}"
        yield from (f"   {turn}" for turn in example["turns"])
        for name, ids in sorted(example["offered"].items()):
            yield f"      {name}: {_said(bundle, ids)}"
        for name, ids in sorted(example["withheld"].items()):
            yield f"      {name}: nothing ({_said(bundle, ids)})"


def _said(bundle: Bundle, ids: list[str]) -> str:
    """The words of some stickers."""
    return " · ".join(said_by(bundle.stickers[bundle.row_of[name]]) for name in ids)


if __name__ == "__main__":
    main()
