"""Query expansion: counts and closeness by hand, spelling, and that it is nothing unless it is asked for."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from persrv.ranking import expansion
from persrv.ranking.bm25 import FieldIndex
from persrv.ranking.expansion import (
    CHOSEN,
    OFF,
    Expansion,
    ExpansionSettings,
    closeness,
    letter_pieces,
    rarity,
    scores,
)

#: Three stickers and the tokens of what people typed for each.
STICKERS = (
    (("lol",), ("haha", "funny"), ("haha",)),
    (("lol", "cat"), ("haha",)),
    (("sad",), ("cry",)),
)


#: What a word on two of the three stickers tells, beside one on a single sticker.
TWICE = math.log(4 / 2.5) / math.log(4 / 1.5)


def test_words_of_different_texts_of_a_sticker_are_kin() -> None:
    kin = Expansion.learn(STICKERS, doubt=1.0)
    once = 1 / (math.sqrt(2) + 1)  # together once, one word on two stickers, the other on one
    # lol and haha: 2 pairs of texts at the first sticker, 1 at the second; both words are on two stickers
    assert kin.used_alike("lol") == pytest.approx({"haha": 3 / (2 + 1) * TWICE, "funny": once * TWICE})
    # "funny" stands in one text with "haha", but another text says "haha", too
    assert kin.used_alike("funny") == pytest.approx({"haha": once, "lol": once})
    assert kin.used_alike("cat") == pytest.approx({"haha": once}), "cat and lol are one text"
    assert kin.used_alike("sad") == pytest.approx({"cry": 1 / 2})
    assert kin.used_alike("never said") == {}


def test_closeness_and_telling_by_hand() -> None:
    assert closeness(np.array([3]), np.array([4]), np.array([9]), 2.0).tolist() == [3 / 8]
    assert rarity(np.array([1, 2, 3, 4]), 3).tolist() == pytest.approx(
        [1.0, TWICE, math.log(4 / 3.5) / math.log(4 / 1.5), 0.0]
    )


def test_only_the_closest_are_kept() -> None:
    assert list(Expansion.learn(STICKERS, doubt=1.0, most=1).used_alike("lol")) == ["haha"]


def test_words_spelled_alike_stand_in_for_one_another() -> None:
    kin = Expansion.learn(((("yes",), ("goodnight",)), (("no",), ("晚安",))))
    assert letter_pieces("ok") == {"<o", "ok", "k>", "<ok", "ok>"}
    alike = kin.spelled_alike("yess")
    assert list(alike) == ["yes"]
    # 4 of its 7 pieces (<y ye es <ye yes: 5; s> too) are those of "yes"; all known ones have one holder
    one, none = math.log(5 / 1.5), math.log(5 / 0.5)
    known, unknown = letter_pieces("yes") & letter_pieces("yess"), letter_pieces("yess") - letter_pieces("yes")
    dot = len(known) * one**2
    cosine = dot / math.sqrt((dot + len(unknown) * none**2) * len(letter_pieces("yes")) * one**2)
    assert alike["yes"] == pytest.approx(cosine**2, rel=1e-5)
    assert kin.spelled_alike("yes") == {}, "not itself"
    assert kin.spelled_alike("晚") == {}, "Chinese words share characters instead"


def test_a_query_gets_what_its_words_go_with() -> None:
    kin = Expansion.learn(STICKERS, doubt=1.0)
    weights = kin.expand(["lol", "lol"], ExpansionSettings(used=0.5))
    assert weights == pytest.approx({"lol": 2.0, "haha": TWICE, "funny": TWICE / (math.sqrt(2) + 1)})
    assert set(kin.expand(["lol"], ExpansionSettings(used=0.5, most=1))) == {"lol", "haha"}
    assert kin.expand(["lool"], ExpansionSettings(used=0.5)) == {"lool": 1}
    through_spelling = kin.expand(["hahaa"], ExpansionSettings(used=0.5, spelled=0.5))
    assert through_spelling["haha"] == pytest.approx(0.5 * kin.spelled_alike("hahaa")["haha"])
    assert through_spelling["lol"] == pytest.approx(0.5 * through_spelling["haha"] * TWICE)


@given(st.lists(st.sampled_from(["lol", "haha", "sad", "new"]), max_size=5))
def test_off_is_the_query_itself(tokens: list[str]) -> None:
    kin = Expansion.learn(STICKERS)
    assert kin.expand(tokens, OFF) == Counter(tokens)
    index = FieldIndex.build([[token for text in texts for token in text] for texts in STICKERS])
    np.testing.assert_allclose(scores(index, kin.expand(tokens, OFF)), index.scores(tokens), rtol=1e-6)


def test_an_expanded_query_finds_what_its_own_words_do_not() -> None:
    kin = Expansion.learn(STICKERS)
    index = FieldIndex.build([["lol"], ["haha"], ["sad"], ["cry"], ["dog"]])
    assert np.flatnonzero(scores(index, kin.expand(["lol"], OFF))).tolist() == [0]
    found = scores(index, kin.expand(["lol"], CHOSEN))
    assert np.flatnonzero(found).tolist() == [0, 1]
    assert found[0] > found[1] > 0


def test_learning_in_parts_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    stickers = [[[f"w{n}" for n in rng.integers(0, 12, 3)] for _ in range(4)] for _ in range(30)]
    whole = Expansion.learn(stickers)
    monkeypatch.setattr(expansion, "_AT_ONCE", 50)
    parts = Expansion.learn(stickers)
    assert np.array_equal(whole.kin, parts.kin)
    assert np.array_equal(whole.closeness, parts.closeness)


def test_nothing_to_learn_from() -> None:
    kin = Expansion.learn(((), (("alone",),)))
    assert kin.expand(["alone", "x"], CHOSEN) == {"alone": 1, "x": 1}
