"""What the released models see and say, as batch operators on decoded frames: decoding apart, next to no GPU."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from persrv.models.encoders import unit
from persrv.records import FloatArray
from precompute.models.released.pixels import frames_of
from precompute.operators import Batch

#: (F, S, S, 3) uint8 frames -> (F, d) unit rows.
EmbedFrames = Callable[[NDArray[np.uint8]], FloatArray]


class Decode:
    """{"id", "path"} -> {"id", "frames"}: each picture's key frames, (F, side, side, 3) uint8; no model, so it can
    prepare for one."""

    def __init__(self, side: int) -> None:
        self.side = side

    def __call__(self, batch: Batch) -> Batch:
        frames = np.empty(len(batch["id"]), object)
        for place, path in enumerate(batch["path"]):
            frames[place] = frames_of(path, self.side)
        return {"id": batch["id"], "frames": frames}


class Embed:
    """{"id", "frames"} -> {"id", "vector"}: (N, d) float16, the renormalised mean of each picture's frames. load: makes
    the encoder of frames."""

    def __init__(self, load: Callable[[], EmbedFrames]) -> None:
        self.embed = load()

    def __call__(self, batch: Batch) -> Batch:
        vectors = self.embed(np.concatenate(list(batch["frames"])))
        parts = np.split(vectors, frame_ends(batch)[:-1])
        return {"id": batch["id"], "vector": np.stack([unit(part.mean(axis=0)) for part in parts]).astype(np.float16)}


def frame_ends(batch: Batch) -> NDArray[np.int64]:
    """Where each picture's frames end among all frames of a batch."""
    return np.cumsum([len(frames) for frames in batch["frames"]])
