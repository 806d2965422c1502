"""One process at a time: a lock that the operating system takes back when its holder ends, however it ends.

The lock is on an open file, not the file's being there, so a file that a killed process left behind blocks nobody.
"""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from persrv.errors import DataError

_LOG = logging.getLogger(__name__)

#: What a system answers where somebody else has the lock.
_TAKEN = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}


@contextmanager
def locked(path: Path, found: str, advice: str) -> Iterator[None]:
    """Hold the lock file `path`, made where it is missing and gone afterwards, with its folder where that was made for
    it and is empty.

    DataError, at once, where another process or thread holds it: `found` and `advice` are its words. On a disk that
    knows no locks the work is done all the same, with a warning.
    """
    made = not path.parent.exists()
    stream = _taken(path, found, advice)
    try:
        yield
    finally:
        with suppress(OSError):  # Windows removes no open file
            path.unlink()
        stream.close()
        if sys.platform == "win32":
            with suppress(OSError):
                path.unlink()
        if made:
            with suppress(OSError):  # it holds what was worked at
                path.parent.rmdir()


def _taken(path: Path, found: str, advice: str) -> BinaryIO:
    """The lock file, open and locked."""
    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            stream = path.open("ab")
        except FileNotFoundError:  # its last holder removed the folder after we had made sure of it
            continue
        except OSError as error:
            raise DataError(f"{path.parent} cannot be written to: {error}", "a folder that can", advice) from error
        try:
            _lock(stream)
        except OSError as error:
            if error.errno in _TAKEN:
                stream.close()
                raise DataError(found, "one at a time", advice) from None
            _LOG.warning("%s cannot be locked (%s): make sure that nothing else writes there.", path, error)
            return stream
        if _is(stream, path):
            return stream
        stream.close()  # its last holder removed it between our opening and our locking it


def _is(stream: BinaryIO, path: Path) -> bool:
    """Whether the open file is still what the path names."""
    try:
        return os.path.samestat(os.fstat(stream.fileno()), path.stat())
    except OSError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _lock(stream: BinaryIO) -> None:
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(stream: BinaryIO) -> None:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
