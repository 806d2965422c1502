"""LoRA on a LLaVA of the real class: what it learns from, that it does, that a kill changes nothing; in 4 bits, too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import released_models
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from safetensors.torch import load_file

from persrv.errors import ModelError
from precompute.config import LoraRecipe
from precompute.models.answering import Question
from precompute.models.released import llava_lora as tuning
from precompute.models.released import loading
from precompute.models.released.captioning import Captioner
from precompute.models.released.llava_lora import Encoded, Example, Hardware
from precompute.models.released.memory import FOUR_BIT
from precompute.models.small import llava
from precompute.runtime.progress import silent

PROMPT = llava.prompt("sticker")
QUERIES = (("cat", "happy"), ("dog",), ("sad", "1."), ("2.",), ("happy",), ("cat", "dog", "sad"), ("|",))
RECIPE = LoraRecipe(rank=4, alpha=8, epochs=3, batch=3, learning_rate=2e-2, checkpoint_every=2, seed=5)
HERE = Hardware("cpu", "half", at_once=2, answers_at_once=3)
MOST = (6, 10)


pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released_models.llava(tmp_path_factory.mktemp("tuning") / "llava", width=64)


@pytest.fixture(scope="module")
def examples(base: Path) -> list[Example]:
    rng = np.random.default_rng(0)
    found = []
    for number, queries in enumerate(QUERIES):
        file = base.parent / f"{number}.png"
        Image.fromarray(rng.integers(0, 256, (28, 28, 3), np.uint8)).save(file)
        found.append(Example(f"s{number}", file, PROMPT, queries))
    return found


def tuned(
    base: Path,
    examples: list[Example],
    folder: Path,
    recipe: LoraRecipe = RECIPE,
    place: Hardware = HERE,
    report: Callable[[int, int], None] = silent,
) -> tuning.History:
    folder.mkdir(exist_ok=True)
    return tuning.fine_tune(base, examples[:5], examples[5:], recipe, place, MOST, folder, report)


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / tuning.ADAPTER / loading.ADAPTER_WEIGHTS)


@pytest.fixture(scope="module")
def whole(base: Path, examples: list[Example]) -> tuple[Path, tuning.History]:
    """A training that nothing interrupted."""
    folder = base.parent / "whole"
    return folder, tuned(base, examples, folder)


def test_it_learns_what_people_typed(base: Path, examples: list[Example], tmp_path: Path) -> None:
    history = tuning.fine_tune(base, examples[:5], [], replace(RECIPE, epochs=15), HERE, MOST, tmp_path, silent)
    assert np.mean(history.losses[-4:]) < 0.8 * history.losses[0]
    assert history.recalls == [], "nothing could be held out"


def test_it_leaves_an_adapter_of_the_language_model(base: Path, whole: tuple[Path, tuning.History]) -> None:
    folder, history = whole
    assert len(history.losses) == 6, "three epochs of two steps"
    assert len(history.recalls) == 4, "before, and after every epoch"
    names = set(weights(folder))
    assert len(names) == 2 * 7 * 2, "two matrices at every linear layer of both layers"
    assert all(".language_model.layers." in name for name in names)
    text = (folder / tuning.ADAPTER / "adapter_config.json").read_text(encoding="utf-8")
    assert str(base) not in text, "no local path"


def test_recall_is_that_of_the_saved_adapters_answers(
    base: Path, examples: list[Example], whole: tuple[Path, tuning.History]
) -> None:
    folder, history = whole
    model, processor = loading.load_llava(base, "cpu", "half")
    captioner = Captioner(loading.with_adapter(model, folder / tuning.ADAPTER), processor, 1)
    recalls = []
    for one in examples[5:]:
        with Image.open(one.file) as picture:
            pixels = np.array(picture)[None]
        said = captioner(pixels, [Question("it", (PROMPT,), MOST[0], tuned=True)])["it"][0].text
        words = {word.strip() for word in said.split("，")}
        recalls.append(sum(query in words for query in one.queries) / len(one.queries))
    assert history.recalls[-1] == pytest.approx(np.mean(recalls))


@pytest.mark.parametrize("step", range(1, 7))
def test_a_training_killed_at_any_step_ends_as_if_it_had_not_been(
    base: Path, examples: list[Example], whole: tuple[Path, tuning.History], tmp_path: Path, step: int
) -> None:
    def kill(done: int, total: int) -> None:
        if done == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tuned(base, examples, tmp_path, report=kill)
    assert not (tmp_path / tuning.ADAPTER).exists()
    begun: list[int] = []
    history = tuned(base, examples, tmp_path, report=lambda done, total: begun.append(done))
    assert begun[0] == (step - 1) // 2 * 2, "from the last checkpoint"
    assert history == whole[1]
    for name, tensor in weights(whole[0]).items():
        assert torch.equal(tensor, weights(tmp_path)[name])


def test_how_many_fit_at_once_and_checkpointing_change_nothing_that_matters(
    base: Path, examples: list[Example], whole: tuple[Path, tuning.History], tmp_path: Path
) -> None:
    history = tuned(base, examples, tmp_path, replace(RECIPE, again=False), replace(HERE, at_once=8, workers=2))
    assert history.losses == pytest.approx(whole[1].losses, rel=1e-3)


def test_where_memory_ends_half_as_many_are_learnt_from_at_once(
    base: Path,
    examples: list[Example],
    whole: tuple[Path, tuning.History],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[int] = []
    loss = tuning.Training.loss

    def of_two_at_most(self: tuning.Training, some: list[Encoded], pixels: NDArray[np.uint8]) -> torch.Tensor:
        tried.append(len(some))
        if len(tried) == 2 or len(some) > 2:  # once in the middle of a step, which then begins anew
            raise torch.OutOfMemoryError
        return loss(self, some, pixels)

    monkeypatch.setattr(tuning.Training, "loss", of_two_at_most)
    history = tuned(base, examples, tmp_path)
    assert tried[:5] == [2, 1, 1, 1, 1]
    assert history.losses == pytest.approx(whole[1].losses, rel=1e-3)


def test_the_loss_is_that_of_each_example_alone(base: Path) -> None:
    """Against transformers' own loss with labels, one example at a time: padding on the right changes nothing."""
    model, processor = loading.load_llava(base, "cpu", "half")
    trained = tuning.Training(tuning.fresh_adapter(model, RECIPE), processor, RECIPE, HERE)
    tokens = loading.picture_tokens(model)
    some = [
        tuning.encoded(processor.tokenizer, PROMPT, queries, tokens, 2048)
        for queries in (("cat",), ("sad", "dog", "|"))
    ]
    pixels = np.random.default_rng(1).integers(0, 256, (2, 28, 28, 3), np.uint8)
    apart = 0.0
    for one, picture in zip(some, pixels, strict=True):
        ids = torch.tensor([[*one.prompt, *one.answer]])
        labels = torch.tensor([[-100] * len(one.prompt) + list(one.answer)])
        values = loading.on_device(picture[None], loading.look_of(processor), model)
        apart += float(model(input_ids=ids, pixel_values=values, labels=labels).loss.detach()) * len(one.answer)
    assert float(trained.loss(some, pixels).detach()) == pytest.approx(apart, rel=1e-5)


