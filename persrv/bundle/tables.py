"""Records to Arrow tables and back: the schema of each table, both directions side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from persrv.arrays import memory_map
from persrv.bundle import layout
from persrv.errors import BundleError, DataError
from persrv.records import Context, FloatArray, Interaction, OcrLine, Person, Sticker, UserStyle

_OCR_LINE = pa.struct(
    [("text", pa.string()), ("confidence", pa.float64()), ("box", pa.list_(pa.float64())), ("kept", pa.bool_())]
)


def _schema(*columns: tuple[str, pa.DataType]) -> pa.Schema:
    return pa.schema([pa.field(name, kind, nullable=False) for name, kind in columns])


STICKER_SCHEMA = _schema(
    ("id", pa.string()),
    ("image", pa.string()),
    ("width", pa.int32()),
    ("height", pa.int32()),
    ("animated", pa.bool_()),
    ("series", pa.string()),
    ("labels", pa.map_(pa.string(), pa.string())),
    ("ocr", pa.string()),
    ("ocr_lines", pa.list_(_OCR_LINE)),
    ("keywords_base", pa.string()),
    ("keywords", pa.string()),
    ("description", pa.string()),
    ("emotion", pa.string()),
    ("queries", pa.list_(pa.string())),
    ("names", pa.string()),
)

#: The column that a bundle lacks whose stickers have no names: an older one, or one of drawn stickers.
NAMES = "names"

INTERACTION_SCHEMA = pa.schema(
    [
        *_schema(("user", pa.string()), ("query", pa.string()), ("sticker", pa.string())),
        pa.field("time", pa.int64()),  # null where unknown
        pa.field("split", pa.string(), nullable=False),
    ]
)

#: Fields of an interaction's context (persrv.records.Context).
CONTEXT = ("conversation", "domain", "language", "message", "reply")

#: Interactions, each with where it was; a bundle whose interactions have no context lacks the table.
SEND_SCHEMA = pa.schema([*INTERACTION_SCHEMA, *_schema(*((name, pa.string()) for name in CONTEXT))])

PERSON_SCHEMA = _schema(
    ("id", pa.string()),
    ("name", pa.string()),
    ("name_en", pa.string()),
    ("portrait", pa.string()),
    ("portrait_en", pa.string()),
    ("tastes", pa.map_(pa.string(), pa.float64())),
)

#: Row i describes row i of arrays/centroids.npy; the rows of one person are consecutive.
CLUSTER_SCHEMA = _schema(
    ("user", pa.string()),
    ("cluster", pa.int32()),
    ("size", pa.int32()),
    ("radius", pa.float32()),
    ("exemplars", pa.list_(pa.string())),
)

#: Row i says where sticker i's picture lies in the shards; shard -1: nowhere.
PICTURE_SCHEMA = _schema(("shard", pa.int32()), ("offset", pa.int64()), ("bytes", pa.int64()))

#: Stickers that are turned into Arrow at a time.
_BATCH = 4096


def _table(rows: Sequence[Mapping[str, Any]], schema: pa.Schema, what: str) -> pa.Table:
    try:
        table = pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
        table.validate(full=True)
    except (pa.ArrowException, UnicodeError, TypeError, OverflowError) as error:
        raise DataError(
            f"The {what} cannot be stored: {error}", f"columns {', '.join(schema.names)}", "Clean them first."
        ) from error
    return table


def stickers_to_table(stickers: Iterable[Sticker]) -> pa.Table:
    """Stickers -> table, a row each, in their order. Reads them once, and holds few as Python objects at a time."""
    stream, parts = iter(stickers), [STICKER_SCHEMA.empty_table()]
    while batch := list(islice(stream, _BATCH)):
        parts.append(_table([_sticker_to_row(sticker) for sticker in batch], STICKER_SCHEMA, "stickers"))
    return pa.concat_tables(parts).combine_chunks()


def _sticker_to_row(sticker: Sticker) -> dict[str, Any]:
    row = {name: getattr(sticker, name) for name in STICKER_SCHEMA.names}
    row["labels"] = list(sticker.labels.items())
    row["ocr_lines"] = [asdict(line) for line in sticker.ocr_lines]
    return row


def sticker_from_row(row: Mapping[str, Any]) -> Sticker:
    """A row, as Arrow's `to_pylist` gives it -> its sticker."""
    lines = tuple(OcrLine(r["text"], r["confidence"], tuple(r["box"]), r["kept"]) for r in row["ocr_lines"])
    return Sticker(**{**row, "labels": dict(row["labels"]), "ocr_lines": lines, "queries": tuple(row["queries"])})


