"""Searching by words and meaning, on the toy world: scores by hand, taste that lifts only what fits, refusals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import toy
from meant import SETTINGS, FakeEncoder, retriever, understood, write

from persrv.bundle import Bundle, BundleContents, amend_understanding, reindex
from persrv.bundle.indexing import index_tokens
from persrv.errors import BundleError
from persrv.interpreter import Interpreter
from persrv.models.sentence_encoder import default_name, load_sentence_encoder
from persrv.ranking import fusion
from persrv.ranking.bm25 import FieldIndex
from persrv.records import FIELDS, FloatArray, Reading
from persrv.retriever import Retriever
from persrv.settings import by_words
from precompute.fit.understanding import lexicon
from precompute.stages.meaning import meanings

PLAIN = replace(SETTINGS, use_utility=False, use_personalization=False)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    return retriever(write(tmp_path_factory.mktemp("meant")))


def test_a_query_without_a_word_in_common_finds_what_means_it(door: Retriever) -> None:
    result = door.search("haha", None, PLAIN)
    assert {hit.sticker for hit in result.hits} == {"s01", "s02", "s03", "s04"}
    assert (result.notice, result.fallback, result.matched) == ("", "", 4)
    third = next(hit for hit in result.hits if hit.sticker == "s03")
    assert third.relevance == pytest.approx(0.5 * 0.8, abs=1e-3)
    assert third.meaning is not None
    assert third.meaning.texts[0][:2] == ("ocr", "laugh")
    assert third.meaning.texts[0].likeness == pytest.approx(0.8, abs=1e-3)


def test_words_and_meaning_mix_by_their_weights_in_units_of_the_ideal(door: Retriever) -> None:
    hit = next(hit for hit in door.search("laugh", None, PLAIN).hits if hit.sticker == "s03")
    unit = fusion.ideal((4,), 12)
    words = sum(score.weight * score.bm25 for score in hit.fields)
    assert words == pytest.approx(0.5 * toy.WORD_BM25 / unit, abs=1e-6)
    assert hit.meaning is not None
    assert hit.relevance == pytest.approx(words + hit.meaning.weight * hit.meaning.value, abs=1e-6)


def test_every_hit_adds_up(door: Retriever) -> None:
    for user in (None, "ann", "cleo"):
        for ranking in door.compare("laugh", user).values():
            chosen = ranking.settings
            for hit in ranking.hits:
                meaning = hit.meaning.weight * hit.meaning.value if hit.meaning else 0.0
                words = sum(score.weight * score.bm25 for score in hit.fields)
                assert hit.relevance == pytest.approx(words + meaning, abs=1e-6)
                lambda_ = chosen.lambda_ if chosen.use_utility else 0.0
                assert hit.recall == pytest.approx(hit.relevance + lambda_ * hit.utility.value, abs=1e-6)
                taste = hit.preference.value if hit.preference and not hit.preference.kept_back else 0.0
                assert hit.final == pytest.approx(hit.recall * (1 + chosen.alpha * taste), rel=1e-5)


def test_taste_never_lifts_what_does_not_fit(door: Retriever) -> None:
    """s07 is to Cleo's taste, but says "night": however much taste counts, no "laugh" comes after it."""
    query, wild = "laugh night night", replace(SETTINGS, alpha=50.0, use_utility=False, floor=0.9)
    plain = door.search(query, None, replace(wild, use_personalization=False)).hits
    fitting = {hit.sticker for hit in plain if hit.relevance >= 0.9 * plain[0].relevance}
    hits = door.search(query, "cleo", wild).hits
    assert {hit.sticker for hit in hits[: len(fitting)]} == fitting
    assert {hit.preference.kept_back for hit in hits[: len(fitting)] if hit.preference} == {False}
    assert {hit.preference.kept_back for hit in hits[len(fitting) :] if hit.preference} == {True}


def test_without_a_floor_taste_lifts_everything(door: Retriever) -> None:
    hits = door.search("laugh", "cleo", replace(SETTINGS, floor=0.0)).hits
    assert not any(hit.preference.kept_back for hit in hits if hit.preference)


def test_nothing_is_claimed_below_the_threshold_and_what_is_nearest_follows(door: Retriever) -> None:
    result = door.search("zzz", "ann")
    assert (result.notice, result.matched) == ("no_match", 0)
    near = door.search("haha", "ann", replace(SETTINGS, threshold=0.9))
    assert (near.notice, near.fallback, near.matched) == ("no_match", "nearest", 0)
    assert near.hits[0].sticker == "s01", "nearest, and personalised like any list"
    assert near.personalized


