"""Senders: the style of a person where they send, made when it is first asked for from what the bundle says of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from persrv.bundle.reader import Bundle
from persrv.ranking import context, styles
from persrv.records import Context, FloatArray, Interaction, UserStyle
from persrv.text.folding import normalise

#: Styles that are kept at hand: of a person in a domain with what they sent since, and of a person alone.
_AT_HAND = 64


class Senders:
    """The people of a bundle as senders; threads may share it."""

    def __init__(self, bundle: Bundle, vectors: Callable[[Sequence[str]], FloatArray], seed: int) -> None:
        """vectors: sticker ids -> (n, d) unit rows of the style space; seed: of clusters."""
        self._bundle = bundle
        self._vectors = vectors
        self._seed = seed
        self._placed = lru_cache(_AT_HAND)(self._place)
        self._whole = lru_cache(_AT_HAND)(self._fit)

    def style(self, user: str | UserStyle | None, domain: str, sent: Sequence[str] = ()) -> UserStyle | None:
        """Return a person's style in a domain (persrv.ranking.context).

        None if the person sent nothing in the domain in training, for a live style, for nobody, and without a domain.
        sent: known stickers that they sent there since.
        """
        return self._placed(user, normalise(domain), tuple(sent)) if isinstance(user, str) and domain else None

    def _place(self, user: str, domain: str, sent: tuple[str, ...]) -> UserStyle | None:
        sends = self._bundle.sends_by_user.get(user, ())
        if not any(each.context is not None and each.context.domain == domain for each in sends):
            return None
        latest = max((each.time for each in sends if each.time is not None), default=None)
        since = [Interaction(user, "", sticker, latest, Context(domain=domain)) for sticker in sent]
        history = context.history_of([*sends, *since], self._vectors)
        return context.in_context(self._whole(user), history, domain, self._bundle.context)

    def _fit(self, user: str) -> UserStyle:
        """The style of all that somebody sent in training, whose clusters a domain makes louder or quieter."""
        ids = sorted({each.sticker for each in self._bundle.sends_by_user[user]})
        clusters, precision = self._bundle.context.clusters, self._bundle.style_precision
        return styles.fit_user_style(user, ids, self._vectors(ids), clusters, self._seed, precision)
