"""LLaVA: the small one of the real classes with tiny random weights, and the 7B's shape on the meta device."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from peft import PeftModel
from PIL import Image
from transformers import ChineseCLIPVisionConfig, ChineseCLIPVisionModel, LlavaConfig, LlavaForConditionalGeneration

from persrv.errors import ModelError
from persrv.models.wordpieces import join_pieces, split_words
from precompute import config as settings
from precompute.models.small import llava
from precompute.models.small.llava_beams import likeliest

TEXTS = ("一只小猫在笑", "so funny", "笑死我了", "😂", "1. 2. | 。，")
SIZES = settings.LlavaConfig(width=16, layers=2, heads=2, mlp=32, rank=4)


def vision() -> ChineseCLIPVisionModel:
    torch.manual_seed(0)
    return ChineseCLIPVisionModel(
        ChineseCLIPVisionConfig(
            hidden_size=16,
            intermediate_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            image_size=28,
            patch_size=14,
        )
    )


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return llava.build_tokenizer(TEXTS)


@pytest.fixture
def model(tokenizer: Any) -> LlavaForConditionalGeneration:
    return llava.build_model(SIZES, len(tokenizer), vision())


def pictures() -> list[Image.Image]:
    rng = np.random.default_rng(0)
    return [Image.fromarray(rng.integers(0, 255, (20, 30, 4), np.uint8), "RGBA") for _ in range(3)]


# ---- words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [*TEXTS, "SO Funny,笑", "let's go 666", "❤️笑😂😂", "zzz unseenword 猹"])
def test_the_tokenizer_splits_as_the_online_library_does(tokenizer: Any, text: str) -> None:
    pieces = tokenizer.convert_ids_to_tokens(tokenizer(text, add_special_tokens=False)["input_ids"])
    words: list[str] = []
    for piece in pieces:
        if piece.startswith("##") and len(piece) > 2:
            words[-1] += piece[2:]
        else:
            words.append(piece)
    expected = [word if got != "<unk>" else "<unk>" for word, got in zip(split_words(text), words, strict=True)]
    assert words == expected


def test_a_text_begins_with_bos_and_does_not_end(tokenizer: Any) -> None:
    ids = tokenizer("笑")["input_ids"]
    assert ids[0] == llava.BOS
    assert llava.EOS not in ids


def test_what_cannot_be_spelt_is_counted(tokenizer: Any) -> None:
    assert llava.unspelt(tokenizer, "笑死我了") == (0, 4)
    assert llava.unspelt(tokenizer, "笑猹") == (1, 2)


@pytest.mark.parametrize("text", ["笑死我了，so funny，😂", "1.一只小猫|2.笑。"])
def test_decoding_spells_what_was_encoded(tokenizer: Any, text: str) -> None:
    ids = [*tokenizer(text, add_special_tokens=False)["input_ids"], llava.EOS, llava.PAD]
    assert llava.decode(tokenizer, ids) == text


def test_pieces_are_joined_as_they_are_read() -> None:
    assert join_pieces(["哈", "so", "fun", "##ny", "，", "ok"]) == "哈so funny，ok"
    assert join_pieces(["let", "'", "s", "go"]) == "let's go"
    assert join_pieces([]) == ""


def test_a_vocabulary_needs_its_special_tokens_first() -> None:
    with pytest.raises(ModelError, match="other beginnings"):
        llava.tokenizer_of(["a", "b"])


# ---- the small model ------------------------------------------------------------------------------------------------


def test_the_vision_tower_begins_as_the_chinese_clip(model: LlavaForConditionalGeneration) -> None:
    pixels = torch.randn(2, 3, 28, 28)
    with torch.no_grad():
        wanted = vision().eval()(pixels).last_hidden_state
        found = model.model.vision_tower(pixels).last_hidden_state
    assert torch.allclose(found, wanted, atol=1e-6)


def test_a_picture_takes_as_many_tokens_as_the_processor_says(
    model: LlavaForConditionalGeneration, tokenizer: Any
) -> None:
    processor = llava.processor_for(model, tokenizer)
    inputs = processor(images=pictures()[:1], text=[llava.prompt("笑")], return_tensors="pt")
    count = int((inputs["input_ids"] == llava.IMAGE).sum())
    assert count == llava.image_tokens(model.config.vision_config) == model.config.image_seq_length == 5
    features = model.get_image_features(pixel_values=inputs["pixel_values"], return_dict=True).pooler_output
    assert features[0].shape == (5, 16)


def test_a_wide_picture_is_padded_not_cut(model: LlavaForConditionalGeneration, tokenizer: Any) -> None:
    wide = Image.new("RGB", (60, 20), (255, 255, 255))
    wide.paste((0, 0, 0), (0, 0, 6, 20))
    processor = llava.processor_for(model, tokenizer)
    edge = llava.on_white_square(wide)
    pixels = processor(images=[edge], text=[llava.prompt("笑")], return_tensors="pt")["pixel_values"][0]
    assert float(pixels[:, 13, 0].max()) < float(pixels[:, 0, 0].min())  # the black edge is still there


def test_an_answer_does_not_depend_on_its_batch(model: LlavaForConditionalGeneration, tokenizer: Any) -> None:
    processor = llava.processor_for(model, tokenizer)
    prompts = [llava.prompt("笑"), llava.keyword_prompt("笑死我了"), llava.prompt(llava.GENERAL)]
    together = llava.answer(model, processor, pictures(), prompts, 6)
    for picture, words, wanted in zip(pictures(), prompts, together, strict=True):
        [alone] = llava.answer(model, processor, [picture], [words], 6)
        assert alone.text == wanted.text
        assert alone.sure == pytest.approx(wanted.sure, abs=1e-4)


def test_the_likeliest_answers_come_best_first_and_are_distinct(
    model: LlavaForConditionalGeneration, tokenizer: Any
) -> None:
    processor = llava.processor_for(model, tokenizer)
    prompts = [llava.prompt("笑"), llava.keyword_prompt("笑死我了"), llava.prompt(llava.GENERAL)]
    for some in likeliest(model, processor, pictures(), prompts, 3, 4):
        assert len({one.text for one in some}) == 3
        assert [one.sure for one in some] == sorted((one.sure for one in some), reverse=True)


def test_same_seed_same_weights(tokenizer: Any) -> None:
    first, again = (llava.build_model(SIZES, len(tokenizer), vision()) for _ in range(2))
    for one, other in zip(first.parameters(), again.parameters(), strict=True):
        assert torch.equal(one, other)


# ---- adapters -------------------------------------------------------------------------------------------------------


def randomly_adapted(model: LlavaForConditionalGeneration) -> Any:
    tuned = llava.with_adapter(model, SIZES.rank, 1)
    with torch.no_grad():
        for name, weight in tuned.named_parameters():
            if "lora_B" in name:
                weight.normal_(0, 0.5, generator=torch.Generator().manual_seed(len(name)))
    return tuned.eval()


def logits(model: Any, tokenizer: Any) -> torch.Tensor:
    base = model.get_base_model() if hasattr(model, "get_base_model") else model
    inputs = llava.processor_for(base, tokenizer)(images=pictures()[:1], text=[llava.prompt("笑")], return_tensors="pt")
    with torch.no_grad():
        return model(**inputs).logits


def test_only_the_language_model_is_adapted_and_all_of_its_linear_layers(model: LlavaForConditionalGeneration) -> None:
    tuned = llava.with_adapter(model, SIZES.rank, 1)
    learning = [name for name, weight in tuned.named_parameters() if weight.requires_grad]
    assert learning
    assert all("language_model" in name and "lora_" in name for name in learning)
    assert len(learning) == SIZES.layers * 7 * 2


def test_adapter_off_equals_base(model: LlavaForConditionalGeneration, tokenizer: Any) -> None:
    base = logits(model, tokenizer)
    tuned = randomly_adapted(model)
    assert not torch.allclose(logits(tuned, tokenizer), base, atol=1e-3)
    with tuned.disable_adapter():
        assert torch.equal(logits(tuned, tokenizer), base)


def test_merged_equals_adapter(model: LlavaForConditionalGeneration, tokenizer: Any) -> None:
    tuned = randomly_adapted(model)
    wanted = logits(tuned, tokenizer)
    assert torch.allclose(logits(tuned.merge_and_unload(), tokenizer), wanted, atol=1e-5)


def test_a_saved_adapter_merges_into_the_saved_model(
    model: LlavaForConditionalGeneration, tokenizer: Any, tmp_path: Path
) -> None:
    llava.save(model, tokenizer, tmp_path / "model")
    loaded, _ = llava.load(tmp_path / "model")
    tuned = randomly_adapted(loaded)
    tuned.save_pretrained(tmp_path / "adapter")
    again, _ = llava.load(tmp_path / "model")
    merged = PeftModel.from_pretrained(again, str(tmp_path / "adapter")).merge_and_unload()
    assert torch.allclose(logits(merged, tokenizer), logits(tuned, tokenizer), atol=1e-5)


# ---- files ----------------------------------------------------------------------------------------------------------


def test_saving_in_half_precision_leaves_the_model_alone(
    model: LlavaForConditionalGeneration, tokenizer: Any, tmp_path: Path
) -> None:
    llava.save(model, tokenizer, tmp_path)
    assert next(model.parameters()).dtype == torch.float32
    loaded, processor = llava.load(tmp_path)
    assert next(loaded.parameters()).dtype == torch.float32
    assert llava.pieces_of(processor.tokenizer) == llava.pieces_of(tokenizer)
    for one, other in zip(model.parameters(), loaded.parameters(), strict=True):
        assert torch.equal(one.half().float(), other)
    assert llava.megabytes(tmp_path) == pytest.approx(2e-6 * sum(w.numel() for w in model.parameters()), rel=0.2)


def test_an_empty_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds no model"):
        llava.load(tmp_path)


# ---- LLaVA-1.5-7B ---------------------------------------------------------------------------------------------------

#: What the chat template of llava-hf/llava-1.5-7b-hf makes of one user turn with a picture, in our own words:
#: the role in capitals, pictures first, each on a line of its own, then the text, then the assistant's cue.
TEMPLATE_7B = (
    "{% for m in messages %}{{ m['role'] | upper }}: "
    "{% for c in m['content'] if c['type'] == 'image' %}<image>\n{% endfor %}"
    "{% for c in m['content'] if c['type'] == 'text' %}{{ c['text'] }} {% endfor %}{% endfor %}"
    "{% if add_generation_prompt %}ASSISTANT:{% endif %}"
)


@pytest.fixture(scope="module")
def model_7b() -> LlavaForConditionalGeneration:
    # transformers' default LlavaConfig has the sizes of llava-hf/llava-1.5-7b-hf but for its padded vocabulary
    config = LlavaConfig()
    config.text_config.vocab_size = 32064
    with torch.device("meta"):
        return LlavaForConditionalGeneration(config)


def test_the_7b_has_seven_billion_parameters_on_no_device(model_7b: LlavaForConditionalGeneration) -> None:
    assert 7.0e9 < sum(weight.numel() for weight in model_7b.parameters()) < 7.2e9
    assert {weight.device.type for weight in model_7b.parameters()} == {"meta"}


def test_the_lora_targets_fit_the_7b(model_7b: LlavaForConditionalGeneration) -> None:
    import re

    hit = [name for name, _ in model_7b.named_modules() if re.fullmatch(llava.LORA_TARGETS, name)]
    assert len(hit) == 32 * 7
    assert not [name for name in hit if "vision_tower" in name or "projector" in name]


def test_the_paper_s_recipe_adapts_the_7b(model_7b: LlavaForConditionalGeneration) -> None:
    with torch.device("meta"):
        tuned = llava.with_adapter(model_7b, rank=8, seed=0, alpha=16)
    learning = [weight for weight in tuned.parameters() if weight.requires_grad]
    # r (in + out) of q, k, v, o (4096 x 4096) and gate, up, down (4096 x 11008), 32 layers
    assert sum(weight.numel() for weight in learning) == 32 * 8 * (4 * 8192 + 3 * 15104)


def test_the_processor_of_the_7b_makes_its_576_image_tokens(tokenizer: Any) -> None:
    from transformers import CLIPImageProcessorPil, LlavaProcessor

    config = LlavaConfig()
    processor = LlavaProcessor(
        CLIPImageProcessorPil(size={"shortest_edge": 336}, crop_size={"height": 336, "width": 336}),
        tokenizer,
        patch_size=config.vision_config.patch_size,
        vision_feature_select_strategy=config.vision_feature_select_strategy,
        num_additional_image_tokens=1,
        chat_template=TEMPLATE_7B,
    )
    square = llava.on_white_square(pictures()[0])
    inputs = processor(images=[square], text=[llava.prompt(llava.GENERAL)], return_tensors="pt")
    assert inputs["pixel_values"].shape == (1, 3, 336, 336)
    assert int((inputs["input_ids"] == processor.image_token_id).sum()) == config.image_seq_length == 576


def test_our_prompt_is_what_the_7b_s_chat_template_writes(tokenizer: Any) -> None:
    turn = {"role": "user", "content": [{"type": "text", "text": llava.GENERAL}, {"type": "image"}]}
    written = tokenizer.apply_chat_template(
        [turn], chat_template=TEMPLATE_7B, add_generation_prompt=True, tokenize=False
    )
    assert written == llava.prompt(llava.GENERAL)
