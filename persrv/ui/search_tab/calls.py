"""The server functions of the search tab."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from persrv.errors import PersrvError
from persrv.insight.preference_pull import cluster_members, cluster_pulls
from persrv.ranking.styles import StyleSpace
from persrv.retriever import Retriever, User
from persrv.ui import opening
from persrv.ui.requests import field, text_of
from persrv.ui.views import View, number, sticker_brief

if TYPE_CHECKING:
    from persrv.ui.service import PageService

#: Training queries that a browser is sent to complete from.
MOST_SUGGESTIONS = 3000

#: Number of members shown, those that pulled most.
SHOWN = 5

#: A request and what to answer for a user -> the answer to whom the request is made for (persrv.ui.you_tab.calls).
Told = Callable[[object, Callable[[User], View]], View]


def calls(service: PageService, told: Told) -> list[Callable[[object], View]]:
    """The server functions of the tab; told: answers for the request's user (persrv.ui.you_tab.calls)."""

    def search(request: object) -> View:
        """The four rankings of "query" for the request's user, with "candidates" where they are wanted; "literal": read
        only as typed; "words_only": searched by words alone.
        """
        query = text_of(request, "query") or ""
        wanted: dict[str, Any] = {
            name: field(request, name) is True for name in ("candidates", "literal", "words_only")
        }
        return told(request, lambda user: service.search(query, user, **wanted))

    def detail(request: object) -> View:
        """All data of "sticker"; its keywords say whether they share a word with "query"."""
        return service.detail(text_of(request, "sticker") or "", text_of(request, "query") or "")

    def suggestions(_: object) -> View:
        """Training queries with their number of clicks, most clicked first."""
        return {"queries": [list(pair) for pair in service.retriever.training_queries()[:MOST_SUGGESTIONS]]}

    def examples(request: object) -> View:
        """Example queries, best first, and the query to open the page with, for "user" where one is named; in the
        page's "language" where there are any.
        """
        user = text_of(request, "user")
        seen = opening.in_language(service.openings(), text_of(request, "language"))
        first = opening.best(each for each in seen if user in (None, each.user))
        queries = opening.queries_to_try(seen) or service.examples
        start = {"query": queries[0] if queries else "", "user": user or ""}
        return {"queries": list(queries), "opening": {"query": first.query, "user": first.user} if first else start}

    def unlike(request: object) -> View:
        """The person whose stickers for "query" differ most from those of "user"."""
        try:
            found = opening.most_unlike(
                service.retriever, text_of(request, "query") or "", text_of(request, "user") or None
            )
        except PersrvError:
            found = opening.most_unlike(service.retriever, "", text_of(request, "user") or None)
        return {"user": found}

    def pulled(request: object) -> View:
        """The stickers of a person ("user", "cluster") that pulled a "sticker" up most, as briefs with their pulls."""
        cluster = field(request, "cluster")
        place = cluster if isinstance(cluster, int) and not isinstance(cluster, bool) else -1
        view = pull_view(service.retriever, text_of(request, "user") or "", text_of(request, "sticker") or "", place)
        return {
            **view,
            "pulled": [{**sticker_brief(service.sticker(name)), "pull": pull} for name, pull in view["pulled"]],
        }

    return [search, detail, suggestions, examples, unlike, pulled]


def pull_view(retriever: Retriever, user: str, sticker: str, cluster: int) -> View:
    """The members of a cluster that pulled a sticker most, by id with their pulls, and the number of all members.

    No members for a user without a style or without such a cluster, and for an unknown sticker.
    """
    style = retriever.style_of(user)
    row = retriever.bundle.row_of.get(sticker)
    if style is None or row is None or not 0 <= cluster < len(style.centroids):
        return {"members": 0, "pulled": []}
    bundle = retriever.bundle
    rows, vectors = cluster_members(retriever, style, cluster)
    itself = StyleSpace(bundle.style_mean).project(np.asarray(bundle.embeddings[row : row + 1], np.float32))[0]
    shares = cluster_pulls(style, cluster, itself, vectors, bundle.style_precision)
    names = [bundle.ids[each] for each in rows.tolist()]
    best = sorted(range(len(names)), key=lambda place: (-float(shares[place]), names[place]))[:SHOWN]
    return {"members": len(names), "pulled": [[names[place], number(shares[place])] for place in best]}
