"""A small world with enough clicks to experiment on: 48 stickers, 8 words x 6 styles, five people, 400 clicks in time.

Everybody likes one style; "flip" changes their mind half way. Embeddings have 16 numbers: .8 on the axis of the style
(0..5), .6 on that of the word (6..13), and a little noise, so that styles can be told apart. Captions are made up: the
fine-tuned keywords hold the word that people type, the base ones the style.
"""

from __future__ import annotations

import random
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from persrv.bundle import Bundle, BundleContents, write_bundle
from persrv.records import Interaction, Person, SearchSettings, Sticker, Text
from precompute.config import Profile, SplitConfig, StylesConfig, TuneConfig
from precompute.fit import split
from precompute.fit.features import fit
from precompute.fit.styles import catalogue_mean

WORDS = ("laugh", "night", "thanks", "hungry", "tired", "cool", "sorry", "party")
STYLES = ("ink", "pixel", "crayon", "neon", "manga", "flat")
DAY = 24 * 60 * 60
PEOPLE = (
    Person("ann", "小安", "Ann", "", "", {"style:ink": 1.0}),
    Person("bob", "阿波", "Bob", "", "", {"style:pixel": 1.0}),
    Person("cleo", "可可", "Cleo", "", "", {"style:crayon": 1.0}),
    Person("dan", "阿丹", "Dan", "", "", {"style:neon": 1.0}),
    Person("flip", "小变", "Flip", "", "", {"style:manga": 1.0, "later:style:flat": 1.0}),
)
LIKES = {"ann": "ink", "bob": "pixel", "cleo": "crayon", "dan": "neon"}
IDS = tuple(f"s{number:02d}" for number in range(len(WORDS) * len(STYLES)))

PROFILE = Profile(
    name="clicked",
    title="clicked",
    split=SplitConfig("interaction", 0.2, 0.15, 3),
    styles=StylesConfig(clusters=3, seed=1),
    tune=TuneConfig(
        alpha=(0.0, 1.0, 3.0),
        lambda_=(0.0, 0.5, 2.0),
        utility_weights=((1.0, 0.0, 0.0),),
        utility_base=(0.1,),
        field_weight={"keywords": (0.0, 0.5), "queries": (0.5,)},
        rounds=2,
    ),
)
SETTINGS = SearchSettings(
    field_weights={"ocr": 1.0, "keywords": 0.5, "description": 0.0, "emotion": 0.25, "queries": 0.5},
    lambda_=0.5,
    alpha=1.0,
    recall_size=20,
)


def clicks(number: int = 400, seed: int = 5) -> tuple[Interaction, ...]:
    """Two clicks a day: a word, and the sticker of that word in the person's style, or any other one."""
    rng = random.Random(seed)
    found = []
    for step in range(number):
        person = rng.choice(PEOPLE).id
        word = rng.randrange(len(WORDS))
        liked = LIKES.get(person, "manga" if step < number / 2 else "flat")
        style = STYLES.index(liked) if rng.random() < 0.6 else rng.randrange(len(STYLES))
        query = WORDS[word] if rng.random() < 0.8 else f"{WORDS[word]} {rng.choice(WORDS)}"
        found.append(Interaction(person, query, IDS[word * len(STYLES) + style], 1_700_000_000 + step * DAY // 2))
    return tuple(found)


def embeddings() -> NDArray[np.float32]:
    """(48, 16) unit rows."""
    rows = np.random.default_rng(2).normal(scale=0.05, size=(len(IDS), 16))
    for row in range(len(IDS)):
        rows[row, row % len(STYLES)] += 0.8
        rows[row, len(STYLES) + row // len(STYLES)] += 0.6
    unit: NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def write(folder: Path) -> Bundle:
    """The bundle at folder/clicked, open, fitted on its training clicks by the pipeline's own functions."""
    config = PROFILE.split
    parts = split.by_interaction(clicks(), config.test, config.validation, config.seed)
    vectors = embeddings().astype(np.float16)
    mean = catalogue_mean(vectors)
    fitted = fit(parts.training, IDS, vectors, mean, PROFILE)
    pixel = folder / "pixel.webp"
    Image.new("RGBA", (2, 2)).save(pixel, lossless=True)
    stickers = tuple(
        Sticker(
            id=name,
            image=f"images/{name}.webp",
            width=2,
            height=2,
            animated=False,
            series=STYLES[row % len(STYLES)],
            labels={},
            ocr=WORDS[row // len(STYLES)] if row % 4 else "",
            ocr_lines=(),
            keywords_base=STYLES[row % len(STYLES)],
            keywords=WORDS[row // len(STYLES)],
            description=f"{STYLES[row % len(STYLES)]} picture",
            emotion=WORDS[(row // len(STYLES) + row % 2) % len(WORDS)],
            queries=fitted.queries.get(name, ()),
        )
        for row, name in enumerate(IDS)
    )
    return write_bundle(
        folder / "clicked",
        BundleContents(
            name="clicked",
            licence="CC BY 4.0",
            simulated=True,
            stickers=stickers,
            interactions={
                "train": parts.fitting.rows,
                "validation": parts.validation.rows,
                "test": parts.test.rows,
            },
            people=PEOPLE,
            embeddings=vectors,
            user_styles=fitted.styles,
            utility_counts=fitted.counts,
            images=dict.fromkeys(IDS, pixel),
            style_mean=mean,
            settings=SETTINGS,
            provenance={
                "split": {"parameters": asdict(PROFILE.split)},
                "styles": {"parameters": asdict(PROFILE.styles)},
                "tune": {"parameters": asdict(PROFILE.tune)},
            },
            notes=Text.same("Clicked."),
        ),
    )
