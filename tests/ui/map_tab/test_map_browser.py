"""The style map in a real Chromium, over a world whose every place is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import map_world
import numpy as np
import pytest
from conftest import ROOT, serve, visiting
from javascript import call
from playwright.sync_api import Browser, Locator, Page, expect

from persrv.insight.map_trust import nearest_on_map
from persrv.retriever import Retriever
from persrv.ui.map_tab import points

if TYPE_CHECKING:
    from conftest import Visit

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return map_world.write_world(tmp_path_factory.mktemp("islands")).path


@pytest.fixture(scope="module")
def retriever(world: Path) -> Retriever:
    return Retriever.open(world)


@pytest.fixture(scope="module")
def islands(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page over the islands."""
    log = tmp_path_factory.mktemp("app") / "log.txt"
    server, url = serve(world, log)
    yield url
    server.terminate()
    server.wait(timeout=20)
    assert "Traceback" not in log.read_text(errors="replace"), log.read_text(errors="replace")


@pytest.fixture
def visit(browser: Browser, islands: str) -> Iterator[Visit]:
    with visiting(browser, islands) as visitor:
        yield visitor


def open_map(visit: Visit, **state: str) -> Page:
    """The map of somebody, drawn, all of it in sight, and the results that it may have to mark."""
    if visit.page.viewport_size == {"width": 1440, "height": 900}:
        visit.page.set_viewport_size({"width": 1440, "height": 1300})
    page = visit.search(**{"q": "laugh", "user": "ann", "view": "map", "lang": "en", **state})
    drawn(page)
    return page


def drawn(page: Page, place: int = 0) -> Locator:
    """A plot, once it is drawn."""
    plot = page.locator(".ps-map-plot").nth(place)
    expect(plot.locator(".js-plotly-plot")).to_be_attached()
    page.wait_for_function("document.querySelector('[data-part=map-loading]').hidden")
    settled(page)
    return plot


#: Resolves once nothing is under way and several frames in a row look the same.
STILL = """() => new Promise((done) => {
  let [before, same] = ["", 0];
  const look = () => {
    const windows = [...document.querySelectorAll(".ps-plot")].map((plot) => plot._fullLayout)
      .map((full) => full && [full.xaxis.range, full.yaxis.range, full.width, full.height]);
    const pictures = [...document.querySelectorAll(".ps-map-picture")].map((picture) => picture.dataset.row);
    const busy = document.querySelector("[data-part=map]").ariaBusy === "true";
    const now = JSON.stringify([windows, pictures]);
    same = now === before && !busy ? same + 1 : 0;
    before = now;
    if (same < 5) requestAnimationFrame(look);
    else done();
  };
  look();
})"""


def settled(page: Page) -> None:
    """Waits until the map stands still: drawn, as large as its frame, in the window that it was sent to."""
    page.evaluate(STILL)


def traces(page: Page, place: int = 0) -> list[dict[str, Any]]:
    """Traces of a plot: meta, rows, marker."""
    found: list[dict[str, Any]] = (
        page.locator(".ps-plot")
        .nth(place)
        .evaluate("p => p.data.map(t => ({meta: t.meta, rows: [...t.customdata], marker: t.marker}))")
    )
    return found


def pixel(page: Page, row: int, place: int = 0) -> tuple[float, float]:
    """Position on the screen at which a row is drawn."""
    left, top = (
        page.locator(".ps-plot")
        .nth(place)
        .evaluate(
            """(plot, row) => {
              const { xaxis, yaxis } = plot._fullLayout;
              const cloud = plot.data.find((trace) => trace.customdata.includes(row));
              const at = cloud.customdata.indexOf(row);
              const box = plot.getBoundingClientRect();
              const [x, y] = [xaxis.l2p(cloud.x[at]), yaxis.l2p(cloud.y[at])];
              return [box.left + xaxis._offset + x, box.top + yaxis._offset + y];
            }""",
            row,
        )
    )
    return left, top


def ids(minis: Locator) -> list[str]:
    return list(minis.evaluate_all("all => all.map(each => each.dataset.sticker)"))


