"""Tiny image-text models with random weights, of the classes of Qwen3.5, Qwen3-VL and SmolVLM, in folders laid out as
theirs are on the hub: tokenizer, chat template, and the settings of their own picture preparation.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import torch
import transformers  # its classes are loaded where they are named: seconds, which whoever collects tests need not wait
from tokenizers import Tokenizer, models, pre_tokenizers

#: Vocabulary of the tiny models: enough to number two halves and to list keywords.
WORDS = ("cat", "dog", "happy", "sad", "sticker", "1.", "2.", "|", "，", "猫", "开心", "You", "are")

_QWEN = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>")
_QWEN = (*_QWEN, "<|video_pad|>")
_SMOL = ("<|endoftext|>", "<|im_start|>", "<end_of_utterance>", "<fake_token_around_image>", "<image>", "<global-img>")

#: Chat templates like theirs: a picture, the words, and whose turn it is; Qwen3.5's may be told not to think.
QWEN_TEMPLATE = (
    "{% for m in messages %}<|im_start|> {{ m.role }} {% for part in m.content %}{% if part.type == 'image' %}"
    "<|vision_start|> <|image_pad|> <|vision_end|> {% else %}{{ part.text }} {% endif %}{% endfor %}<|im_end|> "
    "{% endfor %}{% if add_generation_prompt %}<|im_start|> assistant{% if enable_thinking is false %} no{% endif %}"
    "{% endif %}"
)
SMOL_TEMPLATE = (
    "<|im_start|> {% for m in messages %}{{ m.role }} {% for part in m.content %}{% if part.type == 'image' %}<image>"
    "{% else %} {{ part.text }}{% endif %}{% endfor %} <end_of_utterance> {% endfor %}"
    "{% if add_generation_prompt %}Assistant:{% endif %}"
)


def qwen3_5(folder: Path, seed: int = 0) -> Path:
    """Write a tiny model of Qwen3.5's class: three layers of linear attention to one of full attention."""
    tokenizer = _tokenizer(_QWEN, QWEN_TEMPLATE, "<|im_end|>")
    text = {
        **_text(tokenizer),
        "head_dim": 8,
        "linear_num_key_heads": 2,
        "linear_num_value_heads": 2,
        "linear_key_head_dim": 8,
        "linear_value_head_dim": 8,
        "num_hidden_layers": 4,
        "layer_types": ["linear_attention"] * 3 + ["full_attention"],
        "rope_parameters": {
            "rope_type": "default",
            "rope_theta": 10000.0,
            "partial_rotary_factor": 1.0,
            "mrope_section": [2, 1, 1],
        },
    }
    shape = transformers.Qwen3_5Config(text_config=text, vision_config=_qwen_eyes(), **_qwen_tokens(tokenizer))
    return _qwen(folder, seed, transformers.Qwen3_5ForConditionalGeneration, shape, tokenizer)


def qwen3_vl(folder: Path, seed: int = 0) -> Path:
    """Write a tiny model of Qwen3-VL's class: features of earlier layers of the tower are added to the language
    model's.
    """
    tokenizer = _tokenizer(_QWEN, QWEN_TEMPLATE, "<|im_end|>")
    text = {
        **_text(tokenizer),
        "head_dim": 8,
        "num_hidden_layers": 2,
        "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0, "mrope_section": [2, 1, 1]},
    }
    eyes = {**_qwen_eyes(), "deepstack_visual_indexes": [0]}
    shape = transformers.Qwen3VLConfig(text_config=text, vision_config=eyes, **_qwen_tokens(tokenizer))
    return _qwen(folder, seed, transformers.Qwen3VLForConditionalGeneration, shape, tokenizer)


