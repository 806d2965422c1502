"""Laying a figure out: from what it shows to marks, for the width of one column or of two.

Every text is measured before it is placed, and broken into lines where it is wider than its room, so that no two
labels touch. A line between two rows joins the places of one sticker: its slope is the movement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from persrv.figures.content import ONE_COLUMN, TWO_COLUMNS, Entry, Figure, Row, check_width
from persrv.figures.marks import POINTS_A_MILLIMETRE, Box, Curve, Drawing, Letters, Mark, Picture
from persrv.figures.typeface import typeface
from persrv.figures.words import WORDS

TEXT, QUIET, RULE, TILE = "#15181e", "#5a6270", "#dfe2e8", "#f1f2f5"
INKS = {"up": "#0c7a4d", "down": "#8b6a2b", "same": "#7d8592", "new": "#2b62cf", "gone": "#5a6270"}
TICK, TICKED = "✓", INKS["up"]

_STRAIGHT = str.maketrans("“”‘’", "\"\"''")

#: A piece of text that stays on one line: a Han character with the punctuation behind it, a word, or blanks.
_PIECE = re.compile(
    r"[\u2e80-\u9fff\uff00-\uffef][\u3001\u3002\uff01\uff09\uff0c\uff1a\uff1b\uff1f\u201d\u300b\u300d]*"
    r"|[^\s\u2e80-\u9fff\uff00-\uffef]+\s*|\s+"
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Sizes in points, between those of one column and those of two. largest: the largest tile of a sticker."""

    width: float
    gutter: float
    gap: float
    largest: float
    link: float
    title: float
    person: float
    sentence: float
    row: float
    label: float
    footer: float

    @classmethod
    def of(cls, millimetres: int) -> Sheet:
        """The sheet of a width. QueryError for a width that no figure has (check_width)."""
        check_width(millimetres)
        share = (millimetres - ONE_COLUMN) / (TWO_COLUMNS - ONE_COLUMN)
        narrow = (50, 3, 34, 20, 9, 6.5, 6.5, 6.5, 6, 5)
        wide = (84, 5, 46, 26, 12, 7.5, 7.5, 7.5, 7, 5.5)
        sizes = (low + share * (high - low) for low, high in zip(narrow, wide, strict=True))
        return cls(millimetres * POINTS_A_MILLIMETRE, *sizes)


def laid_out(figure: Figure, millimetres: int = TWO_COLUMNS) -> Drawing:
    """Place all parts of a figure on a sheet of this width. QueryError for a width outside the limits."""
    sheet = Sheet.of(millimetres)
    pen = _Pen(sheet, figure.language)
    pen.head(figure)
    above = None
    for row in figure.rows:
        if above is not None:
            pen.y += sheet.link
        drawn = pen.row(row, _columns(figure))
        if above is not None:
            pen.links(above, drawn)
        above = drawn
        pen.y = drawn.bottom
    pen.legend(figure)
    pen.foot(figure.footer)
    title = " · ".join(each for each in (figure.title, figure.person) if each)
    return Drawing(sheet.width, pen.y, tuple(pen.marks), title, figure.description, figure.language)


def _columns(figure: Figure) -> int:
    """Number of places in a row, the same for all rows; at least four, so that few stickers stay stickers."""
    return max(4, *(len(row.entries) + bool(row.absent) for row in figure.rows)) if figure.rows else 4


@dataclass(frozen=True, slots=True)
class _DrawnRow:
    """Position of a row, and the middle of each of its stickers."""

    row: Row
    middles: dict[str, float]
    top: float
    bottom: float


