"""Captions by a LLaVA, as a batch operator: every question about the same frames, which are decoded separately."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from persrv.errors import DataError
from persrv.models.answers import split_answer, spoken
from precompute.models.answering import Question, Speaker, plain
from precompute.models.pixels import strongest
from precompute.models.small.llava import NO_TEXT
from precompute.runtime.batch_store import Columns
from precompute.runtime.cache import digest, write_json
from precompute.runtime.operators import Batch
from precompute.runtime.progress import Report

#: Placeholder in a prompt for the text of the picture.
TEXT = "{text}"

#: Characters of a picture's text that a prompt holds at most, so that it never grows beyond what memory was kept for.
MOST_TEXT = 60

#: Files of the answers, and of the stickers with cut answers, below a stage's folder.
ANSWERS, CUT = "answers.json", "cut.json"

#: Suffix of the column of a question's cut answers, beside the column of its texts.
_CUT = " was cut"


@dataclass(frozen=True, slots=True)
class CaptionPrompt:
    """A question about every picture. prompt: may contain {text}; most: tokens of the answer; tuned: whether the
    adapter answers.
    """

    name: str
    prompt: str
    most: int
    tuned: bool = False


class Answer:
    """The operator {"id", "frames"} -> {"id", columns of texts and of cut answers for each question}. load: makes the
    model; texts: id -> the text of the picture, for prompts that contain it. For an animation, the answer about the
    frame of which the model is surest is kept.
    """

    def __init__(self, load: Callable[[], Speaker], asked: Sequence[CaptionPrompt], texts: Mapping[str, str]) -> None:
        self.speaker = load()
        self.asked = asked
        self.texts = texts

    def __call__(self, batch: Batch) -> Batch:
        if not len(batch["id"]):  # none of its pictures could be decoded
            return batch
        counts = [len(frames) for frames in batch["frames"]]
        owners = np.repeat(batch["id"].astype(object), counts).tolist()
        questions = [
            Question(
                one.name, tuple(told(one.prompt, self.texts.get(owner, "")) for owner in owners), one.most, one.tuned
            )
            for one in self.asked
        ]
        answers = self.speaker(np.concatenate(list(batch["frames"])), questions)
        found: Batch = {"id": batch["id"]}
        for name, some in answers.items():
            chosen = strongest(counts, [answer.sure for answer in some])
            found[name] = np.array([some[place].text for place in chosen], object)
            found[f"{name}{_CUT}"] = np.array([some[place].cut for place in chosen])
        return found


def told(prompt: str, text: str) -> str:
    """The prompt with the picture's text in place of {text}."""
    return prompt.replace(TEXT, plain(text[:MOST_TEXT]).strip() or NO_TEXT)


def keys_of(asked: Sequence[CaptionPrompt], hashes: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, str]:
    """Sticker id -> hash of its picture and of all questions about it. texts: sticker id -> text of the picture.

    Stickers with prompts of similar length follow one another, so that a batch needs little padding; ties by sticker
    id.
    """
    prompts = {name: [told(one.prompt, texts[name]) for one in asked] for name in hashes}
    order = sorted(prompts, key=lambda name: (sum(map(len, prompts[name])), name))
    return {name: digest(hashes[name], prompts[name]) for name in order}


def answers_in(columns: Columns, report: Report) -> dict[str, dict[str, str]]:
    """Question -> sticker id -> the answer."""
    return _texts(columns(report))


def _texts(found: Batch) -> dict[str, dict[str, str]]:
    names = found["id"].tolist()
    questions = [name for name in found if name != "id" and not name.endswith(_CUT)]
    return {name: dict(zip(names, map(str, found[name]), strict=True)) for name in questions}


def write_answers(columns: Columns, halved: str, folder: Path, report: Report) -> dict[str, Any]:
    """Ask all questions about every sticker and write the answers into the stage's folder; count those in no format.
    Reports the stickers that nobody could look at: "uncaptioned". DataError where these are all.

    halved: the question whose answers have two halves.
    """
    found = columns(report)
    if not len(found["id"]):
        raise DataError("No picture could be captioned", "pictures that the model can look at", "See the log above.")
    texts = _texts(found)
    cut = {name: sorted(found["id"][found[f"{name}{_CUT}"].astype(bool)].tolist()) for name in texts}
    write_json(folder / ANSWERS, texts)
    write_json(folder / CUT, cut)
    uncaptioned = sorted(set(columns.keys) - set(found["id"].tolist()))
    counts = {name: _counts(said.values(), len(cut[name]), name == halved) for name, said in texts.items()}
    return {"answers": counts, "uncaptioned": uncaptioned}


def _counts(answers: Iterable[str], cut: int, halved: bool) -> dict[str, int]:
    """Count all answers, the empty ones, the cut ones, and those that lack one of two halves."""
    said = [spoken(answer) for answer in answers]
    counts = {"asked": len(said), "empty": said.count(""), "cut": cut}
    if halved:
        counts["one part"] = sum(sum(map(bool, split_answer(answer))) == 1 for answer in said)
    return counts
