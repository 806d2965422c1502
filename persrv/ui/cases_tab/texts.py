"""Texts of the cases tab: key -> (Chinese, English). `{name}` is replaced in the browser."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "case_figure": ("存成论文用的图", "Save as a figure for a paper"),
    "cases_title": ("哪些时候管用，哪些时候添乱", "Where it helps, and where it hurts"),
    "cases_lead": (
        "从 {n} 个留出的测试提问里自动挑出：每一类里差别最大的几个，好的坏的都在。",
        "Mined from {n} held-out test questions: of every kind those where it matters most, good and bad alike.",
    ),
    "cases_no_questions": (
        "案例从留出的测试点击里挑，这个数据包里没有。用 --interactions 带上点击重新构建，这里就会有案例。",
        "Cases are mined from clicks held out for testing, and this bundle has none. Build it with clicks "
        "(--interactions), and they will be here.",
    ),
    "cases_mining": ("正在从测试提问里挑选案例……", "Mining the test questions for cases …"),
    "cases_announce": ("找到 {n} 个案例", "{n} {n:case|cases} found"),
    "cases_export_json": ("全部导出为 JSON", "All as JSON"),
    "cases_export_csv": ("全部导出为 CSV", "All as CSV"),
    "cases_clear": ("清除我的笔记", "Clear my notes"),
    "cases_cleared": ("已清除", "Cleared"),
    "cases_kept": ("笔记只保存在这个浏览器里。", "Notes are kept in this browser only."),
    "cases_none": ("这个数据包的测试里没有这样的例子。", "The test questions of this bundle hold no such case."),
    "cases_no_captions": (
        "这个数据包还没有计算关键词、描述和情绪，所以无从比较。",
        "Keywords, descriptions and emotions were not computed in this bundle, so there is nothing to compare.",
    ),
    "cases_no_ocr": (
        "这个数据包里没有识别出文字，所以无从比较。",
        "No text was read on any sticker of this bundle, so there is nothing to compare.",
    ),
    "cases_some_captions": (
        "这个数据包里没有计算：{fields}。",
        "Not computed in this bundle: {fields}.",
    ),
    "case_kind_personalization_helps": ("个性化帮得最多", "Personalization helps most"),
    "case_kind_personalization_hurts": ("个性化帮了倒忙", "Personalization hurts most"),
    "case_kind_utility_helps": ("效用帮得最多", "Utility helps most"),
    "case_kind_utility_hurts": ("效用帮了倒忙", "Utility hurts most"),
    "case_kind_caption_rescues": ("全靠模型的描述才找到", "Captions rescue"),
    "case_kind_ocr_rescues": ("全靠图中文字才找到", "Text in the image rescues"),
    "case_why_personalization_helps": (
        "按这个人的口味重排，升得最多。",
        "Re-ranked by this person's taste, it rose furthest.",
    ),
    "case_why_personalization_hurts": (
        "按这个人的口味重排，反而降了：更像 TA 平时口味的排到了前面。",
        "Re-ranked by this person's taste it fell: stickers nearer to their usual went before it.",
    ),
    "case_why_utility_helps": (
        "它比前面的更常用，所以升了，正合这次。",
        "Used more than those before it, so it went up, and rightly so.",
    ),
    "case_why_utility_hurts": (
        "更常用的表情占了前面，TA 要的那张被挤了下去。",
        "Stickers used more often went before the one that was wanted.",
    ),
    "case_why_caption_rescues": (
        "只有视觉语言模型写的关键词、描述或情绪与这句话有共同的词。",
        "Only what the vision-language model wrote (keywords, description, emotion) shares a word with the query.",
    ),
    "case_why_ocr_rescues": (
        "只有图中识别出的文字与这句话有共同的词。",
        "Only the words read on the picture share one with the query.",
    ),
    "case_personalization": (
        "搜“{q}”后，{name} 点了这张：不看口味时{before}，看口味时{after}。",
        "For “{q}” {name} clicked this one: {before} without taste, {after} with it.",
    ),
    "case_taste": ("它与 {name} 口味的相似度是 {value}。", "Its likeness to {name}'s taste is {value}."),
    "case_utility": (
        "搜“{q}”后，{name} 点了这张：不看效用时{before}，看效用时{after}。",
        "For “{q}” {name} clicked this one: {before} without utility, {after} with it.",
    ),
    "case_counts": (
        "训练数据里它被点过 {clicks} 次，来自 {people} 人。",
        "In training it was clicked {clicks} {clicks:time|times}, by people: {people}.",
    ),
    "case_rescue": (
        "搜“{q}”后，{name} 点了这张：只有“{fields}”里有这句话的词。有它时{after}，没有时{before}。",
        "For “{q}” {name} clicked this one, which shares a word with it only in: {fields}. With that it is {after}, "
        "without it {before}.",
    ),
    "case_by_words": ("这里和论文一样只按文字搜。", "Searched by words alone, as in the paper."),
    "case_and": ("、", ", "),
    "case_below": ("不在前 {n} 名", "not among the first {n}"),
    "case_not_found": ("没找到", "not found"),
    "case_nothing": ("什么也找不到", "Nothing is found at all"),
    "case_clicked": ("，点击的就是它", ", clicked"),
    "case_with": ("完整的 PerSRV", "PerSRV, all of it"),
    "case_without_personalization": ("不看口味", "Without taste"),
    "case_without_utility": ("不看效用", "Without utility"),
    "case_without_caption": ("不看模型的描述", "Without captions"),
    "case_without_ocr": ("不看图中文字", "Without text in the image"),
    "case_note": ("写一句笔记（只留在这个浏览器）", "Your note (kept in this browser)"),
    "case_keep": ("收藏现在的搜索：“{q}”", "Keep the search “{q}”"),
    "case_keep_hint": (
        "把搜索页上的排序连同所有设置存成自己的案例（只留在这个浏览器）",
        "Makes what the search shows, with every setting, a case of your own (in this browser)",
    ),
    "cases_own": ("我的案例", "Yours"),
    "cases_own_hint": ("自己收藏的搜索，打开时一切照原样。", "Searches you kept. Opened, they are as they were."),
    "case_kept_on": ("收藏于 {date}。", "Kept on {date}."),
    "case_kept_elsewhere": (
        "收藏时是另一个数据包，现在的结果可能不同。",
        "It was kept over another bundle: what opens may differ.",
    ),
    "case_remove": ("移除", "Remove"),
    "case_open": ("在搜索中打开", "Open in search"),
}
