"""Opening of foreign pictures for a build: sound ones as they are, damaged ones as far as a viewer would show them.

Broken metadata (EXIF, colour profiles, texts) never matter: they are left out. A picture that is cut short is shown as
far as it goes, if at least half of it is there.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image, ImageFile, PngImagePlugin

from persrv.files.picture_files import open_picture
from precompute.datasets.animation import MOVING, frame_count, key_numbers

R = TypeVar("R")

#: Picture formats that are read, as far as this Pillow knows them; what else it knows (PDF, EPS, ...) is no sticker.
FORMATS = (
    *("PNG", "JPEG", "MPO", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "ICO", "PPM", "PCX", "JPEG2000"),
    *("CUR", "DDS", "ICNS", "QOI", "SGI"),
    *("HEIF", "JXL"),  # where their packages are installed: precompute/requirements-formats.txt
)

#: A picture of more pixels, all frames together, is refused before it is decoded: it may be a bomb.
MAX_PIXELS = 120_000_000

#: Bytes of texts in a PNG: workflows and profiles of image programs are larger than what Pillow takes by itself.
_MOST_TEXT = 16 * 1024 * 1024

#: Bytes of text in a picture that Pillow itself accepts, and every later reader with it.
_USUAL_TEXT = 1024 * 1024

#: The least share of a cut picture's rows that must be there.
_LEAST_SHOWN = 0.5

#: Chunks of a PNG that its pixels need.
_PIXEL_CHUNKS = (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"acTL", b"fcTL", b"fdAT")

#: Chunks of a WebP that its pixels do not need.
_WEBP_METADATA = (b"EXIF", b"XMP ", b"ICCP")


class CutShort(OSError):
    """A picture of which less than half can be shown."""


class TooManyPixels(Exception):
    """A picture that is refused before it is decoded."""


def with_picture(path: Path, work: Callable[[Image.Image], R]) -> R:
    """Do `work` with a decoded picture; of a damaged file, with the part that can be shown.

    Raises Pillow's error if nothing can be shown, CutShort if too little can.
    """
    _register()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with _pillow(cut=False, text=_MOST_TEXT), open_picture(path, _formats(path)) as picture:
                return work(picture)
        except (Image.DecompressionBombError, TooManyPixels, MemoryError, PermissionError):
            raise
        except Exception as error:  # noqa: BLE001  broken bytes make decoders raise anything: ValueError, SyntaxError, ...
            first = error
        with _pillow(cut=True, text=_MOST_TEXT):
            return work(_mended(path, first))


def is_sound(path: Path) -> bool:
    """Return whether every later stage can open a file as it is: its key frames and its metadata are whole."""
    try:
        with _pillow(cut=False, text=_USUAL_TEXT), open_picture(path) as picture:
            picture.getexif()
            for number in key_numbers(frame_count(picture)):
                picture.seek(number)
                picture.load()
    except Exception:  # noqa: BLE001  as above
        return False
    return True


def _formats(path: Path) -> tuple[str, ...]:
    """The formats that a file may have: TGA, which begins like anything, only where it is called so."""
    return (*FORMATS, "TGA") if path.suffix.lower() == ".tga" else FORMATS


def _register() -> None:
    """Teach Pillow the formats of packages that are installed."""
    with suppress(ImportError):
        from pillow_heif import register_heif_opener

        register_heif_opener()
    with suppress(ImportError):
        import pillow_jxl  # noqa: F401


@contextmanager
def _pillow(cut: bool, text: int) -> Iterator[None]:
    """Set how much Pillow takes, in switches of the whole process: files that are cut short, bytes of a PNG's text."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES, PngImagePlugin.MAX_TEXT_CHUNK, PngImagePlugin.MAX_TEXT_MEMORY
    ImageFile.LOAD_TRUNCATED_IMAGES = cut
    PngImagePlugin.MAX_TEXT_CHUNK, PngImagePlugin.MAX_TEXT_MEMORY = text, 64 * text
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES, PngImagePlugin.MAX_TEXT_CHUNK, PngImagePlugin.MAX_TEXT_MEMORY = before


