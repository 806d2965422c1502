"""Answers of any image-text model that transformers knows, asked by its own chat template, with its own pixels.

The slot is `AutoModelForImageTextToText` and `AutoProcessor`; a card (`precompute.model_cards`) says how the model is
asked. Every question sees the picture anew, unlike in `captioning`, whose LLaVA sees it once for all of them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from persrv.errors import ModelError
from persrv.models.answers import spoken
from precompute.model_cards import ModelCard
from precompute.models.answering import Answer, Question
from precompute.models.released import checkpoint, loading, memory
from precompute.models.released.captioning import Sureness
from precompute.models.released.parts import in_parts

#: Bytes of a weight: in float32, and in the half precision of a GPU or of a processor whose memory is small.
_FULL, _HALF = 4, 2


@dataclass(slots=True, eq=False)
class ChatCaptioner:
    """A model that answers questions about pictures. batch: frames at once at most, halved where memory ends.

    template: arguments of the chat template; images: of the picture preparation.
    """

    model: Any
    processor: Any
    batch: int
    template: dict[str, object] = field(default_factory=dict)
    images: dict[str, object] = field(default_factory=dict)

    def __call__(self, pixels: NDArray[np.uint8], questions: Sequence[Question]) -> dict[str, list[Answer]]:
        """Question -> an answer for each of the frames (F, S, S, 3) uint8."""
        found = {}
        for question in questions:
            if question.tuned:
                raise ModelError(
                    "A question to the adapter of a model without one", "a LLaVA with an adapter", "Leave it out."
                )
            parts, self.batch = in_parts(len(pixels), self.batch, partial(self._part, pixels, question))
            found[question.name] = [answer for part in parts for answer in part]
        return found

    def _part(self, pixels: NDArray[np.uint8], question: Question, part: slice) -> list[Answer]:
        """Write a greedy answer to each prompt about its frame."""
        import torch
        from transformers import LogitsProcessorList

        asked = self.inputs([Image.fromarray(frame) for frame in pixels[part]], question.prompts[part])
        sure, tokenizer = Sureness(), self.processor.tokenizer
        with torch.inference_mode():
            out = self.model.generate(
                **asked,
                max_new_tokens=question.most,
                do_sample=False,
                num_beams=1,
                pad_token_id=tokenizer.pad_token_id,
                logits_processor=LogitsProcessorList([sure]),
            )
        chances = torch.stack(sure.steps, dim=1).cpu()
        answers = []
        for row, chance in zip(out[:, asked["input_ids"].shape[1] :].tolist(), chances, strict=True):
            length = self._length(row)
            said = [token for token in row[:length] if token not in self._ends]
            text = spoken(str(tokenizer.decode(said, skip_special_tokens=True)))
            answers.append(Answer(text, float(chance[:length].mean()), not self._ends & set(row)))
        return answers

    def inputs(self, pictures: Sequence[Image.Image], prompts: Sequence[str]) -> dict[str, Any]:
        """Inputs of the model: each prompt in the chat template with its picture, padded on the left."""
        read = self.processor(
            text=[self.asked(prompt) for prompt in prompts],
            images=[[picture] for picture in pictures],
            padding=True,
            padding_side="left",
            return_tensors="pt",
            **self.images,
        )
        return {
            name: value.to(self.model.device, self.model.dtype if value.is_floating_point() else None)
            for name, value in read.items()
        }

    def asked(self, prompt: str) -> str:
        """A prompt in the chat template, with the place of its picture still empty."""
        words = [{"type": "image"}, {"type": "text", "text": prompt}]
        told: str = self.processor.apply_chat_template(
            [{"role": "user", "content": words}], add_generation_prompt=True, tokenize=False, **self.template
        )
        return told

    @property
    def _ends(self) -> set[int]:
        """The tokens that end an answer."""
        ends = self.model.generation_config.eos_token_id
        listed = ends if isinstance(ends, list) else [ends]
        return {end for end in (*listed, self.processor.tokenizer.eos_token_id) if end is not None}

    def _length(self, row: Sequence[int]) -> int:
        """The number of tokens of an answer, its end included."""
        return next((place + 1 for place, token in enumerate(row) if token in self._ends), len(row))


def config_of(folder: Path, option: str) -> Any:
    """The configuration of the model in `folder`. ModelError for a model of a class that is none of image and text, or
    that this transformers does not know: nobody's code from a repository is run.
    """
    import transformers
    from transformers.models.auto.modeling_auto import MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES as KNOWN

    try:
        kind = str(json.loads((folder / "config.json").read_text(encoding="utf-8")).get("model_type", ""))
    except (OSError, ValueError, AttributeError) as error:
        raise ModelError(
            f"{folder} has no configuration that can be read: {error}", "config.json", f"Correct {option}."
        ) from error
    if kind not in KNOWN:
        raise ModelError(
            f"{folder} holds a model of the class {kind!r}, which transformers {transformers.__version__} does not "
            "know as one of images and texts",
            "a model for image-text-to-text, such as qwen3_5, qwen3_vl, idefics3 (SmolVLM) or llava",
            f"Name another model with {option}.",
        )
    return transformers.AutoConfig.from_pretrained(folder)


def require_whole(folder: Path, option: str) -> int:
    """The number of weights of the model in `folder`. ModelError where some are missing, before any is read."""
    from transformers import AutoModelForImageTextToText

    empty = checkpoint.on_meta(config_of(folder, option), AutoModelForImageTextToText)
    return checkpoint.require_fit(empty, folder, option).weights


def processor_of(folder: Path) -> Any:
    """The processor of the model in `folder`. Where it wants torchvision for films, which nobody shows it, it is made
    without that part.
    """
    from transformers import AutoConfig, AutoImageProcessor, AutoProcessor, AutoTokenizer
    from transformers.models.auto.processing_auto import PROCESSOR_MAPPING

    try:
        return AutoProcessor.from_pretrained(folder)
    except ImportError:
        tokenizer: Any = AutoTokenizer.from_pretrained(folder)
        still = _without_films(PROCESSOR_MAPPING[type(AutoConfig.from_pretrained(folder))])
        pictures = AutoImageProcessor.from_pretrained(folder)
        return still(image_processor=pictures, tokenizer=tokenizer, chat_template=_template_in(folder, tokenizer))


def _without_films(kind: Any) -> Any:
    """The processor class `kind`, which takes None for what prepares films."""

    class Still(kind):
        def check_argument_for_proper_class(self, name: str, argument: object) -> object:
            if argument is None and name == "video_processor":
                return type(None)
            return super().check_argument_for_proper_class(name, argument)

    return Still


def _template_in(folder: Path, tokenizer: Any) -> str:
    """The chat template of a folder: in a file of its own, or the tokenizer's."""
    path = folder / "chat_template.json"
    told = json.loads(path.read_text(encoding="utf-8"))["chat_template"] if path.is_file() else tokenizer.chat_template
    return str(told)