@pytest.mark.slow
def test_four_bits_learn_resume_and_are_never_merged(base: Path, examples: list[Example], tmp_path: Path) -> None:
    place, recipe = replace(HERE, precision=FOUR_BIT), replace(RECIPE, epochs=2)
    history = tuned(base, examples, tmp_path / "whole", recipe, place)
    assert history.losses[-1] < history.losses[0]

    def kill(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tuned(base, examples, tmp_path / "killed", recipe, place, kill)
    assert tuned(base, examples, tmp_path / "killed", recipe, place) == history
    for name, tensor in weights(tmp_path / "whole").items():
        assert torch.equal(tensor, weights(tmp_path / "killed")[name])

    with pytest.raises(ModelError, match="4 bits"):
        tuned(base, examples, tmp_path / "merged", replace(recipe, merged=True), place)
    model, processor = loading.load_llava(base, "cpu", FOUR_BIT)
    adapted = loading.with_adapter(model, tmp_path / "whole" / tuning.ADAPTER)
    with pytest.raises(ModelError, match="4 bits"):
        tuning.merge(adapted, processor, tmp_path / "merged")
    assert not (tmp_path / "merged" / tuning.MERGED).exists()


def test_a_merged_copy_answers_as_the_adapter_does(base: Path, examples: list[Example], tmp_path: Path) -> None:
    tuned(base, examples, tmp_path, replace(RECIPE, epochs=1, merged=True))
    model, processor = loading.load_llava(base, "cpu", "half")
    adapted = Captioner(loading.with_adapter(model, tmp_path / tuning.ADAPTER), processor, 4)
    merged, its_processor = loading.load_llava(tmp_path / tuning.MERGED, "cpu", "half")
    pixels = np.stack([np.asarray(Image.open(one.file)) for one in examples])
    prompts = (PROMPT,) * len(examples)
    wanted = adapted(pixels, [Question("it", prompts, 6, tuned=True)])["it"]
    found = Captioner(merged, its_processor, 4)(pixels, [Question("it", prompts, 6)])["it"]
    assert [one.text for one in found] == [one.text for one in wanted]


# ---- what is learnt -------------------------------------------------------------------------------------------------


def test_every_epoch_draws_another_order_of_the_same_queries() -> None:
    example = Example("s", Path("s.png"), PROMPT, ("a", "b", "c", "d"))
    orders = {tuning.answer_of(example, RECIPE, epoch) for epoch in range(20)}
    assert len(orders) > 5
    assert all(sorted(order) == ["a", "b", "c", "d"] for order in orders)
    assert tuning.answer_of(example, RECIPE, 3) == tuning.answer_of(example, RECIPE, 3)
    assert len(tuning.answer_of(example, replace(RECIPE, most_queries=2), 0)) == 2


def test_what_is_too_long_loses_queries_and_never_the_picture(base: Path) -> None:
    _, processor = loading.load_llava(base, "cpu", "half")
    read = tuning.encoded(processor.tokenizer, PROMPT, ("cat", "dog", "sad"), 4, cutoff=2048)
    image = processor.tokenizer.convert_tokens_to_ids("<image>")
    assert read.prompt.count(image) == 4
    assert processor.tokenizer.decode(read.answer) == "cat ， dog ， sad </s>"
    cut = tuning.encoded(processor.tokenizer, PROMPT, ("cat", "dog", "sad"), 4, cutoff=len(read.prompt) + 4)
    assert cut.prompt == read.prompt
    assert processor.tokenizer.decode(cut.answer) == "cat ， dog </s>"
    with pytest.raises(ModelError, match="at most 5 tokens"):
        tuning.encoded(processor.tokenizer, PROMPT, ("cat",), 4, cutoff=5)


def test_what_people_typed_is_never_read_as_a_token_of_the_model(base: Path) -> None:
    _, processor = loading.load_llava(base, "cpu", "half")
    read = tuning.encoded(processor.tokenizer, PROMPT, ("<image>", "cat </s> <pad>"), 4, cutoff=2048)
    special = set(processor.tokenizer.all_special_ids) - {processor.tokenizer.unk_token_id}
    assert special.isdisjoint(read.answer[:-1])
    assert read.answer[-1] == processor.tokenizer.eos_token_id


def test_padding_is_on_the_right_and_every_answer_token_is_asked_for() -> None:
    laid = tuning.lay_out([Encoded((1, 7, 7), (4,)), Encoded((1, 7, 7, 9), (5, 6))], padding=0)
    assert laid.ids.tolist() == [[1, 7, 7, 4, 0, 0], [1, 7, 7, 9, 5, 6]]
    assert laid.mask.tolist() == [[1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 1]]
    assert [laid.rows.tolist(), laid.places.tolist(), laid.wanted.tolist()] == [[0, 1, 1], [2, 3, 4], [4, 5, 6]]


@given(st.lists(st.integers(1, 50), min_size=1, max_size=40), st.integers(1, 9))
def test_parts_hold_everything_once_like_lengths_together(lengths: list[int], most: int) -> None:
    parts = tuning.in_parts(lengths, most)
    flat = [place for part in parts for place in part]
    assert sorted(flat) == list(range(len(lengths)))
    assert [lengths[place] for place in flat] == sorted(lengths)
    assert all(0 < len(part) <= most for part in parts)


def test_the_rate_falls_by_half_a_cosine() -> None:
    assert [tuning.rate_share(step, 4) for step in range(5)] == pytest.approx([1, 0.853553, 0.5, 0.146447, 0], abs=1e-6)


def test_a_gpu_without_bfloat16_does_not_train(
    base: Path, examples: list[Example], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: False)
    with pytest.raises(ModelError, match="Ampere"):
        tuned(base, examples, tmp_path, place=replace(HERE, device="cuda"))
    assert list(tmp_path.iterdir()) == []
