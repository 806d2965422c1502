"""Sizes and a plan for a catalogue that has outgrown one process, from the bytes of a bundle that exists.

    python benchmarks/scale.py BUNDLE [--stickers 100000000] [--picture BYTES]

Bytes a sticker are counted in the bundle's files and in what is sent to Milvus (persrv.engines.milvus.layout).
Everything else is an assumption, written below and printed with the plan: change it to your provider's numbers. The
last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from persrv.bundle import Bundle
from persrv.engines.milvus.layout import EMBEDDING, GUARDED, MEANING, ROW, TERMS, TOKENS, Layout, stored_stickers

#: Stickers whose stored form is counted.
SAMPLE = 20_000


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Assumptions, which were not measured. Prices are list prices of large clouds, rounded; memory decides, so look
    there first.
    """

    index_factor: float = 2.0  # a sparse index keeps the vectors and their posting lists
    token_factor: float = 2.0  # the array and its inverted index
    graph_factor: float = 1.25  # HNSW of 32 neighbours over vectors of 1,024 bytes
    hot_embeddings: float = 0.1  # share of the embeddings that the page cache holds; the others are read from SSD
    usable_memory: float = 0.7  # of a query node
    node_gigabytes: int = 64
    node_dollars: float = 370.0  # a month: 8 vCPU, 64 GB, on demand
    ssd_dollars: float = 0.1  # a GB and month, local or block storage
    object_dollars: float = 0.023  # a GB and month
    other_nodes: float = 1500.0  # a month: coordinators, proxies, data nodes, etcd, message log
    replicas: int = 2
    segment_gigabytes: float = 1.0  # a sealed segment, as Milvus is shipped


def bundle_bytes(bundle: Bundle) -> dict[str, float]:
    """Bytes a sticker of each part of a bundle."""
    total: Counter[str] = Counter()
    for name, facts in bundle.manifest["files"].items():
        parts = name.split("/")
        total["/".join(parts[:2]) if parts[0] in ("index", "arrays", "tables", "meaning") else parts[0]] += facts[
            "bytes"
        ]
    return {name: size / len(bundle.ids) for name, size in sorted(total.items())}


def stored_bytes(bundle: Bundle) -> dict[str, float]:
    """Bytes a sticker of each field in Milvus, before its indexes: a dimension and a weight take four bytes each."""
    total: Counter[str] = Counter()
    stickers = 0
    for sticker in islice(stored_stickers(bundle, Layout.of(bundle)), SAMPLE):
        stickers += 1
        total[TERMS] += 8 * len(sticker[TERMS])
        total[TOKENS] += 4 * len(sticker[TOKENS])
        total[EMBEDDING] += sticker[EMBEDDING].nbytes
        total[ROW] += 8
        total[GUARDED] += 1
    stored = {name: size / stickers for name, size in total.items()}
    if bundle.meaning is not None:  # a row a text: its vector, the dimension that no question asks, number and mark
        texts = len(bundle.meaning.texts) / len(bundle.ids)
        stored[MEANING] = (bundle.meaning.vectors.shape[1] * 2 + 17) * texts
    return stored


def plan(stored: dict[str, float], image: float, stickers: int, assumed: Assumptions) -> dict[str, float]:
    """Memory, disks, nodes and dollars a month for so many stickers."""
    giga = stickers / 1e9
    index = stored[TERMS] * assumed.index_factor + stored[TOKENS] * assumed.token_factor
    meaning = stored.get(MEANING, 0.0) * assumed.graph_factor
    memory = giga * (index + meaning + stored[EMBEDDING] * assumed.hot_embeddings)
    nodes = math.ceil(memory / (assumed.node_gigabytes * assumed.usable_memory)) * assumed.replicas
    ssd = giga * (index + meaning + stored[EMBEDDING]) * assumed.replicas
    objects = giga * (index + sum(stored.values()))
    dollars = nodes * assumed.node_dollars + ssd * assumed.ssd_dollars + objects * assumed.object_dollars
    return {
        "stickers": stickers,
        "segments": math.ceil(giga * sum(stored.values()) / assumed.segment_gigabytes),
        "memory_gb_a_replica": round(memory, 1),
        "query_nodes": nodes,
        "ssd_gb": round(ssd),
        "object_gb": round(objects),
        "pictures_gb": round(giga * image),
        "dollars_a_month": round(dollars + assumed.other_nodes + giga * image * assumed.object_dollars),
    }


def in_process(bundle: Bundle, parts: dict[str, float]) -> dict[str, float]:
    """Bytes a sticker that one process keeps in memory, or in the page cache, to search and to re-rank."""
    index = sum(size for name, size in parts.items() if name.startswith("index/"))
    ids = sum(map(sys.getsizeof, bundle.ids)) / len(bundle.ids) + 8
    embedding = parts["arrays/embeddings.npy"]
    found = {"index": index, "ids": ids, "counts": parts["arrays/utility_counts.npy"], "embedding": embedding}
    vectors = parts.get("meaning/vectors.npy", 0.0)
    others = sum(size for name, size in parts.items() if name.startswith("meaning/")) - vectors
    return {**found, "vectors of texts": vectors, "texts and who holds them": others}


def main() -> None:
    parser = argparse.ArgumentParser(description="Sizes and a plan from a bundle's bytes.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--stickers", type=int, default=100_000_000)
    parser.add_argument("--picture", type=float, help="bytes a picture, where the bundle's own are stand-ins")
    options = parser.parse_args()
    bundle, assumed = Bundle.open(options.bundle), Assumptions()
    parts, stored = bundle_bytes(bundle), stored_bytes(bundle)
    resident = in_process(bundle, parts)
    sizes = sorted({len(bundle.ids), 1_000_000, 10_000_000, options.stickers})
    picture = parts.get("images", 0.0) if options.picture is None else options.picture
    plans = [plan(stored, picture, size, assumed) for size in sizes]
    postings = sum(len(index.rows) for index in bundle.index.values()) / len(bundle.ids)
    print(f"{bundle.name}: {len(bundle.ids):,} stickers, {postings:.1f} postings a sticker\n")
    for title, table in (("bundle", parts), ("in process", resident), ("Milvus, before indexes", stored)):
        print(f"| {title} | bytes a sticker |\n| --- | ---: |")
        for name, size in (*table.items(), ("all", sum(table.values()))):
            print(f"| {name} | {size:,.1f} |")
        print()
    print("| " + " | ".join(plans[0]) + " |\n|" + " ---: |" * len(plans[0]))
    for each in plans:
        print("| " + " | ".join(f"{value:,}" for value in each.values()) + " |")
    print("\nAssumed: " + ", ".join(f"{name} {value:,}" for name, value in asdict(assumed).items()))
    print(json.dumps({"postings": postings, "bundle": parts, "in_process": resident, "milvus": stored, "plans": plans}))


if __name__ == "__main__":
    main()
