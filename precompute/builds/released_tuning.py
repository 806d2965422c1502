"""Fine-tuning LLaVA for a folder of stickers: what of the clicks it may learn from, and how its training is shown.

It learns from `TrainInteractions`, the fitting part. After every epoch its keywords are compared with the queries of
validation clicks on stickers that nobody clicked in the fitting part; test clicks are never seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np

from persrv.records import Interaction
from precompute.config import LoraRecipe
from precompute.evaluation.report import Curve, Figure, Findings, Row, Table
from precompute.fit.split import TrainInteractions, ValidationInteractions, training_rows
from precompute.models.released.llava_lora import Example, History, steps_of

#: Points of the curve of losses at most: each is the mean of the steps around it.
_POINTS = 200

#: The section of evaluation.json.
SECTION = "fine-tuning"


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
    found = _examples((row for row in validation if row.sticker not in seen), images, prompt)
    count = min(most, len(found))
    return tuple(found[place * len(found) // count] for place in range(count))


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
        Curve("loss", "Loss of the answers' tokens, by step", "step", "loss (nats a token)", x, y, part="training")
    ]
    if history.recalls:
        epochs = tuple(float(epoch) for epoch in range(len(history.recalls)))
        title = "Keyword recall on held-out stickers, by epoch"
        curves.append(Curve("recall", title, "epoch", "recall", epochs, tuple(history.recalls)))
    rows = [_row(epoch, history, an_epoch) for epoch in range(recipe.epochs + 1)]
    notes = (
        f"LoRA of rank {recipe.rank} on {count} clicked stickers, their training queries as keywords; {recipe.epochs} "
        f"epochs of {an_epoch} steps.",
        f"Recall: the share of validation queries that greedy keywords hold word for word, on {held} stickers that "
        "nobody clicked in what was learnt from."
        if held
        else "Recall: none. No sticker had validation clicks alone.",
        "No epoch was chosen by it: the last adapter is the one that is used.",
    )
    table = Table("epochs", "Every epoch", ("loss", "keyword recall"), tuple(rows))
    return Findings("Fine-tuning LLaVA", "clicks of this bundle", (table,), tuple(curves), notes, {"held out": held})


def thinned(losses: list[float]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Steps and losses, as means of neighbours where there are many."""
    parts = np.array_split(np.arange(len(losses)), min(_POINTS, len(losses)))
    values = np.array(losses)
    return tuple(float(part[-1] + 1) for part in parts), tuple(float(values[part].mean()) for part in parts)


def _row(epoch: int, history: History, an_epoch: int) -> Row:
    """One epoch: the mean loss of its steps, and the recall after it; before the first, the base model's."""
    losses = history.losses[(epoch - 1) * an_epoch : epoch * an_epoch] if epoch else []
    figures = {"loss": Figure(float(np.mean(losses)))} if losses else {}
    if history.recalls:
        figures["keyword recall"] = Figure(history.recalls[epoch])
    return Row(f"after epoch {epoch}" if epoch else "before", figures)
