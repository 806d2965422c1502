"""Plain files: in a bundle nothing is a link, a pipe or a device, since each of these leads out of the bundle.

A bundle comes from anywhere. A link in it would let whoever made it choose a file of this machine to be read, shown on
the page, and served.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from persrv.bundle import layout
from persrv.errors import BundleError

_EXPECTED = "plain files and folders: links and devices lead out of a bundle"


def odd_entries(folder: Path) -> Iterator[str]:
    """Yield the path, relative to a folder, of everything below it that is neither a plain file nor a folder."""
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                elif not entry.is_file(follow_symlinks=False):
                    yield Path(entry.path).relative_to(folder).as_posix()


def require_plain(folder: Path) -> None:
    """Raise a BundleError where anything below a folder is neither a plain file nor a folder, or cannot be listed."""
    try:
        found = next(odd_entries(folder), None)
    except OSError as error:
        raise BundleError(f"{folder} cannot be listed: {error}", "a folder", layout.REBUILD) from error
    if found is not None:
        raise BundleError(f"{folder / found} is no plain file", _EXPECTED, layout.REBUILD)


def plain(folder: Path, name: str) -> Path:
    """The path of a file of a bundle that is about to be read; BundleError where it is no plain file, or any folder on
    the way to it is a link.
    """
    path = folder
    for part in name.split("/"):
        path = path / part
        try:
            mode = path.lstat().st_mode
        except OSError:
            raise BundleError(f"{folder} lacks {name}", "every file of bundle.json", layout.REBUILD) from None
        if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
            raise BundleError(f"{path} is no plain file", _EXPECTED, layout.REBUILD)
    if path.is_dir():
        raise BundleError(f"{path} is a folder", "a plain file", layout.REBUILD)
    return path
