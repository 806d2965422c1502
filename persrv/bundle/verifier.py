"""Verifying a bundle byte by byte: every hash, shape, id, range and picture."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from persrv.bundle import layout
from persrv.bundle.checks import Defect, Parts, defects
from persrv.bundle.derivation import contradictions
from persrv.bundle.plain import plain
from persrv.bundle.reader import read_index, read_manifest, read_parts
from persrv.bundle.shards import read_picture
from persrv.bundle.understanding import read_lexicon, read_meaning
from persrv.errors import BundleError, PersrvError
from persrv.files.picture_files import open_picture

_BATCH = 4096


def verify(path: Path | str) -> list[str]:
    """Examine a bundle: the first defect of each kind, a sentence each; an empty list for a sound bundle."""
    first: dict[str, str] = {}
    for defect in _examine(Path(path)):
        first.setdefault(defect.kind, str(defect))
    return list(first.values())


def _examine(folder: Path) -> Iterator[Defect]:
    """Yield defects of the manifest, then of files, then of contents; contents only where the bytes are as written."""
    try:
        if (folder / layout.MANIFEST).exists():
            plain(folder, layout.MANIFEST)
        manifest = layout.migrate(layout.read_json(folder / layout.MANIFEST))
    except PersrvError as error:
        yield Defect("manifest", error.found, error.expected)
        return
    damaged = list(_manifest_defects(folder, manifest)) + list(_file_defects(folder, manifest))
    yield from damaged
    yield from _listing_defects(folder, manifest)
    try:
        read_manifest(folder)
    except BundleError as error:
        if not damaged:
            yield Defect("manifest", error.found, error.expected)
        return
    if any(defect.kind in ("hash", "path", "plain file") for defect in damaged):
        return
    try:
        parts = read_parts(folder, manifest, thorough=True)
    except BundleError as error:
        yield Defect("schema", error.found, error.expected)
        return
    found = list(defects(parts))
    yield from found
    try:
        index = read_index(folder, manifest, parts.size, thorough=True)
        if not found:
            yield from contradictions(parts, index)
    except BundleError as error:
        yield Defect("index", error.found, error.expected)
    try:
        read_meaning(folder, manifest, parts.size, thorough=True)
        read_lexicon(folder, manifest)
    except BundleError as error:
        yield Defect("meaning", error.found, error.expected)
    yield from _picture_defects(parts)


def _manifest_defects(folder: Path, manifest: dict[str, Any]) -> Iterator[Defect]:
    """Check that bundle.json is, to the byte, what the writer wrote."""
    try:
        intact = (folder / layout.MANIFEST).read_bytes() == layout.canonical(manifest).encode()
        intact = intact and manifest.get("manifest_sha256") == layout.manifest_hash(manifest)
    except ValueError:
        intact = False
    if not intact:
        yield Defect("manifest", f"{layout.MANIFEST} was changed after it was written", "the text whose hash it states")


def _file_defects(folder: Path, manifest: dict[str, Any]) -> Iterator[Defect]:
    """Check that every listed file is in the folder, with its size and hash."""
    files = manifest.get("files")
    if not isinstance(files, dict):
        return
    for name in files:
        try:
            size = layout.stated_size(files, name)
        except BundleError as error:
            yield Defect("path", error.found, error.expected)
            continue
        path = folder / name
        if not path.exists() and not path.is_symlink():
            yield Defect("missing file", f"{name} is missing", "every file that bundle.json lists")
            continue
        try:
            plain(folder, name)
        except BundleError as error:
            yield Defect("plain file", error.found, error.expected)
            continue
        if path.stat().st_size != size:
            yield Defect("size", f"{name} has {path.stat().st_size} bytes", f"{size} bytes")
        elif layout.sha256_of(path) != files[name]["sha256"]:
            yield Defect("hash", f"{name} has another SHA-256 than bundle.json states", "the bytes that were written")


def _listing_defects(folder: Path, manifest: dict[str, Any]) -> Iterator[Defect]:
    """Check `content_hash` against the listed files, and that nothing else lies in the folder."""
    files = manifest.get("files")
    if not isinstance(files, dict):
        return
    try:
        counted = layout.content_hash(files)
    except (KeyError, TypeError):  # an odd entry, told by _file_defects
        counted = None
    if counted is not None and manifest.get("content_hash") != counted:
        yield Defect("content hash", "content_hash is not that of the files bundle.json lists", counted)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name != layout.MANIFEST and name not in files and (path.is_symlink() or not path.is_dir()):
            yield Defect("unlisted file", f"bundle.json does not list {name}", "no other files in a bundle")


def _picture_defects(parts: Parts) -> Iterator[Defect]:
    """Check that every picture can be decoded and has the size that its sticker states; reads a few rows at a time."""
    names = ("image", "width", "height")
    for start in range(0, parts.size, _BATCH):
        columns = [parts.stickers.column(name).slice(start, _BATCH).to_pylist() for name in names]
        places = [None] * len(columns[0]) if parts.places is None else parts.places.slice(start, _BATCH).to_pylist()
        for image, width, height, place in zip(*columns, places, strict=True):
            if image:
                yield from _picture_defect(parts.path, image, place, (width, height))


def _picture_defect(
    folder: Path, name: str, place: Mapping[str, int] | None, stated: tuple[int, int]
) -> Iterator[Defect]:
    from PIL import Image

    unreadable = (OSError, ValueError, SyntaxError, tarfile.TarError, Image.DecompressionBombError)
    try:
        source = folder / name if place is None else io.BytesIO(_member(folder, name, place))
        with open_picture(source) as picture:
            picture.load()
            size = picture.size
    except unreadable as error:
        yield Defect("picture", f"{name} cannot be decoded: {error}", "a picture")
        return
    if size != stated:
        yield Defect("picture size", f"{name} is {size[0]} x {size[1]} pixels", f"{stated[0]} x {stated[1]}")


def _member(folder: Path, name: str, place: Mapping[str, int]) -> bytes:
    """Read a picture from its shard; ValueError where another member of the tar lies at its place."""
    header = read_picture(folder, place["shard"], place["offset"] - tarfile.BLOCKSIZE, tarfile.BLOCKSIZE)
    member = tarfile.TarInfo.frombuf(header, tarfile.ENCODING, "surrogateescape")
    if not member.isreg():
        raise ValueError(f"the tar has {member.name!r} there, which is no plain file")
    if member.size != place["bytes"] or (len(name.encode()) < 100 and member.name != name):
        raise ValueError(f"the tar has {member.name!r} of {member.size} bytes there")
    return read_picture(folder, place["shard"], place["offset"], place["bytes"])