def interactions_to_table(by_split: Mapping[str, Sequence[Interaction]], splits: Iterable[str]) -> pa.Table:
    """Interactions by split -> table, split after split, each in its order."""
    rows = [
        {"user": i.user, "query": i.query, "sticker": i.sticker, "time": i.time, "split": split}
        for split in splits
        for i in by_split.get(split, ())
    ]
    return _table(rows, INTERACTION_SCHEMA, "interactions")


def interactions_from_table(table: pa.Table, split: str) -> tuple[Interaction, ...]:
    """The interactions of one split of a table, in stored order; with their contexts where the table has them."""
    columns = table.to_pydict()
    wanted = [row for row, kind in enumerate(columns["split"]) if kind == split]

    def cells(names: Sequence[str]) -> list[tuple[Any, ...]]:
        return [tuple(columns[name][row] for name in names) for row in wanted]

    rows = cells(("user", "query", "sticker", "time"))
    if CONTEXT[0] not in columns:
        return tuple(Interaction(*row) for row in rows)
    contexts = (Context(*where) for where in cells(CONTEXT))
    return tuple(replace(Interaction(*row), context=where) for row, where in zip(rows, contexts, strict=True))


def sends_to_table(by_split: Mapping[str, Sequence[Interaction]], splits: Iterable[str]) -> pa.Table:
    """Interactions by split -> table of those with a context, split after split, each in its order."""
    rows = [
        {"user": i.user, "query": i.query, "sticker": i.sticker, "time": i.time, "split": split, **asdict(i.context)}
        for split in splits
        for i in by_split.get(split, ())
        if i.context is not None
    ]
    return _table(rows, SEND_SCHEMA, "sends")


def people_to_table(people: Sequence[Person]) -> pa.Table:
    """People -> table, a row each, in the order in which the page shows them."""
    rows = [{**{n: getattr(p, n) for n in PERSON_SCHEMA.names}, "tastes": list(p.tastes.items())} for p in people]
    return _table(rows, PERSON_SCHEMA, "people")


def people_from_table(table: pa.Table) -> tuple[Person, ...]:
    """The people of a table, in stored order."""
    return tuple(Person(**{**row, "tastes": dict(row["tastes"])}) for row in table.to_pylist())


def styles_to_table(styles: Sequence[UserStyle], width: int) -> tuple[pa.Table, FloatArray, FloatArray | None]:
    """Styles -> table of their clusters, and, row by row, the centroids (K, width) float32 and the lengths (K,) of the
    clusters' means, None unless all styles have them.
    """
    rows = [
        {
            "user": style.user,
            "cluster": cluster,
            "size": int(style.sizes[cluster]),
            "radius": float(style.radii[cluster]),
            "exemplars": list(style.exemplars[cluster]),
        }
        for style in styles
        for cluster in range(len(style.centroids))
    ]
    none = np.zeros((0, width), np.float32)
    centroids = np.concatenate([none, *(style.centroids for style in styles)]).astype(np.float32)
    told = [style.lengths for style in styles if style.lengths is not None]
    lengths = np.concatenate([np.zeros(0), *told]).astype(np.float32) if len(told) == len(styles) else None
    return _table(rows, CLUSTER_SCHEMA, "clusters"), centroids, lengths


def styles_from_table(
    table: pa.Table, centroids: FloatArray, lengths: FloatArray | None = None, precision: FloatArray | None = None
) -> dict[str, UserStyle]:
    """Table of clusters and centroids (K, d) -> person -> style, in stored order. lengths (K,) of the clusters' means
    and precision (d, d) of the catalogue give styles their discriminants; None, both, where the bundle has none.
    """
    by_user: dict[str, list[int]] = {}
    rows = table.to_pylist()
    discriminants = None
    if lengths is not None and precision is not None:
        discriminants = np.asarray(lengths[:, None] * centroids @ precision, np.float32)
    for number, row in enumerate(rows):
        by_user.setdefault(row["user"], []).append(number)
    return {
        user: UserStyle(
            user=user,
            centroids=centroids[numbers],
            sizes=np.array([rows[n]["size"] for n in numbers], np.int32),
            radii=np.array([rows[n]["radius"] for n in numbers], np.float32),
            exemplars=tuple(tuple(rows[n]["exemplars"]) for n in numbers),
            lengths=None if lengths is None else lengths[numbers],
            discriminants=None if discriminants is None else discriminants[numbers],
        )
        for user, numbers in by_user.items()
    }


def column(table: pa.Table, name: str) -> list[Any]:
    """The values of a column without nulls, as Python objects."""
    values: list[Any] = table.column(name).to_pylist()
    return values


