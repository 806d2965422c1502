"""A language model that retrieves, on tiny ones with random weights: what is trained, what stays, what is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tiny_language
import torch
from tiny_language import TOKENIZER

from persrv.models.retrieving import END_IMG, END_RET, IMG, PICTURE, PRET, RET
from persrv.records import FloatArray, Message
from precompute.config import ReadingConfig, RetrievingConfig
from precompute.models import retrieving, retrieving_training
from precompute.models.retrieving import Retrieving
from precompute.models.retrieving_training import Row, Space
from precompute.models.small import llava

CONFIG = RetrievingConfig(steps=60, batch=0, looks=0, rate=2e-2, warmup=5, checkpoint_every=20)

#: Three orthogonal pictures.
VECTORS = np.eye(3, 6, dtype=np.float32)

#: Conversations of several messages, as a language model of conversations reads them.
TALK = ReadingConfig(messages=4, message="{role}: {text} ", end="ASSISTANT:", meanings=False)

KINDS = ("llama", "qwen", "llava")

pytestmark = pytest.mark.usefixtures("one_thread")


def fresh(kind: str = "llama", meaning: int = 0, reading: ReadingConfig = TALK) -> Retrieving:
    return retrieving.build(tiny_language.model(kind), TOKENIZER, reading, VECTORS.shape[1], 1, meaning)


def space(meanings: int = 1) -> Space:
    """Space in which every picture is a target, and texts have the meaning 0."""
    return Space(VECTORS, np.zeros((1, meanings), np.float32), np.arange(len(VECTORS)))


def asked(text: str) -> tuple[Message, ...]:
    return (Message("you", text),)


def lesson(model: Retrieving) -> retrieving_training.Lesson:
    """哭 wants the first picture, 笑 the second, and 几点 wants words; the first picture, sent, says 哭."""
    known, end = model.known, TOKENIZER.eos_token_id
    rows = []
    for text, target in (("哭", 0), ("笑", 1), ("几点", -1)):
        ids = retrieving.prompt(model, asked(text), "me").ids
        words = TOKENIZER("好的", add_special_tokens=False)["input_ids"]
        answer = (*words, end) if target < 0 else (known + RET, known + END_RET, end)
        rows.append(Row((*ids, *answer), len(ids), (), -1, target, frozenset({target} - {-1})))
    others = [retrieving_training.ordinary(model, "哭 笑 几点")]
    return lambda _step, _rng: [[*rows, retrieving_training.sent(model, 0, "哭")], others]


def trained(model: Retrieving, config: RetrievingConfig = CONFIG) -> Retrieving:
    retrieving_training.train(model, lesson(model), space(), config, "a lesson")
    return model


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_it_learns_what_to_fetch_and_when_not_to(kind: str) -> None:
    model = fresh(kind)
    before = {name: value.clone() for name, value in model.language.state_dict().items()}
    trained(model, replace(CONFIG, steps=300, rate=5e-2))
    cry, laugh, time = (retrieving.answer(model, asked(text), "me", {}, None) for text in ("哭", "笑", "几点"))
    assert cry.wants > 0
    assert laugh.wants > 0
    assert int((VECTORS @ cry.vector).argmax()) == 0
    assert int((VECTORS @ laugh.vector).argmax()) == 1
    assert time.wants < 0
    assert retrieving.words(model, asked("几点"), "me", {}, None), "it says something"
    assert all(torch.equal(before[name], value) for name, value in model.language.state_dict().items()), "frozen"


@pytest.mark.slow
def test_a_killed_training_ends_as_another(tmp_path: Path) -> None:
    class Killed(Exception):
        pass

    def dies(done: int, _steps: int) -> None:
        if done == 45:
            raise Killed

    broken, whole = fresh(), trained(fresh())
    with pytest.raises(Killed):
        retrieving_training.train(broken, lesson(broken), space(), CONFIG, "a lesson", tmp_path / "c", dies)
    again = fresh()
    losses = retrieving_training.train(again, lesson(again), space(), CONFIG, "a lesson", tmp_path / "c")
    assert len(losses) == 20, "from the checkpoint of step 40"
    for name, weight in whole.learnt().items():
        assert torch.equal(weight, again.learnt()[name])
    other = fresh()
    retrieving_training.train(other, lesson(other), space(), CONFIG, "another lesson", tmp_path / "c")
    assert torch.equal(other.rows, whole.rows), "another lesson's checkpoint is not continued"


def test_what_is_saved_answers_alike(tmp_path: Path) -> None:
    model, again = trained(fresh()), fresh()
    retrieving.save(model, tmp_path / "learnt.safetensors")
    retrieving.load(again, tmp_path / "learnt.safetensors")
    first, second = (retrieving.answer(each, asked("哭"), "me", {}, None) for each in (model, again))
    assert first.wants == second.wants
    assert np.array_equal(first.vector, second.vector)


def test_a_conversation_as_ids() -> None:
    model = fresh()
    turns = (*(Message("x", str(number)) for number in range(9)), Message("me", "哭"), Message("you", sticker="s1"))
    read = retrieving.prompt(model, turns, "me")
    shown = [model.known + piece for piece in (IMG, PICTURE, END_IMG)]
    assert read.stickers == ("s1",)
    assert read.text == "哭", "the newest text"
    assert read.ids[0] == llava.BOS
    assert read.ids[-1] == model.known + PRET
    assert any(list(read.ids[at : at + 3]) == shown for at in range(len(read.ids)))
    assert spelt(model, read.ids) == "<s> user : 7 user : 8 assistant : 哭 user : assistant :", "the newest four"
    assert len(retrieving.prompt(model, (Message("you", "哭" * 999),), "me").ids) < 60


def test_a_conversation_is_shown_as_the_language_model_reads() -> None:
    turns = (Message("you", "笑"), Message("me", "帮我找个哭的表情"))
    model = fresh(reading=ReadingConfig(messages=1, message="user {text} :", end="", meanings=False))
    assert spelt(model, retrieving.prompt(model, turns, "me").ids) == "<s> user 哭 :", (
        "an instruction without its frame"
    )


def spelt(model: Retrieving, ids: Sequence[int]) -> str:
    """The language model's own pieces of ids."""
    return " ".join(TOKENIZER.convert_ids_to_tokens([each for each in ids if each < model.known]))


