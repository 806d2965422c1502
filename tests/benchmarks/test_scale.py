"""The plan for more stickers: bytes that are there, and arithmetic."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
import scale

from persrv.bundle import Bundle

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")


def cell(row: str) -> float:
    """The last number of a row of the page's tables."""
    [line] = [line for line in PAGE.splitlines() if line.startswith(f"| {row}")]
    return float(re.findall(r"[\d,.]*\d", line)[-1].replace(",", ""))


def test_prints_bytes_and_plans_and_ends_with_json(
    toy_bundle_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["scale.py", str(toy_bundle_path), "--stickers", "1000000", "--picture", "14008"])
    scale.main()
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    on_disk = sum(file.stat().st_size for file in toy_bundle_path.rglob("*") if file.is_file())
    manifest = (toy_bundle_path / "bundle.json").stat().st_size
    assert sum(told["bundle"].values()) * 12 == pytest.approx(on_disk - manifest)
    assert told["postings"] == sum(len(index.rows) for index in Bundle.open(toy_bundle_path).index.values()) / 12
    assert told["milvus"]["embedding"] == 2 * 8
    assert [plan["stickers"] for plan in told["plans"]] == [12, 1_000_000, 10_000_000]
    assert told["plans"][1]["pictures_gb"] == 14


def test_memory_decides_how_many_nodes_there_are() -> None:
    stored = {"terms": 700.0, "tokens": 50.0, "embedding": 1000.0, "row": 8.0, "guarded": 1.0}
    assumed = scale.Assumptions(node_gigabytes=100, usable_memory=0.5, replicas=3, node_dollars=10, other_nodes=0)
    plan = scale.plan(stored, 0.0, 100_000_000, assumed)
    assert plan["memory_gb_a_replica"] == 160.0  # 2 x 700 + 2 x 50 + .1 x 1,000 bytes each
    assert plan["query_nodes"] == 3 * 4  # 160 GB in nodes of 50 usable ones, three times
    assert plan["segments"] == 176  # 1,759 bytes each, in segments of 1 GB
    assert plan["ssd_gb"] == 3 * 250


def test_the_page_tells_the_demos_bytes() -> None:
    bundle = Bundle.open(ROOT / "assets" / "demo")
    parts, stored = scale.bundle_bytes(bundle), scale.stored_bytes(bundle)
    held = scale.in_process(bundle, parts)
    told = {
        "index of five fields": held["index"],
        "ids,": held["ids"],
        "counts of utility": held["counts"],
        "embedding,": held["embedding"],
        "meaning: vectors": held["vectors of texts"],
        "meaning: texts": held["texts and who holds them"],
        "**the bundle's": sum(held.values()),
        "Milvus: sparse vector": stored["terms"],
        "Milvus: tokens": stored["tokens"],
        "Milvus: embedding": stored["embedding"],
        "Milvus: row number": stored["row"] + stored["guarded"],
        "Milvus: texts": stored["meaning"],
        "**Milvus: all": sum(stored.values()),
        "on disk beside: table": parts["tables/stickers.arrow"],
        "on disk beside: picture": parts["images"],
    }
    assert {name: cell(name) for name in told} == {name: round(size) for name, size in told.items()}


def test_the_page_divides_memory_by_what_was_measured() -> None:
    """Its table to two digits; its bytes of a process's own are within 15 % of the newest measurement."""
    [(own, index)] = re.findall(r"(\d+) bytes a sticker of its own and (\d+) of index", PAGE)
    for memory in (16, 64, 256):
        [row] = re.findall(rf"^\| {memory} GB.*\| ([\d.]+) million \| ([\d.]+) million \|$", PAGE, flags=re.MULTILINE)
        usable = memory * 1e3 * 0.7
        bytes_a_sticker = (int(own) + int(index) + 1024, int(own) + int(index))
        assert [float(each) for each in row] == pytest.approx([usable / each for each in bytes_a_sticker], rel=0.02)
    measured = json.loads((ROOT / "docs" / "measurements.json").read_text(encoding="utf-8"))["catalogue"]
    assert int(own) == pytest.approx(measured["cold_after_warm_up"]["own_mb"] * 1e6 / measured["n"], rel=0.15)
