"""A search request as it is typed and as it is answered: what a query may be, and the request once it is checked."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from persrv.errors import QueryError
from persrv.records import SearchSettings, UserStyle

#: The most characters of a query.
MAX_QUERY = 500

#: The most results of a search.
MAX_TOP = 1000


@dataclass(frozen=True, slots=True)
class Request:
    """A search request that has been checked. `style`: None where nobody's taste is known."""

    query: str
    tokens: tuple[str, ...]
    user: str | None
    style: UserStyle | None
    settings: SearchSettings
    top: int


def clean_query(query: str) -> str:
    """The query as it is searched: halves of emoji joined, lone surrogates and control characters gone, stripped.

    QueryError above MAX_QUERY characters: cutting in silence would answer another question than the one asked.
    """
    if not isinstance(query, str):
        raise QueryError(f"A query of type {type(query).__name__}", "a text", "Pass the words to search for.")
    stripped = query.strip()
    if len(stripped) > MAX_QUERY:
        raise QueryError(
            f"A query of {len(stripped)} characters", f"at most {MAX_QUERY}", "Shorten it to what matters."
        )
    if stripped.isprintable():
        return stripped
    joined = stripped.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return "".join(" " if unicodedata.category(c) == "Cc" else c for c in joined).strip()


def is_blank(query: str) -> bool:
    """Whether nothing in a query can be seen."""
    return all(unicodedata.category(c) in ("Cc", "Cf", "Zs", "Zl", "Zp") for c in query)


def check_top(top: int) -> None:
    """QueryError unless `top` is a whole number of results from 1 to MAX_TOP."""
    if not isinstance(top, int) or isinstance(top, bool) or not 1 <= top <= MAX_TOP:
        raise QueryError(f"{top!r} results asked for", f"a whole number from 1 to {MAX_TOP}", "Ask for another number.")
