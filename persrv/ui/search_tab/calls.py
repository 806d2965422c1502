"""What a browser may ask of the server for the search tab, beside the search itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from persrv.errors import PersrvError
from persrv.ui.search_tab import opening
from persrv.ui.search_tab.pull import pull_view
from persrv.ui.service import text_of
from persrv.ui.views import View, sticker_brief

if TYPE_CHECKING:
    from persrv.ui.service import PageService


def calls(service: PageService) -> list[Callable[[object], View]]:
    """The functions."""

    def examples(request: object) -> View:
        """Example queries, those first that show most, and what to open with, for "user" where one is named."""
        user = text_of(request, "user")
        seen = service.first_sights()
        first = opening.best(each for each in seen if user in (None, each.user))
        queries = opening.offered(seen) or service.examples
        start = {"query": queries[0] if queries else "", "user": user or ""}
        return {"queries": list(queries), "opening": {"query": first.query, "user": first.user} if first else start}

    def unlike(request: object) -> View:
        """The person who sees the most different stickers for "query" from what "user" sees."""
        try:
            found = opening.unlike(service.retriever, text_of(request, "query") or "", text_of(request, "user") or None)
        except PersrvError:
            found = opening.unlike(service.retriever, "", text_of(request, "user") or None)
        return {"user": found}

    def pulled(request: object) -> View:
        """The stickers of a person ("user", "cluster") that pulled a "sticker" up, as briefs with what each added."""
        cluster = request.get("cluster") if isinstance(request, Mapping) else None
        place = cluster if isinstance(cluster, int) and not isinstance(cluster, bool) else -1
        view = pull_view(service.retriever, text_of(request, "user") or "", text_of(request, "sticker") or "", place)
        return {
            **view,
            "pulled": [{**sticker_brief(service.sticker(name)), "pull": pull} for name, pull in view["pulled"]],
        }

    return [examples, unlike, pulled]
