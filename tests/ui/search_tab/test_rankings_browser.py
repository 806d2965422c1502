"""Rankings held against each other in a real Chromium: the page's numbers are those of the library."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from persrv.insight.rank_overlap import rank_biased_overlap, shared_at_top
from persrv.records import RANKINGS, SearchSettings
from persrv.retriever import Retriever

if TYPE_CHECKING:
    from conftest import Visit

pytestmark = pytest.mark.browser


def ids(retriever: Retriever, query: str, user: str | None, name: str) -> list[str]:
    return [hit.sticker for hit in retriever.compare(query, user, top=24)[name].hits]


def cards(page: Page, side: str) -> list[str]:
    """The sticker ids of a column, best first."""
    found = page.locator(f".ps-column.is-{side} .ps-card").evaluate_all("cards => cards.map(c => c.dataset.sticker)")
    return list(found)


# ---- overlap --------------------------------------------------------------------------------------------------------


def test_a_line_says_how_alike_both_columns_are(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="cleo")
    line = page.locator(".ps-overlap")
    seen = set()
    for first, second in (("utility", "both"), ("none", "personalization")):
        rankings = ids(toy_retriever, "laugh", "cleo", first), ids(toy_retriever, "laugh", "cleo", second)
        expect(line).to_contain_text(f"{shared_at_top(*rankings)} of the top 4 shared")
        alike = rank_biased_overlap(*rankings)
        expect(line).to_contain_text(f"rankings {100 * alike:.0f} % alike")
        exact = re.compile(re.escape(f"rank-biased overlap: RBO {alike:.2f} (p = 0.9;"))
        expect(line.locator(".ps-overlap-pair")).to_have_attribute("title", exact)
        seen.add(line.inner_text())
        page.get_by_role("switch").click()
    assert len(seen) == 2, "the toy world no longer tells the two pairs apart"


def test_without_personalization_nothing_is_compared(visit: Visit) -> None:
    page = visit.search(q="laugh", user="none")
    expect(page.locator(".ps-overlap")).to_be_hidden()


# ---- tuning ---------------------------------------------------------------------------------------------------------


def knob(page: Page, name: str) -> Locator:
    return page.locator(f"[data-knob={name}]")


def turn(page: Page, name: str, value: str) -> None:
    """Moves a slider and waits for the frame that shows it."""
    knob(page, name).fill(value)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_a_slider_re_ranks_at_once_without_the_server(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="bob")
    bundle = toy_retriever.bundle.settings
    before = cards(page, "right")
    page.get_by_role("button", name="Tune").click()
    expect(page.locator(".ps-tune-foot .ps-note")).to_contain_text("all 4 stickers that share a word")
    asked = len(visit.calls)
    turn(page, "alpha", "0")
    turn(page, "lambda", "0.05")
    settings = replace(bundle, alpha=0.0, lambda_=0.05)
    expected = toy_retriever.compare("laugh", "bob", settings, top=24)
    assert cards(page, "right") == [hit.sticker for hit in expected["both"].hits] != before
    assert cards(page, "left") == [hit.sticker for hit in expected["utility"].hits]
    turn(page, "ocr", "0")
    left_over = toy_retriever.search("laugh", "bob", with_ocr_off(settings)).hits
    assert cards(page, "right") == [hit.sticker for hit in left_over]
    assert len(left_over) == 2, "only the field of queries is left, and two stickers hold the word there"
    assert len(visit.calls) == asked
    page.locator(".is-right .ps-score").first.click()
    expect(page.locator(".ps-number.is-final b")).to_have_text(f"{left_over[0].final:.2f}")
    reset = page.get_by_role("button", name="Back to the bundle's settings")
    reset.click()
    assert cards(page, "right") == before
    expect(reset).to_have_attribute("aria-disabled", "true")
    assert "tune=" not in page.url


def test_a_term_that_is_told_stays_told_while_a_slider_moves(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo")
    page.get_by_role("button", name="Tune").click()
    page.locator(".is-right .ps-score").first.click()
    panel = page.locator(".ps-unfolded")
    term, told = panel.locator("[data-term=alpha]"), panel.locator(".ps-term-told")
    term.click()
    expect(told).to_contain_text("taste counts, 1 here")
    turn(page, "alpha", "1.25")
    expect(told).to_contain_text("taste counts, 1.25 here")
    expect(panel.locator(".ps-tells[aria-expanded=true]")).to_have_text("1.25α")
    term.focus()
    knob(page, "alpha").evaluate(
        "slider => { slider.value = '1.5'; slider.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    expect(told).to_contain_text("taste counts, 1.5 here")
    expect(term).to_be_focused()
    page.locator(".is-right .ps-score").last.click()
    expect(told).to_be_empty()


def with_ocr_off(settings: SearchSettings) -> SearchSettings:
    return replace(settings, field_weights={**settings.field_weights, "ocr": 0.0})


def test_arrow_keys_move_a_slider_by_a_step(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="cleo", tune="alpha-1.5")
    knob(page, "alpha").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".ps-knob", has=knob(page, "alpha")).locator("output")).to_have_text("1.00 → 1.49")
    assert "tune=alpha-1.49" in page.url


def test_a_link_restores_the_sliders_and_later_searches_obey_them(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="cleo", tune="alpha-0_lambda-0.05_bogus-1_w1-x")
    settings = replace(toy_retriever.bundle.settings, alpha=0.0, lambda_=0.05)
    expect(page.locator(".ps-tune")).to_be_visible()
    expect(page.get_by_role("button", name="Tune · 2 changed")).to_be_visible()
    assert cards(page, "right") == [hit.sticker for hit in toy_retriever.search("laugh", "cleo", settings).hits]
    page.get_by_role("searchbox").fill("night")
    visit.answered("night")
    assert cards(page, "right") == [hit.sticker for hit in toy_retriever.search("night", "cleo", settings).hits]


def test_weights_that_leave_nothing_are_told(visit: Visit) -> None:
    page = visit.search(q="笑死", user="cleo", tune="queries-0")
    expect(page.locator("[data-part=notice]")).to_have_text(
        "With these weights no field that counts shares a word with the query."
    )
    expect(page.locator(".ps-card")).to_have_count(0)


def test_a_panel_that_was_never_opened_costs_a_search_nothing(visit: Visit) -> None:
    visit.search(q="laugh", user="cleo")
    assert not any('"candidates": true' in call or '"candidates":true' in call for call in visit.calls)


# ---- 2 x 2 ----------------------------------------------------------------------------------------------------------


def four(page: Page, name: str) -> Locator:
    return page.locator(f".ps-four-list[data-ranking={name}]")


def listed(page: Page, name: str) -> list[str]:
    """The sticker ids of one of the four lists, best first."""
    found = four(page, name).locator(".ps-card").evaluate_all("cards => cards.map(c => c.dataset.sticker)")
    return list(found)


def test_four_rankings_at_once_with_every_place(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="cleo")
    expect(page.locator(".ps-hero .ps-chip").first).to_be_visible()
    asked = len(visit.calls)
    page.get_by_role("button", name="2 × 2").click()
    expect(page.locator(".ps-columns")).to_be_hidden()
    expected = {name: ids(toy_retriever, "laugh", "cleo", name) for name in RANKINGS}
    assert {name: listed(page, name) for name in RANKINGS} == expected
    for name in RANKINGS:
        for sticker in expected[name]:
            card = four(page, name).locator(f"[data-sticker={sticker}]")
            places = [str(expected[each].index(sticker) + 1) for each in RANKINGS]
            expect(card.locator(".ps-places b")).to_have_text(places)
            expect(card.locator(".ps-places .is-own b")).to_have_text([str(expected[name].index(sticker) + 1)])
            other = "both" if name == "none" else name
            steps = expected["none"].index(sticker) - expected[other].index(sticker)
            sign = "▲" if steps > 0 else "▼" if steps < 0 else "="
            assert card.locator(".ps-move > [aria-hidden]").all_inner_texts() == [
                sign,
                str(abs(steps)) if steps else "",
            ]
    pairs = page.locator(".ps-overlap-pair")
    expect(pairs).to_have_count(6)
    alike = rank_biased_overlap(expected["utility"], expected["both"])
    expect(pairs.filter(has_text="Text + utility ↔ Text + utility + preference")).to_contain_text(
        f"rankings {100 * alike:.0f} % alike"
    )
    assert len(visit.calls) == asked
    assert "columns=4" in page.url
    page.reload()
    visit.answered("laugh")
    assert listed(page, "both") == expected["both"]
    page.get_by_role("button", name="2 columns").click()
    expect(page.locator(".ps-four")).to_be_hidden()
    assert cards(page, "right") == expected["both"]
    assert "columns=" not in page.url


def test_a_sticker_is_linked_across_all_four_lists_by_pointer_and_by_keyboard(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo", columns="4")
    linked = page.locator(".ps-four .ps-card.is-linked")
    four(page, "none").locator("[data-sticker=s03]").hover()
    expect(linked).to_have_count(4)
    assert linked.evaluate_all("cards => cards.map(c => c.dataset.sticker)") == ["s03"] * 4
    page.mouse.move(0, 0)
    expect(linked).to_have_count(0)
    four(page, "both").locator("[data-sticker=s02] .ps-face").focus()
    expect(linked).to_have_count(4)
    assert linked.evaluate_all("cards => cards.map(c => c.dataset.sticker)") == ["s02"] * 4


def test_new_and_gone_are_said_without_colour(visit: Visit, toy_retriever: Retriever) -> None:
    def cut(route: Route) -> None:
        """The server's answer with one sticker missing from the first list, another from the last."""
        answer = route.fetch()
        content = answer.json()
        rankings = rankings_in(content)
        if rankings:
            rankings["none"] = [row for row in rankings["none"] if row[0] != "s04"]
            rankings["both"] = [row for row in rankings["both"] if row[0] != "s01"]
        route.fulfill(response=answer, json=content)

    visit.page.route("**/component_server/**", cut)
    page = visit.search(q="laugh", user="cleo", columns="4")
    new = four(page, "both").locator("[data-sticker=s04]")
    assert new.locator(".ps-move > [aria-hidden]").all_inner_texts() == ["✦", "new"]
    expect(new.locator(".ps-move")).to_have_attribute("title", re.compile("not among the first 24 of Text only"))
    gone = four(page, "none").locator("[data-sticker=s01]")
    kept = [
        [each for each in ids(toy_retriever, "laugh", "cleo", name) if each != "s04" or name != "none"]
        for name in RANKINGS
    ]
    places = [str(ranking.index("s01") + 1) for ranking in kept[:3]]
    assert gone.locator(".ps-move > [aria-hidden]").all_inner_texts() == ["▼", f"{25 - int(places[0])}+"]
    expect(gone.locator(".ps-places b")).to_have_text([*places, "–"])
    expect(gone.locator(".ps-places .ps-hidden")).to_contain_text("not in the first 24")


