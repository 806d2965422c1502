"""Captions in a real Chromium: the catalogue on show, its lists, what would have been found, held-out queries; a
visitor's picture, its refusals and its kin; a bundle without a captioner, and the dialog.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import toy
from conftest import ROOT, Visit, serve, visiting
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Route, expect

from persrv.records import OcrLine, Sticker
from persrv.retriever import Retriever

pytestmark = pytest.mark.browser


#: What the captioned world knows of its stickers. Ann clicked s05 and s06 for "night" in the test split: s05 is found
#: by its fine-tuned keyword alone.
CAPTIONED: dict[str, dict[str, object]] = {
    "s01": {
        "keywords_base": "cat，laugh，<i>",
        "keywords": "laugh，笑死",
        "description": "一只猫",
        "emotion": "<b>开心</b>",
        "ocr_lines": (
            OcrLine("laugh", 0.98, (1.0, 1.0, 7.0, 1.0, 7.0, 3.0, 1.0, 3.0), True),
            OcrLine("<Z>", 0.31, (0.0, 5.0, 2.0, 5.0, 2.0, 7.0, 0.0, 7.0), False),
        ),
    },
    "s05": {"ocr": "", "keywords_base": "moon", "keywords": "night，晚安"},
    "s08": {"keywords": "xyz", "description": "thing"},
}


def told() -> tuple[Sticker, ...]:
    return tuple(replace(sticker, **CAPTIONED.get(sticker.id, {})) for sticker in toy.stickers())  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def captioned_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The toy world with models of which everything is known (captioned_app.py)."""
    folder = tmp_path_factory.mktemp("captioned")
    log = folder / "log.txt"
    bundle = toy.write_toy(folder, stickers=told())
    server, url = serve(bundle.path, log, str(ROOT / "tests" / "ui" / "captioned_app.py"))
    yield url
    server.terminate()
    server.wait(timeout=20)
    assert "Traceback" not in log.read_text(errors="replace"), log.read_text(errors="replace")


