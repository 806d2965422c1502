"""The map's component: what it draws comes from its own server functions, and Plotly's script from this machine."""

from __future__ import annotations

import gradio as gr

from persrv.records import FloatArray
from persrv.ui import assets
from persrv.ui.map_tab.calls import calls, plotly_script
from persrv.ui.service import PageService


def build_map(service: PageService, xy: FloatArray) -> None:
    """The style map over the places (N, 2) of the stickers; it asks for its points when it is first looked at."""
    gr.set_static_paths(plotly_script())
    with gr.Column(elem_id="ps-map", elem_classes=["ps-view"]):
        gr.HTML(
            html_template=assets.read("map_tab/map.html"),
            js_on_load="window.persrv.mountMap(element, server);",
            server_functions=calls(service, xy),
            apply_default_css=False,
        )
