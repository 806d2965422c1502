"""Re-ranking by personal preference (Eq. 10)."""

from __future__ import annotations

import numpy as np

from persrv.records import FloatArray, ScoreArray


def final_scores(recall: ScoreArray, preference: FloatArray | None, alpha: float) -> ScoreArray:
    """Score_{u,q}(s) = Recall Score_q(s) x (1 + alpha x Preference_u(s)), elementwise (n,).

    preference: in [0, 1] (persrv.styles), nearer is larger; None for somebody without a style: as recalled.
    """
    return recall if preference is None else recall * (1 + alpha * preference.astype(np.float64))
