"""The small Chinese-CLIP of the demo world: its tokenizer, building, embedding, saving and loading.

It is a small `ChineseCLIPModel` of transformers, trained from scratch (`clip_training`) on drawn stickers. Its 512-d
space is *designed* rather than discovered: training demands given cosines between pictures that share a style, a
character, a situation or a caption.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from string import ascii_lowercase, digits, punctuation
from typing import TYPE_CHECKING, Any
from unicodedata import category

import numpy as np
from numpy.typing import NDArray

from persrv.errors import ModelError
from persrv.models.encoders import VOCABULARY, EncoderConfig, key_frames, pixel_values, unit
from persrv.models.wordpieces import split_words
from persrv.records import FloatArray

if TYPE_CHECKING:
    from PIL.Image import Image
    from transformers import BertTokenizer, ChineseCLIPModel

    from precompute.config import ClipConfig

SPECIAL_TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")

#: Mean and deviation of the RGB channels that every CLIP is trained with.
CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)


# ---- tokenizer ------------------------------------------------------------------------------------------------------


def vocabulary(texts: Iterable[str]) -> list[str]:
    """BERT-like pieces that spell `texts`: their Han characters, emoji and Latin words, and all of ASCII.

    Any ASCII word can be spelt from single letters; a word in another script that is not in `texts` becomes [UNK].
    """
    words = {word for text in texts for word in split_words(text)}
    spelt = {character for word in words for character in word}
    single = sorted(spelt | set(ascii_lowercase + digits + punctuation))
    inside = {c for word in words if len(word) > 1 for c in word} | set(ascii_lowercase + digits)
    emoji = {c for c in single if category(c) == "So"}
    whole = sorted(word for word in words if len(word) > 1 and word.isascii() and word.isalpha())
    return [*SPECIAL_TOKENS, *single, *(f"##{c}" for c in sorted(inside | emoji)), *whole]


def build_tokenizer(texts: Iterable[str]) -> BertTokenizer:
    """Build the uncased BertTokenizer over `vocabulary(texts)`."""
    return tokenizer_of(vocabulary(texts))


def tokenizer_of(pieces: Sequence[str]) -> BertTokenizer:
    """The uncased BertTokenizer whose ids are places in `pieces`."""
    from transformers import BertTokenizer

    tokenizer = BertTokenizer({piece: number for number, piece in enumerate(pieces)})
    if len(tokenizer) != len(pieces):  # transformers 5 silently ignores a vocabulary it does not like
        raise ModelError(
            f"The tokenizer holds {len(tokenizer)} pieces", f"{len(pieces)}, each once", "Look for repeated pieces."
        )
    return tokenizer


def pieces_of(tokenizer: BertTokenizer) -> list[str]:
    """The tokenizer's pieces in the order of their ids."""
    ids: Mapping[str, int] = tokenizer.get_vocab()
    return sorted(ids, key=ids.__getitem__)


# ---- model ----------------------------------------------------------------------------------------------------------


