"""Captioning: batches, resuming, animations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from precompute.models.small.llava import Answer
from precompute.stages.caption import caption_all


def colours(folder: Path, **named: Sequence[tuple[int, int, int]]) -> dict[str, Path]:
    """One lossless WebP a name, a frame a colour."""
    paths = {}
    for name, frames in named.items():
        first, *others = [Image.new("RGB", (4, 4), colour) for colour in frames]
        path = folder / f"{name}.webp"
        first.save(path, "WEBP", lossless=True, save_all=bool(others), append_images=others, duration=100)
        paths[name] = path
    return paths


class Redness:
    """Answers with the red of a picture, and is the surer the redder it is."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def __call__(self, pictures: Sequence[Image.Image], prompts: Sequence[str]) -> list[Answer]:
        self.batches.append(len(pictures))
        reds = [picture.convert("RGB").getpixel((0, 0))[0] for picture in pictures]
        return [Answer(f"{prompt}{red}", float(red)) for red, prompt in zip(reds, prompts, strict=True)]


def test_every_sticker_gets_its_own_answer(tmp_path: Path) -> None:
    images = colours(tmp_path, a=[(10, 0, 0)], b=[(20, 0, 0)], c=[(30, 0, 0)])
    model = Redness()
    answers = caption_all(images, {"a": "x", "b": "y", "c": "z"}, tmp_path / "store", model, batch=2)
    assert answers == {"a": "x10", "b": "y20", "c": "z30"}
    assert model.batches == [2, 1]


def test_of_an_animation_the_frame_that_the_model_is_surest_of_speaks(tmp_path: Path) -> None:
    images = colours(tmp_path, a=[(10, 0, 0), (90, 0, 0), (20, 0, 0)])
    assert caption_all(images, {"a": ""}, tmp_path / "store", Redness()) == {"a": "90"}


def test_a_second_run_asks_nothing_again(tmp_path: Path) -> None:
    images = colours(tmp_path, a=[(10, 0, 0)])
    first = caption_all(images, {"a": "p"}, tmp_path / "store", Redness())
    again = Redness()
    assert caption_all(images, {"a": "p"}, tmp_path / "store", again) == first
    assert again.batches == []


def test_another_prompt_is_another_question(tmp_path: Path) -> None:
    images = colours(tmp_path, a=[(10, 0, 0)])
    caption_all(images, {"a": "p"}, tmp_path / "store", Redness())
    assert caption_all(images, {"a": "q"}, tmp_path / "store", Redness()) == {"a": "q10"}


def test_an_interrupted_run_goes_on_and_a_torn_line_is_asked_anew(tmp_path: Path) -> None:
    images = colours(tmp_path, a=[(10, 0, 0)], b=[(20, 0, 0)])
    prompts = dict.fromkeys(images, "")

    class Interrupted(Redness):
        def __call__(self, pictures: Sequence[Image.Image], prompts: Sequence[str]) -> list[Answer]:
            if self.batches:
                raise KeyboardInterrupt
            return super().__call__(pictures, prompts)

    store = tmp_path / "store"
    with pytest.raises(KeyboardInterrupt):
        caption_all(images, prompts, store, Interrupted(), batch=1)
    store.write_bytes(store.read_bytes() + b'{"key": "tor')
    rest = Redness()
    assert caption_all(images, prompts, store, rest, batch=1) == {"a": "10", "b": "20"}
    assert rest.batches == [1]