def load_chat(
    folder: Path, card: ModelCard, device: str, prompts: Sequence[str], most: int, option: str = "--vlm"
) -> ChatCaptioner:
    """Load the model in `folder`, asked as `card` says, for as many frames at once as fit into memory.

    prompts: the longest that will be asked; most: tokens of the longest answer. ModelError where the model does not fit
    or is of a class that nobody knows. On a processor it is kept in float32, or in bfloat16 where that does not fit.
    """
    import torch
    from transformers import AutoModelForImageTextToText

    config, processor, weights = config_of(folder, option), processor_of(folder), require_whole(folder, option)
    tokens = _longest(ChatCaptioner(None, processor, 1, dict(card.template), dict(card.images)), card, prompts) + most
    free = loading.free_bytes(device)
    full, room = weights * _FULL, _room(config, tokens)
    if device == "cpu":
        kind = torch.float32 if full + room < free * _MOST_OF_MEMORY else torch.bfloat16
        each = _FULL if kind is torch.float32 else _HALF
        batch = memory.on_processor(weights * each, room * each / _FULL, free)
    else:
        kind = loading.half(device)
        batch = memory.on_processor(weights * _HALF, room * _HALF / _FULL, free, memory.MOST)
    model: Any = AutoModelForImageTextToText.from_pretrained(folder, dtype=kind)
    return ChatCaptioner(model.eval().to(device), processor, batch, dict(card.template), dict(card.images))


#: The share of free memory that float32 may take before half precision is taken instead.
_MOST_OF_MEMORY = 0.8


def _longest(asked: ChatCaptioner, card: ModelCard, prompts: Sequence[str]) -> int:
    """The number of tokens of the longest prompt with its picture."""
    blank = Image.new("RGB", (card.side, card.side), "white")
    return max(
        int(
            asked.processor(text=[asked.asked(prompt)], images=[[blank]], return_tensors="pt", **asked.images)[
                "input_ids"
            ].shape[1]
        )
        for prompt in prompts
    )


def _room(config: Any, tokens: int) -> float:
    """Bytes that one picture takes in float32 while it is answered: keys and values, the widest layer, the next token's
    logits, and, as widely, what the tower's layers see.
    """
    speaks: Any = config.get_text_config()
    sees: Any = config.vision_config
    width, mlp = int(speaks.hidden_size), int(speaks.intermediate_size)
    heads = int(speaks.num_attention_heads)
    keys = int(getattr(speaks, "num_key_value_heads", None) or heads)
    each = int(getattr(speaks, "head_dim", None) or width // heads)
    spoken_of = tokens * (2 * int(speaks.num_hidden_layers) * keys * each + 3 * mlp + 6 * width)
    seen = 4 * tokens * 12 * int(sees.hidden_size)
    return float(_FULL * (spoken_of + seen + 2 * int(speaks.vocab_size)))
