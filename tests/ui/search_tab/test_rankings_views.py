"""Views by which the browser compares rankings: pure functions, no browser."""

from __future__ import annotations

import pytest

from persrv.records import RANKINGS
from persrv.ui import views


def test_every_pair_of_rankings_is_compared_once() -> None:
    rows = views.overlap_rows({"none": "ab", "utility": "ba", "personalization": "ab", "both": ""})
    assert [row["pair"] for row in rows] == [[a, b] for i, a in enumerate(RANKINGS) for b in RANKINGS[i + 1 :]]
    # X_1 = 0, X_2 = 2 and p = .9: 1/9 x .81 + .81
    assert rows[0] == {"pair": ["none", "utility"], "shared": 2, "rbo": pytest.approx(0.9)}
    assert rows[1]["rbo"] == 1
    assert rows[2] == {"pair": ["none", "both"], "shared": 0, "rbo": None}
