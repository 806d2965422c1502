"""Where a build reads and writes, looked at before any work: a mistake in the last step would cost all of it."""

from __future__ import annotations

from pathlib import Path

from persrv.bundle import require_replaceable
from persrv.errors import DataError


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
