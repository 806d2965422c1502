"""Meaning over Milvus: the dense field beside the sparse one finds the texts that looking at all of them finds."""

from __future__ import annotations

from pathlib import Path

import meant
import numpy as np
import pytest
from pymilvus import MilvusClient

from persrv.bundle import Bundle
from persrv.engines import mixed
from persrv.engines.milvus import FallbackEngine, MilvusEngine, load, server
from persrv.engines.milvus.layout import EMBEDDING, MEANING, ROW, TERMS, Layout, stored_rows
from persrv.ranking.meaning import StickerLikeness
from persrv.retriever import Retriever

#: Said by stickers, near to what they say, said by nobody, refused below the threshold, negated, blank, emoji.
QUERIES = ("laugh", "haha", "night thanks", "good night", "zzz", "asdfqwer", "？", "笑死", "not happy", "😂", "")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return meant.write(tmp_path_factory.mktemp("meant"))


@pytest.fixture(scope="module")
def uri(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> str:
    uri = str(tmp_path_factory.mktemp("milvus") / "lite.db")
    load(bundle, uri)
    return uri


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lower the limit of catalogues that are searched whole below a dozen stickers."""
    monkeypatch.setattr(mixed, "EXHAUSTIVE", 5)
    monkeypatch.setattr("persrv.interpreter.catalogue_words.EXHAUSTIVE", 5)


def test_texts_have_rows_of_their_own_after_all_stickers(bundle: Bundle) -> None:
    assert bundle.meaning is not None
    layout = Layout.of(bundle)
    rows = list(stored_rows(bundle, layout))
    assert [row[ROW] for row in rows] == list(range(len(bundle.ids) + len(bundle.meaning.texts)))
    assert all((row[MEANING] is None) == (row[ROW] < layout.size) != (row[EMBEDDING] is None) for row in rows)
    assert list(map(str, stored_rows(bundle, layout, layout.size + 2))) == list(map(str, rows[layout.size + 2 :]))


def test_a_loading_that_stopped_among_the_texts_goes_on(
    bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("persrv.engines.milvus.loading.BATCH", 5)
    uri, layout = str(tmp_path / "lite.db"), Layout.of(bundle)
    collection, written = load(bundle, uri)
    assert written == layout.rows
    client = MilvusClient(uri)
    client.delete(collection, ids=list(range(layout.size + 3, layout.rows)))
    client.drop_alias("persrv")
    client.close()
    assert load(bundle, uri) == (collection, layout.texts - 3)


def test_the_nearest_texts_are_found(bundle: Bundle, uri: str) -> None:
    assert bundle.meaning is not None
    engine, encoder = MilvusEngine.open(bundle, uri), meant.FakeEncoder()
    assert engine.holds_texts
    for query in ("laugh", "haha", "晚安"):
        vector = encoder([query])
        near = np.flatnonzero((bundle.meaning.vectors.astype(np.float32) @ vector[0]) > 0.1)
        found = engine.near_texts(vector, len(near))
        assert found is not None
        assert set(near) == set(found.tolist())
    both = engine.near_texts(encoder(["laugh", "晚安"]), 1)
    assert both is not None
    assert [bundle.meaning.texts[text] for text in both] == ["laugh", "晚安"]


@pytest.mark.slow
@pytest.mark.usefixtures("many")
def test_a_search_over_milvus_is_a_search_of_everything(bundle: Bundle, uri: str) -> None:
    there = Retriever(bundle, engine=MilvusEngine.open(bundle, uri), sentence_encoder=meant.FakeEncoder())
    here = meant.retriever(bundle)
    assert there.bundle.meaning is not None
    assert isinstance(there.bundle.meaning.codes, mixed.EngineTexts)
    assert isinstance(there.bundle.meaning.score(np.eye(1, 8, dtype=np.float32), [1.0]).stickers, StickerLikeness)
    for query in QUERIES:
        for user in (None, "cleo"):
            found, expected = there.search(query, user), here.search(query, user)
            assert [hit.sticker for hit in found.hits] == [hit.sticker for hit in expected.hits], query
            assert [hit.final for hit in found.hits] == pytest.approx([hit.final for hit in expected.hits], abs=1e-5)
            assert [hit.meaning and hit.meaning.texts for hit in found.hits] == [
                hit.meaning
                and tuple(text._replace(likeness=pytest.approx(text.likeness, abs=1e-5)) for text in hit.meaning.texts)
                for hit in expected.hits
            ]
            claims = (found.notice, found.fallback, found.personalized, found.readings)
            assert claims == (expected.notice, expected.fallback, expected.personalized, expected.readings)


@pytest.mark.usefixtures("many")
def test_words_alone_ask_no_meaning(bundle: Bundle, uri: str) -> None:
    engine = MilvusEngine.open(bundle, uri)
    there = Retriever(bundle, engine=engine, sentence_encoder=meant.FakeEncoder())
    engine.near_texts = None  # type: ignore[method-assign,assignment]
    paper = bundle.words_settings
    assert there.search("laugh", "ann", paper) == meant.retriever(bundle).search("laugh", "ann", paper)


@pytest.mark.usefixtures("many")
def test_while_the_server_fails_the_bundles_own_lists_stand_in(bundle: Bundle, uri: str) -> None:
    failing = MilvusEngine.open(bundle, uri)
    failing._collection = "dropped_meanwhile"
    plain = Retriever(bundle, sentence_encoder=meant.FakeEncoder())
    words = plain.engine.words if isinstance(plain.engine, mixed.MixedEngine) else plain.engine
    both = Retriever(bundle, engine=FallbackEngine(failing, words), sentence_encoder=meant.FakeEncoder())
    assert both.search("laugh").hits, "this small bundle has no lists: words alone answer"
    assert both.search("haha", literal=True).notice == "no_match"


def test_on_a_cluster_texts_are_halves_in_a_graph_and_what_a_row_lacks_may_be_absent(bundle: Bundle) -> None:
    from test_milvus import Cluster

    cluster = Cluster()
    server.prepare(cluster, "stickers", Layout.of(bundle), 1)  # type: ignore[arg-type]
    fields = {each["name"]: each for each in cluster.told["create_collection"][1].to_dict()["fields"]}
    assert {name for name, each in fields.items() if each.get("nullable")} == {EMBEDDING, MEANING}
    assert fields[MEANING]["params"] == {"dim": meant.WIDTH}
    made = {each.field_name: each.to_dict() for each in cluster.told["create_index"][1]}
    assert made[MEANING]["index_type"] == "HNSW"
    assert made[TERMS]["index_type"] == "SPARSE_INVERTED_INDEX"
