"""The content of a figure before layout: rankings one below the other, and the texts about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from persrv.errors import QueryError

#: Millimetres that journals give a figure of one column, and of two.
ONE_COLUMN, TWO_COLUMNS = 84, 174

#: Movements of a sticker: shown as colour and as a sign, so that a print without colours tells them, too.
Kind = Literal["up", "down", "same", "new", "gone"]

#: The most rows of a figure, stickers of a row, sentences, and characters of a text.
MOST_ROWS, MOST_ENTRIES, MOST_SENTENCES, MOST_CHARACTERS = 4, 24, 12, 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """A sticker at its place in a ranking.

    rank: 1-based; kind and badge: how it moved against another ranking, such as "▲2" for two places up, None and ""
    without a comparison; marked: whether it is framed and ticked; apart: whether places before it are left out.
    """

    sticker: str
    rank: int
    kind: Kind | None = None
    badge: str = ""
    marked: bool = False
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A ranking and its title. absent: a text in place of a further sticker, such as that one was not found; "" for
    none.
    """

    title: str
    hint: str = ""
    entries: tuple[Entry, ...] = ()
    absent: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in one language.

    face: the id of the sticker that stands for the person, None for none; ticks and badges: legends of ticked stickers
    and of signs of movement, "" if the figure has none; description: the text for readers who cannot see the figure.
    """

    title: str
    rows: tuple[Row, ...]
    eyebrow: str = ""
    person: str = ""
    face: str | None = None
    sentences: tuple[str, ...] = ()
    ticks: str = ""
    badges: str = ""
    footer: tuple[str, ...] = ()
    description: str = ""
    language: Literal["zh", "en"] = "en"

    @property
    def stickers(self) -> tuple[str, ...]:
        """The ids of all drawn stickers, each once, in the order of drawing."""
        drawn = [entry.sticker for row in self.rows for entry in row.entries]
        return tuple(dict.fromkeys([*([self.face] if self.face else []), *drawn]))


def check_width(width: int) -> None:
    """Raise a QueryError unless a figure may be `width` millimetres wide: from one column to two."""
    if not isinstance(width, int) or isinstance(width, bool) or not ONE_COLUMN <= width <= TWO_COLUMNS:
        expected = f"a whole number of millimetres from {ONE_COLUMN} (one column) to {TWO_COLUMNS} (two columns)"
        raise QueryError(f"A figure {width!r} wide", expected, "Choose another width.")
