"""Training the small LLaVA: what is learnt, that it is learnt, and that it can be interrupted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import ChineseCLIPVisionConfig, ChineseCLIPVisionModel

from precompute.builds.base_captioner import world_texts
from precompute.config import ClipConfig, LessonConfig, LlavaConfig
from precompute.demo import telling
from precompute.demo.situations import SITUATIONS
from precompute.demo.spec import StickerSpec
from precompute.models.small import llava, llava_lessons, llava_training
from precompute.models.small.llava_queries import Clicked, QueryLesson
from precompute.models.small.llava_training import Row

LOOKS = ClipConfig(image_size=28, zoom=(26, 30))
CONFIG = LessonConfig(batch=4, epochs=2, dictionary=2, threads=1, warmup=2, checkpoint_every=3, looks=LOOKS)
SPECS = tuple(
    StickerSpec(f"s{n}", character, "ink", situation, "", False, n)
    for n, (character, situation) in enumerate((("cat", "laugh"), ("dog", "cry"), ("frog", "ok"), ("seal", "sick")))
)
TOKENS = 5


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return llava.build_tokenizer(world_texts())


@pytest.fixture
def model(tokenizer: Any) -> Any:
    torch.manual_seed(0)
    shape = ChineseCLIPVisionConfig(
        hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2, image_size=28, patch_size=14
    )
    sizes = LlavaConfig(width=16, layers=1, heads=2, mlp=32, rank=2)
    return llava.build_model(sizes, len(tokenizer), ChineseCLIPVisionModel(shape))


def drawn() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 255, (len(SPECS), 28, 28, 3), np.uint8)


def lesson(tokenizer: Any, config: LessonConfig = CONFIG) -> llava_lessons.BaseLesson:
    return llava_lessons.BaseLesson(SPECS, tokenizer, TOKENS, config)


def spelt(tokenizer: Any, ids: tuple[int, ...]) -> str:
    return llava.decode(tokenizer, list(ids))


# ---- what is learnt -------------------------------------------------------------------------------------------------


def test_the_world_s_language_can_be_spelt(tokenizer: Any) -> None:
    for text in world_texts():
        assert llava.unspelt(tokenizer, text)[0] == 0, text


def test_a_step_of_speaking_describes_and_defines(tokenizer: Any) -> None:
    seen, told = lesson(tokenizer)(0, np.random.default_rng(0))
    assert [len(rows) for rows in (seen, told)] == [4, 2]
    assert all(row.picture is not None and row.answers and row.labels for row in seen)
    assert all(row.picture is None and "的意思是" in spelt(tokenizer, row.answers[0]) for row in told)


def test_a_step_of_looking_has_labels_and_no_words() -> None:
    [seen] = llava_lessons.LookLesson(SPECS, CONFIG)(0, np.random.default_rng(0))
    assert sorted(row.picture or 0 for row in seen) == [0, 1, 2, 3]
    assert all(row.labels == llava_lessons.labels_of(SPECS[row.picture or 0]) for row in seen)
    assert not any(row.prompt or row.answers for row in seen)


def test_a_description_is_right_of_its_picture(tokenizer: Any) -> None:
    config = replace(CONFIG, formal=0.0)
    [seen, *_] = lesson(tokenizer, config)(0, np.random.default_rng(0))
    for row in seen:
        spec = SPECS[row.picture or 0]
        assert telling.read(spelt(tokenizer, row.answers[0]))["feels"] == {spec.situation}
        assert row.labels == llava_lessons.labels_of(spec)


def test_labels_are_classes_of_the_heads() -> None:
    spec = StickerSpec("s", "dino", "neon", "study", "", False, 1)
    assert llava_lessons.labels_of(spec) == tuple(number - 1 for number in llava_lessons.CLASSES)


def test_the_dictionary_shows_no_picture_with_what_people_type(tokenizer: Any) -> None:
    """Only fine-tuning pairs pictures with queries: in the base lessons a picture's answers are ours, not people's."""
    config = replace(CONFIG, formal=1.0, batch=4)
    typed = {query for told in SITUATIONS.values() for query in told.queries}
    ours = {word for told in SITUATIONS.values() for word in (told.zh, told.emotion_zh)}
    for step in range(20):
        [seen, *_] = lesson(tokenizer, config)(step, np.random.default_rng(step))
        for row in seen:
            assert set(spelt(tokenizer, row.answers[0]).split("，")) & typed <= ours


def test_a_clicked_sticker_is_answered_by_each_of_its_queries(tokenizer: Any) -> None:
    clicked = (Clicked("a", 0, "", ("lol", "大笑", "笑死我了")),)
    queries = QueryLesson(clicked, tokenizer, TOKENS, replace(CONFIG, batch=1), most=3)
    [[row]] = queries(0, np.random.default_rng(0))
    assert {spelt(tokenizer, answer) for answer in row.answers} == {"lol", "大笑", "笑死我了"}
    assert all(answer[-1] == llava.EOS for answer in row.answers)


def test_a_share_of_the_answers_is_drawn_from_the_clicks_on_kin(tokenizer: Any) -> None:
    clicked = (Clicked("a", 0, "", ("a",), (("a", 1), ("b", 9))),)
    queries = QueryLesson(clicked, tokenizer, TOKENS, replace(CONFIG, batch=1), kin=0.5)
    rows = [queries(step, np.random.default_rng(step))[0][0] for step in range(200)]
    told = [tuple(spelt(tokenizer, answer) for answer in row.answers) for row in rows]
    own = sum(some == ("a",) for some in told)
    assert 70 < own < 130
    drawn = [answer for some in told if len(some) == 2 for answer in some]
    assert 0.8 < drawn.count("b") / len(drawn) < 0.98, "nine clicks in ten"
    assert set(drawn) == {"a", "b"}


def test_of_many_queries_others_are_shown_each_time(tokenizer: Any) -> None:
    clicked = (Clicked("a", 0, "", tuple("abcdef")),)
    queries = QueryLesson(clicked, tokenizer, TOKENS, replace(CONFIG, batch=1), most=2)
    shown = [
        {spelt(tokenizer, answer) for answer in queries(step, np.random.default_rng(step))[0][0].answers}
        for step in range(30)
    ]
    assert all(len(some) == 2 for some in shown)
    assert set.union(*shown) == set("abcdef")


def test_half_of_the_time_the_text_stands_in_the_prompt(tokenizer: Any) -> None:
    for text, told in (("笑死我了", "图上文字:笑死我了"), ("", "图上文字:无")):
        clicked = (Clicked("a", 0, text, ("a",)),)
        queries = QueryLesson(clicked, tokenizer, TOKENS, replace(CONFIG, batch=1), blot=0.0)
        rows = [queries(step, np.random.default_rng(step))[0][0] for step in range(60)]
        read = [told in spelt(tokenizer, row.prompt) for row in rows]
        assert 15 < sum(read) < 45
        assert all("图上文字" in spelt(tokenizer, row.prompt) for row, shown in zip(rows, read, strict=True) if shown)
        assert not any(
            "图上文字" in spelt(tokenizer, r.prompt) for r, shown in zip(rows, read, strict=True) if not shown
        )


def test_pieces_of_the_text_are_blotted_out_and_nothing_else_is(tokenizer: Any) -> None:
    clicked = (Clicked("a", 0, "笑死我了", ("a",)),)
    whole, blotted = (
        QueryLesson(clicked, tokenizer, TOKENS, replace(CONFIG, batch=1), blot=share) for share in (0.0, 0.5)
    )
    hidden = 0
    for step in range(50):
        [[seen]] = whole(step, np.random.default_rng(step))
        [[shown]] = blotted(step, np.random.default_rng(step))
        changed = [(a, b) for a, b in zip(seen.prompt, shown.prompt, strict=True) if a != b]
        assert {b for _, b in changed} <= {llava.UNK}
        assert {spelt(tokenizer, (a,)) for a, _ in changed} <= set("笑死我了")
        hidden += len(changed)
    assert 20 < hidden < 80  # a half of 4 pieces in about 25 of 50 prompts


def test_a_prompt_in_parts_is_the_prompt(tokenizer: Any) -> None:
    clicked = (Clicked("a", 0, "so funny 笑", ("a",)),)
    lesson_of = QueryLesson(clicked, tokenizer, TOKENS, replace(CONFIG, batch=1), blot=0.0)
    prompts = {lesson_of(step, np.random.default_rng(step))[0][0].prompt for step in range(20)}
    texts = (None, "so funny 笑")
    assert prompts == {llava_training.prompt_ids(tokenizer, llava.keyword_prompt(t), TOKENS) for t in texts}


# ---- layout ---------------------------------------------------------------------------------------------------------


def test_answers_share_a_prompt_and_do_not_see_each_other() -> None:
    plan = llava_training.lay_out([Row(None, (7, 8), ((9, 2), (5,))), Row(None, (7,), ((6, 2),))])
    assert plan.ids.tolist() == [[7, 8, 9, 2, 5], [7, 6, 2, llava.PAD, llava.PAD]]
    assert plan.positions[0].tolist() == [0, 1, 2, 3, 2]
    assert plan.sees[0].astype(int).tolist() == [
        [1, 0, 0, 0, 0],
        [1, 1, 0, 0, 0],
        [1, 1, 1, 0, 0],
        [1, 1, 1, 1, 0],
        [1, 1, 0, 0, 1],
    ]
    assert plan.asked.T.tolist() == [[0, 1], [0, 2], [0, 1], [1, 0], [1, 1]]
    assert plan.wanted.tolist() == [9, 2, 5, 6, 2]


def test_answers_together_cost_what_they_cost_alone(model: Any, tokenizer: Any) -> None:
    """The loss of a row with two answers is the mean, by tokens, of the losses of rows with one of them each."""
    prompt = llava_training.prompt_ids(tokenizer, llava.keyword_prompt("笑死我了"), TOKENS)
    answers = [llava_training.answer_ids(tokenizer, text) for text in ("大笑", "笑死我了")]
    given = {"image": model.get_image_features(pixel_values=torch.randn(1, 3, 28, 28), return_dict=True)}

    def loss(*some: tuple[int, ...]) -> float:
        with torch.no_grad():
            return float(llava_training._answer_loss(model, [Row(0, prompt, some)], given)[0])

    alone = [loss(answer) for answer in answers]
    weights = [len(answer) for answer in answers]
    assert loss(*answers) == pytest.approx(np.average(alone, weights=weights), abs=1e-5)


def test_a_padded_row_costs_what_it_costs_alone(model: Any, tokenizer: Any) -> None:
    short, long = (
        Row(None, (llava.BOS,), (llava_training.answer_ids(tokenizer, text),)) for text in ("笑", "笑死我了")
    )

    def loss(*rows: Row) -> float:
        with torch.no_grad():
            return float(llava_training._answer_loss(model, rows, {})[0])

    together = (loss(short) * 2 + loss(long) * 5) / 7
    assert loss(short, long) == pytest.approx(together, abs=1e-5)


def test_the_loss_is_the_library_s_own(model: Any, tokenizer: Any) -> None:
    """One answer: transformers' loss over labels that hide the prompt."""
    prompt = llava_training.prompt_ids(tokenizer, llava.prompt("笑"), TOKENS)
    answer = llava_training.answer_ids(tokenizer, "一只小猫")
    pixels = torch.randn(1, 3, 28, 28)
    ids = torch.tensor([prompt + answer])
    labels = ids.clone()
    labels[:, : len(prompt)] = -100
    with torch.no_grad():
        wanted = float(model(input_ids=ids, pixel_values=pixels, labels=labels).loss)
        given = {"image": model.get_image_features(pixel_values=pixels, return_dict=True)}
        found = float(llava_training._answer_loss(model, [Row(0, prompt, (answer,))], given)[0])
    assert found == pytest.approx(wanted, abs=1e-5)


