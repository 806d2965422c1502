"""Searching as oneself in a real Chromium over the toy world: picking, moving, coming back, being forgotten."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import toy
from conftest import ROOT, Visit, serve, visiting
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from persrv.insight import cold_start
from persrv.retriever import Retriever
from persrv.ui.blind_tab.calls import calls as blind_calls
from persrv.ui.likes import YOU
from persrv.ui.service import PageService

pytestmark = pytest.mark.browser


def cards(page: Page, side: str) -> list[str]:
    found = page.locator(f".ps-column.is-{side} .ps-card").evaluate_all("cards => cards.map(c => c.dataset.sticker)")
    return list(found)


def shows(page: Page, ids: list[str], side: str = "right") -> None:
    """Waits until a column holds these stickers in this order."""
    page.wait_for_function(
        "([side, ids]) => [...document.querySelectorAll(`.ps-column.is-${side} .ps-card`)]"
        ".map(card => card.dataset.sticker).join() === ids",
        arg=[side, ",".join(ids)],
    )


def ranked(retriever: Retriever, query: str, likes: list[str], name: str = "both") -> list[str]:
    return [hit.sticker for hit in retriever.compare(query, retriever.live_style(likes, YOU))[name].hits]


def door(page: Page) -> Locator:
    return page.locator("[data-part=you-door]")


def panel(page: Page) -> Locator:
    return page.locator("[data-part=you]")


def tile(page: Page, sticker: str) -> Locator:
    return panel(page).locator(f".ps-you-tile[data-likes={sticker}]")


def you(page: Page) -> Locator:
    return page.get_by_role("radio", name="You", exact=True)


def pick(page: Page, *stickers: str) -> None:
    if panel(page).is_hidden():
        door(page).click()
    for sticker in stickers:
        tile(page, sticker).click()


def kept(page: Page) -> dict[str, object]:
    return json.loads(page.evaluate("localStorage.getItem('persrv-you') ?? '{}'"))


def sent_with(call: str | None, likes: list[str]) -> bool:
    """Return whether a search is called with these likes."""
    return '"search"' in (call or "") and f'"likes": {json.dumps(likes)}' in json.dumps(json.loads(call or ""))


def parameters(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query, keep_blank_values=True)


# ---- picking --------------------------------------------------------------------------------------------------------


def test_three_likes_and_one_searches_as_oneself(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="night", user="ann")
    expect(door(page)).to_have_text("Not you? Pick 3 you like")
    expect(panel(page)).to_be_hidden()
    anns = cards(page, "right")
    door(page).click()
    expect(panel(page)).to_contain_text("Tap 3 to 5 that you like")
    expect(panel(page).locator(".ps-you-tile")).to_have_count(12)
    tile(page, "s04").click()
    expect(tile(page, "s04")).to_have_attribute("aria-pressed", "true")
    expect(you(page)).to_be_checked()
    first = ranked(toy_retriever, "night", ["s04"])
    shows(page, first)
    assert first != anns
    assert first != ranked(toy_retriever, "night", ["s04", "s03", "s07"]) != anns
    expect(page.locator(".is-right h2")).to_have_text("For You")
    expect(page.locator(".is-right .ps-column-head p")).to_have_text("Re-ranked by your taste")
    pick(page, "s03", "s07")
    shows(page, ranked(toy_retriever, "night", ["s04", "s03", "s07"]))
    expect(door(page)).to_have_text("You like 3 · pick more")
    expect(panel(page)).to_contain_text("Results follow your taste now")
    assert [each["id"] for each in kept(page)["likes"]] == ["s04", "s03", "s07"]


def test_likes_go_with_the_visitors_requests_and_into_no_link(visit: Visit) -> None:
    page = visit.search(q="laugh", user="ann")
    with page.expect_request(lambda request: sent_with(request.post_data, ["s03", "s12"])):
        pick(page, "s03", "s12")
    expect(page.locator(".is-right h2")).to_have_text("For You")
    assert parameters(page)["user"] == [YOU]
    assert "s03" not in page.url
    assert "s12" not in page.url
    with page.expect_request(lambda request: '"user":"ann"' in (request.post_data or "")) as asked:
        page.get_by_role("radio", name="Ann").check()
    expect(page.locator(".is-right h2")).to_have_text("For Ann")
    assert "likes" not in (asked.value.post_data or "")


def test_a_reload_keeps_and_one_click_forgets(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="night", user="bob")
    pick(page, "s03", "s04")
    mine = ranked(toy_retriever, "night", ["s03", "s04"])
    shows(page, mine)
    page.reload()
    visit.answered("night")
    shows(page, mine)
    expect(you(page)).to_be_checked()
    page.locator("[data-part=you-forget]").click()
    expect(page.get_by_role("radio", name="Ann")).to_be_checked()
    shows(page, [hit.sticker for hit in toy_retriever.compare("night", "ann")["both"].hits])
    assert kept(page) == {}
    assert page.evaluate("JSON.stringify({...localStorage})").count("s03") == 0
    expect(door(page)).to_have_text("Not you? Pick 3 you like")
    expect(door(page)).to_be_focused()
    page.reload()
    visit.answered("night")
    expect(you(page)).not_to_be_checked()


def test_who_was_chosen_before_is_chosen_again_when_one_is_forgotten(visit: Visit) -> None:
    page = visit.search(q="night", user="bob")
    pick(page, "s03")
    expect(you(page)).to_be_checked()
    page.locator("[data-part=you-forget]").click()
    expect(page.get_by_role("radio", name="Bob")).to_be_checked()


def test_who_comes_back_is_still_themselves(visit: Visit) -> None:
    page = visit.search(q="night", user="bob")
    pick(page, "s03")
    expect(you(page)).to_be_checked()
    page = visit.open()
    expect(you(page)).to_be_checked()
    expect(page.locator(".is-right h2")).to_have_text("For You")


def test_a_strangers_link_brings_no_likes_and_invites(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user=YOU)
    expect(panel(page)).to_be_visible()
    expect(page.locator(".is-left h2")).to_have_text("Not personalized")
    expect(page.locator(".is-left .ps-column-head p")).to_have_text(
        "No likes yet. Pick a few, and results follow your taste."
    )
    shows(page, [hit.sticker for hit in toy_retriever.compare("laugh", None)["utility"].hits], "left")
    pick(page, "s04")
    shows(page, ranked(toy_retriever, "laugh", ["s04"]))


def test_a_like_is_taken_back_and_the_focus_stays(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="ann")
    pick(page, "s03", "s08", "s12")
    row = page.locator("[data-part=you-liked]")
    expect(row.locator("button")).to_have_count(3)
    row.locator("[data-liked=s12]").focus()
    page.keyboard.press("Enter")
    expect(row.locator("button")).to_have_count(2)
    expect(row.locator("[data-liked=s08]")).to_be_focused()
    expect(tile(page, "s12")).to_have_attribute("aria-pressed", "false")
    shows(page, ranked(toy_retriever, "laugh", ["s03", "s08"]))
    tile(page, "s03").click()
    tile(page, "s08").click()
    expect(page.locator(".is-left h2")).to_have_text("Not personalized")
    expect(page.locator("[data-part=you-forget]")).to_be_hidden()


# ---- hearts and movement --------------------------------------------------------------------------------------------


def test_hearts_are_there_for_oneself_alone_and_move_the_results(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="night", user="ann")
    hearts = page.locator(".is-right .ps-heart")
    expect(hearts.first).to_be_hidden()
    pick(page, "s03")
    expect(hearts.first).to_be_visible()
    shows(page, ranked(toy_retriever, "night", ["s03"]))
    heart = page.locator(".is-right [data-sticker=s08] .ps-heart")
    expect(heart).to_have_attribute("aria-pressed", "false")
    heart.focus()
    page.keyboard.press("Enter")
    expect(heart).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".is-left [data-sticker=s08] .ps-heart")).to_have_attribute("aria-pressed", "true")
    shows(page, ranked(toy_retriever, "night", ["s03", "s08"]))
    heart.click()
    shows(page, ranked(toy_retriever, "night", ["s03"]))


def test_the_page_shows_the_taste_moving(visit: Visit, toy_retriever: Retriever) -> None:
    among = cold_start.sample(toy_retriever.bundle)

    def share(likes: list[str], look: str) -> str:
        style = toy_retriever.live_style(likes, YOU)
        return f"{100 * dict(cold_start.make_up(style, among, toy_retriever.sticker).shares).get(look, 0):.0f}"

    page = visit.search(q="night", user="ann")
    pick(page, "s04")
    bars = page.locator("[data-part=portrait] .ps-shares")
    expect(bars.locator("[data-look=neon] b")).to_have_text(f"{share(['s04'], 'neon')} %")
    expect(bars.locator("u")).to_have_count(0)
    pick(page, "s03")
    for look in ("crayon", "neon"):
        before, now = share(["s04"], look), share(["s04", "s03"], look)
        assert before != now
        expect(bars.locator(f"[data-look={look}] b")).to_have_text(f"{before}→{now} %")
        expect(bars.locator(f"[data-look={look}] u")).to_have_count(1)
    before, after = ranked(toy_retriever, "night", ["s04"]), ranked(toy_retriever, "night", ["s04", "s03"])
    moved = sum(after.index(each) != before.index(each) for each in after)
    climbs = {each: before.index(each) - after.index(each) for each in after}
    best = max(climbs, key=lambda each: climbs[each])
    line = page.locator("[data-part=portrait] .ps-my-taste-moved")
    expect(line).to_contain_text(f"{moved} of the first {len(after)} moved")
    assert climbs[best] > 0
    expect(line.locator(".ps-riser")).to_have_text(f"number {before.index(best) + 1} → {after.index(best) + 1}")
    page.get_by_role("searchbox").fill("laugh")
    visit.answered("laugh")
    expect(line).to_be_empty()


def test_why_names_the_very_likes(visit: Visit) -> None:
    page = visit.search(q="laugh", user="ann")
    pick(page, "s07", "s12")
    page.wait_for_function("() => document.querySelector('.is-right h2')?.textContent === 'For You'")
    page.locator(".is-right [data-sticker=s03] .ps-score").click()
    part = page.locator(".ps-unfolded .ps-why-part.is-preference")
    expect(part.locator(".ps-mini")).to_have_count(1)
    expect(part.locator(".ps-mini img")).to_have_attribute("src", re.compile(r"s07\.webp$"))


def test_sliders_and_four_rankings_work_for_oneself(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="night", user=YOU, tune="alpha-0.3_lambda-0.1")
    pick(page, "s03", "s12")
    settings = replace(toy_retriever.bundle.settings, alpha=0.3, lambda_=0.1)
    style = toy_retriever.live_style(["s03", "s12"], YOU)
    shows(page, [hit.sticker for hit in toy_retriever.compare("night", style, settings)["both"].hits])
    page.locator("[data-layout='4']").click()
    for name, result in toy_retriever.compare("night", style, settings).items():
        shown = page.locator(f".ps-four-list[data-ranking={name}] .ps-card")
        assert shown.evaluate_all("cards => cards.map(c => c.dataset.sticker)") == [hit.sticker for hit in result.hits]


# ---- what was kept cannot hurt --------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["nonsense", "[]", '{"bundle":1}', '{"likes":[{"id":3}]}', '{"likes":7}'])
def test_whatever_lies_in_the_storage_the_page_works(visit: Visit, value: str) -> None:
    visit.page.add_init_script(f"localStorage.setItem('persrv-you', {json.dumps(value)})")
    page = visit.search(q="laugh", user="ann")
    expect(door(page)).to_have_text("Not you? Pick 3 you like")


def test_a_like_that_is_no_sticker_is_said_and_forgotten(visit: Visit) -> None:
    page = visit.search(q="laugh", user="ann")
    pick(page, "s03")
    expect(you(page)).to_be_checked()
    value = kept(page)
    value["likes"][0].update(id="<b>gone</b>", text="<img src=x>")
    page.evaluate("value => localStorage.setItem('persrv-you', value)", json.dumps(value))
    page.reload()
    expect(page.locator("[data-part=notice]")).to_contain_text("A sticker you like is not in this catalogue")
    page.locator("[data-part=you-forget]").click()
    visit.answered("laugh")
    expect(page.locator("[data-part=notice]")).to_be_hidden()


# ---- a picture of one's own -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seeing_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The toy world with an image encoder that is known."""
    folder = tmp_path_factory.mktemp("seeing")
    log = folder / "log.txt"
    server, url = serve(toy.write_toy(folder).path, log, str(ROOT / "tests" / "ui" / "you_app.py"))
    yield url
    server.terminate()
    server.wait(timeout=20)
    assert "Traceback" not in log.read_text(errors="replace"), log.read_text(errors="replace")


