"""Plain words of a query: the regression by hand and against scikit-learn, what is read, the stored vectors."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sklearn.kernel_ridge import KernelRidge

from persrv.models import paraphrase
from persrv.models.paraphrase import Paraphrases, fitted, kernel
from persrv.models.sentence_encoder import default_name, load_sentence_encoder
from persrv.records import FloatArray
from persrv.text.folding import normalise
from persrv.text.nonsense import nonsense_strings
from persrv.text.other_subjects import other_subjects
from persrv.text.phrasebook import Entry, phrasebook

JUDGED = Path(__file__).parents[3] / "benchmarks" / "judged.tsv"

#: Three entries whose ways lie on an axis each; "passed" and "failed" are near to each other, as an encoder has them.
ENTRIES = (
    Entry("恭喜", "congrats", ("恭喜", "congrats", "passed")),
    Entry("难过", "sad", ("难过", "sad", "failed")),
    Entry("晚安", "good night", ("晚安", "good night")),
)
AXES = {"恭喜": 0, "congrats": 0, "难过": 1, "sad": 1, "晚安": 2, "good night": 2, "tax law": 3}


def encode(texts: Sequence[str]) -> FloatArray:
    """The axis of each text; what tells of an exam lies mostly on the fourth, and a little on its entry's."""
    rows = np.zeros((len(texts), 4), np.float32)
    for row, text in zip(rows, texts, strict=True):
        if text in ("passed", "failed"):
            row[:] = (0.6, 0, 0, 0.8) if text == "passed" else (0, 0.6, 0, 0.8)
        else:
            row[AXES[text]] = 1
    return rows


def test_the_kernel_by_hand() -> None:
    rows = np.array([[1, 0], [0.6, 0.8]], np.float32)
    assert kernel(rows @ rows.T, 2.0) == pytest.approx(np.exp([[0.0, -0.8], [-0.8, 0.0]]), abs=1e-6)


def test_the_fit_by_hand() -> None:
    """Two ways that have nothing in common: each weight is target / (1 + ridge)."""
    assert fitted(np.eye(2), np.array([[1.0], [0.0]]), 0.25) == pytest.approx(np.array([[0.8], [0.0]]))


def test_the_fit_is_scikit_learns() -> None:
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(30, 6))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    targets = np.eye(4)[rng.integers(0, 4, 30)]
    # |x - y|^2 = 2 - 2 x.y, so gamma is half of the sharpness
    theirs = KernelRidge(alpha=0.1, kernel="rbf", gamma=paraphrase.SHARPNESS / 2).fit(rows, targets)
    gram = kernel(rows @ rows.T)
    ours = gram @ fitted(gram, targets, 0.1)
    assert ours == pytest.approx(theirs.predict(rows), abs=1e-9)


def test_what_two_entries_have_in_common_tells_nothing() -> None:
    """A text between both exams, a little nearer to the failed one."""
    told = Paraphrases(encode, entries=ENTRIES)
    vector = np.array([0.1, 0.3, 0.0, 0.95], np.float32)
    scores = told.scores(vector / np.linalg.norm(vector))
    assert scores.argmax() == 1
    assert scores[2] < 0.1


def test_readings_are_in_the_querys_language_first_and_the_surest_leads() -> None:
    told = Paraphrases(encode, entries=ENTRIES)
    english, leads = told.readings(encode(["failed"])[0], chinese=False)
    assert [(each.text, each.kind) for each in english[:2]] == [("sad", "plain words"), ("难过", "plain words")]
    assert leads
    assert 0.6 < english[1].weight < english[0].weight <= 0.95
    chinese, _ = told.readings(encode(["failed"])[0], chinese=True)
    assert [each.text for each in chinese[:2]] == ["难过", "sad"]


def test_an_entry_of_which_a_catalogue_has_no_word_is_read_as_its_kin() -> None:
    told = Paraphrases(encode, entries=(ENTRIES[0]._replace(kin="晚安"), *ENTRIES[1:]))
    vector = encode(["passed"])[0]

    def read(known: set[str]) -> list[str]:
        return [each.text for each in told.readings(vector, False, known=known.__contains__)[0][:2]]

    assert read(set()) == read({"good night"}) == ["good night", "晚安"]
    assert read({"congrats"}) == read({"恭喜"}) == ["congrats", "恭喜"]


def test_every_kin_is_an_entry_that_has_none_itself() -> None:
    own = {entry.chinese: entry for entry in phrasebook()}
    assert not [entry.kin for entry in phrasebook() if entry.kin and (entry.kin not in own or own[entry.kin].kin)]


def test_what_is_far_from_every_entry_has_no_reading() -> None:
    told = Paraphrases(encode, entries=ENTRIES)
    assert told.readings(np.array([-0.7, -0.5, -0.5, 0.0], np.float32), chinese=False) == ((), False)


def test_scores_are_remembered_as_they_were() -> None:
    """What readings make of them, and what a caller writes, changes no later answer."""
    told, vector = Paraphrases(encode, entries=ENTRIES), encode(["failed"])[0]
    first = told.scores(vector)
    told.readings(vector, chinese=False, said=[2])
    told.scores(vector)[:] = 0
    assert told.scores(vector).tolist() == first.tolist()