def test_words_only_is_the_search_of_a_bundle_without_meanings(door: Retriever, toy_retriever: Retriever) -> None:
    for user in (None, "ann", "cleo"):
        assert door.search("laugh", user, toy.OCR_ONLY).hits == toy_retriever.search("laugh", user, toy.OCR_ONLY).hits


def test_a_place_is_the_rank_of_a_search(door: Retriever) -> None:
    for user in (None, "cleo"):
        hits = door.search("haha", user).hits
        for hit in hits:
            place = door.place(hit.sticker, "haha", user)
            assert (place.rank, place.recall_rank) == (hit.rank, hit.recall_rank)


def test_candidates_hold_likeness_and_words_in_units_of_the_ideal(door: Retriever) -> None:
    found = door.candidates("laugh", "ann")
    assert found.likeness is not None
    hits = {hit.sticker: hit for hit in door.search("laugh", "ann").hits}
    for number, name in enumerate(found.ids):
        if name in hits and (meaning := hits[name].meaning):
            assert found.likeness[number] == pytest.approx(meaning.value, abs=1e-6)
    places, impacts = found.postings["ocr"]["laugh"]
    assert impacts[0] == pytest.approx(toy.WORD_BM25 / fusion.ideal((4,), 12), rel=1e-5)
    assert len(places) == 4


def test_a_word_is_itself_before_it_is_an_emoji(tmp_path: Path) -> None:
    """The catalogue says 😼 and not "cat", which that emoji is named after."""
    told = [replace(sticker, keywords="😼") for sticker in toy.stickers()]
    door = retriever(write(tmp_path, stickers=told, lexicon=lexicon(told)))
    lead, *beside = door.search("cat", None, PLAIN).readings
    assert (lead.text, lead.kind) == ("cat", "literal")
    assert "emoji" in {reading.kind for reading in beside}
    assert door.search("😼", None, PLAIN).readings[0].text == "😼"


def test_an_emoji_is_encoded_by_its_names(tmp_path: Path) -> None:
    asked: list[str] = []

    class Recording(FakeEncoder):
        def __call__(self, texts: Sequence[str]) -> FloatArray:
            asked.extend(texts)
            return super().__call__(texts)

    door = Retriever(write(tmp_path), sentence_encoder=Recording())
    door.search("😂", None, PLAIN)
    *names, typed = asked
    assert names
    assert all(any(map(str.isalnum, text)) for text in names)
    assert typed == "😂", "for a search as typed, which is a press away"
    asked.clear()
    door.search("😂", None, PLAIN, literal=True)
    assert not asked
    door.search("？？？", None, PLAIN)
    assert asked == ["？？？"], "what has no other reading is all there is"


def test_a_query_is_encoded_once_with_all_its_readings(tmp_path: Path) -> None:
    calls: list[list[str]] = []

    class Recording(FakeEncoder):
        def __call__(self, texts: Sequence[str]) -> FloatArray:
            calls.append(list(texts))
            return super().__call__(texts)

    door = Retriever(write(tmp_path), sentence_encoder=Recording())
    first = door.search("😂", None, PLAIN)
    assert len(calls) == 1
    assert len(calls[0]) > 1
    assert door.search("😂", "ann", PLAIN).hits[0].meaning == first.hits[0].meaning
    door.search("😂", None, replace(PLAIN, field_weights={**PLAIN.field_weights, "keywords": 0.0}))
    assert len(calls) == 1, "under other settings too"


def test_without_its_encoder_a_bundle_is_searched_by_words_and_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bundle = write(tmp_path)
    door = Retriever(bundle)  # the encoder "fake==1" is no package
    assert "Search is by words only" in caplog.text
    hits = door.search("laugh", None, replace(PLAIN, field_weights=dict.fromkeys(FIELDS, 1.0))).hits
    assert {hit.sticker for hit in hits} == {"s01", "s02", "s03", "s04"}
    assert {hit.meaning for hit in hits} == {None}
    assert door.search("haha").notice == "no_match"


def test_meanings_and_lexicon_come_back_from_a_bundle(tmp_path: Path) -> None:
    meaning, words = understood()
    bundle = write(tmp_path)
    assert bundle.meaning is not None
    assert bundle.lexicon is not None
    assert list(bundle.meaning.texts) == list(meaning.texts)
    assert np.array_equal(bundle.meaning.vectors, meaning.vectors)
    assert (bundle.meaning.encoder, bundle.manifest["meaning"]) == (
        FakeEncoder.name,
        {"encoder": FakeEncoder.name, "texts": len(meaning.texts), "dimensions": FakeEncoder.width},
    )
    assert bundle.lexicon.to_table().equals(words.to_table())


