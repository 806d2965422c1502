"""The benchmark of searching, on a few stickers: what it prints, and that its reference can tell right from wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import peers
import pytest
import search
import start
import timing
import toy
import world
from dense import Dense

from persrv.bundle import Bundle
from persrv.retriever import Retriever
from persrv.text.analyser import analyse

ROOT = Path(__file__).resolve().parents[2]
SMALL = ("--queries", "12", "--passes", "1", "--starts", "1", "--seconds", "0.1", "--checked", "12")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """Last line of a run, started as a person starts it."""
    folder = tmp_path_factory.mktemp("run")
    asked = ["--stickers", "400", "--sizes", "300", "--peer-queries", "10", "--worlds", str(folder)]
    command = [sys.executable, str(ROOT / "benchmarks/search.py"), *asked, "--save", str(folder / "kept.json"), *SMALL]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    assert json.loads((folder / "kept.json").read_text())["catalogue"] == found
    return {**found, "printed": done.stdout}


@pytest.mark.slow
def test_the_last_line_has_what_is_promised(report: dict) -> None:
    assert report["n"] == 400
    assert report["exact"] is True
    for name in ("p50_ms", "p99_ms", "recall_p50_ms", "recall_p99_ms", "open_s", "open_cold_s", "rss_mb"):
        assert report[name] > 0, name
    assert report["p50_ms"] <= report["p99_ms"]
    assert [row["n"] for row in report["sizes"]] == [300]
    assert report["threads"]["threads"] == 8
    assert 0 <= report["threads"]["least_share"] <= 1
    assert set(report["peers"]) == {name for name in search.PEERS if not peers.missing(name.replace("_", "-"))}
    assert len(report["peers"]) + len(report["absent"]) == len(search.PEERS)
    for figures in report["peers"].values():
        assert 0 < figures["p50_ms"] <= figures["p99_ms"]
    for name in (search.SEARCH, search.RANK_BM25, search.COMPARE, search.RECALL):
        assert name in report["printed"]


def test_queries_are_texts_of_the_catalogue(tmp_path: Path) -> None:
    bundle = world.write_world(tmp_path / "bundle", 200)
    queries = search.sample_queries(bundle, 50, seed=1)
    assert queries == search.sample_queries(bundle, 50, seed=1)
    assert queries != search.sample_queries(bundle, 50, seed=2)
    columns = (bundle.stickers.column(name) for name in ("ocr", "keywords", "queries"))
    texts = [text for column in columns for value in column for text in ([value] if isinstance(value, str) else value)]
    for query in queries:
        assert any(query in text for text in texts), query
        assert 1 <= len(search.TERM.findall(query)) <= 4


def test_the_reference_computes_the_toy_by_hand(toy_bundle_path: Path) -> None:
    dense = Dense.read(toy_bundle_path, {"laugh"})
    worth = dense.utility((1 / 3,) * 3, 0.1)
    np.testing.assert_allclose(worth[:4], [toy.UTILITY[f"s0{n}"] for n in (1, 2, 3, 4)], rtol=1e-6)
    rows, scores = dense.best(["laugh"], {"ocr": 1.0}, worth, 1.0, 3)
    assert rows == [1, 0, 2], "s02 has every maximum; s03 before s04 by its id"
    np.testing.assert_allclose(scores, toy.WORD_BM25 + worth[[1, 0, 2]], rtol=1e-6)
    assert dense.best(["laugh"], {"ocr": 0.0}, worth, 1.0, 3) == ([], [])


def test_a_wrong_score_is_not_exact(toy_bundle_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    retriever = Retriever.open(toy_bundle_path)
    assert search.exact(retriever, toy_bundle_path, ["laugh", "night", "笑死"], 0)
    other = toy.write_toy(tmp_path, utility_counts=toy.utility_counts() + 1)
    assert not search.exact(retriever, other.path, ["laugh"], 0)
    assert "Not exact: 'laugh'" in capsys.readouterr().err


@pytest.mark.slow
def test_bm25s_over_our_impacts_finds_what_we_find(tmp_path: Path) -> None:
    bundle = world.write_world(tmp_path / "bundle", 300)
    retriever = Retriever.open(bundle)
    theirs = peers.bm25s(bundle, retriever.utility()[0])
    for query in search.sample_queries(bundle, 10, seed=0):
        hits = retriever.search(query, None, top=5).hits
        best = [bundle.ids[row] for row in theirs(query)[: len(hits)]]
        assert [hit.sticker for hit in hits][:1] == best[:1]


def test_the_index_turned_round_is_the_texts(toy_bundle_path: Path) -> None:
    bundle = Bundle.open(toy_bundle_path)
    said = [analyse(text)[0] for text in bundle.stickers.column("ocr")]
    assert list(peers.documents_of(bundle.index["ocr"], batch=5)) == said
    assert peers.postings_of(bundle, ["laugh", "zzz"]) == [4 + 2, 0]


def test_figures_are_of_medians() -> None:
    taken = np.array([[1.0, 10.0], [2.0, 20.0], [90.0, 30.0]])
    assert timing.figures(taken)["p50"] == pytest.approx((2 + 20) / 2)
    assert timing.figures(taken)["single_p99"] > 80
    assert timing.middle([{"a": 1.0}, {"a": 5.0}, {"a": 2.0}]) == {"a": 2.0}
    assert timing.each_ms(lambda turn: turn, [1, 2, 3], 2).shape == (2, 3)


def test_what_is_evicted_is_read_again(toy_bundle_path: Path, tmp_path: Path) -> None:
    file = tmp_path / "bundle" / "file"
    file.parent.mkdir()
    file.write_bytes(bytes(1 << 20))
    file.read_bytes()
    assert start.cached_bytes(file) == 1 << 20
    assert 0 <= start.evict(file.parent) <= 1, "some file systems live in memory"
    assert 0 < start.resident_mb() < 50_000
    assert start.resident_mb("python") <= start.resident_mb()
