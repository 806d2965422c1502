"""The plan of the demo catalogue: series, situations, captions and which stickers move, all decided by one seed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

import numpy as np

from precompute.demo.situations import SITUATIONS
from precompute.demo.spec import StickerSpec

CHARACTERS = ("cat", "dog", "slime", "panda", "rabbit", "chick", "frog", "seal", "capybara", "dino")
STYLES = ("flat", "manga", "pixel", "ink", "crayon", "glossy", "papercut", "neon")

#: (character, style) pairs that have a series; the others of the 80 have none.
SERIES = 52
#: Per series: situations it lacks, and situations it has twice.
MISSING, TWICE = 3, 3
#: Shares: stickers without caption; captions that are English; stickers that move.
SILENT, ENGLISH, MOVING = 0.27, 0.15, 0.06

#: Situations whose drawings move well.
LIVELY = (
    "laugh", "cry", "cheer", "bye", "hello", "happy", "angry", "cold", "letsgo", "newyear", "congrats", "scared",
    "birthday", "hug", "love", "sleepy", "hungry", "thanks",
)  # fmt: skip


def plan_catalogue(seed: int) -> tuple[StickerSpec, ...]:
    """The catalogue, sorted by id: SERIES series of nearly all situations. Ids reveal nothing of what they name."""
    rng = np.random.default_rng(seed)
    slots = [(*series, situation) for series in plan_series(rng) for situation in plan_situations(rng)]
    captions = plan_captions([situation for *_, situation in slots], rng)
    moving = plan_moving([situation for *_, situation in slots], rng)
    ids = [f"s{number:04d}" for number in rng.permutation(len(slots)) + 1]
    seeds = rng.choice(2**31, len(slots), replace=False).tolist()
    specs = [
        StickerSpec(ids[i], character, style, situation, captions[i], moving[i], seeds[i])
        for i, (character, style, situation) in enumerate(slots)
    ]
    return tuple(sorted(specs, key=lambda spec: spec.id))


def plan_series(rng: np.random.Generator) -> list[tuple[str, str]]:
    """SERIES distinct (character, style) pairs in catalogue order, all characters and styles about equally often.

    The pairs lie on diagonals of the character x style table, whose rows and columns are shuffled first. A full walk
    along the diagonals visits all 80 pairs, so any stretch of it is even in both.
    """
    rows, columns = rng.permutation(len(CHARACTERS)), rng.permutation(len(STYLES))
    walk = [
        (CHARACTERS[rows[i]], STYLES[columns[(i + diagonal) % len(STYLES)]])
        for diagonal in range(len(STYLES))
        for i in range(len(CHARACTERS))
    ]
    return sorted(walk[:SERIES], key=lambda pair: (CHARACTERS.index(pair[0]), STYLES.index(pair[1])))


def plan_situations(rng: np.random.Generator) -> list[str]:
    """The situations of one series: all except MISSING of them; TWICE of them occur twice."""
    order = [list(SITUATIONS)[i] for i in rng.permutation(len(SITUATIONS))]
    return sorted(order[MISSING:] + order[-TWICE:], key=list(SITUATIONS).index)


def plan_captions(situations: Sequence[str], rng: np.random.Generator) -> list[str]:
    """A caption for each sticker, "" for a share SILENT of every situation. All captions of a situation in one language
    are used about equally often.
    """
    captions = [""] * len(situations)
    for situation in SITUATIONS:
        places = [i for i, name in enumerate(situations) if name == situation]
        texts = _captions_of(situation, len(places) - round(SILENT * len(places)), rng)
        for place, text in zip(rng.permutation(places), texts, strict=False):
            captions[place] = text
    return captions


def _captions_of(situation: str, number: int, rng: np.random.Generator) -> list[str]:
    """`number` captions of a situation, a share ENGLISH of them English; each language is dealt like cards."""
    known = SITUATIONS[situation]
    english = round(ENGLISH * number)
    return _deal(known.captions_en, english, rng) + _deal(known.captions_zh, number - english, rng)


def _deal(texts: Sequence[str], number: int, rng: np.random.Generator) -> list[str]:
    deck = cycle([texts[i] for i in rng.permutation(len(texts))])
    return [next(deck) for _ in range(number)]


def plan_moving(situations: Sequence[str], rng: np.random.Generator) -> list[bool]:
    """Choose the stickers that move: the same number (within one) of every lively situation, a share MOVING in all."""
    places = {name: [i for i, situation in enumerate(situations) if situation == name] for name in LIVELY}
    queues = {name: iter(rng.permutation(own).tolist()) for name, own in places.items()}
    chosen = {
        next(queues[name]) for name, _ in zip(cycle(LIVELY), range(round(MOVING * len(situations))), strict=False)
    }
    return [i in chosen for i in range(len(situations))]