def rankings_in(content: object) -> dict[str, list[list[object]]] | None:
    """The rankings somewhere inside what the server answered."""
    if isinstance(content, dict):
        found = content.get("rankings")
        if isinstance(found, dict):
            return found
        content = list(content.values())
    if isinstance(content, list):
        return next((found for found in map(rankings_in, content) if found), None)
    return None


def test_for_nobody_there_are_two_lists_and_the_page_says_why(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="none", columns="4")
    expect(page.locator(".ps-four-list:visible")).to_have_count(2)
    assert listed(page, "utility") == ids(toy_retriever, "laugh", None, "utility")
    expect(page.locator(".ps-four-note")).to_contain_text("Without a known taste")
    expect(page.locator(".ps-overlap-pair")).to_have_count(1)


def test_sliders_move_all_four(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="cleo", columns="4", tune="lambda-0.05")
    settings = replace(toy_retriever.bundle.settings, lambda_=0.05)
    expected = toy_retriever.compare("laugh", "cleo", settings, top=24)
    assert {name: listed(page, name) for name in RANKINGS} == {
        name: [hit.sticker for hit in expected[name].hits] for name in RANKINGS
    }


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_four_lists_and_sliders_fit_any_screen(visit: Visit, width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 844})
    page = visit.search(q="laugh", user="cleo", columns="4", tune="alpha-1.5")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


