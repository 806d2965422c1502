"""Costs of the released models: weights, matrix multiplications and memory, computed from their sizes alone.

A multiply-add counts as two operations (FLOP). Only matrix multiplications count, attention as the whole square of
tokens (Chowdhery et al. 2022, appendix B), so a causal kernel that skips half of the square looks slightly better.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: Bytes of a weight: of bfloat16 or float16, and of NF4 with its doubly quantised scales (Dettmers et al. 2023).
HALF = 2.0
NF4 = 4.127 / 8


@dataclass(frozen=True, slots=True)
class Tower:
    """The sizes of a vision transformer: pictures of `image` pixels in patches of `patch`, and one class token."""

    width: int
    layers: int
    mlp: int
    image: int
    patch: int

    @property
    def patches(self) -> int:
        return (self.image // self.patch) ** 2

    @property
    def tokens(self) -> int:
        return self.patches + 1


@dataclass(frozen=True, slots=True)
class Speaker:
    """The sizes of a language model of Llama's kind."""

    width: int
    layers: int
    mlp: int
    heads: int
    key_heads: int
    vocabulary: int

    @property
    def keys(self) -> int:
        """The width of a token's keys, and of its values."""
        return self.width // self.heads * self.key_heads

    @property
    def layer(self) -> int:
        """The number of weights in one layer's matrices."""
        return 2 * self.width * self.width + 2 * self.width * self.keys + 3 * self.width * self.mlp

    @property
    def lora_width(self) -> int:
        """The inputs and outputs of all linear layers of one layer: the number of LoRA weights at rank 1."""
        return 4 * self.width + 2 * (self.width + self.keys) + 3 * (self.width + self.mlp)


@dataclass(frozen=True, slots=True)
class Llava:
    """The sizes of a LLaVA: vision tower, language model, and whether the class token is left out ("default")."""

    sees: Tower
    speaks: Speaker
    without_class: bool = True

    @property
    def picture_tokens(self) -> int:
        """The number of tokens that one picture takes in a prompt."""
        return self.sees.patches if self.without_class else self.sees.tokens


#: Chinese-CLIP ViT-B/16 (its pictures' side) and LLaVA-1.5-7B, by their published configurations.
CLIP_B16, CLIP_PROJECTION = Tower(width=768, layers=12, mlp=3072, image=224, patch=16), 512
LLAVA_7B = Llava(
    Tower(width=1024, layers=24, mlp=4096, image=336, patch=14),
    Speaker(width=4096, layers=32, mlp=11008, heads=32, key_heads=32, vocabulary=32064),
)


def llava_of(config: Mapping[str, Any]) -> Llava:
    """The sizes in a LLaVA's whole configuration (`LlavaConfig.to_dict()`)."""
    seen, spoken = config["vision_config"], config["text_config"]
    heads = int(spoken["num_attention_heads"])
    return Llava(
        Tower(
            width=int(seen["hidden_size"]),
            layers=int(seen["num_hidden_layers"]),
            mlp=int(seen["intermediate_size"]),
            image=int(seen["image_size"]),
            patch=int(seen["patch_size"]),
        ),
        Speaker(
            width=int(spoken["hidden_size"]),
            layers=int(spoken["num_hidden_layers"]),
            mlp=int(spoken["intermediate_size"]),
            heads=heads,
            key_heads=int(spoken.get("num_key_value_heads") or heads),
            vocabulary=int(spoken["vocab_size"]),
        ),
        config.get("vision_feature_select_strategy", "default") == "default",
    )


# ---- weights --------------------------------------------------------------------------------------------------------


def tower_weights(tower: Tower) -> int:
    """The number of weights of a CLIP vision transformer, biases and norms included."""
    w = tower.width
    layer = 4 * (w * w + w) + 2 * w * tower.mlp + tower.mlp + w + 4 * w
    return 3 * tower.patch**2 * w + (tower.tokens + 1) * w + 4 * w + tower.layers * layer


def speaker_weights(speaker: Speaker) -> int:
    """The number of weights of the language model, with separate embeddings and head."""
    norms = (2 * speaker.layers + 1) * speaker.width
    return speaker.layers * speaker.layer + norms + 2 * speaker.vocabulary * speaker.width


