"""Closed routes: what Gradio offers and the page never uses answers 404, and reads nothing of the request."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

#: Uploads of files, which Gradio keeps, and requests to other hosts on a visitor's behalf. What Gradio writes by itself
#: (the recorder and its "vibe" editor) answers already only while it is developed with.
PATHS = (
    "/gradio_api/upload",
    "/gradio_api/upload_progress",
    "/gradio_api/proxy={rest:path}",
    "/gradio_api/stream/{rest:path}",
    "/gradio_api/process_recording",
)


def routes() -> list[Route]:
    """Routes that come before Gradio's of the same address."""
    return [Route(path, _closed, methods=_METHODS) for path in PATHS]


def _closed(_: Request) -> Response:
    return JSONResponse({"error": "This app takes no files here. It reads pictures on its page."}, 404)
