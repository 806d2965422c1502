"""Export of a small LLaVA to ONNX files, which the page runs without torch, and a check that both agree.

Three files: vision tower with projector, and one language model each for base and fine-tuned. A language model has its
keys and values as inputs and outputs, so that a step of an answer reads one token and not the whole text again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from persrv.models.captioner import (
    BASE_SPEAKER,
    CONFIG,
    EYES,
    MAX_TEXT,
    PIECES,
    TUNED_SPEAKER,
    CaptionerConfig,
    Prompt,
    keywords_in,
    load_captioner,
    load_eyes,
    prepared,
    write_config,
)
from persrv.models.encoders import ModelFolder, on_white_square
from persrv.models.onnx_speaker import OnnxSpeaker
from precompute.models.small import llava, llava_beams
from precompute.models.small.onnx_export import export_onnx

if TYPE_CHECKING:
    import torch
    from PIL.Image import Image
    from transformers import LlavaForConditionalGeneration, LlavaProcessor

#: Names of the speaker's outputs, in their order.
_SPOKEN = ("logits", "new_keys", "new_values")

#: Stands for the text in a prompt while the prompt is cut in two.
_SLOT = "{slot}"


@dataclass(frozen=True, slots=True)
class Parity:
    """The agreement of ONNX with torch: the largest difference of a next token's logits, and the number of equal
    answers. Greedy answers are compared word for word, answers of a beam search by the keywords that the page shows.
    """

    difference: float
    agreeing: int
    texts: int


# ---- what the page needs to know ------------------------------------------------------------------------------------


def describe(
    model: LlavaForConditionalGeneration,
    processor: LlavaProcessor,
    reads_text: bool,
    description_tokens: int,
    keyword_tokens: int,
    most_keywords: int,
    beams: int = 1,
) -> CaptionerConfig:
    """The configuration by which the page asks this model as precompute does.

    reads_text: whether the shipped fine-tuned variant reads OCR text; beams: how many of its likeliest answers are its
    keywords (1: the words of its greedy answer). The base model is asked for one answer.
    """
    shape: Any = model.config
    seen: Any = processor.image_processor
    tokens = llava.image_tokens(shape.vision_config)
    keywords = llava.keyword_prompt(_SLOT if reads_text else None)
    return CaptionerConfig(
        image_size=shape.vision_config.image_size,
        mean=tuple(seen.image_mean),
        std=tuple(seen.image_std),
        image_tokens=tokens,
        bos=llava.BOS,
        eos=llava.EOS,
        unk=llava.UNK,
        image=llava.IMAGE,
        no_text=llava.NO_TEXT,
        most_keywords=most_keywords,
        description=_prompt(processor.tokenizer, llava.prompt(llava.GENERAL), tokens, description_tokens),
        keywords_base=_prompt(processor.tokenizer, llava.keyword_prompt(), tokens, keyword_tokens),
        keywords=_prompt(processor.tokenizer, keywords, tokens, keyword_tokens, beams),
    )


def _prompt(tokenizer: Any, words: str, image_tokens: int, most: int, beams: int = 1) -> Prompt:
    """The prompt as token ids before and after its slot. The slot follows a punctuation mark, so no word spans it."""
    placeholder = llava.SPECIAL_TOKENS[llava.IMAGE]
    before, slot, after = words.replace(placeholder, placeholder * image_tokens).partition(_SLOT)
    ids = tokenizer(before)["input_ids"]
    rest = tokenizer(after, add_special_tokens=False)["input_ids"] if after else []
    return Prompt(before=tuple(ids), after=tuple(rest), reads_text=bool(slot), max_new_tokens=most, beams=beams)


# ---- the files ------------------------------------------------------------------------------------------------------


def export(
    base: LlavaForConditionalGeneration,
    tuned: LlavaForConditionalGeneration,
    config: CaptionerConfig,
    pieces: Sequence[str],
    folder: Path,
) -> dict[str, Path]:
    """Write all files of the captioner into `folder`. Returns file name -> path, as a bundle's models.

    tuned: with its adapter merged; its vision tower and projector are the base's. Models saved in float16 (llava.save)
    take half the space, because their weights stay float16 in the files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    export_eyes(base, folder / EYES)
    export_speaker(base, folder / BASE_SPEAKER)
    export_speaker(tuned, folder / TUNED_SPEAKER)
    write_config(config, folder / CONFIG)
    (folder / PIECES).write_text("\n".join(pieces) + "\n", encoding="utf-8")
    return {name: folder / name for name in (EYES, BASE_SPEAKER, TUNED_SPEAKER, CONFIG, PIECES)}


