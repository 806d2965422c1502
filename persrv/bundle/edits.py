"""Edits by the owner of a local bundle: tags, corrected texts, hidden and starred stickers.

Kept beside the bundle, as `NAME.edits.jsonl`: one JSON object a line and a sticker, so that anybody can read and mend
it, and a new build of the bundle does not replace it. A sticker is known again by its picture, else by its id.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from persrv.errors import DataError
from persrv.records import Sticker

#: Tags of one sticker, characters of a tag and of a text, stickers that are edited, and bytes of the file.
MOST_TAGS, LONGEST_TAG, LONGEST_TEXT, MOST_EDITS, MOST_BYTES = 20, 40, 300, 50_000, 64 << 20

#: The tag that a star is: typed or chosen, it finds every starred sticker.
STAR = "★"

#: Between two keywords.
_APART = "，"


@dataclass(frozen=True, slots=True)
class Edit:
    """The owner's edit of one sticker. image: path of its picture in the bundle; text: the corrected text of the
    picture, None where OCR read it right.
    """

    sticker: str
    image: str = ""
    tags: tuple[str, ...] = ()
    text: str | None = None
    hidden: bool = False
    starred: bool = False

    @property
    def says_something(self) -> bool:
        return bool(self.tags or self.hidden or self.starred or self.text is not None)

    @property
    def words(self) -> tuple[str, ...]:
        """The words that the edit adds to a sticker's keywords."""
        return (*self.tags, STAR) if self.starred else self.tags

    def to_json(self) -> dict[str, Any]:
        """The edit as JSON, without its empty fields."""
        told = {"tags": list(self.tags), "text": self.text, "hidden": self.hidden, "starred": self.starred}
        said = {key: value for key, value in told.items() if value not in ([], None, False)}
        return {"sticker": self.sticker, "image": self.image, **said}


def edit_from_json(told: object) -> Edit:
    """Read an edit from JSON, of the file or of the page; ValueError with the reason if it is no edit or beyond the
    limits.
    """
    if not isinstance(told, dict):
        raise ValueError("no JSON object")
    sticker, image, text = told.get("sticker"), told.get("image", ""), told.get("text")
    tags, hidden, starred = told.get("tags", []), told.get("hidden", False), told.get("starred", False)
    if not isinstance(sticker, str) or not sticker or not isinstance(image, str):
        raise ValueError('no "sticker"')
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags) or len(tags) > 2 * MOST_TAGS:
        raise ValueError(f'"tags" that are no list of at most {MOST_TAGS} texts')
    if not (text is None or isinstance(text, str)) or not isinstance(hidden, bool) or not isinstance(starred, bool):
        raise ValueError('"text" that is no text, or "hidden" or "starred" that is neither true nor false')
    clean = tuple(dict.fromkeys(tag for tag in (_plain(re.sub("[，,、]", " ", tag)) for tag in tags) if tag))
    said = None if text is None else _plain(text)
    if len(clean) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in clean):
        raise ValueError(f"more than {MOST_TAGS} tags, or one of more than {LONGEST_TAG} characters")
    if said is not None and len(said) > LONGEST_TEXT:
        raise ValueError(f"a text of more than {LONGEST_TEXT} characters")
    return Edit(_encodable(sticker), _encodable(image), clean, said, hidden, starred)


def _plain(text: str) -> str:
    """Join a text to one line without control characters."""
    kept = "".join(" " if not character.isprintable() else character for character in _encodable(text))
    return " ".join(kept.split())


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


# ---- the file -------------------------------------------------------------------------------------------------------


def edits_path(bundle: Path) -> Path:
    """The path of a bundle's edits: a file beside the bundle's folder."""
    target = bundle.resolve()
    return target.with_name(f"{target.name}.edits.jsonl")


def read_edits(path: Path) -> tuple[Edit, ...]:
    """Read a file of edits: one for each sticker, the last one written; none if there is no file.

    DataError with the line's number where a line cannot be read, since an edit must not be lost silently.
    """
    if not path.exists():
        return ()
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"more than {MOST_BYTES >> 20} MB")
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, ValueError) as error:
        raise DataError(
            f"{path} cannot be read: {error}", "JSON lines in UTF-8", "Mend the file, or move it."
        ) from error
    found: dict[str, Edit] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            edit = edit_from_json(json.loads(line))
        except (ValueError, RecursionError) as error:
            raise DataError(f"{path}, line {number}: {error}", "an edit", "Mend the line, or remove it.") from error
        found[edit.sticker] = edit
    return tuple(found.values())


def write_edits(path: Path, edits: Iterable[Edit], keep_file: bool = False) -> None:
    """Write all edits but empty ones, or none of them. DataError above MOST_EDITS, or where the disk does not take the
    file.

    keep_file: whether an empty file stays where there is no edit, which takes back what a build applied; else the file
    is removed.
    """
    kept = sorted((edit for edit in edits if edit.says_something), key=lambda edit: edit.sticker)
    if len(kept) > MOST_EDITS:
        raise DataError(f"{len(kept)} edits", f"at most {MOST_EDITS}", "Remove some.")
    work = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if not (kept or keep_file):
            path.unlink(missing_ok=True)
            return
        text = "".join(f"{json.dumps(edit.to_json(), ensure_ascii=False)}\n" for edit in kept)
        work.write_text(text, encoding="utf-8")
        work.replace(path)
    except OSError as error:
        work.unlink(missing_ok=True)
        raise DataError(f"{path} cannot be written: {error}", "room beside the bundle", "Check the disk.") from error


# ---- what they do ---------------------------------------------------------------------------------------------------


def by_sticker(edits: Iterable[Edit], images: Mapping[str, str]) -> dict[str, Edit]:
    """Map each edited sticker of a catalogue to its edit. images: sticker id -> path of its picture in the bundle.

    An edit belongs to the sticker that shows the edit's picture, even if its id has changed (a renamed file); if no
    sticker shows that picture, to the sticker of the edit's id.
    """
    owner = {image: name for name, image in images.items() if image}
    found: dict[str, Edit] = {}
    for edit in edits:
        name = edit.sticker if images.get(edit.sticker) == edit.image else owner.get(edit.image, edit.sticker)
        if name in images:
            found[name] = replace(edit, sticker=name, image=images[name])
    return found


def edited(sticker: Sticker, edit: Edit) -> Sticker:
    """Apply the owner's edit to a sticker; applying it twice gives the same sticker."""
    words = _words(sticker.keywords)
    said = [tag for tag in edit.words if tag not in words]
    return replace(
        sticker,
        keywords=_APART.join([*([sticker.keywords] if sticker.keywords else []), *said]),
        ocr=sticker.ocr if edit.text is None else edit.text,
    )


def as_computed(sticker: Sticker, edit: Edit) -> Sticker:
    """Undo an edit that the build had applied to a sticker, so that the owner can take it back."""
    read = " ".join(line.text for line in sticker.ocr_lines if line.kept)
    return replace(without_words(sticker, edit.words), ocr=sticker.ocr if edit.text is None else read)


def without_words(sticker: Sticker, words: Collection[str]) -> Sticker:
    """The sticker without some of its keywords; the very same where there are none to leave out."""
    if not words:
        return sticker
    return replace(sticker, keywords=_APART.join(word for word in _words(sticker.keywords) if word not in words))


def _words(keywords: str) -> list[str]:
    return [word for word in (each.strip() for each in re.split("[，,、]", keywords)) if word]
