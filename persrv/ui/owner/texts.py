"""Texts for the owner of a local bundle: key -> (Chinese, English)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "owner_title": ("我的备注", "Yours to edit"),
    "owner_note": (
        "只有在本机打开时可见；存在数据包旁边，下次构建也会保留。",
        "Seen on this machine only; kept beside the bundle, and by its next build.",
    ),
    "owner_star": ("收藏", "Star"),
    "owner_starred": ("已收藏", "Starred"),
    "owner_hide": ("隐藏", "Hide"),
    "owner_show": ("重新显示", "Show again"),
    "owner_tags": ("标签（用逗号隔开）", "Tags, between commas"),
    "owner_tags_hint": ("比如：老板，周一", "e.g. boss, monday"),
    "owner_text": ("图上的字", "What it says"),
    "owner_text_hint": ("读错了可以改", "Correct it where it was read wrong"),
    "owner_save": ("保存修改", "Save changes"),
    "owner_saved": ("已保存，马上就能搜到", "Saved: searches find it at once"),
    "owner_hidden_now": ("已隐藏：哪里都不再显示它", "Hidden: it is shown nowhere any more"),
    "owner_shown_now": ("又会显示它了", "It is shown again"),
    "owner_list_starred": ("★ 收藏的 {n} 张", "★ {n} starred"),
    "owner_list_hidden": ("隐藏的 {n} 张", "{n} hidden"),
    "owner_gone": (
        "“{name}”不在目录里了：下次构建会恢复",
        "“{name}” left the catalogue: the next build brings it back",
    ),
    "error_owner_limits": (
        "至多 {tags} 个标签，每个 {tag} 字；图上的字至多 {text} 字。",
        "At most {tags} tags of {tag} characters each, and a text of {text}.",
    ),
    "error_owner_unknown": ("目录里没有这张表情。", "The catalogue has no such sticker."),
    "error_owner_strangers": (
        "只能在运行它的那台电脑上修改。",
        "Only the machine that runs the app may change the bundle.",
    ),
}
