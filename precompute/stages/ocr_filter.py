"""The filter of OCR lines: those that are a sticker's text are sure, of a script, large enough, and where captions
stand.

An engine also reads seals, the "ZZ" of a sleeper, and sweat drops as "0" or "11".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Any

from persrv.records import Gate, OcrLine
from precompute.models.ocr import UNREAD, RawLine, Reading, reading_from_json
from precompute.runtime.cache import write_json

if TYPE_CHECKING:
    from precompute.config import OcrFilterConfig
    from precompute.runtime.batch_store import Columns
    from precompute.runtime.progress import Report

#: File of every sticker's text, below the stage's folder.
TEXTS = "texts.json"

#: The share of a picture's height from which a single mark is no drop and no bubble.
_LARGE = 0.15

#: Marks that say something alone; a colon or a dash is two dots or an edge of a drawing.
_SAID_ALONE = "?!"

#: Readings of an engine where two round shapes touch, or one stands alone: no text without other characters.
_ROUND = ("0", "8", "o")

#: Two boxes are the same line when the smaller shares at least this much of its area with the other.
_SAME_PLACE = 0.5


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Accuracy of reading captions: `exact` of `captioned`; `invented`: stickers without caption that got a text."""

    exact: int
    captioned: int
    invented: int
    textless: int

    @property
    def share(self) -> float:
        """The share of exact captions; 0 without captions."""
        return self.exact / self.captioned if self.captioned else 0.0


def write_texts(
    columns: Columns, keep: OcrFilterConfig, judge: Callable[..., dict[str, Any]] | None, folder: Path, report: Report
) -> dict[str, Any]:
    """Filter the lines of every sticker, write its text and all lines into the stage's folder, and evaluate the texts.

    columns: readings as JSON in the column "reading"; judge: (texts by sticker id, folder) -> findings, None for none.
    """
    rows = columns(report)
    pairs = zip(rows["id"].tolist(), rows["reading"].tolist(), strict=True)
    readings = {name: reading_from_json(reading) for name, reading in pairs}
    seen = {name: text_of(reading, keep) for name, reading in readings.items()}
    write_json(folder / TEXTS, {name: [text, [asdict(line) for line in lines]] for name, (text, lines) in seen.items()})
    texts = {name: text for name, (text, _) in seen.items()}
    found = {} if judge is None else judge(texts=texts, folder=folder)
    unread = sorted(name for name, reading in readings.items() if reading == UNREAD)
    return {"stickers_with_text": sum(map(bool, texts.values())), "unread": unread, **found}


def judge_drawn(
    captions: Mapping[str, str], styles: Mapping[str, str], goal: float, texts: Mapping[str, str], folder: Path
) -> dict[str, Any]:
    """Evaluate the reading of drawn captions, in all and by style, and its gate.

    captions, styles, texts: sticker id -> drawn caption, its style, the text that was read. Misread captions are listed
    in the stage's folder.
    """
    write_json(folder / "misread.json", misread(captions, texts))
    found = accuracy(captions, texts)
    by_style = {
        style: asdict(accuracy({name: text for name, text in captions.items() if styles[name] == style}, texts))
        for style in sorted(set(styles.values()))
    }
    return {
        "comparison": "captions equal after NFKC, lower case, without blanks",
        "exact": asdict(found),
        "exact_by_style": by_style,
        "gates": {"ocr_exact": asdict(Gate.at_least(found.share, goal, found.captioned))},
    }


def text_of(reading: Reading, config: OcrFilterConfig) -> tuple[str, tuple[OcrLine, ...]]:
    """The text of a sticker (kept lines in reading order joined by a space), and every line with its verdict."""
    lines = [line for frame in reading.frames for line in frame]
    frame_of = [number for number, frame in enumerate(reading.frames) for _ in frame]
    kept = _lines_to_keep(lines, frame_of, reading.height, config)
    text = " ".join(lines[number].text.strip() for number in kept)
    return text, tuple(
        OcrLine(line.text, line.confidence, line.box, number in kept) for number, line in enumerate(lines)
    )


def _lines_to_keep(
    lines: Sequence[RawLine], frame_of: Sequence[int], height: int, config: OcrFilterConfig
) -> list[int]:
    """The numbers of the kept lines, top to bottom, then left to right; frame by frame, as they were first seen, if
    texts may follow one another.
    """
    fit = [n for n, line in enumerate(lines) if _is_caption(line, height, config) and is_wording(line.text)]
    if not fit and config.alone:
        fit = [n for n, line in enumerate(lines) if _says_all(line, height, config)]
    tallest = max((_height(lines[n]) for n in fit), default=0.0)
    large = [n for n in fit if _height(lines[n]) >= config.relative * tallest]

    def repeats(one: int, other: int) -> bool:
        follows = frame_of[one] != frame_of[other] and alike(lines[one].text, lines[other].text) < config.unlike
        return _same_place(lines[one], lines[other]) and not follows

    kept = _without_repeats(large, lines, repeats)
    if not config.unlike:
        return _in_reading_order(kept, lines)
    first = {one: min(frame_of[other] for other in large if repeats(one, other)) for one in kept}
    frames = ([one for one in kept if first[one] == frame] for frame in sorted(set(first.values())))
    return [one for some in frames for one in _in_reading_order(some, lines)]


