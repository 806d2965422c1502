"""Results of stages on disk, found again by content: same code, same parameters, same input, same folder.

A stage writes into the folder of its key and, last of all, `done.json`, which lists its files and their common hash.
That hash is what later stages put into *their* key, so a stage whose result did not change makes nobody repeat work.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

DONE = "done.json"
_KEY_LENGTH = 16


def digest(*parts: object) -> str:
    """Hex SHA-256 of values, typed and length-prefixed so that ("ab", "c") and ("a", "bc") differ.

    Takes None, bool, int, float, str, bytes, arrays, frozen dataclasses, and mappings and sequences of these.
    """
    total = hashlib.sha256()
    for part in parts:
        kind, content = _bytes_of(part)
        total.update(f"{kind}:{len(content)}:".encode())
        total.update(content)
    return total.hexdigest()


def _bytes_of(part: object) -> tuple[str, bytes]:
    if part is None or isinstance(part, bool | int | float):
        return type(part).__name__, repr(part).encode()
    if isinstance(part, str):
        return "str", part.encode("utf-8", "surrogatepass")
    if isinstance(part, bytes):
        return "bytes", part
    if isinstance(part, np.ndarray):
        return f"array{part.shape}{part.dtype.str}", np.ascontiguousarray(part).tobytes()
    if is_dataclass(part) and not isinstance(part, type):
        return type(part).__name__, digest(asdict(part)).encode()
    if isinstance(part, Mapping):
        return "mapping", "".join(digest(key, part[key]) for key in sorted(part)).encode()
    if isinstance(part, Iterable):
        return "sequence", "".join(digest(item) for item in part).encode()
    raise TypeError(f"a {type(part).__name__} has no digest")


def packages(names: Iterable[str]) -> dict[str, str]:
    """Package -> installed version, as it goes into keys and into the provenance."""
    return {name: version(name) for name in sorted(names)}


def file_digest(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_atomic(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError:  # such as a full disk
        temporary.unlink(missing_ok=True)
        raise


def write_json(path: Path, document: object) -> None:
    """Write JSON atomically: sorted keys, real characters, no NaN."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    write_atomic(path, text.encode())


def write_array(path: Path, array: NDArray[np.generic]) -> None:
    """Write a .npy file so that it is there whole, or not at all."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    write_atomic(path, buffer.getvalue())


def read_lines(store: Path) -> list[dict[str, Any]]:
    """The JSON objects of a file that grows line by line; [] where there is none.

    A last line that was cut short by a crash is removed from the file.
    """
    if not store.is_file():
        return []
    whole, _, torn = store.read_bytes().rpartition(b"\n")
    if torn:
        with store.open("r+b") as stream:
            stream.truncate(len(whole) + 1 if whole else 0)
    return [json.loads(line) for line in whole.decode("utf-8").split("\n") if line]


@dataclass(frozen=True, slots=True)
class Done:
    """Record of a finished stage: hash of its files, and its report (seconds, gates, measurements)."""

    output: str
    report: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Slot:
    """The folder of one stage under one key. Files whose names start with a dot are work in progress, not results."""

    folder: Path
    key: str

    def done(self) -> Done | None:
        """The stage's record, or None where it did not finish or a result is missing or cut short."""
        try:
            record = json.loads((self.folder / DONE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if record["key"] != self.key or record["files"] != {p: s for p, (s, _) in self._files(False).items()}:
            return None
        return Done(record["output"], record["report"])

    def finish(self, report: Mapping[str, Any]) -> Done:
        """Declare the folder's files to be the stage's result."""
        files = self._files(True)
        output = digest({path: content for path, (_, content) in files.items()})
        sizes = {path: size for path, (size, _) in files.items()}
        write_json(self.folder / DONE, {"key": self.key, "files": sizes, "output": output, "report": dict(report)})
        return Done(output, dict(report))

    def _files(self, hashed: bool) -> dict[str, tuple[int, str]]:
        """Path -> (bytes, hash or "")."""
        found = {}
        for path in sorted(self.folder.rglob("*")):
            relative = path.relative_to(self.folder)
            if path.is_file() and path.name != DONE and not any(part.startswith(".") for part in relative.parts):
                found[relative.as_posix()] = (path.stat().st_size, file_digest(path) if hashed else "")
        return found


@dataclass(frozen=True, slots=True)
class Cache:
    """Slots of a build, under one folder: <root>/<stage>/<beginning of the key>."""

    root: Path

    def slot(self, stage: str, *parts: object) -> Slot:
        """The slot of a stage for this code, these parameters and this input; its folder exists."""
        key = digest(stage, *parts)
        folder = self.root / stage / key[:_KEY_LENGTH]
        folder.mkdir(parents=True, exist_ok=True)
        return Slot(folder, key)
