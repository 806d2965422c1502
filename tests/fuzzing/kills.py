"""Builds killed at random moments, seeded: each goes on by the same command, to the same bundle.

    python -m tests.fuzzing.kills [--kills 50] [--seed 1]

Prints how many builds were killed and went on; its exit status is 1 where one did not.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]  # before tests/, which has a folder persrv, too

from PIL import Image, ImageDraw  # noqa: E402

from persrv.bundle import Bundle, verify  # noqa: E402

#: Stickers of a build: too few for a map, whose compiler would take longer than all the rest.
PICTURES = 5


def kill_builds(kills: int, seed: int, folder: Path) -> list[str]:
    """Kill so many builds, each anew, and finish them; a sentence on each that did not go on cleanly."""
    _draw(folder / "stickers")
    start = time.monotonic()
    problems = [told for told in [_finish(folder, "reference")] if told]
    lasts = time.monotonic() - start
    wanted = "" if problems else Bundle.open(folder / "reference").content_hash
    for number in range(kills):
        after = Random(f"{seed} {number}").uniform(0, lasts)
        name = f"killed{number}"
        _kill(folder, name, after)
        told = _finish(folder, name)
        if not told and Bundle.open(folder / name).content_hash != wanted:
            told = "another bundle"
        if told:
            problems.append(f"seed {seed}, build {number}, killed after {after:.2f} s: {told}")
        for left in (folder / name, folder / f"work {name}"):
            shutil.rmtree(left, ignore_errors=True)
    return problems


def _draw(folder: Path) -> None:
    folder.mkdir(parents=True)
    for number in range(PICTURES):
        picture = Image.new("RGB", (320, 160), (40 * number, 90, 200))
        ImageDraw.Draw(picture).text((20, 40), f"WORD {number}", fill="black")
        picture.save(folder / f"word{number}.png")


def _command(folder: Path, name: str) -> list[str]:
    build = [sys.executable, "-m", "precompute", "build", "--images", str(folder / "stickers")]
    return [*build, "--out", str(folder / name), "--work", str(folder / f"work {name}")]


def _kill(folder: Path, name: str, after: float) -> None:
    """Run a build for so many seconds, and kill it; what it had put in place by then is whole."""
    with subprocess.Popen(
        _command(folder, name), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as run:
        try:
            run.wait(after)
        except subprocess.TimeoutExpired:
            run.kill()


def _finish(folder: Path, name: str) -> str:
    """Run a build to its end; what is wrong with it, "" where nothing is."""
    done = subprocess.run(_command(folder, name), cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        return f"exit {done.returncode}: {done.stderr[-500:]}"
    left = [path.name for path in folder.iterdir() if path.name.startswith(f".{name}")]
    return "; ".join([*verify(folder / name), *(f"{each} was left behind" for each in left)])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        problems = kill_builds(options.kills, options.seed, Path(folder))
    print(*problems, f"{options.kills} builds killed, {options.kills - len(problems)} went on cleanly", sep="\n")  # noqa: T201
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