@pytest.fixture
def guest(browser: Browser, seeing_address: str) -> Iterator[Visit]:
    with visiting(browser, seeing_address) as visitor:
        yield visitor


def test_one_picture_is_a_like(guest: Visit, tmp_path: Path, toy_retriever: Retriever) -> None:
    Image.new("RGB", (40, 30), "red").save(tmp_path / "red.png")
    page = guest.search(q="night", user="ann")
    door(page).click()
    panel(page).locator("[data-part=you-file]").set_input_files(tmp_path / "red.png")
    style = toy_retriever.live_style([], YOU, {"mine": toy.axis(3)})
    mine = [hit.sticker for hit in toy_retriever.compare("night", style)["both"].hits]
    shows(page, mine)
    assert mine[0] == "s08"
    expect(page.locator("[data-part=you-liked] button")).to_have_attribute("aria-label", "Take back: Your picture")
    page.locator(".is-right [data-sticker=s08] .ps-score").click()
    part = page.locator(".ps-unfolded .ps-why-part.is-preference")
    expect(part.get_by_role("img", name="Your picture")).to_be_visible()
    uploads = [call for call in guest.calls if "you_picture" in call]
    assert len(uploads) == 1
    later = [call for call in guest.calls if '"search"' in call][-1]
    assert len(later) < 400, "a vector goes along, not the picture"
    page.reload()
    guest.answered("night")
    shows(page, mine)


