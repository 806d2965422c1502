"""StickerCLIP for a folder of stickers: what of the catalogue it may learn from, and how what it learnt is shown.

Texts are what OCR read, what LLaVA wrote, and what people typed in the fitting clicks: `TrainInteractions` by type, so
that no query of a validation or test click is among them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from persrv.records import Text
from precompute.builds.released_tuning import STEP, thinned
from precompute.caption_record import EMPTY, Caption
from precompute.config import StickerClipRecipe
from precompute.evaluation.report import Curve, Figure, Findings, Row, Table
from precompute.fit.split import TrainInteractions, training_rows
from precompute.models.released.sticker_clip import CUTOFFS, History, StickerTexts, steps_of

#: The section of evaluation.json.
SECTION = "sticker-clip"

#: Sticker820K joins what it knows of a sticker by this, and cuts what OCR read.
JOINED_BY, MOST_OCR = "；", 24

#: Texts that are searched with, as rows of the table call them.
TEXTS, QUERIES = "what is said of a sticker", "what was typed for it"

#: Chinese names of columns and rows.
LABELS: Mapping[str, Text] = {
    "mean": Text("mean", "平均"),
    f"{TEXTS}, before": Text(f"{TEXTS}, before", "描述表情的文字，微调前"),
    f"{TEXTS}, after": Text(f"{TEXTS}, after", "描述表情的文字，微调后"),
    f"{QUERIES}, before": Text(f"{QUERIES}, before", "人们输入的查询，微调前"),
    f"{QUERIES}, after": Text(f"{QUERIES}, after", "人们输入的查询，微调后"),
}


def stickers_with_text(
    ids: Sequence[str],
    images: Mapping[str, Path],
    read: Mapping[str, str],
    captions: Mapping[str, Caption],
    train: TrainInteractions,
) -> tuple[StickerTexts, ...]:
    """The stickers that have any text, in the order of the ids."""
    typed: dict[str, set[str]] = {}
    for row in training_rows(train):
        typed.setdefault(row.sticker, set()).add(row.query)
    found = []
    for name in ids:
        text = annotation(captions.get(name, EMPTY), read.get(name, ""))
        queries = tuple(sorted(typed.get(name, ())))
        if text or queries:
            found.append(StickerTexts(name, images[name], (text,) if text else (), queries))
    return tuple(found)


def annotation(caption: Caption, read: str) -> str:
    """Join all that is known of a sticker to one text, as Sticker820K writes annotations.

    >>> annotation(Caption("一只猫", "开心", "猫", ""), "哈哈")
    '一只猫；开心；猫；哈哈'
    """
    words = caption.keywords or caption.keywords_base
    return JOINED_BY.join(filter(None, (caption.description, caption.emotion, words, read[:MOST_OCR])))


#: Texts of a build, and their sources.
OF_BUNDLE = Text("texts of this bundle", "这个数据包的文字")
TAUGHT = Text(
    "An epoch uses one text of each sticker: OCR and captions as one text, or a query of the fitting clicks.",
    "每轮每张表情用一条文字：识别的文字与配文合成的一条，或拟合点击的一条查询。",
)


def findings(
    history: History,
    learnt: int,
    held: int,
    recipe: StickerClipRecipe,
    data: Text = OF_BUNDLE,
    taught: Text = TAUGHT,
) -> Findings:
    """Recall before and after as a table, the loss as a curve. learnt, held: stickers; taught: what texts they have."""
    x, y = thinned(history.losses)
    rows = [
        _row(f"{what}, {when}", getattr(judged, field))
        for field, what in (("texts", TEXTS), ("queries", QUERIES))
        for when, judged in (("before", history.before), ("after", history.after))
        if getattr(judged, field)
    ]
    steps = steps_of(learnt, recipe)
    notes = (
        Text.joined(
            Text(
                f"Chinese-CLIP fine-tuned on {learnt} stickers for {recipe.epochs} epochs of {steps} steps.",
                f"Chinese-CLIP 在 {learnt} 张表情上微调 {recipe.epochs} 轮，每轮 {steps} 步。",
            ),
            taught,
        ),
        Text(
            f"Recall: the share of texts whose own sticker is among the nearest of {held} that training never saw.",
            f"召回：在训练没见过的 {held} 张表情里，文字所属的表情排在最近的前 k 张的比例。",
        )
        if held
        else Text(
            "Recall: none. There were too few stickers to hold any out.",
            "召回：没有。表情太少，留不出来。",
        ),
        Text(
            "No query of a validation or test click was used; no epoch was chosen: the last one is used.",
            "没有用验证或测试点击的查询；没有挑选轮次：用的是最后一轮。",
        ),
    )
    title = Text("Text to image on held-out stickers", "留出的表情上以文找图")
    table = Table("recall", title, (*(f"R@{k}" for k in CUTOFFS), "mean"), tuple(rows), labels=LABELS)
    title, loss = Text("InfoNCE of a batch, by step", "每批的 InfoNCE，按步"), Text("loss (nats)", "损失（nat）")
    curve = Curve("loss", title, STEP, loss, x, y, part="training")
    title = Text("StickerCLIP: what fine-tuning gains", "StickerCLIP：微调带来的变化")
    return Findings(title, data, (table,), (curve,), notes, {"held out": held})


def _row(name: str, found: Mapping[int, float]) -> Row:
    figures = {f"R@{k}": Figure(value) for k, value in found.items()}
    return Row(name, {**figures, "mean": Figure(float(np.mean(list(found.values()))))})
