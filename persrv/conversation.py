"""Replying with a sticker: what a reply says, and which stickers say it in the style of whoever is writing.

A reply is asked for by what is being typed. Where nothing is typed, it answers the last turn: the unbroken run of
messages by one writer at the end. The newest message of that turn that the catalogue can answer is what is searched; a
sticker stands for its words. One message, not a mixture of several: its ranking is that of a search, with the same
explanation. A request for any sticker ("send me a sticker") asks for what the turn before it calls for.

Whether anything is offered: a request for a sticker always is (persrv.text.instructions). Any other message is where it
expresses something, even if no sticker says just that; information and errands are not (persrv.models.intent). Where
that cannot be told, stickers are offered where one says it (SearchResult.fallback).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from persrv.errors import QueryError
from persrv.models.answers import keywords_of
from persrv.query import clean_query, is_blank
from persrv.records import Message, SearchResult, SearchSettings, Sticker
from persrv.retriever import Retriever, User
from persrv.text.instructions import instruction
from persrv.text.query_size import is_searchable

#: Messages of the longest conversation, and characters of its longest message.
MOST_MESSAGES = 1_000
LONGEST_MESSAGE = 10_000

#: Messages of the last turn that are looked at, the newest first.
MOST_LOOKED_AT = 3

#: Subjects of a request for any sticker: none, or what was said before.
_ANY = re.compile("(?:(?:to )?(?:this|that|it|here|back|him|her|them|reply|respond)|这个?|这句话?|那个?)?")

Source = Literal["draft", "last_turn", "request", ""]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The stickers offered for a reply.

    source: what the query was taken from, "request" for the last turn where any sticker is asked for, "" if there was
    nothing to search by; asked: the query; place: the index of
    the answered message in the conversation, None for a draft; result: the ranking, None without a query; offered:
    whether it is offered; if not, it holds what is nearest.
    """

    source: Source
    asked: str
    place: int | None
    result: SearchResult | None
    offered: bool = False


def suggest(
    retriever: Retriever,
    messages: Sequence[Message],
    user: User = None,
    draft: str = "",
    settings: SearchSettings | None = None,
    top: int = 10,
    domain: str = "",
) -> Suggestion:
    """Suggest the best `top` stickers for the next message of `user`, whose style re-ranks them as in a search.

    draft: what is typed so far; domain: what kind of conversation it is, "" for unknown. QueryError: a draft longer
    than a query, `top` outside 1..1000.
    """
    source, asked = ask(retriever, messages, draft)
    tried = ((place, said, retriever.search(said, user, settings, top, domain=domain)) for place, said in asked)
    made = (
        Suggestion(source, said, place, found, offers(retriever, source, said, found.fallback, bool(found.hits)))
        for place, said, found in tried
    )
    return first_offered(made, lambda each: each.offered) or Suggestion(source, "", None, None)


def offers(retriever: Retriever, source: Source, said: str, fallback: str, found: bool) -> bool:
    """Return whether the results of a search for a message are offered to the writer. source: of the message; fallback:
    that of its result; found: whether it has any hits.
    """
    if not found or fallback not in ("", "nearest"):
        return False
    if source == "request":
        return True
    request = instruction(said)
    if request is not None and request.certain:
        return True
    expresses = retriever.expresses(said, not fallback)
    return not fallback if expresses is None else expresses


def first_offered(made: Iterable[T], offered: Callable[[T], bool]) -> T | None:
    """The first suggestion that offers stickers; if none does, the first one, None if there is none.

    Suggestions after the one returned are not computed.
    """
    first: T | None = None
    for each in made:
        if offered(each):
            return each
        first = each if first is None else first
    return first


def ask(
    retriever: Retriever, messages: Sequence[Message], draft: str = ""
) -> tuple[Source, list[tuple[int | None, str]]]:
    """List the queries that a reply may be searched by, the first choice first, each with the index of its message."""
    typed = clean_query(draft)
    told = [*messages] if is_blank(typed) else [*messages, Message("", typed)]
    before = _without_requests(told)
    if len(before) < len(told) and (called := list(_last_turn(retriever, before))):
        return "request", [*called]
    if not is_blank(typed):
        return "draft", [(None, typed)]
    found: list[tuple[int | None, str]] = list(_last_turn(retriever, messages))
    return ("last_turn" if found else ""), found


def _without_requests(messages: Sequence[Message]) -> Sequence[Message]:
    """The messages before those at the end that ask for any sticker."""
    end = len(messages)
    while end and not messages[end - 1].sticker and _asks_for_any(messages[end - 1].text):
        end -= 1
    return messages[:end]


def _asks_for_any(text: str) -> bool:
    request = instruction(clean_query(text))
    return request is not None and request.certain and _ANY.fullmatch(request.asks) is not None


def _last_turn(retriever: Retriever, messages: Sequence[Message]) -> Iterator[tuple[int, str]]:
    """The newest messages of the last turn that say something searchable, each with its place."""
    first = max(0, len(messages) - MOST_LOOKED_AT)
    for place in range(len(messages) - 1, first - 1, -1):
        message = messages[place]
        if message.writer != messages[-1].writer:
            return
        said = words_of(retriever, message)
        if not is_blank(said) and is_searchable(said):
            yield place, said


def words_of(retriever: Retriever, message: Message) -> str:
    """The words of a message: its text, else those of its sticker; "" if it has neither, or the catalogue lacks the
    sticker.
    """
    text = clean_query(message.text)
    if not is_blank(text) or message.sticker not in retriever.bundle.row_of:
        return text
    return said_by(retriever.sticker(message.sticker))


def said_by(sticker: Sticker) -> str:
    """The words that stand for a sticker: its text, else its first keyword, else its emotion."""
    return sticker.ocr or next(iter(keywords_of(sticker.keywords, 1)), "") or sticker.emotion


def read_messages(sent: object) -> tuple[Message, ...]:
    """Read a conversation from JSON: a list of {"from", "text", "sticker"}, the oldest first, any field but "from"
    absent. QueryError for anything else, and above MOST_MESSAGES.
    """
    if not isinstance(sent, list):
        raise QueryError(f"A conversation of type {type(sent).__name__}", "a list of messages", "Pass [] for none.")
    if len(sent) > MOST_MESSAGES:
        raise QueryError(f"{len(sent)} messages", f"at most {MOST_MESSAGES}", "Pass the newest ones.")
    return tuple(_read_message(number, each) for number, each in enumerate(sent, 1))


def _read_message(number: int, sent: Any) -> Message:
    if not isinstance(sent, Mapping):
        raise QueryError(f"Message {number} of type {type(sent).__name__}", '{"from", "text"}', "Pass an object.")
    values = [sent.get(key, "") for key in ("from", "text", "sticker")]
    for key, value in zip(("from", "text", "sticker"), values, strict=True):
        if not isinstance(value, str):
            raise QueryError(f'"{key}" of message {number} of type {type(value).__name__}', "a text", "Pass a text.")
        if len(value) > LONGEST_MESSAGE:
            raise QueryError(
                f'"{key}" of message {number} with {len(value)} characters', f"at most {LONGEST_MESSAGE}", "Shorten it."
            )
    return Message(*(value.encode("utf-8", "replace").decode("utf-8") for value in values))
