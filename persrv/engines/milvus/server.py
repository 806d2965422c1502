"""The Milvus server: connecting to it, naming a bundle's collection, and telling what is missing.

A bundle's stickers lie in a collection of their own, `<name>_<key>`, whose key names its content, the analyser and the
layout, so that loader and app can only mean the same numbers. The alias `<name>` is set when the collection is
complete, and not before: it marks completeness, and switches from one bundle to the next.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from persrv.engines.milvus.layout import EMBEDDING, GUARDED, MEANING, MOST_TOKENS, ROW, TERMS, TOKENS, Layout
from persrv.errors import EngineError

if TYPE_CHECKING:
    from pymilvus import MilvusClient

PYMILVUS = "pymilvus==3.0.2"
DEFAULT_NAME = "persrv"

#: The graph over the vectors of texts on a cluster: neighbours of each, and those looked at while it is built.
HNSW = {"M": 32, "efConstruction": 256}

#: Seconds a question to the server may take; loading has longer ones of its own.
PATIENCE = 5.0


def connect(uri: str, token: str = "") -> MilvusClient:
    """Connect to a server (`http://host:19530`), or to Milvus Lite in a local file (`path.db`). EngineError where that
    fails.
    """
    try:
        from pymilvus import MilvusClient
    except ImportError:
        raise EngineError(
            "The package pymilvus is not here",
            "it, to talk to Milvus",
            f"Install it: {sys.executable} -m pip install "
            f"{PYMILVUS}" + (" milvus-lite==3.2.2" if uri.endswith(".db") else ""),
        ) from None
    for noisy in ("pymilvus", "milvus_lite"):  # every error would be printed as a traceback, too
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    with answering(uri):
        try:
            return MilvusClient(uri, token=token, timeout=PATIENCE)
        except ValueError as error:  # a port that is no number
            raise _silent(uri, error) from error


@contextmanager
def answering(uri: str) -> Iterator[None]:
    """Turn any failure between this process and the server into an EngineError."""
    from grpc import RpcError
    from pymilvus.exceptions import MilvusException

    try:
        yield
    except (MilvusException, RpcError) as error:
        raise _silent(uri, error) from error


def _silent(uri: str, error: Exception) -> EngineError:
    said = " ".join(str(getattr(error, "message", "") or error).split()) or type(error).__name__
    return EngineError(
        f"Milvus at {uri} does not answer: {said[:300]}",
        "a reachable server (a local file can be open in one process only)",
        "Check --milvus-uri and --milvus-token, and whether it runs; app.py --fallback serves from this process.",
    )


def is_lite(client: MilvusClient) -> bool:
    """Return whether the server is Milvus Lite, which has neither half-precision vectors nor indexes on arrays."""
    return "lite" in str(client.get_server_version())


def collection_of(layout: Layout, name: str) -> str:
    """The name of a bundle's collection. EngineError where `name` cannot begin one."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,199}", name):
        raise EngineError(
            f"A collection named {name!r}", "letters, digits and underscores", "Choose another --collection."
        )
    return f"{name}_{layout.key}"


def prepare(client: MilvusClient, collection: str, layout: Layout, shards: int) -> None:
    """Create the collection with its indexes, or keep the one that exists, and load it so that its stickers can be
    counted.
    """
    from pymilvus import DataType

    lite = is_lite(client)
    schema: Any = client.create_schema(auto_id=False, enable_dynamic_field=False, description=layout.describe())
    schema.add_field(ROW, DataType.INT64, is_primary=True)
    schema.add_field(TERMS, DataType.SPARSE_FLOAT_VECTOR)
    schema.add_field(TOKENS, DataType.ARRAY, element_type=DataType.INT32, max_capacity=MOST_TOKENS)
    schema.add_field(GUARDED, DataType.BOOL)
    indexes = client.prepare_index_params()
    indexes.add_index(TERMS, index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
    absent = {"nullable": True} if layout.texts else {}  # a text has no picture, a sticker no meaning of its own
    if lite:
        schema.add_field(EMBEDDING, DataType.FLOAT_VECTOR, dim=layout.width)
        indexes.add_index(EMBEDDING, index_type="FLAT", metric_type="IP")
    else:  # embeddings are read by row, so they may stay on disk; no field of vectors is loaded without an index
        schema.add_field(EMBEDDING, DataType.FLOAT16_VECTOR, dim=layout.width, mmap_enabled=True, **absent)
        indexes.add_index(EMBEDDING, index_type="FLAT", metric_type="IP", params={"mmap.enabled": "true"})
        indexes.add_index(TOKENS, index_type="INVERTED")
        indexes.add_index(GUARDED, index_type="INVERTED")
    if layout.texts:
        kind = DataType.FLOAT_VECTOR if lite else DataType.FLOAT16_VECTOR
        schema.add_field(MEANING, kind, dim=layout.meaning_width, **({} if lite else absent))
        indexes.add_index(MEANING, index_type="FLAT" if lite else "HNSW", metric_type="IP", params={} if lite else HNSW)
    if not client.has_collection(collection):
        client.create_collection(collection, schema=schema, num_shards=shards)
    if len(client.list_indexes(collection)) < len(indexes):
        client.create_index(collection, indexes, sync=False)  # nothing is there to wait for
    client.load_collection(collection)


def wait_for_indexes(client: MilvusClient, collection: str) -> None:
    """Wait until every stored row is in every index; before that it is found as well, but slowly."""
    for index in client.list_indexes(collection):
        while int(client.describe_index(collection, index).get("pending_index_rows", 0)) > 0:
            time.sleep(1)


def stored(client: MilvusClient, collection: str) -> int:
    """The number of rows that a loaded collection holds."""
    counted = client.query(collection, filter="", output_fields=["count(*)"], consistency_level="Strong")
    return int(counted[0]["count(*)"])


def served(client: MilvusClient, name: str) -> str | None:
    """The collection of an alias; None where there is no such alias."""
    from pymilvus.exceptions import MilvusException

    if name in client.list_collections():
        raise EngineError(f"{name!r} is a collection", "an alias, or nothing", "Choose another --collection.")
    try:
        return str(client.describe_alias(name)["collection_name"])
    except MilvusException:  # which error means that there is none depends on the server's version
        client.list_collections()  # so a server that is gone still shows as gone
        return None


def check_complete(client: MilvusClient, layout: Layout, name: str, bundle: str) -> str:
    """The name of the collection that holds the whole bundle, ready for questions; EngineError where anything is
    missing.
    """
    collection = collection_of(layout, name)
    advice = f"Load it: python -m persrv load {bundle} --milvus-uri ... --collection {name}"
    if not client.has_collection(collection):
        other = served(client, name)
        found = f"{name!r} holds another bundle ({other})" if other else f"There is no {name!r}"
        raise EngineError(f"{found} on the server", f"the collection {collection} of this bundle", advice)
    client.load_collection(collection)
    count, serving = stored(client, collection), served(client, name)
    if serving != collection or count != layout.rows:
        state = f"{name!r} serves {serving}" if serving else "it is not marked as complete"
        state = "" if serving == collection else f", and {state}"
        raise EngineError(
            f"{collection} holds {count:,} of {layout.rows:,} {layout.kinds}{state}", "the whole bundle, loaded", advice
        )
    return collection
