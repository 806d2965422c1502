"""The plan of the small LLaVA's lessons: drawings beside the Chinese-CLIP's variants, and (character, style, situation)
triples held out.

The LLaVA's vision tower starts as the Chinese-CLIP's, so everything held out of the one must be held out of the other.
Of the series that the Chinese-CLIP never saw, the LLaVA is shown two situations in three, because it has to recognise
who is drawn. The remaining third, and the Chinese-CLIP's single held-out triples, are unseen by both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from precompute.demo.situations import Situation
from precompute.demo.spec import StickerSpec
from precompute.demo.variants import VariantPlan

Triple = tuple[str, str, str]

#: First seed of these drawings: above those of the catalogue and of the variants, which are below 2 ** 31.
FIRST_SEED = 2**31


@dataclass(frozen=True, slots=True)
class LessonPlan:
    """The lessons beside the variants. extra: drawings; held_out: triples (character, style, situation) never shown."""

    extra: tuple[StickerSpec, ...]
    held_out: frozenset[Triple]

    def unseen(self, spec: StickerSpec) -> bool:
        """Return whether training never saw this character in this style in this situation."""
        return (spec.character, spec.style, spec.situation) in self.held_out


def plan_lessons(
    variants: VariantPlan,
    situations: Mapping[str, Situation],
    seed: int,
    per_triple: float = 1.3,
    share: float = 1 / 3,
    silent: float = 0.3,
) -> LessonPlan:
    """Plan about `per_triple` drawings of each triple of the Chinese-CLIP's held-out series, except a share `share` of
    the triples, which stays held out.

    silent: share of drawings without caption.
    """
    rng = np.random.default_rng(seed)
    held: set[Triple] = set(variants.held_out_triples)
    extra: list[StickerSpec] = []
    names = tuple(situations)
    for series in sorted(variants.held_out_series):
        character, style = series.split("-")
        hidden = {names[place] for place in rng.permutation(len(names))[: round(share * len(names))]}
        held |= {(character, style, name) for name in hidden}
        for name in names:
            for _ in range(int(per_triple) + int(rng.random() < per_triple % 1)):
                caption = _caption(situations[name], silent, rng)
                if name not in hidden:
                    number = len(extra)
                    extra.append(
                        StickerSpec(f"lesson-{number:05d}", character, style, name, caption, False, FIRST_SEED + number)
                    )
    return LessonPlan(tuple(extra), frozenset(held))


def _caption(situation: Situation, silent: float, rng: np.random.Generator) -> str:
    captions = (*situation.captions_zh, *situation.captions_en)
    return "" if rng.random() < silent else captions[int(rng.integers(len(captions)))]
