"""The page's main component: its frame and every tab but the map; the browser calls the server functions directly."""

from __future__ import annotations

import gradio as gr

from persrv.ui.about_tab.calls import about_view
from persrv.ui.about_tab.calls import calls as about_calls
from persrv.ui.blind_tab.calls import calls as blind_calls
from persrv.ui.captions_tab.calls import calls as captions_calls
from persrv.ui.cases_tab.calls import calls as cases_calls
from persrv.ui.chat_tab.calls import calls as chat_calls
from persrv.ui.judge_tab.calls import calls as judge_calls
from persrv.ui.paper.calls import Papers
from persrv.ui.paper.calls import calls as paper_calls
from persrv.ui.presentation.calls import calls as presentation_calls
from persrv.ui.rendering import rendered
from persrv.ui.search_tab.calls import calls as search_calls
from persrv.ui.service import PageService
from persrv.ui.views import View
from persrv.ui.you_tab.calls import Visitors
from persrv.ui.you_tab.calls import calls as you_calls

#: The HTML of the tabs, in the order of the document.
PAGES = (
    "search_tab/search.html",
    "chat_tab/chat.html",
    "captions_tab/captions.html",
    "blind_tab/blind.html",
    "cases_tab/cases.html",
    "judge_tab/judge.html",
    "about_tab/about.html",
)


def build_page(service: PageService) -> gr.HTML:
    """Build the component whose server functions answer every tab but the map; persrv.ui.document shows the tabs."""
    visitors = Visitors(service)

    def start() -> View:
        return {**service.start(), "about": about_view(service), "you": visitors.start()}

    page = gr.HTML(
        value=start(),
        server_functions=rendered(
            [
                *search_calls(service, visitors.told),
                *you_calls(visitors),
                *chat_calls(service, visitors),
                *captions_calls(service),
                *blind_calls(service),
                *cases_calls(service),
                *judge_calls(service),
                *about_calls(service),
                *paper_calls(Papers(service)),
                *presentation_calls(service),
            ]
        ),
        visible=False,
        elem_id="ps-page",
    )
    service.renewed.append(lambda: setattr(page, "value", start()))
    return page
