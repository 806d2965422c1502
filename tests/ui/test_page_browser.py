"""The page in a real Chromium over the toy world, whose every ranking is known."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import copied_by
from playwright.sync_api import Page, Route, expect

from persrv.retriever import Retriever
from persrv.ui.strings import LABELS

if TYPE_CHECKING:
    from conftest import Visit

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]


def cards(page: Page, side: str) -> list[str]:
    """The sticker ids of a column, best first."""
    found = page.locator(f".ps-column.is-{side} .ps-card").evaluate_all("cards => cards.map(c => c.dataset.sticker)")
    return list(found)


def ranking(retriever: Retriever, query: str, user: str | None, name: str) -> list[str]:
    return [hit.sticker for hit in retriever.compare(query, user)[name].hits]


def moves(page: Page, side: str) -> dict[str, list[str]]:
    """Sticker -> what its badge looks like."""
    return {
        card.get_attribute("data-sticker") or "": card.locator(".ps-move > [aria-hidden]").all_inner_texts()
        for card in page.locator(f".ps-column.is-{side} .ps-card").all()
    }


def state_of(page: Page) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(page.url).query, keep_blank_values=True).items()}


def test_search_as_one_types_shows_both_rankings(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.open(user="cleo")
    page.get_by_role("searchbox").fill("laugh")
    visit.answered("laugh")
    assert cards(page, "left") == ranking(toy_retriever, "laugh", "cleo", "utility")
    assert cards(page, "right") == ranking(toy_retriever, "laugh", "cleo", "both")
    assert state_of(page)["q"] == "laugh"
    expect(page.locator(".ps-timing")).to_contain_text(re.compile(r"^Searched in [\d.]+ ms$"))


def test_enter_searches(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="ann")
    page.get_by_role("searchbox").fill("night")
    page.keyboard.press("Enter")
    visit.answered("night")
    assert set(cards(page, "left")) == set(ranking(toy_retriever, "night", "ann", "utility"))


def test_first_visit_shows_an_example_that_has_results(visit: Visit) -> None:
    page = visit.open()
    expect(page.locator(".is-right .ps-card").first).to_be_visible()
    expect(page.locator(".ps-chip[aria-pressed=true]")).to_have_count(1)
    for chip in page.locator(".ps-hero .ps-chip").all():
        chip.click()
        visit.answered(chip.inner_text())
        expect(page.locator("[data-part=notice]")).to_be_hidden()


def test_a_late_answer_to_an_old_question_is_dropped(visit: Visit) -> None:
    page = visit.search(q="thanks", user="ann")
    held: list[Route] = []

    def hold(route: Route) -> None:
        if '"laugh"' in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    page.route("**/component_server/**", hold)
    box = page.get_by_role("searchbox")
    with page.expect_request(lambda request: '"laugh"' in (request.post_data or "")):
        box.fill("laugh")
    box.fill("night")
    visit.answered("night")
    shown = cards(page, "left")
    with page.expect_response(lambda response: '"laugh"' in (response.request.post_data or "")):
        held[0].continue_()
    page.wait_for_timeout(200)
    assert cards(page, "left") == shown
    assert page.locator(".ps-results").get_attribute("data-query") == "night"


def test_another_person_gets_another_order_and_badges_say_how(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="night", user="ann")
    page.get_by_role("radio", name="Cleo").check()
    expect(page.locator(".is-right h2")).to_have_text("For Cleo")
    left = ranking(toy_retriever, "night", "cleo", "utility")
    right = ranking(toy_retriever, "night", "cleo", "both")
    page.wait_for_function(
        "ids => [...document.querySelectorAll('.is-right .ps-card')].map(c => c.dataset.sticker).join() === ids",
        arg=",".join(right),
    )
    assert left != right, "the toy world no longer shows a difference here"
    for sticker, badge in moves(page, "right").items():
        steps = left.index(sticker) - right.index(sticker)
        sign = "▲" if steps > 0 else "▼" if steps < 0 else "="
        assert badge == [sign, str(abs(steps)) if steps else ""]
    assert state_of(page)["user"] == "cleo"


def test_utility_switch_re_sorts_both_columns_without_asking(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="night", user="cleo")
    expect(page.locator(".ps-hero .ps-chip").first).to_be_visible()
    asked = len(visit.calls)
    before = cards(page, "left")
    switch = page.get_by_role("switch")
    expect(switch).to_have_attribute("aria-checked", "true")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    assert cards(page, "left") == ranking(toy_retriever, "night", "cleo", "none") != before
    assert cards(page, "right") == ranking(toy_retriever, "night", "cleo", "personalization")
    assert len(visit.calls) == asked
    assert state_of(page)["utility"] == "0"


def test_nobody_and_strangers_are_told_that_nothing_is_personal(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="none")
    expect(page.locator(".is-left h2")).to_have_text("Not personalized")
    expect(page.locator(".ps-column.is-right")).to_be_hidden()
    assert cards(page, "left") == ranking(toy_retriever, "laugh", None, "utility")
    page = visit.search(q="laugh", user="stranger")
    expect(page.locator(".is-left .ps-column-head")).to_contain_text("nobody called “stranger”")


def test_no_match_is_said_and_the_stand_in_is_named(visit: Visit) -> None:
    page = visit.search(q="xyzzy", user="ann")
    expect(page.locator("[data-part=notice]")).to_contain_text("No sticker shares a word with “xyzzy”")
    expect(page.locator("[data-part=notice]")).to_contain_text("most used stickers")
    expect(page.locator(".is-left h2")).to_have_text("Stand-in results")
    expect(page.locator(".is-left .ps-card").first).to_be_visible()


def test_blank_and_endless_queries_get_a_sentence(visit: Visit) -> None:
    page = visit.search(q="", user="ann")
    expect(page.locator("[data-part=notice]")).to_contain_text("Type what you want to say")
    expect(page.locator(".is-left .ps-column-head")).to_be_empty()
    page = visit.open(q="哈" * 600, user="ann")
    expect(page.locator("[data-part=notice]")).to_contain_text("600 characters, and 500 at most")
    expect(page.locator(".is-left .ps-column-head")).to_be_empty()
    expect(page.locator(".ps-card")).to_have_count(0)
    page.get_by_role("button", name="切换到中文").click()
    expect(page.locator("[data-part=notice]")).to_contain_text("600 个字符，最多 500 个")


def test_a_query_that_is_too_long_cannot_be_typed(visit: Visit) -> None:
    page = visit.open(q="", user="ann")
    page.get_by_role("searchbox").focus()
    page.keyboard.insert_text("哈" * 600)
    visit.answered("哈" * 500)
    expect(page.get_by_role("searchbox")).to_have_value("哈" * 500)


def test_nothing_is_said_of_a_person_before_the_first_answer(visit: Visit) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        if '"laugh"' in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    visit.page.route("**/component_server/**", hold)
    with visit.page.expect_request(lambda request: '"laugh"' in (request.post_data or "")):
        page = visit.open(q="laugh", user="ann")
    head = page.locator(".is-left .ps-column-head")
    expect(page.locator(".ps-results")).to_have_attribute("aria-busy", "true")
    expect(head).to_be_empty()
    held[0].continue_()
    visit.answered("laugh")
    expect(head).to_have_text("Without personalizationThe same for everyone")


def test_labels_say_what_a_sticker_shows_and_what_was_drawn_on_it(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="cleo")
    titles = ["Character", "Style", "Situation"]
    for sticker, caption in (("s01", ["haha"]), ("s02", [])):
        face = page.locator(f".is-right [data-sticker={sticker}] .ps-face")
        style = toy_retriever.sticker(sticker).labels["style"]
        known = LABELS.get(style, (style, style))[1]
        assert face.get_attribute("title") == f"laugh (panda, {known}, laughing)"
        face.click()
        labels = page.get_by_role("dialog").locator(".ps-labels")
        expect(labels.locator("dt")).to_have_text([*titles, *(["Words drawn"] if caption else [])])
        expect(labels.locator("dd")).to_have_text(["panda", known, "laughing", *caption])
        page.keyboard.press("Escape")


def test_what_people_type_is_never_markup(visit: Visit) -> None:
    text = '<img src="nothing" onerror="document.title=1"><b>bold</b>'
    page = visit.search(q=text, user="ann")
    expect(page.locator(".ps-notice strong")).to_contain_text(text)
    assert page.locator("img[src=nothing]").count() == 0
    assert page.title() != "1"


def test_a_sticker_opens_walks_and_closes(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="cleo")
    first = page.locator(".is-right .ps-face").first
    first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("1 / 4")
    expect(dialog).to_contain_text("Not yet computed in this bundle")
    best = toy_retriever.sticker(cards(page, "right")[0])
    for query in best.queries:
        expect(dialog.get_by_role("button", name=query, exact=True)).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(dialog).to_contain_text("2 / 4")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(dialog).to_contain_text("4 / 4")
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(first).to_be_focused()


def test_the_score_opens_to_a_formula_that_holds(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="cleo")
    bar = page.locator(".is-right .ps-score").first
    bar.click()
    expect(bar).to_have_attribute("aria-expanded", "true")
    hit = toy_retriever.search("laugh", "cleo").hits[0]
    assert hit.preference is not None
    panel = page.locator(".ps-unfolded")
    shown = panel.locator(".ps-number b").all_inner_texts()
    settings = toy_retriever.bundle.settings
    parts = [hit.final, hit.relevance, settings.lambda_, hit.utility.value, settings.alpha, hit.preference.value]
    assert shown == [f"{part:.2f}" for part in parts]
    expect(panel.locator(".ps-token").first).to_contain_text("laugh")
    assert panel.locator(".ps-counts dd").first.inner_text().startswith(str(hit.utility.counts[0]))
    bar.click()
    expect(panel).to_have_count(0)


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "en",
            [
                "Score: what",
                "Words: how much",
                "λ (lambda): how",
                "Utility: how",
                "α (alpha): how",
                "Preference: how",
            ],
        ),
        ("zh", ["得分：", "文字相关：", "λ：", "效用：", "α：", "口味："]),
    ],
)
def test_every_word_and_sign_of_a_score_says_what_it_means(visit: Visit, language: str, sentences: list[str]) -> None:
    """By mouse or finger, by keyboard, and to a screen reader; in a sticker's own score and where the rule is told."""
    page = visit.search(q="laugh", user="cleo", lang=language)
    page.locator(".is-right .ps-score").first.click()
    for place in (page.locator(".ps-unfolded"), page.locator(".ps-about")):
        terms, told = place.locator(".ps-tells"), place.locator(".ps-term-told")
        expect(told).to_be_empty()
        expect(terms).to_have_count(len(sentences))
        for term, sentence in zip(terms.all(), sentences, strict=True):
            term.click()
            expect(told).to_contain_text(sentence)
            expect(term).to_have_accessible_description(re.compile(f"^{re.escape(sentence)}"))
            expect(place.locator(".ps-tells[aria-expanded=true]")).to_have_count(1)
        terms.last.press("Enter")
        expect(told).to_be_empty()
        terms.first.press("Space")
        expect(told).to_contain_text(sentences[0])
        page.locator(".ps-nav [data-view=about]").click()


