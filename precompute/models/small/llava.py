"""LLaVA as the paper uses it: prompts, building the small one, adapters, answering, saving and loading.

The small model is the `LlavaForConditionalGeneration` that LLaVA-1.5-7B is, with a `LlavaProcessor` before it and
peft's LoRA on its language model. Only its sizes, its tokenizer and its image tokens differ (it keeps the class token,
which summarises a sticker of 64 patches). Every function takes a (model, processor) pair of either size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from persrv.errors import ModelError
from persrv.models.encoders import VOCABULARY, on_white_square
from persrv.models.wordpieces import join_pieces
from precompute.models.answering import Answer, Question, Speaker
from precompute.models.small.clip import CLIP_MEAN, CLIP_STD, vocabulary

if TYPE_CHECKING:
    from PIL.Image import Image
    from transformers import LlavaForConditionalGeneration, LlavaProcessor, PreTrainedTokenizerFast

    from precompute.config import LlavaConfig

SPECIAL_TOKENS = ("<pad>", "<s>", "</s>", "<unk>", "<image>")
PAD, BOS, EOS, UNK, IMAGE = range(5)

#: The paper's general prompt, answered "1. description | 2. feelings".
GENERAL = (
    "This is a sticker. 1 Please describe the sticker in detail. 2 describe the feelings it is meant to express. "
    "Use this format 1. | 2."
)
#: Keyword prompt of the authors' released model: you are a sticker expert; look closely, and turn what is felt into
#: keywords.
KEYWORDS = "你是个表情包专家,仔细观察、理解图片中的想表达的感觉,把这个感觉转换成关键词。"
#: Our addition: what an OCR engine read in the picture, {text}.
READ = "图上文字:{text}"
NO_TEXT = "无"

#: Every linear layer of the language model, and nothing of the vision tower, whose layers have the same names.
LORA_TARGETS = r".*language_model.*\.(q_proj|k_proj|v_proj|o_proj|gate_proj|up_proj|down_proj)"

ADAPTER = "adapter"


def prompt(words: str) -> str:
    """Words as a prompt in the form that LLaVA-1.5 was trained on (the chat template of its processor)."""
    return f"USER: <image>\n{words} ASSISTANT:"


def keyword_prompt(text: str | None = None) -> str:
    """The keyword prompt. text: the OCR text for the variant that reads it ("" for a sticker without text); None for
    the variant without.
    """
    return prompt(KEYWORDS if text is None else f"{KEYWORDS}{READ.format(text=text or NO_TEXT)}")


# ---- the small model ------------------------------------------------------------------------------------------------


def build_tokenizer(texts: Iterable[str]) -> PreTrainedTokenizerFast:
    """Build a WordPiece tokenizer that spells `texts` and the prompts."""
    spelt = vocabulary([*texts, prompt(GENERAL), keyword_prompt("")])
    return tokenizer_of([*SPECIAL_TOKENS, *(piece for piece in spelt if not piece.startswith("["))])


def tokenizer_of(pieces: Sequence[str]) -> PreTrainedTokenizerFast:
    """The tokenizer whose ids are places in `pieces`. A text becomes <s> and its pieces, split as in
    persrv.models.encoders.
    """
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    if tuple(pieces[: len(SPECIAL_TOKENS)]) != SPECIAL_TOKENS or len(set(pieces)) != len(pieces):
        raise ModelError("A vocabulary with other beginnings", f"{SPECIAL_TOKENS}, then distinct pieces", "Train anew.")
    ids = {piece: number for number, piece in enumerate(pieces)}
    backend = Tokenizer(models.WordPiece(ids, unk_token=SPECIAL_TOKENS[UNK], max_input_chars_per_word=100))
    backend.normalizer = normalizers.BertNormalizer()
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    backend.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", BOS)])
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        pad_token=SPECIAL_TOKENS[PAD],
        bos_token=SPECIAL_TOKENS[BOS],
        eos_token=SPECIAL_TOKENS[EOS],
        unk_token=SPECIAL_TOKENS[UNK],
        additional_special_tokens=[SPECIAL_TOKENS[IMAGE]],
        padding_side="left",
    )


def pieces_of(tokenizer: PreTrainedTokenizerFast) -> list[str]:
    """The tokenizer's pieces in the order of their ids."""
    ids = tokenizer.get_vocab()
    return sorted(ids, key=ids.__getitem__)


