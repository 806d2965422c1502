"""What the owner of a local bundle says of its stickers: tags, corrected texts, hidden and starred ones.

Kept beside the bundle, as `NAME.edits.jsonl`: one JSON object a line and a sticker, so that anybody can read and mend
it, and a new build of the bundle does not replace it. A sticker is known again by its picture, else by its id.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
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
    """What the owner says of one sticker. image: its path in the bundle; text: what it really says, None where it was
    read right.
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

    def to_json(self) -> dict[str, Any]:
        """What is written: nothing that says nothing."""
        told = {"tags": list(self.tags), "text": self.text, "hidden": self.hidden, "starred": self.starred}
        said = {key: value for key, value in told.items() if value not in ([], None, False)}
        return {"sticker": self.sticker, "image": self.image, **said}


def edit_from_json(told: object) -> Edit:
    """An edit from a line of the file, or from the page; ValueError with the reason where it is none, or too much."""
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
    """One line without control characters."""
    kept = "".join(" " if not character.isprintable() else character for character in _encodable(text))
    return " ".join(kept.split())


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


# ---- the file -------------------------------------------------------------------------------------------------------


def edits_path(bundle: Path) -> Path:
    """The file of a bundle's edits, beside its folder."""
    target = bundle.resolve()
    return target.with_name(f"{target.name}.edits.jsonl")


def read_edits(path: Path) -> tuple[Edit, ...]:
    """The edits of a file, one for a sticker (the last one said); none without a file. DataError, with the line, where
    it cannot be read: what somebody typed is never dropped silently.
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


def write_edits(path: Path, edits: Iterable[Edit]) -> None:
    """Write the edits that say something, whole or not at all; no file where there is none. DataError above
    MOST_EDITS, or where the disk does not take it.
    """
    kept = sorted((edit for edit in edits if edit.says_something), key=lambda edit: edit.sticker)
    if len(kept) > MOST_EDITS:
        raise DataError(f"{len(kept)} edits", f"at most {MOST_EDITS}", "Remove some.")
    work = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if not kept:
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
    """Sticker id -> its edit. images: id -> path of its picture in the bundle. An edit whose picture is there under
    another id belongs to that one, as where a file was renamed; one whose picture is gone, to its id.
    """
    owner = {image: name for name, image in images.items() if image}
    found: dict[str, Edit] = {}
    for edit in edits:
        name = edit.sticker if images.get(edit.sticker) == edit.image else owner.get(edit.image, edit.sticker)
        if name in images:
            found[name] = replace(edit, sticker=name, image=images[name])
    return found


def edited(sticker: Sticker, edit: Edit) -> Sticker:
    """A sticker as its owner says it is. Applied again it changes nothing."""
    words = _words(sticker.keywords)
    said = [tag for tag in _said(edit) if tag not in words]
    return replace(
        sticker,
        keywords=_APART.join([*([sticker.keywords] if sticker.keywords else []), *said]),
        ocr=sticker.ocr if edit.text is None else edit.text,
    )


def as_computed(sticker: Sticker, edit: Edit) -> Sticker:
    """A sticker of a build that applied an edit, as it was before: so that the owner can take an edit back."""
    words = [word for word in _words(sticker.keywords) if word not in _said(edit)]
    read = " ".join(line.text for line in sticker.ocr_lines if line.kept)
    return replace(sticker, keywords=_APART.join(words), ocr=sticker.ocr if edit.text is None else read)


def _said(edit: Edit) -> tuple[str, ...]:
    """The words that an edit adds."""
    return (*edit.tags, STAR) if edit.starred else edit.tags


def _words(keywords: str) -> list[str]:
    return [word for word in (each.strip() for each in re.split("[，,、]", keywords)) if word]
