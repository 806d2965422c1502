"""The door, on the toy world: rankings and score parts by hand, every odd request, live profiles, look-ups."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import toy
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx import TensorProto, helper
from PIL import Image

from persrv.bundle import Bundle
from persrv.errors import ModelError, QueryError
from persrv.models import encoders
from persrv.query import MAX_QUERY, clean_query
from persrv.ranking.joint_postings import JointPostings
from persrv.records import FIELDS, RANKINGS, FloatArray, SearchResult, SearchSettings, UserStyle
from persrv.retriever import Retriever
from persrv.settings import with_switches


def ids(result: SearchResult) -> tuple[str, ...]:
    return tuple(hit.sticker for hit in result.hits)


# ---- rankings by hand -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("person", "ranking"), toy.LAUGH)
def test_rankings_by_hand(toy_retriever: Retriever, person: str, ranking: str) -> None:
    expected = toy.LAUGH[person, ranking]
    assert ids(toy_retriever.compare("laugh", person, toy.OCR_ONLY)[ranking]) == expected
    assert ids(toy_retriever.search("laugh", person, with_switches(toy.OCR_ONLY, ranking))) == expected


def test_score_parts_by_hand(toy_retriever: Retriever) -> None:
    result = toy_retriever.search("Laugh", "cleo", toy.OCR_ONLY)
    assert (result.query, result.tokens, result.user) == ("Laugh", ("laugh",), "cleo")
    assert (result.matched, result.notice, result.fallback, result.personalized) == (4, "", "", True)
    hits = {hit.sticker: hit for hit in result.hits}
    s03 = hits["s03"]
    assert (s03.rank, s03.recall_rank, s03.row) == (1, 3, 2)
    assert [score.field for score in s03.fields] == list(FIELDS)
    ocr = s03.fields[0]
    assert ocr.bm25 == pytest.approx(toy.WORD_BM25, abs=1e-6)
    assert ocr.weight == 1.0
    assert ocr.tokens == {"laugh": pytest.approx(toy.WORD_BM25, abs=1e-6)}
    assert s03.fields[1].tokens == {}
    assert s03.relevance == pytest.approx(toy.WORD_BM25, abs=1e-6)
    assert s03.utility.counts == (0, 0, 0)
    assert s03.utility.value == pytest.approx(toy.UTILITY["s03"], abs=1e-6)
    assert s03.recall == pytest.approx(toy.WORD_BM25 + toy.UTILITY["s03"], abs=1e-6)
    assert s03.preference is not None
    assert s03.preference.value == pytest.approx(0.8, abs=1e-3)
    assert s03.preference.cluster == 0
    assert s03.preference.exemplars == ("s07",)
    assert s03.final == pytest.approx(s03.recall * 1.8, abs=1e-3)
    assert hits["s04"].preference is not None
    assert hits["s04"].preference.exemplars == ("s12",)
    s02 = hits["s02"]
    assert (s02.rank, s02.recall_rank) == (3, 1)
    assert s02.utility.counts == (3, 2, 2)
    assert s02.utility.parts == pytest.approx((1 / 3, 1 / 3, 1 / 3), abs=1e-6)
    assert s02.preference is not None
    assert s02.preference.value == pytest.approx(0, abs=1e-6)


def test_parts_add_up_for_every_hit(toy_retriever: Retriever) -> None:
    chosen = SearchSettings(field_weights={"ocr": 2.0, "queries": 0.5}, lambda_=0.3, alpha=0.7)
    for query in ("laugh", "laugh 笑死 laugh", "晚安 night thanks"):
        for hit in toy_retriever.search(query, "ann", chosen).hits:
            assert hit.relevance == pytest.approx(sum(f.weight * f.bm25 for f in hit.fields), abs=1e-5)
            assert all(f.bm25 == pytest.approx(sum(f.tokens.values()), abs=1e-5) for f in hit.fields)
            assert hit.utility.value == pytest.approx(sum(hit.utility.parts), abs=1e-5)
            assert hit.recall == pytest.approx(hit.relevance + 0.3 * hit.utility.value, abs=1e-5)
            assert hit.preference is not None
            assert hit.final == pytest.approx(hit.recall * (1 + 0.7 * hit.preference.value), abs=1e-5)


def test_what_speaks_against_a_sticker_is_told_too(toy_bundle_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that nearly every sticker holds may have a negative impact; typed twice, it counts twice."""
    retriever = Retriever.open(toy_bundle_path)
    postings = JointPostings._of

    def negated(joint: JointPostings, tokens: Sequence[str]) -> tuple[NDArray[np.intp], FloatArray]:
        keys, impacts = postings(joint, tokens)
        return keys, -impacts

    monkeypatch.setattr(JointPostings, "_of", negated)
    ocr = {hit.sticker: hit.fields[0] for hit in retriever.search("laugh laugh").hits}["s03"]
    assert ocr.tokens == {"laugh": pytest.approx(-2 * toy.WORD_BM25, abs=1e-6)}
    assert ocr.bm25 == ocr.tokens["laugh"]


