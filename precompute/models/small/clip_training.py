"""Training of the small Chinese-CLIP from scratch on drawn stickers, resumable and repeatable.

The loss has three parts. Multi-positive InfoNCE (SupCon, Khosla et al. 2020, between two towers): a text that does not
mention an attribute is right for every picture of the batch that agrees with what it mentions. Attribute heads:
cross-entropy of style, character and situation read from the picture's vector. A Gram loss on the pictures' cosines,
which sets the geometry: cosine .45 for a shared style + .25 character + .15 situation + .05 caption. That people's
tastes (style, then character) cluster first is therefore our design, and no finding of the model's.

All chance of step n comes from (seed, n), so an interrupted and resumed training ends as an uninterrupted one.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from persrv.errors import ModelError
from precompute.demo.spec import StickerSpec
from precompute.demo.words import ATTRIBUTES, Telling, Words, tell
from precompute.models.optimisers import Learning, Progress, adamw, muon, rate_share
from precompute.models.small.clip import (
    CLIP_MEAN,
    CLIP_STD,
    pieces_of,
    project_texts,
    repeatable,
    tokenize,
)
from precompute.models.small.clip_losses import (
    attribute_loss,
    comparable_pictures,
    comparable_texts,
    contrastive_loss,
    gram_loss,
    positives,
    possible_answers,
    seen_together,
    target_gram,
)

if TYPE_CHECKING:
    import torch
    from transformers import BertTokenizer, ChineseCLIPModel

    from precompute.config import ClipConfig


@dataclass(frozen=True, slots=True, eq=False)
class TrainingSet:
    """Drawn pictures, (N, S, S, 3) uint8 RGB with S >= the model's image_size, their specifications and their words."""

    images: NDArray[np.uint8]
    specs: tuple[StickerSpec, ...]
    words: Words

    def __post_init__(self) -> None:
        if len(self.images) != len(self.specs) or not self.specs:
            raise ModelError(
                f"The training set has {len(self.images)} pictures of {len(self.specs)} stickers",
                "as many pictures as stickers, at least one",
                "Draw the variants again.",
            )


def train(
    model: ChineseCLIPModel,
    tokenizer: BertTokenizer,
    variants: TrainingSet,
    config: ClipConfig,
    progress: Progress | None = None,
    checkpoint: Path | None = None,
) -> None:
    """Train `model` in place. With `checkpoint`, the state is written there from time to time, and training continues
    from it if it belongs to the same settings, vocabulary and pictures; otherwise it is overwritten.
    """
    with repeatable(config.threads):
        sizes = {attribute: len(variants.words.values[attribute]) for attribute in ATTRIBUTES}
        state = _State.start(model, config, sizes)
        fingerprint = _fingerprint(tokenizer, variants, config)
        done = state.learning.read(checkpoint, fingerprint) if checkpoint is not None else 0
        steps = steps_of(len(variants.specs), config)
        labels = _labels(variants)
        seen = seen_together(labels, sizes["style"], sizes["character"])
        model.train()
        for step in range(done, steps):
            loss = _step(state, tokenizer, variants, labels, seen, config, step, steps)
            if progress is not None:
                progress(step + 1, steps, loss)
            if checkpoint is not None and (step + 1) % config.checkpoint_every == 0:
                state.learning.write(checkpoint, fingerprint, step + 1)
        model.eval()


def steps_of(count: int, config: ClipConfig) -> int:
    """The number of steps of a training on `count` pictures."""
    return max(1, round(config.epochs * count / config.batch))


def batch_rows(count: int, batch: int, step: int, seed: int) -> NDArray[np.intp]:
    """The rows of batch `step`: each epoch deals all pictures in a new order; the last batch wraps around."""
    start = step * batch
    rows: list[int] = []
    while len(rows) < min(batch, count):
        epoch, place = divmod(start, count)
        order = np.random.default_rng((seed, 0, epoch)).permutation(count)
        part = order[place : place + min(batch, count) - len(rows)]
        rows += part.tolist()
        start += len(part)
    return np.array(rows, np.intp)


# ---- one step -------------------------------------------------------------------------------------------------------


def _step(
    state: _State,
    tokenizer: BertTokenizer,
    variants: TrainingSet,
    labels: NDArray[np.int64],
    seen: NDArray[np.bool_],
    config: ClipConfig,
    step: int,
    steps: int,
) -> float:
    import torch

    rng = np.random.default_rng((config.seed, 1, step))
    rows = batch_rows(len(labels), config.batch, step, config.seed)
    tellings = [_tell(variants.specs[row], variants.words, config, rng) for row in rows]
    inputs = tokenize(state.model, tokenizer, [telling.text for telling in tellings])
    inputs["input_ids"] = forget(inputs["input_ids"], tokenizer.unk_token_id, config.unknown, rng)
    pixels = augmented(variants.images[rows], config, rng)
    loss = _loss(state, pixels, inputs, tellings, labels[rows], seen, config)

    state.learning.begin(rate_share(step, steps, config.warmup))
    loss.backward()
    torch.nn.utils.clip_grad_norm_(state.model.parameters(), config.clip_norm)
    state.learning.step()
    with torch.no_grad():
        state.model.logit_scale.clamp_(0, config.max_logit_scale)
    return float(loss.detach())


