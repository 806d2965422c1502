"""The page in a real Chromium over the embedded bundle: what a stranger does in the first minute."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from conftest import PATIENCE, ROOT, Visit, serve, visiting
from playwright.sync_api import Browser, Page, expect

from persrv.bundle import Bundle
from persrv.retriever import Retriever
from persrv.ui.service import TOP

pytestmark = pytest.mark.browser
DEMO = ROOT / "assets" / "demo"
QUERY = "笑死我了"


@pytest.fixture(scope="module")
def demo_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log: Path = tmp_path_factory.mktemp("demo") / "log.txt"
    server, url = serve(DEMO, log)
    yield url
    server.terminate()
    server.wait(timeout=20)
    assert "Traceback" not in log.read_text(errors="replace"), log.read_text(errors="replace")


@pytest.fixture(params=[(1440, 900, "light"), (390, 844, "dark")], ids=["desktop", "phone"])
def stranger(request: pytest.FixtureRequest, browser: Browser, demo_address: str) -> Iterator[Visit]:
    width, height, scheme = request.param
    with visiting(browser, demo_address, width, height, {"locale": "zh-CN", "color_scheme": scheme}) as visitor:
        yield visitor


@pytest.fixture
def sized(browser: Browser, demo_address: str) -> Iterator[Callable[..., Visit]]:
    """Makes visitors with a screen of a width (and height), in English; they leave whatever the test finds."""
    with ExitStack() as visitors:

        def visitor(width: int, height: int = 844) -> Visit:
            return visitors.enter_context(visiting(browser, demo_address, width, height, {"locale": "en-US"}))

        yield visitor


@pytest.fixture(scope="module")
def demo_retriever() -> Retriever:
    return Retriever.open(DEMO)


def test_the_documented_program_runs_as_it_stands(demo_address: str, demo_retriever: Retriever) -> None:
    told = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(import os\n.*?)```", told, flags=re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PERSRV": demo_address, "PYTHONIOENCODING": "utf-8"},
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    hits = demo_retriever.search("good night", "linxia", top=5).hits
    told = done.stdout.splitlines()
    assert [line.split()[:2] for line in told[:5]] == [[str(hit.rank), hit.sticker] for hit in hits]
    assert [line for line in told[5:11] if " share " in line] == told[5:11]
    assert f"{hits[0].final:.4f} = (" in told[11]


@pytest.mark.parametrize("width", [1024, 1121, 1290, 1341, 1366, 1440, 1501])
def test_on_any_laptop_the_words_about_a_person_have_room_and_nothing_lies_on_the_headline(
    sized: Callable[..., Visit], width: int
) -> None:
    page = sized(width, 700).open(q="lol", user="linxia", lang="en")
    page.get_by_role("button", name="Unfold title, portraits and favourites").click()
    words = page.locator(".ps-portrait-words")
    expect(words).to_be_visible()
    assert words.evaluate("words => words.getBoundingClientRect().width") >= 180
    headline = page.locator(".ps-tagline").evaluate(
        """line => {
          const words = document.createRange();
          words.selectNodeContents(line);
          return words.getBoundingClientRect().right;
        }"""
    )
    fan = page.locator(".ps-fan").evaluate("fan => fan.offsetWidth && fan.getBoundingClientRect().left")
    assert fan == 0 or headline <= fan


def cards(page: Page, side: str) -> list[str]:
    """The sticker ids of a column, best first; a phone has both columns, and shows one."""
    found = page.locator(f".is-{side} .ps-card").evaluate_all("cards => cards.map(card => card.dataset.sticker)")
    return list(found)


def shows(page: Page, side: str, ids: list[str]) -> None:
    """Waits until a column holds these stickers in this order."""
    page.wait_for_function(
        "([side, ids]) => [...document.querySelectorAll(`.is-${side} .ps-card`)]"
        ".map(card => card.dataset.sticker).join() === ids",
        arg=[side, ",".join(ids)],
    )


def test_search_switch_person_toggle_and_open_a_sticker(stranger: Visit, demo_retriever: Retriever) -> None:
    page = stranger.search(q=QUERY, user="linxia")
    shown = page.locator(".is-right .ps-card")
    expect(shown.first).to_be_visible()
    before = cards(page, "right")
    picture = shown.first.locator("img")
    assert picture.evaluate("async image => { await image.decode(); return image.naturalWidth; }") == 240
    found = demo_retriever.compare(QUERY, "zhouhang", top=TOP)
    ids = {name: [hit.sticker for hit in result.hits] for name, result in found.items()}
    page.get_by_role("radio", name="周航").check()
    shows(page, "right", ids["both"])
    shows(page, "left", ids["utility"])
    assert cards(page, "right") != before
    switch = page.locator("[data-part=utility]")
    expect(switch).to_have_attribute("aria-checked", "true")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    shows(page, "left", ids["none"])
    shows(page, "right", ids["personalization"])
    assert ids["none"] != ids["utility"], "utility changes nothing here, so that the switch was not seen at work"
    page.locator(".is-right .ps-face").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


#: Adds up how far what was already drawn moves, as a browser measures it (cumulative layout shift), and what moved.
WATCHED = """
window.moved = {total: 0, what: []};
window.addMoves = (entries) => {
  for (const entry of entries) {
    window.moved.total += entry.value;
    window.moved.what.push(...entry.sources.map(({node}) => node?.className || String(node?.nodeName)));
  }
};
window.watcher = new PerformanceObserver((list) => window.addMoves(list.getEntries()));
window.watcher.observe({type: "layout-shift", buffered: true});
"""

#: The pictures in sight; those out of sight are not loaded.
IN_SIGHT = """
[...document.images].filter((image) => {
  const {left, right, top, bottom} = image.getBoundingClientRect();
  return right > Math.max(left, 0) && bottom > Math.max(top, 0) && left < innerWidth && top < innerHeight;
})
"""


def moved_until_settled(page: Page) -> dict[str, object]:
    """Elements that have moved when results, examples and pictures are drawn, with the shifts that the browser has yet
    to report.
    """
    page.wait_for_selector(".ps-results[data-query]")
    expect(page.locator("[data-part=chips] .ps-chip").first).to_be_attached()
    page.wait_for_function(f"{IN_SIGHT}.every(image => image.complete && image.naturalWidth)")
    return dict(
        page.evaluate(
            f"""async () => {{
              await Promise.all({IN_SIGHT}.map(image => image.decode()));
              for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
              addMoves(watcher.takeRecords());
              return moved;
            }}"""
        )
    )


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"q": "good night", "user": "linxia"},
        {"q": "good night", "user": "none"},
        {"q": "good night", "user": "linxia", "columns": "4"},
        {"q": "good night", "user": "linxia", "with": "zhouhang"},
        {"q": "good night", "user": "linxia", "tune": "alpha-1"},
    ],
    ids=["first visit", "somebody", "nobody", "four", "two people", "tuned"],
)
def test_nothing_moves_from_the_first_paint_to_the_first_results(stranger: Visit, state: dict[str, str]) -> None:
    stranger.page.add_init_script(WATCHED)
    for language in ("en", "zh"):
        page = stranger.open(**state, lang=language)
        moved = moved_until_settled(page)
        assert moved["total"] < 0.001, moved


@pytest.mark.parametrize("width", [768, 1024])
@pytest.mark.parametrize("other", [{}, {"with": "zhouhang"}], ids=["somebody", "two people"])
def test_on_a_tablet_all_that_is_told_above_the_results_shows_and_moves_nothing(
    sized: Callable[..., Visit], width: int, other: dict[str, str]
) -> None:
    visitor = sized(width)
    visitor.page.add_init_script(WATCHED)
    for language in ("en", "zh"):
        page = visitor.open(q="good night", user="linxia", lang=language, **other)
        moved = moved_until_settled(page)
        assert moved["total"] < 0.001, moved
        lines = page.locator(".ps-lines, .ps-lines > :visible").all()
        assert len(lines) > 2
        for line in lines:
            assert line.evaluate("line => line.scrollWidth <= line.clientWidth"), line.inner_text()


def test_on_a_phone_nothing_moves_when_another_person_is_chosen(
    sized: Callable[..., Visit], demo_retriever: Retriever
) -> None:
    page = sized(390).search(q="lol", user="linxia", lang="en")
    page.get_by_role("button", name="Unfold title, portraits and favourites").click()
    top = "document.querySelector('.ps-results').getBoundingClientRect().top"
    words = page.locator(".ps-portrait-line:visible")
    seen = set()
    ids = {person.name_en: person.id for person in demo_retriever.people}
    for name in ("Lin Xia", "Zhou Hang", "Tang Tang", "Wei Guodong", "A Mu", "Mei Lin", "Nobody"):
        page.get_by_role("radio", name=name).check()
        found = demo_retriever.compare("lol", ids.get(name), top=TOP)["both"]
        shows(page, "right", [hit.sticker for hit in found.hits])
        seen.add((words.evaluate("words => words.textContent.length"), page.evaluate(top)))
    assert len({length for length, _ in seen}) > 3
    assert len({place for _, place in seen}) == 1


#: Of every name under a card: whether its words are whole, lie within the card, and not under the mark of a click.
NAMES = """
() => [...document.querySelectorAll('.ps-duo small')].filter(name => name.checkVisibility()).map(name => {
  const card = name.closest('.ps-card');
  const edge = card.getBoundingClientRect();
  const mark = card.querySelector('.ps-sent').getBoundingClientRect();
  const text = name.firstChild;
  const words = [...text.data.matchAll(/\\S+/g)].map(({0: word, index}) => {
    const range = document.createRange();
    range.setStart(text, index);
    range.setEnd(text, index + word.length);
    return [...range.getClientRects()];
  });
  const inside = (box) => box.left >= edge.left && box.right <= edge.right && box.bottom <= edge.bottom;
  const apart = (box) => !mark.width || box.top >= mark.bottom || box.right <= mark.left || box.left >= mark.right;
  const shown = words.flat().every(box => inside(box) && apart(box));
  return [text.data, words.every(boxes => boxes.length === 1), shown, name.scrollWidth <= name.clientWidth];
})
"""


@pytest.mark.parametrize("width", [320, 390, 1024, 1440])
def test_the_names_of_two_people_are_whole_under_every_card(sized: Callable[..., Visit], width: int) -> None:
    page = sized(width).open(**{"q": "good night", "user": "laowei", "with": "linxia", "lang": "en"})
    expect(page.locator(".is-right .ps-duo").first).to_be_visible()
    found = page.evaluate(NAMES)
    assert {name for name, *_ in found} == {"Wei Guodong", "Lin Xia"}
    assert [each for each in found if each[1:] != [True, True, True]] == []


def test_on_a_phone_no_badge_lies_on_a_rank(sized: Callable[..., Visit]) -> None:
    visitor = sized(390)
    for state, card in (({"columns": "4"}, ".ps-four .ps-card"), ({"with": "grace"}, ".is-right .ps-card")):
        page = visitor.open(q="good night", user="linxia", lang="en", **state)
        expect(page.locator(card).first).to_be_visible()
        gaps = page.locator(card).evaluate_all(
            """cards => cards.map(card => {
              const [rank, badge] = ['.ps-rank', '.ps-move']
                .map(each => card.querySelector(each).getBoundingClientRect());
              return badge.left - rank.right;
            })"""
        )
        assert min(gaps) >= 0, state


def test_every_sticker_is_on_the_map(stranger: Visit) -> None:
    page = stranger.open(q="good night", user="meilin", view="map")
    plot = page.locator(".ps-map-plot .js-plotly-plot")
    expect(plot).to_be_attached()
    assert plot.evaluate("plot => plot.data[0].customdata.length") == len(Bundle.open(DEMO).ids)


#: The rows of cards whose pictures and bars are wholly in sight: their places from the top.
ROWS_IN_SIGHT = """
() => [...new Set([...document.querySelectorAll('.ps-card')].filter(card => card.checkVisibility())
  .map(card => card.querySelector('.ps-score').getBoundingClientRect())
  .filter(box => box.bottom <= innerHeight).map(box => box.top))]
