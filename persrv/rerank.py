"""Re-ranking by personal preference (Eq. 10)."""

from __future__ import annotations

from persrv.records import FloatArray


def final_scores(recall: FloatArray, preference: FloatArray | None, alpha: float) -> FloatArray:
    """Score_{u,q}(s) = Recall Score_q(s) x (1 + alpha x Preference_u(s)), elementwise (n,).

    preference: cosines in [-1, 1] (persrv.styles), nearer is larger; None for somebody without a style: as recalled.
    Finite for finite input. With alpha above 1 the factor is negative where preference < -1 / alpha: there, what is
    more relevant comes later.
    """
    return recall if preference is None else recall * (1 + alpha * preference)
