"""Re-ranking by personal preference (Eq. 10)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from persrv.ranking.fusion import fits
from persrv.ranking.recall import Recalled
from persrv.records import FloatArray, ScoreArray


class Ranked(NamedTuple):
    """The best n stickers of one ranking, best first; arrays (n,). preference and cluster: None without a style.

    kept_back: which stickers taste may not lift, since they fit too little or show less of a described drawing than
    others; None where all may be lifted.
    """

    rows: NDArray[np.intp]
    recall_rank: NDArray[np.intp]  # 1-based
    relevance: ScoreArray
    recall: ScoreArray
    preference: ScoreArray | None  # float32 numbers
    cluster: NDArray[np.intp] | None
    final: ScoreArray
    kept_back: NDArray[np.bool_] | None = None


def final_scores(recall: ScoreArray, preference: FloatArray, alpha: float) -> ScoreArray:
    """Score_{u,q}(s) = Recall Score_q(s) x (1 + alpha x Preference_u(s)), elementwise (n,).

    preference: in [0, 1] (persrv.ranking.styles), nearer is larger.
    """
    return recall * (1 + alpha * preference.astype(np.float64))


def as_recalled(recalled: Recalled, top: int) -> Ranked:
    """The first `top` recalled stickers, unpersonalized."""
    rows, relevance, scores = recalled.rows[:top], recalled.relevance[:top], recalled.scores[:top]
    return Ranked(rows, np.arange(1, len(rows) + 1), relevance, scores, None, None, scores)


def reranked(
    recalled: Recalled,
    preference: FloatArray,
    cluster: NDArray[np.intp],
    alpha: float,
    tie: NDArray[np.intp],
    top: int,
    floor: float = 0.0,
) -> Ranked:
    """Order recalled stickers (n,) by final score and take the first `top`; tie (N,): the smaller place wins among
    equals.

    floor: taste lifts a sticker only whose relevance is at least this share of the best one's (fusion.fits), so it
    orders what fits, and never puts what does not before what does. Where the query describes a drawing, taste lifts
    only what shows as much of it as any sticker does (Recalled.whole): half of what was asked never comes before all.
    """
    fit = fits(recalled.relevance, floor)
    if recalled.whole is not None:
        fit &= recalled.whole
    final = final_scores(recalled.scores, np.where(fit, preference, np.float32(0)), alpha)
    best = np.lexsort((tie[recalled.rows], -final))[:top]
    relevance, scores = recalled.relevance[best], recalled.scores[best]
    tastes = preference[best].astype(float)
    kept_back = None if not floor and recalled.whole is None else ~fit[best]
    return Ranked(recalled.rows[best], best + 1, relevance, scores, tastes, cluster[best], final[best], kept_back)
