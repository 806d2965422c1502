"""The server functions of the evidence tab: one section at a time, so that nobody waits for all."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from persrv.errors import PersrvError
from persrv.ui import views
from persrv.ui.about_tab.engine import engine_view
from persrv.ui.about_tab.leftout import left_out_view
from persrv.ui.about_tab.sections import CLICKS, clicks_view, headline, index, section_view, sections
from persrv.ui.requests import text_of
from persrv.ui.tuning import of_indexed_fields
from persrv.ui.views import View

if TYPE_CHECKING:
    from persrv.ui.service import PageService


def about_view(service: PageService) -> View:
    """The part of the bundle that the tab shows before anything is asked."""
    bundle = service.retriever.bundle
    return {
        "name": bundle.name,
        "content_hash": bundle.content_hash,
        "licence": bundle.licence,
        "notes": views.text_view(bundle.notes.to_json()),
        "stickers": len(bundle.ids),
        "settings": views.settings_view(of_indexed_fields(bundle.settings, bundle)),
        "discriminant": bundle.style_precision is not None,
        "doubts": [*bundle.doubts, *([] if bundle.hashed else ["hashes"])],
        "headline": headline(bundle.evaluation),
        "gates": views.gate_rows(bundle.gates),
        "vlm": views.vlm_view(bundle.evaluation.get("vlm") or {}, service.find),
    }


def calls(service: PageService) -> list[Callable[[object], View]]:
    """The server functions of the tab."""
    bundle = service.retriever.bundle

    def engine(_: object) -> View:
        """The engine that answers at this moment."""
        return engine_view(service.retriever.engine, service.wanted_engine)

    def evidence(request: object) -> View:
        """The section named by "section"; without a name the index of sections, and what an import left out."""
        found = sections(bundle.evaluation, bundle.provenance)
        name = text_of(request, "section")
        if name is None:
            return {
                "sections": index(found),
                "clicks": CLICKS in bundle.manifest["files"],
                "left_out": left_out_view(bundle.provenance),
            }
        if name not in found:
            return {"error": f"No section {name!r}; there is {', '.join(found) or 'none'}."}
        return section_view(name, found[name])

    def evidence_clicks(request: object) -> View:
        """The place of every test click in the ranking "against" and in ours."""
        if CLICKS not in bundle.manifest["files"]:
            return {"error": "This bundle has no places of test clicks. Run `python -m precompute evaluate` on it."}
        try:
            return clicks_view(bundle.test_clicks(), text_of(request, "against"))
        except PersrvError as error:
            return {"error": str(error)}

    return [evidence, evidence_clicks, engine]
