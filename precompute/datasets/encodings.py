"""The encoding of a text file that does not name it: told by its bytes where they can tell, refused where they cannot.

Almost any bytes decode in almost any old encoding, to nonsense in all but one. So each old encoding is judged by the
share of characters that texts in it usually hold, and one is believed only where it is clearly ahead of all others.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from persrv.errors import DataError
from persrv.text.folding import simplified

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

#: Encodings that are named where none can be told: all of their bytes mean something else in another one.
_UNTOLD = ("cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp866", "mac_roman")

#: Old encodings of file names, the likeliest of equals first.
_IN_NAMES = ("gb18030", "big5hkscs", "cp932", "cp949", "cp1252", "cp1251")

#: Bytes that are looked at to judge an old encoding.
_LOOKED_AT = 100_000

#: The least share of usual characters in the encoding that is believed, and by how much it leads the next one.
_ENOUGH, _AHEAD = 0.7, 0.1

#: The least share of usual characters of an encoding of single bytes, in which any bytes decode.
_SURE = 0.9

#: The most frequent syllables of Korean, kana apart from half-width ones, letters with accents, Cyrillic letters.
_HANGUL = set(
    "이다는에의가을고하지한도로사기은리어나자인시그서해라일대보정아있수만게들부전상과니거으면스것주었장여제와요"
    "안를비구오우마세원동할미되조없래때야무소말러각내음려던습까성계신연공당네진모원더랑좋감문생행복축빠잘밤힘귀"
    "녕ㅋㅎㅠㅜ"
)
_AMONG_PLAIN = re.compile(
    r"(?<=[A-Za-z])[^\x00-\x7f]{1,2}(?![^\x00-\x7f])|(?<![^\x00-\x7f])[^\x00-\x7f]{1,2}(?=[A-Za-z])"
)
_ACCENTED = set("àâäáãåæçéèêëíîïìñóòôöõøœßúùûüÿÀÂÄÁÃÅÆÇÉÈÊËÍÎÏÌÑÓÒÔÖÕØŒÚÙÛÜ¿¡«»’‘“”…–—€°£")
_CYRILLIC = set("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфёъ")
_FREQUENT, _VOWELS = set("оеаинтсрвл"), set("аеёиоуыэюя")

#: The least shares of these in Russian: one Cyrillic encoding that is read in another has fewer.
_MOST_FREQUENT, _VOCAL = 0.55, 0.3
_THAI_MARKS = "ัิีึืุู็่้๊๋์"
_ENOUGH_THAI = 8
_SYLLABLES = re.compile(f"(?:[เแโใไ]?[ก-ฮ][{_THAI_MARKS}]{{0,2}}[ะาำ]?)+")
_PUNCTUATION = set("，。！？、；：“”‘’（）《》【】…—～·￥「」『』〜・")


def decoded(data: bytes, name: str, encoding: str | None = None) -> tuple[str, str]:
    """The text of a file and its encoding. encoding: what its owner says it is; None: it is to be told from the bytes.

    Bytes that a UTF-8 file holds here and there and that are no UTF-8 become U+FFFD. DataError where the encoding
    cannot be told, with those that it could be, or where the file is no text.
    """
    if encoding is not None:
        return _as_said(data, name, encoding)
    for mark, marked in _MARKS:
        if data.startswith(mark):
            return data.decode(marked, "replace"), marked
    unmarked = _utf16_without_mark(data)
    if unmarked:
        return data.decode(unmarked), unmarked
    escaped = _escaped(data)
    if escaped:
        return data.decode(escaped), escaped
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        mended = data.decode("utf-8", "replace")
    _require_text(data, name)
    if _mostly_utf8(mended):
        return mended, "utf-8"
    shares = _shares(data[:_LOOKED_AT])
    best, *others = sorted(shares, key=lambda each: -shares[each])[:2] or [""]
    if best and shares[best] >= _ENOUGH and shares[best] - max((shares[each] for each in others), default=0) >= _AHEAD:
        return data.decode(best, "replace"), best
    could = ", ".join(sorted(each for each in shares if shares[each]))
    raise DataError(
        f"{name} is in an encoding that its bytes do not tell; it could be {could or 'one'} "
        f"{'or one ' if could else ''}of those that are never told by bytes, such as {', '.join(_UNTOLD)}",
        "UTF-8, or text that only one encoding can mean",
        "Save it as UTF-8, or name the encoding: --encoding gb18030.",
    )


def legacy_name(data: bytes) -> str:
    """A file name in bytes that are no UTF-8, as people of one old encoding wrote it: the likeliest of those we know,
    else with each odd byte as U+FFFD.
    """
    shares = {name: share for name, share in _shares(data).items() if name in _IN_NAMES}
    best = max(shares, key=lambda each: shares[each], default="")
    return data.decode(best) if best and shares[best] >= _ENOUGH else data.decode("utf-8", "replace")


def _as_said(data: bytes, name: str, encoding: str) -> tuple[str, str]:
    try:
        return data.decode(encoding), encoding
    except LookupError as error:
        raise DataError(f"Encoding {encoding!r}", f"one of {', '.join(_USUAL)}, utf-8, ...", "Check it.") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{name} is not in {encoding}", "its own encoding", "Name another --encoding.") from error


def _utf16_without_mark(data: bytes) -> str:
    """UTF-16 is told by the zero bytes of its ASCII characters, which stand at even or at odd places; "" if the bytes
    are none. (一 is U+4E00, so that a few zeros stand at the other places.)
    """
    head = data[: _LOOKED_AT - _LOOKED_AT % 2]
    zeros = head.count(0)
    if len(data) % 2 or zeros < len(head) / 8:
        return ""
    odd = head[1::2].count(0) / zeros if zeros else 0.5
    encoding = "utf-16-le" if odd > 0.9 else "utf-16-be" if odd < 0.1 else ""
    try:
        data.decode(encoding or "ascii")
    except UnicodeDecodeError:
        return ""
    return encoding


def _escaped(data: bytes) -> str:
    """The encoding that writes a text in ASCII; "" if what it would mean is no usual text, or there is nothing beyond
    ASCII.
    """
    if not data.isascii() or not any(sign in data for sign in (b"~{", b"\x1b$", b"+")):
        return ""
    for encoding, usual in _ESCAPED.items():
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _beyond(text) and usual(text) >= _ENOUGH * _beyond(text):
            return encoding
    return ""


def _require_text(data: bytes, name: str) -> None:
    head = data[:_LOOKED_AT]
    controls = sum(head.count(byte) for byte in range(32) if byte not in (0, 9, 10, 12, 13, 26, 27))
    if head.count(0) > 2 or controls > max(2, len(head) / 200):
        raise DataError(f"{name} is no text", "a CSV", "In Excel: File, Save As, “CSV UTF-8 (comma delimited)”.")


def _mostly_utf8(mended: str) -> bool:
    """Return whether a text that was read as UTF-8 has three sound characters of three bytes, which other encodings
    hardly ever spell, for each odd byte.
    """
    odd = mended.count("\ufffd")
    return sum(character >= "\u0800" for character in mended) - odd >= 3 * odd


# ---- old encodings --------------------------------------------------------------------------------------------------


def _shares(data: bytes) -> dict[str, float]:
    """Old encoding that the bytes decode in -> the share of usual characters among those beyond ASCII."""
    shares = {}
    for encoding, usual in _USUAL.items():
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            if error.end < len(data) or len(data) < _LOOKED_AT:  # no character that is merely cut in two
                continue
            text = data[: error.start].decode(encoding)
        shares[encoding] = usual(text) / max(1, _beyond(text))
    return shares


def _chinese(text: str) -> float:
    """Characters of everyday Chinese, counted half, and again half where they make a word, alone or in pairs."""
    pairs, singles = _words()
    everyday = {place for place, character in enumerate(text) if _everyday_han(character)}
    paired = {place for start in everyday if text[start : start + 2] in pairs for place in (start, start + 1)}
    alone = {place for place in everyday if text[place] in singles}
    marks = sum(character in _PUNCTUATION for character in text)
    return (len(everyday) + len(paired | alone)) / 2 + marks


def _traditional(text: str) -> float:
    return _chinese(simplified(text))


def _everyday_han(character: str) -> bool:
    """Return whether a character is of the first level of GB 2312: the 3,755 that everyday texts hold."""
    try:
        code = character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and 0xB0 <= code[0] <= 0xD7


@lru_cache(maxsize=1)
def _words() -> tuple[frozenset[str], frozenset[str]]:
    """The words of two characters and of one that jieba's dictionary calls frequent."""
    import jieba

    with jieba.Tokenizer().get_dict_file() as file:
        rows = [line.split(" ")[:2] for line in file.read().decode("utf-8").splitlines()]
    pairs = frozenset(word for word, count in rows if len(word) == 2 and int(count) >= 3)
    return pairs, frozenset(word for word, count in rows if len(word) == 1 and int(count) >= 1000)