def test_a_picture_that_is_none_is_said(guest: Visit, tmp_path: Path) -> None:
    (tmp_path / "no.png").write_bytes(b"no picture")
    page = guest.search(q="laugh", user="ann")
    door(page).click()
    panel(page).locator("[data-part=you-file]").set_input_files(tmp_path / "no.png")
    expect(panel(page).get_by_role("alert")).to_be_visible()
    page.get_by_role("button", name="切换到中文").click()
    expect(panel(page).get_by_role("alert")).to_contain_text("图片")
    expect(page.get_by_role("radio", name="小安")).to_be_checked()


def test_without_an_encoder_nobody_is_asked_for_a_picture(visit: Visit) -> None:
    page = visit.search(q="laugh", user="ann")
    door(page).click()
    expect(panel(page).locator(".ps-you-tile")).to_have_count(12)
    expect(panel(page).locator("[data-part=you-file]")).to_have_count(0)


# ---- blind, phone, compared -----------------------------------------------------------------------------------------


def test_blind_mode_asks_for_likes_and_plays_for_them(visit: Visit, toy_retriever: Retriever) -> None:
    visit.page.add_init_script("crypto.getRandomValues = (array) => array.fill(3)")
    page = visit.open(view="blind", user=YOU, q="night")
    expect(page.locator("[data-part=blind-problem]")).to_contain_text("Tap a few stickers you like first")
    expect(page.locator("[data-part=blind-round]")).to_be_hidden()
    pick(page, "s03")
    faces = page.locator(".ps-blind-grid .ps-blind-face")
    expect(faces).to_have_count(4)
    trial = {"query": "night", "user": YOU, "likes": ["s03"], "first": "none", "second": "both", "seed": 3}
    service = PageService(toy_retriever)
    dealt = blind_calls(service)[0](trial)
    names = [each["id"] for each in dealt["stickers"]]
    sources = page.locator(".ps-blind-grid img").evaluate_all("images => images.map(image => image.src)")
    assert [Path(source).stem for source in sources] == names
    faces.nth(names.index("s07")).click()
    expect(page.locator(".ps-blind-grid.is-revealed")).to_be_visible()
    expect(page.locator("#ps-blind-score")).to_have_text("Picking for yourself, so far")
    (record,) = json.loads(page.evaluate("localStorage.getItem('persrv-blind')"))
    assert (record["user"], record["likes"]) == (YOU, 1)
    assert record["rankings"]["B"]["ids"] == ranked(toy_retriever, "night", ["s03"])
    page.get_by_label("Ranking A").select_option("utility")
    pick(page, "s04")
    expect(page.locator(".ps-blind-head")).to_contain_text(
        "One of these two kinds of ranking was revealed to you for these words before"
    )
    page.get_by_label("Ranking A").select_option("none")
    page.get_by_role("radio", name="Ann").check()
    expect(page.locator("[data-part=blind-score]")).to_contain_text("No decisive round of this pair yet")
    page.locator("[data-part=you-forget]").click()
    assert page.evaluate("localStorage.getItem('persrv-blind')") == "[]"


