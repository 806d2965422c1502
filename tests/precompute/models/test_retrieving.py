"""A language model that retrieves, on tiny ones with random weights: what is trained, what stays, what is answered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

from persrv.conversation import Message
from precompute.config import RetrievingConfig
from precompute.models import retrieving, retrieving_training
from precompute.models.retrieving import END_IMG, IMG, PICTURE, PRET, RET, Retrieving
from precompute.models.retrieving_training import Row
from precompute.models.small import llava

TOKENIZER = llava.build_tokenizer(["哭", "笑", "几点", "好的"])
CONFIG = RetrievingConfig(steps=60, batch=0, looks=0, rate=2e-2, warmup=5, checkpoint_every=20)

#: Three orthogonal pictures.
VECTORS = np.eye(3, 6, dtype=np.float32)

pytestmark = pytest.mark.usefixtures("one_thread")


def language(kind: str) -> Any:
    """A tiny causal language model. Qwen's vectors of what is read are not those of what is written."""
    torch.manual_seed(0)
    sizes = {
        "vocab_size": len(TOKENIZER),
        "hidden_size": 24,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "pad_token_id": llava.PAD,
        "bos_token_id": llava.BOS,
        "eos_token_id": llava.EOS,
        "initializer_range": 0.3,  # so that what is read moves the states, though nothing was learnt
    }
    if kind == "llama":
        return LlamaForCausalLM(LlamaConfig(**sizes, tie_word_embeddings=True))
    return Qwen2ForCausalLM(Qwen2Config(**sizes, tie_word_embeddings=False))


def fresh(kind: str = "llama") -> Retrieving:
    return retrieving.build(language(kind), TOKENIZER, VECTORS.shape[1], 1)


def asked(text: str) -> tuple[Message, ...]:
    return (Message("you", text),)


def lesson(model: Retrieving) -> retrieving_training.Lesson:
    """哭 wants the first picture, 笑 the second, and 几点 wants words; the first picture, sent, says 哭."""
    known, end = model.known, TOKENIZER.eos_token_id
    rows = []
    for text, target in (("哭", 0), ("笑", 1), ("几点", -1)):
        ids, _ = retrieving.conversation_ids(model, asked(text), "me")
        words = TOKENIZER("好的", add_special_tokens=False)["input_ids"]
        answer = (*words, end) if target < 0 else (known + RET, known + retrieving.END_RET, end)
        rows.append(Row((*ids, *answer), len(ids), (), target, frozenset({target} - {-1})))
    return lambda _step, _rng: [*rows, retrieving_training.sent(model, 0, "哭")]


def trained(model: Retrieving, config: RetrievingConfig = CONFIG) -> Retrieving:
    retrieving_training.train(model, lesson(model), VECTORS, config, "a lesson")
    return model


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["llama", "qwen"])
def test_it_learns_what_to_fetch_and_when_not_to(kind: str) -> None:
    model = fresh(kind)
    before = {name: value.clone() for name, value in model.language.state_dict().items()}
    trained(model, replace(CONFIG, steps=300, rate=5e-2))
    cry, laugh, time = (retrieving.answer(model, asked(text), "me", {}) for text in ("哭", "笑", "几点"))
    assert cry.wants > 0
    assert laugh.wants > 0
    assert int((VECTORS @ cry.vector).argmax()) == 0
    assert int((VECTORS @ laugh.vector).argmax()) == 1
    assert time.wants < 0
    assert time.words, "it says something"
    assert cry.words == ""
    assert all(torch.equal(before[name], value) for name, value in model.language.state_dict().items()), "frozen"


