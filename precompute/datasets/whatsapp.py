"""WhatsApp's metadata in the EXIF of a sticker: the name of its pack, and the emoji that the sticker stands for."""

from __future__ import annotations

import json

#: Bytes of EXIF that are looked at, emoji kept, characters of an emoji and of a name.
_MOST_BYTES, _MOST_EMOJI, _MOST_CHARACTERS, _MOST_NAME = 64 << 10, 4, 16, 80


def said_in(exif: bytes) -> tuple[tuple[str, ...], str]:
    """Read (emoji, title of the pack) from the EXIF of a sticker; ((), "") if it holds neither."""
    start = exif.find(b"{") if len(exif) <= _MOST_BYTES and b"sticker-pack" in exif else -1
    if start < 0:
        return (), ""
    try:
        document, _ = json.JSONDecoder().raw_decode(exif[start:].decode("utf-8", "ignore"))
    except (ValueError, RecursionError):
        return (), ""
    emoji, name = document.get("emojis"), document.get("sticker-pack-name")
    said = (
        [each for each in emoji if isinstance(each, str) and 0 < len(each) <= _MOST_CHARACTERS]
        if isinstance(emoji, list)
        else []
    )
    called = " ".join(name.replace("/", " ").split())[:_MOST_NAME] if isinstance(name, str) else ""
    return tuple(dict.fromkeys(said))[:_MOST_EMOJI], called
