"""Texts of the search tab and of a sticker's dialog: key -> (Chinese, English). `{name}` is replaced in the browser."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # ---- striking out
    "strike": ("不要这张", "Not this one"),
    "strike_hint": ("不要这张（X）：这次访问里不再出现", "Not this one (X): it leaves your results for this visit"),
    "strike_like": ("喜欢", "Like"),
    "strike_group": ("你的看法", "What you think of it"),
    "struck_count": ("划掉了 {n} 张", "{n} struck out"),
    "struck_show": ("看看", "Show"),
    "struck_hide": ("收起", "Hide"),
    "struck_all": ("全部放回", "Take all back"),
    "struck_take_back": ("放回：{alt}", "Take back: {alt}"),
    "struck_said": ("已划掉：{alt}", "Struck out: {alt}"),
    "struck_back": ("已放回", "Taken back"),
    "struck_hint": (
        "划掉只是这次访问里不显示：记在这个标签页里，不会发给任何人，排序和口味都不因此改变，名次仍是原来的。",
        "Struck out means not shown during this visit: kept in this tab, sent to nobody. Neither ranking nor taste "
        "learns from it, and places stay those of the ranking.",
    ),
    # ---- sending
    "send": ("发出去", "Send it"),
    "send_copy": ("复制", "Copy"),
    "send_copy_hint": ("复制图片（C）", "Copy the picture (C)"),
    "send_copied": ("图片已复制", "Picture copied"),
    "send_copied_link": ("图片链接已复制", "Its link is copied"),
    "send_copied_moving": ("动图的链接已复制", "Animated: its link is copied"),
    "send_download": ("保存", "Save"),
    "send_download_hint": ("保存原文件，动图仍会动（D）", "Save the file itself, animated if it is (D)"),
    "send_saved": ("已保存", "Saved"),
    "send_share": ("分享", "Share"),
    "send_share_hint": ("分享给别的应用（S）", "Share with another app (S)"),
    "send_shared": ("已分享", "Shared"),
    "send_recent": ("最近用过", "Recently used"),
    # ---- search
    "skip": ("跳到内容", "Skip to the content"),
    "tagline": ("同一句话，找到你喜欢的那一张。", "Same words. Your kind of sticker."),
    "query_label": ("想说什么？", "What do you want to say?"),
    "query_placeholder": ("想说什么？比如：笑死我了", "What do you want to say? e.g. good night"),
    "search_button": ("搜索", "Search"),
    "examples": ("试试", "Try"),
    "people": ("谁在搜索？", "Who is searching?"),
    "fold": ("收起标题和介绍", "Fold title and portraits"),
    "unfold": ("展开标题、介绍和常用表情", "Unfold title, portraits and favourites"),
    "nobody": ("不选人", "Nobody"),
    "nobody_portrait": (
        "没有选人：所有人看到的顺序都一样，结果不做个性化。",
        "Nobody chosen: everyone gets the same order. Results are not personalized.",
    ),
    "favourites_of": ("{name} 常用的表情", "{name} uses these most"),
    "utility_switch": ("效用", "Utility"),
    "utility_hint": ("大家常用的往前排（两栏同时）", "Lift what people use often, in both columns"),
    "left_title": ("不做个性化", "Without personalization"),
    "left_hint": ("所有人都一样", "The same for everyone"),
    "right_title": ("为 {name}", "For {name}"),
    "right_hint": ("按 {name} 的口味重排", "Re-ranked by {name}'s taste"),
    "not_personalised": ("未个性化", "Not personalized"),
    "not_personalised_hint": (
        "没有选人，只有这一种顺序。在上面选一个人看看会怎么变。",
        "Nobody is chosen, so there is one order. Choose someone above and watch it change.",
    ),
    "unknown_user": (
        "这个目录里没有“{name}”：结果不做个性化。",
        "This catalogue knows nobody called “{name}”: results are not personalized.",
    ),
    "no_style": (
        "{name} 还没有点击记录：结果不做个性化。",
        "{name} has no clicks yet: results are not personalized.",
    ),
    "segment_left": ("不个性化", "For everyone"),
    "columns": ("显示哪一栏", "Which column"),
    "legend": ("得分由什么组成", "What a score is made of"),
    "relevance": ("文字相关", "Words"),
    "meaning": ("意思相近", "Meaning"),
    "words_switch": ("只按文字", "Words only"),
    "words_hint": (
        "只按共同的字词检索，即论文的做法（公式 6–8）；关掉后还按句子的意思检索",
        "Search by words in common alone, as in the paper (Eq. 6-8); switched off, what a text means counts, too",
    ),
    "reading": ("读作“{text}”（{kind}）", "Read as “{text}”, {kind}"),
    "reading_also": ("也可能是：{texts}", "or: {texts}"),
    "reading_pinyin": ("拼音", "by pinyin"),
    "reading_initials": ("拼音首字母", "by initials"),
    "reading_emoji": ("表情符号的名字", "by the emoji’s name"),
    "reading_spelling": ("改正拼写", "spelling corrected"),
    "reading_drawn_out": ("去掉重复的字母", "without drawn-out letters"),
    "reading_translation": ("译成另一种语言", "translated"),
    "reading_negation": ("因为说的是“不”", "for what it negates"),
    "reading_slang": ("网络用语", "slang in plain words"),
    "reading_simplified": ("简体", "in simplified characters"),
    "reading_plain_words": ("换句话说", "in plain words"),
    "reading_beside": ("也理解为“{texts}”（换句话说）", "Also read as {texts}, in plain words"),
    "reading_undrawn": ("没有画“{without}”的表情", "as no sticker here shows “{without}”"),
    "reading_undrawn_style": ("没有“{without}”风格的表情", "as no sticker here is drawn in “{without}”"),
    "nothing_undrawn": ("这里没有画“{q}”的表情。", "No sticker here shows “{q}”."),
    "nothing_undrawn_style": ("这里没有“{q}”风格的表情。", "No sticker here is drawn in “{q}”."),
    "reading_instruction": ("按要求找", "an instruction"),
    "reading_literal": ("按原文搜索", "Search literally"),
    "reading_is_literal": ("只按输入的原文搜索", "Searched literally, as typed"),
    "reading_free": ("也按其他读法搜索", "Read it in other ways, too"),
    "nothing_says": ("这里没有表情说“{q}”。", "Nothing here says “{q}”."),
    "fallback_nearest": (
        "下面是意思最接近的，排序和平常一样。",
        "What comes nearest follows, ordered as any results are.",
    ),
    "knob_meaning": ("意思相近的权重", "Meaning"),
    "figure_floor": ("合意的下限", "floor"),
    "meaning_near": ("“{text}”意思相近", "“{text}” means nearly this"),
    "meaning_read": (
        "这张表情的文字里意思最接近的；数字是句向量的相似度，画面上的字算得最足。",
        "Its texts that mean most nearly what was asked; likeness of sentences, letters on the picture count fully.",
    ),
    "meaning_support": ("和排在前面的说得一样", "Says what the first answers say"),
    "meaning_support_note": (
        "与前十名文字的平均相似度 {share}，乘以反馈的权重 {weight}",
        "mean likeness to the first ten answers {share}, times the weight of feedback {weight}",
    ),
    "meaning_depicted": ("画着要找的样子", "Shows what was asked for"),
    "meaning_depicted_note": (
        "查询里点名的画出了多少：{share}，乘以权重 {weight}",
        "how much it shows of what the query names: {share}, times the weight {weight}",
    ),
    "meaning_none": ("意思的相似度 {value}。", "Likeness in meaning {value}."),
    "kept_back": (
        "口味会把它往前提，但它与这句话不够相关（不到最相关的 {percent}%），或者没画全所描述的，所以没有提。",
        "Their taste would lift it, but it fits too little (under {percent} % of the best), or shows less of what was "
        "described than others do: kept back.",
    ),
    "kept_back_title": ("口味没能往前提的：{n} 张", "Kept back from a better place: {n}"),
    "kept_back_why": (
        "口味只在合意的里面排序：相关度不到最高的 {floor}%，或者没画全所描述的，口味再喜欢也不往前提。",
        "Taste orders what fits: it lifts nothing below {floor} % of the best relevance, and nothing that shows less "
        "of what was described than others do, however well liked.",
    ),
    "kept_back_row": (
        "单看口味会排第 {place}，现在第 {rank}：口味 {taste}，相关度是最高的 {percent}%",
        "Would stand at {place} by taste, stands at {rank}: taste {taste}, relevance {percent} % of the best",
    ),
    "term_meaning": (
        "意思相近：这张表情的文字与这句话意思有多近，再加上与前十名有多像",
        "Meaning: how nearly the sticker’s texts mean what was asked, and how like it is to the first ten answers",
    ),
    "term_mu": (
        "μ：意思与文字之间的权重；文字占其余部分",
        "μ (mu): the weight of meaning; words have the rest",
    ),
    "utility": ("效用", "Utility"),
    "preference": ("口味", "Preference"),
    "timing": ("检索 {ms} ms", "Searched in {ms} ms"),
    "timing_hint": (
        "四种排序一次算完，只计检索库里的时间；从发出请求到收到结果共 {round} ms。"
        "{all} 张表情里有 {matched} 张与这句话至少有一个共同的字或词，排序才是关键",
        "All four rankings in one pass, time inside the library only; {round} ms from request to answer."
        " {matched} of {all} stickers share at least a character or a word with the query: the order is what matters",
    ),
    "blank": ("输入想说的话，或点一个例子。", "Type what you want to say, or take an example."),
    "no_match": ("没有表情与“{q}”有共同的词。", "No sticker shares a word with “{q}”."),
    "fallback_dense": (
        "下面是画面最接近这句话的表情（文本到图像的向量检索），不做个性化。",
        "These are the pictures nearest in meaning (dense text-to-image search), not personalized.",
    ),
    "fallback_popular": (
        "下面是大家用得最多的表情，与这句话无关，也不做个性化。",
        "These are simply the most used stickers: unrelated to the query, not personalized.",
    ),
    "fallback_title": ("替补结果", "Stand-in results"),
    "failed": ("没有收到回答。服务还在吗？", "No answer came. Is the server still running?"),
    "error_too_long": (
        "这句话有 {n} 个字符，最多 {max} 个。请缩短一些。",
        "That is {n} characters, and {max} at most are read. Shorten it to what matters.",
    ),
    "error_too_many_tokens": (
        "这句话拆开有太多词和字，最多 {max} 个。请缩短一些。",
        "That is too many words and parts of words; {max} at most are read. Shorten it to what matters.",
    ),
    "retry": ("再试一次", "Try again"),
    "results_announce": ("{n} 个结果", "{n} {n:result|results}"),
    # ---- suggestions
    "suggestions": ("训练数据里的搜索", "Searches in the training data"),
    "suggestions_announce": ("{n} 条建议，用上下键选择", "{n} {n:suggestion|suggestions}, arrow keys choose"),
    "suggestion_clicks": ("点击 {n} 次", "{n}×"),
    # ---- rankings side by side
    "overlap_shared": ("前 {top} 名共有 {n} 张", "{n} of the top {top} shared"),
    "overlap_alike": ("排序 {percent}% 相似", "rankings {percent} % alike"),
    "overlap_pair": ("{first} ↔ {second}", "{first} ↔ {second}"),
    "overlap_hint": (
        "两种排序有多像：前 {top} 名里有几张相同，以及所列结果相似到什么程度，越靠前的名次越重要。"
        "后者是 rank-biased overlap：RBO {rbo}"
        "（p = {p}；Webber 等 2010，外推式；1 = 完全一样，前 10 名约占 86% 的权重）",
        "How alike two rankings are: stickers both have in their first {top}, and how far the lists shown agree, where"
        " high places count most. The latter is their rank-biased overlap: RBO {rbo} (p = {p}; Webber et al. 2010,"
        " extrapolated; 1 = the same, the first 10 places weigh about 86 %)",
    ),
    "relevant_and": ("；", "; "),
    "relevant_card": ("{name} 在测试集里为这句话点过它", "{name} clicked it for this query in the test split"),
    "relevant_legend": (
        "{name} 在留作测试的搜索里点过：{n} 张中这里有 {shown} 张",
        "Clicked by {name} in searches held back for testing: {shown} of {n} here",
    ),
    "relevant_second": ("{name}：{n} 张中有 {shown} 张", "by {name}: {shown} of {n}"),
    "relevant_hint": (
        "{name} 在测试集里搜“{q}”时点过的表情（不参与任何训练）：共 {n} 张，这里有 {shown} 张",
        "Clicked by {name} for “{q}” in the test split, which nothing was trained on: {n} in all, {shown} shown here",
    ),
    # ---- all four rankings
    "layout": ("怎么排列", "Layout"),
    "layout_two": ("两栏", "2 columns"),
    "layout_four": ("2 × 2", "2 × 2"),
    "layout_four_hint": ("四种排序一起看", "All four rankings at once"),
    "ranking_none": ("只看文字", "Text only"),
    "ranking_utility": ("文字 + 效用", "Text + utility"),
    "ranking_personalization": ("文字 + 口味", "Text + preference"),
    "ranking_both": ("文字 + 效用 + 口味", "Text + utility + preference"),
    "sign_none": ("文", "T"),
    "sign_utility": ("效", "U"),
    "sign_personalization": ("味", "P"),
    "sign_both": ("全", "All"),
    "comma": ("，", ", "),
    # ---- two people
    "layout_people": ("两个人", "2 people"),
    "layout_people_hint": ("同一句话，和另一个人的结果比一比", "The same query for another person, side by side"),
    "swap_choice": ("和谁比", "Compare with"),
    "swap_back": ("不比了", "Done comparing"),
    "swap_only": ("独有", "only here"),
    "swap_up": (
        "{first} 第 {before}，{second} 第 {after}：升 {n}",
        "Number {before} for {first}, {after} for {second}: up {n}",
    ),
    "swap_down": (
        "{first} 第 {before}，{second} 第 {after}：降 {n}",
        "Number {before} for {first}, {after} for {second}: down {n}",
    ),
    "swap_same": ("{first} 与 {second} 都是第 {after}", "Number {after} for both {first} and {second}"),
    "swap_new": (
        "{second} 第 {after}；{first} 的前 {top} 里没有",
        "Number {after} for {second}, not among the first {top} for {first}",
    ),
    "swap_gone": (
        "{first} 第 {before}；{second} 的前 {top} 里没有",
        "Number {before} for {first}, not among the first {top} for {second}",
    ),
    "four_hint": (
        "每张下面是它在四种排序里的名次。▲▼ 与“只看文字”比；在“只看文字”里，与三项都算时比。",
        "Below each sticker: its place in all four. ▲▼ compare with “Text only”; in “Text only” itself, with all on.",
    ),
    "four_plain": (
        "没有可用的口味，只有两种排序：只看文字，以及加上效用。",
        "Without a known taste there are two rankings: text only, and text with utility.",
    ),
    "four_up": ("{from} 第 {before}，{to} 第 {after}：升 {n}", "Number {before} in {from}, {after} in {to}: up {n}"),
    "four_down": (
        "{from} 第 {before}，{to} 第 {after}：降 {n}",
        "Number {before} in {from}, {after} in {to}: down {n}",
    ),
    "four_same": ("{from} 与 {to} 都是第 {after}", "Number {after} in both {from} and {to}"),
    "four_new": (
        "{to} 第 {after}；{from} 的前 {top} 里没有",
        "Number {after} in {to}, not among the first {top} of {from}",
    ),
    "four_gone": (
        "{from} 第 {before}；{to} 的前 {top} 里没有",
        "Number {before} in {from}, not among the first {top} of {to}",
    ),
    "four_absent": ("前 {top} 之外", "not in the first {top}"),
    # ---- tuning
    "tune": ("调节", "Tune"),
    "tune_count": ("调节 · {n}", "Tune · {n}"),
    "tune_turned": ("调节 · 改了 {n} 项", "Tune · {n} changed"),
    "tune_label": ("调节得分的各个权重", "Tune the weights of the score"),
    "tune_relevance": ("文字与意思：各字段和意思的权重", "Words and meaning: weight of each field, and of meaning"),
    "tune_utility": ("效用：λ 与三种计数的权重", "Utility: λ and the weights of its three counts"),
    "tune_preference": ("口味：α", "Preference: α"),
    "knob_alpha": ("α 口味的分量", "α how much taste counts"),
    "knob_lambda": ("λ 效用的分量", "λ how much utility counts"),
    "knob_turned": ("{from} → {to}", "{from} → {to}"),
    "tune_reset": ("恢复数据包的设置", "Back to the bundle's settings"),
    "tune_all": (
        "在浏览器里重排全部 {n} 张有共同词的表情，与在服务器上用同样的设置搜索结果一致。",
        "Re-ranked in your browser: all {n} stickers that share a word, so the order is that of a search with these"
        " settings.",
    ),
    "tune_some": (
        "只重排按数据包设置召回的 {n} 张表情（在浏览器里）。改了设置才会召回的表情，这里看不到。",
        "Only the {n} stickers recalled under the bundle's settings are re-ranked, in your browser. One that only your"
        " settings would recall is not seen.",
    ),
    "tune_none": (
        "这样的权重下，没有字段与这句话有共同的词。",
        "With these weights no field that counts shares a word with the query.",
    ),
    # ---- cards
    "rank": ("第 {n}", "number {n}"),
    "move_up": ("升 {n}", "Up {n}"),
    "move_down": ("降 {n}", "Down {n}"),
    "move_same": ("不变", "Unchanged"),
    "move_new": ("新", "new"),
    "move_detail": (
        "{move}：不做个性化第 {before}，为 {name} 第 {after}",
        "{move}: {before} without personalization, {after} for {name}",
    ),
    "move_new_detail": (
        "为 {name} 新进榜：原来第 {before}，现在第 {after}",
        "New for {name}: {before} without personalization, {after} now",
    ),
    "move_gone_detail": (
        "不做个性化第 {before}，为 {name} 排到了前 {top} 之外",
        "{before} without personalization, not among the first {top} for {name}",
    ),
    "open_sticker": ("查看表情：{alt}", "Open sticker: {alt}"),
    "animated": ("动图", "Animated"),
    "why_hint": ("点表情下面的彩条，看它为什么在这里。", "Press the bar below a sticker to see why."),
    "why_card": ("为什么在这里：得分 {score}", "Why it is here: score {score}"),
    # ---- explanation
    "why": ("为什么排第 {n}", "Why number {n}"),
    "close": ("关闭", "Close"),
    "score": ("得分", "Score"),
    "off": ("关闭", "off"),
    "field_ocr": ("图中文字", "Text in the image"),
    "field_keywords": ("关键词", "Keywords"),
    "field_description": ("描述", "Description"),
    "field_emotion": ("情绪", "Emotion"),
    "field_queries": ("曾用它的搜索", "Queries that led here"),
    "field_names": ("文件名", "File name"),
    "no_field": ("没有共同的词", "No word in common"),
    "relevance_read": (
        "BM25 × 字段的权重，下面是每个词给的分",
        "BM25 × weight of the field; below, what each word gives",
    ),
    "utility_read": ("计数，以及它给效用加的分", "The count, and what it adds to utility"),
    # ---- what the words and signs of a score mean
    "term_score": (
        "得分：表情就按它排序。它本身没有单位，只能在同一句话里互相比较。",
        "Score: what stickers are ordered by. It has no unit and compares stickers for the same query only.",
    ),
    "term_stand_in": (
        "得分：没有共同的词时，替补结果按它排序，不能与其他搜索的得分相比。",
        "Score: what stand-in results are ordered by. It cannot be compared with the scores of other searches.",
    ),
    "term_relevance": (
        "文字相关：这句话的词在表情的文字里（图中文字、关键词、描述、情绪、曾用它的搜索）出现了多少，"
        "越少见的词越算数（BM25），按字段加权相加。",
        "Words: how much of the query is among the sticker's words (text in the image, keywords, description,"
        " emotion, queries), where rare words count more (BM25); weighted by field and added up.",
    ),
    "term_lambda": (
        "λ：效用与文字相关相比有多重要，现在是 {lambda}。越大，大家常用的越靠前；0 就是不看效用。",
        "λ (lambda): how much utility counts beside words and meaning, {lambda} here. The larger, the higher stands"
        " what people use often; at 0 utility is left out.",
    ),
    "term_utility": (
        "效用：这张表情有多常用，由训练数据里的点击数、人数和搜索数算出，与查询无关。",
        "Utility: how much people use this sticker, from its clicks, people and queries in the training data. The query"
        " plays no part in it.",
    ),
    "term_alpha": (
        "α：口味有多重要，现在是 {alpha}。完全合口味的表情，得分变成 {times} 倍；0 就是不看口味。",
        "α (alpha): how much taste counts, {alpha} here. A sticker wholly to somebody's taste gets {times} times its"
        " score; at 0 taste is left out.",
    ),
    "term_preference": (
        "口味：这张图与此人点过的表情有多像（0 到 1），口味越大分量越重。",
        "Preference: how alike the picture is to what this person clicked (0 to 1), large tastes counting more.",
    ),
    "weight": ("权重", "weight"),
    "metric_popularity": ("被点击", "Clicks"),
    "metric_cross_user": ("多少人", "People"),
    "metric_query_adapt": ("多少种搜索", "Queries"),
    "no_clicks": ("训练数据里还没人点过", "Nobody clicked it in the training data"),
    "utility_off": ("效用已关闭，不计入得分", "Utility is switched off and not in the score"),
    "preference_to": (
        "与 {name} 第 {n} 种口味的相似度 {value}（余弦，口味越大分量越重，负数计为 0）。"
        "这种口味由点过的 {members} 张组成，拉它最多的是：",
        "Likeness {value} (cosine, weighed by the size of the taste; a negative one counts as 0) to taste {n} of"
        " {name}, which {members} clicked stickers make up. These pulled most:",
    ),
    "preference_of_all": (
        "合 {name} 口味的程度 {value}：在让 {name} 的点击有别于整个目录的方向上，高出平均三个标准差算 1，低于平均算 0。"
        "其中第 {n} 种口味说得最多，它由点过的 {members} 张组成，拉得最多的是：",
        "Preference {value}, along the direction that sets {name}'s clicks apart: 0 is the catalogue's average or less,"
        " 1 is three standard deviations above it. Taste {n} speaks most for it, which {members} clicked stickers make"
        " up. These pulled most:",
    ),
    "pulled_hint": (
        "它加了多少（这种口味的那一份按成员分解，合计等于那一份）",
        "What it added (this taste's part of the preference taken apart by member; all members add up to it)",
    ),
    "flip_setting": (
        "把“{knob}”从 {from} 调到 {to}，它就会超过第 {n} 名。",
        "With “{knob}” at {to} rather than {from} it would pass number {n}.",
    ),
    "flip_none": (
        "任何一个滑块在其范围内单独调节，都不能让它超过第 {n} 名。",
        "No single slider in its range would bring it past number {n}.",
    ),
    "flip_level": (
        "它与第 {n} 名几乎同分，最小的变化就会让它们换位。",
        "Its score all but equals number {n}'s: the slightest change would swap them.",
    ),
    "flip_or_taste": (
        "与 {name} 口味的相似度若是 {to} 而不是 {from}，也会。",
        " So would a likeness of {to} to {name}'s taste, rather than {from}.",
    ),
    "flip_but_taste": (
        "与 {name} 口味的相似度要有 {to}，而不是 {from}。",
        " It would take a likeness of {to} to {name}'s taste, rather than {from}.",
    ),
    "flip_try": ("试试", "Try it"),
    "preference_none": ("这一栏不看口味", "This column does not look at taste"),
    "recall_rank": ("重排前第 {n}", "Number {n} before re-ranking"),
    "cosine": ("余弦 {value}", "cosine {value}"),
    # ---- detail dialog
    "sticker": ("表情", "Sticker"),
    "previous": ("上一张", "Previous"),
    "next": ("下一张", "Next"),
    "ocr_title": ("识别出的文字", "Text read by OCR"),
    "ocr_none": ("没有识别出文字", "No text was read"),
    "ocr_dropped": ("未采用", "not used"),
    "ocr_boxes": ("在图上标出", "Show boxes"),
    "confidence": ("置信度 {value}", "confidence {value}"),
    "queries_title": ("训练中通向它的搜索", "Queries that led to it in training"),
    "queries_none": ("训练中没有搜索通向它", "No training query led to it"),
    "captions_title": ("视觉语言模型的描述", "Captions by the vision-language model"),
    "captions_none": ("这个数据包还没有计算", "Not yet computed in this bundle"),
    "clicks_title": ("使用情况", "Use"),
    "clicked_by": ("谁点过它", "Who clicked it"),
    "times": ("{n} 次", "{n}×"),
    "neighbours_title": ("风格相近", "Near in style"),
    "labels_hint": ("只用于展示，不参与检索", "Shown only, never searched"),
    "label_character": ("角色", "Character"),
    "label_style": ("画风", "Style"),
    "label_situation": ("场合", "Situation"),
    "label_caption": ("画上的字", "Words drawn"),
}
