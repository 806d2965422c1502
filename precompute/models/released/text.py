"""The text tower of a Chinese-CLIP in a folder like the released one's: texts in the space of its pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from persrv.errors import ModelError
from persrv.models.encoders import VOCABULARY
from persrv.records import FloatArray
from precompute.models.small import clip

#: The longest text the released models were trained with, in pieces, [CLS] and [SEP] among them.
CONTEXT = 52


def tokenizer_in(folder: Path) -> Any:
    """Load the tokenizer of the model in `folder`; ModelError if its vocabulary is missing."""
    path = folder / VOCABULARY
    if not path.is_file():
        raise ModelError(f"{folder} holds no {VOCABULARY}", "the vocabulary of a Chinese-CLIP", "Copy it there.")
    return clip.tokenizer_of(path.read_text(encoding="utf-8").rstrip("\n").split("\n"))


def tokens(tokenizer: Any, texts: Sequence[str]) -> dict[str, Any]:
    """Texts as right-padded int64 tensors `input_ids` and `attention_mask`, (B, L), cut to CONTEXT pieces."""
    read = tokenizer(list(texts), padding=True, truncation=True, max_length=CONTEXT, return_tensors="pt")
    return {name: read[name] for name in ("input_ids", "attention_mask")}


def embed_texts(model: Any, tokenizer: Any, texts: Sequence[str], batch: int = 256) -> FloatArray:
    """Embed texts as (N, d) float32 unit rows in the space of the pictures, by a model on any device."""
    import numpy as np
    import torch

    rows = [np.zeros((0, model.config.projection_dim), np.float32)]
    for start in range(0, len(texts), batch):
        read = {name: part.to(model.device) for name, part in tokens(tokenizer, texts[start : start + batch]).items()}
        with torch.inference_mode():
            found = torch.nn.functional.normalize(clip.project_texts(model, read).float(), dim=-1)
        rows.append(found.cpu().numpy())
    return np.concatenate(rows)


def load_text_encoder(folder: Path) -> Any:
    """A function from a text to a (d,) float32 unit vector, by the Chinese-CLIP in `folder`, on the CPU: queries come
    one by one.
    """
    import torch
    from transformers import ChineseCLIPModel

    tokenizer = tokenizer_in(folder)
    model: Any = ChineseCLIPModel.from_pretrained(folder, dtype=torch.float32).eval()

    def encode(text: str) -> FloatArray:
        row: FloatArray = embed_texts(model, tokenizer, [text])[0]
        return row

    return encode