def build_model(config: ClipConfig, vocab_size: int) -> ChineseCLIPModel:
    """Build a Chinese-CLIP with random weights, which depend on the seed alone."""
    import torch
    from transformers import ChineseCLIPConfig, ChineseCLIPModel

    shape = ChineseCLIPConfig(
        text_config={
            "vocab_size": vocab_size,
            "hidden_size": config.text_width,
            "num_hidden_layers": config.text_layers,
            "num_attention_heads": config.text_heads,
            "intermediate_size": 2 * config.text_width,
            "max_position_embeddings": config.max_length,
            "pad_token_id": 0,
            "hidden_dropout_prob": 0.0,
            "attention_probs_dropout_prob": 0.0,
        },
        vision_config={
            "hidden_size": config.vision_width,
            "num_hidden_layers": config.vision_layers,
            "num_attention_heads": config.vision_heads,
            "intermediate_size": 2 * config.vision_width,
            "image_size": config.image_size,
            "patch_size": config.patch_size,
            "hidden_act": "gelu",  # one fused operator: a tenth of a step faster than CLIP's quick_gelu
            "projection_dim": config.projection,
        },
        projection_dim=config.projection,
    )
    with torch.random.fork_rng():
        torch.manual_seed(config.seed)
        model = ChineseCLIPModel(shape).eval()
    with torch.no_grad():
        table = torch.from_numpy(grid_positions(config.vision_width, config.image_size // config.patch_size))
        model.vision_model.embeddings.position_embedding.weight[1:] = config.position_strength * table
    return model


def grid_positions(width: int, side: int) -> FloatArray:
    """Initial positions of patches: (side * side, width) sines and cosines of a patch's row and column, row by row.

    Starting from random positions, a small model hardly learns which patches are neighbours. Source: Vaswani et al.
    2017 in two dimensions, as in Beyer et al. 2022 ("Better plain ViT baselines for ImageNet-1k", arXiv:2205.01580).
    """
    waves = 10_000.0 ** -(np.arange(width // 4) / (width // 4))
    rows, columns = np.divmod(np.arange(side * side), side)
    angles = [place[:, None] * waves for place in (rows, columns)]
    return np.concatenate([wave(angle) for angle in angles for wave in (np.sin, np.cos)], axis=1, dtype=np.float32)


def parameters(model: ChineseCLIPModel) -> int:
    """The number of trainable parameters."""
    return sum(weight.numel() for weight in model.parameters())


@contextmanager
def repeatable(threads: int) -> Iterator[None]:
    """Make torch deterministic within the context: `threads` threads, and only algorithms with repeatable results."""
    import torch

    memory: Any = torch.utils.deterministic
    before = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled(), memory.fill_uninitialized_memory
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True)
    memory.fill_uninitialized_memory = False  # we read none, and filling it costs a twentieth of a step
    try:
        yield
    finally:
        torch.set_num_threads(before[0])
        torch.use_deterministic_algorithms(before[1])
        memory.fill_uninitialized_memory = before[2]


# ---- embedding ------------------------------------------------------------------------------------------------------


def embed_images(
    model: ChineseCLIPModel,
    images: Iterable[Image],
    batch: int = 64,
    progress: Callable[[int], None] | None = None,
) -> FloatArray:
    """Embed pictures as (N, 512) float32 unit rows; an animation gets the renormalised mean of its first, middle and
    last frame.

    `images` is read once and lazily, `batch` pictures at a time; `progress` is called with the number done.
    """
    rows: list[FloatArray] = []
    pictures = iter(images)
    while frames := [key_frames(picture) for picture in islice(pictures, batch)]:
        vectors = _embed(model, [frame for of_one in frames for frame in of_one])
        ends = np.cumsum([len(of_one) for of_one in frames])
        rows += [unit(part.mean(axis=0)) for part in np.split(vectors, ends[:-1])]
        if progress is not None:
            progress(len(rows))
    return np.stack(rows) if rows else np.zeros((0, model.visual_projection.out_features), np.float32)


def frame_embedder(model: ChineseCLIPModel) -> Callable[[NDArray[np.uint8]], FloatArray]:
    """A function from frames (F, S, S, 3) uint8 of the model's own side to unit rows (F, 512) float32."""
    from PIL import Image as pil

    return lambda frames: _embed(model, [pil.fromarray(frame) for frame in frames])


def load_frame_embedder(folder: Path) -> Callable[[NDArray[np.uint8]], FloatArray]:
    """`frame_embedder` of the model in `folder`."""
    return frame_embedder(load(folder)[0])


def _embed(model: ChineseCLIPModel, frames: Sequence[Image]) -> FloatArray:
    """(F, 512) float32 unit rows."""
    import torch

    encoder = encoder_config(model)
    pixels = torch.from_numpy(np.stack([pixel_values(frame, encoder) for frame in frames]))
    with torch.inference_mode():
        vectors: FloatArray = torch.nn.functional.normalize(project_images(model, pixels), dim=-1).numpy()
    return vectors


def embed_texts(
    model: ChineseCLIPModel, tokenizer: BertTokenizer, texts: Sequence[str], batch: int = 256
) -> FloatArray:
    """Embed texts as (N, 512) float32 unit rows in the space of the pictures."""
    import torch

    rows = [np.zeros((0, model.visual_projection.out_features), np.float32)]
    for start in range(0, len(texts), batch):
        inputs = tokenize(model, tokenizer, texts[start : start + batch])
        with torch.inference_mode():
            rows.append(torch.nn.functional.normalize(project_texts(model, inputs), dim=-1).numpy())
    return np.concatenate(rows)


def tokenize(model: ChineseCLIPModel, tokenizer: BertTokenizer, texts: Sequence[str]) -> dict[str, Any]:
    """Texts as right-padded int64 tensors `input_ids` and `attention_mask`, (B, L), cut to the model's length."""
    length = encoder_config(model).max_length
    inputs = tokenizer(list(texts), padding=True, truncation=True, max_length=length, return_tensors="pt")
    return {name: inputs[name] for name in ("input_ids", "attention_mask")}


def project_images(model: ChineseCLIPModel, pixels: Any) -> Any:
    """Map pixel_values (B, 3, S, S) to vectors (B, 512), not normalised."""
    return model.get_image_features(pixel_values=pixels).pooler_output


def project_texts(model: ChineseCLIPModel, inputs: Mapping[str, Any]) -> Any:
    """Map input_ids and attention_mask (B, L) to vectors (B, 512), not normalised."""
    return model.get_text_features(**inputs).pooler_output


# ---- files ----------------------------------------------------------------------------------------------------------


def encoder_config(model: ChineseCLIPModel) -> EncoderConfig:
    """The preparation of pictures and texts for this model."""
    shape: Any = model.config
    length = shape.text_config.max_position_embeddings
    return EncoderConfig(shape.vision_config.image_size, CLIP_MEAN, CLIP_STD, length)


def save(model: ChineseCLIPModel, tokenizer: BertTokenizer, folder: Path) -> None:
    """Write weights (safetensors), configuration and vocabulary into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    (folder / VOCABULARY).write_text("\n".join(pieces_of(tokenizer)) + "\n", encoding="utf-8")


def load(folder: Path) -> tuple[ChineseCLIPModel, BertTokenizer]:
    """Load what `save` wrote, ready to embed; ModelError if the folder holds no such model."""
    import torch
    from transformers import ChineseCLIPModel

    if not (folder / VOCABULARY).is_file() or not (folder / "config.json").is_file():
        raise ModelError(f"{folder} holds no model", f"config.json and {VOCABULARY}", "Train it first: `make bundle`.")
    pieces = (folder / VOCABULARY).read_text(encoding="utf-8").rstrip("\n").split("\n")
    model = ChineseCLIPModel.from_pretrained(folder, dtype=torch.float32, use_safetensors=True).eval()
    return model, tokenizer_of(pieces)
