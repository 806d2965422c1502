"""Tables of a report for papers and spreadsheets: LaTeX and CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

from persrv.records import Text
from precompute.evaluation.report import Figure, Findings, Table

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}
_SPECIAL_SIGNS = re.compile("|".join(map(re.escape, _SPECIAL)))


def to_csv(table: Table) -> str:
    """A table as CSV, one line a row, with all digits; intervals and p-values in columns of their own."""
    columns = ["group", "name"]
    parts: dict[str, list[str]] = {}
    for column in table.columns:
        present = [row.figures[column] for row in table.rows if column in row.figures]
        parts[column] = [part for part in ("low", "high", "p") if any(getattr(f, part) is not None for f in present)]
        columns += [column, *(f"{column} {part}" for part in parts[column])]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in table.rows:
        cells: list[str] = [str(row.group or ""), row.name]
        for column in table.columns:
            figure = row.figures.get(column)
            cells += [_number(figure, part) for part in ("value", *parts[column])]
        writer.writerow(cells)
    return text.getvalue()


def _number(figure: Figure | None, part: str) -> str:
    """A part of a figure with all its digits; "" if the figure lacks it."""
    value = None if figure is None else getattr(figure, part)
    return "" if value is None else repr(float(value))


def to_latex(table: Table, data: Text) -> str:
    r"""A booktabs table in English, best value of a column bold, groups apart; the caption names the data.

    Needs \usepackage{booktabs}.
    """
    best = _best(table)
    lines = [
        r"\begin{table}",
        r"\centering",
        rf"\caption{{{escaped(table.title.en)} Data: {escaped(data.en)}.}}",
        rf"\begin{{tabular}}{{l{'r' * len(table.columns)}}}",
        r"\toprule",
        " & ".join(["", *map(escaped, table.columns)]) + r" \\",
    ]
    for place, row in enumerate(table.rows):
        if place == 0 or row.group != table.rows[place - 1].group:
            lines.append(r"\midrule")
        cells = [escaped(row.name)]
        for column in table.columns:
            figure = row.figures.get(column)
            shown = "--" if figure is None else table.text(figure, column)
            shown = rf"\textbf{{{shown}}}" if figure is not None and figure.value == best.get(column) else shown
            cells.append(shown + (f"$^{{{figure.mark}}}$" if figure is not None and figure.mark else ""))
        lines.append(" & ".join(cells) + r" \\")
    lines += [r"\bottomrule", r"\end{tabular}", *(f"% {note.en}" for note in table.notes), r"\end{table}", ""]
    return "\n".join(lines)


def _best(table: Table) -> dict[str, float]:
    """Column -> its largest value; columns whose values are all equal are left out."""
    columns: Mapping[str, list[float]] = {
        column: [row.figures[column].value for row in table.rows if column in row.figures] for column in table.columns
    }
    return {column: max(values) for column, values in columns.items() if len(set(values)) > 1}


def escaped(text: str) -> str:
    """A text with the special characters of LaTeX escaped."""
    return _SPECIAL_SIGNS.sub(lambda found: _SPECIAL[found.group()], text)


def export(found: Mapping[str, Findings], folder: Path) -> list[Path]:
    """Write every table of every section into a folder, as <section>-<table>.csv and .tex; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for section, each in found.items():
        for table in each.tables:
            stem = re.sub(r"[^\w@+.-]+", "-", f"{section}-{table.name}")
            for ending, text in (("csv", to_csv(table)), ("tex", to_latex(table, each.data))):
                path = folder / f"{stem}.{ending}"
                path.write_text(text, encoding="utf-8")
                written.append(path)
    return written
