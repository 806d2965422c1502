"""Cases of the toy world, whose one test question is Ann's "night": she clicked s05 and s06.

Her places: s07 s05 s06 s08 without taste, s05 s06 s07 s08 without utility, s05 s07 s06 s08 with both.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import toy

from persrv.insight.case_mining import (
    KINDS,
    CaseCandidate,
    Ranked,
    case_candidates,
    empty_fields,
    left_out,
    mine,
    questions,
    without_repeats,
    words_alone,
)
from persrv.records import FIELDS, Interaction
from persrv.retriever import Retriever


def places(case: object) -> tuple[int | None, int | None]:
    return case.without.place, case.whole.place  # type: ignore[attr-defined]


def test_the_cases_of_the_toy_world(toy_retriever: Retriever) -> None:
    mined = mine(toy_retriever)
    assert tuple(mined) == KINDS
    assert {kind: [case.sticker for case in cases] for kind, cases in mined.items()} == {
        "personalization_helps": ["s05"],
        "personalization_hurts": [],
        "utility_helps": [],
        "utility_hurts": ["s06"],
        "caption_rescues": [],
        "ocr_rescues": ["s05"],
    }
    helped = mined["personalization_helps"][0]
    assert (helped.user, helped.query) == ("ann", "night")
    assert helped.without == Ranked("utility", ("s07", "s05", "s06", "s08"), 2)
    assert helped.whole == Ranked("both", ("s05", "s07", "s06", "s08"), 1)
    assert helped.preference == pytest.approx(0.8, abs=1e-3)
    assert (helped.found_in, helped.counts) == (("ocr",), (0, 0, 0))
    assert places(mined["utility_hurts"][0]) == (2, 3)


def test_without_its_only_field_a_sticker_is_not_found(toy_retriever: Retriever) -> None:
    rescued = mine(toy_retriever)["ocr_rescues"][0]
    assert rescued.without == Ranked("", (), None), "what stands in for no result is no ranking"
    assert rescued.whole.place == 1


@pytest.fixture(scope="module")
def captioned(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    """s06 says nothing, but its keywords do; Bob also asks, and takes what is unlike his taste."""
    told = tuple(
        replace(each, ocr="", keywords="night，sleep") if each.id == "s06" else each for each in toy.stickers()
    )
    asked = (*toy.INTERACTIONS["test"], Interaction("bob", "thanks", "s09"), Interaction("bob", "zzz", "s01"))
    folder: Path = tmp_path_factory.mktemp("captioned_cases")
    return Retriever.open(toy.write_toy(folder, stickers=told, interactions={**toy.INTERACTIONS, "test": asked}))


def test_a_caption_rescues_and_taste_hurts(captioned: Retriever) -> None:
    mined = mine(captioned)
    rescued = mined["caption_rescues"][0]
    assert (rescued.sticker, rescued.query, rescued.found_in) == ("s06", "night", ("keywords",))
    assert rescued.without.place is None
    assert rescued.without.first, "the others are found without captions too"
    assert "s06" not in rescued.without.first
    hurt = mined["personalization_hurts"]
    assert [(case.user, case.sticker, places(case)) for case in hurt] == [("bob", "s09", (2, 3))]
    assert empty_fields(captioned) == {"description", "emotion", "names"}


def test_every_case_is_what_a_search_finds(captioned: Retriever) -> None:
    for kind, cases in mine(captioned).items():
        for case in cases:
            assert case.sticker in captioned.relevant(case.user, case.query)
            for ranked in (case.without, case.whole):
                if ranked.name:
                    settings = words_alone(captioned) if kind.endswith("rescues") else None
                    hits = captioned.compare(case.query, case.user, settings, 24)[ranked.name].hits
                    assert ranked.first == tuple(hit.sticker for hit in hits)[:8]
                    assert ranked.place == next((hit.rank for hit in hits if hit.sticker == case.sticker), None)
            gain = 1 / (case.whole.place or 1e9) - 1 / (case.without.place or 1e9)
            assert (gain < 0) == kind.endswith("hurts")


def test_a_sticker_that_is_out_of_sight_gives_nothing(toy_retriever: Retriever) -> None:
    results = toy_retriever.compare("night", "ann", top=1)  # s07; s05; s05
    found = {(lead.kind, lead.sticker): lead.gain for lead in case_candidates(results, "ann", "night", ("s05", "s06"))}
    assert found == {("personalization_helps", "s05"): 1.0, ("ocr_rescues", "s05"): 1.0}


def test_of_many_questions_some_at_even_distances_are_looked_at(captioned: Retriever) -> None:
    every = list(questions(captioned))
    assert every == [("ann", "night"), ("bob", "thanks"), ("bob", "zzz")]
    assert list(questions(captioned, most=2)) == [every[0], every[2]]
    assert questions(captioned)["ann", "night"] == ("s05", "s06")


def test_no_query_twice_and_a_person_twice_only_in_need() -> None:
    def lead(gain: float, user: str, query: str) -> CaseCandidate:
        return CaseCandidate("utility_helps", gain, user, query, "s")

    found = [lead(0.9, "ann", "a"), lead(0.8, "ann", "b"), lead(0.7, "bob", "a"), lead(0.6, "cleo", "c")]
    assert [(each.user, each.query) for each in without_repeats(found, 2)] == [("ann", "a"), ("cleo", "c")]
    assert [(each.user, each.query) for each in without_repeats(found, 3)] == [
        ("ann", "a"),
        ("ann", "b"),
        ("cleo", "c"),
    ]
    assert without_repeats([], 3) == []


def test_leaving_fields_out_changes_nothing_else(toy_retriever: Retriever) -> None:
    settings = toy_retriever.bundle.settings
    changed = left_out(settings, ("ocr",))
    assert changed.field_weights == {**settings.field_weights, "ocr": 0.0}
    assert set(changed.field_weights) == set(FIELDS)
    assert replace(changed, field_weights=settings.field_weights) == settings
