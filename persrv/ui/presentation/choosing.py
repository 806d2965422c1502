"""Choosing the story of a bundle: its query, its two people and the sticker whose rise is explained, by a rule.

The query and the first person are those that open the page (persrv.ui.opening), the second person is the one whose
first stickers share fewest with the first one's, and the sticker is the one of the first person's first stickers that
taste lifted most. Where personalization hurts and what captions do is told by the first mined cases of these kinds
(persrv.insight.case_mining).
"""

from __future__ import annotations

from dataclasses import dataclass

from persrv.insight.rank_overlap import shared_at_top
from persrv.ui import opening
from persrv.ui.opening import SIGHT
from persrv.ui.service import PageService


@dataclass(frozen=True, slots=True)
class Story:
    """The query, people and sticker that a story shows.

    user: None if nobody has a style; other: None if nobody else has one; shared: how many of their first SIGHT stickers
    the two people share; sticker: the one whose rank is explained.
    """

    query: str
    user: str | None
    other: str | None
    shared: int | None
    sticker: str


def choose(service: PageService, language: str | None) -> Story | None:
    """Choose the story of a bundle; the same bundle and language give the same story.

    Prefers a query in the page's language ("zh" or "en"). None if no query finds anything.
    """
    retriever = service.retriever
    sight = opening.best(opening.in_language(service.openings(), language))
    query = sight.query if sight else next(iter(service.examples), None)
    if query is None:
        return None
    user = sight.user if sight else None
    results = retriever.compare(query, user, top=SIGHT)
    if not results["both"].hits:
        return None
    other = opening.most_unlike(retriever, query, user) if user else None
    mine = [hit.sticker for hit in results["both"].hits]
    theirs = [hit.sticker for hit in retriever.search(query, other, top=SIGHT).hits] if other else []
    shared = shared_at_top(mine, theirs, SIGHT) if other else None
    risen = max(results["both"].hits, key=lambda hit: (hit.recall_rank - hit.rank, -hit.rank))
    return Story(query, user, other, shared, risen.sticker)