"""


@pytest.mark.parametrize("user", ["", "linxia"], ids=["nobody", "somebody"])
@pytest.mark.parametrize(("width", "height", "rows"), [(1280, 720, 2), (1440, 900, 2), (1024, 768, 2), (390, 844, 2)])
def test_results_are_in_sight_without_scrolling(
    sized: Callable[..., Visit], width: int, height: int, rows: int, user: str
) -> None:
    for language in ("en", "zh"):
        page = sized(width, height).search(q="good night", user=user, lang=language)
        assert page.evaluate("scrollY") == 0
        assert len(page.evaluate(ROWS_IN_SIGHT)) >= rows


def test_the_chosen_face_is_in_sight_where_the_row_is_wider_than_its_place(sized: Callable[..., Visit]) -> None:
    page = sized(1024, 768).search(q="good night", user="", lang="en")
    expect(page.locator(".ps-person:has(input:checked)")).to_be_in_viewport(ratio=1)


def test_what_is_folded_unfolds_and_stays_as_it_was_left(sized: Callable[..., Visit]) -> None:
    visitor = sized(1280, 720)
    page = visitor.search(q="good night", user="linxia", lang="en")
    tagline, portrait = page.locator(".ps-tagline"), page.locator(".ps-portrait")
    assert tagline.bounding_box()["width"] <= 1
    expect(portrait).to_be_hidden()
    page.get_by_role("button", name="Unfold title, portraits and favourites").press("Enter")
    expect(portrait).to_be_visible()
    assert tagline.bounding_box()["width"] > 100
    page = visitor.search(q="lol", user="linxia", lang="en")
    expect(page.locator(".ps-portrait")).to_be_visible()
    page.get_by_role("button", name="Fold title and portraits").press("Enter")
    expect(page.locator(".ps-portrait")).to_be_hidden()


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844)])
def test_why_opens_in_sight(sized: Callable[..., Visit], width: int, height: int) -> None:
    page = sized(width, height).search(q="good night", user="linxia", lang="en")
    page.emulate_media(reduced_motion="reduce")
    page.locator(".ps-card:visible .ps-score").nth(7).click()
    box = "each => { const {top, bottom} = each.getBoundingClientRect(); return [top, bottom]; }"
    top, bottom = page.locator(".ps-unfolded").evaluate(box)
    card, _ = page.locator(".ps-card.is-open").evaluate(box)
    assert bottom <= height or card <= 80, "whole, or as much as the screen holds below its card"
    assert 0 <= card < top < height - 100


def test_why_says_what_a_preference_is(sized: Callable[..., Visit]) -> None:
    page = sized(1280, 720).search(q="good night", user="amu", lang="en")
    page.locator(".is-right .ps-card .ps-score").first.click()
    why = page.locator(".ps-unfolded")
    expect(why).to_contain_text("three standard deviations")
    expect(why.locator(".ps-pulled figure").first).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_first_touch_of_a_knob_moves_nothing(sized: Callable[..., Visit], width: int) -> None:
    page = sized(width, 844).search(q="good night", user="linxia", lang="en")
    page.get_by_role("button", name="Tune", exact=True).click()
    expect(page.locator(".ps-tune-foot .ps-note")).not_to_be_empty()
    places = "() => [...document.querySelectorAll('.ps-knob input')].map(knob => knob.getBoundingClientRect().top)"
    before = page.evaluate(places)
    page.locator(".ps-knob input").first.press("ArrowRight")
    expect(page.get_by_role("button", name="Tune · 1 changed")).to_be_visible()
    assert page.evaluate(places) == before


def kept_back(retriever: Retriever) -> tuple[str, str, int]:
    """A query and a person, and how many stickers taste alone would put higher than the floor lets them."""
    for query, _ in retriever.training_queries():
        for person in retriever.people:
            result = retriever.search(query, person.id, top=TOP)
            tastes = [(hit, hit.preference) for hit in result.hits if hit.preference is not None]
            free = sorted(tastes, key=lambda each: -each[0].recall * (1 + result.settings.alpha * each[1].value))
            kept = [hit for at, (hit, taste) in enumerate(free, 1) if taste.kept_back and at < hit.rank]
            if kept:
                return query, person.id, len(kept)
    raise AssertionError("nothing of the embedded bundle is kept back")


@pytest.mark.parametrize("width", [1280, 390])
def test_what_taste_did_not_lift_is_told_under_the_results(
    sized: Callable[..., Visit], demo_retriever: Retriever, width: int
) -> None:
    query, person, number = kept_back(demo_retriever)
    page = sized(width, 844).search(q=query, user=person, lang="en")
    fold = page.locator(".ps-kept")
    fold.get_by_text(f"Kept back from a better place: {number}").click()
    expect(fold.locator("li")).to_have_count(number)
    expect(fold.locator("li").first).to_contain_text("by taste")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "and nothing is wider than the screen"


def test_evidence_begins_with_what_taste_gains_and_uses_a_wide_screen(sized: Callable[..., Visit]) -> None:
    tables = {
        table["name"]: {row["name"]: row["figures"] for row in table["rows"]}
        for table in Bundle.open(DEMO).evaluation["sections"]["comparison"]["tables"]
    }
    gain = tables["new tests R@10"]["w/o personalization"]["gain"]
    page = sized(1440, 900).open(view="about")
    said = page.locator("[data-part=headline]")
    ours, without = (100 * tables["new"][name]["R@10"]["value"] for name in ("PerSRV", "w/o personalization"))
    for text in (
        f"{ours:.1f} are among the first ten",
        f"{without:.1f} when they do not",
        "People and clicks are simulated",
    ):
        expect(said).to_contain_text(text)
    expect(said).to_contain_text(f"95% interval +{100 * gain['low']:.1f} to +{100 * gain['high']:.1f}")
    said.get_by_role("button", name="95% interval").click()
    expect(page.get_by_text("chance hardly explains it")).to_be_visible()
    expect(page.get_by_role("link", name="arXiv 2410.21801")).to_have_attribute(
        "href", re.compile("^https://arxiv.org/")
    )
    right = page.locator(".ps-about .ps-block").evaluate_all(
        "blocks => Math.max(...blocks.map(b => b.getBoundingClientRect().right))"
    )
    assert right > 1300, "the right half of a wide screen is used"
    tops = page.locator(".ps-about > .ps-block").evaluate_all(
        "blocks => blocks.slice(0, 2).map(b => b.getBoundingClientRect().top)"
    )
    assert tops[0] == tops[1], "short blocks stand side by side"
    assert page.locator(".ps-gates").is_hidden()


def test_evidence_says_why_leaving_queries_out_looks_better(sized: Callable[..., Visit]) -> None:
    page = sized(1280, 720).open(view="about", section="comparison")
    tables = page.get_by_label("Table", exact=True)
    tables.select_option("paper")
    why = page.locator(".ps-why-better")
    expect(why).to_contain_text("“w/o queries” does better than PerSRV here")
    expect(why).to_contain_text("counts each of those as a miss")
    tables.select_option("new")
    expect(why).to_have_count(0)


def test_chinese_captions_have_a_gloss_on_the_english_page_alone(sized: Callable[..., Visit]) -> None:
    visit = sized(1280, 720)
    page = visit.open(view="captions", lang="en", q=QUERY)
    gloss = page.locator("[data-part=museum] .ps-label-description .ps-gloss")
    expect(gloss).to_contain_text(re.compile("^Word by word: .*[a-z]{3}"))
    assert "No translation" in (gloss.get_attribute("title") or "")
    page.get_by_role("button", name="切换到中文").click()
    expect(page.locator(".ps-label-description")).to_be_visible()
    expect(page.locator(".ps-gloss")).to_have_count(0)
