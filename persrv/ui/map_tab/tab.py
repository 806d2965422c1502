"""The map's component: its server functions send what it draws, and Plotly's script comes from this machine."""

from __future__ import annotations

import gradio as gr

from persrv.records import FloatArray
from persrv.ui import assets
from persrv.ui.map_tab.calls import calls, plotly_script
from persrv.ui.service import PageService


def build_map(service: PageService, xy: FloatArray) -> None:
    """Build the style map over the stickers' places (N, 2); it asks for its points when it is first looked at."""
    gr.set_static_paths(plotly_script())
    with gr.Column(elem_id="ps-map", elem_classes=["ps-view"]):
        gr.HTML(
            html_template=assets.read("map_tab/map.html"),
            js_on_load="window.persrv.mountMap(element, server);",
            server_functions=calls(service, xy),
            apply_default_css=False,
        )
