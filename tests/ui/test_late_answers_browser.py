"""An answer that comes late never undoes what a person did meanwhile: typed, chose, closed or began to write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from conftest import PATIENCE, Visit
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser

#: The page has taken in what it was answered.
TAKEN_IN = "new Promise(done => setTimeout(done, 50))"


@contextmanager
def late(page: Page, name: str) -> Iterator[None]:
    """Delay answers of one of the server's functions within the block until after the block."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route) if f'"fn_name":"{name}"' in (route.request.post_data or "") else route.continue_()

    page.route("**/component_server/**", hold)
    yield
    for _ in range(20 * PATIENCE):
        if held:
            break
        page.wait_for_timeout(50)
    assert held, f"{name} was not asked"
    for route in held:
        with page.expect_request_finished(lambda request, asked=route.request: request == asked):
            route.continue_()
    page.unroute("**/component_server/**", hold)
    page.evaluate(TAKEN_IN)


def test_the_first_example_leaves_what_is_being_typed_and_who_was_chosen(visit: Visit) -> None:
    box = visit.page.locator(".ps-query[data-part=query]")
    with late(visit.page, "examples"):
        page = visit.open(lang="en")
        box.evaluate(
            "box => { box.focus(); box.dispatchEvent(new CompositionEvent('compositionstart')); box.value = 'wan'; }"
        )
    expect(page.locator("[data-part=chips] button").first).to_be_visible()
    expect(box).to_have_value("wan")
    with late(visit.page, "examples"):
        page = visit.open(lang="en")
        page.get_by_role("radio", name="Cleo").check(force=True)
    expect(page.locator("[data-part=chips] button").first).to_be_visible()
    expect(page.locator(".ps-results[data-query]")).to_be_visible()
    expect(page.get_by_role("radio", name="Cleo")).to_be_checked()


def test_a_closed_dialog_stays_closed(visit: Visit) -> None:
    page = visit.search(q="laugh", user="none", lang="en")
    page.locator(".is-left .ps-face").first.click()
    dialog = page.locator(".ps-dialog[open]")
    expect(dialog).to_be_visible()
    with late(page, "detail"):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
    expect(dialog).to_have_count(0)
    page.locator(".is-left .ps-face").first.click()
    expect(dialog).to_be_visible()


def test_a_dialog_opened_before_the_results_came_is_not_drawn_again(visit: Visit) -> None:
    with late(visit.page, "search"):
        page = visit.open(q="laugh", user="ann", lang="en")
        page.locator("[data-part=fold]").click()
        page.locator("[data-part=portrait] .ps-mini").first.click()
        expect(page.locator(".ps-dialog[open]")).to_be_visible()
        page.evaluate("document.querySelector('.ps-dialog[open] h2').dataset.seen = '1'")
    visit.answered("laugh")
    expect(page.locator(".ps-dialog[open] h2[data-seen]")).to_have_count(1)


