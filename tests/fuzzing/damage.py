"""Damage to a bundle, drawn from a seeded generator: to bytes, files, JSON, tables, arrays and texts.

Half of it is told by hashes that no longer fit. The other half renews them, as somebody who means harm would, so that
only checks of what the files say can tell.
"""

from __future__ import annotations

import contextlib
import copy
import io
import json
import os
import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa

from persrv.bundle import layout, tables

#: Values that no JSON document of a bundle means.
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 2**40, 2**70, 10**400, 1e308, 1e-308, float("nan"), float("inf"), "", "x" * 5000, "no number",
    "'\"><script>alert(1)</script>", "a\nb", "\x00", "\ud800", "../../etc/passwd", [], {}, [None], {"": None}, [[[[]]]],
)  # fmt: skip

NAMES = ("", "'", '"', "a'b\"c", "</script><b>", "名\n字", "\x00", "x" * 3000, "s01", "..", "%2e%2e/", "\u202e", " ")


@dataclass
class Victim:
    """A copy of a bundle that is damaged and repaired again; only what was touched is written."""

    sound: Path
    folder: Path

    def __post_init__(self) -> None:
        shutil.copytree(self.sound, self.folder, copy_function=os.link)
        self.manifest: dict[str, Any] = json.loads((self.sound / layout.MANIFEST).read_text(encoding="utf-8"))
        self.names = sorted(self.manifest["files"])
        self._touched: set[str] = set()

    def path(self, name: str) -> Path:
        """The path of a file that is about to be changed; its old content is another file's now."""
        self._touched.add(name)
        path = self.folder / name
        _remove(path)
        return path

    def read(self, name: str) -> bytes:
        return (self.sound / name).read_bytes()

    def write(self, name: str, content: bytes) -> None:
        self.path(name).write_bytes(content)

    def seal(self, change: Callable[[dict[str, Any]], None] = lambda manifest: None) -> None:
        """Renew every hash, after a change of the manifest that need not leave it one."""
        manifest = copy.deepcopy(self.manifest)
        for name in self._touched & set(manifest["files"]):
            file = self.folder / name
            if file.is_file():
                manifest["files"][name] = {"bytes": file.stat().st_size, "sha256": layout.sha256_of(file)}
        change(manifest)
        with contextlib.suppress(KeyError, TypeError, AttributeError, ValueError):
            manifest["content_hash"] = layout.content_hash(manifest["files"])
        text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=2) + "\n"
        try:
            manifest["manifest_sha256"] = layout.manifest_hash(manifest)
            text = layout.canonical(manifest)
        except ValueError:  # not a number, half a character
            pass
        self.write(layout.MANIFEST, text.encode("utf-8", "surrogatepass"))

    def repair(self) -> None:
        """Make everything as it was; hard links, so that it costs nothing."""
        for name in sorted(self._touched, key=lambda each: each.count("/")):
            _remove(self.folder / name)
            if (self.sound / name).is_dir():
                shutil.copytree(self.sound / name, self.folder / name, copy_function=os.link)
            elif (self.sound / name).is_file():
                os.link(self.sound / name, self.folder / name)
        self._touched.clear()


Damage = Callable[[Random, Victim], str]


def damage(rng: Random, victim: Victim) -> str:
    """Damage a sound victim by one to three deeds; what was done, in words."""
    kinds = rng.choices(list(KINDS), list(KINDS.values()), k=1 if rng.random() < 0.8 else rng.randint(2, 3))
    told = [kind(rng, victim) for kind in kinds]
    return "; ".join(told)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


# ---- bytes ----------------------------------------------------------------------------------------------------------


def bytes_changed(rng: Random, victim: Victim) -> str:
    """Bytes of any file, hashes left or renewed; those of models are whatever the hash says, so they stay as told."""
    name = rng.choice([*victim.names, layout.MANIFEST])
    what, content = _changed(rng, victim, victim.read(name))
    victim.write(name, content)
    sealed = name != layout.MANIFEST and not _is_source(name) and rng.random() < 0.5
    if sealed:
        victim.seal()
    return f"{name}: {what}{', sealed' if sealed else ''}"


def _is_source(name: str) -> bool:
    """Return whether no other file determines a file, so that another sound file in its place makes a sound bundle."""
    return name.endswith(".onnx")


