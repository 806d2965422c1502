"""A small folder of drawn stickers with real phrases, some without a word but with a name, and what people ask of it.

Phrases are what people say in chats; no query is a phrase of the folder. A query is answered well where the first
sticker is one of those that fit.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from persrv.bundle import Bundle
from persrv.records import SearchSettings
from persrv.retriever import Retriever

#: File below the folder -> what is written on it; "" for a sticker that says something by its name only.
STICKERS: dict[str, str] = {
    "office/001.png": "不想上班",
    "office/002.png": "收到，马上改",
    "office/003.png": "老板大气",
    "office/004.png": "又要开会",
    "office/005.png": "I need coffee",
    "office/006.png": "deadline is today",
    "office/007.png": "on my way",
    "daily/011.png": "晚安，好梦",
    "daily/012.png": "早上好呀",
    "daily/013.png": "我吃饱了",
    "daily/014.png": "好困啊",
    "daily/015.png": "see you tomorrow",
    "daily/016.png": "happy birthday",
    "daily/017.png": "let's eat",
    "feelings/021.png": "笑死我了",
    "feelings/022.png": "气死我了",
    "feelings/023.png": "抱抱你",
    "feelings/024.png": "对不起，我错了",
    "feelings/025.png": "谢谢你",
    "feelings/026.png": "I miss you",
    "feelings/027.png": "I am so happy",
    "feelings/028.png": "what on earth",
    "feelings/029.png": "加油，你可以的",
    "feelings/030.png": "没钱了",
    "animals/SleepyCat.png": "",
    "animals/angryFox2.png": "",
    "animals/dancing_penguin.png": "",
    "animals/cat_crying.png": "",
    "animals/xiaogou.png": "",
    "animals/hungry-panda.png": "",
}

#: (query, the stickers that fit it): ten in English, then ten in Chinese.
QUERIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("i don't want to work", ("001",)),
    ("good night", ("011",)),
    ("thank you so much", ("025",)),
    ("lol", ("021",)),
    ("sorry, my fault", ("024",)),
    ("no money", ("030",)),
    ("you can do it", ("029",)),
    ("angry fox", ("angryFox2",)),
    ("sad cat", ("cat_crying",)),
    ("another meeting", ("004",)),
    ("生日快乐", ("016",)),
    ("想你了", ("026",)),
    ("明天见", ("015",)),
    ("喝咖啡", ("005",)),
    ("太开心了", ("027",)),
    ("在路上了", ("007",)),
    ("小狗", ("xiaogou",)),
    ("企鹅跳舞", ("dancing_penguin",)),
    ("今天要交", ("006",)),
    ("睡觉的猫", ("SleepyCat",)),
)


def draw(folder: Path, write: Callable[[Path, str], None]) -> None:
    """Draw every sticker. write: draws one with its words."""
    for name, words in STICKERS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write(folder / name, words)


def leading(bundle: Path) -> dict[str, object]:
    """Count the queries of each language whose first sticker fits: searched by words in the picture alone, with names,
    and as the bundle is searched (with meaning, where there is an encoder); and those that do not.
    """
    retriever = Retriever.open(Bundle.open(bundle))
    words = retriever.bundle.words_settings
    ways: dict[str, SearchSettings] = {
        "words": words_only(words),
        "words_names": words,
        "meaning_names": retriever.bundle.settings,
    }
    found: dict[str, object] = {"stickers": len(retriever.bundle.ids), "queries": len(QUERIES)}
    for way, settings in ways.items():
        fits = [_first(retriever, query, settings) in fitting for query, fitting in QUERIES]
        found[f"{way}_en"], found[f"{way}_zh"] = sum(fits[:10]), sum(fits[10:])
        found[f"{way}_misses"] = [query for (query, _), fit in zip(QUERIES, fits, strict=True) if not fit]
    return found


def words_only(settings: SearchSettings) -> SearchSettings:
    """The settings without the weight of names."""
    weights = {name: 0.0 if name == "names" else weight for name, weight in settings.field_weights.items()}
    return SearchSettings(
        **{**{name: getattr(settings, name) for name in settings.__slots__}, "field_weights": weights}
    )


def _first(retriever: Retriever, query: str, settings: SearchSettings) -> str:
    """The first sticker; "" where nothing was found, whatever stands in for it."""
    result = retriever.search(query, settings=settings, top=1)
    return "" if result.fallback or not result.hits else result.hits[0].sticker
