"""A LLaVA as ONNX: the files say what torch says, keys and values kept or not, and half weights lose nothing."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
import toy
from beam_oracle import by_transformers
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from onnx import TensorProto
from PIL import Image

from persrv.models.captioner import (
    BASE_SPEAKER,
    CONFIG,
    EYES,
    FILES,
    PIECES,
    TUNED_SPEAKER,
    Captioner,
    CaptionerConfig,
    load_captioner,
    load_eyes,
    prepared,
    write_config,
)
from persrv.models.onnx_speaker import OnnxSpeaker
from persrv.models.wordpieces import Pieces
from persrv.retriever import Retriever
from persrv.ui.captions_tab.live import LiveCaptions
from persrv.ui.service import PageService
from precompute.config import LlavaConfig
from precompute.models.small import llava
from precompute.models.small.llava_beams import likeliest
from precompute.models.small.llava_onnx import as_half, describe, export, export_speaker, image_embeds, parity

WORDS = llava.keyword_prompt("笑死")
TEXTS = ["笑死我了哈，晚安", "一只猫 funny good night", "1. 2. | 开心。无"]


@dataclass
class World:
    base: Any
    tuned: Any
    processor: Any
    config: CaptionerConfig
    folder: Path

    def model_path(self, name: str) -> Path | None:
        return self.folder / name if (self.folder / name).exists() else None


def stirred(model: Any, seed: int) -> Any:
    """Random weights so large that answers vary, as float16 numbers (as llava.save stores them)."""
    rng = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.ndim > 1 and "embed" not in name:
                weight.copy_(torch.randn(weight.shape, generator=rng) * 0.4)
    return model.half().float().eval()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two tiny models of the real class with one pair of eyes, exported."""
    from transformers import CLIPVisionConfig, CLIPVisionModel

    torch.manual_seed(1)
    seen = CLIPVisionConfig(
        hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2, image_size=32, patch_size=16
    )
    tower = CLIPVisionModel(seen)
    tokenizer = llava.build_tokenizer(TEXTS)
    sizes = LlavaConfig(width=16, layers=2, heads=2, mlp=24)

    def build(seed: int) -> Any:
        return stirred(llava.build_model(sizes, len(tokenizer), getattr(tower, "vision_model", tower)), seed)

    base, tuned = build(2), build(3)
    for part in ("vision_tower", "multi_modal_projector"):
        getattr(tuned.model, part).load_state_dict(getattr(base.model, part).state_dict())
    processor = llava.processor_for(base, tokenizer)
    config = describe(base, processor, reads_text=True, description_tokens=12, keyword_tokens=9, most_keywords=8)
    folder = tmp_path_factory.mktemp("captioner")
    files = export(base, tuned, config, llava.pieces_of(tokenizer), folder)
    assert tuple(files) == FILES
    return World(base, tuned, processor, config, folder)


def pictures(count: int) -> list[Image.Image]:
    rng = np.random.default_rng(5)
    return [Image.fromarray(rng.integers(0, 256, (40, 30 + n, 4), dtype=np.uint8), "RGBA") for n in range(count)]


@pytest.mark.slow
def test_onnx_says_what_torch_says(world: World) -> None:
    texts = ["", "笑死", "good night，哈" * 20, "未知的字"]
    found = parity(world.base, world.tuned, world.processor, world.config, world.folder, pictures(4), texts)
    assert found.difference < 1e-3
    assert found.agreeing == found.texts == 12


def with_beams(config: CaptionerConfig, beams: int) -> CaptionerConfig:
    return replace(config, keywords=replace(config.keywords, beams=beams))


@dataclass
class Ready:
    """A model of which some answers end early, as torch and as a speaker."""

    model: Any
    speaker: OnnxSpeaker


