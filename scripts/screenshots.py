"""Takes the pictures of the page in docs/screenshots: `python scripts/screenshots.py [BUNDLE]`.

The page runs on the bundle (assets/demo unless told otherwise) in the Chromium of the tests; its states are addresses.
"""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from system_packages import find_chromium

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "screenshots"
SCREEN = (1440, 900)


@dataclass(frozen=True, slots=True)
class Shot:
    """A screenshot: its name, its address, and the element that has to be visible before."""

    name: str
    state: dict[str, str]
    wait: str = ".ps-column .ps-card"


SHOTS = (
    Shot("search-light", {"q": "笑死我了", "lang": "zh"}),
    Shot("captions-light", {"view": "captions", "lang": "zh"}, wait=".ps-keywords"),
    Shot("present-light", {"q": "笑死我了", "lang": "zh", "present": "1"}, wait=".ps-stage-card"),
    Shot("map-light", {"view": "map", "lang": "en"}, wait=".ps-map-picture"),
)


def take(browser: Browser, address: str, shot: Shot) -> None:
    """Take one screenshot as PNG."""
    width, height = SCREEN
    page: Page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme="light", reduced_motion="reduce"
    )
    page.goto(f"{address}/?{urlencode(shot.state)}")
    page.locator(shot.wait).locator("visible=true").first.wait_for(timeout=30_000)
    page.wait_for_timeout(1500)
    Image.open(io.BytesIO(page.screenshot())).convert("RGB").save(OUT / f"{shot.name}.png", optimize=True)
    page.close()


def wait_for(address: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    sys.exit(f"Nothing answers at {address}.")


def main() -> None:
    bundle = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "assets" / "demo")
    chromium = find_chromium() or sys.exit("No Chromium: run python scripts/system_packages.py chromium")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    OUT.mkdir(parents=True, exist_ok=True)
    server = subprocess.Popen(
        [sys.executable, "app.py", "--bundle", bundle, "--port", str(port)], cwd=ROOT, env=os.environ
    )
    try:
        wait_for(f"http://127.0.0.1:{port}")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--headless=new", "--no-sandbox", "--disable-gpu"]
            )
            for shot in SHOTS:
                take(browser, f"http://127.0.0.1:{port}", shot)
            browser.close()
    finally:
        server.terminate()


if __name__ == "__main__":
    main()
