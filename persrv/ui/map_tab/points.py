"""Views of the map: every point once, in columns, and the points of a chosen person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from persrv.insight.map_trust import nearest_on_map, trustworthiness
from persrv.insight.rank_overlap import shared_at_top
from persrv.ranking.styles import StyleSpace, nearest_cluster
from persrv.records import FloatArray, UserStyle
from persrv.retriever import Retriever, User
from persrv.sampling import evenly
from persrv.ui.views import Lookup, View, number, sticker_brief

#: Points of an even sample that a browser is sent of a larger catalogue, and the most clicked stickers it gets beside.
MOST_POINTS = 10_000

#: Stickers that may be asked for by name, such as results that are not among the points.
MOST_NAMED = 3_000

#: Cells along each axis of the grid that tells where the whole of a sampled catalogue lies.
GRID = 96

#: Neighbours held against each other, in the space and on the map.
NEIGHBOURS = 10

#: Stickers whose neighbourhoods are looked at to judge the whole map.
MOST_JUDGED = 500

#: Labels that say what a picture shows; the map's card names them.
DEPICTED: tuple[str, ...] = ("character", "style", "situation")


def shown_rows(retriever: Retriever, most: int = MOST_POINTS) -> NDArray[np.intp]:
    """Rows of the points to send, ascending: all, or `most` at even distances and the `most` most clicked."""
    size = len(retriever.bundle.ids)
    if size <= most:
        return np.arange(size)
    clicks = retriever.bundle.utility_counts[:, 0]
    by_clicks = np.argsort(-clicks, kind="stable")[:most]
    return np.union1d(evenly(range(size), most), by_clicks[clicks[by_clicks] > 0])


def map_view(retriever: Retriever, xy: FloatArray, most: int = MOST_POINTS) -> View:
    """The points of the map, and the density of all stickers where some of them are no points."""
    rows, total = shown_rows(retriever, most), len(retriever.bundle.ids)
    drawn = {"total": total, **points_view(retriever, rows, xy)}
    return drawn if len(rows) == total else {**drawn, "density": density_view(xy)}


def density_view(xy: FloatArray) -> View:
    """The density of stickers (N, 2): how many lie in each cell of a grid over the map. Edges of the columns ("x") and
    of the rows ("y"), and "counts" row by row.
    """
    counts, x, y = np.histogram2d(xy[:, 0], xy[:, 1], bins=GRID)
    edges = {"x": [number(edge) for edge in x.tolist()], "y": [number(edge) for edge in y.tolist()]}
    return {**edges, "counts": counts.T.astype(int).tolist()}


def named_view(retriever: Retriever, xy: FloatArray, names: Sequence[object]) -> View:
    """The points of some stickers by id, as `points_view`; without unknown ids, and without more than MOST_NAMED."""
    known = retriever.bundle.row_of
    rows = [known[name] for name in names[:MOST_NAMED] if isinstance(name, str) and name in known]
    return points_view(retriever, np.array(rows, np.intp), xy)


def points_view(retriever: Retriever, rows: NDArray[np.intp], xy: FloatArray) -> View:
    """Points column by column: rows (n,) of the catalogue with their places; labels as codes into their values."""
    shown = retriever.bundle.stickers.columns(("id", "image", "ocr", "labels", "series"), rows)
    worth, _ = retriever.utility()
    told = [dict(pairs) for pairs in shown["labels"]]
    labels = {key: [each.get(key, "") for each in told] for key in DEPICTED}
    labels["style"] = [label or series for label, series in zip(labels["style"], shown["series"], strict=True)]
    return {
        "ids": shown["id"],
        "images": shown["image"],
        "texts": shown["ocr"],
        "labels": {key: coded(values) for key, values in labels.items()},
        "x": [number(x) for x in xy[rows, 0]],
        "y": [number(y) for y in xy[rows, 1]],
        "clicks": retriever.bundle.utility_counts[rows, 0].tolist(),
        "utility": [number(value) for value in worth[rows]],
    }


def coded(texts: Sequence[str]) -> View:
    """Texts as distinct `values`, sorted, and the place of each text among them."""
    values = sorted(set(texts))
    place = {value: code for code, value in enumerate(values)}
    return {"values": values, "codes": [place[text] for text in texts]}


def members_view(retriever: Retriever, user: User, liked: Sequence[str] = ()) -> View:
    """A person's training stickers, by id: [id, cluster of the nearest centroid, clicks]; none without a style.

    liked: the stickers of a visitor, whose style comes from likes and who has no clicks.
    """
    style = retriever.style_of(user)
    if style is None:
        return {"members": []}
    clicks = Counter(interaction.sticker for interaction in retriever.interactions_of(style.user))
    names = sorted({*clicks, *liked})
    nearest = nearest_clusters(retriever, style, names)
    return {"members": [[name, cluster, clicks[name]] for name, cluster in zip(names, nearest, strict=True)]}


def nearest_clusters(retriever: Retriever, style: UserStyle, names: Sequence[str]) -> list[int]:
    """The cluster whose centroid is nearest to each sticker, in the style space."""
    if not names:
        return []
    bundle = retriever.bundle
    rows = np.array([bundle.row_of[name] for name in names])
    vectors = StyleSpace(bundle.style_mean).project(np.asarray(bundle.embeddings[rows], np.float32))
    clusters: list[int] = nearest_cluster(style, vectors).tolist()
    return clusters


def neighbours_view(retriever: Retriever, xy: FloatArray, sticker: str, lookup: Lookup) -> View:
    """A sticker's neighbours in the style space and on the map, and how many are both. QueryError: no such sticker."""
    space = retriever.neighbours(sticker, NEIGHBOURS)
    near = [retriever.bundle.ids[row] for row in nearest_on_map(xy, retriever.bundle.row_of[sticker], NEIGHBOURS)]
    return {
        "space": [{**sticker_brief(lookup(name)), "cosine": number(cosine)} for name, cosine in space],
        "map": [sticker_brief(lookup(name)) for name in near],
        "shared": shared_at_top([name for name, _ in space], near, NEIGHBOURS),
    }


def trust_view(retriever: Retriever, xy: FloatArray) -> View:
    """Trustworthiness of the whole map, judged at "judged" stickers among "among": all, or an even sample of a large
    catalogue, which represents it since both lists of neighbours are drawn from the same stickers; "value" None where
    it is not defined.
    """
    bundle = retriever.bundle
    rows = np.array(evenly(range(len(bundle.ids)), MOST_POINTS), np.intp)
    places = np.array(evenly(range(len(rows)), MOST_JUDGED), np.intp)
    vectors = StyleSpace(bundle.style_mean).project(np.asarray(bundle.embeddings[rows], np.float32))
    value = trustworthiness(vectors, np.asarray(xy[rows]), NEIGHBOURS, places)
    found = None if np.isnan(value) else number(value)
    return {"value": found, "k": NEIGHBOURS, "judged": len(places), "among": len(rows)}
