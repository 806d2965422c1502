"""Training a language model to retrieve: next words, and a contrast with frozen picture vectors. Resumable, repeatable.

Only the vectors of the new pieces and the two maps are trained. All chance of step n comes from (seed, n), so an
interrupted and resumed training ends as an uninterrupted one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from persrv.conversation import Message
from persrv.records import FloatArray
from precompute.models import retrieving
from precompute.models.optimisers import Learning, adamw, rate_share
from precompute.models.retrieving import PICTURE, Retrieving
from precompute.models.small.clip import repeatable
from precompute.runtime.cache import digest

if TYPE_CHECKING:
    import torch

    from precompute.config import RetrievingConfig
    from precompute.runtime.progress import Report


@dataclass(frozen=True, slots=True)
class Row:
    """One example. ids: a prompt and its answer, whose first piece is at `begin`; pictures: rows of the catalogue, one
    for each picture among the ids; target: the row that [RET] at `begin` is to find, -1 where the answer is in words;
    right: rows that fit as well as the target.
    """

    ids: tuple[int, ...]
    begin: int
    pictures: tuple[int, ...] = ()
    target: int = -1
    right: frozenset[int] = frozenset()


#: The examples of a step, from its number and its chance.
Lesson = Callable[[int, np.random.Generator], Sequence[Row]]


def train(
    model: Retrieving,
    lesson: Lesson,
    vectors: FloatArray,
    config: RetrievingConfig,
    about: object,
    checkpoint: Path | None = None,
    report: Report | None = None,
) -> list[float]:
    """Train in place; the loss of every step that ran. vectors: (N, d) unit rows of the pictures; about: what decides
    the lesson. With `checkpoint`, training goes on from there if it is of the same.
    """
    import torch

    weights = model.learnt()
    learning = Learning(weights, (adamw(list(weights.values()), config.rate, config.decay),))
    fingerprint = digest(asdict(config), about, vectors.tobytes())
    losses = []
    with repeatable(config.threads):
        frozen = torch.from_numpy(vectors)
        done = learning.read(checkpoint, fingerprint) if checkpoint is not None else 0
        for step in range(done, config.steps):
            rng = np.random.default_rng((config.seed, step))
            learning.begin(rate_share(step, config.steps, config.warmup))
            loss = loss_of(model, lesson(step, rng), frozen)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(weights.values(), config.clip_norm)
            learning.step()
            with torch.no_grad():
                model.scale.clamp_(max=float(np.log(100.0)))
            losses.append(float(loss.detach()))
            if report is not None:
                report(step + 1, config.steps)
            if checkpoint is not None and (step + 1) % config.checkpoint_every == 0:
                learning.write(checkpoint, fingerprint, step + 1)
    return losses


def loss_of(model: Retrieving, rows: Sequence[Row], vectors: torch.Tensor) -> torch.Tensor:
    """The mean cross-entropy of the answers' pieces, and that of the targets among all pictures (InfoNCE, van den Oord
    et al. 2018), of which those that fit as well are left out.
    """
    import torch
    from torch.nn.functional import cross_entropy, normalize

    ids, shown = lay_out(rows, model.tokenizer.pad_token_id or 0)
    hidden = retrieving.states(model, torch.from_numpy(ids), vectors[shown])
    places = [(row, place) for row, one in enumerate(rows) for place in range(one.begin, len(one.ids))]
    at = torch.tensor(places).T
    said = retrieving.logits(model, hidden[at[0], at[1] - 1])
    loss = cross_entropy(said.float(), torch.from_numpy(ids)[at[0], at[1]])
    asking = [(row, one) for row, one in enumerate(rows) if one.target >= 0]
    if asking:
        states = hidden[[row for row, _ in asking], [one.begin for _, one in asking]].float()
        likeness = model.scale.exp() * normalize(model.to_picture(states), dim=-1) @ vectors.T
        left_out = torch.zeros(likeness.shape, dtype=torch.bool)
        for number, (_, one) in enumerate(asking):
            left_out[number, sorted(one.right - {one.target})] = True
        targets = torch.tensor([one.target for _, one in asking])
        loss = loss + cross_entropy(likeness.masked_fill(left_out, -torch.inf), targets)
    return loss


def lay_out(rows: Sequence[Row], pad: int) -> tuple[NDArray[np.int64], list[int]]:
    """(B, L) ids, padded on the right, and the catalogue's rows of all pictures among them, row by row."""
    longest = max(len(one.ids) for one in rows)
    ids = np.array([(*one.ids, *[pad] * (longest - len(one.ids))) for one in rows], np.int64)
    return ids, [picture for one in rows for picture in one.pictures]


def sent(model: Retrieving, picture: int, words: str) -> Row:
    """A lesson of looking: a sticker that somebody sends, answered by the words on it."""
    ids, _ = retrieving.conversation_ids(model, [Message("you", sticker="?")], "me")
    answer = (*model.tokenizer(words, add_special_tokens=False)["input_ids"], model.tokenizer.eos_token_id)
    assert ids.count(model.known + PICTURE) == 1
    return Row((*ids[:-1], *answer), len(ids) - 1, (picture,))  # without [PRET]: nobody asks for a sticker
