"""Blind mode in a real Chromium over the toy world: nothing is told before the choice, everything after it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Visit
from playwright.sync_api import Locator, Page, Route, expect

from persrv.insight.interleaving import score
from persrv.retriever import Retriever
from persrv.ui.blind_tab.calls import calls
from persrv.ui.service import PageService

pytestmark = pytest.mark.browser

SEED = 3
TRIAL = {"query": "night", "user": "cleo", "first": "none", "second": "both", "seed": SEED}

#: The browser's dice, loaded.
LOADED = f"crypto.getRandomValues = (array) => array.fill({SEED})"


class Blind:
    """The server functions of the tab."""

    def __init__(self, retriever: Retriever) -> None:
        self.blind, self.reveal, self.blind_score = calls(PageService(retriever))


@pytest.fixture(scope="module")
def service(toy_retriever: Retriever) -> Blind:
    return Blind(toy_retriever)


def dealt(service: Blind) -> list[str]:
    return [each["id"] for each in service.blind(TRIAL)["stickers"]]


def table(visit: Visit) -> Page:
    """A dealt round of Cleo's "night"."""
    visit.page.add_init_script(LOADED)
    page = visit.open(view="blind", user="cleo", q="night")
    expect(faces(page)).to_have_count(4)
    return page


def faces(page: Page) -> Locator:
    return page.locator(".ps-blind-grid .ps-blind-face")


def send(page: Page, service: Blind, sticker: str) -> None:
    faces(page).nth(dealt(service).index(sticker)).click()
    expect(page.locator(".ps-blind-grid.is-revealed")).to_be_visible()


def test_before_the_choice_the_browser_holds_nothing_that_tells(visit: Visit, service: Blind) -> None:
    page = table(visit)
    shown = page.locator(".ps-blind-grid img").evaluate_all("images => images.map(image => image.src)")
    assert [Path(source).stem for source in shown] == dealt(service)
    assert page.locator(".ps-blind-grid").inner_text().strip() == ""
    expect(page.locator(".ps-blind-grid .ps-team")).to_have_count(0)
    assert not [call for call in visit.calls if '"reveal"' in call]
    expect(page.locator("#ps-blind-question")).to_have_text("To say “night”")
    page.set_viewport_size({"width": 1280, "height": 720})  # a projector's first screen holds what is asked about
    expect(page.get_by_role("button", name="Send number 1: ")).to_be_in_viewport(ratio=1)


def test_the_choice_tells_whose_every_sticker_was(visit: Visit, service: Blind) -> None:
    page = table(visit)
    send(page, service, "s08")  # number 4 with text alone, number 2 with everything
    shown = service.reveal({**TRIAL, "choice": "s08"})
    cards = page.locator(".ps-blind-grid li")
    teams = cards.evaluate_all("cards => cards.map(card => [card.dataset.sticker, card.dataset.team])")
    assert teams == shown["picks"]
    chosen = page.locator(".ps-blind-grid .is-chosen")
    expect(chosen).to_have_attribute("data-sticker", "s08")
    expect(chosen.locator(".ps-blind-places")).to_contain_text("A 4 · B 2")
    words = page.locator(".ps-blind-head p").first
    expect(words).to_contain_text(f"brought this sticker in, so the round goes to {shown['credit']}")
    expect(words).to_contain_text("number 4 in A (Text alone) and number 2 in B (Text + utility + taste)")
    expect(page.get_by_role("button", name="Next round")).to_be_focused()
    chosen.locator("button").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_a_sticker_in_the_same_place_of_both_is_said_to_be_a_coins(visit: Visit, service: Blind) -> None:
    """Bob's s08 is number 4 in both rankings, which differ above it: only the toss decides who drew it."""
    trial = {**TRIAL, "user": "bob"}
    shown = service.reveal({**trial, "choice": "s08"})
    visit.page.add_init_script(LOADED)
    page = visit.open(view="blind", user="bob", q="night")
    expect(faces(page)).to_have_count(4)
    faces(page).nth([each["id"] for each in service.blind(trial)["stickers"]].index("s08")).click()
    words = page.locator(".ps-blind-head p").first
    expect(words).to_contain_text("number 4 in A (Text alone) and number 4 in B (Text + utility + taste)")
    expect(words).to_contain_text(f"a coin, tossed for this round, let {shown['credit']} draw it")
    expect(words).to_contain_text("Over many rounds such draws even out")


