"""Likeness by sketches of texts: what it gives is what looking at everything gives, wherever it is asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import toy
from meant import SETTINGS, FakeEncoder, understood
from numpy.typing import NDArray

from persrv.bundle import Bundle, layout, understanding
from persrv.engines import mixed
from persrv.errors import BundleError, ModelError
from persrv.ranking import fusion
from persrv.ranking.meaning import MeaningIndex, StickerLikeness
from persrv.ranking.near import Holders, TextCodes
from persrv.ranking.recall_contract import Question
from persrv.ranking.sketches import Sketches
from persrv.records import FIELDS, FloatArray
from persrv.retriever import Retriever

WIDTH = 24


def drawn(seed: int, stickers: int = 400, texts: int = 900) -> MeaningIndex:
    """Stickers of up to 6 texts, some of them shared by many; texts lie around thirty directions."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((30, WIDTH))
    vectors = centres[rng.integers(0, 30, texts)] + 0.6 * rng.standard_normal((texts, WIDTH))
    counts = rng.integers(0, 7, stickers)
    size = int(counts.sum())
    return MeaningIndex(
        [f"{number:04d}" for number in range(texts)],
        (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16),
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        (texts * rng.random(size) ** 2).astype(np.int32),
        rng.integers(0, len(FIELDS), size).astype(np.int8),
        FakeEncoder.name,
    )


