"""Links: what the address holds is restored, what is shared is the right page, in real Chromium."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import copied_by, leave, serve
from playwright.sync_api import Browser, Page, Route, expect

if TYPE_CHECKING:
    from conftest import Visit

pytestmark = pytest.mark.browser

SPACE = "https://someone-persrv.hf.space"

#: A state in which nothing is as an empty address has it.
TURNED = {"q": "laugh", "user": "cleo", "utility": "0", "columns": "4", "tune": "alpha-1.5_ocr-0.5", "view": "search"}


def parameters(link: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(link).query).items()}


def four_lists(page: Page) -> list[list[str]]:
    lists = page.locator(".ps-four-list:visible").all()
    return [each.locator(".ps-card").evaluate_all("cards => cards.map(c => c.dataset.sticker)") for each in lists]


def test_a_copied_link_restores_everything_and_carries_nothing_else(visit: Visit) -> None:
    page = visit.search(**TURNED, lang="en", __theme="light", __sign="secret")
    shown = four_lists(page)
    assert len(shown) == 4
    link = copied_by(page, page.get_by_role("button", name="Copy link"))
    assert parameters(link) == {**TURNED, "lang": "en"}
    assert "__sign=secret" in page.url, "what Gradio put into the address stays there"
    page.goto("about:blank")
    page.goto(link)
    visit.answered("laugh")
    assert four_lists(page) == shown
    expect(page.locator("[data-knob=alpha]")).to_have_value("1.5")
    expect(page.get_by_role("radio", name="Cleo")).to_be_checked()


@pytest.fixture
def space(tmp_path: Path, toy_bundle_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The app as a Space runs it, and its local address."""
    monkeypatch.setitem(os.environ, "SYSTEM", "spaces")
    monkeypatch.setitem(os.environ, "SPACE_ID", "someone/persrv")
    server, address = serve(toy_bundle_path, tmp_path / "log.txt")
    yield address
    server.terminate()
    server.wait(timeout=20)


def test_in_a_spaces_frame_the_link_is_that_of_the_spaces_page(browser: Browser, space: str) -> None:
    """The frame may not write the clipboard here, nor open a prompt: the link is shown, to be copied by hand."""

    def pass_on(route: Route) -> None:
        url = urlsplit(route.request.url)
        if "heartbeat" in url.path:  # never ends
            route.abort()
            return
        forwarded = {"x-forwarded-host": urlsplit(SPACE).netloc, "x-forwarded-proto": "https"}
        headers = {**route.request.headers, **forwarded}
        route.fulfill(response=route.fetch(url=f"{space}{url.path}?{url.query}", headers=headers))

    context = browser.new_context(locale="en-US")
    context.route(f"{SPACE}/**", pass_on)
    frame = f'<iframe src="{SPACE}/?q=laugh&user=cleo&utility=0&lang=en" width="1200" height="800"></iframe>'
    context.route("https://huggingface.co/**", lambda route: route.fulfill(content_type="text/html", body=frame))
    page = context.new_page()
    page.goto("https://huggingface.co/spaces/someone/persrv?q=laugh&user=cleo&utility=0&lang=en")
    inside = page.frame_locator("iframe")
    expect(inside.locator(".is-right .ps-card").first).to_be_visible()
    inside.get_by_role("button", name="Copy link").click()
    field = inside.get_by_role("textbox", name="Copy it by hand")
    expect(field).to_be_focused()
    link = field.input_value()
    leave(context)
    assert link.startswith("https://huggingface.co/spaces/someone/persrv?")
    assert parameters(link) == {"q": "laugh", "user": "cleo", "utility": "0", "view": "search", "lang": "en"}
