"""A LLaVA of the real class answering in batches, alone and with an adapter, in full precision and in 4 bits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import released_models
import torch
from numpy.typing import NDArray
from peft import LoraConfig, PeftModel, get_peft_model
from PIL import Image
from safetensors.torch import load_file, save_file

from persrv.errors import ModelError
from precompute.models.answering import Question
from precompute.models.pixels import frame_pixels, frames_of, strongest
from precompute.models.released import loading
from precompute.models.released.captioning import Captioner, require_a_difference
from precompute.models.released.memory import FOUR_BIT
from precompute.models.small import llava

SIDE = released_models.SIDE
PROMPTS = tuple(llava.prompt(words) for words in ("cat", "dog happy sad sticker", "sad", "1. 2. |"))
MOST = 12


def pictures() -> list[Image.Image]:
    rng = np.random.default_rng(0)
    return [Image.fromarray(rng.integers(0, 256, (20 + 9 * n, 31, 3), np.uint8)) for n in range(len(PROMPTS))]


def pixels() -> NDArray[np.uint8]:
    return np.stack([frame_pixels(picture, SIDE) for picture in pictures()])


def shaken(folder: Path, precision: str = "half", scale: float = 0.5) -> Any:
    """The model in `folder` with an adapter that changes a lot: both of its matrices are random."""
    model, _ = loading.load_llava(folder, "cpu", precision)
    tuned = get_peft_model(model, LoraConfig(r=2, lora_alpha=8, target_modules=llava.LORA_TARGETS))
    torch.manual_seed(3)
    for name, weight in tuned.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(weight, std=scale)
    return tuned.eval()


pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released_models.llava(tmp_path_factory.mktemp("captions") / "llava", width=64)


@pytest.fixture(scope="module")
def adapter(folder: Path) -> Path:
    path = folder.parent / "adapter"
    shaken(folder).save_pretrained(path)
    return path


def texts(answers: Sequence[llava.Answer]) -> list[str]:
    return [answer.text for answer in answers]


def test_a_batch_answers_as_each_picture_alone_does(folder: Path) -> None:
    """Against transformers' processor and generate by hand, a picture at a time, and its chances one by one."""
    model, processor = loading.load_llava(folder, "cpu", "half")
    found = Captioner(model, processor, 3)(pixels(), [Question("it", PROMPTS, MOST)])["it"]
    for picture, prompt, answer in zip(pictures(), PROMPTS, found, strict=True):
        (by_hand,) = llava.answer(model, processor, [picture], [prompt], MOST)
        assert answer.text == by_hand.text != ""
        assert answer.sure == pytest.approx(by_hand.sure, abs=1e-4)


def test_both_models_answer_in_one_pass_and_the_base_as_if_alone(folder: Path, adapter: Path) -> None:
    model, processor = loading.load_llava(folder, "cpu", "half")
    base = Captioner(model, processor, 8)(pixels(), [Question("base", PROMPTS, MOST)])["base"]
    tuned = loading.with_adapter(model, adapter)
    questions = [Question("tuned", PROMPTS, MOST, tuned=True), Question("base", PROMPTS, MOST)]
    both = Captioner(tuned, processor, 2)(pixels(), questions)
    assert texts(both["base"]) == texts(base)
    assert texts(both["tuned"]) != texts(base)
    merged = PeftModel.from_pretrained(loading.load_llava(folder, "cpu", "half")[0], adapter).merge_and_unload()
    apart = Captioner(merged, processor, 4)(pixels(), [Question("merged", PROMPTS, MOST)])["merged"]
    assert texts(both["tuned"]) == texts(apart)


def test_the_pictures_are_seen_once_for_all_questions(folder: Path, adapter: Path) -> None:
    model, processor = loading.load_llava(folder, "cpu", "half")
    seen = []
    model.model.vision_tower.register_forward_hook(lambda module, given, out: seen.append(len(out.last_hidden_state)))
    tuned = loading.with_adapter(model, adapter)
    questions = [Question("a", PROMPTS, 2), Question("b", PROMPTS, 2), Question("c", PROMPTS, 2, tuned=True)]
    Captioner(tuned, processor, 3)(pixels(), questions)
    assert seen == [2, 2], "in parts of nearly the same size"


def test_where_memory_ends_half_as_many_are_answered_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, processor = loading.load_llava(folder, "cpu", "half")
    wanted = Captioner(model, processor, 1)(pixels(), [Question("it", PROMPTS, MOST)])
    tried: list[int] = []
    features = Captioner.features

    def of_two_at_most(self: Captioner, some: NDArray[np.uint8]) -> list[torch.Tensor]:
        tried.append(len(some))
        if len(some) > 2 - (len(tried) > 3):
            raise torch.OutOfMemoryError
        return features(self, some)

    monkeypatch.setattr(Captioner, "features", of_two_at_most)
    captioner = Captioner(model, processor, 64)
    assert texts(captioner(pixels(), [Question("it", PROMPTS, MOST)])["it"]) == texts(wanted["it"])
    assert tried == [4, 2, 2]
    assert texts(captioner(pixels()[:3], [Question("it", PROMPTS[:3], MOST)])["it"]) == texts(wanted["it"][:3])
    assert tried[3:] == [2, 1, 1, 1]
    monkeypatch.setattr(Captioner, "features", lambda self, some: (_ for _ in ()).throw(torch.OutOfMemoryError))
    with pytest.raises(torch.OutOfMemoryError):
        captioner(pixels(), [Question("it", PROMPTS, MOST)])


