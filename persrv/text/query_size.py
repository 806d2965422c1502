"""The size of a query: how much of a text can be searched.

Characters are counted as the analyser sees them, after NFKC, which makes up to 18 of one.
"""

from __future__ import annotations

import unicodedata

from persrv.errors import QueryError
from persrv.query import MAX_QUERY
from persrv.text.analyser import analyse

#: The most tokens of a query: 500 letters are far fewer, 500 Chinese characters twice as many.
MAX_TOKENS = 600

#: Up to so many characters, a text cannot have too many tokens: one gives three at most.
_SURELY_FEW = MAX_TOKENS // 3

_SHORTER = "Shorten it to what matters."


def characters(query: str) -> int:
    """The number of characters of a query without the blanks around it."""
    stripped = query.strip()
    if stripped.isascii() or len(stripped) > 4 * MAX_QUERY:  # no four characters become one
        return len(stripped)
    return len(unicodedata.normalize("NFKC", stripped))


def check_size(query: str) -> None:
    """Raise a QueryError for a query of more than MAX_QUERY characters or MAX_TOKENS tokens."""
    found = characters(query)
    if found > MAX_QUERY:
        raise QueryError(f"A query of {found} characters", f"at most {MAX_QUERY}", _SHORTER)
    if found > _SURELY_FEW and (tokens := len(analyse(query))) > MAX_TOKENS:
        raise QueryError(f"A query of {tokens} words and parts of words", f"at most {MAX_TOKENS}", _SHORTER)


def is_searchable(query: str) -> bool:
    """Return whether a query is within the limits of `check_size`."""
    try:
        check_size(query)
    except QueryError:
        return False
    return True