def test_reindexing_gives_an_older_bundle_meanings(tmp_path: Path) -> None:
    old = toy.write_toy(tmp_path)
    assert old.meaning is None
    new = amend_understanding(old.path, *understood(), {"settings": SETTINGS}, {})
    assert [hit.sticker for hit in retriever(new).search("haha", None, PLAIN).hits] == ["s01", "s02", "s03", "s04"]
    assert reindex(new.path).meaning is not None, "kept where nothing new is given"


@pytest.mark.parametrize(
    ("part", "damage"),
    [
        ("vectors", lambda array: array * 3),
        ("vectors", lambda array: array[:-1]),
        ("vectors", lambda array: array.astype(np.float32)),
        ("indptr", lambda array: array[::-1].copy()),
        ("text", lambda array: array + 1000),
        ("field", lambda array: array - 100),
    ],
)
def test_damaged_meanings_are_refused_with_a_sentence(tmp_path: Path, part: str, damage: object) -> None:
    meaning, _ = understood()
    broken = replace(meaning, **{part: damage(getattr(meaning, part))})  # type: ignore[operator]
    if part == "vectors" and broken.vectors.dtype == np.float32:
        broken = replace(broken, vectors=np.ones((len(meaning.texts), 8), np.float16))
    with pytest.raises(BundleError, match="The meanings have"):
        write(tmp_path, meaning=broken)


def test_contents_without_meanings_stay_possible(tmp_path: Path) -> None:
    assert BundleContents.__dataclass_fields__["meaning"].default is None
    assert Bundle.open(toy.write_toy(tmp_path).path).meaning is None


def test_feedback_is_a_part_of_meaning_that_every_hit_names(door: Retriever) -> None:
    """What the first answers say adds its weight times support to the likeness; words alone have none."""
    plain = {hit.sticker: hit for hit in door.search("haha", None, PLAIN).hits}
    fed = door.search("haha", None, replace(PLAIN, feedback=0.5)).hits
    assert any(hit.meaning is not None and hit.meaning.support > 0 for hit in fed)
    for hit in fed:
        assert hit.meaning is not None
        assert hit.meaning.feedback == 0.5
        before = plain[hit.sticker].meaning if hit.sticker in plain else None
        if before is not None:
            assert hit.meaning.value == pytest.approx(before.value + 0.5 * hit.meaning.support, abs=1e-6)
            assert (before.support, before.feedback) == (0.0, 0.0)
    assert all(hit.meaning is None for hit in door.search("laugh", None, by_words(replace(PLAIN, feedback=0.5))).hits)


def test_an_emoji_says_any_one_of_its_names(door: Retriever) -> None:
    interpreter = Interpreter(door.bundle, FakeEncoder())
    names = Reading("laugh 猫", "emoji", 1.0)
    assert interpreter.said(names, ("laugh", "猫"), (True, False)) == 1.0
    typed = Reading("laugh 猫", "literal", 1.0)
    assert 0 < interpreter.said(typed, ("laugh", "猫"), (True, False)) < 1
    assert interpreter.said(names, ("laugh", "猫"), (False, False)) == 0.0
    marked = Reading("laugh \u0df2 猫", "emoji", 1.0)  # a combining mark was typed between two emoji
    assert interpreter.said(marked, ("laugh", "猫"), (True, False)) == 1.0
    assert interpreter.said(marked, ("laugh", "猫"), (False, False)) == 0.0


def test_what_the_phrasebook_has_word_for_word_is_no_negation_and_may_lead(door: Retriever) -> None:
    assert "negation" not in {each.kind for each in door.search("别灰心", None, PLAIN).readings}
    lead = door.search("goodnihgt", None, PLAIN).readings[0]
    assert (lead.text, lead.kind) == ("good night", "plain words")


def test_an_instruction_is_searched_for_what_it_asks_for_and_says_so(door: Retriever) -> None:
    asked, plain = (door.search(query, None, PLAIN) for query in ("find me a laugh sticker", "laugh"))
    assert [(hit.sticker, hit.final) for hit in asked.hits] == [(hit.sticker, hit.final) for hit in plain.hits]
    assert asked.readings[0] == Reading("laugh", "instruction", 1.0)
    assert door.search("find me a laugh sticker", None, PLAIN, literal=True).readings[0].kind == "literal"


