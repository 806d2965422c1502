"""Novelty: whether a picture is unlike everything that a catalogue, and so the models fitted on it, has seen."""

from __future__ import annotations

import numpy as np

from persrv.retriever import Retriever
from persrv.sampling import evenly

#: A picture is unlike the catalogue where this share of its own stickers, or fewer, are as far from all others.
LONELIEST = 0.02

#: Stickers among which the nearest is looked for, so that a large catalogue costs no more than a small one.
SAMPLE = 3000


def least_likeness(retriever: Retriever) -> float:
    """The cosine, in the style space, that all but the LONELIEST stickers reach with their nearest neighbour.

    -1 for a catalogue of fewer than two stickers.
    """
    bundle = retriever.bundle
    rows = evenly(np.argsort(bundle.tie).tolist(), min(SAMPLE, len(bundle.ids)))
    if len(rows) < 2:
        return -1.0
    vectors = retriever.style_vectors([bundle.ids[row] for row in rows])
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1.0)
    return float(np.quantile(cosines.max(axis=1), LONELIEST))
