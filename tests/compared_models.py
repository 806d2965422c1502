"""A drawn world of twelve stickers with small models of random weights, those that the chat compares with too."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import toy

from persrv.bundle import Bundle, amend_model
from persrv.models import retrieving as online
from persrv.models import srs
from persrv.models.captioner import BASE_SPEAKER, CONFIG, PIECES, write_config
from persrv.records import FloatArray
from precompute.builds import base_captioner
from precompute.config import ClipConfig, LlavaConfig
from precompute.demo.situations import SITUATIONS
from precompute.demo.words import world_words
from precompute.evaluation.methods.srs import fitted
from precompute.evaluation.world import World
from precompute.models import retrieving
from precompute.models.small import clip, llava, llava_restored, srs_onnx
from precompute.models.small.clip_onnx import export
from precompute.models.small.llava_onnx import describe, export_speaker
from precompute.models.small.srs_network import NetworkConfig
from precompute.models.small.srs_training import Selector, SrsConfig

SIGHT = ClipConfig(
    image_size=32, patch_size=16, vision_width=16, vision_layers=1, vision_heads=4, text_width=16, text_layers=1,
    text_heads=4, max_length=12, projection=toy.DIMENSIONS,
)  # fmt: skip
SIZES = LlavaConfig(width=48, layers=1, heads=6, mlp=40, context=320)

#: Three situations, each of four stickers.
NAMES = tuple(SITUATIONS)[:3]

SRS_CONFIG = SrsConfig(
    network=NetworkConfig(size=32, width=16, channels=(8, 8, 8, 16), heads=2, layers=1, most_words=4),
    steps=3,
    threads=1,
)


class Meanings:
    """A sentence encoder of four numbers, one by one those of a text's first letters."""

    name, width = "letters", 4

    def __call__(self, texts: Any) -> FloatArray:
        rows = np.array([[ord(each) % 7 for each in f"{text:4.4}"] for text in texts], np.float32)
        return (rows + 1) / np.linalg.norm(rows + 1, axis=1, keepdims=True)


def write_drawn(folder: Path, **changes: Any) -> Path:
    """Write the bundle without the models that are compared; its path."""
    stickers = tuple(
        replace(
            sticker,
            labels={"situation": NAMES[row // 4], "character": ("cat", "dog")[row % 2], "style": "ink"},
            ocr=SITUATIONS[NAMES[row // 4]].captions_zh[row % 4],
            description="一只小猫",
            queries=(),
        )
        for row, sticker in enumerate(toy.stickers())
    )
    torch.manual_seed(0)
    spells = clip.build_tokenizer(world_words(SITUATIONS).texts)
    seen = clip.build_model(SIGHT, len(spells))
    with torch.no_grad():
        for weight in seen.parameters():  # equal weights would be stored once, under one name
            weight.add_(0.1 * torch.rand_like(weight))
    models = export(seen, spells, folder / "models")
    tokenizer = llava.build_tokenizer(base_captioner.world_texts())
    speaker = llava.build_model(SIZES, len(tokenizer), seen.vision_model)
    with torch.no_grad():
        for part, weight in speaker.named_parameters():
            if "norm" in part:  # gains of 1 would be left out of the file
                weight.uniform_(0.5, 1.5)
    speaker = speaker.half().float()
    written = {name: folder / name for name in (BASE_SPEAKER, CONFIG, PIECES)}
    export_speaker(speaker, written[BASE_SPEAKER])
    processor = llava.processor_for(speaker, tokenizer)
    write_config(describe(speaker, processor, True, 12, 9, 8), written[CONFIG])
    written[PIECES].write_text("\n".join(llava.pieces_of(tokenizer)) + "\n", encoding="utf-8")
    return toy.write_toy(folder, **{"stickers": stickers, "models": {**models, **written}, **changes}).path


def add_language_model(
    path: Path, folder: Path, encode: Meanings | None = None, threshold: float = -1e6
) -> retrieving.Retrieving:
    """Add a language model that learnt nothing to a bundle, by files in a folder; the same in torch. threshold: of
    offering a sticker.
    """
    bundle = Bundle.open(path)
    reading = online.ReadingConfig(messages=1, message="{role} {text} ", meanings=encode is not None)
    told = (0, "") if encode is None else (encode.width, encode.name)
    model = retrieving.build(*llava_restored.restore(bundle), reading, bundle.embeddings.shape[1], 1, told[0])
    speaker = online.file_digest(bundle.path / "models" / BASE_SPEAKER)
    retrieving.write_online(model, online.RetrieverConfig(reading, speaker, told[1], 0.4, threshold), folder)
    amend_model(path, "retriever", {name: folder / name for name in online.FILES}, {})
    return model


def add_srs(path: Path, folder: Path, config: SrsConfig = SRS_CONFIG) -> Selector:
    """Add a hardly trained SRS to a bundle, by files in a folder; the same in torch."""
    selector = fitted(World.open(path), config)
    srs_onnx.export(selector, folder)
    amend_model(path, "srs", {name: folder / name for name in srs.FILES}, {"parameters": asdict(config)})
    return selector
