"""Export of a Chinese-CLIP's two towers to ONNX files, which the page runs without torch, and a check of agreement."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from persrv.models.encoders import CONFIG, IMAGE_ENCODER, TEXT_ENCODER, VOCABULARY, EncoderConfig, pixel_values
from precompute.models.small.clip import (
    embed_images,
    embed_texts,
    encoder_config,
    pieces_of,
    project_images,
    project_texts,
    tokenize,
)
from precompute.models.small.onnx_export import export_onnx

if TYPE_CHECKING:
    import torch
    from PIL.Image import Image
    from transformers import BertTokenizer, ChineseCLIPModel

#: Not "embedding": the exporter gives that name to a value inside the text tower.
OUTPUT = "vector"


def export(
    model: ChineseCLIPModel, tokenizer: BertTokenizer, folder: Path, prepares: EncoderConfig | None = None
) -> dict[str, Path]:
    """Write both towers, vocab.txt and encoder.json into `folder`. Returns file name -> path, as a bundle's models.

    prepares: how pictures and texts are prepared; None for the preparation of our own small models.
    """
    prepares = prepares or encoder_config(model)
    folder.mkdir(parents=True, exist_ok=True)
    export_text_encoder(model, tokenizer, folder / TEXT_ENCODER, prepares.max_length)
    export_image_encoder(model, folder / IMAGE_ENCODER)
    (folder / VOCABULARY).write_text("\n".join(pieces_of(tokenizer)) + "\n", encoding="utf-8")
    (folder / CONFIG).write_text(json.dumps(_description(model, prepares), indent=1) + "\n", encoding="utf-8")
    return {name: folder / name for name in (TEXT_ENCODER, IMAGE_ENCODER, VOCABULARY, CONFIG)}


def export_text_encoder(model: ChineseCLIPModel, tokenizer: BertTokenizer, path: Path, longest: int) -> None:
    """Write the text tower: input_ids, attention_mask (B, L) int64 -> vector (B, 512) float32 unit rows; B is free, and
    L up to `longest`.
    """
    from torch.export import Dim

    example = tokenize(model, tokenizer, ["ab", "cde"])
    free = {0: Dim("batch", min=1, max=4096), 1: Dim("length", min=2, max=longest)}
    export_onnx(_text_tower(model), example, dict.fromkeys(example, free), [OUTPUT], path)


def export_image_encoder(model: ChineseCLIPModel, path: Path) -> None:
    """Write the image tower: pixel_values (B, 3, S, S) float32 -> vector (B, 512) float32 unit rows; B is free."""
    import torch
    from torch.export import Dim

    size = encoder_config(model).image_size
    example = {"pixel_values": torch.zeros(2, 3, size, size)}
    free = {"pixel_values": {0: Dim("batch", min=1, max=4096)}}
    export_onnx(_image_tower(model), example, free, [OUTPUT], path)


def parity(
    model: ChineseCLIPModel,
    tokenizer: BertTokenizer,
    folder: Path,
    texts: Sequence[str],
    images: Sequence[Image],
) -> float:
    """The largest absolute difference between the vectors of torch and those of the files in `folder`, over the
    samples.

    Texts go one by one to the files, as the page sends them, and in padded batches to torch; pictures are still.
    """
    import onnxruntime

    differences = [0.0]
    text_session = onnxruntime.InferenceSession(folder / TEXT_ENCODER, providers=["CPUExecutionProvider"])
    for text, wanted in zip(texts, embed_texts(model, tokenizer, texts), strict=True):
        inputs = {name: value.numpy() for name, value in tokenize(model, tokenizer, [text]).items()}
        differences.append(float(np.abs(text_session.run([OUTPUT], inputs)[0][0] - wanted).max()))
    image_session = onnxruntime.InferenceSession(folder / IMAGE_ENCODER, providers=["CPUExecutionProvider"])
    for image, wanted in zip(images, embed_images(model, images), strict=True):
        pixels = pixel_values(image, encoder_config(model))[None]
        differences.append(float(np.abs(image_session.run([OUTPUT], {"pixel_values": pixels})[0][0] - wanted).max()))
    return max(differences)


def _description(model: ChineseCLIPModel, encoder: EncoderConfig) -> dict[str, Any]:
    """The preparation of pictures and texts, which persrv.models.encoders reads."""
    return {
        "image_size": encoder.image_size,
        "mean": list(encoder.mean),
        "std": list(encoder.std),
        "max_length": encoder.max_length,
        "width": int(model.visual_projection.out_features),
        "pad": "white background square",
    }


def _text_tower(model: ChineseCLIPModel) -> torch.nn.Module:
    import torch

    class TextTower(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            inputs = {"input_ids": input_ids, "attention_mask": attention_mask}
            return torch.nn.functional.normalize(project_texts(self.model, inputs), dim=-1)

    return TextTower()


def _image_tower(model: ChineseCLIPModel) -> torch.nn.Module:
    import torch

    class ImageTower(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
            return torch.nn.functional.normalize(project_images(self.model, pixel_values), dim=-1)

    return ImageTower()
