"""The server function of the cases tab."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from persrv.ui.cases_tab.listing import cases_view
from persrv.ui.refusals import answered
from persrv.ui.views import View

if TYPE_CHECKING:
    from persrv.ui.service import PageService


def calls(service: PageService) -> list[Callable[[object], View]]:
    """The server function of the tab. Threads that ask at the same time wait for the same mining."""
    mining = threading.Lock()

    @cache
    def mined() -> View:
        return cases_view(service.retriever, service.sticker)

    def cases(_: object) -> View:
        """The cases of the bundle, mined once, when first asked for; or {"error": sentence}."""
        with mining:
            return answered(mined)

    return [cases]