# ---- training -------------------------------------------------------------------------------------------------------


def losses(model: Any, tokenizer: Any, steps: int, config: LessonConfig = CONFIG, **options: Any) -> list[float]:
    heard: list[float] = []
    progress = lambda step, total, loss: heard.append(loss)  # noqa: E731
    llava_training.train(
        model, lesson(tokenizer, config), drawn(), steps, config, progress, classes=llava_lessons.CLASSES, **options
    )
    return heard


def test_training_learns(model: Any, tokenizer: Any) -> None:
    heard = losses(model, tokenizer, 30, replace(CONFIG, warmup=1, learning_rate=2e-2, hidden_rate=2e-2))
    assert np.mean(heard[-5:]) < 0.8 * np.mean(heard[:3])


def test_the_same_training_twice_ends_the_same(model: Any, tokenizer: Any) -> None:
    import copy

    other = copy.deepcopy(model)
    assert losses(model, tokenizer, 4) == losses(other, tokenizer, 4)
    for one, again in zip(model.parameters(), other.parameters(), strict=True):
        assert torch.equal(one, again)


def test_an_interrupted_training_ends_as_one_that_was_not(model: Any, tokenizer: Any, tmp_path: Path) -> None:
    import copy

    whole, torn = copy.deepcopy(model), copy.deepcopy(model)
    losses(whole, tokenizer, 6)

    def stop(step: int, total: int, loss: float) -> None:
        if step == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        llava_training.train(
            torn, lesson(tokenizer), drawn(), 6, CONFIG, stop, tmp_path / "c", classes=llava_lessons.CLASSES
        )
    resumed = copy.deepcopy(model)
    assert len(losses(resumed, tokenizer, 6, checkpoint=tmp_path / "c")) == 3  # steps 4, 5 and 6
    for one, again in zip(whole.parameters(), resumed.parameters(), strict=True):
        assert torch.equal(one, again)


