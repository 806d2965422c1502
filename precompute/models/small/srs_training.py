"""Training of SRS on clicks: a clicked sticker must beat sampled others by a margin (Gao et al. 2020).

All chance of step n comes from (seed, n).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from persrv.errors import DataError
from persrv.models.srs import word_ids
from persrv.records import FloatArray
from precompute.fit.split import TrainInteractions, training_rows
from precompute.models.optimisers import Learning, adamw, rate_share
from precompute.models.small.clip import repeatable
from precompute.models.small.srs_network import NetworkConfig, build, vocabulary

if TYPE_CHECKING:
    import torch

#: (steps done, steps in all) -> nothing
Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class SrsConfig:
    """The settings of the training. batch: clicks a step; others: further stickers of the catalogue in a step;
    negatives: how many of a step's stickers each clicked one must beat by `margin`; steps: at most; passes: over the
    clicks at most, since few clicks are soon known by heart (64 on 60 stickers: more than 40 passes changed neither
    their MRR nor that of others).
    """

    network: NetworkConfig = field(default_factory=NetworkConfig)
    batch: int = 64
    others: int = 64
    negatives: int = 9
    margin: float = 1.0
    steps: int = 400
    passes: int = 40
    rate: float = 1e-3
    warmup: int = 20
    decay: float = 0.01
    seed: int = 1
    threads: int = 2

    def steps_for(self, clicks: int) -> int:
        """The number of steps for a number of training clicks."""
        return min(self.steps, math.ceil(self.passes * clicks / self.batch))


@dataclass(frozen=True, slots=True, eq=False)
class Selector:
    """A trained SRS with its catalogue: pictures (N, 3, S, S) uint8."""

    model: Any
    words: Mapping[str, int]
    config: SrsConfig
    regions: torch.Tensor
    whole: torch.Tensor

    def only(self, rows: Sequence[int]) -> Selector:
        """The same network over some of the catalogue's rows, in their order."""
        return replace(self, regions=self.regions[list(rows)], whole=self.whole[list(rows)])

    def scores(self, query: str) -> FloatArray:
        """The score (N,) of each sticker as an answer to a query."""
        import torch

        with torch.inference_mode(), repeatable(self.config.threads):
            ids = torch.from_numpy(word_ids([query], self.words, self.config.network.most_words))
            ids = ids[:, :, : int((ids != 0).sum())]
            states = self.model.utterance(ids)
            count = len(self.whole)
            scores = self.model(self.regions, self.whole, states.expand(count, -1, -1, -1), ids.expand(count, -1, -1))
            return scores.numpy()


def train(
    clicks: TrainInteractions,
    ids: Sequence[str],
    pictures: NDArray[np.uint8],
    config: SrsConfig,
    report: Report | None = None,
    watch: Callable[[int, Selector], None] | None = None,
) -> Selector:
    """Train SRS on training clicks. pictures: (N, 3, S, S), row i shows sticker ids[i].

    watch: called with the selector after every tenth of the steps, to choose their number.
    """
    import torch

    row_of = {name: row for row, name in enumerate(ids)}
    pairs = [(click.query, row_of[click.sticker]) for click in training_rows(clicks)]
    if not pairs or len(ids) < 2:
        raise DataError(f"{len(pairs)} clicks on {len(ids)} stickers", "a click, two stickers", "Bring more of them.")
    words = vocabulary([query for query, _ in pairs])
    right = _answers(pairs)
    with repeatable(config.threads):
        torch.manual_seed(config.seed)
        model = build(config.network, len(words) + 2)
        weights = dict(model.named_parameters())
        learning = Learning(weights, (adamw(list(weights.values()), config.rate, config.decay),))
        told = torch.from_numpy(word_ids([query for query, _ in pairs], words, config.network.most_words))
        steps = config.steps_for(len(pairs))
        for step in range(steps):
            rng = np.random.default_rng((config.seed, step))
            learning.begin(rate_share(step, steps, config.warmup))
            _loss(model, told, pictures, pairs, right, config, rng).backward()
            torch.nn.utils.clip_grad_norm_(weights.values(), 1.0)
            learning.step()
            if report is not None:
                report(step + 1, steps)
            if watch is not None and (step + 1) % max(1, steps // 10) == 0:
                watch(step + 1, _selector(model, words, pictures, config))
        return _selector(model, words, pictures, config)


def _loss(
    model: Any,
    told: torch.Tensor,
    pictures: NDArray[np.uint8],
    pairs: Sequence[tuple[str, int]],
    right: Mapping[str, frozenset[int]],
    config: SrsConfig,
    rng: np.random.Generator,
) -> torch.Tensor:
    """Hinge loss of one batch: mean over clicks and negatives of max(0, margin - (clicked - negative))."""
    import torch

    batch = rng.choice(len(pairs), min(config.batch, len(pairs)), replace=False)
    clicked = [pairs[i][1] for i in batch]
    pool = seen_in_step(clicked, len(pictures), config.others, rng)
    candidates = np.array(
        [
            [pool.index(row), *sample_negatives(pool, right[pairs[i][0]], config.negatives, rng)]
            for i, row in zip(batch, clicked, strict=True)
        ]
    )
    regions, whole = model.sticker(torch.from_numpy(pictures[pool]))
    ids = told[batch]
    states = model.utterance(ids)
    flat, of = torch.from_numpy(candidates.ravel()), torch.arange(len(batch)).repeat_interleave(candidates.shape[1])
    scores = model(regions[flat], whole[flat], states[of], ids[of]).view(candidates.shape)
    return torch.relu(config.margin - (scores[:, :1] - scores[:, 1:])).mean()


def seen_in_step(clicked: Sequence[int], stickers: int, others: int, rng: np.random.Generator) -> list[int]:
    """Distinct rows of the clicked stickers and of up to `others` more of the catalogue, ascending."""
    more = rng.choice(stickers, min(others, stickers), replace=False)
    return sorted({*clicked, *more.tolist()})


def sample_negatives(pool: Sequence[int], right: frozenset[int], count: int, rng: np.random.Generator) -> list[int]:
    """`count` places in the pool of stickers that were never clicked for the query, with repeats if there are too few.

    If every sticker in the pool was clicked for the query, the first is repeated, so that all rows of a batch are
    equally long.
    """
    wrong = [place for place, row in enumerate(pool) if row not in right]
    if not wrong:
        return [0] * count
    return rng.choice(wrong, count, replace=len(wrong) < count).tolist()


def _answers(pairs: Sequence[tuple[str, int]]) -> dict[str, frozenset[int]]:
    """Query -> rows of all stickers clicked for it."""
    answers: dict[str, set[int]] = {}
    for query, row in pairs:
        answers.setdefault(query, set()).add(row)
    return {query: frozenset(rows) for query, rows in answers.items()}


def _selector(model: Any, words: Mapping[str, int], pictures: NDArray[np.uint8], config: SrsConfig) -> Selector:
    """The model in its present state, with the whole catalogue encoded."""
    import torch

    with torch.inference_mode():
        parts = [model.sticker(torch.from_numpy(pictures[at : at + 256])) for at in range(0, len(pictures), 256)]
    return Selector(
        model, words, config, torch.cat([part[0] for part in parts]), torch.cat([part[1] for part in parts])
    )
