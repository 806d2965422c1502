"""Reading a browser's request, which may be any JSON at all: a field of the wrong type counts as absent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from persrv.query import MAX_QUERY
from persrv.text.query_size import MAX_TOKENS, characters, is_searchable
from persrv.ui.views import View


def field(request: object, key: str) -> Any:
    """Read a field of a request; None if the field is absent, or the request is no object."""
    return request.get(key) if isinstance(request, Mapping) else None


def text_of(request: object, key: str) -> str | None:
    """A text field of a request, fit for UTF-8; None where it is absent or no text."""
    return clean(field(request, key))


def whole(request: object, key: str, most: int) -> int:
    """A field of a request as a whole number from 0 to `most`; 0 where it is no whole number."""
    value = field(request, key)
    if not isinstance(value, int) or isinstance(value, bool):
        return 0
    return min(max(value, 0), most)


def clean(value: object) -> str | None:
    """Replace the half characters of a text, so that it fits UTF-8; None for anything but a text."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else None


def too_long(query: str) -> View:
    """The code and the values of the error that a query is too long; {} where it is not."""
    found = characters(query)
    if found > MAX_QUERY:
        return {"code": "too_long", "values": {"n": found, "max": MAX_QUERY}}
    return {} if is_searchable(query) else {"code": "too_many_tokens", "values": {"max": MAX_TOKENS}}
