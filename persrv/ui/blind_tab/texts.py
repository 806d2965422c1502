"""Texts of the blind tab: key -> (Chinese, English). `{name}` is replaced in the browser."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "blind_title": ("如果是你，会发哪一张？", "Which one would you send?"),
    "blind_lead": (
        "两种排序混在同一格里，不告诉你谁是谁。替一个人挑，或先点几张喜欢的、替自己挑；选完才揭晓，"
        "几轮之后，比分会说你更偏爱哪种排序。",
        "Two rankings lie mixed in one grid, and nothing says which is which. Pick as a person would, or like a few "
        "stickers and pick for yourself, then see whose it was. After some rounds the score says which ranking you "
        "prefer.",
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
    "blind_verdict": (
        "你选的这张由 {team}（{name}）选入，这一轮计给 {team}。",
        "{team} ({name}) brought this sticker in, so the round goes to {team}.",
    ),
    "blind_verdict_known": (
        "这两种排序里，有一种在这句话上早已揭晓，这一轮不再是盲测，不计分。",
        "One of these two kinds of ranking had been revealed for these words before, so this round was not blind any "
        "more and is not counted.",
    ),
    "blind_known": (
        "这两种排序里，有一种在这句话上已经揭晓过，所以这一轮不计分。",
        "One of these two kinds of ranking was revealed to you for these words before, so this round is not counted.",
    ),
    "blind_legend": (
        "每张下面：由谁选入，以及它在 A、B 里的名次。",
        "Below each sticker: who brought it in, and its place in A and in B.",
    ),
    "blind_verdict_same": (
        "两种排序把它放在同一位置，这一轮不计分。",
        "Both rankings put it in the same place, so this round counts for neither.",
    ),
    "blind_verdict_none": ("一张也没选，这一轮不计分。", "You chose none of them, so this round counts for neither."),
    "blind_stood": (
        "它在 A（{first}）里{a}，在 B（{second}）里{b}。",
        "It is {a} in A ({first}) and {b} in B ({second}).",
    ),
    "blind_even": (
        "两边名次一样，由 {team} 选入是这一轮抛硬币定的：这样的轮次多了，两边均等。",
        "Both rank it alike: a coin, tossed for this round, let {team} draw it. Over many rounds such draws even out.",
    ),
    "blind_below": ("不在前 {n} 名", "not among the first {n}"),
    "blind_card": ("由 {team} 选入：A 里{a}，B 里{b}", "Brought in by {team}: {a} in A, {b} in B"),
    "blind_score": ("到目前为止", "The score so far"),
    "blind_score_you": ("替自己选，到目前为止", "Picking for yourself, so far"),
    "blind_tally": ("各得几轮", "Rounds for each"),
    "blind_open": ("还看不出你更偏爱哪一种。", "Too early to tell which ranking you prefer."),
    "blind_ahead": ("到目前为止，你更偏爱 {team}：{name}。", "So far you prefer {team}: {name}."),
    "blind_interval": (
        "有效轮次里选 B 的比例：95% 可信区间 {low} 到 {high}（均匀先验），超过一半的概率 {above}。"
        "请先定好玩几轮：一见有一方领先就停，会太容易看到差别。",
        "Share of decisive rounds that go to B: 95 % credible interval {low} to {high} (uniform prior); probability"
        " that it is above a half: {above}. Decide beforehand how many rounds to play: whoever stops as soon as one"
        " ranking is ahead finds a difference too easily.",
    ),
    "blind_end_a": ("每轮都是 A", "Always A"),
    "blind_end_half": ("各半", "Half"),
    "blind_end_b": ("每轮都是 B", "Always B"),
    "blind_no_rounds": ("这一对排序还没有有效轮次。", "No decisive round of this pair yet."),
    "blind_shown": ("共 {of} 轮，这里是最近 {n} 轮", "The last {n} of {of} rounds"),
    "blind_likes": (
        "先点几张你喜欢的，才有你的口味可比。",
        "Tap a few stickers you like first, so that there is a taste of yours to compare.",
    ),
    "blind_undecided": ("另有 {n} 轮不计分。", "Rounds that count for neither: {n}."),
    "blind_for": ("计给 {team}", "For {team}"),
    "blind_for_neither": ("不计分", "For neither"),
    "blind_for_repeat": ("揭晓过，不计分", "Revealed before, not counted"),
    "blind_repeated": (
        "另有 {n} 轮用了揭晓过的排序，不计分。",
        "Rounds with a kind of ranking revealed before, not counted: {n}.",
    ),
    "blind_kept": (
        "你的选择只保存在这个浏览器里，一键即可清除。混合采用 team-draft 交错（Radlinski 等，2008）。",
        "Your choices are kept in this browser only, and one click clears them. Mixed by team-draft interleaving "
        "(Radlinski et al., 2008).",
    ),
    "blind_export": ("导出 JSON Lines（{n}）", "Export JSON lines ({n})"),
    "blind_clear": ("清除我的轮次（{n}）", "Clear my rounds ({n})"),
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
