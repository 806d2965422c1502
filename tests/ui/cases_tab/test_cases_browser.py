"""Cases in a real Chromium over the toy world, of which every case is known
(tests/persrv/insight/test_case_mining.py)."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import Visit, copied_by
from playwright.sync_api import Locator, Page, Route, expect

from persrv.insight.case_mining import KINDS

pytestmark = pytest.mark.browser


def gallery(visit: Visit, **state: str) -> Page:
    page = visit.open(**{"view": "cases", **state})
    expect(page.locator(".ps-case:not(.is-waiting)").first).to_be_visible()
    return page


def case(page: Page, kind: str) -> Locator:
    return page.locator(f"[data-kind={kind}] .ps-case")


def state_in(address: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}


def places(ranking: Locator) -> list[str]:
    return list(ranking.locator("li[data-sticker]").evaluate_all("items => items.map(item => item.dataset.sticker)"))


def save(page: Page, button: Locator, path: Path) -> Path:
    with page.expect_download() as download:
        button.click()
    download.value.save_as(path)
    return path


def test_every_kind_shows_its_cases_or_says_why_there_is_none(visit: Visit) -> None:
    page = gallery(visit)
    sections = page.locator(".ps-cases [data-kind]")
    kinds = sections.evaluate_all("sections => sections.map(section => section.dataset.kind)")
    assert kinds == list(KINDS)
    expect(page.locator("[data-kind=personalization_hurts]")).to_contain_text("hold no such case")
    expect(page.locator("[data-kind=caption_rescues]")).to_contain_text("were not computed in this bundle")
    expect(page.locator("[data-part=cases-lead]")).to_contain_text("1 held-out")

    def unclicked(route: Route) -> None:
        if '"fn_name":"cases"' in (route.request.post_data or ""):
            route.fulfill(json={"kinds": [], "captions": {}, "questions": 0})
        else:
            route.continue_()

    page.route("**/component_server/**", unclicked)
    page.reload()
    expect(page.locator("[data-part=cases-lead]")).to_contain_text("this bundle has none")
    expect(page.locator("[data-part=cases] > *")).to_have_count(0)


def test_a_button_for_every_kind_leads_to_its_cases(visit: Visit) -> None:
    page = gallery(visit)
    buttons = page.get_by_role("navigation", name="Jump to").get_by_role("button")
    expect(buttons).to_have_text(page.locator(".ps-cases [data-kind] h2").all_inner_texts())
    buttons.last.click()
    title = page.locator(f"[data-kind={KINDS[-1]}] h2")
    expect(title).to_be_focused()
    expect(title).to_be_in_viewport()


def test_a_case_is_a_sentence_and_two_rankings_with_the_click_marked(visit: Visit) -> None:
    page = gallery(visit)
    helped = case(page, "personalization_helps")
    expect(helped.locator(".ps-case-sentence")).to_have_text(
        "For “night” Ann clicked this one: number 2 without taste, number 1 with it. "
        "Its likeness to Ann's taste is 0.80."
    )
    without, whole = helped.locator(".ps-case-rankings section").all()
    assert places(without) == ["s07", "s05", "s06", "s08"]
    assert places(whole) == ["s05", "s07", "s06", "s08"]
    assert helped.locator(".is-clicked").evaluate_all("items => items.map(item => item.dataset.sticker)") == ["s05"] * 2
    expect(without.locator(".is-clicked small")).to_contain_text("2")
    rescued = case(page, "ocr_rescues")
    expect(rescued.locator(".ps-case-sentence")).to_contain_text("only in: Text in the image")
    expect(rescued.locator(".ps-case-gone")).to_have_text("Nothing is found at all")
    page.get_by_label("切换到中文").click()
    expect(helped.locator(".ps-case-sentence")).to_contain_text("不看口味时第 2，看口味时第 1")


def test_a_case_opens_in_search_as_it_was_mined(visit: Visit) -> None:
    """Its query and person under the bundle's own settings, whatever the visitor had turned."""
    page = gallery(visit, user="bob", q="laugh", utility="0", tune="alpha-1.5", columns="4")
    helped = case(page, "personalization_helps").get_by_role("link", name="Open in search")
    plain = {"q": "night", "user": "ann", "utility": "1", "view": "search", "lang": "en"}
    assert state_in(helped.get_attribute("href") or "") == plain
    link = case(page, "utility_hurts").get_by_role("link", name="Open in search")
    address = link.get_attribute("href") or ""
    assert state_in(address) == {**plain, "columns": "4"}, "only all four rankings show what utility does"
    link.click()
    visit.answered("night")
    assert state_in(page.url) == {**plain, "columns": "4"}
    expect(page.get_by_role("radio", name="Ann")).to_be_checked()
    expect(page.locator("[data-knob=alpha]")).to_have_value("1")
    expect(page.locator(".ps-four-list:visible")).to_have_count(4)
    page.go_back()
    expect(link).to_be_visible()
    left = {"q": "laugh", "user": "bob", "utility": "0", "tune": "alpha-1.5", "columns": "4"}
    assert state_in(page.url) == {**left, "view": "cases", "lang": "en"}, "Back leads to the cases as they were left"
    page.goto(address)
    visit.answered("night")
    expect(page.get_by_role("radio", name="Ann")).to_be_checked()


