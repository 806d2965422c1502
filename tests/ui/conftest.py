"""A served page and a real Chromium. Without a Chromium these tests fail, and say what to install."""

from __future__ import annotations

import importlib.util
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import wraps
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import toy
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from persrv.records import Gate, Sticker

ROOT = Path(__file__).resolve().parents[2]
LOCAL = {"localhost", "127.0.0.1"}

#: Seconds that whatever must happen may take on a busy machine; what happens sooner is noticed sooner.
PATIENCE = int(os.environ.get("PERSRV_TEST_PATIENCE", 180))
expect.set_options(timeout=1000 * PATIENCE)

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def script(name: str) -> ModuleType:
    """A module of scripts/, which is no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def serve(
    bundle: Path, log: Path, program: str = "app.py", tries: int = 3, variables: Mapping[str, str] | None = None
) -> tuple[subprocess.Popen[bytes], str]:
    """The app, or another program that takes its options, on a bundle, answering, and its address.

    variables: of its environment, besides those of the tests.
    """
    port = free_port()
    command = [sys.executable, program, "--bundle", str(bundle), "--port", str(port)]
    with log.open("wb") as output:
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "OMP_NUM_THREADS": "1", **(variables or {})},
        )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=20):
                return server, address
        except OSError:
            time.sleep(0.2)
    server.kill()
    told = log.read_text(errors="replace")
    if "Cannot find empty port" in told and tries > 1:  # somebody took it before the app could
        return serve(bundle, log, program, tries - 1, variables)
    pytest.fail(f"The app did not start:\n{told}")


#: Content of evaluation.json as a build writes it, in small.
EVALUATION = {
    "vlm": {
        "rows": [
            {"name": "base", "shipped": False, "recall": 0.0, "cosine": 0.25, "bleu": 0.0, "stickers": 2, "queries": 3},
            {
                "name": "tuned_ocr",
                "shipped": True,
                "recall": 0.5,
                "cosine": 0.75,
                "bleu": 0.375,
                "stickers": 2,
                "queries": 3,
            },
        ],
        "ceiling": 0.625,
        "rule": "the first & the last by recall",
        "examples": [
            {
                "sticker": "s01",
                "ocr": "laugh",
                "reference": ["laugh", "笑死"],
                "base": "cat，<b>",
                "tuned_picture": "",
                "tuned_ocr": "笑死，ＬＡＵＧＨ，night",
                "recall": 1.0,
                "kind": "good",
            },
            {
                "sticker": "s05",
                "ocr": "",
                "reference": ["night"],
                "base": "",
                "tuned_ocr": "laugh",
                "recall": 0.0,
                "kind": "bad",
            },
        ],
        "base_examples": [
            {
                "sticker": "s02",
                "description": "a panda in ink",
                "emotion": "happy",
                "truth": {"character": "panda", "style": "ink"},
                "right": {"character": True, "style": False, "feels": True},
            },
        ],
        "unspelt": {"tokens": 7, "of": 1234, "stickers": 3},
    },
}

#: A gate passed above its goal and one passed below.
GATES = {
    "toy": Gate(value=1.0, goal=0.5, cases=12, passed=True),
    "toy_difference": Gate(value=0.125, goal=0.25, cases=12, passed=True),
}


def labelled(sticker: Sticker) -> Sticker:
    """Add all labels that the demo catalogue has; only s01 has a caption."""
    caption = "haha" if sticker.id == "s01" else ""
    return replace(sticker, labels={"character": "panda", **sticker.labels, "caption": caption})


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page over the toy world, evaluated, with the labels of a demo catalogue."""
    folder = tmp_path_factory.mktemp("app")
    log = folder / "log.txt"
    stickers = tuple(labelled(sticker) for sticker in toy.stickers())
    server, url = serve(toy.write_toy(folder, evaluation=EVALUATION, gates=GATES, stickers=stickers).path, log)
    yield url
    server.terminate()
    server.wait(timeout=20)
    assert "Traceback" not in log.read_text(errors="replace"), log.read_text(errors="replace")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = script("system_packages").find_chromium()
    if executable is None:
        pytest.fail("No Chromium: run `python scripts/system_packages.py chromium`, or set CHROMIUM=/path/to/it.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield chromium
        chromium.close()


def copied_by(page: Page, button: Locator) -> str:
    """Text that a button copies. The button says so for a moment, which a busy machine may miss: here it goes on saying
    so.
    """
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    said = page.get_by_role("button", name="Copied")
    page.evaluate("window.setTimeout = () => 0")
    button.click()
    expect(said).to_be_visible()
    return str(page.evaluate("navigator.clipboard.readText()"))


@dataclass
class Visit:
    """A page with what went wrong on it, and the calls it made to the server's functions.

    forgiven: texts of troubles that a test brings about itself; they may come late, so they are not cleared but named.
    """

    page: Page
    address: str
    troubles: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(1000 * PATIENCE)
        self._hearing = {
            "console": self._console,
            "pageerror": self._error,
            "request": self._request,
            "response": self._response,
        }
        for event, hear in self._hearing.items():
            self.page.on(event, hear)  # type: ignore[call-overload]

    def stop_listening(self) -> None:
        """Ignore what the tab does from now on, which is another visitor's."""
        for event, hear in self._hearing.items():
            self.page.remove_listener(event, hear)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.troubles.append(f"console: {message.text}")

    def _error(self, error: Error) -> None:
        self.troubles.append(f"error: {error}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in LOCAL:
            self.troubles.append(f"left the machine: {request.url}")
        if "component_server" in parts.path:
            self.calls.append(request.post_data or "")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.troubles.append(f"{response.status}: {response.url}")

    def open(self, **state: str) -> Page:
        """The page in a state, mounted."""
        self.page.goto(f"{self.address}/?{urlencode(state)}")
        self.page.wait_for_selector(".ps-frame:not(.is-unmounted) .ps-header")
        return self.page

    def search(self, **state: str) -> Page:
        """The page with the results of `q` drawn."""
        page = self.open(**state)
        self.answered(state["q"])
        return page

    def answered(self, query: str) -> None:
        """Waits until the results of this query are on the page."""
        self.page.wait_for_function(
            "query => document.querySelector('.ps-results')?.dataset.query === query", arg=query
        )


#: Requests of a visitor's browser.
ASKED = {"locale": "en-US", "color_scheme": "light", "reduced_motion": "reduce"}

#: Scripts that last in a tab longer than the pages that it shows, and cannot be taken back.
LASTING: dict[type, tuple[str, ...]] = {
    Page: ("clock", "emulate_media", "expose_function", "on", "once", "set_extra_http_headers"),
    BrowserContext: ("add_init_script", "clock", "expose_function", "new_cdp_session", "on", "set_offline"),
}


def note(kind: type, name: str) -> None:
    """Let a page or its context note (`lasting`) that this was done to it."""
    original = getattr(kind, name)
    call = original.fget if isinstance(original, property) else original

    @wraps(call)
    def noted(self: Any, *arguments: Any, **options: Any) -> Any:
        self.lasting = True
        return call(self, *arguments, **options)

    setattr(kind, name, property(noted) if isinstance(original, property) else noted)


for kind, names in LASTING.items():
    for name in names:
        note(kind, name)


def leave(context: BrowserContext) -> None:
    """Closes all pages. A route that still waits for its answer would otherwise fail, and with it the next test."""
    for page in context.pages:
        page.unroute_all(behavior="ignoreErrors")
    context.unroute_all(behavior="ignoreErrors")
    context.close()


def emptied(page: Page, address: str) -> bool:
    """Return whether a tab forgot its visitor: other tabs, routes, permissions, and whatever pages stored."""
    context = page.context
    try:
        for other in context.pages:
            other.unroute_all(behavior="ignoreErrors")
            if other is not page:
                other.close()
        context.unroute_all(behavior="ignoreErrors")
        context.clear_permissions()
        context.clear_cookies()
        page.goto(f"{address}/healthz")  # of the same origin, without a script
        page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        page.mouse.move(0, 0)
    except Error:  # the tab was closed, or the app has ended
        return False
    return True


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """A visitor to the page over the toy world."""
    with visiting(browser, address) as visitor:
        yield visitor


#: PERSRV_TEST_DELAY=800,7: every answer comes up to 800 ms late, by chance of seed 7; and after "x6" everything that a
#: page computes takes six times as long. What fails then would fail on a slow line or a busy machine.
SLOWED = re.fullmatch(r"(\d+),(\d+)(?:x(\d+))?", os.environ.get("PERSRV_TEST_DELAY", ""))

#: Half of a delay lies before the request, half after the answer: both may come in another order than they were asked.
LATE = """(() => {
  const [real, later, most] = [window.fetch, window.setTimeout, %s];
  let seed = (%s * 1000003) %% 2147483647;
  const chance = () => (seed = (seed * 48271 + 11) %% 2147483647) / 2147483647;
  const wait = () => new Promise((resolve) => later(resolve, chance() * most / 2));
  window.fetch = async (...asked) => {
    await wait();
    const answer = await real(...asked);
    await wait();
    return answer;
  };
})()"""


def slow_down(page: Page) -> None:
    """Delays what this tab is answered, where PERSRV_TEST_DELAY asks for that."""
    if SLOWED is None:
        return
    most, seed, times = SLOWED.groups()
    page.add_init_script(LATE % (most, seed))
    if times:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": int(times)})


#: (Browser, what it asks for) -> the tab of its last visitor, emptied.
_emptied: dict[tuple[object, ...], Page] = {}


@contextmanager
def visiting(
    browser: Browser, address: str, width: int = 1440, height: int = 900, asked: Mapping[str, Any] = ASKED
) -> Iterator[Visit]:
    """A visitor with a screen of a size, in English, light; no console error, failed or foreign request is forgiven.

    A tab costs a second of processor time, and a page in a tab that is there a quarter of that: the next visitor gets
    the same tab, emptied, unless something lasting was done to it.
    """
    kind = (browser, *sorted(asked.items()))
    page = _emptied.pop(kind, None)
    if page is None:
        page = browser.new_context(**asked).new_page()
        slow_down(page)
    page.set_viewport_size({"width": width, "height": height})
    visitor = Visit(page, address)
    page.lasting = page.context.lasting = False  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch, ExitStack() as scripts:  # which run before each page
        add = page.add_init_script
        patch.setattr(page, "add_init_script", lambda script: scripts.push(add(script)))
        yield visitor
    lasting = page.lasting or page.context.lasting  # type: ignore[attr-defined]
    if lasting or kind in _emptied:
        leave(page.context)
    else:
        visitor.stop_listening()
        if emptied(page, address):
            _emptied[kind] = page
        else:
            leave(page.context)
    assert [each for each in visitor.troubles if not any(text in each for text in visitor.forgiven)] == []
