"""The server functions of the blind tab: deal a round, reveal it, count the score."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from persrv.query import clean_query
from persrv.retriever import User
from persrv.ui.blind_tab import rounds
from persrv.ui.likes import asked
from persrv.ui.refusals import answered
from persrv.ui.requests import text_of, too_long, whole
from persrv.ui.views import View

if TYPE_CHECKING:
    from persrv.ui.service import PageService

#: The largest seed of a round.
MOST_SEED = 2**32 - 1


def calls(service: PageService) -> list[Callable[[object], View]]:
    """The server functions of the tab."""

    def blind(request: object) -> View:
        """Deal a blind round, or return {"error": sentence, "code", "values"}; nothing tells whose a sticker is."""
        return played(request, lambda dealt: rounds.hidden_view(dealt, service.sticker))

    def reveal(request: object) -> View:
        """Reveal the same round after a choice ("choice": a sticker's id, None for none of them)."""
        choice = text_of(request, "choice")
        return played(request, lambda dealt: rounds.revealed_view(dealt, choice))

    def blind_score(request: object) -> View:
        """The score of "a" decisive rounds for ranking A and "b" for B."""
        return rounds.score_view(*(whole(request, key, rounds.MOST_ROUNDS) for key in ("a", "b")))

    def played(request: object, show: Callable[[rounds.Round], View]) -> View:
        """Deal the round of a request for the request's user, and show it by `show`."""

        def answer(user: User) -> View:
            trial = trial_of(request, user)
            dealt = answered(lambda: {"query": clean_query(trial.query), **show(rounds.deal(service.retriever, trial))})
            return {**too_long(trial.query), **dealt}

        return asked(service.retriever, request, answer)

    return [blind, reveal, blind_score]


def trial_of(request: object, user: User) -> rounds.Trial:
    """The trial of a request, played for `user`."""
    return rounds.Trial(
        query=text_of(request, "query") or "",
        user=user,
        first=text_of(request, "first") or "none",
        second=text_of(request, "second") or "both",
        seed=whole(request, "seed", MOST_SEED),
    )