def _changed(rng: Random, victim: Victim, content: bytes) -> tuple[str, bytes]:
    at, end = sorted((rng.randrange(len(content) + 1), rng.randrange(len(content) + 1)))
    flipped = bytearray(content)
    if flipped:
        flipped[rng.randrange(len(flipped))] ^= 1 << rng.randrange(8)
    changes: dict[str, Callable[[], bytes]] = {
        "a bit flipped": lambda: bytes(flipped),
        "zeros": lambda: content[:at] + bytes(end - at) + content[end:],
        "noise": lambda: content[:at] + rng.randbytes(end - at) + content[end:],
        "cut": lambda: content[:at],
        "a piece gone": lambda: content[:at] + content[end:],
        "a piece twice": lambda: content[:end] + content[at:],
        "more at the end": lambda: content + rng.randbytes(rng.randrange(1, 99)),
        "empty": lambda: b"",
        "another file": lambda: victim.read(rng.choice(victim.names)),
    }
    what = rng.choice(list(changes))
    return what, changes[what]()


# ---- files ----------------------------------------------------------------------------------------------------------


def file_replaced(rng: Random, victim: Victim) -> str:
    """A file that is gone, a link, a folder, a pipe or a socket, or a folder that is a link."""
    name = rng.choice(victim.names)
    what = rng.choice(("gone", "link", "link to a secret", "dangling", "folder", "pipe", "linked folder", "extra link"))
    if what == "linked folder":
        folder = name.rpartition("/")[0] or "tables"
        victim.path(folder).symlink_to(victim.sound / folder)
        return f"{folder} is a link"
    if what == "extra link":
        victim.path("images/extra.webp").symlink_to("/etc/hostname")
        return "an unlisted link below images"
    path = victim.path(name)
    if what == "link":
        path.symlink_to(victim.sound / name)
    elif what == "link to a secret":
        path.symlink_to("/etc/hostname")
    elif what == "dangling":
        path.symlink_to("nowhere")
    elif what == "folder":
        path.mkdir()
    elif what == "pipe":
        os.mkfifo(path)
    sealed = what in ("link", "link to a secret") and rng.random() < 0.5
    if sealed:
        victim.seal()
    return f"{name}: {what}{', sealed' if sealed else ''}"


def socket_listed(rng: Random, victim: Victim) -> str:
    """A socket in place of a picture: its path is short enough only where it is named from its folder."""
    name = rng.choice(victim.names)
    path = victim.path(name)
    before = Path.cwd()
    with socket.socket(socket.AF_UNIX) as listener:
        os.chdir(path.parent)
        try:
            listener.bind(path.name[:90])
        finally:
            os.chdir(before)
    return f"{name}: socket"


# ---- JSON -----------------------------------------------------------------------------------------------------------


def json_changed(rng: Random, victim: Victim) -> str:
    """A value of a JSON document replaced, removed, renamed or added; all hashes renewed."""
    names = [name for name in victim.names if name.endswith(".json")]
    name = rng.choice([layout.MANIFEST] * len(names) + names)
    told = ""

    def change(document: dict[str, Any]) -> None:
        nonlocal told
        told = _change_json(rng, document)

    if name == layout.MANIFEST:
        victim.seal(change)
    else:
        document = json.loads(victim.read(name))
        change(document)
        text = json.dumps(document, ensure_ascii=False)
        victim.write(name, text.encode("utf-8", "surrogatepass"))
        victim.seal()
    return f"{name}: {told}"


def json_deep(rng: Random, victim: Victim) -> str:
    """A document nested so deeply that a reader falls over."""
    name = rng.choice([layout.MANIFEST, *(each for each in victim.names if each.endswith(".json"))])
    depth = rng.choice((500, 3000, 100_000))
    content = victim.read(name).rstrip()
    victim.write(name, content[:-1] + b', "deep": ' + b"[" * depth + b"]" * depth + b"}")
    if name != layout.MANIFEST:
        victim.seal()
    return f"{name}: nested {depth} deep"


def _change_json(rng: Random, document: Any) -> str:
    """Change one place of a document, the deeper the likelier."""
    path: list[str] = []
    while True:
        inside = list(document) if isinstance(document, dict) else list(range(len(document)))
        if not inside:
            document.update(odd=1) if isinstance(document, dict) else document.append(1)
            return f"{'.'.join(path)} not empty"
        key = rng.choice(inside)
        path.append(str(key))
        value = document[key]
        if isinstance(value, dict | list) and value and rng.random() < 0.85:
            document = value
            continue
        deed = rng.choice(("odd", "odd", "odd", "gone", "renamed", "added"))
        if deed == "gone":
            del document[key]
        elif deed == "renamed" and isinstance(document, dict):
            document[rng.choice(NAMES)] = document.pop(key)
        elif deed == "added" and isinstance(document, dict):
            document[rng.choice(NAMES)] = copy.deepcopy(value)
        else:
            odd = rng.choice(ODD)
            document[key] = copy.deepcopy(odd)
            deed = f"is {str(odd)[:20]!r}"
        return f"{'.'.join(path)} {deed}"