@pytest.fixture(scope="module")
def captioned(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    """The same world without a page."""
    return Retriever(toy.write_toy(tmp_path_factory.mktemp("told"), stickers=told()))


@pytest.fixture
def guest(browser: Browser, captioned_address: str) -> Iterator[Visit]:
    """A visitor to the page with a captioner."""
    with visiting(browser, captioned_address) as visitor:
        yield visitor


@pytest.fixture
def red(tmp_path: Path) -> Path:
    """A red picture of 40 by 30."""
    Image.new("RGB", (40, 30), "red").save(tmp_path / "red.png")
    return tmp_path / "red.png"


def words(root: Page | Locator, model: str) -> list[str]:
    """The chips of one model, as they are seen: signs included, what only screen readers hear left out."""
    seen = "chips => chips.map(c => [...c.children].filter(e => !e.matches('.ps-hidden')).map(e => e.textContent))"
    return [" ".join(parts) for parts in root.locator(f"[data-words={model}] .ps-keyword").evaluate_all(seen)]


def answer(page: Page) -> Locator:
    return page.locator(".ps-live-answer")


# ---- the catalogue on show ------------------------------------------------------------------------------------------


def label(page: Page) -> Locator:
    return page.locator("[data-part=label]")


def exhibit(page: Page, sticker: str) -> None:
    """Waits until a sticker is on show."""
    expect(label(page).locator(".ps-label-number")).to_contain_text(sticker)


def test_a_sticker_is_shown_with_its_label(guest: Visit) -> None:
    page = guest.open(view="captions", sticker="s01", q="laugh")
    exhibit(page, "s01")
    expect(label(page).locator("h2")).to_have_text("laugh")
    expect(label(page).locator(".ps-label-description")).to_contain_text("一只猫")
    expect(label(page).locator(".ps-label-feeling")).to_contain_text("<b>开心</b>")
    assert words(label(page), "base") == ["cat −", "laugh ✓", "<i> −"]
    assert words(label(page), "tuned") == ["laugh ✓", "笑死 +"]
    expect(label(page).get_by_role("heading", name="Integrated queries")).to_be_visible()
    expect(label(page).locator(".ps-chip")).to_have_text(["laugh"])
    label(page).locator("[data-words=tuned]").get_by_role("button", name="笑死").click()
    guest.answered("笑死")


def test_boxes_are_drawn_with_confidence_and_the_dropped_one_is_grey(guest: Visit) -> None:
    page = guest.open(view="captions", sticker="s01", q="", show="all")
    picture = page.locator("[data-part=exhibit-picture]")
    expect(picture.locator("polygon")).to_have_count(2)
    assert picture.locator("g text").all_text_contents() == ["0.31", "0.98"]  # the kept one is drawn above
    grey, blue = (picture.locator(f"polygon.is-{kind}") for kind in ("dropped", "kept"))
    assert grey.evaluate("e => getComputedStyle(e).stroke") != blue.evaluate("e => getComputedStyle(e).stroke")
    assert grey.evaluate("e => getComputedStyle(e).strokeDasharray") != "none"
    box, tile = picture.evaluate(
        """picture => ["polygon.is-kept", ".ps-img"].map((name) => {
          const { x, width } = picture.querySelector(name).getBoundingClientRect();
          return { x, width };
        })"""
    )
    # drawn where it was seen, but for the width of the line
    assert box["x"] == pytest.approx(tile["x"] + tile["width"] / 8, abs=5)
    assert box["width"] == pytest.approx(tile["width"] * 6 / 8, abs=8)
    page.get_by_label("Show boxes").uncheck()
    expect(picture.locator("polygon.is-kept")).to_be_hidden()
    expect(label(page).locator(".ps-ocr")).to_contain_text("not used")
    page.get_by_role("button", name="Next").click()
    exhibit(page, "s02")
    expect(label(page)).to_contain_text("no box is drawn")


def test_arrows_walk_through_the_list_and_the_address_follows(guest: Visit) -> None:
    page = guest.open(view="captions", show="all", q="")
    exhibit(page, "s01")
    expect(page.locator("[data-part=exhibit-place]")).to_have_text("1 / 12")
    page.keyboard.press("ArrowRight")
    exhibit(page, "s02")
    assert "sticker=s02" in page.url
    page.get_by_role("button", name="Previous").click()
    exhibit(page, "s01")
    page.keyboard.press("ArrowLeft")
    exhibit(page, "s12")
    page.locator("[data-part=strip] [data-sticker=s04]").click()
    exhibit(page, "s04")
    expect(page.locator("[data-part=strip] [aria-current]")).to_have_attribute("data-sticker", "s04")
    page.reload()
    exhibit(page, "s04")
    page.locator("[data-part=find-query]").press("ArrowLeft")
    page.wait_for_timeout(200)
    exhibit(page, "s04")  # arrows in a text field move its cursor


def test_a_search_chooses_what_to_walk_through(guest: Visit) -> None:
    page = guest.open(view="captions", q="")
    exhibit(page, "s01")
    expect(page.locator("[data-list=results]")).to_have_count(0)
    page.locator("[data-part=find-query]").fill("thanks")
    page.keyboard.press("Enter")
    expect(page.locator("[data-list=results]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-list=results]")).to_contain_text("Results for “thanks”4")
    expect(label(page).locator("h2")).to_have_text("thanks")
    page.locator("[data-list=all]").click()
    exhibit(page, "s01")
    expect(page.locator("[data-part=exhibit-place]")).to_have_text("1 / 12")


def test_lists_say_their_length_and_their_rule(guest: Visit) -> None:
    page = guest.open(view="captions", q="")
    sizes = {"all": "12", "cold": "8", "animated": "1", "helped": "1", "hurt": "1", "contradicted": "0"}
    for name, size in sizes.items():
        expect(page.locator(f"[data-list={name}] small")).to_have_text(size)
    page.locator("[data-list=animated]").click()
    exhibit(page, "s04")
    page.locator("[data-list=helped]").click()
    exhibit(page, "s05")
    expect(page.locator("[data-part=list-why]")).to_contain_text("sum of 1 / rank is larger")
    page.locator("[data-list=hurt]").click()
    exhibit(page, "s06")  # s05 has gone past it
    page.locator("[data-list=contradicted]").click()
    expect(page.locator("[data-part=list-why]")).to_contain_text("text encoder's cosine")
    expect(page.locator("[data-part=list-why]")).to_contain_text("no sticker in this list")
    expect(page.locator("[data-part=exhibit]")).to_be_hidden()
    page.get_by_role("button", name="中文").click()
    expect(page.locator("[data-part=list-why]")).to_contain_text("文本编码器")


def test_whoever_comes_without_a_query_walks_through_the_example_of_the_page(guest: Visit) -> None:
    page = guest.open(view="captions")
    expect(page.locator("[data-list=results]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-part=exhibit-place]")).to_contain_text("1 /")
    assert sum("inspect_sticker" in call for call in guest.calls) == 1


def test_an_unknown_sticker_gets_a_sentence(guest: Visit) -> None:
    page = guest.open(view="captions", sticker="nowhere", q="")
    expect(page.locator("[data-part=museum-problem]")).to_contain_text("No sticker 'nowhere'")
    page.locator("[data-list=all]").click()
    exhibit(page, "s01")


# ---- would it be found? ---------------------------------------------------------------------------------------------


def standing(page: Page, query: str, user: str = "ann") -> list[str]:
    """The four cells of a query, as they are read."""
    row = page.locator(f"[data-part=found] tr[data-query='{query}'][data-user='{user}']")
    return [" ".join(text.split()) for text in row.locator("td b").all_inner_texts()]


def test_the_rank_under_each_description_of_the_catalogue(guest: Visit, captioned: Retriever) -> None:
    page = guest.open(view="captions", sticker="s05", q="night", user="ann")
    exhibit(page, "s05")
    rank = {hit.sticker: hit.rank for hit in captioned.search("night", "ann").hits}["s05"]
    assert standing(page, "night") == [str(rank), "—", "—", "1"]  # without the words on pictures it is alone
    expect(page.locator("[data-part=found] header p")).to_have_text(
        f"Only the fine-tuned caption finds it: number {rank}."
    )
    page.locator("[data-part=find-query]").fill("")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=found] table")).to_have_count(0)
    expect(page.locator("[data-part=found]")).to_contain_text("Search for something above")