def _japanese(text: str) -> float:
    kana = sum("\u3041" <= character <= "\u30fe" for character in text)
    han = sum(unicodedata.category(character) == "Lo" and not "\u3041" <= character <= "\u30fe" for character in text)
    marks = sum(character in _PUNCTUATION for character in text)
    return kana + marks + min(han, 2 * kana) if kana >= han / 4 else 0.0


def _korean(text: str) -> float:
    return sum(character in _HANGUL or character in _PUNCTUATION for character in text)


def _western(text: str) -> float:
    """Accented letters, one or two beside a plain letter or alone as à is; 0 where other characters are among them."""
    beside = {place for match in _AMONG_PLAIN.finditer(text) for place in range(*match.span())}
    found = 0
    for place, (before, character, after) in _beside(text):
        alone = character in "àéóÀÉÓ" and before.isascii() and after.isascii()
        found += character in _ACCENTED and (place in beside or alone or not character.isalpha())
    return found if found >= _SURE * _beyond(text) else 0.0


def _russian(text: str) -> float:
    """Cyrillic letters, small unless they begin a word, beside no plain letter; 0 where other characters are among
    them, a capital follows a small letter, or frequent letters or vowels are rare.
    """
    found = frequent = vowels = 0
    for _, (before, character, after) in _beside(text):
        small = character.lower()
        if small != character and before.islower():
            return 0.0
        plain = any(each.isascii() and each.isalpha() for each in (before, after))
        found += small in _CYRILLIC and not plain and (small == character or not before.isalpha())
        frequent += small in _FREQUENT
        vowels += small in _VOWELS
    usual = frequent >= _MOST_FREQUENT * found and vowels >= _VOCAL * found
    return found if found >= _SURE * _beyond(text) and usual else 0.0


