"""Clicks as a table of uid, query, docid and, optionally, time: the format of the WeChat data as PerSRV uses it.

Under a header a table may also say where each sticker was sent: conversation, domain, language, message and reply.

Reading accepts files as people have them: any separator, any usual encoding, a header in English or Chinese with the
columns in any order, or none. A row that cannot be used is dropped and counted by reason. What cannot be understood for
certain is refused, since clicks that are understood wrongly teach wrongly and say nothing.
"""

from __future__ import annotations

import csv
import re
import unicodedata
import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from persrv.errors import DataError
from persrv.query import MAX_QUERY
from persrv.records import Context, Interaction, Text
from persrv.text.folding import normalise
from persrv.text.query_size import MAX_TOKENS, characters, is_searchable
from precompute.datasets.dropped import Dropped
from precompute.datasets.encodings import decoded
from precompute.datasets.table import rows_of
from precompute.datasets.times import day_first, seconds

#: Column -> names it goes by in a header: lower case, simplified characters, without blanks, "_" and "-".
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "user": (
        *(
            "uid",
            "user",
            "userid",
            "username",
            "person",
            "who",
            "sender",
            "from",
            "fromid",
            "member",
            "account",
            "nick",
        ),
        *("nickname", "用户", "用户id", "用户名", "用户编号", "使用者", "使用者id", "昵称", "账号", "帐号", "人", "谁"),
        *("发送者", "发送人", "发件人", "成员", "姓名", "名字", "微信号"),
    ),
    "query": (
        *("query", "text", "searchquery", "search", "searchterm", "searchtext", "keyword", "keywords", "term", "words"),
        *(
            "phrase",
            "message",
            "q",
            "搜索词",
            "搜索",
            "搜索内容",
            "搜寻",
            "搜寻词",
            "搜索文字",
            "查询",
            "查询词",
            "关键词",
        ),
        *("关键字", "检索词", "文字", "文本", "内容", "话", "说", "消息", "输入", "搜什么", "搜索关键词", "检索", "词"),
    ),
    "sticker": (
        *(
            "docid",
            "sticker",
            "stickerid",
            "doc",
            "image",
            "imageid",
            "imagename",
            "imagefile",
            "img",
            "picture",
            "pic",
        ),
        *("photo", "file", "filename", "filepath", "path", "emoji", "meme", "gif", "stickerfile", "stickername"),
        *("图片", "图片名", "图片名称", "图片id", "图", "图像", "表情", "表情包", "表情id", "表情名", "贴纸", "贴图"),
        *(
            "文件",
            "文件名",
            "档案",
            "档名",
            "档案名",
            "照片",
            "点击",
            "点击的图片",
            "点击图片",
            "表情图",
            "文档id",
            "贴纸id",
        ),
    ),
    "time": (
        *("time", "timestamp", "datetime", "date", "when", "ts", "clicktime", "createdat", "clickedat", "searchtime"),
        *("时间", "日期", "点击时间", "发送时间", "时间戳", "日期时间", "搜索时间", "创建时间", "何时"),
    ),
    "conversation": (
        *("conversation", "conversationid", "chat", "chatid", "thread", "threadid", "dialog", "dialogue", "dialogueid"),
        *("room", "roomid", "session", "sessionid", "group", "groupid", "会话", "会话id", "会话编号", "对话", "对话id"),
        *("聊天", "聊天id", "群", "群id", "群聊"),
    ),
    "domain": ("domain", "scene", "scenario", "occasion", "setting", "领域", "场合", "场景", "域"),
    "language": ("language", "lang", "locale", "语言", "语种"),
    "message": ("messageid", "msgid", "消息id", "消息编号", "讯息id"),
    "reply": (
        *("reply", "replyto", "replyid", "replytoid", "inreplyto", "replytomessageid", "回复", "回复id", "回复消息"),
        *("回复消息id", "回复的消息", "回复哪条", "答复"),
    ),
}

_NEEDED = ("user", "query", "sticker")

#: Columns that a table without a header has, in this order.
_PLAIN = (*_NEEDED, "time")

#: Columns that say where a sticker was sent, and characters of the longest value of one.
_CONTEXT = ("conversation", "domain", "language", "message", "reply")
LONGEST_CONTEXT = 200

#: Names of languages -> codes; a locale such as zh-CN counts by its first part.
_LANGUAGES: Mapping[str, str] = {
    **dict.fromkeys(("chinese", "mandarin", "中文", "汉语", "华语", "国语", "普通话"), "zh"),
    **dict.fromkeys(("english", "英文", "英语"), "en"),
}

#: Rows in which a header is looked for: titles and notes may stand before it.
_BEFORE_HEADER = 10

#: Words that programs write for an empty cell.
_NOTHING = {"NULL", "null", "NaN", "nan", "\\N", "#N/A", "N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!"}

