"""Training of a LLaVA: the small base model from scratch, and LoRA adapters on queries. Resumable, repeatable.

Both are next-token prediction on the answer after a prompt. All chance of step n comes from (seed, n), so an
interrupted and resumed training ends as an uninterrupted one. Muon updates the matrices inside layers, which lets a
model this small learn within minutes; AdamW updates embeddings, norms, the projector, and all of an adapter.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from precompute.models.optimisers import Learning, Progress, adamw, muon, rate_share
from precompute.models.small import llava
from precompute.models.small.clip import repeatable
from precompute.models.small.clip_training import augmented

if TYPE_CHECKING:
    import torch

    from precompute.config import LessonConfig


@dataclass(frozen=True, slots=True)
class Row:
    """A training example: a picture (a row of the pictures, None for text alone), the ids of a prompt, the ids of its
    answers.

    Every answer follows the prompt by itself, unaffected by the others, so that a picture is read once for all its
    answers. labels: a class for each attribute head; () if no head is trained on the example.
    """

    picture: int | None
    prompt: tuple[int, ...] = ()
    answers: tuple[tuple[int, ...], ...] = ()
    labels: tuple[int, ...] = ()


#: The examples of one batch of a step, all with pictures or all without.
Batches = Callable[[int, np.random.Generator], Sequence[Sequence[Row]]]


def prompt_ids(tokenizer: Any, text: str, image_tokens: int) -> tuple[int, ...]:
    """The ids of a prompt in which <image> stands for `image_tokens` tokens."""
    image = llava.SPECIAL_TOKENS[llava.IMAGE]
    return tuple(tokenizer(text.replace(image, image * image_tokens))["input_ids"])


def answer_ids(tokenizer: Any, text: str) -> tuple[int, ...]:
    """The ids of an answer, its end included."""
    return (*tokenizer(text, add_special_tokens=False)["input_ids"], tokenizer.eos_token_id)


# ---- training -------------------------------------------------------------------------------------------------------


def steps_of(count: int, config: LessonConfig) -> int:
    """The number of steps of a training on `count` pictures."""
    return max(1, round(config.epochs * count / config.batch))


def train(
    model: Any,
    lesson: Batches,
    pictures: NDArray[np.uint8],
    steps: int,
    config: LessonConfig,
    progress: Progress | None = None,
    checkpoint: Path | None = None,
    about: object = None,
    classes: Sequence[int] = (),
) -> None:
    """Train the parameters of `model` that require a gradient, in place. pictures: (N, S, S, 3) uint8 RGB. With
    `checkpoint`, the state is written there from time to time, and training continues from it if it belongs to the same
    settings, pictures and `about`. classes: number of classes of each attribute head; () for no heads.
    """
    with repeatable(config.threads):
        state = _State.start(model, config, classes)
        fingerprint = _fingerprint(pictures, steps, config, about)
        done = state.learning.read(checkpoint, fingerprint) if checkpoint is not None else 0
        model.train()
        for step in range(done, steps):
            loss = _step(state, lesson, pictures, config, step, steps)
            if progress is not None:
                progress(step + 1, steps, loss)
            if checkpoint is not None and (step + 1) % config.checkpoint_every == 0:
                state.learning.write(checkpoint, fingerprint, step + 1)
        model.eval()


def learn_only(model: Any, parts: Sequence[str]) -> None:
    """Freeze every weight whose name contains none of `parts`."""
    for name, weight in model.named_parameters():
        weight.requires_grad_(any(part in name for part in parts))


def _step(
    state: _State, lesson: Batches, pictures: NDArray[np.uint8], config: LessonConfig, step: int, steps: int
) -> float:
    import torch

    rng = np.random.default_rng((config.seed, 1, step))
    loss = sum(_loss(state, rows, pictures, config, rng) for rows in lesson(step, rng))
    assert isinstance(loss, torch.Tensor)
    state.learning.begin(rate_share(step, steps, config.warmup))
    loss.backward()
    torch.nn.utils.clip_grad_norm_(state.learning.weights.values(), config.clip_norm)
    state.learning.step()
    return float(loss.detach())


def _loss(
    state: _State, rows: Sequence[Row], pictures: NDArray[np.uint8], config: LessonConfig, rng: np.random.Generator
) -> torch.Tensor:
    """Mean cross-entropy of the answers' tokens, and of the attribute heads for rows with labels.

    The heads read the class token while the model learns to look, and the state in which an answer begins while it
    learns to write, so that it gathers what it sees before the first word.
    """
    import torch

    model = state.model.get_base_model() if hasattr(state.model, "get_base_model") else state.model
    seen = [row.picture for row in rows if row.picture is not None]
    given = {}
    loss = torch.zeros(())
    if seen:
        pixels = augmented(pictures[seen], config.looks, rng)
        given = {"image": model.get_image_features(pixel_values=pixels, return_dict=True)}
    if rows[0].answers:
        told, begun = _answer_loss(model, rows, given)
        loss = loss + told
    else:
        begun = torch.stack(list(given["image"].pooler_output))[:, 0]
    if state.heads is not None and rows[0].labels:
        loss = loss + config.attribute_weight * _attribute_loss(state.heads, begun, rows)
    return loss


def _answer_loss(model: Any, rows: Sequence[Row], given: Mapping[str, Any]) -> tuple[torch.Tensor, torch.Tensor]:
    """The mean cross-entropy of all tokens of all answers, after their prompts and the images `given`; and the state
    (B, width) in which each answer begins.

    Padding is on the right; image tokens are never cut.
    """
    import torch
    from torch.nn.functional import cross_entropy

    plan = lay_out(rows)
    hidden = model.model(
        input_ids=torch.from_numpy(plan.ids),
        attention_mask=torch.from_numpy(plan.sees)[:, None],
        position_ids=torch.from_numpy(plan.positions),
        mm_encoder_outputs=dict(given),
    )[0]
    states = hidden[torch.from_numpy(plan.asked[0]), torch.from_numpy(plan.asked[1])]
    loss = cross_entropy(model.lm_head(states), torch.from_numpy(plan.wanted))
    return loss, hidden[range(len(rows)), [len(row.prompt) - 1 for row in rows]]


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Rows as arrays. ids, positions: (B, L) int64; sees: (B, L, L) bool, whether a token attends to another; asked:
    (2, n) row and place of the token after which `wanted` (n,) is the next one.
    """

    ids: NDArray[np.int64]
    positions: NDArray[np.int64]
    sees: NDArray[np.bool_]
    asked: NDArray[np.int64]
    wanted: NDArray[np.int64]