def window_of(page: Page, place: int = 0) -> list[float]:
    """The ranges of both axes of a plot."""
    found: list[float] = (
        page.locator(".ps-plot")
        .nth(place)
        .evaluate("p => [...p._fullLayout.xaxis.range, ...p._fullLayout.yaxis.range]")
    )
    return found


# ---- hover, tap, keyboard -------------------------------------------------------------------------------------------


def test_the_sticker_itself_appears_by_its_point(visit: Visit) -> None:
    page = open_map(visit)
    tip = page.locator(".ps-tip")
    expect(tip).to_be_hidden()
    x, y = pixel(page, 13)
    page.mouse.move(x + 3, y + 2, steps=3)
    expect(tip).to_be_visible()
    expect(tip).to_have_attribute("data-sticker", "m13")
    picture = tip.locator("img")
    assert picture.evaluate("async img => { await img.decode(); return [img.naturalWidth, img.clientWidth]; }") == [
        64,
        128,
    ]
    for words in ("ink", "Taste", "1 click in all", "1 by Ann"):
        expect(tip).to_contain_text(words)
    box = tip.bounding_box()
    assert box is not None
    assert min(abs(box["x"] - x), abs(box["x"] + box["width"] - x)) < 32
    assert box["y"] < y < box["y"] + box["height"]
    page.mouse.move(x + 60, y + 60, steps=3)
    expect(tip).to_be_hidden()


def test_a_picture_is_fetched_when_it_is_first_looked_at(visit: Visit) -> None:
    page = open_map(visit)
    page.get_by_role("button", name="Show the stickers").click()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    x, y = pixel(page, 30)
    page.evaluate("performance.clearResourceTimings()")
    assert not any("m30.webp" in url for url in asked)
    page.mouse.move(x, y, steps=3)
    expect(page.locator(".ps-tip")).to_have_attribute("data-sticker", "m30")
    assert page.locator(".ps-tip img").evaluate("async img => { await img.decode(); return img.naturalWidth; }") == 64


def test_a_tap_shows_the_sticker_and_its_panel(browser: Browser, islands: str) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="en-US"
    )
    page = context.new_page()
    page.goto(f"{islands}/?q=laugh&user=ann&view=map&lang=en")
    drawn(page)
    page.touchscreen.tap(*pixel(page, 30))
    expect(page.locator(".ps-tip")).to_be_visible()
    expect(page.locator(".ps-tip")).to_have_attribute("data-sticker", "m30")
    expect(page.locator("[data-part=map-chosen]")).to_have_attribute("data-sticker", "m30")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_the_keyboard_reaches_every_point_in_sight_by_a_list(visit: Visit) -> None:
    page = open_map(visit)
    summary = page.locator("[data-part=map-all] summary")
    expect(summary).to_have_text("The 48 stickers in sight, as a list")
    summary.focus()
    page.keyboard.press("Enter")
    listed = page.locator("[data-part=map-list] .ps-mini")
    expect(listed).to_have_count(24)
    clicked = [
        row for _, row in sorted((-count, row) for row, count in {0: 5, 1: 1, 12: 2, 13: 1, 24: 9, 25: 1}.items())
    ]
    assert ids(listed)[:6] == [map_world.IDS[row] for row in clicked], "most clicked first"
    page.keyboard.press("Tab")
    expect(page.locator(".ps-tip")).to_have_attribute("data-sticker", "m24")
    expect(page.locator(".ps-map-ring")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=map-chosen]")).to_have_attribute("data-sticker", "m24")
    page.get_by_role("button", name="More").click()
    expect(listed).to_have_count(48)
    page.get_by_role("button", name="Details").click()
    expect(page.get_by_role("dialog")).to_be_visible()


# ---- tastes, results, colours ---------------------------------------------------------------------------------------


