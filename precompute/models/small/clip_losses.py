"""What the small Chinese-CLIP is asked for: three losses on a batch, blind to combinations that training never shows.

Training lacks whole series, (character, style) pairs. A model that is told "this cat is not glossy" whenever it sees a
cat, because the glossy cats are the held-out ones, learns to rule them out: it then calls an unseen glossy cat flat.
So what was never seen together is never compared: absence from training is no evidence. Together with stronger
augmentation it took the style that texts read from held-out series from .59 to .84 in one trial (docs/decisions.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from precompute.demo.words import ATTRIBUTES, Telling

if TYPE_CHECKING:
    import torch

    from precompute.config import Targets

STYLE, CHARACTER = ATTRIBUTES.index("style"), ATTRIBUTES.index("character")

Mask = NDArray[np.bool_]


# ---- which pairs count ----------------------------------------------------------------------------------------------


def seen_together(labels: NDArray[np.int64], styles: int, characters: int) -> Mask:
    """(styles, characters): which pairs occur among stickers with labels (N, >= 2): style, character, ..."""
    seen = np.zeros((styles, characters), bool)
    seen[labels[:, STYLE], labels[:, CHARACTER]] = True
    return seen


def positives(tellings: list[Telling], labels: NDArray[np.int64]) -> Mask:
    """(B, B): whether text i is right for picture j, whose labels are labels[j] in the order of ATTRIBUTES."""
    right = np.ones((len(tellings), len(labels)), bool)
    for place in range(len(ATTRIBUTES)):
        right &= np.stack([telling.tells[place] for telling in tellings])[:, labels[:, place]]
    return right


def comparable_texts(tellings: list[Telling], labels: NDArray[np.int64], seen: Mask) -> Mask:
    """(B, B): whether text i may count against picture j: the style it tells was seen with the picture's character, and
    the character it tells with the picture's style. labels (B, >= 2) are those of the pictures; text i tells picture i.
    """
    style, character = labels[:, STYLE], labels[:, CHARACTER]
    tells_style, tells_character = (
        np.array([not telling.tells[place].all() for telling in tellings]) for place in (STYLE, CHARACTER)
    )
    fits_style = seen[style[:, None], character[None]] | ~tells_style[:, None]
    fits_character = seen[style[None], character[:, None]] | ~tells_character[:, None]
    return fits_style & fits_character


def comparable_pictures(labels: NDArray[np.int64], seen: Mask) -> Mask:
    """(B, B): whether the style of each of two pictures was seen with the other's character; the diagonal left out."""
    style, character = labels[:, STYLE], labels[:, CHARACTER]
    crossed = seen[style[:, None], character[None]]
    return crossed & crossed.T & ~np.eye(len(labels), dtype=bool)


def possible_answers(labels: NDArray[np.int64], seen: Mask, sizes: tuple[int, ...]) -> tuple[Mask, ...]:
    """Per attribute (B, values): the styles seen with the sticker's character, the characters seen with its style; any
    situation. `sizes`: values per attribute.
    """
    free = [np.ones((len(labels), size), bool) for size in sizes]
    free[STYLE] = seen[:, labels[:, CHARACTER]].T
    free[CHARACTER] = seen[labels[:, STYLE]]
    return tuple(free)


# ---- losses ---------------------------------------------------------------------------------------------------------


def contrastive_loss(logits: torch.Tensor, right: torch.Tensor, counted: torch.Tensor) -> torch.Tensor:
    """Multi-positive InfoNCE, mean of both directions. logits, right, counted: (B, B), rows texts, columns pictures.

    Per row the mean of -log softmax over its right columns, and the same per column; pairs not counted are left out of
    the softmax. Source: SupCon, Khosla et al. 2020, eq. 2, between two towers.
    """
    import torch

    lowest = torch.finfo(logits.dtype).min / 2
    scores = torch.where(counted, logits, lowest)
    share = right.to(logits.dtype)
    to_picture = -(torch.where(right, scores.log_softmax(1), 0) * share / share.sum(1, keepdim=True)).sum(1).mean()
    to_text = -(torch.where(right, scores.log_softmax(0), 0) * share / share.sum(0, keepdim=True)).sum(0).mean()
    return (to_picture + to_text) / 2


def attribute_loss(logits: torch.Tensor, answers: torch.Tensor, possible: torch.Tensor) -> torch.Tensor:
    """Mean cross-entropy of answers (B,) among the possible ones; logits, possible: (B, values)."""
    import torch
    from torch.nn.functional import cross_entropy

    return cross_entropy(torch.where(possible, logits, torch.finfo(logits.dtype).min / 2), answers)


def target_gram(labels: NDArray[np.int64], targets: Targets) -> NDArray[np.float32]:
    """(B, B): the cosine wanted of each two pictures; labels (B, 4): style, character, situation, caption (-1: none).

    Source: our design (see clip_training).
    """
    shared = (labels[:, None] == labels[None]) & (labels[None] >= 0)
    gains = np.array([targets.style, targets.character, targets.situation, targets.caption], np.float32)
    return (shared * gains).sum(-1, dtype=np.float32)


def gram_loss(vectors: torch.Tensor, wanted: torch.Tensor, counted: torch.Tensor) -> torch.Tensor:
    """Mean squared difference between the cosines of unit rows (B, d) and the wanted ones, over the counted pairs."""
    difference = (vectors @ vectors.T - wanted) ** 2 * counted
    return difference.sum() / counted.sum().clamp(min=1)
