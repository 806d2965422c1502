"""Texts about figures and experiments: key -> (Chinese, English). `{name}` is replaced in the browser."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "figure": ("论文配图", "Figure"),
    "figure_hint": (
        "把这里的排序存成论文用的图（SVG、PDF、PNG），附图注和替代文字",
        "Save these rankings as a figure for a paper (SVG, PDF, PNG), with caption and alt text",
    ),
    "figure_saved": ("已保存", "Saved"),
    "figure_nothing": ("没有可画的", "Nothing to draw"),
    "figure_base": ("基数", "base"),
    "figure_instead": ("数据包里是 {value}", "bundle: {value}"),
    "figure_width": ("宽度", "Width"),
    "figure_one": ("单栏 84 mm", "One column, 84 mm"),
    "figure_two": ("双栏 174 mm", "Two columns, 174 mm"),
    "figure_count": ("每行几张", "Stickers in a row"),
    "figure_files": ("存为", "Save as"),
    "figure_drawing": ("正在画图…", "Drawing…"),
    "figure_failed": ("没画成。过一会儿再试。", "It could not be drawn. Try again in a moment."),
    "figure_fonts": (
        "SVG 和 PDF 里的文字是真正的文字，字形（思源黑体，SIL OFL 1.1）随文件走；表情是位图，300 dpi。",
        "In SVG and PDF text is text, with its glyphs inside (Noto Sans CJK SC, SIL OFL 1.1). "
        "Stickers are bitmaps at 300 dpi.",
    ),
    "figure_words": ("图注和替代文字的语言", "Language of caption and alt text"),
    "figure_caption": ("图注草稿", "Draft caption"),
    "figure_alt": ("替代文字", "Alt text"),
    "figure_ticks": ("{name} 在留作测试的搜索里点过", "clicked by {name} in searches held back for testing"),
    "figure_clicked": ("点过的表情", "the sticker that was clicked"),
    "figure_badges_first": ("▲▼ 比第一行升降几位", "▲▼ places up or down against the first row"),
    "figure_badges_people": (
        "▲▼ 两人之间相差几位；★ 只有一人有",
        "▲▼ places between the two people; ★ only one of them gets it",
    ),
    "error_figure_empty": ("没有可画的：图里一个表情也没有。", "Nothing to draw: the figure holds no sticker."),
    # ---- experiments
    "experiment": ("整个实验（ZIP）", "A whole experiment (ZIP)"),
    "experiment_what": (
        "每个查询的四种排序、分数的每一部分、设置、数据包哈希、版本、TREC 格式和前 5 个查询的配图，"
        "用现在选的人和设置。最多 50 个查询，每种排序 100 位；更多请用命令行 python -m persrv experiment。",
        "All four rankings of each query with every part of every score, settings, bundle hash, versions, TREC runs, "
        "and figures of the first 5 queries, for the person and the settings of the page. At most 50 queries and 100 "
        "places a ranking; python -m persrv experiment has no such limit.",
    ),
    "experiment_queries": ("查询，每行一个", "Queries, one a line"),
    "experiment_make": ("生成 ZIP", "Make the ZIP"),
    "experiment_making": ("正在生成，可能要一分钟…", "Being made; it may take a minute…"),
    "experiment_made": ("已保存：{n} 个查询", "Saved: {n} {n:query|queries}"),
    "error_experiment_none": ("一个查询也没有。每行写一个。", "There is no query. Write one a line."),
    "error_experiment_long": (
        "太多了：网页上最多 {queries} 个查询、{characters} 个字。更多请用命令行 python -m persrv experiment。",
        "Too much: at most {queries} queries and {characters} characters here. "
        "For more use python -m persrv experiment.",
    ),
    "error_experiment_slow": (
        "{seconds} 秒内没做完。减少查询，或用命令行 python -m persrv experiment。",
        "It was not done within {seconds} seconds. Give fewer queries, or use python -m persrv experiment.",
    ),
    # ---- drafts
    "caption_one": (
        "查询“{q}”的前 {n} 个结果，未做个性化。",
        "The first {n} results for the query “{q}”, not personalized.",
    ),
    "caption_rows": (
        "查询“{q}”的前 {n} 个结果，自上而下：{rows}。线连着同一个表情：绿色实线在下一行名次更高，"
        "褐色虚线更低，灰色点线不变；没有线的表情不在另一行所示之列。",
        "The first {n} results for the query “{q}”, from top to bottom: {rows}. Lines join the same sticker: solid "
        "green where it stands higher in the row below, dashed brown lower, dotted grey the same; a sticker without a "
        "line is not among those shown in the other row.",
    ),
    "caption_source": (
        "数据：{world}{bundle}（sha256 {hash}），{stickers} 个表情。设置：{settings}。",
        "Data: {world}{bundle} (sha256 {hash}), {stickers} stickers. Settings: {settings}.",
    ),
    "caption_simulated": ("模拟世界 ", "simulated world "),
    "caption_ticks": ("打勾：{name} 在测试中点过。", "Ticks: clicked by {name} in the test split."),
    "alt_lead": ("查询“{q}”的 {n} 行表情排序。", "{n} {n:row|rows} of stickers for the query “{q}”."),
    "alt_row": ("{title}：{entries}。", "{title}: {entries}."),
    "alt_entry": ("第 {rank} {words}", "{rank}. {words}"),
    "alt_moved": ("（{move}）", " ({move})"),
}
