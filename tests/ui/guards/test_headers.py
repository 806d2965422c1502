"""Security headers, which every answer of the app has."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from persrv.ui.guards.headers import SecurityHeaders, security_headers


def headers_of(path: str, framed_by: str = "") -> dict[str, str]:
    routes = [
        Route("/", lambda _: PlainTextResponse("here")),
        Route("/own", lambda _: PlainTextResponse("here", headers={"Content-Security-Policy": "sandbox"})),
    ]
    app = SecurityHeaders(Starlette(routes=routes), security_headers(framed_by))
    return dict(TestClient(app).get(path).headers)


def policy(headers: dict[str, str]) -> dict[str, str]:
    """Directive -> its sources."""
    entries = headers["content-security-policy"].split("; ")
    return {name: sources for name, _, sources in (entry.partition(" ") for entry in entries)}


def test_answers_and_errors_have_them() -> None:
    for path in ("/", "/nothing"):
        headers = headers_of(path)
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert policy(headers)["object-src"] == "'none'"


def test_nothing_comes_from_another_host() -> None:
    sources = {name: found for name, found in policy(headers_of("/")).items() if name != "frame-ancestors"}
    allowed = {"'self'", "'none'", "'unsafe-inline'", "'unsafe-eval'", "data:", "blob:"}
    assert {each for found in sources.values() for each in found.split()} <= allowed
    assert sources["default-src"] == "'self'"


def test_the_hub_and_who_is_named_may_frame_the_page() -> None:
    assert policy(headers_of("/"))["frame-ancestors"] == "'self' https://huggingface.co https://*.hf.space"
    framed = policy(headers_of("/", "https://one.example, http://localhost:8000"))["frame-ancestors"].split()
    assert framed[-2:] == ["https://one.example", "http://localhost:8000"]


def test_a_stricter_answer_stays_as_it_is() -> None:
    assert headers_of("/own")["content-security-policy"] == "sandbox"
