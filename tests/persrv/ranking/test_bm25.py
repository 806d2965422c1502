"""BM25: by hand, against rank_bm25, and through a file."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from persrv.errors import BundleError
from persrv.ranking.bm25 import FieldIndex, Idf
from persrv.text.analyser import analyse

TOKENS = st.sampled_from(["晚", "安", "哈", "lol", "a", "b", "c"])
CORPORA = st.lists(st.lists(TOKENS, max_size=8), min_size=1, max_size=12).filter(any)
QUERIES = st.lists(st.sampled_from(["晚", "安", "哈", "lol", "a", "b", "c", "unknown"]), max_size=6)


@pytest.mark.parametrize(("idf", "telling"), [("lucene", math.log(1 + 3.5 / 1.5)), ("rank_bm25", math.log(3.5 / 1.5))])
def test_one_word_documents_by_hand(idf: Idf, telling: float) -> None:
    # "a" in 1 of 4 documents: N - n + .5 = 3.5, n + .5 = 1.5; all have the average length, so the tf part is 1
    index = FieldIndex.build([["a"], ["b"], ["c"], ["d"]], idf=idf)
    assert index.scores(["a"]) == pytest.approx([telling, 0, 0, 0])


def test_frequency_and_length_by_hand() -> None:
    # average length 1.5; "a" twice among three tokens: tf part 2 * 2.5 / (2 + 1.5 * (.25 + .75 * 2)) = 5 / 4.625
    index = FieldIndex.build([["a", "a", "b"], ["c"], ["d"], ["e"]])
    assert index.scores(["a"])[0] == pytest.approx(math.log(1 + 3.5 / 1.5) * 5 / 4.625)


def test_a_token_asked_twice_counts_twice() -> None:
    index = FieldIndex.build([["a"], ["b"], ["c"]])
    assert index.scores(["a", "a"]) == pytest.approx(2 * index.scores(["a"]))


def test_matching_does_not_need_a_score() -> None:
    # in exactly half of the documents rank_bm25's idf is 0
    index = FieldIndex.build([["a"], ["a"], ["b"], ["c"]], idf="rank_bm25")
    assert index.scores(["a"]) == pytest.approx(np.zeros(4))
    assert index.matched(["a"]).tolist() == [True, True, False, False]


@pytest.mark.parametrize("documents", [[], [[]], [[], []]])
def test_without_any_token_nothing_scores(documents: list[list[str]]) -> None:
    index = FieldIndex.build(documents)
    assert index.size == len(documents)
    assert index.scores(["a"]).tolist() == [0.0] * len(documents)


@given(CORPORA, st.sampled_from(["晚", "安", "哈", "lol", "a", "b", "c"]))
def test_who_says_a_word_stands_before_all_who_do_not(corpus: list[list[str]], word: str) -> None:
    # whatever the size of the corpus and the share that says it
    scores = FieldIndex.build(corpus).scores([word])
    says = np.array([word in document for document in corpus])
    assert (scores[says] > 0).all()
    assert (scores[~says] == 0).all()


@given(
    st.integers(1, 9),
    st.integers(1, 9),
    st.sampled_from([("晚安", "早安"), ("哈哈", "哈喽"), ("good night", "good job")]),
)
def test_who_says_it_all_stands_before_who_says_half_of_it(all_: int, half: int, said: tuple[str, str]) -> None:
    documents = [analyse(said[0])] * all_ + [analyse(said[1])] * half
    scores = FieldIndex.build(documents).scores(analyse(said[0]))
    assert scores[:all_].min() > scores[all_:].max()


@given(CORPORA, QUERIES)
def test_equals_rank_bm25(corpus: list[list[str]], query: list[str]) -> None:
    expected = BM25Okapi(corpus).get_scores(query)
    np.testing.assert_allclose(FieldIndex.build(corpus, idf="rank_bm25").scores(query), expected, rtol=1e-6, atol=1e-6)


@given(CORPORA, st.floats(0.1, 3), st.floats(0, 0.99), st.floats(0, 1))  # b 1: 0 / 0 there in empty documents
def test_equals_rank_bm25_for_any_parameters(corpus: list[list[str]], k1: float, b: float, epsilon: float) -> None:
    expected = BM25Okapi(corpus, k1=k1, b=b, epsilon=epsilon).get_scores(["a", "晚"])
    actual = FieldIndex.build(corpus, k1, b, epsilon, "rank_bm25").scores(["a", "晚"])
    np.testing.assert_allclose(actual, expected, rtol=1e-6, atol=1e-6)


@settings(max_examples=20)
@given(CORPORA, QUERIES)
def test_saved_and_loaded_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, corpus: list[list[str]], query: list[str]
) -> None:
    folders = [tmp_path_factory.mktemp("index") for _ in range(2)]
    for folder in folders:
        FieldIndex.build(corpus).save(folder)
    np.testing.assert_array_equal(FieldIndex.load(folders[0]).scores(query), FieldIndex.build(corpus).scores(query))
    for file in folders[0].iterdir():
        assert file.read_bytes() == (folders[1] / file.name).read_bytes()


def test_an_index_without_tokens_survives_the_file(tmp_path: Path) -> None:
    FieldIndex.build([[], []]).save(tmp_path)
    assert FieldIndex.load(tmp_path).scores(["a"]).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("rows", np.array([0, 7, 1], np.int32), r"outside 0\.\.1"),
        ("rows", np.array([0, -1, 1], np.int32), r"outside 0\.\.1"),
        ("rows", np.array([1, 0, 1], np.int32), "out of order"),
        ("rows", np.array([0], np.int32), "differ in length"),
        ("rows", np.array([0, 1, 1], np.float64), "float64"),
        ("indptr", np.array([0, 4, 3], np.int64), "overlap"),
        ("indptr", np.array([[0, 2, 3]], np.int64), "2-d int64"),
        ("impacts", np.array([1, np.nan, 1], np.float32), "not finite"),
    ],
)
def test_damage_is_named(tmp_path: Path, name: str, content: np.ndarray, message: str) -> None:
    FieldIndex.build([["a"], ["a", "b"]]).save(tmp_path)
    np.save(tmp_path / f"{name}.npy", content)
    with pytest.raises(BundleError, match=message):
        FieldIndex.load(tmp_path)


@pytest.mark.parametrize("tokens", ['["a", "a"]', '["a", 7]'])
def test_a_damaged_vocabulary_is_named(tmp_path: Path, tokens: str) -> None:
    FieldIndex.build([["a"], ["a", "b"]]).save(tmp_path)
    (tmp_path / "vocabulary.json").write_text(f'{{"size": 2, "tokens": {tokens}}}', encoding="utf-8")
    with pytest.raises(BundleError, match="distinct tokens"):
        FieldIndex.load(tmp_path)


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    FieldIndex.build([["a"], ["b"]]).save(tmp_path)
    (tmp_path / "rows.npy").unlink()
    with pytest.raises(BundleError, match="can't be read"):
        FieldIndex.load(tmp_path)
