"""The map as a Plotly figure: all stickers faint, one person's training stickers by cluster, and the mean of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from persrv.records import FloatArray
from persrv.styles import StyleSpace, preference
from persrv.ui import strings

if TYPE_CHECKING:
    from persrv.retriever import Retriever

COLOURINGS: tuple[str, ...] = ("none", "style", "text")

#: Colour and shape a cluster: told apart without colour, and dark enough to carry white words.
CLUSTER_COLOURS: tuple[str, ...] = ("#cf3564", "#2a6fd0", "#ad6500", "#177f55", "#7a4fe0")
CLUSTER_SHAPES: tuple[str, ...] = ("circle", "diamond", "square", "triangle-up", "star")

FAINT = "#8b93a3"
#: Qualitative colours of the background; the last is for everything else.
PALETTE: tuple[str, ...] = (
    "#4c8dd6", "#e58a3c", "#57a773", "#d1607f", "#8d77c9", "#a98259", "#3fa7a8", "#b7a33b", "#d07ac0", "#8b93a3",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Points that look the same. rows: (n,) int of the catalogue."""

    name: str
    colour: str
    rows: NDArray[np.int64]


def background_groups(labels: list[str], other: str) -> list[Group]:
    """One group a label, most frequent first (ties by label); beyond the palette they share the last colour."""
    rows_of: dict[str, list[int]] = {}
    for row, label in enumerate(labels):
        rows_of.setdefault(label or other, []).append(row)
    by_size = sorted(rows_of, key=lambda label: (label == other, -len(rows_of[label]), label))
    own, rest = by_size[: len(PALETTE) - 1], by_size[len(PALETTE) - 1 :]
    groups = [
        Group(label, FAINT if label == other else PALETTE[place], np.array(rows_of[label]))
        for place, label in enumerate(own)
    ]
    if rest:
        groups.append(Group(other, FAINT, np.array(sorted(row for label in rest for row in rows_of[label]))))
    return groups


def cluster_rows(retriever: Retriever, user: str) -> list[NDArray[np.int64]]:
    """Rows of a person's training stickers by nearest centroid, in the style space; [] without a style."""
    style = retriever.style_of(user)
    if style is None:
        return []
    bundle = retriever.bundle
    clicked = sorted({bundle.row_of[i.sticker] for i in retriever.interactions_of(user)})
    rows = np.array(clicked, np.int64)
    vectors = StyleSpace(bundle.style_mean).project(np.asarray(bundle.embeddings[rows], np.float32))
    _, nearest = preference(style, vectors)
    return [rows[nearest == cluster] for cluster in range(len(style.centroids))]


def draw_map(retriever: Retriever, user: str | None, colouring: str, language: str) -> Any:
    """The figure, or None where the bundle has no map."""
    import plotly.graph_objects as go

    xy = retriever.map_xy
    if xy is None:
        return None
    ids = [[sticker.id, sticker.image] for sticker in retriever.bundle.stickers]
    traces = [
        points(xy, ids, group, size=7 if colouring != "none" else 6, opacity=0.35 if user else 0.6)
        for group in groups_by(retriever, colouring, language)
    ]
    clusters = [(c, rows) for c, rows in enumerate(cluster_rows(retriever, user) if user else []) if len(rows)]
    traces += [cluster_members(xy, ids, rows, cluster) for cluster, rows in clusters]
    traces += [cluster_centre(xy, rows, cluster) for cluster, rows in clusters]
    names = [centre_name(xy, rows, cluster, language) for cluster, rows in clusters]
    return go.Figure(traces, {**layout(), "annotations": names})


def groups_by(retriever: Retriever, colouring: str, language: str) -> list[Group]:
    """The background by "none", "style" or "text"."""
    words, names = strings.in_language(language), strings.labels_in(language)
    stickers = retriever.bundle.stickers
    if colouring == "style":
        styles = [s.labels.get("style") or s.series for s in stickers]
        return background_groups([names.get(style, style) for style in styles], words["map_other"])
    if colouring == "text":
        texts = [words["map_with_text"] if s.ocr else words["map_without_text"] for s in stickers]
        return background_groups(texts, words["map_other"])
    return [Group("", FAINT, np.arange(len(stickers)))]


def points(xy: FloatArray, ids: list[list[str]], group: Group, size: float, opacity: float) -> Any:
    """A cloud of small points that know their sticker: `ids` holds id and picture of every row."""
    import plotly.graph_objects as go

    return go.Scattergl(
        x=xy[group.rows, 0],
        y=xy[group.rows, 1],
        customdata=[ids[row] for row in group.rows],
        mode="markers",
        marker={"size": size, "color": group.colour, "opacity": opacity},
        hoverinfo="none",
        name=group.name,
        meta={"kind": "all", "name": group.name, "colour": group.colour},
    )


def cluster_members(xy: FloatArray, ids: list[list[str]], rows: NDArray[np.int64], cluster: int) -> Any:
    """The stickers of one cluster, in its colour and shape."""
    import plotly.graph_objects as go

    colour, shape = look(cluster)
    return go.Scattergl(
        x=xy[rows, 0],
        y=xy[rows, 1],
        customdata=[ids[row] for row in rows],
        mode="markers",
        marker={"size": 11, "color": colour, "symbol": shape, "line": {"width": 1, "color": "#ffffff"}},
        hoverinfo="none",
        meta={"kind": "cluster", "cluster": cluster},
    )


def cluster_centre(xy: FloatArray, rows: NDArray[np.int64], cluster: int) -> Any:
    """A large open marker at the mean of the members' coordinates."""
    import plotly.graph_objects as go

    colour, shape = look(cluster)
    centre = xy[rows].mean(axis=0)
    return go.Scattergl(
        x=centre[:1],
        y=centre[1:],
        mode="markers",
        marker={"size": 28, "color": colour, "symbol": f"{shape}-open", "line": {"width": 3, "color": colour}},
        hoverinfo="skip",
        meta={"kind": "centre", "cluster": cluster},
    )


def centre_name(xy: FloatArray, rows: NDArray[np.int64], cluster: int, language: str) -> dict[str, Any]:
    """The cluster's name above its large marker, on a ground of its own so that points cannot hide it."""
    x, y = xy[rows].mean(axis=0).tolist()
    return {
        "x": x,
        "y": y,
        "yshift": 30,
        "showarrow": False,
        "text": strings.in_language(language)["map_cluster"].replace("{n}", str(cluster + 1)),
        "font": {"size": 13, "color": "#ffffff"},
        "bgcolor": look(cluster)[0],
        "borderpad": 4,
    }


def look(cluster: int) -> tuple[str, str]:
    """Colour and shape of a cluster."""
    return CLUSTER_COLOURS[cluster % len(CLUSTER_COLOURS)], CLUSTER_SHAPES[cluster % len(CLUSTER_SHAPES)]


def layout() -> dict[str, Any]:
    """No axes (UMAP's have no meaning), no background, and a zoom that survives a change of person."""
    axis = {"visible": False, "fixedrange": False}
    return {
        "xaxis": axis,
        "yaxis": {**axis, "scaleanchor": "x"},
        "showlegend": False,
        "dragmode": "pan",
        "hovermode": "closest",
        "hoverdistance": 12,
        "uirevision": "map",
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": "system-ui, sans-serif"},
    }
