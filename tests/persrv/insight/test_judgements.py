"""Judgements: measures computed by hand, files read and written, and what is refused."""

from __future__ import annotations

import builtins
import math
import random
from collections.abc import Mapping, Sequence

import pytest

from persrv.errors import DataError
from persrv.experiment.tables import run_name as word
from persrv.insight import judgements
from persrv.insight.judgements import MOST_LINES, Judgements, measured, read_qrels, read_run

JUDGED = {"lol": {"a": 1, "b": 0, "c": 1}, "good night": {"x": 1}}


def by_hand(grades: Mapping[str, int], ranking: Sequence[str]) -> dict[str, float]:
    """The three measures by their definitions: gain over the logarithm of the place, against the best order."""

    def gain(found: Sequence[int]) -> float:
        return sum(grade / math.log2(place + 2) for place, grade in enumerate(found))

    best = gain(sorted(grades.values(), reverse=True)[:10])
    return {
        "P@4": sum(grades.get(name, 0) > 0 for name in ranking[:4]) / 4,
        "nDCG@10": gain([grades.get(name, 0) for name in ranking[:10]]) / best if best else 0.0,
        "Judged@10": sum(name in grades for name in ranking[:10]) / len(ranking[:10]) if ranking else 0.0,
    }


def test_measures_of_a_ranking_by_hand() -> None:
    """b, a, z, c: two of four fit; gains at places 2 and 4 of an ideal at 1 and 2; three of four are judged."""
    found = measured({"lol": JUDGED["lol"]}, {"lol": ["b", "a", "z", "c"]})
    gain = (1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3))
    assert found.topics["lol"] == pytest.approx({"P@4": 0.5, "nDCG@10": gain, "Judged@10": 0.75})
    assert found.means == pytest.approx(found.topics["lol"])


def test_a_judged_topic_without_a_ranking_counts_as_nothing_and_an_unjudged_one_does_not_count() -> None:
    found = measured({**JUDGED, "empty": {}}, {"good night": ["x"], "another": ["a"]})
    assert found.topics["lol"] == {"P@4": 0.0, "nDCG@10": 0.0, "Judged@10": 0.0}
    assert found.topics["good night"] == {"P@4": 0.25, "nDCG@10": 1.0, "Judged@10": 1.0}
    assert set(found.topics) == set(JUDGED)
    assert found.means == {"P@4": 0.125, "nDCG@10": 0.5, "Judged@10": 0.5}


def test_without_a_judgement_there_is_no_measure() -> None:
    assert measured({}, {"lol": ["a"]}).means is None
    assert measured({"lol": {}}, {"lol": ["a"]}).topics == {}


@pytest.mark.parametrize("seed", range(30))
def test_measures_are_their_definitions(seed: int) -> None:
    rng = random.Random(seed)
    names = [f"s{number}" for number in range(14)]
    grades = {name: rng.choice((0, 1)) for name in rng.sample(names, rng.randint(1, 14))}
    ranking = rng.sample(names, rng.randint(1, 14))
    assert measured({"q": grades}, {"q": ranking}).topics["q"] == pytest.approx(by_hand(grades, ranking))


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = builtins.__import__

    def without(name: str, *rest: object) -> object:
        if name == "ir_measures":
            raise ImportError(name)
        return imported(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(DataError, match="pip install ir-measures"):
        measured(JUDGED, {})


# ---- files ----------------------------------------------------------------------------------------------------------


def write_qrels(kept: Judgements) -> str:
    """Lines `topic 0 sticker grade`, by topic and sticker, as the page exports them."""
    return "".join(
        f"{word(topic)} 0 {word(name)} {grade}\n"
        for topic, grades in sorted(kept.items())
        for name, grade in sorted(grades.items())
    )


def test_judgements_written_are_read_back_whatever_stands_in_their_names() -> None:
    kept = {"good night": {"a b.webp": 1, "100%": 0}, "笑死\u3000我了": {"\tx": 1, "%20": 1}, "lol": {"a": 0}}
    text = write_qrels(kept)
    assert "good%20night 0 100%25 0\n" in text
    assert all(len(line.split(" ")) == 4 for line in text.splitlines())
    assert read_qrels(text) == kept


def test_grades_below_zero_do_not_fit_and_marks_of_a_file_s_beginning_are_skipped() -> None:
    assert read_qrels("\ufeffq 0 a -1\n\nq 0 b 3\r\n") == {"q": {"a": 0, "b": 3}}


def test_a_run_is_ordered_by_score_and_equal_scores_by_line() -> None:
    text = "q Q0 b 1 1.5 t\nq Q0 a 2 2e0 t\nq Q0 c%20d 3 1.5 t\n"
    assert read_run(text) == {"q": ["a", "b", "c d"]}


@pytest.mark.parametrize(
    ("read", "text", "said"),
    [
        (read_qrels, "q 0 a 1\nq 0 a\n", "Line 2 has 3 cells"),
        (read_qrels, "q 0 a one", "Line 1: the grade 'one'"),
        (read_qrels, "q 0 a 101", "a whole number to 100"),
        (read_qrels, "q 0 a --1", "grade"),
        (read_qrels, " \n", "no line"),
        (read_qrels, "q 0 a 1\n" * (MOST_LINES + 1), "too large"),
        (read_run, "q Q0 a 1 nan t", "Line 1: the score 'nan'"),
        (read_run, "q Q0 a 1 2 t\nq Q0 a 2 1 t", "Line 2: 'a' again"),
        (read_run, "q 0 a 1", "6: topic Q0 sticker rank score tag"),
    ],
)
def test_what_is_no_such_file_is_refused_in_a_sentence(read: object, text: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        read(text)  # type: ignore[operator]


def test_words_have_no_blanks() -> None:
    assert word("a b\u3000c%") == "a%20b%E3%80%80c%25"
    assert judgements.read_qrels(f"{word('a b%20')} 0 x 1") == {"a b%20": {"x": 1}}
