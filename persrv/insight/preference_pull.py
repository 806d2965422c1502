"""The pull of each sticker on a preference: the share of a cluster's member in a person's preference for a sticker.

A preference is a cluster's weight x s . c (styles.preference), and a centroid c is the mean of its members m on the
unit sphere, so its cosine with a sticker s is an exact sum: s . c = sum over members of s . m / |sum of members|. A
member's pull is its summand times the cluster's weight.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from persrv.ranking.styles import StyleSpace, nearest_cluster
from persrv.records import FloatArray, UserStyle
from persrv.retriever import Retriever


def pulls(sticker: FloatArray, members: FloatArray) -> FloatArray:
    """The summand (n,) of each member (n, d) of a cluster in the cosine of a sticker (d,) with its centroid; unit
    vectors.

    Zeros where the members cancel out, so that there is no centroid.
    """
    length = float(np.linalg.norm(members.sum(axis=0)))
    return members @ sticker / np.float32(length) if length else np.zeros(len(members), np.float32)


def cluster_members(retriever: Retriever, style: UserStyle, cluster: int) -> tuple[NDArray[np.intp], FloatArray]:
    """Rows of a person's training stickers that are nearest to the centroid of `cluster`, and their vectors."""
    bundle = retriever.bundle
    rows = np.array(sorted({bundle.row_of[each.sticker] for each in retriever.interactions_of(style.user)}), np.intp)
    if not len(rows):
        return rows, np.zeros((0, style.centroids.shape[1]), np.float32)
    vectors = StyleSpace(bundle.style_mean).project(np.asarray(bundle.embeddings[rows], np.float32))
    here = nearest_cluster(style, vectors) == cluster
    return rows[here], vectors[here]