def test_compare_is_four_searches(toy_retriever: Retriever) -> None:
    for user in (None, "ann", "cleo", "stranger"):
        compared = toy_retriever.compare("laugh 晚安", user)
        assert tuple(compared) == RANKINGS
        for name, result in compared.items():
            assert result == toy_retriever.search(
                "laugh 晚安", user, with_switches(toy_retriever.bundle.settings, name)
            )


def test_utility_never_brings_in_a_stranger(toy_retriever: Retriever) -> None:
    assert set(ids(toy_retriever.search("night", None, toy.OCR_ONLY))) == {"s05", "s06", "s07", "s08"}


def test_recall_size_and_top_cut(toy_retriever: Retriever) -> None:
    narrow = replace(toy.OCR_ONLY, recall_size=2)
    assert ids(toy_retriever.search("laugh", "cleo", narrow)) == ("s02", "s01"), "taste cannot see beyond R"
    everything = toy_retriever.search("laugh", "cleo", toy.OCR_ONLY)
    assert toy_retriever.search("laugh", "cleo", toy.OCR_ONLY, top=2).hits == everything.hits[:2]


def test_fields_can_be_switched_off(toy_retriever: Retriever) -> None:
    queries_only = SearchSettings(field_weights={"queries": 1.0})
    assert set(ids(toy_retriever.search("laugh", None, queries_only))) == {"s01", "s02"}
    nothing = SearchSettings(field_weights={})
    assert toy_retriever.search("laugh", None, nothing).notice == "no_match"


def test_settings_default_to_the_bundles(toy_retriever: Retriever) -> None:
    result = toy_retriever.search("laugh")
    assert result.settings == toy_retriever.bundle.settings
    assert (result.user, result.personalized) == (None, False)
    assert all(hit.preference is None for hit in result.hits)


# ---- odd requests ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "   ", "\n\t", "\x00\x07", "\u200b\u200d", "\ud800", "\u3000"])
def test_blank_queries_answer_nothing(toy_retriever: Retriever, query: str) -> None:
    for result in (toy_retriever.search(query, "ann"), *toy_retriever.compare(query).values()):
        assert (result.hits, result.notice, result.matched) == ((), "blank_query", 0)


def test_unknown_people_get_the_common_order(toy_retriever: Retriever) -> None:
    result = toy_retriever.search("laugh", "stranger", toy.OCR_ONLY)
    assert (result.notice, result.personalized, result.user) == ("unknown_user", False, "stranger")
    assert result.hits == toy_retriever.search("laugh", None, toy.OCR_ONLY).hits


def test_surrogates_and_controls_are_survived(toy_retriever: Retriever) -> None:
    assert clean_query("\ud83d\ude02") == "😂", "two halves are one emoji"
    assert clean_query(" a\ud83d\x00b\n") == "a b"
    assert clean_query("\ufeff\u202ego\u00ad\u2060od\u202c ni\u200bght") == "good night", (
        "pasted with marks that nobody sees"
    )
    for whole in (
        "👨\u200d👩\u200d👧",
        "می\u200cخواهم",
        "🏴" + "".join(chr(0xE0000 + ord(c)) for c in "gbeng") + "\U000e007f",
    ):
        assert clean_query(whole) == whole, "joiners belong to what they join"
    assert ids(toy_retriever.search("\ud83dlaugh\x00", None)) == ids(toy_retriever.search("laugh", None))


def test_long_queries_are_refused_not_cut(toy_retriever: Retriever) -> None:
    with pytest.raises(QueryError, match="10000 characters"):
        toy_retriever.search("哈" * 10_000)
    assert toy_retriever.search(" " * 10_000 + "laugh").hits
    assert toy_retriever.search("哈" * MAX_QUERY).notice == "no_match"


