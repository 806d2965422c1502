"""Texts for a visitor who searches as themselves: key -> (Chinese, English). The browser fills in `{name}`."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "you_name": ("你", "You"),
    "you_door": ("不是 TA？挑 3 张你喜欢的", "Not you? Pick 3 you like"),
    "you_more": ("你喜欢 {n} 张 · 再挑", "You like {n} · pick more"),
    "you_forget": ("忘记我", "Forget me"),
    "you_forgotten": ("已忘记你喜欢的", "Your likes are forgotten"),
    # ---- picking
    "you_panel": ("挑你喜欢的表情", "Pick stickers you like"),
    "you_lead": ("点 3 到 5 张你喜欢的，", "Tap 3 to 5 that you like:"),
    "you_lead_how": ("从第一张起，结果就按你的口味排。", "from the first one on, results follow your taste."),
    "you_lead_more": ("结果正按你的口味排，", "Results follow your taste now,"),
    "you_lead_moves": ("每多一张，口味就变一点；结果里也能点 ♡。", "and every like moves it. Tap ♡ on results, too."),
    "you_others": ("换一批", "Show others"),
    "you_like": ("喜欢：{alt}", "Like: {alt}"),
    "you_liked": ("喜欢的（{n}）", "Likes ({n})"),
    "you_unlike": ("不再喜欢：{alt}", "Take back: {alt}"),
    "you_upload": ("用一张图片", "Use a picture"),
    "you_upload_hint": (
        "上传一张你喜欢的图片，算一次喜欢。只算出它的风格向量，图片不保存。",
        "A picture you like counts as a like. Only its style vector is computed; the picture is not stored.",
    ),
    "you_picture": ("你的图片", "Your picture"),
    "you_kept": (
        "只存在这个浏览器里，随每次搜索发出；服务器不留，链接里也没有。",
        "Kept in this browser only and sent along with each search. The server keeps nothing, links carry nothing.",
    ),
    "you_full": ("最多 {max} 张喜欢。先拿掉几张。", "At most {max} likes. Take some back first."),
    # ---- the portrait
    "you_none": (
        "还没有喜欢的。挑几张，结果就按你的口味排。",
        "No likes yet. Pick a few, and results follow your taste.",
    ),
    "you_shares": (
        "目录的 {of} 张表情里，离你的口味最近的 {depth} 张各是什么画风。细线是上一次喜欢之前。",
        "What the {depth} stickers nearest to your taste look like, out of {of} of the catalogue. The thin line is"
        " where it was before your last like.",
    ),
    "you_share": ("{now} %", "{now} %"),
    "you_share_moved": ("{before}→{now} %", "{before}→{now} %"),
    "you_nearest": ("离你的口味最近的", "Nearest to your taste"),
    "you_moved": ("前 {top} 张里 {n} 张变了", "{n} of the first {top} moved"),
    "you_riser": ("第 {before} → {after}", "number {before} → {after}"),
    "you_right_hint": ("按你的口味重排", "Re-ranked by your taste"),
    # ---- refusals
    "error_you_malformed": (
        "这个浏览器里存的喜欢读不懂。点“忘记我”，再重新挑。",
        "The likes in this browser cannot be read. Press “Forget me” and pick anew.",
    ),
    "error_you_many": (
        "有 {n} 张喜欢，最多 {max} 张。点“忘记我”，或拿掉几张。",
        "{n} likes, and {max} at most are used. Press “Forget me”, or take some back.",
    ),
    "error_you_unknown": (
        "你喜欢的某张表情不在这个目录里了。点“忘记我”，再重新挑。",
        "A sticker you like is not in this catalogue. Press “Forget me” and pick anew.",
    ),
    "error_you_no_encoder": (
        "这个数据包没有图像编码器，不能用图片。",
        "This bundle has no image encoder, so it cannot take a picture.",
    ),
}
