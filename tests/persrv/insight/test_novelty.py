"""Novelty against a slow definition on the toy world, and that a picture of no kind it knows lies below its bound."""

from __future__ import annotations

import numpy as np
import pytest

from persrv.insight.novelty import LONELIEST, least_likeness
from persrv.retriever import Retriever


def test_all_but_the_loneliest_stickers_have_a_neighbour_so_near(toy_retriever: Retriever) -> None:
    nearest = [toy_retriever.neighbours(sticker, 1)[0][1] for sticker in toy_retriever.bundle.ids]
    assert least_likeness(toy_retriever) == pytest.approx(float(np.quantile(nearest, LONELIEST)), abs=1e-5)


def test_the_opposite_of_what_is_known_is_unlike_all_of_it(toy_retriever: Retriever) -> None:
    known = toy_retriever.style_vectors(list(toy_retriever.bundle.ids))
    bound = least_likeness(toy_retriever)
    assert float((known @ known[0]).max()) >= bound
    assert float((known @ -known.sum(axis=0)).max()) / float(np.linalg.norm(known.sum(axis=0))) < bound
