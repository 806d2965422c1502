"""Milvus beyond the contract: loading that goes on where it was killed, servers that can't answer, what stands in."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from engine_worlds import WORDS, awkward_bundle, question, slow_recall
from pymilvus import DataType, MilvusClient
from pymilvus.client.search_result import SearchResult
from pymilvus.grpc_gen import schema_pb2

from persrv.__main__ import main
from persrv.bundle import Bundle
from persrv.engines.milvus import FallbackEngine, MilvusEngine, Progress, load, server
from persrv.engines.milvus.engine import _vector
from persrv.engines.milvus.layout import (
    _BLOCK,
    EMBEDDING,
    GUARDED,
    MOST_TOKENS,
    ROW,
    TERMS,
    TOKENS,
    Layout,
    _Postings,
    _terms_of_block,
    ask,
    impact_of,
    stored_stickers,
)
from persrv.errors import EngineError
from persrv.ranking.bm25 import FieldIndex
from persrv.ranking.recall import Recalled
from persrv.ranking.recall_contract import Question
from persrv.records import FIELDS

ROOT = Path(__file__).resolve().parents[4]
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def toy(toy_bundle_path: Path) -> Bundle:
    return Bundle.open(toy_bundle_path)


@pytest.fixture(scope="module")
def uri(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A Milvus Lite for this module; every test has names of its own in it."""
    return str(tmp_path_factory.mktemp("milvus") / "lite.db")


# ---- layout ---------------------------------------------------------------------------------------------------------


def test_a_stored_vector_holds_every_impact_to_the_last_bit(toy: Bundle) -> None:
    bundle = awkward_bundle(toy, 1, 40)
    layout = Layout.of(bundle)
    for sticker in stored_stickers(bundle, layout):
        assert all(value > 0 and value == np.float32(value) for value in sticker[TERMS].values() if value < 1)
        for field in FIELDS:
            for word in WORDS:
                rows, impacts = bundle.index[field].postings(word)
                mine = impacts[rows == sticker[ROW]].tolist()
                assert impact_of(sticker[TERMS], layout.number(field, word)) == (mine[0] if mine else None)


def test_the_servers_score_is_a_bound_and_exact_where_impacts_are_positive(toy: Bundle) -> None:
    bundle = awkward_bundle(toy, 3, 25)
    layout, maxima = Layout.of(bundle), bundle.utility_counts.max(axis=0)
    asked_of = question(["a", "a", "d"], {"ocr": 2.0, "description": 0.5, "queries": 1.0})
    asked = ask(layout, asked_of, 0.7, maxima)
    scores = {row: score for row, _, score in slow_recall(bundle, asked_of, 0.7)}
    positive = 0
    for sticker in stored_stickers(bundle, layout):
        given = sum(weight * sticker[TERMS].get(dimension, 0.0) for dimension, weight in asked.vector.items())
        if sticker[ROW] in scores:
            assert asked.bound(given) >= scores[sticker[ROW]]
            if not any(
                (bundle.index[f].postings(w)[1][bundle.index[f].postings(w)[0] == sticker[ROW]] <= 0).any()
                for f in FIELDS
                for w in "ad"
            ):
                positive += 1
                assert asked.bound(given) == pytest.approx(scores[sticker[ROW]], rel=1e-5)
    assert positive > 2


