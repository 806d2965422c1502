"""The server function of the story."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from persrv.ui.presentation.choosing import choose
from persrv.ui.refusals import answered
from persrv.ui.requests import text_of
from persrv.ui.service import PageService
from persrv.ui.views import View


def calls(service: PageService) -> list[Callable[[object], View]]:
    """The server function of this folder."""

    def story(request: object) -> View:
        """Choose the story, with a query in the page's "language" if there is one: {"story": None} if no query finds
        a sticker; or {"error": sentence}.
        """

        def told() -> View:
            chosen = choose(service, text_of(request, "language"))
            return {"story": None if chosen is None else asdict(chosen)}

        return answered(told)

    return [story]
