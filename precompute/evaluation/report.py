"""The schema of evaluation.json: sections of tables and curves, each naming the data it was measured on.

Version 1. `evaluation.json` holds {"schema": 1, "sections": {name: findings}} beside what the build's own stage wrote;
findings of the machine's seconds lie in the manifest, under provenance.evaluation.sections. Figures are objects
{"value", and where there are any "low", "high", "mark", "p"}; an absent figure is a column that the row lacks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number; low, high: its 95 % interval; p: of the test named in the notes; mark: "", "*" or "**"."""

    value: float
    low: float | None = None
    high: float | None = None
    p: float | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: column -> figure. group: rows of a group stand together; paper: the figures of the paper's table."""

    name: str
    figures: Mapping[str, Figure]
    group: str = ""
    paper: Mapping[str, float] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table. columns: in the order in which they are shown; whole: those that count; digits of others."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    digits: int = 4
    notes: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()

    def text(self, figure: Figure, column: str) -> str:
        """The figure's value as this column shows it."""
        return f"{figure.value:.{0 if column in self.whole else self.digits}f}"


@dataclass(frozen=True, slots=True)
class Curve:
    """A line over x. x: numbers, or names where nothing is ordered; lower, upper: 95 % intervals, or empty.

    part: "validation" or "test" clicks; chosen: the x that validation chose, None where nothing was chosen.
    """

    name: str
    title: str
    x_label: str
    y_label: str
    x: tuple[float | str, ...]
    y: tuple[float, ...]
    lower: tuple[float, ...] = ()
    upper: tuple[float, ...] = ()
    part: str = "validation"
    chosen: float | str | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What one section found. data: "simulated world" or what it was; parameters: as JSON; notes: one sentence each.

    files: further files of the section for the bundle, path below evaluation/ -> content.
    """

    title: str
    data: str
    tables: tuple[Table, ...] = ()
    curves: tuple[Curve, ...] = ()
    notes: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)


# ---- to JSON and back -----------------------------------------------------------------------------------------------


def findings_to_json(found: Findings) -> dict[str, Any]:
    """Findings as they lie in evaluation.json, without their files."""
    return {
        "title": found.title,
        "data": found.data,
        "tables": [_table_to_json(table) for table in found.tables],
        "curves": [_curve_to_json(curve) for curve in found.curves],
        "notes": list(found.notes),
        "parameters": dict(found.parameters),
    }


def findings_from_json(document: Mapping[str, Any]) -> Findings:
    """Findings as `findings_to_json` wrote them."""
    return Findings(
        title=document["title"],
        data=document["data"],
        tables=tuple(_table_from_json(table) for table in document["tables"]),
        curves=tuple(_curve_from_json(curve) for curve in document["curves"]),
        notes=tuple(document["notes"]),
        parameters=document["parameters"],
    )


def _table_to_json(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title,
        "columns": list(table.columns),
        "digits": table.digits,
        "whole": list(table.whole),
        "notes": list(table.notes),
        "rows": [_row_to_json(row) for row in table.rows],
    }


def _row_to_json(row: Row) -> dict[str, Any]:
    figures = {name: _figure_to_json(figure) for name, figure in row.figures.items() if math.isfinite(figure.value)}
    document: dict[str, Any] = {"name": row.name, "figures": figures}
    extra = {"group": row.group, "paper": dict(row.paper), "note": row.note}
    return {**document, **{key: value for key, value in extra.items() if value}}


def _figure_to_json(figure: Figure) -> dict[str, Any]:
    optional = {"low": figure.low, "high": figure.high, "p": figure.p}
    stated = {name: rounded(value) for name, value in optional.items() if value is not None and math.isfinite(value)}
    return {"value": rounded(figure.value), **stated, **({"mark": figure.mark} if figure.mark else {})}


def rounded(value: float) -> float:
    """Six significant digits: more than any figure here deserves, and fewer than machines disagree about."""
    return float(f"{value:.6g}")


def _table_from_json(document: Mapping[str, Any]) -> Table:
    rows = tuple(
        Row(
            row["name"],
            {name: Figure(**figure) for name, figure in row["figures"].items()},
            row.get("group", ""),
            row.get("paper", {}),
            row.get("note", ""),
        )
        for row in document["rows"]
    )
    return Table(
        document["name"],
        document["title"],
        tuple(document["columns"]),
        rows,
        document["digits"],
        tuple(document["notes"]),
        tuple(document["whole"]),
    )


def _curve_to_json(curve: Curve) -> dict[str, Any]:
    document: dict[str, Any] = {
        "name": curve.name,
        "title": curve.title,
        "x_label": curve.x_label,
        "y_label": curve.y_label,
        "x": list(curve.x),
        "y": [rounded(value) for value in curve.y],
        "part": curve.part,
        "chosen": curve.chosen,
    }
    if curve.lower:
        document |= {"lower": [rounded(v) for v in curve.lower], "upper": [rounded(v) for v in curve.upper]}
    return document


def _curve_from_json(document: Mapping[str, Any]) -> Curve:
    lists = {name: tuple(document.get(name, ())) for name in ("x", "y", "lower", "upper")}
    rest = {name: document[name] for name in ("name", "title", "x_label", "y_label", "part", "chosen")}
    fields: dict[str, Any] = {**rest, **lists}
    return Curve(**fields)