def test_a_persons_points_are_coloured_by_taste_with_the_centroids_sticker_in_a_ring(
    visit: Visit, retriever: Retriever
) -> None:
    page = open_map(visit)
    style = retriever.style_of("ann")
    assert style is not None
    shown = [trace for trace in traces(page) if trace["meta"]["kind"] == "taste"]
    members = [sorted({map_world.IDS.index(name) for name in exemplars}) for exemplars in style.exemplars]
    assert [trace["rows"] for trace in shown] == members
    assert (
        len({trace["marker"]["color"] for trace in shown}) == len({trace["marker"]["symbol"] for trace in shown}) == 2
    )
    rings = page.locator(".ps-taste")
    assert ids(rings) == [exemplars[0] for exemplars in style.exemplars]
    for ring, exemplars in zip(rings.all(), style.exemplars, strict=True):
        box = ring.bounding_box()
        assert box is not None
        x, y = pixel(page, map_world.IDS.index(exemplars[0]))
        assert abs(box["x"] + box["width"] / 2 - x) < 2
        assert abs(box["y"] + 38 - y) < 2
    assert [ids(each.locator(".ps-mini")) for each in page.locator(".ps-cluster").all()] == [
        list(exemplars) for exemplars in style.exemplars
    ]
    page.get_by_role("radio", name="Bob").check()
    expect(page.locator(".ps-taste").first).to_have_attribute("data-sticker", "m24")


def test_results_are_numbered_on_the_map_and_told_apart_by_shape(visit: Visit, retriever: Retriever) -> None:
    page = open_map(visit)
    visit.answered("laugh")
    page.get_by_role("button", name="Results").click()
    expect(page.locator(".ps-pin").first).to_be_visible()
    found = retriever.compare("laugh", "ann")
    for kind, ranking in (("plain", "utility"), ("personal", "both")):
        pins = page.locator(f".ps-pin:has(.is-{kind})")
        ranks = {pin.get_attribute("data-sticker"): int(pin.locator(f".is-{kind}").inner_text()) for pin in pins.all()}
        assert ranks == {hit.sticker: hit.rank for hit in found[ranking].hits[:10]}
    round_, square = (
        page.locator(f".ps-pin .is-{kind}").first.evaluate("b => parseFloat(getComputedStyle(b).borderRadius)")
        for kind in ("plain", "personal")
    )
    assert round_ > 10 > square
    expect(page.locator(".ps-map-legend")).to_contain_text("Top 10 for “laugh”")
    expect(page.locator(".ps-map-legend")).to_contain_text("For Ann: rank in a square")
    best = found["both"].hits[0].sticker
    pin = page.locator(f".ps-pin[data-sticker={best}]")
    assert "For Ann: rank 1" in (pin.get_attribute("aria-label") or "")
    pin.click()
    expect(page.locator("[data-part=map-chosen]")).to_have_attribute("data-sticker", best)


@pytest.mark.parametrize(
    ("colouring", "expected"),
    [
        ("style", {"crayon": 12, "ink": 12, "neon": 12, "pixel": 12}),
        ("popularity", {"0 clicks": 42, "1 click": 3, "2–3 clicks": 1, "4–7 clicks": 1, "8+ clicks": 1}),
        ("text", {"With text": 24, "Without text": 24}),
    ],
)
def test_colours_have_a_legend_and_each_group_can_be_seen_alone(
    visit: Visit, colouring: str, expected: dict[str, int]
) -> None:
    page = open_map(visit, user="none")
    page.locator("[data-part=map-colour]").select_option(colouring)
    entries = page.locator(".ps-map-legend button")
    expect(entries).to_have_count(len(expected))
    groups = [trace for trace in traces(page) if trace["meta"]["kind"] == "all"]
    assert dict(zip(entries.all_inner_texts(), [len(group["rows"]) for group in groups], strict=True)) == expected
    looks = {(group["marker"]["symbol"], group["marker"]["size"]) for group in groups}
    assert len(looks) == len(groups), "groups are told apart by shape or size, too"
    entries.nth(1).click()
    expect(entries.nth(1)).to_have_attribute("aria-pressed", "true")
    settled(page)
    opacities = [trace["marker"]["opacity"] for trace in traces(page) if trace["meta"]["kind"] == "all"]
    assert opacities[1] == 1
    assert max(opacities[:1] + opacities[2:]) < 0.1


