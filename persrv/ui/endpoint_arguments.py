"""Arguments of the public endpoints, read from whatever a caller sends; QueryError says what is wrong with one."""

from __future__ import annotations

from persrv.errors import QueryError
from persrv.records import SearchSettings
from persrv.retriever import Retriever
from persrv.ui.requests import clean

#: Results that one request may ask for.
MOST_RESULTS = 100

#: Characters of an id, which may be a whole path: more than a system takes.
MOST_NAME = 4_096


def read_text(name: str, value: object) -> str:
    """Read a text, with half characters replaced; QueryError for anything else."""
    found = clean(value)
    if found is None:
        raise QueryError(f"{name} of type {type(value).__name__}", "a text", "Pass it in quotes.")
    return found


def read_query(value: object) -> str:
    """Read the query; the retriever checks its length."""
    return read_text("query", value)


def read_id(name: str, value: object) -> str:
    """Read an id; QueryError for one above MOST_NAME characters."""
    found = read_text(name, value)
    if len(found) > MOST_NAME:
        raise QueryError(f"{name} of {len(found)} characters", f"an id of at most {MOST_NAME}", "Pass its id.")
    return found


def read_person(value: object) -> str | None:
    """Read the person: None for an empty text or none, which means nobody."""
    return None if value is None else read_id("person", value) or None


def read_domain(value: object) -> str:
    """Read the domain: "" for none; any text may be asked for, since an unknown one changes nothing."""
    return "" if value is None else read_id("domain", value)


def read_count(value: object) -> int:
    """Read the number of results; QueryError outside 1..MOST_RESULTS."""
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_RESULTS:
        shown_value = repr(value)[:40]
        raise QueryError(f"top = {shown_value}", f"a whole number from 1 to {MOST_RESULTS}", "Ask for another number.")
    return value


def read_mode(retriever: Retriever, mode: object) -> SearchSettings:
    """The settings of a mode: "meaning" or "words"; QueryError for another one."""
    if mode not in ("meaning", "words"):
        raise QueryError(f"mode = {str(mode)[:40]!r}", '"meaning" or "words"', "Leave it out for meaning.")
    return retriever.bundle.words_settings if mode == "words" else retriever.bundle.settings


def read_switch(name: str, value: object) -> bool:
    """Read a switch; QueryError for anything but true or false."""
    if not isinstance(value, bool):
        raise QueryError(f"{name} of type {type(value).__name__}", "true or false", "Leave it out for true.")
    return value
