"""Picture embeddings: a unit vector for each sticker, as batch operators, from files or from decoded frames."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persrv.errors import DataError
from persrv.files.picture_files import open_picture
from persrv.models.encoders import load_image_encoder, unit
from persrv.records import FloatArray
from precompute.runtime.batch_store import Columns
from precompute.runtime.cache import write_array
from precompute.runtime.operators import Batch
from precompute.runtime.progress import Report

#: File of the vectors, below the folder of a stage that embeds.
VECTORS = "embeddings.npy"


class EmbedFiles:
    """The operator {"id", "path"} -> {"id", "vector"}: (N, d) float16. load: makes the encoder of one file. A file that
    it cannot encode has no row, and a line in the log: one such must not end a build.
    """

    def __init__(self, load: Callable[[], Callable[[Path], FloatArray]]) -> None:
        self.encode = load()

    def __call__(self, batch: Batch) -> Batch:
        vectors = {}
        for name, path in zip(batch["id"].tolist(), batch["path"].tolist(), strict=True):
            try:
                vectors[name] = self.encode(Path(path)).astype(np.float16)
            except Exception as error:  # noqa: BLE001  decoders and models raise anything
                sys.stderr.write(f"left out, since it cannot be embedded: {path}: {error}\n")
        return {"id": np.array(list(vectors), object), "vector": np.array(list(vectors.values()), np.float16)}


class Embed:
    """The operator {"id", "frames"} -> {"id", "vector"}: (N, d) float16, the renormalised mean over each picture's
    frames. load: makes the encoder of frames, (F, S, S, 3) uint8 -> (F, d) unit rows.
    """

    def __init__(self, load: Callable[[], Callable[[NDArray[np.uint8]], FloatArray]]) -> None:
        self.embed = load()

    def __call__(self, batch: Batch) -> Batch:
        if not len(batch["id"]):  # none of its pictures could be decoded
            return batch
        vectors = self.embed(np.concatenate(list(batch["frames"])))
        ends = np.cumsum([len(frames) for frames in batch["frames"]])
        parts = np.split(vectors, ends[:-1])
        return {"id": batch["id"], "vector": np.stack([unit(part.mean(axis=0)) for part in parts]).astype(np.float16)}


@dataclass(frozen=True, slots=True)
class _Models:
    """The part of a bundle's interface that an encoder needs."""

    files: Mapping[str, Path]

    def model_path(self, name: str) -> Path | None:
        return self.files.get(name)


def load_file_encoder(models: Mapping[str, Path]) -> Callable[[Path], FloatArray]:
    """The image encoder among a bundle's models (file name -> file), as a function of a picture's file."""
    encode = load_image_encoder(_Models(models))

    def of_file(path: Path) -> FloatArray:
        with open_picture(path) as picture:
            return encode(picture)

    return of_file


def write_vectors(columns: Columns, folder: Path, report: Report) -> dict[str, Any]:
    """Compute the vector of every sticker and write all into the stage's folder. Reports those that have none:
    "unseen". DataError where all have none.
    """
    rows = columns(report)
    if not len(rows["id"]):
        raise DataError("No picture could be embedded", "pictures that the model can look at", "See the log above.")
    write_array(folder / VECTORS, rows["vector"])
    return {"unseen": sorted(set(columns.keys) - set(rows["id"].tolist()))}


def read_vectors(folder: Path) -> NDArray[np.float16]:
    """The vectors (N, d) that `write_vectors` wrote."""
    vectors: NDArray[np.float16] = np.load(folder / VECTORS, allow_pickle=False)
    return vectors
