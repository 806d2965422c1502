"""Beam search: by hand on a table of probabilities, and against all answers there are."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persrv.models.beam_search import Beam, log_softmax, search
from persrv.records import FloatArray

A, B, END = 0, 1, 2

#: text -> logits (V,) of the token after it.
Model = Callable[[tuple[int, ...]], FloatArray]


def find(model: Model, width: int, most: int, end: int = END) -> list[Beam]:
    """A search that keeps the texts themselves in its memory, and so reads each row from the one it continues."""
    texts: list[tuple[int, ...]] = [()]

    def step(rows: Sequence[int], tokens: Sequence[int]) -> FloatArray:
        texts[:] = [(*texts[row], token) for row, token in zip(rows, tokens, strict=True)]
        return np.stack([model(text) for text in texts])

    return search(model(()), step, width, most, end)


def table(chances: Mapping[tuple[int, ...], Sequence[float]]) -> Model:
    """Probabilities of A, B and the end after some texts; logits may be shifted, so they are by the text's length."""
    return lambda text: np.log(np.array(chances[text], np.float32)) + 3.0 * len(text)


def answers(beams: Sequence[Beam]) -> list[tuple[tuple[int, ...], float]]:
    """(ids, probability) of each."""
    return [(beam.ids, round(math.exp(beam.score), 6)) for beam in beams]


def test_log_softmax_by_hand() -> None:
    logits = np.log(np.array([[1.0, 3.0], [8.0, 8.0]], np.float32)) + np.array([[500.0], [-500.0]], np.float32)
    np.testing.assert_allclose(np.exp(log_softmax(logits)), [[0.25, 0.75], [0.5, 0.5]], rtol=1e-4)


def test_the_likeliest_answer_is_not_the_greedy_one() -> None:
    model = table(
        {(): (0.5, 0.4, 0.1), (A,): (0.4, 0.35, 0.25), (B,): (0.05, 0.05, 0.9), (A, A): (0.4, 0.3, 0.3)}
        | {(A, B): (0.3, 0.3, 0.4)}
    )
    # step 1: A .5, B .4; the end (.1) is not among the first two
    # step 2: B+end .36 is finished, AA .2 and AB .175 go on
    # step 3, the last: AAA .08 and AB+end .07 are the first two candidates, of which AAA is second best
    assert answers(find(model, 2, 3)) == [((B,), 0.36), ((A, A, A), 0.08)]
    assert answers(find(model, 2, 2)) == [((B,), 0.36), ((A, A), 0.2)]
    assert answers(find(model, 2, 1)) == [((A,), 0.5), ((B,), 0.4)]


def test_an_end_below_the_first_candidates_is_lost() -> None:
    model = table({(): (0.5, 0.3, 0.2), (A,): (0.1, 0.1, 0.8), (B,): (0.1, 0.1, 0.8)})
    # the end alone, .2, is third at first and never comes again; B+end is .24, A+end .4
    assert answers(find(model, 2, 5)) == [((A,), 0.4), ((B,), 0.24)]
    # three beams see it among the first three: A+end .4, B+end .24, end .2
    assert answers(find(model, 3, 5)) == [((A,), 0.4), ((B,), 0.24), ((), 0.2)]


def test_it_stops_when_nothing_running_can_win_and_not_before() -> None:
    asked: list[tuple[int, ...]] = []

    def model(text: tuple[int, ...]) -> FloatArray:
        asked.append(text)
        chances = {(): (0.6, 0.1, 0.3), (A,): (0.1, 0.4, 0.5), (A, B): (0.02, 0.03, 0.95)}
        return np.log(np.array(chances.get(text, (0.1, 0.1, 0.8)), np.float32))

    # step 1: the end .3 is finished; A .6, B .1 run. Step 2: A+end .3, one more, fills the list: both are .3
    # (float32 makes .6 * .5 the larger by a hair); AB .24 cannot win any more.
    found = find(model, 2, 9)
    assert sorted(answers(found)) == [((), 0.3), ((A,), 0.3)]
    assert asked == [(), (A,), (B,)]
    asked.clear()
    # with three beams the third best is B+end .08 after step 2, AB .24 goes on and AB+end .228 takes its place
    assert sorted(answers(find(model, 3, 9))) == [((), 0.3), ((A,), 0.3), ((A, B), 0.228)]
    assert max(map(len, asked)) == 2


def test_one_beam_looks_further_than_greed() -> None:
    model = table({(): (0.6, 0.1, 0.3), (A,): (0.2, 0.2, 0.6)})
    assert answers(find(model, 1, 4)) == [((A,), 0.36)]
    ending = table({(): (0.4, 0.1, 0.5), (A,): (0.2, 0.2, 0.6)})
    assert answers(find(ending, 1, 4)) == [((), 0.5)], "A, .4, can only fall"


def test_equal_candidates_come_in_their_order() -> None:
    beams = find(lambda _: np.zeros(3, np.float32), 4, 2)
    assert [beam.ids for beam in beams] == [(), (A, A), (A, B), (A,)], "of 1/9 each: beam A before B, its end last"
    assert find(lambda _: np.zeros(3, np.float32), 2, 0) == []


VOCABULARY, LONGEST = 3, 3


@st.composite
def models(draw: st.DrawFn) -> Model:
    texts = [text for length in range(LONGEST) for text in product(range(VOCABULARY), repeat=length)]
    number = st.floats(-4, 4, width=32)
    rows = {text: draw(st.lists(number, min_size=VOCABULARY, max_size=VOCABULARY)) for text in texts}
    return lambda text: np.array(rows[text], np.float32)


def all_answers(model: Model, most: int) -> dict[tuple[int, ...], float]:
    """List all answers of at most `most` tokens with their log-probabilities, multiplied out."""
    found: dict[tuple[int, ...], float] = {}
    for whole in product(range(VOCABULARY), repeat=most):
        length = whole.index(END) + 1 if END in whole else most
        steps = [math.log(np.exp(model(whole[:n]).astype(float)).sum()) for n in range(length)]
        score = sum(float(model(whole[:n])[whole[n]]) - steps[n] for n in range(length))
        found[whole[: length - 1] if END in whole else whole] = score
    return found


@settings(max_examples=60, deadline=None)
@given(models(), st.integers(1, LONGEST))
def test_a_wide_search_finds_every_answer_in_order(model: Model, most: int) -> None:
    wanted = all_answers(model, most)
    assert sum(map(math.exp, wanted.values())) == pytest.approx(1)
    found = find(model, VOCABULARY**LONGEST, most)
    assert {beam.ids: beam.score for beam in found} == pytest.approx(wanted)
    assert [beam.score for beam in found] == sorted((beam.score for beam in found), reverse=True)


@settings(max_examples=60, deadline=None)
@given(models(), st.integers(1, 4), st.integers(1, LONGEST))
def test_a_narrow_search_finds_distinct_answers_with_their_own_scores(model: Model, width: int, most: int) -> None:
    possible = all_answers(model, most)
    found = find(model, width, most)
    assert 1 <= len(found) <= width
    assert len({beam.ids for beam in found}) == len(found)
    assert all(beam.score == pytest.approx(possible[beam.ids]) for beam in found)
    assert [beam.score for beam in found] == sorted((beam.score for beam in found), reverse=True)
