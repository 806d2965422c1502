"""Texts of figures: key -> (Chinese, English). `{name}` is the person who searches."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "up": ("在下一行名次更高", "higher in the row below"),
    "down": ("在下一行名次更低", "lower in the row below"),
    "same": ("名次不变", "same place"),
    "without": ("不做个性化", "Without personalization"),
    "for": ("为 {name}", "For {name}"),
    "visitor": ("访客", "a visitor"),
    "new": ("新", "new"),
    "ticks": ("{name} 在留作测试的搜索里点过", "clicked by {name} in searches held back for testing"),
    "badges": ("▲▼ 比上一行升降几位", "▲▼ places up or down against the row above"),
    "nearest": ("没有哪张这样说：这些最接近。", "Nothing here says that: these come nearest."),
    "dense": ("没有文字对得上：这些图最接近。", "No text matches: these pictures come nearest."),
    "popular": ("没有对得上的：这些最受欢迎。", "Nothing matches: these are the most popular."),
}
