"""The gates of the Chinese-CLIP where a build is too small for them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from persrv.errors import DataError
from persrv.records import FloatArray
from precompute.demo.situations import SITUATIONS
from precompute.demo.spec import StickerSpec
from precompute.demo.words import world_words
from precompute.models.small.clip_gates import evaluate

SPECS = [StickerSpec(f"s{n}", "cat", "flat", "ok", "", False, n) for n in range(3)]


def never(texts: Sequence[str]) -> FloatArray:
    raise AssertionError("nothing is to be embedded")


@pytest.mark.parametrize(("series", "hidden"), [(False, False), (False, True), (True, False)])
def test_nothing_held_out_is_a_sentence(series: bool, hidden: bool) -> None:
    unseen = np.full(3, hidden)
    words = world_words(SITUATIONS)
    with pytest.raises(DataError, match="Draw more stickers"):
        evaluate(np.eye(3, 8, dtype=np.float32), SPECS, np.full(3, series), unseen, never, words, seed=1)
