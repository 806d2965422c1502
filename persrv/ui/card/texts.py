"""Texts of the card alone: key -> (Chinese, English)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "card_open": ("在 PerSRV 里打开", "Open in PerSRV"),
    "card_simulated": ("人物与点击是模拟的", "simulated people and clicks"),
    "card_rank": ("第 {after}", "number {after}"),
    "card_moved": ("第 {after}，原来第 {before}", "number {after}, before {before}"),
    "card_new": ("第 {after}，新进榜", "number {after}, new"),
    "card_nothing": ("没有找到表情。", "No sticker was found."),
}
