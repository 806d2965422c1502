"""Ready conversations: made up by a rule over a bundle's people and their queries, always the same.

Two people with a style, neighbours in the bundle's order, say what they searched for most, in turn; each sticker is the
first that its sender would be offered. A phrase qualifies where the catalogue answers it as typed and it is in one
script; those that stand on a picture come first, since others may be slips of the finger; of phrases whose stickers are
half the same, only the first is taken. Phrases stand in the order of the day,
which begins after the hour at which least is clicked, so that good morning comes before good night; a bundle without
times keeps the order of clicks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from persrv.insight.rank_overlap import shared_at_top
from persrv.interpreter import holds_all
from persrv.records import Interaction, SearchResult
from persrv.retriever import Retriever
from persrv.text.analyser import analyse
from persrv.text.query_size import is_searchable

#: Conversations of one language, phrases of each person in one, and stickers by which phrases are told apart.
MOST, EACH, SIGHT = 4, 2, 8

#: The most queries of one person that are looked at, and hours of a day.
LOOKED_AT, HOURS = 40, 24

_HAN, _LATIN = re.compile("[\u4e00-\u9fff]"), re.compile("[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Turn:
    """A phrase of a conversation, the person who says the phrase, and the sticker with which the other one answers."""

    speaker: str
    phrase: str
    sticker: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """Two people by id, and what they say in turn."""

    people: tuple[str, str]
    turns: tuple[Turn, ...]


def conversations(retriever: Retriever, people: Sequence[str], language: str) -> tuple[Conversation, ...]:
    """Compose the ready conversations of some people, as far as possible of phrases in Chinese ("zh") or English
    ("en").

    None if fewer than two people have a style, or if the catalogue answers nothing that they searched for.
    """
    known = [person for person in people if retriever.style_of(person) is not None]
    start = day_start(hour for person in known for hour in hours(retriever.interactions_of(person)))
    taken: list[SearchResult] = []
    made = (
        _conversation(retriever, (known[at], known[at + 1]), language, start, taken)
        for at in range(0, len(known) - 1, 2)
    )
    return tuple(each for each in made if each.turns)[:MOST]


def _conversation(
    retriever: Retriever, people: tuple[str, str], language: str, start: int, taken: list[SearchResult]
) -> Conversation:
    """The conversation of two people; `taken` grows by the results of its phrases."""
    said = [_phrases(retriever, speaker, language, start, taken) for speaker in people]
    turns = [
        Turn(people[side], phrase, _first(retriever, phrase, people[1 - side]))
        for pair in zip(*said, strict=False)
        for side, phrase in enumerate(pair)
    ]
    return Conversation(people, tuple(turns))


def _phrases(retriever: Retriever, person: str, language: str, start: int, taken: list[SearchResult]) -> list[str]:
    """EACH phrases of a person, fewer where they have fewer, in the order of the day."""
    clicks = retriever.interactions_of(person)
    counts = Counter(click.query for click in clicks)
    ordered = sorted(
        counts,
        key=lambda query: (script_of(query) != language, not _on_picture(retriever, query), -counts[query], query),
    )
    chosen: list[str] = []
    for query in ordered[:LOOKED_AT]:
        if len(chosen) == EACH:
            break
        if (found := _answer(retriever, query)) is not None and not any(_alike(found, other) for other in taken):
            taken.append(found)
            chosen.append(query)
    day = {query: _hour(click for click in clicks if click.query == query) for query in chosen}
    return sorted(chosen, key=lambda query: (day[query] - start) % HOURS)


def _on_picture(retriever: Retriever, query: str) -> bool:
    """Return whether the words of a sticker have every token of a query."""
    return holds_all(retriever.bundle.index["ocr"], analyse(query))


def _answer(retriever: Retriever, query: str) -> SearchResult | None:
    """Search the unpersonalized stickers for a phrase; None for a phrase in mixed scripts, or one that the catalogue
    does not answer as typed.
    """
    if script_of(query) is None or not is_searchable(query):
        return None
    found = retriever.search(query, top=SIGHT)
    literal = not found.readings or found.readings[0].kind in ("literal", "simplified")
    return found if found.hits and not found.fallback and literal else None


def script_of(query: str) -> str | None:
    """ "zh" for a phrase with two or more Han characters, "en" for one with three or more letters, None for both or
    neither.
    """
    han, latin = len(_HAN.findall(query)), len(_LATIN.findall(query))
    if han and latin:
        return None
    return "zh" if han > 1 else "en" if latin > 2 else None


def _alike(first: SearchResult, second: SearchResult) -> bool:
    """Return whether half of two results' first stickers are the same."""
    ids = [[hit.sticker for hit in result.hits] for result in (first, second)]
    return 2 * shared_at_top(ids[0], ids[1], SIGHT) >= SIGHT


def _first(retriever: Retriever, phrase: str, person: str) -> str:
    return retriever.search(phrase, person, top=1).hits[0].sticker


def hours(clicks: Iterable[Interaction]) -> Iterator[int]:
    """The hours (UTC) of the clicks whose time is known."""
    return (click.time // 3600 % HOURS for click in clicks if click.time is not None)


def day_start(clicked: Iterable[int]) -> int:
    """The hour that follows the quietest three consecutive hours of a day of clicks; the earliest if several, 0 without
    clicks.
    """
    counts = Counter(clicked)
    quiet = [sum(counts[(hour + step) % HOURS] for step in range(3)) for hour in range(HOURS)]
    return (quiet.index(min(quiet)) + 3) % HOURS if counts else 0


def _hour(clicks: Iterable[Interaction]) -> int:
    """The hour at which most of some clicks were made, the earliest of several; 0 where none has a time."""
    counts = Counter(hours(clicks))
    return min(counts, key=lambda hour: (-counts[hour], hour), default=0)
