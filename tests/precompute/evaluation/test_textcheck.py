"""The text-only check: what is held out is nowhere, places by hand, both halves, and data that is not there."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from both_languages import assert_told_in_both_languages
from hypothesis import given
from hypothesis import strategies as st

from persrv.errors import DataError
from persrv.text.analyser import analyse
from precompute.evaluation.textcheck import section
from precompute.evaluation.textcheck.annotations import Annotations, Draw, chooses, draw, plain, read
from precompute.evaluation.textcheck.metrics import interval, judge, ranks
from precompute.evaluation.textcheck.searchers import OURS, SEARCHERS, SHIPPED, TWO_LANGUAGES, Corpus, by_slang_list
from precompute.evaluation.world import Options, World
from precompute.runtime.progress import silent

EVERYTHING = {**SEARCHERS, **TWO_LANGUAGES}

#: Made-up annotations, four themes over twelve stickers: (Chinese, English).
THEMES = (
    (("笑死", "哈哈哈", "大笑"), ("lol", "haha funny", "laughing")),
    (("晚安", "睡觉了", "困"), ("good night", "sleepy", "go to bed")),
    (("生气", "愤怒", "气死我了"), ("angry", "so mad", "rage!!")),
    (("谢谢", "感谢", "多谢老板"), ("thanks", "thank you", "thx")),
)


def release(folder: Path) -> Path:
    """A folder like a release, of made-up rows."""
    for place, language in enumerate(("zh", "en")):
        lines = [f'{number:02d}.png,"{", ".join(THEMES[number % 4][place])}, n{number}"' for number in range(12)]
        text = "\n".join(("sticker_id,labeled_queries", *lines))
        (folder / section.LANGUAGES[language][0]).write_text(text + "\n", encoding="utf-8")
    return folder


def test_reading_makes_alike_texts_one_and_orders_by_id(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('sticker_id,labeled_queries\nb.png,"Hi, hi,  ＨＩ , 你好"\na.gif,ok\nc.png,\n', encoding="utf-8")
    assert read(path) == Annotations(("a.gif", "b.png"), (("ok",), ("hi", "你好")))


def test_reading_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no file"):
        read(tmp_path / "none.csv")
    (tmp_path / "a.csv").write_text("id,queries\n1,a\n")
    with pytest.raises(DataError, match="sticker_id and labeled_queries"):
        read(tmp_path / "a.csv")


@given(st.lists(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=5, unique=True), min_size=1, max_size=6))
def test_the_held_out_text_is_not_in_its_document(queries: list[list[str]]) -> None:
    whole = Annotations(tuple(f"s{i}" for i in range(len(queries))), tuple(map(tuple, queries)))
    for number in range(6):
        drawn = draw(whole, number, seed=1)
        for texts, document, held in zip(queries, drawn.documents, drawn.held, strict=True):
            assert (held is None) == (len(texts) == 1)
            assert set(document) == set(texts) - {held}
    in_turn = [{draw(whole, number, 1).held[0] for number in range(len(queries[0]))} for _ in range(2)]
    assert in_turn[0] == in_turn[1] == ({None} if len(queries[0]) == 1 else set(queries[0]))


def test_places_and_measures_by_hand() -> None:
    scores = np.array([[2.0, 3.0, 1.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    assert ranks(scores).tolist() == [2, 2, np.inf], "of equals the first one is before; 0 finds nothing"
    drawn = Draw(("a", "b", "c"), ((), (), ()), ("x", "y", "z"))
    assert judge(scores, drawn).tolist() == [[1, 0.5, 0], [1, 0.5, 0], [0, 0, 1]]
    without = judge(scores, Draw(("a", "b", "c"), ((), (), ()), ("x", None, "z")))
    assert np.isnan(without[1]).all()
    deep = np.tile(np.arange(30.0, 0, -1), (30, 1))
    assert judge(deep, Draw(("",) * 30, ((),) * 30, ("x",) * 30))[:, 0].sum() == 20


def test_an_interval_of_equal_values_is_a_point() -> None:
    assert interval(np.full(9, 0.25), 100, 1) == interval(np.full(9, 0.25), 100, 2)
    wide = interval(np.array([0.0, 1.0] * 50), 2000, 1)
    assert wide.low == pytest.approx(0.4, abs=0.02)
    assert (wide.value, wide.high) == (0.5, pytest.approx(0.6, abs=0.02))


def test_stickers_are_about_halved_the_same_way_for_ever() -> None:
    halves = [chooses(f"{number}.png") for number in range(1000)]
    assert 450 < sum(halves) < 550
    assert [chooses(name) for name in ("a", "b", "d", "e")] == [True, True, True, False]


def corpora(folder: Path, language: str) -> section.Questions:
    data = {name: read(folder / file) for name, (file, _) in section.LANGUAGES.items()}
    return section.questions(data[language], data[section.LANGUAGES[language][1]], language, draws=2)


@pytest.mark.parametrize("name", list(EVERYTHING))
def test_no_searcher_looks_at_the_answers(name: str, tmp_path: Path) -> None:
    """Scores of a question stay as they are when all other questions are asked differently."""
    corpus = corpora(release(tmp_path), "en").corpora[0]
    held = ("lol", *("night unheard",) * 11)
    asked, changed = corpus.draw, Draw(corpus.draw.ids, corpus.draw.documents, held)
    same = Draw(asked.ids, asked.documents, ("lol", *asked.held[1:]))
    first = EVERYTHING[name](Corpus(same, corpus.other))[0]
    second = EVERYTHING[name](Corpus(changed, corpus.other))[0]
    assert first.shape == (12,)
    np.testing.assert_allclose(first, second, rtol=0, atol=1e-9)


def test_words_used_alike_find_what_own_words_do_not() -> None:
    documents = (("lol", "haha"), ("lol", "haha"), ("haha",), *((word,) for word in ("sad", "cat", "dog", "ok")))
    corpus = Corpus(Draw(tuple("abcdefg"), documents, (None, None, "lol", None, None, None, None)))
    assert (SEARCHERS[SHIPPED](corpus)[2] > 0).tolist() == [True, True, *[False] * 5]
    assert SEARCHERS[SHIPPED](corpus)[2, 2] == 0
    assert SEARCHERS[OURS](corpus)[2, 2] > 0
    assert SEARCHERS[OURS](corpus)[2, 3] == 0


def test_the_slang_list_adds_words_of_the_same_line() -> None:
    corpus = Corpus(Draw(("a", "b", "c"), (("哈哈",), ("生气",), ("lol",)), ("xswl", "💢", None)))
    assert SEARCHERS[SHIPPED](corpus).max() == 0
    assert (by_slang_list(0.3)(corpus) > 0).tolist() == [[True, False, True], [False, True, False], [False] * 3]


def test_the_other_language_never_holds_the_held_out_text() -> None:
    own = Annotations(("a", "b"), (("nice", "赞"), ("👍", "好")))
    other = Annotations(("a", "b", "z"), (("nice", "great"), ("👍",), ("nice",)))
    for corpus in section.questions(own, other, "zh", draws=2).corpora:
        for held, said in zip(corpus.draw.held, corpus.other, strict=True):
            assert held not in said


@pytest.mark.slow
def test_the_section_has_both_tables_of_the_reporting_half(tmp_path: Path) -> None:
    found = section.check(release(tmp_path), resamples=50, seed=1, report=silent)
    assert_told_in_both_languages(found)
    assert [table.name for table in found.tables] == ["textcheck-zh", "textcheck-en"]
    reporting = sum(not chooses(f"{number:02d}.png") for number in range(12))
    for table in found.tables:
        assert f"{reporting} stickers of the reporting half, 12 searched" in table.title.en
        assert [row.name for row in table.rows] == list(EVERYTHING)
        gains = {row.name: row.figures["R@20 gain"] for row in table.rows}
        assert (gains[SHIPPED].value, gains[SHIPPED].low, gains[SHIPPED].high) == (0, 0, 0)
    assert {curve.part for curve in found.curves} == {"validation"}
    assert found.data.en.startswith("real people")


@pytest.mark.parametrize("folder", ["", "/no/such/folder"])
def test_without_the_data_it_says_so(folder: str) -> None:
    world = cast(World, cast(Any, SimpleNamespace(options=Options(annotations=folder))))
    found = section.compute(world, silent)
    assert found.tables == ()
    assert found.notes[0].en.startswith("NOT RUN")
    assert folder in found.notes[0].en


def test_plain_texts_are_what_the_analyser_sees() -> None:
    assert plain("  Ｌ ＯＬ\t！") == "l ol !"
    assert analyse(plain("Good  NIGHT")) == analyse("Good  NIGHT")