class _Pen:
    """Marks so far, and how far down they reach."""

    def __init__(self, sheet: Sheet, language: str) -> None:
        self.sheet = sheet
        self.language = language
        self.face = typeface()
        self.marks: list[Mark] = []
        self.y = 0.0

    # ---- texts

    def write(
        self, text: str, x: float, y: float, size: float, width: float, most: int, ink: str = TEXT, middle: bool = False
    ) -> float:
        """Write a text downwards from y, at most `most` lines; return where the next line would begin."""
        step = 1.3 * size
        lines = self.lines(text, size, width, most)
        for number, line in enumerate(lines):
            at = x + width / 2 if middle else x
            baseline = y + number * step + size
            self.marks.append(Letters(line, at, baseline, size, ink, "middle" if middle else "start"))
        return y + len(lines) * step

    def lines(self, text: str, size: float, width: float, most: int) -> list[str]:
        """Break a text at blanks and between Han characters, a word that is too long anywhere; "…" ends what is cut."""
        written = self._writable(text).strip()
        lines = [""] if written else []
        for piece in self._pieces(written, size, width):
            if lines[-1] and not self._fits(lines[-1] + piece, size, width):
                lines.append("")
            lines[-1] += piece
        lines = [line.strip() for line in lines]
        if len(lines) > most:
            kept = lines[most - 1]
            while kept and not self._fits(f"{kept}…", size, width):
                kept = kept[:-1]
            lines = [*lines[: most - 1], f"{kept.rstrip()}…"]
        return lines

    def _writable(self, text: str) -> str:
        """A text in glyphs that there are. The curly quotes are as wide as Han characters: too wide in English."""
        return self.face.writable(text if self.language == "zh" else text.translate(_STRAIGHT))

    def _pieces(self, text: str, size: float, width: float) -> Iterator[str]:
        for piece in _PIECE.findall(text):
            yield from [piece] if self._fits(piece, size, width) else piece

    def _fits(self, text: str, size: float, width: float) -> bool:
        return self.face.width(text.rstrip(), size) <= width

    # ---- parts of a figure, from top to bottom

    def head(self, figure: Figure) -> None:
        """Query, person and sentences."""
        sheet = self.sheet
        indent = 0.0
        if figure.face is not None:
            side = 2.2 * sheet.title
            indent = side + sheet.gap
            self.marks += [Box(0, 0, side, side, side * 0.14, fill=TILE), Picture(figure.face, 2, 2, side - 4)]
        width = sheet.width - indent
        self.y = self.write(figure.eyebrow, indent, self.y, sheet.label, width, 1, QUIET)
        self.y = self.write(figure.title, indent, self.y, sheet.title, width, 2)
        self.y = self.write(figure.person, indent, self.y, sheet.person, width, 1, QUIET)
        self.y = max(self.y, 2.2 * sheet.title if figure.face else 0) + 3
        for sentence in figure.sentences:
            self.y = self.write(sentence, 0, self.y, sheet.sentence, sheet.width, 6) + 1.5
        self.y += 5

    def row(self, row: Row, columns: int) -> _DrawnRow:
        """Draw one ranking: its name at the left, its stickers beside the name, and below each sticker its place and
        movement.
        """
        sheet, top = self.sheet, self.y
        left = sheet.gutter + sheet.gap
        side = min(sheet.largest, (sheet.width - left - sheet.gap * (columns - 1)) / columns)
        named = self.write(row.title, 0, top, sheet.row, sheet.gutter, 4)
        named = self.write(row.hint, 0, named + 1, sheet.label, sheet.gutter, 6, QUIET)
        bottom = max(named, top + side)
        middles: dict[str, float] = {}
        for place, entry in enumerate(row.entries):
            at = columns - 1 if entry.apart else place
            x = left + at * (side + sheet.gap)
            if entry.apart:
                self.marks.append(Letters("…", x - sheet.gap - side / 2, top + side / 2, sheet.row, QUIET, "middle"))
            self._tile(entry, x, top, side)
            middles[entry.sticker] = x + side / 2
            bottom = max(bottom, self._label(entry, x, top + side + 1.5, side))
        if row.absent:
            alone = not row.entries
            x = left if alone else left + (columns - 1) * (side + sheet.gap)
            self._absent(row.absent, x, top, sheet.width - left if alone else side, side)
        return _DrawnRow(row, middles, top, bottom + 2)

    def _tile(self, entry: Entry, x: float, y: float, side: float) -> None:
        inset, radius = side * 0.05, side * 0.14
        self.marks.append(Box(x, y, side, side, radius, fill=TILE))
        self.marks.append(Picture(entry.sticker, x + inset, y + inset, side - 2 * inset))
        if entry.marked:
            self.marks.append(Box(x, y, side, side, radius, stroke=TICKED, weight=max(1.0, side * 0.04)))

    def _label(self, entry: Entry, x: float, y: float, side: float) -> float:
        """Place and movement below a tile: on one line where that is wide enough, else one below the other."""
        size = self.sheet.label
        rank = f"{TICK} {entry.rank}" if entry.marked else str(entry.rank)
        ink = TICKED if entry.marked else INKS[entry.kind] if entry.kind else QUIET
        both = self._writable("  ".join(each for each in (rank, entry.badge) if each))
        if self._fits(both, size, side):
            self.marks.append(Letters(both, x + side / 2, y + size, size, ink, "middle"))
            return y + 1.3 * size
        below = self.write(rank, x, y, size, side, 1, ink, middle=True)
        return self.write(entry.badge, x, below, size, side, 3, ink, middle=True)

    def _absent(self, text: str, x: float, y: float, width: float, height: float) -> None:
        size = self.sheet.label
        self.marks.append(Box(x, y, width, height, height * 0.14, stroke=QUIET, weight=0.6, dash=2))
        lines = len(self.lines(text, size, width - 4, 4))
        self.write(text, x + 2, y + height / 2 - lines * 0.65 * size, size, width - 4, 4, QUIET, middle=True)

    def links(self, above: _DrawnRow, below: _DrawnRow) -> None:
        """A line from each sticker of the upper row to itself in the lower one, ticked stickers on top."""
        ranks = {entry.sticker: entry.rank for entry in above.row.entries}
        for entry in sorted(below.row.entries, key=lambda each: each.marked):
            if entry.sticker in ranks:
                middles = above.middles[entry.sticker], below.middles[entry.sticker]
                self.marks.append(_link(ranks[entry.sticker], entry, middles, above.bottom, below.top - 2))

    def legend(self, figure: Figure) -> None:
        """Draw the legend of the lines, signs and ticks that the figure has."""
        words = {key: pair[figure.language == "en"] for key, pair in WORDS.items()}
        size, step = self.sheet.label, 1.5 * self.sheet.label
        entries: list[tuple[Curve | Box | None, str]] = [
            (_sample(kind), words[kind]) for kind in ("up", "down", "same") if kind in _kinds(figure.rows)
        ]
        if figure.ticks:
            entries.append((Box(0, -0.8 * size, 9, size, 2, stroke=TICKED, weight=1), f"{TICK} {figure.ticks}"))
        if figure.badges:
            entries.append((None, figure.badges))
        x, self.y = 0.0, self.y + 7
        for sample, text in entries:
            written = self._writable(text)
            indent = 17.0 if isinstance(sample, Curve) else 12.0 if sample else 0.0
            wide = indent + self.face.width(written, size)
            if x and x + wide > self.sheet.width:
                x, self.y = 0.0, self.y + step
            if sample is not None:
                self.marks.append(_moved(sample, x, self.y + 0.65 * size))
            lines = self.write(written, x + indent, self.y, size, self.sheet.width - indent, 3, QUIET)
            x, self.y = x + wide + 10, lines - 1.3 * size
        self.y += step if entries else 0

    def foot(self, lines: Sequence[str]) -> None:
        """Return the lines that say where the numbers come from."""
        self.y += 4
        self.marks.append(Curve(0, self.y, self.sheet.width, self.y, RULE, 0.5, bent=False))
        self.y += 3
        for line in lines:
            self.y = self.write(line, 0, self.y, self.sheet.footer, self.sheet.width, 4, QUIET)
        self.y += 2


