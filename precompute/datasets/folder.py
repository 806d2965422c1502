"""A folder of stickers as people have them: nested, animated, oddly named, partly broken.

Files are judged by their content, never by their name. A file that cannot become a sticker is dropped and counted by
reason.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from persrv.errors import DataError
from persrv.records import Text
from precompute.datasets.animation import frame_count, key_numbers
from precompute.datasets.dropped import Dropped
from precompute.datasets.encodings import legacy_name
from precompute.datasets.no_pictures import is_picture, other_kind
from precompute.datasets.opening import FORMATS, MAX_PIXELS, CutShort, TooManyPixels, shown
from precompute.runtime.cache import file_digest
from precompute.runtime.processes import each
from precompute.runtime.progress import Report, silent

_UNREADABLE = Text("a file that may not be read", "没有读取权限的文件")
_DAMAGED = Text("a damaged picture", "损坏的图片")
_TOO_LARGE = Text(
    f"a picture of more than {MAX_PIXELS // 1_000_000} million pixels", f"超过 {MAX_PIXELS // 1_000_000} 百万像素的图片"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A picture of the folder. series: its folder relative to the root, "" at the top; names: every path (relative, "/"
    between folders) under which the same bytes were found, its own first.
    """

    id: str
    path: Path
    series: str
    digest: str
    width: int
    height: int
    frames: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """The pictures of a folder by id, the number of files examined, and the files that were dropped."""

    pictures: tuple[Found, ...]
    files: int
    dropped: Dropped

    def aliases(self) -> dict[str, str]:
        """Every way in which an interaction may name a picture -> its id. The ways are id, file name and path, each
        with and without extension. A name that two pictures share means neither, except that an id always means its own
        picture.
        """
        owners: dict[str, set[str]] = {}
        for picture in self.pictures:
            for name in picture.names:
                for way in _ways(name):
                    owners.setdefault(way, set()).add(picture.id)
        found = {way: next(iter(ids)) for way, ids in owners.items() if len(ids) == 1}
        return found | {picture.id: picture.id for picture in self.pictures}


@dataclass(frozen=True, slots=True)
class _Look:
    """One examined file: the reason why it is no sticker, None for a sticker; its size, frames and hash."""

    reason: Text | None = None
    width: int = 0
    height: int = 0
    frames: int = 0
    digest: str = ""


def scan(root: Path, workers: int = 1, report: Report = silent) -> Scan:
    """Examine every file below `root`. DataError if there is no such folder, or no picture in it."""
    if not root.is_dir():
        raise DataError(f"{root} is no folder", "a folder of stickers", "Give the folder with --images.")
    dropped = Dropped()
    entries = _apart(
        sorted(((_name(path, root), path, reason) for path, reason in _entries(root)), key=itemgetter(0, 1))
    )
    for name, _, reason in entries:
        if reason is not None:
            dropped.add(reason, name)
    files = [(name, path) for name, path, reason in entries if reason is None]
    paths = [path for _, path in files]
    looked: list[tuple[str, Path, _Look]] = []
    for number, ((name, path), look) in enumerate(zip(files, each(_look, paths, workers), strict=True), 1):
        report(number, len(paths))
        if look.reason is not None:
            dropped.add(look.reason, name)
        else:
            looked.append((name, path, look))
    pictures = _merged(looked, dropped)
    if not pictures:
        raise DataError(
            f"No picture among the {len(entries)} files of {root}" + (f" ({dropped})" if dropped.counts else ""),
            f"pictures ({', '.join(FORMATS)})",
            "Give another folder with --images.",
        )
    return Scan(pictures, len(entries), dropped)


def _entries(root: Path) -> Iterator[tuple[Path, Text | None]]:
    """Yield every entry below the root that is no folder, with the reason why it is not examined, None if it is.

    A link to a folder is not followed, since it may lead back to the root.
    """
    closed: list[Path] = []
    for folder, below, names in os.walk(root, onerror=lambda error: closed.append(Path(error.filename))):
        links = [path for path in (Path(folder, name) for name in below) if path.is_symlink()]
        yield from ((path, _unlooked(path, root)) for path in (*links, *(Path(folder, name) for name in names)))
    yield from ((path, Text("a folder that cannot be read", "读不出的文件夹")) for path in closed)


def _unlooked(path: Path, root: Path) -> Text | None:
    """The reason why the entry at a path is not examined, None for a file that is."""
    if _is_hidden(_name(path, root)):
        return Text("a hidden or system file", "隐藏文件或系统文件")
    try:
        if path.is_file():
            return None
        if path.is_symlink() and path.is_dir():
            return Text("a link to a folder, which is not followed", "指向文件夹的链接（不跟随）")
        if path.is_symlink():
            return Text("a link that leads nowhere", "失效的链接")
    except PermissionError:  # in a folder that may be listed and not entered
        return _UNREADABLE
    return Text("neither a file nor a folder", "既不是文件也不是文件夹")


