"""The pieces of evidence there are: the list that others add to."""

from __future__ import annotations

from precompute.evaluation import captions, comparison, latency, utility_metrics
from precompute.evaluation.experiments import EXPERIMENTS
from precompute.evaluation.section import Section
from precompute.evaluation.textcheck import section as textcheck

#: In the order in which they are computed and shown.
SECTIONS: tuple[Section, ...] = (
    comparison.SECTION,
    captions.SECTION,
    utility_metrics.SECTION,
    *EXPERIMENTS,
    latency.SECTION,
    textcheck.SECTION,
)
