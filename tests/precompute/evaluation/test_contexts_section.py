"""People in time and in places: the baselines by hand, and what two small worlds show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sends_world import catalogue, sent, vectors

from precompute.demo.sends import NULL, REAL
from precompute.evaluation.contexts import baselines, section
from precompute.evaluation.contexts.section import (
    GAIN,
    IMPOSED,
    MIXTURE,
    MRR,
    NULL_GAIN,
    STATIC,
    Judged,
    findings,
    judge,
)
from precompute.evaluation.report import Figure, findings_from_json, findings_to_json
from precompute.evaluation.world import Options
from precompute.fit.contexts import SendCatalogue
from precompute.fit.split import TrainInteractions

STICKERS = catalogue()

#: Tastes that differ and drift much, so that few sends show it.
STRONG = replace(REAL, people=8, sends=120, domain=5.0, drift=0.3)


@pytest.fixture(scope="module")
def worlds() -> tuple[Judged, Judged]:
    options = Options(resamples=300, seed=1)
    still = replace(STRONG, domain=NULL.domain, drift=NULL.drift)
    real = judge(STICKERS, vectors(STICKERS), STRONG, options)
    return real, judge(STICKERS, vectors(STICKERS), still, options, real.chosen[MIXTURE])


def everything(judged: Judged) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.ones(len(judged.sent), np.bool_)


def test_context_gains_where_tastes_differ_and_drift(worlds: tuple[Judged, Judged]) -> None:
    gain = worlds[0].gain(MIXTURE, STATIC, everything(worlds[0]))
    assert gain.low is not None
    assert gain.low > 0


def test_context_gains_nothing_in_the_null_world(worlds: tuple[Judged, Judged]) -> None:
    chosen, imposed = (worlds[1].gain(name, STATIC, everything(worlds[1])) for name in (MIXTURE, IMPOSED))
    assert chosen.low is not None
    assert chosen.high is not None
    assert chosen.low <= 0 <= chosen.high
    assert imposed.low is not None
    assert imposed.low <= 0


def test_the_findings_have_both_worlds_side_by_side(worlds: tuple[Judged, Judged]) -> None:
    found = findings(*worlds)
    assert [table.name for table in found.tables] == ["people_in_time", "people_in_places", "domain_cold_start"]
    for table in found.tables:
        for row in table.rows:
            assert {MRR, section.NULL_MRR} <= set(row.figures) <= set(section.COLUMNS)
            assert 0 < row.figures[MRR].value <= 1
    assert found.data.en == "simulated world"
    assert findings_to_json(findings_from_json(findings_to_json(found))) == findings_to_json(found)


def test_the_static_style_is_no_gain_over_itself(worlds: tuple[Judged, Judged]) -> None:
    rows = findings(*worlds).tables[0].rows
    assert all(GAIN not in row.figures and NULL_GAIN not in row.figures for row in rows if row.name == STATIC)


def test_groups_of_domains_and_languages_cover_all_sends(worlds: tuple[Judged, Judged]) -> None:
    some = [section._where(value)(worlds[0]) for value in ("work", "family", "friends", "zh", "en")]
    assert np.sum(some, axis=0).tolist() == [2] * len(worlds[0].sent)


def test_the_sentence_says_what_the_figures_say() -> None:
    gained, nothing = Figure(0.1, 0.05, 0.15), Figure(0.01, -0.02, 0.03)
    said = {
        (gained, nothing, gained, gained): "Knowing where and when somebody writes helps.",
        (gained, nothing, gained, nothing): "Knowing where somebody writes helps; knowing when is not shown to.",
        (gained, nothing, nothing, gained): "Knowing when somebody writes helps; knowing where is not shown to.",
        (gained, nothing, nothing, nothing): "Knowing where and when somebody writes helps, neither clearly by itself.",
        (nothing, nothing, gained, gained): "Knowing where and when somebody writes does not help.",
        (gained, gained, gained, gained): "Not to be trusted: the null world gains too.",
    }
    assert {figures: section._verdict(*figures).en for figures in said} == said


def test_baselines_by_hand() -> None:
    ground = SendCatalogue.of(["a", "b", "c", "d"], np.eye(4, dtype=np.float32), ["hi"] * 4)
    sends = [sent("u", "a", 1), sent("u", "b", 2), sent("u", "a", 3), sent("u", "c", 4), sent("v", "d", 5)]
    train = TrainInteractions(tuple(sends[::-1]))
    everybody = np.array([2, 1, 1, 1]) / 6
    assert baselines.popular(train, ground)("u", "work") == pytest.approx(everybody)
    assert baselines.most_used(train, ground)("u", "work") == pytest.approx(np.array([2, 1, 1, 0]) + everybody)
    assert baselines.recency(train, ground)("u", "") == pytest.approx(np.array([3, 2, 4, 0]) + everybody)
    packs = ["p", "q", "q", "p"]
    assert baselines.last_pack(train, ground, packs)("u", "") == pytest.approx(np.array([3, 4, 4, 3]) + everybody)
    assert baselines.recency(train, ground)("nobody", "") == pytest.approx(everybody)
