"""Answers to the browser as finished JSON, written in the thread that computed them, not in the one all visitors share.

Gradio hands the result of a server function to FastAPI, which walks through every value before it writes it, on the
event loop. A response that is already written passes through as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps

import orjson
from starlette.responses import Response

from persrv.ui.views import View


def rendered(functions: Sequence[Callable[[object], View]]) -> list[Callable[[object], Response]]:
    """The same server functions under the same names, with their answers written as JSON."""
    return [_rendered(function) for function in functions]


def _rendered(function: Callable[[object], View]) -> Callable[[object], Response]:
    @wraps(function)
    def answer(request: object) -> Response:
        return Response(orjson.dumps(function(request), option=orjson.OPT_NON_STR_KEYS), media_type="application/json")

    return answer