def test_the_score_counts_decisive_rounds_and_survives_a_reload(visit: Visit, service: Blind) -> None:
    page = table(visit)
    expect(page.locator(".ps-blind-line")).to_have_text("No decisive round of this pair yet.")
    send(page, service, "s08")
    team = service.reveal({**TRIAL, "choice": "s08"})["credit"]
    a, b = (1, 0) if team == "A" else (0, 1)
    counts = page.locator(".ps-blind-tally dd")
    found = score(a, b)
    said = f"interval {100 * found.low:.0f} % to {100 * found.high:.0f} %"
    for _ in range(2):
        expect(page.locator(".ps-blind-line")).to_have_text("Too early to tell which ranking you prefer.")
        expect(counts).to_have_text([str(a), str(b)])
        expect(page.locator(".ps-interval .ps-note")).to_contain_text(said)
        bar = page.locator(".ps-interval-track i").evaluate("bar => [bar.style.left, bar.style.width]")
        assert [float(each.rstrip("%")) for each in bar] == pytest.approx(
            [100 * found.low, 100 * (found.high - found.low)], abs=0.01
        )
        expect(page.locator(".ps-blind-rounds li")).to_have_count(1)
        page.reload()
    expect(faces(page)).to_have_count(4)
    page.locator("[data-part=blind-query]").fill("thanks")
    page.keyboard.press("Enter")
    expect(page.locator("#ps-blind-question")).to_have_text("To say “thanks”")
    page.get_by_role("button", name="None of these").click()
    expect(page.locator(".ps-blind-head p").first).to_contain_text("counts for neither")
    expect(page.locator(".ps-blind-score")).to_contain_text("Rounds that count for neither: 1.")
    expect(counts).to_have_text([str(a), str(b)])


def test_a_score_that_does_not_come_is_said(visit: Visit, service: Blind) -> None:
    def lose(route: Route) -> None:
        if '"blind_score"' in (route.request.post_data or ""):
            route.abort()
        else:
            route.continue_()

    visit.page.route("**/component_server/**", lose)
    visit.forgiven.append("Failed to load resource: net::ERR_FAILED")
    page = table(visit)
    send(page, service, "s08")
    expect(page.locator(".ps-blind-line")).to_have_text("No answer came. Is the server still running?")
    expect(page.locator(".ps-blind-tally dd")).to_have_text(["0", "1"])
    page.get_by_label("切换到中文").click()
    expect(page.locator(".ps-blind-line")).to_have_text("没有收到回答。服务还在吗？")


def test_a_choice_made_while_another_round_is_dealt_counts_and_leaves_nothing_waiting(
    visit: Visit, service: Blind
) -> None:
    dealing: list[Route] = []

    def hold(route: Route) -> None:
        if '"blind"' in (route.request.post_data or ""):
            dealing.append(route)
        else:
            route.continue_()

    page = table(visit)
    visit.page.route("**/component_server/**", hold)
    grid = page.locator(".ps-blind-grid")
    page.locator("[data-part=blind-query]").fill("thanks")
    page.keyboard.press("Enter")
    expect(grid).to_have_attribute("aria-busy", "true")
    send(page, service, "s08")
    dealing.pop().continue_()
    expect(grid).not_to_have_attribute("aria-busy", "true")
    expect(page.locator(".ps-blind-tally dd")).to_have_text(["0", "1"])


def kept(page: Page) -> list[dict[str, object]]:
    return list(json.loads(page.evaluate("localStorage.getItem('persrv-blind')")))


