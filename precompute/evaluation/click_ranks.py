"""Ranks of clicks: where every method ranks every test click, as one Arrow table of the bundle.

A row is a test click (person, query, sticker). A column of a method holds the click's rank in its ranking: 1 is first,
0 means not among the first 100. A column `new: <method>` holds the rank after removing stickers that the person had
clicked for the same query in training; `known` marks clicks on such a sticker, which therefore have no rank there.
Every metric of a question can be computed from its rows.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from precompute.evaluation.protocols import Judged
from precompute.evaluation.world import World

#: The file, below evaluation/ in the bundle.
FILE = "clicks.arrow"
NEW = "new: "


def table(world: World, judged: Mapping[str, Judged]) -> pa.Table:
    """The table, rows ordered by person, query, sticker. judged: protocol -> rankings, from `protocols.judge`."""
    rows = [(q.user, q.query, sticker) for q in world.questions for sticker in sorted(q.clicked)]
    columns: dict[str, pa.Array] = {
        name: pa.array([row[place] for row in rows]).dictionary_encode()
        for place, name in enumerate(("user", "query", "sticker"))
    }
    known = [sticker in world.known.get((user, query), ()) for user, query, sticker in rows]
    columns["known"] = pa.array(known, pa.bool_())
    for protocol, prefix in (("paper", ""), ("new", NEW)):
        each = judged[protocol]
        for method, rankings in each.rankings.items():
            place_of = {
                (question.user, question.query, name): place
                for question, ids in zip(each.asked, rankings, strict=True)
                for place, name in enumerate(ids, start=1)
                if name in question.clicked
            }
            columns[f"{prefix}{method}"] = pa.array([place_of.get(row, 0) for row in rows], pa.int16())
    return pa.table(columns)


def to_bytes(made: pa.Table) -> bytes:
    """The table in the Arrow IPC file format, which readers can memory-map."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, made.schema) as writer:
        writer.write_table(made.combine_chunks())
    content: bytes = sink.getvalue().to_pybytes()
    return content


def from_bytes(content: bytes) -> pa.Table:
    """The table from bytes that `to_bytes` returned."""
    return pa.ipc.open_file(pa.BufferReader(content)).read_all()
