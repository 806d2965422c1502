"""A catalogue that knows many people: the page offers the first of them, says so, and searches for all."""

from __future__ import annotations

from pathlib import Path

import pytest
import toy

from persrv.insight.audience import audience
from persrv.ranking.styles import fit_user_style
from persrv.records import Person
from persrv.retriever import Retriever
from persrv.ui import crowd, opening
from persrv.ui.captions_tab.calls import kin
from persrv.ui.endpoints import endpoints
from persrv.ui.service import PageService

MANY = 60


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> PageService:
    """The page over the toy world with sixty people, each of the taste of one sticker."""
    folder = Path(tmp_path_factory.mktemp("crowd"))
    people = tuple(Person(f"p{number:02d}", f"人{number}", f"P{number}", "", "") for number in range(MANY))
    vectors = toy.embeddings()
    styles = [
        fit_user_style(each.id, [toy.IDS[number % 12]], vectors[[number % 12]]) for number, each in enumerate(people)
    ]
    return PageService(Retriever(toy.write_toy(folder, people=people, user_styles=styles)))


def test_the_page_offers_the_first_and_says_how_many_there_are(service: PageService) -> None:
    start = service.start()
    shown = [person["id"] for person in start["people"]]
    assert shown == [f"p{number:02d}" for number in range(crowd.MOST_PEOPLE)]
    assert start["population"] == MANY > crowd.MOST_PEOPLE


def test_whoever_is_not_offered_is_searched_for_all_the_same(service: PageService) -> None:
    last = service.search("laugh", "p59")
    assert last["personalized"]
    assert last["rankings"]["both"] != last["rankings"]["utility"]


def test_only_the_offered_are_compared_and_ranked(service: PageService) -> None:
    ask = service.retriever
    offered = {person.id for person in crowd.shown_people(ask)}
    assert {sight.user for sight in opening.openings(ask, ["laugh"])} == offered
    assert opening.most_unlike(ask, "laugh", "p59") in offered
    assert {fan["user"] for fan in kin(service, None, "s01")["audience"]} == offered
    assert len(audience(ask, ask.bundle.embeddings[0])) == MANY, "whoever asks for everybody gets everybody"
    search = endpoints(ask)[0]
    assert search("laugh", "p59", 1)["people"] == [person.id for person in crowd.shown_people(ask)]


def test_a_small_catalogue_offers_everybody(toy_retriever: Retriever) -> None:
    assert crowd.shown_people(toy_retriever) == toy.PEOPLE
