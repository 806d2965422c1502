"""Tiny language models of the classes that released ones have, with random weights, and a tokenizer for all of them."""

from __future__ import annotations

from typing import Any

import torch
from tokenizers.pre_tokenizers import ByteLevel
from transformers import (
    CLIPVisionConfig,
    LlamaConfig,
    LlamaForCausalLM,
    LlavaConfig,
    LlavaForConditionalGeneration,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen2Tokenizer,
)

from precompute.models.small import llava

TOKENIZER = llava.build_tokenizer(["哭", "笑", "几点", "好的"])


def tokenizer(kind: str) -> Any:
    """The tokenizer of a kind: Qwen's is of bytes and has no beginning of a text."""
    if kind != "qwen":
        return TOKENIZER
    pieces = sorted(ByteLevel.alphabet())
    return Qwen2Tokenizer(vocab={piece: number for number, piece in enumerate(pieces)}, merges=[])


def model(kind: str, pieces: int = len(TOKENIZER)) -> Any:
    """A tiny model of a released one's class. Qwen's vectors of what is read are not those of what is written; of a
    LLaVA the language model inside is what reads.
    """
    torch.manual_seed(0)
    sizes = {
        "vocab_size": pieces,
        "hidden_size": 24,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "pad_token_id": llava.PAD,
        "bos_token_id": llava.BOS,
        "eos_token_id": llava.EOS,
        "initializer_range": 0.3,  # so that what is read moves the states, though nothing was learnt
    }
    if kind == "llama":
        return LlamaForCausalLM(LlamaConfig(**sizes, tie_word_embeddings=True))
    if kind == "qwen":
        return Qwen2ForCausalLM(Qwen2Config(**sizes, tie_word_embeddings=False))
    eye = CLIPVisionConfig(
        hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1, image_size=8, patch_size=4
    )
    return LlavaForConditionalGeneration(
        LlavaConfig(vision_config=eye, text_config=LlamaConfig(**sizes), image_token_index=llava.IMAGE)
    )
