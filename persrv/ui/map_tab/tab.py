"""The map's component: its server functions send what it draws, and Plotly's script comes from this machine."""

from __future__ import annotations

import gradio as gr

from persrv.ui.map_tab.calls import calls, plotly_script
from persrv.ui.service import PageService


def build_map(service: PageService) -> None:
    """Build what answers the style map of a bundle that has one, and serve the script that draws it."""
    gr.set_static_paths(plotly_script())
    gr.HTML(server_functions=calls(service), visible=False, elem_id="ps-map")
