"""The app in a process of its own, the browser that looks at it, and the calls that its page makes."""

from __future__ import annotations

import os
import platform
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import httpx
import psutil
from playwright.sync_api import Browser, sync_playwright
from system_packages import find_chromium

QUERIES = ("笑死我了", "good night", "加班", "谢谢老板", "下班啦", "摸鱼", "生日快乐", "lol", "晚安", "抱抱")
FLAGS = [
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"),
    "--enable-precise-memory-info",
]


def setting() -> str:
    """The machine of a measurement, in a line."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


@contextmanager
def served(bundle: Path, checkout: Path = ROOT) -> Iterator[tuple[int, str]]:
    """Run the app of a checkout in a fresh process until the block ends: its process id and its address, once it
    answers.
    """
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "app.py", "--bundle", str(bundle.resolve()), "--port", str(port)]
    with subprocess.Popen(command, cwd=checkout, stdout=subprocess.DEVNULL) as app:
        try:
            _wait_for(address, app)
            yield app.pid, address
        finally:
            app.terminate()


def _wait_for(address: str, app: subprocess.Popen[bytes]) -> None:
    while app.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.02)
    sys.exit("The app ended before it answered.")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium of this machine; without one the program ends with advice."""
    executable = find_chromium()
    if executable is None:
        sys.exit("No Chromium: run `python scripts/system_packages.py chromium`.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


def peak_megabytes(process: int) -> float:
    """Highest resident memory of a process so far (Linux)."""
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found.group(1)) / 1024 if found else float("nan")


def resident_megabytes(process: int) -> float:
    """Resident memory of a process and its children now."""
    app = psutil.Process(process)
    return sum(each.memory_info().rss for each in (app, *app.children())) / 2**20


@dataclass(frozen=True, slots=True)
class Place:
    """A running app: its address, the component that answers, the people that may be chosen, and the folder of the
    pictures.
    """

    address: str
    component: int
    people: tuple[str, ...]
    folder: str

    @classmethod
    def of(cls, address: str) -> Place:
        """Read what the page learns when it is loaded."""
        config = httpx.get(f"{address}/config", timeout=30).json()
        page = next(each for each in config["components"] if each["props"].get("elem_id") == "ps-page")
        start = page["props"]["value"]
        return cls(address, page["id"], tuple(person["id"] for person in start["people"]), start["folder"])

    @property
    def server(self) -> str:
        """The address of the server's functions."""
        return f"{self.address}/gradio_api/component_server"

    async def ask(self, client: httpx.AsyncClient, function: str, request: object) -> tuple[float, dict[str, Any]]:
        """Call one of the server's functions as the page does: milliseconds, and the answer. httpx.HTTPError or
        ValueError where there is none.
        """
        body = {"data": request, "component_id": self.component, "fn_name": function, "session_hash": "benchmark"}
        start = time.perf_counter()
        answer = await client.post(self.server, json=body)
        taken = (time.perf_counter() - start) * 1000
        return taken, dict(answer.raise_for_status().json())