def test_utility_is_shown_in_five_equal_steps(visit: Visit, retriever: Retriever) -> None:
    page = open_map(visit, user="none")
    page.locator("[data-part=map-colour]").select_option("utility")
    expect(page.locator(".ps-map-legend button").first).to_be_visible()
    worth = retriever.utility()[0]
    step = np.minimum(4, np.floor((worth - worth.min()) / ((worth.max() - worth.min()) / 5) + 1e-6)).astype(int)
    expected = [np.flatnonzero(step == each).tolist() for each in range(5) if (step == each).any()]
    groups = [trace for trace in traces(page) if trace["meta"]["kind"] == "all"]
    assert [group["rows"] for group in groups] == expected
    sizes = [group["marker"]["size"] for group in groups]
    assert sizes == sorted(sizes)


#: Linear RGB as people without red, green or blue cones see it (Machado, Oliveira & Fernandes 2009, severity 1).
CONFUSIONS = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
GROUNDS = {"light": "#ffffff", "dark": "#181b21"}


def linear(colour: str) -> np.ndarray:
    """Linear RGB (3,) of "#rrggbb"."""
    value = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def oklab(rgb: np.ndarray) -> np.ndarray:
    """OKLab (3,) of linear RGB (Ottosson 2020); a distance of .02 is just noticeable."""
    lms = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    ) @ np.clip(rgb, 0, 1)
    return np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    ) @ np.cbrt(lms)


@pytest.fixture(scope="module")
def looks() -> dict[str, Any]:
    """The colours of looks.js."""
    colours = "() => ({ palette: MAP_PALETTE, ramp: MAP_RAMP, tastes: TASTE_COLOURS })"
    found: dict[str, Any] = call(["map_tab/looks.js"], colours)
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("eyes", ["all", *CONFUSIONS])
def test_colours_stay_apart_for_eyes_that_confuse_some(looks: dict[str, Any], theme: str, eyes: str) -> None:
    seen = np.eye(3) if eyes == "all" else np.array(CONFUSIONS[eyes])
    palette = [oklab(seen @ linear(colour)) for colour in looks["palette"][theme]]
    nearest = min(np.linalg.norm(a - b) for at, a in enumerate(palette) for b in palette[:at])
    assert nearest > 0.12
    ramp = [oklab(seen @ linear(colour))[0] for colour in looks["ramp"][theme]]
    steps = np.diff(ramp) if theme == "dark" else -np.diff(ramp)
    assert steps.min() > 0.06, "little to much is a matter of lightness"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_stand_out_from_the_ground(looks: dict[str, Any], theme: str) -> None:
    weights = np.array([0.2126, 0.7152, 0.0722])
    ground = weights @ linear(GROUNDS[theme])

    def contrast(colour: str, behind: float) -> float:
        light, dark = sorted((weights @ linear(colour), behind), reverse=True)
        return float((light + 0.05) / (dark + 0.05))

    assert min(contrast(colour, ground) for colour in looks["palette"][theme]) >= 2.2
    assert min(contrast(colour, 1.0) for colour in looks["tastes"]) >= 4.5, "tastes carry white words"


# ---- selecting ------------------------------------------------------------------------------------------------------


def lasso(page: Page, tool: str, corners: list[tuple[float, float]]) -> None:
    """Draws round some points with the pointer."""
    page.get_by_role("button", name=tool, exact=True).first.click()
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=6)
    page.mouse.up()


def around(page: Page, first: int, last: int) -> list[tuple[float, float]]:
    """The corners of a frame around two points and what lies between."""
    (x0, y0), (x1, y1) = pixel(page, first), pixel(page, last)
    left, right, top, bottom = min(x0, x1) - 14, max(x0, x1) + 14, min(y0, y1) - 14, max(y0, y1) + 14
    return [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]


