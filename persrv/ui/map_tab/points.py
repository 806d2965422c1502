"""What the browser draws the map from: every point once, in columns, and the points of a person who is chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from persrv.neighbourhood import nearest_on_map, trustworthiness
from persrv.overlap import shared_at_top
from persrv.records import FloatArray, UserStyle
from persrv.retriever import Retriever, User
from persrv.styles import StyleSpace, nearest_cluster
from persrv.ui.views import Lookup, View, number, sticker_brief

#: Points a browser is sent; of a larger catalogue an even sample, and everything that somebody clicked.
MOST_POINTS = 10_000

#: Neighbours held against each other, in the space and on the map.
NEIGHBOURS = 10

#: Stickers whose neighbourhoods are looked at to judge the whole map.
MOST_JUDGED = 500

#: Labels that say what a picture shows; the map's card names them.
DEPICTED: tuple[str, ...] = ("character", "style", "situation")


def shown_rows(retriever: Retriever, most: int = MOST_POINTS) -> NDArray[np.intp]:
    """Rows of the points to be sent, in order: all of them, or `most` at even distances and every clicked one."""
    size = len(retriever.bundle.ids)
    if size <= most:
        return np.arange(size)
    clicked = np.flatnonzero(retriever.bundle.utility_counts[:, 0])
    return np.union1d(np.arange(most) * size // most, clicked)


def points_view(retriever: Retriever, rows: NDArray[np.intp], xy: FloatArray) -> View:
    """Points column by column: rows (n,) of the catalogue with their places; labels as codes into their values."""
    stickers = [retriever.bundle.stickers[row] for row in rows.tolist()]
    worth, _ = retriever.utility()
    labels = {key: [sticker.labels.get(key, "") for sticker in stickers] for key in DEPICTED}
    labels["style"] = [label or s.series for label, s in zip(labels["style"], stickers, strict=True)]
    return {
        "total": len(retriever.bundle.ids),
        "ids": [sticker.id for sticker in stickers],
        "images": [sticker.image for sticker in stickers],
        "texts": [sticker.ocr for sticker in stickers],
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

    liked: the stickers of somebody who brings a style of their own, and has no clicks.
    """
    style = retriever.style_of(user)
    if style is None:
        return {"members": []}
    clicks = Counter(interaction.sticker for interaction in retriever.interactions_of(style.user))
    names = sorted({*clicks, *liked})
    nearest = nearest_clusters(retriever, style, names)
    return {"members": [[name, cluster, clicks[name]] for name, cluster in zip(names, nearest, strict=True)]}


def nearest_clusters(retriever: Retriever, style: UserStyle, names: Sequence[str]) -> list[int]:
    """The cluster of a style whose centroid is nearest to each sticker, in the style space."""
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
    """Trustworthiness of the whole map, judged at `judged` stickers; value None where it is not defined."""
    bundle = retriever.bundle
    judged = min(MOST_JUDGED, len(bundle.ids))
    rows = np.arange(judged) * len(bundle.ids) // max(judged, 1)
    vectors = StyleSpace(bundle.style_mean).project(np.asarray(bundle.embeddings, np.float32))
    value = trustworthiness(vectors, np.asarray(xy), NEIGHBOURS, rows)
    return {"value": None if np.isnan(value) else number(value), "k": NEIGHBOURS, "judged": judged}
