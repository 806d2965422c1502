"""Costs of the released models, against transformers' own weights and torch's own count of operations."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode
from transformers import (
    ChineseCLIPVisionConfig,
    ChineseCLIPVisionModel,
    CLIPVisionConfig,
    LlamaConfig,
    LlavaConfig,
    LlavaForConditionalGeneration,
)
from transformers.modeling_outputs import BaseModelOutputWithPooling

from persrv.errors import DataError, ModelError
from precompute.models.released import costs as costs
from precompute.models.released import memory as memory
from precompute.models.small.llava import LORA_TARGETS

GIB = 2.0**30

#: Nothing equal to anything else in it, so that no term of a formula can stand for another.
SMALL = LlavaConfig(
    vision_config=CLIPVisionConfig(
        hidden_size=24, intermediate_size=80, num_hidden_layers=3, num_attention_heads=2, image_size=28, patch_size=7
    ),
    text_config=LlamaConfig(
        hidden_size=32,
        intermediate_size=72,
        num_hidden_layers=8,
        num_attention_heads=4,
        num_key_value_heads=2,
        vocab_size=50,
    ),
    image_token_index=49,
    attn_implementation="eager",  # torch does not count a processor's own attention
)
SHAPE = costs.llava_of(SMALL.to_dict())


pytestmark = pytest.mark.usefixtures("one_thread")


def model() -> LlavaForConditionalGeneration:
    torch.manual_seed(0)
    return LlavaForConditionalGeneration(SMALL).eval()


def counted(work: object) -> float:
    with FlopCounterMode(display=False) as counter:
        work()  # type: ignore[operator]
    return float(counter.get_total_flops())


def test_the_sizes_written_out_are_the_released_ones() -> None:
    """LLaVA-1.5-7B has 7.06 billion weights, ViT-B/16 86 million; without memory, transformers builds just these."""
    text = {"hidden_size": 4096, "intermediate_size": 11008, "num_hidden_layers": 32, "num_attention_heads": 32}
    seen = {"hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 24, "num_attention_heads": 16}
    config = LlavaConfig(
        vision_config=CLIPVisionConfig(**seen, image_size=336, patch_size=14),
        text_config=LlamaConfig(**text, vocab_size=32064),
    )
    assert costs.llava_of(config.to_dict()) == costs.LLAVA_7B
    with torch.device("meta"):
        built = LlavaForConditionalGeneration(config)
        tower = ChineseCLIPVisionModel(ChineseCLIPVisionConfig(patch_size=16))
    assert costs.llava_weights(costs.LLAVA_7B) == sum(weight.numel() for weight in built.parameters()) == 7063427072
    assert costs.tower_weights(costs.CLIP_B16) == sum(weight.numel() for weight in tower.parameters())


def test_weights_are_those_of_the_model() -> None:
    built = model()
    assert costs.llava_weights(SHAPE) == sum(weight.numel() for weight in built.parameters())
    layers = [w for name, w in built.named_parameters() if "language_model.layers" in name and w.ndim == 2]
    assert SHAPE.speaks.layer * SHAPE.speaks.layers == sum(weight.numel() for weight in layers)
    assert SHAPE.speaks.lora_width == sum(sum(weight.shape) for weight in layers) // SHAPE.speaks.layers
    assert SHAPE.picture_tokens == 16


def test_operations_of_a_caption_are_those_that_torch_counts() -> None:
    """A prompt of 16 image tokens and 5 words, then four tokens one by one."""
    built = model()
    ids = torch.tensor([[1, *[49] * 16, 2, 3, 4, 5]])

    def caption() -> None:
        with torch.inference_mode():
            seen = built.get_image_features(pixel_values=torch.zeros(1, 3, 28, 28), return_dict=True)
            features = {"image": BaseModelOutputWithPooling(pooler_output=list(seen.pooler_output))}
            out = built(input_ids=ids, mm_encoder_outputs=features, use_cache=True, logits_to_keep=1)
            for token in range(3):
                out = built(input_ids=torch.tensor([[token]]), past_key_values=out.past_key_values, use_cache=True)

    assert counted(caption) == costs.caption_flop(SHAPE, tokens=21, new=4)


def test_operations_of_an_embedding_are_those_that_torch_counts() -> None:
    sizes = {"hidden_size": 24, "intermediate_size": 80, "num_hidden_layers": 3, "num_attention_heads": 2}
    shape = ChineseCLIPVisionConfig(**sizes, image_size=28, patch_size=7)
    tower = ChineseCLIPVisionModel._from_config(shape, attn_implementation="eager").eval()
    project = torch.nn.Linear(24, 10, bias=False)

    def embed() -> None:
        with torch.inference_mode():
            project(tower(torch.zeros(1, 3, 28, 28)).pooler_output)

    assert counted(embed) == costs.embedding_flop(SHAPE.sees, 10)


@pytest.mark.parametrize("again", [False, True])
def test_operations_of_an_example_are_nearly_those_that_torch_counts(again: bool) -> None:
    """The first layer passes no gradient on to the prompt, and torch counts attention's gradient as 2.5 readings."""
    from peft import LoraConfig, get_peft_model

    tuned = get_peft_model(model(), LoraConfig(r=3, target_modules=LORA_TARGETS, lora_dropout=0.0))
    base = tuned.get_base_model()
    tuned.train()
    base.model.vision_tower.eval()
    if again:
        base.activation_checkpointing_enable(activation_checkpointing_kwargs={"use_reentrant": False})
    ids = torch.tensor([[1, *[49] * 16, 2, 3, 4, 5, 6, 7]])

    def learn() -> None:
        with torch.no_grad():
            seen = base.get_image_features(pixel_values=torch.zeros(1, 3, 28, 28), return_dict=True)
        features = {"image": BaseModelOutputWithPooling(pooler_output=list(seen.pooler_output))}
        hidden = base.model(input_ids=ids, mm_encoder_outputs=features, use_cache=False)[0]
        base.lm_head(hidden[:, -3:-1]).sum().backward()

    assert counted(learn) == pytest.approx(costs.tuning_flop(SHAPE, 23, 2, 3, again), rel=0.06)