@pytest.mark.parametrize("top", [0, -1, 1001, True, 2.5, "3", None])
def test_impossible_sizes(toy_retriever: Retriever, top: object) -> None:
    with pytest.raises(QueryError, match="1 to 1000"):
        toy_retriever.search("laugh", top=top)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"lambda_": -1.0},
        {"alpha": float("nan")},
        {"alpha": float("inf")},
        {"field_weights": {"ocr": -0.1}},
        {"field_weights": {"smell": 1.0}},
        {"utility_weights": (1.0, 1.0)},
        {"utility_weights": (1.0, 1.0, float("nan"))},
        {"utility_base": 0.0},
        {"utility_base": 1.5},
        {"recall_size": 0},
        {"recall_size": 2.0},
    ],
)
def test_impossible_settings(toy_retriever: Retriever, change: dict) -> None:
    with pytest.raises(QueryError):
        toy_retriever.search("laugh", "ann", replace(SearchSettings(), **change))


def test_a_query_that_is_no_text(toy_retriever: Retriever) -> None:
    with pytest.raises(QueryError, match="type NoneType"):
        toy_retriever.search(None)  # type: ignore[arg-type]


@settings(max_examples=150, deadline=None)
@given(query=st.text(max_size=30), user=st.sampled_from([None, "ann", "cleo", "nobody"]), top=st.integers(1, 15))
def test_any_text_is_answered(toy_retriever: Retriever, query: str, user: str | None, top: int) -> None:
    result = toy_retriever.search(query, user, top=top)
    assert len(result.hits) <= top
    assert [hit.rank for hit in result.hits] == list(range(1, len(result.hits) + 1))
    finals = [hit.final for hit in result.hits]
    assert finals == sorted(finals, reverse=True)
    assert len(set(ids(result))) == len(result.hits)
    assert bool(result.hits) or result.notice == "blank_query"


# ---- fallbacks ------------------------------------------------------------------------------------------------------


def test_without_a_match_the_popular_are_shown(toy_retriever: Retriever) -> None:
    result = toy_retriever.search("zzz", "cleo", top=3)
    assert (result.notice, result.fallback, result.matched, result.personalized) == ("no_match", "popular", 0, False)
    assert ids(result) == ("s02", "s01", "s07"), "by utility; s07 and s12 are equal, so by id"
    assert result.hits[0].final == pytest.approx(1.0)
    assert (result.hits[0].relevance, result.hits[0].preference) == (0.0, None)
    assert toy_retriever.search("？！", top=1).fallback == "popular", "signs alone hold no word"


def test_with_a_text_encoder_the_nearest_pictures_are_shown(toy_bundle_path: Path) -> None:
    night = (0.6 * toy.axis(1) + 0.8 * toy.axis(5)).astype(np.float32)  # mostly night, a little ink
    retriever = Retriever(Bundle.open(toy_bundle_path), text_encoder=lambda text: night)
    result = retriever.search("zzz", "ann", top=2)
    assert (result.notice, result.fallback, result.personalized) == ("no_match", "dense", False)
    assert ids(result) == ("s06", "s05")
    assert [hit.final for hit in result.hits] == pytest.approx([0.96, 0.48], abs=1e-3)
    assert retriever.search("laugh").fallback == "", "the encoder is not asked where words match"


def with_models(folder: Path, **contents: bytes) -> Bundle:
    """The toy with files in models/, by name without their suffix."""
    names = {"text": encoders.TEXT_ENCODER, "image": encoders.IMAGE_ENCODER, "words": encoders.VOCABULARY}
    files = {names[name]: content for name, content in contents.items()}
    files[encoders.CONFIG] = b'{"image_size": 4, "mean": [0, 0, 0], "std": [1, 1, 1], "max_length": 8}'
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return toy.write_toy(folder, models={name: folder / name for name in files})


def onnx_model(name: str, kind: int, rank: int) -> bytes:
    """A model that loads, and fails with whatever it is given: it multiplies (1, n) by (1, 1)."""
    given = helper.make_tensor_value_info(name, kind, ["x"] * rank)
    one = helper.make_tensor("one", TensorProto.INT64, [2], [1, -1])
    other = helper.make_tensor("other", TensorProto.FLOAT, [2, 1], [1.0, 1.0])
    nodes = [
        helper.make_node("Cast", [name], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Reshape", ["numbers", "one"], ["flat"]),
        helper.make_node("MatMul", ["flat", "other"], ["out"]),
    ]
    out = helper.make_tensor_value_info("out", TensorProto.FLOAT, ["a", "b"])
    graph = helper.make_graph(nodes, "fails", [given], [out], [one, other])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8).SerializeToString()


def broken(kind: str, folder: Path) -> Retriever:
    """The toy with a text encoder that cannot be used."""
    if kind == "no UTF-8":
        model = onnx_model("input_ids", TensorProto.INT64, 2)
        return Retriever(with_models(folder, text=model, words="你好".encode("gb18030")))
    if kind == "no model":
        return Retriever(with_models(folder, text=b"not a model", words=b"[PAD]"))

    def fails(_: str) -> np.ndarray:
        raise RuntimeError("[ONNXRuntimeError] : 2 :\nGot invalid dimensions")

    answers = {
        "a run that fails": fails,
        "another width": lambda _: toy.axis(0)[:3],
        "no number": lambda _: toy.axis(0) * np.nan,
    }
    return Retriever(toy.write_toy(folder), text_encoder=answers[kind])


