"""The overlay: a bundle with its owner's edits applied, its hidden stickers left out, and index and meanings to match.

Nothing is written. A hidden sticker has no row, so that nothing that looks at the catalogue can show it; its record is
kept, so that its owner can get it back.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import replace

import numpy as np
import pyarrow as pa

from persrv.bundle.checks import QUICK_ROWS
from persrv.bundle.edits import Edit, as_computed, by_sticker, edit_from_json, edited, edits_path, read_edits
from persrv.bundle.indexing import index_of, stated_parameters
from persrv.bundle.reader import Bundle
from persrv.errors import DataError
from persrv.ranking.bm25 import FieldIndex
from persrv.records import FIELDS, FloatArray, Sticker, UserStyle
from persrv.text.lexicon import Lexicon, texts_of

#: The key of provenance under which a build lists the edits that it applied.
APPLIED = "edits"

#: Encodes texts to unit rows; None where nothing does: then meanings stay as they are, since nobody searches them.
Encode = Callable[[Sequence[str]], FloatArray] | None


def as_edited(bundle: Bundle, encode: Encode) -> Bundle:
    """Apply the owner's edits, in the file beside the bundle, to an open bundle.

    Unchanged without such a file, on a Space, and above QUICK_ROWS stickers. DataError if the file cannot be read.
    """
    path = edits_path(bundle.path)
    if "SPACE_ID" in os.environ or len(bundle.ids) > QUICK_ROWS or not path.exists():
        return bundle
    return with_edits(bundle, read_edits(path), encode)


def with_edits(bundle: Bundle, edits: Iterable[Edit], encode: Encode) -> Bundle:
    """Apply edits to an open bundle, in place of those that its build applied.

    DataError above QUICK_ROWS stickers, whose index would take too long to make while a person waits.
    """
    told = [edit for edit in edits if edit.says_something]
    images = dict(zip(bundle.ids, bundle.stickers.column("image"), strict=True))
    wanted, applied = by_sticker(told, images), by_sticker(applied_in(bundle), images)
    touched = wanted.keys() | applied.keys()
    if not touched:
        return bundle
    if len(bundle.ids) > QUICK_ROWS:
        raise DataError(
            f"Edits of a catalogue of {len(bundle.ids)} stickers",
            f"at most {QUICK_ROWS}",
            "Build it again to apply them.",
        )
    rows, before = bundle.row_of, bundle.stickers
    said = {rows[name]: _as_wanted(before[rows[name]], applied.get(name), wanted.get(name)) for name in touched}
    whole = replace(bundle, stickers=before.replaced(said))
    shown = _without(whole, {name for name, edit in wanted.items() if edit.hidden})
    return replace(
        shown,
        edits=wanted,
        index=_indexed(bundle, shown.stickers.table),
        meaning=bundle.meaning.of(shown.stickers, encode) if bundle.meaning is not None and encode else bundle.meaning,
        lexicon=None if bundle.lexicon is None else Lexicon.build(map(texts_of, shown.stickers)),
    )


def _without(bundle: Bundle, hidden: Set[str]) -> Bundle:
    """The bundle without the rows of some stickers and the clicks on them. Index, meanings and lexicon stay of all."""
    if not hidden:
        return bundle
    rows = np.array([row for row, name in enumerate(bundle.ids) if name not in hidden], np.intp)
    return replace(
        bundle,
        stickers=bundle.stickers.taken(rows),
        ids=tuple(bundle.ids[row] for row in rows.tolist()),
        interactions=bundle.interactions.without(hidden),
        sends=None if bundle.sends is None else bundle.sends.without(hidden),
        embeddings=bundle.embeddings[rows],
        styles={user: _style_without(style, hidden) for user, style in bundle.styles.items()},
        utility_counts=bundle.utility_counts[rows],
        map_xy=None if bundle.map_xy is None else bundle.map_xy[rows],
        places=None if bundle.places is None else bundle.places.take(rows),
        hidden={name: bundle.stickers[bundle.row_of[name]] for name in sorted(hidden)},
    )


def _style_without(style: UserStyle, hidden: Set[str]) -> UserStyle:
    """The same style, which no hidden sticker stands for."""
    return replace(
        style, exemplars=tuple(tuple(name for name in names if name not in hidden) for names in style.exemplars)
    )


def owners_words(bundle: Bundle, sticker: str) -> tuple[str, ...]:
    """The keywords of a sticker that its owner added, and no model wrote."""
    edit = bundle.edits.get(sticker) or {each.sticker: each for each in applied_in(bundle)}.get(sticker)
    return () if edit is None else edit.words


def applied_in(bundle: Bundle) -> tuple[Edit, ...]:
    """The edits that the build of a bundle applied."""
    told = bundle.provenance.get(APPLIED)
    rows = told.get("applied", ()) if isinstance(told, dict) else ()
    try:
        return tuple(map(edit_from_json, rows))
    except (TypeError, ValueError):  # written by something else than our builds
        return ()


def _as_wanted(sticker: Sticker, applied: Edit | None, wanted: Edit | None) -> Sticker:
    computed = sticker if applied is None else as_computed(sticker, applied)
    return computed if wanted is None else edited(computed, wanted)


def _indexed(bundle: Bundle, table: pa.Table) -> dict[str, FieldIndex]:
    """The index of the fields whose texts differ, and the bundle's own of the others."""
    before = bundle.stickers.table
    return {
        name: bundle.index[name]
        if before.column(name).equals(table.column(name))
        else index_of(table, name, stated_parameters(bundle.manifest, name))
        for name in FIELDS
    }
