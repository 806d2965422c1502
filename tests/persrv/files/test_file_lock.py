"""File locks: one holder at a time, and no holder for ever."""

from __future__ import annotations

import errno
import fcntl
import threading
from pathlib import Path

import pytest

from persrv.errors import DataError
from persrv.files.file_lock import locked


def test_one_at_a_time_and_nothing_is_left(tmp_path: Path) -> None:
    lock = tmp_path / "new folder" / ".lock"
    with locked(lock, "It is taken", "Wait."):
        with (
            pytest.raises(DataError, match=r"It is taken\. Expected one at a time\. Wait\."),
            locked(lock, "It is taken", "Wait."),
        ):
            pass
        assert lock.exists(), "who was refused removes nothing"
    assert list(tmp_path.iterdir()) == [], "nor the folder that was made for it"
    with locked(lock, "It is taken", "Wait."):
        (lock.parent / "work").touch()
    assert list(lock.parent.iterdir()) == [lock.parent / "work"]


def test_what_somebody_left_behind_is_no_lock(tmp_path: Path) -> None:
    (tmp_path / ".lock").write_text("of a process that is long gone")
    with locked(tmp_path / ".lock", "It is taken", "Wait."):
        pass


def test_a_lock_that_was_removed_while_it_was_opened_is_taken_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, lock = tmp_path / ".lock", fcntl.flock
    removed = []

    def late(stream: int, operation: int) -> None:
        if not removed:
            removed.append(path.unlink())  # as its holder does between our opening and our locking
        lock(stream, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    with locked(path, "It is taken", "Wait."), pytest.raises(DataError), locked(path, "It is taken", "Wait."):
        pass
    assert removed == [None]


def test_many_at_once_are_never_two(tmp_path: Path) -> None:
    inside, most, turns = [], [], []

    def work() -> None:
        while len(turns) < 200:
            try:
                with locked(tmp_path / ".lock", "It is taken", "Wait."):
                    inside.append(1)
                    most.append(len(inside))
                    inside.pop()
                    turns.append(1)
            except DataError:
                pass

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1


def test_a_disk_without_locks_is_written_to_with_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def none_here(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none_here)
    with locked(tmp_path / ".lock", "It is taken", "Wait."):
        pass
    assert "No locks available" in caplog.text


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be written to"), locked(tmp_path / "file" / ".lock", "Taken", "Wait."):
        pass