def test_whoever_went_back_to_two_columns_keeps_them(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo", lang="en")
    with late(page, "unlike"):
        page.locator("[data-layout=people]").click()
        page.locator("[data-layout='2']").click()
    expect(page.locator("[data-layout='2']")).to_have_attribute("aria-pressed", "true")
    page.locator("[data-layout=people]").click()
    expect(page.locator(".ps-swap-choice")).to_be_visible()


def test_a_like_given_before_those_of_a_link_came_stays(visit: Visit) -> None:
    with late(visit.page, "you_likes"):
        page = visit.open(q="laugh", user="@you", likes="s05", lang="en")
        page.locator(".ps-you-tile[data-likes=s01]").click()
    expect(page.locator("[data-part=you-liked] button")).to_have_count(2)
    expect(page.locator("[data-liked=s01]")).to_be_visible()
    expect(page.locator("[data-liked=s05]")).to_be_visible()
    visit.answered("laugh")


def test_a_list_to_judge_that_is_being_typed_stays(visit: Visit) -> None:
    with late(visit.page, "examples"):
        page = visit.open(view="judge", q="laugh", user="cleo", lang="en")
        page.get_by_label("Queries, one a line").fill("night")
    expect(page.get_by_label("Queries, one a line")).to_have_value("night")
    page.get_by_role("button", name="Use these queries").click()
    expect(page.locator(".ps-judge-topic h2")).to_have_count(1)


def test_a_query_to_play_blind_that_is_being_typed_stays(visit: Visit) -> None:
    box = visit.page.locator("[data-part=blind-query]")
    with late(visit.page, "blind"):
        page = visit.open(view="blind", user="cleo", q="night", lang="en")
        expect(page.locator("[data-part=blind-grid]")).to_have_attribute("aria-busy", "true")
        box.fill("thanks")
    expect(page.locator(".ps-blind-face").first).to_be_visible()
    expect(box).to_have_value("thanks")
    with late(page, "examples"):
        page = visit.open(view="blind", user="cleo", q="night", lang="en")
        box.fill("thanks")
    expect(page.locator("[data-part=blind-chips] button").first).to_be_visible()
    expect(box).to_have_value("thanks")


def test_a_round_asked_for_before_the_suggestions_came_is_the_one_that_is_dealt(visit: Visit) -> None:
    with late(visit.page, "examples"):
        page = visit.open(view="blind", user="cleo", q="night", lang="en")
        page.locator("[data-part=blind-query]").fill("thanks")
        page.keyboard.press("Enter")
        expect(page.locator(".ps-blind-face").first).to_be_visible()
    expect(page.locator("[data-part=blind-chips] button").first).to_be_visible()
    expect(page.locator("[data-part=blind-words]")).to_contain_text("thanks")


def test_a_description_that_is_being_typed_is_what_is_looked_for(visit: Visit) -> None:
    with late(visit.page, "inspect_sticker"):
        page = visit.open(view="captions", q="laugh", user="none", lang="en")
        page.locator("[data-part=find-query]").fill("night")
        page.keyboard.press("Tab")
    expect(page.locator("[data-part=find-query]")).to_have_value("night")
    page.keyboard.press("Enter")
    expect(page.locator("[data-list=results]")).to_contain_text("night")


def test_a_note_goes_on_while_cases_are_mined(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo", lang="en")
    with late(page, "cases"):
        page.get_by_role("button", name="Cases", exact=True).click()
        page.get_by_role("button", name="Keep the search “laugh”").click()
        note = page.locator("[data-part=cases-own]").get_by_label("Your note")
        note.press_sequentially("half ")
    expect(page.locator(".ps-cases .ps-case").first).to_be_visible()
    expect(note).to_be_focused()
    page.keyboard.type("done")
    expect(note).to_have_value("half done")


def test_a_search_can_be_kept_however_late_it_came(visit: Visit) -> None:
    with late(visit.page, "search"):
        page = visit.open(view="cases", q="laugh", user="cleo", lang="en")
        expect(page.locator(".ps-cases .ps-case:not(.is-waiting)").first).to_be_visible()
    expect(page.get_by_role("button", name="Keep the search “laugh”")).to_be_visible()


def test_pressed_keys_of_the_map_keep_the_focus(visit: Visit) -> None:
    page = visit.open(view="map", q="laugh", user="cleo", colour="style", lang="en")
    for pressed in ("[data-part=map-legend] button", "[data-tool=lasso]"):
        page.locator(pressed).first.press("Enter")
        expect(page.locator(pressed).first).to_have_attribute("aria-pressed", "true")
        expect(page.locator(pressed).first).to_be_focused()


def test_a_draft_goes_on_while_the_other_one_answers(visit: Visit) -> None:
    page = visit.open(view="chat", chat="free", lang="en")
    box = page.locator("[data-part=chat-input]")
    box.fill("night")
    page.locator("[data-row=mine] .ps-chat-offer").first.click()
    expect(box).to_have_value("")
    with late(page, "chat_reply"):
        page.get_by_role("button", name="Let Ann answer").click()
        box.fill("laugh")
    expect(page.locator(".ps-message")).to_have_count(2)
    expect(box).to_have_value("laugh")
    expect(page.locator("[data-part=chat-words]")).to_have_text("For “laugh”")
