"""A rehearsal of a Space and of a server: what publishing would upload, alone with its packages, behind a proxy and in
a frame.

The app runs with the locked packages and no others, without privileges, without a home, in a folder that it may not
write. A proxy serves it below a path; a page of another origin holds it in a frame, as the Hub holds a Space.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import PATIENCE, ROOT, free_port, leave
from PIL import Image
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect

sys.path.insert(0, str(ROOT / "scripts"))

import lock
import space_contents

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BELOW = "/stickers"
STATE = "?q=laugh&user=cleo&utility=0&lang=en"
PORT = 7860


# ---- the app as a Space has it --------------------------------------------------------------------------------------


@contextmanager
def frozen(bundle: Path) -> Iterator[tuple[Path, Path]]:
    """The Space's folder, which nobody may write, and a folder of its packages alone; all users may read both."""
    place = Path(tempfile.mkdtemp(prefix="space-"))
    place.chmod(0o755)
    code, packages = place / "code", place / "packages"
    space_contents.write(space_contents.contents(bundle), code)
    packages.mkdir()
    for name in lock.versions(ROOT / "requirements-space.lock"):
        try:
            files = distribution(name).files or ()
        except PackageNotFoundError:
            continue  # of another platform, or what a Space adds
        for top in {file.parts[0] for file in files} - {"..", "__pycache__"}:
            if not (packages / top).exists():
                (packages / top).symlink_to(Path(sysconfig.get_path("purelib")) / top)
    for path in (code, *code.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield code, packages
    for path in (code, *code.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    shutil.rmtree(place)


def unprivileged() -> list[str]:
    """Command that drops privileges: as nobody where they can reach Python, else as root without its capabilities."""
    if os.geteuid() != 0:
        return []
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    if subprocess.run([*nobody, sys.executable, "-c", ""], capture_output=True).returncode == 0:
        return nobody
    return ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]


def is_free(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) != 0


@contextmanager
def started(bundle: Path, log: Path, **variables: str) -> Iterator[int]:
    """The app as a Space starts it, by `python app.py` and variables alone; its port."""
    port = PORT if is_free(PORT) else free_port()
    environment = {
        "PATH": "/usr/bin:/bin",
        "LD_LIBRARY_PATH": os.environ.get("LD_LIBRARY_PATH", ""),
        "GRADIO_SERVER_PORT": str(port),
        "OMP_NUM_THREADS": "1",
        **variables,
    }
    with frozen(bundle) as (code, packages), log.open("wb") as output:
        command = [*unprivileged(), sys.executable, "-S", "app.py"]
        environment["PYTHONPATH"] = str(packages)
        server = subprocess.Popen(command, cwd=code, stdout=output, stderr=subprocess.STDOUT, env=environment)
        try:
            wait_until_well(server, port, log)
            yield port
        finally:
            server.terminate()
            server.wait(timeout=20)
    assert "Traceback" not in log.read_text(errors="replace"), log.read_text(errors="replace")


def wait_until_well(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as answer:
                assert json.load(answer)["ok"]
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"The app did not start:\n{log.read_text(errors='replace')}")


# ---- what stands before it ------------------------------------------------------------------------------------------


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@contextmanager
def proxied(port: int) -> Iterator[int]:
    """A proxy that serves the app of a port below BELOW and nothing else, streams included; its own port."""

    class Proxy(BaseHTTPRequestHandler):
        def log_message(self, *told: object) -> None:
            """Nothing."""

        def do_GET(self) -> None:
            if not self.path.startswith(f"{BELOW}/"):
                self.send_error(404)
                return
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            headers |= {"X-Forwarded-Host": self.headers["Host"], "X-Forwarded-Proto": "http"}
            asked = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            try:
                asked.request(self.command, self.path.removeprefix(BELOW), body or None, headers)
                answer = asked.getresponse()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("transfer-encoding", "connection", "date", "server"):
                        self.send_header(name, value)
                self.end_headers()
                while part := answer.read1(65536):
                    self.wfile.write(part)
                    self.wfile.flush()
            except OSError:
                self.close_connection = True  # whoever asked has left, or the app has ended
            finally:
                asked.close()

        do_POST = do_HEAD = do_GET

    with serving(Proxy) as own:
        yield own


@contextmanager
def framing(port: int) -> Iterator[str]:
    """A page of another origin that holds the app behind the proxy of a port in a frame, as the Hub would."""

    class Host(BaseHTTPRequestHandler):
        def log_message(self, *told: object) -> None:
            """Nothing."""

        def do_GET(self) -> None:
            source = f"http://127.0.0.1:{port}{BELOW}/{STATE}"
            allowed = "allow-downloads allow-forms allow-popups allow-same-origin allow-scripts"
            page = f'<iframe src="{source}" sandbox="{allowed}" allow="clipboard-write" width="1300" height="850">'
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

    with serving(Host) as own:
        yield f"http://localhost:{own}"


# ---- what works there -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rehearsed(toy_bundle_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of the proxy before an app that is served below a path."""
    log = tmp_path_factory.mktemp("rehearsal") / "log.txt"
    with (
        started(
            toy_bundle_path,
            log,
            SPACE_ID="someone/persrv",
            GRADIO_ROOT_PATH=BELOW,
            PERSRV_FRAMED_BY="http://localhost:*",
        ) as port,
        proxied(port) as own,
    ):
        yield own


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A visitor; no console error, failed or foreign request is forgiven."""
    context = browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900})
    troubles: list[str] = []
    page = context.new_page()
    told_by_responses = "Failed to load resource"
    page.on(
        "console",
        lambda told: (
            troubles.append(told.text) if told.type == "error" and told_by_responses not in told.text else None
        ),
    )
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "response", lambda answer: troubles.append(f"{answer.status} {answer.url}") if answer.status > 399 else None
    )
    page.on(
        "request",
        lambda asked: (
            troubles.append(asked.url)
            if urlsplit(asked.url).scheme in ("http", "https")
            and urlsplit(asked.url).hostname not in ("127.0.0.1", "localhost")
            else None
        ),
    )
    yield page
    leave(context)
    assert [each for each in troubles if not each.endswith("/favicon.ico")] == []  # of the other origin's root


def test_below_a_path_page_pictures_links_copy_figure_and_map_work(rehearsed: int, page: Page, tmp_path: Path) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"http://127.0.0.1:{rehearsed}{BELOW}/{STATE}")
    shown = page.locator(".ps-four .ps-card, .is-right .ps-card").first
    expect(shown).to_be_visible()
    assert drawn(shown.locator("img"))
    page.get_by_role("radio", name="Ann").check()
    expect(page).to_have_url(re.compile("user=ann"))
    assert urlsplit(page.url).path == f"{BELOW}/"
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"http://127.0.0.1:{rehearsed}{BELOW}/?")
    figure(page, page, tmp_path)
    page.goto("about:blank")
    page.goto(link)
    expect(page.get_by_role("radio", name="Ann")).to_be_checked()
    for view, sign in {"map": ".js-plotly-plot", "captions": "h2", "cases": ".ps-case"}.items():
        page.goto(f"http://127.0.0.1:{rehearsed}{BELOW}/?view={view}&lang=en")
        expect(page.locator(f"{sign}:visible").first).to_be_visible()


def test_in_a_frame_of_another_origin_page_pictures_links_copy_and_figure_work(
    rehearsed: int, page: Page, tmp_path: Path
) -> None:
    with framing(rehearsed) as address:
        page.goto(address)
        inside = page.frame_locator("iframe")
        shown = inside.locator(".is-right .ps-card").first
        expect(shown).to_be_visible()
        assert drawn(shown.locator("img"))
        inside.get_by_role("radio", name="Ann").check()
        frame = page.frames[1]
        frame.wait_for_url(re.compile("user=ann"))
        inside.get_by_role("button", name="Copy link").click()
        copied = inside.get_by_role("button", name="Copied")
        by_hand = inside.get_by_role("textbox", name="Copy it by hand")
        expect(copied.or_(by_hand)).to_be_visible()
        figure(inside, page, tmp_path)
        inside.get_by_role("dialog", name="Figure").press("Escape")
        inside.get_by_role("searchbox").fill("night")
        expect(inside.locator(".ps-results[data-query=night]")).to_be_visible()
        assert {name: values[0] for name, values in parse_qs(urlsplit(frame.url).query).items()}["q"] == "night"


def drawn(picture: Locator) -> bool:
    """Return whether a picture has arrived."""
    return bool(picture.evaluate("async image => { await image.decode(); return image.naturalWidth > 0; }"))


def figure(place: Page | FrameLocator, page: Page, folder: Path) -> None:
    """Save the figure of a page or a frame, and look whether it is a picture."""
    place.get_by_role("button", name="Figure").click()
    dialog = place.get_by_role("dialog", name="Figure")
    expect(dialog.locator("img[src^=blob]")).to_be_visible()
    with page.expect_download() as download:
        dialog.get_by_role("button", name="PNG").click()
    download.value.save_as(folder / "figure.png")
    with Image.open(folder / "figure.png") as image:
        assert image.format == "PNG"
        assert len(image.getcolors(maxcolors=10_000_000) or ()) > 20


def test_the_app_answers_programs_below_the_path(rehearsed: int) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{rehearsed}{BELOW}/healthz") as answer:
        assert json.load(answer)["ok"]
    with urllib.request.urlopen(f"http://127.0.0.1:{rehearsed}{BELOW}/gradio_api/info") as answer:
        assert {"/search", "/compare", "/explain"} <= set(json.load(answer)["named_endpoints"])
