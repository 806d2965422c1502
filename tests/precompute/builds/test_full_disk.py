"""A disk that is full in the middle of a build: a sentence, and the same command goes on."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from PIL import Image

from precompute.__main__ import main


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    (tmp_path / "stickers").mkdir()
    Image.new("RGB", (9, 9)).save(tmp_path / "stickers" / "a.png")
    work = tmp_path / "work"
    write = Path.write_bytes

    def full(self: Path, content: bytes) -> int:
        if self.is_relative_to(work):
            write(self, content[: len(content) // 2])
            raise OSError(number, "No space left on device", str(self))
        return write(self, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    images, out = str(tmp_path / "stickers"), str(tmp_path / "bundle")
    assert main(["build", "--images", images, "--out", out, "--work", str(work)]) == 2
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("precompute: ")]
    assert len(told) == 1
    assert "The disk is full" in told[0]
    assert "The same command goes on from here" in told[0]
    assert not [path for path in work.rglob(".*") if path.is_file() and path.name != ".lock"], "no half file is left"
    assert not (tmp_path / "bundle").exists()
