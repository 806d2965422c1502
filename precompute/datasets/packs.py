"""Packs: ZIP archives of stickers, among them WhatsApp's `.wastickers`, unpacked into a folder of ours within limits.

What an archive calls its members is only ever a name: on disk they are numbered, so that no path of a stranger's leads
anywhere. A member that is a link, leads out of the pack, or is not worth its size is left out by name.
"""

from __future__ import annotations

import json
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from persrv.records import Text
from precompute.datasets.encodings import legacy_name
from precompute.runtime.cache import write_json

#: Members of a pack, and bytes of all of them and of one.
MOST_MEMBERS, MOST_BYTES, MOST_MEMBER = 20_000, 2 << 30, 100 << 20

#: A member above so many bytes may be so many times as large as it is packed: pictures are packed already, bombs are
#: not.
RATIO, _RATIO_FROM = 100, 1 << 20

#: File in which a folder of ours lists what was unpacked into it; written last.
_LISTED = "members.json"

#: Members that no pack of stickers has: documents and programs are archives, too.
_OTHERS = ("[Content_Types].xml", "AndroidManifest.xml", "META-INF/MANIFEST.MF", "META-INF/container.xml", "mimetype")

_SIZES = (
    f"at most {MOST_MEMBERS:,} files of {MOST_MEMBER >> 20} MB each, {MOST_BYTES >> 30} GB in all",
    f"至多 {MOST_MEMBERS:,} 个文件，每个 {MOST_MEMBER >> 20} MB，共 {MOST_BYTES >> 30} GB",
)
_BOMB = Text(
    f"a pack that is too large ({_SIZES[0]}): unpack it into the folder",
    f"过大的表情包（{_SIZES[1]}）：请解压到文件夹里",
)
_DAMAGED = Text("a damaged pack or archive: get it again", "损坏的表情包或压缩包：请重新获取")
_LOCKED = Text("a pack with a password: unpack it into the folder", "有密码的表情包：请解压到文件夹里")
_OTHER = Text("a document or program, which is no pack of stickers", "文档或程序，不是表情包")
_LEADS_OUT = Text("a file that would leave its pack", "路径离开表情包的文件")
_LINK = Text("a link in a pack, which is not followed", "表情包里的链接（不跟随）")
_TOO_LARGE = Text(
    f"a file of more than {MOST_MEMBER >> 20} MB in a pack", f"表情包里超过 {MOST_MEMBER >> 20} MB 的文件"
)
_SQUEEZED = Text(
    f"a file that unpacks to more than {RATIO} times its size in a pack", f"表情包里解压后超过 {RATIO} 倍的文件"
)
_TORN = Text("a damaged file in a pack", "表情包里损坏的文件")
_ICON = Text("the icon of a sticker pack", "表情包的图标")
_NESTED = Text("a pack inside a pack: unpack it into the folder", "表情包里的压缩包：请解压到文件夹里")

