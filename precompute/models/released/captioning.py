"""Answers of a LLaVA about pictures: several questions to the same frames, by the base model and by its adapter.

A batch of frames is encoded once; its features serve every question and both models, since no adapter changes the
vision tower. Answers are greedy, prompts are padded on the left, and keys and values lie in one block for the whole
batch (a static cache), because appending to them would copy all of them at every token.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from persrv.errors import ModelError
from persrv.models.answers import spoken
from precompute.models.answering import Answer, Question
from precompute.models.released import loading
from precompute.models.released.loading import look_of, on_device
from precompute.models.released.memory import caption_room, captioning, llava_on_processor
from precompute.models.released.parts import in_parts
from precompute.models.small.llava import answer_length, decode

if TYPE_CHECKING:
    import torch

IMAGE = "<image>"

#: Frames by which it is seen whether the adapter does anything.
_TRIED = 4


@dataclass(slots=True, eq=False)
class Captioner:
    """A LLaVA that answers questions, with its adapter or without. batch: frames at once at most, in parts of nearly
    equal size; halved when memory turns out smaller than computed.

    exactly: write every allowed token, for measurements; compiled: let torch compile the writing of a token; untried:
    whether the adapter has still to be checked, on a few frames, before it answers.
    """

    model: Any
    processor: Any
    batch: int
    exactly: bool = False
    compiled: bool = False
    untried: bool = False

    def __call__(self, pixels: NDArray[np.uint8], questions: Sequence[Question]) -> dict[str, list[Answer]]:
        """Question -> an answer for each of the frames (F, S, S, 3) uint8."""
        self._try_adapter(pixels, questions)
        work = partial(self._part, pixels, questions)
        parts, self.batch = in_parts(len(pixels), self.batch, work)
        return {question.name: [answer for part in parts for answer in part[question.name]] for question in questions}

    def _try_adapter(self, pixels: NDArray[np.uint8], questions: Sequence[Question]) -> None:
        """Check once, with each question to the adapter, that it changes something; ModelError if it does not."""
        for question in questions if self.untried else ():
            if question.tuned:
                require_a_difference(self, pixels[:_TRIED], question.prompts[:_TRIED])
        self.untried = False

    def _part(self, pixels: NDArray[np.uint8], questions: Sequence[Question], part: slice) -> dict[str, list[Answer]]:
        features = self.features(pixels[part])
        return {q.name: self.answers(features, q.prompts[part], q.most, q.tuned) for q in questions}

    def features(self, pixels: NDArray[np.uint8]) -> list[torch.Tensor]:
        """Frames as input tokens of the language model, (tokens, width) each."""
        import torch

        with torch.inference_mode():
            seen = self._base.get_image_features(
                pixel_values=on_device(pixels, look_of(self.processor), self._base), return_dict=True
            )
        return list(seen.pooler_output)  # and nothing of what the tower's layers saw

    def answers(
        self, features: Sequence[torch.Tensor], prompts: Sequence[str], most: int, tuned: bool = False
    ) -> list[Answer]:
        """Write a greedy answer of at most `most` tokens to each prompt about its frame."""
        import torch
        from transformers import LogitsProcessorList

        tokenizer, sure = self.processor.tokenizer, Sureness()
        asked = self.tokens([len(one) for one in features], prompts)
        with torch.inference_mode(), self._speaking(tuned):
            out = self._base.generate(
                **asked,
                mm_encoder_outputs=given(features),
                max_new_tokens=most,
                min_new_tokens=most if self.exactly else None,
                do_sample=False,
                num_beams=1,
                pad_token_id=tokenizer.pad_token_id,
                logits_processor=LogitsProcessorList([sure]),
                cache_implementation="static",
                disable_compile=not self.compiled,
            )
        written = out[:, asked["input_ids"].shape[1] :].tolist()
        chances = torch.stack(sure.steps, dim=1).cpu()
        return [
            Answer(
                spoken(decode(tokenizer, row)),
                float(chance[: answer_length(row, tokenizer)].mean()),
                tokenizer.eos_token_id not in row,
            )
            for row, chance in zip(written, chances, strict=True)
        ]

    def tokens(self, counts: Sequence[int], prompts: Sequence[str]) -> dict[str, torch.Tensor]:
        """input_ids and attention_mask (B, L), padded on the left; <image> becomes as many tokens as `counts` says."""
        texts = [text.replace(IMAGE, IMAGE * count) for text, count in zip(prompts, counts, strict=True)]
        read = self.processor.tokenizer(texts, padding=True, padding_side="left", return_tensors="pt")
        return {name: read[name].to(self._base.device) for name in ("input_ids", "attention_mask")}

    def changed_by_adapter(self, features: Sequence[torch.Tensor], prompts: Sequence[str]) -> float:
        """The largest difference that the adapter makes to the logits of the answers' first tokens."""
        import torch

        asked = self.tokens([len(one) for one in features], prompts)
        logits = []
        for tuned in (False, True):
            with torch.inference_mode(), self._speaking(tuned):
                out = self._base(**asked, mm_encoder_outputs=given(features), logits_to_keep=1)
                logits.append(out.logits.float())
        return float((logits[0] - logits[1]).abs().max())

    @property
    def _base(self) -> Any:
        """The LLaVA itself, whose layers hold the adapter's matrices, if any."""
        return self.model.get_base_model() if hasattr(self.model, "get_base_model") else self.model

    def _speaking(self, tuned: bool) -> AbstractContextManager[Any]:
        """Switch the adapter on or off within the context."""
        has_adapter = hasattr(self.model, "disable_adapter")
        if tuned and not has_adapter:
            raise ModelError("A question to the adapter of a model without one", "an adapter", "Load it first.")
        return nullcontext() if tuned or not has_adapter else self.model.disable_adapter()


