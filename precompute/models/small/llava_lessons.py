"""The lessons of the base LLaVA: looking at drawn stickers, then describing them, with a dictionary beside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from precompute.demo import telling
from precompute.demo.situations import SITUATIONS
from precompute.demo.spec import StickerSpec
from precompute.models.small import llava
from precompute.models.small.clip_training import batch_rows
from precompute.models.small.llava_training import Row, answer_ids, prompt_ids

if TYPE_CHECKING:
    from precompute.config import LessonConfig


class LookLesson:
    """Examples of looking: a picture and its attributes, for the attribute heads alone. No word is read or written."""

    def __init__(self, specs: Sequence[StickerSpec], config: LessonConfig) -> None:
        self.config = config
        self._labels = [labels_of(spec) for spec in specs]

    def __call__(self, step: int, _: np.random.Generator) -> list[list[Row]]:
        rows = batch_rows(len(self._labels), self.config.batch, step, self.config.seed)
        return [[Row(row, labels=self._labels[row]) for row in rows.tolist()]]


class BaseLesson:
    """Examples of describing: descriptions and formal keywords of drawn variants, and lines of a dictionary.

    Half of the keyword prompts contain the drawing's caption where OCR text will stand.

    The dictionary gives the small model what a large one knows already: that "xswl" is a word, and what it means. It
    never pairs a picture with what people type; that is left to fine-tuning.
    """

    def __init__(self, specs: Sequence[StickerSpec], tokenizer: Any, image_tokens: int, config: LessonConfig) -> None:
        self.specs = specs
        self.config = config
        self._tokenizer = tokenizer
        self._image_tokens = image_tokens
        self._general = prompt_ids(tokenizer, llava.prompt(llava.GENERAL), image_tokens)
        self._phrases = sorted({(phrase, name) for name, told in SITUATIONS.items() for phrase in phrases_of(told)})

    def __call__(self, step: int, rng: np.random.Generator) -> list[list[Row]]:
        config, count = self.config, len(self.specs)
        seen = [self._seen(row, rng) for row in batch_rows(count, config.batch, step, config.seed).tolist()]
        told = [self._told(rng) for _ in range(config.dictionary)]
        return [rows for rows in (seen, told) if rows]

    def _seen(self, row: int, rng: np.random.Generator) -> Row:
        spec = self.specs[row]
        if rng.random() >= self.config.formal:
            prompt, text = self._general, telling.describe(spec, rng)
        else:
            shown = spec.caption if rng.random() < 0.5 else None
            prompt = prompt_ids(self._tokenizer, llava.keyword_prompt(shown), self._image_tokens)
            text = telling.formal_keywords(spec, rng)
        return Row(row, prompt, (answer_ids(self._tokenizer, text),), labels_of(spec))

    def _told(self, rng: np.random.Generator) -> Row:
        phrase, name = self._phrases[int(rng.integers(len(self._phrases)))]
        return Row(None, (llava.BOS,), (answer_ids(self._tokenizer, telling.meaning(phrase, name, rng)),))


def labels_of(spec: StickerSpec) -> tuple[int, ...]:
    """The sticker's style, character and situation as classes."""
    values = (telling.STYLE_PHRASES, telling.CHARACTER_PHRASES, SITUATIONS)
    shown = (spec.style, spec.character, spec.situation)
    return tuple(list(known).index(value) for known, value in zip(values, shown, strict=True))


#: Number of classes of each attribute head, in the order of `labels_of`.
CLASSES = (len(telling.STYLE_PHRASES), len(telling.CHARACTER_PHRASES), len(SITUATIONS))


def phrases_of(situation: Any) -> tuple[str, ...]:
    """Phrases that are typed or written for a situation."""
    return (*situation.queries, *situation.captions_zh, *situation.captions_en)
