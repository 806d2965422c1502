"""The likeliest answers of a LLaVA: a beam search over many pictures at once that reads each prompt once.

transformers' own beam search reads every prompt, with its picture, once for each beam. Here the prompt is read once,
and its keys and values are shared by the beams.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from persrv.models.beam_search import Beam, Question, searching
from persrv.models.encoders import on_white_square
from persrv.records import FloatArray
from precompute.caption_record import SEPARATOR
from precompute.models.answering import Answer, Speaker
from precompute.models.small.llava import decode, load, speaker

if TYPE_CHECKING:
    import torch
    from PIL.Image import Image
    from transformers import LlavaProcessor


def likeliest(
    model: Any, processor: LlavaProcessor, pictures: Sequence[Image], prompts: Sequence[str], count: int, most: int
) -> list[list[Answer]]:
    """The `count` likeliest answers of at most `most` tokens to each (picture, prompt), best first. Answers are
    compared by the probability of the whole answer, not of the mean token (rules in persrv.models.beam_search).
    """
    import torch

    squares = [on_white_square(picture) for picture in pictures]
    inputs = processor(images=squares, text=list(prompts), padding=True, return_tensors="pt").to(model.device)
    tokenizer = processor.tokenizer
    with torch.inference_mode():
        reader = _Reader.start(model, inputs)
        searches = [
            _Search(searching(logits, count, most, tokenizer.eos_token_id), place)
            for place, logits in enumerate(reader.logits)
        ]
        while waiting := [search for search in searches if search.asks()]:
            rows = [search.start + row for search in waiting for row in search.question[0]]
            tokens = [token for search in waiting for token in search.question[1]]
            logits = reader.read(rows, tokens)
            start = 0
            for search in waiting:
                start = search.answer(logits, start)
    return [[Answer(decode(tokenizer, beam.ids), beam.score) for beam in search.found] for search in searches]


def load_likeliest(folder: Path, count: int) -> Speaker:
    """The small model in `folder`, listing its `count` likeliest answers; the first one says how sure it is."""
    model, processor = load(folder)

    def listed(pictures: Sequence[Image], prompts: Sequence[str], most: int) -> list[Answer]:
        found = likeliest(model, processor, pictures, prompts, count, most)
        return [Answer(SEPARATOR.join(one.text for one in some), some[0].sure) for some in found]

    return speaker(listed)


class _Search:
    """The search for one picture among many: its question, and the place of its texts in the batch read last."""

    def __init__(self, asking: Generator[Question, FloatArray, list[Beam]], start: int) -> None:
        self._asking = asking
        self.start = start
        self.question: Question = ([], [])
        self.found: list[Beam] = []
        self._take(None)

    def asks(self) -> bool:
        return bool(self.question[0])

    def answer(self, logits: FloatArray, start: int) -> int:
        """Take the logits of this search from `start` on, and return where they end."""
        end = start + len(self.question[0])
        self.start = start
        self._take(logits[start:end])
        return end

    def _take(self, logits: FloatArray | None) -> None:
        try:
            self.question = next(self._asking) if logits is None else self._asking.send(logits)
        except StopIteration as done:
            self.question, self.found = ([], []), done.value


@dataclass(slots=True, eq=False)
class _Reader:
    """A batch of texts as far as a model has read them. logits: (B, V) for the next token; seen: (B, L) whether a token
    is text or padding; memory: the model's cache.
    """

    model: Any
    logits: FloatArray
    seen: torch.Tensor
    memory: Any

    @classmethod
    def start(cls, model: Any, inputs: Any) -> _Reader:
        """Read the prompts, padded on the left."""
        seen = inputs["attention_mask"]
        out = model(
            input_ids=inputs["input_ids"],
            attention_mask=seen,
            pixel_values=inputs["pixel_values"],
            position_ids=(seen.cumsum(1) - 1).clamp(min=0),
            use_cache=True,
            logits_to_keep=1,
        )
        return cls(model, out.logits[:, -1].float().cpu().numpy(), seen, out.past_key_values)

    def read(self, rows: Sequence[int], tokens: Sequence[int]) -> FloatArray:
        """Continue text rows[i] by tokens[i], for every i; all other texts are dropped."""
        import torch

        chosen = torch.tensor(rows, device=self.seen.device)
        self.memory.reorder_cache(chosen)
        before = self.seen[chosen]
        self.seen = torch.cat([before, torch.ones_like(before[:, :1])], 1)
        out = self.model(
            input_ids=torch.tensor(tokens, device=before.device)[:, None],
            attention_mask=self.seen,
            position_ids=before.sum(1, keepdim=True),
            past_key_values=self.memory,
            use_cache=True,
        )
        self.memory = out.past_key_values
        self.logits = out.logits[:, -1].float().cpu().numpy()
        return self.logits