def test_blocks_and_starts_do_not_matter(toy: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = awkward_bundle(toy, 1, 40)
    layout = Layout.of(bundle)
    whole = [{**each, "embedding": each["embedding"].tolist()} for each in stored_stickers(bundle, layout)]
    monkeypatch.setattr("persrv.engines.milvus.layout._BLOCK", 7)
    parts = [{**each, "embedding": each["embedding"].tolist()} for each in stored_stickers(bundle, layout, 12)]
    assert parts == whole[12:]


@pytest.mark.parametrize("block", [1, 7, 40, 64])
@pytest.mark.parametrize("start", [0, 12, 39, 40])
def test_each_block_holds_what_looking_at_every_posting_finds(
    toy: Bundle, monkeypatch: pytest.MonkeyPatch, block: int, start: int
) -> None:
    bundle = awkward_bundle(toy, 1, 40)
    layout = Layout.of(bundle)
    monkeypatch.setattr("persrv.engines.milvus.layout._BLOCK", block)
    fields = [_Postings(bundle.index[field], start) for field in FIELDS]
    for first in range(start, 40, block):
        row, number, impact = _terms_of_block(fields, layout)
        slowly = slow_terms(bundle, layout, range(first, min(first + block, 40)))
        assert list(zip(row.tolist(), number.tolist(), impact.tolist(), strict=True)) == slowly


def slow_terms(bundle: Bundle, layout: Layout, wanted: range) -> list[tuple[int, int, float]]:
    """Row, number of the pair and impact of all postings of the wanted rows, by row, then by number."""
    found = []
    for field in FIELDS:
        for token in bundle.index[field].columns:
            for row, impact in zip(*bundle.index[field].postings(token), strict=True):
                if row in wanted:
                    found.append((int(row), layout.number(field, token), float(impact)))
    return sorted(found)


def test_every_posting_is_looked_at_a_few_times_however_many_blocks_there_are(toy: Bundle) -> None:
    """Twice the catalogue is twice the work. It was four times: all postings were read for each block."""

    def read(size: int) -> int:
        counting = CountingRows(np.arange(size, dtype=np.int32))
        each = FieldIndex(size, {"a": 0}, np.array([0, size]), counting, np.ones(size, np.float32))
        postings = _Postings(each, 0)
        assert sum(len(postings.of_block()[0]) for _ in range(0, size, _BLOCK)) == size
        return counting.read

    assert read(20 * _BLOCK) < 2.1 * read(10 * _BLOCK) < 2.1 * 1.1 * 10 * _BLOCK


class CountingRows:
    """An array that counts the elements taken out of it."""

    def __init__(self, rows: np.ndarray) -> None:
        self.rows, self.read = rows, 0

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, places: np.ndarray) -> np.ndarray:
        self.read += len(places)
        return self.rows[places]


def test_only_clicked_stickers_are_guarded(toy: Bundle) -> None:
    bundle = awkward_bundle(toy, 1, 40)
    clicked = bundle.utility_counts.any(axis=1).tolist()
    stored = list(stored_stickers(bundle, Layout.of(bundle)))
    assert [each[GUARDED] for each in stored] == clicked
    assert all(bool(each[TOKENS]) <= each[GUARDED] for each in stored)
    assert max(len(each[TOKENS]) for each in stored) <= MOST_TOKENS


def test_embeddings_are_read_as_a_cluster_gives_them() -> None:
    """Milvus Lite has no half precision, so what pymilvus makes of a cluster's answer is made here by pymilvus."""
    half = np.array([0.5, -1.25, 3.0], np.float16)
    data = schema_pb2.SearchResultData(num_queries=1, top_k=1, topks=[1], scores=[1.0], output_fields=["embedding"])
    data.ids.int_id.data.append(4)
    field = data.fields_data.add(field_name="embedding", type=DataType.FLOAT16_VECTOR.value)
    field.vectors.dim, field.vectors.float16_vector = 3, half.tobytes()
    for given in (SearchResult(data)[0][0]["entity"]["embedding"], [half.tobytes()], [0.5, -1.25, 3.0]):
        assert (_vector(given).dtype, _vector(given).tolist()) == (np.float32, [0.5, -1.25, 3.0])


def test_the_key_names_content_and_analyser(toy: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    key = Layout.of(toy).key
    assert Layout.of(toy).key == key
    assert Layout.of(awkward_bundle(toy, 1, 5)).key != key
    monkeypatch.setattr("persrv.engines.milvus.layout.ANALYSER_VERSION", "another one")
    assert Layout.of(toy).key != key


# ---- loading --------------------------------------------------------------------------------------------------------


def test_loading_twice_inserts_once_and_shows_how_far_it_is(toy: Bundle, uri: str) -> None:
    seen: list[Progress] = []
    collection, inserted = load(toy, uri, name="twice", report=seen.append)
    assert (inserted, seen[0].stored, seen[-1].stored) == (12, 0, 12)
    seen.clear()
    assert load(toy, uri, name="twice", report=seen.append) == (collection, 0)
    assert not seen
    assert str(Progress(250, 1000, 5.0)) == "250 of 1,000 stickers, 5 a second, 2 min 30 s left"


def test_another_bundle_gets_another_collection_and_then_the_name(toy: Bundle, uri: str) -> None:
    other = awkward_bundle(toy, 7, 20)
    first, _ = load(toy, uri, name="turns")
    second, inserted = load(other, uri, name="turns")
    assert (second != first, inserted) == (True, 20)
    with pytest.raises(EngineError, match=rf"holds 12 of 12 stickers, and 'turns' serves {second}"):
        MilvusEngine.open(toy, uri, name="turns")
    assert MilvusEngine.open(other, uri, name="turns").recall(question(["a"]), [0.0], 1)[0].matched > 0
    assert load(toy, uri, name="turns") == (first, 0)  # back: everything is still there


KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, "tests")
from engine_worlds import awkward_bundle
from persrv.bundle import Bundle
from persrv.engines.milvus import load, loading
loading.BATCH = 10