@pytest.mark.parametrize(
    ("kind", "words"),
    {
        "no UTF-8": "text encoder cannot be loaded: 'utf-8' codec",
        "no model": "cannot be loaded",
        "a run that fails": "text encoder failed: [ONNXRuntimeError] : 2 : Got invalid dimensions. Expected",
        "another width": "text encoder made a vector of shape (3,). Expected 8 finite numbers",
        "no number": "8 finite numbers",
    }.items(),
)
def test_where_the_text_encoder_fails_the_popular_are_shown(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, kind: str, words: str
) -> None:
    retriever = broken(kind, tmp_path)
    retriever.warm_up()
    for _ in range(2):
        result = retriever.search("zzz", "cleo", top=3)
        assert (result.notice, result.fallback) == ("no_match", "popular")
        assert ids(result) == ("s02", "s01", "s07"), "as without a text encoder"
    assert [words in record.message for record in caplog.records] == [True], "told, and told once"
    assert retriever.text_encoder is not None
    with pytest.raises(ModelError, match=re.escape(words)):
        retriever.text_encoder("zzz")


def test_a_text_encoder_that_cannot_be_loaded_is_not_loaded_for_every_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = []

    def gone(bundle: Bundle) -> None:
        loaded.append(bundle)
        raise FileNotFoundError("it is gone")

    monkeypatch.setattr(encoders, "load_text_encoder", gone)
    retriever = Retriever(with_models(tmp_path, text=b"", words=b""))
    assert [retriever.search("zzz").fallback for _ in range(3)] == ["popular"] * 3
    assert len(loaded) == 1


def test_an_image_encoder_that_fails_says_so(tmp_path: Path) -> None:
    retriever = Retriever(with_models(tmp_path, image=onnx_model("pixel_values", TensorProto.FLOAT, 4)))
    with pytest.raises(ModelError, match=r"image encoder failed: \[ONNXRuntimeError\].*make bundle"):
        retriever.embed(Image.new("RGB", (3, 3)))


