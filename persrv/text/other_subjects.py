"""Subjects that say nothing of what people send stickers for, by which queries that do are told from others.

other_subjects.tsv has their names in Chinese and English, apart by bars: science, law, trade and manuals, about which
nobody sends stickers, and what is shown on stickers (characters, how they look, styles of drawing), which may be asked
for. It is written for this project; what is learnt from it holds for subjects that are not listed, too.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("other_subjects.tsv")


@cache
def other_subjects(shown: bool) -> tuple[str, ...]:
    """The subjects of other_subjects.tsv, in its order. shown: those that stickers show, or those of no sticker."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = [row["texts"] for row in csv.DictReader(file, delimiter="\t") if (row["shown"] == "yes") == shown]
    return tuple(text for texts in rows for text in texts.split("|"))