def projector_weights(shape: Llava) -> int:
    """The number of weights of the two layers between vision tower and language model."""
    return (shape.sees.width + 1) * shape.speaks.width + (shape.speaks.width + 1) * shape.speaks.width


def llava_weights(shape: Llava) -> int:
    return tower_weights(shape.sees) + projector_weights(shape) + speaker_weights(shape.speaks)


def llava_rest(shape: Llava) -> int:
    """The number of weights outside of the matrices of the language model's layers, which 4 bits leave as they are."""
    return llava_weights(shape) - shape.speaks.layers * shape.speaks.layer


def llava_bytes(shape: Llava, four_bit: bool) -> float:
    """Bytes of the weights: all in half precision, or the layers of the language model in NF4."""
    plain = llava_rest(shape) if four_bit else llava_weights(shape)
    return HALF * plain + NF4 * (llava_weights(shape) - plain)


def key_bytes(speaker: Speaker) -> float:
    """Bytes of one token's keys and values."""
    return 2 * HALF * speaker.layers * speaker.keys


# ---- operations -----------------------------------------------------------------------------------------------------


def tower_flop(tower: Tower) -> float:
    """FLOP of encoding one picture."""
    tokens, width = tower.tokens, tower.width
    layer = 2.0 * tokens * (4 * width**2 + 2 * width * tower.mlp) + 4.0 * tokens**2 * width
    return 2.0 * tower.patches * 3 * tower.patch**2 * width + tower.layers * layer


def embedding_flop(tower: Tower, projection: int) -> float:
    """FLOP of one picture's embedding."""
    return tower_flop(tower) + 2.0 * tower.width * projection


def reading_flop(shape: Llava, tokens: int) -> float:
    """FLOP of reading a prompt of `tokens` tokens, a picture's included, up to the first token of the answer."""
    speaks = shape.speaks
    seeing = tower_flop(shape.sees) + 2.0 * shape.sees.patches * (shape.sees.width + speaks.width) * speaks.width
    layers = speaks.layers * (2.0 * tokens * speaks.layer + 4.0 * tokens**2 * speaks.width)
    return seeing + layers + 2.0 * speaks.width * speaks.vocabulary


def writing_flop(shape: Llava, tokens: int, new: int) -> float:
    """FLOP of the answer's further tokens, one by one, after a prompt of `tokens`."""
    speaks = shape.speaks
    steps = range(1, new)
    each = 2.0 * (speaks.layers * speaks.layer + speaks.width * speaks.vocabulary)
    looked_at = sum(tokens + step for step in steps)
    return len(steps) * each + 4.0 * looked_at * speaks.width * speaks.layers


def caption_flop(shape: Llava, tokens: int, new: int) -> float:
    """FLOP of one answer of `new` tokens to a prompt of `tokens`."""
    return reading_flop(shape, tokens) + writing_flop(shape, tokens, new)


def caption_bytes(shape: Llava, tokens: int, new: int, batch: int) -> float:
    """Bytes that must be read to write such answers for `batch` pictures at once: the weights at every step, and all
    keys and values.
    """
    steps = range(1, new)
    return llava_bytes(shape, False) * new / batch + key_bytes(shape.speaks) * sum(tokens + step for step in steps)


def tuning_flop(shape: Llava, tokens: int, answer: int, rank: int, again: bool) -> float:
    """FLOP of one example of LoRA: `tokens` in all, `answer` of them trained on. again: whether activations are
    computed twice (gradient checkpointing).

    Frozen weights need the gradient of their input but none of their own; adapters need both; the vision tower is only
    read.
    """
    speaks = shape.speaks
    seeing = tower_flop(shape.sees) + 2.0 * shape.sees.patches * (shape.sees.width + speaks.width) * speaks.width
    frozen = speaks.layers * 2.0 * tokens * speaks.layer
    looked_at = speaks.layers * 4.0 * tokens**2 * speaks.width
    adapters = speaks.layers * 2.0 * tokens * rank * speaks.lora_width
    head = 2.0 * answer * speaks.width * speaks.vocabulary
    forward = frozen + looked_at + adapters
    backward = frozen + 2 * looked_at + 2 * adapters
    return seeing + (2 if again else 1) * forward + backward + 2 * head
