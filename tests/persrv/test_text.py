"""The analyser: what becomes a token."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persrv.text import analyse


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
        ("早安☀️", ["早", "安", "早安", "☀"]),
        ("👍🏽", ["👍"]),
        ("🇨🇳🇫🇷", ["🇨🇳", "🇫🇷"]),
        ("👩\u200d💻累", ["👩\u200d💻", "累"]),
        ("ok，好的！", ["ok", "好", "的", "好的"]),
        ("", []),
        (" \t\n，。!?…\x00\x07", []),
        ("\ud800", []),
        ("a\ud83db", ["ab"]),
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
