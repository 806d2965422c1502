"""What fine-tuning teaches a LLaVA: the queries people typed before they clicked a sticker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from precompute.models import llava
from precompute.models.clip_training import batch_rows
from precompute.models.llava_training import LessonConfig, Row, answer_ids, prompt_ids


@dataclass(frozen=True, slots=True)
class Clicked:
    """A sticker of the training interactions: its id, the row of its picture, its OCR text and what people typed."""

    sticker: str
    picture: int
    text: str
    queries: tuple[str, ...]


class QueryLesson:
    """Examples of fine-tuning: a sticker, asked for keywords, is answered by each query that people clicked it for.

    Half of the time its OCR text stands in the prompt, so that one adapter serves both ways of asking.

    A sticker with more than `most` queries shows as many of them, others each time.
    """

    def __init__(
        self, clicked: Sequence[Clicked], tokenizer: Any, image_tokens: int, config: LessonConfig, most: int = 8
    ) -> None:
        self.config = config
        self.most = most
        self._plain = prompt_ids(tokenizer, llava.keyword_prompt(), image_tokens)
        self._read = [prompt_ids(tokenizer, llava.keyword_prompt(one.text), image_tokens) for one in clicked]
        self._answers = [tuple(answer_ids(tokenizer, query) for query in one.queries) for one in clicked]
        self._pictures = [one.picture for one in clicked]

    def __call__(self, step: int, rng: np.random.Generator) -> list[list[Row]]:
        rows = batch_rows(len(self._read), self.config.batch, step, self.config.seed)
        return [[self._row(row, rng) for row in rows.tolist()]]

    def _row(self, row: int, rng: np.random.Generator) -> Row:
        answers = self._answers[row]
        chosen = rng.permutation(len(answers))[: self.most]
        prompt = self._read[row] if rng.random() < 0.5 else self._plain
        return Row(self._pictures[row], prompt, tuple(answers[place] for place in chosen))
