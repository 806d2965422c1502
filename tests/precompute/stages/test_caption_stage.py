"""Captioning: batches, resuming, animations."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from precompute.models.answering import Answer as Answered
from precompute.models.answering import Question
from precompute.models.pixels import Decode
from precompute.runtime.batch_store import Columns
from precompute.runtime.cache import Slot, file_digest
from precompute.runtime.local import in_processes
from precompute.runtime.operators import Task
from precompute.runtime.progress import silent
from precompute.stages.caption import ANSWERS, CUT, TEXT, Answer, CaptionPrompt, answers_in, keys_of, write_answers


def colours(folder: Path, **named: Sequence[tuple[int, int, int]]) -> dict[str, Path]:
    """Write one lossless WebP a name, with a frame a colour."""
    paths = {}
    for name, frames in named.items():
        first, *others = [Image.new("RGB", (4, 4), colour) for colour in frames]
        path = folder / f"{name}.webp"
        first.save(path, "WEBP", lossless=True, save_all=bool(others), append_images=others, duration=100)
        paths[name] = path
    return paths


class Redness:
    """Answers with the red of a frame, and is the surer the redder it is."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def __call__(self, frames: NDArray[np.uint8], questions: Sequence[Question]) -> dict[str, list[Answered]]:
        self.batches.append(len(frames))
        reds = frames[:, 0, 0, 0].tolist()
        return {
            asked.name: [
                Answered(f"{prompt}{red}", float(red)) for red, prompt in zip(reds, asked.prompts, strict=True)
            ]
            for asked in questions
        }


def answers(
    images: dict[str, Path], texts: dict[str, str], store: Path, speaker: Redness, batch: int = 64, prompt: str = TEXT
) -> dict[str, str]:
    """Answers of the speaker, given the texts; "" is no text."""
    asked = (CaptionPrompt("it", prompt, 9),)
    keys = keys_of(asked, {name: file_digest(path) for name, path in images.items()}, texts)
    task = Task(Answer, (lambda: speaker, asked, {key: texts[name] for name, key in keys.items()}), Decode(4), batch)
    return answers_in(Columns(task, keys, images, Slot(store, "key"), in_processes(1)), silent)["it"]


def test_every_sticker_gets_its_own_answer(tmp_path: Path) -> None:
    images = colours(tmp_path, a=[(10, 0, 0)], b=[(20, 0, 0)], c=[(30, 0, 0)])
    model = Redness()
    found = answers(images, {"a": "x", "b": "y", "c": "z"}, tmp_path / "store", model, batch=2)
    assert found == {"a": "x10", "b": "y20", "c": "z30"}
    assert model.batches == [2, 1]


def test_of_an_animation_the_frame_that_the_model_is_surest_of_speaks(tmp_path: Path) -> None:
    images = colours(tmp_path, a=[(10, 0, 0), (90, 0, 0), (20, 0, 0)])
    assert answers(images, {"a": ""}, tmp_path / "store", Redness(), prompt="") == {"a": "90"}


def test_a_second_run_asks_nothing_again(tmp_path: Path) -> None:
    images = colours(tmp_path, a=[(10, 0, 0)])
    first = answers(images, {"a": "p"}, tmp_path / "store", Redness())
    again = Redness()
    assert answers(images, {"a": "p"}, tmp_path / "store", again) == first
    assert again.batches == []


def test_another_prompt_is_another_question(tmp_path: Path) -> None:
    images = colours(tmp_path, a=[(10, 0, 0)])
    answers(images, {"a": "p"}, tmp_path / "store", Redness())
    assert answers(images, {"a": "q"}, tmp_path / "store", Redness()) == {"a": "q10"}


def test_an_interrupted_run_goes_on_and_a_torn_batch_is_asked_anew(tmp_path: Path) -> None:
    images = colours(tmp_path, a=[(10, 0, 0)], b=[(20, 0, 0)])
    texts = dict.fromkeys(images, "")

    class Interrupted(Redness):
        def __call__(self, frames: NDArray[np.uint8], questions: Sequence[Question]) -> dict[str, list[Answered]]:
            if self.batches:
                raise KeyboardInterrupt
            return super().__call__(frames, questions)

    store = tmp_path / "store"
    with pytest.raises(KeyboardInterrupt):
        answers(images, texts, store, Interrupted(), batch=1, prompt="")
    (store / "batches" / "torn.arrow").write_bytes(b"ARROW1")
    rest = Redness()
    assert answers(images, texts, store, rest, batch=1, prompt="") == {"a": "10", "b": "20"}
    assert rest.batches == [1]


def test_answers_in_no_format_are_counted(tmp_path: Path) -> None:
    """Each picture is told apart by its colour, and answered as a model may answer."""
    said = {
        (255, 0, 0): Answered("1. a cat | 2. happy", 0.0),
        (0, 255, 0): Answered("", 0.0),
        (0, 0, 255): Answered("1. a dog that", 0.0, cut=True),
        (9, 9, 9): Answered("<think>what is it", 0.0, cut=True),
    }

    def speaks(pixels: NDArray[np.uint8], questions: Sequence[Question]) -> dict[str, list[Answered]]:
        return {q.name: [said[tuple(frame[0, 0].tolist())] for frame in pixels] for q in questions}

    paths = colours(tmp_path, **{f"s{number}": [colour] for number, colour in enumerate(said)})
    task = Task(
        Answer, (lambda: speaks, (CaptionPrompt("it", "what?", 9), CaptionPrompt("words", "which?", 9)), {}), Decode(4)
    )
    keys = {name: file_digest(path) for name, path in paths.items()}
    columns = Columns(task, keys, paths, Slot(tmp_path / "slot", "key"), in_processes(1))
    found = write_answers(columns, "it", tmp_path, silent)["answers"]
    assert found["it"] == {"asked": 4, "empty": 2, "cut": 2, "one part": 1}
    assert found["words"] == {"asked": 4, "empty": 2, "cut": 2}
    assert json.loads((tmp_path / CUT).read_text(encoding="utf-8"))["it"] == ["s2", "s3"]
    assert json.loads((tmp_path / ANSWERS).read_text(encoding="utf-8"))["words"]["s0"] == "1. a cat | 2. happy"
