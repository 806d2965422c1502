"""Loading of the paper's models at their own sizes by transformers: Chinese-CLIP's image tower, LLaVA in any precision.

Nothing here trains, answers or downloads: `hub` says where a model lies, `memory` what fits.
"""

from __future__ import annotations

import gc
import json
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from persrv.errors import ModelError
from persrv.models.encoders import EncoderConfig
from persrv.records import FloatArray
from precompute.models.pixels import Look
from precompute.models.released.costs import Llava, llava_of
from precompute.models.released.memory import FOUR_BIT

if TYPE_CHECKING:
    import torch

PREPROCESSOR = "preprocessor_config.json"

#: Name that peft gives the file of an adapter's weights.
ADAPTER_WEIGHTS = "adapter_model.safetensors"

#: Frames that a Chinese-CLIP sees at once: more gain nothing, and take memory.
AT_ONCE, AT_ONCE_ON_PROCESSOR = 1024, 16

#: Parts of a LLaVA that stay in half precision, and that no adapter changes.
_EYES = ("model.vision_tower", "model.multi_modal_projector")

#: Prefixes of the language model's layers in adapters trained under transformers 4 -> prefixes of today.
_FORMER = re.compile(r"^base_model\.model\.language_model\.model\.")
_TODAY = "base_model.model.model.language_model."


# ---- the device -----------------------------------------------------------------------------------------------------


def device(force_cpu: bool, needed: bool = True) -> str:
    """The device for the models: "cuda", or "cpu" if forced, or if there is no GPU and none is needed.

    ModelError if a GPU is needed and there is none.
    """
    try:
        import torch
    except ImportError as error:
        advice = "pip install -r precompute/requirements.txt"
        raise ModelError("torch is not installed", "torch, which runs the models", f"Install it: {advice}.") from error
    if not force_cpu and torch.cuda.is_available():
        return "cuda"
    if force_cpu or not needed:
        return "cpu"
    raise ModelError(
        f"torch {torch.__version__} sees no GPU",
        "a GPU with 16 GB or more for LLaVA-1.5-7B",
        "Run it on one, use --profile laptop, or take days on the processor with --force-cpu.",
    )


def free_bytes(device: str) -> int:
    """Bytes of free memory: of the GPU, or of this machine, as far as this process's container may use it."""
    if device == "cuda":
        import torch

        gc.collect()
        torch.cuda.empty_cache()  # a model that was used before
        return int(torch.cuda.mem_get_info()[0])
    import psutil

    return min(int(psutil.virtual_memory().available), _left_to_container())


#: Files in which Linux tells a container's limit and use of memory, for both versions of control groups.
_CONTAINER = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
)


def _left_to_container() -> int:
    """Bytes that are left of a container's memory; more than any machine has where there is no limit."""
    for limit, used in _CONTAINER:
        try:
            return int(Path(limit).read_text(encoding="ascii")) - int(Path(used).read_text(encoding="ascii"))
        except (OSError, ValueError):  # no such file, or "max"
            continue
    return sys.maxsize


def is_out_of_memory(error: BaseException) -> bool:
    """Return whether an error says that memory ended: torch has a class for it on a GPU, and only a message on a
    processor.
    """
    import torch

    return isinstance(error, torch.OutOfMemoryError | MemoryError) or (
        isinstance(error, RuntimeError) and any(part in str(error) for part in _NO_MEMORY)
    )


_NO_MEMORY = ("DefaultCPUAllocator", "not enough memory", "can't allocate memory")


def half(device: str) -> torch.dtype:
    """The type of "half precision" on this device: bfloat16; float16 on GPUs before Ampere; float32 on a CPU."""
    import torch

    if device == "cpu":
        return torch.float32
    return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16


def has_float16_only(device: str) -> bool:
    """Return whether half precision on this device is float16, whose smallest numbers are too large for gradients."""
    import torch

    return half(device) == torch.float16


# ---- Chinese-CLIP ---------------------------------------------------------------------------------------------------


