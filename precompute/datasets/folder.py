"""A folder of stickers as people have them: nested, animated, oddly named, partly broken, packs among them.

Files are judged by their content, never by their name. A file that cannot become a sticker is dropped and counted by
reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from persrv.errors import DataError
from persrv.records import Text
from precompute.datasets.dropped import Dropped
from precompute.datasets.entries import Entry, entries_of, without_extension
from precompute.datasets.looking import Look, look_at
from precompute.datasets.opening import FORMATS
from precompute.runtime.progress import Report, silent


@dataclass(frozen=True, slots=True)
class Found:
    """A picture of the folder.

    series: its folder relative to the root, "" at the top; names: every relative path under which the same bytes were
    found, its own first; emoji: those it was sent as; packs: the titles of the packs that its metadata names.
    """

    id: str
    path: Path
    series: str
    digest: str
    width: int
    height: int
    frames: int
    names: tuple[str, ...]
    emoji: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scan:
    """The pictures of a folder by id, the number of files examined, and the files that were dropped."""

    pictures: tuple[Found, ...]
    files: int
    dropped: Dropped

    def aliases(self) -> dict[str, str]:
        """Map each name by which an interaction may call a picture to the picture's id. The names are id, file name and
        path, each with and without extension. A name that two pictures share is left out, except that an id always
        means its own picture.
        """
        owners: dict[str, set[str]] = {}
        for picture in self.pictures:
            for name in picture.names:
                for way in _ways(name):
                    owners.setdefault(way, set()).add(picture.id)
        found = {way: next(iter(ids)) for way, ids in owners.items() if len(ids) == 1}
        return found | {picture.id: picture.id for picture in self.pictures}


def scan(root: Path, workers: int = 1, report: Report = silent, store: Path | None = None) -> Scan:
    """Examine every file below `root`, or of the one pack that `root` is. DataError if there is no such folder, or no
    picture in it.

    store: keeps what was seen, what packs hold, and what videos became, so that the next scan looks only at what is
    new; None: nothing is kept, and packs and videos are left out.
    """
    if not root.is_dir() and (store is None or not root.is_file()):
        raise DataError(f"{root} is no folder", "a folder of stickers, or a pack of them", "Give one with --images.")
    dropped = Dropped()
    entries = entries_of(root, None if store is None else store / "packs")
    for entry in entries:
        if entry.reason is not None:
            dropped.add(entry.reason, entry.name)
    files = [entry for entry in entries if entry.reason is None]
    looks = look_at([entry.path for entry in files], store, workers, report)
    looked: list[tuple[Entry, Look]] = []
    for entry, look in zip(files, looks, strict=True):
        if look.reason is not None:
            dropped.add(look.reason, entry.name)
        else:
            looked.append((entry, look))
    pictures = _merged(looked, dropped, store)
    if not pictures:
        raise DataError(
            f"No picture among the {len(entries)} files of {root}" + (f" ({dropped})" if dropped.counts else ""),
            f"pictures ({', '.join(FORMATS)})",
            "Give another folder with --images.",
        )
    return Scan(pictures, len(entries), dropped)


def _merged(looked: Sequence[tuple[Entry, Look]], dropped: Dropped, store: Path | None) -> tuple[Found, ...]:
    """Merge files of the same bytes to one picture, the first by name. Other files are dropped, their names kept."""
    groups: dict[str, list[tuple[Entry, Look]]] = {}
    for entry, look in looked:
        groups.setdefault(look.digest, []).append((entry, look))
    for others in groups.values():
        for entry, _ in others[1:]:
            dropped.add(Text("the same picture as another file", "与另一个文件是同一张图"), entry.name)
    ids = _ids([entries[0][0].name for entries in groups.values()])
    found = []
    for group in groups.values():
        entry, look = group[0]
        said = dict.fromkeys(each for entry, look in group for each in (*entry.emoji, *look.emoji))
        found.append(
            Found(
                id=ids[entry.name],
                path=look.path(entry.path, store),
                series=entry.name.rpartition("/")[0],
                digest=look.digest,
                width=look.width,
                height=look.height,
                frames=look.frames,
                names=tuple(entry.name for entry, _ in group),
                emoji=tuple(said),
                packs=tuple(dict.fromkeys(look.pack for _, look in group if look.pack)),
            )
        )
    return tuple(sorted(found, key=lambda picture: picture.id))


def _ids(names: Sequence[str]) -> dict[str, str]:
    """Path -> id. The id is the file's name without extension if no other file has it, else the path without extension,
    else the whole path.
    """
    ids: dict[str, str] = {}
    for way in (_stem, without_extension):
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
    yield without_extension(name)
    yield _stem(name)


def _stem(name: str) -> str:
    return without_extension(name).rpartition("/")[2]
