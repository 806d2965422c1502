"""Texts of the frame around every tab: key -> (Chinese, English). `{name}` is replaced in the browser."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("PerSRV · 懂你的表情包检索", "PerSRV · personalized sticker search"),
    "nav": ("页面", "Pages"),
    "nav_search": ("搜索", "Search"),
    "nav_chat": ("聊天", "Chat"),
    "nav_map": ("风格地图", "Style map"),
    "nav_captions": ("配文", "Captions"),
    "nav_blind": ("盲测", "Blind"),
    "nav_cases": ("案例", "Cases"),
    "nav_judge": ("评判", "Judge"),
    "nav_about": ("依据", "Evidence"),
    "language": ("English", "中文"),
    "language_label": ("Switch to English", "切换到中文"),
    "endpoints": ("通过 API 使用", "Use via API"),
    "needs_script": ("这个页面需要 JavaScript。", "This page needs JavaScript."),
    "copy_link": ("复制链接", "Copy link"),
    "copied": ("已复制", "Copied"),
    "copy_by_hand": ("浏览器不让网页复制，请手动复制：", "This browser lets no page copy. Copy it by hand:"),
    "simulated": ("模拟世界", "Simulated world"),
    "simulated_hint": (
        "表情由代码绘制，人物与点击是模拟的。点此了解。",
        "Drawn stickers, simulated people and clicks. How it was made.",
    ),
    "people_shown": ("共 {of} 人，这里是前 {n} 人", "The first {n} of {of} people"),
}
