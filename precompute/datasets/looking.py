"""Looking at one file: whether it is a picture that can become a sticker, and if not, why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError

from persrv.records import Text
from precompute.datasets.animation import frame_count, key_numbers
from precompute.datasets.entries import UNREADABLE
from precompute.datasets.no_pictures import is_picture, moving_kind, other_kind
from precompute.datasets.opening import MAX_PIXELS, CutShort, TooManyPixels, with_picture
from precompute.datasets.transcode import DAMAGED, transcoded
from precompute.datasets.whatsapp import said_in
from precompute.runtime.cache import file_digest, write_json
from precompute.runtime.processes import each
from precompute.runtime.progress import Report

_DAMAGED = Text("a damaged picture", "损坏的图片")
_TOO_LARGE = Text(
    f"a picture of more than {MAX_PIXELS // 1_000_000} million pixels", f"超过 {MAX_PIXELS // 1_000_000} 百万像素的图片"
)

#: Files after which what was seen is written down, so that an interrupted scan goes on.
_OFTEN = 300

_SEEN = "seen.json"


@dataclass(frozen=True, slots=True)
class Look:
    """The result of examining one file.

    reason: why it is no sticker, None for a sticker; width and height in pixels; digest: hash of the file; emoji and
    pack: from its metadata; transcoded: whether its picture is read from our animated WebP.
    """

    reason: Text | None = None
    width: int = 0
    height: int = 0
    frames: int = 0
    digest: str = ""
    emoji: tuple[str, ...] = ()
    pack: str = ""
    transcoded: bool = False

    def path(self, source: Path, store: Path | None) -> Path:
        """The file to read the picture from."""
        return webp_of(store, self.digest) if self.transcoded and store is not None else source


def webp_of(store: Path, digest: str) -> Path:
    """The path of the animated WebP that was made of a file. digest: hash of the file."""
    return store / f"{digest}.webp"


def look_at(paths: Sequence[Path], store: Path | None, workers: int, report: Report) -> list[Look]:
    """Examine every file, in order. store: keeps results by content, so that a file is examined once; None keeps
    nothing.
    """
    seen = _Seen.open(store)
    names = [_content(path) for path in paths]
    missing = {name: path for name, path in zip(names, paths, strict=True) if name and name not in seen.looks}
    done = len(paths) - len(missing)
    report(done, len(paths))
    for number, (name, look) in enumerate(
        zip(missing, each(partial(_look, store), list(missing.values()), workers), strict=True), 1
    ):
        seen.add(name, look)
        report(done + number, len(paths))
    seen.close()
    return [seen.looks[name] if name else _look(store, path) for name, path in zip(names, paths, strict=True)]


def _content(path: Path) -> str:
    """Hash of a file's content and extension, which decide its look. "" if the file cannot be read."""
    try:
        return f"{file_digest(path)}{path.suffix.lower()}"
    except OSError:
        return ""


class _Seen:
    """Looks by content, kept in a file of the store."""

    def __init__(self, file: Path | None, looks: dict[str, Look]) -> None:
        self.file = file
        self.looks = looks
        self._new = 0

    @classmethod
    def open(cls, store: Path | None) -> _Seen:
        if store is None:
            return cls(None, {})
        store.mkdir(parents=True, exist_ok=True)
        try:
            told = json.loads((store / _SEEN).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            told = {}
        looks = {name: _look_from_json(row) for name, row in told.items()}
        lost = [name for name, look in looks.items() if look.transcoded and not webp_of(store, look.digest).exists()]
        return cls(store / _SEEN, {name: look for name, look in looks.items() if name not in lost})

    def add(self, name: str, look: Look) -> None:
        self.looks[name] = look
        self._new += 1
        if self._new == _OFTEN:
            self.close()

    def close(self) -> None:
        if self.file is not None and self._new:
            write_json(self.file, {name: _look_to_json(look) for name, look in self.looks.items()})
        self._new = 0


def _look_to_json(look: Look) -> list[Any]:
    reason = look.reason and look.reason.to_json()
    return [reason, look.width, look.height, look.frames, look.digest, look.emoji, look.pack, look.transcoded]


def _look_from_json(row: list[Any]) -> Look:
    reason, width, height, frames, digest, emoji, pack, webp = row
    return Look(reason and Text.from_json(reason), width, height, frames, digest, tuple(emoji), pack, webp)


# ---- one file -------------------------------------------------------------------------------------------------------


def _look(store: Path | None, path: Path) -> Look:
    """Open a file, decode every frame that would be shown, and describe it; never raises."""
    try:
        with path.open("rb") as stream:
            beginning = stream.read(512)
        if not beginning:
            return Look(Text("an empty file", "空文件"))
        kind = None if store is None else moving_kind(path, beginning)
        if store is not None and kind is not None:
            return _moving(path, store, kind)
        reason = other_kind(path, beginning)
        return _decoded(path, is_picture(beginning)) if reason is None else Look(reason)
    except PermissionError:
        return Look(UNREADABLE)
    except OSError:
        return Look(Text("a file that cannot be read", "读不出的文件"))


def _moving(path: Path, store: Path, kind: Text) -> Look:
    """A look at a video or vector animation, by way of an animated WebP in the store."""
    digest = file_digest(path)
    webp = webp_of(store, digest)
    reason = None if webp.exists() else transcoded(path, webp)
    if reason == DAMAGED:
        return Look(Text(f"{kind.en}, damaged: get it again", f"{kind.zh}，已损坏：请重新获取"))
    if reason is not None:
        return Look(reason)
    return replace(_decoded(webp, True), digest=digest, transcoded=True)


def _decoded(path: Path, is_one: bool) -> Look:
    try:
        width, height, frames, emoji, pack = with_picture(path, _measured)
    except UnidentifiedImageError:
        return Look(_DAMAGED if is_one else Text("not a picture", "不是图片"))
    except (Image.DecompressionBombError, TooManyPixels):
        return Look(_TOO_LARGE)
    except CutShort:
        return Look(Text("a picture of which less than half is there: get it again", "缺失过半的图片：请重新获取"))
    except Exception:  # noqa: BLE001  broken bytes make decoders raise anything: ValueError, SyntaxError, ...
        return Look(_DAMAGED)
    return Look(None, width, height, frames, file_digest(path), emoji, pack)


def _measured(picture: Image.Image) -> tuple[int, int, int, tuple[str, ...], str]:
    """Width, height, number of frames, emoji and pack of a picture whose frames that would be shown all decode."""
    frames = frame_count(picture)
    width, height = picture.size
    if width * height * frames > MAX_PIXELS:
        raise TooManyPixels
    for number in key_numbers(frames):
        picture.seek(number)
        picture.load()
    exif = picture.info.get("exif")
    return width, height, frames, *said_in(exif if isinstance(exif, bytes) else b"")
