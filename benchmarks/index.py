"""Duration and memory of building a catalogue's index: analysing texts, turning counts into lists.

    python benchmarks/index.py BUNDLE [--workers 2]

Reads the stickers of a bundle, builds the five indexes into a temporary folder as the writer does, and says whether
they are those of the bundle, byte by byte. The last line is JSON.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from saved import conclude

from persrv.bundle import layout, tables
from persrv.bundle.indexing import analysts, postings_of, stated_parameters
from persrv.bundle.reader import read_manifest
from persrv.records import FIELDS


def cpu_seconds() -> float:
    """Processor seconds of all processes together, which a busy machine hardly raises, unlike seconds of clock."""
    kinds = (resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in kinds)


def main() -> None:
    """Build, compare, tell."""
    parser = argparse.ArgumentParser(description="Build the indexes of a bundle again, and time it.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--save", type=Path, help="keep the figures in this JSON file too")
    options = parser.parse_args()
    manifest = read_manifest(options.bundle)
    stickers = tables.read_stickers(options.bundle / layout.STICKERS)
    started, analysing, building, same, postings = time.perf_counter(), 0.0, 0.0, True, 0
    with analysts(options.workers) as pool, tempfile.TemporaryDirectory() as scratch:
        for name in FIELDS:
            before = time.perf_counter()
            counted = postings_of(stickers, name, pool)
            between = time.perf_counter()
            index = counted.index(**asdict(stated_parameters(manifest, name)))
            folder = Path(scratch) / name
            folder.mkdir()
            index.save(folder)
            after = time.perf_counter()
            analysing, building = analysing + between - before, building + after - between
            postings += len(index.rows)
            told = f"analysed in {between - before:.1f} s, built in {after - between:.1f} s"
            print(f"{name:12} {len(index.rows):>12,} postings, {told}")
            files = {path.name: layout.sha256_of(path) for path in folder.iterdir()}
            listed = manifest["files"]
            same &= all(listed[f"{layout.INDEX}/{name}/{file}"]["sha256"] == found for file, found in files.items())
            del counted, index
        seconds = time.perf_counter() - started
    figures = {
        "stickers": stickers.num_rows,
        "postings": postings,
        "workers": options.workers,
        "seconds": round(seconds, 1),
        "cpu_s": round(cpu_seconds(), 1),
        "analysing_s": round(analysing, 1),
        "building_s": round(building, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6),
        "peak_mb_of_a_worker": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6),
        "same_bytes": same,
    }
    conclude(figures, "index", options.save)


if __name__ == "__main__":
    main()
