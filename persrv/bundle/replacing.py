"""Replacing a bundle at once: the new folder takes the old one's place only when it is whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from persrv.bundle import layout
from persrv.bundle.reader import Bundle
from persrv.errors import DataError
from persrv.files.file_lock import locked

_ADVICE = "Wait until it is done, or choose another folder."


def require_replaceable(target: Path) -> None:
    """Raise a DataError where no bundle may take this place; long builds ask before they begin."""
    if target.is_file():
        raise DataError(f"{target} is a file", "a bundle, or nothing", "Choose another folder.")
    if target.exists() and any(target.iterdir()) and not (target / layout.MANIFEST).is_file():
        raise DataError(f"{target} holds something else", "a bundle, or nothing", "Choose another folder.")


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Yield a hidden sibling folder to write the new bundle into; afterwards open it, and only then rename it to
    `target`.

    An interrupted write leaves the old bundle as it was. An interruption between the two renames leaves the old bundle
    as `.<name>.previous`, which the next writer puts back. DataError, before anything is touched, where `target` holds
    anything but a bundle, or somebody is writing there: two writers would remove each other's siblings. Readers take no
    lock.

    target: resolved, since neither a link to a folder nor "." can be renamed in place of the folder that it means.
    """
    work = target.with_name(f".{target.name}.writing")
    previous = target.with_name(f".{target.name}.previous")
    with locked(target.with_name(f".{target.name}.lock"), f"{target} is being written by another writer", _ADVICE):
        if previous.exists() and not target.exists():  # a writer was killed between its two renames
            previous.rename(target)
        require_replaceable(target)
        for leftover in (work, previous):
            shutil.rmtree(leftover, ignore_errors=True)
        try:
            yield work
            Bundle.open(work)
            if target.exists():
                target.rename(previous)
            work.rename(target)
        except BaseException:
            if previous.exists() and not target.exists():
                previous.rename(target)
            shutil.rmtree(work, ignore_errors=True)
            raise
        shutil.rmtree(previous, ignore_errors=True)
