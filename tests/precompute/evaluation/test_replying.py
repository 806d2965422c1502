"""Judging replies: thresholds, recalls and decisions computed by hand, and methods that know everything or nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import toy
from both_languages import assert_told_in_both_languages

from persrv.records import Message
from precompute.demo.asking import Asked
from precompute.demo.situations import SITUATIONS
from precompute.evaluation import replying
from precompute.evaluation.replying import Answerer, Offered, Trial, balanced, best_threshold, judged, recalls
from precompute.evaluation.world import World
from precompute.runtime.progress import silent


def test_the_threshold_weighs_both_kinds_of_questions_alike() -> None:
    assert best_threshold([0.9, 0.6, 0.7, 0.2], [True, True, False, False]) == 0.6, "one wrong: the third"
    assert best_threshold([3.0, 2.0, 1.0], [True, True, True]) == 1.0
    assert best_threshold([0.9, 0.8, 0.3, 0.4], [True, True, True, False]) == 0.8, "not .3, though that errs once, too"


def test_balanced_accuracy_by_hand() -> None:
    wanted = np.array([True, True, True, False])
    assert balanced(np.array([True, True, False, True]), wanted) == pytest.approx((2 / 3 + 0) / 2)
    assert balanced(np.array([True] * 4), wanted) == 0.5
    assert balanced(np.array([True]), np.array([True])) == 1.0


def asked(kind: str, text: str, **wants: str) -> Asked:
    return Asked(kind, "en", (Message("me", text),), wants)  # type: ignore[arg-type]


def small() -> Trial:
    """The toy's four laughing stickers and four of the night; one question for the first, one for s06 alone."""
    labelled = {s.id: replace(s, labels={**s.labels, "character": "cat"}) for s in toy.stickers()}
    candidates = tuple(labelled[name] for name in toy.IDS[:8])
    held = (
        asked("instruction", "ha", situation="laugh"),
        asked("reply", "dark", situation="night", style="ink"),
        asked("small talk", "which floor"),
    )
    return Trial(candidates, held, (asked("own words", "yes", situation="laugh"), asked("errand", "no")))


ANSWERS = {
    "ha": Offered(("s12", "s05", "s01", "s02"), 0.8),  # s12 is no candidate, s05 does not fit
    "dark": Offered(("s06",), 0.3),
    "which floor": Offered(("s01",), 0.7),
    "yes": Offered(("s01",), 0.6),
    "no": Offered(("s01",), 0.5),
}
FIXED = Answerer("fixed", "text", lambda asked: ANSWERS[asked.text])


def test_recall_counts_candidates_only() -> None:
    trial = small()
    found = judged(trial, FIXED)
    assert found.offers == (True, False, True), "the learnt questions put the threshold at .6"
    columns = recalls(trial, found)
    assert columns["R@1"] == {0: 0.0, 1: 1.0}
    assert columns["R@5"] == {0: 2 / 4, 1: 1.0}
    assert columns["MRR"] == {0: 1 / 2, 1: 1.0}
    assert columns["first fits"] == {0: 0.0, 1: 1.0}
    assert columns["R@10 offered"] == {0: 2 / 4, 1: 0.0}


def test_a_method_that_decides_by_itself_has_no_threshold() -> None:
    trial = small()
    found = judged(trial, Answerer("shy", "ours", lambda asked: Offered((), 9.0, asked.text == "dark")))
    assert found.offers == (False, True, False)
    assert recalls(trial, found)["R@10"] == {0: 0.0, 1: 0.0}


def test_a_message_is_asked_once() -> None:
    seen: list[str] = []

    def answer(asked: Asked) -> Offered:
        seen.append(asked.text)
        return Offered((), 0.0, False)

    trial = small()
    judged(replace(trial, held=trial.held * 3), Answerer("counting", "text", answer))
    assert seen == ["ha", "dark", "which floor"]


def test_another_catalogue_gets_a_sentence(tmp_path: Path) -> None:
    found = replying.compute(World.open(toy.write_toy(tmp_path)), silent)
    assert found.tables == ()
    assert found.notes == (replying.NOTHING,)


@pytest.fixture
def drawn(tmp_path: Path) -> World:
    """Twelve stickers of the drawn world: four each of three situations, of which one was clicked."""
    names = tuple(SITUATIONS)[:3]
    stickers = tuple(
        replace(
            sticker,
            labels={"situation": names[row // 4], "character": ("cat", "dog")[row % 2], "style": "ink"},
            ocr=SITUATIONS[names[row // 4]].captions_zh[row % 4],
            queries=(),
        )
        for row, sticker in enumerate(toy.stickers())
    )
    return World.open(toy.write_toy(tmp_path, stickers=stickers))


def test_candidates_were_clicked_by_nobody(drawn: World) -> None:
    trial = replying.trial_of(drawn, 2)
    assert trial is not None
    clicked = {row.sticker for row in drawn.split.training}
    assert not {sticker.id for sticker in trial.candidates} & clicked
    assert len(trial.candidates) == 6
    assert trial == replying.trial_of(drawn, 2), "the seed decides"
    assert replying.trial_of(drawn, 5) is None


def test_the_tables_of_a_drawn_world(drawn: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replying, "CANDIDATES", 2)
    found = replying.compute(drawn, silent)
    assert [table.name for table in found.tables] == ["retrieval", "kinds", "deciding"]
    names = [row.name for row in found.tables[0].rows]
    assert names[0] == "BM25"
    assert names[-1] == "PerSRV"
    assert "SRS" in names
    assert_told_in_both_languages(found)
    for table in found.tables:
        for row in table.rows:
            assert all(0 <= figure.value <= 1 for figure in row.figures.values() if figure.value == figure.value)