def test_a_lasso_selects_what_it_goes_around(visit: Visit) -> None:
    page = open_map(visit)
    lasso(page, "Lasso", around(page, 36, 47))
    panel = page.locator("[data-part=map-selection]")
    expect(panel.locator("h2")).to_have_text("12 selected")
    assert sorted(ids(panel.locator(".ps-mini"))) == list(map_world.IDS[36:])
    assert panel.locator(".ps-map-mix li").all_inner_texts() == ["neon\n12"]
    assert sorted(traces(page)[-1]["rows"]) == list(range(36, 48))
    panel.get_by_role("button", name="Clear").click()
    expect(panel).to_have_count(0)
    assert traces(page)[-1]["meta"]["kind"] != "selected"


def test_many_selected_points_are_filled_and_few_are_ringed(visit: Visit) -> None:
    """Rings around many points run into one another: a scribble."""
    page = open_map(visit)
    lasso(page, "Lasso", around(page, 36, 47))
    panel = page.locator("[data-part=map-selection] h2")
    expect(panel).to_have_text("12 selected")
    assert traces(page)[-1]["marker"]["symbol"] == "circle-open"
    lasso(page, "Lasso", around(page, 0, 47))
    expect(panel).not_to_have_text("12 selected")
    many = traces(page)[-1]
    assert many["meta"]["kind"] == "selected"
    assert len(many["rows"]) > 12
    assert "symbol" not in many["marker"], "a filled point"
    assert many["marker"]["line"]["color"] == "#ffffff", "an edge in the colour of the ground keeps them apart"


def test_a_box_selects_too_and_single_stickers_come_and_go(visit: Visit) -> None:
    page = open_map(visit)
    corners = around(page, 0, 5)
    lasso(page, "Box", [corners[0], corners[2]])
    panel = page.locator("[data-part=map-selection]")
    expect(panel.locator("h2")).to_have_text("4 selected")
    assert sorted(ids(panel.locator(".ps-mini"))) == ["m00", "m01", "m04", "m05"]
    panel.locator("[data-sticker=m04]").click()
    page.get_by_role("button", name="Unselect").click()
    expect(panel.locator("h2")).to_have_text("3 selected")
    page.get_by_role("button", name="Select", exact=True).click()
    expect(panel.locator("h2")).to_have_text("4 selected")


def test_selected_stickers_are_searched_with_as_if_they_were_mine(visit: Visit, retriever: Retriever) -> None:
    page = open_map(visit)
    lasso(page, "Lasso", around(page, 36, 47))
    page.locator("[data-part=map-mine]").click()
    style = retriever.live_style([map_world.IDS[row] for row in traces(page)[-1]["rows"]])
    expected = [hit.sticker for hit in retriever.compare("laugh", style, top=24)["both"].hits]
    page.wait_for_function(
        "ids => [...document.querySelectorAll('.is-right .ps-card')].map(c => c.dataset.sticker).join() === ids",
        arg=",".join(expected),
    )
    assert expected != [hit.sticker for hit in retriever.compare("laugh", "ann", top=24)["both"].hits]
    expect(page.locator("body")).to_have_attribute("data-ps-view", "search")
    assert page.evaluate("window.localStorage.getItem('persrv-you')") is None, "nothing is kept of what was borrowed"
    page.get_by_role("button", name="Style map").click()
    page.wait_for_function(
        "document.querySelectorAll('.ps-plot')[0].data.some(t => t.meta.kind === 'taste' && t.customdata.includes(36))",
    )
    mine = [row for trace in traces(page) if trace["meta"]["kind"] == "taste" for row in trace["rows"]]
    assert sorted(mine) == list(range(36, 48))


# ---- trust ----------------------------------------------------------------------------------------------------------


def test_neighbours_in_the_space_are_listed_beside_those_on_the_map(visit: Visit, retriever: Retriever) -> None:
    page = open_map(visit)
    page.mouse.click(*pixel(page, 5))
    panel = page.locator("[data-part=map-chosen]")
    expect(panel).to_have_attribute("data-sticker", "m05")
    space = [name for name, _ in retriever.neighbours("m05", points.NEIGHBOURS)]
    near = [map_world.IDS[row] for row in nearest_on_map(map_world.places(), 5, points.NEIGHBOURS)]
    lists = panel.locator(".ps-map-near .ps-minis")
    expect(lists).to_have_count(2)
    assert [ids(each.locator(".ps-mini")) for each in lists.all()] == [space, near]
    shared = set(space) & set(near)
    assert [set(ids(each.locator(".is-shared"))) for each in lists.all()] == [shared, shared]
    expect(panel.locator("[data-part=map-shared]")).to_have_text(
        f"{len(shared)} of 10 neighbours are in both lists (✓)."
    )


