"""Write what is generated in the documents, or check that it is current.

docs/results.md and README.md's five lines of results come from assets/demo and docs/measurements.json, the lists of
docs/architecture.md from pyproject.toml and the docstrings of the folders.

python scripts/readme.py            # write them
python scripts/readme.py --check    # change nothing; exit with 1 and a sentence when one of them is out of date
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from result_tables import english, interval, results
from rooms import layers, tree

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
RESULTS = ROOT / "docs" / "results.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
BUNDLE = ROOT / "assets" / "demo"
MEASUREMENTS = ROOT / "docs" / "measurements.json"

HEAD = """\
<!-- Written by scripts/readme.py from assets/demo and docs/measurements.json. Do not edit by hand. -->

# Results

How the figures come about: people and clicks are [simulated](simulation.md), each method is judged on test clicks that
nothing was fitted or chosen on, and benchmarks write what they measured into `docs/measurements.json`.
"""


def gains(sections: Mapping[str, Any]) -> list[str]:
    """Lines on the gains of personalization, utility and fine-tuned captions in M-MRR@10; none if not evaluated."""
    found = sections.get("comparison")
    if found is None:
        return []
    tables = {each["name"]: each for each in found["tables"]}
    new, paper = gains_over(tables, "new"), gains_over(tables, "paper")
    parts = {
        "w/o personalization": "Personalization",
        "w/o utility": "Utility",
        "w/o fine-tuning": "Captions fine-tuned on clicks, against the base model's",
    }
    told = []
    for row, part in parts.items():
        gained = []
        if row in new:
            gained.append(f"{interval(new[row])} on stickers new to the question")
        if row in paper:
            gained.append(f"{interval(paper[row])} under the paper's protocol")
        if gained:
            told.append(f"**{part}**, {english(found['data'])}: M-MRR@10 {', '.join(gained)} (95 % intervals).")
    return told


def gains_over(tables: Mapping[str, Any], protocol: str) -> dict[str, Mapping[str, float]]:
    """Method -> what PerSRV gains over it in M-MRR@10 under a protocol, "new" or "paper"."""
    rows = tables.get(f"{protocol} tests M-MRR@10", {}).get("rows", ())
    return {row["name"]: row["figures"]["gain"] for row in rows}


def latencies(measured: Mapping[str, Any]) -> list[str]:
    """A line on the embedded bundle and one on the large catalogue, as far as they were measured."""
    told = []
    if "page" in measured and "search" in measured:
        page, search = measured["page"], measured["search"]["ms"]["search, personalized, 20 hits explained"]
        told.append(
            f"**Speed**, {page['cores']} cores: from key press to results in the browser {key_to_results(page)}; a "
            f"personalised, explained search in the library {search['p50']:.2f} ms (p50), {search['p99']:.2f} ms (p99)."
            f"{with_meaning(measured.get('everyday', {}))}"
        )
    if "catalogue" in measured:
        found = measured["catalogue"]
        shown = measured.get("page_large")
        page_too = f"; from key press to results in the browser {key_to_results(shown)}" if shown else ""
        told.append(
            f"**{found['n']:,} generated stickers**, {found['machine']['cores']} cores: the same search "
            f"{found['p50_ms']:.2f} ms (p50), {found['p99_ms']:.2f} ms (p99){page_too}."
        )
    return told


def with_meaning(everyday: Mapping[str, Any]) -> str:
    """Sentence on the duration of an everyday query in the library, if it was measured (benchmarks/everyday.py)."""
    if not everyday:
        return " The page with meaning, the library by words alone, as measured before: encoding a query comes on top."
    new, seen = everyday["ms"]["new"], everyday["ms"]["seen before"]
    return (
        f" By words and meaning, an everyday query that is new takes {new['p50']:.1f} ms (p50), {new['p99']:.1f} ms "
        f"(p99), its encoding included; one seen before {seen['p50']:.1f} and {seen['p99']:.1f} ms."
    )


def key_to_results(page: Mapping[str, Any]) -> str:
    """Milliseconds from a key press to the results it brings."""
    return f"{page['key_to_results_ms_p50']:.0f} ms (p50), {page['key_to_results_ms_p95']:.0f} ms (p95)"


def documents() -> dict[Path, str]:
    """Map each generated document to its text."""
    manifest = json.loads((BUNDLE / "bundle.json").read_text(encoding="utf-8"))
    evaluation = json.loads((BUNDLE / "evaluation.json").read_text(encoding="utf-8"))
    measured = json.loads(MEASUREMENTS.read_text(encoding="utf-8"))
    lines = [f"- {line}" for line in (*gains(evaluation.get("sections", {})), *latencies(measured))]
    readme = README.read_text(encoding="utf-8")
    architecture = ARCHITECTURE.read_text(encoding="utf-8")
    return {
        RESULTS: f"{HEAD}\n{results(manifest, evaluation, measured)}\n",
        README: filled(readme, "results", "\n".join(lines)),
        ARCHITECTURE: filled(filled(architecture, "layers", layers(ROOT)), "tree", tree(ROOT)),
    }


def filled(document: str, name: str, content: str) -> str:
    """The document with new content between `<!-- name: ... -->` and `<!-- /name -->`."""
    block = rf"(<!-- {name}:[^>]*-->\n).*?(<!-- /{name} -->)"
    return re.sub(block, lambda found: f"{found[1]}{content}\n{found[2]}", document, flags=re.DOTALL)


def main() -> int:
    """Write or check."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="change nothing, fail when a document is out of date")
    check = parser.parse_args().check
    outdated = {
        path: text
        for path, text in documents().items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    }
    if outdated and check:
        names = " and ".join(str(path.relative_to(ROOT)) for path in outdated)
        sys.stderr.write(f"{names}: out of date: run `python scripts/readme.py`.\n")
        return 1
    for path, text in outdated.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