def build_model(config: LlavaConfig, vocabulary_size: int, vision: Any) -> LlavaForConditionalGeneration:
    """Build a small LLaVA with random weights, except its vision tower, which starts as a Chinese-CLIP's (`vision`)."""
    import torch
    from transformers import CLIPVisionConfig, LlamaConfig, LlavaForConditionalGeneration
    from transformers import LlavaConfig as Shape

    seen = vision.config
    names = ("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "image_size", "patch_size")
    tower = CLIPVisionConfig(**{name: getattr(seen, name) for name in names}, hidden_act=seen.hidden_act)
    speaker = LlamaConfig(
        vocab_size=vocabulary_size,
        hidden_size=config.width,
        intermediate_size=config.mlp,
        num_hidden_layers=config.layers,
        num_attention_heads=config.heads,
        num_key_value_heads=config.heads,
        max_position_embeddings=config.context,
        pad_token_id=PAD,
        bos_token_id=BOS,
        eos_token_id=EOS,
        tie_word_embeddings=True,
    )
    shape = Shape(
        vision_config=tower,
        text_config=speaker,
        image_token_index=IMAGE,
        image_seq_length=image_tokens(seen),
        vision_feature_select_strategy="full",
        vision_feature_layer=-1,
        tie_word_embeddings=True,
    )
    with torch.random.fork_rng():
        torch.manual_seed(config.seed)
        model = LlavaForConditionalGeneration(shape).eval()
    given = vision.state_dict()
    left = model.model.vision_tower.load_state_dict(given, strict=False)
    if left.missing_keys or left.unexpected_keys:
        raise ModelError(
            f"The vision tower lacks {left.missing_keys} and has {left.unexpected_keys} too many",
            "a CLIP vision tower",
            "Train the Chinese-CLIP of this version.",
        )
    return model


def image_tokens(vision: Any) -> int:
    """The number of tokens of a picture: its patches and the class token."""
    return int(vision.image_size // vision.patch_size) ** 2 + 1


def processor_for(model: LlavaForConditionalGeneration, tokenizer: PreTrainedTokenizerFast) -> LlavaProcessor:
    """The processor of a small model: pictures are not cropped, and the tokenizer is its own."""
    from transformers import CLIPImageProcessorPil, LlavaProcessor

    shape: Any = model.config
    side = {"height": shape.vision_config.image_size, "width": shape.vision_config.image_size}
    pictures = CLIPImageProcessorPil(
        size=side, crop_size=side, do_center_crop=False, image_mean=CLIP_MEAN, image_std=CLIP_STD
    )
    return LlavaProcessor(
        pictures,
        tokenizer,
        patch_size=shape.vision_config.patch_size,
        vision_feature_select_strategy=shape.vision_feature_select_strategy,
        num_additional_image_tokens=1,
        image_token=SPECIAL_TOKENS[IMAGE],
    )


def with_adapter(model: LlavaForConditionalGeneration, rank: int, seed: int, alpha: int | None = None) -> Any:
    """The model with new LoRA matrices on its language model (Hu et al. 2021), everything else frozen. alpha: None for
    2 * rank.
    """
    import torch
    from peft import LoraConfig, get_peft_model

    recipe = LoraConfig(
        r=rank, lora_alpha=2 * rank if alpha is None else alpha, lora_dropout=0.0, target_modules=LORA_TARGETS
    )
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return get_peft_model(model, recipe)


# ---- answering ------------------------------------------------------------------------------------------------------


def answer(
    model: Any, processor: LlavaProcessor, pictures: Sequence[Image], prompts: Sequence[str], most: int
) -> list[Answer]:
    """Write a greedy answer of at most `most` tokens for each (picture, prompt), in one batch padded on the left."""
    import torch

    squares = [on_white_square(picture) for picture in pictures]
    inputs = processor(images=squares, text=list(prompts), padding=True, return_tensors="pt")
    names = ("input_ids", "attention_mask", "pixel_values")
    with torch.inference_mode():
        out = model.generate(
            **{name: inputs[name].to(model.device) for name in names},
            max_new_tokens=most,
            do_sample=False,
            num_beams=1,
            pad_token_id=processor.tokenizer.pad_token_id,
            return_dict_in_generate=True,
            output_logits=True,
        )
    written = out.sequences[:, inputs["input_ids"].shape[1] :]
    chances = torch.stack([step.float().log_softmax(-1) for step in out.logits], dim=1)
    sure = chances.gather(2, written[..., None])[..., 0]
    return [
        Answer(decode(processor.tokenizer, row), float(chance[: answer_length(row, processor.tokenizer)].mean()))
        for row, chance in zip(written.tolist(), sure, strict=True)
    ]


def speaker(answers: Callable[[Sequence[Image], Sequence[str], int], list[Answer]]) -> Speaker:
    """A speaker about frames, made of a function that answers (pictures, a prompt each, most tokens); each question by
    itself.
    """
    from PIL import Image as pil

    def speak(pixels: NDArray[np.uint8], questions: Sequence[Question]) -> dict[str, list[Answer]]:
        pictures = [pil.fromarray(frame) for frame in pixels]
        return {asked.name: answers(pictures, asked.prompts, asked.most) for asked in questions}

    return speak


def load_greedy(folder: Path) -> Speaker:
    """The small model in `folder`, answering greedily."""
    return speaker(partial(answer, *load(folder)))


def answer_length(row: Sequence[int], tokenizer: Any) -> int:
    """The number of tokens of an answer, its end included."""
    return row.index(tokenizer.eos_token_id) + 1 if tokenizer.eos_token_id in row else len(row)


def decode(tokenizer: Any, ids: Sequence[int]) -> str:
    """The text of an answer up to its end. Pieces of a small tokenizer are joined by persrv.models.wordpieces, those of
    other tokenizers in their own way.
    """
    kept = list(ids)
    if tokenizer.eos_token_id in kept:
        kept = kept[: kept.index(tokenizer.eos_token_id)]
    if tokenizer.bos_token != SPECIAL_TOKENS[BOS] or not _is_ours(tokenizer):
        return str(tokenizer.decode(kept, skip_special_tokens=True)).strip()
    return join_pieces(tokenizer.convert_ids_to_tokens(kept, skip_special_tokens=True))


def _is_ours(tokenizer: Any) -> bool:
    return bool(tokenizer.convert_tokens_to_ids(SPECIAL_TOKENS[IMAGE]) == IMAGE)


def unspelt(tokenizer: Any, text: str) -> tuple[int, int]:
    """The number of tokens of a text that the tokenizer cannot spell, and the number of all its tokens."""
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    return sum(number == tokenizer.unk_token_id for number in ids), len(ids)


# ---- files ----------------------------------------------------------------------------------------------------------


def save(model: LlavaForConditionalGeneration, tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Write weights as float16 safetensors, configuration and pieces into `folder`. The model in memory is not changed,
    whatever its precision.
    """
    import copy

    folder.mkdir(parents=True, exist_ok=True)
    copy.deepcopy(model).half().save_pretrained(folder)  # .half() works in place
    (folder / VOCABULARY).write_text("\n".join(pieces_of(tokenizer)) + "\n", encoding="utf-8")


def load(folder: Path) -> tuple[LlavaForConditionalGeneration, LlavaProcessor]:
    """Load what `save` wrote, in float32 and ready to answer; ModelError if the folder holds no such model."""
    import torch
    from transformers import LlavaForConditionalGeneration

    if not (folder / VOCABULARY).is_file() or not (folder / "config.json").is_file():
        raise ModelError(f"{folder} holds no model", f"config.json and {VOCABULARY}", "Train it first: `make bundle`.")
    pieces = (folder / VOCABULARY).read_text(encoding="utf-8").rstrip("\n").split("\n")
    model = LlavaForConditionalGeneration.from_pretrained(folder, dtype=torch.float32, use_safetensors=True).eval()
    return model, processor_for(model, tokenizer_of(pieces))


def megabytes(*folders: Path) -> float:
    """The size of all weights in the folders, in units of 10^6 bytes."""
    return sum(path.stat().st_size for folder in folders for path in folder.rglob("*.safetensors")) / 1e6
