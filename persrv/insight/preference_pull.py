"""The pull of each sticker on a preference: the share of a cluster's member in a person's preference for a sticker.

What a cluster says of a sticker s (styles.taste_rows) is linear in its members m, so it is an exact sum over them. In
a catalogue with a precision matrix P a member m of n adds s . P m / n times the cluster's weight over the person's
deviation; in one without, s . m / |sum of members| times the weight. A member's pull is its summand.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from persrv.ranking.styles import StyleSpace, cluster_weights, nearest_cluster, taste_rows
from persrv.records import FloatArray, UserStyle
from persrv.retriever import Retriever


def pulls(sticker: FloatArray, members: FloatArray) -> FloatArray:
    """The summand (n,) of each member (n, d) of a cluster in the cosine of a sticker (d,) with its centroid; unit
    vectors.

    Zeros where the members cancel out, so that there is no centroid.
    """
    length = float(np.linalg.norm(members.sum(axis=0)))
    return members @ sticker / np.float32(length) if length else np.zeros(len(members), np.float32)


def cluster_pulls(
    style: UserStyle, cluster: int, sticker: FloatArray, members: FloatArray, precision: FloatArray | None
) -> FloatArray:
    """The pull (n,) of each member (n, d) of a style's cluster on a sticker (d,); unit vectors. Together they are what
    the cluster says of the sticker. precision (d, d): of the catalogue, None where styles have no discriminants.
    """
    if style.discriminants is None or precision is None:
        return cluster_weights(style)[cluster] * pulls(sticker, members)
    whole = style.discriminants[cluster]
    scale = float(np.linalg.norm(taste_rows(style)[cluster]) / np.linalg.norm(whole)) if whole.any() else 0.0
    return np.asarray(members @ (precision @ sticker) * (scale / max(1, len(members))), np.float32)


def cluster_members(retriever: Retriever, style: UserStyle, cluster: int) -> tuple[NDArray[np.intp], FloatArray]:
    """Rows of a person's training stickers that are nearest to the centroid of `cluster`, and their vectors."""
    bundle = retriever.bundle
    rows = np.array(sorted({bundle.row_of[each.sticker] for each in retriever.interactions_of(style.user)}), np.intp)
    if not len(rows):
        return rows, np.zeros((0, style.centroids.shape[1]), np.float32)
    vectors = StyleSpace(bundle.style_mean).project(np.asarray(bundle.embeddings[rows], np.float32))
    here = nearest_cluster(style, vectors) == cluster
    return rows[here], vectors[here]
