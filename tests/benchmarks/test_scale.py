"""The plan for more stickers: bytes that are there, and arithmetic."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import scale

from persrv.bundle import Bundle


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
