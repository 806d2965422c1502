"""Names of weights against what a class expects, on torch's meta device: LLaVA-1.5-7B's at its true size, and odd ones.

The names are written down by rule, as the released index lists them (transformers 4's places), without files of others.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import chat_models
import pytest
import released_models
from transformers import AutoConfig, AutoModelForImageTextToText, LlavaConfig, LlavaForConditionalGeneration

from persrv.errors import ModelError
from precompute.models.released import checkpoint, costs, loading

SHAPE = costs.LLAVA_7B


def released_names() -> list[str]:
    """The 686 names in the index of llava-1.5-7b-hf."""
    sees, speaks, projects = "vision_tower.vision_model", "language_model.model", "multi_modal_projector"
    both = ("weight", "bias")
    seen = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj")
    seen += ("layer_norm1", "layer_norm2", "mlp.fc1", "mlp.fc2")
    said = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj")
    said += ("mlp.gate_proj", "mlp.up_proj", "mlp.down_proj", "input_layernorm", "post_attention_layernorm")
    return [
        f"{sees}.embeddings.class_embedding",
        f"{sees}.embeddings.patch_embedding.weight",
        f"{sees}.embeddings.position_embedding.weight",
        *(f"{sees}.{part}.{kind}" for part, kind in product(("pre_layrnorm", "post_layernorm"), both)),
        *(f"{sees}.encoder.layers.{n}.{part}.{kind}" for n, part, kind in product(range(24), seen, both)),
        *(f"{projects}.linear_{n}.{kind}" for n, kind in product((1, 2), both)),
        f"{speaks}.embed_tokens.weight",
        *(f"{speaks}.layers.{n}.{part}.weight" for n, part in product(range(32), said)),
        f"{speaks}.norm.weight",
        "language_model.lm_head.weight",
    ]


@pytest.fixture(scope="module")
def llava() -> LlavaForConditionalGeneration:
    """LLaVA-1.5-7B without memory for its weights."""
    sees, speaks = SHAPE.sees, SHAPE.speaks
    shape = LlavaConfig(
        vision_config={
            "model_type": "clip_vision_model",
            "hidden_size": sees.width,
            "intermediate_size": sees.mlp,
            "num_hidden_layers": sees.layers,
            "num_attention_heads": 16,
            "image_size": sees.image,
            "patch_size": sees.patch,
        },
        text_config={
            "model_type": "llama",
            "hidden_size": speaks.width,
            "intermediate_size": speaks.mlp,
            "num_hidden_layers": speaks.layers,
            "num_attention_heads": speaks.heads,
            "vocab_size": speaks.vocabulary,
        },
    )
    found = checkpoint.on_meta(shape, LlavaForConditionalGeneration)
    assert isinstance(found, LlavaForConditionalGeneration)
    return found


def test_all_names_of_the_released_llava_find_their_places(llava: LlavaForConditionalGeneration) -> None:
    names = released_names()
    assert len(names) == len(set(names)) == 686
    found = checkpoint.compare(llava, names)
    assert (found.missing, found.strange) == ((), ())
    assert found.weights == costs.llava_weights(SHAPE)
    assert next(llava.parameters()).is_meta


def test_a_name_too_few_and_one_too_many_are_told(llava: LlavaForConditionalGeneration) -> None:
    names = released_names()
    found = checkpoint.compare(llava, [*names[1:], "language_model.model.rotary.freq"])
    assert found.missing == ("model.vision_tower.embeddings.class_embedding",)
    assert found.strange == ("language_model.model.rotary.freq",)


def test_an_adapters_former_names_lie_where_layers_are_today(llava: LlavaForConditionalGeneration) -> None:
    """The renaming of adapters agrees with transformers' own of the model."""
    former = "base_model.model.language_model.model.layers.0.self_attn.q_proj.lora_A.weight"
    today = loading._FORMER.sub(loading._TODAY, former)
    layer = today.removeprefix("base_model.model.").removesuffix(".lora_A.weight")
    assert f"{layer}.weight" in llava.state_dict()


def test_a_picture_takes_as_many_tokens_as_the_processor_writes(tmp_path: Path) -> None:
    """576 at the released size; on the tiny model, against transformers' own processor."""
    assert SHAPE.picture_tokens == 576
    from PIL import Image

    folder = released_models.llava(tmp_path / "llava")
    model, processor = loading.load_llava(folder, "cpu", "half")
    picture = Image.new("RGB", (40, 40))
    read = processor(images=[picture], text=["USER: <image>\ncat ASSISTANT:"], return_tensors="pt")["input_ids"]
    asked = "USER: <image>\ncat ASSISTANT:".replace("<image>", "<image>" * loading.picture_tokens(model))
    assert processor.tokenizer(asked)["input_ids"] == read[0].tolist()
    look = loading.look_of(processor)
    assert (look.side, list(look.mean)) == (released_models.SIDE, released_models.MEAN)


@pytest.mark.parametrize("name", list(chat_models.TINY))
def test_every_class_of_ours_fits_its_own_files(name: str, tmp_path: Path) -> None:
    folder = chat_models.TINY[name](tmp_path / name)
    names = checkpoint.names_in(folder)
    model = checkpoint.on_meta(AutoConfig.from_pretrained(folder), AutoModelForImageTextToText)
    found = checkpoint.require_fit(model, folder, "--vlm")
    assert (found.missing, found.strange) == ((), ())
    assert names
    lacking = checkpoint.compare(model, names[1:])
    assert len(lacking.missing) == 1


def test_weights_whose_format_tells_no_names_are_taken_as_they_are(tmp_path: Path) -> None:
    folder = chat_models.smolvlm(tmp_path / "bin")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    model = checkpoint.on_meta(AutoConfig.from_pretrained(folder), AutoModelForImageTextToText)
    assert checkpoint.names_in(folder) == ()
    assert checkpoint.require_fit(model, folder, "--vlm").weights > 0


def test_a_folder_that_lacks_weights_is_refused_by_name(tmp_path: Path) -> None:
    folder = chat_models.smolvlm(tmp_path / "smol")
    other = released_models.llava(tmp_path / "llava")
    model = checkpoint.on_meta(AutoConfig.from_pretrained(folder), AutoModelForImageTextToText)
    with pytest.raises(ModelError, match=r"llava lacks \d+ of the model's weights.*Idefics3.*--vlm"):
        checkpoint.require_fit(model, other, "--vlm")