# ---- tables ---------------------------------------------------------------------------------------------------------


def table_changed(rng: Random, victim: Victim) -> str:
    """A cell, row or column of a table changed; hashes renewed."""
    name = rng.choice([each for each in victim.names if each.endswith(".arrow")])
    with pa.ipc.open_file(pa.py_buffer(victim.read(name))) as reader:
        table = reader.read_all()
    rows, schema = table.to_pylist(), table.schema
    deed = rng.choice(("cell", "cell", "cell", "cell", "row gone", "row twice", "shuffled", "column gone", "retyped"))
    try:
        if deed in ("column gone", "retyped"):
            at = rng.randrange(len(schema))
            column = pa.array([str(row[schema.names[at]]) for row in rows])
            table = table.remove_column(at) if deed == "column gone" else table.set_column(at, schema.names[at], column)
        else:
            deed = _change_rows(rng, rows, deed)
            table = pa.Table.from_pylist(rows, schema=pa.schema([field.with_nullable(True) for field in schema]))
            table = pa.Table.from_arrays(table.columns, schema=schema)
    except (pa.ArrowException, TypeError, ValueError, OverflowError, IndexError):  # Arrow itself refuses such a value
        deed = "nothing"
    if not isinstance(table, pa.Table) or deed == "nothing":
        return f"{name}: nothing"
    tables.write_table(table, victim.path(name))
    victim.seal()
    return f"{name}: {deed}"


def _change_rows(rng: Random, rows: list[dict[str, Any]], deed: str) -> str:
    row = rng.randrange(len(rows))
    if deed == "row gone":
        del rows[row]
    elif deed == "row twice":
        rows.insert(rng.randrange(len(rows)), rows[row])
    elif deed == "shuffled":
        rng.shuffle(rows)
    else:
        key = rng.choice(list(rows[row]))
        rows[row][key] = _odd_cell(rng, rows[row][key])
        deed = f"{key} of row {row} is {str(rows[row][key])[:20]!r}"
    return deed


def _odd_cell(rng: Random, value: Any) -> Any:
    if rng.random() < 0.1:
        return None
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return rng.choice((-1, 0, 1, 2**31 - 1, -(2**31), value + 1))
    if isinstance(value, float):
        return rng.choice((float("nan"), float("inf"), -1.0, 0.0, 1e308, 3.0))
    if isinstance(value, str):
        return rng.choice((*NAMES, value + "!"))
    if value and isinstance(value, list) and isinstance(value[0], tuple):  # a map; Arrow ends the process on others
        return rng.choice(([], value[1:], [(rng.choice(NAMES), value[0][1])]))
    if isinstance(value, list):
        return rng.choice(([], value * 2, [None], [rng.choice(NAMES)], value[1:]))
    return value


# ---- arrays ---------------------------------------------------------------------------------------------------------


def array_changed(rng: Random, victim: Victim) -> str:
    """Numbers, shape, type or header of an array changed; hashes renewed."""
    name = rng.choice([each for each in victim.names if each.endswith(".npy")])
    array = np.load(io.BytesIO(victim.read(name)))
    deed = rng.choice(tuple(ARRAYS))
    sink = io.BytesIO()
    with np.errstate(all="ignore"):
        changed = ARRAYS[deed](rng, array.copy())
    np.save(sink, changed, allow_pickle=False)
    content = sink.getvalue()
    if deed == "vast":
        content = content.replace(f"({len(array)},".encode(), f"({rng.choice((2**40, 2**62))},".encode(), 1)
    victim.write(name, content)
    victim.seal()
    return f"{name}: {deed}"


def _with(rng: Random, array: np.ndarray) -> np.ndarray:
    """Replace one number by one that is odd for its type."""
    if array.size:
        odd: tuple[float, ...] = (-1, 0, 1, 2)
        if array.dtype.kind == "f":
            odd = (np.nan, np.inf, -np.inf, 0.0, 1.0, -1.0, 6e4)
        elif array.dtype.kind == "i":
            limits = np.iinfo(array.dtype)
            odd = (-1, 0, 1, limits.max, limits.min)
        array.flat[rng.randrange(array.size)] = rng.choice(odd)
    return array