@pytest.fixture(scope="module")
def ready(world: World, tmp_path_factory: pytest.TempPathFactory) -> Ready:
    """The fine-tuned one, surer of its words, and </s> among its likely ones: its vector lies along a state in which an
    answer begins.
    """
    model = copy.deepcopy(world.tuned)
    begun: list[torch.Tensor] = []
    hook = model.lm_head.register_forward_pre_hook(lambda _, given: begun.append(given[0][0, -1].clone()))
    weights = model.get_input_embeddings().weight
    with torch.no_grad():
        weights *= 10
        model(**world.processor(images=pictures(1)[0].convert("RGB"), text=WORDS, return_tensors="pt"))
        weights[llava.EOS] = 4 * begun[0] / begun[0].dot(begun[0])
    hook.remove()
    model = model.half().float()
    path = tmp_path_factory.mktemp("ready") / TUNED_SPEAKER
    export_speaker(model, path)
    return Ready(model, OnnxSpeaker(path, world.config.eos))


@pytest.mark.slow
@pytest.mark.parametrize(("beams", "most"), [(2, 9), (4, 3), (4, 9), (10, 20)])
def test_the_likeliest_answers_are_those_of_transformers(world: World, ready: Ready, beams: int, most: int) -> None:
    eyes, pieces = load_eyes(world.folder / EYES), Pieces.read(world.folder / PIECES, world.config.unk)
    shown = pictures(4)
    wanted = by_transformers(ready.model, world.processor, shown, [WORDS] * len(shown), beams, most)
    ids = load_captioner(world).prompt_ids(world.config.keywords, "笑死")
    found = [ready.speaker(ids, eyes(prepared(picture, world.config)), most, beams) for picture in shown]
    assert [[pieces.decode(each) for each in row] for row in found] == [[one.text for one in row] for row in wanted]
    lengths = {len(each) for row in found for each in row}
    assert len(lengths) > 1, "some answers end before others"
    assert len({tuple(each) for row in found for each in row}) > beams, "pictures are answered differently"


@pytest.mark.slow
@pytest.mark.parametrize(("beams", "most"), [(2, 9), (4, 3), (10, 20)])
def test_many_pictures_at_once_are_answered_as_transformers_does(
    world: World, ready: Ready, beams: int, most: int
) -> None:
    shown = pictures(4)
    prompts = [WORDS, llava.prompt("笑"), llava.keyword_prompt(), WORDS]
    wanted = by_transformers(ready.model, world.processor, shown, prompts, beams, most)
    found = likeliest(ready.model, world.processor, shown, prompts, beams, most)
    assert [[one.text for one in row] for row in found] == [[one.text for one in row] for row in wanted]
    sums = [[one.sure for one in row] for row in found]
    assert np.allclose(sums, [[one.sure for one in row] for row in wanted], atol=1e-4)


@pytest.mark.slow
def test_live_keywords_are_the_likeliest_answers(world: World) -> None:
    speaks = Captioner(
        with_beams(world.config, 4),
        Pieces.read(world.folder / PIECES, world.config.unk),
        load_eyes(world.folder / EYES),
        OnnxSpeaker(world.folder / BASE_SPEAKER, world.config.eos),
        OnnxSpeaker(world.folder / TUNED_SPEAKER, world.config.eos),
    )
    shown, most = pictures(3), world.config.keywords.max_new_tokens
    wanted = by_transformers(world.tuned, world.processor, shown, [WORDS] * len(shown), 4, most)
    found = [speaks.caption(picture, "笑死") for picture in shown]
    assert [each.keywords for each in found] == [tuple(answer.text for answer in row) for row in wanted]
    greedy = load_captioner(world)
    assert [each.description for each in found] == [greedy.caption(picture, "笑死").description for picture in shown]


