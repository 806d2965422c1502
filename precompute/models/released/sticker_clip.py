"""StickerCLIP: a Chinese-CLIP fine-tuned on a catalogue's own texts, both towers, by symmetric InfoNCE.

The recipe is Sticker820K's (batch 64, 5 epochs, rate 2e-5, decay 1e-3, warm-up of 100 steps). All chance of an epoch
comes from (seed, epoch) and that of a step from (seed, step), so a training that is killed and resumed ends as an
uninterrupted one.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from persrv.errors import DataError
from persrv.models.encoders import VOCABULARY, unit
from persrv.records import FloatArray
from precompute.models.optimisers import Learning, adamw, rate_share
from precompute.models.pixels import Look, frames_or_white
from precompute.models.released import loading
from precompute.models.released.text import embed_texts, tokenizer_in, tokens
from precompute.models.small import clip
from precompute.runtime.cache import digest, write_json
from precompute.runtime.processes import each
from precompute.runtime.progress import Report, silent

if TYPE_CHECKING:
    import torch

    from precompute.config import StickerClipRecipe

#: Folder of the model that `train` writes, and file of its checkpoint, below the stage's folder.
MODEL, CHECKPOINT = "model", ".checkpoint.safetensors"
_HISTORY = "history.json"

#: Cut-offs of text -> image recall; their mean is what Sticker820K reports.
CUTOFFS = (1, 5, 10)

#: CLIP's bound on its temperature: similarities are multiplied by at most this.
MOST_SCALE = 100.0


@dataclass(frozen=True, slots=True)
class StickerTexts:
    """A sticker and its texts, each by itself; queries: those of its texts that people typed before a click."""

    sticker: str
    path: Path
    texts: tuple[str, ...]
    queries: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.texts, *self.queries)


@dataclass(frozen=True, slots=True)
class HeldOutRecall:
    """Text -> image recall among the held-out stickers, as cut-off -> share: for their own texts, and for queries."""

    texts: dict[int, float]
    queries: dict[int, float]


@dataclass(frozen=True, slots=True)
class History:
    """The record of a training: the loss of every step, and recall before and after."""

    losses: list[float]
    before: HeldOutRecall
    after: HeldOutRecall

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> History:
        """The record as read from JSON, whose keys are texts."""
        parts = [
            HeldOutRecall(
                *({int(k): share for k, share in document[when][field].items()} for field in ("texts", "queries"))
            )
            for when in ("before", "after")
        ]
        return cls(document["losses"], *parts)


def hold_out(told: Sequence[StickerTexts], recipe: StickerClipRecipe) -> tuple[list[StickerTexts], list[StickerTexts]]:
    """The stickers to train on and those held out, each by id. The choice depends on the ids and the seed alone."""
    ordered = sorted(told, key=lambda one: digest(recipe.seed, one.sticker))
    count = min(recipe.most_held, round(recipe.held * len(ordered)))
    parts = ordered[count:], ordered[:count]
    learnt, held = (sorted(part, key=lambda one: one.sticker) for part in parts)
    return learnt, held


def steps_of(count: int, recipe: StickerClipRecipe) -> int:
    """The number of steps of an epoch: batches as even as possible, of at most the recipe's size."""
    return -(-count // recipe.batch)


def learn(
    source: Path,
    told: Sequence[StickerTexts],
    recipe: StickerClipRecipe,
    device: str,
    workers: int,
    folder: Path,
    report: Report,
) -> dict[str, Any]:
    """Run `train` as a stage, on all stickers but those held out, keep its history in the folder, and return the
    report.
    """
    learnt, held = hold_out(told, recipe)
    history = train(source, learnt, held, recipe, device, workers, folder, report)
    write_json(folder / _HISTORY, asdict(history))
    (folder / CHECKPOINT).unlink()  # twice as large as the model
    return {"stickers": len(learnt), "held_out_stickers": len(held), "last_loss": history.losses[-1]}


def history_in(folder: Path) -> History:
    """The history that `learn` kept in its folder."""
    return History.read(json.loads((folder / _HISTORY).read_text(encoding="utf-8")))


def train(
    source: Path,
    learnt: Sequence[StickerTexts],
    held: Sequence[StickerTexts],
    recipe: StickerClipRecipe,
    device: str,
    workers: int,
    folder: Path,
    report: Report = silent,
) -> History:
    """Fine-tune the Chinese-CLIP in `source` into folder/model, continuing from the checkpoint in `folder` if there is
    one.
    """
    import torch
    from transformers import ChineseCLIPModel

    if len(learnt) < 2:
        raise DataError(f"{len(learnt)} stickers with texts", "two or more to tell apart", "Leave out --sticker-clip.")
    look, tokenizer = loading.clip_look(source), tokenizer_in(source)
    model: Any = ChineseCLIPModel.from_pretrained(source, dtype=torch.float32)
    model.to(device)
    judge = partial(_judge, model, tokenizer, look, held, workers, recipe.batch)
    before = judge()
    losses = _run(model, tokenizer, look, learnt, recipe, workers, folder, report)
    history = History(losses, before, judge())
    model.save_pretrained(folder / MODEL)
    for name in (VOCABULARY, loading.PREPROCESSOR):  # laid out as the released one, and so used in its place
        shutil.copyfile(source / name, folder / MODEL / name)
    return history


def _run(
    model: Any,
    tokenizer: Any,
    look: Look,
    learnt: Sequence[StickerTexts],
    recipe: StickerClipRecipe,
    workers: int,
    folder: Path,
    report: Report,
) -> list[float]:
    """Run all remaining steps; returns the loss of every step."""
    checkpoint, kept = folder / CHECKPOINT, folder / ".losses.json"
    learning = learning_of(model, recipe)
    total = steps_of(len(learnt), recipe) * recipe.epochs
    fingerprint = digest(asdict(recipe), [(one.sticker, one.all) for one in learnt])
    done = learning.read(checkpoint, fingerprint)
    losses: list[float] = json.loads(kept.read_text(encoding="utf-8"))[:done] if done else []
    report(done, total)
    model.train()
    for step, (pixels, texts) in enumerate(_batches(learnt, recipe, look.side, workers, done), start=done):
        losses.append(
            _step(model, tokenizer, look, learning, pixels, texts, rate_share(step, total, recipe.warmup), step)
        )
        report(step + 1, total)
        if (step + 1) % recipe.checkpoint_every == 0 or step + 1 == total:
            write_json(kept, losses)
            learning.write(checkpoint, fingerprint, step + 1)
    model.eval()
    return losses


def learning_of(model: Any, recipe: StickerClipRecipe) -> Learning:
    """The optimiser of all weights; matrices decay, but not gains, biases and the temperature, as in CLIP."""
    weights = dict(model.named_parameters())
    matrices = [weight for weight in weights.values() if weight.ndim > 1]
    others = [weight for weight in weights.values() if weight.ndim <= 1]
    return Learning(weights, (adamw(matrices, recipe.rate, recipe.decay), adamw(others, recipe.rate, 0.0)))


def _batches(
    learnt: Sequence[StickerTexts], recipe: StickerClipRecipe, side: int, workers: int, done: int
) -> Iterator[tuple[NDArray[np.uint8], list[str]]]:
    """Yield the pictures (B, side, side, 3) of every step from `done` on, and a text for each."""
    steps = steps_of(len(learnt), recipe)
    for epoch in range(done // steps, recipe.epochs):
        rng = np.random.default_rng((recipe.seed, epoch))
        order = rng.permutation(len(learnt))
        chosen = [one.all[int(rng.integers(len(one.all)))] for one in learnt]
        parts = np.array_split(order, steps)[max(0, done - epoch * steps) :]
        paths = [learnt[place].path for part in parts for place in part]
        decoded = each(partial(frames_or_white, side=side), paths, workers)
        for part in parts:
            frames = [some[epoch % len(some)] for some in islice(decoded, len(part))]  # an animation shows another one
            yield np.stack(frames), [chosen[place] for place in part]


def _step(
    model: Any,
    tokenizer: Any,
    look: Look,
    learning: Learning,
    pixels: NDArray[np.uint8],
    texts: Sequence[str],
    share: float,
    step: int,
) -> float:
    """Run one step; returns its loss."""
    import torch

    torch.manual_seed(step)  # dropout
    learning.begin(share)
    device = model.device.type
    with torch.autocast(device, loading.half(device), enabled=device != "cpu"):
        seen = clip.project_images(model, loading.on_device(pixels, look, model))
        read = clip.project_texts(model, {k: v.to(model.device) for k, v in tokens(tokenizer, texts).items()})
    loss = info_nce(seen.float(), read.float(), model.logit_scale.exp(), same(texts).to(model.device))
    loss.backward()
    learning.step()
    with torch.no_grad():
        model.logit_scale.clamp_(max=float(np.log(MOST_SCALE)))
    return float(loss.detach())


def same(texts: Sequence[str]) -> torch.Tensor:
    """Mask (B, B): whether two different rows have the same text, so that neither picture is wrong for the other's."""
    import torch

    _, kind = np.unique(np.array(texts), return_inverse=True)
    equal = torch.from_numpy(kind[:, None] == kind[None, :])
    return equal & ~torch.eye(len(texts), dtype=torch.bool)


def info_nce(seen: torch.Tensor, read: torch.Tensor, scale: torch.Tensor, ignored: torch.Tensor) -> torch.Tensor:
    """Symmetric InfoNCE (Radford et al. 2021): the mean of both directions' cross-entropies.

    seen, read: (B, d), not normalised; ignored: (B, B) pairs that are neither right nor wrong.
    """
    import torch
    from torch.nn.functional import cross_entropy, normalize

    scores = (scale * normalize(seen, dim=-1) @ normalize(read, dim=-1).T).masked_fill(ignored, float("-inf"))
    own = torch.arange(len(scores), device=scores.device)
    return (cross_entropy(scores, own) + cross_entropy(scores.T, own)) / 2


# ---- what it is worth -----------------------------------------------------------------------------------------------


def _judge(
    model: Any, tokenizer: Any, look: Look, held: Sequence[StickerTexts], workers: int, batch: int
) -> HeldOutRecall:
    """The recall of the model in its present state."""
    was, embed = model.training, loading.embedder(model.eval(), look)
    pictures = _vectors(embed, held, look.side, workers, batch)
    found = []
    for texts in ([one.texts for one in held], [one.queries for one in held]):
        said = [(text, place) for place, some in enumerate(texts) for text in some]
        rows = embed_texts(model, tokenizer, [text for text, _ in said])
        found.append(recalls(rows, pictures, [place for _, place in said]) if said else {})
    model.train(was)
    return HeldOutRecall(*found)


def _vectors(embed: Any, held: Sequence[StickerTexts], side: int, workers: int, batch: int) -> FloatArray:
    """(N, d) unit rows; an animation gets the renormalised mean of its frames."""
    decoded = each(partial(frames_or_white, side=side), [one.path for one in held], workers)
    rows: list[FloatArray] = []
    while some := list(islice(decoded, batch)):
        ends = np.cumsum([len(frames) for frames in some])
        rows += [unit(part.mean(axis=0)) for part in np.split(embed(np.concatenate(some)), ends[:-1])]
    return np.stack(rows) if rows else np.zeros((0, 1), np.float32)


def recalls(texts: FloatArray, pictures: FloatArray, own: Sequence[int]) -> dict[int, float]:
    """Cut-off k -> share of texts (T, d) whose own picture is among the k nearest of (N, d), ties in the pictures'
    order.
    """
    places = np.array(own)
    cosines = texts @ pictures.T
    mine = cosines[np.arange(len(places)), places][:, None]
    ahead = (cosines > mine) | ((cosines == mine) & (np.arange(len(pictures)) < places[:, None]))
    before = ahead.sum(axis=1)
    return {k: float((before < k).mean()) for k in CUTOFFS}
