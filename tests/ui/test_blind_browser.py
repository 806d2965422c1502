"""Blind mode in a real Chromium over the toy world: nothing is told before the choice, everything after it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Visit
from playwright.sync_api import Locator, Page, expect

from persrv.interleave import score
from persrv.retriever import Retriever
from persrv.ui.service import PageService

pytestmark = pytest.mark.browser

SEED = 3
TRIAL = {"query": "night", "user": "cleo", "first": "none", "second": "both", "seed": SEED}

#: The browser's dice, loaded.
LOADED = f"crypto.getRandomValues = (array) => array.fill({SEED})"


@pytest.fixture(scope="module")
def service(toy_retriever: Retriever) -> PageService:
    return PageService(toy_retriever)


def dealt(service: PageService) -> list[str]:
    return [each["id"] for each in service.blind(TRIAL)["stickers"]]


def table(visit: Visit) -> Page:
    """A dealt round of Cleo's "night"."""
    visit.page.add_init_script(LOADED)
    page = visit.open(view="blind", user="cleo", q="night")
    expect(faces(page)).to_have_count(4)
    return page


def faces(page: Page) -> Locator:
    return page.locator(".ps-blind-grid .ps-blind-face")


def send(page: Page, service: PageService, sticker: str) -> None:
    faces(page).nth(dealt(service).index(sticker)).click()
    expect(page.locator(".ps-blind-grid.is-revealed")).to_be_visible()


def test_before_the_choice_the_browser_holds_nothing_that_tells(visit: Visit, service: PageService) -> None:
    page = table(visit)
    shown = page.locator(".ps-blind-grid img").evaluate_all("images => images.map(image => image.src)")
    assert [Path(source).stem for source in shown] == dealt(service)
    assert page.locator(".ps-blind-grid").inner_text().strip() == ""
    expect(page.locator(".ps-blind-grid .ps-team")).to_have_count(0)
    assert not [call for call in visit.calls if '"reveal"' in call]
    expect(page.locator("#ps-blind-question")).to_have_text("To say “night”")
    expect(page.get_by_role("button", name="Send number 1: ")).to_be_visible()


def test_the_choice_tells_whose_every_sticker_was(visit: Visit, service: PageService) -> None:
    page = table(visit)
    send(page, service, "s08")  # number 4 with text alone, number 2 with everything
    shown = service.reveal({**TRIAL, "choice": "s08"})
    cards = page.locator(".ps-blind-grid li")
    teams = cards.evaluate_all("cards => cards.map(card => [card.dataset.sticker, card.dataset.team])")
    assert teams == shown["picks"]
    chosen = page.locator(".ps-blind-grid .is-chosen")
    expect(chosen).to_have_attribute("data-sticker", "s08")
    expect(chosen.locator(".ps-blind-places")).to_contain_text("A 4 · B 2")
    words = page.locator(".ps-blind-head p")
    expect(words).to_contain_text(f"a sticker of {shown['credit']}")
    expect(words).to_contain_text("number 4 in A (Text alone) and number 2 in B (Text + utility + taste)")
    expect(page.get_by_role("button", name="Next round")).to_be_focused()
    chosen.locator("button").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_the_score_counts_decisive_rounds_and_survives_a_reload(visit: Visit, service: PageService) -> None:
    page = table(visit)
    expect(page.locator(".ps-blind-line")).to_have_text("No decisive round of this pair yet.")
    send(page, service, "s08")
    team = service.reveal({**TRIAL, "choice": "s08"})["credit"]
    a, b = (1, 0) if team == "A" else (0, 1)
    found = score(a, b)
    said = f"interval {100 * found.low:.0f} % to {100 * found.high:.0f} %"
    for _ in range(2):
        expect(page.locator(".ps-blind-line")).to_contain_text(f"{b} of 1 decisive rounds prefer B")
        expect(page.locator(".ps-interval p")).to_contain_text(said)
        bar = page.locator(".ps-interval-track i").evaluate("bar => [bar.style.left, bar.style.width]")
        assert [float(each.rstrip("%")) for each in bar] == pytest.approx(
            [100 * found.low, 100 * (found.high - found.low)], abs=0.01
        )
        expect(page.locator(".ps-blind-rounds li")).to_have_count(1)
        page.reload()
    expect(faces(page)).to_have_count(4)
    page.get_by_role("button", name="None of these").click()
    expect(page.locator(".ps-blind-head p")).to_contain_text("counts for neither")
    expect(page.locator(".ps-blind-score")).to_contain_text("Rounds that count for neither: 1.")
    expect(page.locator(".ps-blind-line")).to_contain_text(f"{b} of 1 decisive")