def lay_out(rows: Sequence[Row]) -> Layout:
    """Lay out each row as its prompt followed by all its answers. A token of an answer attends to the prompt and to
    earlier tokens of the same answer, and its position counts from the prompt's end. Padding attends to the first token
    only.
    """
    length = max(len(row.prompt) + sum(map(len, row.answers)) for row in rows)
    ids = np.full((len(rows), length), llava.PAD, np.int64)
    positions = np.zeros((len(rows), length), np.int64)
    sees = np.zeros((len(rows), length, length), bool)
    sees[:, :, 0] = True
    asked: list[tuple[int, int]] = []
    wanted: list[int] = []
    for number, row in enumerate(rows):
        start = len(row.prompt)
        ids[number, :start] = row.prompt
        positions[number, :start] = np.arange(start)
        sees[number, :start, :start] = np.tri(start, dtype=bool)
        place = start
        for answer in row.answers:
            end = place + len(answer)
            ids[number, place:end] = answer
            positions[number, place:end] = start + np.arange(len(answer))
            sees[number, place:end, :start] = True
            sees[number, place:end, place:end] = np.tri(len(answer), dtype=bool)
            asked += [(number, start - 1), *((number, before) for before in range(place, end - 1))]
            wanted += answer
            place = end
    return Layout(ids, positions, sees, np.array(asked, np.int64).T, np.array(wanted, np.int64))


def _attribute_loss(heads: Any, states: torch.Tensor, rows: Sequence[Row]) -> torch.Tensor:
    """The sum over attributes of the cross-entropy of a head's reading of the states (B, width)."""
    import torch
    from torch.nn.functional import cross_entropy

    labels = torch.tensor([row.labels for row in rows])
    losses = [cross_entropy(head(states), labels[:, place]) for place, head in enumerate(heads)]
    return torch.stack(losses).sum()


# ---- state ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """The state that a step changes: the trainable weights of the model, and the attribute heads, which are discarded
    afterwards (None for no heads).
    """

    model: Any
    heads: Any
    learning: Learning

    @classmethod
    def start(cls, model: Any, config: LessonConfig, classes: Sequence[int]) -> _State:
        """Create heads with the given numbers of classes, and optimisers; no Muon if its rate is 0."""
        import torch

        heads = None
        if classes:
            width = int(model.config.text_config.hidden_size)
            with torch.random.fork_rng():
                torch.manual_seed(config.seed)
                heads = torch.nn.ModuleList(torch.nn.Linear(width, size) for size in classes)

        named = {name: weight for name, weight in model.named_parameters() if weight.requires_grad}
        own = {} if heads is None else {f"heads.{name}": weight for name, weight in heads.named_parameters()}
        matrices = {n: w for n, w in named.items() if config.hidden_rate > 0 and ".layers." in n and w.ndim == 2}
        rest = [*(weight for name, weight in named.items() if name not in matrices), *own.values()]
        decay = config.weight_decay
        optimizers = [adamw(rest, config.learning_rate, decay)] if rest else []
        if matrices:
            optimizers.append(muon(list(matrices.values()), config.hidden_rate, decay))
        return cls(model, heads, Learning({**named, **own}, optimizers))


def _fingerprint(pictures: NDArray[np.uint8], steps: int, config: LessonConfig, about: object) -> str:
    """A name for a training by everything that decides its result."""
    settings: Mapping[str, Any] = {f.name: getattr(config, f.name) for f in fields(config) if f.name != "looks"}
    told = json.dumps([dict(settings), asdict(config.looks), steps, about], sort_keys=True, default=str)
    return hashlib.sha256(told.encode() + np.ascontiguousarray(pictures).tobytes()).hexdigest()