@pytest.mark.parametrize(("exactly", "steps"), [(False, 1), (True, 7)])
def test_every_token_is_written_where_all_are_measured(folder: Path, exactly: bool, steps: int) -> None:
    """Of a model that wants to end at once."""
    model, processor = loading.load_llava(folder, "cpu", "half")
    torch.nn.init.zeros_(model.lm_head.weight)  # all tokens are equally likely, and the first of them
    model.generation_config.eos_token_id = 0  # is the end
    written = []
    model.register_forward_hook(lambda module, given, out: written.append(1))
    Captioner(model, processor, 8, exactly=exactly)(pixels(), [Question("it", PROMPTS, 7)])
    assert len(written) == steps


def test_an_adapter_that_does_nothing_is_refused(folder: Path, adapter: Path) -> None:
    model, processor = loading.load_llava(folder, "cpu", "half")
    tuned = loading.with_adapter(model, adapter)
    require_a_difference(Captioner(tuned, processor, 4), pixels(), PROMPTS)
    for name, weight in tuned.named_parameters():
        if "lora_B" in name:
            torch.nn.init.zeros_(weight)
    with pytest.raises(ModelError, match="changes nothing"):
        require_a_difference(Captioner(tuned, processor, 4), pixels(), PROMPTS)
    plain, _ = loading.load_llava(folder, "cpu", "half")
    with pytest.raises(ModelError, match="model without one"):
        Captioner(plain, processor, 4)(pixels(), [Question("it", PROMPTS, 1, tuned=True)])


def test_an_adapter_with_the_names_of_transformers_4_finds_its_places(folder: Path, adapter: Path) -> None:
    old = folder.parent / "old"
    old.mkdir()
    tensors = load_file(adapter / loading.ADAPTER_WEIGHTS)
    renamed = {
        name.replace("model.model.language_model.", "model.language_model.model."): t for name, t in tensors.items()
    }
    assert set(renamed).isdisjoint(tensors)
    save_file(renamed, old / loading.ADAPTER_WEIGHTS)
    (old / "adapter_config.json").write_bytes((adapter / "adapter_config.json").read_bytes())
    model, processor = loading.load_llava(folder, "cpu", "half")
    ours = Captioner(loading.with_adapter(model, adapter), processor, 4)
    theirs = Captioner(loading.with_adapter(loading.load_llava(folder, "cpu", "half")[0], old), processor, 4)
    question = [Question("it", PROMPTS, MOST, tuned=True)]
    assert theirs(pixels(), question) == ours(pixels(), question)


def test_an_adapter_of_another_model_is_refused(folder: Path, adapter: Path, tmp_path: Path) -> None:
    tensors = load_file(adapter / loading.ADAPTER_WEIGHTS)
    save_file({f"other.{name}": value for name, value in tensors.items()}, tmp_path / loading.ADAPTER_WEIGHTS)
    (tmp_path / "adapter_config.json").write_bytes((adapter / "adapter_config.json").read_bytes())
    with pytest.raises(ModelError, match="fit nowhere"):
        loading.with_adapter(loading.load_llava(folder, "cpu", "half")[0], tmp_path)
    with pytest.raises(ModelError, match="holds no adapter"):
        loading.with_adapter(loading.load_llava(folder, "cpu", "half")[0], folder)


def test_four_bits_answer_by_their_own_weights_and_the_adapter(folder: Path, adapter: Path) -> None:
    """Against the same model with the weights that the 4 bits stand for."""
    import bitsandbytes as bnb

    model, processor = loading.load_llava(folder, "cpu", FOUR_BIT)
    assert loading.is_quantised(model)
    linear = [name for name, module in model.named_modules() if isinstance(module, bnb.nn.Linear4bit)]
    assert len(linear) == 7 * model.config.text_config.num_hidden_layers
    assert all(".language_model.layers." in name for name in linear)
    plain, _ = loading.load_llava(folder, "cpu", "half")
    assert not loading.is_quantised(plain)
    for name in linear:
        packed = model.get_submodule(name).weight
        spread = bnb.functional.dequantize_4bit(packed.data, packed.quant_state)
        assert not torch.equal(spread, plain.get_submodule(name).weight)
        plain.get_submodule(name).weight.data = spread
    questions = [Question("base", PROMPTS, MOST), Question("tuned", PROMPTS, MOST, tuned=True)]
    found = [
        Captioner(loading.with_adapter(each, adapter), processor, 4)(pixels(), questions) for each in (model, plain)
    ]
    for name in ("base", "tuned"):
        assert texts(found[0][name]) == texts(found[1][name])
    assert texts(found[0]["base"]) != texts(found[0]["tuned"])


def test_the_frame_that_a_model_is_surest_of_speaks(tmp_path: Path) -> None:
    assert strongest([1, 3, 2], [-9.0, -2.0, -1.0, -1.0, -3.0, -3.0]) == [0, 2, 4]
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "lime", "blue", "black")]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    found = frames_of(tmp_path / "moving.gif", 4)
    assert found.shape == (3, 4, 4, 3)
    assert found[:, 0, 0].tolist() == [[255, 0, 0], [0, 0, 255], [0, 0, 0]]
