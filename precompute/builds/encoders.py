"""The small Chinese-CLIP at work: every sticker's vector, the encoders that the page runs, and how good both are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from persrv.files.picture_files import open_picture
from persrv.records import Gate
from precompute.demo.situations import SITUATIONS
from precompute.demo.spec import StickerSpec
from precompute.demo.words import world_words
from precompute.models.small import clip, clip_gates, clip_onnx
from precompute.runtime.batch_store import Columns
from precompute.runtime.progress import Report
from precompute.stages.embed import read_vectors, write_vectors

if TYPE_CHECKING:
    from precompute.config import EmbedConfig

#: Folder of the page's models, below the stage's folder.
MODELS = "models"


def write(
    columns: Columns,
    model: Path,
    specs: Sequence[StickerSpec],
    unseen_series: NDArray[np.bool_],
    unseen: NDArray[np.bool_],
    config: EmbedConfig,
    folder: Path,
    report: Report,
) -> dict[str, Any]:
    """Embed every sticker, export the encoders, and judge both on what training never saw.

    model: the folder of the trained model; specs: what the stickers show, in the order of the columns' rows;
    unseen_series, unseen: for each of them, whether training saw nothing of its series, and nothing of its character,
    style and situation together.
    """
    write_vectors(columns, folder, report)
    trained, tokenizer = clip.load(model)
    clip_onnx.export(trained, tokenizer, folder / MODELS)
    words, texts_of = world_words(SITUATIONS), partial(clip.embed_texts, trained, tokenizer)
    found = clip_gates.evaluate(
        np.asarray(read_vectors(folder), np.float32), specs, unseen_series, unseen, texts_of, words, config.seed
    )
    still = [columns.paths[spec.id] for spec in specs if not spec.animated][: config.parity_cases]
    samples = [open_picture(path).convert("RGBA") for path in still]
    texts = [words.annotation(spec) for spec in specs[: config.parity_cases]]
    apart = clip_onnx.parity(trained, tokenizer, folder / MODELS, texts, samples)
    parity = Gate.at_most(apart, config.parity_goal, len(texts) + len(samples))
    return {
        "gates": {name: asdict(gate) for name, gate in {**found.gates, "onnx_difference": parity}.items()},
        "figures": {name: list(figure) for name, figure in found.figures.items()},
    }