def clip_look(folder: Path) -> Look:
    """The picture preparation of the Chinese-CLIP in `folder`."""
    config = encoder_config(folder)
    return Look(config.image_size, config.mean, config.std)


def load_clip(folder: Path, device: str) -> Any:
    """Load the Chinese-CLIP in `folder`, ready to embed pictures."""
    from transformers import ChineseCLIPModel

    model: Any = ChineseCLIPModel.from_pretrained(folder, dtype=half(device))
    return model.eval().to(device)


def frame_embedder(folder: Path, device: str) -> Callable[[NDArray[np.uint8]], FloatArray]:
    """A function from (F, S, S, 3) uint8 frames to (F, d) float32 unit rows, by the Chinese-CLIP in `folder`."""
    return embedder(load_clip(folder, device), clip_look(folder))


def embedder(model: Any, look: Look) -> Callable[[NDArray[np.uint8]], FloatArray]:
    """A function like `frame_embedder`'s, by a loaded Chinese-CLIP whose picture preparation is `look`."""
    import torch

    at_once = AT_ONCE_ON_PROCESSOR if model.device.type == "cpu" else AT_ONCE

    def part(pixels: NDArray[np.uint8]) -> FloatArray:
        with torch.inference_mode():
            found = model.get_image_features(pixel_values=on_device(pixels, look, model)).pooler_output
            rows: FloatArray = torch.nn.functional.normalize(found.float(), dim=-1).cpu().numpy()
        return rows

    def embed(pixels: NDArray[np.uint8]) -> FloatArray:
        parts = [part(pixels[start : start + at_once]) for start in range(0, len(pixels), at_once)]
        return np.concatenate(parts)

    return embed


def on_device(pixels: NDArray[np.uint8], look: Look, model: Any) -> torch.Tensor:
    """Frames (F, S, S, 3) uint8 as (F, 3, S, S) on the model's device, in its precision; the transfer is in uint8, a
    quarter of the bytes.
    """
    import torch

    values = torch.from_numpy(pixels).to(model.device).permute(0, 3, 1, 2).float() / 255
    mean, std = (torch.tensor(each, device=model.device).view(3, 1, 1) for each in (look.mean, look.std))
    return ((values - mean) / std).to(model.dtype)


def encoder_config(folder: Path) -> EncoderConfig:
    """The preparation of pictures for the Chinese-CLIP in `folder`, read from its own files."""
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


# ---- LLaVA ----------------------------------------------------------------------------------------------------------


def llava_sizes(folder: Path) -> Llava:
    """The sizes of the LLaVA in `folder`, from its configuration; transformers' defaults fill what is missing."""
    from transformers import LlavaConfig

    return llava_of(LlavaConfig.from_pretrained(folder).to_dict())


def load_llava(folder: Path, device: str, precision: str) -> tuple[Any, Any]:
    """Load (model, processor), ready to answer. precision: as in `memory`; on a CPU "half" is float32."""
    from transformers import AutoProcessor, LlavaForConditionalGeneration

    kind = half(device)
    if precision == FOUR_BIT:
        model: Any = LlavaForConditionalGeneration.from_pretrained(
            folder, dtype=kind, quantization_config=_nf4(kind), device_map={"": device}
        )
        _plain_on_processors(model)
    else:
        model = LlavaForConditionalGeneration.from_pretrained(folder, dtype=kind)
        model.to(device)
    processor: Any = AutoProcessor.from_pretrained(folder)
    if processor.patch_size is None:  # older copies of the released files leave it to the model's configuration
        processor.patch_size = model.config.vision_config.patch_size
        processor.vision_feature_select_strategy = model.config.vision_feature_select_strategy
        processor.num_additional_image_tokens = 1
    return model.eval(), processor


