"""The story of a bundle is chosen by a rule: the same every time, and nothing is told that the bundle does not hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import toy

from persrv.insight.rank_overlap import shared_at_top
from persrv.retriever import Retriever
from persrv.ui import opening
from persrv.ui.presentation.calls import calls
from persrv.ui.presentation.choosing import Story, choose
from persrv.ui.service import PageService


def test_the_story_of_the_toy_world_is_its_opening_and_the_most_different_person(toy_retriever: Retriever) -> None:
    service = PageService(toy_retriever)
    story = choose(service, "en")
    assert story is not None
    assert story == choose(PageService(toy_retriever), "en"), "the same every time"
    first = opening.best(opening.in_language(service.openings(), "en"))
    assert first is not None
    assert (story.query, story.user) == (first.query, first.user)
    assert story.other == opening.most_unlike(toy_retriever, first.query, first.user)
    tops = [
        [hit.sticker for hit in toy_retriever.search(story.query, user, top=opening.SIGHT).hits]
        for user in (story.user, story.other)
    ]
    assert story.shared == shared_at_top(tops[0], tops[1], opening.SIGHT)
    hits = toy_retriever.search(story.query, story.user, top=opening.SIGHT).hits
    rises = {hit.sticker: hit.recall_rank - hit.rank for hit in hits}
    assert rises[story.sticker] == max(rises.values())


def test_without_tastes_there_is_one_query_and_its_first_sticker(tmp_path: Path) -> None:
    none = Retriever.open(toy.write_toy(tmp_path, user_styles=()))
    story = choose(PageService(none), None)
    assert story is not None
    assert (story.user, story.other, story.shared) == (None, None, None)
    assert story.sticker == none.search(story.query, top=1).hits[0].sticker


def test_where_no_query_finds_anything_there_is_no_story(tmp_path: Path) -> None:
    none = {"train": (), "validation": (), "test": ()}
    silent = tuple(replace(each, ocr="", ocr_lines=(), queries=()) for each in toy.stickers())
    nothing = Retriever.open(
        toy.write_toy(
            tmp_path, stickers=silent, interactions=none, user_styles=(), utility_counts=0 * toy.utility_counts()
        )
    )
    assert choose(PageService(nothing), None) is None
    assert calls(PageService(nothing))[0]({"language": 7}) == {"story": None}


def test_the_server_tells_it_whole(toy_retriever: Retriever) -> None:
    (story,) = calls(PageService(toy_retriever))
    told = story({"language": "en"})["story"]
    assert Story(**told) == choose(PageService(toy_retriever), "en")