def _thai(text: str) -> float:
    """Thai letters, all of them in syllables: a mark stands on a consonant, a vowel that is written first before one; 0
    where other characters are among them, no mark is, or they are too few to tell.
    """
    letters = "".join(character if not character.isascii() else " " for character in text)
    whole = _beyond(text) >= _ENOUGH_THAI and all(_SYLLABLES.fullmatch(run) for run in letters.split())
    return _beyond(text) if whole and any(character in _THAI_MARKS for character in letters) else 0.0


def _beside(text: str) -> Iterator[tuple[int, tuple[str, str, str]]]:
    """Yield the place of every character beyond ASCII, and it with its neighbours, blanks at the ends."""
    triples = enumerate(zip(f" {text}", text, f"{text[1:]} ", strict=False))
    return ((place, triple) for place, triple in triples if not triple[1].isascii())


def _beyond(text: str) -> int:
    """The number of characters beyond ASCII."""
    return sum(not character.isascii() for character in text)


#: Old encoding -> the number of usual characters in a text that was read in it.
_USUAL: Mapping[str, Callable[[str], float]] = {
    "gb18030": _chinese,
    "big5hkscs": _traditional,
    "cp932": _japanese,
    "euc_jp": _japanese,
    "cp949": _korean,
    "cp1252": _western,
    "cp1251": _russian,
    "koi8_r": _russian,
    "cp874": _thai,
}

#: The same of encodings that write everything in ASCII, behind signs.
_ESCAPED: Mapping[str, Callable[[str], float]] = {
    "hz": _chinese,
    "iso2022_jp": _japanese,
    "iso2022_kr": _korean,
    "utf-7": lambda text: max(_chinese(text), _japanese(text), _korean(text)),
}
