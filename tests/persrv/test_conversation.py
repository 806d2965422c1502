"""Queries of a reply in the toy world: drafts, turns, stickers that stand for words, and silence."""

from __future__ import annotations

from dataclasses import replace

import pytest
import toy
from hypothesis import given
from hypothesis import strategies as st
from meant import retriever, write

from persrv.conversation import MOST_MESSAGES, ask, read_messages, said_by, suggest
from persrv.errors import QueryError
from persrv.records import Message
from persrv.retriever import Retriever

ANN_LAUGHS = Message("ann", "laugh")
BOB_SLEEPS = Message("bob", sticker="s05")  # whose picture says "night"


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    """The toy world with meanings, which claims nothing below a likeness of .6."""
    return retriever(write(tmp_path_factory.mktemp("talked")))


def test_a_draft_is_what_the_reply_says(door: Retriever) -> None:
    found = suggest(door, [ANN_LAUGHS], "cleo", " night ", top=3)
    assert (found.source, found.asked, found.place, found.offered) == ("draft", "night", None, True)
    assert found.result is not None
    assert found.result.hits == door.search("night", "cleo", top=3).hits


def test_without_a_draft_the_last_message_is_answered_in_the_writers_style(door: Retriever) -> None:
    found = suggest(door, [BOB_SLEEPS, ANN_LAUGHS], "cleo")
    assert (found.source, found.asked, found.place) == ("last_turn", "laugh", 1)
    assert found.result is not None
    assert found.result.personalized
    assert suggest(door, [ANN_LAUGHS, BOB_SLEEPS]).asked == "night"


def test_in_the_last_turn_the_newest_message_that_is_answered_counts(door: Retriever) -> None:
    chat = Message("ann", "the meeting moved to 3pm")
    found = suggest(door, [BOB_SLEEPS, ANN_LAUGHS, chat])
    assert (found.asked, found.place, found.offered) == ("laugh", 1, True)
    assert ask(door, [BOB_SLEEPS, ANN_LAUGHS, chat]) == ("last_turn", [(2, chat.text), (1, "laugh")])


def test_a_turn_is_looked_at_three_messages_back(door: Retriever) -> None:
    chat = [Message("ann", f"the meeting moved to {hour}pm") for hour in (1, 2, 3)]
    assert suggest(door, [ANN_LAUGHS, *chat[1:]]).offered
    found = suggest(door, [ANN_LAUGHS, *chat])
    assert (found.offered, found.place, found.asked) == (False, 3, chat[2].text)


def test_a_draft_that_nothing_answers_offers_nothing_whatever_was_said_before(door: Retriever) -> None:
    found = suggest(door, [ANN_LAUGHS], draft="what time does the train leave")
    assert (found.source, found.offered) == ("draft", False)
    assert found.result is not None
    assert found.result.fallback


@pytest.mark.parametrize(
    "messages",
    [[], [Message("ann")], [Message("ann", "  ")], [Message("ann", sticker="gone")], [Message("ann", "哈" * 501)]],
)
def test_where_nothing_is_said_nothing_is_offered(door: Retriever, messages: list[Message]) -> None:
    found = suggest(door, messages, "ann")
    assert (found.source, found.asked, found.place, found.result, found.offered) == ("", "", None, None, False)


def test_a_person_whom_nobody_knows_gets_everybodys_order_and_is_told(door: Retriever) -> None:
    found = suggest(door, [ANN_LAUGHS], "stranger")
    assert found.result is not None
    assert (found.result.notice, found.result.personalized) == ("unknown_user", False)


def test_a_sticker_says_its_words_or_its_first_keyword_or_what_it_feels() -> None:
    plain = toy.stickers()[0]
    assert said_by(plain) == "laugh"
    assert said_by(replace(plain, ocr="", keywords="haha，lol")) == "haha"
    assert said_by(replace(plain, ocr="", emotion="glad")) == "glad"


def test_a_conversation_is_read_from_json_and_what_it_lacks_is_empty() -> None:
    read = read_messages([{"from": "ann", "text": "hi"}, {"sticker": "s01"}, {}])
    assert read == (Message("ann", "hi"), Message("", "", "s01"), Message(""))


@pytest.mark.parametrize("sent", [None, "hi", {"from": "ann"}, ["hi"], [{"text": 3}], [{}] * (MOST_MESSAGES + 1)])
def test_what_is_no_conversation_gets_a_sentence(sent: object) -> None:
    with pytest.raises(QueryError, match=r"Expected "):
        read_messages(sent)


texts = st.text(max_size=20)


@given(
    st.lists(st.builds(Message, st.sampled_from("ab"), texts, st.sampled_from(["", "s01", "gone"])), max_size=6), texts
)
def test_any_conversation_is_asked_by_a_draft_or_by_its_last_turn(
    toy_retriever: Retriever, messages: list[Message], draft: str
) -> None:
    source, found = ask(toy_retriever, messages, draft)
    assert bool(found) == bool(source)
    for place, said in found:
        assert said.strip()
        assert (place is None) == (source == "draft")
        if place is not None:
            assert {each.writer for each in messages[place:]} == {messages[-1].writer}


@pytest.mark.parametrize(
    "request_", ["send me a sticker", "发个表情", "sticker please", "any sticker?", "有表情吗", "a sticker for this"]
)
def test_a_request_for_any_sticker_asks_for_what_the_turn_before_calls_for(door: Retriever, request_: str) -> None:
    typed = suggest(door, [ANN_LAUGHS], "cleo", request_)
    assert (typed.source, typed.asked, typed.place, typed.offered) == ("request", "laugh", 0, True)
    sent = suggest(door, [ANN_LAUGHS, Message("bob", request_)], "cleo")
    assert (sent.source, sent.asked, sent.place, sent.offered) == ("request", "laugh", 0, True)
    alone = suggest(door, [Message("bob", sticker="gone")], "cleo", request_)
    assert (alone.source, alone.place) == ("draft", None)


def test_a_request_that_says_what_for_is_asked_for_that(door: Retriever) -> None:
    found = suggest(door, [ANN_LAUGHS], "cleo", "send me a good night sticker")
    assert (found.source, found.place) == ("draft", None)


def test_a_request_for_any_sticker_gets_one_where_the_turn_before_would_not(door: Retriever) -> None:
    chat = Message("ann", "the meeting moved to 3pm laugh")
    assert suggest(door, [chat], "cleo", "send me a sticker").offered == bool(suggest(door, [chat], "cleo").result)
