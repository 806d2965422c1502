"""The domain of a conversation in a real Chromium: a choice where the catalogue knows domains, and what it changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from conftest import Visit, serve, visiting
from domain_world import SENDS, SETTINGS
from playwright.sync_api import Browser, Page, expect
from toy import OCR_ONLY, write_toy

from persrv.bundle import amend_sends

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page over a toy world whose Ann sends style 0 at work and style 3 to friends."""
    folder = tmp_path_factory.mktemp("placed")
    write_toy(folder, settings=replace(OCR_ONLY, use_utility=False))
    log = folder / "log.txt"
    server, url = serve(amend_sends(folder / "toy", SENDS, SETTINGS, {}).path, log)
    yield url
    server.terminate()
    server.wait(timeout=20)
    assert "Traceback" not in log.read_text(errors="replace"), log.read_text(errors="replace")


def first_offered(page: Page, sticker: str) -> None:
    expect(page.locator("[data-row=mine] li").first).to_have_attribute("data-sticker", sticker)


def test_the_domain_of_a_conversation_changes_what_is_offered(browser: Browser, placed: str) -> None:
    with visiting(browser, placed) as visit:
        page = visit.open(view="chat", chat="free")
        page.get_by_role("radio", name="Write as Ann").check(force=True)
        place = page.get_by_role("combobox", name="Whom this conversation is with")
        expect(place).to_have_value("")
        expect(place.locator("option")).to_have_text(["Anywhere", "With friends", "At work"])
        page.locator("[data-part=chat-input]").fill("laugh")
        place.select_option("work")
        first_offered(page, "s01")
        page.get_by_role("combobox", name="Whom this conversation is with").select_option("friends")
        first_offered(page, "s04")
        expect(page.locator("[data-part=chat-taste]")).to_contain_text("Made of 5 stickers")


def test_a_catalogue_without_domains_offers_no_choice(visit: Visit) -> None:
    page = visit.open(view="chat")
    expect(page.locator("[data-part=chat-left] select")).to_be_visible()
    expect(page.locator("[data-part=chat-place]")).to_be_hidden()
