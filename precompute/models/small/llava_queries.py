"""The lesson of fine-tuning a LLaVA: the queries that people typed before they clicked a sticker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from precompute.models.small import llava
from precompute.models.small.clip_training import batch_rows
from precompute.models.small.llava_training import Row, answer_ids, prompt_ids

if TYPE_CHECKING:
    from precompute.config import LessonConfig

#: Stands for the text while a prompt is cut in two; the prompt has signs on both sides, so no word crosses the cut.
_SLOT = "{slot}"


@dataclass(frozen=True, slots=True)
class Clicked:
    """A sticker of the training interactions: its id, the row of its picture, its OCR text, its queries.

    kin: queries for any training sticker of the same meaning, itself included, with their numbers of clicks.
    """

    sticker: str
    picture: int
    text: str
    queries: tuple[str, ...]
    kin: tuple[tuple[str, int], ...] = ()


class QueryLesson:
    """Examples of fine-tuning: a sticker and the keyword prompt, answered by each query that led to a click on it.

    Half of the prompts contain the sticker's OCR text, so that one adapter serves both ways of asking. Each piece of
    that text is blotted out with chance `blot`: a whole text identifies its sticker, whose queries, slips included,
    would be learnt by heart.

    A sticker with more than `most` queries shows `most` of them, drawn anew each time.

    With chance `kin`, the answers are drawn from the clicks on all stickers of the same meaning: one sticker has two or
    three clicks, slips among them, and together the stickers tell better what people type.
    """

    def __init__(
        self,
        clicked: Sequence[Clicked],
        tokenizer: Any,
        image_tokens: int,
        config: LessonConfig,
        most: int = 8,
        blot: float = 0.3,
        kin: float = 0.0,
    ) -> None:
        self.config = config
        self.most = most
        self.blot = blot
        self.kin = kin
        self._plain = prompt_ids(tokenizer, llava.keyword_prompt(), image_tokens)
        before, after = llava.keyword_prompt(_SLOT).split(_SLOT)
        self._before = prompt_ids(tokenizer, before, image_tokens)
        self._after = tuple(tokenizer(after, add_special_tokens=False)["input_ids"])
        texts = [one.text or llava.NO_TEXT for one in clicked]
        self._texts = [tuple(tokenizer(text, add_special_tokens=False)["input_ids"]) for text in texts]
        self._answers = [tuple(answer_ids(tokenizer, query) for query in one.queries) for one in clicked]
        spelt = {query: tuple(answer_ids(tokenizer, query)) for one in clicked for query, _ in one.kin}
        self._kin = [[spelt[query] for query, _ in one.kin] for one in clicked]
        self._chances = [np.array([clicks for _, clicks in one.kin]) / sum(c for _, c in one.kin) for one in clicked]
        self._pictures = [one.picture for one in clicked]

    def __call__(self, step: int, rng: np.random.Generator) -> list[list[Row]]:
        rows = batch_rows(len(self._texts), self.config.batch, step, self.config.seed)
        return [[self._row(row, rng) for row in rows.tolist()]]

    def _row(self, row: int, rng: np.random.Generator) -> Row:
        prompt = self._blotted(row, rng) if rng.random() < 0.5 else self._plain
        shared = rng.random() < self.kin and bool(self._kin[row])
        return Row(self._pictures[row], prompt, self._shared(row, rng) if shared else self._own(row, rng))

    def _own(self, row: int, rng: np.random.Generator) -> tuple[tuple[int, ...], ...]:
        answers = self._answers[row]
        return tuple(answers[place] for place in rng.permutation(len(answers))[: self.most])

    def _shared(self, row: int, rng: np.random.Generator) -> tuple[tuple[int, ...], ...]:
        answers = self._kin[row]
        drawn = rng.choice(len(answers), min(self.most, len(answers)), p=self._chances[row])
        return tuple(answers[place] for place in drawn)

    def _blotted(self, row: int, rng: np.random.Generator) -> tuple[int, ...]:
        text = self._texts[row]
        hidden = rng.random(len(text)) < self.blot
        shown = (llava.UNK if hide else piece for piece, hide in zip(text, hidden, strict=True))
        return (*self._before, *shown, *self._after)
