"""Stickers and interactions of a bundle as its mapped tables hold them: a record is made at its first use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from persrv.bundle import layout, tables
from persrv.records import Interaction, Sticker


class StickerTable(Sequence[Sticker]):
    """The stickers by row. A record is made when it is asked for, so opening half a million costs nothing."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __len__(self) -> int:
        return int(self._table.num_rows)

    @overload
    def __getitem__(self, row: int) -> Sticker: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[Sticker, ...]: ...
    def __getitem__(self, row: int | slice) -> Sticker | tuple[Sticker, ...]:
        if isinstance(row, slice):
            return tuple(self[i] for i in range(*row.indices(len(self))))
        if not -len(self) <= row < len(self):
            raise IndexError(f"row {row} of {len(self)} stickers")
        return tables.sticker_from_row(self._table.slice(row % len(self), 1).to_pylist()[0])

    @property
    def table(self) -> pa.Table:
        """The stickers as an Arrow table with one row for each."""
        return self._table

    def replaced(self, changed: Mapping[int, Sticker]) -> StickerTable:
        """A copy of the table in which some rows hold other stickers. changed: row -> sticker."""
        parts, after = [], 0
        for row in sorted(changed):
            parts += [self._table.slice(after, row - after), tables.stickers_to_table([changed[row]])]
            after = row + 1
        return StickerTable(pa.concat_tables([*parts, self._table.slice(after)]).combine_chunks())

    def taken(self, rows: NDArray[np.intp]) -> StickerTable:
        """The stickers of some rows (n,), in their order."""
        return StickerTable(self._table.take(rows))

    def column(self, name: str) -> list[Any]:
        """The values of one field, by row."""
        return tables.column(self._table, name)

    def columns(self, names: Sequence[str], rows: NDArray[np.intp]) -> dict[str, list[Any]]:
        """The values of some fields in some rows (n,), each a list of n; labels as pairs."""
        table = self._table.select(list(names)).take(rows)
        return {name: tables.column(table, name) for name in names}

    def __iter__(self) -> Iterator[Sticker]:
        for batch in self._table.to_batches(max_chunksize=1024):
            for row in batch.to_pylist():
                yield tables.sticker_from_row(row)


class InteractionTable(Mapping[str, tuple[Interaction, ...]]):
    """The interactions by split (train, validation, test). A split is read when it is first asked for."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self._read: dict[str, tuple[Interaction, ...]] = {}

    def __getitem__(self, split: str) -> tuple[Interaction, ...]:
        if split not in layout.SPLITS:
            raise KeyError(split)
        if split not in self._read:
            self._read[split] = tables.interactions_from_table(self._table, split)
        return self._read[split]

    def __iter__(self) -> Iterator[str]:
        return iter(layout.SPLITS)

    def __len__(self) -> int:
        return len(layout.SPLITS)

    def without(self, stickers: Iterable[str]) -> InteractionTable:
        """The same interactions, but for those with some stickers."""
        gone = pc.is_in(self._table.column("sticker"), value_set=pa.array(sorted(stickers), pa.string()))
        return InteractionTable(self._table.filter(pc.invert(gone)))

    @property
    def training(self) -> tuple[Interaction, ...]:
        """The interactions that features may be fitted on: train and validation, never test."""
        return self["train"] + self["validation"]


class StoredTexts(Sequence[str]):
    """Texts as their mapped column holds them: one is made when it is asked for, in a tenth of the memory of all."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        """column: texts without nulls."""
        self._column = column.combine_chunks()

    def __len__(self) -> int:
        return len(self._column)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        found: Any = self._column[place] if isinstance(place, slice) else self._column[int(place)]
        texts: str | list[str] = found.to_pylist() if isinstance(place, slice) else found.as_py()
        return texts

    def __iter__(self) -> Iterator[str]:
        return iter(self[:])

    @property
    def ascend(self) -> bool:
        """True where each text comes after the one before it, in the order of their characters."""
        return pc.all(pc.less(self._column[:-1], self._column[1:])).as_py() is not False