# ---- memory ---------------------------------------------------------------------------------------------------------


def test_a_large_gpu_keeps_half_precision_and_a_small_one_four_bits() -> None:
    shape = costs.LLAVA_7B
    assert costs.llava_bytes(shape, False) / GIB == pytest.approx(13.16, abs=0.01)
    assert costs.llava_bytes(shape, True) / GIB == pytest.approx(4.21, abs=0.01)
    assert memory.captioning(shape, 768, 139 * GIB) == memory.MemoryPlan("half", 231)
    assert memory.captioning(shape, 768, 22 * GIB).precision == "half"
    assert memory.captioning(shape, 768, 15 * GIB).precision == "4-bit"
    assert memory.tuning(shape, 700, 15 * GIB, True).precision == "4-bit"
    assert memory.captioning(shape, 768, 139 * GIB, "4-bit").precision == "4-bit"


def test_what_does_not_fit_is_refused_with_what_it_would_take() -> None:
    with pytest.raises(ModelError, match=r"3\.0 GiB of memory are free\. Expected 6\.2 GiB .* in 4 bits"):
        memory.captioning(costs.LLAVA_7B, 768, 3 * GIB)
    with pytest.raises(ModelError, match="in half precision"):
        memory.captioning(costs.LLAVA_7B, 768, 12 * GIB, "half")
    with pytest.raises(DataError, match="precision = 'int8'"):
        memory.captioning(costs.LLAVA_7B, 768, 80 * GIB, "int8")


@settings(max_examples=60, deadline=None)
@given(
    free=st.floats(6, 200), tokens=st.integers(600, 2048), wanted=st.sampled_from(memory.CHOICES), again=st.booleans()
)
def test_whatever_is_chosen_fits_and_one_more_would_not(free: float, tokens: int, wanted: str, again: bool) -> None:
    shape = costs.LLAVA_7B
    rooms = (memory.caption_room(shape, tokens), memory.example_room(shape, tokens, again))
    for room, fit in (
        (rooms[0], lambda: memory.captioning(shape, tokens, free * GIB, wanted)),
        (rooms[1], lambda: memory.tuning(shape, tokens, free * GIB, again, wanted)),
    ):
        try:
            found = fit()
        except ModelError:
            assert costs.llava_bytes(shape, wanted != "half") + room > 0.92 * free * GIB - GIB
            continue
        weights = costs.llava_bytes(shape, found.precision == "4-bit")
        assert weights + found.batch * room <= 0.92 * free * GIB - GIB
        assert found.batch == memory.MOST or weights + (found.batch + 1) * room > 0.92 * free * GIB - GIB
        assert wanted in ("auto", found.precision)


def test_on_a_processor_few_are_answered_at_once_and_what_does_not_fit_is_refused() -> None:
    """LLaVA-1.5-7B in float32: 26.3 GiB of weights, and 1.1 GiB for each picture."""
    shape = costs.LLAVA_7B
    room = memory.caption_room(shape, 888)
    weights = 4 * costs.llava_weights(shape) / GIB
    assert 26 < weights < 27
    enough = [(weights + n * 2 * room / GIB + 1) / 0.92 + 0.01 for n in (1, 2, 9)]
    found = [memory.llava_on_processor(shape, room, free * GIB, "half") for free in enough]
    assert found == [1, 2, memory.MOST_ON_PROCESSOR]
    assert memory.llava_on_processor(shape, room, 12 * GIB, "4-bit") >= 1
    with pytest.raises(ModelError, match=r"16\.0 GiB of memory are free.*GiB for this model.*--profile laptop"):
        memory.llava_on_processor(shape, room, 16 * GIB, "half")