def numbers(table: pa.Table, name: str, kind: type) -> NDArray[Any]:
    """A column of numbers without nulls as an array, without Arrow's `to_numpy`, which imports pandas."""
    parts = [_buffer(chunk, kind, len(chunk)) for chunk in table.column(name).chunks if len(chunk)]
    return parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0, kind), *parts])


def lengths(values: pa.ChunkedArray) -> NDArray[np.int32]:
    """Lengths of values without nulls: bytes of each text, or items of each list."""
    parts = [np.diff(_buffer(chunk, np.int32, len(chunk) + 1)) for chunk in values.chunks if len(chunk)]
    return np.concatenate([np.zeros(0, np.int32), *parts])


def _buffer(chunk: pa.Array, kind: type, size: int) -> NDArray[Any]:
    """The first `size` numbers of a chunk's buffer: its values, or the offsets of its texts or lists."""
    buffer = chunk.buffers()[1]
    assert buffer is not None  # of numbers and texts there always is one
    return np.frombuffer(cast(Any, buffer), np.dtype(kind))[chunk.offset : chunk.offset + size]


def write_table(table: pa.Table, path: Path) -> None:
    """Write an uncompressed Arrow IPC file of one record batch, which can be memory-mapped and has the same bytes every
    time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())


def read_table(path: Path, schema: pa.Schema) -> pa.Table:
    """Map an Arrow file; BundleError where it has another schema."""
    return _checked(_mapped(path), path, schema)


def _mapped(path: Path) -> pa.Table:
    try:
        mapping = memory_map.map_file(path)
        table = pa.ipc.open_file(pa.py_buffer(mapping)).read_all()
        table.validate(full=True)
        memory_map.release(mapping)  # all of it was looked at
    except (pa.ArrowException, OSError, ValueError, UnicodeError, MemoryError) as error:
        raise BundleError(f"{path} cannot be read: {error}", "an Arrow IPC file", layout.REBUILD) from error
    return table


def _checked(table: pa.Table, path: Path, schema: pa.Schema) -> pa.Table:
    """The table; BundleError where it has another schema, or lacks a value."""
    if not table.schema.equals(schema):
        raise BundleError(
            f"{path.name} has the columns {', '.join(table.schema.names)}",
            f"{', '.join(schema.names)} with the types of docs/bundle.md",
            layout.REBUILD,
        )
    for kind in schema:
        if not kind.nullable and any(map(_missing, table.column(kind.name).chunks)):
            raise BundleError(f"{path.name} lacks a value in the column {kind.name}", "every value", layout.REBUILD)
    return table


def write_stickers(table: pa.Table, path: Path) -> None:
    """Write the stickers; without the column of names where no sticker has one."""
    write_table(table if has_names(table) else table.drop_columns([NAMES]), path)


def read_stickers(path: Path) -> pa.Table:
    """Map the stickers' file; names are empty where it has no such column."""
    table = _mapped(path)
    if NAMES not in table.schema.names:
        # of buffers, since pyarrow would import pandas for Python values
        none = pa.StringArray.from_buffers(len(table), pa.py_buffer(bytes(4 * (len(table) + 1))), pa.py_buffer(b""))
        table = table.append_column(STICKER_SCHEMA.field(NAMES), none)
    return _checked(table, path, STICKER_SCHEMA)


def has_names(stickers: pa.Table) -> bool:
    """Return whether any sticker of a table has a name."""
    return bool(lengths(stickers.column(NAMES)).any())


def read_clicks(path: Path) -> pa.Table:
    """Map the table of test clicks: texts, `known`, and a column of places a method; BundleError where it is none."""
    table, texts = _mapped(path), ("user", "query", "sticker")
    columns = {name: table.column(name) for name in dict.fromkeys(table.column_names)}
    sound = (
        len(columns) == table.num_columns
        and set(texts) <= set(columns)
        and all(_is_text(columns[name].type) for name in texts)
        and all(pa.types.is_integer(columns[name].type) for name in columns if name not in (*texts, "known"))
        and not any(column.null_count for column in columns.values())
    )
    if not sound:
        found = f"{path.name} has the columns {', '.join(table.column_names)}"
        raise BundleError(found, f"{', '.join(texts)}, and whole numbers, every value", layout.REBUILD)
    return table


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind.value_type if isinstance(kind, pa.DictionaryType) else kind)


def _missing(values: Any) -> int:
    """The number of nulls in an array, its lists, maps and structs included."""
    kind = values.type
    inside: list[Any] = []
    if pa.types.is_map(kind):
        inside = [values.keys, values.items]
    elif pa.types.is_list(kind):
        inside = [values.values]
    elif pa.types.is_struct(kind):
        inside = [values.field(place) for place in range(kind.num_fields)]
    return int(values.null_count) + sum(map(_missing, inside))
