"""Ready conversations of the toy world, by hand: who says what, in which order, and what the other one sends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import toy

from persrv.records import Interaction, Person
from persrv.retriever import Retriever
from persrv.ui.chat_tab.ready import Conversation, Turn, conversations, day_start, script_of

HOUR = 3600


def test_two_people_say_what_they_searched_for_and_answer_in_their_styles(toy_retriever: Retriever) -> None:
    """Bob's "laugh" brings the stickers of Ann's; his 笑死 brings only the one that was found by it."""
    made = conversations(toy_retriever, ["ann", "bob", "cleo"], "en")
    assert made == (Conversation(("ann", "bob"), (Turn("ann", "laugh", "s02"), Turn("bob", "笑死", "s02"))),)
    assert made == conversations(toy_retriever, ["ann", "bob", "cleo"], "en")


@pytest.mark.parametrize("people", [[], ["ann"], ["ann", "stranger"]])
def test_fewer_than_two_people_with_a_style_say_nothing(toy_retriever: Retriever, people: list[str]) -> None:
    assert conversations(toy_retriever, people, "zh") == ()


def test_phrases_stand_in_the_order_of_the_day_and_those_of_the_language_come_first(tmp_path: Path) -> None:
    """Ann laughs most, at 22 h, and says night at 7 h; the day begins at 3 h, after the first three quiet hours."""
    clicks = (
        Interaction("ann", "night", "s05", 31 * HOUR),
        Interaction("ann", "laugh", "s01", 22 * HOUR),
        Interaction("ann", "laugh", "s01", 22 * HOUR),
        Interaction("ann", "thanks", "s09", 22 * HOUR),
        Interaction("bob", "night", "s06", 46 * HOUR),
        Interaction("bob", "thanks", "s10", 31 * HOUR),
    )
    bundle = toy.write_toy(tmp_path, interactions={"train": clicks, "validation": (), "test": ()})
    (made,) = conversations(Retriever(bundle), ["ann", "bob"], "en")
    assert [(turn.speaker, turn.phrase) for turn in made.turns] == [("ann", "night"), ("bob", "thanks")]


def test_a_day_begins_after_its_quietest_hours() -> None:
    assert day_start([]) == 0
    assert day_start([8, 9, 22, 23]) == 3  # 0, 1 and 2 h are the earliest three without a click
    assert day_start([*range(24)] * 2 + [hour for hour in range(24) if hour not in (2, 3, 4)]) == 5


@pytest.mark.parametrize(
    ("query", "script"),
    [("晚安", "zh"), ("good night", "en"), ("晚安 night", None), ("困", None), ("ok", None), ("😂", None), ("", None)],
)
def test_a_phrase_is_in_one_script(query: str, script: str | None) -> None:
    assert script_of(query) == script


def test_what_is_no_phrase_of_the_catalogue_is_not_said(tmp_path: Path) -> None:
    clicks = (Interaction("ann", "xyzzy", "s01", 1), Interaction("bob", "laugh night", "s02", 1))
    bundle = toy.write_toy(
        tmp_path,
        people=tuple(replace(each) for each in toy.PEOPLE if isinstance(each, Person)),
        interactions={"train": clicks, "validation": (), "test": ()},
        stickers=tuple(replace(each, queries=()) for each in toy.stickers()),
    )
    assert conversations(Retriever(bundle), ["ann", "bob"], "en") == ()
