"""The opening of the page: its first query and person, chosen by a rule over the bundle, the same every time.

The rule looks at the example queries (and, where there are few, at the queries typed most) for all people with a style,
as the page first shows them (utility and personalization on). An opening qualifies if the person's first stickers are
nearly as relevant as the unpersonalized ones. The best opening has the most stickers that are not among the
unpersonalized ones, and then the largest gain of preference.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from persrv.insight.rank_overlap import shared_at_top
from persrv.ranking import rerank
from persrv.ranking.recall_contract import Question
from persrv.ranking.styles import StyleSpace, preference
from persrv.retriever import Retriever
from persrv.text.analyser import analyse
from persrv.ui.crowd import shown_people

#: Number of stickers in sight at first.
SIGHT = 8

#: The least that the person's stickers keep of the relevance of everybody's.
KEPT = 0.85

#: Numbers of the most typed queries that are looked at, and that are offered.
MOST_LOOKED_AT = 200
OFFERED = 8


@dataclass(frozen=True, slots=True)
class Opening:
    """The first SIGHT stickers of a query for a person, compared with the unpersonalized ones.

    fresh: how many of the person's stickers are not among the unpersonalized ones; gain: mean preference of the
    person's stickers minus that of the unpersonalized ones; kept: relevance of the person's stickers over that of the
    unpersonalized ones, 1 where neither has any; everybodys: ids of the unpersonalized stickers.
    """

    query: str
    user: str
    fresh: int
    gain: float
    kept: float
    everybodys: tuple[str, ...]

    @property
    def comparison_key(self) -> tuple[float, int, float]:
        """The key by which openings are compared: relevance kept, then fresh stickers, then gained preference."""
        return min(self.kept, KEPT), self.fresh, self.gain


def candidate_queries(retriever: Retriever, examples: Sequence[str]) -> tuple[str, ...]:
    """The queries that may open the page: the examples, and where these are few the queries typed most in training,
    too.
    """
    if len(examples) >= OFFERED:
        return tuple(examples)
    typed = (query for query, _ in retriever.training_queries()[:MOST_LOOKED_AT])
    return tuple(dict.fromkeys((*examples, *typed)))


def openings(retriever: Retriever, queries: Sequence[str]) -> tuple[Opening, ...]:
    """The openings of every query and every shown person with a style, by query, then by person; none for a query
    without results.

    Equal to two searches for each (tested), in a tenth of the time, since recall does not depend on the person.
    """
    bundle, engine, settings = retriever.bundle, retriever.engine, retriever.bundle.settings
    space = StyleSpace(bundle.style_mean)
    styles = {each.id: style for each in shown_people(retriever) if (style := retriever.style_of(each.id)) is not None}
    found = []
    for query in queries:
        tokens = tuple(analyse(query))
        question = Question(tokens, settings.field_weights, settings.utility_weights, settings.utility_base)
        recalled = engine.recall(question, [settings.lambda_], settings.recall_size)[0]
        rows = recalled.rows
        if not len(rows):
            continue
        vectors = space.project(engine.vectors(rows))
        ids = [bundle.ids[row] for row in rows.tolist()]
        everybodys = tuple(ids[:SIGHT])
        asked = float(recalled.relevance[:SIGHT].sum())
        for user, style in styles.items():
            liking, _ = preference(style, vectors)
            final = rerank.final_scores(recalled.scores, liking, settings.alpha)
            first = np.lexsort((ids, -final))[:SIGHT]
            theirs = [ids[place] for place in first.tolist()]
            found.append(
                Opening(
                    query,
                    user,
                    fresh=len(theirs) - shared_at_top(everybodys, theirs, SIGHT),
                    gain=float(liking[first].mean() - liking[:SIGHT].mean()),
                    kept=float(recalled.relevance[first].sum()) / asked if asked else 1.0,
                    everybodys=everybodys,
                )
            )
    return tuple(found)


def best(found: Iterable[Opening]) -> Opening | None:
    """The opening to choose, the first among equals; None without any."""
    return max(found, key=lambda each: each.comparison_key, default=None)


def queries_to_try(found: Sequence[Opening], most: int = OFFERED) -> tuple[str, ...]:
    """Choose queries to try: first the one that opens the page, then those with the most fresh stickers on average.

    Of queries whose first stickers are half the same, only the first is offered. Ties stay in their order.
    """
    by_query: dict[str, list[Opening]] = {}
    for each in found:
        by_query.setdefault(each.query, []).append(each)
    opening = best(found)

    def shown(query: str) -> tuple[bool, float]:
        sound = [each.fresh if each.kept >= KEPT else 0 for each in by_query[query]]
        return opening is not None and query == opening.query, sum(sound) / len(sound)

    chosen: list[Opening] = []
    for query in sorted(by_query, key=shown, reverse=True):
        here = by_query[query][0]
        if all(2 * shared_at_top(here.everybodys, other.everybodys, SIGHT) < SIGHT for other in chosen):
            chosen.append(here)
    return tuple(each.query for each in chosen[:most])


def in_language(found: Sequence[Opening], language: str | None) -> Sequence[Opening]:
    """The openings whose query is in a language: with Chinese characters for "zh", without for "en".

    All openings if none is, or for another language.
    """
    if language not in ("zh", "en"):
        return found
    return [
        each for each in found if any("\u4e00" <= letter <= "\u9fff" for letter in each.query) == (language == "zh")
    ] or found


def most_unlike(retriever: Retriever, query: str, user: str | None) -> str | None:
    """The other person whose first stickers share fewest with the user's; None where nobody else has a style."""

    def first(person: str | None) -> list[str]:
        return [hit.sticker for hit in retriever.search(query, person, top=SIGHT).hits]

    mine = first(user)
    others = [
        each.id for each in shown_people(retriever) if each.id != user and retriever.style_of(each.id) is not None
    ]
    return min(others, key=lambda other: shared_at_top(mine, first(other), SIGHT), default=None)