# ---- clicked in the test split --------------------------------------------------------------------------------------


def marked(page: Page, part: str) -> list[str | None]:
    """The stickers of a part of the page that carry the mark."""
    cards_there = page.locator(f"{part} .ps-card", has=page.locator(".ps-sent:visible")).all()
    return sorted(str(card.get_attribute("data-sticker")) for card in cards_there)


def test_what_the_person_clicked_in_the_test_split_is_marked(visit: Visit, toy_retriever: Retriever) -> None:
    relevant = sorted(toy_retriever.relevant("ann", "night"))
    assert relevant == ["s05", "s06"]
    page = visit.search(q="night", user="ann")
    assert marked(page, ".is-left") == marked(page, ".is-right") == relevant
    legend = page.locator(".ps-relevant")
    expect(legend).to_contain_text("Clicked by Ann in searches held back for testing: 2 of 2 here")
    exact = re.compile("by Ann for “night” in the test split.*2 in all, 2 shown here")
    expect(legend).to_have_attribute("title", exact)
    face = page.locator(".is-right [data-sticker=s05] .ps-face")
    expect(face).to_have_accessible_name(re.compile("Ann clicked it for this query in the test split"))
    page.get_by_role("button", name="2 × 2").click()
    assert marked(page, ".ps-four") == sorted(relevant * 4)
    page.get_by_role("radio", name="Cleo").check()
    expect(legend).to_be_hidden()
    assert marked(page, ".ps-four") == []


