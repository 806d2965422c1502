"""An import that is killed again and again, wherever it happens to be: it goes on every time, to the same bundle."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from persrv.bundle import Bundle, verify
from precompute.demo.art.fonts import FONTS

pytestmark = pytest.mark.slow(seconds=45)

ROOT = Path(__file__).resolve().parents[3]
PICTURES = 5

#: Files that a run may add to the cache before it is killed.
STEP = 5

#: Seconds that whatever must happen may take on a busy machine.
PATIENCE = 900


def test_killed_again_and_again_it_ends_with_the_same_bundle(tmp_path: Path) -> None:
    (tmp_path / "stickers").mkdir()
    font = ImageFont.truetype(FONTS["noto-sans"].path, 56, index=FONTS["noto-sans"].index)
    for number in range(PICTURES):
        picture = Image.new("RGB", (900 if number == 0 else 320, 160), "white")
        ImageDraw.Draw(picture).text((20, 40), f"WORD {number}", fill="black", font=font)
        picture.save(tmp_path / "stickers" / f"word{number}.png")
    kills = 0
    while killed(tmp_path):
        kills += 1
        if (tmp_path / "bundle").exists():  # it was killed between its last deed and its end
            assert list(verify(tmp_path / "bundle")) == [], "a bundle is there when it is whole"
        assert kills < PATIENCE, "it never gets further"
    assert kills >= 2
    assert list(verify(tmp_path / "bundle")) == []
    assert subprocess.run(command(tmp_path, "reference"), cwd=ROOT, check=False, timeout=PATIENCE).returncode == 0
    wanted = Bundle.open(tmp_path / "reference")
    assert Bundle.open(tmp_path / "bundle").content_hash == wanted.content_hash
    assert [sticker.ocr for sticker in wanted.stickers] == [f"WORD {number}" for number in range(PICTURES)]


def killed(folder: Path) -> bool:
    """Run the command until it has added STEP files to the cache, then kill it; False where it ended before."""
    before = len(files(folder))
    with subprocess.Popen(command(folder, "bundle"), cwd=ROOT, stderr=subprocess.PIPE, text=True) as running:
        end = time.monotonic() + PATIENCE
        while running.poll() is None and len(files(folder)) < before + STEP:
            assert time.monotonic() < end, "it does nothing"
            time.sleep(0.005)
        if running.poll() is None:
            running.kill()
            return True
        assert running.stderr is not None
        assert running.returncode == 0, running.stderr.read()
    return False


def files(folder: Path) -> list[Path]:
    """Files of the cache; names of work in progress begin with a dot."""
    return [path for path in (folder / "work bundle").rglob("*") if path.is_file() and not path.name.startswith(".")]


def command(folder: Path, name: str) -> list[str]:
    build = [sys.executable, "-m", "precompute", "build", "--images", str(folder / "stickers")]
    return [*build, "--out", str(folder / name), "--work", str(folder / f"work {name}")]
