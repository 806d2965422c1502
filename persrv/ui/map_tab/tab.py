"""The map's components: controls, plot and clusters. The browser asks for a figure; Plotly's clicks come back to it."""

from __future__ import annotations

from typing import Any

import gradio as gr

from persrv.ui import assets
from persrv.ui.map_tab.figure import COLOURINGS, draw_map
from persrv.ui.service import PageService, clean


def build_map(service: PageService) -> None:
    """Controls above, plot, clusters below; the plot stays empty until the map is first looked at."""

    def redraw(event: gr.EventData) -> Any:
        return figure_for(service, *(getattr(event, name, None) for name in ("user", "colour", "language")))

    with gr.Column(elem_id="ps-map", elem_classes=["ps-view"]):
        controls = gr.HTML(
            html_template=assets.read("map_tab/map.html"),
            js_on_load="window.persrv.mountMap(element, (request) => trigger('redraw', request));",
            apply_default_css=False,
            elem_id="ps-map-controls",
        )
        plot = gr.Plot(show_label=False, container=False, elem_id="ps-plot")
        gr.HTML(
            html_template="",
            js_on_load="window.persrv.mountClusters(element);",
            apply_default_css=False,
            elem_id="ps-map-clusters",
        )
    controls.redraw(
        redraw,
        outputs=plot,
        queue=False,
        show_progress="hidden",
        trigger_mode="always_last",
        api_visibility="private",
    )


def figure_for(service: PageService, user: object, colouring: object, language: object) -> Any:
    """The figure a browser asked for; what it should not have sent counts as nobody, no colours and Chinese."""
    person, colours = clean(user), clean(colouring)
    known = {each.id for each in service.retriever.people}
    return draw_map(
        service.retriever,
        person if person in known else None,
        colours if colours in COLOURINGS else "none",
        "en" if language == "en" else "zh",
    )
