"""Checks before a build, of the places it reads and writes, since an error in the last step would cost all the work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from persrv.bundle import require_replaceable
from persrv.errors import DataError
from persrv.files.file_lock import locked


def require_apart(images: Path, out: Path, work: Path) -> None:
    """DataError where the bundle or the cache would lie among the stickers, to be taken for some by the next run, or
    where the new bundle would replace the stickers."""
    folder = images.resolve()
    for option, place in (("--out", out.resolve()), ("--work", work.resolve())):
        if place.is_relative_to(folder):
            raise DataError(f"{option} {place} lies in {images}", "a place outside the stickers", f"Change {option}.")
    if folder.is_relative_to(out.resolve()):
        raise DataError(f"{images} lies in {out}, which is to be replaced", "two places", "Change --out.")


def require_room(out: Path) -> None:
    """DataError where no bundle can be put."""
    require_replaceable(out.resolve())


@contextmanager
def alone(work: Path, out: Path | None = None) -> Iterator[None]:
    """Keep others from building in the work folder, or a bundle at `out`, meanwhile. DataError where somebody does.

    In one work folder a build takes the line that another is just appending for one that a crash cut short, and
    declares files to be done that the other writes anew. At one `out` the evidence of a build would be written into
    the bundle that the other has put there meanwhile. Writing the bundle has a lock of its own, for all writers.
    """
    mine = locked(work / ".lock", f"Another process works in {work}", "Wait until it is done, or change --work.")
    place = nullcontext() if out is None else _building(out.resolve())
    with place, mine:
        yield


def _building(out: Path) -> AbstractContextManager[None]:
    lock = out.with_name(f".{out.name}.building")
    return locked(lock, f"Another process builds or evaluates {out}", "Wait until it is done, or name another folder.")
