"""A released language model to be shown what it was not trained on: its class by its configuration, and its tokenizer.

A model of texts alone is loaded as one; of a model of pictures and texts, such as a LLaVA, the language model inside
reads (`get_decoder`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from persrv.errors import ModelError


def load_language_model(folder: Path) -> tuple[Any, Any]:
    """The causal language model in a folder, and its tokenizer. ModelError where there is none that transformers reads
    from safetensors.
    """
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForImageTextToText, AutoTokenizer
    from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING

    try:
        of_texts = type(AutoConfig.from_pretrained(folder)) in MODEL_FOR_CAUSAL_LM_MAPPING
        kind: Any = AutoModelForCausalLM if of_texts else AutoModelForImageTextToText
        tokenizer: Any = AutoTokenizer.from_pretrained(folder)
        model = kind.from_pretrained(folder, dtype=torch.float32, use_safetensors=True).eval()
    except (OSError, ValueError) as error:
        raise ModelError(
            f"No language model in {folder}: {str(error).splitlines()[0]}",
            "a folder with config.json, a tokenizer and model.safetensors, such as Qwen's or LLaVA's",
            "Correct --model.",
        ) from error
    if tokenizer.eos_token_id is None:
        raise ModelError(f"The tokenizer in {folder} has no end of text", "an eos_token", "Name another with --model.")
    return model, tokenizer
