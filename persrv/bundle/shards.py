"""Pictures of a large catalogue: plain tar files, and a table with the place of each picture.

A folder of half a million files is slow to copy, to list and to delete, and listing them would make up most of the
manifest. A shard is a tar that any tool unpacks: below the bundle's folder, the pictures then lie where each sticker's
`image` says, as in a small catalogue.
"""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from persrv.bundle import layout
from persrv.bundle.plain import plain
from persrv.errors import DataError

#: Bytes after which the next shard begins.
SHARD_BYTES = 256 * 1024 * 1024

_NOWHERE = (-1, 0, 0)


def shard_name(number: int) -> str:
    """The path of a shard inside the bundle."""
    return f"{layout.IMAGES}/{number:05d}.tar"


class ShardWriter:
    """Writes pictures one after the other. `places`: (shard, offset, bytes) row by row."""

    def __init__(self, folder: Path, shard_bytes: int = SHARD_BYTES) -> None:
        if shard_bytes < 1:
            raise DataError(f"Shards of {shard_bytes} bytes", "at least 1", "Leave it out for the usual size.")
        self._folder, self._limit = folder, shard_bytes
        self._tar: tarfile.TarFile | None = None
        self._number = -1
        self.places: list[tuple[int, int, int]] = []

    def __enter__(self) -> ShardWriter:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._tar is not None:
            self._tar.close()

    def skip(self) -> None:
        """Note that the next row has no picture."""
        self.places.append(_NOWHERE)

    def add(self, name: str, content: bytes) -> None:
        """Append the picture of the next row under the path `name`; the same pictures give the same bytes."""
        tar = self._shard()
        header = tarfile.TarInfo(name)  # no time, no owner
        header.size = len(content)
        offset = tar.offset + len(header.tobuf(tar.format, tar.encoding, tar.errors))
        tar.addfile(header, io.BytesIO(content))
        self.places.append((self._number, offset, len(content)))

    def _shard(self) -> tarfile.TarFile:
        """The tar that takes the next picture: a new one where the last is full."""
        if self._tar is None or self._tar.offset >= self._limit:
            if self._tar is not None:
                self._tar.close()
            self._number += 1
            path = self._folder / shard_name(self._number)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._tar = tarfile.open(path, "w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        return self._tar


def places_to_columns(places: list[tuple[int, int, int]]) -> dict[str, pa.Array]:
    """Places row by row -> their table, column by column."""
    numbers = np.array(places, np.int64).reshape(len(places), 3)
    return {
        "shard": pa.array(numbers[:, 0].astype(np.int32)),
        "offset": pa.array(numbers[:, 1]),
        "bytes": pa.array(numbers[:, 2]),
    }


def misplaced(shard: NDArray[np.int32], offset: NDArray[np.int64], size: NDArray[np.int64], bytes_of: list[int]) -> int:
    """The first row whose picture reaches outside its shard, -1 without one; bytes_of: the size of every shard."""
    known = (shard >= -1) & (shard < len(bytes_of))
    limit = np.array([*bytes_of, 0], np.int64)[np.where(known, shard, -1)]  # -1: the 0 at the end
    bad = np.flatnonzero(~known | (offset < 0) | (size < 0) | (size > limit - offset) | ((shard < 0) & (offset > 0)))
    return int(bad[0]) if bad.size else -1


def read_picture(folder: Path, shard: int, offset: int, size: int) -> bytes:
    """Read the bytes of one picture from its shard. BundleError where the shard is a link."""
    with plain(folder, shard_name(shard)).open("rb") as stream:
        stream.seek(offset)
        return stream.read(size)
