"""What the style map says: key -> (Chinese, English). `{name}` is replaced in the browser."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "map_title": ("{name} 的风格", "The styles of {name}"),
    "map_title_nobody": ("全部表情的风格地图", "All stickers by style"),
    "map_hint": (
        "每个点是一张表情，相近的点画风相近（UMAP）。停在点上看表情，点击看详情。",
        "Every point is a sticker; near points look alike (UMAP). Hover to see it, click for details.",
    ),
    "map_keyboard": (
        "不用鼠标时，代表表情可以逐个打开。",
        "Without a mouse, the example stickers can be opened one by one.",
    ),
    "map_colour": ("底图着色", "Colour all by"),
    "map_colour_none": ("无", "Nothing"),
    "map_colour_style": ("画风", "Style"),
    "map_colour_text": ("有无文字", "Text or not"),
    "map_with_text": ("有文字", "With text"),
    "map_without_text": ("无文字", "Without text"),
    "map_other": ("其他", "Other"),
    "map_cluster": ("口味 {n}", "Taste {n}"),
    "map_cluster_size": ("{n} 张点过的表情", "{n} clicked stickers"),
    "map_centroid": (
        "大号记号是这种口味成员坐标的平均，不是向量中心的投影。",
        "The large marker is the mean of its members' coordinates, not a projected centroid.",
    ),
    "map_nobody": ("在上面选一个人，看看 TA 的口味在哪里。", "Choose someone above to see where their tastes lie."),
    "map_loading": ("正在绘制地图", "Drawing the map"),
    "map_reset": ("复位", "Reset view"),
}
