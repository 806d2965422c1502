"""A blind round: two rankings of a query interleaved, shown without names, and told apart after a choice.

A `Trial`, seed included, determines its round. So the server keeps nothing between dealing and revealing, and until the
choice the browser holds nothing that tells which ranking a sticker comes from.
"""

from __future__ import annotations

from dataclasses import dataclass

from persrv.insight.interleaving import Pick, credit, score, team_draft
from persrv.records import RANKINGS
from persrv.retriever import Retriever, User
from persrv.ui import views
from persrv.ui.refusals import Refused
from persrv.ui.views import Lookup, View, number

#: Stickers of a round: what one looks over at a glance, in rows of 2, 3, 4 and 6.
LENGTH = 12

#: Depth to which a sticker's place is looked for, and the part of a ranking that a round's record keeps.
DEPTH = 100
KEPT = 24

MOST_ROUNDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Trial:
    """The inputs of a round: a query, the user whose taste counts (None: nobody's), rankings A and B, the seed."""

    query: str
    user: User
    first: str
    second: str
    seed: int


@dataclass(frozen=True, slots=True)
class Round:
    """A dealt round: the ids of both rankings, best first, and the interleaved list."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    picks: tuple[Pick, ...]


def deal(retriever: Retriever, trial: Trial) -> Round:
    """Deal the round of a trial; Refused where it would tell nothing, QueryError where the query cannot be searched."""
    for name in (trial.first, trial.second):
        if name not in RANKINGS:
            raise Refused("blind_ranking", name=name)
    if trial.first == trial.second:
        raise Refused("blind_one")
    results = retriever.compare(trial.query, trial.user, top=DEPTH)
    found = results[trial.first]
    if found.notice in ("blank_query", "no_catalogue"):
        raise Refused("blind_blank")
    if found.fallback:
        raise Refused("blind_no_match", q=found.query)
    first, second = (tuple(hit.sticker for hit in results[name].hits) for name in (trial.first, trial.second))
    if first[:LENGTH] == second[:LENGTH]:
        raise Refused("blind_same")
    return Round(first, second, team_draft(first, second, LENGTH, trial.seed))


def hidden_view(dealt: Round, lookup: Lookup) -> View:
    """The view before the choice: stickers, and nothing that tells them apart."""
    return {"stickers": [views.sticker_brief(lookup(pick.sticker)) for pick in dealt.picks]}


def revealed_view(dealt: Round, choice: str | None) -> View:
    """The view after the choice: each sticker's team and its place in both rankings (None: below DEPTH)."""
    place = [{name: rank for rank, name in enumerate(ranking, 1)} for ranking in (dealt.first, dealt.second)]
    return {
        "picks": [[pick.sticker, pick.team] for pick in dealt.picks],
        "places": {pick.sticker: [ranks.get(pick.sticker) for ranks in place] for pick in dealt.picks},
        "rankings": {"A": list(dealt.first[:KEPT]), "B": list(dealt.second[:KEPT])},
        "credit": credit(dealt.picks, dealt.first, dealt.second, choice),
        "depth": DEPTH,
    }


def score_view(for_a: int, for_b: int) -> View:
    """The score of decisive rounds, rounded for JSON."""
    found = score(for_a, for_b)
    return {
        "mean": number(found.mean),
        "low": number(found.low),
        "high": number(found.high),
        "above_half": number(found.above_half),
    }