def test_a_picture_that_cannot_be_read_is_not_the_encoders_fault(tmp_path: Path) -> None:
    Image.effect_noise((64, 64), 50).save(tmp_path / "whole.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "whole.png").read_bytes()[:-2000])
    retriever = Retriever(with_models(tmp_path, image=onnx_model("pixel_values", TensorProto.FLOAT, 4)))
    with Image.open(tmp_path / "cut.png") as picture, pytest.raises(OSError, match="truncated"):
        retriever.embed(picture)


def test_an_empty_catalogue_says_so(tmp_path: Path) -> None:
    empty = toy.write_toy(
        tmp_path,
        stickers=(),
        interactions={},
        user_styles=(),
        embeddings=np.zeros((0, 8), np.float32),
        utility_counts=np.zeros((0, 3), np.int32),
        map_xy=None,
    )
    retriever = Retriever.open(empty)
    assert retriever.search("laugh").notice == "no_catalogue"
    assert retriever.map_xy is None
    assert retriever.training_queries() == ()


# ---- live profiles --------------------------------------------------------------------------------------------------


def test_a_live_style_reranks(toy_retriever: Retriever) -> None:
    style = toy_retriever.live_style(["s07", "s11"])  # both crayon
    result = toy_retriever.search("laugh", style, with_switches(toy.OCR_ONLY, "personalization"))
    assert (ids(result)[0], result.user, result.personalized) == ("s03", "you", True)
    assert toy_retriever.live_style(["s01"], "me").user == "me"
    np.testing.assert_allclose(np.linalg.norm(style.centroids, axis=1), 1, atol=1e-5)
    assert toy_retriever.live_style(["s01", "s01"]).sizes.sum() == 1, "choosing twice is choosing once"


def test_live_styles_need_known_stickers(toy_retriever: Retriever) -> None:
    with pytest.raises(QueryError, match="No sticker chosen"):
        toy_retriever.live_style([])
    with pytest.raises(QueryError, match="'s99'"):
        toy_retriever.live_style(["s01", "s99"])


def test_a_picture_makes_a_style(toy_bundle_path: Path) -> None:
    retriever = Retriever(Bundle.open(toy_bundle_path), image_encoder=lambda picture: toy.axis(3))
    style = retriever.live_style([], pictures={"mine": retriever.embed(Image.new("RGB", (3, 3)))})
    assert style.exemplars == (("mine",),)
    assert ids(retriever.search("laugh", style, with_switches(toy.OCR_ONLY, "personalization")))[0] == "s04"


def test_without_an_image_encoder_a_picture_is_refused(toy_retriever: Retriever) -> None:
    with pytest.raises(ModelError, match="image_encoder"):
        toy_retriever.embed(Image.new("RGB", (3, 3)))


def test_a_style_of_another_space_is_refused(toy_retriever: Retriever) -> None:
    style = UserStyle("x", np.ones((1, 3), np.float32), np.ones(1, np.int32), np.zeros(1, np.float32), ((),))
    with pytest.raises(QueryError, match="width 3"):
        toy_retriever.search("laugh", style)


def test_neighbours_by_hand(toy_retriever: Retriever) -> None:
    near = toy_retriever.neighbours("s01", top=5)
    assert [name for name, _ in near] == ["s05", "s09", "s02", "s03", "s04"], "same style, then same situation"
    assert [cosine for _, cosine in near] == pytest.approx([0.64, 0.64, 0.36, 0.36, 0.36], abs=1e-3)
    assert [name for name, _ in toy_retriever.neighbours(toy.axis(6), top=2)] == ["s09", "s10"]
    assert len(toy_retriever.neighbours("s01", top=1000)) == 11
    with pytest.raises(QueryError):
        toy_retriever.neighbours("s01", top=0)
    with pytest.raises(QueryError):
        toy_retriever.neighbours("s99")


def test_the_style_mean_is_subtracted(tmp_path: Path) -> None:
    """Without the mean of all stickers, Ann's axis is no longer .8 from her stickers; live styles follow."""
    mean = toy.embeddings().mean(axis=0)
    retriever = Retriever.open(toy.write_toy(tmp_path, style_mean=mean))
    centred = toy.embeddings()[0] - mean
    expected = float(centred[0] / np.linalg.norm(centred))
    first = retriever.search("laugh", "ann", toy.OCR_ONLY).hits[0]
    assert first.preference is not None
    assert first.preference.value == pytest.approx(expected, abs=2e-3)
    one = retriever.live_style(["s01"])
    top = retriever.search("laugh", one, with_switches(toy.OCR_ONLY, "personalization")).hits[0]
    assert top.preference is not None
    assert (top.sticker, top.preference.value) == ("s01", pytest.approx(1.0, abs=1e-3))


# ---- look-ups -------------------------------------------------------------------------------------------------------


def test_people_and_what_they_did(toy_retriever: Retriever) -> None:
    assert toy_retriever.people == toy.PEOPLE
    assert toy_retriever.favourites("ann") == ("s01", "s02")
    assert toy_retriever.favourites("cleo") == ("s07", "s12"), "validation is part of training; ties by id"
    assert toy_retriever.favourites("ann", top=1) == ("s01",)
    assert toy_retriever.favourites("stranger") == ()
    assert toy_retriever.interactions_of("bob") == toy.INTERACTIONS["train"][3:5]
    assert toy_retriever.relevant("ann", "night") == {"s05", "s06"}
    assert toy_retriever.relevant("ann", "laugh") == frozenset(), "training clicks are no test"
    assert toy_retriever.training_queries() == (("laugh", 4), ("thanks", 1), ("晚安", 1), ("笑死", 1))


def test_stickers_and_styles(toy_retriever: Retriever) -> None:
    assert toy_retriever.sticker("s05") == toy.stickers()[4]
    with pytest.raises(QueryError, match="'s99'"):
        toy_retriever.sticker("s99")
    ann = toy_retriever.style_of("ann")
    assert ann is not None
    assert toy_retriever.style_of(ann) is ann
    assert toy_retriever.style_of("stranger") is None
    assert toy_retriever.style_of(None) is None
    assert toy_retriever.map_xy is not None
    assert toy_retriever.map_xy.shape == (12, 2)


def test_opening_takes_paths_and_bundles(toy_bundle_path: Path) -> None:
    assert Retriever.open(str(toy_bundle_path)).bundle.ids == Retriever.open(Bundle.open(toy_bundle_path)).bundle.ids


def test_threads_agree(toy_bundle_path: Path) -> None:
    retriever = Retriever.open(toy_bundle_path)
    retriever.warm_up()
    expected = retriever.compare("laugh 晚安", "cleo")
    found: list[dict] = []
    threads = [
        threading.Thread(target=lambda: found.extend(retriever.compare("laugh 晚安", "cleo") for _ in range(10)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 40
    assert all(result == expected for result in found)
