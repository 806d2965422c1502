"""The card in frames of other pages, in a real Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Route, expect

if TYPE_CHECKING:
    from conftest import Visit

pytestmark = pytest.mark.browser


def test_a_frame_of_this_site_shows_it_and_a_frame_of_another_does_not(visit: Visit) -> None:
    frame = (
        f'<!doctype html><title>blog</title><iframe src="{visit.address}/card?q=laugh&user=cleo" width="640"></iframe>'
    )
    elsewhere = f"http://localhost:{urlsplit(visit.address).port}"

    def blog(route: Route) -> None:
        route.fulfill(content_type="text/html", body=frame)

    visit.page.route("**/blog", blog)
    visit.page.goto(f"{visit.address}/blog")
    inside = visit.page.frame_locator("iframe")
    expect(inside.get_by_role("heading", name="For Cleo")).to_be_visible()
    assert inside.locator("img").first.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    visit.forgiven += ["frame-ancestors", "ERR_BLOCKED_BY_RESPONSE"]
    visit.page.goto(f"{elsewhere}/blog")
    visit.page.wait_for_timeout(500)
    expect(inside.get_by_role("heading", name="For Cleo")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [640, 320])
def test_it_is_accessible_and_fits(visit: Visit, theme: str, width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 480})
    visit.page.goto(f"{visit.address}/card?q=laugh&user=cleo&__theme={theme}")
    expect(visit.page.get_by_role("heading", name="For Cleo")).to_be_visible()
    assert [each["id"] for each in Axe().run(visit.page).response["violations"]] == []
    assert visit.page.evaluate("document.documentElement.scrollWidth") == width