#: A cell that a spreadsheet should show as it is (="0012"), and a link.
_FORMULA = re.compile(r'="([^"]+)"$|=HYPERLINK\("([^"]+)"', re.IGNORECASE)

#: Rows that are shown before work starts.
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Clicks:
    """The interactions of a file in its order, its number of rows, its encoding, and what was dropped."""

    interactions: tuple[Interaction, ...]
    rows: int
    encoding: str
    dropped: Dropped

    def shown(self) -> list[str]:
        """The people, and the first rows as they were understood, one sentence each: what somebody checks before work
        starts.
        """
        people = list(dict.fromkeys(click.user for click in self.interactions))
        more = f" and {len(people) - 5} more" if len(people) > 5 else ""
        shown = [f"{len(self.interactions)} clicks of {len(people)} people: {', '.join(people[:5])}{more}"]
        for click in self.interactions[:_SHOWN]:
            at = "" if click.time is None else f" at {_utc(click.time)}"
            shown.append(f"{click.user} searched {click.query!r} and took {click.sticker}{at}")
        return shown


def joined(files: Sequence[Clicks]) -> Clicks:
    """The clicks of several files, at least one, as if they were one."""
    dropped = Dropped()
    for clicks in files:
        dropped.include(clicks.dropped)
    interactions = tuple(click for clicks in files for click in clicks.interactions)
    encodings = ", ".join(dict.fromkeys(clicks.encoding for clicks in files))
    return Clicks(interactions, sum(clicks.rows for clicks in files), encodings, dropped)


def _utc(time: int) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M")


def read_clicks(path: Path, names: Mapping[str, str], encoding: str | None = None) -> Clicks:
    """Read a table of clicks. names: every way to name a sticker -> its id; encoding: what the owner says, None to tell
    it from the bytes. A time that cannot be read is dropped and counted, and its row is kept. DataError if the file is
    no such table, holds no click on a known sticker, or could be understood in several ways.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = f"{path} cannot be read: {error.strerror}"
        raise DataError(reason, "a CSV of clicks", "Check --interactions.") from error
    _require_no_workbook(data, path)
    text, encoding = decoded(data, str(path), encoding)
    sticker_of = _finder(names)
    try:
        rows = rows_of(text, len(_NEEDED), lambda cell: sticker_of(cell) is not None)
    except csv.Error as error:
        raise DataError(
            f"{path} cannot be read as CSV: {error}", "uid,query,docid[,time]", "Export it again."
        ) from error
    places, body = _understood(rows, path, sticker_of)
    dropped = Dropped()
    times = day_first(row[places["time"]] for row in body if places.get("time", len(row)) < len(row))
    found = [
        click
        for number, row in enumerate(body, 1)
        if (click := _click(row, f"row {number}: {','.join(row)[:60]}", places, sticker_of, times, dropped))
    ]
    if not found:
        raise DataError(
            f"No usable click among the {len(body)} rows of {path}" + (f" ({dropped})" if dropped.counts else ""),
            "rows of uid,query,docid[,time] whose docid names a picture of the folder",
            _advice(dropped),
        )
    return Clicks(tuple(found), len(body), encoding, dropped)


def _require_no_workbook(data: bytes, path: Path) -> None:
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise DataError(
            f"{path} is an Excel workbook or an archive, whatever its name says",
            "a CSV",
            "In Excel: File, Save As, “CSV UTF-8 (comma delimited)”.",
        )


def _advice(dropped: Dropped) -> str:
    if set(dropped.counts) == {_FEWER.en}:
        return "Separate the columns by commas, semicolons or tabs."
    return "Compare the third column with the names of the files."


# ---- columns --------------------------------------------------------------------------------------------------------


def _understood(
    rows: Sequence[Sequence[str]], path: Path, sticker_of: Callable[[str], str | None]
) -> tuple[dict[str, int], Sequence[Sequence[str]]]:
    """Column -> place, and the rows of data. DataError where a header is understood in part, or where there is none and
    the pictures do not stand in the third column.
    """
    for number, row in enumerate(rows[:_BEFORE_HEADER]):
        places = _header(row)
        if all(column in places for column in _NEEDED):
            return places, rows[number + 1 :]
        if sum(column in places for column in _PLAIN) >= 2 and not any(sticker_of(cell) for cell in row):
            missing = ", ".join(column for column in _NEEDED if column not in places)
            raise DataError(
                f"The header of {path}, {','.join(row)[:100]!r}, has no column that is known to be: {missing}",
                "columns called uid, query, docid and, optionally, time",
                "Rename the columns.",
            )
    naming = [sum(sticker_of(cell) is not None for cell in column) for column in _columns(rows)]
    most = naming.index(max(naming))
    if naming[2] < naming[most]:
        raise DataError(
            f"{path} has no header that is known, and its column {most + 1} names the pictures",
            "uid,query,docid[,time] in this order, or a header",
            "Put uid,query,docid,time, in the order of its columns, as the first row.",
        )
    return dict(zip(_PLAIN, range(4), strict=True)), rows


def _columns(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The cells of each of the first columns, four at most."""
    return [[row[place] for row in rows[:200] if place < len(row)] for place in range(4)]


