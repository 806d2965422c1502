"""The long words against jieba's own search mode, their slow twin."""

from __future__ import annotations

import random

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from persrv.text import analyser
from persrv.text.jieba_words import long_words


@pytest.fixture(scope="module")
def tokenizer() -> jieba.Tokenizer:
    made = jieba.Tokenizer()
    made.FREQ, made.total = made.gen_pfdict(made.get_dict_file())
    made.initialized = True
    return made


def slowly(run: str, tokenizer: jieba.Tokenizer) -> list[str]:
    return [word for word in tokenizer.cut_for_search(run) if len(word) > 2]


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("", []),
        ("晚安", []),
        ("生日快乐", ["生日快乐"]),
        ("中华人民共和国", ["共和国", "中华人民共和国"]),
        ("我们今天去北京大学", ["北京大学"]),
        ("〇〇〇〇", []),
    ],
)
def test_known_runs(run: str, words: list[str], tokenizer: jieba.Tokenizer) -> None:
    assert long_words(run, tokenizer) == words == slowly(run, tokenizer)


HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF) | st.sampled_from("的一是了我不人在他有这〇㐀𠀀")


@given(st.text(HAN, max_size=20))
def test_any_characters(run: str) -> None:
    made = analyser._jieba()
    assert long_words(run, made) == slowly(run, made)


def test_words_of_the_dictionary_in_a_row(tokenizer: jieba.Tokenizer) -> None:
    """Thousands of runs as texts have them: common and rare words, beginnings of words, characters between."""
    draw = random.Random(7)
    words = [word for word in tokenizer.FREQ if all("\u4e00" <= character <= "\u9fd5" for character in word)]
    common = sorted(words, key=tokenizer.FREQ.__getitem__)[-3000:]
    for _ in range(4000):
        run = "".join(draw.choice(common if draw.random() < 0.6 else words) for _ in range(draw.randint(1, 8)))
        assert long_words(run, tokenizer) == slowly(run, tokenizer), run
