"""The page's main component: frame, search, captions, evidence; the browser calls its server functions directly."""

from __future__ import annotations

from collections.abc import Mapping

import gradio as gr

from persrv.ui import assets
from persrv.ui.about_tab.calls import calls as evidence_calls
from persrv.ui.captions_tab.calls import calls as caption_calls
from persrv.ui.rendering import rendered
from persrv.ui.search_tab.calls import calls
from persrv.ui.service import PageService, text_of
from persrv.ui.views import View
from persrv.ui.you_tab.calls import Visitors
from persrv.ui.you_tab.calls import calls as you_calls

PAGES = (
    "search_tab/search.html",
    "captions_tab/captions.html",
    "blind_tab/blind.html",
    "cases_tab/cases.html",
    "about_tab/about.html",
)


def build_page(service: PageService) -> gr.HTML:
    """The component that holds everything but the map."""
    visitors = Visitors(service)

    def search(request: object) -> View:
        wanted = isinstance(request, Mapping) and request.get("candidates") is True
        query = text_of(request, "query") or ""
        return visitors.told(request, lambda user: service.search(query, user, candidates=wanted))

    def detail(request: object) -> View:
        return service.detail(text_of(request, "sticker") or "", text_of(request, "query") or "")

    def engine(_: object) -> View:
        return service.engine()

    def suggestions(_: object) -> View:
        return service.suggestions()

    def captioning(_: object) -> View:
        return service.captioning()

    def caption(request: object) -> View:
        picture = request.get("picture") if isinstance(request, Mapping) else None
        return service.caption(picture, text_of(request, "sticker"), text_of(request, "text"))

    def cases(_: object) -> View:
        return service.cases()

    def blind(request: object) -> View:
        return visitors.asked(request, lambda user: service.blind(request, user))

    def reveal(request: object) -> View:
        return visitors.asked(request, lambda user: service.reveal(request, user))

    def blind_score(request: object) -> View:
        return service.blind_score(request)

    template = "".join(assets.read(name) for name in PAGES)
    return gr.HTML(
        value={**service.start(), "you": visitors.start()},
        html_template=template,
        js_on_load="window.persrv.mountPage(element, props.value, server);",
        head=assets.head(),
        server_functions=rendered(
            [
                search,
                detail,
                engine,
                suggestions,
                captioning,
                caption,
                blind,
                reveal,
                blind_score,
                cases,
                *you_calls(visitors),
                *calls(service),
                *caption_calls(service),
                *evidence_calls(service),
            ]
        ),
        apply_default_css=False,
        elem_id="ps-page",
    )
