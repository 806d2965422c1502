"""What an import leaves out, counted by reason, so that nothing is skipped silently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

#: Names kept as examples of a reason.
_EXAMPLES = 20


@dataclass(slots=True)
class Dropped:
    """The count of each reason, and the first names that it applied to, in the order in which they came."""

    counts: dict[str, int] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)

    def add(self, reason: str, name: str) -> None:
        """Count `name` under `reason`."""
        self.counts[reason] = self.counts.get(reason, 0) + 1
        examples = self.names.setdefault(reason, [])
        if len(examples) < _EXAMPLES:
            examples.append(name)

    def include(self, other: Dropped) -> None:
        """Add the counts and examples of another record."""
        for reason, count in other.counts.items():
            self.counts[reason] = self.counts.get(reason, 0) + count
            known = self.names.setdefault(reason, [])
            known += other.names[reason][: _EXAMPLES - len(known)]

    def rows(self) -> list[dict[str, Any]]:
        """One JSON row for each reason, most frequent first, ties by reason."""
        order = sorted(self.counts, key=lambda reason: (-self.counts[reason], reason))
        return [{"reason": reason, "count": self.counts[reason], "examples": self.names[reason]} for reason in order]

    def total(self) -> int:
        """The number of all names counted."""
        return sum(self.counts.values())


def told(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows of `Dropped.rows` as a sentence for a person: "3 empty files, 1 not a picture"."""
    return ", ".join(f"{row['count']} {row['reason']}" for row in rows) or "nothing"