def _header(row: Sequence[str]) -> dict[str, int]:
    """Column -> place, of the titles that are known; of two titles for one column the first."""
    titles = ["".join(c for c in normalise(cell.strip()) if c not in " _-\u3000\ufeff:：") for cell in row]
    places: dict[str, int] = {}
    for column, known in COLUMNS.items():
        for place, title in enumerate(titles):
            if title in known:
                places.setdefault(column, place)
    return places


# ---- rows -----------------------------------------------------------------------------------------------------------

_FEWER = Text(f"a row of fewer than {len(_NEEDED)} columns", f"不足 {len(_NEEDED)} 列的行")


def _click(
    row: Sequence[str],
    where: str,
    places: Mapping[str, int],
    sticker_of: Callable[[str], str | None],
    times: bool | None,
    dropped: Dropped,
) -> Interaction | None:
    cells = {column: _clean(row[place]) if place < len(row) else "" for column, place in places.items()}
    sticker = sticker_of(cells["sticker"])
    reason = _problem(cells, sticker, len(row) > max(places[column] for column in _NEEDED))
    if reason is not None or sticker is None:
        dropped.add(reason or "", where)
        return None
    time = seconds(cells.get("time", ""), times)
    if time is None and cells.get("time"):
        dropped.add(Text("a time that cannot be read (the click is kept)", "时间读不出（点击保留）"), where)
    return Interaction(cells["user"], cells["query"], sticker, time, _context(cells, where, dropped))


def _context(cells: Mapping[str, str], where: str, dropped: Dropped) -> Context | None:
    """Context in which a sticker was sent; None if the row has none. Domains and languages are folded, so that "Work"
    and "work" are one.
    """
    said = {column: cells.get(column, "") for column in _CONTEXT}
    for column in [column for column, value in said.items() if len(value) > LONGEST_CONTEXT or "\ufffd" in value]:
        said[column] = ""
        dropped.add(Text(f"a {column} that cannot be read (the click is kept)", f"{column} 读不出（点击保留）"), where)
    said["domain"] = normalise(said["domain"])
    said["language"] = language_of(said["language"])
    return Context(**said) if any(said.values()) else None


def language_of(cell: str) -> str:
    """The code of a language as tables write it: "zh" for 中文 and zh-CN, "" for nothing."""
    folded = normalise(cell)
    return _LANGUAGES.get(folded) or folded.replace("_", "-").partition("-")[0]


def _clean(cell: str) -> str:
    """A cell without blanks and invisible characters around it; "" for what programs write for nothing."""
    plain = cell.strip().strip("\ufeff\u200b\u200e\u200f\u2060").strip()
    formula = _FORMULA.match(plain)
    plain = formula[1] or formula[2] if formula else plain
    return "" if plain in _NOTHING else plain


def _problem(cells: Mapping[str, str], sticker: str | None, whole: bool) -> Text | None:
    """The reason why a row is no click, None if it is one."""
    if not whole:
        return _FEWER
    if any("\ufffd" in cells[column] for column in _NEEDED):
        return Text("a row of bytes that are no text", "含有无法识别字节的行")
    if not cells["user"]:
        return Text("a click of nobody", "没有用户的点击")
    if not cells["query"]:
        return Text("a blank query", "空的查询")
    if characters(cells["query"]) > MAX_QUERY:
        return Text(f"a query of more than {MAX_QUERY} characters", f"超过 {MAX_QUERY} 个字符的查询")
    if not is_searchable(cells["query"]):
        return Text(f"a query of more than {MAX_TOKENS} parts of words", f"拆开超过 {MAX_TOKENS} 个词和字的查询")
    if sticker is None:
        return Text("a click on a picture that is not in the folder", "点击的图片不在文件夹里")
    return None


def _finder(names: Mapping[str, str]) -> Callable[[str], str | None]:
    """Function from a cell to the id of the sticker that the cell names, None for none: as written, else in composed
    Unicode with "/" between folders, else as part of an address, else in any case; always the longest path that is
    known.
    """
    folded: dict[str, set[str]] = {}
    for name, sticker in names.items():
        folded.setdefault(name.casefold(), set()).add(sticker)

    def find(cell: str) -> str | None:
        cell = _clean(cell)
        if cell in names:
            return names[cell]
        plain = unicodedata.normalize("NFC", cell).replace("\\", "/").removeprefix("./")
        if not plain:
            return None
        for path in dict.fromkeys((plain, urllib.parse.unquote(plain))):
            parts = path.split("/")
            for start in range(len(parts)):
                name = "/".join(parts[start:])
                owners = folded.get(name.casefold(), set())
                if name in names or len(owners) == 1:
                    return names[name] if name in names else next(iter(owners))
        return None

    return find
