"""Teaching the small Chinese-CLIP of the drawn world to see: the build's own composition of its training."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from precompute.demo.situations import SITUATIONS
from precompute.demo.spec import StickerSpec
from precompute.demo.words import world_words
from precompute.models.small import clip, clip_training
from precompute.runtime.progress import Report
from precompute.stages.draw import load_parts

if TYPE_CHECKING:
    from precompute.config import ClipConfig

#: Folder of the model, below its stage's folder.
MODEL = "model"


def train(
    drawn: Path, specs: tuple[StickerSpec, ...], config: ClipConfig, folder: Path, report: Report
) -> dict[str, Any]:
    """Train the model from scratch into folder/model. drawn: the folder of the pictures that show `specs`."""
    words = world_words(SITUATIONS)
    tokenizer = clip.build_tokenizer(words.texts)
    model = clip.build_model(config, len(tokenizer))
    losses: list[float] = []

    def progress(step: int, steps: int, loss: float) -> None:
        losses.append(loss)
        report(step, steps)

    lesson = clip_training.TrainingSet(load_parts(drawn), specs, words)
    clip_training.train(model, tokenizer, lesson, config, progress, folder / ".checkpoint.safetensors")
    clip.save(model, tokenizer, folder / MODEL)
    return {"parameters_trained": clip.parameters(model), "last_loss": losses[-1] if losses else 0.0}
