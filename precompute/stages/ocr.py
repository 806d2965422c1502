"""Reading of stickers: every line that an OCR engine sees, on several grounds and frames, as a batch operator."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from persrv.files.picture_files import open_picture
from precompute.models.ocr import UNREAD, RawLine, Reader, Reading, reading_to_json
from precompute.runtime.operators import Batch

#: A picture of more times its width is read in pieces, each at most so many times as high as wide.
TALL, PIECE = 2.0, 1.5

#: The share of a piece that the next one repeats, so that every line is whole in one of the two.
_OVERLAP = 0.2

#: Grey levels from which an edge counts as light, up to which as dark; the share of edge pixels that counts.
_LIGHT, _DARK, _SOME = 150, 110, 0.15

#: Engines enlarge the shorter side of a picture to look for text: a line of 1 x 512 pixels would not fit into memory.
MOST_TIMES_AS_LONG = 8


class Read:
    """The operator {"id", "path"} -> {"id", "reading"}, with readings as JSON. load: makes the reader; grounds: grey
    levels on which a transparent picture is laid, one after the other, until a line is read with more confidence than
    `enough`.
    """

    def __init__(self, load: Callable[[], Reader], grounds: Sequence[int], enough: float) -> None:
        self.read = in_pieces(padded(load()))
        self.grounds = grounds
        self.enough = enough

    def __call__(self, batch: Batch) -> Batch:
        readings = [self._reading(Path(path)) for path in batch["path"]]
        return {"id": batch["id"], "reading": np.array([reading_to_json(reading) for reading in readings], object)}

    def _reading(self, path: Path) -> Reading:
        """The reading of a picture; UNREAD where it cannot be opened or read: one such must not end a build."""
        try:
            return read_picture(path, self.read, self.grounds, self.enough)
        except Exception as error:  # noqa: BLE001  decoders and engines raise anything
            sys.stderr.write(f"its text cannot be read: {path}: {error}\n")
            return UNREAD


def padded(read: Reader) -> Reader:
    """A reader that never gets a picture longer than MOST_TIMES_AS_LONG times its width or height. A longer picture is
    extended in the colour of its corner, to the right or below, so that no box moves.
    """

    def read_padded(picture: NDArray[np.uint8]) -> list[RawLine]:
        least = -(-max(picture.shape[:2]) // MOST_TIMES_AS_LONG)
        height, width = (max(side, least) for side in picture.shape[:2])
        if (height, width) == picture.shape[:2]:
            return read(picture)
        ground = np.empty((height, width, 3), np.uint8)
        ground[:] = picture[0, 0]
        ground[: picture.shape[0], : picture.shape[1]] = picture
        return read(ground)

    return read_padded


def in_pieces(read: Reader) -> Reader:
    """A reader that sees a tall picture, such as a long screenshot, in pieces at its own size: engines shrink it, and
    lose its words. Each line is taken from the piece in whose middle part its centre lies.
    """

    def read_in_pieces(picture: NDArray[np.uint8]) -> list[RawLine]:
        height, width = picture.shape[:2]
        if height <= TALL * width:
            return read(picture)
        size = round(PIECE * width)
        step = round(size * (1 - _OVERLAP))
        half = (size - step) / 2
        lines = []
        for top in range(0, max(1, height - size + step), step):
            first, last = top == 0, top + size >= height
            for line in read(picture[top : top + size]):
                ys = [y + top for y in line.box[1::2]]
                centre = (min(ys) + max(ys)) / 2
                if (first or centre >= top + half) and (last or centre < top + size - half):
                    box = tuple(value + top * (place % 2) for place, value in enumerate(line.box))
                    lines.append(RawLine(line.text, line.confidence, box))
        return lines

    return read_in_pieces


def read_picture(path: Path, read: Reader, grounds: Sequence[int], enough: float) -> Reading:
    """Read a picture's first, middle and last frame."""
    with open_picture(path) as picture:
        count = getattr(picture, "n_frames", 1)
        frames = []
        for number in sorted({0, count // 2, count - 1}):
            picture.seek(number)
            frames.append(_read_frame(picture.convert("RGBA"), read, grounds, enough))
        return Reading(picture.height, tuple(frames))


def _read_frame(frame: Image.Image, read: Reader, grounds: Sequence[int], enough: float) -> tuple[RawLine, ...]:
    """The lines seen on the first ground with a confident line, else those of all grounds. Where the edges of a frame
    are both light and dark, those of all grounds: no single one shows all letters.
    """
    ordered, all_needed = _grounds_for(frame, grounds)
    seen: list[RawLine] = []
    for grey in ordered:
        lines = read(on_ground(frame, grey))
        seen += lines
        if not all_needed and any(line.confidence > enough for line in lines):
            return tuple(lines)
    return tuple(seen)


def _grounds_for(frame: Image.Image, grounds: Sequence[int]) -> tuple[Sequence[int], bool]:
    """The grounds to lay a frame on, those first that stand out from its edges, and whether all are needed. An opaque
    frame looks alike on all, and so needs one.
    """
    alpha = frame.getchannel("A")
    if alpha.getextrema()[0] == 255 or len(grounds) < 2:
        return grounds[:1], False
    solid = np.asarray(alpha) >= 200
    beside = np.asarray(alpha.point(lambda value: 255 * (value < 50)).filter(ImageFilter.MaxFilter(5))) > 0
    edge = np.asarray(frame.convert("RGB").convert("L"))[solid & beside]
    light, dark = (float(np.mean(each)) if edge.size else 0.0 for each in (edge >= _LIGHT, edge <= _DARK))
    ordered = sorted(grounds, reverse=light < 0.5)
    return ordered, light >= _SOME and dark >= _SOME


def on_ground(frame: Image.Image, grey: int) -> NDArray[np.uint8]:
    """An RGBA picture laid on a grey ground: (height, width, 3) uint8."""
    ground = Image.new("RGBA", frame.size, (grey, grey, grey, 255))
    return np.asarray(Image.alpha_composite(ground, frame).convert("RGB"))
