"""The plan of an experiment: its queries, the person who searches, and the settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from persrv.errors import QueryError
from persrv.query import check_top, clean_query, is_blank
from persrv.records import SearchSettings
from persrv.retriever import User

#: The most queries of an experiment.
MOST_QUERIES = 1000


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of an experiment.

    settings: each of the four rankings sets their two switches by itself; likes: ids of the stickers that a visitor's
    style was made of; figures: the number of queries, from the first on, that get a figure, with `columns` stickers in
    a row.
    """

    queries: tuple[str, ...]
    settings: SearchSettings
    user: User = None
    likes: tuple[str, ...] = ()
    top: int = 100
    literal: bool = False
    figures: int = 5
    columns: int = 9
    language: Literal["zh", "en"] = "en"

    def __post_init__(self) -> None:
        if not 1 <= len(self.queries) <= MOST_QUERIES:
            raise QueryError(f"{len(self.queries):,} queries", f"1 to {MOST_QUERIES:,}", "Give one query a line.")
        check_top(self.top)
        if self.figures < 0 or self.language not in ("zh", "en"):
            found = f"{self.figures} figures in {self.language!r}"
            raise QueryError(found, "0 figures or more, in 'zh' or 'en'", "Choose others.")


def read_queries(lines: Iterable[str]) -> tuple[str, ...]:
    """Read queries, one a line, in their order; repeated and blank lines are left out."""
    cleaned = (clean_query(line.removeprefix("\ufeff")) for line in lines)
    return tuple(dict.fromkeys(query for query in cleaned if not is_blank(query)))