def _nf4(kind: torch.dtype) -> Any:
    """NF4 with doubly quantised scales for the layers of the language model (Dettmers et al. 2023)."""
    try:
        import bitsandbytes  # noqa: F401  transformers' own message names no file of ours
    except ImportError as error:
        raise ModelError(
            "bitsandbytes is not installed",
            "bitsandbytes, which keeps weights in 4 bits",
            'pip install -r precompute/requirements.txt, or set precision = "half" in the profile.',
        ) from error
    from transformers import BitsAndBytesConfig

    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=kind,
        llm_int8_skip_modules=["lm_head", *_EYES],
    )


def _plain_on_processors(model: Any) -> None:
    """Keep bitsandbytes from repacking weights at the first answer on a CPU: it would round the scales again, and
    repacked weights pass on no gradient.
    """
    for module in model.modules():
        if hasattr(module, "support_avx512bf16_for_cpu"):
            module.support_avx512bf16_for_cpu = False


def picture_tokens(model: Any) -> int:
    """The number of tokens that one picture takes in a prompt."""
    return llava_of(model.config.to_dict()).picture_tokens


def is_quantised(model: Any) -> bool:
    """Return whether the model holds weights in 4 bits."""
    return getattr(model, "quantization_method", None) is not None or bool(getattr(model, "is_loaded_in_4bit", False))


def look_of(processor: Any) -> Look:
    """The picture preparation of a LLaVA, from its image processor."""
    pictures = processor.image_processor
    side = pictures.size.get("shortest_edge") or pictures.size["height"]
    (r, g, b), (sr, sg, sb) = pictures.image_mean, pictures.image_std
    return Look(int(side), (float(r), float(g), float(b)), (float(sr), float(sg), float(sb)))


# ---- adapters -------------------------------------------------------------------------------------------------------


def with_adapter(model: Any, folder: Path, trainable: bool = False) -> Any:
    """The model with the LoRA adapter in `folder` beside its weights. ModelError if a tensor has no place in the model.

    Adapters trained under transformers 4 use other names for the language model's layers; they are renamed. Otherwise
    peft would leave the adapter without effect and only warn.
    """
    from peft import LoraConfig, PeftConfig, get_peft_model, set_peft_model_state_dict
    from peft.utils import get_peft_model_state_dict
    from safetensors.torch import load_file

    try:
        recipe = PeftConfig.from_pretrained(str(folder))
        tensors = {_FORMER.sub(_TODAY, name): value for name, value in load_file(folder / ADAPTER_WEIGHTS).items()}
    except (OSError, ValueError) as error:
        raise ModelError(
            f"{folder} holds no adapter: {error}",
            f"adapter_config.json and {ADAPTER_WEIGHTS}, as peft saves them",
            "Name another folder with --adapter, or leave it out.",
        ) from error
    if not isinstance(recipe, LoraConfig):
        raise ModelError(f"{folder} holds a {recipe.peft_type}", "a LoRA adapter", "Name another folder.")
    recipe.exclude_modules = r".*(vision_tower|multi_modal_projector).*"
    recipe.inference_mode = not trainable
    recipe.base_model_name_or_path = str(model.name_or_path)  # or peft warns that it was trained under another name
    tuned = get_peft_model(model, recipe)
    set_peft_model_state_dict(tuned, tensors)
    wanted: Mapping[str, Any] = get_peft_model_state_dict(tuned, save_embedding_layers=False)
    if set(wanted) != set(tensors):
        missing, strange = sorted(set(wanted) - set(tensors)), sorted(set(tensors) - set(wanted))
        raise ModelError(
            f"The adapter in {folder} lacks {len(missing)} tensors {missing[:1]} and has {len(strange)} that fit "
            f"nowhere {strange[:1]}",
            "an adapter of this very LLaVA's language model",
            "Name another folder with --adapter, or leave it out to fine-tune one.",
        )
    if not trainable:
        cast_adapter(tuned, model.dtype)
    return tuned.eval()


def cast_adapter(tuned: Any, kind: torch.dtype) -> None:
    """Convert the adapter's weights to a precision: the model's own for answering, since peft would cast every layer's
    input to theirs; float32 for training.
    """
    for name, weight in tuned.named_parameters():
        if ".lora_" in name:
            weight.data = weight.data.to(kind)
