"""Understanding of queries as a bundle stores it: the meanings of its texts, and the lexicon of its words and phrases.

Both are optional: an older bundle, or one built without an encoder, is searched by words only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from persrv.arrays import memory_map
from persrv.arrays.memory_map import StoredRows
from persrv.bundle import layout, tables
from persrv.bundle.arrays import read_array
from persrv.bundle.stored_tables import StoredTexts
from persrv.errors import BundleError, ModelError
from persrv.ranking.meaning import CODES_ABOVE, MeaningIndex
from persrv.ranking.near import TextCodes
from persrv.ranking.sketches import Sketches, SketchQuality
from persrv.records import FIELDS
from persrv.sampling import evenly
from persrv.text import lexicon
from persrv.text.lexicon import Lexicon

_TEXTS = pa.schema([pa.field("text", pa.string(), nullable=False)])

#: Tolerance of the length of a stored vector around 1 (above float16 rounding); 0 means a text of no meaning.
_TOLERANCE = 1e-2

#: Vectors that are looked at in one go, and blocks of them that opening looks at.
_BLOCK, _LOOKED_INTO = 1024, 64


def write_understanding(
    folder: Path, meaning: MeaningIndex | None, words: Lexicon | None, sketched: bool = True
) -> SketchQuality | None:
    """Write meanings and lexicon, where they exist, below a bundle's folder; return the measured recall of the sketches
    of texts, None without sketches.

    sketched: whether sketches are written, where the catalogue needs some.
    """
    for part in (layout.MEANING, "tables"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    if words is not None:
        tables.write_table(words.to_table(), folder / layout.LEXICON)
    if meaning is None:
        (folder / layout.MEANING).rmdir()
        return None
    tables.write_table(pa.table({"text": list(meaning.texts)}, schema=_TEXTS), folder / layout.MEANING_TEXTS)
    np.save(folder / layout.MEANING_VECTORS, np.asarray(meaning.vectors, np.float16))
    np.save(folder / layout.MEANING_INDPTR, meaning.indptr)
    np.save(folder / layout.MEANING_TEXT, meaning.text)
    np.save(folder / layout.MEANING_FIELD, meaning.field)
    if not (sketched and _needs_codes(meaning)):
        return None
    sketches = Sketches.build(meaning.vectors)
    parts: tuple[np.ndarray, ...] = sketches.axes, sketches.sizes, sketches.steps, sketches.signs
    for file, array in zip(layout.MEANING_SKETCHES, parts, strict=True):
        np.save(folder / file, array)
    return sketches.tried(meaning.vectors)


def _needs_codes(meaning: MeaningIndex) -> bool:
    return len(meaning.indptr) - 1 > CODES_ABOVE and len(meaning.texts) > 0


def meaning_entry(meaning: MeaningIndex | None, tried: SketchQuality | None) -> dict[str, Any]:
    """Entry of bundle.json about the meanings, and about their sketches if there are any; empty without meanings."""
    if meaning is None:
        return {}
    shape = {"texts": len(meaning.texts), "dimensions": int(meaning.vectors.shape[1])}
    codes = {} if tried is None else {"codes": tried._asdict()}
    return {"meaning": {"encoder": meaning.encoder, **shape, **codes}}


def read_lexicon(folder: Path, manifest: Mapping[str, Any]) -> Lexicon | None:
    """The lexicon of a bundle, None where it has none."""
    if layout.LEXICON not in manifest["files"]:
        return None
    table = tables.read_table(folder / layout.LEXICON, lexicon.SCHEMA)
    try:
        return Lexicon.from_table(table)
    except (KeyError, ValueError) as error:
        raise BundleError(f"{layout.LEXICON} cannot be read: {error}", "a lexicon", layout.REBUILD) from error


def read_meaning(
    folder: Path, manifest: Mapping[str, Any], stickers: int, thorough: bool = False
) -> MeaningIndex | None:
    """The meanings of a bundle of so many stickers, memory-mapped; None where it has none. BundleError where their
    arrays contradict each other. thorough: whether every vector is looked at, however many there are.
    """
    if layout.MEANING_VECTORS not in manifest["files"]:
        return None
    entry = manifest.get("meaning")
    if not isinstance(entry, dict) or not isinstance(entry.get("encoder"), str):
        raise BundleError("bundle.json does not name the encoder of its meanings", '"meaning.encoder"', layout.REBUILD)
    texts = StoredTexts(tables.read_table(folder / layout.MEANING_TEXTS, _TEXTS).column("text"))
    vectors, indptr, text, field = (
        read_array(folder / name)
        for name in (layout.MEANING_VECTORS, layout.MEANING_INDPTR, layout.MEANING_TEXT, layout.MEANING_FIELD)
    )
    sound = (
        vectors.ndim == 2
        and vectors.dtype == np.float16
        and len(vectors) == len(texts)
        and vectors.shape[1] >= 1
        and indptr.dtype == np.int64
        and indptr.shape == (stickers + 1,)
        and indptr[0] == 0
        and bool((np.diff(indptr) >= 0).all())
        and text.dtype == np.int32
        and field.dtype == np.int8
        and text.shape == field.shape == (int(indptr[-1]),)
        and (len(text) == 0 or (int(text.min()) >= 0 and int(text.max()) < len(texts)))
        and (len(field) == 0 or (int(field.min()) >= 0 and int(field.max()) < len(FIELDS)))
        and texts.ascend
        and _are_units(vectors, thorough)
    )
    if not sound:
        found = f"The meanings have {len(texts)} texts, vectors {vectors.dtype} {vectors.shape}, {len(text)} entries"
        raise BundleError(found, f"texts in order, unit vectors, entries of {stickers} stickers", layout.REBUILD)
    memory_map.expect_random(vectors)
    index = MeaningIndex(texts, vectors, indptr, text, field, entry["encoder"])
    if _needs_codes(index):
        return _with_codes(index, folder, manifest)
    return replace(index, texts=list(texts))  # of a small catalogue a search looks at many


def _with_codes(index: MeaningIndex, folder: Path, manifest: Mapping[str, Any]) -> MeaningIndex:
    """The meanings with sketches of their texts or, in an older bundle, with codes; or with the problem why there is
    neither: words alone are searched then.
    """
    if set(layout.MEANING_SKETCHES) <= manifest["files"].keys():
        sketches = Sketches(*(read_array(folder / name) for name in layout.MEANING_SKETCHES))
        if (len(sketches.steps), len(sketches.axes)) != index.vectors.shape:
            found = f"Sketches of {len(sketches.steps)} texts of {len(sketches.axes)} numbers"
            raise BundleError(found, "{} of {}".format(*index.vectors.shape), layout.REBUILD)
        memory_map.expect_random(sketches.steps)
        in_rows = index.vectors.flags.c_contiguous and StoredRows.is_possible()
        stored = StoredRows(folder / layout.MEANING_VECTORS, index.vectors) if in_rows else None
        return replace(index, codes=sketches, stored=stored)
    try:
        if layout.MEANING_CODES not in manifest["files"]:
            raise ModelError(
                "This bundle has no sketches of its texts, so meaning is not searched among so many stickers",
                layout.MEANING_SKETCHES[0],
                "Run `python -m precompute reindex BUNDLE`.",
            )
        return replace(index, codes=TextCodes.open(folder / layout.MEANING_CODES, *index.vectors.shape))
    except ModelError as error:
        return replace(index, problem=error)


def _are_units(vectors: np.ndarray, thorough: bool) -> bool:
    """Return whether rows are unit vectors, or zeros for texts without a meaning; of many a few blocks, unless
    thorough.
    """
    blocks = range(0, len(vectors), _BLOCK)
    for first in blocks if thorough else evenly(blocks, _LOOKED_INTO):
        lengths = np.linalg.norm(np.asarray(vectors[first : first + _BLOCK], np.float32), axis=1)
        if not bool(((np.abs(lengths - 1) < _TOLERANCE) | (lengths == 0)).all()):
            return False
    memory_map.release(vectors)
    return True
