"""The owner of a local bundle edits a sticker on its page, with the keyboard alone if they like."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import toy
from conftest import Visit, serve, visiting
from playwright.sync_api import Browser, Page, Route, expect

from persrv.bundle import edits_path, read_edits

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    folder = tmp_path_factory.mktemp("owner")
    bundle = toy.write_toy(folder).path
    server, url = serve(bundle, folder / "log.txt")
    yield bundle, url
    server.terminate()
    server.wait(timeout=20)
    assert "Traceback" not in (folder / "log.txt").read_text(errors="replace")


@pytest.fixture
def visit(browser: Browser, served: tuple[Path, str]) -> Iterator[Visit]:
    with visiting(browser, served[1]) as visitor:
        yield visitor


def opened(page: Page, sticker: str) -> None:
    page.locator(f'.is-left .ps-card[data-sticker="{sticker}"] .ps-face').click()
    expect(page.locator(".ps-owner")).to_be_visible()


def shown(page: Page) -> list[str]:
    return [str(card.get_attribute("data-sticker")) for card in page.locator(".is-left .ps-card").all()]


def test_tags_and_text_by_keyboard_are_found_at_once(served: tuple[Path, str], visit: Visit) -> None:
    page = visit.search(q="laugh", user="none", lang="en")
    opened(page, "s02")
    tags, text = page.get_by_label("Tags, between commas"), page.get_by_label("What it says")
    expect(text).to_have_value("laugh")
    tags.fill("boss, 周一，cds")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".ps-dialog .ps-steps span")).to_have_text("2 / 4")
    text.fill("giggle")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved: searches find it at once").first).to_be_visible()
    expect(page.locator("#ps-dialog-title")).to_have_text("giggle")
    page.keyboard.press("Escape")
    (edit,) = read_edits(edits_path(served[0]))
    assert (edit.sticker, edit.tags, edit.text) == ("s02", ("boss", "周一", "cds"), "giggle")
    for query in ("boss", "周一", "giggle"):
        page.locator(".ps-query[data-part=query]").fill(query)
        visit.answered(query)
        assert shown(page)[0] == "s02"
    page.locator(".is-left .ps-score").first.click()
    expect(page.locator(".ps-results")).to_contain_text("giggle")


def test_nobody_types_before_it_is_known_what_stands_there(visit: Visit) -> None:
    held: list[Route] = []
    visit.page.route("**/owner?sticker=s09", lambda route: held.append(route))
    page = visit.search(q="thanks", user="none", lang="en")
    opened(page, "s09")
    tags, star = page.get_by_label("Tags, between commas"), page.get_by_role("button", name="★ Star")
    expect(tags).to_be_disabled()
    expect(star).to_be_disabled()
    while not held:
        page.wait_for_timeout(50)
    held.pop().continue_()
    expect(tags).to_be_enabled()
    tags.fill("stays")
    tags.press("Enter")
    expect(page.get_by_text("Saved: searches find it at once").first).to_be_visible()
    expect(tags).to_be_focused()
    expect(tags).to_have_value("stays")


def test_who_gets_no_answer_is_told(visit: Visit) -> None:
    visit.page.route("**/owner?sticker=s09", lambda route: route.abort())
    visit.forgiven.append("ERR_FAILED")
    page = visit.search(q="thanks", user="none", lang="en")
    opened(page, "s09")
    expect(page.locator(".ps-owner [role=status]")).to_contain_text("No answer came")
    expect(page.get_by_label("Tags, between commas")).to_be_disabled()


def test_stars_and_hidden_ones_are_listed(visit: Visit) -> None:
    page = visit.search(q="thanks", user="none", lang="en")
    opened(page, "s09")
    page.get_by_label("Tags, between commas").fill("typed before the star")
    page.get_by_role("button", name="★ Star").click()
    expect(page.get_by_role("button", name="★ Starred")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("Tags, between commas")).to_have_value("typed before the star")
    page.keyboard.press("Escape")
    expect(page.locator('.is-left .ps-card[data-sticker="s09"] .ps-star')).to_be_visible()
    opened(page, "s10")
    page.get_by_role("button", name="Hide", exact=True).click()
    expect(page.get_by_role("button", name="Show again")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator('.is-left .ps-card[data-sticker="s10"]')).to_have_count(0)
    page.get_by_role("button", name="★ 1 starred").click()
    visit.answered("★")
    assert shown(page) == ["s09"]
    page.get_by_text("1 hidden").click()
    page.locator(".ps-owner-hidden .ps-mini").click()
    page.get_by_role("button", name="Show again").click()
    expect(page.get_by_role("button", name="Hide", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("1 hidden")).to_have_count(0)


#: Of the map that is drawn, as JavaScript.
POINTS = "document.querySelector('.ps-plot')?.data?.flatMap((trace) => [...(trace.customdata ?? [])]).length"


def test_a_hidden_sticker_leaves_the_map_that_was_drawn_and_comes_back(visit: Visit) -> None:
    page = visit.search(q="laugh", user="none", lang="en", view="map")
    page.wait_for_function(f"{POINTS} === 12")
    page.locator("button[data-t=nav_search]").click()
    opened(page, "s03")
    page.get_by_role("button", name="Hide", exact=True).click()
    expect(page.get_by_role("button", name="Show again")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("button[data-t=nav_map]").click()
    page.wait_for_function(f"{POINTS} === 11")
    expect(page.locator(".ps-map-picture").first).to_be_visible()
    expect(page.locator(".ps-map-picture[src*=s03]")).to_have_count(0)
    page.locator("button[data-t=nav_search]").click()
    page.get_by_text("1 hidden").click()
    page.locator(".ps-owner-hidden .ps-mini").click()
    page.get_by_role("button", name="Show again").click()
    expect(page.get_by_role("button", name="Hide", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("button[data-t=nav_map]").click()
    page.wait_for_function(f"{POINTS} === 12")


def test_a_refusal_is_a_sentence_in_both_languages(visit: Visit) -> None:
    page = visit.search(q="night", user="none", lang="zh")
    opened(page, "s05")
    page.get_by_label("标签（用逗号隔开）").fill("，".join(str(number) for number in range(30)))
    page.get_by_role("button", name="保存修改").click()
    expect(page.locator(".ps-owner [role=status]")).to_contain_text("至多 20 个标签")


def test_a_stranger_sees_nothing_of_it(visit: Visit) -> None:
    visit.page.set_extra_http_headers({"X-Forwarded-For": "127.0.0.1"})
    visit.forgiven += ["403"]
    page = visit.search(q="laugh", user="none", lang="en")
    page.locator(".is-left .ps-face").first.click()
    expect(page.locator(".ps-dialog[open]")).to_be_visible()
    expect(page.get_by_text("Yours to edit")).to_have_count(0)
