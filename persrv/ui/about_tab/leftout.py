"""Stickers and clicks that an import left out, as the evidence tab shows them: counts by reason, with examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from persrv.ui.views import View, text_view


def left_out_view(provenance: Mapping[str, Any]) -> View | None:
    """Counts of what an import found and left out; None for a bundle that was not imported."""
    found = provenance.get("import")
    if not isinstance(found, Mapping):
        return None
    clicks = None
    if "clicks_file" in found:
        clicks = {
            "file": found["clicks_file"],
            "rows": found["rows"],
            "clicks": found["clicks"],
            "left_out": reasons(found.get("rows_left_out", ())),
        }
    return {
        "folder": found["folder"],
        "files": found["files"],
        "pictures": found["pictures"],
        "left_out": reasons(found.get("files_left_out", ())),
        "clicks": clicks,
    }


def reasons(rows: Iterable[Mapping[str, Any]]) -> list[View]:
    """The rows in their order, each with its reason in both languages."""
    return [
        {
            "reason": text_view(row["reason"]),
            "count": row["count"],
            "examples": list(row.get("examples", ())),
        }
        for row in rows
    ]