def _loss(
    state: _State,
    pixels: torch.Tensor,
    inputs: dict[str, Any],
    tellings: list[Telling],
    labels: NDArray[np.int64],
    seen: NDArray[np.bool_],
    config: ClipConfig,
) -> torch.Tensor:
    import torch
    from torch.nn.functional import normalize

    image = state.model.get_image_features(pixel_values=pixels)
    pictures = normalize(image.pooler_output, dim=-1)
    texts = normalize(project_texts(state.model, inputs), dim=-1)
    logits = state.model.logit_scale.exp() * texts @ pictures.T
    right, counted = positives(tellings, labels), comparable_texts(tellings, labels, seen)
    loss = contrastive_loss(logits, torch.from_numpy(right), torch.from_numpy(counted))
    wanted, compared = target_gram(labels, config.targets), comparable_pictures(labels, seen)
    loss = loss + config.gram_weight * gram_loss(pictures, torch.from_numpy(wanted), torch.from_numpy(compared))
    answers = torch.from_numpy(labels)
    guesses = [state.heads[attribute](image.pooler_output) for attribute in ATTRIBUTES]
    possible = possible_answers(labels, seen, tuple(guess.shape[1] for guess in guesses))
    for place, guess in enumerate(guesses):
        loss = loss + config.attribute_weight * attribute_loss(
            guess, answers[:, place], torch.from_numpy(possible[place])
        )
    return loss


def _tell(spec: StickerSpec, words: Words, config: ClipConfig, rng: np.random.Generator) -> Telling:
    keep = dict(zip(ATTRIBUTES, (config.keep_style, config.keep_character, config.keep_situation), strict=True))
    return tell(spec, words, keep, config.canonical, config.shuffle, rng)


def forget(ids: torch.Tensor, unknown: int, chance: float, rng: np.random.Generator) -> torch.Tensor:
    """Token ids (B, L) in which each ordinary token (above the special ones) becomes `unknown` with this chance."""
    import torch

    hit = torch.from_numpy(rng.random(ids.shape) < chance) & (ids > 4)
    return torch.where(hit, torch.full_like(ids, unknown), ids)


def augmented(images: NDArray[np.uint8], config: ClipConfig, rng: np.random.Generator) -> torch.Tensor:
    """Augment pictures (B, S, S, 3) uint8 to normalised pixels (B, 3, image_size, image_size). One random zoom and
    window a batch; tint and mirroring for each picture. If the zoomed picture is smaller than the window, its border is
    continued.
    """
    import torch
    from torch.nn.functional import interpolate, pad

    size = config.image_size
    zoom = size if rng.random() < config.unzoomed else int(rng.integers(config.zoom[0], config.zoom[1] + 1))
    pixels = torch.from_numpy(np.ascontiguousarray(images)).permute(0, 3, 1, 2).float()
    pixels = interpolate(pixels, (zoom, zoom), mode="bilinear")
    margin = max(0, size - zoom)
    pixels = pad(pixels, (margin, margin, margin, margin), mode="replicate")
    top, left = rng.integers(0, zoom + 2 * margin - size + 1, 2).tolist()
    pixels = pixels[:, :, top : top + size, left : left + size] / 255
    mirrored = torch.from_numpy(rng.random((len(images), 1, 1, 1)) < config.mirror)
    pixels = torch.where(mirrored, pixels.flip(3), pixels)
    light = 1 + config.tint * (2 * rng.random((len(images), 3, 1, 1)) - 1)
    pixels = pixels * torch.from_numpy(light.astype(np.float32))
    mean, std = (torch.tensor(values).view(1, 3, 1, 1) for values in (CLIP_MEAN, CLIP_STD))
    return (pixels - mean) / std


def _labels(variants: TrainingSet) -> NDArray[np.int64]:
    """Labels (N, 4): style, character, situation, caption; -1 for a sticker without caption."""
    captions = sorted({spec.caption for spec in variants.specs} - {""})
    place = {"": -1, **{caption: number for number, caption in enumerate(captions)}}
    return np.array([(*variants.words.labels(spec), place[spec.caption]) for spec in variants.specs], np.int64)


# ---- state ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """The state that a step changes: the model, and the attribute heads, which are discarded afterwards.

    Muon updates the matrices inside the layers of both towers; AdamW embeddings, biases, norms, projections and heads.
    """

    model: ChineseCLIPModel
    heads: Any
    learning: Learning

    @classmethod
    def start(cls, model: ChineseCLIPModel, config: ClipConfig, sizes: dict[str, int]) -> _State:
        """Create heads with the given numbers of classes, and optimisers."""
        import torch

        with torch.random.fork_rng():
            torch.manual_seed(config.seed + 1)
            width = int(model.visual_projection.out_features)
            heads = torch.nn.ModuleDict({name: torch.nn.Linear(width, size) for name, size in sizes.items()})
        inside = [weight for name, weight in model.named_parameters() if ".layer" in name and weight.ndim == 2]
        chosen = {id(weight) for weight in inside}
        rest = [weight for weight in [*model.parameters(), *heads.parameters()] if id(weight) not in chosen]
        named = {f"model.{name}": weight for name, weight in model.named_parameters()}
        named |= {f"heads.{name}": weight for name, weight in heads.named_parameters()}
        decay = config.weight_decay
        optimizers = [muon(inside, config.hidden_rate, decay), adamw(rest, config.learning_rate, decay)]
        return cls(model, heads, Learning(named, optimizers))


def _fingerprint(tokenizer: BertTokenizer, variants: TrainingSet, config: ClipConfig) -> str:
    """A name for a training by everything that decides its result."""
    settings = {f.name: getattr(config, f.name) for f in fields(config) if f.name != "checkpoint_every"}
    about = json.dumps(
        [
            {**settings, "targets": asdict(config.targets)},
            pieces_of(tokenizer),
            [asdict(spec) for spec in variants.specs],
            {attribute: dict(values) for attribute, values in variants.words.phrases.items()},
        ]
    )
    pictures = hashlib.sha256(np.ascontiguousarray(variants.images).data).hexdigest()
    return hashlib.sha256(f"{about}{pictures}".encode()).hexdigest()
