"""A language model that writes answers by ONNX Runtime: greedily, or its likeliest answers by beam search.

Keys and values of what has been read are kept, so that a step computes one token an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from persrv.errors import ModelError
from persrv.models.beam_search import search
from persrv.models.encoders import onnx_session
from persrv.records import FloatArray

#: Keys and values (layers, B, heads, tokens, width) of B texts that a speaker has read.
Memory = tuple[FloatArray, FloatArray]

_ADVICE = "Rebuild the bundle with `make bundle`, so that it holds its captioner."


class OnnxSpeaker:
    """A language model that writes answers; the smaller id wins among equally likely tokens."""

    def __init__(self, path: Path, eos: int, threads: int = 1) -> None:
        self._session: Any = onnx_session(path, threads)
        self._eos = eos
        given = {entry.name: entry.shape for entry in self._session.get_inputs()}
        written = {entry.name: entry.shape for entry in self._session.get_outputs()}
        shape = given.get("keys", ())
        if len(shape) != 5 or not all(isinstance(shape[place], int) for place in (0, 2, 4)) or "logits" not in written:
            found = f"{path} reads {', '.join(given)} and writes {', '.join(written)}"
            raise ModelError(found, "a caption model with keys and logits", _ADVICE)
        self._shape = (shape[0], shape[2], shape[4])
        #: Number of pieces that the model chooses from; None where the model does not say.
        self.pieces = written["logits"][-1] if isinstance(written["logits"][-1], int) else None

    def read(
        self, texts: Sequence[Sequence[int]], seen: FloatArray, memory: Memory | None = None
    ) -> tuple[FloatArray, Memory]:
        """Logits (B, V) of the token after each of B texts, equally long, and the memory of all of them.

        memory: of the text that each one continues; None at a beginning. seen: the one picture that all texts are
        about.
        """
        ids = np.array(texts, np.int64)
        keys, values = memory or (self._nothing(len(ids)), self._nothing(len(ids)))
        inputs = {"input_ids": ids, "image_embeds": seen, "keys": keys, "values": values}
        logits, more_keys, more_values = self._session.run(["logits", "new_keys", "new_values"], inputs)
        return logits, (np.concatenate([keys, more_keys], 3), np.concatenate([values, more_values], 3))

    def __call__(self, prompt: Sequence[int], seen: FloatArray, most: int, beams: int) -> list[list[int]]:
        """The `beams` likeliest answers to a prompt, best first, or the greedy one for one beam: token ids without the
        end, at most `most`.
        """
        return [self._greedy(prompt, seen, most)] if beams == 1 else self._likeliest(prompt, seen, most, beams)

    def _greedy(self, prompt: Sequence[int], seen: FloatArray, most: int) -> list[int]:
        written: list[int] = []
        logits, memory = self.read([prompt], seen)
        while len(written) < most and (token := int(logits.argmax())) != self._eos:
            written.append(token)
            if len(written) < most:
                logits, memory = self.read([[token]], seen, memory)
        return written

    def _likeliest(self, prompt: Sequence[int], seen: FloatArray, most: int, beams: int) -> list[list[int]]:
        first, memory = self.read([prompt], seen)

        def step(rows: Sequence[int], tokens: Sequence[int]) -> FloatArray:
            nonlocal memory
            keys, values = memory
            logits, memory = self.read([[token] for token in tokens], seen, (keys[:, rows], values[:, rows]))
            return logits

        return [list(beam.ids) for beam in search(first[0], step, beams, most, self._eos)]

    def _nothing(self, count: int) -> FloatArray:
        """Empty keys or values of `count` texts."""
        layers, heads, width = self._shape
        return np.zeros((layers, count, heads, 0, width), np.float32)
