"""A small world with a map worth looking at: 48 stickers, four islands of one style each, two people."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from persrv.bundle import Bundle, BundleContents, write_bundle
from persrv.ranking.styles import fit_user_style, unit_rows
from persrv.records import Interaction, Person, Sticker

STYLES = ("pixel", "ink", "crayon", "neon")
IDS = tuple(f"m{number:02d}" for number in range(48))

#: Rows that each person clicked in training: (row, times). Islands 0 and 1 are Ann's, 2 is Bob's.
CLICKS = {"ann": ((0, 4), (1, 1), (12, 2), (13, 1)), "bob": ((24, 9), (25, 1), (0, 1))}


def style_of(row: int) -> int:
    return row // 12


def places() -> np.ndarray:
    """(48, 2): an island a style, 20 apart, of 4 x 3 points, 2 apart."""
    return np.array(
        [
            (20 * (style_of(row) % 2) + 2 * (row % 4), 20 * (style_of(row) // 2) + 2 * (row % 12 // 4))
            for row in range(48)
        ],
        np.float32,
    )


def vectors() -> np.ndarray:
    """(48, 8) unit rows: the style's axis, and a little of where on its island a sticker lies."""
    rng = np.random.default_rng(5)
    rows = np.zeros((48, 8), np.float32)
    rows[np.arange(48), [style_of(row) for row in range(48)]] = 1
    rows[:, 4:6] = (places() % 20) / 8
    rows[:, 6:] = rng.normal(0, 0.2, (48, 2))
    return unit_rows(rows)


def write_world(folder: Path) -> Bundle:
    """The world at folder/world."""
    folder.mkdir(exist_ok=True)
    images = {}
    for row, name in enumerate(IDS):
        images[name] = folder / f"{name}.webp"
        Image.new("RGB", (64, 64), (5 * row, 80 * (row // 16), 255 - 5 * row)).save(images[name])
    stickers = tuple(
        Sticker(
            id=name,
            image=f"images/{name}.webp",
            width=64,
            height=64,
            animated=False,
            series=STYLES[style_of(row)],
            labels={"style": STYLES[style_of(row)], "character": "cat"},
            ocr="laugh" if row % 2 == 0 else "",
            ocr_lines=(),
            keywords_base="",
            keywords="",
            description="",
            emotion="",
            queries=(),
        )
        for row, name in enumerate(IDS)
    )
    clicks = [
        Interaction(user, "laugh", IDS[row], None)
        for user, rows in CLICKS.items()
        for row, times in rows
        for _ in range(times)
    ]
    counts = np.zeros((48, 3), np.int32)
    for rows in CLICKS.values():
        for row, times in rows:
            counts[row] += (times, 1, 0)
    counts[counts[:, 0] > 0, 2] = 1
    points = vectors()
    return write_bundle(
        folder / "world",
        BundleContents(
            name="islands",
            licence="CC0",
            simulated=True,
            stickers=stickers,
            interactions={"train": clicks},
            people=(
                Person("ann", "小安", "Ann", "喜欢像素。", "Likes pixels."),
                Person("bob", "阿波", "Bob", "喜欢蜡笔。", "Likes crayon."),
            ),
            embeddings=points,
            user_styles=[
                fit_user_style(user, [IDS[row] for row, _ in rows], points[[row for row, _ in rows]], k=2)
                for user, rows in CLICKS.items()
            ],
            utility_counts=counts,
            images=images,
            map_xy=places(),
        ),
    )
