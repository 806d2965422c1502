"""Table 3 on the toy world: methods, both protocols, places of clicks, figures and tests by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import ir_measures
import numpy as np
import pytest
import toy
from both_languages import assert_told_in_both_languages
from hypothesis import given
from hypothesis import strategies as st

from persrv.records import Interaction
from precompute import metrics
from precompute.evaluation import click_ranks, comparison
from precompute.evaluation.methods import baselines
from precompute.evaluation.methods.contract import KINDS, Method
from precompute.evaluation.methods.roster import all_methods
from precompute.evaluation.protocols import DEPTH, judge, paper_metrics, usual_metrics, values
from precompute.evaluation.report import Findings, Table
from precompute.evaluation.world import Options, World
from precompute.fit.questions import Question
from precompute.fit.split import TestInteractions
from precompute.runtime.progress import silent

#: Ann clicks s03 and, again, s01 for "laugh"; Bob clicks s02 for "night", which no ranking of it holds.
TEST = (
    Interaction("ann", "laugh", "s01"),
    Interaction("ann", "laugh", "s03"),
    Interaction("bob", "night", "s02"),
)


@pytest.fixture(scope="module")
def world(toy_bundle_path: Path) -> World:
    opened = World.open(toy_bundle_path, Options(cutoffs=(1, 2, 10), resamples=200))
    return opened.refit(replace(opened.split, test=TestInteractions(TEST)))


def names(method: Method, user: str, query: str, k: int = 20) -> list[str]:
    return [name for name, _ in method.rank(user, query, k)]


def test_methods_by_hand(world: World) -> None:
    made = {method.name: method for method in all_methods(world)}
    assert names(made["Global Pop"], "ann", "laugh") == ["s02", "s01", "s07", "s12"]
    assert names(made["User Pop"], "ann", "laugh") == ["s01", "s02"]
    assert names(made["User Pop"], "nobody", "laugh") == []
    assert names(made["BM25 (ocr)"], "ann", "laugh") == ["s01", "s02", "s03", "s04"]
    assert set(names(made["BM25 (queries)"], "ann", "laugh")) == {"s01", "s02"}
    assert set(names(made["BM25 (+OCR)"], "ann", "laugh")) == {"s01", "s02", "s03", "s04"}
    assert names(made["PerSRV"], "ann", "unheard of") == [], "a fallback is no ranking"
    assert names(made["w/o queries"], "ann", "笑死") == []
    assert {"w/o personalization", "w/o utility", "w/o both", "w/o ocr"} <= set(made)
    assert "w/o keywords" not in made, "a field that holds nothing is no part"
    assert "CLIP-cn" not in made, "the toy bundle has no text encoder"
    assert len(names(made["PerSRV"], "ann", "laugh", 2)) == 2


def test_ablations_are_the_four_rankings_of_the_page(world: World) -> None:
    made = {method.name: method for method in baselines.factory(world)}
    compared = world.retriever.compare("laugh", "cleo")
    pages = {"PerSRV": "both", "w/o personalization": "utility", "w/o utility": "personalization", "w/o both": "none"}
    for name, ranking in pages.items():
        assert names(made[name], "cleo", "laugh") == [hit.sticker for hit in compared[ranking].hits]


def test_clicked_queries_and_ocr_are_added_up_with_their_weights(world: World) -> None:
    made = {method.name: dict(method.rank("ann", "laugh", 20)) for method in all_methods(world)}
    ocr, queries = made["BM25 (ocr)"], made["BM25 (queries)"]
    both = {name: ocr.get(name, 0) + 0.5 * queries.get(name, 0) for name in ocr.keys() | queries.keys()}
    assert set(queries) & set(ocr)
    assert made["BM25 (+OCR)"] == pytest.approx(both)


def test_base_keywords_stand_in_for_fine_tuned_ones(tmp_path: Path) -> None:
    told = tuple(
        replace(each, keywords="haha" * (each.id == "s09"), keywords_base="haha" * (each.id == "s10"))
        for each in toy.stickers()
    )
    made = {method.name: method for method in all_methods(World.open(toy.write_toy(tmp_path, stickers=told)))}
    assert names(made["PerSRV"], "ann", "haha") == ["s09"]
    assert names(made["w/o fine-tuning"], "ann", "haha") == ["s10"]
    assert names(made["w/o keywords"], "ann", "haha") == []


def test_without_captions_none_of_their_fields_finds_anything(tmp_path: Path) -> None:
    told = tuple(
        replace(each, keywords="haha" * (each.id == "s09"), description="haha" * (each.id == "s10"))
        for each in toy.stickers()
    )
    world = World.open(toy.write_toy(tmp_path / "told", stickers=told))
    made = {method.name: method for method in all_methods(world)}
    assert set(names(made["PerSRV"], "ann", "haha")) == {"s09", "s10"}
    assert names(made["w/o keywords"], "ann", "haha") == ["s10"]
    assert names(made["w/o description"], "ann", "haha") == ["s09"]
    assert names(made["w/o captions"], "ann", "haha") == []
    assert names(made["w/o captions"], "ann", "laugh") == names(made["PerSRV"], "ann", "laugh")
    captions_alone = tuple(replace(each, ocr="", queries=()) for each in told)
    world = World.open(toy.write_toy(tmp_path / "alone", stickers=captions_alone))
    assert "w/o captions" not in {method.name for method in all_methods(world)}, "nothing would be left"


FIXED = {"ann": ("s03", "s09", "s01"), "bob": ("s02",)}
METHODS = (
    Method("PerSRV", "ours", lambda user, _query, k: [(name, 1.0) for name in FIXED[user][:k]]),
    Method("Nothing", "text", lambda _user, _query, _k: []),
)


def test_both_protocols_by_hand(world: World) -> None:
    """Ann clicked s01 for "laugh" in training: the second protocol knows it not. s03 is first, s01 third."""
    judged = judge(world, METHODS, silent)
    assert judged["paper"].asked == (
        Question("ann", "laugh", frozenset({"s01", "s03"})),
        Question("bob", "night", frozenset({"s02"})),
    )
    assert judged["new"].asked[0].clicked == {"s03"}
    assert judged["new"].rankings["PerSRV"] == (("s03", "s09"), ("s02",))
    paper = values(judged["paper"], "PerSRV", paper_metrics((1, 10)))
    assert paper == {"M-MRR@1": [1, 1], "R@1": [0.5, 1], "M-MRR@10": [1 + 1 / 3, 1], "R@10": [1, 1]}
    usual = values(judged["new"], "PerSRV", usual_metrics((1, 10)))
    assert usual == {"MRR@10": [1, 1], "Success@1": [1, 1], "Success@10": [1, 1], f"R@{DEPTH}": [1, 1]}
    assert values(judged["paper"], "Nothing", paper_metrics((10,))) == {"M-MRR@10": [0, 0], "R@10": [0, 0]}


def test_places_of_clicks(world: World) -> None:
    table = click_ranks.from_bytes(click_ranks.to_bytes(click_ranks.table(world, judge(world, METHODS, silent))))
    rows = table.to_pylist()
    assert [(row["user"], row["query"], row["sticker"], row["known"]) for row in rows] == [
        ("ann", "laugh", "s01", True),
        ("ann", "laugh", "s03", False),
        ("bob", "night", "s02", False),
    ]
    assert [row["PerSRV"] for row in rows] == [3, 1, 1]
    assert [row["new: PerSRV"] for row in rows] == [0, 1, 1]
    assert [row["Nothing"] for row in rows] == [0, 0, 0]


def tables_of(found: Findings) -> dict[str, Table]:
    return {table.name: table for table in found.tables}


def test_people_count_alike_however_much_they_ask() -> None:
    """Ann's three questions are worth 0, 0 and .75, Bob's one 1: .25 and 1; mean of people .625, of questions .4375."""
    asked = [Question("ann", query, frozenset({"s01"})) for query in "abc"] + [Question("bob", "a", frozenset({"s01"}))]
    found = {"PerSRV": {"M-MRR@10": [0.0, 0.0, 0.75, 1.0]}}
    ours = Method("PerSRV", "ours", lambda user, query, k: [])
    only = {"M-MRR@10": paper_metrics((10,))["M-MRR@10"]}
    people = comparison._people("people", "", asked, found, [ours]).rows[0].figures
    assert {who: figure.value for who, figure in people.items()} == {"ann": 0.25, "bob": 1.0}
    macro = (
        comparison._macro("paper", "", asked, found, only, [ours], Options(resamples=50)).rows[0].figures["M-MRR@10"]
    )
    assert (macro.value, macro.low, macro.high) == (0.625, 0.25, 1.0)
    assert comparison._micro("micro", "", asked, found, only, [ours]).rows[0].figures["M-MRR@10"].value == 0.4375


def test_the_whole_section(world: World) -> None:
    methods = baselines.factory(world)
    found = comparison.compare(world, methods, silent)
    tables = tables_of(found)
    assert found.data.en == "simulated world"
    assert_told_in_both_languages(found)
    assert set(found.files) == {click_ranks.FILE}
    main = {row.name: row for row in tables["paper"].rows}
    ours = main["PerSRV"].figures["M-MRR@10"]
    judged = judge(world, methods, silent)["paper"]
    own = values(judged, "PerSRV", paper_metrics((10,)))["M-MRR@10"]
    assert ours.value == pytest.approx(np.mean(own))
    assert (ours.low, ours.high) == pytest.approx((min(own), max(own)))
    assert ours.p is None
    assert main["Global Pop"].figures["M-MRR@10"].p is not None
    assert main["PerSRV"].paper["R@10"] == 0.2326
    assert tables["paper people"].columns == ("ann", "bob")
    assert [row.group for row in tables["paper"].rows][:2] == [KINDS["popularity"]] * 2
    tests = {row.name: row.figures for row in tables["new tests M-MRR@10"].rows}
    assert "PerSRV" not in tests
    assert tests["w/o ocr"]["won"].value + tests["w/o ocr"]["lost"].value <= 2
    cold, warm = ({row.name: row.figures for row in tables[kind].rows} for kind in ("cold", "warm"))
    assert cold["Global Pop"]["R@100"].value == 0.0
    assert cold["BM25 (ocr)"]["R@100"].value == 1.0, "only s03, which nobody clicked in training"
    assert warm["BM25 (ocr)"]["R@100"].value == pytest.approx((1 + 0) / 2), "s01 is found, s02 does not say night"
    assert any("3 test clicks of 2 people; 2 of them for a query" in note.en for note in found.notes)


def test_gains_and_tests_by_hand(world: World) -> None:
    """PerSRV wins .5 on both questions of two people: a sure gain, t-test 0, two of four tosses as far: .5."""
    asked = (Question("ann", "a", frozenset({"x"})), Question("bob", "a", frozenset({"x"})))
    found = {"PerSRV": {"M-MRR@10": [1.0, 0.5]}, "Other": {"M-MRR@10": [0.5, 0.0]}}
    (row,) = comparison.significance("t", "M-MRR@10", asked, found, Options(resamples=100)).rows
    told = {name: figure.value for name, figure in row.figures.items()}
    assert told == {
        "gain": 0.5,
        "t-test": 0.0,
        "t-test (Holm)": 0.0,
        "randomization": 0.5,
        "randomization (Holm)": 0.5,
        "won": 2,
        "lost": 0,
    }
    assert (row.figures["gain"].low, row.figures["gain"].high, row.figures["gain"].mark) == (0.5, 0.5, "**")


@given(
    st.permutations([f"s{n}" for n in range(12)]), st.sets(st.sampled_from([f"s{n}" for n in range(15)]), min_size=1)
)
def test_usual_metrics_are_those_of_ir_measures(ranking: list[str], relevant: set[str]) -> None:
    """The library judges the same ranking; M-MRR is the authors' own and has its twin in tests/persrv."""
    hits = np.array([name in relevant for name in ranking])
    run = [ir_measures.ScoredDoc("q", name, -place) for place, name in enumerate(ranking)]
    truth = [ir_measures.Qrel("q", name, 1) for name in relevant]
    for k in (1, 5, 10):
        chosen = [ir_measures.RR @ k, ir_measures.R @ k, ir_measures.Success @ k]
        theirs = ir_measures.calc_aggregate(chosen, truth, run)
        assert metrics.reciprocal_rank(hits[:k]) == pytest.approx(theirs[ir_measures.RR @ k])
        assert metrics.recall(hits, len(relevant), k) == pytest.approx(theirs[ir_measures.R @ k])
        assert metrics.success(hits, k) == pytest.approx(theirs[ir_measures.Success @ k])


def test_names_are_a_part_where_a_bundle_has_some(tmp_path: Path) -> None:
    """A row without names, in meaning as in words, for a bundle whose files are called something, and for no other."""
    named = [replace(each, names="boss cat" if each.id == "s05" else "") for each in toy.stickers()]
    world = World.open(toy.write_toy(tmp_path / "named", stickers=tuple(named)))
    found = {method.name: method.rank for method in (*baselines.shipped(world), *baselines.ablations(world))}
    assert [name for name, _ in found["PerSRV"]("bob", "boss", 3)] == ["s05"]
    assert found["w/o names"]("bob", "boss", 3) == []
    assert found["w/o names"]("bob", "night", 4) != []
    plain = World.open(toy.write_toy(tmp_path / "plain"))
    assert "w/o names" not in {method.name for method in baselines.ablations(plain)}
