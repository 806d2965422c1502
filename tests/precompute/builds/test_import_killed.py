"""An import that is killed, or interrupted, in the middle: the same command goes on, and the old bundle stays whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest
from held import held
from PIL import Image, ImageDraw, ImageFont

from persrv.bundle import Bundle, verify
from precompute.__main__ import INTERRUPTED
from precompute.demo.art.fonts import FONTS

pytestmark = pytest.mark.slow(seconds=45)

ROOT = Path(__file__).resolve().parents[3]
#: Too few for a map, whose compiler would take longer than all the rest.
PICTURES = 7
CLICKS = "uid,query,docid\nann,one,word01\nbob,two,word02\nbob,three,word03\n"

#: Seconds that whatever must happen may take on a busy machine.
PATIENCE = 900


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures with words on them, a handful of them apart, and clicks."""
    root = tmp_path_factory.mktemp("killed")
    font = ImageFont.truetype(FONTS["noto-sans"].path, 56, index=FONTS["noto-sans"].index)
    for number in range(PICTURES):
        picture = Image.new("RGB", (320, 160), "white")
        ImageDraw.Draw(picture).text((20, 40), f"WORD {number}", fill="black", font=font)
        for name in ("many", "few")[: 2 if number < 3 else 1]:
            (root / name).mkdir(exist_ok=True)
            picture.save(root / name / f"word{number:02}.png")
    (root / "clicks.csv").write_text(CLICKS, encoding="utf-8")
    return root


def command(folder: Path, images: str, out: str, work: str) -> list[str]:
    build = [sys.executable, "-m", "precompute", "build", "--images", str(folder / images)]
    places = ["--interactions", str(folder / "clicks.csv"), "--out", str(folder / out), "--work", str(folder / work)]
    return [*build, *places]


def finished(folder: Path, images: str, out: str, work: str) -> str:
    """Run the command to its end; the content hash of its bundle."""
    build = command(folder, images, out, work)
    done = subprocess.run(build, cwd=ROOT, check=False, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return Bundle.open(folder / out).content_hash


def stopped(folder: Path, beginning: str, number: signal.Signals) -> tuple[int, str]:
    """Start the command, send the signal where it says that it is in the middle of a stage; its exit code and words.

    A kill hits the process alone, Ctrl-C all that the terminal started. Whoever runs the tests in the background of a
    shell has SIGINT ignored and would hand that on; what is handled here is not ignored there.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        running = subprocess.Popen(
            held(beginning, command(folder, "many", "bundle", "work")[3:]),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    finally:
        signal.signal(signal.SIGINT, before)
    try:
        assert running.stderr is not None
        told = next((line for line in running.stderr if line.startswith(beginning) and " of " in line), "")
        assert told, f"it never said {beginning!r}"
        if number == signal.SIGKILL:
            running.kill()
        else:
            os.killpg(running.pid, number)
        code = running.wait(PATIENCE)
        assert _ended(running.pid), "a worker outlived its parent"
        return code, running.stderr.read()
    finally:
        for member in _members(running.pid):
            os.kill(member, signal.SIGKILL)


def _ended(group: int) -> bool:
    """Return whether every process of a group ends in time."""
    end = time.monotonic() + PATIENCE
    while _members(group) and time.monotonic() < end:
        time.sleep(0.05)
    return not _members(group)


def _members(group: int) -> list[int]:
    """The processes of a group that still run: zombies that nobody collects do not."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = path.read_text().rpartition(")")[2].split()[:3]
        except (OSError, ValueError):  # it has ended meanwhile
            continue
        if int(its_group) == group and state not in "ZX":
            found.append(int(path.parent.name))
    return found


def finished_batches(folder: Path, stage: str) -> dict[tuple[str, int], int]:
    """Finished batches of a stage, by file name and time of writing -> number of pictures."""
    found = {}
    for path in (folder / "work" / stage).rglob("*.arrow"):
        with pa.memory_map(str(path)) as source:
            found[path.name, path.stat().st_mtime_ns] = pa.ipc.open_file(source).read_all().num_rows
    return found


@pytest.fixture(scope="module")
def old(folder: Path) -> str:
    """An older bundle where the new one shall be; its content hash."""
    return finished(folder, "few", "bundle", "old work")


def test_killed_and_interrupted_the_same_command_finishes_the_same_bundle(folder: Path, old: str) -> None:
    code, _ = stopped(folder, "embed: ", signal.SIGKILL)
    assert code == -signal.SIGKILL
    assert Bundle.open(folder / "bundle").content_hash == old
    assert list(verify(folder / "bundle")) == []
    embedded = finished_batches(folder, "looked")
    assert embedded

    code, told = stopped(folder, "ocr: ", signal.SIGINT)
    assert code == INTERRUPTED
    assert "The same command goes on from here." in told
    assert Bundle.open(folder / "bundle").content_hash == old
    assert list(verify(folder / "bundle")) == []
    read = finished_batches(folder, "read")
    assert 0 < sum(read.values()) < PICTURES

    assert finished(folder, "many", "bundle", "work") == finished(folder, "many", "reference", "other work") != old
    assert list(verify(folder / "bundle")) == []
    for stage, before in (("looked", embedded), ("read", read)):
        after = finished_batches(folder, stage)
        assert before.items() <= after.items(), "what was done before is not done again"
        assert sum(after.values()) == PICTURES
    assert not [path.name for path in folder.iterdir() if path.name.startswith(".")], "nothing half-written is left"
