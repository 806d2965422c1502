"""What an import leaves out, counted by reason: nothing is skipped silently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

#: Names kept as examples of a reason.
_EXAMPLES = 20


@dataclass(slots=True)
class Dropped:
    """A count a reason, and the first names it hit, in the order in which they came."""

    counts: dict[str, int] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)

    def add(self, reason: str, name: str) -> None:
        self.counts[reason] = self.counts.get(reason, 0) + 1
        examples = self.names.setdefault(reason, [])
        if len(examples) < _EXAMPLES:
            examples.append(name)

    def include(self, other: Dropped) -> None:
        """Count what was dropped elsewhere, too."""
        for reason, count in other.counts.items():
            self.counts[reason] = self.counts.get(reason, 0) + count
            known = self.names.setdefault(reason, [])
            known += other.names[reason][: _EXAMPLES - len(known)]

    def rows(self) -> list[dict[str, Any]]:
        """One JSON row a reason, the most frequent first, ties by reason."""
        order = sorted(self.counts, key=lambda reason: (-self.counts[reason], reason))
        return [{"reason": reason, "count": self.counts[reason], "examples": self.names[reason]} for reason in order]

    def total(self) -> int:
        return sum(self.counts.values())


def told(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows of `Dropped.rows` as a line for a person: "3 empty files, 1 not a picture"."""
    return ", ".join(f"{row['count']} {row['reason']}" for row in rows) or "nothing"
