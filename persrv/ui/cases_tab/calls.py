"""The server function of the cases tab."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from persrv.ui.cases_tab.listing import cases_view
from persrv.ui.once import Once
from persrv.ui.refusals import answered
from persrv.ui.views import View

if TYPE_CHECKING:
    from persrv.ui.service import PageService


def calls(service: PageService) -> list[Callable[[object], View]]:
    """The server function of the tab."""
    told = Once(service.retriever, lambda: cases_view(service.retriever, service.cases(), service.sticker))

    def cases(_: object) -> View:
        """The cases of the bundle, mined once; or {"error": sentence}."""
        return answered(told)

    return [cases]
