"""The story plays from a link and by keys, in a real Chromium."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from persrv.retriever import Retriever
from persrv.ui.presentation.choosing import Story, choose
from persrv.ui.service import PageService

if TYPE_CHECKING:
    from conftest import Visit

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def story(toy_retriever: Retriever) -> Story:
    chosen = choose(PageService(toy_retriever), "en")
    assert chosen is not None
    return chosen


def stage(page: Page) -> Locator:
    return page.get_by_role("dialog", name="The story of this bundle")


def rows(page: Page) -> list[list[str]]:
    lists = page.locator(".ps-story-row ol").all()
    return [each.locator("li").evaluate_all("cards => cards.map(c => c.dataset.sticker)") for each in lists]


def first(retriever: Retriever, story: Story, user: str | None, ranking: str) -> list[str]:
    return [hit.sticker for hit in retriever.compare(story.query, user, top=24)[ranking].hits][:8]


def test_every_step_shows_what_the_library_finds(visit: Visit, toy_retriever: Retriever, story: Story) -> None:
    page = visit.open(story="1", lang="en")
    expect(stage(page).locator("h2")).to_have_text(f"One query“{story.query}”")
    assert rows(page) == [first(toy_retriever, story, None, "utility")]
    page.keyboard.press("ArrowRight")
    expect(stage(page).locator("h2")).to_contain_text("Two people")
    assert rows(page) == [first(toy_retriever, story, user, "both") for user in (story.user, story.other)]
    expect(stage(page)).to_contain_text(f"share {story.shared}.")
    page.keyboard.press("ArrowRight")
    expect(stage(page).locator("h2")).to_contain_text("Why")
    hit = next(
        hit for hit in toy_retriever.search(story.query, story.user, top=24).hits if hit.sticker == story.sticker
    )
    expect(page.locator(".ps-story-score h3 b")).to_have_text([f"{hit.recall:.2f}", f"{hit.final:.2f}"])
    page.keyboard.press("ArrowRight")
    expect(stage(page)).to_contain_text("3 / 3")
    expect(stage(page)).to_contain_text("What this bundle cannot show: No held-out click for which")
    assert parse_qs(urlsplit(page.url).query)["story"] == ["3"]
    page.keyboard.press("ArrowLeft")
    expect(stage(page).locator("h2")).to_contain_text("Two people")
    page.keyboard.press("Escape")
    expect(stage(page)).to_be_hidden()
    assert "story" not in parse_qs(urlsplit(page.url).query)


def test_it_plays_by_itself_and_space_holds_it(visit: Visit) -> None:
    page = visit.page
    page.emulate_media(reduced_motion="no-preference")
    page.clock.install()
    visit.open(story="1", lang="en")
    expect(stage(page)).to_contain_text("plays by itself")
    page.clock.run_for(13_000)
    expect(stage(page).locator("h2")).to_contain_text("Two people")
    page.keyboard.press("Space")
    expect(stage(page)).to_contain_text("held")
    page.clock.run_for(60_000)
    expect(stage(page).locator("h2")).to_contain_text("Two people")
    page.keyboard.press("Space")
    page.clock.run_for(13_000)
    expect(stage(page).locator("h2")).to_contain_text("Why")


def test_with_reduced_motion_it_waits_for_a_key(visit: Visit) -> None:
    page = visit.open(story="2", lang="en")
    expect(stage(page)).to_contain_text("held")


@pytest.mark.parametrize("step", ["0", "-1", "two", "1e9", ""])
def test_no_step_is_no_story(visit: Visit, step: str) -> None:
    page = visit.search(q="laugh", story=step)
    expect(stage(page)).to_be_hidden()


def test_a_step_too_far_is_the_last_one_and_simulated_is_said(visit: Visit) -> None:
    page = visit.open(story="9", lang="zh")
    shown = page.get_by_role("dialog", name="这个数据包的故事")
    expect(shown).to_contain_text("3 / 3")
    expect(shown.locator("h2")).to_have_text(re.compile("为什么"))


def test_it_is_told_from_the_presentation(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo", present="1", lang="en")
    page.keyboard.press("t")
    expect(stage(page)).to_be_visible()
    expect(stage(page).locator("h2")).to_contain_text("One query")
