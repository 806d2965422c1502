"""Teaching the small LLaVA to look and to speak: the build's own composition of the base model's training.

No interaction is seen here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from precompute.caption_record import SEPARATOR
from precompute.demo import telling
from precompute.demo.situations import SITUATIONS
from precompute.demo.spec import StickerSpec
from precompute.models.small import clip as chinese_clip
from precompute.models.small import llava, llava_lessons, llava_training
from precompute.runtime.progress import Report
from precompute.stages.draw import load_parts

if TYPE_CHECKING:
    from precompute.config import CaptionConfig, LessonConfig


#: Folder of the model, below its stage's folder.
MODEL = "model"


def world_texts() -> tuple[str, ...]:
    """Texts that the small model's tokenizer has to spell: the language of descriptions, dictionary and queries."""
    rng = np.random.default_rng(0)
    phrases = [phrase for told in SITUATIONS.values() for phrase in llava_lessons.phrases_of(told)]
    return (*telling.texts(), *phrases, telling.meaning("", next(iter(SITUATIONS)), rng), SEPARATOR)


def train_base(
    clip: Path,
    specs: Sequence[StickerSpec],
    pictures: Sequence[Path],
    config: CaptionConfig,
    folder: Path,
    report: Report,
) -> dict[str, Any]:
    """Train the base model from the Chinese-CLIP in `clip` and save it to folder/model; return the report. pictures:
    the folders of those that show `specs`.

    It first learns to look (the vision tower, for attribute heads that are then thrown away; a step of that costs a
    tenth of one with words, so it is where the expression of a sticker is learnt), then to speak of what it sees.
    """
    drawn = np.concatenate([load_parts(one) for one in pictures])
    seen, _ = chinese_clip.load(clip)
    tokenizer = llava.build_tokenizer(world_texts())
    model = llava.build_model(config.llava, len(tokenizer), seen.vision_model)
    tokens = llava.image_tokens(model.config.vision_config)
    phases: tuple[tuple[str, llava_training.Batches, LessonConfig, tuple[str, ...]], ...] = (
        ("look", llava_lessons.LookLesson(specs, config.look), config.look, ("vision_tower", "projector")),
        (
            "speak",
            llava_lessons.BaseLesson(specs, tokenizer, tokens, config.speak),
            config.speak,
            ("projector", "language_model", "lm_head"),
        ),
    )
    steps = [llava_training.steps_of(len(specs), settings) for _, _, settings, _ in phases]
    about = [[asdict(spec) for spec in specs], llava.pieces_of(tokenizer), asdict(config.llava)]
    losses: dict[str, float] = {}
    for number, (name, lesson, settings, parts) in enumerate(phases):

        def progress(step: int, _: int, loss: float, name: str = name, before: int = sum(steps[:number])) -> None:
            losses[name] = loss
            report(before + step, sum(steps))

        llava_training.learn_only(model, parts)
        checkpoint = folder / f".{name}.safetensors"
        llava_training.train(
            model, lesson, drawn, steps[number], settings, progress, checkpoint, [name, about], llava_lessons.CLASSES
        )
    llava.save(model, tokenizer, folder / MODEL)
    return {
        "parameters_trained": sum(weight.numel() for weight in model.parameters()),
        "vocabulary": len(tokenizer),
        "pictures": len(specs),
        "steps": dict(zip(("look", "speak"), steps, strict=True)),
        "last_loss": losses,
    }