@pytest.mark.parametrize(("language", "r"), [("en", "R how many are re-ranked by taste"), ("zh", "R 取前多少张重排")])
def test_the_settings_say_what_they_set(visit: Visit, toy_retriever: Retriever, language: str, r: str) -> None:
    page = visit.open(view="about", lang=language)
    setting = page.locator(".ps-settings > div")
    settings = toy_retriever.bundle.settings
    expect(setting.filter(has_text=r).locator("dd")).to_have_text(str(settings.recall_size))
    assert all(len(name) > 1 for name in setting.locator("dt").all_inner_texts())


def test_a_sticker_under_the_pointer_shows_in_the_other_column(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo")
    page.locator(".is-left .ps-card").first.hover()
    sticker = cards(page, "left")[0]
    linked = page.locator(".is-right .ps-card.is-linked")
    expect(linked).to_have_count(1)
    assert linked.get_attribute("data-sticker") == sticker


def test_keyboard_alone_reaches_and_opens_a_sticker(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo")
    page.locator(".is-left .ps-face").first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "ps-score"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_the_state_lives_in_the_address_and_survives_a_reload(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="thanks", user="bob")
    page.get_by_role("switch").click()
    page.get_by_role("radio", name="Cleo").check()
    page.get_by_role("button", name="切换到中文").click()
    page.get_by_role("searchbox").fill("laugh")
    visit.answered("laugh")
    assert state_of(page) == {"q": "laugh", "user": "cleo", "utility": "0", "view": "search", "lang": "zh"}
    page.reload()
    visit.answered("laugh")
    expect(page.get_by_role("searchbox")).to_have_value("laugh")
    expect(page.get_by_role("switch")).to_have_attribute("aria-checked", "false")
    expect(page.get_by_role("radio", name="可可")).to_be_checked()
    expect(page.locator(".is-left h2")).to_have_text("不做个性化")
    assert cards(page, "right") == ranking(toy_retriever, "laugh", "cleo", "personalization")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"


def test_the_evidence_names_every_gate_and_the_world(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.open(view="about")
    about = page.locator(".ps-about")
    for name in toy_retriever.bundle.gates:
        expect(about).to_contain_text(name)
    expect(about.get_by_role("row", name="toy 1 ≥ 0.500")).to_be_hidden()
    about.get_by_text("2 of 2 reached").click()
    expect(about.get_by_role("row", name="toy 1 ≥ 0.500")).to_be_visible()
    expect(about.get_by_role("row", name="toy difference 0.125 ≤ 0.250")).to_be_visible()
    expect(about).to_contain_text("A simulated world")
    page.locator("[data-part=skip]").press("Enter")
    expect(about).to_be_focused()
    about.get_by_role("button", name="Gates", exact=True).click()
    expect(about.get_by_role("heading", name="Gates", exact=True)).to_be_focused()
    expect(about.get_by_role("heading", name="Gates", exact=True)).to_be_in_viewport()
    expect(about.locator("[data-part=engine]")).to_have_text("Recall: the index in this process answers.")
    page.get_by_role("button", name="Search", exact=True).first.click()
    expect(about).to_be_hidden()


def test_the_evidence_shows_captions_good_and_bad(visit: Visit) -> None:
    page = visit.open(view="about")
    about = page.locator(".ps-about")
    expect(about.get_by_role("row", name="Fine-tuned, picture and OCR shipped 0.500 0.750 0.375 2 3")).to_be_visible()
    expect(about).to_contain_text("BLEU is won by the output format")
    expect(about).to_contain_text("reaches a recall of 0.625")
    expect(about).to_contain_text("cannot spell: 7 of 1,234, on 3 stickers")
    expect(about).to_contain_text("How the examples were picked: the first & the last by recall")
    good, bad = (about.locator(f".ps-examples[data-kind={kind}]") for kind in ("good", "bad"))
    assert good.locator(".ps-word").all_text_contents() == [
        "cat",
        "<b>",
        "笑死 (typed by people)",
        "ＬＡＵＧＨ (typed by people)",
        "night",
    ]
    expect(good.locator(".ps-word.is-right")).to_have_count(2)
    expect(bad.locator(".ps-word.is-right")).to_have_count(0)
    expect(about).to_contain_text("✕ style (not told rightly)✓ character (told rightly)✓ feeling (told rightly)")
    picture = bad.get_by_role("button")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.ps-examples[data-kind=bad] img').naturalWidth > 0")
    picture.click()
    expect(page.locator("dialog")).to_contain_text("night")


def test_the_link_to_share_holds_the_state(visit: Visit) -> None:
    page = visit.search(q="laugh", user="bob")
    link = copied_by(page, page.get_by_role("button", name="Copy link"))
    assert link.startswith(visit.address)
    assert parse_qs(urlsplit(link).query)["user"] == ["bob"]


@pytest.mark.parametrize("view", ["search", "map", "about"])
def test_a_phone_never_scrolls_sideways(visit: Visit, view: str) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = visit.open(q="laugh", user="cleo", view=view)
    page.wait_for_timeout(600)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for row in page.locator(".ps-nav, .ps-gates .ps-table").all():
        assert row.evaluate("row => row.scrollWidth <= row.clientWidth"), "nor does a row of tabs or the table of gates"


def test_a_phone_shows_one_column_at_a_time(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = visit.search(q="laugh", user="cleo")
    expect(page.locator(".is-right .ps-grid")).to_be_visible()
    expect(page.locator(".is-left .ps-grid")).to_be_hidden()
    expect(page.get_by_text("Press the bar below a sticker")).to_be_visible()
    page.get_by_role("button", name="For everyone").click()
    expect(page.locator(".is-left .ps-grid")).to_be_visible()
    expect(page.locator(".is-right .ps-grid")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_the_page(visit: Visit, scheme: str) -> None:
    visit.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page = visit.search(q="laugh", user="cleo")
    assert ("dark" in (page.locator("body").get_attribute("class") or "")) == (scheme == "dark")
    for selector in (".ps-tagline", ".ps-timing", ".ps-person-name", ".ps-chip", ".ps-move", ".ps-rank"):
        assert contrast(page, selector) >= 4.5, selector


def contrast(page: Page, selector: str) -> float:
    """WCAG contrast of an element's text with the nearest painted background behind it."""
    ratio: float = page.locator(selector).first.evaluate(
        """element => {
          const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
          const light = (color) => {
            canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
            const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)
              .map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
            return .2126 * r + .7152 * g + .0722 * b;
          };
          let behind = element;
          while (getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
          const [a, b] = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor].map(light);
          return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
        }"""
    )
    return ratio


@pytest.mark.parametrize(
    ("port", "variable", "said"),
    [
        (["--port", "99999"], {}, "cannot listen on 127.0.0.1: "),
        ([], {"GRADIO_SERVER_PORT": "abc"}, "GRADIO_SERVER_PORT is no port"),
        ([], {"GRADIO_SERVER_NAME": "256.1.1.1"}, "cannot listen on 256.1.1.1: "),
    ],
)
def test_a_port_or_host_that_is_none_is_a_sentence(
    toy_bundle_path: Path, port: list[str], variable: dict[str, str], said: str
) -> None:
    done = subprocess.run(
        [sys.executable, "app.py", "--bundle", str(toy_bundle_path), *port],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, **variable},
    )
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_bundle_is_a_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "app.py", "--bundle", str(tmp_path / "nowhere")], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr


def test_lines_that_scroll_on_a_phone_fade_where_they_go_on(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = visit.search(q="night", user="ann")
    lines = page.locator(".ps-lines")
    assert lines.evaluate("line => line.scrollWidth > line.clientWidth"), "more is said than has room"
    assert "linear-gradient" in lines.evaluate("line => getComputedStyle(line).maskImage")
    assert lines.evaluate("line => { line.scrollLeft = 9999; return line.scrollLeft > 0; }")
    last = lines.evaluate(
        "line => Math.max(...[...line.children].filter(c => !c.hidden).map(c => c.getBoundingClientRect().right))"
    )
    assert last <= 390 - 44 + 1, "scrolled to its end, nothing lies under the fade"
