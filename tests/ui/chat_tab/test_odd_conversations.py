"""Odd conversations, empty, one-sided, long, by nobody known, in a place never seen: endpoint and tab alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr
import pytest

from persrv.conversation import LONGEST_MESSAGE, MOST_MESSAGES
from persrv.retriever import Retriever
from persrv.ui.chat_tab.calls import calls
from persrv.ui.endpoints import endpoints
from persrv.ui.service import PageService
from persrv.ui.you_tab.calls import Visitors

LAUGH = {"from": "ann", "text": "laugh"}

#: Name -> messages, who writes, the domain, and the sticker that is offered first, "" for none.
ANSWERED: dict[str, tuple[list[Any], str, str, str]] = {
    "empty": ([], "ann", "", ""),
    "nothing said": ([{"from": "ann"}, {"from": "bob", "text": " "}], "ann", "", ""),
    "one-sided": ([LAUGH] * 30, "ann", "", "s01"),
    "very long": ([LAUGH] * MOST_MESSAGES, "ann", "", "s01"),
    "a long message before": ([{"from": "bob", "text": "哈" * LONGEST_MESSAGE}, LAUGH], "ann", "", "s01"),
    "nobody known": ([{"from": "nobody", "text": "laugh"}], "nobody", "", "s01"),
    "a place never seen": ([LAUGH], "ann", "on the moon", "s01"),
    "a sticker that is gone": ([{"from": "ann", "sticker": "gone"}], "bob", "", ""),
}

REFUSED: dict[str, Any] = {
    "too long": [LAUGH] * (MOST_MESSAGES + 1),
    "a message too long": [{"from": "ann", "text": "哈" * (LONGEST_MESSAGE + 1)}],
    "no list": {"from": "ann"},
    "no message": [7],
}


@pytest.fixture(scope="module")
def suggest(toy_retriever: Retriever) -> Callable[..., Any]:
    return {each.__name__: each for each in endpoints(toy_retriever)}["suggest"]


@pytest.fixture(scope="module")
def reply(toy_retriever: Retriever) -> Callable[..., Any]:
    service = PageService(toy_retriever)
    return {each.__name__: each for each in calls(service, Visitors(service))}["chat_reply"]


@pytest.mark.parametrize("name", ANSWERED)
def test_an_odd_conversation_is_answered(name: str, suggest: Callable[..., Any], reply: Callable[..., Any]) -> None:
    messages, person, domain, first = ANSWERED[name]
    found = suggest(messages, person, domain=domain)
    assert [each["sticker"] for each in found["results"][:1]] == ([first] if first else [])
    for compare in (False, True):
        shown = reply({"user": person, "messages": messages, "domain": domain, "compare": compare})
        assert "error" not in shown
        assert shown["offered"] == bool(first)
        if first:
            assert shown["answer"]["rankings"]["both"][0][0] == first


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_conversation_has_a_sentence(
    name: str, suggest: Callable[..., Any], reply: Callable[..., Any]
) -> None:
    with pytest.raises(gr.Error, match="Expected"):
        suggest(REFUSED[name], "ann")
    assert ". Expected " in reply({"user": "ann", "messages": REFUSED[name]})["error"]
