"""Sketches of texts: what they find of the nearest, how far they may be off, and compiled code against numpy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from test_near import drawn, queries

from persrv.engines.text_products import SketchLoops
from persrv.errors import BundleError
from persrv.ranking import meaning, sketches
from persrv.ranking.sketches import ONE_IN, PLANES, RUN, Sketches, by_signs, likeness_by_signs, rough_products


def unit(rows: NDArray[np.floating]) -> NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def spread(texts: int, width: int, seed: int = 0) -> NDArray[np.float16]:
    """Unit rows that lie mostly along the first of their numbers, as an encoder's do along some axes."""
    rng = np.random.default_rng(seed)
    return unit(0.3 + rng.standard_normal((texts, width)) / np.arange(1, width + 1) ** 0.5).astype(np.float16)


def test_one_text_by_hand() -> None:
    made = Sketches.build(np.array([[1, 0], [-1, 0], [0, 1], [0, -1]], np.float16))
    assert np.abs(made.axes.T @ made.axes - np.eye(2)).max() < 1e-6
    assert made.steps.shape == (4, 2)
    assert np.abs(made.steps).max() == 127
    asked = made.ask(np.array([[0.6, 0.8]], np.float32), np.ones(1, np.float32))
    assert rough_products(made.steps, np.arange(4), asked) == pytest.approx([0.6, 0, 0.8, 0], abs=0.01)
    assert asked.error < 0.02, "two axes leave nothing of two numbers out"


def test_scores_of_signs_are_products_with_whole_numbers() -> None:
    made = Sketches.build(spread(900, 70))
    asked = made.ask(unit(spread(1, 70, seed=5).astype(np.float32)), np.ones(1, np.float32))
    weights = np.zeros(192)
    for number, plane in enumerate(asked.signs.planes[0]):
        bits = np.unpackbits(plane.view(np.uint8), bitorder="little")
        weights += bits * (-(2.0 ** (PLANES - 1)) if number == 0 else 2.0 ** (PLANES - 1 - number))
    bits_of_text = np.unpackbits(np.ascontiguousarray(made.signs.T).view(np.uint8), axis=1, bitorder="little")
    scores = bits_of_text @ weights
    found = by_signs(made.signs, asked.signs, 80)
    some = scores[np.arange(900) // RUN % ONE_IN == 0]
    least = np.sort(some)[-round(80 * len(some) / 900)]
    assert found.tolist() == np.flatnonzero(scores >= least).tolist()
    likeness = likeness_by_signs(made.signs, asked.signs)
    assert likeness == pytest.approx(asked.signs.starts[0] + asked.signs.units[0] * scores, abs=1e-6)
    assert 40 <= len(found) <= 240


@pytest.mark.parametrize("texts", [1, 2, 15, 101])
def test_few_texts_have_sketches_too(texts: int) -> None:
    index = drawn(0, texts=texts)
    made = Sketches.build(index.vectors)
    assert made.tried(index.vectors).recall == 1
    assert made.near(queries(index, 0)).tolist() == list(range(texts))


def test_sketches_say_what_they_are_worth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketches, "BY_SIGNS", 800)
    vectors = spread(4000, 96)
    made = Sketches.build(vectors)
    tried = made.tried(vectors)
    assert (tried.queries, tried.bytes) == (200, 24)
    shares = []
    for text in range(0, 4000, 20):
        likeness = vectors.astype(np.float32) @ vectors[text].astype(np.float32)
        likeness[text] = -1
        near = made.near(vectors[text].astype(np.float32)[None])
        shares.append(np.isin(np.argsort(-likeness)[:100], near).mean())
    assert tried.recall == pytest.approx(np.mean(shares), abs=1e-3)
    assert 0.8 < tried.recall < 1


def test_rough_likeness_is_as_near_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketches, "MOST_AXES", 48)
    vectors = spread(3000, 96)
    made, asked = Sketches.build(vectors), unit(spread(20, 96, seed=3).astype(np.float32))
    for query in asked:
        told = made.ask(query[None], np.ones(1, np.float32))
        exact = np.maximum(vectors.astype(np.float32) @ query, 0)
        assert np.mean(np.abs(rough_products(made.steps, np.arange(3000), told) - exact) <= told.error) > 0.998