def _mended(path: Path, first: Exception) -> Image.Image:
    """A damaged picture as far as it can be shown. Raises `first` where it cannot be shown at all."""
    content = path.read_bytes()
    for data in (content, without_metadata(content)):
        try:
            picture = open_picture(io.BytesIO(data), _formats(path))
            picture.load()
        except Exception:  # noqa: BLE001  as above
            continue
        frames = _frames_there(picture)
        return _rows_there(picture) if len(frames) < 2 else _animation(frames)
    raise first


def _frames_there(picture: Image.Image) -> list[tuple[Image.Image, int]]:
    """The frames of an animation before the first that does not decode, with milliseconds; none of a still picture."""
    frames: list[tuple[Image.Image, int]] = []
    while picture.format in MOVING:
        try:
            picture.seek(len(frames))
            frames.append((picture.convert("RGBA"), int(picture.info.get("duration") or 100)))
        except Exception:  # noqa: BLE001  as above
            break
        if picture.width * picture.height * len(frames) > MAX_PIXELS:
            raise TooManyPixels
    picture.seek(0)
    return frames


def _animation(frames: Sequence[tuple[Image.Image, int]]) -> Image.Image:
    """An open animation of these frames."""
    stream = io.BytesIO()
    (first, _), *others = frames
    times = [time for _, time in frames]
    more = [frame for frame, _ in others]
    first.save(stream, "WEBP", save_all=True, append_images=more, duration=times, loop=0, lossless=True, method=0)
    return open_picture(stream)


def _rows_there(picture: Image.Image) -> Image.Image:
    """A still picture without the rows at its bottom that were never decoded, which are all zero."""
    values = np.asarray(picture)
    filled = np.flatnonzero(values.reshape(len(values), -1).any(axis=1))
    rows = int(filled[-1]) + 1 if len(filled) else 0
    if rows < _LEAST_SHOWN * len(values):
        raise CutShort(f"{rows} of {len(values)} rows")
    cut = picture.crop((0, 0, picture.width, rows))
    cut.info = {key: value for key, value in picture.info.items() if key in ("transparency", "exif")}
    return cut


def without_metadata(content: bytes) -> bytes:
    """A PNG, JPEG or WebP file without texts, profiles and EXIF; any other file as it is."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return content[:8] + b"".join(chunk for name, chunk in _png_chunks(content) if name in _PIXEL_CHUNKS)
    if content.startswith(b"\xff\xd8"):
        return _jpeg_without_metadata(content)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return _webp_without_metadata(content)
    return content


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 8
    while place + 8 <= len(content):
        end = place + 12 + int.from_bytes(content[place : place + 4])
        yield content[place + 4 : place + 8], content[place:end]
        place = end


def _jpeg_without_metadata(content: bytes) -> bytes:
    """Remove application segments (but JFIF's and Adobe's, which tell colours) and comments from a JPEG file."""
    kept, place = [content[:2]], 2
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        end = place + 2 + int.from_bytes(content[place + 2 : place + 4])
        if marker == 0xDA:  # the pixels, up to the end
            break
        if not (0xE1 <= marker <= 0xED or marker in (0xEF, 0xFE)):
            kept.append(content[place:end])
        place = end
    return b"".join((*kept, content[place:]))


def _webp_without_metadata(content: bytes) -> bytes:
    kept, place = [], 12
    while place + 8 <= len(content):
        name, size = content[place : place + 4], int.from_bytes(content[place + 4 : place + 8], "little")
        chunk = content[place : place + 8 + size + size % 2]
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & 0b00010010]) + chunk[9:]  # alpha and animation alone
        if name not in _WEBP_METADATA:
            kept.append(chunk)
        place += 8 + size + size % 2
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body
