"""SRS, the sticker response selector (Gao et al. 2020, "Learning to Respond with Stickers"), re-implemented compactly.

The method is trained on a world's training clicks when it is first asked; the network and its training are in
precompute/models/small/srs_network.py and srs_training.py. It differs from the paper because a bundle has no dialogues,
no emoji labels and no pre-trained weights: the dialogue is the query alone, so both sequence models of the fusion see
one utterance, and the convolutional encoder is small, sees 64 pixels, and starts from random weights instead of those
of Inception-v3.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from persrv.files.picture_files import open_picture
from persrv.models.encoders import on_white_square
from persrv.records import Text
from precompute.evaluation.methods.contract import Method
from precompute.evaluation.world import World
from precompute.models.small.srs_training import Selector, SrsConfig, train

NOTE = Text(
    "a convolutional encoder of pictures of 64 pixels, trained from random weights; the query is the whole dialogue",
    "卷积编码器从随机权重训练，输入 64 像素的图片；查询就是整段对话",
)


#: The pictures of a larger catalogue would not fit into memory, and a query would take more than a minute.
MOST_STICKERS = 50_000


def left_out(world: World) -> Sequence[Text]:
    """Reason why the world has no row SRS; empty if it has one."""
    if len(world.ids) > MOST_STICKERS:
        return (
            Text(
                f"No row SRS: it is trained only on catalogues of up to {MOST_STICKERS:,} stickers.",
                f"没有 SRS 一行：只在不超过 {MOST_STICKERS:,} 张表情的目录上训练它。",
            ),
        )
    if not all(sticker.image for sticker in world.stickers):
        return (Text("No row SRS: some stickers have no picture.", "没有 SRS 一行：有的表情没有图片。"),)
    return ()


@lru_cache(maxsize=1)  # several sections of one run ask for the methods of the same world
def methods(world: World) -> Sequence[Method]:
    """SRS, fitted on everybody's clicks, because it does not personalize; empty if it cannot run on the world."""
    return () if left_out(world) else (srs(world),)


def srs(world: World, config: SrsConfig | None = None, among: Sequence[str] = ()) -> Method:
    """SRS, to be fitted on the training part of the world's split. config: None for `settings_for` its size; among: the
    ids of the stickers to rank, () for all.
    """
    settings = config or settings_for(len(world.ids))
    ids = tuple(among) or world.ids
    places = np.argsort(np.argsort(np.array(ids)))

    @cache
    def selector() -> Selector:
        return fitted(world, settings).only([world.bundle.row_of[name] for name in ids])

    def rank(_user: str, query: str, k: int) -> list[tuple[str, float]]:
        scores = selector().scores(query)
        return [(ids[row], float(scores[row])) for row in np.lexsort((places, -scores))[:k]]

    return Method("SRS", "sticker ranking", rank, NOTE)


@lru_cache(maxsize=1)
def fitted(world: World, settings: SrsConfig) -> Selector:
    """SRS fitted on the training part of the world's split, over all its stickers."""
    pictures = read_pictures(map(world.bundle.picture, world.ids), settings.network.size)
    return train(world.split.training, world.ids, pictures, settings)


def settings_for(stickers: int) -> SrsConfig:
    """Settings of SRS's training on a catalogue of this number of stickers.

    A small catalogue, all of which one step sees, is trained by one thread: two would wait more than they save.
    """
    usual = SrsConfig()
    return usual if stickers > usual.others else replace(usual, threads=1)


def settings_for_questions(stickers: int) -> SrsConfig:
    """Settings of SRS's training for many short questions: by one thread, since two would wait for each other."""
    return replace(settings_for(stickers), threads=1)


def read_pictures(files: Iterable[bytes], size: int) -> NDArray[np.uint8]:
    """Pixels (N, 3, size, size) uint8 of each picture's first frame on white, padded to a square and scaled."""
    return np.stack([read_picture(content, size) for content in files])


def read_picture(content: bytes, size: int) -> NDArray[np.uint8]:
    with open_picture(io.BytesIO(content)) as picture:
        square = on_white_square(picture)
    return np.asarray(square.resize((size, size), Image.Resampling.BOX)).transpose(2, 0, 1)
