"""Views of a sticker under inspection: its captions, its list, its places, its held-out queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from persrv.hits import Place
from persrv.insight.audience import Fan
from persrv.insight.caption_inspection import LISTS, CaptionScores, Inspector
from persrv.query import is_blank
from persrv.ui.views import Lookup, View, number, sticker_brief

if TYPE_CHECKING:
    from persrv.ui.service import PageService

#: Results of the query that one can walk through, and stickers of a list that are on the page at once.
RESULTS = 24
STRIP = 12

#: The list of the query's results, beside those of persrv.insight.caption_inspection.
FOUND = "results"


def inspected(
    service: PageService, inspector: Inspector, chosen: str | None, show: str | None, query: str, user: str | None
) -> View:
    """The view of the sticker `chosen`, else of the first of the list; "sticker" is None where there is neither.

    Held-out queries are counted, never sent along. "places" is None without a query.
    """
    name = list_named(show, query)
    results = service.retriever.search(query, user, top=RESULTS)
    ids = tuple(hit.sticker for hit in results.hits) if name == FOUND else inspector.listed(name)
    sticker_id = chosen or next(iter(ids), None)
    shown = None if sticker_id is None else service.detail(sticker_id, query)
    if shown and "error" in shown:
        return shown
    asked = sticker_id is not None and not is_blank(query)
    return {
        "sticker": shown,
        "list": {"name": name, "fallback": results.fallback, **walk(ids, sticker_id, service.sticker)},
        "query": results.query,
        "places": places_view(inspector, sticker_id, query, user) if sticker_id and asked else None,
        "held_out": len(inspector.held_out(sticker_id)) if sticker_id else 0,
        "recall_size": service.retriever.bundle.settings.recall_size,
    }


def list_named(show: str | None, query: str) -> str:
    """The name of the wanted list: `show` where it is one of LISTS; else the results, or all without a query."""
    if show in LISTS:
        return str(show)
    return "all" if is_blank(query) else FOUND


def walk(ids: Sequence[str], sticker_id: str | None, lookup: Lookup) -> View:
    """Find a sticker in a list: its 0-based place (None: outside), the ids before and after it (in a circle),
    and the stretch of the list around it, from "start" on.
    """
    total = len(ids)
    place = ids.index(sticker_id) if sticker_id in ids else None
    start = (place or 0) // STRIP * STRIP
    return {
        "total": total,
        "place": place,
        "previous": ids[(total if place is None else place) - 1] if total else None,
        "next": ids[0 if place is None else (place + 1) % total] if total else None,
        "start": start,
        "strip": [sticker_brief(lookup(name)) for name in ids[start : start + STRIP]],
    }


def places_view(inspector: Inspector, sticker_id: str, query: str, user: str | None) -> View:
    """Variant -> place of the sticker."""
    return {name: place_view(place) for name, place in inspector.places(sticker_id, query, user).items()}


def place_view(place: Place) -> View:
    """A place as numbers; None for a rank that it lacks."""
    found = {"rank": place.rank, "recall_rank": place.recall_rank, "deep": place.deep}
    return {**found, "matched": place.matched, "counted": place.counted}


def held_out_view(inspector: Inspector, sticker_id: str) -> View:
    """List the held-out queries of a sticker, with the people who typed each query and the sticker's place for each
    person; scores by model.
    """
    asked = inspector.held_out(sticker_id)
    return {
        "queries": [
            {
                "query": held.query,
                "trained": held.trained,
                "askers": [
                    {"user": user, "places": places_view(inspector, sticker_id, held.query, user)}
                    for user in held.users
                ],
            }
            for held in asked
        ],
        "scores": {name: scores_view(scores) for name, scores in inspector.scores(sticker_id).items()},
    }


def scores_view(scores: CaptionScores) -> View:
    return {
        "recall": number(scores.recall),
        "bleu": number(scores.bleu),
        "cosine": None if scores.cosine is None else number(scores.cosine),
    }


def fan_view(fan: Fan, lookup: Lookup) -> View:
    """A person's view of a picture; the page finds the word for their preference."""
    return {
        "user": fan.user,
        "preference": number(fan.preference),
        "beyond": number(fan.beyond),
        "nearest": [{**sticker_brief(lookup(name)), "cosine": number(value)} for name, value in fan.nearest],
    }