def test_rounds_are_exported_whole_and_cleared_with_one_click(
    visit: Visit, service: PageService, toy_retriever: Retriever, tmp_path: Path
) -> None:
    page = table(visit)
    export, clear = page.get_by_role("button", name="Export JSON lines"), page.get_by_role("button", name="Clear my")
    expect(export).to_be_disabled()
    send(page, service, "s05")
    page.get_by_role("button", name="Next round").click()
    expect(page.get_by_role("button", name="None of these")).to_be_visible()
    page.get_by_role("button", name="None of these").click()
    expect(page.locator(".ps-blind-rounds li")).to_have_count(2)
    with page.expect_download() as download:
        export.click()
    download.value.save_as(tmp_path / "rounds.jsonl")
    first, second = (json.loads(line) for line in (tmp_path / "rounds.jsonl").read_text().splitlines())
    shown = service.reveal({**TRIAL, "choice": "s05"})
    assert (first["bundle"], first["simulated"]) == ("toy", True)
    assert len(first["content_hash"]) == 64
    assert first["settings"]["alpha"] == toy_retriever.bundle.settings.alpha
    assert (first["seed"], first["query"], first["user"]) == (SEED, "night", "cleo")
    assert first["rankings"] == {
        "A": {"name": "none", "ids": shown["rankings"]["A"]},
        "B": {"name": "both", "ids": shown["rankings"]["B"]},
    }
    assert [[pick["sticker"], pick["team"]] for pick in first["interleaved"]] == shown["picks"]
    assert (first["choice"], first["credit"]) == ("s05", shown["credit"])
    assert first["time"].endswith("Z")
    assert (second["choice"], second["credit"]) == (None, None)
    clear.click()
    expect(page.locator(".ps-blind-rounds li")).to_have_count(0)
    expect(export).to_be_disabled()
    assert page.evaluate("localStorage.getItem('persrv-blind')") is None


def test_another_person_or_pair_deals_anew(visit: Visit) -> None:
    page = table(visit)
    with page.expect_request(lambda request: '"bob"' in (request.post_data or "")):
        page.get_by_role("radio", name="Bob").check()
    page.get_by_label("Ranking B").select_option("personalization")
    expect(faces(page)).to_have_count(4)
    page.get_by_label("Ranking A").select_option("personalization")
    expect(page.locator("[data-part=blind-problem]")).to_contain_text("the same ranking")
    expect(page.locator(".ps-blind-round")).to_be_hidden()
    page.get_by_label("Ranking A").select_option("none")
    expect(faces(page)).to_have_count(4)


def test_what_cannot_be_played_is_said(visit: Visit) -> None:
    page = table(visit)
    problem = page.locator("[data-part=blind-problem]")
    for query, sentence in (
        ("zzz<b>", "No sticker shares a word with “zzz<b>”"),
        ("", "Type first"),
        ("笑死", "alike"),
    ):
        page.locator("[data-part=blind-query]").fill(query)
        page.keyboard.press("Enter")
        expect(problem).to_contain_text(sentence)
    page.get_by_label("切换到中文").click()
    expect(problem).to_contain_text("比不出高下")


def test_a_keyboard_plays_a_round_on_a_phone(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = table(visit)
    faces(page).nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Next round")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".ps-blind-grid:not(.is-revealed)")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
