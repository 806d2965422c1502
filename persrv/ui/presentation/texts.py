"""Texts of presentation mode and of the story: key -> (Chinese, English)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "present": ("演示", "Present"),
    "present_hint": ("整屏演示这次搜索（P）", "Present this search on the whole screen (P)"),
    "present_swap": ("换一个人，再按换回", "another person, and back"),
    "present_utility": ("效用开或关", "utility on or off"),
    "present_personal": ("个性化开或关", "personalization on or off"),
    "present_for_one": ("按这个人的口味", "personalized"),
    "present_for_all": ("所有人都一样", "the same for everyone"),
    "present_with_utility": ("看效用", "with utility"),
    "present_without_utility": ("不看效用", "without utility"),
    "present_story": ("讲一个故事", "tell a story"),
    "story": ("这个数据包的故事", "The story of this bundle"),
    "story_next": ("下一步", "next"),
    "story_previous": ("上一步", "back"),
    "story_play": ("自动播放或停住", "play or hold"),
    "story_playing": ("自动播放中", "plays by itself"),
    "story_held": ("停住了，用 ← → 翻", "held: ← → turn"),
    "story_simulated": ("人物与点击是模拟的", "simulated people and clicks"),
    "story_preparing": ("正在挑选要讲的内容……", "Choosing what to tell …"),
    "story_none": (
        "这个数据包讲不了故事：没有一句话能搜到表情。",
        "This bundle has no story: no query finds a sticker.",
    ),
    "story_query": ("一句话", "One query"),
    "story_people": ("两个人", "Two people"),
    "story_why": ("为什么", "Why"),
    "story_hurts": ("个性化帮倒忙的时候", "Where personalization hurts"),
    "story_captions": ("模型的描述有什么用", "What the captions do"),
    "story_said_query": (
        "搜“{q}”，不看是谁在搜，全部 {all} 张里先看到的是这些：",
        "Of {all} stickers, these come first for “{q}” without personalization, whoever asks:",
    ),
    "story_said_people": (
        "同一句话，{first} 和 {second} 的前 {n} 张里有 {shared} 张相同。",
        "The same words: of their first {n} stickers, {first} and {second} share {shared}.",
    ),
    "story_said_why": (
        "不做个性化排第 {before}，为 {name} 排第 {after}：它与 {name} 口味的相似度是 {value}，得分乘以 {factor}。",
        "Number {before} without personalization, {after} for {name}: its likeness to {name}'s taste is {value}, "
        "which multiplies its score by {factor}.",
    ),
    "story_said_why_plain": (
        "它排第 {n}，得分由这几部分相加而成：",
        "It is number {n}, and its score is the sum of these parts:",
    ),
    "story_pulled": ("把它拉上来的，是 {name} 点过的这些：", "What pulled it up, of the stickers that {name} clicked:"),
    "story_missing": ("这个数据包没法讲的：{what}", "What this bundle cannot show: {what}"),
    "story_no_query": ("没有一句话能搜到表情。", "No query finds a sticker."),
    "story_no_people": ("没有两个有口味的人。", "No two people with a taste."),
    "story_no_why": ("没有一个可解释的名次。", "No place that can be explained."),
    "story_no_hurts": (
        "留作测试的点击里，没有一次个性化帮了倒忙。",
        "No held-out click for which personalization hurts.",
    ),
    "story_no_captions": (
        "留作测试的点击里，没有一次是全靠模型的描述才找到的。",
        "No held-out click that is found by captions alone.",
    ),
    "stage_full": ("全屏开或关", "whole screen on or off"),
    "stage_keys": ("按键", "keys"),
    "stage_leave": ("离开", "leave"),
}
