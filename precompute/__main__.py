"""The command line of the pipeline: `build` runs every stage and writes a bundle; each stage can be run by itself."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from persrv.bundle import Gate
    from precompute.pipeline import Build

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0 done, 1 a gate failed under --strict, 2 a mistake that has a sentence, 130 interrupted."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy loads: stages share their work by processes
    os.environ.setdefault("TQDM_DISABLE", "1")  # libraries' own bars; ours says where a stage is
    options = _parser().parse_args(arguments)
    from persrv.errors import PersrvError
    from precompute.config import load_profile
    from precompute.pipeline import Build

    try:
        build = Build(load_profile(options.profile), Path(options.work or f"build/{options.profile}"), sys.stderr)
        if options.stage != "build":
            build.run(options.stage)
            return _tell_gates(build.gates, options.strict)
        return _build(build, Path(options.out), options.strict)
    except PersrvError as error:
        print(f"precompute: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nInterrupted. The same command goes on from here.", file=sys.stderr)
        return INTERRUPTED


def _build(build: Build, out: Path, strict: bool) -> int:
    bundle = build.write(out)
    print(f"{out}: {len(bundle.ids)} stickers, content {bundle.content_hash[:16]}")
    return _tell_gates(build.gates, strict)


def _tell_gates(gates: dict[str, Gate], strict: bool) -> int:
    """A line a gate; the exit code."""
    for name, gate in sorted(gates.items()):
        verdict = "passed" if gate.passed else "FAILED"
        print(f"{verdict}  {name:<28} {gate.value:10.4g}  goal {gate.goal:<8g} {gate.cases} cases")
    failed = [name for name, gate in gates.items() if not gate.passed]
    if failed:
        print(f"{len(failed)} of {len(gates)} gates failed; the bundle says so.", file=sys.stderr)
    return int(strict and bool(failed))


def _parser() -> argparse.ArgumentParser:
    from precompute.config import STAGES, profile_names

    parser = argparse.ArgumentParser(prog="python -m precompute", description="Build a feature bundle, stage by stage.")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--profile", default="demo", help=f"one of {', '.join(profile_names())} (default: demo)")
    shared.add_argument("--work", help="folder of the cache (default: build/<profile>)")
    shared.add_argument("--strict", action="store_true", help="exit with 1 when a gate fails")
    commands = parser.add_subparsers(dest="stage", required=True, metavar="STAGE")
    build = commands.add_parser("build", parents=[shared], help="run all stages and write the bundle")
    build.add_argument("--out", required=True, help="folder of the bundle, replaced when the new one is complete")
    for name, about in STAGES.items():
        commands.add_parser(name, parents=[shared], help=about)
    return parser


if __name__ == "__main__":
    sys.exit(main())
