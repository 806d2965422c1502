"""Renew tests/golden/evaluation.json, what the evaluation says of the toy world. Review the difference, then commit.

python scripts/golden.py
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden" / "evaluation.json"


def measure() -> dict[str, Any]:
    """Section -> table -> row -> column -> value, of the toy world with a few more test clicks than it has."""
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    import toy

    from persrv.records import Interaction
    from precompute.evaluation import comparison, utility_metrics
    from precompute.evaluation.methods import baselines
    from precompute.evaluation.world import Options, World
    from precompute.runtime.progress import silent

    clicks = [("ann", "laugh", "s01"), ("ann", "laugh", "s03"), ("bob", "night", "s06"), ("cleo", "thanks", "s11")]
    test = (*toy.INTERACTIONS["test"], *(Interaction(*click) for click in clicks))
    with tempfile.TemporaryDirectory() as folder:
        bundle = toy.write_toy(Path(folder), interactions={**toy.INTERACTIONS, "test": test})
        world = World.open(bundle, Options(resamples=100))
        found = {
            "comparison": comparison.compare(world, baselines.factory(world), silent),
            "utility": utility_metrics.compute(world, silent),
        }
    return {
        section: {
            table.name: {
                row.name: {column: round(figure.value, 9) for column, figure in row.figures.items()}
                for row in table.rows
            }
            for table in each.tables
        }
        for section, each in found.items()
    }


def main() -> int:
    """Write the file."""
    text = json.dumps(measure(), ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    GOLDEN.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
