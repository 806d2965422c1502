"""Opus-MT, English to Chinese, run by transformers: sentences in batches, greedily. Nothing is downloaded here."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from persrv.errors import ModelError

#: Sentences -> their translations, in the same order.
Translate = Callable[[Sequence[str]], list[str]]

#: The released model writes several kinds of Chinese and wants to be told which: Mandarin, simplified characters.
CHINESE = ">>cmn_Hans<<"

#: Longest sentence that is read and longest that is written, in pieces; what is longer is cut.
MOST_PIECES = 256


def load_opus_mt(folder: Path, device: str = "") -> Translate:
    """Load the MarianMT in `folder`. device: "cuda", "cpu", or "" for a GPU if torch sees one."""
    try:
        import sentencepiece  # noqa: F401  the tokenizer needs it, and its own message names no file of ours
        import torch
        from transformers import MarianMTModel, MarianTokenizer
    except ImportError as error:
        raise ModelError(
            f"{error.name} is not installed", "what translating needs", "pip install -r precompute/requirements.txt"
        ) from error

    place = device or ("cuda" if torch.cuda.is_available() else "cpu")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")
        tokenizer: Any = MarianTokenizer.from_pretrained(folder)
    model: Any = MarianMTModel.from_pretrained(folder, dtype=torch.float32).eval().to(place)
    prefix = f"{CHINESE} " if CHINESE in tokenizer.supported_language_codes else ""

    def translate(sentences: Sequence[str]) -> list[str]:
        if not sentences:
            return []
        read = tokenizer(
            [prefix + sentence for sentence in sentences],
            return_tensors="pt",
            padding=True,
            truncation=True,
            max_length=MOST_PIECES,
        ).to(place)
        with torch.inference_mode():
            said = model.generate(**read, num_beams=1, do_sample=False, max_new_tokens=MOST_PIECES)
        pieces = tokenizer.batch_decode(said, skip_special_tokens=True, use_source_tokenizer=False)
        return [text.strip() for text in pieces]

    return translate
