"""Export of a released Chinese-CLIP's two towers as ONNX files with weights in 8 bits, which the page runs without
torch.

A quarter of the bytes of float32. Every output channel of a matrix has a scale of its own, and activations get theirs
while they are computed (dynamic quantisation), so that nothing has to be calibrated.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from persrv.files.picture_files import open_picture
from persrv.models.encoders import (
    CONFIG,
    IMAGE_ENCODER,
    TEXT_ENCODER,
    VOCABULARY,
    EncoderConfig,
    ModelFolder,
    load_image_encoder,
    load_text_encoder,
)
from persrv.records import FloatArray
from precompute.models.released import loading, text
from precompute.models.small import clip, clip_onnx
from precompute.runtime.progress import Report

#: Stickers, and texts, by which the files are compared with torch.
SAMPLES = 16

_FILES = (TEXT_ENCODER, IMAGE_ENCODER, VOCABULARY, CONFIG)

#: Operators whose weights are kept in 8 bits: matrices, and the table of word pieces.
_QUANTISED = ["MatMul", "Gemm", "Gather"]


def files_in(folder: Path) -> dict[str, Path]:
    """File name -> path of what `write` wrote into a stage's folder."""
    return {name: folder / name for name in _FILES}


def write(source: Path, pictures: Sequence[Path], texts: Sequence[str], folder: Path, report: Report) -> dict[str, Any]:
    """Write both towers of the Chinese-CLIP in `source` into the stage's folder, and compare them with torch.

    pictures, texts: samples; the cosines between both encoders' vectors are reported.
    """
    import torch
    from transformers import ChineseCLIPModel

    model: Any = ChineseCLIPModel.from_pretrained(source, dtype=torch.float32).eval()
    tokenizer = text.tokenizer_in(source)
    config = loading.encoder_config(source)
    prepares = EncoderConfig(config.image_size, config.mean, config.std, text.CONTEXT)
    report(0, 3)
    clip_onnx.export(model, tokenizer, folder, prepares)
    for number, name in enumerate((TEXT_ENCODER, IMAGE_ENCODER), 1):
        report(number, 3)
        quantise(folder / name)
    return {
        "bytes": {name: (folder / name).stat().st_size for name in (TEXT_ENCODER, IMAGE_ENCODER)},
        "least_cosine_with_torch": parity(model, tokenizer, prepares, folder, pictures, texts),
    }


def quantise(path: Path) -> None:
    """Keep the weights of an ONNX file in 8 bits, in its place."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    whole = onnx.load(path)
    del whole.graph.value_info[:]  # torch's exporter leaves shapes of before it folded transposed weights
    onnx.save(whole, path)
    small = path.with_suffix(".int8")
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)  # it advises to prepare what the exporter has prepared
    try:
        quantize_dynamic(path, small, per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=_QUANTISED)
    finally:
        logging.disable(before)
    small.replace(path)


def parity(
    model: Any,
    tokenizer: Any,
    prepares: EncoderConfig,
    folder: Path,
    pictures: Sequence[Path],
    texts: Sequence[str],
) -> Mapping[str, float | None]:
    """The least cosine between the vectors of torch and of the files, over pictures and over texts; None without
    samples.
    """
    import torch

    from persrv.models.encoders import key_frames, pixel_values, unit

    encode, seen = load_image_encoder(ModelFolder(folder)), []
    for path in pictures:
        with open_picture(path) as picture:
            frames = np.stack([pixel_values(frame, prepares) for frame in key_frames(picture)])
            with torch.inference_mode():
                rows = torch.nn.functional.normalize(clip.project_images(model, torch.from_numpy(frames)), dim=-1)
            seen.append(_cosine(unit(rows.numpy().mean(axis=0)), encode(picture)))
    read = load_text_encoder(ModelFolder(folder))
    said = [_cosine(row, read(one)) for row, one in zip(text.embed_texts(model, tokenizer, texts), texts, strict=True)]
    return {"pictures": min(seen, default=None), "texts": min(said, default=None)}


def _cosine(one: FloatArray, other: FloatArray) -> float:
    """The cosine of two unit vectors, rounded."""
    return round(float(one @ other), 5)
