"""Split the same clicks in another way: fit everything on the new training part and choose the settings again.

Fine-tuning has read training clicks of the bundle's own split, some of which another split tests on. So fine-tuned
captions are left out: the keyword field holds what the base model, which saw no click, wrote of the picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from persrv.errors import DataError
from persrv.records import Interaction, Text
from precompute.config import SplitConfig
from precompute.evaluation.world import World
from precompute.fit import split as splits
from precompute.fit.features import choose_settings
from precompute.fit.split import Split
from precompute.runtime.progress import Report

#: Coordinate ascents a split; the pipeline makes more, which would take longer than they are worth here.
SEARCHES = 2

NAMES: dict[str, str] = {
    "interaction": "random, by interaction",
    "pair": "random, by (person, query)",
    "time": "by time",
}

#: Chinese names of the splits.
LABELS: Mapping[str, Text] = {
    NAMES["interaction"]: Text(NAMES["interaction"], "按点击随机划分"),
    NAMES["pair"]: Text(NAMES["pair"], "按（人，查询）随机划分"),
    NAMES["time"]: Text(NAMES["time"], "按时间划分"),
}
LEFT_OUT = Text(
    "Captions: fine-tuned keywords are left out, because fine-tuning has read clicks that this split tests on; the "
    "keyword field holds those of the base model.",
    "配文：不用微调后的关键词，因为微调读过这种划分用来测试的点击；关键词字段里是微调前的。",
)
NO_TIMES = Text("clicks lack times", "点击没有时间")
TOO_FEW = Text("there are too few clicks for it", "点击太少")


def recorded(world: World) -> SplitConfig:
    """Settings by which the bundle was split, from its provenance, else the defaults."""
    stated: dict[str, Any] = world.bundle.provenance.get("split", {}).get("parameters", {})
    default = SplitConfig()
    return SplitConfig(
        method=str(stated.get("method", default.method)),
        test=float(stated.get("test", default.test)),
        validation=float(stated.get("validation", default.validation)),
        seed=int(stated.get("seed", default.seed)),
    )


def divided(world: World, method: str) -> Split:
    """Split all clicks of the world by a method of precompute.fit.split, with the bundle's own shares and seed.

    The bundle's own method returns the bundle's own split. DataError: an unknown method, or a split by time of clicks
    without times.
    """
    config = recorded(world)
    if method == config.method:
        return world.split
    if method == "interaction":
        return splits.by_interaction(world.interactions, config.test, config.validation, config.seed)
    if method == "pair":
        return splits.by_pair(world.interactions, config.test, config.validation, config.seed)
    if method == "time":
        return splits.by_time(world.interactions, config.test, config.validation)
    raise DataError(f"The split {method!r}", f"one of {', '.join(NAMES)}", "Correct --splits.")


def is_enough(parts: Split) -> bool:
    """Return whether a split has clicks to fit on, and clicks on stickers new to the question to choose and to measure
    by.
    """
    stages = ((parts.validation.rows, parts.fitting.rows), (parts.test.rows, parts.training.rows))
    return bool(parts.fitting.rows) and all(_has_news(asked, before) for asked, before in stages)


def _has_news(asked: Sequence[Interaction], before: Sequence[Interaction]) -> bool:
    """Return whether any click is on a sticker that its person had not clicked for the same query before."""
    known = {(row.user, row.query, row.sticker) for row in before}
    return any((row.user, row.query, row.sticker) not in known for row in asked)


def why_not(world: World, method: str) -> Text | None:
    """Reason why a known method cannot divide the world's clicks into parts that are large enough; None if it can."""
    if method == "time" and not all(row.time is not None for row in world.interactions):
        return NO_TIMES
    try:
        parts = divided(world, method)
    except DataError:
        if method not in NAMES:
            raise
        return TOO_FEW  # of pairs there may be fewer than parts
    return None if is_enough(parts) else TOO_FEW


def untuned(world: World) -> World:
    """The world with the base model's keywords in place of the fine-tuned ones."""
    return world.retold(keywords=world.texts["keywords_base"])


def refitted(world: World, parts: Split, report: Report) -> World:
    """Refit a world on a split's training part and choose its settings on the validation part."""
    profile = replace(world.profile, tune=replace(world.profile.tune, searches=SEARCHES))
    choice, _ = choose_settings(parts, world.ids, world.texts, world.embeddings, world.mean, profile, report)
    return world.refit(parts).resettled(choice.settings)