def test_a_checkpoint_of_another_training_is_not_used(model: Any, tokenizer: Any, tmp_path: Path) -> None:
    losses(model, tokenizer, 3, checkpoint=tmp_path / "c", about="one")
    assert len(losses(model, tokenizer, 3, checkpoint=tmp_path / "c", about="another")) == 3


def test_looking_leaves_the_language_model_alone_and_speaking_the_tower(model: Any, tokenizer: Any) -> None:
    def changed(lesson: Any, parts: tuple[str, ...]) -> set[str]:
        before = {name: weight.clone() for name, weight in model.named_parameters()}
        llava_training.learn_only(model, parts)
        llava_training.train(model, lesson, drawn(), 2, CONFIG, classes=llava_lessons.CLASSES)
        return {name for name, weight in model.named_parameters() if not torch.equal(weight, before[name])}

    looking = changed(llava_lessons.LookLesson(SPECS, CONFIG), ("vision_tower", "projector"))
    assert any("vision_tower" in name for name in looking)
    assert not any("language_model" in name for name in looking)
    speaking = changed(lesson(tokenizer), ("projector", "language_model", "lm_head"))
    assert any("language_model" in name for name in speaking)
    assert not any("vision_tower" in name for name in speaking)


def test_fine_tuning_changes_the_adapter_only(model: Any, tokenizer: Any) -> None:
    before = {name: weight.clone() for name, weight in model.named_parameters()}
    tuned = llava.with_adapter(model, 2, 1)
    config = replace(CONFIG, hidden_rate=0.0, batch=2)
    queries = QueryLesson((Clicked("a", 0, "", ("大笑",)), Clicked("b", 1, "", ("哭",))), tokenizer, TOKENS, config)
    llava_training.train(tuned, queries, drawn(), 3, config)
    assert any(bool(weight.abs().max() > 0) for name, weight in tuned.named_parameters() if "lora_B" in name)
    for name, weight in tuned.unload().named_parameters():
        assert torch.equal(weight, before[name]), name
