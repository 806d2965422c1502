"""Dropped rows and files of an import, counted by reason, so that nothing is skipped silently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from persrv.records import Text

#: Names kept as examples of a reason.
_EXAMPLES = 20


@dataclass(slots=True)
class Dropped:
    """Counter of what was left out, by reason in English.

    counts: how many names; names: the first of them, in the order in which they came; texts: the reason for readers.
    """

    counts: dict[str, int] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    texts: dict[str, Text] = field(default_factory=dict)

    def add(self, reason: Text | str, name: str) -> None:
        """Count `name` under `reason`. A string is a reason that no page shows, in English alone."""
        text = Text.same(reason) if isinstance(reason, str) else reason
        self.texts[text.en] = text
        self.counts[text.en] = self.counts.get(text.en, 0) + 1
        examples = self.names.setdefault(text.en, [])
        if len(examples) < _EXAMPLES:
            examples.append(name)

    def include(self, other: Dropped) -> None:
        """Add the counts and examples of another record."""
        self.texts |= other.texts
        for reason, count in other.counts.items():
            self.counts[reason] = self.counts.get(reason, 0) + count
            known = self.names.setdefault(reason, [])
            known += other.names[reason][: _EXAMPLES - len(known)]

    def rows(self) -> list[dict[str, Any]]:
        """JSON rows, one for each reason, most frequent first, ties by reason."""
        order = sorted(self.counts, key=lambda reason: (-self.counts[reason], reason))
        return [
            {"reason": self.texts[reason].to_json(), "count": self.counts[reason], "examples": self.names[reason]}
            for reason in order
        ]

    def __str__(self) -> str:
        """The reasons as an error names them: "3 x an empty file, 1 x not a picture"."""
        return ", ".join(f"{row['count']} x {Text.from_json(row['reason'])}" for row in self.rows())

    def total(self) -> int:
        """The number of all names counted."""
        return sum(self.counts.values())


def report_lines(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows of `Dropped.rows` as the command line prints them: "3 an empty file, 1 not a picture"."""
    return ", ".join(f"{row['count']} {Text.from_json(row['reason'])}" for row in rows) or "nothing"
