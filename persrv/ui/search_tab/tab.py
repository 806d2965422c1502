"""The page's main component: frame, people, search and evidence; the browser calls its server functions directly."""

from __future__ import annotations

import gradio as gr

from persrv.ui import assets
from persrv.ui.service import PageService, text_of
from persrv.ui.views import View


def build_page(service: PageService) -> gr.HTML:
    """The component that holds everything but the map."""

    def search(request: object) -> View:
        return service.search(text_of(request, "query") or "", text_of(request, "user"))

    def detail(request: object) -> View:
        return service.detail(text_of(request, "sticker") or "")

    def examples(_: object) -> View:
        return {"queries": list(service.examples)}

    template = "".join(assets.read(name) for name in ("search_tab/search.html", "about_tab/about.html"))
    return gr.HTML(
        value=service.start(),
        html_template=template,
        js_on_load="window.persrv.mountPage(element, props.value, server);",
        head=assets.head(),
        server_functions=[search, detail, examples],
        apply_default_css=False,
        elem_id="ps-page",
    )
