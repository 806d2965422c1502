"""What `python -m precompute evaluate` wrote into a bundle, as the evidence tab shows it. Pure.

The schema is that of docs/bundle.md. A bundle holds the sections that were computed, and the page shows those; findings
of the machine's seconds lie in the provenance, all others in evaluation.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from persrv.ui.about_tab.chinese import in_chinese
from persrv.ui.views import View

#: Where a bundle keeps the place of every test click in every ranking.
CLICKS = "evaluation/clicks.arrow"

#: Rankings stop here, so a place of 0 means: not among that many.
DEPTH = 100

#: The method whose wins and losses are shown, and the one it is compared with unless another is asked for.
METHOD = "PerSRV"
AGAINST = "w/o personalization"

#: Clicks that one picture shows at most; of more, every so many-th.
MOST_CLICKS = 5000

#: Sections in the order in which they are shown -> what they are called in the index (Chinese, English).
LABELS: Mapping[str, tuple[str, str]] = {
    "comparison": ("各种方法", "Methods"),
    "captions": ("关键词", "Keywords"),
    "speed": ("速度", "Speed"),
    "utility": ("效用", "Utility"),
    "style_models": ("口味模型", "Style models"),
    "style_cost": ("口味的代价", "Cost of styles"),
    "style_spaces": ("风格空间", "Style spaces"),
    "drift": ("会变的口味", "Changing tastes"),
    "sensitivity": ("各项设置", "Settings"),
    "splits": ("划分方式", "Splits"),
    "textcheck": ("真人的话", "Real people's words"),
}


def sections(evaluation: Mapping[str, Any], provenance: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Section -> findings, in the order in which they are shown; without those that found nothing to show."""
    found = {**evaluation.get("sections", {}), **provenance.get("evaluation", {}).get("sections", {})}
    order = [*(name for name in LABELS if name in found), *(name for name in found if name not in LABELS)]
    return {name: found[name] for name in order if found[name].get("tables") or found[name].get("curves")}


def index(found: Mapping[str, Mapping[str, Any]]) -> list[View]:
    """The name of every section, and what it is called: its own title where it is none of ours."""
    called = {name: LABELS.get(name, (each["title"], each["title"])) for name, each in found.items()}
    return [{"name": name, "label": {"zh": zh, "en": en}} for name, (zh, en) in called.items()]


def section_view(name: str, found: Mapping[str, Any]) -> View:
    """One section. lead: the sentence that it computed, in both languages where it has them, or else its first note.

    chinese: of whatever it says in English alone, as far as we have it.
    """
    notes = list(found.get("notes", ()))
    sentence = found.get("parameters", {}).get("sentence")
    if isinstance(sentence, Mapping) and {"zh", "en"} <= set(sentence):
        lead = {"zh": sentence["zh"], "en": sentence["en"]}
    else:
        first = notes[0] if notes else ""
        lead = {"zh": in_chinese(first) or first, "en": first}
    return {
        "name": name,
        "title": found["title"],
        "data": found["data"],
        "lead": lead,
        "tables": list(found.get("tables", ())),
        "curves": list(found.get("curves", ())),
        "notes": [note for note in notes if note not in lead.values()],
        "chinese": {text: chinese for text in _texts(found) if (chinese := in_chinese(text)) is not None},
    }


def _texts(found: Mapping[str, Any]) -> set[str]:
    """Everything of a section that was written to be read."""
    tables = found.get("tables", ())
    rows = [row for table in tables for row in table["rows"]]
    told = [text for row in rows for text in (row.get("group"), row.get("note")) if text]
    titles = [text for table in tables for text in (table["title"], *table["notes"])]
    return {found["title"], found["data"], *found.get("notes", ()), *titles, *told}


def clicks_view(table: pa.Table, against: str | None) -> View:
    """Where every test click stands without and with: rows of user, query, sticker, place before, place after.

    The places are those of whole rankings (the paper's protocol), because these are what the page's search shows.
    """
    fixed = {"user", "query", "sticker", "known", METHOD}
    methods = [name for name in table.column_names if name not in fixed and not name.startswith("new: ")]
    if METHOD not in table.column_names or not methods:
        return {"methods": []}
    fallback = AGAINST if AGAINST in methods else methods[0]
    other = against if against in methods else fallback
    columns = [table.column(name).to_pylist() for name in ("user", "query", "sticker", other, METHOD)]
    rows = list(zip(*columns, strict=True))
    shown = min(len(rows), MOST_CLICKS)
    return {
        "methods": methods,
        "method": METHOD,
        "against": other,
        "depth": DEPTH,
        "of": len(rows),
        "rows": [list(rows[place * len(rows) // shown]) for place in range(shown)],
    }