def test_what_says_none_of_the_entries_by_hand() -> None:
    """A text on one axis with "tax law", which is all that says none, and one on an axis with an entry."""
    told = Paraphrases(encode, entries=ENTRIES[2:], none=("tax law",))
    tax, night = (told.scores(encode([text])[0]) for text in ("tax law", "晚安"))
    assert tax[-1] == pytest.approx(1 / 1.1, abs=0.05)
    assert abs(night[-1]) < 0.05
    assert told.of_other_subject(encode(["tax law"])[0])
    assert not told.of_other_subject(encode(["晚安"])[0])


def test_what_is_surer_to_say_none_has_no_reading() -> None:
    told = Paraphrases(encode, entries=ENTRIES[2:], none=("tax law",))
    between = np.array([0.0, 0.0, 0.64, 0.768], np.float32)
    scores = told.scores(between)
    assert 0.25 < scores[0] < scores[-1]
    assert told.readings(between, chinese=False) == ((), False)


def test_plain_words_have_vectors() -> None:
    told = Paraphrases(encode, entries=ENTRIES)
    assert told.plain_words.keys() == AXES.keys() - {"tax law"}
    assert (told.plain_words["难过"] == encode(["难过"])[0]).all()


@pytest.mark.slow
def test_stored_vectors_are_those_of_the_default_encoder_and_of_this_phrasebook() -> None:
    encoder = load_sentence_encoder(default_name())
    ways = [way for entry in phrasebook() for way in entry.ways]
    encoded: list[str] = []

    def counting(texts: Sequence[str]) -> FloatArray:
        encoded.extend(texts)
        return encoder(texts)

    told = Paraphrases(counting, encoder.name)
    assert encoded == [], "run scripts/phrasebook.py"
    some = list(told.plain_words)[::9]
    assert np.stack([told.plain_words[text] for text in some]) == pytest.approx(encoder(some), abs=1e-3)
    Paraphrases(counting, "another encoder")
    assert encoded[: len(ways)] == ways
    assert set(other_subjects(shown=False)) < set(encoded)
    assert tuple(encoded[-len(other_subjects(shown=True)) :]) == other_subjects(shown=True)


def test_the_phrasebook_tells_bad_news_from_good_news() -> None:
    """Texts that it does not hold."""
    encoder = load_sentence_encoder(default_name())
    told = Paraphrases(encoder, encoder.name)
    names = [entry.english for entry in phrasebook()]
    texts = {
        "我挂了两门课": "sad cry",
        "他跟我提分手了": "sad cry",
        "they fired my whole team": "sad cry",
        "we won the cup final": "congratulations",
        "i've been promoted to director": "congratulations",
        "我当妈妈了": "congratulations",
    }
    assert {text: names[told.scores(encoder([text])[0]).argmax()] for text in texts} == texts


def test_other_subjects_are_told_though_they_are_not_listed() -> None:
    encoder = load_sentence_encoder(default_name())
    told = Paraphrases(encoder, encoder.name)
    texts = """
    glacier moraine; sql index tuning; apostille for a diploma; oscilloscope probe; duodenal ulcer; wheat futures;
    hydraulic fracturing; ruby on rails migration; latin cases; council tax band; cantilever beam; zinc oxide;
    活塞环尺寸; 企业所得税申报; 线粒体基质; 西汉郡县制; 光纤熔接; 梁的挠度; 商业承兑汇票; 主机板跳线;
    土壤重金属; 曲率半径
    """.replace("\n", " ").split(";")
    found = [told.of_other_subject(vector) for vector in encoder([text.strip() for text in texts])]
    assert not {text.strip() for text in texts} & set(other_subjects(shown=False))
    assert np.mean(found) >= 0.9


def test_nonsense_is_told_and_what_people_say_or_stickers_show_is_not() -> None:
    encoder = load_sentence_encoder(default_name())
    told = Paraphrases(encoder, encoder.name)
    strings = encoder(nonsense_strings(40, 4))
    assert np.mean([told.of_other_subject(vector) for vector in strings]) > 0.85
    said = encoder(
        ["my cat passed away", "老师点名了怎么办", "又要开会了好烦", "i miss my bed", "neon penguin", "蜡笔小熊"]
    )
    assert not any(map(told.of_other_subject, said))


def test_subjects_stand_once_and_none_is_a_query_that_judges_search() -> None:
    subjects = [normalise(text) for shown in (False, True) for text in other_subjects(shown)]
    assert len(subjects) == len(set(subjects))
    assert not _judged() & set(subjects)


def test_entries_are_whole_and_no_way_stands_twice_nor_is_a_query_that_judges_search() -> None:
    ways = [normalise(way) for entry in phrasebook() for way in entry.ways]
    assert len(ways) == len(set(ways))
    assert all(entry.chinese and entry.english and all(entry.ways) for entry in phrasebook())
    plain = {
        normalise(way)
        for entry in phrasebook()
        for way in (entry.chinese, entry.english, *entry.chinese.split(), *entry.english.split())
    }
    assert not _judged() & (set(ways) - plain)


def _judged() -> set[str]:
    """The queries that judge search."""
    with JUDGED.open(encoding="utf-8", newline="") as file:
        return {normalise(row["query"]) for row in csv.DictReader(file, delimiter="\t")}
