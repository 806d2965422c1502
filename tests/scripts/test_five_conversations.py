"""The printed conversations: what a bundle's evaluation holds, and a sentence where it holds none."""

from __future__ import annotations

from dataclasses import replace

import five_conversations

from persrv.retriever import Retriever

EXAMPLE = {
    "kind": "reply",
    "turns": ["you: hi"],
    "wants": {"situation": "laugh"},
    "offered": {"BM25": ["s01"]},
    "withheld": {"PerSRV": ["s05"]},
}


def test_each_method_is_shown_with_the_words_of_its_stickers(toy_retriever: Retriever) -> None:
    sections = {"sections": {"replying": {"parameters": {"examples": [EXAMPLE] * 7}}}}
    printed = list(five_conversations.lines(replace(toy_retriever.bundle, evaluation=sections)))
    assert printed[:4] == ["1. reply; fits: laugh", "   you: hi", "      BM25: laugh", "      PerSRV: nothing (night)"]
    assert len(printed) == 5 * 4


def test_a_bundle_without_conversations_says_how_to_get_them(toy_retriever: Retriever) -> None:
    (sentence,) = five_conversations.lines(replace(toy_retriever.bundle, evaluation={}))
    assert "--only replying" in sentence
