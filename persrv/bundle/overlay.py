"""A bundle as its owner says it is: the same rows, with edited texts, and an index and meanings that know them.

Nothing is written. Hidden stickers keep their rows and their records, and are found by nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from persrv.bundle.checks import QUICK_ROWS
from persrv.bundle.edits import Edit, as_computed, by_sticker, edit_from_json, edited
from persrv.bundle.indexing import index_of, stated_parameters
from persrv.bundle.reader import Bundle
from persrv.errors import DataError
from persrv.ranking.bm25 import FieldIndex
from persrv.records import FIELDS, FloatArray, Sticker
from persrv.text.lexicon import Lexicon, texts_of

#: The key of provenance under which a build lists the edits that it applied.
APPLIED = "edits"

#: What a hidden sticker says.
_SILENT: Mapping[str, Any] = {name: "" for name in FIELDS if name != "queries"} | {"keywords_base": "", "queries": ()}

#: Encodes texts to unit rows; None where nothing does: then meanings stay as they are.
Encode = Callable[[Sequence[str]], FloatArray] | None


def with_edits(bundle: Bundle, edits: Iterable[Edit], encode: Encode) -> Bundle:
    """Apply edits to an open bundle, in place of those that its build applied.

    DataError above QUICK_ROWS stickers: making their index anew takes too long while somebody waits.
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
    row_of, stickers = bundle.row_of, bundle.stickers
    shown = {row_of[name]: _as_wanted(stickers[row_of[name]], applied.get(name), wanted.get(name)) for name in touched}
    hidden = frozenset(name for name, edit in wanted.items() if edit.hidden)
    silent = {row: replace(each, **_SILENT) for row, each in shown.items() if each.id in hidden}
    searched = stickers.replaced({**shown, **silent})
    return replace(
        bundle,
        stickers=stickers.replaced(shown) if hidden else searched,
        index=_indexed(bundle, searched.table),
        meaning=bundle.meaning.of(searched, encode) if bundle.meaning is not None and encode else bundle.meaning,
        lexicon=None if bundle.lexicon is None else Lexicon.build(map(texts_of, searched)),
        hidden=hidden,
    )


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
