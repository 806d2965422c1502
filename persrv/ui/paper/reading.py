"""Reading the content of a figure from a browser's request, which may be anything: what does not fit is cut or left
out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from persrv.figures.content import (
    MOST_CHARACTERS,
    MOST_ENTRIES,
    MOST_ROWS,
    MOST_SENTENCES,
    Entry,
    Figure,
    Kind,
    Row,
)
from persrv.ui.refusals import Refused
from persrv.ui.requests import field, text_of, whole

#: The largest place that a figure shows.
MOST_RANK = 1_000_000


def read_figure(sent: object) -> Figure:
    """A figure from its JSON. Refused where no row has a sticker or a sentence."""
    rows = tuple(map(_row, _some(field(sent, "rows"), MOST_ROWS)))
    if not any(row.entries or row.absent for row in rows):
        raise Refused("figure_empty")
    return Figure(
        title=_text(sent, "title"),
        rows=rows,
        eyebrow=_text(sent, "eyebrow"),
        person=_text(sent, "person"),
        face=_text(sent, "face") or None,
        sentences=_texts(field(sent, "sentences")),
        ticks=_text(sent, "ticks"),
        badges=_text(sent, "badges"),
        footer=_texts(field(sent, "footer")),
        description=_text(sent, "description"),
        language="zh" if text_of(sent, "language") == "zh" else "en",
    )


def _row(sent: object) -> Row:
    entries = tuple(map(_entry, _some(field(sent, "entries"), MOST_ENTRIES)))
    return Row(_text(sent, "title"), _text(sent, "hint"), entries, _text(sent, "absent"))


def _entry(sent: object) -> Entry:
    kind = text_of(sent, "kind")
    return Entry(
        sticker=_text(sent, "id"),
        rank=whole(sent, "rank", MOST_RANK),
        kind=next((each for each in get_args(Kind) if each == kind), None),
        badge=_text(sent, "badge"),
        marked=field(sent, "marked") is True,
        apart=field(sent, "apart") is True,
    )


def _some(values: Any, most: int) -> Sequence[object]:
    return values[:most] if isinstance(values, list) else ()


def _text(sent: object, key: str) -> str:
    return (text_of(sent, key) or "")[:MOST_CHARACTERS]


def _texts(values: Any) -> tuple[str, ...]:
    texts = [_text({"text": each}, "text") for each in _some(values, MOST_SENTENCES)]
    return tuple(text for text in texts if text)
