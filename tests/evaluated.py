"""The sections that a bundle holds, as tests look at them."""

from __future__ import annotations

from collections.abc import Mapping

from persrv.bundle import Bundle
from precompute.evaluation.registry import SECTIONS
from precompute.evaluation.report import Findings, findings_from_json


def sections_of(bundle: Bundle) -> Mapping[str, Findings]:
    """Sections that a bundle holds, in the order of the registry, strangers last."""
    stored = {**bundle.evaluation.get("sections", {}), **bundle.provenance.get("evaluation", {}).get("sections", {})}
    order = [section.name for section in SECTIONS]
    names = sorted(stored, key=lambda name: order.index(name) if name in order else len(order))
    return {name: findings_from_json(stored[name]) for name in names}