def test_the_link_of_a_case_is_copied(visit: Visit) -> None:
    page = gallery(visit)
    helped = case(page, "personalization_helps")
    link = copied_by(page, helped.get_by_role("button", name="Copy link"))
    assert link == helped.get_by_role("link", name="Open in search").evaluate("link => link.href")


def test_a_note_stays_in_this_browser_until_it_is_cleared(visit: Visit) -> None:
    page = gallery(visit)
    note = case(page, "personalization_helps").get_by_label("Your note")
    note.fill("=a <b>find</b>")
    page.reload()
    expect(note).to_have_value("=a <b>find</b>")
    expect(case(page, "utility_hurts").get_by_label("Your note")).to_have_value("")
    page.get_by_role("button", name="Clear my notes").click()
    expect(note).to_have_value("")
    assert page.evaluate("localStorage.getItem('persrv-case-notes')") is None


def test_cases_are_exported_with_what_it_takes_to_repeat_them(visit: Visit, tmp_path: Path) -> None:
    page = gallery(visit)
    helped = case(page, "personalization_helps")
    helped.get_by_label("Your note").fill('=a, "find"')
    file = save(page, helped.get_by_role("button", name="JSON"), tmp_path / "case.json")
    document = json.loads(file.read_text(encoding="utf-8"))
    assert (document["bundle"], document["simulated"], len(document["content_hash"])) == ("toy", True, 64)
    assert document["settings"]["lambda"] == 1.0
    assert document["date"].endswith("Z")
    (one,) = document["cases"]
    assert (one["kind"], one["user"], one["query"], one["sticker"]) == ("personalization_helps", "ann", "night", "s05")
    assert [ranking["place"] for ranking in one["rankings"]] == [2, 1]
    assert one["note"] == '=a, "find"'
    assert one["sentence"].startswith("For “night” Ann")
    assert "user=ann" in one["link"]
    table = save(page, helped.get_by_role("button", name="CSV"), tmp_path / "case.csv")
    rows = list(csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["ranking"], row["place"], row["sticker"]) for row in rows[:2]] == [
        ("utility", "1", "s07"),
        ("utility", "2", "s05"),
    ]
    assert [row["ranking"] for row in rows] == ["utility"] * 4 + ["both"] * 4
    assert [row["sticker"] for row in rows if row["is_clicked"] == "true"] == ["s05", "s05"]
    assert {row["note"] for row in rows} == {'\'=a, "find"'}, "a spreadsheet must not take a note for a formula"
    assert {row["content_hash"] for row in rows} == {document["content_hash"]}
    everything = save(page, page.get_by_role("button", name="All as JSON"), tmp_path / "all.json")
    kinds = [each["kind"] for each in json.loads(everything.read_text(encoding="utf-8"))["cases"]]
    assert kinds == ["personalization_helps", "utility_hurts", "ocr_rescues"]


def test_cases_fit_a_phone(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = gallery(visit)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    expect(page.locator(".ps-nav [aria-current]")).to_be_in_viewport()


def test_a_search_is_kept_with_everything_that_restores_it(visit: Visit, tmp_path: Path) -> None:
    turned = {"q": "laugh", "user": "cleo", "utility": "0", "columns": "4", "tune": "alpha-1.5", "lang": "en"}
    page = visit.search(**turned)
    lists = [places_shown(each) for each in page.locator(".ps-four-list:visible").all()]
    page.get_by_role("button", name="Cases", exact=True).click()
    page.get_by_role("button", name="Keep the search “laugh”").click()
    mine = page.locator("[data-part=cases-own] .ps-case")
    assert [places(each) for each in mine.locator(".ps-case-rankings section").all()] == lists
    expect(mine.locator(".ps-case-sentence")).to_contain_text("α 1.50 (bundle: 1.00)")
    mine.get_by_label("Your note").fill("mine")
    page.goto("about:blank")
    page = gallery(visit, user="ann", q="night")
    expect(mine.get_by_label("Your note")).to_have_value("mine")
    (one,) = json.loads(save(page, mine.get_by_role("button", name="JSON"), tmp_path / "kept.json").read_text())[
        "cases"
    ]
    assert (one["settings"]["alpha"], one["note"], one["kind"]) == (1.5, "mine", "kept")
    table = save(page, mine.get_by_role("button", name="CSV"), tmp_path / "kept.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(table.splitlines()))
    assert [row["sticker"] for row in rows] == [sticker for each in lists for sticker in each]
    assert {json.loads(row["settings"])["alpha"] for row in rows} == {1.5}
    mine.get_by_role("link", name="Open in search").click()
    visit.answered("laugh")
    assert state_in(page.url) == {**turned, "view": "search"}
    expect(page.locator(".ps-four-list:visible")).to_have_count(4)
    assert [places_shown(each) for each in page.locator(".ps-four-list:visible").all()] == lists
    page.get_by_role("button", name="Cases", exact=True).click()
    mine.get_by_role("button", name="Remove").click()
    expect(mine).to_have_count(0)
    page.reload()
    expect(case(page, "utility_hurts")).to_be_visible()
    expect(mine).to_have_count(0)


def places_shown(ranking: Locator) -> list[str]:
    return list(ranking.locator(".ps-card").evaluate_all("cards => cards.map(card => card.dataset.sticker)"))
