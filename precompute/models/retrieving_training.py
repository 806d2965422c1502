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

from persrv.models.retrieving import PICTURE
from persrv.records import FloatArray, Message
from precompute.models import retrieving
from precompute.models.optimisers import Learning, adamw, rate_share
from precompute.models.retrieving import Retrieving
from precompute.models.small.clip import repeatable
from precompute.runtime.cache import digest

if TYPE_CHECKING:
    import torch

    from precompute.config import RetrievingConfig
    from precompute.runtime.progress import Report


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """The frozen vectors of a training. pictures: (N, d) unit rows of the catalogue; meanings: (M, m) unit rows of
    texts; targets: rows of the catalogue that are ever right, ascending. The other stickers are no negatives: no person
    has seen them.
    """

    pictures: FloatArray
    meanings: FloatArray
    targets: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Row:
    """A training example. ids: a prompt and its answer, whose first piece is at `begin`; pictures: rows of the
    catalogue, one for each picture among the ids; meaning: the row of what the newest text means, -1 where none is
    told; target: the row that [RET] at `begin` is to find, -1 where the answer is in words; right: rows that fit as
    well as the target; decides: whether the example teaches if a sticker is wanted.
    """

    ids: tuple[int, ...]
    begin: int
    pictures: tuple[int, ...] = ()
    meaning: int = -1
    target: int = -1
    right: frozenset[int] = frozenset()
    decides: bool = True


#: The examples of a step, from its number and its chance, in batches of similar length.
Lesson = Callable[[int, np.random.Generator], Sequence[Sequence[Row]]]


def train(
    model: Retrieving,
    lesson: Lesson,
    space: Space,
    config: RetrievingConfig,
    about: object,
    checkpoint: Path | None = None,
    report: Report | None = None,
) -> list[float]:
    """Train in place; the loss of every step that ran. about: what decides the lesson. With `checkpoint`,
    training goes on from there if it is of the same.
    """
    import torch

    weights = model.learnt()
    learning = Learning(weights, (adamw(list(weights.values()), config.rate, config.decay),))
    fingerprint = digest(
        asdict(config), about, *(each.tobytes() for each in (space.pictures, space.meanings, space.targets))
    )
    losses = []
    with repeatable(config.threads):
        done = learning.read(checkpoint, fingerprint) if checkpoint is not None else 0
        for step in range(done, config.steps):
            rng = np.random.default_rng((config.seed, step))
            learning.begin(rate_share(step, config.steps, config.warmup))
            loss = torch.stack([loss_of(model, rows, space, config.words) for rows in lesson(step, rng)]).sum()
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


def loss_of(model: Retrieving, rows: Sequence[Row], space: Space, words: float) -> torch.Tensor:
    """The sum of three: whether [RET] is written where a sticker is wanted; the contrast of what is sought with every
    target (InfoNCE, van den Oord et al. 2018), of which those that fit as well are left out; and the cross-entropy of
    the answers' pieces, `words` times, since a frozen model cannot learn most of them. Where no new piece is read it
    counts whole: only what new pieces take of the chances can be learnt there.
    """
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

    ids, seen = lay_out(rows, model.tokenizer.pad_token_id or 0)
    hidden = retrieving.states(
        model, torch.from_numpy(ids), torch.from_numpy(space.pictures[seen]), torch.from_numpy(_told(rows, space))
    )
    places = [(row, place) for row, one in enumerate(rows) for place in range(one.begin, len(one.ids))]
    at = torch.tensor(places).T
    said = retrieving.logits(model, hidden[at[0], at[1] - 1])
    weight = words if (ids >= model.known).any() else 1.0
    loss = weight * cross_entropy(said, torch.from_numpy(ids)[at[0], at[1]])
    deciding = [number for number, (row, place) in enumerate(places) if rows[row].decides and place == rows[row].begin]
    if deciding:
        wished = torch.tensor([float(rows[places[number][0]].target >= 0) for number in deciding])
        loss = loss + binary_cross_entropy_with_logits(retrieving.wants(said[deciding], model.known), wished)
    asking = [(row, one) for row, one in enumerate(rows) if one.target >= 0]
    return loss if not asking else loss + _contrast(model, hidden, asking, space)


def _contrast(model: Retrieving, hidden: torch.Tensor, asking: Sequence[tuple[int, Row]], space: Space) -> torch.Tensor:
    import torch
    from torch.nn.functional import cross_entropy, normalize

    states = hidden[[row for row, _ in asking], [one.begin for _, one in asking]].float()
    vectors = torch.from_numpy(space.pictures[space.targets])
    likeness = model.scale.exp() * normalize(model.to_picture(states), dim=-1) @ vectors.T
    left_out = np.array([np.isin(space.targets, sorted(one.right - {one.target})) for _, one in asking])
    places = np.searchsorted(space.targets, [one.target for _, one in asking])
    return cross_entropy(likeness.masked_fill(torch.from_numpy(left_out), -torch.inf), torch.from_numpy(places))


def lay_out(rows: Sequence[Row], pad: int) -> tuple[NDArray[np.int64], list[int]]:
    """Ids (B, L), padded on the right, and the catalogue's rows of all pictures among them, row by row."""
    longest = max(len(one.ids) for one in rows)
    ids = np.array([(*one.ids, *[pad] * (longest - len(one.ids))) for one in rows], np.int64)
    return ids, [picture for one in rows for picture in one.pictures]


def _told(rows: Sequence[Row], space: Space) -> FloatArray:
    """(B, m): what the newest text of each row means; zeros where none is told."""
    told = np.zeros((len(rows), space.meanings.shape[1]), np.float32)
    for number, one in enumerate(rows):
        if one.meaning >= 0:
            told[number] = space.meanings[one.meaning]
    return told


def sent(model: Retrieving, picture: int, words: str) -> Row:
    """A lesson of looking: a sticker that somebody sends, answered by the words on it."""
    ids = retrieving.prompt(model, [Message("you", sticker="?")], "me").ids
    answer = (*model.tokenizer(words, add_special_tokens=False)["input_ids"], model.tokenizer.eos_token_id)
    assert ids.count(model.known + PICTURE) == 1
    return Row((*ids[:-1], *answer), len(ids) - 1, (picture,), decides=False)  # without [PRET]: nobody asks for one


def ordinary(model: Retrieving, text: str) -> Row:
    """A lesson of what the language model wrote before: a text in which no new piece comes."""
    ids = tuple(model.tokenizer(text)["input_ids"])
    return Row((*ids, model.tokenizer.eos_token_id), 1, decides=False)