@pytest.mark.slow
def test_a_placeholder_that_the_model_writes_is_no_picture(world: World) -> None:
    first, second = (load_eyes(world.folder / EYES)(prepared(picture, world.config)) for picture in pictures(2))
    speaker = OnnxSpeaker(world.folder / TUNED_SPEAKER, world.config.eos)
    ids = load_captioner(world).prompt_ids(world.config.keywords, "笑死")
    assert np.abs(speaker.read([ids], first)[0] - speaker.read([ids], second)[0]).max() > 0.01
    _, memory = speaker.read([ids], first)
    again = [speaker.read([[world.config.image]], seen, memory)[0] for seen in (first, second)]
    np.testing.assert_array_equal(*again)


@pytest.mark.slow
def test_parity_counts_the_keywords_of_a_search(world: World, tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).write_bytes((world.folder / name).read_bytes())
    config = with_beams(world.config, 4)
    write_config(config, tmp_path / CONFIG)
    models = (world.base, world.tuned, world.processor)
    found = parity(*models, config, tmp_path, pictures(2), ["", "晚安"])
    assert found.difference < 1e-3
    assert found.agreeing == found.texts == 6
    write_config(with_beams(world.config, 3), tmp_path / CONFIG)
    assert parity(*models, config, tmp_path, pictures(2), ["", "晚安"]).agreeing == 4, "three answers are not four"


@pytest.mark.slow
def test_texts_read_together_are_read_as_apart(world: World) -> None:
    seen = load_eyes(world.folder / EYES)(prepared(pictures(1)[0], world.config))
    speaker = OnnxSpeaker(world.folder / TUNED_SPEAKER, world.config.eos)
    ids = load_captioner(world).prompt_ids(world.config.keywords, "笑死")
    other = [*ids[:-2], 7, 8]
    apart = [speaker.read([text], seen) for text in (ids, other)]
    logits, (keys, values) = speaker.read([ids, other], seen)
    assert keys.shape == values.shape == (2, 2, 2, len(ids), 8)
    assert np.abs(logits[0] - logits[1]).max() > 0.01
    np.testing.assert_allclose(logits, np.concatenate([one for one, _ in apart]), atol=1e-4)
    np.testing.assert_allclose(keys, np.concatenate([memory[0] for _, memory in apart], 1), atol=1e-4)
    swapped, _ = speaker.read([[9], [9]], seen, (keys[:, [1, 0]], values[:, [1, 0]]))
    straight, _ = speaker.read([[9], [9]], seen, (keys, values))
    np.testing.assert_allclose(swapped, straight[::-1], atol=1e-4)


@pytest.mark.slow
def test_a_bundle_that_holds_the_files_captions_its_stickers(world: World, tmp_path: Path) -> None:
    bundle = toy.write_toy(tmp_path, models={name: world.folder / name for name in FILES})
    live = LiveCaptions(PageService(Retriever(bundle)))
    assert live.offer()["available"]
    with Image.open(bundle.image_path("s01")) as picture:
        wanted = load_captioner(world).caption(picture, "laugh")
    answer = live.caption(None, "s01", None)
    assert [each["word"] for each in answer["keywords"]] == list(wanted.keywords)
    assert answer["description"] == wanted.description


@pytest.mark.slow
def test_answers_vary_so_that_agreeing_means_something(world: World) -> None:
    captioner = load_captioner(world)
    answers = [captioner.answers(picture, "笑死") for picture in pictures(4)]
    texts = {text for answer in answers for text in answer.description + answer.keywords_base + answer.keywords}
    assert len(texts) > 6
    assert any(len(set(text)) > 3 for text in texts)


@pytest.mark.slow
def test_eyes_see_what_torch_sees_class_token_first(world: World) -> None:
    pixels = prepared(pictures(1)[0], world.config)
    seen = load_eyes(world.folder / EYES)(pixels)
    with torch.inference_mode():
        wanted = image_embeds(world.base, torch.from_numpy(pixels[None])).numpy()
    assert seen.shape == (1, 5, 16)
    assert world.config.image_tokens == 5
    np.testing.assert_allclose(seen, wanted, atol=1e-4)


