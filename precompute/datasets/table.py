"""A table in a text file, as spreadsheets and programs export it: any separator, any line ends, torn quotes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence

_SEPARATORS = (",", ";", "\t", "|", "，", "；", "、", "^", "~")

#: A first line by which Excel names the separator.
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)

#: Lines that are looked at to find the separator.
_LOOKED_AT = 200


def rows_of(text: str, columns: int, known: Callable[[str], bool]) -> list[list[str]]:
    """The rows of a table that are not blank. csv.Error where it is none.

    columns: the least number of columns of a row; known: whether a cell is one that the table is about, which tells
    the separator where several would give columns.
    """
    lines = list(io.StringIO(text.replace("\0", ""), newline=""))
    named = _SEPARATOR_LINE.fullmatch(lines[0]) if lines else None
    if named:
        lines, separator = lines[1:], named[1]
    else:
        separator = max(_SEPARATORS, key=lambda each: _fitness(lines[:_LOOKED_AT], each, columns, known))
    return [row for row in _rows(lines, separator, columns) if any(cell.strip() for cell in row)]


def _fitness(lines: Sequence[str], separator: str, columns: int, known: Callable[[str], bool]) -> tuple[int, int]:
    """The number of lines of so many columns with a known cell, and of so many columns: the larger the likelier."""
    rows = [row for row in (_row(line, separator) for line in lines) if len(row) >= columns]
    return sum(any(known(cell.strip()) for cell in row) for row in rows), len(rows)


def _row(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=separator != "\t"), [])
    except csv.Error:
        return []


def _rows(lines: Sequence[str], separator: str, columns: int) -> Iterator[list[str]]:
    """Yield the rows. A cell that swallowed whole rows had a quote that was never closed: then each line is read by
    itself.
    """
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=separator != "\t")
    start = 0
    while start < len(lines):
        try:
            row, torn = next(reader, []), None
        except csv.Error as error:  # a cell of more than csv's limit
            row, torn = [], error
        within, start = lines[start : reader.line_num], reader.line_num
        apart = [_row(line, separator) for line in within] if len(within) > 1 else []
        if sum(len(each) >= columns for each in apart) > 1:
            yield from apart
        elif torn is not None:
            raise torn
        else:
            yield row
