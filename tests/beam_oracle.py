"""The oracle of beam searches: transformers' own, which reads every prompt once a beam."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from PIL.Image import Image

from persrv.models.encoders import on_white_square
from precompute.models.small.llava import Answer, decode


def by_transformers(
    model: Any, processor: Any, pictures: Sequence[Image], prompts: Sequence[str], count: int, most: int
) -> list[list[Answer]]:
    """Answers of precompute.models.small.llava_beams.likeliest, by transformers' `generate` (count of at least 2)."""
    squares = [on_white_square(picture) for picture in pictures]
    inputs = processor(images=squares, text=list(prompts), padding=True, return_tensors="pt")
    names = ("input_ids", "attention_mask", "pixel_values")
    with torch.inference_mode():
        out = model.generate(
            **{name: inputs[name] for name in names},
            max_new_tokens=most,
            do_sample=False,
            num_beams=count,
            num_return_sequences=count,
            length_penalty=0.0,
            early_stopping=False,
            pad_token_id=processor.tokenizer.pad_token_id,
            return_dict_in_generate=True,
            output_scores=True,
        )
    written = out.sequences[:, inputs["input_ids"].shape[1] :].tolist()
    answers = [
        Answer(decode(processor.tokenizer, row), sure)
        for row, sure in zip(written, out.sequences_scores.tolist(), strict=True)
    ]
    return [answers[start : start + count] for start in range(0, len(answers), count)]
