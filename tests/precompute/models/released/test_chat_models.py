"""Chat models: any image-text model answers in batches, by its own template and pixels, on tiny models of the real
classes.
"""

from __future__ import annotations

import os
from pathlib import Path

import chat_models
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from transformers import AutoModelForImageTextToText

from persrv.errors import ModelError
from precompute.model_cards import CHAT, card_names, model_card
from precompute.models.answering import Question
from precompute.models.released import chat, hub, loading, memory

pytestmark = pytest.mark.usefixtures("one_thread")

PROMPTS = ("cat", "dog happy sad sticker 1. 2.", "sad")
MOST = 8


@pytest.fixture(scope="module", params=list(chat_models.TINY))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def folder(name: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return chat_models.TINY[name](tmp_path_factory.mktemp("chat") / name)


def pixels() -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (len(PROMPTS), 48, 48, 3), np.uint8)


def test_a_batch_answers_as_each_picture_alone_does(name: str, folder: Path) -> None:
    """Against transformers' generate by hand, a picture at a time, without any padding."""
    captioner = chat.load_chat(folder, model_card(name), "cpu", PROMPTS, MOST)
    assert captioner.batch == memory.MOST_ON_PROCESSOR
    found = captioner(pixels(), [Question("it", PROMPTS, MOST)])["it"]
    model = AutoModelForImageTextToText.from_pretrained(folder, dtype=torch.float32).eval()
    for frame, prompt, answer in zip(pixels(), PROMPTS, found, strict=True):
        read = captioner.inputs([Image.fromarray(frame)], [prompt])
        out = model.generate(**read, max_new_tokens=MOST, do_sample=False)[0, read["input_ids"].shape[1] :]
        assert answer.text == captioner.processor.tokenizer.decode(out, skip_special_tokens=True).strip()
        assert answer.cut == (captioner.processor.tokenizer.eos_token_id not in out.tolist())
        assert answer.sure <= 0


def test_what_is_asked_stands_in_the_models_own_template(name: str, folder: Path) -> None:
    captioner = chat.load_chat(folder, model_card(name), "cpu", PROMPTS, MOST)
    told = captioner.asked("cat")
    assert "cat" in told
    assert told.count("image") == 1
    assert told.endswith(" no") == ("enable_thinking" in model_card(name).template)
    tokens = captioner.inputs([Image.new("RGB", (48, 48))], ["cat"])["input_ids"][0].tolist()
    picture = captioner.model.config.image_token_id
    assert tokens.count(picture) >= 4, "one tile, or a few patches"


def test_where_memory_ends_half_as_many_are_answered_at_once(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    captioner = chat.load_chat(folder, model_card(name), "cpu", PROMPTS, MOST)
    wanted = captioner(pixels(), [Question("it", PROMPTS, MOST)])
    generate, tried = captioner.model.generate, []

    def of_one_at_most(**asked: torch.Tensor) -> torch.Tensor:
        tried.append(len(asked["input_ids"]))
        if tried[-1] > 1:
            raise RuntimeError(
                "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"
            )
        return generate(**asked)

    monkeypatch.setattr(captioner.model, "generate", of_one_at_most)
    assert [each.text for each in captioner(pixels(), [Question("it", PROMPTS, MOST)])["it"]] == [
        each.text for each in wanted["it"]
    ]
    assert tried == [3, 2, 1, 1, 1]

    def never(**_: torch.Tensor) -> torch.Tensor:
        raise RuntimeError("DefaultCPUAllocator: not enough memory")

    monkeypatch.setattr(captioner.model, "generate", never)
    with pytest.raises(ModelError, match=r"memory of this machine ended.*--vlm smolvlm-256m"):
        captioner(pixels(), [Question("it", PROMPTS, MOST)])

    def broken(**_: torch.Tensor) -> torch.Tensor:
        raise RuntimeError("shapes do not fit")

    monkeypatch.setattr(captioner.model, "generate", broken)
    with pytest.raises(RuntimeError, match="shapes do not fit"):
        captioner(pixels(), [Question("it", PROMPTS, MOST)])


def test_what_does_not_fit_is_refused_and_what_fits_by_half_is_kept_in_half(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = model_card(name)
    monkeypatch.setattr(memory, "_SLACK", 0)
    weights = chat.require_whole(folder, "--vlm")
    config = chat.config_of(folder, "--vlm")
    captioner = chat.load_chat(folder, card, "cpu", PROMPTS, MOST)
    room = chat._room(config, chat._longest(captioner, card, PROMPTS) + MOST)
    monkeypatch.setattr(loading, "free_bytes", lambda _: int((weights * 2 + room / 2) / 0.9))
    halved = chat.load_chat(folder, card, "cpu", PROMPTS, MOST)
    assert halved.model.dtype is torch.bfloat16
    assert halved.batch == 1
    monkeypatch.setattr(loading, "free_bytes", lambda _: int(weights * 2))
    with pytest.raises(ModelError, match=r"GiB of memory are free.*one picture on a processor"):
        chat.load_chat(folder, card, "cpu", PROMPTS, MOST)


def test_an_adapter_is_for_a_llava(name: str, folder: Path) -> None:
    captioner = chat.load_chat(folder, model_card(name), "cpu", PROMPTS, MOST)
    with pytest.raises(ModelError, match="model without one"):
        captioner(pixels(), [Question("it", PROMPTS, MOST, tuned=True)])


def test_layers_that_an_adapter_would_change_are_the_language_models(name: str, folder: Path) -> None:
    """The pattern of each card matches layers of its class, and none of the eyes."""
    import re

    model = AutoModelForImageTextToText.from_pretrained(folder)
    linear = [each for each, module in model.named_modules() if isinstance(module, torch.nn.Linear)]
    chosen = [each for each in linear if re.fullmatch(model_card(name).lora, each)]
    assert chosen
    assert not any("visual" in each or "vision" in each or "lm_head" in each for each in chosen)


def test_every_model_that_is_offered_says_where_it_lies_and_under_which_licence() -> None:
    for each in card_names():
        card = model_card(each)
        assert len(card.revision) == 40, "a commit, so that a catalogue is seen by the same weights throughout"
        assert card.licence
        assert card.terms.startswith("https://")
        assert card.bytes > 100_000_000
        assert card.expects
        assert card.unverified
    assert SMALLEST in card_names((CHAT,))
    assert "Llama 2" in model_card("llava-1.5-7b").licence


#: The smallest real model; its answers cannot be known beforehand, but what they look like can.
SMALLEST = "smolvlm-256m"
if "PERSRV_REAL" in os.environ:  # it downloads half a gigabyte

    def test_the_smallest_real_model_answers() -> None:
        card = model_card(SMALLEST)
        model = hub.HubModel.of(card, "--vlm")
        folder = hub.at_hand(model, None) or hub.fetched(model)
        red = np.zeros((1, card.side, card.side, 3), np.uint8)
        red[..., 0] = 255
        prompt = "What colour is this picture? Answer with one word."
        captioner = chat.load_chat(folder, card, "cpu", [prompt], 16)
        (said,) = captioner(red, [Question("it", (prompt,), 16)])["it"]
        assert "red" in said.text.lower()
        assert not said.cut
