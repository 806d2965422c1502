"""Texts of the chat: key -> (Chinese, English). The browser fills in `{name}`."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "chat_title": ("一句话，换一张懂你的表情", "Say it with a sticker"),
    "chat_lead": (
        "边打字边出表情，按正在写的人的口味排；没什么可发时，不打扰。",
        "Stickers come as you type, in the style of whoever is writing. Where none is wanted, none comes.",
    ),
    "chat_choices": ("对话", "Conversations"),
    "chat_free": ("自己聊", "Write yourself"),
    "chat_linked": ("链接里的对话", "From the link"),
    "chat_pair": ("{left} 和 {right}", "{left} and {right}"),
    "chat_made": ("编的", "Made up"),
    "chat_made_how": (
        "这段对话是编的：句子是两人搜过的，按一天的先后排；每张回复都是按回复人的口味排在第一的。没有人真这么说过。",
        "This conversation is made up: phrases that both searched for, in the order of a day; each reply is what its"
        " sender is offered first. Nobody wrote it.",
    ),
    "chat_log": ("对话", "Conversation"),
    "chat_offers": ("可发的表情", "Stickers to send"),
    "chat_side": ("口味与对比", "Taste and comparison"),
    "chat_left": ("左边是谁", "Who is on the left"),
    "chat_right": ("右边是谁", "Who is on the right"),
    "chat_writer": ("现在谁在写", "Who is writing"),
    "chat_as": ("以{name}的身份写", "Write as {name}"),
    "chat_place": ("这是和谁的对话", "Whom this conversation is with"),
    "chat_place_how": (
        "同一个人在不同场合发的表情不一样：按正在写的人在这个场合发过的排。",
        "People send other stickers at work than to friends: whoever writes is offered what fits their taste there.",
    ),
    "chat_place_any": ("不分场合", "Anywhere"),
    "chat_place_work": ("工作", "At work"),
    "chat_place_family": ("家人", "With family"),
    "chat_place_friends": ("朋友", "With friends"),
    "chat_input": ("说点什么", "Say something"),
    "chat_input_you": ("说点什么…", "Say something…"),
    "chat_input_as": ("{name}说点什么…", "{name} says…"),
    "chat_send": ("发送", "Send"),
    "chat_play": ("▶ 播放", "▶ Play"),
    "chat_stop": ("■ 停下", "■ Stop"),
    "chat_link": ("复制这段对话的链接", "Copy a link to this conversation"),
    "chat_again": ("清空，重新聊", "Clear and start anew"),
    "chat_answer": ("让{name}回一张", "Let {name} answer"),
    "chat_no_answer": ("{name}没有合适的表情可回", "{name} has no sticker for this"),
    "chat_sent": ("{name}发出：{alt}", "{name} sent: {alt}"),
    "chat_message": ("{name}：{text}", "{name}: {text}"),
    # ---- what is offered
    "chat_for_draft": ("说“{text}”", "For “{text}”"),
    "chat_for_last": ("回“{text}”", "In reply to “{text}”"),
    "chat_after_own": ("接着自己说的“{text}”", "After your own “{text}”"),
    "chat_mine": ("PerSRV，按{name}的口味", "PerSRV, in the style of {name}"),
    "chat_everybody": ("PerSRV，不看口味", "PerSRV, for everyone"),
    "chat_last": ("PerSRV，只看上一句", "PerSRV, on the last message"),
    "chat_words_only": ("只按字词（BM25）", "Words only (BM25)"),
    "chat_meaning_only": ("只按词义", "Meaning alone"),
    "chat_retrieving_lm": ("会找表情的语言模型", "Language model that retrieves"),
    "chat_srs": ("SRS（重新实现）", "SRS, re-implemented"),
    "chat_unwanted": ("它判断这里不要表情。", "It decides that no sticker is wanted here."),
    "chat_retrieving_lm_missing": (
        "这个数据包里没有它；python -m precompute retrieving-lm 会教出来并放进去。",
        "Left out: this bundle lacks it. “python -m precompute retrieving-lm” teaches it.",
    ),
    "chat_srs_missing": (
        "这个数据包里没有它；python -m precompute srs 会训练并放进去。",
        "Left out: this bundle lacks it. “python -m precompute srs” trains it.",
    ),
    "chat_recall": ("没见过的对话上 R@10 {value}", "R@10 {value} on unseen conversations"),
    "chat_offer": ("发送第 {n} 张：{alt}", "Send number {n}: {alt}"),
    "chat_own": ("按口味才有", "Only in this style"),
    "chat_why": ("为什么是第 {n} 张", "Why number {n}"),
    "chat_empty": ("写一句，表情就跟上来。", "Write something, and stickers come along."),
    "chat_done": ("发好了。接着写，或者：", "Sent. Write on, or:"),
    "chat_quiet": ("这句话目录里没有对应的表情，不硬推。", "No sticker here says that, so none is pushed."),
    "chat_nearest": ("看看最接近的", "Show what is nearest"),
    "chat_nearest_shown": ("没有一张说的是这个；这些只是最接近。", "None of these says that; they are merely nearest."),
    # ---- the side
    "chat_taste": ("{name}的口味", "{name}'s taste"),
    "chat_taste_you": ("你的口味", "Your taste"),
    "chat_taste_of": ("由 {n} 张表情得出", "Made of {n} {n:sticker|stickers}"),
    "chat_taste_more": (
        "由 {n} 张表情得出，其中这次发了 {sent} 张",
        "Made of {n} {n:sticker|stickers}, {sent} of them sent just now",
    ),
    "chat_taste_none": (
        "还没有口味：发出第一张，口味就从它开始。",
        "No taste yet: the first sticker you send begins it.",
    ),
    "chat_taste_unknown": (
        "目录不认识这个人，所以排序和大家一样。",
        "Nobody the catalogue knows: the order is everybody's.",
    ),
    "chat_compare": ("对比", "Compare"),
    "chat_compare_hint": (
        "再看大家都会看到的、只按字词、只按词义、会找表情的语言模型和 SRS 会给的；正在写时，再看只回上一句的",
        "Adds what everybody would be offered, what words alone, meaning alone, a language model that retrieves, and"
        " SRS would offer and, while you type, PerSRV on the last message",
    ),
    "chat_keys": (
        "↓ 从输入框到表情，← → 选，回车发送，? 看为什么。",
        "↓ goes from the box to the stickers, ← → choose, Enter sends, ? says why.",
    ),
    "chat_kept": (
        "对话只存在这个浏览器里：最近几句随请求发出，服务器不留；要放进链接才会进链接。",
        "Conversations stay in this browser: the newest messages go along with a request, and the server keeps none. A"
        " link holds one only if you copy it here.",
    ),
    "chat_travels": (
        "链接里有 {n} 句话和表情，没有你的喜欢。",
        "The link holds {n} {n:message|messages}, not your likes.",
    ),
    "chat_travels_not": (
        "这段对话有 {n} 句，太长，放不进链接；链接只带最近 {kept} 句。",
        "With {n} messages it is too long for a link, which holds the newest {kept}.",
    ),
    "chat_link_lost": (
        "链接里的对话读不懂，换成了现成的。",
        "The conversation of this link cannot be read; here is a ready one.",
    ),
}
