"""The files that an import left out, as the evidence tab shows them: counts by reason, in both languages if known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from persrv.ui.views import View

#: Reasons as the import words them, numbers as # -> Chinese. What is not here is shown as it is.
REASONS: Mapping[str, str] = {
    "an empty file": "空文件",
    "a hidden or system file": "隐藏文件或系统文件",
    "a file that may not be read": "没有读取权限的文件",
    "a file that cannot be read": "读不出的文件",
    "not a picture": "不是图片",
    "a damaged picture": "损坏的图片",
    "a picture of more than # million pixels": "超过 # 百万像素的图片",
    "a video (WebM)": "视频（WebM）",
    "a video (MP4)": "视频（MP4）",
    "a vector animation (TGS) or an archive": "矢量动画（TGS）或压缩包",
    "an archive": "压缩包",
    "the same picture as another file": "与另一个文件是同一张图",
    "a click of nobody": "没有用户的点击",
    "a blank query": "空的查询",
    "a query of more than # characters": "超过 # 个字符的查询",
    "a row of fewer than # columns": "不足 # 列的行",
    "a click on a picture that is not in the folder": "点击的图片不在文件夹里",
    "a time that cannot be read (the click is kept)": "时间读不出（点击保留）",
}


def left_out_view(provenance: Mapping[str, Any]) -> View | None:
    """Counts of what an import found and left out; None for a bundle that was not imported."""
    found = provenance.get("import")
    if not isinstance(found, Mapping):
        return None
    clicks = None
    if "clicks_file" in found:
        clicks = {
            "file": found["clicks_file"],
            "rows": found["rows"],
            "clicks": found["clicks"],
            "left_out": reasons(found.get("rows_left_out", ())),
        }
    return {
        "folder": found["folder"],
        "files": found["files"],
        "pictures": found["pictures"],
        "left_out": reasons(found.get("files_left_out", ())),
        "clicks": clicks,
    }


def reasons(rows: Iterable[Mapping[str, Any]]) -> list[View]:
    """The rows in their order, each with its reason in both languages."""
    return [
        {
            "reason": {"zh": in_chinese(row["reason"]), "en": row["reason"]},
            "count": row["count"],
            "examples": list(row.get("examples", ())),
        }
        for row in rows
    ]


def in_chinese(reason: str) -> str:
    """The reason in Chinese, or as it is where nobody translated it."""
    number = re.compile(r"\b\d+\b")
    found = iter(number.findall(reason))
    known = REASONS.get(number.sub("#", reason))
    return reason if known is None else re.sub("#", lambda _: next(found), known)
