"""The chat in a real Chromium over the toy world: offers as one types, sending, taste, comparison, links, keyboard."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import Visit
from playwright.sync_api import Locator, Page, Route, expect

from persrv.retriever import Retriever
from persrv.ui.chat_tab.calls import OFFERED
from persrv.ui.likes import YOU

pytestmark = pytest.mark.browser


def chat(visit: Visit, **state: str) -> Page:
    page = visit.open(**{"view": "chat", **state})
    expect(page.locator("[data-part=chat-left] select")).to_be_visible()
    return page


def box(page: Page) -> Locator:
    return page.locator("[data-part=chat-input]")


def offers(page: Page, ids: list[str], row: str = "mine") -> None:
    """Waits until a row offers these stickers in this order."""
    page.wait_for_function(
        "([row, ids]) => [...document.querySelectorAll(`[data-row=${row}] li`)]"
        ".map(each => each.dataset.sticker).join() === ids",
        arg=[row, ",".join(ids)],
    )


def offer(page: Page, sticker: str) -> Locator:
    return page.locator(f"[data-row=mine] [data-sticker={sticker}] .ps-chat-offer")


def messages(page: Page) -> Locator:
    return page.locator(".ps-message")


def ranked(retriever: Retriever, query: str, user: str | None, name: str = "both") -> list[str]:
    return [hit.sticker for hit in retriever.compare(query, user, top=OFFERED)[name].hits]


def as_visitor(retriever: Retriever, query: str, likes: list[str]) -> list[str]:
    style = retriever.live_style(likes, YOU)
    return [hit.sticker for hit in retriever.compare(query, style, top=OFFERED)["both"].hits]


def test_it_opens_with_a_made_up_conversation_that_says_so(visit: Visit, toy_retriever: Retriever) -> None:
    page = chat(visit)
    expect(messages(page)).to_have_count(3)
    expect(page.locator("[data-part=chat-made]")).to_have_text("Made up")
    expect(page.locator("[data-part=chat-made-how]")).to_contain_text("Nobody wrote it")
    offers(page, ranked(toy_retriever, "笑死", "ann"))
    expect(page.locator("[data-part=chat-words]")).to_have_text("In reply to “笑死”")
    expect(page.locator("[data-part=chat-taste] h2")).to_have_text("Ann's taste")


def test_as_one_types_stickers_come_in_the_style_of_whoever_writes(visit: Visit, toy_retriever: Retriever) -> None:
    page = chat(visit)
    box(page).fill("laugh")
    offers(page, ranked(toy_retriever, "laugh", "ann"))
    expect(page.locator("[data-part=chat-words]")).to_have_text("For “laugh”")
    page.get_by_role("combobox", name="Who is on the right").select_option("cleo")
    page.get_by_role("radio", name="Write as Cleo").check(force=True)
    offers(page, ranked(toy_retriever, "laugh", "cleo"))
    expect(page.locator("[data-part=chat-taste] h2")).to_have_text("Cleo's taste")


def test_a_press_sends_and_the_sent_one_is_a_click_of_this_visit(visit: Visit, toy_retriever: Retriever) -> None:
    page = chat(visit, chat="free", user="ann")
    expect(page.locator("[data-part=chat-words]")).to_contain_text("Write something")
    expect(page.locator("[data-part=chat-taste]")).to_contain_text("No taste yet")
    box(page).fill("laugh")
    offers(page, ranked(toy_retriever, "laugh", None, "utility"))
    offer(page, "s03").click()
    expect(messages(page).locator(".ps-bubble-sticker")).to_have_count(1)
    expect(page.locator("[data-part=chat-taste]")).to_contain_text("Made of 1 sticker, 1 of them sent just now")
    expect(page.locator("[data-part=chat-taste] .ps-shares li").first).to_be_visible()
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("")
    box(page).fill("laugh")
    offers(page, as_visitor(toy_retriever, "laugh", ["s03"]))
    stored = page.evaluate("Object.entries(localStorage)")
    assert {key for key, value in stored if "s03" in value} == {"persrv-chat"}, "a click of this visit is no kept like"


def test_words_are_sent_by_enter_and_the_other_one_answers(visit: Visit, toy_retriever: Retriever) -> None:
    page = chat(visit, chat="free")
    box(page).fill("night")
    box(page).press("Enter")
    expect(messages(page)).to_have_text(["You: night"])
    offers(page, ranked(toy_retriever, "night", None, "utility"))
    expect(page.locator("[data-part=chat-words]")).to_have_text("After your own “night”")
    offer(page, "s05").click()
    page.get_by_role("button", name="Let Ann answer").click()
    expect(messages(page)).to_have_count(3)
    answer = messages(page).last
    expect(answer).to_have_class("ps-message is-left")
    page.reload()
    expect(messages(page)).to_have_count(3)
    page.get_by_role("button", name="Clear and start anew").click()
    expect(messages(page)).to_have_count(0)
    assert page.evaluate("localStorage.getItem('persrv-chat')") is None


def test_where_no_sticker_says_it_none_is_pushed(visit: Visit) -> None:
    page = chat(visit)
    expect(page.locator(".ps-chat-offer").first).to_be_visible()
    box(page).fill("xyzzy")
    expect(page.locator("[data-part=chat-words]")).to_contain_text("none is pushed")
    expect(page.locator(".ps-chat-offer")).to_have_count(0)
    page.get_by_role("button", name="Show what is nearest").click()
    expect(page.locator(".ps-chat-offer").first).to_be_visible()
    expect(page.locator("[data-part=chat-words]")).to_contain_text("merely nearest")


def test_a_switch_adds_everybodys_row_and_the_last_message(visit: Visit, toy_retriever: Retriever) -> None:
    page = chat(visit)
    page.get_by_role("combobox", name="Who is on the left").select_option("cleo")
    page.get_by_role("switch", name="Compare").click()
    box(page).fill("laugh")
    offers(page, ranked(toy_retriever, "laugh", "cleo"))
    offers(page, ranked(toy_retriever, "laugh", None, "utility"), "everybody")
    offers(page, ranked(toy_retriever, "笑死", "cleo"), "last")
    expect(page.locator("[data-row=SRS]")).to_contain_text("Left out: this bundle lacks it.")
    expect(page.locator("[data-row='retrieving LM']")).to_contain_text("python -m precompute retrieving-lm")
    box(page).fill("")
    expect(page.locator("[data-row=last]")).to_have_count(0)


def test_what_was_typed_before_the_conversation_came_stays(visit: Visit, toy_retriever: Retriever) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route) if "chat_ready" in (route.request.post_data or "") else route.continue_()

    visit.page.route("**/component_server/**", hold)
    page = visit.open(view="chat", lang="en")
    box(page).fill("thanks")
    page.locator("[data-part=language]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    while len(held) < 2:
        page.wait_for_timeout(50)
    for route in reversed(held):
        route.continue_()
    offers(page, ranked(toy_retriever, "thanks", "ann"))
    expect(box(page)).to_have_value("thanks")
    expect(messages(page)).to_have_count(3)


def test_why_is_the_dialog_of_search(visit: Visit) -> None:
    page = chat(visit)
    box(page).fill("laugh")
    expect(page.locator("[data-part=chat-words]")).to_have_text("For “laugh”")
    box(page).press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(offer(page, "s02")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(offer(page, "s01")).to_be_focused()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Why number 1")
    expect(dialog.locator(".ps-formula")).to_be_visible()
    expect(dialog.locator(".ps-pulled figure").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(offer(page, "s01")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(box(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(messages(page)).to_have_count(4)


def test_a_link_holds_the_conversation_only_where_it_is_asked_for(visit: Visit) -> None:
    page = chat(visit, chat="free")
    box(page).fill("laugh")
    offer(page, "s03").click()
    box(page).fill("<b>晚安</b> &amp;")
    box(page).press("Enter")
    expect(messages(page)).to_have_count(2)
    assert parse_qs(urlsplit(page.url).query)["chat"] == ["free"]
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy a link to this conversation").click()
    expect(page.locator("[data-part=chat-travels]")).to_have_text("The link holds 2 messages, not your likes.")
    link = page.evaluate("navigator.clipboard.readText()")
    assert parse_qs(urlsplit(link).query)["view"] == ["chat"]
    page.evaluate("localStorage.clear()")
    page.goto(link)
    expect(messages(page)).to_have_count(2)
    expect(messages(page).last).to_have_text("You: <b>晚安</b> &amp;")
    expect(page.get_by_role("button", name="From the link")).to_have_attribute("aria-pressed", "true")


def test_a_conversation_too_long_for_a_link_says_what_travels(visit: Visit) -> None:
    page = chat(visit, chat="free")
    expect(box(page)).to_be_visible()
    said = [{"side": "left", "by": "ann", "text": f"message number {number}"} for number in range(150)]
    box(page).fill("x")
    box(page).press("Enter")
    expect(messages(page)).to_have_count(1)
    kept = json.loads(page.evaluate("localStorage.getItem('persrv-chat')"))
    kept["talk"] = {"left": "ann", "right": "bob", "messages": said}
    page.evaluate("text => localStorage.setItem('persrv-chat', text)", json.dumps(kept))
    page.reload()
    expect(messages(page)).to_have_count(150)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy a link to this conversation").click()
    expect(page.locator("[data-part=chat-travels]")).to_contain_text("too long for a link, which holds the newest")


@pytest.mark.parametrize("code", ["9999", "-1", "nonsense-that-is-no-conversation", "W10", "%00"])
def test_an_odd_address_shows_a_ready_conversation(visit: Visit, code: str) -> None:
    page = chat(visit, chat=code)
    expect(messages(page)).to_have_count(3)


def test_a_ready_conversation_plays_and_stops(visit: Visit) -> None:
    page = chat(visit)
    expect(messages(page)).to_have_count(3)
    page.get_by_role("button", name="Play").click()
    expect(messages(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    expect(messages(page)).to_have_count(3)
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.get_by_role("button", name="Play").click()
    expect(messages(page)).to_have_count(1)
    page.get_by_role("button", name="Stop").click()
    page.wait_for_timeout(2500)
    expect(messages(page)).to_have_count(1)


def test_it_speaks_chinese_and_fits_a_phone(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = chat(visit, lang="zh")
    expect(page.locator("[data-part=chat-words]")).to_have_text("回“笑死”")
    expect(page.locator("[data-part=chat-made]")).to_have_text("编的")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    expect(box(page)).to_be_in_viewport()
    page.get_by_label("Switch to English").click()
    expect(page.locator("[data-part=chat-words]")).to_have_text("In reply to “笑死”")
