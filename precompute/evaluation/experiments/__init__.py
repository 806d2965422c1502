"""The questions that readers of the paper are left with, answered by experiment: one module a question.

`panel` ranks many questions at once, `bench` keeps validation and test apart, `intervals` says what is sure.
"""

from functools import wraps

from persrv.records import Text
from precompute.evaluation.experiments import drift, resplit, sensitivity, splits, style_models, style_spaces
from precompute.evaluation.report import Findings
from precompute.evaluation.section import Compute, Section
from precompute.evaluation.world import World
from precompute.runtime.progress import Report

_SOURCES = (
    "precompute/evaluation/experiments/*.py",
    "precompute/fit/objective.py",
    "precompute/evaluation/significance.py",
    "precompute/fit/integrate.py",
    "precompute/fit/styles.py",
    "precompute/fit/tune.py",
    "precompute/fit/utility.py",
)


def _answerable(compute: Compute) -> Compute:
    """An experiment that says so where there are no clicks to choose or to measure by."""

    @wraps(compute)
    def computed(world: World, report: Report) -> Findings:
        if resplit.is_enough(world.split):
            return compute(world, report)
        return Findings(NOTHING_TO_MEASURE, world.data, notes=(NO_CLICKS,))

    return computed


NOTHING_TO_MEASURE = Text("An experiment without clicks", "没有点击的实验")
NO_CLICKS = Text(
    "Without training clicks, and validation and test clicks on stickers new to the question, there is nothing to "
    "choose or to measure by.",
    "实验需要训练点击，以及验证和测试里对提问是新的表情上的点击：没有它们，就无从选择，也无从测量。",
)


def _experiment(name: str, about: str, compute: Compute, of_machine: bool = False) -> Section:
    return Section(name, about, _answerable(compute), _SOURCES, of_machine)


#: In the order in which they are shown.
EXPERIMENTS: tuple[Section, ...] = (
    _experiment("style_models", "which summary of a person's stickers ranks best", style_models.compute),
    _experiment("style_cost", "what style models cost", style_models.cost, of_machine=True),
    _experiment("style_spaces", "the space of styles, and the authors' mixture of two", style_spaces.compute),
    _experiment("drift", "whether old clicks should count less", drift.compute),
    _experiment("sensitivity", "how much each setting matters", sensitivity.compute),
    _experiment("splits", "how much the way of splitting flatters", splits.compute),
)
