"""The training set of the small Chinese-CLIP: drawings other than the catalogue's, and what is held out of them.

Whole series (a character in an art style) are held out, two of every style, so that a clustering by character cannot
pass for one by style. Some situations of the other series are held out, too. The catalogue's own pictures are never
training pictures: variants have other seeds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from persrv.errors import DataError
from precompute.demo.spec import StickerSpec
from precompute.demo.words import CHARACTER_WORDS, STYLE_WORDS

if TYPE_CHECKING:
    from PIL.Image import Image

    from precompute.demo.situations import Situation

#: Shares of a batch's pictures on white, on some light colour, on some dark one.
BACKGROUNDS = (0.7, 0.15, 0.15)


@dataclass(frozen=True, slots=True)
class VariantPlan:
    """The drawings for training, and what the model must not see before it is evaluated.

    held_out_series: names as in StickerSpec.series; held_out_triples: (character, style, situation) in other series.
    """

    training: tuple[StickerSpec, ...]
    held_out_series: frozenset[str]
    held_out_triples: frozenset[tuple[str, str, str]]

    def unseen_series(self, spec: StickerSpec) -> bool:
        """Return whether training saw nothing of the sticker's series."""
        return spec.series in self.held_out_series

    def unseen(self, spec: StickerSpec) -> bool:
        """Return whether training never saw this character in this style in this situation."""
        return self.unseen_series(spec) or _triple(spec) in self.held_out_triples


# ---- what to draw ---------------------------------------------------------------------------------------------------


def plan_variants(
    catalogue: Sequence[StickerSpec],
    situations: Mapping[str, Situation],
    seed: int,
    per_triple: float = 1.3,
    series_a_style: int = 2,
    triple_share: float = 0.05,
    silent_share: float = 0.3,
) -> VariantPlan:
    """Plan about `per_triple` variants of every character x style x situation that is not held out.

    series_a_style: held-out series of every style; triple_share: held-out share of the catalogue's other triples;
    silent_share: share of variants without caption. DataError if the catalogue is too small to hold anything out.
    """
    rng = np.random.default_rng(seed)
    series = hold_out_series(catalogue, series_a_style, rng)
    others = sorted({_triple(spec) for spec in catalogue if spec.series not in series})
    chosen = rng.permutation(len(others))[: round(triple_share * len(others))]
    triples = frozenset(others[place] for place in chosen)
    seeds = _fresh_seeds({spec.seed for spec in catalogue}, rng)
    training: list[StickerSpec] = []
    for character, style, situation in product(CHARACTER_WORDS, STYLE_WORDS, situations):
        if f"{character}-{style}" in series or (character, style, situation) in triples:
            continue
        copies = int(per_triple) + int(rng.random() < per_triple % 1)
        for _ in range(copies):
            caption = _caption(situations[situation], silent_share, rng)
            name = f"variant-{len(training):05d}"
            training.append(StickerSpec(name, character, style, situation, caption, False, next(seeds)))
    return VariantPlan(tuple(training), series, triples)


def hold_out_series(catalogue: Sequence[StickerSpec], a_style: int, rng: np.random.Generator) -> frozenset[str]:
    """`a_style` series of every style of the catalogue, spread over the characters as evenly as chance allows."""
    used: Counter[str] = Counter()
    held = set()
    for style in sorted({spec.style for spec in catalogue}):
        characters = sorted({spec.character for spec in catalogue if spec.style == style})
        if len(characters) <= a_style:
            raise DataError(
                f"The catalogue has {len(characters)} characters in the style {style}",
                f"more than {a_style}, so that some remain to learn the style from",
                "Plan more series of this style.",
            )
        shuffled = [characters[place] for place in rng.permutation(len(characters))]
        for character in sorted(shuffled, key=used.__getitem__)[:a_style]:
            used[character] += 1
            held.add(f"{character}-{style}")
    return frozenset(held)


def _triple(spec: StickerSpec) -> tuple[str, str, str]:
    return spec.character, spec.style, spec.situation


def _caption(situation: Situation, silent_share: float, rng: np.random.Generator) -> str:
    captions = (*situation.captions_zh, *situation.captions_en)
    return "" if rng.random() < silent_share else captions[int(rng.integers(len(captions)))]


def _fresh_seeds(taken: set[int], rng: np.random.Generator) -> Iterator[int]:
    """Yield seeds that neither the catalogue nor an earlier variant has."""
    used = set(taken)
    while True:
        seed = int(rng.integers(2**31))
        if seed not in used:
            used.add(seed)
            yield seed


# ---- drawing --------------------------------------------------------------------------------------------------------


def draw_variant(spec: StickerSpec, size: int) -> NDArray[np.uint8]:
    """The first frame of a variant on its background: (size, size, 3) uint8 RGB."""
    from precompute.demo.draw import draw

    return on_background(draw(spec)[0], background_of(spec.seed), size)


def background_of(seed: int) -> tuple[int, int, int]:
    """The background colour of a variant: mostly white, else light or dark (BACKGROUNDS), decided by its seed."""
    rng = np.random.default_rng((seed, 1))
    kind = int(rng.choice(3, p=BACKGROUNDS))
    low, high = ((255, 256), (200, 256), (16, 72))[kind]
    red, green, blue = rng.integers(low, high, 3).tolist()
    return red, green, blue


def on_background(picture: Image, colour: tuple[int, int, int], size: int) -> NDArray[np.uint8]:
    """The picture over a colour, resized: (size, size, 3) uint8 RGB."""
    from PIL import Image as pil

    sheet = pil.new("RGBA", picture.size, (*colour, 255))
    sheet.alpha_composite(picture.convert("RGBA"))
    return np.asarray(sheet.convert("RGB").resize((size, size), pil.Resampling.BICUBIC), np.uint8)