def test_an_instruction_that_a_sticker_says_whole_is_what_it_says(tmp_path: Path) -> None:
    said = tuple(replace(each, ocr="show me a laugh") if each.id == "s01" else each for each in toy.stickers())
    meaning, words = understood(said)
    found = retriever(write(tmp_path, stickers=said, meaning=meaning, lexicon=words)).search("show me a laugh")
    assert (found.readings[0].kind, found.hits[0].sticker) == ("literal", "s01")


def test_what_is_seen_is_a_part_of_meaning_that_every_hit_names(tmp_path: Path) -> None:
    """Only the third sticker's description says "thanks", and no sticker does itself: "a thanks" names what is seen."""
    told = [replace(each, description="thanks" if each.id == "s03" else "", keywords="") for each in toy.stickers()]
    told = [replace(each, ocr="laugh" if "thanks" in each.ocr else each.ocr, queries=()) for each in told]
    meaning, words = understood(told)
    door = retriever(write(tmp_path, stickers=told, meaning=meaning, lexicon=words))
    hit = door.search("a thanks", None, PLAIN).hits[0]
    assert (hit.sticker, hit.meaning and (hit.meaning.depicted, hit.meaning.depiction)) == ("s03", (1.0, 0.6))
    off = next(hit for hit in door.search("a thanks", None, replace(PLAIN, depiction=0.0)).hits if hit.sticker == "s03")
    assert hit.meaning is not None
    assert off.meaning is not None
    assert hit.meaning.value == pytest.approx(off.meaning.value + 0.6, abs=1e-6)
    assert (off.meaning.depicted, off.meaning.depiction) == (0.0, 0.0)


def test_a_negated_query_is_what_is_said_in_its_place_unless_a_sticker_says_it(tmp_path: Path) -> None:
    """Not to have slept is to be sleepy, which s05 says; and "not sleepy" itself, where a sticker says so."""
    told = [replace(each, ocr="sleepy" if each.id == "s05" else each.ocr) for each in toy.stickers()]
    meaning, words = understood(told)
    door = retriever(write(tmp_path / "one", stickers=told, meaning=meaning, lexicon=words))
    lead = door.search("can't sleep", None, PLAIN).readings[0]
    assert (lead.text, lead.kind) == ("sleepy", "negation")
    assert door.search("can't sleep", None, PLAIN, literal=True).readings[0].kind == "literal"
    assert door.search("don't cry", None, PLAIN).readings[0].kind == "literal", "nobody here would say hug"
    told = [replace(each, ocr="can't sleep" if each.id == "s06" else each.ocr) for each in told]
    meaning, words = understood(told)
    said = retriever(write(tmp_path / "two", stickers=told, meaning=meaning, lexicon=words))
    assert said.search("can't sleep", None, PLAIN).readings[0].kind == "literal"


def test_what_is_nearer_to_nonsense_is_not_claimed(door: Retriever) -> None:
    """Letters at random mean nothing that is here (axis 7), and so does "grrr": it is as near to them as can be."""
    interpreter = Interpreter(door.bundle, FakeEncoder())
    lead = interpreter.read("grrr", literal=True)
    meant = interpreter.meant(lead, ("grrr",), PLAIN)
    assert meant is not None
    assert interpreter.near(lead[0], meant) == 0.0
    laugh = interpreter.read("laugh", literal=True)
    means = interpreter.meant(laugh, ("laugh",), PLAIN)
    assert means is not None
    assert interpreter.near(laugh[0], means) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(("said", "kind"), [("謝謝大家", "literal"), ("早上好", "translation")])
def test_plain_words_do_not_lead_where_a_picture_has_the_querys_own(said: str, kind: str) -> None:
    encoder = load_sentence_encoder(default_name())
    stickers = [
        replace(each, ocr=text, queries=()) for each, text in zip(toy.stickers(), (said, "see you there"), strict=False)
    ]
    catalogue = SimpleNamespace(
        ids=[each.id for each in stickers],
        index={name: FieldIndex.build([index_tokens(each, name) for each in stickers]) for name in FIELDS},
        meaning=meanings(stickers, encoder, encoder.name, lambda done, all_: None),
        lexicon=lexicon(stickers),
    )
    assert Interpreter(catalogue, encoder).read("谢谢")[0].kind == kind