def _name(path: Path, root: Path) -> str:
    """The path below the root in composed Unicode, encodable as UTF-8: on disk a name may be in an old encoding."""
    parts = (_readable(part) for part in path.relative_to(root).parts)
    return unicodedata.normalize("NFC", "/".join(parts))


def _readable(part: str) -> str:
    try:
        part.encode("utf-8")
    except UnicodeEncodeError:
        return legacy_name(os.fsencode(part))
    return part


def _apart(entries: Sequence[tuple[str, Path, Text | None]]) -> list[tuple[str, Path, Text | None]]:
    """The entries with names of their own: of several that read alike, all but the first are numbered before their
    extension, so that what is known by its name is one file.
    """
    taken = {name for name, _, _ in entries}
    seen: set[str] = set()
    apart = []
    for name, path, reason in entries:
        own, number, stem = name, 1, _without_extension(name)
        while own in seen or (number > 1 and own in taken):
            number += 1
            own = f"{stem} ({number}){name[len(stem) :]}"
        seen.add(own)
        apart.append((own, path, reason))
    return apart


def _is_hidden(name: str) -> bool:
    parts = name.split("/")
    return any(part.startswith(".") or part == "__MACOSX" for part in parts) or parts[-1].lower() in (
        "thumbs.db",
        "desktop.ini",
    )


def _look(path: Path) -> _Look:
    """Open a file, decode every frame that would be shown, and describe it; never raises."""
    try:
        with path.open("rb") as stream:
            beginning = stream.read(512)
        if not beginning:
            return _Look(Text("an empty file", "空文件"))
        reason = other_kind(path, beginning)
        return _decoded(path, is_picture(beginning)) if reason is None else _Look(reason)
    except PermissionError:
        return _Look(_UNREADABLE)
    except OSError:
        return _Look(Text("a file that cannot be read", "读不出的文件"))


def _decoded(path: Path, is_one: bool) -> _Look:
    try:
        width, height, frames = shown(path, _measured)
    except UnidentifiedImageError:
        return _Look(_DAMAGED if is_one else Text("not a picture", "不是图片"))
    except (Image.DecompressionBombError, TooManyPixels):
        return _Look(_TOO_LARGE)
    except CutShort:
        return _Look(Text("a picture of which less than half is there: get it again", "缺失过半的图片：请重新获取"))
    except Exception:  # noqa: BLE001  broken bytes make decoders raise anything: ValueError, SyntaxError, ...
        return _Look(_DAMAGED)
    return _Look(None, width, height, frames, file_digest(path))


def _measured(picture: Image.Image) -> tuple[int, int, int]:
    """Width, height and number of frames of a picture whose frames that would be shown all decode."""
    frames = frame_count(picture)
    width, height = picture.size
    if width * height * frames > MAX_PIXELS:
        raise TooManyPixels
    for number in key_numbers(frames):
        picture.seek(number)
        picture.load()
    return width, height, frames


def _merged(looked: Sequence[tuple[str, Path, _Look]], dropped: Dropped) -> tuple[Found, ...]:
    """One picture for all files of the same bytes, the first by name. The other files are dropped, their names kept."""
    groups: dict[str, list[tuple[str, Path, _Look]]] = {}
    for entry in looked:
        groups.setdefault(entry[2].digest, []).append(entry)
    for others in groups.values():
        for name, _, _ in others[1:]:
            dropped.add(Text("the same picture as another file", "与另一个文件是同一张图"), name)
    ids = _ids([entries[0][0] for entries in groups.values()])
    found = []
    for (name, path, look), *others in groups.values():
        series = name.rpartition("/")[0]
        names = (name, *(other for other, _, _ in others))
        found.append(Found(ids[name], path, series, look.digest, look.width, look.height, look.frames, names))
    return tuple(sorted(found, key=lambda picture: picture.id))


def _ids(names: Sequence[str]) -> dict[str, str]:
    """Path -> id. The id is the file's name without extension if no other file has it, else the path without extension,
    else the whole path.
    """
    ids: dict[str, str] = {}
    for way in (_stem, _without_extension):
        owners: dict[str, list[str]] = {}
        for name in names:
            if name not in ids:
                owners.setdefault(way(name), []).append(name)
        taken = set(ids.values())
        ids |= {own[0]: key for key, own in owners.items() if len(own) == 1 and key and key not in taken}
    return ids | {name: name for name in names if name not in ids}


def _ways(name: str) -> Iterator[str]:
    """Yield every way in which an interaction may name a file."""
    yield name
    yield name.rpartition("/")[2]
    yield _without_extension(name)
    yield _stem(name)


def _without_extension(name: str) -> str:
    folder, slash, last = name.rpartition("/")
    stem, dot, extension = last.rpartition(".")
    return f"{folder}{slash}{stem}" if dot and stem and 1 <= len(extension) <= 5 else name


def _stem(name: str) -> str:
    return _without_extension(name).rpartition("/")[2]
