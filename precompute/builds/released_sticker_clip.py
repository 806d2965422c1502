"""StickerCLIP for a folder of stickers: what of the catalogue it may learn from, and how what it learnt is shown.

Texts are what OCR read, what LLaVA wrote, and what people typed in the fitting clicks: `TrainInteractions` by type, so
that no query of a validation or test click is among them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from precompute.builds.released_tuning import thinned
from precompute.caption_record import EMPTY, Caption
from precompute.config import StickerClipRecipe
from precompute.evaluation.report import Curve, Figure, Findings, Row, Table
from precompute.fit.split import TrainInteractions, training_rows
from precompute.models.released.sticker_clip import CUTOFFS, History, Told, steps_of

#: The section of evaluation.json.
SECTION = "sticker-clip"

#: Sticker820K joins what it knows of a sticker by this, and cuts what OCR read.
JOINED_BY, MOST_OCR = "；", 24


def told_of(
    ids: Sequence[str],
    images: Mapping[str, Path],
    read: Mapping[str, str],
    captions: Mapping[str, Caption],
    train: TrainInteractions,
) -> tuple[Told, ...]:
    """The stickers of which anything is said, in the order of the ids. read: sticker id -> what OCR read."""
    typed: dict[str, set[str]] = {}
    for row in training_rows(train):
        typed.setdefault(row.sticker, set()).add(row.query)
    found = []
    for name in ids:
        text = annotation(captions.get(name, EMPTY), read.get(name, ""))
        queries = tuple(sorted(typed.get(name, ())))
        if text or queries:
            found.append(Told(name, images[name], (text,) if text else (), queries))
    return tuple(found)


def annotation(caption: Caption, read: str) -> str:
    """What is known of a sticker in one text, as Sticker820K writes it.

    >>> annotation(Caption("一只猫", "开心", "猫", ""), "哈哈")
    '一只猫；开心；猫；哈哈'
    """
    words = caption.keywords or caption.keywords_base
    return JOINED_BY.join(filter(None, (caption.description, caption.emotion, words, read[:MOST_OCR])))


def findings(history: History, learnt: int, held: int, recipe: StickerClipRecipe) -> Findings:
    """Recall before and after as a table, the loss as a curve. learnt, held: stickers."""
    x, y = thinned(history.losses)
    rows = [
        _row(f"{what}, {when}", getattr(judged, field))
        for field, what in (("texts", "what is said of a sticker"), ("queries", "what was typed for it"))
        for when, judged in (("before", history.before), ("after", history.after))
        if getattr(judged, field)
    ]
    notes = (
        f"Chinese-CLIP fine-tuned on {learnt} stickers, one of each one's texts an epoch: OCR and captions in one, and "
        f"fitting queries; {recipe.epochs} epochs of {steps_of(learnt, recipe)} steps.",
        f"Recall: the share of texts whose own sticker is among the nearest of {held} that training never saw."
        if held
        else "Recall: none. There were too few stickers to hold any out.",
        "No validation or test click's query was learnt from; no epoch was chosen: the last is the one that is used.",
    )
    table = Table("recall", "Text to image on held-out stickers", (*(f"R@{k}" for k in CUTOFFS), "mean"), tuple(rows))
    curve = Curve("loss", "InfoNCE of a batch, by step", "step", "loss (nats)", x, y, part="training")
    return Findings("StickerCLIP", "texts of this bundle", (table,), (curve,), notes, {"held out": held})


def _row(name: str, found: Mapping[int, float]) -> Row:
    figures = {f"R@{k}": Figure(value) for k, value in found.items()}
    return Row(name, {**figures, "mean": Figure(float(np.mean(list(found.values()))))})