def test_on_a_phone_everything_fits(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = visit.search(q="laugh", user="ann")
    expect(door(page)).to_be_in_viewport()
    pick(page, "s03", "s12")
    expect(page.locator("[data-part=portrait] .ps-shares")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    close, head = (panel(page).locator(part).bounding_box() for part in (".ps-you-close", ".ps-you-head"))
    assert close is not None
    assert head is not None
    assert close["y"] == pytest.approx(head["y"], abs=1)
    assert close["x"] + close["width"] == pytest.approx(head["x"] + head["width"], abs=1), (
        "in the corner, where it is looked for"
    )
    tops = panel(page).locator(".ps-you-tile").evaluate_all("tiles => tiles.map(t => t.getBoundingClientRect().top)")
    assert len({round(top) for top in tops}) == 2, "two rows, whatever there is to pick from"
    expect(page.locator(".is-right .ps-heart").first).to_be_visible()


def test_chinese_says_you_in_chinese(visit: Visit) -> None:
    page = visit.search(q="laugh", user="ann", lang="zh")
    expect(door(page)).to_have_text("不是 TA？挑 3 张你喜欢的")
    pick(page, "s03")
    expect(page.locator(".is-right h2")).to_have_text("为 你")
    expect(page.locator("[data-part=portrait] .ps-shares")).to_contain_text("蜡笔")
    expect(panel(page)).to_contain_text("只存在这个浏览器里")


def test_the_picker_closes_when_one_goes_to_another_tab(visit: Visit) -> None:
    page = visit.search(q="laugh", user="ann", lang="en")
    door(page).click()
    expect(panel(page)).to_be_visible()
    page.get_by_role("button", name="Blind").click()
    expect(page.locator(".ps-blind-face").first).to_be_visible()
    expect(panel(page)).to_be_hidden()
