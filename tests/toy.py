"""A toy world whose every ranking can be computed by hand: 12 stickers, 4 styles x 3 situations, 3 people.

Sticker s01..s04 say "laugh", s05..s08 "night", s09..s12 "thanks", each in styles 0, 1, 2, 3. An embedding has 8
numbers: .8 on the axis of its style (0..3) and .6 on that of its situation (4..6), so that cosines are .64 (same
style) + .36 (same situation). Ann's one centroid is the axis of style 0, Bob's of style 1, Cleo has two: styles 2 and
3. A sticker's preference is thus .8 for someone who likes its style, and 0 for everybody else.

"laugh" is in the OCR text of 4 of 12 stickers, one word each, so its BM25 there is ln(1 + 8.5 / 4.5) = 1.0609 for each.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from persrv.bundle import Bundle, BundleContents, write_bundle
from persrv.records import FIELDS, Gate, Interaction, Person, SearchSettings, Sticker, Text, UserStyle

STYLES = ("pixel", "ink", "crayon", "neon")
SITUATIONS = ("laugh", "night", "thanks")
DIMENSIONS = 8
IDS = tuple(f"s{number:02d}" for number in range(1, 13))

#: BM25 of "laugh" (or "night", "thanks") in the field ocr of any sticker that says so.
WORD_BM25 = math.log(1 + 8.5 / 4.5)

PEOPLE = (
    Person("ann", "小安", "Ann", "喜欢像素。", "Likes pixels.", {"pixel": 1.0}),
    Person("bob", "阿波", "Bob", "喜欢水墨。", "Likes ink.", {"ink": 1.0}),
    Person("cleo", "可可", "Cleo", "蜡笔和霓虹都喜欢。", "Likes crayon and neon.", {"crayon": 0.5, "neon": 0.5}),
)

INTERACTIONS = {
    "train": (
        Interaction("ann", "laugh", "s01", 100),
        Interaction("ann", "laugh", "s01", 110),
        Interaction("ann", "laugh", "s02", 120),
        Interaction("bob", "laugh", "s02", 130),
        Interaction("bob", "笑死", "s02", 140),
        Interaction("cleo", "晚安", "s07", 150),
    ),
    "validation": (Interaction("cleo", "thanks", "s12", 160),),
    "test": (Interaction("ann", "night", "s05", 170), Interaction("ann", "night", "s06", None)),
}

#: (clicks, people, queries) of the training interactions; all others are 0.
COUNTS = {"s01": (2, 1, 1), "s02": (3, 2, 2), "s07": (1, 1, 1), "s12": (1, 1, 1)}

#: Only the words in the pictures count: the settings under which the rankings below hold.
OCR_ONLY = SearchSettings(field_weights={name: float(name == "ocr") for name in FIELDS})

#: Ranking of "laugh" under OCR_ONLY, by (person, ranking).
LAUGH = {
    ("ann", "none"): ("s01", "s02", "s03", "s04"),  # equal texts: by id
    ("ann", "utility"): ("s02", "s01", "s03", "s04"),
    ("ann", "personalization"): ("s01", "s02", "s03", "s04"),
    ("ann", "both"): ("s01", "s02", "s03", "s04"),
    ("cleo", "none"): ("s01", "s02", "s03", "s04"),
    ("cleo", "utility"): ("s02", "s01", "s03", "s04"),
    ("cleo", "personalization"): ("s03", "s04", "s01", "s02"),
    ("cleo", "both"): ("s03", "s04", "s02", "s01"),  # (1.0609 + .2098) x 1.8 = 2.2873 before 1.0609 + 1
}

NO_DATA = (math.sqrt(0.1 / 3) + 2 * math.sqrt(0.1 / 2)) / 3
#: Utility (Eq. 5) with equal weights and base .1: s02 has every maximum.
UTILITY = {"s01": (math.sqrt(2 / 3) + 2 * math.sqrt(1 / 2)) / 3, "s02": 1.0, "s03": NO_DATA, "s04": NO_DATA}


def queries_of(sticker: str) -> tuple[str, ...]:
    """Distinct training queries, most clicked first, ties by text."""
    training = INTERACTIONS["train"] + INTERACTIONS["validation"]
    clicked = [i.query for i in training if i.sticker == sticker]
    return tuple(sorted(set(clicked), key=lambda query: (-clicked.count(query), query)))


def stickers() -> tuple[Sticker, ...]:
    """The twelve, situation by situation; s04 moves."""
    return tuple(
        Sticker(
            id=name,
            image=f"images/{name}.webp",
            width=8,
            height=8,
            animated=name == "s04",
            series=STYLES[row % 4],
            labels={"style": STYLES[row % 4], "situation": SITUATIONS[row // 4]},
            ocr=SITUATIONS[row // 4],
            ocr_lines=(),
            keywords_base="",
            keywords="",
            description="",
            emotion="",
            queries=queries_of(name),
        )
        for row, name in enumerate(IDS)
    )


def embeddings() -> NDArray[np.float32]:
    """(12, 8) unit rows: .8 on the style's axis, .6 on the situation's."""
    matrix = np.zeros((len(IDS), DIMENSIONS), np.float32)
    for row in range(len(IDS)):
        matrix[row, row % 4] = 0.8
        matrix[row, 4 + row // 4] = 0.6
    return matrix


def axis(number: int) -> NDArray[np.float32]:
    """The unit vector (8,) along one axis."""
    return np.eye(DIMENSIONS, dtype=np.float32)[number]


def user_styles() -> tuple[UserStyle, ...]:
    """Ann: style 0, Bob: style 1, Cleo: styles 2 and 3."""

    def style(user: str, axes: tuple[int, ...], exemplars: tuple[tuple[str, ...], ...]) -> UserStyle:
        sizes = np.array([len(members) for members in exemplars], np.int32)
        radii = np.full(len(axes), 0.2, np.float32)
        return UserStyle(user, np.stack([axis(a) for a in axes]), sizes, radii, exemplars)

    return (
        style("ann", (0,), (("s01",),)),
        style("bob", (1,), (("s02",),)),
        style("cleo", (2, 3), (("s07",), ("s12",))),
    )


def utility_counts() -> NDArray[np.int32]:
    """(12, 3): clicks, people, queries."""
    return np.array([COUNTS.get(name, (0, 0, 0)) for name in IDS], np.int32)


def draw_images(folder: Path) -> dict[str, Path]:
    """Twelve pictures of 8 x 8 pixels, each of its own colour, with transparency."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for row, name in enumerate(IDS):
        frames = [Image.new("RGBA", (8, 8), (20 * row, 255 - 20 * row, shade, 200)) for shade in (0, 120, 240)]
        moves = {"save_all": True, "append_images": frames[1:], "duration": 100} if name == "s04" else {}
        files[name] = folder / f"{name}.webp"
        frames[0].save(files[name], lossless=True, **moves)
    return files


def contents(images: Path, **changes: object) -> BundleContents:
    """Contents of the toy bundle, drawn into the folder `images`; `changes` replace any part."""
    parts: dict[str, object] = {
        "name": "toy",
        "licence": "CC BY 4.0",
        "simulated": True,
        "stickers": stickers(),
        "interactions": INTERACTIONS,
        "people": PEOPLE,
        "embeddings": embeddings(),
        "user_styles": user_styles(),
        "utility_counts": utility_counts(),
        "images": draw_images(images),
        "map_xy": embeddings()[:, :2] * 10,
        "settings": SearchSettings(field_weights={**dict.fromkeys(FIELDS, 1.0), "queries": 0.5}),
        "provenance": {"draw": {"seed": 1, "seconds": 0.1}},
        "gates": {"toy": Gate(value=1.0, goal=0.5, cases=12, passed=True)},
        "evaluation": {"PerSRV": {"R@1": 0.5}},
        "notes": Text.same("A toy."),
    }
    return BundleContents(**{**parts, **changes})  # type: ignore[arg-type]


def write_toy(folder: Path, **changes: object) -> Bundle:
    """The toy bundle at folder/toy, open."""
    return write_bundle(folder / "toy", contents(folder / "drawn", **changes))