def test_held_out_queries_come_when_they_are_asked_for(guest: Visit, captioned: Retriever) -> None:
    page = guest.open(view="captions", sticker="s05", q="")
    exhibit(page, "s05")
    found = page.locator("[data-part=found]")
    expect(found.locator("tr.is-held-out")).to_have_count(0)
    assert not any("held_out_queries" in call for call in guest.calls)
    found.get_by_role("button", name="Reveal the held-out queries (1)").click()
    expect(found.locator("tr.is-held-out")).to_have_count(1)
    assert any("held_out_queries" in call for call in guest.calls)
    expect(found.locator("tr.is-held-out")).to_contain_text("Test split · Ann")
    rank = {hit.sticker: hit.rank for hit in captioned.search("night", "ann").hits}["s05"]
    assert standing(page, "night") == [str(rank), "—", "—", "1"]
    cells = {name: found.locator(f"[data-model={name}] td").all_inner_texts() for name in ("base", "tuned")}
    # "night" among "night，晚安" word for word; its encoder knows first letters; "moon" shares one of five characters
    assert (cells["tuned"][0], cells["base"][0]) == ("1.00", "0.00")
    assert (cells["tuned"][1], cells["base"][1]) == ("1.00", "0.00")
    assert float(cells["tuned"][2]) > float(cells["base"][2])
    page.keyboard.press("ArrowRight")
    exhibit(page, "s06")
    expect(found.locator("tr.is-held-out")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(found).to_contain_text("No query of the test split led to it")


def test_the_exhibit_fits_a_phone(guest: Visit) -> None:
    guest.page.set_viewport_size({"width": 390, "height": 844})
    page = guest.open(view="captions", sticker="s05", q="night", show="animated")
    exhibit(page, "s05")
    expect(page.locator("[data-list=animated]")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Reveal").click()
    expect(page.locator("tr.is-held-out")).to_have_count(1)
    expect(page.locator("[data-part=found] td").first).to_contain_text("Fine-tuned")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


# ---- a visitor's picture --------------------------------------------------------------------------------------------


def test_near_stickers_and_the_people_who_would_like_it(guest: Visit, red: Path) -> None:
    page = guest.open(view="captions", q="")
    page.get_by_role("button", name="Your own picture").click()
    expect(answer(page)).to_contain_text("8 by 8")
    page.locator("[data-part=live-file]").set_input_files(red)
    fans = page.locator("[data-kin=fans] li")
    expect(fans.first).to_have_attribute("data-user", "ann")
    expect(fans.first.locator("b")).to_have_text("Very much their taste")
    expect(fans.first).to_contain_text("nearer to their taste than 100% of the catalogue")
    expect(fans.last.locator("b")).to_have_text("Not their taste")
    near = page.locator("[data-kin=near] figure")
    expect(near).to_have_count(8)
    assert near.locator("figcaption").all_inner_texts()[:4] == ["0.80", "0.80", "0.80", "0.00"]
    fans.first.locator(".ps-mini").first.click()
    expect(page.get_by_role("dialog").locator("h2")).to_have_text("laugh")


def test_the_tab_shows_at_once_how_a_sticker_is_captioned(guest: Visit) -> None:
    page = guest.open(view="captions", show="own")
    expect(answer(page)).to_contain_text("picture of 8 by 8")
    expect(page.locator(".ps-live-text input")).to_have_value("laugh")
    expect(page.locator(".ps-mini[aria-pressed=true]:visible")).to_have_count(1)
    page.locator(".ps-live .ps-mini").nth(4).click()
    expect(page.locator(".ps-live-text input")).to_have_value("night")
    expect(answer(page).locator("[data-words=tuned]")).to_contain_text("night")
    expect(page.locator(".ps-live-how")).to_contain_text("ONNX Runtime")


def test_an_upload_is_captioned_and_its_keywords_search(guest: Visit, red: Path) -> None:
    page = guest.open(view="captions", show="own")
    expect(answer(page)).to_contain_text("8 by 8")
    page.locator("[data-part=live-file]").set_input_files(red)
    expect(answer(page)).to_contain_text("Press “Caption it”")
    page.get_by_label("Words on the picture").fill("night，<u>")
    page.get_by_role("button", name="Caption it").click()
    expect(answer(page)).to_contain_text("a red picture of 40 by 30")
    expect(answer(page)).to_contain_text("<b>calm</b>")
    expect(answer(page)).to_contain_text("in 0.25 s")
    expect(answer(page)).to_contain_text("cannot spell: 3")
    assert words(page, "base") == ["laugh", "box −"]
    assert words(page, "tuned") == ["laugh", "night +", "<u> +"]
    answer(page).get_by_role("button", name="night").click()
    guest.answered("night")
    expect(page.locator(".is-right .ps-card").first).to_be_visible()


def test_words_on_a_picture_are_read_shown_and_can_be_corrected(guest: Visit, red: Path) -> None:
    page = guest.open(view="captions", show="own")
    expect(answer(page)).to_contain_text("8 by 8")
    words_field = page.get_by_label("Words on the picture")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route) if "picture_words" in (route.request.post_data or "") else route.continue_()

    page.route("**/component_server**", hold)
    with page.expect_request(lambda request: "picture_words" in (request.post_data or "")):
        page.locator("[data-part=live-file]").set_input_files(red)
    words_field.focus()
    for route in held:
        route.continue_()
    expect(words_field).to_have_value("<b>hi</b>")
    expect(page.locator("[data-part=live-read]")).to_contain_text("Words read by rapidocr")
    picture = page.locator("[data-part=live-picture]")
    assert picture.locator("g text").all_text_contents() == ["0.20", "0.90"]
    page.keyboard.type("lol")  # takes the place of what came while somebody was about to type
    expect(words_field).to_have_value("lol")
    page.get_by_role("button", name="Caption it").click()
    expect(answer(page)).to_contain_text("red picture")
    assert words(answer(page), "tuned") == ["laugh", "lol +"]
    page.locator(".ps-live .ps-mini").nth(3).click()
    expect(page.locator("[data-part=live-read]")).to_be_hidden()
    expect(picture.locator("polygon")).to_have_count(0)


def test_a_server_that_cannot_read_says_so(guest: Visit, red: Path) -> None:
    page = guest.open(view="captions", show="own")
    expect(answer(page)).to_contain_text("8 by 8")

    def unable(route: Route) -> None:
        if "picture_words" in (route.request.post_data or ""):
            route.fulfill(json={"engine": None})
        else:
            route.continue_()

    page.route("**/component_server**", unable)
    page.locator("[data-part=live-file]").set_input_files(red)
    expect(page.locator("[data-part=live-read]")).to_contain_text("type the words yourself")
    expect(page.get_by_label("Words on the picture")).to_have_value("")


def test_bad_uploads_get_a_sentence(guest: Visit, tmp_path: Path) -> None:
    page = guest.open(view="captions", show="own")
    expect(answer(page)).to_contain_text("8 by 8")
    problem, file = page.locator("[data-part=live-problem]"), page.locator("[data-part=live-file]")
    (tmp_path / "words.png").write_text("no picture")
    file.set_input_files(tmp_path / "words.png")
    expect(problem).to_contain_text("no picture that can be read")
    page.get_by_role("button", name="Caption it").click()
    expect(problem).to_contain_text("no picture that can be read")
    Image.new("1", (4200, 4)).save(tmp_path / "wide.png")
    file.set_input_files(tmp_path / "wide.png")
    expect(problem).to_be_hidden()
    page.get_by_role("button", name="Caption it").click()
    expect(problem).to_contain_text("4200 × 4 pixels")
    (tmp_path / "heavy.png").write_bytes(bytes(8_000_001))
    file.set_input_files(tmp_path / "heavy.png")
    expect(problem).to_contain_text("over 8 MB")
    page.get_by_role("button", name="中文").click()
    expect(problem).to_contain_text("图片超过 8 MB")
    page.get_by_role("button", name="看图配文").click()
    expect(problem).to_contain_text("请先选一张图片")


def test_a_late_caption_of_another_picture_is_dropped(guest: Visit, red: Path) -> None:
    page = guest.open(view="captions", show="own")
    expect(answer(page)).to_contain_text("8 by 8")
    held: list[Route] = []
    page.route("**/component_server**", lambda route: held.append(route))
    with page.expect_request("**/component_server**"):
        page.get_by_role("button", name="Caption it").click()
    page.locator("[data-part=live-file]").set_input_files(red)
    expect(answer(page)).to_contain_text("Press “Caption it”")
    for route in held:
        route.continue_()
    page.wait_for_timeout(300)
    expect(answer(page)).to_contain_text("Press “Caption it”")


def test_a_bundle_without_a_captioner_says_so_and_offers_no_upload(visit: Visit) -> None:
    page = visit.open(view="captions", show="own")
    expect(page.locator("[data-part=live-none]")).to_contain_text("make bundle")
    expect(page.locator("[data-part=live-file]")).to_be_hidden()
    expect(page.locator(".ps-live")).to_be_hidden()


def test_a_bundle_without_a_captioner_still_finds_kin(guest: Visit, red: Path) -> None:
    def no_captioner(route: Route) -> None:
        if '"captioning"' in (route.request.post_data or ""):
            route.fulfill(json={"available": False})
        else:
            route.continue_()

    guest.page.route("**/component_server**", no_captioner)
    page = guest.open(view="captions", show="own")
    expect(page.locator("[data-part=live-none]")).to_contain_text("make bundle")
    expect(page.locator("[data-kin=near] figure")).to_have_count(8)
    page.locator("[data-part=live-file]").set_input_files(red)
    expect(page.locator("[data-kin=fans] li").first).to_contain_text("Very much their taste")
    expect(page.locator("[data-part=live-read]")).to_contain_text("<b>hi</b>")
    expect(page.get_by_role("button", name="Caption it")).to_have_count(0)
    expect(answer(page)).to_be_hidden()


def test_the_dialog_shows_base_against_fine_tuned(guest: Visit) -> None:
    page = guest.search(q="laugh", user="ann")
    page.locator(".is-right .ps-card[data-sticker=s01] .ps-face").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".ps-keyword")).to_have_count(5)
    assert words(dialog, "base") == ["cat −", "laugh ✓", "<i> −"]
    assert words(dialog, "tuned") == ["laugh ✓", "笑死 +"]
    expect(dialog.locator(".ps-keyword-signs")).to_contain_text("only after fine-tuning")
    expect(dialog.locator(".ps-keyword-signs")).to_contain_text("shares a word with “laugh”")
    expect(dialog.locator(".ps-captions")).to_contain_text("<b>开心</b>")
    dialog.get_by_role("button", name="笑死").last.click()
    guest.answered("笑死")


def test_a_sticker_without_captions_says_that_none_were_made(guest: Visit) -> None:
    page = guest.search(q="laugh", user="ann")
    page.locator(".is-right .ps-card[data-sticker=s02] .ps-face").click()
    expect(page.get_by_role("dialog")).to_contain_text("Not yet computed in this bundle")
    expect(page.get_by_role("dialog").locator(".ps-keywords")).to_have_count(0)


def test_captions_fit_a_phone(guest: Visit) -> None:
    guest.page.set_viewport_size({"width": 390, "height": 844})
    page = guest.open(view="captions", show="own")
    expect(answer(page)).to_contain_text("8 by 8")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
