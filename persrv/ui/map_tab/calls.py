"""What the map asks of the server: its points, one person's, a sticker's neighbours, and how far to trust it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path

from persrv.errors import PersrvError
from persrv.records import FloatArray
from persrv.ui.map_tab import points
from persrv.ui.service import PageService, text_of
from persrv.ui.views import View


def plotly_script() -> Path:
    """Plotly's own JavaScript, which its Python package carries: served from here, so no other host is asked."""
    import plotly

    return Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


def calls(service: PageService, xy: FloatArray) -> list[Callable[[object], View]]:
    """The map's server functions over its places (N, 2). What is the same for everybody is made once."""
    ask = service.retriever
    once = threading.Lock()

    @cache
    def whole_map() -> View:
        drawn = points.points_view(ask, points.shown_rows(ask), xy)
        return {**drawn, "plotly": str(plotly_script().resolve())}

    @cache
    def trust() -> View:
        return points.trust_view(ask, xy)

    def map_points(_: object) -> View:
        with once:
            return whole_map()

    def map_trust(_: object) -> View:
        with once:
            return trust()

    def map_members(request: object) -> View:
        return points.members_view(ask, text_of(request, "user") or "")

    def map_neighbours(request: object) -> View:
        try:
            return points.neighbours_view(ask, xy, text_of(request, "sticker") or "", service.sticker)
        except PersrvError as error:
            return {"error": str(error)}

    return [map_points, map_members, map_neighbours, map_trust]