def _link(before: int, entry: Entry, middles: tuple[float, float], top: float, bottom: float) -> Curve:
    kind = _kind(before, entry.rank)
    weight = 1.8 if entry.marked else 0.8
    return Curve(middles[0], top, middles[1], bottom, INKS[kind], weight, 0 if entry.marked else _DASH[kind])


#: Lengths of a stroke of each kind of line, so that a print without colours tells them apart.
_DASH = {"up": 0.0, "down": 3.0, "same": 1.2}


def _kind(before: int, after: int) -> str:
    return "up" if after < before else "down" if after > before else "same"


def _kinds(rows: Sequence[Row]) -> set[str]:
    """The kinds of lines between rows."""
    ranks = [({e.sticker: e.rank for e in upper.entries}, lower) for upper, lower in pairwise(rows)]
    return {_kind(seen[e.sticker], e.rank) for seen, lower in ranks for e in lower.entries if e.sticker in seen}


def _sample(kind: str) -> Curve:
    """A piece of a line, for the legend."""
    return Curve(0, 0, 14, 0, INKS[kind], 1.0, _DASH[kind], bent=False)


def _moved(sample: Curve | Box, x: float, y: float) -> Curve | Box:
    """A sample of the legend at its place; y: the middle of its line of text."""
    if isinstance(sample, Curve):
        return Curve(x, y, x + sample.to_x, y, sample.stroke, sample.weight, sample.dash, bent=False)
    height = sample.height
    return Box(x, y - height / 2, sample.width, height, sample.radius, stroke=sample.stroke, weight=sample.weight)
