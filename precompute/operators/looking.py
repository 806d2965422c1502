"""What a picture looks like as a batch operator: a vector a file, by an encoder that decodes what it sees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from persrv.records import FloatArray
from precompute.operators import Batch


class EmbedFiles:
    """{"id", "path"} -> {"id", "vector"}: (N, d) float16. load: makes the encoder of one file."""

    def __init__(self, load: Callable[[], Callable[[Path], FloatArray]]) -> None:
        self.encode = load()

    def __call__(self, batch: Batch) -> Batch:
        vectors = np.stack([self.encode(Path(path)) for path in batch["path"]])
        return {"id": batch["id"], "vector": vectors.astype(np.float16)}
