"""The schema of evaluation.json: sections of tables and curves, each naming the data it was measured on.

Version 2. `evaluation.json` holds {"schema": 2, "sections": {name: findings}} beside what the build's own stage wrote;
findings that measure the machine's seconds are in the manifest, under provenance.evaluation.sections. Every text that a
reader sees is a `persrv.records.Text`: {"en", "zh"}, or one string for both languages. Version 1 held English strings
only, and is read as such. A figure is {"value"} with "low", "high", "mark" and "p" where there are any; a column that a
row lacks has no figure.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from persrv.records import Text

SCHEMA = 2


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured number; low, high: its 95 % interval; p: of the test named in the notes; mark: "", "*" or "**"."""

    value: float
    low: float | None = None
    high: float | None = None
    p: float | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: column -> figure.

    group: the heading that rows stand under together; paper: column -> the figure of the paper's table; note:
    what a reader must know of this row.
    """

    name: str
    figures: Mapping[str, Figure]
    group: Text | None = None
    paper: Mapping[str, float] = field(default_factory=dict)
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table. columns: in the order in which they are shown; digits: decimals of a figure; whole: columns of counts.

    labels: what readers call a column or a row whose name does not say it in both languages.
    """

    name: str
    title: Text
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    digits: int = 4
    notes: tuple[Text, ...] = ()
    whole: tuple[str, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict)

    def text(self, figure: Figure, column: str) -> str:
        """The figure's value as this column shows it."""
        return f"{figure.value:.{0 if column in self.whole else self.digits}f}"


@dataclass(frozen=True, slots=True)
class Curve:
    """A line over x. x: numbers, or names where nothing is ordered; lower, upper: 95 % intervals, or empty.

    part: the clicks that y was measured on, "training", "validation" or "test"; chosen: the x that validation chose,
    None where nothing was chosen.
    """

    name: str
    title: Text
    x_label: Text
    y_label: Text
    x: tuple[float | Text, ...]
    y: tuple[float, ...]
    lower: tuple[float, ...] = ()
    upper: tuple[float, ...] = ()
    part: str = "validation"
    chosen: float | Text | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """Findings of one section. data: "simulated world" or what else it was measured on; notes: one sentence each, the
    most important one first; parameters: as JSON; files: path below evaluation/ -> content of a further file.
    """

    title: Text
    data: Text
    tables: tuple[Table, ...] = ()
    curves: tuple[Curve, ...] = ()
    notes: tuple[Text, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)


# ---- to JSON --------------------------------------------------------------------------------------------------------


def findings_to_json(found: Findings) -> dict[str, Any]:
    """Findings as evaluation.json holds them, without their files."""
    return {
        "title": found.title.to_json(),
        "data": found.data.to_json(),
        "tables": [_table_to_json(table) for table in found.tables],
        "curves": [_curve_to_json(curve) for curve in found.curves],
        "notes": [note.to_json() for note in found.notes],
        "parameters": dict(found.parameters),
    }


def _table_to_json(table: Table) -> dict[str, Any]:
    document: dict[str, Any] = {
        "name": table.name,
        "title": table.title.to_json(),
        "columns": list(table.columns),
        "digits": table.digits,
        "whole": list(table.whole),
        "notes": [note.to_json() for note in table.notes],
        "rows": [_row_to_json(row) for row in table.rows],
    }
    labels = {name: label.to_json() for name, label in table.labels.items()}
    return {**document, **({"labels": labels} if labels else {})}


def _row_to_json(row: Row) -> dict[str, Any]:
    figures = {name: _figure_to_json(figure) for name, figure in row.figures.items() if math.isfinite(figure.value)}
    texts = {key: text.to_json() for key, text in (("group", row.group), ("note", row.note)) if text is not None}
    return {"name": row.name, "figures": figures, **texts, **({"paper": dict(row.paper)} if row.paper else {})}


def _figure_to_json(figure: Figure) -> dict[str, Any]:
    optional = {"low": figure.low, "high": figure.high, "p": figure.p}
    stated = {name: rounded(value) for name, value in optional.items() if value is not None and math.isfinite(value)}
    return {"value": rounded(figure.value), **stated, **({"mark": figure.mark} if figure.mark else {})}


def rounded(value: float) -> float:
    """Six significant digits: more than any figure here deserves, and fewer than machines disagree about."""
    return float(f"{value:.6g}")


def _curve_to_json(curve: Curve) -> dict[str, Any]:
    document: dict[str, Any] = {
        "name": curve.name,
        "title": curve.title.to_json(),
        "x_label": curve.x_label.to_json(),
        "y_label": curve.y_label.to_json(),
        "x": [_point_to_json(x) for x in curve.x],
        "y": [rounded(value) for value in curve.y],
        "part": curve.part,
        "chosen": None if curve.chosen is None else _point_to_json(curve.chosen),
    }
    if curve.lower:
        document |= {"lower": [rounded(v) for v in curve.lower], "upper": [rounded(v) for v in curve.upper]}
    return document


def _point_to_json(x: float | Text) -> float | str | dict[str, str]:
    return x.to_json() if isinstance(x, Text) else x


# ---- from JSON ------------------------------------------------------------------------------------------------------


def findings_from_json(document: Mapping[str, Any]) -> Findings:
    """Findings as `findings_to_json` wrote them, of this version or of version 1."""
    return Findings(
        title=Text.from_json(document["title"]),
        data=Text.from_json(document["data"]),
        tables=tuple(_table_from_json(table) for table in document["tables"]),
        curves=tuple(_curve_from_json(curve) for curve in document["curves"]),
        notes=_texts_from_json(document["notes"]),
        parameters=document["parameters"],
    )


def _texts_from_json(stored: Iterable[str | Mapping[str, str]]) -> tuple[Text, ...]:
    return tuple(Text.from_json(text) for text in stored)


def _table_from_json(document: Mapping[str, Any]) -> Table:
    return Table(
        name=document["name"],
        title=Text.from_json(document["title"]),
        columns=tuple(document["columns"]),
        rows=tuple(_row_from_json(row) for row in document["rows"]),
        digits=document["digits"],
        notes=_texts_from_json(document["notes"]),
        whole=tuple(document["whole"]),
        labels={name: Text.from_json(label) for name, label in document.get("labels", {}).items()},
    )


def _row_from_json(document: Mapping[str, Any]) -> Row:
    texts = {key: Text.from_json(document[key]) for key in ("group", "note") if key in document}
    figures = {name: Figure(**figure) for name, figure in document["figures"].items()}
    return Row(document["name"], figures, texts.get("group"), document.get("paper", {}), texts.get("note"))


def _curve_from_json(document: Mapping[str, Any]) -> Curve:
    return Curve(
        name=document["name"],
        title=Text.from_json(document["title"]),
        x_label=Text.from_json(document["x_label"]),
        y_label=Text.from_json(document["y_label"]),
        x=tuple(_point_from_json(x) for x in document["x"]),
        y=tuple(document["y"]),
        lower=tuple(document.get("lower", ())),
        upper=tuple(document.get("upper", ())),
        part=document["part"],
        chosen=_point_from_json(document["chosen"]),
    )


def _point_from_json(stored: Any) -> Any:
    """A number or None as it is; anything else is a text."""
    return stored if stored is None or isinstance(stored, int | float) else Text.from_json(stored)