def test_one_line_says_how_far_the_whole_map_can_be_trusted(visit: Visit, retriever: Retriever) -> None:
    page = open_map(visit)
    assert retriever.map_xy is not None
    value = points.trust_view(retriever, retriever.map_xy)["value"]
    expect(page.locator("[data-part=map-trust]")).to_contain_text(
        f"Trustworthiness of this map (k = 10): {value:.3f}; 1 means no false neighbours. Judged at 48 of 48 stickers."
    )


# ---- two people -----------------------------------------------------------------------------------------------------


def test_two_people_side_by_side_share_window_and_selection(visit: Visit) -> None:
    page = open_map(visit)
    page.locator("[data-part=map-beside]").select_option("bob")
    drawn(page, 1)
    expect(page.locator(".ps-map-plot").nth(1).locator(".ps-taste").first).to_have_attribute("data-sticker", "m24")
    expect(page.locator(".ps-map-plot").nth(0).locator(".ps-taste").first).not_to_have_attribute("data-sticker", "m24")
    expect(page.locator(".ps-map-tastes h2")).to_have_text(["The styles of Ann", "The styles of Bob"])
    faces = page.locator(".ps-cluster .ps-mini").evaluate_all("faces => faces.map(face => face.offsetWidth)")
    assert max(faces) <= 100, "no larger than beside one map"
    before = window_of(page, 1)
    page.get_by_role("button", name="Zoom in").first.click()
    settled(page)
    assert window_of(page, 1) != before
    assert window_of(page, 1) == pytest.approx(window_of(page, 0))
    page.get_by_role("button", name="Reset view").nth(1).click()
    settled(page)
    assert window_of(page, 0) == pytest.approx(window_of(page, 1))
    lasso(page, "Lasso", around(page, 36, 47))
    expect(page.locator("[data-part=map-selection] h2")).to_have_text("12 selected")
    settled(page)
    for place in (0, 1):
        assert sorted(traces(page, place)[-1]["rows"]) == list(range(36, 48))
    x, y = pixel(page, 30)
    page.get_by_role("button", name="Move").first.click()
    page.mouse.move(x + 2, y, steps=3)
    tips = page.locator(".ps-tip")
    for place in (0, 1):
        expect(tips.nth(place)).to_have_attribute("data-sticker", "m30")
    page.locator("[data-part=map-beside]").select_option("")
    expect(page.locator(".ps-map-plot")).to_have_count(1)


def test_each_persons_map_has_the_ranks_of_that_person(visit: Visit, retriever: Retriever) -> None:
    page = open_map(visit)
    visit.answered("laugh")
    page.locator("[data-part=map-beside]").select_option("bob")
    drawn(page, 1)
    page.get_by_role("button", name="Results").click()
    for place, user in ((0, "ann"), (1, "bob")):
        pins = page.locator(".ps-map-plot").nth(place).locator(".ps-pin:has(.is-personal)")
        hits = retriever.compare("laugh", user)["both"].hits[:10]
        expect(pins).to_have_count(len(hits))
        ranks = {pin.get_attribute("data-sticker"): int(pin.locator(".is-personal").inner_text()) for pin in pins.all()}
        assert ranks == {hit.sticker: hit.rank for hit in hits}
    expect(page.locator(".ps-map-legend")).to_contain_text("For Bob: rank in a square")


