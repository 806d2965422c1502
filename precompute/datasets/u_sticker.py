"""U-Sticker: who sent which sticker when, in 67 Telegram conversations (MIT).

A release holds `NN.json`, arrays of messages `{message_id, sticker, text, from_id, reply_to, datetime}`. A message's
sticker is null, "<pack>/<sticker id>.<extension>", or a sentence that says it was taken out. The data card spells
`reply_id` and has no `datetime`: both spellings are read, and a message without a time is kept. `idx_to_domain.txt` has
a line `<file>,<domain>` a conversation; without it, domains are unknown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from persrv.errors import DataError
from precompute.datasets.dropped import Dropped

#: Placeholder of a sticker that the authors took out.
OFFENSIVE = "U-Sticker detects this as offensive image"

#: The file that names the domain of each conversation.
DOMAINS = "idx_to_domain.txt"


@dataclass(frozen=True, slots=True)
class Sent:
    """A sticker that was sent. conversation: the file's number; message: the id in that file; reply_to: the id of the
    message it answers, "" for none; pack: the pack, which has one style; sticker: the id with extension; time: seconds
    since 1970 UTC, None if unknown; domain: what the conversation is about, "" if unknown.
    """

    user: str
    conversation: str
    message: str
    reply_to: str
    pack: str
    sticker: str
    time: int | None
    domain: str = ""


@dataclass(slots=True)
class Log:
    """Counts made while reading: messages in all, and what was dropped by reason."""

    messages: int
    dropped: Dropped


def read(folder: Path, log: Log) -> Iterator[Sent]:
    """Yield every sent sticker, file by file, with one file in memory at a time; `log` is filled on the way.

    DataError if the folder holds no conversation.
    """
    paths = (
        sorted(path for path in folder.glob("*.json") if path.stem.isascii() and path.stem.isdigit())
        if folder.is_dir()
        else []
    )
    if not paths:
        raise DataError(f"{folder} holds no conversation", "a U-Sticker release with 00.json and so on", "Unpack it.")
    domains = read_domains(folder / DOMAINS, log.dropped)
    for path in paths:
        domain = domains.get(int(path.stem), "")
        for place, message in enumerate(_messages(path, log.dropped)):
            log.messages += 1
            sent = _sent(message, path.stem, f"{path.name}: message {place}", log.dropped)
            if sent is not None:
                yield replace(sent, domain=domain)


def read_domains(path: Path, dropped: Dropped) -> dict[int, str]:
    """The number of each conversation's file -> its domain, in lower case; nothing without the file."""
    try:
        lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError:
        return {}
    found: dict[int, str] = {}
    for number, line in enumerate(lines, 1):
        name, _, domain = line.partition(",")
        stem = name.strip().removesuffix(".json")
        if stem.isascii() and stem.isdigit() and domain.strip():
            found[int(stem)] = domain.strip().lower()
        elif line.strip():
            dropped.add("a line that is not file,domain", f"{path.name}: line {number}")
    return found


def _messages(path: Path, dropped: Dropped) -> list[Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError:  # broken JSON as well as bytes that are no UTF-8
        found = None
    if not isinstance(found, list):
        dropped.add("a file that is no JSON array", path.name)
        return []
    return found


def _sent(message: Any, conversation: str, where: str, dropped: Dropped) -> Sent | None:
    """The sticker of a message; None if the message has none (most have none) or it is dropped."""
    if not isinstance(message, Mapping):
        dropped.add("a message that is no JSON object", where)
        return None
    name = message.get("sticker")
    if name is None:
        return None
    user = _text(message.get("from_id"))
    pack, _, sticker = name.partition("/") if isinstance(name, str) else ("", "", "")
    reason = _problem(name, pack, sticker, user)
    if reason:
        dropped.add(reason, where)
        return None
    time = _seconds(message.get("datetime"))
    if time is None and message.get("datetime"):
        dropped.add("a time that cannot be read (the message is kept)", where)
    reply = _text(message.get("reply_to", message.get("reply_id")))
    return Sent(user, conversation, _text(message.get("message_id")), reply, pack, sticker, time)


def _problem(name: object, pack: str, sticker: str, user: str) -> str:
    """The reason why a sticker is dropped; "" if it is not."""
    if isinstance(name, str) and name.startswith(OFFENSIVE):
        return "a sticker that U-Sticker took out as offensive"
    if not pack or not sticker or "/" in sticker:
        return "a sticker that is not named pack/id"
    return "" if user else "a message of nobody"


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _seconds(value: object) -> int | None:
    """Seconds since 1970 UTC of an ISO 8601 time (UTC if it names no zone); None if it is no such time."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
