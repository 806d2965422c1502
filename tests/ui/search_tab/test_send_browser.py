"""Sending a sticker in a real Chromium: copied, saved, dragged out; those sent last; the keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, Route, expect

from persrv.retriever import Retriever

if TYPE_CHECKING:
    from conftest import Visit

pytestmark = pytest.mark.browser

#: What lies on the clipboard: its kinds, and how a picture on it begins.
CLIPBOARD = """
async () => {
  const [item] = await navigator.clipboard.read();
  const kind = item.types[0];
  const bytes = new Uint8Array(await (await item.getType(kind)).arrayBuffer());
  return [kind, String.fromCharCode(...bytes.slice(1, 4))];
}
"""


def ready(visit: Visit) -> Page:
    page = visit.search(q="laugh", user="cleo", lang="en")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return page


def said(page: Page, text: str) -> None:
    expect(page.locator("[data-part=announce]")).to_have_text(text)


def test_c_copies_the_picture_in_focus_and_the_dialog_does_too(visit: Visit) -> None:
    page = ready(visit)
    face = page.locator(".is-right .ps-face").first
    face.press("c")
    said(page, "Picture copied")
    assert page.evaluate(CLIPBOARD) == ["image/png", "PNG"]
    page.evaluate("navigator.clipboard.writeText('nothing')")
    face.click()
    page.get_by_role("dialog").get_by_role("button", name="Copy").click()
    page.wait_for_function(f"async () => (await ({CLIPBOARD})())[1] === 'PNG'")


def test_a_browser_that_copies_no_pictures_copies_the_link(visit: Visit, toy_retriever: Retriever) -> None:
    page = ready(visit)
    page.evaluate("delete window.ClipboardItem")
    card = page.locator(".is-right .ps-card").first
    card.locator(".ps-face").press("c")
    said(page, "Its link is copied")
    image = toy_retriever.sticker(card.get_attribute("data-sticker") or "").image
    assert str(page.evaluate("navigator.clipboard.readText()")).endswith(image)


def test_an_animated_sticker_is_copied_as_its_link_so_that_it_stays_animated(visit: Visit) -> None:
    def moving(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace('"text":', '"animated":true,"text":'))

    visit.page.route("**/component_server/**", moving)
    page = ready(visit)
    page.locator(".is-right .ps-face").first.press("c")
    said(page, "Animated: its link is copied")
    assert str(page.evaluate("navigator.clipboard.readText()")).startswith("http://")


def test_d_saves_the_very_file(visit: Visit, toy_retriever: Retriever, tmp_path: Path) -> None:
    page = ready(visit)
    card = page.locator(".is-right .ps-card").first
    with page.expect_download() as download:
        card.locator(".ps-face").press("d")
    bundle = toy_retriever.bundle
    saved = tmp_path / "saved"
    download.value.save_as(saved)
    sticker = card.get_attribute("data-sticker") or ""
    assert saved.read_bytes() == bundle.image_path(sticker).read_bytes()
    assert download.value.suggested_filename.endswith(bundle.image_path(sticker).suffix)


def test_a_picture_is_dragged_out_as_a_file(visit: Visit) -> None:
    page = ready(visit)
    face = page.locator(".is-right .ps-face").first
    face.locator("img").dispatch_event("pointerdown")
    assert face.locator("img").evaluate("image => image.draggable")
    given = face.locator("img").evaluate(
        """image => {
          const data = new DataTransfer();
          image.dispatchEvent(new DragEvent("dragstart", {bubbles: true, dataTransfer: data}));
          return [data.getData("DownloadURL"), data.getData("text/uri-list")];
        }"""
    )
    assert given[0].startswith("image/")
    assert given[0].endswith(given[1])


def test_what_was_sent_last_is_kept_in_this_browser(visit: Visit) -> None:
    page = ready(visit)
    expect(page.locator("[data-part=recent]")).to_be_hidden()
    faces = page.locator(".is-right .ps-card")
    sent = [faces.nth(place).get_attribute("data-sticker") for place in (0, 1)]
    for place in (0, 1):
        faces.nth(place).locator(".ps-face").press("c")
    expect(page.locator("[data-part=recent] .ps-mini")).to_have_count(2)
    page.reload()
    recent = page.locator("[data-part=recent] .ps-mini img")
    expect(recent).to_have_count(2)
    shown = [str(each.get_attribute("src")) for each in recent.all()]
    assert [sticker in address for sticker, address in zip(reversed(sent), shown, strict=True) if sticker] == [
        True,
        True,
    ]


def test_phones_share_the_file(visit: Visit) -> None:
    visit.page.add_init_script(
        """
        navigator.canShare = () => true;
        navigator.share = async ({files}) => { window.shared = [files[0].type, files[0].size]; };
        """
    )
    page = ready(visit)
    page.locator(".is-right .ps-face").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Share").click()
    page.wait_for_function("window.shared?.[1] > 0")
    assert str(page.evaluate("window.shared[0]")).startswith("image/")