SIGN = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a pack. name: its path in the pack; path: where it was unpacked; reason: why it was left out, else
    None.
    """

    name: str
    path: Path
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class Pack:
    """Content of an archive. title: the pack's own title, "" without one; reason: why the whole archive is left out,
    None if it is used.
    """

    members: tuple[Member, ...] = ()
    title: str = ""
    reason: Text | None = None


def unpacked(archive: Path, folder: Path) -> Pack:
    """Unpack an archive into `folder`, unless that was done before. OSError where the disk does not take it."""
    try:
        told = json.loads((folder / _LISTED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        pack = _unpack(archive, folder)
        rows = [[each.name, each.path.name, each.reason and each.reason.to_json()] for each in pack.members]
        write_json(
            folder / _LISTED, {"members": rows, "title": pack.title, "reason": pack.reason and pack.reason.to_json()}
        )
        return pack
    members = (Member(name, folder / file, _text(reason)) for name, file, reason in told["members"])
    return Pack(tuple(members), told["title"], _text(told["reason"]))


def _text(told: dict[str, str] | None) -> Text | None:
    return None if told is None else Text.from_json(told)


def _unpack(archive: Path, folder: Path) -> Pack:
    try:
        with zipfile.ZipFile(archive) as opened:
            infos = [info for info in opened.infolist() if not info.is_dir()]
            if reason := _refused(infos):
                return Pack(reason=reason)
            whatsapp = archive.suffix.lower() == ".wastickers"
            members, left = [], MOST_BYTES
            for number, info in enumerate(infos):
                member = _member(opened, info, folder / f"{number:06}{_extension(info.filename)}", left)
                if member.reason is _BOMB:
                    return Pack(reason=_BOMB)
                left -= member.path.stat().st_size if member.reason is None else 0
                members.append(member)
            title = _title(opened, infos) if whatsapp else ""
            return Pack(tuple(_without_icons(members) if whatsapp else members), title)
    except (zipfile.BadZipFile, ValueError, EOFError, OverflowError, zlib.error):
        return Pack(reason=_DAMAGED)


def _refused(infos: Sequence[zipfile.ZipInfo]) -> Text | None:
    """The reason why an archive is left out before anything of it is unpacked."""
    if any(info.filename in _OTHERS for info in infos):
        return _OTHER
    if infos and all(info.flag_bits & 1 for info in infos):
        return _LOCKED
    if len(infos) > MOST_MEMBERS or sum(info.file_size for info in infos) > MOST_BYTES:
        return _BOMB
    return None


def _member(opened: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, left: int) -> Member:
    """Unpack one file, whatever its own size says it is; its reason is _BOMB where it is larger than what is left."""
    name = _name(info)
    parts = name.split("/")
    if ".." in parts or name.startswith("/") or re.match(r"[A-Za-z]:", name) or not parts[-1]:
        return Member(name or "?", path, _LEADS_OUT)
    if stat.S_ISLNK(info.external_attr >> 16):
        return Member(name, path, _LINK)
    if info.flag_bits & 1:
        return Member(name, path, _LOCKED)
    most = min(MOST_MEMBER, max(_RATIO_FROM, RATIO * info.compress_size))
    try:
        with opened.open(info) as source, path.open("wb") as target:
            taken = _copied(source, target, min(most, left))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, zlib.error):
        path.unlink(missing_ok=True)
        return Member(name, path, _TORN)
    if not taken:
        path.unlink()
        return Member(name, path, _BOMB if left <= most else _TOO_LARGE if most == MOST_MEMBER else _SQUEEZED)
    with path.open("rb") as stream:
        nested = stream.read(4) == SIGN
    return Member(name, path, _NESTED if nested else None)


def _copied(source: IO[bytes], target: IO[bytes], most: int) -> bool:
    """Copy a stream, at most so many bytes of it; whether that was all."""
    while part := source.read(1 << 16):
        most -= len(part)
        if most < 0:
            return False
        target.write(part)
    return True


def _name(info: zipfile.ZipInfo) -> str:
    """A member's path, "/" between folders: an old one is in the encoding of whoever packed it."""
    name = info.filename
    if not info.flag_bits & 0x800:  # then zipfile has read bytes as cp437
        data = name.encode("cp437", "replace")
        try:
            name = data.decode("utf-8")
        except UnicodeDecodeError:
            name = legacy_name(data)
    return name.replace("\\", "/").removeprefix("./")


def _extension(name: str) -> str:
    """The extension of a name, as far as it is harmless in a name of ours."""
    found = re.search(r"\.[A-Za-z0-9]{1,10}$", name)
    return found[0].lower() if found else ""


def _without_icons(members: Sequence[Member]) -> Iterator[Member]:
    """Yield the members of a pack for WhatsApp, whose stickers are WebP: a PNG beside them is the pack's icon."""
    has_stickers = any(each.reason is None and each.name.lower().endswith(".webp") for each in members)
    for each in members:
        is_icon = has_stickers and each.reason is None and each.name.lower().endswith(".png")
        yield Member(each.name, each.path, _ICON) if is_icon else each


def _title(opened: zipfile.ZipFile, infos: Sequence[zipfile.ZipInfo]) -> str:
    """Title of a pack for WhatsApp: "" without one, or if its bytes are no text."""
    info = next((each for each in infos if each.filename.lower() == "title.txt" and each.file_size < 1000), None)
    if info is None:
        return ""
    try:
        called = opened.read(info)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return ""
    try:
        text = called.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = legacy_name(called)
    if "\ufffd" in text:
        return ""
    return " ".join(re.sub(r"[/\\\x00-\x1f]", " ", text).split())[:80]
