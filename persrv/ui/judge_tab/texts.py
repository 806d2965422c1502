"""Texts of the judge tab: key -> (Chinese, English)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "judge_title": ("哪些合适？", "Which of them fit?"),
    "judge_lead": (
        "每个表情标“合适”或“不合适”，移动设置时指标随之变化。评判只留在这个浏览器和导出的文件里。",
        "Mark what fits; the measures follow as settings move. Judgements stay in this browser and in your export.",
    ),
    "judge_queries": ("查询，一行一个（可写“编号⇥查询”）", "Queries, one a line (or id, tab, query)"),
    "judge_use": ("使用这些查询", "Use these queries"),
    "judge_examples": ("用数据包的示例", "Use the bundle's examples"),
    "judge_keys": (
        "按键：J / K 下一个、上一个 · Y 合适 · N 不合适 · U 撤销",
        "Keys: J / K next, previous · Y fits · N does not · U undo",
    ),
    "judge_for": ("搜索的人", "Who searches"),
    "judge_export": ("导出 qrels", "Export qrels"),
    "judge_import": ("读入 qrels", "Read qrels"),
    "judge_run": ("读入 run 文件作为 B", "Read a run file as B"),
    "judge_no_run": ("去掉 run 文件", "Take the run file away"),
    "judge_clear": ("清除评判", "Clear judgements"),
    "judge_a": ("设置 A", "Settings A"),
    "judge_b": ("设置 B", "Settings B"),
    "judge_b_run": ("B：{name}", "B: {name}"),
    "judge_floor": ("门槛", "Floor"),
    "judge_measure": ("指标", "Measure"),
    "judge_difference": ("B − A", "B − A"),
    "judge_precision": ("P@4：前 4 个里合适的", "P@4: of the first 4, how many fit"),
    "judge_ndcg": ("nDCG@10：合适的越靠前越好", "nDCG@10: the higher up what fits, the better"),
    "judge_judged": ("前 10 个里已评判的", "Of the first 10, judged"),
    "judge_over": (
        "{judged} 个查询有评判，共 {all} 个；未评判的算不合适。由 ir_measures 计算。",
        "Over the {judged} judged of {all} queries; what is not judged counts as not fitting. By ir_measures.",
    ),
    "judge_none": ("还没有评判。选一个表情，按 Y 或 N。", "Nothing is judged yet. Choose a sticker and press Y or N."),
    "judge_yes": ("合适", "Fits"),
    "judge_no": ("不合适", "Does not"),
    "judge_open": ("未评判", "not judged"),
    "judge_at": ("A {a} · B {b}", "A {a} · B {b}"),
    "judge_empty": ("没有结果", "No results"),
    "judge_read_done": ("读入了 {n} 条评判", "{n} {n:judgement|judgements} read"),
    "judge_unknown": (
        "{n} 个表情不在这个目录里，不显示图片",
        "{n} stickers are not in this catalogue and have no picture",
    ),
    "judge_too_many": ("最多 {max} 个查询", "At most {max} queries"),
    "judge_too_large": ("文件最多 {max} MB", "A file has at most {max} MB"),
}
