"""Results of a task on disk: a file a finished batch, there whole or not at all, so that nothing is computed twice.

What was computed is found again by the id of each row, which is a hash of what it was computed from. A run that was
killed goes on with the rows that are missing, and so does a catalogue that has grown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from precompute.runtime.cache import Slot, digest, write_atomic
from precompute.runtime.operators import Batch, Engine, Task
from precompute.runtime.progress import Report, silent

#: A task without a batch size of its own gets about so many batches, of so many rows at most.
_SHARES = 64
_LARGEST = 256

_ENDING = ".arrow"


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns with a row for every sticker, computed when they are called for; finished batches stay in `slot`.

    A sticker whose row the operator leaves out, because it cannot compute it, has none, and is tried again next time.

    keys: sticker id -> hash of all that its row depends on, in the order in which rows are computed; paths: sticker id
    -> the file to look at.
    """

    task: Task
    keys: Mapping[str, str]
    paths: Mapping[str, Path]
    slot: Slot
    engine: Engine

    def only(self, names: Collection[str]) -> Columns:
        """The same columns for some of the stickers."""
        return replace(self, keys={name: key for name, key in self.keys.items() if name in names})

    def missing(self) -> tuple[str, ...]:
        """The stickers whose rows have still to be computed, in the order of `keys`."""
        known = _known(_shards(_batches_in(self.slot)))
        return tuple(name for name, key in self.keys.items() if key not in known)

    def __call__(self, report: Report = silent) -> Batch:
        """Compute all columns by name, a row a sticker in the order of `keys`; "id" holds the stickers' ids. Only "id",
        empty, where there is no row.
        """
        files = {key: self.paths[name] for name, key in self.keys.items()}  # each picture once
        found = compute(self.task, files, _batches_in(self.slot), self.engine, report)
        row = {str(key): number for number, key in enumerate(found["id"])}
        names = [name for name, key in self.keys.items() if key in row]
        chosen = np.array([row[self.keys[name]] for name in names], np.intp)
        return {**{name: values[chosen] for name, values in found.items()}, "id": np.array(names, object)}


def compute(task: Task, paths: Mapping[str, Path], folder: Path, engine: Engine, report: Report = silent) -> Batch:
    """The task's columns for every row, in the order of `paths`; `folder` keeps what is finished. A row that the
    operator leaves out is missing.

    paths: id (a hash of what the result depends on) -> the file to look at.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = _shards(folder)
    known = _known(found)
    missing = [name for name in paths if name not in known]
    done = len(paths) - len(missing)
    report(done, len(paths))
    for shard in engine(task, _batches(missing, paths, task.batch)) if missing else ():
        if len(shard["id"]):
            _save(folder, shard)
            found.append(shard)
        done += len(shard["id"])
        report(done, len(paths))
    return _in_order(found, list(paths))


def _batches_in(slot: Slot) -> Path:
    """Folder where a slot keeps its finished batches."""
    return slot.folder / "batches"


def _shards(folder: Path) -> list[Batch]:
    """The finished batches in a folder."""
    return [shard for path in sorted(folder.glob(f"*{_ENDING}")) if (shard := _load(path)) is not None]


def _known(shards: Iterable[Batch]) -> set[str]:
    """The ids of all rows of finished batches."""
    return {str(name) for shard in shards for name in shard["id"].tolist()}


def _batches(missing: list[str], paths: Mapping[str, Path], size: int) -> list[Batch]:
    size = size or min(max(len(missing) // _SHARES, 1), _LARGEST)
    parts = (missing[start : start + size] for start in range(0, len(missing), size))
    return [{"id": np.array(part), "path": np.array([str(paths[name]) for name in part])} for part in parts]


def _in_order(shards: Iterable[Batch], names: list[str]) -> Batch:
    """Join shards to one batch with the rows of `names` in their order; rows of other names are left out."""
    shards = list(shards)
    if not shards:
        return {"id": np.array([], object)}
    whole = {column: np.concatenate([shard[column] for shard in shards]) for column in shards[0]}
    row = {str(name): number for number, name in enumerate(whole["id"])}
    chosen = np.array([row[name] for name in names if name in row], np.int64)
    return {column: values[chosen] for column, values in whole.items()}


# ---- files ----------------------------------------------------------------------------------------------------------


def _save(folder: Path, shard: Batch) -> None:
    sink = pa.BufferOutputStream()
    table = pa.table({column: _to_arrow(values) for column, values in shard.items()})
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    names = sorted(str(name) for name in shard["id"])
    write_atomic(folder / f"{digest(names)[:16]}{_ENDING}", sink.getvalue().to_pybytes())


def _load(path: Path) -> Batch | None:
    """A shard, or None where the disk has damaged it: then it is computed anew."""
    try:
        with pa.memory_map(str(path)) as source:
            table = pa.ipc.open_file(source).read_all()
            return {column: _from_arrow(table[column].combine_chunks()) for column in table.column_names}
    except (pa.ArrowInvalid, OSError):
        path.unlink()
        return None


def _to_arrow(values: NDArray[Any]) -> Any:
    """Texts as strings, rows of a matrix as lists of one length."""
    if values.ndim == 2:
        flat = pa.array(np.ascontiguousarray(values).ravel())
        return pa.FixedSizeListArray.from_arrays(flat, values.shape[1])
    return pa.array(values.tolist() if values.dtype.kind in "OU" else values)


def _from_arrow(column: Any) -> NDArray[Any]:
    if pa.types.is_fixed_size_list(column.type):
        width = column.type.list_size
        return np.array(column.flatten().to_numpy(zero_copy_only=False)).reshape(-1, width)
    return np.array(column.to_pylist(), object) if pa.types.is_string(column.type) else np.array(column)
