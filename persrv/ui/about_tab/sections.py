"""The sections that `python -m precompute evaluate` wrote into a bundle, as the evidence tab shows them. Pure.

docs/bundle.md describes their schema. A bundle holds the sections that were computed, and the page shows those.
Findings that depend on the machine's speed lie in the provenance, all others in evaluation.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from persrv.sampling import evenly
from persrv.ui.views import View, text_view

#: File of the place of every test click in every ranking.
CLICKS = "evaluation/clicks.arrow"

#: Rankings stop here, so a place of 0 means: not among that many.
DEPTH = 100

#: The method whose wins and losses are shown, and the one it is compared with unless another is asked for.
METHOD = "PerSRV"
AGAINST = "w/o personalization"

#: The most clicks that one picture shows; more are thinned out evenly.
MOST_CLICKS = 5000

#: Digits of a figure where a table states none.
_DIGITS = 3

#: Sections in the order in which they are shown -> what they are called in the index (Chinese, English).
LABELS: Mapping[str, tuple[str, str]] = {
    "comparison": ("各种方法", "Methods"),
    "understanding": ("是不是想要的", "Meaning"),
    "replying": ("指令和对话", "Conversations"),
    "retrieving-lm": ("会找表情的语言模型", "Retrieving LM"),
    "captions": ("关键词", "Keywords"),
    "sticker-clip": ("StickerCLIP", "StickerCLIP"),
    "speed": ("速度", "Speed"),
    "utility": ("效用", "Utility"),
    "style_models": ("口味模型", "Style models"),
    "style_cost": ("口味的代价", "Cost of styles"),
    "style_spaces": ("风格空间", "Style spaces"),
    "drift": ("会变的口味", "Changing tastes"),
    "contexts": ("时间与场合", "Times and places"),
    "sensitivity": ("各项设置", "Settings"),
    "splits": ("划分方式", "Splits"),
    "textcheck": ("真人的话", "Real people's words"),
}


def sections(evaluation: Mapping[str, Any], provenance: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Map each section that has something to show to its findings: ours first, then the others by name."""
    found = {**evaluation.get("sections", {}), **provenance.get("evaluation", {}).get("sections", {})}
    order = [*(name for name in LABELS if name in found), *sorted(found.keys() - LABELS.keys())]
    return {name: found[name] for name in order if found[name].get("tables") or found[name].get("curves")}


def index(found: Mapping[str, Mapping[str, Any]]) -> list[View]:
    """The name and label of every section; its own title where it is not in LABELS."""
    ours = {name: {"zh": zh, "en": en} for name, (zh, en) in LABELS.items()}
    return [{"name": name, "label": ours.get(name) or text_view(each["title"])} for name, each in found.items()]


def section_view(name: str, found: Mapping[str, Any]) -> View:
    """A section of the evidence, its texts in both languages. lead: the first note, shown on top, or None."""
    notes = [text_view(note) for note in found.get("notes", ())]
    return {
        "name": name,
        "title": text_view(found["title"]),
        "data": text_view(found["data"]),
        "lead": notes[0] if notes else None,
        "tables": [_table_view(table) for table in found.get("tables", ())],
        "curves": [_curve_view(curve) for curve in found.get("curves", ())],
        "notes": notes[1:],
    }


#: Measure of the first sentence's gain: on stickers new to the question, among the first ten.
_NEW, _AMONG_TEN = "new", "R@10"


def headline(evaluation: Mapping[str, Any]) -> View | None:
    """The gain of personalization in one sentence's numbers: the share of clicked stickers among the first ten with and
    without it, and the difference with its 95 % interval. None for a bundle without that evaluation.
    """
    found = evaluation.get("sections", {}).get("comparison", {})
    tables = {
        table["name"]: {row["name"]: row["figures"] for row in table["rows"]} for table in found.get("tables", ())
    }
    try:
        shares, gain = tables[_NEW], tables[f"{_NEW} tests {_AMONG_TEN}"][AGAINST]["gain"]
        return {
            "ours": shares[METHOD][_AMONG_TEN]["value"],
            "without": shares[AGAINST][_AMONG_TEN]["value"],
            "gain": gain["value"],
            "low": gain["low"],
            "high": gain["high"],
            "apart": gain["low"] > 0 or gain["high"] < 0,
            "simulated": text_view(found["data"])["en"] == "simulated world",
        }
    except KeyError:
        return None


def _table_view(table: Mapping[str, Any]) -> View:
    return {
        "whole": [],
        "digits": _DIGITS,
        **table,
        "title": text_view(table["title"]),
        "notes": [text_view(note) for note in table.get("notes", ())],
        "labels": {name: text_view(label) for name, label in table.get("labels", {}).items()},
        "rows": [
            {**row, **{key: text_view(row[key]) for key in ("group", "note") if row.get(key)}} for row in table["rows"]
        ],
    }


def _curve_view(curve: Mapping[str, Any]) -> View:
    def point(x: float | str | Mapping[str, str] | None) -> float | View | None:
        return text_view(x) if isinstance(x, str | Mapping) else x

    texts = {key: text_view(curve[key]) for key in ("title", "x_label", "y_label")}
    return {**curve, **texts, "x": [point(x) for x in curve["x"]], "chosen": point(curve.get("chosen"))}


def clicks_view(table: pa.Table, against: str | None) -> View:
    """The place of every test click in two rankings: rows of user, query, sticker, place before, place after.

    Places are those of whole rankings (the paper's protocol), because the page's search shows these.
    """
    fixed = {"user", "query", "sticker", "known", METHOD}
    methods = [name for name in table.column_names if name not in fixed and not name.startswith("new: ")]
    if not {"user", "query", "sticker", METHOD} <= set(table.column_names) or not methods:
        return {"methods": []}
    fallback = AGAINST if AGAINST in methods else methods[0]
    other = against if against in methods else fallback
    columns = [table.column(name).to_pylist() for name in ("user", "query", "sticker", other, METHOD)]
    rows = list(zip(*columns, strict=True))
    return {
        "methods": methods,
        "method": METHOD,
        "against": other,
        "depth": DEPTH,
        "of": len(rows),
        "rows": [list(row) for row in evenly(rows, MOST_CLICKS)],
    }
