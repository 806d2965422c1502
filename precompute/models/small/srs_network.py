"""The network of SRS: how well a sticker answers a dialogue, read from the sticker's pixels and the dialogue's words.

Sizes in the shapes below: n stickers, each seen as R regions; b dialogues of t utterances of w words; width d.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from persrv.models.srs import PADDING, UNKNOWN
from persrv.models.wordpieces import split_words

if TYPE_CHECKING:
    import torch

#: Pixels in 0..255 are brought to about -2..2.
_GREY, _SPREAD = 127.5, 64.0


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """The sizes of the network. size: a picture's side, a multiple of 16, which gives (size / 16)^2 regions; width: of
    every vector; channels: of the four convolutions; most_words: longer utterances are cut.
    """

    size: int = 64
    width: int = 64
    channels: tuple[int, int, int, int] = (16, 32, 48, 64)
    heads: int = 4
    layers: int = 2
    most_words: int = 12


def vocabulary(queries: Sequence[str]) -> dict[str, int]:
    """Word -> id, in alphabetical order. Each Han character is a word."""
    words = sorted({word for query in queries for word in split_words(query)})
    return {word: number for number, word in enumerate(words, UNKNOWN + 1)}


def build(config: NetworkConfig, words: int) -> torch.nn.Module:
    """Build the network with random weights, for word ids below `words`."""
    import torch
    from torch import nn

    width = config.width

    class StickerEncoder(nn.Module):
        """Convolutions, each halving the sides: regions (n, R, d) and the whole sticker (n, d)."""

        def __init__(self) -> None:
            super().__init__()
            sides = (3, *config.channels)
            self.layers = nn.Sequential(
                *(
                    nn.Sequential(nn.Conv2d(a, b, 3, 2, 1, bias=False), nn.GroupNorm(8, b), nn.ReLU())
                    for a, b in pairwise(sides)
                )
            )
            self.regions = nn.Linear(sides[-1], width, bias=False)
            self.whole = nn.Linear(sides[-1], width, bias=False)

        def forward(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            seen = self.layers((pixels.float() - _GREY) / _SPREAD).flatten(2).transpose(1, 2)
            return self.regions(seen), self.whole(seen.mean(1))

    class UtteranceEncoder(nn.Module):
        """Self-attention over the words of each utterance: ids (b, t, w) -> states (b, t, w, d)."""

        def __init__(self) -> None:
            super().__init__()
            self.words = nn.Embedding(words, width, PADDING)
            self.places = nn.Parameter(torch.zeros(config.most_words, width))
            self.attention = _self_attention(config.layers)

        def forward(self, ids: torch.Tensor) -> torch.Tensor:
            rows = ids.flatten(0, 1)
            empty = rows == PADDING
            told = self.words(rows) * math.sqrt(width) + self.places[: rows.shape[1]]
            return self.attention(told, src_key_padding_mask=empty).view(*ids.shape, width)

    class Fusion(nn.Module):
        """Maps one interaction an utterance (m, t, 5 d) to a score (m,): a GRU sees their order, self-attention what
        belongs together across them; the two are compared, and a second GRU reads the comparison.
        """

        def __init__(self) -> None:
            super().__init__()
            self.near = nn.GRU(5 * width, width, batch_first=True)
            self.narrow = nn.Linear(5 * width, width)
            self.far = _self_attention(1)
            self.bilinear = nn.Linear(width, width, bias=False)
            self.compare = nn.Linear(2 * width, width)
            self.last = nn.GRU(width, width, batch_first=True)
            self.score = nn.Linear(width, 1)

        def forward(self, interactions: torch.Tensor) -> torch.Tensor:
            near, _ = self.near(interactions)
            far = self.far(self.narrow(interactions))
            weight = torch.softmax(far @ self.bilinear(near).transpose(1, 2), dim=-1)
            met = weight @ near
            compared = torch.relu(self.compare(torch.cat([met * far, met - far], dim=-1)))
            _, state = self.last(compared)
            return self.score(state[0])[:, 0]

    class Srs(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.sticker = StickerEncoder()
            self.utterance = UtteranceEncoder()
            self.fusion = Fusion()

        def forward(
            self, regions: torch.Tensor, whole: torch.Tensor, states: torch.Tensor, ids: torch.Tensor
        ) -> torch.Tensor:
            """Scores (m,) of m pairs: regions (m, R, d), whole (m, d); states (m, t, w, d), ids (m, t, w)."""
            return self.fusion(interact(regions, whole, states, ids != PADDING))

    def _self_attention(layers: int) -> nn.Module:
        layer = nn.TransformerEncoderLayer(width, config.heads, 2 * width, 0.0, batch_first=True, norm_first=True)
        return nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)

    return Srs()


def interact(regions: torch.Tensor, whole: torch.Tensor, states: torch.Tensor, present: torch.Tensor) -> torch.Tensor:
    """The deep interaction of each pair of a sticker and an utterance: (m, t, 5 d).

    Every region meets every word: a = region . word / sqrt(d). The weight of a word is that of the region that attends
    to it most, and the weight of a region that of its strongest word. The result is u + s, u * s, u, s and r, where u
    and r are the weighted words and regions and s is the whole sticker. present: (m, t, w), which words are no padding.
    """
    import torch

    affinity = torch.einsum("mrd,mtwd->mtrw", regions, states) / math.sqrt(regions.shape[-1])
    affinity = affinity.masked_fill(~present[:, :, None], -1e4)
    of_words = torch.softmax(affinity, dim=3).amax(2) * present
    of_regions = torch.softmax(affinity, dim=2).masked_fill(~present[:, :, None], 0.0).amax(3)
    u = torch.einsum("mtw,mtwd->mtd", of_words, states)
    r = torch.einsum("mtr,mrd->mtd", of_regions, regions)
    s = whole[:, None].expand_as(u)
    return torch.cat([u + s, u * s, u, s, r], dim=-1)
