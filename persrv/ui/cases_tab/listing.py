"""Views of cases: plain dicts that the browser draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from persrv.insight.case_mining import CAPTION_FIELDS, KINDS, RESCUERS, Case, Ranked, empty_fields, questions
from persrv.retriever import Retriever
from persrv.ui.views import Lookup, View, number, sticker_brief


def cases_view(retriever: Retriever, mined: Mapping[str, Sequence[Case]], lookup: Lookup) -> View:
    """List all kinds in order with their mined cases; "state" says why a kind has none: "empty" fields, or "none"
    found.
    """
    empty = empty_fields(retriever)
    return {
        "kinds": [kind_view(kind, mined[kind], empty, lookup) for kind in KINDS],
        "captions": {field: field not in empty for field in CAPTION_FIELDS},
        "questions": len(questions(retriever)),
    }


def kind_view(kind: str, cases: Sequence[Case], empty: frozenset[str], lookup: Lookup) -> View:
    """View of one kind of case."""
    blank = kind in RESCUERS and empty.issuperset(RESCUERS[kind])
    state = "" if cases else "empty" if blank else "none"
    return {"name": kind, "state": state, "cases": [case_view(case, lookup) for case in cases]}


def case_view(case: Case, lookup: Lookup) -> View:
    """View of a case; its stickers' pictures are under "stickers"."""
    shown = dict.fromkeys((*case.without.first, *case.whole.first, case.sticker))
    return {
        "kind": case.kind,
        "user": case.user,
        "query": case.query,
        "sticker": case.sticker,
        "rankings": [ranked_view(each) for each in (case.without, case.whole)],
        "found_in": list(case.found_in),
        "preference": None if case.preference is None else number(case.preference),
        "counts": list(case.counts),
        "stickers": {name: sticker_brief(lookup(name)) for name in shown},
    }


def ranked_view(ranked: Ranked) -> Mapping[str, object]:
    """A short ranking: name ("" where a field was left out), first ids, place of the clicked sticker or None."""
    return {"name": ranked.name, "first": list(ranked.first), "place": ranked.place}