def test_on_a_phone_two_people_are_stacked(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = open_map(visit)
    page.locator("[data-part=map-beside]").select_option("bob")
    drawn(page, 1)
    first, second = (page.locator(".ps-map-plot").nth(place).bounding_box() for place in (0, 1))
    assert first is not None
    assert second is not None
    assert second["y"] >= first["y"] + first["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


# ---- the whole ------------------------------------------------------------------------------------------------------


def test_stickers_stand_on_the_map_where_there_is_room_and_more_of_them_nearer_by(visit: Visit) -> None:
    page = open_map(visit, user="none")
    pictures = page.locator(".ps-map-picture")

    def shown() -> set[int]:
        settled(page)
        return {int(each) for each in pictures.evaluate_all("all => all.map(each => each.dataset.row)")}

    for _ in range(2):
        page.get_by_role("button", name="Zoom out").click()
    few = shown()
    assert 4 <= len(few) < 48
    assert {0, 24} <= few, "the most clicked come first"
    middles = [pixel(page, row) for row in sorted(few)]
    gaps = [np.hypot(a[0] - b[0], a[1] - b[1]) for at, a in enumerate(middles) for b in middles[:at]]
    assert min(gaps) >= 46
    page.get_by_role("button", name="Reset view").click()
    assert shown() > few
    page.get_by_role("button", name="Show the stickers").click()
    expect(pictures).to_have_count(0)


def test_another_language_and_another_theme_change_words_and_colours(visit: Visit) -> None:
    page = open_map(visit)
    page.locator("[data-part=map-colour]").select_option("style")
    expect(page.locator(".ps-map-legend button")).to_have_count(4)
    light = traces(page)[0]["marker"]["color"]
    page.evaluate("document.body.classList.add('dark')")
    page.wait_for_function("light => document.querySelector('.ps-plot').data[0].marker.color !== light", arg=light)
    page.get_by_role("button", name="切换到中文").click()
    expect(page.locator("[data-part=map-title]")).to_have_text("小安 的风格")
    expect(page.locator(".ps-map-legend button").first).to_have_text("蜡笔")


def test_a_world_without_a_graphics_card_still_has_a_map(browser: Browser, islands: str) -> None:
    with visiting(browser, islands) as visitor:
        visitor.page.add_init_script(
            """const real = HTMLCanvasElement.prototype.getContext;
            HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
              return kind.includes("webgl") ? null : real.call(this, kind, ...rest);
            };"""
        )
        page = open_map(visitor)
        assert page.locator(".ps-plot").evaluate("plot => plot.data[0].type") == "scatter"
        expect(page.locator(".ps-plot .point").first).to_be_attached()


def test_what_the_map_could_not_load_is_said(visit: Visit) -> None:
    visit.page.route("**/plotly.min.js", lambda route: route.abort())
    visit.forgiven.append("Failed to load resource: net::ERR_FAILED")
    page = visit.open(q="laugh", user="ann", view="map", lang="en")
    expect(page.locator("[data-part=map-loading]")).to_have_text("The map could not be loaded")


# ---- more stickers than can be drawn --------------------------------------------------------------------------------


def test_a_sampled_map_shades_the_whole_and_still_marks_every_result(
    browser: Browser, world: Path, retriever: Retriever, tmp_path: Path
) -> None:
    server, url = serve(world, tmp_path / "log.txt", str(ROOT / "tests" / "ui" / "sampled_app.py"))
    try:
        with visiting(browser, url) as visit:
            page = open_map(visit)
            drawn_rows = points.shown_rows(retriever, most=6)
            shades, cloud, *_ = traces(page)
            assert shades["meta"] == {"kind": "density"}
            assert len(cloud["rows"]) == len(drawn_rows) < 48
            total = page.locator(".ps-plot").evaluate(
                "p => p.data[0].z.flat().reduce((sum, value) => sum + Math.expm1(value ?? 0), 0)"
            )
            assert round(total) == 48
            expect(page.locator("[data-part=map-trust]")).to_contain_text("The shading is where all 48 stickers lie.")
            visit.answered("laugh")
            page.get_by_role("button", name="Results").click()
            hits = [hit.sticker for hit in retriever.compare("laugh", "ann")["both"].hits[:10]]
            strangers = [hit for hit in hits if map_world.IDS.index(hit) not in drawn_rows]
            assert strangers, "every result is a point: another world"
            for hit in hits:
                expect(page.locator(f".ps-pin[data-sticker={hit}]")).to_have_count(1)
    finally:
        server.terminate()
        server.wait(timeout=20)
