"""The words of file and folder names, as people write them: a column of its own, since many stickers say nothing else.

A name is cut at marks, at digits, and where CamelCase turns; runs of letters are cut into words
(persrv.text.run_together), or read as the Chinese that they are the pinyin of. Numbers, hashes, sizes, and what
cameras, apps and downloads put before them say nothing of a picture and are left out. A code point, as in 1f602.png, is
its emoji and what that is called.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from persrv.text.emoji import emoji_names
from persrv.text.folding import HAN
from persrv.text.lexicon import Lexicon
from persrv.text.pinyin import PinyinReader
from persrv.text.run_together import apart, is_everyday, is_word

#: Names of one sticker at most: copies of one picture may lie in many folders.
MOST_NAMES = 12

#: Names of an emoji in each language.
_MOST_OF_EMOJI = 4

#: Chinese readings of a name in pinyin at most, and how much less likely than the first one (in nats) another may be.
_MOST_CHINESE, _AS_LIKELY = 3, 1.0

#: Beginnings of names that say who made the file and not what it shows: cameras, apps, folders of downloads.
# fmt: off
_MADE_BY = frozenset((
    "img", "image", "images", "imgs", "photo", "photos", "pic", "pics", "picture", "pictures", "dsc", "dscn",
    "dscf", "dcim", "cimg", "gopr", "dji", "pxl", "mvimg", "pano", "sam", "mg", "vid", "video", "mov", "fb", "wa",
    "stk", "mmexport", "wx", "camera", "wechat", "weixin", "whats", "app", "whatsapp", "qq", "tim", "telegram",
    "tg", "line", "kakaotalk", "kakao", "discord", "slack", "snapchat", "signal", "received", "tumblr", "giphy",
    "tenor", "ezgif", "snipaste", "pasted", "unnamed", "untitled", "download", "downloads", "file", "files", "copy",
    "temp", "tmp", "cache", "sticker", "stickers", "emoji", "emojis", "emoticon", "emoticons", "emote", "emotes",
    "gif", "gifs", "png", "jpg", "jpeg", "webp", "apng", "svg", "output", "export", "static", "animated",
    "original", "icon", "icons", "asset", "assets", "misc", "other", "others", "new", "folder", "final", "preview",
    "removebg", "thumb", "thumbnail", "at", "am", "pm", "on", "of", "with",
    "图片", "照片", "相机", "微信图片", "微信", "图像",
    "表情", "表情包", "贴纸", "动图", "副本", "未命名", "无标题", "新建", "新建文件夹",
    "下载", "视频", "上午", "下午", "收藏", "圖片", "相片", "表情貼",
    "貼圖", "下載", "未命名檔案", "新增資料夾",
))
# fmt: on

#: Whole names of that kind, whatever follows.
_CAPTURED = re.compile(
    r"(?i)^\W*(?:screen[\s_-]?(?:shot|recording|capture)|wx[\s_-]?camera|snipaste|mmexport|屏幕截|螢幕|录屏|qq图片|"
    r"(?:微信|qq)?(?:截图|截圖|截屏))"
)
_CODE_POINTS = re.compile(r"(?i)^(?:emoji[_-])?u?((?:[0-9a-f]{4,5})(?:[-_][0-9a-f]{4,5})*)$")

#: Patterns of what is no word: long hexadecimal numbers, and long strings of letters and digits in any order.
_HASH = re.compile(r"(?i)(?<![a-z0-9])(?=[a-z]*\d)(?:[0-9a-f]{8,}|[a-z0-9]{14,})(?![a-z0-9])")
_LETTER = rf"(?:(?![{HAN}])[^\W\d_])"
_MARK = "ª"  # a letter for _PIECE, where a mark stands
_PIECE = re.compile(rf"[{HAN}]+|[^\w\s!-~]+|[A-Z]+(?![a-z'])|[A-Z]?(?:(?![A-Z]){_LETTER})+(?:'{_LETTER}+)*")


def names_of(paths: Iterable[str], emoji: Iterable[str] = (), packs: Iterable[str] = ()) -> tuple[str, ...]:
    """Names of a picture: the words of its files' names, of the emoji that it is sent as, and then of the folders it
    lies in and the packs it belongs to, each text once.

    paths: of the files below the folder of the import, slashes between. Empty where no name says anything.

    >>> names_of(["Foxes/foxrage2.png"]), names_of(["IMG_2034.jpg"]), names_of(["kaixin1.gif"])
    (('fox rage', 'foxes'), (), ('开心',))
    """
    parts = [path.split("/") for path in paths]
    stems = [_without_extension(names[-1]) for names in parts]
    folders = [name for names in parts for name in reversed(names[:-1])]
    said = dict.fromkeys(text for name in stems for text in words_of(name))
    said |= dict.fromkeys(text for each in emoji for text in _emoji(each))
    said |= dict.fromkeys(text for name in (*folders, *packs) for text in words_of(name))
    return tuple(said)[:MOST_NAMES]


@lru_cache(1 << 14)  # a folder is met with each of its pictures
def words_of(name: str) -> tuple[str, ...]:
    """Words of a name, without path and extension: its words with blanks between; pinyin as Chinese, at most
    _MOST_CHINESE readings; an emoji with its names. Empty where it says nothing.

    >>> words_of("BlobCat_HappyPaws"), words_of("acatsleep2"), words_of("Screenshot_20240101-101010_WeChat")
    (('blob cat happy paws',), ('cat sleep',), ())
    """
    plain = "".join(
        character if character.isprintable() or character == "\u200d" else " "
        for character in unicodedata.normalize("NFKC", name)
    ).strip()
    if coded := _CODE_POINTS.match(plain):
        emoji = "".join(chr(int(point, 16)) for point in re.split("[-_]", coded[1]) if int(point, 16) < 0x110000)
        if called := _emoji(emoji):
            return called
    if _CAPTURED.search(plain):
        return ()
    pieces = _pieces(_HASH.sub(" ", plain))
    while pieces and pieces[0] in _MADE_BY:
        pieces = pieces[1:]
    if chinese := _as_pinyin(pieces):
        return chinese
    text = " ".join(word for piece in pieces for word in _words(piece))
    return (text,) if text else ()


def _pieces(text: str) -> list[str]:
    """The runs of letters, Han characters or symbols of a text, in lower case. A vowel sign or an accent that stands by
    itself, as in नमस्ते, belongs to the letter before it.
    """
    marked = ""
    for character in text:
        is_mark = unicodedata.category(character) in ("Mn", "Mc") and marked[-1:].isalpha()
        marked += _MARK if is_mark else character
    return [text[match.start() : match.end()].lower() for match in _PIECE.finditer(marked)]


def _words(piece: str) -> list[str]:
    """The words of a run of letters, without an article or a letter that stands alone; and the run as it is where a
    letter was left over between words, since it may be one word that nobody knows (copium).
    """
    words = apart(piece)
    said = [word for word in words if not (len(word) == 1 and word.isascii())]
    return [*said, piece] if said and len(said) < len(words[words[0] in ("a", "i") :]) else said


def _emoji(sequence: str) -> tuple[str, ...]:
    """An emoji and what it is called in both languages; empty for what is none."""
    called = [
        emoji_names().names(sequence.replace("\ufe0f", ""), language)[:_MOST_OF_EMOJI] for language in ("en", "zh")
    ]
    return (sequence, *called[0], *called[1]) if any(called) else ()


def _as_pinyin(pieces: Sequence[str]) -> tuple[str, ...]:
    """The Chinese that a name in letters is the pinyin of, likeliest first; empty where it says English words, or is no
    pinyin.

    A single syllable is taken for a word only where emoji are called so: mao may be 猫, and yet many things.
    """
    letters = " ".join(pieces)
    if len(letters) < 2 or not letters.replace(" ", "").isascii() or not letters.replace(" ", "").isalpha():
        return ()
    everyday = all(is_everyday(word) for piece in pieces for word in apart(piece))
    if everyday and len(pieces) == 1:
        return ()
    found = _pinyin_reader().convert(letters)
    if everyday:  # wan_an may be either, but for the Chinese word
        return (letters, found[0].text) if found and len(found[0].words) == 1 and len(found[0].text) > 1 else ()
    likely = [each for each in found if each.score >= found[0].score - _AS_LIKELY and _in_words(each.text, each.words)]
    is_english, chinese = all(map(is_word, pieces)), [each.text for each in likely[:_MOST_CHINESE]]
    return (letters, *chinese) if chinese and is_english else tuple(chinese)


def _in_words(text: str, words: Sequence[str]) -> bool:
    """Return whether Chinese text has words, not single characters only, or is a character that names an emoji."""
    return any(len(word) > 1 for word in words) if len(text) > 1 else _chinese().says(text)


@lru_cache(maxsize=1)
def _chinese() -> Lexicon:
    """Lexicon of emoji's Chinese names, which a sticker means among words that sound alike."""
    return Lexicon.build([name] for name in emoji_names().all_names("zh"))


@lru_cache(maxsize=1)
def _pinyin_reader() -> PinyinReader:
    return PinyinReader(_chinese())


def _without_extension(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return stem if dot and stem and 1 <= len(extension) <= 5 else name
