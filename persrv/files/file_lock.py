"""A lock that one process holds at a time, and that the operating system takes back however its holder ends.

What is locked is the open file. A file that a killed process left behind is not locked, and blocks nobody.
"""

from __future__ import annotations

import errno
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from persrv.errors import DataError

if TYPE_CHECKING:
    from filelock import BaseFileLock

_LOG = logging.getLogger(__name__)

#: Answers of a disk without locks.
_UNKNOWN = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL}


@contextmanager
def locked(path: Path, found: str, advice: str) -> Iterator[None]:
    """Hold the lock file `path` while the block runs. The file is made where it is missing and removed afterwards; so
    is its folder, where that was made for the file and is empty.

    found, advice: the words of the DataError that is raised at once where another process or thread holds the lock. On
    a disk without locks the block runs all the same, with a warning.
    """
    made = not path.parent.exists()
    lock = _taken(path, found, advice)
    try:
        yield
    finally:
        with suppress(OSError):  # Windows removes no open file
            path.unlink()
        lock.release()
        if sys.platform == "win32":
            with suppress(OSError):
                path.unlink()
        if made:
            with suppress(OSError):  # it holds what was worked at
                path.parent.rmdir()


def _taken(path: Path, found: str, advice: str) -> BaseFileLock:
    """Acquire the lock; on a disk without locks, return it unheld after a warning."""
    from filelock import FileLock, Timeout  # here: who only reads bundles need not wait for it

    lock = FileLock(path, timeout=0, thread_local=False, fallback_to_soft=False)
    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except FileNotFoundError:  # its last holder removed the folder after we had made sure of it
            continue
        except Timeout:
            if path.exists():
                raise DataError(found, "one at a time", advice) from None
        except OSError as error:
            if error.errno not in _UNKNOWN:
                raise DataError(f"{path.parent} cannot be written to: {error}", "a folder that can", advice) from error
            _LOG.warning("%s cannot be locked (%s): make sure that nothing else writes there.", path, error)
            return lock
        else:
            return lock