def report(progress):
    print(progress.stored, flush=True)
    if progress.stored == int(sys.argv[3]):
        sys.stdin.read()  # until it is killed

load(awkward_bundle(Bundle.open(sys.argv[1]), 5, 60), sys.argv[2], report=report)
"""


def start_loading(bundle: Path, uri: str, stop_at: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", KILLED, str(bundle), uri, str(stop_at)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_a_killed_loading_goes_on_where_it_was(toy: Bundle, toy_bundle_path: Path, tmp_path: Path) -> None:
    uri = str(tmp_path / "killed.db")
    with start_loading(toy_bundle_path, uri, stop_at=20) as loading:
        assert loading.stdout is not None
        while int(loading.stdout.readline()) < 20:
            pass
        loading.send_signal(signal.SIGKILL)
    with start_loading(toy_bundle_path, uri, stop_at=-1) as again:
        assert again.stdout is not None
        told = [int(line) for line in again.stdout]
    assert 20 <= told[0] < 60
    assert told[-1] == 60
    bundle = awkward_bundle(toy, 5, 60)
    answer = MilvusEngine.open(bundle, uri).recall(question(["a", "b"]), [0.5], 60)[0]
    assert answer.rows.tolist() == [row for row, _, _ in slow_recall(bundle, question(["a", "b"]), 0.5)]


def test_a_collection_without_its_indexes_gets_them(toy: Bundle, uri: str) -> None:
    """What is left by who was killed between two calls."""
    client, collection = server.connect(uri), server.collection_of(Layout.of(toy), "bare")
    server.prepare(client, collection, Layout.of(toy), 1)
    client.release_collection(collection)
    client.drop_index(collection, TERMS)
    assert load(toy, uri, name="bare") == (collection, 12)
    assert sorted(client.list_indexes(collection)) == sorted([TERMS, EMBEDDING])


def test_what_is_half_there_of_a_batch_is_replaced(toy: Bundle, uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("persrv.engines.milvus.loading.BATCH", 10)
    bundle = awkward_bundle(toy, 8, 30)
    layout, client = Layout.of(bundle), server.connect(uri)
    collection = server.collection_of(layout, "half")
    server.prepare(client, collection, layout, 1)
    rows = [{**each, "embedding": each["embedding"].astype(np.float32)} for each in stored_stickers(bundle, layout)]
    client.insert(collection, [*rows[:10], rows[13], rows[17]])
    with pytest.raises(EngineError, match=r"holds 12 of 30 stickers, and it is not marked as complete\. .* Load it"):
        MilvusEngine.open(bundle, uri, name="half")
    assert load(bundle, uri, name="half")[1] == 18
    answer = MilvusEngine.open(bundle, uri, name="half").recall(question(WORDS), [0.0], 30)[0]
    assert answer.rows.tolist() == [row for row, _, _ in slow_recall(bundle, question(WORDS), 0.0)]


class Cluster:
    """Records what a cluster would be told to create: Milvus Lite has neither half precision nor these indexes."""

    create_schema, prepare_index_params = MilvusClient.create_schema, MilvusClient.prepare_index_params

    def __init__(self) -> None:
        self.told: dict[str, Any] = {}

    def get_server_version(self) -> str:
        return "2.6.3"

    def has_collection(self, _: str) -> bool:
        return False

    def list_indexes(self, _: str) -> list[str]:
        return []

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *arguments, **options: self.told.update({name: (*arguments, *options.values())})


def test_on_a_cluster_embeddings_are_halves_on_disk_and_the_filter_has_indexes(toy: Bundle) -> None:
    cluster, layout = Cluster(), Layout.of(toy)
    server.prepare(cluster, "stickers", layout, 4)  # type: ignore[arg-type]
    name, schema, shards = cluster.told["create_collection"]
    fields = {field.name: field for field in schema.fields}
    assert (name, shards, json.loads(schema.description)["content_hash"]) == ("stickers", 4, toy.content_hash)
    assert fields[EMBEDDING].dtype == DataType.FLOAT16_VECTOR
    assert fields[EMBEDDING].params == {"dim": 8, "mmap_enabled": True}
    indexes = {each.field_name: each.index_type for each in cluster.told["create_index"][1]}
    assert indexes == {TERMS: "SPARSE_INVERTED_INDEX", EMBEDDING: "FLAT", TOKENS: "INVERTED", GUARDED: "INVERTED"}


def test_stickers_that_are_there_twice_are_noticed(toy: Bundle, uri: str) -> None:
    layout, client = Layout.of(toy), server.connect(uri)
    collection = server.collection_of(layout, "doubled")
    server.prepare(client, collection, layout, 1)
    rows = [{**each, "embedding": each["embedding"].astype(np.float32)} for each in stored_stickers(toy, layout)]
    client.insert(collection, [*rows, {**rows[0], ROW: 99}])
    with pytest.raises(EngineError, match=r"holds 13 stickers. Expected 12"):
        load(toy, uri, name="doubled")


# ---- what can go wrong ----------------------------------------------------------------------------------------------


def test_an_unreachable_server_is_told_in_a_sentence(toy: Bundle) -> None:
    with pytest.raises(EngineError, match=rf"Milvus at {NOWHERE} does not answer.*Check --milvus-uri"):
        MilvusEngine.open(toy, NOWHERE)
    for wrong in ("no-address-at-all", "http://127.0.0.1:port", "/no/such/folder/lite.db"):
        with pytest.raises(EngineError, match="does not answer"):
            load(toy, wrong)


def test_what_was_never_loaded_is_told_in_a_sentence(toy: Bundle, uri: str) -> None:
    with pytest.raises(EngineError, match=r"There is no 'never' on the server.*python -m persrv load"):
        MilvusEngine.open(toy, uri, name="never")
    with pytest.raises(EngineError, match="letters, digits"):
        load(toy, uri, name="no name")


def test_without_pymilvus_the_command_to_install_it_is_told(toy: Bundle) -> None:
    probe = (
        "import sys; sys.modules['pymilvus'] = None; from persrv.engines.milvus.server import connect; connect('x.db')"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=False)
    assert f"-m pip install {server.PYMILVUS} milvus-lite" in done.stderr
    assert server.PYMILVUS in (ROOT / "requirements-milvus.txt").read_text().splitlines()
    assert server.PYMILVUS in (ROOT / "tests" / "requirements.txt").read_text().splitlines()


def test_the_command_line_loads_and_says_so(
    toy_bundle_path: Path, uri: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["load", str(toy_bundle_path), "--milvus-uri", uri, "--collection", "typed"]
    assert main(command) == 0
    out, err = capsys.readouterr()
    assert out.endswith("holds all 12 stickers, served as typed: 12 stickers inserted.\n")
    assert err.splitlines()[-1] == "12 of 12 stickers"
    assert main(command) == 0
    assert "nothing to do" in capsys.readouterr().out
    assert main(["load", str(toy_bundle_path), "--milvus-uri", NOWHERE]) == 2
    assert capsys.readouterr().err.startswith("persrv: Milvus at http://127.0.0.1:9 does not answer")


# ---- standing in ----------------------------------------------------------------------------------------------------


class Stub:
    """An engine that answers with its own number, or fails."""

    exact = True

    def __init__(self, number: int, fails: bool = False) -> None:
        self.number, self.fails, self.asked = number, fails, 0

    def place(self, asked: Question, lambda_: float, row: int) -> tuple[int | None, int]:
        self.asked += 1
        if self.fails:
            raise EngineError("Gone", "a server", "Start it.")
        return self.number, 0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *arguments: self.place(question([]), 0.0, 0)


def test_the_second_engine_stands_in_until_the_first_is_back(caplog: pytest.LogCaptureFixture) -> None:
    now, first, second = [0.0], Stub(1), Stub(2)
    engine = FallbackEngine(first, second, clock=lambda: now[0])
    assert engine.place(question([]), 0.0, 0)[0] == 1
    first.fails = True
    assert engine.place(question([]), 0.0, 0)[0] == 2
    assert engine.standing_in
    assert "The index in this process answers" in caplog.text
    first.fails = False
    assert [engine.place(question([]), 0.0, 0)[0], engine.recall(question([]), [0.0], 1)[0]] == [2, 2]
    now[0] = 31.0
    assert not engine.standing_in
    assert engine.impacts((), np.zeros(0, np.intp))[0] == 1
    assert first.asked == 3


def test_what_is_no_fault_of_the_server_is_not_swallowed() -> None:
    class Broken(Stub):
        def recall(self, asked: Question, lambdas: list[float], size: int) -> tuple[Recalled, ...]:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        FallbackEngine(Broken(1), Stub(2)).recall(question([]), [0.0], 1)
