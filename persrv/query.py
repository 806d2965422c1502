"""A query: what may be typed, how it is cleaned, and the request that is made of it once all is checked."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from persrv.errors import QueryError
from persrv.records import Likeness, Reading, SearchSettings, UserStyle

#: The most characters of a query, after NFKC (persrv.text.query_size), since cutting it in silence would answer another
#: question.
MAX_QUERY = 500

#: The most results of a search.
MAX_TOP = 1000

#: Invisible characters that belong to what is written: joiners of emoji and of Indic and Persian letters, and the tags
#: of flags. Others (marks of direction, soft hyphens, ...) come along with pasted text and say nothing.
_JOINERS = frozenset((0x200C, 0x200D, *range(0xE0020, 0xE0080)))


@dataclass(frozen=True, slots=True, eq=False)
class Meant:
    """The meaning of a query in one catalogue. likeness: to every text and every sticker; ideal: the unit of its words'
    BM25 (persrv.ranking.fusion).
    """

    likeness: Likeness
    ideal: float


@dataclass(frozen=True, slots=True)
class Request:
    """A checked search request. style: None where no taste is known; readings: what the query was read as, the leading
    one first, whose tokens these are; meant: None for a search by words alone.
    """

    query: str
    tokens: tuple[str, ...]
    user: str | None
    style: UserStyle | None
    settings: SearchSettings
    top: int
    readings: tuple[Reading, ...] = ()
    meant: Meant | None = None


def clean_query(query: str) -> str:
    """Clean a query for searching: join the halves of emoji, drop lone surrogates, control characters and what is
    invisible, strip.

    QueryError for what is no text. Its size is checked by persrv.text.query_size.
    """
    if not isinstance(query, str):
        raise QueryError(f"A query of type {type(query).__name__}", "a text", "Pass the words to search for.")
    stripped = query.strip()
    if stripped.isprintable():
        return stripped
    joined = stripped.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return "".join(map(_visible, joined)).strip()


def _visible(character: str) -> str:
    """Return a character, a space in place of a control, or nothing in place of an invisible mark."""
    category = unicodedata.category(character)
    if category == "Cc":
        return " "
    return "" if category == "Cf" and ord(character) not in _JOINERS else character


def is_blank(query: str) -> bool:
    """Return whether a query has no visible character."""
    return all(unicodedata.category(c) in ("Cc", "Cf", "Zs", "Zl", "Zp") for c in query)


def check_top(top: int) -> None:
    """Raise a QueryError unless `top` is a whole number of results from 1 to MAX_TOP."""
    if not isinstance(top, int) or isinstance(top, bool) or not 1 <= top <= MAX_TOP:
        raise QueryError(f"{top!r} results asked for", f"a whole number from 1 to {MAX_TOP}", "Ask for another number.")
