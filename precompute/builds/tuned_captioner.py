"""Fine-tuning the small LLaVA on what people typed before they clicked: the build's own composition of it.

It takes `TrainInteractions`, and is given the fitting part of them: no validation or test interaction is seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from precompute.fit.split import TrainInteractions
from precompute.models.small import llava, llava_queries, llava_training
from precompute.runtime.progress import Report
from precompute.stages.finetune import clicked_stickers, pictures_of

if TYPE_CHECKING:
    from precompute.config import CaptionConfig


#: Folder of the merged model, below its stage's folder.
MODEL = "model"


def fine_tune(
    base: Path,
    train: TrainInteractions,
    images: Mapping[str, Path],
    texts: Mapping[str, str],
    meanings: Mapping[str, str],
    config: CaptionConfig,
    folder: Path,
    report: Report,
) -> dict[str, Any]:
    """Fine-tune on training interactions; the adapter goes to folder/adapter, the merged model to folder/model.

    texts: what OCR read; meanings: what the base model takes each sticker to mean (caption_record.meaning).
    """
    model, processor = llava.load(base)
    shape: Any = model.config
    clicked = clicked_stickers(train, sorted(images), texts, meanings)
    pictures = pictures_of([images[one.sticker] for one in clicked], shape.vision_config.image_size)
    tuned = llava.with_adapter(model, config.llava.rank, config.llava.seed + 1)
    tokens = llava.image_tokens(shape.vision_config)
    lesson = llava_queries.QueryLesson(clicked, processor.tokenizer, tokens, config.tuned, kin=config.kin)
    steps = llava_training.steps_of(len(clicked), config.tuned)
    losses = [0.0]

    def progress(step: int, total: int, loss: float) -> None:
        losses[0] = loss
        report(step, total)

    about = [[asdict(one) for one in clicked], llava.pieces_of(processor.tokenizer), asdict(config.llava)]
    llava_training.train(tuned, lesson, pictures, steps, config.tuned, progress, folder / ".tuned.safetensors", about)
    tuned.save_pretrained(folder / llava.ADAPTER)
    llava.save(tuned.merge_and_unload(), processor.tokenizer, folder / MODEL)
    queries = [query for one in clicked for query in one.queries]
    return {
        "method": f"LoRA (peft), rank {config.llava.rank}, on every linear layer of the language model",
        "stickers": len(clicked),
        "queries": len(queries),
        "steps": steps,
        "last_loss": losses[0],
        "meanings": len({one.kin for one in clicked}),
        "unspelt_tokens_of_queries": sum(llava.unspelt(processor.tokenizer, query)[0] for query in queries),
    }
