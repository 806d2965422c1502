"""Run an experiment if there are clicks to choose and to measure by, else return a note that says so."""

from __future__ import annotations

from persrv.records import Text
from precompute.evaluation.experiments import resplit
from precompute.evaluation.report import Findings
from precompute.evaluation.section import Compute
from precompute.evaluation.world import World
from precompute.runtime.progress import Report

NOTHING_TO_MEASURE = Text("An experiment without clicks", "没有点击的实验")
NO_CLICKS = Text(
    "Without training clicks, and validation and test clicks on stickers new to the question, there is nothing to "
    "choose or to measure by.",
    "实验需要训练点击，以及验证和测试里对提问是新的表情上的点击：没有它们，就无从选择，也无从测量。",
)


def answered(compute: Compute, world: World, report: Report) -> Findings:
    """The findings of an experiment, or only a note if the split has too few clicks."""
    if resplit.is_enough(world.split):
        return compute(world, report)
    return Findings(NOTHING_TO_MEASURE, world.data, notes=(NO_CLICKS,))
