"""Baselines without styles: a person's latest stickers, the most used ones, the last pack, and the most popular
stickers.

Each is a function from person and domain to (N,) scores, from training sends alone; a sticker that a baseline cannot
score stands below all others, ordered by its number of sends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from persrv.records import Interaction
from precompute.fit.contexts import Scores, SendCatalogue, Taste
from precompute.fit.split import TrainInteractions, training_rows


def popular(train: TrainInteractions, ground: SendCatalogue) -> Taste:
    """Rank by popularity: a sticker's score is its number of sends, scaled to less than 1."""
    rows = ground.rows([sent.sticker for sent in training_rows(train)])
    counts = np.bincount(rows, minlength=len(ground.ids))
    scores = np.asarray(counts / (counts.sum() + 1), np.float32)
    return lambda _user, _domain: scores


def most_used(train: TrainInteractions, ground: SendCatalogue) -> Taste:
    """Rank by use: a sticker's score is its number of sends by the person."""
    return _own(train, ground, lambda rows: np.bincount(rows, minlength=len(ground.ids)))


def recency(train: TrainInteractions, ground: SendCatalogue) -> Taste:
    """A sticker's score is the place of its latest send among all sends of the person, the first being 1."""
    return _own(train, ground, lambda rows: _latest(rows, len(ground.ids)))


def last_pack(train: TrainInteractions, ground: SendCatalogue, packs: Sequence[str]) -> Taste:
    """A sticker's score is the place of the latest send of any sticker of its pack, the first being 1.

    packs: that of each of the N stickers.
    """
    number = np.unique(np.array(packs), return_inverse=True)[1]
    return _own(train, ground, lambda rows: _latest(number[rows], int(number.max()) + 1)[number])


def _latest(values: NDArray[np.intp], size: int) -> NDArray[np.intp]:
    """(size,) the last place, from 1, at which each value stands; 0 for none."""
    places = np.zeros(size, np.intp)
    np.maximum.at(places, values, np.arange(1, len(values) + 1))
    return places


def _own(
    train: TrainInteractions, ground: SendCatalogue, score: Callable[[NDArray[np.intp]], NDArray[np.intp]]
) -> Taste:
    """Scores of each person's own sends, oldest first; ties by what everybody sends, which counts less than 1."""
    everybody = popular(train, ground)
    sent: dict[str, list[Interaction]] = {}
    for each in training_rows(train):
        sent.setdefault(each.user, []).append(each)
    rows = {
        user: ground.rows([each.sticker for each in sorted(own, key=lambda each: each.time or 0)])
        for user, own in sent.items()
    }
    scores = {user: np.asarray(score(own) + everybody("", ""), np.float32) for user, own in rows.items()}

    def taste(user: str, domain: str) -> Scores:
        return scores[user] if user in scores else everybody(user, domain)

    return taste
