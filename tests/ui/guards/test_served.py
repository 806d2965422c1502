"""The guards as the app has them: asked of the served page."""

from __future__ import annotations

import socket
import tempfile
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.browser  # these share the app of the browser's tests


def test_a_foreign_host_is_refused_and_a_known_one_is_not(address: str) -> None:
    for path in ("/", "/config", "/gradio_api/info", "/theme.css"):
        assert httpx.get(address + path, headers={"Host": "evil.example"}).status_code == 400
        assert httpx.get(address + path, headers={"Host": "localhost"}).status_code == 200


def test_a_proxy_in_front_may_serve_a_sub_path(address: str) -> None:
    """Gradio makes the page's addresses from what the proxy says of itself."""
    told = {"X-Forwarded-Host": "stickers.example", "X-Forwarded-Proto": "https"}
    assert httpx.get(f"{address}/config", headers=told).json()["root"].startswith("https://stickers.example")


def test_every_answer_has_its_headers(address: str) -> None:
    for path in ("/", "/config", "/no/such", "/assets/nothing.js", "/gradio_api/upload"):
        headers = httpx.get(address + path).headers
        assert "frame-ancestors 'self' https://huggingface.co" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_a_body_above_the_limit_is_refused_before_it_is_read(address: str) -> None:
    """The answer comes after the head: the body that it announces is never sent."""
    host, _, port = address.removeprefix("http://").partition(":")
    head = f"POST /gradio_api/component_server HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100000000\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(head.encode())
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 413")


CLOSED = [
    "upload",
    "upload_progress",
    "proxy=http://localhost/",
    "process_recording",
    "stream/a",
    "stream/a/0/1/x.m3u8",
]


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_the_page_never_uses_is_closed(address: str, path: str, method: str) -> None:
    assert httpx.request(method, f"{address}/gradio_api/{path}").status_code == 404


def test_an_upload_is_not_kept(address: str) -> None:
    """Gradio would keep it below the temporary folder; one that is broken off is never handed on (test_bodies.py)."""
    content = {"files": ("mark-of-an-upload.png", b"mark of an upload" * 1000)}
    answer = httpx.post(f"{address}/gradio_api/upload", files=content)
    assert answer.status_code == 404
    assert "no files" in answer.json()["error"]
    assert not list(Path(tempfile.gettempdir(), "gradio").rglob("mark-of-an-upload*"))


def test_the_page_itself_comes_compressed_to_whoever_reads_it_so(address: str) -> None:
    def length(encoding: str) -> int:
        with httpx.stream("GET", address, headers={"Accept-Encoding": encoding}) as answer:
            assert answer.headers.get("content-encoding", "identity") == encoding
            return sum(len(piece) for piece in answer.iter_raw())

    assert length("gzip") < length("identity") / 3
