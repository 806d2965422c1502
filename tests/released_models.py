"""Tiny models of the real classes with random weights, in folders laid out as the released ones are on the hub."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import (
    ChineseCLIPConfig,
    ChineseCLIPModel,
    CLIPVisionConfig,
    LlamaConfig,
    LlavaConfig,
    LlavaForConditionalGeneration,
    PreTrainedTokenizerFast,
)

SIDE, PATCH = 28, 14
MEAN, STD = [0.5, 0.4, 0.3], [0.3, 0.2, 0.25]
WORDS = ("cat", "dog", "happy", "sad", "USER", "ASSISTANT", "sticker", "1.", "2.", "|")


def chinese_clip(folder: Path, seed: int = 0) -> Path:
    """A Chinese-CLIP with its configuration of pictures; its mean and deviation are nobody else's."""
    torch.manual_seed(seed)
    small = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    shape = ChineseCLIPConfig(
        text_config={**small, "vocab_size": 10},
        vision_config={**small, "image_size": SIDE, "patch_size": PATCH},
        projection_dim=24,
    )
    ChineseCLIPModel(shape).save_pretrained(folder)
    _write(
        folder / "preprocessor_config.json",
        {
            "do_center_crop": False,
            "do_normalize": True,
            "do_resize": True,
            "image_mean": MEAN,
            "image_processor_type": "ChineseCLIPImageProcessor",
            "image_std": STD,
            "size": {"height": SIDE, "width": SIDE},
        },
    )
    return folder


def llava(folder: Path, seed: int = 0) -> Path:
    """A LLaVA as 1.5-7B is: image tokens and padding last in its vocabulary, features of the last layer but one."""
    tokenizer = _tokenizer()
    torch.manual_seed(seed)
    vision = CLIPVisionConfig(
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=SIDE,
        patch_size=PATCH,
    )
    text = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=512,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=tokenizer.pad_token_id,
    )
    shape = LlavaConfig(
        vision_config=vision,
        text_config=text,
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
        image_seq_length=(SIDE // PATCH) ** 2,
        vision_feature_select_strategy="default",
        vision_feature_layer=-2,
    )
    LlavaForConditionalGeneration(shape).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    side = {"height": SIDE, "width": SIDE}
    _write(
        folder / "preprocessor_config.json",
        {
            "crop_size": side,
            "do_center_crop": True,
            "do_convert_rgb": True,
            "do_normalize": True,
            "do_rescale": True,
            "do_resize": True,
            "image_mean": MEAN,
            "image_processor_type": "CLIPImageProcessor",
            "image_std": STD,
            "processor_class": "LlavaProcessor",
            "resample": 3,
            "rescale_factor": 1 / 255,
            "size": {"shortest_edge": SIDE},
        },
    )
    _write(
        folder / "processor_config.json",
        {
            "image_token": "<image>",
            "num_additional_image_tokens": 1,
            "patch_size": PATCH,
            "processor_class": "LlavaProcessor",
            "vision_feature_select_strategy": "default",
        },
    )
    return folder


def _tokenizer() -> PreTrainedTokenizerFast:
    ids = {word: number for number, word in enumerate(("<unk>", "<s>", "</s>", *WORDS, "<image>", "<pad>"))}
    backend = Tokenizer(models.WordLevel(ids, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    backend.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        pad_token="<pad>",
        additional_special_tokens=["<image>"],
        padding_side="right",
    )


def _write(path: Path, document: object) -> None:
    path.write_text(json.dumps(document), encoding="utf-8")
