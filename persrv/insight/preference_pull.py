"""Whose pull a preference is: the very stickers of a person that lie behind the cluster it comes from.

A preference is a cluster's weight x s . c (styles.preference), and a centroid c is the mean of its members m on the
unit sphere, so its cosine with a sticker s falls apart exactly: s . c = sum over members of s . m / |sum of members|.
Each summand, times the cluster's weight, is what that member pulls.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from persrv.ranking.styles import StyleSpace, nearest_cluster
from persrv.records import FloatArray, UserStyle
from persrv.retriever import Retriever


def pulls(sticker: FloatArray, members: FloatArray) -> FloatArray:
    """What each member (n, d) of a cluster adds to the cosine of a sticker (d,) with its centroid; (n,), unit vectors.

    Zeros where the members cancel out, so that there is no centroid.
    """
    length = float(np.linalg.norm(members.sum(axis=0)))
    return members @ sticker / np.float32(length) if length else np.zeros(len(members), np.float32)


def cluster_members(retriever: Retriever, style: UserStyle, cluster: int) -> tuple[NDArray[np.intp], FloatArray]:
    """Rows of the stickers someone clicked in training that lie nearest to this centroid, and their vectors."""
    bundle = retriever.bundle
    rows = np.array(sorted({bundle.row_of[each.sticker] for each in retriever.interactions_of(style.user)}), np.intp)
    if not len(rows):
        return rows, np.zeros((0, style.centroids.shape[1]), np.float32)
    vectors = StyleSpace(bundle.style_mean).project(np.asarray(bundle.embeddings[rows], np.float32))
    here = nearest_cluster(style, vectors) == cluster
    return rows[here], vectors[here]
