"""Integrated queries: the queries for which a sticker was clicked in training."""

from __future__ import annotations

from collections import Counter, defaultdict

from precompute.fit.split import TrainInteractions, training_rows


def integrate(train: TrainInteractions) -> dict[str, tuple[str, ...]]:
    """Sticker id -> its distinct training queries, most clicked first, ties by text. Stickers without clicks are
    absent.
    """
    clicks: dict[str, Counter[str]] = defaultdict(Counter)
    for row in training_rows(train):
        clicks[row.sticker][row.query] += 1
    return {
        sticker: tuple(sorted(counted, key=lambda query: (-counted[query], query)))
        for sticker, counted in sorted(clicks.items())
    }
