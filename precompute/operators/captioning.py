"""What a LLaVA says of pictures as a batch operator: every question, to both models, about the same decoded frames."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from precompute.models.released.captioning import Captioner, Question, plain, require_a_difference
from precompute.models.released.pixels import strongest
from precompute.models.small.llava import NO_TEXT
from precompute.operators import Batch

#: What a prompt says where the text of the picture belongs.
TEXT = "{text}"

#: Characters of a picture's text that a prompt holds at most, so that it never grows beyond what memory was kept for.
MOST_TEXT = 60

#: Frames by which it is seen whether the adapter does anything.
_TRIED = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about every picture. prompt: may hold {text}; most: tokens of the answer; tuned: to the adapter."""

    name: str
    prompt: str
    most: int
    tuned: bool = False


class Answer:
    """{"id", "frames"} -> {"id", a column of texts a question}. load: makes the captioner; texts: id -> the text of the
    picture, for prompts that tell it. Of an animation, the frame speaks whose answer the model is surest of.
    """

    def __init__(self, load: Callable[[], Captioner], asked: Sequence[Asked], texts: Mapping[str, str]) -> None:
        self.captioner = load()
        self.asked = asked
        self.texts = texts
        self.tried = False

    def __call__(self, batch: Batch) -> Batch:
        counts = [len(frames) for frames in batch["frames"]]
        frames = np.concatenate(list(batch["frames"]))
        owners = np.repeat(batch["id"].astype(object), counts).tolist()
        questions = [
            Question(
                one.name, tuple(told(one.prompt, self.texts.get(owner, "")) for owner in owners), one.most, one.tuned
            )
            for one in self.asked
        ]
        self._try_adapter(frames[:_TRIED], questions)
        answers = self.captioner(frames, questions)
        found: Batch = {"id": batch["id"]}
        for name, some in answers.items():
            chosen = strongest(counts, [answer.sure for answer in some])
            found[name] = np.array([some[place].text for place in chosen], object)
        return found

    def _try_adapter(self, frames: NDArray[np.uint8], questions: Sequence[Question]) -> None:
        """Once, before anything is answered by it: ModelError for an adapter that changes nothing."""
        for question in questions[: 0 if self.tried else None]:
            if question.tuned:
                require_a_difference(self.captioner, frames, question.prompts[: len(frames)])
        self.tried = True


def told(prompt: str, text: str) -> str:
    """The prompt with the text of the picture, where it asks for that."""
    return prompt.replace(TEXT, plain(text[:MOST_TEXT]).strip() or NO_TEXT)
