"""The analyser: what becomes a token."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persrv.text.analyser import analyse, english_stem


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("晚安", ["晚", "安", "晚安"]),
        ("困", ["困"]),
        ("对不起", ["对", "不", "起", "对不", "不起", "对不起"]),
        ("哈哈哈", ["哈", "哈", "哈", "哈哈", "哈哈", "哈哈哈"]),
        ("Good Night", ["good", "night"]),
        ("don't", ["don't"]),
        ("don’t", ["don't"]),
        ("yyds666", ["yyds", "666"]),
        ("ＬＯＬ　１２", ["lol", "12"]),
        ("晚安 good night", ["晚", "安", "晚安", "good", "night"]),
        ("Laughing cats", ["laugh", "cat"]),
        ("été éééé", ["été", "éééé"]),
        ("早安☀️", ["早", "安", "早安", "☀"]),
        ("👍🏽", ["👍"]),
        ("🇨🇳🇫🇷", ["🇨🇳", "🇫🇷"]),
        ("👩\u200d💻累", ["👩\u200d💻", "累"]),
        ("ok，好的！", ["ok", "好", "的", "好的"]),
        ("", []),
        (" \t\n，。!?…\x00\x07", []),
        ("\ud800", []),
        ("a\ud83db", ["ab"]),
        ("a\x00b", ["a", "b"]),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert analyse(text) == tokens


@given(st.text(max_size=60))
def test_any_text_gives_clean_tokens(text: str) -> None:
    tokens = analyse(text)
    assert all(token and not any(c.isspace() for c in token) for token in tokens)
    assert analyse(text) == tokens


@given(st.text(alphabet="笑死我了晚安哈加油", min_size=1, max_size=12))
def test_every_han_character_and_pair_is_a_token_once_a_place(text: str) -> None:
    tokens = analyse(text)
    characters = [token for token in tokens if len(token) == 1]
    pairs = [token for token in tokens if len(token) == 2]
    assert characters == list(text)
    assert pairs == [text[i : i + 2] for i in range(len(text) - 1)]


@pytest.mark.parametrize(
    "family",
    [
        ["so", "sooo", "sooooo"],
        ["laugh", "laughs", "laughing", "laughed"],
        ["hug", "hugs", "hugging", "hugged"],
        ["love", "loves", "loving", "loved"],
        ["baby", "babies", "baby's"],
        ["miss", "missing", "missed"],
        ["call", "calls", "calling"],
        ["cry", "cries", "crying"],
    ],
)
def test_forms_of_an_english_word_meet(family: list[str]) -> None:
    assert len({english_stem(word) for word in family}) == 1


@pytest.mark.parametrize("word", ["yes", "bus", "this", "miss", "king", "bring", "string", "red", "don't", "zz", "bye"])
def test_words_that_only_look_inflected_stay(word: str) -> None:
    assert english_stem(word) == word


@given(st.text(alphabet="abcdeginsyz'", min_size=1, max_size=12).filter(lambda word: word[0] != "'"))
def test_a_stem_is_never_empty(word: str) -> None:
    assert 1 <= len(english_stem(word)) <= len(word)


def test_threads_that_start_together_get_the_same_tokens() -> None:
    from persrv.text import analyser as text

    text._load_jieba.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(analyse, ["祝你生日快乐"] * 8))
    assert answers == [analyse("祝你生日快乐")] * 8
    assert text._load_jieba.cache_info().misses == 1


def test_the_first_chinese_query_prints_nothing_and_leaves_no_file(tmp_path: Path) -> None:
    program = "from persrv.text.analyser import analyse; analyse('祝你生日快乐')"
    environment = {"TMPDIR": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not list(tmp_path.iterdir())
