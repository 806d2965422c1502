"""Accessibility of every tab by the rules of axe-core: contrast, names, structure; light and dark, both languages, in
Chromium.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import visiting
from playwright.sync_api import Browser, Page, expect

if TYPE_CHECKING:
    from conftest import Visit

pytestmark = pytest.mark.browser

#: Tab -> what it shows once it is there.
TABS = {
    "search": ".is-right .ps-card",
    "chat": ".ps-chat-offer",
    "map": ".ps-map-plot .js-plotly-plot",
    "captions": ".ps-captioning",
    "blind": ".ps-blind-face",
    "cases": ".ps-cases",
    "judge": ".ps-judge-tile",
    "about": ".ps-about h2",
}


def violations(page: Page) -> list[str]:
    """Violations of rules: the rule, and the element that breaks it."""
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]


@pytest.mark.slow(seconds=15)
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_tab_breaks_a_rule(browser: Browser, address: str, theme: str, language: str) -> None:
    with visiting(browser, address) as visit:
        for view, shown in TABS.items():
            page = visit.open(q="laugh", user="cleo", view=view, lang=language, __theme=theme)
            expect(page.locator(shown).first).to_be_visible()
            assert violations(page) == [], view


def test_what_opens_breaks_no_rule(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo")
    page.locator(".is-right .ps-score").first.click()
    page.locator("[data-part=tune-door]").click()
    page.locator("[data-part=fold]").click()
    page.locator("[data-part=you-door]").click()
    expect(page.locator(".ps-you-tile").first).to_be_visible()
    assert violations(page) == []
    page.locator(".is-right .ps-face").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []
    parts = ".is-right .ps-score i, .ps-why-part .ps-line, .ps-legend li"
    kept = "bars => bars.map(bar => getComputedStyle(bar, bar.matches('li') ? '::before' : null).backgroundColor)"
    painted = page.locator(parts).evaluate_all(kept)
    page.emulate_media(forced_colors="active")
    assert page.locator(parts).evaluate_all(kept) == painted, "what colours tell, they tell in forced colours, too"
    overlong = "parts => parts.filter(part => part.scrollWidth > part.clientWidth).map(part => part.innerText)"
    assert page.locator(".ps-why-part").evaluate_all(overlong) == []


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_stage_breaks_no_rule(visit: Visit, theme: str) -> None:
    page = visit.search(q="laugh", user="cleo", present="1", __theme=theme)
    expect(page.locator(".ps-stage-card").first).to_be_visible()
    assert violations(page) == []
    for step in "123":
        page = visit.open(story=step, __theme=theme)
        expect(page.locator(".ps-story-content")).to_be_visible()
        assert violations(page) == [], step


def test_sharing_breaks_no_rule(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo", note="look here")
    expect(page.locator(".ps-brought")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Share").click()
    expect(page.locator(".ps-share")).to_be_visible()
    assert violations(page) == []


def test_the_rules_see_what_is_wrong(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo")
    page.evaluate("document.querySelector('.ps-timing').style.setProperty('color', '#eeeeee', 'important')")
    assert [each.split(":")[0] for each in violations(page)] == ["color-contrast"]
