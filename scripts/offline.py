"""Proves that nothing leaves the machine: uses the app, the command line and the builder under strace, and reads on.

    python scripts/offline.py [--seconds 60]

Needs strace (Linux). Prints how many connections there were by kind, and every look-up of a name and every connection
that is not the loopback's; its exit status is 1 where there is any.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "assets" / "demo"

_PORT = re.compile(r"sin6?_port=htons\((\d+)\)")
_HOST = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')


def watched(command: list[str], log: Path, home: Path) -> subprocess.Popen[bytes]:
    """A program and all its children under strace, in an empty home: calls of the network go to `log`."""
    trace = ["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", str(log)]
    environment = {**os.environ, "HOME": str(home)}
    quiet = subprocess.DEVNULL
    return subprocess.Popen([*trace, *command], cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)


def use_app(address: str, seconds: float) -> Counter[str]:
    """Use every function of the page and every endpoint, again and again; returns how often each answered."""
    with urllib.request.urlopen(f"{address}/config", timeout=120) as answer:
        config = json.load(answer)
    page = next(each for each in config["components"] if each["props"].get("elem_id") == "ps-page")
    functions = [(each["id"], name) for each in config["components"] for name in each["props"].get("server_fns") or ()]
    person = page["props"]["value"]["people"][0]["id"]
    answered: Counter[str] = Counter()
    until = time.monotonic() + seconds
    first = True
    while first or time.monotonic() < until:
        first = False
        for component, function in functions:
            for request in requests(person):
                body = {"component_id": component, "fn_name": function, "session_hash": "offline", "data": request}
                answered[function] += post(f"{address}/gradio_api/component_server", body) is not None
        for endpoint, data in (("search", ["笑死我了", person]), ("compare", ["晚安"]), ("explain", ["lol", "x"])):
            answered[endpoint] += post(f"{address}/gradio_api/run/{endpoint}", {"data": data}) is not None
        for path in ("", "/?view=api", "/gradio_api/info", "/theme.css", "/no/such"):
            answered["page"] += post(address + path) is not None
    return answered


def requests(person: str) -> Iterator[dict[str, Any]]:
    """Yield requests to a function of the page: with words, a sticker of the demo, and a picture."""
    sticker = min(path.stem for path in (DEMO / "images").iterdir())
    yield {
        "query": "笑死我了",
        "user": person,
        "sticker": sticker,
        "candidates": True,
        "first": "none",
        "second": "both",
    }
    yield {"query": "laugj", "user": "@you", "likes": [sticker], "sticker": sticker, "picture": picture(), "page": 1}
    yield {"picture": picture(), "text": "hi", "mine": "surprising", "show": "surprising"}


def picture() -> str:
    """A picture as the browser sends it."""
    from PIL import Image

    file = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def post(address: str, body: dict[str, Any] | None = None) -> bytes | None:
    """The answer to a request; None where it is refused."""
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, content, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return bytes(answer.read())
    except OSError:
        return None


def left(log: str) -> tuple[Counter[str], list[str]]:
    """The connections of a log by kind, and the calls that reach beyond this machine or look a name up.

    AF_UNIX and AF_NETLINK stay within the machine, but for the sockets of the system's name services.
    """
    kinds: Counter[str] = Counter()
    beyond = []
    for line in log.splitlines():
        family = re.search(r"sa_family=(AF_\w+)", line)
        if family is None:
            continue
        host = _HOST.search(line)
        name = next(filter(None, host.groups()), "") if host else ""
        port = _PORT.search(line)
        kind = family.group(1)
        kinds[f"{kind} {name}".strip()] += 1
        looks_up = (port is not None and port.group(1) == "53") or "nscd" in line or "resolve" in line
        stays = kind in ("AF_UNIX", "AF_NETLINK", "AF_UNSPEC") or name.startswith("127.") or name in ("::1", "0.0.0.0")
        if looks_up or not stays:
            beyond.append(line.strip())
    return kinds, beyond


def main() -> int:
    """Print the summary."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seconds", type=float, default=60, help="for how long the app is used")
    options = parser.parse_args()
    if shutil.which("strace") is None:
        sys.exit("strace is not installed. It watches what leaves the machine: apt-get install strace")
    found = False
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "home").mkdir()
        (folder / "images").mkdir()
        for number, path in enumerate(sorted((DEMO / "images").iterdir())[:12]):
            shutil.copyfile(path, folder / "images" / f"{number}{path.suffix}")
        build = ["-m", "precompute", "build", "--images", str(folder / "images"), "--out", str(folder / "bundle")]
        programs = {
            "app": ["app.py"],
            "search": ["-m", "persrv", "search", str(DEMO), "晚安"],
            "verify": ["-m", "persrv", "verify", str(DEMO)],
            "build": [*build, "--work", str(folder / "work")],
        }
        for name, command in programs.items():
            log = folder / f"{name}.txt"
            told = run_app(log, folder, options.seconds) if name == "app" else run(command, log, folder)
            kinds, beyond = left(log.read_text(errors="replace"))
            found = found or bool(beyond)
            print(f"{name}: {told}; {dict(kinds) or 'no connection'}; {len(beyond)} beyond this machine")  # noqa: T201
            for line in beyond[:20]:
                print(f"  {line}")  # noqa: T201
    return 1 if found else 0


def run(command: list[str], log: Path, folder: Path) -> str:
    """Run a program to its end; returns how it ended."""
    return f"exit status {watched([sys.executable, *command], log, folder / 'home').wait()}"


def run_app(log: Path, folder: Path, seconds: float) -> str:
    """Run the app and use it; returns what was used."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    app = watched([sys.executable, "app.py", "--port", str(port)], log, folder / "home")
    address = f"http://127.0.0.1:{port}"
    while app.poll() is None and post(address) is None:
        time.sleep(0.2)
    answered = use_app(address, seconds)
    children = Path(f"/proc/{app.pid}/task/{app.pid}/children").read_text().split()
    for child in children:  # strace itself does not listen
        os.kill(int(child), signal.SIGTERM)
    app.wait()
    return f"{sum(answered.values())} answers of {len(answered)} functions"


if __name__ == "__main__":
    sys.exit(main())