def given(features: Sequence[torch.Tensor]) -> dict[str, Any]:
    """The arguments that a LLaVA takes in place of pixels: its `mm_encoder_outputs`."""
    from transformers.modeling_outputs import BaseModelOutputWithPooling

    seen: Any = BaseModelOutputWithPooling
    return {"image": seen(pooler_output=list(features))}


def require_a_difference(captioner: Captioner, pixels: NDArray[np.uint8], prompts: Sequence[str]) -> None:
    """Raise ModelError if the adapter changes nothing, the silent failure of adapters whose names do not fit."""
    if captioner.changed_by_adapter(captioner.features(pixels), prompts) == 0:
        raise ModelError(
            "The adapter changes nothing of what the model answers",
            "other answers than the base model's",
            "Its weights are all zero or belong to other layers: fine-tune it anew.",
        )


class Sureness:
    """A logits processor that notes the log-probability of each written token, and changes nothing.

    Keeping the whole vocabulary's, for every token of a large batch, would take gigabytes.
    """

    def __init__(self) -> None:
        self.steps: list[torch.Tensor] = []

    def __call__(self, _: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        self.steps.append(scores.float().log_softmax(-1).amax(-1))
        return scores


def load_captioner(
    base: Path, adapter: Path | None, device: str, precision: str, tokens: int, compiled: bool = False
) -> Captioner:
    """Load the LLaVA in `base`, with the adapter if one is given, for as many frames at once as fit into memory.

    tokens: the most that a prompt and its answer take.
    """
    shape = loading.llava_sizes(base)
    free = loading.free_bytes(device)
    if device == "cpu":
        batch = llava_on_processor(shape, caption_room(shape, tokens), free, precision)
    else:
        batch = captioning(shape, tokens, free, precision).batch
    model, processor = loading.load_llava(base, device, precision)
    speaker = model if adapter is None else loading.with_adapter(model, adapter)
    return Captioner(speaker, processor, batch, compiled=compiled, untried=True)