def _bit(rng: Random, array: np.ndarray) -> np.ndarray:
    raw = array.view(np.uint8) if array.size else array
    if raw.size:
        raw.flat[rng.randrange(raw.size)] ^= np.uint8(1 << rng.randrange(8))
    return array


def _permuted(rng: Random, array: np.ndarray) -> np.ndarray:
    return array[rng.sample(range(len(array)), len(array))] if array.ndim else array


ARRAYS: dict[str, Callable[[Random, np.ndarray], np.ndarray]] = {
    "an odd number": _with,
    "a bit flipped": _bit,
    "zeroed": lambda _, array: np.zeros_like(array),
    "halved": lambda _, array: (array / 2).astype(array.dtype),
    "shuffled": _permuted,
    "another type": lambda rng, array: array.astype(rng.choice((np.float64, np.int64, np.int8, np.float32))),
    "a row less": lambda _, array: array[:-1],
    "a row more": lambda _, array: np.concatenate([array, array[-1:]]),
    "flat": lambda _, array: array.reshape(-1, 1, 1),
    "negative": lambda _, array: -array if array.dtype.kind != "u" else array[::-1],
    "vast": lambda _, array: array,
}


# ---- texts ----------------------------------------------------------------------------------------------------------


def text_changed(rng: Random, victim: Victim) -> str:
    """A vocabulary of a model: not UTF-8, too short, out of order, twice the same; hashes renewed."""
    name = rng.choice([each for each in victim.names if each.endswith(".txt")])
    lines = victim.read(name).decode().split("\n")
    deed = rng.choice(("not UTF-8", "short", "empty", "shuffled", "twice", "blank", "longer"))
    content = {
        "not UTF-8": lambda: "\n".join(lines).encode() + "你好".encode("gb18030"),
        "short": lambda: "\n".join(lines[: rng.randrange(len(lines))]).encode(),
        "empty": lambda: b"",
        "shuffled": lambda: "\n".join(rng.sample(lines, len(lines))).encode(),
        "twice": lambda: "\n".join([lines[0], *lines]).encode(),
        "blank": lambda: "\n".join("" for _ in lines).encode(),
        "longer": lambda: "\n".join([*lines[:-1], *(f"w{n}" for n in range(500))]).encode(),
    }[deed]()
    victim.write(name, content)
    victim.seal()
    return f"{name}: {deed}"


def vocabulary_changed(rng: Random, victim: Victim) -> str:
    """The number of stickers that an index says it covers, or its tokens; hashes renewed."""
    name = rng.choice([each for each in victim.names if each.endswith("vocabulary.json")])
    document = json.loads(victim.read(name))
    if rng.random() < 0.5:
        document["size"] = rng.choice((2**40, 2**31, 0, -1, 11, 12.5, "12", None))
    elif document.get("tokens"):
        tokens = document["tokens"]
        document["tokens"] = rng.choice((tokens[::-1], ["x" * 9] * len(tokens), tokens[1:], [*tokens[1:], "zzz"]))
    victim.write(name, json.dumps(document, ensure_ascii=False).encode())
    victim.seal()
    return f"{name}: {str(document)[:50]}"


def shard_changed(rng: Random, victim: Victim) -> str:
    """A member of a tar that is a link to elsewhere, or another picture; hashes renewed."""
    shards = [name for name in victim.names if name.endswith(".tar")]
    if not shards:
        return bytes_changed(rng, victim)
    name = rng.choice(shards)
    content = bytearray(victim.read(name))
    at = 512 * rng.randrange(len(content) // 512)
    content[at + 156 : at + 157] = rng.choice((b"2", b"1", b"3", b"5"))  # a link, a hard link, a device, a folder
    content[at + 157 : at + 157 + 11] = b"/etc/passwd"
    victim.write(name, bytes(content))
    victim.seal()
    return f"{name}: a member at {at} is a link"


#: Kind of damage -> its count.
KINDS: dict[Damage, int] = {
    bytes_changed: 5,
    file_replaced: 2,
    socket_listed: 1,
    json_changed: 6,
    json_deep: 1,
    table_changed: 4,
    array_changed: 5,
    text_changed: 2,
    vocabulary_changed: 1,
    shard_changed: 1,
}
