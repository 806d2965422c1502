"""Entries of a folder of stickers: its files, the files of the packs among them, and what a Telegram export says of its
files.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path, PurePosixPath

from persrv.records import Text
from precompute.datasets import packs, telegram
from precompute.datasets.encodings import legacy_name
from precompute.datasets.no_pictures import is_unfinished
from precompute.runtime.cache import file_digest

UNREADABLE = Text("a file that may not be read", "没有读取权限的文件")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a folder or a pack.

    name: its path below the root, with "/" between folders, a pack being a folder; path: its place on the disk; reason:
    why it is not examined, None if it is; emoji: those that it is known to stand for.
    """

    name: str
    path: Path
    reason: Text | None = None
    emoji: tuple[str, ...] = ()


def entries_of(root: Path, store: Path | None) -> list[Entry]:
    """List the files of a folder, or of a single pack, by name; names that read alike are made distinct.

    store: where packs are unpacked; None to leave them packed.
    """
    found = (
        [Entry(root.name, root)]
        if root.is_file()
        else [Entry(name, path, reason) for name, path, reason in _walk(root)]
    )
    if store is not None:
        found = [each for entry in found for each in _opened(entry, store, root.is_file())]
    return _exported(_apart(sorted(found, key=attrgetter("name", "path"))))


def without_extension(name: str) -> str:
    """A path without its last extension, if that is one."""
    folder, slash, last = name.rpartition("/")
    stem, dot, extension = last.rpartition(".")
    return f"{folder}{slash}{stem}" if dot and stem and 1 <= len(extension) <= 5 else name


# ---- the folder -----------------------------------------------------------------------------------------------------


def _walk(root: Path) -> Iterator[tuple[str, Path, Text | None]]:
    """Yield every entry below the root that is no folder, with the reason why it is not examined, None if it is.

    A link to a folder is not followed, since it may lead back to the root.
    """
    closed: list[Path] = []
    for folder, below, names in os.walk(root, onerror=lambda error: closed.append(Path(error.filename))):
        links = [path for path in (Path(folder, name) for name in below) if path.is_symlink()]
        for path in (*links, *(Path(folder, name) for name in names)):
            name = _name(path, root)
            yield name, path, _unlooked(path, name)
    for path in closed:
        yield _name(path, root), path, Text("a folder that cannot be read", "读不出的文件夹")


def _unlooked(path: Path, name: str) -> Text | None:
    """The reason why the entry at a path is not examined, None for a file that is."""
    if _is_hidden(name):
        return Text("a hidden or system file", "隐藏文件或系统文件")
    try:
        if path.is_file():
            return None
        if path.is_symlink() and path.is_dir():
            return Text("a link to a folder, which is not followed", "指向文件夹的链接（不跟随）")
        if path.is_symlink():
            return Text("a link that leads nowhere", "失效的链接")
    except PermissionError:  # in a folder that may be listed and not entered
        return UNREADABLE
    return Text("neither a file nor a folder", "既不是文件也不是文件夹")


def _name(path: Path, root: Path) -> str:
    """The path below the root in composed Unicode, encodable as UTF-8: on disk a name may be in an old encoding."""
    return unicodedata.normalize("NFC", "/".join(_readable(part) for part in path.relative_to(root).parts))


def _readable(part: str) -> str:
    try:
        part.encode("utf-8")
    except UnicodeEncodeError:
        return legacy_name(os.fsencode(part))
    return part


def _is_hidden(name: str) -> bool:
    parts = name.split("/")
    return any(part.startswith(".") or part == "__MACOSX" for part in parts) or parts[-1].lower() in (
        "thumbs.db",
        "desktop.ini",
    )


def _apart(entries: Sequence[Entry]) -> list[Entry]:
    """The entries with names of their own: of several that read alike, all but the first are numbered before their
    extension, so that what is known by its name is one file.
    """
    taken = {entry.name for entry in entries}
    seen: set[str] = set()
    apart = []
    for entry in entries:
        own, number, stem = entry.name, 1, without_extension(entry.name)
        while own in seen or (number > 1 and own in taken):
            number += 1
            own = f"{stem} ({number}){entry.name[len(stem) :]}"
        seen.add(own)
        apart.append(replace(entry, name=own))
    return apart


# ---- packs ----------------------------------------------------------------------------------------------------------


def _opened(entry: Entry, store: Path, alone: bool) -> Iterator[Entry]:
    """Yield an entry as it is, or the files of the pack that it is, below the pack's name unless it is `alone`."""
    if entry.reason is not None or not _is_pack(entry.path):
        yield entry
        return
    pack = packs.unpacked(entry.path, store / file_digest(entry.path))
    if pack.reason is not None:
        yield replace(entry, reason=pack.reason)
        return
    above, _, _ = entry.name.rpartition("/")
    called = pack.title or PurePosixPath(entry.name).stem
    inside = _common_folder(member.name for member in pack.members) if alone or pack.title else f"{called}/"
    below = "" if alone else f"{above}/{called}/".lstrip("/")
    for member in pack.members:
        name = unicodedata.normalize("NFC", below + member.name.removeprefix(inside))
        hidden = Text("a hidden or system file", "隐藏文件或系统文件") if _is_hidden(name) else None
        yield Entry(name, member.path, member.reason or hidden)


def _is_pack(path: Path) -> bool:
    if is_unfinished(path):
        return False
    try:
        with path.open("rb") as stream:
            return stream.read(4) == packs.SIGN
    except OSError:
        return False


def _common_folder(names: Iterable[str]) -> str:
    """The one folder that holds everything, with its slash; "" where there is none."""
    folders = {name.partition("/")[0] if "/" in name else "" for name in names if not _is_hidden(name)}
    return f"{next(iter(folders))}/" if len(folders) == 1 and folders != {""} else ""


# ---- exports of Telegram --------------------------------------------------------------------------------------------


def _exported(entries: list[Entry]) -> list[Entry]:
    """The entries, with the emoji that exports know of their stickers; what else lies in an export is no sticker."""
    for result in [each for each in entries if each.name.rpartition("/")[2] == telegram.NAME and each.reason is None]:
        export = telegram.export_in(result.path)
        if export is None:
            continue
        below = result.name.removesuffix(telegram.NAME)
        entries = [_of_export(each, below, export) for each in entries]
        known = {each.name for each in entries}
        lost = [file for file in export.emoji if below + file not in known]
        entries += [Entry(below + file, result.path, telegram.NOT_EXPORTED) for file in lost]
        entries += [Entry(below + file, result.path, telegram.LEADS_OUT) for file in export.outside]
        entries += [Entry(result.name, result.path, telegram.NOT_EXPORTED)] * export.absent
    return entries


def _of_export(entry: Entry, below: str, export: telegram.Export) -> Entry:
    if not entry.name.startswith(below) or entry.reason is not None:
        return entry
    if entry.name.removeprefix(below) not in export.emoji:
        return replace(entry, reason=telegram.NO_STICKER)
    if entry.path.is_symlink():
        return replace(entry, reason=telegram.LINK)
    return replace(entry, emoji=export.emoji[entry.name.removeprefix(below)])
