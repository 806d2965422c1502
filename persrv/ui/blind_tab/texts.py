"""What the blind tab says: key -> (Chinese, English). `{name}` is replaced in the browser."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "blind_title": ("如果是你，会发哪一张？", "Which one would you send?"),
    "blind_lead": (
        "两种排序混在同一格里，不告诉你谁是谁。替一个人挑，或先点几张喜欢的、替自己挑；选完才揭晓，"
        "几轮之后就知道哪种排序更好。",
        "Two rankings lie mixed in one grid, and nothing says which is which. Pick as a person would, or like a few "
        "stickers and pick for yourself, then see whose it was. After some rounds you know which ranking is better.",
    ),
    "blind_pair": ("比较哪两种排序", "The two rankings compared"),
    "blind_first": ("排序 A", "Ranking A"),
    "blind_second": ("排序 B", "Ranking B"),
    "blind_ranking_none": ("只看文字", "Text alone"),
    "blind_ranking_utility": ("文字 + 效用", "Text + utility"),
    "blind_ranking_personalization": ("文字 + 口味", "Text + taste"),
    "blind_ranking_both": ("文字 + 效用 + 口味", "Text + utility + taste"),
    "blind_deal": ("开始一轮", "Deal"),
    "blind_question": ("想说“{q}”", "To say “{q}”"),
    "blind_how": ("点你会发的那一张。", "Click the sticker you would send."),
    "blind_none": ("都不合适", "None of these"),
    "blind_next": ("下一轮", "Next round"),
    "blind_send": ("发第 {n} 张：{alt}", "Send number {n}: {alt}"),
    "blind_verdict": ("你选的这张来自 {team}：{name}。", "You chose a sticker of {team}: {name}."),
    "blind_verdict_same": (
        "两种排序把它放在同一位置，这一轮不计分。",
        "Both rankings put it in the same place, so this round counts for neither.",
    ),
    "blind_verdict_none": ("一张也没选，这一轮不计分。", "You chose none of them, so this round counts for neither."),
    "blind_stood": (
        "它在 A（{first}）里{a}，在 B（{second}）里{b}。",
        "It is {a} in A ({first}) and {b} in B ({second}).",
    ),
    "blind_below": ("不在前 {n} 名", "not among the first {n}"),
    "blind_card": ("由 {team} 选入：A 里{a}，B 里{b}", "Brought in by {team}: {a} in A, {b} in B"),
    "blind_score": ("目前的比分", "The score so far"),
    "blind_line": (
        "{n} 个有效轮次中，{b} 次选了 B（{second}），其余选了 A（{first}）",
        "{b} of {n} decisive rounds prefer B ({second}) to A ({first})",
    ),
    "blind_interval": (
        "偏好 B 的比例：95% 可信区间 {low} 到 {high}（均匀先验）；B 更好的概率 {above}。",
        "Share that prefers B: 95 % credible interval {low} to {high} (uniform prior); probability that B is better: "
        "{above}.",
    ),
    "blind_no_rounds": ("这一对排序还没有有效轮次。", "No decisive round of this pair yet."),
    "blind_as_you": ("替自己选：{line}", "As yourself: {line}"),
    "blind_likes": (
        "先点几张你喜欢的，才有你的口味可比。",
        "Tap a few stickers you like first, so that there is a taste of yours to compare.",
    ),
    "blind_undecided": ("另有 {n} 轮不计分。", "Rounds that count for neither: {n}."),
    "blind_for": ("计给 {team}", "For {team}"),
    "blind_for_neither": ("不计分", "For neither"),
    "blind_kept": (
        "你的选择只保存在这个浏览器里，一键即可清除。混合采用 team-draft 交错（Radlinski 等，2008）。",
        "Your choices are kept in this browser only, and one click clears them. Mixed by team-draft interleaving "
        "(Radlinski et al., 2008).",
    ),
    "blind_export": ("导出 JSON Lines", "Export JSON lines"),
    "blind_clear": ("清除我的轮次", "Clear my rounds"),
    "blind_cleared": ("已清除", "Cleared"),
    "error_blind_blank": ("请先写下想说的话。", "Type first what you want to say."),
    "error_blind_no_match": (
        "没有表情与“{q}”有共同的词，两种排序都无从谈起。换一句试试。",
        "No sticker shares a word with “{q}”, so there are no rankings to compare. Try other words.",
    ),
    "error_blind_one": ("A 和 B 是同一种排序。请选两种不同的。", "A and B are the same ranking. Choose two of them."),
    "error_blind_same": (
        "这句话对这个人来说，两种排序的前几名完全相同，比不出高下。换一句话、一个人或一对排序试试。",
        "For these words and this person both rankings begin alike, so there is nothing to prefer. Try other words, "
        "another person or another pair.",
    ),
    "error_blind_ranking": ("没有叫“{name}”的排序。", "There is no ranking called “{name}”."),
}