def _is_caption(line: RawLine, height: int, config: OcrFilterConfig) -> bool:
    _, top, _, bottom = _bounds(line)
    return (
        line.confidence > config.confidence
        and bottom - top >= config.height * height
        and (top + bottom) / 2 > config.middle * height
    )


def _says_all(line: RawLine, height: int, config: OcrFilterConfig) -> bool:
    """Return whether a line that is no wording (88, 3Q, ???) is a text where a picture has no other: surely read, of
    two characters, or one that people say alone and that is too large to be a drop or a bubble.
    """
    _, top, _, bottom = _bounds(line)
    said = plain(line.text)
    if "".join(filter(str.isalnum, said)) in _ROUND:
        return False
    large = bottom - top >= _LARGE * height and (said.isalnum() or said in _SAID_ALONE)
    return _is_caption(line, height, config) and line.confidence >= config.alone and (len(said) > 1 or large)


def is_wording(text: str) -> bool:
    """Return whether a text says something: a Han character, two different letters or three digits; not "ZZ", "0" or
    "~".
    """
    normal = unicodedata.normalize("NFKC", text).lower()
    letters = {c for c in normal if c.isalpha()}
    if any(_is_han(c) for c in letters):
        return True
    return len(letters) >= 2 or sum(c.isdigit() for c in normal) >= 3


def _is_han(character: str) -> bool:
    return "CJK UNIFIED" in unicodedata.name(character, "")


def _without_repeats(
    numbers: Sequence[int], lines: Sequence[RawLine], repeats: Callable[[int, int], bool]
) -> list[int]:
    """The lines without repetitions in several frames: of each, the surest is kept, of equals the first."""
    kept: list[int] = []
    for number in sorted(numbers, key=lambda n: (-lines[n].confidence, n)):
        if not any(repeats(number, other) for other in kept):
            kept.append(number)
    return kept


def alike(one: str, other: str) -> float:
    """The likeness of two texts in [0, 1]: difflib's ratio of their `plain` forms."""
    return SequenceMatcher(None, plain(one), plain(other), autojunk=False).ratio()


def _same_place(a: RawLine, b: RawLine) -> bool:
    (al, at, ar, ab), (bl, bt, br, bb) = _bounds(a), _bounds(b)
    shared = max(0.0, min(ar, br) - max(al, bl)) * max(0.0, min(ab, bb) - max(at, bt))
    smaller = min((ar - al) * (ab - at), (br - bl) * (bb - bt))
    return shared >= _SAME_PLACE * smaller


def _in_reading_order(numbers: Sequence[int], lines: Sequence[RawLine]) -> list[int]:
    """The lines row by row: a row holds the lines whose middle is above the bottom third of its first line."""
    rows: list[list[int]] = []
    for number in sorted(numbers, key=lambda n: _bounds(lines[n])[1]):
        _, top, _, bottom = _bounds(lines[number])
        first = _bounds(lines[rows[-1][0]]) if rows else None
        if first and (top + bottom) / 2 < first[3] - (first[3] - first[1]) / 3:
            rows[-1].append(number)
        else:
            rows.append([number])
    return [number for row in rows for number in sorted(row, key=lambda n: _bounds(lines[n])[0])]


def _bounds(line: RawLine) -> tuple[float, float, float, float]:
    """The left, top, right and bottom of a line's box."""
    xs, ys = line.box[0::2], line.box[1::2]
    return min(xs), min(ys), max(xs), max(ys)


def _height(line: RawLine) -> float:
    _, top, _, bottom = _bounds(line)
    return bottom - top


def plain(text: str) -> str:
    """A text in the form in which captions are compared: NFKC, lower case, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def misread(captions: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Sticker id -> (drawn caption, read text) wherever the two differ."""
    return {name: (caption, texts[name]) for name, caption in captions.items() if plain(caption) != plain(texts[name])}


def accuracy(captions: Mapping[str, str], texts: Mapping[str, str]) -> Accuracy:
    """Compare drawn captions with read texts, sticker by sticker; "" is no caption, no text."""
    captioned = [name for name, caption in captions.items() if caption]
    textless = [name for name, caption in captions.items() if not caption]
    return Accuracy(
        exact=sum(plain(captions[name]) == plain(texts[name]) for name in captioned),
        captioned=len(captioned),
        invented=sum(bool(texts[name]) for name in textless),
        textless=len(textless),
    )
