"""A request that the app falls over is answered with a sentence, and leaves a line in the log, no traceback."""

from __future__ import annotations

import logging

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from persrv.ui.guards.failures import SENTENCE, ToldFailures


def fall(request: Request) -> PlainTextResponse:
    if request.url.path == "/fall":
        raise KeyError("x" * 1000)
    return PlainTextResponse("here")


ROUTES = [Route("/", fall), Route("/fall", fall)]
CLIENT = TestClient(Starlette(routes=ROUTES, middleware=[Middleware(ToldFailures)]))


def test_a_failure_is_a_sentence_and_a_line(caplog: pytest.LogCaptureFixture) -> None:
    answer = CLIENT.get("/fall")
    assert (answer.status_code, answer.json()) == (500, {"error": SENTENCE})
    (line,) = [record for record in caplog.records if record.levelno >= logging.INFO and "failed" in record.message]
    assert line.exc_info is None
    assert len(line.message) < 300
    assert CLIENT.get("/").text == "here"
