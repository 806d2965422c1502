"""Two builds in one place: the second says so and leaves, whatever the first is doing."""

from __future__ import annotations

from pathlib import Path

import pytest

from persrv.errors import DataError
from precompute.__main__ import main
from precompute.runtime.preflight import alone


def test_one_build_a_work_folder_and_one_a_bundle(tmp_path: Path) -> None:
    work, out = tmp_path / "work", tmp_path / "bundle"
    with alone(work, out):
        with (
            pytest.raises(DataError, match=r"Another process works in .*work.*--work"),
            alone(work, tmp_path / "other"),
        ):
            pass
        with pytest.raises(DataError, match=r"builds or evaluates .*bundle"), alone(tmp_path / "other work", out):
            pass
        with alone(tmp_path / "other work", tmp_path / "other"), alone(tmp_path / "a stage"):
            pass
    with alone(work, out):
        pass


@pytest.mark.parametrize(
    "command", [["draw", "--profile", "tiny"], ["build", "--profile", "tiny"], ["build", "--images", "stickers"]]
)
def test_a_command_in_anothers_work_folder_stops_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "stickers").mkdir()
    with alone(Path("work")):
        out = ["--out", "bundle"] if command[0] == "build" else []
        assert main([*command, "--work", "work", *out]) == 2
        assert [path.name for path in Path("work").iterdir()] == [".lock"]
    assert "Another process works in work" in capsys.readouterr().err
