"""Per-query results: the place of every test click in every ranking, as one small Arrow table of the bundle.

A row is a test click (person, query, sticker), a column of places a method: 1 is first, 0 is not among the first 100.
Columns `new: <method>` are the places once stickers that the person had clicked for the query in training are left out
(`known`: the click is such a sticker itself, so it has no place there). Whatever a metric says of a question follows
from its rows, and the page can ask the Retriever for the rankings themselves.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from precompute.evaluation.protocols import Judged
from precompute.evaluation.world import World

#: Below evaluation/ in the bundle.
FILE = "clicks.arrow"
NEW = "new: "


def table(world: World, judged: Mapping[str, Judged]) -> pa.Table:
    """The table, rows by person, query, sticker. judged: both protocols of `judging`."""
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
    """The table as Arrow IPC, which is mapped into memory like the bundle's other tables."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, made.schema) as writer:
        writer.write_table(made.combine_chunks())
    content: bytes = sink.getvalue().to_pybytes()
    return content


def from_bytes(content: bytes) -> pa.Table:
    """The table that `to_bytes` wrote."""
    return pa.ipc.open_file(pa.BufferReader(content)).read_all()