def test_a_killed_training_ends_as_another(tmp_path: Path) -> None:
    class Killed(Exception):
        pass

    def dies(done: int, _steps: int) -> None:
        if done == 45:
            raise Killed

    broken, whole = fresh(), trained(fresh())
    with pytest.raises(Killed):
        retrieving_training.train(broken, lesson(broken), VECTORS, CONFIG, "a lesson", tmp_path / "c", dies)
    again = fresh()
    losses = retrieving_training.train(again, lesson(again), VECTORS, CONFIG, "a lesson", tmp_path / "c")
    assert len(losses) == 20, "from the checkpoint of step 40"
    for name, weight in whole.learnt().items():
        assert torch.equal(weight, again.learnt()[name])
    other = fresh()
    retrieving_training.train(other, lesson(other), VECTORS, CONFIG, "another lesson", tmp_path / "c")
    assert torch.equal(other.rows, whole.rows), "another lesson's checkpoint is not continued"


def test_what_is_saved_answers_alike(tmp_path: Path) -> None:
    model, again = trained(fresh()), fresh()
    retrieving.save(model, tmp_path / "learnt.safetensors")
    retrieving.load(again, tmp_path / "learnt.safetensors")
    first, second = (retrieving.answer(each, asked("哭"), "me", {}) for each in (model, again))
    assert first.wants == second.wants
    assert np.array_equal(first.vector, second.vector)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["llama", "qwen"])
def test_the_exported_file_agrees(kind: str, tmp_path: Path) -> None:
    model, path = fresh(kind), tmp_path / "retriever.onnx"
    retrieving.export(model, path)
    turns = [asked("哭"), (Message("me", "好的"), *asked("几点")), (*asked("笑"), Message("me", "笑"), *asked("哭"))]
    assert retrieving.parity(model, path, turns, "me") < 1e-5


def test_a_conversation_as_ids() -> None:
    model = fresh()
    turns = (*(Message("x", str(number)) for number in range(9)), Message("me", "哭"), Message("you", sticker="s1"))
    ids, pictures = retrieving.conversation_ids(model, turns, "me")
    shown = [model.known + piece for piece in (IMG, PICTURE, END_IMG)]
    assert pictures == ["s1"]
    assert ids[0] == llava.BOS
    assert ids[-1] == model.known + PRET
    assert any(list(ids[at : at + 3]) == shown for at in range(len(ids)))
    read = " ".join(TOKENIZER.convert_ids_to_tokens([each for each in ids if each < model.known]))
    assert read == "<s> user : 7 user : 8 assistant : 哭 user : assistant :", "the newest four"
    long, _ = retrieving.conversation_ids(model, (Message("you", "哭" * 999),), "me")
    assert len(long) < 60


def test_pictures_of_a_batch_stand_where_they_belong() -> None:
    """A padded batch gives the same states as each row alone."""
    model = fresh()
    rows = [retrieving_training.sent(model, picture, words) for picture, words in ((0, "哭"), (2, "好的 几点"))]
    ids, shown = retrieving_training.lay_out(rows, llava.PAD)
    assert shown == [0, 2]
    vectors = torch.from_numpy(VECTORS)
    together = retrieving.states(model, torch.from_numpy(ids), vectors[shown])
    for number, row in enumerate(rows):
        alone = retrieving.states(model, torch.tensor([row.ids]), vectors[list(row.pictures)])[0]
        assert torch.allclose(together[number, : len(row.ids)], alone, atol=1e-5)


def test_stickers_that_fit_as_well_are_no_negatives() -> None:
    model = fresh()
    ids, _ = retrieving.conversation_ids(model, asked("哭"), "me")
    row = {"ids": (*ids, model.known + RET), "begin": len(ids), "target": 0}
    vectors = torch.from_numpy(VECTORS)
    strict = retrieving_training.loss_of(model, [Row(**row)], vectors)
    fair = retrieving_training.loss_of(model, [Row(**row, right=frozenset({0, 1}))], vectors)
    none = retrieving_training.loss_of(model, [Row(**row, right=frozenset({0, 1, 2}))], vectors)
    assert strict > fair > none


def test_the_score_adds_what_was_read() -> None:
    vector = np.array([0.6, 0.8], np.float32)
    pictures = np.array([[1, 0], [0, 1], [1, 0]], np.float32)
    read = np.array([[0, 1], [0, 0], [1, 0]], np.float32)
    assert retrieving.scores(vector, pictures, read, 0.5) == pytest.approx([1.0, 0.8, 0.9])