def queries(index: MeaningIndex, seed: int, readings: int = 2) -> FloatArray:
    rng = np.random.default_rng(seed)
    rows = index.vectors[rng.integers(0, len(index.texts), readings)] + 0.1 * rng.standard_normal((readings, WIDTH))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_asked_is_what_looking_at_everything_gives(seed: int) -> None:
    index = drawn(seed)
    asked, sure, fields = queries(index, seed), [1.0, 0.8], FIELDS[:4]
    whole = index.score(asked, sure, fields)
    found = replace(index, codes=Sketches.build(index.vectors)).score(asked, sure, fields)
    rows = np.random.default_rng(seed).permutation(400)[:50]
    assert found.stickers[rows] == pytest.approx(whole.stickers[rows], abs=1e-5)
    assert found.texts[index.text[:30]] == pytest.approx(whole.texts[index.text[:30]], abs=1e-5)
    assert found.texts.max(initial=0.0) == pytest.approx(whole.texts.max(), abs=1e-5)
    assert index.nearest(rows[:9].tolist(), found.texts, fields) == [
        tuple(text._replace(likeness=pytest.approx(text.likeness, abs=1e-5)) for text in texts)
        for texts in index.nearest(rows[:9].tolist(), whole.texts, fields)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_the_nearest_stickers_are_found(seed: int) -> None:
    index = drawn(seed)
    asked = queries(index, seed, readings=1)
    whole = index.score(asked, [1.0]).stickers
    found = replace(index, codes=Sketches.build(index.vectors)).score(asked, [1.0]).stickers
    assert isinstance(found, StickerLikeness)
    best = set(np.argsort(-whole)[:20].tolist())
    assert len(best & set(mixed.nearest(found, 40).tolist())) >= 19
    assert len(mixed.nearest(found, 5)) == 5
    assert (found[mixed.nearest(found, 400)] >= fusion.NEAR - 1e-5).all()


def test_holders_of_texts() -> None:
    index = drawn(1, stickers=40, texts=12)
    texts = np.array([0, 3, 11])
    holders = Holders(index.indptr, index.text, index.field, 12)
    told = [
        (row, int(index.field[entry]), place)
        for place, text in enumerate(texts.tolist())
        for row in range(40)
        for entry in range(int(index.indptr[row]), int(index.indptr[row + 1]))
        if index.text[entry] == text
    ]
    for most in (None, 0, 1, len(told) - 1, len(told) + 1):
        owners, fields, which = holders.of(texts, most)
        assert list(zip(owners.tolist(), fields.tolist(), which.tolist(), strict=True)) == told[:most]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lower the limit of large catalogues below a dozen stickers."""
    monkeypatch.setattr(mixed, "EXHAUSTIVE", 5)
    monkeypatch.setattr(understanding, "CODES_ABOVE", 5)


def written(folder: Path) -> Bundle:
    meaning, words = understood()
    return toy.write_toy(folder, settings=SETTINGS, meaning=meaning, lexicon=words)


@pytest.mark.usefixtures("small")
def test_a_search_by_sketches_is_a_search_of_everything(tmp_path: Path) -> None:
    bundle = written(tmp_path)
    assert bundle.meaning is not None
    assert bundle.meaning.codes is not None
    door = Retriever(bundle, sentence_encoder=FakeEncoder())
    whole = Retriever(replace(bundle, meaning=replace(bundle.meaning, codes=None)), sentence_encoder=FakeEncoder())
    for query in ("haha", "laugh", "night thanks", "zzz", "？"):
        for user in (None, "cleo"):
            found, expected = door.search(query, user), whole.search(query, user)
            assert [hit.sticker for hit in found.hits] == [hit.sticker for hit in expected.hits]
            assert [hit.final for hit in found.hits] == pytest.approx([hit.final for hit in expected.hits], abs=1e-5)
            assert (found.notice, found.fallback) == (expected.notice, expected.fallback)
    assert door.candidates("haha", "ann").likeness == pytest.approx(whole.candidates("haha", "ann").likeness, abs=1e-5)


def codes_of(vectors: NDArray[np.floating[Any]]) -> Any:
    """Codes as faiss made them before there were sketches."""
    import faiss

    width = vectors.shape[1]
    index = faiss.IndexPQFastScan(width, width // 4, 4, faiss.METRIC_INNER_PRODUCT)
    index.pq.cp.min_points_per_centroid = 1
    index.train(np.resize(np.asarray(vectors, np.float32), (256, width)))
    index.add(np.asarray(vectors, np.float32))
    return index


def older(bundle: Bundle, coded: bool) -> Path:
    """The folder of a bundle without sketches, as they were written before: with codes, or without."""
    import faiss

    assert bundle.meaning is not None
    manifest = layout.read_json(bundle.path / layout.MANIFEST)
    for name in layout.MEANING_SKETCHES:
        (bundle.path / name).unlink()
        del manifest["files"][name]
    if coded:
        file = bundle.path / layout.MEANING_CODES
        faiss.write_index(codes_of(bundle.meaning.vectors), str(file))
        entry = {"bytes": file.stat().st_size, "sha256": layout.sha256_of(file)}
        manifest["files"][layout.MEANING_CODES] = entry
    manifest["content_hash"] = layout.content_hash(manifest["files"])
    manifest["manifest_sha256"] = layout.manifest_hash(manifest)
    (bundle.path / layout.MANIFEST).write_text(layout.canonical(manifest), encoding="utf-8")
    return bundle.path


@pytest.mark.usefixtures("small")
def test_an_older_bundle_is_searched_by_its_codes(tmp_path: Path) -> None:
    expected = Retriever(written(tmp_path / "new"), sentence_encoder=FakeEncoder())
    bundle = Bundle.open(older(written(tmp_path / "old"), coded=True))
    assert bundle.meaning is not None
    assert isinstance(bundle.meaning.codes, TextCodes)
    found = Retriever(bundle, sentence_encoder=FakeEncoder())
    for query in ("haha", "night thanks"):
        assert found.search(query).hits == expected.search(query).hits


@pytest.mark.usefixtures("small")
def test_without_the_package_an_older_bundle_is_searched_by_words_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = older(written(tmp_path), coded=True)
    monkeypatch.setattr(TextCodes, "is_possible", staticmethod(lambda: False))
    bundle = Bundle.open(path)
    assert bundle.meaning is not None
    assert isinstance(bundle.meaning.problem, ModelError)
    assert Retriever(bundle).search("laugh").hits[0].meaning is None
    assert "faiss-cpu is not installed" in caplog.text


@pytest.mark.usefixtures("small")
def test_an_older_bundle_without_codes_says_what_to_do(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    bundle = Bundle.open(older(written(tmp_path), coded=False))
    assert Retriever(bundle).search("laugh").hits[0].meaning is None
    assert "python -m precompute reindex" in caplog.text


@pytest.mark.usefixtures("small")
def test_the_bundle_says_what_its_sketches_are_worth(tmp_path: Path) -> None:
    bundle = written(tmp_path)
    assert bundle.meaning is not None
    assert bundle.manifest["meaning"]["codes"] == {"recall": 1, "queries": len(bundle.meaning.texts), "bytes": 24}


def test_a_file_that_has_no_codes_of_these_texts_is_refused(tmp_path: Path) -> None:
    import faiss

    index = drawn(0)
    faiss.write_index(codes_of(index.vectors), str(tmp_path / "codes.faiss"))
    assert TextCodes.open(tmp_path / "codes.faiss", 900, WIDTH).near(queries(index, 0), 3).size >= 3
    with pytest.raises(BundleError, match="PQFastScan of 900 texts of 24 numbers"):
        TextCodes.open(tmp_path / "codes.faiss", 901, WIDTH)
    (tmp_path / "odd.faiss").write_bytes(b"no codes" * 40)
    with pytest.raises(BundleError):
        TextCodes.open(tmp_path / "odd.faiss", 900, WIDTH)


@pytest.mark.usefixtures("small")
def test_sketches_of_other_texts_are_refused(tmp_path: Path) -> None:
    bundle = written(tmp_path)
    file = bundle.path / layout.MEANING_SKETCHES[2]
    np.save(file, np.load(file)[:-1])
    manifest = layout.read_json(bundle.path / layout.MANIFEST)
    manifest["files"][layout.MEANING_SKETCHES[2]] |= {"bytes": file.stat().st_size}
    manifest["manifest_sha256"] = layout.manifest_hash(manifest)
    (bundle.path / layout.MANIFEST).write_text(layout.canonical(manifest), encoding="utf-8")
    with pytest.raises(BundleError, match="Sketches of texts of shapes"):
        Bundle.open(bundle.path, hashed=False)


@pytest.mark.parametrize("seed", range(3))
def test_what_roughly_is_not_among_the_best_is_not(seed: int) -> None:
    index = drawn(seed)
    sketched = replace(index, codes=Sketches.build(index.vectors))
    rng = np.random.default_rng(seed)
    words, utility, rows = (
        rng.random(300) * rng.integers(0, 2, 300),
        rng.random(400).astype(np.float32),
        rng.permutation(400)[:300],
    )
    likeness = sketched.score(queries(index, seed, readings=1), [1.0]).stickers
    question = Question((), {}, (1.0, 0.0, 0.0), 1.0, likeness, 0.7, 1.0)
    kept = mixed.may_be_best(question, words, rows, (0.0, 0.1), 20, utility)
    assert 20 <= kept.sum() < 300, "some are left out"
    for lambda_ in (0.0, 0.1):
        score = fusion.relevance(words, 1.0, likeness[rows], 0.7) + lambda_ * utility[rows]
        assert kept[np.argsort(-score)[:20]].all()
