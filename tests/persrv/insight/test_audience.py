"""The audience of a picture in the toy world: Ann likes style 0, Bob style 1, Cleo styles 2 and 3."""

from __future__ import annotations

import numpy as np
import pytest
import toy

from persrv.insight.audience import audience
from persrv.records import FloatArray
from persrv.retriever import Retriever


def second(retriever: Retriever) -> FloatArray:
    """The raw embedding of s02, as the bundle holds it."""
    return np.asarray(retriever.bundle.embeddings[1], np.float32)


def test_everybody_is_ranked_by_how_much_of_the_catalogue_is_less_to_their_taste(toy_retriever: Retriever) -> None:
    fans = audience(toy_retriever, second(toy_retriever))  # s02 itself, in Bob's style
    assert [fan.user for fan in fans] == ["bob", "ann", "cleo"]  # nothing is less to Ann's and Cleo's taste: by id
    assert fans[0].preference == pytest.approx(0.8, abs=1e-3)
    assert fans[0].beyond == pytest.approx(9 / 12)  # three of twelve are of that style, as near as this
    assert (fans[1].beyond, fans[1].preference) == (0, 0)


def test_the_stickers_of_theirs_that_are_nearest(toy_retriever: Retriever) -> None:
    fans = {fan.user: fan for fan in audience(toy_retriever, second(toy_retriever))}
    assert fans["bob"].nearest == (("s02", pytest.approx(1, abs=1e-3)),)  # all that Bob clicked in training
    # Ann clicked s01 and s02; Cleo s07 and s12, of other styles, and neither says "laugh": ties by id
    assert [name for name, _ in fans["ann"].nearest] == ["s02", "s01"]
    assert [name for name, _ in fans["cleo"].nearest] == ["s07", "s12"]


def test_a_picture_between_two_styles_is_half_as_near_to_both(toy_retriever: Retriever) -> None:
    between = np.zeros(toy.DIMENSIONS, np.float32)
    between[[0, 1]] = 0.5**0.5
    fans = {fan.user: fan for fan in audience(toy_retriever, between)}
    assert fans["ann"].preference == pytest.approx(0.5**0.5, abs=1e-3)
    assert fans["bob"].preference == fans["ann"].preference