def test_a_question_that_was_revealed_is_not_counted_again(visit: Visit, service: Blind, tmp_path: Path) -> None:
    page = table(visit)
    send(page, service, "s08")
    counts = page.locator(".ps-blind-tally dd")
    expect(counts).to_have_text(["0", "1"])
    page.locator("[data-part=blind-query]").press("Enter")
    head = page.locator(".ps-blind-head")
    expect(head).to_contain_text("was revealed to you for these words before, so this round is not counted.")
    send(page, service, "s08")
    expect(head).to_contain_text("so this round was not blind any more and is not counted.")
    expect(counts).to_have_text(["0", "1"])
    expect(page.locator(".ps-blind-score")).to_contain_text(
        "Rounds with a kind of ranking revealed before, not counted: 1."
    )
    expect(page.locator(".ps-blind-rounds .ps-team")).to_have_text(["–", "B"])
    with page.expect_download() as download:
        page.get_by_role("button", name="Export JSON lines (2)").click()
    download.value.save_as(tmp_path / "rounds.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "rounds.jsonl").read_text().splitlines()]
    assert [line["repeated"] for line in lines] == [False, True]


@pytest.mark.parametrize(
    ("user", "pair", "known"),
    [
        ("bob", ("none", "both"), True),  # text alone is the same for everybody
        ("cleo", ("both", "utility"), True),
        ("bob", ("utility", "both"), False),  # his taste is not hers
        ("cleo", ("utility", "personalization"), False),
    ],
)
def test_a_round_counts_only_where_neither_ranking_was_revealed(
    visit: Visit, service: Blind, user: str, pair: tuple[str, str], known: bool
) -> None:
    page = table(visit)
    send(page, service, "s08")  # of Cleo's, text alone beside everything
    page.get_by_role("radio", name=user.capitalize()).check()
    for label, name in zip(("Ranking A", "Ranking B"), pair, strict=True):
        page.get_by_label(label).select_option(name)
    expect(page.locator(".ps-blind-grid[aria-busy]")).to_have_count(0)
    expect(page.locator(".ps-blind-grid:not(.is-revealed) .ps-blind-face")).to_have_count(4)
    before = page.locator(".ps-blind-head").get_by_text("was revealed to you for these words before")
    expect(before).to_have_count(int(known))
    page.get_by_role("button", name="Send number 1: ").click()
    expect(page.locator(".ps-blind-rounds li")).to_have_count(2 if pair == ("none", "both") else 1)
    told = page.locator(".ps-blind-score").get_by_text("Rounds with a kind of ranking revealed before")
    expect(told).to_have_count(int(known))


def test_a_ranking_is_ahead_only_where_the_interval_leaves_a_half_out(visit: Visit, service: Blind) -> None:
    page = table(visit)
    send(page, service, "s08")
    (round_,) = kept(page)
    for credit, rounds, sentence in (
        ("B", 5, "So far you prefer B: Text + utility + taste."),
        ("A", 5, "So far you prefer A: Text alone."),
        ("B", 4, "Too early to tell which ranking you prefer."),
    ):
        found = score(rounds, 0) if credit == "A" else score(0, rounds)
        assert ("Too early" in sentence) == (found.low <= 0.5 <= found.high)
        some = [{**round_, "query": f"other {number}", "credit": credit} for number in range(rounds)]
        page.evaluate("rounds => localStorage.setItem('persrv-blind', JSON.stringify(rounds))", some)
        page.reload()
        expect(page.locator(".ps-blind-line")).to_have_text(sentence)
    page.get_by_label("切换到中文").click()
    expect(page.locator(".ps-blind-line")).to_have_text("还看不出你更偏爱哪一种。")


def test_after_the_examples_come_other_searches_and_rounds_out_of_sight_are_counted(
    visit: Visit, service: Blind
) -> None:
    def only_one(route: Route) -> None:
        if '"examples"' in (route.request.post_data or ""):
            route.fulfill(json={"queries": ["night"], "opening": {"query": "night", "user": "cleo"}})
        else:
            route.continue_()

    visit.page.route("**/component_server/**", only_one)
    page = table(visit)
    send(page, service, "s08")
    (round_,) = kept(page)
    played = [{**round_, "query": query} for query in ("night", *(f"other {number}" for number in range(9)))]
    page.evaluate("rounds => localStorage.setItem('persrv-blind', JSON.stringify(rounds))", played)
    page.reload()
    expect(faces(page)).to_have_count(4)
    expect(page.locator("[data-part=blind-shown]")).to_have_text("The last 8 of 10 rounds")
    page.get_by_role("button", name="None of these").click()
    page.get_by_role("button", name="Next round").click()
    expect(page.locator("#ps-blind-question")).to_have_text(
        "To say “thanks”"
    )  # of the training data, the first that tells
    expect(faces(page)).to_have_count(4)


def test_searches_that_make_no_round_are_passed_over_and_come_back_for_another_pair(
    visit: Visit, service: Blind
) -> None:
    alike = [f"alike {number}" for number in range(30)]  # more than are asked at a time
    asked: list[str] = []

    def answer(route: Route) -> None:
        call = route.request.post_data or ""
        named = [each for each in alike if f'"{each}"' in call]
        if '"examples"' in call:
            route.fulfill(json={"queries": ["night"], "opening": {"query": "night", "user": "cleo"}})
        elif '"suggestions"' in call:
            route.fulfill(json={"queries": [[each, 1] for each in [*alike, "thanks"]]})
        elif named:
            asked.extend(named)
            route.fulfill(json={"error": "alike", "code": "blind_same", "values": {}})
        else:
            route.continue_()

    visit.page.route("**/component_server/**", answer)
    page = table(visit)
    question, none = page.locator("#ps-blind-question"), page.get_by_role("button", name="None of these")
    for sentence in ("To say “night”", "To say “night”", "To say “thanks”"):
        none.click()
        page.get_by_role("button", name="Next round").click()
        expect(none).to_be_visible()
        expect(question).to_have_text(sentence)
    assert asked == alike
    page.get_by_label("Ranking B").select_option("personalization")
    expect(page.locator(".ps-blind-grid[aria-busy]")).to_have_count(0)
    none.click()
    page.get_by_role("button", name="Next round").click()
    expect(none).to_be_visible()
    assert asked[len(alike) :] == alike[: len(asked) - len(alike)] != []


def test_on_a_phone_the_next_round_begins_with_its_question_in_sight(visit: Visit, service: Blind) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 500})
    page = table(visit)
    send(page, service, "s08")
    on = page.get_by_role("button", name="Next round")
    on.evaluate("button => window.scrollBy(0, button.getBoundingClientRect().top - 2)")  # as far down as one may be
    on.click()
    expect(page.get_by_role("button", name="None of these")).to_be_visible()
    expect(page.locator("#ps-blind-question")).to_be_in_viewport(ratio=1)
    expect(faces(page).first).to_be_in_viewport(ratio=1)


def test_rounds_are_exported_whole_and_cleared_with_one_click(
    visit: Visit, service: Blind, toy_retriever: Retriever, tmp_path: Path
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
