"""Teaching the small LLaVA to see, to speak, and to say what people type: the pipeline's own composition of trainings.

Apart from `captioning`, so that the keys of what is trained do not cover how it is asked and judged. Nothing here sees
a validation or test interaction: fine-tuning takes `TrainInteractions`, and is given the fitting part of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from precompute.captions import SEPARATOR
from precompute.config import CaptionConfig
from precompute.demo import telling
from precompute.demo.situations import SITUATIONS
from precompute.demo.spec import StickerSpec
from precompute.models import chinese_clip, llava, llava_training
from precompute.models.llava_training import LessonConfig
from precompute.progress import Report
from precompute.split import TrainInteractions
from precompute.stages.finetune import clicked_stickers, pictures_of

#: The two fine-tuned variants: what the model is shown when it is asked for keywords.
VARIANTS = ("tuned_picture", "tuned_ocr")


# ---- the base model -------------------------------------------------------------------------------------------------


def world_texts() -> tuple[str, ...]:
    """All that the small model's tokenizer spells: the language of descriptions, dictionary and queries."""
    rng = np.random.default_rng(0)
    phrases = [phrase for told in SITUATIONS.values() for phrase in llava_training.phrases_of(told)]
    return (*telling.texts(), *phrases, telling.meaning("", next(iter(SITUATIONS)), rng), SEPARATOR)


def train_base(
    folder: Path, clip: Path, specs: Sequence[StickerSpec], drawn: NDArray[np.uint8], config: CaptionConfig, bar: Report
) -> dict[str, Any]:
    """Train the base model from the Chinese-CLIP in `clip` and save it to folder/model; what there is to report.

    It first learns to look (the vision tower, for attribute heads that are then thrown away; a step of that costs a
    tenth of one with words, so it is where the expression of a sticker is learnt), then to speak of what it sees.
    """
    seen, _ = chinese_clip.load(clip)
    tokenizer = llava.build_tokenizer(world_texts())
    model = llava.build_model(config.llava, len(tokenizer), seen.vision_model)
    tokens = llava.image_tokens(model.config.vision_config)
    phases: tuple[tuple[str, llava_training.Batches, LessonConfig, tuple[str, ...]], ...] = (
        ("look", llava_training.LookLesson(specs, config.look), config.look, ("vision_tower", "projector")),
        (
            "speak",
            llava_training.BaseLesson(specs, tokenizer, tokens, config.speak),
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
            bar(before + step, sum(steps))

        llava_training.learn_only(model, parts)
        checkpoint = folder / f".{name}.safetensors"
        llava_training.train(model, lesson, drawn, steps[number], settings, progress, checkpoint, [name, about])
    llava.save(model, tokenizer, folder / "model")
    return {
        "model": "LlavaForConditionalGeneration, trained from scratch on drawn variants; its vision tower began as the "
        "Chinese-CLIP's",
        "prompt": llava.GENERAL,
        "parameters_trained": sum(weight.numel() for weight in model.parameters()),
        "vocabulary": len(tokenizer),
        "pictures": len(specs),
        "steps": dict(zip(("look", "speak"), steps, strict=True)),
        "last_loss": losses,
    }


# ---- fine-tuning ----------------------------------------------------------------------------------------------------


def fine_tune(
    folder: Path,
    base: Path,
    train: TrainInteractions,
    images: Mapping[str, Path],
    texts: Mapping[str, str],
    config: CaptionConfig,
    bar: Report,
) -> dict[str, Any]:
    """Fine-tune both variants on training interactions and save each merged model to folder/<variant>."""
    report: dict[str, Any] = {"method": "LoRA (peft) on every linear layer of the language model", "variants": {}}
    for number, variant in enumerate(VARIANTS):
        model, processor = llava.load(base)
        shape: Any = model.config
        side = shape.vision_config.image_size
        clicked = clicked_stickers(train, sorted(images), texts if variant == "tuned_ocr" else None)
        pictures = pictures_of([images[name] for name in clicked_names(train, images)], side)
        tuned = llava.with_adapter(model, config.llava.rank, config.llava.seed + 1)
        tokens = llava.image_tokens(model.config.vision_config)
        lesson = llava_training.QueryLesson(clicked, processor.tokenizer, tokens, config.tuned, config.most)
        steps = llava_training.steps_of(len(clicked), config.tuned)
        done = number * steps

        def progress(step: int, total: int, _: float, before: int = done) -> None:
            bar(before + step, len(VARIANTS) * total)

        about = [variant, [asdict(one) for one in clicked], llava.pieces_of(processor.tokenizer)]
        checkpoint = folder / f".{variant}.safetensors"
        llava_training.train(tuned, lesson, pictures, steps, config.tuned, progress, checkpoint, about)
        tuned.save_pretrained(folder / variant / llava.ADAPTER)
        llava.save(tuned.merge_and_unload(), processor.tokenizer, folder / variant / "model")
        queries = [query for one in clicked for query in one.queries]
        report["variants"][variant] = {
            "stickers": len(clicked),
            "queries": len(queries),
            "steps": steps,
            "unspelt_tokens_of_queries": sum(llava.unspelt(processor.tokenizer, query)[0] for query in queries),
        }
    return report


def clicked_names(train: TrainInteractions, images: Collection[str]) -> list[str]:
    """The clicked stickers by id, in the order of `clicked_stickers`."""
    return sorted({row.sticker for row in train} & set(images))
