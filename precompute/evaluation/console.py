"""Findings as lines of text for a terminal, in English."""

from __future__ import annotations

from collections.abc import Iterator

from precompute.evaluation.report import Curve, Figure, Findings, Table

#: Tables with more columns than this are shown without intervals, which would not fit into a terminal.
_MOST_WITH_INTERVALS = 4


def lines(found: Findings) -> Iterator[str]:
    """The lines of a section: its tables, curves and notes."""
    yield f"== {found.title} ({found.data})"
    for table in found.tables:
        yield from ("", *table_lines(table))
    for curve in found.curves:
        yield from ("", *curve_lines(curve))
    yield from (f"   {note}" for note in found.notes)


def table_lines(table: Table) -> Iterator[str]:
    """The lines of a table; intervals are shown if it has few columns."""
    narrow = len(table.columns) > _MOST_WITH_INTERVALS
    cells = [["", *table.columns]]
    for row in table.rows:
        shown = [figure_text(table, row.figures.get(column), column, not narrow) for column in table.columns]
        cells.append([row.name, *shown])
    widths = [max(len(line[place]) for line in cells) for place in range(len(cells[0]))]
    yield table.title.en
    for head, *rest in cells:
        yield "  ".join([head.ljust(widths[0]), *(c.rjust(w) for c, w in zip(rest, widths[1:], strict=True))])
    yield from (f"   {note}" for note in table.notes)


def figure_text(table: Table, figure: Figure | None, column: str, with_interval: bool) -> str:
    """A figure as a cell, such as "0.1234** (0.1000 to 0.2000)"; "-" for none."""
    if figure is None:
        return "-"
    text = f"{table.text(figure, column)}{figure.mark}"
    if with_interval and figure.low is not None and figure.high is not None:
        text += f" ({figure.low:.{table.digits}f} to {figure.high:.{table.digits}f})"
    return text


def curve_lines(curve: Curve) -> Iterator[str]:
    """The lines of a curve: x and y of every point, the chosen point marked."""
    yield f"{curve.title}: {curve.y_label} on {curve.part} clicks, by {curve.x_label}"
    for place, (x, y) in enumerate(zip(curve.x, curve.y, strict=True)):
        interval = f" ({curve.lower[place]:.4f} to {curve.upper[place]:.4f})" if curve.lower else ""
        yield f"   {x}: {y:.4f}{interval}{'  <- chosen' if x == curve.chosen else ''}"
