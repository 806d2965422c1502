"""How well do words find stickers by what real people typed? StickerQueries, one query of each sticker held out.

    python benchmarks/analyser.py ../shared/data

Each sticker's other queries are its document; the held-out one searches them. Prints, for our analyser, its
alternatives and what goes beyond a query's own words, the share found in the top 20 (R@20), MRR@20 and the share of
queries that find nothing, of the half of the stickers that no choice was made on. It is the text-only check of
`python -m precompute evaluate --annotations` by itself. The data (MIT licence) is not part of this repository; its
folder is an argument.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from persrv.errors import PersrvError
from precompute.evaluation.console import lines
from precompute.evaluation.report import findings_to_json
from precompute.evaluation.textcheck.section import check
from precompute.runtime.progress import Bar


def main() -> int:
    """Print the tables, the setting, and one last line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("data", type=Path, help="folder of a StickerQueries release")
    parser.add_argument("--resamples", type=int, default=2000, help="of the bootstrap")
    arguments = parser.parse_args()
    start = time.perf_counter()
    bar = Bar("analyser", sys.stderr)
    try:
        found = check(arguments.data, arguments.resamples, seed=1, report=bar)
    except PersrvError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    seconds = time.perf_counter() - start
    bar.close(f"done in {seconds:.1f} s")
    print("\n".join(lines(found)))
    print(json.dumps({"seconds": round(seconds, 1), **findings_to_json(found)}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
