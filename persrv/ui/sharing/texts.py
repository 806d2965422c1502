"""Texts of sharing: key -> (Chinese, English)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "sharing": ("分享", "Share"),
    "sharing_hint": (
        "带上喜欢或一句话的链接、嵌入卡片、演示",
        "A link with likes or a note, an embedded card, a presentation",
    ),
    "sharing_link": ("链接", "Link"),
    "sharing_likes": ("带上我的 {n} 个喜欢", "With my {n} {n:like|likes}"),
    "sharing_note": ("附一句话（最多 {n} 字）", "A note that goes along (at most {n} letters)"),
    "sharing_embed": ("嵌入卡片", "Embedded card"),
    "sharing_embed_hint": (
        "一张只读的小卡片：这句话，不做个性化和为这个人并排。能显示它的是本站、Hugging Face，"
        "和开这个页面的人用 --framed-by 允许的网站。",
        "A small read-only card: this query, without personalization and for this person. It shows on this site, on "
        "Hugging Face, and on sites that whoever runs this page allows (--framed-by).",
    ),
    "sharing_embed_code": ("嵌入代码", "Code to embed"),
    "sharing_copy_code": ("复制代码", "Copy code"),
    "sharing_stays": ("带不走的：", "This stays here:"),
    "sharing_story": ("播放故事", "Play the story"),
    "stays_likes": ("你的喜欢（在“分享”里可以带上）", "your likes (Share can send them along)"),
    "stays_pictures": ("你自己的 {n} 张图片", "your own {n} {n:picture|pictures}"),
    "stays_many_likes": ("你的喜欢：太多，一个链接放不下", "your likes: too many for a link"),
    "stays_lasso": ("圈选的 {n} 张：太多，一个链接放不下", "the {n} stickers you selected: too many for a link"),
    "stays_own_picture": ("你上传的图片", "the picture you brought"),
    "note_came": ("链接里附的话：", "A note that came with the link:"),
    "likes_unknown": (
        "链接里的喜欢有 {n} 个不在这个表情库里，已略过。",
        "Of the likes in the link, {n} {n:is|are} not in this catalogue, and left out.",
    ),
    "likes_failed": ("链接里的喜欢没能读出来。", "The likes in the link could not be read."),
}
