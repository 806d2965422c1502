"""Utility counts (Eq. 1-3) of training interactions; normalisation, base and weights are chosen at search time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from persrv.ranking import utility
from precompute.fit.split import TrainInteractions, training_rows


def count(train: TrainInteractions, sticker_ids: Sequence[str]) -> NDArray[np.int32]:
    """Clicks, distinct people and distinct queries of every sticker: (N, 3), in the order of the ids."""
    return utility.counts(training_rows(train), sticker_ids)