@pytest.mark.slow
def test_a_text_read_in_pieces_is_read_as_in_one_go(world: World) -> None:
    seen = load_eyes(world.folder / EYES)(prepared(pictures(1)[0], world.config))
    speaker = OnnxSpeaker(world.folder / TUNED_SPEAKER, world.config.eos)
    ids = load_captioner(world).prompt_ids(world.config.keywords, "笑死")
    whole, (keys, _) = speaker.read([ids], seen)
    start = ids.index(world.config.image) + world.config.image_tokens
    memory = speaker.read([ids[:start]], seen)[1]
    for token in ids[start:-1]:
        _, memory = speaker.read([[token]], seen, memory)
    step, (step_keys, _) = speaker.read([ids[-1:]], seen, memory)
    np.testing.assert_allclose(step, whole, atol=1e-4)
    np.testing.assert_allclose(step_keys, keys, atol=1e-4)
    assert keys.shape == (2, 1, 2, len(ids), 8)


@pytest.mark.slow
@pytest.mark.parametrize("text", ["", "笑死 ok!", "Good  NIGHT，", "晚安：哈", " 哈 "])
def test_prompts_are_the_processors_own_ids(world: World, text: str) -> None:
    captioner, (picture,) = load_captioner(world), pictures(1)
    prompts = {
        "description": llava.prompt(llava.GENERAL),
        "keywords_base": llava.keyword_prompt(),
        "keywords": llava.keyword_prompt(text),
    }
    for name, words in prompts.items():
        wanted = world.processor(images=picture.convert("RGB"), text=words)["input_ids"]
        assert captioner.prompt_ids(getattr(world.config, name), text) == np.ravel(wanted).tolist()


@pytest.mark.slow
def test_a_variant_that_sees_pictures_alone_has_no_slot(world: World) -> None:
    alone = describe(
        world.base, world.processor, reads_text=False, description_tokens=2, keyword_tokens=3, most_keywords=4
    )
    assert alone.keywords == alone.keywords_base
    assert not alone.keywords.reads_text
    assert alone.keywords.max_new_tokens == 3


@pytest.mark.slow
def test_beams_are_asked_of_the_fine_tuned_model_alone(world: World) -> None:
    config = describe(world.base, world.processor, False, 2, 3, 4, beams=10)
    assert (config.description.beams, config.keywords_base.beams, config.keywords.beams) == (1, 1, 10)


@pytest.mark.slow
def test_weights_lie_as_float16_and_files_are_small(world: World) -> None:
    for name in (name for name in FILES if name.endswith(".onnx")):
        weights = onnx.load(world.folder / name).graph.initializer
        kinds = {kind: sum(int(np.prod(w.dims)) for w in weights if w.data_type == kind) for kind in (1, 10)}
        assert kinds[TensorProto.FLOAT16] > 20 * kinds[TensorProto.FLOAT]
        assert (world.folder / name).stat().st_size < 10e6
        onnx.checker.check_model(onnx.load(world.folder / name))


def test_half_where_nothing_is_lost() -> None:
    exact = np.linspace(-8, 8, 65, dtype=np.float32)
    half = as_half(exact)
    assert half is not None
    assert half.dtype == np.float16
    assert as_half(np.full(65, 0.1, np.float32)) is None, "0.1 is no float16 number"
    assert as_half(np.full(65, 1e6, np.float32)) is None, "too large for float16"
    assert as_half(exact[:10]) is None, "not worth it"


@given(arrays(np.float32, 64, elements=st.floats(width=32, allow_nan=False, allow_infinity=False)))
def test_halves_widen_to_the_very_same_weights(weights: np.ndarray) -> None:
    half = as_half(weights)
    assert half is None or np.array_equal(half.astype(np.float32), weights)
    rounded = np.clip(weights, -6e4, 6e4).astype(np.float16)
    assert np.array_equal(as_half(rounded.astype(np.float32)), rounded)
