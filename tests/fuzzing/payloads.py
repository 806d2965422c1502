"""Odd payloads, seeded: whatever a program may send to the app's endpoints. Each gets an answer or a sentence.

    python -m tests.fuzzing.payloads [BUNDLE] [--payloads 500] [--seed 1]

Starts the app, and prints which payloads were refused without a sentence, and the tracebacks in its log; its exit
status is 1 where there is any.
"""

from __future__ import annotations

import argparse
import json
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]

#: Endpoints, with arguments that are answered.
ENDPOINTS: dict[str, list[Any]] = {
    "search": ["laugh", "ann", 5, True, True, "meaning", False],
    "compare": ["laugh", "ann", 5, "meaning", False],
    "explain": ["laugh", "s01", "ann", "meaning", False],
}

#: Names of the arguments, for calls by name.
NAMES: dict[str, list[str]] = {
    "search": ["query", "person", "top", "utility", "personalization", "mode", "literal"],
    "compare": ["query", "person", "top", "mode", "literal"],
    "explain": ["query", "sticker", "person", "mode", "literal"],
}


#: Functions that the page's component may have for its browser, and attributes that every component has.
PAGE_FUNCTIONS = ("search", "detail", "caption", "blind", "you_picture", "inspect_sticker", "__class__", "get_config")


@dataclass(frozen=True, slots=True)
class Payload:
    """A request: its path, and its body as it goes over the wire."""

    path: str
    body: bytes


def odd_values(rng: random.Random) -> Any:
    """Draw a value that no argument expects, or one at the edge of what an argument expects."""
    depth = rng.choice((1, 5, 40))
    nested: Any = "x"
    for _ in range(depth):
        nested = rng.choice(([nested], {"a": nested}))
    file = {"path": rng.choice(("/etc/passwd", "http://169.254.169.254/", "")), "meta": {"_type": "gradio.FileData"}}
    return rng.choice(
        (
            *(None, True, False, 0, -1, 101, 2**63, -(2**70), 10**4000, 1e308, 1e-320, float("nan"), float("inf")),
            *(
                "",
                " ",
                "\x00",
                "\ud800",
                "﷽" * 200,
                "x" * 501,
                "哈" * 400,
                "<script>",
                "{{7*7}}",
                "../../etc/passwd",
                "null",
            ),
            *([], {}, [[]], ["laugh"], {"query": "laugh"}, list(range(2000)), {"": 1}, nested, file, [file]),
            *(rng.randbytes(20).decode("latin-1"), chr(rng.randrange(0x110000)) * 3),
        )
    )


def odd_payloads(count: int, seed: int) -> Iterator[Payload]:
    """Yield `count` payloads, the same ones for equal seeds: odd arguments, too few and too many, and bodies that are
    odd as a whole.
    """
    rng = random.Random(seed)
    for _ in range(count):
        name = rng.choice([*ENDPOINTS])
        data: Any = list(ENDPOINTS[name])
        for _ in range(rng.choice((1, 1, 2, 4))):
            data[rng.randrange(len(data))] = odd_values(rng)
        shape = rng.choice(("call", "call", "call", "named", "named", "run", "count", "data", "body", "bytes", "page"))
        if shape == "named":
            keys = [*NAMES[name]]
            if rng.random() < 0.3:
                keys[rng.randrange(len(keys))] = rng.choice(("other", "", "self", "oauth_token"))
            yield Payload(f"call/v2/{name}", _json(dict(zip(keys, data, strict=True))))
        elif shape == "count":
            yield Payload(f"call/{name}", _json({"data": (data * 3)[: rng.randrange(3 * len(data))]}))
        elif shape == "page":
            asked = {"data": odd_values(rng), "component_id": rng.choice((1, 2, odd_values(rng)))}
            function = rng.choice((*PAGE_FUNCTIONS, odd_values(rng)))
            yield Payload("component_server", _json({**asked, "fn_name": function, "session_hash": odd_values(rng)}))
        elif shape == "data":
            yield Payload(f"call/{name}", _json({"data": odd_values(rng)}))
        elif shape == "body":
            yield Payload(f"call/{name}", _json(odd_values(rng)))
        elif shape == "bytes":
            cut = _json({"data": data})
            yield Payload(
                f"call/{name}", rng.choice((b"", rng.randbytes(30), cut[: rng.randrange(len(cut))], b"[" * 5000))
            )
        else:
            yield Payload(f"{shape}/{name}", _json({"data": data}))


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


@dataclass
class Report:
    """Counts, and what was answered without a sentence."""

    answered: int = 0
    refused: int = 0
    silent: list[tuple[Payload, str]] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"silent: {payload.path} {payload.body[:150]!r}: {answer[:200]}" for payload, answer in self.silent]
        return "\n".join([*lines, f"{self.answered} answered, {self.refused} refused, {len(self.silent)} silent"])


def send(address: str, payloads: Iterator[Payload]) -> Report:
    """Send payloads, one after the other."""
    report = Report()
    with httpx.Client(base_url=f"{address}/gradio_api/", timeout=120) as client:
        for payload in payloads:
            try:
                status, answer = answer_to(client, payload)
            except httpx.HTTPError as lost:
                status, answer = "lost", repr(lost)
            if status == "complete":
                report.answered += 1
            elif is_told(answer):
                report.refused += 1
            else:
                report.silent.append((payload, f"{status} {answer}"))
    return report


def answer_to(client: httpx.Client, payload: Payload) -> tuple[str, str]:
    """Send a request; return its end ("complete", "error", or its status) and its answer's text."""
    headers = {"Content-Type": "application/json"}
    first = client.post(payload.path, content=payload.body, headers=headers)
    if first.status_code == 200 and "event_id" in first.text:
        name = payload.path.rsplit("/", 1)[1]
        events = client.get(f"call/{name}/{first.json()['event_id']}").text
        kinds = [line.removeprefix("event: ") for line in events.splitlines() if line.startswith("event:")]
        said = [line.removeprefix("data: ") for line in events.splitlines() if line.startswith("data:")]
        return (kinds or ["nothing"])[-1], (said or [""])[-1]
    return "complete" if first.status_code == 200 else str(first.status_code), first.text


def is_told(answer: str) -> bool:
    """Return whether an answer says what was wrong: {"error"} or FastAPI's {"detail"}, and no internals."""
    try:
        document = json.loads(answer)
    except ValueError:
        return False
    told = document.get("error") or document.get("detail") if isinstance(document, dict) else None
    return bool(told) and "Traceback" not in str(told) and "Internal Server Error" not in str(told)


def main() -> int:
    """Print the report of an app of one's own."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("bundle", type=Path, nargs="?", default=ROOT / "assets" / "demo")
    parser.add_argument("--payloads", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with socket.socket() as listener, tempfile.TemporaryFile("w+") as log:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        listener.close()
        command = [sys.executable, "app.py", "--bundle", str(options.bundle.resolve()), "--port", str(port)]
        app = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            while app.poll() is None and not _answers(address):
                time.sleep(0.1)
            report = send(address, odd_payloads(options.payloads, options.seed))
        finally:
            app.terminate()
            app.wait()
        log.seek(0)
        told = log.read()
    print(report)  # noqa: T201
    print(f"{told.count('Traceback')} tracebacks in the log")  # noqa: T201
    if "Traceback" in told:
        print(told[-200_000:])  # noqa: T201
    return 1 if report.silent or "Traceback" in told else 0


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=20).status_code == 200
    except httpx.HTTPError:
        return False


if __name__ == "__main__":
    sys.exit(main())