def test_what_is_told_above_the_results_never_moves_them(visit: Visit) -> None:
    """One line in any state: before an answer, with nobody chosen, with and without clicks of the test split."""
    page = visit.search(q="night", user="ann")
    expect(page.locator(".ps-relevant")).to_be_visible()
    expect(page.locator(".ps-why-hint")).to_be_visible()
    tops = "[...document.querySelectorAll('.ps-columns, .ps-legend')].map(each => each.getBoundingClientRect().top)"
    lefts = "document.querySelector('.ps-legend').getBoundingClientRect().left"
    before = page.evaluate(tops), page.evaluate(lefts)
    page.get_by_role("radio", name="Cleo").check()
    expect(page.locator(".ps-relevant")).to_be_hidden()
    assert (page.evaluate(tops), page.evaluate(lefts)) == before
    for part in (".ps-overlap", ".ps-why-hint", ".ps-timing"):  # as before the first answer
        page.evaluate("selector => document.querySelector(selector).replaceChildren()", part)
        page.evaluate("selector => { document.querySelector(selector).hidden = true; }", part)
    assert (page.evaluate(tops), page.evaluate(lefts)) == before


# ---- suggestions ----------------------------------------------------------------------------------------------------


def options(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Searches in the training data").get_by_role("option")


def test_suggestions_are_chosen_with_the_keyboard(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="night", user="ann")
    box = page.get_by_role("searchbox")
    box.fill("")
    box.press_sequentially("a")
    known = [(query, clicks) for query, clicks in toy_retriever.training_queries() if "a" in query]
    expect(options(page)).to_have_text([f"{query}{clicks}×" for query, clicks in known])
    assert [query for query, _ in known] == ["laugh", "thanks"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options(page).nth(1)).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options(page).nth(1).get_attribute("id") or "")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    visit.answered("laugh")
    expect(box).to_have_value("laugh")
    expect(options(page)).to_have_count(0)
    assert sum('"suggestions"' in call for call in visit.calls) == 1


def test_escape_leaves_the_text_and_a_click_takes_a_suggestion(visit: Visit) -> None:
    page = visit.search(q="night", user="ann")
    box = page.get_by_role("searchbox")
    box.fill("lau")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(box).to_have_value("lau")
    page.keyboard.press("Alt+ArrowDown")
    options(page).first.click()
    visit.answered("laugh")
    expect(box).to_have_value("laugh")
    expect(box).to_be_focused()
    box.fill("than")
    expect(options(page)).to_have_count(1)
    page.get_by_role("radio", name="Bob").focus()
    expect(options(page)).to_have_count(0)


def test_while_an_input_method_chooses_nothing_is_suggested_or_taken(visit: Visit) -> None:
    page = visit.search(q="night", user="ann")
    box = page.get_by_role("searchbox")
    box.fill("")
    keys = page.context.new_cdp_session(page)
    keys.send("Input.imeSetComposition", {"text": "晚", "selectionStart": 1, "selectionEnd": 1})
    page.wait_for_timeout(200)
    expect(options(page)).to_have_count(0)
    keys.send("Input.insertText", {"text": "晚"})
    expect(options(page)).to_have_text(["晚安1×"])
    keys.send("Input.imeSetComposition", {"text": "ａ", "selectionStart": 1, "selectionEnd": 1})
    expect(options(page)).to_have_count(0)
