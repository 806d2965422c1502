"""Fine-tuning LLaVA for a folder of stickers: what of the clicks it may learn from, and how its training is shown.

It learns from `TrainInteractions`, the fitting part. After every epoch its keywords are compared with the queries of
validation clicks on stickers that nobody clicked in the fitting part; test clicks are never seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np

from persrv.records import Interaction, Text
from persrv.sampling import evenly
from precompute.config import LoraRecipe
from precompute.evaluation.report import Curve, Figure, Findings, Row, Table
from precompute.fit.split import TrainInteractions, ValidationInteractions, training_rows
from precompute.models.released.llava_lora import Example, History, steps_of

#: Points of the curve of losses at most: each is the mean of the steps around it.
_POINTS = 200

#: The section of evaluation.json.
SECTION = "fine-tuning"

#: Axis of a loss curve.
STEP = Text("step", "步")


def examples(train: TrainInteractions, images: Mapping[str, Path], prompt: Callable[[str], str]) -> tuple[Example, ...]:
    """An example a clicked sticker, by id. DataError for anything but training interactions."""
    return _examples(training_rows(train), images, prompt)


def held_out(
    validation: ValidationInteractions,
    train: TrainInteractions,
    images: Mapping[str, Path],
    prompt: Callable[[str], str],
    most: int,
) -> tuple[Example, ...]:
    """Stickers of validation clicks that no training click is on: `most` of them, at even distances by id."""
    seen = {row.sticker for row in train}
    return tuple(evenly(_examples((row for row in validation if row.sticker not in seen), images, prompt), most))


def _examples(
    rows: Iterable[Interaction], images: Mapping[str, Path], prompt: Callable[[str], str]
) -> tuple[Example, ...]:
    queries: dict[str, set[str]] = {}
    for row in rows:
        queries.setdefault(row.sticker, set()).add(row.query)
    return tuple(Example(name, images[name], prompt(name), tuple(sorted(queries[name]))) for name in sorted(queries))


# ---- how it went ----------------------------------------------------------------------------------------------------


def findings(history: History, count: int, held: int, recipe: LoraRecipe) -> Findings:
    """Loss by step, recall by epoch, as curves and as a table. count, held: stickers learnt from, and held out."""
    an_epoch = steps_of(count, recipe)
    x, y = thinned(history.losses)
    curves = [
        Curve(
            "loss",
            Text("Loss of the answers' tokens, by step", "答案词元的损失，按步"),
            STEP,
            Text("loss (nats a token)", "损失（每词元 nat）"),
            x,
            y,
            part="training",
        )
    ]
    if history.recalls:
        epochs = tuple(float(epoch) for epoch in range(len(history.recalls)))
        title = Text("Keyword recall on held-out stickers, by epoch", "留出的表情上的关键词召回，按轮次")
        curves.append(
            Curve("recall", title, Text("epoch", "轮次"), Text("recall", "召回"), epochs, tuple(history.recalls))
        )
    rows = [_row(epoch, history, an_epoch) for epoch in range(recipe.epochs + 1)]
    notes = (
        Text(
            f"LoRA of rank {recipe.rank} on {count} clicked stickers, their training queries as keywords; "
            f"{recipe.epochs} epochs of {an_epoch} steps.",
            f"秩为 {recipe.rank} 的 LoRA，{count} 张点击过的表情，以训练查询为关键词；"
            f"{recipe.epochs} 轮，每轮 {an_epoch} 步。",
        ),
        Text(
            f"Recall: the share of validation queries that keywords, decoded greedily, contain word for word; on "
            f"{held} stickers that have no click in the fitting part.",
            f"召回：贪心解码的关键词一字不差写出的验证查询的比例；在拟合部分没有点击的 {held} 张表情上。",
        )
        if held
        else Text(
            "Recall: none. No sticker had clicks in the validation part only.",
            "召回：没有。没有只在验证部分有点击的表情。",
        ),
        Text("No epoch was chosen by recall: the last adapter is used.", "没有按召回挑选轮次：用的是最后的适配器。"),
    )
    labels = {"loss": Text("loss", "损失"), "keyword recall": Text("keyword recall", "关键词召回")}
    labels |= {"before": Text("before", "微调前")}
    labels |= {
        f"after epoch {epoch}": Text(f"after epoch {epoch}", f"第 {epoch} 轮后") for epoch in range(1, len(rows))
    }
    columns = ("loss", "keyword recall")
    table = Table("epochs", Text("Every epoch", "各轮次"), columns, tuple(rows), labels=labels)
    title, data = Text("Fine-tuning LLaVA", "微调 LLaVA"), Text("clicks of this bundle", "这个数据包的点击")
    return Findings(title, data, (table,), tuple(curves), notes, {"held out": held})


def thinned(losses: list[float]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Steps and losses, as means of neighbours where there are many."""
    parts = np.array_split(np.arange(len(losses)), min(_POINTS, len(losses)))
    values = np.array(losses)
    return tuple(float(part[-1] + 1) for part in parts), tuple(float(values[part].mean()) for part in parts)


def _row(epoch: int, history: History, an_epoch: int) -> Row:
    """Row of an epoch: the mean loss of its steps, and the recall after the epoch; before the first epoch, the base
    model's recall.
    """
    losses = history.losses[(epoch - 1) * an_epoch : epoch * an_epoch] if epoch else []
    figures = {"loss": Figure(float(np.mean(losses)))} if losses else {}
    if history.recalls:
        figures["keyword recall"] = Figure(history.recalls[epoch])
    return Row(f"after epoch {epoch}" if epoch else "before", figures)