def export_eyes(model: LlavaForConditionalGeneration, path: Path) -> None:
    """Write vision tower and projector: pixel_values (1, 3, S, S) float32 -> image_embeds (1, T, H) float32.

    They take one picture at a time: transformers splits a batch of pictures row by row.
    """
    import torch

    shape: Any = model.config
    side = shape.vision_config.image_size
    example = {"pixel_values": torch.zeros(1, 3, side, side)}
    export_onnx(_eyes(model), example, {"pixel_values": None}, ["image_embeds"], path)
    compact(path)


def export_speaker(model: LlavaForConditionalGeneration, path: Path) -> None:
    """Write the language model: input_ids (B, L) int64, image_embeds (1, T, H), keys and values (N, B, heads, P, W) of
    the P preceding tokens -> logits (B, V) of the token after the last, and the keys and values of the L tokens. The B
    texts are about one picture, so that all beams of a search take one step together. B, L and P are free; P may be 0.
    """
    import torch
    from torch.export import Dim

    whole: Any = model.config
    shape, tokens = whole.text_config, llava.image_tokens(whole.vision_config)
    width = shape.hidden_size // shape.num_attention_heads
    before = torch.zeros(shape.num_hidden_layers, 2, shape.num_key_value_heads, 5, width)
    example = {
        "input_ids": torch.tensor([[llava.BOS, llava.IMAGE, llava.UNK]] * 2),
        "image_embeds": torch.zeros(1, tokens, shape.hidden_size),
        "keys": before,
        "values": before.clone(),
    }
    texts, length, past = Dim("texts", min=1, max=64), Dim("length", min=1, max=4096), Dim("past", min=0, max=4096)
    memory = {1: texts, 3: past}
    free = {"input_ids": {0: texts, 1: length}, "image_embeds": None, "keys": memory, "values": memory}
    export_onnx(_speaker(model), example, free, _SPOKEN, path)
    compact(path)


