"""The analyser: what becomes a token."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persrv.text.analyser import analyse


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("晚安", ["晚", "安", "晚安"]),
        ("困", ["困"]),
        ("对不起", ["对", "不", "起", "对不", "不起", "对不起"]),
        ("哈哈哈", ["哈", "哈", "哈哈"]),
        ("Good Night", ["good", "night"]),
        ("don't", ["don't"]),
        ("don’t", ["don't"]),
        ("yyds666", ["yyds", "666"]),
        ("ＬＯＬ　１２", ["lol", "12"]),
        ("晚安 good night", ["晚", "安", "晚安", "good", "night"]),
        ("Laughing cats", ["laugh", "cat"]),
        ("été éééé", ["ete", "été", "e", "ee", "éééé"]),
        ("早安☀️", ["早", "安", "早安", "☀"]),
        ("👍🏽", ["👍"]),
        ("🇨🇳🇫🇷", ["🇨🇳", "🇫🇷"]),
        ("👩\u200d💻累", ["🧑\u200d💻", "💻", "累"]),
        ("ok，好的！", ["ok", "好", "的", "好的"]),
        ("", []),
        (" \t\n，。!?…\x00\x07", [",.!?.", ",.!?..."]),
        (" \t\n\x00\x07", []),
        ("愛", ["爱"]),
        ("すし", ["す", "し", "すし"]),
        ("ラーメン", ["ら", "ー", "め", "ん", "らー", "ーめ", "めん"]),
        ("김치", ["김", "치", "김치"]),
        ("กิน", ["กิ", "น", "กิน"]),  # two letters, of which the first has a mark
        ("वेळ", ["वेळ"]),
        ("déjà vu", ["deja", "déjà", "vu"]),
        ("F# f f++", ["f#", "f", "f++"]),
        ("node# 2b 4K u2b2", ["node#", "nod", "2b", "4k", "u2b2"]),
        ("hi5 room101", ["hi5", "hi", "room", "101"]),
        ("+2 3+4 +100", ["+2", "3", "4", "+100", "100"]),
        ("🏳️\u200d🌈", ["🏳\u200d🌈", "🏳", "🌈"]),
        ("\ud800", []),
        ("a\ud83db", ["ab"]),
        ("a\x00b", ["a", "b"]),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert analyse(text) == tokens


def repeats(text: str) -> bool:
    """Return whether a piece of up to three characters is said three times in a row, which counts as twice."""
    return any(
        text[at : at + size] * 3 == text[at : at + 3 * size]
        for size in (1, 2, 3)
        for at in range(len(text) - 3 * size + 1)
    )


@given(st.text(max_size=60))
def test_any_text_gives_clean_tokens(text: str) -> None:
    tokens = analyse(text)
    assert all(token and not any(c.isspace() for c in token) for token in tokens)
    assert analyse(text) == tokens


@given(st.text(alphabet="笑死我了晚安哈加油", min_size=1, max_size=12).filter(lambda text: not repeats(text)))
def test_every_han_character_and_pair_is_a_token_once_a_place(text: str) -> None:
    tokens = analyse(text)
    characters = [token for token in tokens if len(token) == 1]
    pairs = [token for token in tokens if len(token) == 2]
    assert characters == list(text)
    assert pairs == [text[i : i + 2] for i in range(len(text) - 1)]


@pytest.mark.parametrize(
    "family",
    [
        ["繁體字", "繁体字"],
        ["乾杯", "干杯"],
        ["頭髮", "头发"],
        ["５５５５", "555", "55555"],
        ["66", "666", "66666666", "6️⃣6️⃣6️⃣"],
        ["233", "2333", "23333333"],
        ["嘿嘿", "嘿嘿嘿", "嘿嘿嘿嘿嘿嘿嘿"],
        ["好耶好耶", "好耶好耶好耶好耶"],
        ["hehe", "hehehe", "heheheh", "HEHEHEHEHE", "hehhehe"],
        ["lol", "lololol", "LOLOLOLOL"],
        ["nomnom", "nomnomnom", "nomnomnomno"],
        ["www", "wwwww"],
        ["ㅋㅋㅋ", "ㅋㅋㅋㅋㅋㅋ"],
        ["🙆", "🙆🏽", "🙆\u200d♀️", "🙆🏿\u200d♂️"],
        ["👩\u200d🚀", "👨🏼\u200d🚀", "🧑\u200d🚀"],
        ["☺", "☺️"],
        ["ISTANBUL", "İstanbul", "istanbul"],
        ["שלום", "שָׁלוֹם"],
        ["سلام", "سَلام", "ســلام"],
        ["إن", "ان"],
        ["カラオケ", "からおけ", "ｶﾗｵｹ"],
        ["!!!", "！！！"],
        ["...", "。。。", "…"],
    ],
)
def test_spellings_of_one_thing_are_one(family: list[str]) -> None:
    assert len({tuple(analyse(text)) for text in family}) == 1


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("cool", "coooool"),
        ("so", "soooo"),
        ("resume", "résumé"),
        ("résumé", "résumé"),
        ("duong", "Đường"),
        ("すごい", "すごいですね"),
        ("감사", "감사합니다"),
        ("ขอบคุณ", "ขอบคุณครับ"),
        ("ສະບາຍ", "ສະບາຍດີ"),
        ("🔥", "❤️\u200d🔥"),
        ("?", "？？？"),
        (">_<", ">_<"),
        ("= =", "=="),
    ],
)
def test_a_query_finds_every_token_of_a_longer_text(query: str, text: str) -> None:
    assert set(analyse(query)) <= set(analyse(text))
    assert analyse(query)


@pytest.mark.parametrize(
    "different",
    [
        ["2024", "1000", "10000", "88", "888", "8", "100", "10"],
        ["C++", "C#", "C", "F#"],
        ["बिल", "बाल", "बल"],
        ["なに", "なん"],
        ["ม้า", "หมา"],
        [">_<", "-_-", "^_^", "?", "!", "?!"],
        ["good", "god"],
        ["hah", "haha"],
        ["+1", "1"],
        ["🤷", "🤦"],
    ],
)
def test_what_means_something_else_stays_apart(different: list[str]) -> None:
    assert len({tuple(analyse(text)) for text in different}) == len(different)


@pytest.mark.parametrize("script", ["अ", "ক", "ਕ", "ક", "த", "క", "ಕ", "ക", "a", "я", "α", "ב"])
def test_a_mark_of_any_script_belongs_to_its_letter(script: str) -> None:
    # a letter of the script, each mark of its block, the letter again
    first = ord(script) // 0x80 * 0x80
    marks = [chr(code) for code in range(first, first + 0x80) if unicodedata.category(chr(code)) == "Mc"] or ["\u0308"]
    for mark in marks:
        assert len(set(analyse(script + mark + script)) - {script + script}) == 1


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