@pytest.mark.parametrize("seed", range(6))
def test_texts_that_are_outweighed_move_no_sticker(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are: stickers of up to 64 texts, told by bytes that are off as far as they say."""
    monkeypatch.setattr(sketches, "MOST_AXES", 24)
    rng = np.random.default_rng(seed)
    vectors, counts = spread(1500, 48, seed), rng.integers(0, 65, 120)
    size = int(counts.sum())
    index = replace(
        drawn(seed, texts=1500),
        vectors=vectors,
        indptr=np.concatenate([[0], np.cumsum(counts)]),
        text=rng.integers(0, 1500, size).astype(np.int32),
        field=rng.integers(0, 6, size).astype(np.int8),
    )
    made, asked = Sketches.build(vectors), unit(spread(2, 48, seed=seed + 50).astype(np.float32))
    told, exact = made.ask(asked, np.ones(2, np.float32)), index.score(asked, [1.0, 1.0])
    off = rng.choice([-1, 1], 1500) * told.error  # exact likeness, off by all that is allowed for
    loops = meaning.Loops(rough_products=lambda _steps, texts, _asked: np.maximum(exact.texts + off, 0)[texts])
    found = replace(index, codes=made).score(asked, [1.0, 1.0], loops=loops)
    assert told.error > 0.01
    assert np.abs(found.stickers[np.arange(120)] - exact.stickers).max() <= 1.2 * meaning.TOLERANCE


@pytest.mark.slow
@pytest.mark.parametrize(("width", "readings"), [(24, 1), (300, 3)])
def test_compiled_loops_are_those_of_numpy(width: int, readings: int) -> None:
    vectors, rng, compiled = spread(5000, width), np.random.default_rng(width), SketchLoops()
    made = Sketches.build(vectors)
    asked = made.ask(
        unit(spread(readings, width, seed=9).astype(np.float32)), np.linspace(1, 0.7, readings, dtype=np.float32)
    )
    for most in (64, 1000, 6000):
        expected = by_signs(made.signs, asked.signs, most).tolist()
        assert compiled.by_signs(made.signs, asked.signs, most).tolist() == expected
    texts = rng.integers(0, 5000, 90)
    expected = rough_products(made.steps, texts, asked)
    assert compiled.rough_products(made.steps, texts, asked) == pytest.approx(expected, rel=1e-4, abs=1e-5)
    index = replace(drawn(1, texts=5000), vectors=vectors, codes=made)
    rows, trust = rng.permutation(400)[:120], np.array([1, 0.9, 0, 0.5, 1, 1], np.float32)
    assert compiled.rough_stickers(index, rows, trust, 15.0, asked) == pytest.approx(
        meaning.rough_stickers(index, rows, trust, 15.0, asked), rel=1e-4, abs=1e-5
    )
    held = np.unique(index.text)[::7].astype(np.int64)
    raised = rng.random((len(held), 6)).astype(np.float32)
    for most in (0, 3, 100, 10_000):
        found = dict(
            zip(*map(np.ndarray.tolist, compiled.sums_of_holders(index.holders, held, raised, most)), strict=True)
        )
        slow = meaning.sums_of_holders(index.holders, held, raised, most)
        assert found == dict(zip(*map(np.ndarray.tolist, slow), strict=True))


def test_arrays_that_contradict_each_other_are_refused() -> None:
    made = Sketches.build(spread(50, 20))
    for broken in (
        {"axes": made.axes[:, :-1]},
        {"sizes": made.sizes[:3]},
        {"steps": made.steps.astype(np.int16)},
        {"signs": made.signs[:, :-1]},
        {"sizes": made.sizes * np.nan},
    ):
        with pytest.raises(BundleError, match="Sketches of texts of shapes"):
            replace(made, **broken)
