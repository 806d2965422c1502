"""What captions are worth, by hand: one word that only captions hold, one that only pictures hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import toy

from persrv.records import Interaction, Sticker
from persrv.retriever import Retriever
from precompute.config import EvaluateConfig
from precompute.split import TestInteractions
from precompute.stages.worth import METRICS, captions_worth

CONFIG = EvaluateConfig(resamples=100)
KNOWN = toy.INTERACTIONS["train"]

#: s10 was never clicked in training, s01 was. Ann finds s10 by "haha" in its keywords alone, s01 by its picture.
TEST = TestInteractions((Interaction("ann", "haha", "s10"), Interaction("ann", "laugh", "s01")))


def world(folder: Path, **captions: dict[str, str]) -> Retriever:
    """The toy world with captions: field -> sticker -> text."""

    def told(sticker: Sticker) -> Sticker:
        return replace(sticker, **{field: texts.get(sticker.id, "") for field, texts in captions.items()})

    return Retriever.open(toy.write_toy(folder, stickers=tuple(map(told, toy.stickers()))))


@pytest.fixture
def fine_tuned(tmp_path: Path) -> Retriever:
    return world(tmp_path / "tuned", keywords={"s10": "haha"}, description={"s03": "a cat"})


@pytest.fixture
def base(tmp_path: Path) -> Retriever:
    """The base model said "haha" of another sticker."""
    return world(tmp_path / "base", keywords={"s09": "haha"}, description={"s03": "a cat"})


def test_a_word_that_only_captions_hold_finds_the_cold_sticker(fine_tuned: Retriever, base: Retriever) -> None:
    """ "haha": s10 first with keywords, no match without, another sticker with the base model's. "laugh": the same."""
    found = captions_worth(TEST, fine_tuned, base, KNOWN, CONFIG)
    everything, cold, warm = (found["clicks"][kind] for kind in ("all", "cold", "warm"))
    assert [kind["clicks"] for kind in (everything, cold, warm)] == [2, 1, 1]
    assert cold["found"] == {
        "PerSRV": 1,
        "without captions": 0,
        "w/o utility": 1,
        "w/o utility, without captions": 0,
        "without keywords": 0,
        "without description": 1,
        "base keywords": 0,
    }
    assert set(warm["found"].values()) == {1}
    for metric in METRICS:
        assert cold["systems"]["PerSRV"][metric] == 1.0
        for gain in ("captions", "captions_without_utility", "keywords", "fine_tuning"):
            assert cold["gains"][gain][metric] == {"value": 1.0, "low": 1.0, "high": 1.0}
            assert warm["gains"][gain][metric]["value"] == 0.0
            assert everything["gains"][gain][metric]["value"] == 0.5
        for gain in ("description", "keywords_base"):
            assert cold["gains"][gain][metric] == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert everything["gains"]["captions"]["R@10"]["low"] < 0.5 < everything["gains"]["captions"]["R@10"]["high"]
    assert found["weights"] == {"keywords": 1.0, "description": 1.0}


def test_a_loss_is_told_as_it_is(base: Retriever, tmp_path: Path) -> None:
    """s09 comes second, after s12, which has clicks; keywords lift s11 above both: 1/3 instead of 1/2."""
    wrong = world(tmp_path / "wrong", keywords={"s11": "thanks thanks thanks"})
    test = TestInteractions((Interaction("nobody", "thanks", "s09"),))
    told = captions_worth(test, wrong, base, KNOWN, CONFIG)["clicks"]["all"]
    assert told["systems"]["without keywords"]["M-MRR@10"] == pytest.approx(1 / 2)
    assert told["gains"]["keywords"]["M-MRR@10"]["value"] == pytest.approx(1 / 3 - 1 / 2)
    assert told["gains"]["keywords"]["R@10"]["value"] == 0.0


def test_kinds_of_clicks_that_nobody_made_are_left_out(fine_tuned: Retriever, base: Retriever) -> None:
    warm_only = TestInteractions(TEST.rows[1:])
    assert set(captions_worth(warm_only, fine_tuned, base, KNOWN, CONFIG)["clicks"]) == {"all", "warm"}


def test_a_build_without_captions_has_nothing_to_tell(toy_retriever: Retriever, fine_tuned: Retriever) -> None:
    assert captions_worth(TEST, toy_retriever, toy_retriever, KNOWN, CONFIG) == {}
    without_base = captions_worth(TEST, fine_tuned, toy_retriever, KNOWN, CONFIG)
    assert "base keywords" not in without_base["clicks"]["all"]["systems"]
    assert set(without_base["clicks"]["all"]["gains"]) == {
        "captions",
        "captions_without_utility",
        "keywords",
        "description",
    }


def test_progress_is_told_question_by_question(fine_tuned: Retriever, base: Retriever) -> None:
    heard: list[tuple[int, int]] = []
    captions_worth(TEST, fine_tuned, base, KNOWN, CONFIG, lambda done, total: heard.append((done, total)))
    assert heard == [(0, 2), (1, 2), (2, 2)]
