"""The chat's server functions on the toy world: whose style counts, what is compared, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from persrv.retriever import Retriever
from persrv.ui.chat_tab.calls import MOST_SENT, OFFERED
from persrv.ui.chat_tab.calls import calls as chat_calls
from persrv.ui.chat_tab.others import recalls
from persrv.ui.likes import YOU
from persrv.ui.service import PageService
from persrv.ui.you_tab.calls import Visitors

ANN_LAUGHS = [{"from": "left", "text": "laugh"}]


@pytest.fixture(scope="module")
def ask(toy_retriever: Retriever) -> dict[str, Callable[[object], Any]]:
    service = PageService(toy_retriever)
    return {each.__name__: each for each in chat_calls(service, Visitors(service))}


def offered(reply: dict[str, Any], ranking: str = "both") -> list[str]:
    return [place[0] for place in reply["answer"]["rankings"][ranking]]


def ranked(retriever: Retriever, query: str, likes: list[str], name: str) -> list[str]:
    return [
        hit.sticker for hit in retriever.compare(query, retriever.live_style(likes, name), top=OFFERED)["both"].hits
    ]


def test_a_person_is_offered_what_a_search_would_bring(ask: dict[str, Any], toy_retriever: Retriever) -> None:
    reply = ask["chat_reply"]({"user": "cleo", "messages": ANN_LAUGHS})
    assert (reply["source"], reply["asked"], reply["place"], reply["offered"]) == ("last_turn", "laugh", 0, True)
    compared = toy_retriever.compare("laugh", "cleo", top=OFFERED)
    for name in ("both", "utility"):
        assert offered(reply, name) == [hit.sticker for hit in compared[name].hits]
    assert reply["last"] is None


def test_what_was_sent_counts_as_a_click_of_whoever_sent_it(ask: dict[str, Any], toy_retriever: Retriever) -> None:
    for name, request, clicks in (
        ("ann", {"user": "ann", "sent": ["s08", "s04"]}, ["s01", "s02", "s08", "s04"]),
        (YOU, {"user": YOU, "likes": ["s03"]}, ["s03"]),
    ):
        reply = ask["chat_reply"]({**request, "draft": "laugh"})
        assert offered(reply) == ranked(toy_retriever, "laugh", clicks, name)
        assert ask["chat_taste"](request)["stickers"] == len(clicks)
    assert ask["chat_taste"]({"user": "ann"})["stickers"] == int(toy_retriever.style_of("ann").sizes.sum())  # type: ignore[union-attr]


def test_what_pulled_a_sticker_is_asked_in_the_style_of_the_visit(ask: dict[str, Any]) -> None:
    style_of_visit = {"user": "ann", "sent": ["s08"]}
    found = [ask["chat_pulled"]({**style_of_visit, "sticker": "s04", "cluster": at}) for at in range(3)]
    assert {each["id"] for view in found for each in view["pulled"]} == {"s01", "s02", "s08"}
    assert ask["chat_pulled"]({**style_of_visit, "sticker": "nothing", "cluster": 0})["pulled"] == []
    assert ask["chat_pulled"]({"user": "", "sticker": "s04", "cluster": True})["pulled"] == []


def test_a_comparison_adds_the_last_message_while_something_is_typed(ask: dict[str, Any]) -> None:
    request = {"user": "cleo", "messages": ANN_LAUGHS, "compare": True}
    assert ask["chat_reply"](request)["last"] is None
    typed = ask["chat_reply"]({**request, "draft": "night"})
    assert (typed["asked"], typed["last"]["asked"]) == ("night", "laugh")
    assert offered(typed["last"]) == offered(ask["chat_reply"](request))


def test_where_nothing_is_wanted_nothing_is_offered(ask: dict[str, Any]) -> None:
    empty = ask["chat_reply"]({"user": "ann"})
    assert (empty["source"], empty["answer"], empty["offered"]) == ("", None, False)
    chat = ask["chat_reply"]({"user": "ann", "draft": "xyzzy"})
    assert (chat["source"], chat["offered"]) == ("draft", False)
    assert chat["answer"]["fallback"] == "popular"


def test_a_stranger_and_a_visitor_without_likes_have_no_taste(ask: dict[str, Any]) -> None:
    for request in ({"user": "stranger", "sent": ["s01"]}, {"user": YOU}, {"user": ""}, {}):
        assert ask["chat_taste"](request) == {"told": None, "stickers": 0}
        reply = ask["chat_reply"]({**request, "draft": "laugh"})
        assert (reply["offered"], reply["answer"]["personalized"]) == (True, False)


def test_ready_conversations_come_with_their_stickers(ask: dict[str, Any]) -> None:
    made = ask["chat_ready"]({"language": "en"})
    (first,) = made["conversations"]
    assert first["people"] == ("ann", "bob")
    assert first["turns"] == [["ann", "laugh", "s02"], ["bob", "笑死", "s02"]]
    assert made["stickers"]["s02"]["text"] == "laugh"


def test_stickers_of_a_link_that_the_catalogue_lacks_are_left_out(ask: dict[str, Any]) -> None:
    found = ask["chat_stickers"]({"ids": ["s01", "nothing", 7, None, *["s02"] * MOST_SENT, "s03"]})
    assert sorted(found["stickers"]) == ["s01", "s02"]
    assert ask["chat_stickers"]({"ids": "s01"}) == {"stickers": {}}


ODD: list[object] = [
    None,
    [],
    "x",
    3,
    {"messages": "x"},
    {"messages": [3]},
    {"sent": {"a": 1}},
    {"user": 3, "draft": []},
]


@pytest.mark.parametrize("request_", ODD)
def test_odd_requests_get_an_answer_or_a_sentence(ask: dict[str, Any], request_: object) -> None:
    for function in ask.values():
        answer = function(request_)
        assert "error" not in answer or ". Expected " in answer["error"]


def test_likes_that_cannot_be_used_and_long_drafts_are_refused_in_both_languages(ask: dict[str, Any]) -> None:
    assert ask["chat_reply"]({"user": YOU, "likes": ["nothing"], "draft": "laugh"})["code"] == "you_unknown"
    long = ask["chat_reply"]({"user": "ann", "draft": "哈" * 501})
    assert (long["code"], long["values"]["n"]) == ("too_long", 501)


def test_a_comparison_adds_what_words_alone_would_bring(ask: dict[str, Any], toy_retriever: Retriever) -> None:
    request = {"user": "cleo", "messages": ANN_LAUGHS}
    assert ask["chat_reply"](request)["methods"] == []
    words, *models = ask["chat_reply"]({**request, "compare": True})["methods"]
    assert (words["name"], words["recall"]) == ("BM25", None)
    assert [(each["name"], each["state"]) for each in models] == [("retrieving LM", "missing"), ("SRS", "missing")]
    settings = toy_retriever.bundle.words_settings
    found = toy_retriever.compare("laugh", None, settings, top=OFFERED)["none"].hits
    assert offered(words, "none") == [hit.sticker for hit in found]
    assert ask["chat_reply"]({"user": "cleo", "compare": True})["methods"] == []


def test_the_measured_recall_of_a_method_is_that_of_the_bundles_evaluation() -> None:
    def section(**values: float) -> dict[str, Any]:
        rows = [{"name": name, "figures": {"R@10": {"value": value}}} for name, value in values.items()]
        return {"tables": [{"name": "deciding", "rows": []}, {"name": "retrieval", "rows": rows}]}

    assert recalls({"sections": {"replying": section(BM25=0.14)}}) == {"BM25": 0.14}
    both = {"retrieving-lm": section(LM=0.17, BM25=0.1), "replying": section(BM25=0.14)}
    assert recalls({"sections": both}) == {"LM": 0.17, "BM25": 0.14}, "the section on all methods counts"
    assert recalls({}) == {}