def _eyes(model: LlavaForConditionalGeneration) -> torch.nn.Module:
    import torch

    class Eyes(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
            return image_embeds(self.model, pixel_values)

    return Eyes()


def image_embeds(model: LlavaForConditionalGeneration, pixel_values: torch.Tensor) -> torch.Tensor:
    """The inputs (B, T, H) of the language model in place of pictures (B, 3, S, S)."""
    import torch

    rows: Any = model.model.get_image_features(pixel_values=pixel_values, return_dict=True).pooler_output
    return torch.stack(tuple(rows))


def _speaker(model: LlavaForConditionalGeneration) -> torch.nn.Module:
    import torch
    from transformers import DynamicCache

    class Speaks(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.language = model.model.language_model
            self.head = model.lm_head

        def forward(
            self, input_ids: torch.Tensor, image_embeds: torch.Tensor, keys: torch.Tensor, values: torch.Tensor
        ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
            past, length = keys.shape[3], input_ids.shape[1]
            cache = DynamicCache()
            for layer in range(keys.shape[0]):
                cache.update(keys[layer], values[layer], layer)
            places = torch.arange(length, device=input_ids.device) + past
            pictured = (input_ids == llava.IMAGE) & (places[0] == 0)  # one that is written later is a mere token
            seen = torch.arange(past + length, device=input_ids.device)[None] <= places[:, None]
            mask = torch.where(seen, 0.0, torch.finfo(torch.float32).min)[None, None]
            hidden = self.language(
                inputs_embeds=self.embeds(input_ids, pictured, image_embeds),
                attention_mask=mask,
                position_ids=places[None],
                past_key_values=cache,
                use_cache=True,
            ).last_hidden_state
            layers: Any = cache.layers
            new_keys = torch.stack([layer.keys[:, :, past:] for layer in layers])
            new_values = torch.stack([layer.values[:, :, past:] for layer in layers])
            return self.head(hidden[:, -1]), new_keys, new_values

        def embeds(self, input_ids: torch.Tensor, pictured: torch.Tensor, image_embeds: torch.Tensor) -> torch.Tensor:
            """(B, L, H): the n-th placeholder becomes the n-th row of the picture, every other id its own vector.

            pictured: (B, L) bool, whether an id is a placeholder.
            """
            rows = (pictured.cumsum(1) - 1).clamp(0, image_embeds.shape[1] - 1)
            words = self.language.embed_tokens(input_ids)
            return torch.where(pictured[..., None], image_embeds[0][rows], words)

    return Speaks()


def compact(path: Path) -> None:
    """Rewrite an ONNX file so that float32 weights which are float16 numbers are stored as float16 and cast back when
    it is loaded: half the size, equal results. The exporter's stack traces are removed, too.
    """
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    document = onnx.load(path)
    graph = document.graph
    widened = []
    for weight in graph.initializer:
        if weight.data_type != TensorProto.FLOAT:
            continue
        half = as_half(numpy_helper.to_array(weight))
        if half is None:
            continue
        name = weight.name
        weight.CopyFrom(numpy_helper.from_array(half, f"{name}.half"))
        widened.append(helper.make_node("Cast", [weight.name], [name], to=TensorProto.FLOAT))
    for each in (*graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer, graph, document):
        del each.metadata_props[:]
    for place, node in enumerate(widened):
        graph.node.insert(place, node)
    onnx.save(document, path)


def as_half(weights: NDArray[np.float32]) -> NDArray[np.float16] | None:
    """The weights as float16, if nothing is lost and enough space is saved; else None."""
    if weights.size < 64:
        return None
    with np.errstate(over="ignore"):
        half = weights.astype(np.float16)
    return half if np.array_equal(half.astype(np.float32), weights) else None


# ---- the proof ------------------------------------------------------------------------------------------------------


def parity(
    base: LlavaForConditionalGeneration,
    tuned: LlavaForConditionalGeneration,
    processor: LlavaProcessor,
    config: CaptionerConfig,
    folder: Path,
    images: Sequence[Image],
    texts: Sequence[str],
) -> Parity:
    """Compare the answers of torch (llava.answer, llava_beams.likeliest) with those of the files in `folder`, on
    pictures with their words.

    Each side prepares picture and prompt in its own way, so the comparison covers preparation, too. Texts are cut at
    MAX_TEXT, the longest that the page accepts.
    """
    captioner = load_captioner(ModelFolder(folder))
    eyes = load_eyes(folder / EYES)
    asked = (
        ("description", base, OnnxSpeaker(folder / BASE_SPEAKER, config.eos)),
        ("keywords_base", base, OnnxSpeaker(folder / BASE_SPEAKER, config.eos)),
        ("keywords", tuned, OnnxSpeaker(folder / TUNED_SPEAKER, config.eos)),
    )
    differences, agreeing = [0.0], 0
    for image, whole in zip(images, texts, strict=True):
        text = whole[:MAX_TEXT]
        answers = captioner.answers(image, text)
        seen = eyes(prepared(image, config))
        for kind, model, speaker in asked:
            prompt: Prompt = getattr(config, kind)
            words = _words(kind, text if prompt.reads_text else None)
            logits, _ = speaker.read([captioner.prompt_ids(prompt, text)], seen)
            differences.append(float(np.abs(logits[0] - _next_logits(model, processor, image, words)).max()))
            wanted = _answers(model, processor, image, words, prompt)
            agreeing += _shown(getattr(answers, kind), prompt, config) == _shown(wanted, prompt, config)
    return Parity(max(differences), agreeing, len(asked) * len(images))


def _answers(model: Any, processor: LlavaProcessor, image: Image, words: str, prompt: Prompt) -> tuple[str, ...]:
    """The answers of torch, as many as the prompt has beams, the likeliest first."""
    if prompt.beams == 1:
        found = llava.answer(model, processor, [image], [words], prompt.max_new_tokens)
    else:
        (found,) = llava_beams.likeliest(model, processor, [image], [words], prompt.beams, prompt.max_new_tokens)
    return tuple(answer.text for answer in found)


def _shown(answers: tuple[str, ...], prompt: Prompt, config: CaptionerConfig) -> tuple[str, ...]:
    """The part of answers that must agree: a greedy answer as it is, or the keywords shown from a beam search, which
    finds more answers than it shows.
    """
    return answers if prompt.beams == 1 else keywords_in(answers, prompt, config.most_keywords)


def _words(kind: str, text: str | None) -> str:
    """The prompt in the words of precompute."""
    return llava.prompt(llava.GENERAL) if kind == "description" else llava.keyword_prompt(text)


def _next_logits(model: Any, processor: LlavaProcessor, image: Image, words: str) -> NDArray[np.float32]:
    """The logits (V,) of the first token of torch's answer."""
    import torch

    inputs = processor(images=on_white_square(image), text=words, return_tensors="pt")
    with torch.inference_mode():
        logits = model(input_ids=inputs["input_ids"], pixel_values=inputs["pixel_values"]).logits
    found: NDArray[np.float32] = logits[0, -1].float().numpy()
    return found