def smolvlm(folder: Path, seed: int = 0) -> Path:
    """Write a tiny model of SmolVLM's class, which is Idefics3: tiles of one size, each a fixed number of tokens."""
    tokenizer = _tokenizer(_SMOL, SMOL_TEMPLATE, "<end_of_utterance>")
    shape = transformers.Idefics3Config(
        text_config={**_text(tokenizer), "model_type": "llama", "num_hidden_layers": 2},
        vision_config={
            "hidden_size": 16,
            "intermediate_size": 32,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "image_size": 32,
            "patch_size": 8,
        },
        image_token_id=tokenizer.convert_tokens_to_ids("<image>"),
        scale_factor=2,
        pad_token_id=tokenizer.pad_token_id,
    )
    _save(folder, seed, transformers.Idefics3ForConditionalGeneration, shape, tokenizer)
    pictures = {
        "image_processor_type": "Idefics3ImageProcessor",
        "processor_class": "Idefics3Processor",
        "do_convert_rgb": True,
        "do_image_splitting": True,
        "do_normalize": True,
        "do_pad": True,
        "do_rescale": True,
        "do_resize": True,
        "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5],
        "max_image_size": {"longest_edge": 32},
        "resample": 1,
        "rescale_factor": 1 / 255,
        "size": {"longest_edge": 64},
    }
    _write(folder / "preprocessor_config.json", pictures)
    _write(folder / "processor_config.json", {"image_seq_len": 4, "processor_class": "Idefics3Processor"})
    return folder


#: Card -> the tiny model of its class.
TINY: Mapping[str, Callable[[Path], Path]] = {
    "qwen3.5-0.8b": qwen3_5,
    "qwen3-vl-2b": qwen3_vl,
    "smolvlm-256m": smolvlm,
}


def _qwen(folder: Path, seed: int, kind: type, shape: object, tokenizer: transformers.PreTrainedTokenizerFast) -> Path:
    _save(folder, seed, kind, shape, tokenizer)
    pictures = {
        "image_processor_type": "Qwen2VLImageProcessorFast",
        "processor_class": "Qwen3VLProcessor",
        "size": {"shortest_edge": 32 * 32, "longest_edge": 64 * 64},
        "patch_size": 8,
        "temporal_patch_size": 2,
        "merge_size": 2,
        "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5],
    }
    _write(folder / "preprocessor_config.json", pictures)
    _write(folder / "video_preprocessor_config.json", {**pictures, "video_processor_type": "Qwen3VLVideoProcessor"})
    return folder


def _save(folder: Path, seed: int, kind: type, shape: object, tokenizer: transformers.PreTrainedTokenizerFast) -> None:
    torch.manual_seed(seed)
    model = kind(shape)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.dim() > 1:
                torch.nn.init.normal_(weight, std=0.3)  # so that what it says depends on what it sees
    model.generation_config.eos_token_id = tokenizer.eos_token_id
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _text(tokenizer: transformers.PreTrainedTokenizerFast) -> dict[str, object]:
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "max_position_embeddings": 1024,
        "bos_token_id": 1,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }


def _qwen_eyes() -> dict[str, object]:
    return {
        "depth": 1,
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_heads": 2,
        "patch_size": 8,
        "temporal_patch_size": 2,
        "spatial_merge_size": 2,
        "out_hidden_size": 16,
        "num_position_embeddings": 64,
    }


def _qwen_tokens(tokenizer: transformers.PreTrainedTokenizerFast) -> dict[str, int]:
    places = {"image": "<|image_pad|>", "video": "<|video_pad|>", "vision_start": "<|vision_start|>"}
    places |= {"vision_end": "<|vision_end|>"}
    return {f"{name}_token_id": tokenizer.convert_tokens_to_ids(token) for name, token in places.items()}


def _tokenizer(special: tuple[str, ...], template: str, end: str) -> transformers.PreTrainedTokenizerFast:
    ids = {word: number for number, word in enumerate((*special, "<unk>", *WORDS))}
    backend = Tokenizer(models.WordLevel(ids, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split("，", "isolated")]
    )
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=backend,
        eos_token=end,
        pad_token="<|endoftext|>",
        unk_token="<unk>",
        additional_special_tokens=list(special),
    )
    tokenizer.chat_template = template
    return tokenizer


def _write(path: Path, document: object) -> None:
    path.write_text(json.dumps(document), encoding="utf-8")
