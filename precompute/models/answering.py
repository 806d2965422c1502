"""Questions about pictures and their answers: what a small and a released LLaVA have in common, without torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Question:
    """A question about every frame. prompts: one for each frame; most: longest answer in tokens; tuned: whether the
    adapter answers.
    """

    name: str
    prompts: tuple[str, ...]
    most: int
    tuned: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A model's answer about a picture. sure: mean log-probability of its tokens, by which answers are compared; cut:
    whether it ended with the tokens it may have, and not of itself.
    """

    text: str
    sure: float
    cut: bool = False


#: (F, S, S, 3) uint8 frames, questions of each -> question -> an answer a frame.
Speaker = Callable[[NDArray[np.uint8], Sequence[Question]], dict[str, list[Answer]]]


def plain(text: str) -> str:
    """A text of people or pictures with full-width < and >, so that no part of it is read as a token like <image>."""
    return text.replace("<", "＜").replace(">", "＞")
