"""Re-ranking by personal preference (Eq. 10)."""

from __future__ import annotations

from persrv.records import FloatArray


def final_scores(recall: FloatArray, preference: FloatArray | None, alpha: float) -> FloatArray:
    """Score_{u,q}(s) = Recall Score_q(s) x (1 + alpha x Preference_u(s)), elementwise (n,).

    preference: in [0, 1] (persrv.styles), nearer is larger; None for somebody without a style: as recalled.
    """
    return recall if preference is None else recall * (1 + alpha * preference)
