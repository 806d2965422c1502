"""Questions about pictures and their answers: what a small LLaVA and a released one have in common, without torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Question:
    """One question of every frame. prompts: one a frame; most: longest answer in tokens; tuned: to the adapter."""

    name: str
    prompts: tuple[str, ...]
    most: int
    tuned: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model wrote for one picture. sure: mean log-probability a token, by which answers are compared."""

    text: str
    sure: float


#: (F, S, S, 3) uint8 frames, questions of each -> question -> an answer a frame.
Speaker = Callable[[NDArray[np.uint8], Sequence[Question]], dict[str, list[Answer]]]


def plain(text: str) -> str:
    """Words of people or of pictures with wide < and >, so that none of them is read as a token like <image>."""
    return text.replace("<", "＜").replace(">", "＞")
