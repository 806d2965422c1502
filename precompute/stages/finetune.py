"""The training set of a LoRA adapter: the stickers of training interactions and the queries typed before a click."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from persrv.files.picture_files import open_picture
from persrv.models.encoders import on_white_square
from precompute.fit.split import TrainInteractions, training_rows
from precompute.models.small.llava_queries import Clicked


def clicked_stickers(
    train: TrainInteractions, ids: Sequence[str], texts: Mapping[str, str], meanings: Mapping[str, str]
) -> tuple[Clicked, ...]:
    """List the clicked stickers among `ids` in their order, each with its OCR text, its distinct queries, and the
    queries of all training stickers of the same meaning (meanings: sticker id -> meaning, "" for none).

    Clicked.picture is the sticker's place in the result. DataError for anything but training interactions.
    """
    queries: dict[str, set[str]] = {}
    kin: dict[str, Counter[str]] = {"": Counter()}
    for row in training_rows(train):
        queries.setdefault(row.sticker, set()).add(row.query)
        if meanings[row.sticker]:
            kin.setdefault(meanings[row.sticker], Counter())[row.query] += 1
    known = [name for name in ids if name in queries]
    return tuple(
        Clicked(name, place, texts[name], tuple(sorted(queries[name])), tuple(sorted(kin[meanings[name]].items())))
        for place, name in enumerate(known)
    )


def pictures_of(paths: Sequence[Path], side: int) -> NDArray[np.uint8]:
    """The first frame of each file on a white square: (N, side, side, 3) uint8 RGB."""
    return np.stack([_picture(path, side) for path in paths])


def _picture(path: Path, side: int) -> NDArray[np.uint8]:
    with open_picture(path) as picture:
        square = on_white_square(picture)
        return np.asarray(square.resize((side, side), Image.Resampling.BICUBIC), np.uint8)
