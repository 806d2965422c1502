"""Style clusters: for each person, k-means over the stickers clicked in training, in the style space."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from persrv.ranking import styles
from persrv.records import FloatArray, UserStyle
from precompute.fit.split import TrainInteractions, training_rows


def catalogue_mean(embeddings: NDArray[np.floating]) -> FloatArray:
    """The mean (d,) of the catalogue's unit vectors (N, d): what all stickers share and no taste can depend on."""
    return np.asarray(np.asarray(embeddings, np.float64).mean(axis=0), np.float32)


def catalogue_precision(embeddings: NDArray[np.floating], mean: FloatArray) -> FloatArray:
    """The precision matrix (d, d) of the catalogue (N, d) in the style space (persrv.ranking.styles)."""
    return styles.precision_matrix(styles.StyleSpace(mean).project(np.asarray(embeddings, np.float32)))


def fit(
    train: TrainInteractions,
    sticker_ids: Sequence[str],
    embeddings: NDArray[np.floating],
    mean: FloatArray,
    clusters: int,
    seed: int,
    discriminant: bool = True,
) -> tuple[UserStyle, ...]:
    """The style of every person, in the order of their ids. embeddings: (N, d) raw unit rows, row i for sticker_ids[i].

    A sticker counts once, however often the person clicked it. discriminant: whether styles have discriminants.
    """
    row_of = {name: row for row, name in enumerate(sticker_ids)}
    vectors = styles.StyleSpace(mean).project(np.asarray(embeddings, np.float32))
    precision = styles.precision_matrix(vectors) if discriminant else None
    clicked: dict[str, set[str]] = {}
    for interaction in training_rows(train):
        clicked.setdefault(interaction.user, set()).add(interaction.sticker)
    return tuple(
        styles.fit_user_style(user, names, vectors[[row_of[name] for name in names]], clusters, seed, precision)
        for user, names in ((user, sorted(clicked[user])) for user in sorted(clicked))
    )
