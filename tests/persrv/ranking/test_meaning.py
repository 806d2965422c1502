"""The meaning channel: soft maximum, texts of a sticker, likeness to the readings of a query."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import toy
from hypothesis import given
from hypothesis import strategies as st
from meant import WIDTH, FakeEncoder, understood

from persrv.ranking.meaning import MOST_TEXTS, SHARPNESS, TRUST, MeaningIndex, soft_maximum, texts_of
from persrv.records import FIELDS

likenesses = st.lists(st.lists(st.floats(0, 1), min_size=1, max_size=6), min_size=1, max_size=5)


@given(likenesses, st.floats(1, 60))
def test_a_soft_maximum_is_the_formula_and_bounded_by_the_maximum(runs: list[list[float]], sharpness: float) -> None:
    starts = np.cumsum([0, *(len(run) for run in runs[:-1])])
    found = soft_maximum(np.array([value for run in runs for value in run]), starts, sharpness)
    for value, run in zip(found.tolist(), runs, strict=True):
        raised = 1 + sum(math.exp(sharpness * x) - 1 for x in run)
        assert value == pytest.approx(math.log(raised) / sharpness, abs=1e-5)
        assert soft_maximum(np.array([*run, 0.0]), np.zeros(1, int), sharpness)[0] == pytest.approx(value, abs=1e-6)
        assert max(run) - 1e-6 <= value <= max(run) + math.log(len(run)) / sharpness + 1e-6


def test_texts_are_cut_at_commas_and_counted_once_a_field() -> None:
    sticker = replace(
        toy.stickers()[0],
        ocr="ＯＫ  啦",
        keywords="开心，haha,开心；",
        description="一只猫，坐着。",
        keywords_base="像素风格",
        emotion="",
        queries=("ok啦",),
    )
    assert list(texts_of(sticker)) == [
        ("ocr", "ok 啦"),
        ("keywords", "开心"),
        ("keywords", "haha"),
        ("description", "一只猫"),
        ("description", "坐着"),
        ("description", "像素风格"),
        ("queries", "ok啦"),
    ]
    assert len(list(texts_of(replace(sticker, keywords=",".join(map(str, range(500))))))) == MOST_TEXTS


def test_likeness_by_hand() -> None:
    """s03 says "laugh" only; s01 says it and was searched by it, so two texts say it; nobody else means it."""
    meaning, _ = understood()
    found = meaning.score(FakeEncoder()(["haha"]), [1.0])
    twice = math.log(math.exp(SHARPNESS * 0.8) + math.exp(SHARPNESS * 0.8 * TRUST["queries"]) - 1) / SHARPNESS
    assert found.stickers[2] == pytest.approx(0.8, abs=1e-3)
    assert found.stickers[0] == pytest.approx(twice, abs=1e-3)
    assert found.stickers[4] == pytest.approx(0, abs=1e-3)
    assert meaning.nearest([0], found.texts)[0][0][:2] == ("ocr", "laugh")


def drawn(seed: int) -> MeaningIndex:
    """Draw stickers that share few texts, each in fields by chance, so that many are equally near; some have none."""
    rng = np.random.default_rng(seed)
    texts = [f"t{number}" for number in range(9)]
    vectors = rng.integers(-1, 2, (9, 4)).astype(np.float32) + np.float32(0.5)
    counts = rng.integers(0, 6, 30)
    size = int(counts.sum())
    return MeaningIndex(
        texts,
        (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16),
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        rng.integers(0, 9, size).astype(np.int32),
        rng.integers(0, len(FIELDS), size).astype(np.int8),
        "drawn==1",
    )


@given(st.integers(0, 200), st.sets(st.sampled_from(FIELDS), min_size=1))
def test_likeness_and_nearest_texts_are_what_counting_entry_by_entry_gives(seed: int, fields: set[str]) -> None:
    index, rng = drawn(seed), np.random.default_rng(seed)
    queries = rng.standard_normal((2, 4)).astype(np.float32)
    queries /= np.linalg.norm(queries, axis=1, keepdims=True)
    found = index.score(queries, [1.0, 0.7], sorted(fields))
    rows = rng.permutation(30)[:12].tolist()
    nearest = dict(zip(rows, index.nearest(rows, found.texts, sorted(fields)), strict=True))
    for row in range(30):
        told = []
        for entry in range(int(index.indptr[row]), int(index.indptr[row + 1])):
            field, vector = FIELDS[index.field[entry]], index.vectors[index.text[entry]].astype(np.float64)
            cosine = max(0.0, vector @ queries[0], 0.7 * (vector @ queries[1]))
            told.append((TRUST[field] * cosine if field in fields else 0.0, index.texts[index.text[entry]], field))
        raised = 1 + sum(math.exp(SHARPNESS * value) - 1 for value, _, _ in told)
        assert found.stickers[row] == pytest.approx(math.log(raised) / SHARPNESS, abs=1e-5)
        if row in nearest:
            best = sorted((value for value, _, _ in told if value > 0), reverse=True)[:3]
            assert [each.likeness for each in nearest[row]] == pytest.approx(best, abs=1e-5)
            keys = [(-each.likeness, each.text, each.field) for each in nearest[row]]
            assert keys == sorted(keys)
            assert {(each.text, each.field) for each in nearest[row]} <= {(text, field) for _, text, field in told}


def test_the_nearest_reading_counts_by_how_sure_it_is() -> None:
    meaning, _ = understood()
    found = meaning.score(FakeEncoder()(["night", "haha"]), [1.0, 0.5])
    assert found.stickers[2] == pytest.approx(0.4, abs=1e-3)
    assert found.stickers[8] == pytest.approx(0, abs=1e-3)


def test_a_field_that_does_not_count_means_nothing() -> None:
    meaning, _ = understood()
    assert meaning.score(FakeEncoder()(["laugh"]), [1.0], ["keywords"]).stickers.max() == 0


def test_a_catalogue_without_any_text_means_nothing() -> None:
    bare = [replace(sticker, ocr="", queries=()) for sticker in toy.stickers()]
    gathered = MeaningIndex.gather(bare, "fake==1")
    empty = replace(gathered, vectors=np.zeros((0, WIDTH), np.float16))
    assert empty.texts == []
    found = empty.score(FakeEncoder()(["laugh"]), [1.0])
    assert found.stickers.tolist() == [0.0] * 12
    assert empty.nearest([3], found.texts) == [()]
    assert empty.nearest([], found.texts) == []
