"""Beam search: the likeliest answers of a language model, from the logits of one next token at a time.

The rules are those of transformers' `generate` with num_beams = num_return_sequences = width, length_penalty=0 and
early_stopping=False (5.23, GenerationMixin._beam_search), so that both find the same answers. Three differences, none
of which a real vocabulary shows: sums are float64, not float32; among equal candidates the earlier beam's and then the
smaller token's comes first, where torch.topk promises no order; and where there are fewer than 2 * width candidates,
none is made up, so that fewer than `width` answers may come back.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persrv.records import FloatArray

#: (rows, tokens): texts of which the next logits are wanted. Text i is text rows[i] of the question before, then
#: tokens[i]; before the first question there was a single text, the prompt.
Question = tuple[list[int], list[int]]

#: A question -> its (B, V) logits.
Step = Callable[[Sequence[int], Sequence[int]], FloatArray]


@dataclass(frozen=True, slots=True)
class Beam:
    """A beam: the tokens written so far. score: the sum of their log-probabilities, the end's included; row: the beam
    that its last token continued.
    """

    ids: tuple[int, ...]
    score: float
    row: int = 0


def search(first: FloatArray, step: Step, width: int, most: int, end: int) -> list[Beam]:
    """Run `searching` with `step` answering its questions."""
    asking = searching(first, width, most, end)
    try:
        question = next(asking)
        while True:
            question = asking.send(step(*question))
    except StopIteration as found:
        beams: list[Beam] = found.value
        return beams


def searching(first: FloatArray, width: int, most: int, end: int) -> Generator[Question, FloatArray, list[Beam]]:
    """Search the `width` likeliest answers, best first, each without its end, of at most `most` tokens with it; an
    answer that has no room for its end counts as it stands.

    A generator, so that searches for many pictures can share the model's batches: it yields questions, is sent their
    logits, and returns the answers. first: (V,) logits after the prompt. All logits are finite: no token is impossible.
    """
    running, finished = [Beam((), 0.0)], list[Beam]()
    logits = first[None]
    for length in range(1, most + 1):
        candidates = _candidates(running, log_softmax(logits), 2 * width)
        ended = [beam for beam in candidates[:width] if length == most or beam.ids[-1] == end]
        finished = sorted([*finished, *ended], key=lambda beam: -beam.score)[:width]
        running = [beam for beam in candidates if beam.ids[-1] != end][:width]
        if length == most or not running or _settled(finished, running, width):
            break
        logits = yield [beam.row for beam in running], [beam.ids[-1] for beam in running]
    return [_without(end, beam) for beam in finished]


def log_softmax(logits: FloatArray) -> NDArray[np.float64]:
    """Log-probabilities (B, V) of logits (B, V): x - log(sum(exp(x)))."""
    below = logits.astype(np.float64) - logits.max(1, keepdims=True)
    return below - np.log(np.exp(below).sum(1, keepdims=True))


def _candidates(running: Sequence[Beam], chances: NDArray[np.float64], count: int) -> list[Beam]:
    """The `count` likeliest continuations of all running beams by one token; chances: (B, V) log-probabilities."""
    scores = (np.array([beam.score for beam in running])[:, None] + chances).ravel()
    places = _largest(scores, count).tolist()
    found = (divmod(place, chances.shape[1]) for place in places)
    return [
        Beam((*running[row].ids, token), float(scores[place]), row)
        for place, (row, token) in zip(places, found, strict=True)
    ]


def _largest(scores: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """Places of the `count` largest of (n,) scores, largest first, the earlier among equals."""
    if count < len(scores):
        places = np.flatnonzero(scores >= np.partition(scores, -count)[-count])
    else:
        places = np.arange(len(scores))
    return places[np.argsort(-scores[places], kind="stable")][:count]


def _settled(finished: Sequence[Beam], running: Sequence[Beam], width: int) -> bool:
    """Return whether no running beam can still become one of the `width` best: scores only fall."""
    return len(finished) == width and running[0].score <= finished[-1].score


def _without(end: int, beam: Beam) -> Beam:
    return Beam(beam.ids[:-1], beam.score, beam.row) if beam.ids[-1] == end else beam
