"""A chat exported by Telegram Desktop: result.json, and beside it the folder of the stickers that were sent.

Machine-readable exports hold `{"messages": [...]}` for one chat, and `{"chats": {"list": [...]}}` for all. A message
with a sticker has "media_type" "sticker" (of a GIF "animation"), "file", and the "sticker_emoji" it stands for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from persrv.records import Text

#: The file that an export is known by, and bytes of it at most: years of chats take some hundred MB.
NAME = "result.json"
MOST_BYTES = 512 << 20

#: Emoji kept of one sticker, and characters of one.
_MOST_EMOJI, _MOST_CHARACTERS = 4, 16

LEADS_OUT = Text("a sticker that a Telegram export looks for outside its folder", "Telegram 导出里指向文件夹之外的贴纸")
NOT_EXPORTED = Text(
    "a sticker that Telegram left out of its export: export again with “Stickers” ticked",
    "Telegram 导出时未包含的贴纸：请勾选“贴纸”重新导出",
)
NO_STICKER = Text("a file of a Telegram export that is no sticker", "Telegram 导出里不是贴纸的文件")
LINK = Text("a link in a Telegram export, which is not followed", "Telegram 导出里的链接（不跟随）")


@dataclass(frozen=True, slots=True)
class Export:
    """The stickers of an export. emoji: path below the export's folder -> the emoji it was sent as; outside: paths that
    lead out of the folder; absent: the number of stickers that the export mentions and does not hold.
    """

    emoji: Mapping[str, tuple[str, ...]]
    outside: tuple[str, ...]
    absent: int


def export_in(path: Path) -> Export | None:
    """The export that a result.json describes; None where it is none, or came without stickers."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return None
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    emoji: dict[str, list[str]] = {}
    outside: dict[str, None] = {}
    absent = 0
    for message in _messages(document):
        if message.get("media_type") not in ("sticker", "animation"):
            continue
        file = message.get("file")
        if not isinstance(file, str) or not file or file.startswith("("):  # "(File not included. ...)"
            absent += 1
        elif _leads_out(file):
            outside[file[:200]] = None
        else:
            said = message.get("sticker_emoji")
            known = emoji.setdefault(file, [])
            if isinstance(said, str) and 0 < len(said) <= _MOST_CHARACTERS and said not in known:
                known.append(said)
    if not emoji and not outside:
        return None
    return Export({file: tuple(said[:_MOST_EMOJI]) for file, said in emoji.items()}, tuple(outside), absent)


def _messages(document: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every message of one chat or of all; none of a document of another shape."""
    if not isinstance(document, dict):
        return
    chats = document.get("chats")
    listed = chats.get("list") if isinstance(chats, dict) else None
    for chat in (document, *(listed if isinstance(listed, list) else ())):
        messages = chat.get("messages") if isinstance(chat, dict) else None
        for message in messages if isinstance(messages, list) else ():
            if isinstance(message, dict):
                yield message


def _leads_out(file: str) -> bool:
    parts = file.replace("\\", "/").split("/")
    return any(part in ("", "..", ".") for part in parts) or ":" in parts[0] or "\0" in file
