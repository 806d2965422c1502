"""The server functions of the map: its points, a person's points, a sticker's neighbours, and trust in the map."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from persrv.errors import PersrvError
from persrv.records import FloatArray, UserStyle
from persrv.ui.likes import searcher
from persrv.ui.map_tab import points
from persrv.ui.once import Once
from persrv.ui.requests import field, text_of
from persrv.ui.service import PageService
from persrv.ui.views import View


def plotly_script() -> Path:
    """The path of Plotly's own JavaScript in its Python package: served from here, so no other host is asked."""
    import plotly

    return Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


def calls(service: PageService) -> list[Callable[[object], View]]:
    """The map's server functions, of a bundle that has one. What is the same for everybody is computed once."""
    ask = service.retriever

    def xy() -> FloatArray:
        """The stickers' places (N, 2)."""
        assert ask.map_xy is not None
        return ask.map_xy

    whole_map = Once(ask, lambda: {**points.map_view(ask, xy()), "plotly": str(plotly_script().resolve())})
    trust = Once(ask, lambda: points.trust_view(ask, xy()))

    def map_points(_: object) -> View:
        return whole_map()

    def map_trust(_: object) -> View:
        return trust()

    def map_members(request: object) -> View:
        likes = field(request, "likes")
        try:
            who = searcher(ask, text_of(request, "user"), likes)
        except PersrvError as error:
            return {"error": str(error), "members": []}
        liked = likes if isinstance(who, UserStyle) and isinstance(likes, list) else []
        return points.members_view(ask, who, [each for each in liked if isinstance(each, str)])

    def map_named(request: object) -> View:
        names = field(request, "ids")
        return points.named_view(ask, xy(), names if isinstance(names, list) else [])

    def map_neighbours(request: object) -> View:
        try:
            return points.neighbours_view(ask, xy(), text_of(request, "sticker") or "", service.sticker)
        except PersrvError as error:
            return {"error": str(error)}

    return [map_points, map_named, map_members, map_neighbours, map_trust]
