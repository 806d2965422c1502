"""A link restores what was open, chosen and liked, and says what it cannot hold, in a real Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import copied_by
from playwright.sync_api import Page, expect

from persrv.retriever import Retriever

if TYPE_CHECKING:
    from conftest import Visit

pytestmark = pytest.mark.browser


def parameters(link: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(link).query).items()}


def again(visit: Visit, link: str) -> Page:
    """The page that a link opens."""
    visit.page.goto("about:blank")
    visit.page.goto(link)
    visit.page.wait_for_selector(".ps-header")
    return visit.page


def test_explained_places_are_restored_in_their_columns(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo")
    page.locator(".is-left .ps-score").nth(1).click()
    page.locator(".is-right .ps-score").first.click()
    titles = page.locator(".ps-unfolded h3:first-of-type").all_inner_texts()
    assert len(titles) == 2
    page = again(visit, copied_by(page, page.get_by_role("button", name="Copy link")))
    visit.answered("laugh")
    expect(page.locator(".ps-unfolded")).to_have_count(2)
    assert page.locator(".ps-unfolded h3:first-of-type").all_inner_texts() == titles
    for close in page.locator(".ps-why-close").all()[::-1]:
        close.click()
    assert "why" not in parameters(page.url)


def test_an_explained_place_of_the_four_lists_is_restored(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo", columns="4")
    page.locator("[data-ranking=both] .ps-score").first.click()
    assert parameters(page.url)["why"].startswith("both.")
    again(visit, page.url)
    expect(page.locator("[data-ranking=both] .ps-unfolded")).to_have_count(1)


def test_the_dialog_is_restored_with_its_why(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo")
    page.locator(".is-right .ps-face").nth(1).click()
    dialog = page.locator(".ps-dialog[open]")
    expect(dialog.get_by_role("heading", name="Why number 2")).to_be_visible()
    title = dialog.locator("h2").inner_text()
    again(visit, page.url)
    expect(dialog.locator("h2")).to_have_text(title)
    expect(dialog.get_by_role("heading", name="Why number 2")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.wait_for_function("!new URLSearchParams(location.search).has('open')")


def test_the_map_is_restored_with_results_colour_lasso_and_point(visit: Visit) -> None:
    page = visit.open(view="map", q="laugh", user="cleo")
    expect(page.locator(".ps-map-plot .js-plotly-plot").first).to_be_visible()
    page.get_by_role("button", name="Results", exact=True).click()
    page.locator("[data-part=map-colour]").select_option("style")
    page.locator("[data-part=map-all] summary").click()
    minis = page.locator("[data-part=map-list] .ps-mini")
    minis.nth(0).click()
    page.get_by_role("button", name="Select", exact=True).click()
    minis.nth(1).click()
    page.get_by_role("button", name="Select", exact=True).click()
    chosen = minis.nth(1).get_attribute("data-sticker")
    found = parameters(page.url)
    assert (found["map"], found["colour"], found["point"]) == ("results", "style", chosen)
    assert len(found["lasso"].split(",")) == 2
    again(visit, page.url)
    expect(page.locator("[data-part=map-selection] h2")).to_contain_text("2")
    expect(page.locator("[data-part=map-chosen]")).to_have_attribute("data-sticker", chosen or "")
    expect(page.locator("[data-part=map-colour]")).to_have_value("style")
    expect(page.get_by_role("button", name="Results", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".ps-map-legend")).to_contain_text("laugh")


def test_likes_travel_where_they_are_asked_for(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="cleo")
    liked = toy_retriever.search("laugh", "cleo", top=1).hits[0].sticker
    page.locator("[data-part=you-door]").click()
    page.locator(f".ps-you-tile[data-likes={liked}]").click()
    expect(page.locator(".is-right h2")).to_contain_text("For you", ignore_case=True)
    order = page.locator(".is-right .ps-card").evaluate_all("cards => cards.map(card => card.dataset.sticker)")
    link = copied_by(page, page.get_by_role("button", name="Copy link"))
    assert "likes" not in parameters(link)
    expect(page.locator(".ps-brought")).to_contain_text("your likes")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("checkbox", name="With my 1 like").check()
    link = page.get_by_role("textbox", name="Link").input_value()
    assert parameters(link)["likes"] == liked
    page.evaluate("localStorage.clear()")
    again(visit, link)
    visit.answered("laugh")
    expect(page.locator(".is-right h2")).to_contain_text("For you", ignore_case=True)
    shown = page.locator(".is-right .ps-card").evaluate_all("cards => cards.map(card => card.dataset.sticker)")
    assert shown == order
    page.locator(".is-right .ps-heart[aria-pressed=false]").first.click()
    page.wait_for_function("new URLSearchParams(location.search).get('likes').split(',').length === 2")
    assert page.evaluate("localStorage.getItem('persrv-you')") is None, "what came with a link is not kept"


def test_likes_of_another_catalogue_are_left_out_and_said(visit: Visit) -> None:
    page = visit.search(q="laugh", user="@you", likes="s01,elsewhere,%zz")
    expect(page.locator(".ps-brought")).to_contain_text("Of the likes in the link, 1 is not in this catalogue")


def test_a_note_travels_as_text_and_is_closed(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("textbox", name="A note").fill('<img src=x onerror="alert(1)"> look')
    link = page.get_by_role("textbox", name="Link").input_value()
    again(visit, link)
    strip = page.locator(".ps-brought")
    expect(strip).to_have_text('A note that came with the link: <img src=x onerror="alert(1)"> look')
    strip.get_by_role("button", name="Close").click()
    expect(strip).to_be_hidden()
    assert "note" not in parameters(page.url)


def test_the_embed_code_is_a_frame_of_this_comparison(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo", utility="0")
    page.get_by_role("button", name="Share").click()
    code = page.get_by_role("textbox", name="Code to embed").input_value()
    found = page.evaluate(
        "code => { const { src, title } = new DOMParser().parseFromString(code, 'text/html').querySelector('iframe');"
        " return [src, title]; }",
        code,
    )
    assert found[1] == "PerSRV: laugh, Cleo"
    page.goto(found[0])
    expect(page.get_by_role("heading", name="For Cleo")).to_be_visible()


@pytest.mark.parametrize(
    "nonsense",
    [
        {"why": "right.nothing,left", "open": "", "likes": "%", "present": "0", "story": "x"},
        {"why": "%zz,,..", "map": "treasure", "colour": "sound", "lasso": "nothing," * 2000, "point": "%"},
        {"why": "x" * 9000, "likes": "y" * 9000, "note": " "},
    ],
)
def test_nonsense_is_as_if_it_were_not_there(visit: Visit, nonsense: dict[str, str]) -> None:
    page = visit.search(q="laugh", user="cleo", **nonsense)
    expect(page.locator(".ps-unfolded")).to_have_count(0)
    expect(page.locator(".ps-brought")).to_be_hidden()
    expect(page.locator(".ps-dialog[open]")).to_have_count(0)
    expect(page.locator(".ps-stage:visible")).to_have_count(0)


def test_nonsense_on_the_map_selects_nothing(visit: Visit) -> None:
    page = visit.open(view="map", q="laugh", user="cleo", map="x", colour="y", lasso="nothing,%zz", point="nobody")
    expect(page.locator(".ps-map-plot .js-plotly-plot").first).to_be_visible()
    expect(page.locator("[data-part=map-selection], [data-part=map-chosen]")).to_have_count(0)
    expect(page.locator("[data-part=map-colour]")).to_have_value("none")


def test_an_unknown_sticker_in_the_dialog_is_said(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo", open="right.nothing")
    expect(page.locator(".ps-dialog[open]")).to_contain_text("nothing")


def test_too_large_a_selection_stays_and_is_said(visit: Visit) -> None:
    page = visit.open(view="map", q="laugh", user="cleo")
    expect(page.locator(".ps-map-plot .js-plotly-plot").first).to_be_visible()
    visit.forgiven += ["xxxx", "Failed to load resource"]  # addresses of pictures are encoded by it, too
    page.evaluate("encodeURIComponent = () => 'x'.repeat(4000)")
    page.locator("[data-part=map-all] summary").click()
    page.locator("[data-part=map-list] .ps-mini").first.click()
    page.get_by_role("button", name="Select", exact=True).click()
    copied_by(page, page.get_by_role("button", name="Copy link"))
    expect(page.locator(".ps-brought")).to_contain_text("the 1 stickers you selected: too many for a link")


def test_a_visitor_with_a_picture_of_their_own_is_told(visit: Visit) -> None:
    page = visit.open(view="captions", show="own")
    copied_by(page, page.get_by_role("button", name="Copy link"))
    expect(page.locator(".ps-brought")).to_contain_text("the picture you brought")
