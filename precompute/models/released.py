"""The paper's models at their own sizes, as transformers loads them: Chinese-CLIP's pictures, LLaVA's answers.

Nothing here trains, and nothing is downloaded: `hub` says where a model lies.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from persrv.encoders import EncoderConfig, key_frames, pixel_values, unit
from persrv.errors import ModelError
from persrv.records import FloatArray
from precompute.models import llava

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PIL.Image import Image

PREPROCESSOR = "preprocessor_config.json"


def device(force_cpu: bool) -> str:
    """Where the models run: "cuda", or "cpu" where that is asked for. ModelError where there is no GPU otherwise."""
    try:
        import torch
    except ImportError as error:
        advice = "pip install -r precompute/requirements.txt"
        raise ModelError("torch is not installed", "torch, which runs the models", f"Install it: {advice}.") from error
    if force_cpu:
        return "cpu"
    if torch.cuda.is_available():
        return "cuda"
    raise ModelError(
        f"torch {torch.__version__} sees no GPU",
        "a GPU with 16 GB or more for LLaVA-1.5-7B",
        "Run it on one, use --profile demo, or take days on the processor with --force-cpu.",
    )


def image_embedder(folder: Path, device: str, batch: int) -> Callable[..., FloatArray]:
    """Pictures, read lazily, and a report of how many are done -> (N, d) float32 unit rows, by a Chinese-CLIP.

    A picture is seen as all of our encoders see it, on a white square, so nothing of it is cut or stretched; size, mean
    and deviation are the model's own. An animation is the renormalised mean of its first, middle and last frame.
    """
    import torch
    from transformers import ChineseCLIPModel

    config = encoder_config(folder)
    precision = torch.bfloat16 if device == "cuda" else torch.float32
    model: Any = ChineseCLIPModel.from_pretrained(folder, dtype=precision).eval().to(device)

    def embed(pictures: Iterable[Image], heard: Callable[[int], None]) -> FloatArray:
        rows: list[FloatArray] = []
        coming = iter(pictures)
        # Each picture is decoded before the next is asked for: whoever hands them out may close the file behind it.
        while frames := [[pixel_values(f, config) for f in key_frames(p)] for p in islice(coming, batch)]:
            pixels = torch.from_numpy(np.stack([frame for of_one in frames for frame in of_one]))
            with torch.inference_mode():
                found = model.get_image_features(pixel_values=pixels.to(device, precision)).pooler_output
            vectors = torch.nn.functional.normalize(found.float(), dim=-1).cpu().numpy()
            ends = np.cumsum([len(of_one) for of_one in frames])
            rows += [unit(part.mean(axis=0)) for part in np.split(vectors, ends[:-1])]
            heard(len(rows))
        return np.stack(rows)

    return embed


def encoder_config(folder: Path) -> EncoderConfig:
    """How pictures are prepared for the Chinese-CLIP in `folder`, by its own files."""
    try:
        shape = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        seen = json.loads((folder / PREPROCESSOR).read_text(encoding="utf-8"))
        (r, g, b), (sr, sg, sb) = seen["image_mean"], seen["image_std"]
        size = int(shape["vision_config"].get("image_size", 224))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{folder} is not the folder of a Chinese-CLIP: {error!r}",
            f"config.json with a vision_config, {PREPROCESSOR} with image_mean and image_std",
            "Name another folder with --clip.",
        ) from error
    return EncoderConfig(size, (float(r), float(g), float(b)), (float(sr), float(sg), float(sb)), 0)


def answerer(folder: Path, device: str) -> Callable[[Sequence[Image], Sequence[str], int], list[llava.Answer]]:
    """Pictures, a prompt for each and the most tokens -> greedy answers, by a LLaVA with its own processor."""
    import torch
    from transformers import AutoProcessor, LlavaForConditionalGeneration

    precision = torch.bfloat16 if device == "cuda" else torch.float32
    model: Any = LlavaForConditionalGeneration.from_pretrained(folder, dtype=precision).eval().to(device)
    processor: Any = AutoProcessor.from_pretrained(folder)
    processor.tokenizer.padding_side = "left"  # to generate
    if processor.patch_size is None:  # older copies of the released files leave it to the model's configuration
        processor.patch_size = model.config.vision_config.patch_size
        processor.vision_feature_select_strategy = model.config.vision_feature_select_strategy
        processor.num_additional_image_tokens = 1
    return partial(llava.answer, model, processor)
