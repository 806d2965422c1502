"""Read a lock, and ask pip whether every line of it has a wheel for a Python, on a Linux of a Space's kind.

    python scripts/lock.py 3.11 3.12

Nothing is installed. pip asks its index for each wheel's metadata.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

#: Locks of the app, and of all that a Space installs for it.
LOCKS = (ROOT / "requirements.lock", ROOT / "requirements-space.lock")

#: Python alone, without wheels: built where it is installed, by any Python.
WITHOUT_WHEEL = "jieba"

#: Platforms of wheels that a Linux with glibc 2.28 or newer takes, on a 64-bit Intel or AMD processor.
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux2014_x86_64", "manylinux_2_17_x86_64")


def requirements(lock: Path) -> list[str]:
    """The lines of a lock without hashes, e.g. "tzdata==2026.6" or "colorama==0.4.6 ; sys_platform == 'win32'"."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    return [line.removesuffix("\\").strip() for line in lines if re.match(r"[\w.-]+(\[[\w,-]+\])?==", line)]


def versions(lock: Path) -> dict[str, str]:
    """Package, in lower case with hyphens -> version."""
    named = (re.split(r"\s*;|==", line) for line in requirements(lock))
    return {re.sub(r"[-_.]+", "-", name).lower(): version.strip() for name, version, *_ in named}


def without_wheel(lock: Path, python: str) -> str | None:
    """Try to install the lock from wheels on a Python such as "3.12"; return pip's complaint, None if there is none."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--ignore-installed", "--no-deps"]
    wheels = ["--only-binary=:all:", f"--no-binary={WITHOUT_WHEEL}", f"--python-version={python}"]
    platforms = [f"--platform={each}" for each in PLATFORMS]
    with tempfile.TemporaryDirectory() as nowhere:  # older pips ask for a target even where they install nothing
        asked = [*command, *wheels, *platforms, f"--target={nowhere}/there", "--require-hashes", "-r", str(lock)]
        done = subprocess.run(asked, capture_output=True, text=True)
    if done.returncode == 0:
        return None
    errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR:")]
    return (errors or done.stderr.splitlines() or ["pip said nothing"])[-1].removeprefix("ERROR: ")


def main() -> int:
    """Say what lacks a wheel; the exit status is 1 if anything does."""
    found = {(lock.name, python): without_wheel(lock, python) for lock in LOCKS for python in sys.argv[1:]}
    for (lock, python), problem in found.items():
        told = problem or f"a wheel of every line, but for {WITHOUT_WHEEL}"
        sys.stdout.write(f"{lock}, Python {python}: {told}\n")
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main())