def encode(texts: Sequence[str]) -> FloatArray:
    """哭 means (1, 0), everything else (0, 1)."""
    return np.array([(1, 0) if text == "哭" else (0, 1) for text in texts], np.float32)


#: What a model reads that is told meanings; neither text is a piece that it knows apart from the other.
BY_MEANING = ReadingConfig(messages=1, message="{text}", end="")
CRY, THANKS = (Message("me", "哭"),), (Message("me", "谢"),)


def test_what_a_text_means_is_told() -> None:
    """A language model that reads nothing of the text tells two texts apart by their meanings."""
    model = fresh(meaning=2, reading=BY_MEANING)
    first, second = (retrieving.answer(model, turns, "me", {}, encode) for turns in (CRY, THANKS))
    assert first.wants != second.wants


def test_ordinary_text_keeps_its_chances() -> None:
    """New pieces take next to nothing of the chances of others; ordinary texts among the lessons see to it."""
    texts = ["哭 笑 几点", "好的 笑"]
    before, after, same = retrieving.perplexities(fresh(), texts)
    assert before < after < 1.01 * before
    assert same == 1
    model, other = trained(fresh()), fresh()
    asked_alone = lesson(other)(0, np.random.default_rng(0))[:1]
    retrieving_training.train(other, lambda _step, _rng: asked_alone, space(), CONFIG, "a lesson")
    (_, with_them, _), (_, without, _) = (retrieving.perplexities(each, texts) for each in (model, other))
    assert before < with_them < 1.02 * before
    assert with_them < without


def test_pictures_of_a_batch_stand_where_they_belong() -> None:
    """A padded batch gives the same states as each row alone."""
    model = fresh()
    rows = [retrieving_training.sent(model, picture, words) for picture, words in ((0, "哭"), (2, "好的 几点"))]
    ids, shown = retrieving_training.lay_out(rows, llava.PAD)
    assert shown == [0, 2]
    vectors = torch.from_numpy(VECTORS)
    together = retrieving.states(model, torch.from_numpy(ids), vectors[shown], torch.zeros(len(rows), 1))
    for number, row in enumerate(rows):
        alone = retrieving.states(model, torch.tensor([row.ids]), vectors[list(row.pictures)], torch.zeros(1, 1))[0]
        assert torch.allclose(together[number, : len(row.ids)], alone, atol=1e-5)


def test_negatives_are_targets_that_do_not_fit() -> None:
    model = fresh()
    ids = retrieving.prompt(model, asked("哭"), "me").ids
    row = {"ids": (*ids, model.known + RET), "begin": len(ids), "target": 0}

    def loss(among: Space, *right: int) -> torch.Tensor:
        return retrieving_training.loss_of(model, [Row(**row, right=frozenset(right))], among, 0.0)

    assert loss(space()) > loss(space(), 0, 1) > loss(space(), 0, 1, 2)
    unseen = Space(VECTORS, space().meanings, np.array([0, 1]))
    assert torch.isclose(loss(unseen), loss(space(), 0, 2)), "nobody has seen the third"
