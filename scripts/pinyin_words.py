"""Make persrv/text/pinyin_words.tsv: the words of jieba's dictionary by their pinyin, with their frequencies.

    python scripts/pinyin_words.py

From jieba (MIT) and pypinyin (MIT), both as the tests' requirements pin them; the file states both. A reading of
a single character other than its usual one counts for a tenth of its frequency.
"""

from __future__ import annotations

import re
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

import jieba
from pypinyin import Style, lazy_pinyin, pinyin

TARGET = Path(__file__).resolve().parents[1] / "persrv/text/pinyin_words.tsv"

#: The least frequency of a word of so many characters; longer words are left to their parts.
LEAST = {1: 0, 2: 3, 3: 20, 4: 20}
_HAN = re.compile("[\u4e00-\u9fff]{1,4}")

#: Syllables that pypinyin knows and nobody types for a word: m, n, ng, hm, hng, ê.
_SYLLABLE = re.compile("(?!(?:m|n|ng|hm|hng)$)[a-z]+")

#: Spellings that people type for characters which dictionaries read without a vowel.
_TYPED = {"嗯": "en"}

HEADER = """\
# Pinyin without tones, then words and their frequencies, the most frequent first. Made by scripts/pinyin_words.py from
# the dictionary of jieba {jieba} (MIT licence, (c) 2013 Sun Junyi)
# and pypinyin {pypinyin} (MIT licence, (c) 2016 mozillazg).
"""


def main() -> None:
    """Write the table."""
    words: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for line in (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, frequency, *_ = line.split()
        if _HAN.fullmatch(word) and int(frequency) >= LEAST[len(word)]:
            for spelled, share in _readings(word):
                words[spelled].append((max(1, int(frequency) // share), word))
    header = HEADER.format(jieba=version("jieba"), pypinyin=version("pypinyin"))
    TARGET.write_text(header + "\n".join(sorted(_line(key, found) for key, found in words.items())) + "\n", "utf-8")


def _readings(word: str) -> list[tuple[str, int]]:
    """(syllables, what to divide the word's frequency by) of each way to read it."""
    usual = _TYPED.get(word) or " ".join(lazy_pinyin(word))
    if not all(_SYLLABLE.fullmatch(syllable) for syllable in usual.split()):
        return []
    if len(word) > 1:
        return [(usual, 1)]
    others = {each for each in pinyin(word, style=Style.NORMAL, heteronym=True)[0] if _SYLLABLE.fullmatch(each)}
    return [(usual, 1), *((each, 10) for each in sorted(others - {usual}))]


def _line(key: str, found: list[tuple[int, str]]) -> str:
    best = sorted(found, key=lambda each: (-each[0], each[1]))
    return f"{key}\t" + " ".join(f"{word} {frequency}" for frequency, word in best)


if __name__ == "__main__":
    main()
