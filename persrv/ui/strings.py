"""What the interface says, in Chinese and English. Data (queries, captions, names) is never translated here, except the
labels of the demo catalogue, which have a name in both languages; an unknown label is shown as it is."""

from __future__ import annotations

LANGUAGES: tuple[str, ...] = ("zh", "en")

#: key -> (Chinese, English). `{name}` is replaced in the browser.
TEXTS: dict[str, tuple[str, str]] = {
    # ---- frame
    "title": ("PerSRV · 懂你的表情包检索", "PerSRV · personalized sticker search"),
    "nav": ("页面", "Pages"),
    "nav_search": ("搜索", "Search"),
    "nav_map": ("风格地图", "Style map"),
    "nav_captions": ("配文", "Captions"),
    "nav_blind": ("盲测", "Blind"),
    "nav_cases": ("案例", "Cases"),
    "nav_about": ("依据", "Evidence"),
    "language": ("English", "中文"),
    "language_label": ("Switch to English", "切换到中文"),
    "copy_link": ("复制链接", "Copy link"),
    "copied": ("已复制", "Copied"),
    "simulated": ("模拟世界", "Simulated world"),
    "simulated_hint": (
        "表情由代码绘制，人物与点击是模拟的。点此了解。",
        "Drawn stickers, simulated people and clicks. How it was made.",
    ),
    # ---- search
    "tagline": ("同一句话，找到你喜欢的那一张。", "Same words. Your kind of sticker."),
    "query_label": ("想说什么？", "What do you want to say?"),
    "query_placeholder": ("想说什么？比如：笑死我了", "What do you want to say? e.g. good night"),
    "search_button": ("搜索", "Search"),
    "examples": ("试试", "Try"),
    "people": ("谁在搜索？", "Who is searching?"),
    "nobody": ("不选人", "Nobody"),
    "nobody_portrait": (
        "没有选人：所有人看到的顺序都一样，结果不做个性化。",
        "Nobody chosen: everyone gets the same order. Results are not personalised.",
    ),
    "favourites_of": ("{name} 常用的表情", "{name} uses these most"),
    "utility_switch": ("效用", "Utility"),
    "utility_hint": ("大家常用的往前排（两栏同时）", "Lift what people use often, in both columns"),
    "left_title": ("不做个性化", "Without personalization"),
    "left_hint": ("所有人都一样", "The same for everyone"),
    "right_title": ("为 {name}", "For {name}"),
    "right_hint": ("按 {name} 的口味重排", "Re-ranked by {name}'s taste"),
    "not_personalised": ("未个性化", "Not personalised"),
    "not_personalised_hint": (
        "没有选人，只有这一种顺序。在上面选一个人看看会怎么变。",
        "Nobody is chosen, so there is one order. Choose someone above and watch it change.",
    ),
    "unknown_user": (
        "这个目录里没有“{name}”：结果不做个性化。",
        "This catalogue knows nobody called “{name}”: results are not personalised.",
    ),
    "no_style": (
        "{name} 还没有点击记录：结果不做个性化。",
        "{name} has no clicks yet: results are not personalised.",
    ),
    "segment_left": ("不个性化", "For everyone"),
    "columns": ("显示哪一栏", "Which column"),
    "legend": ("得分由什么组成", "What a score is made of"),
    "relevance": ("文字相关", "Relevance"),
    "utility": ("效用", "Utility"),
    "preference": ("口味", "Preference"),
    "timing": ("{matched} 张匹配 · 检索 {ms} ms", "{matched} match · {ms} ms in the library"),
    "timing_hint": (
        "四种排序一次算完，只计检索库里的时间；从发出请求到收到结果共 {round} ms",
        "All four rankings in one pass, time inside the library only; {round} ms from request to answer",
    ),
    "blank": ("输入想说的话，或点一个例子。", "Type what you want to say, or take an example."),
    "no_match": ("没有表情与“{q}”有共同的词。", "No sticker shares a word with “{q}”."),
    "fallback_dense": (
        "下面是画面最接近这句话的表情（文本到图像的向量检索），不做个性化。",
        "These are the pictures nearest in meaning (dense text-to-image search), not personalised.",
    ),
    "fallback_popular": (
        "下面是大家用得最多的表情，与这句话无关，也不做个性化。",
        "These are simply the most used stickers: unrelated to the query, not personalised.",
    ),
    "fallback_title": ("替补结果", "Stand-in results"),
    "failed": ("没有收到回答。服务还在吗？", "No answer came. Is the server still running?"),
    "error_too_long": (
        "这句话有 {n} 个字符，最多 {max} 个。请缩短一些。",
        "That is {n} characters, and {max} at most are read. Shorten it to what matters.",
    ),
    "retry": ("再试一次", "Try again"),
    "results_announce": ("{n} 个结果，{matched} 张匹配", "{n} results, {matched} match"),
    # ---- suggestions
    "suggestions": ("训练数据里的搜索", "Searches in the training data"),
    "suggestions_announce": ("{n} 条建议，用上下键选择", "{n} suggestions, arrow keys choose"),
    "suggestion_clicks": ("点击 {n} 次", "{n}×"),
    # ---- rankings side by side
    "overlap_shared": ("前 {top} 名共有 {n} 张", "{n} of the top {top} shared"),
    "overlap_rbo": ("RBO {rbo}（p = {p}）", "RBO {rbo} (p = {p})"),
    "overlap_pair": ("{first} ↔ {second}", "{first} ↔ {second}"),
    "overlap_hint": (
        "两种排序有多像：前 {top} 名里有几张相同，以及所列结果的 rank-biased overlap"
        "（Webber 等 2010，外推式；1 = 完全一样，p = {p} 时前 10 名约占 86% 的权重）",
        "How alike two rankings are: stickers both have in their first {top}, and the rank-biased overlap of the lists"
        " shown (Webber et al. 2010, extrapolated; 1 = the same, with p = {p} the first 10 places weigh about 86 %)",
    ),
    "relevant_card": ("{name} 在测试集里为这句话点过它", "{name} clicked it for this query in the test split"),
    "relevant_legend": (
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
    "tune_turned": ("调节 · 改了 {n} 项", "Tune · {n} changed"),
    "tune_label": ("调节得分的各个权重", "Tune the weights of the score"),
    "tune_relevance": ("文字相关：各字段的权重", "Relevance: weight of each field"),
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
    "move_gone": ("出", "gone"),
    "move_detail": (
        "{move}：不做个性化第 {before}，为 {name} 第 {after}",
        "{move}: {before} without personalization, {after} for {name}",
    ),
    "move_new_detail": (
        "为 {name} 新进榜：原来第 {before}，现在第 {after}",
        "New for {name}: {before} without personalization, {after} now",
    ),
    "move_gone_detail": (
        "为 {name} 排到了前 {top} 之外",
        "Falls out of the first {top} for {name}",
    ),
    "open_sticker": ("查看表情：{alt}", "Open sticker: {alt}"),
    "animated": ("动图", "Animated"),
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
    "no_field": ("没有共同的词", "No word in common"),
    "weight": ("权重", "weight"),
    "metric_popularity": ("被点击", "Clicks"),
    "metric_cross_user": ("多少人", "People"),
    "metric_query_adapt": ("多少种搜索", "Queries"),
    "no_clicks": ("训练数据里还没人点过", "Nobody clicked it in the training data"),
    "utility_off": ("效用已关闭，不计入得分", "Utility is switched off and not in the score"),
    "preference_to": (
        "与 {name} 第 {n} 种口味的相似度 {value}（余弦，负数计为 0），这种口味的代表：",
        "Likeness {value} (cosine, a negative one counts as 0) to taste {n} of {name}, whose examples are:",
    ),
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
    # ---- captions: both models, live
    "words_base": ("关键词 · 微调前", "Keywords · base model"),
    "words_tuned": ("关键词 · 用点击微调后", "Keywords · fine-tuned"),
    "words_none": ("没有写出关键词", "No keyword was written"),
    "word_added": ("微调后才有", "only after fine-tuning"),
    "word_dropped": ("微调前才有", "only before fine-tuning"),
    "word_matched": ("与“{q}”有共同的词", "shares a word with “{q}”"),
    "word_search": ("搜索“{word}”", "Search for “{word}”"),
    "live_title": ("模型在一张表情里看到什么", "What the model sees in a sticker"),
    "live_lead": (
        "小型 LLaVA 现场写：画了什么、是什么感觉、可以用哪些词搜到它；微调前与用点击微调后并排。",
        "A small LLaVA writes it live: what is drawn, what it feels like, and the words to find it by, before and "
        "after fine-tuning on clicks.",
    ),
    "live_choose": ("选一张图片", "Choose a picture"),
    "live_drop": ("或拖到这里、直接粘贴", "or drop or paste one here"),
    "live_text": ("图上的字（可不填）", "Words on the picture (optional)"),
    "live_text_hint": ("比如：笑死我了", "e.g. good night"),
    "live_go": ("看图配文", "Caption it"),
    "live_examples": ("或者试试目录里的", "Or try one of the catalogue"),
    "live_example": ("为这张表情配文：{alt}", "Caption this sticker: {alt}"),
    "live_first": ("请先选一张图片。", "Choose a picture first."),
    "live_ready": ("按“看图配文”，结果会写在这里。", "Press “Caption it”, and the caption will be written here."),
    "live_empty": ("选一张图片，或者点一张目录里的表情。", "Choose a picture, or one of the catalogue's stickers."),
    "live_wordless": ("模型没有写出描述。", "The model wrote no description."),
    "live_unspelt": (
        "图上的字里有 {n} 个词元，小模型的词表里没有。",
        "Tokens of the words on the picture that the small model cannot spell: {n}.",
    ),
    "live_seconds": ("用时 {s} 秒，刚刚写成", "Written just now, in {s} s"),
    "live_done": ("配文写好了", "The caption is written"),
    "live_how": (
        "由 ONNX Runtime 在提供本页的这台机器上运行：图片不会发往别处，也不会保存。",
        "Runs by ONNX Runtime on the machine that serves this page: the picture is sent nowhere else, and not kept.",
    ),
    "live_small": (
        "这是模拟世界里训练的小模型：认得这里画出来的这类表情，对照片只能瞎猜。",
        " It is a small model of the simulated world: it knows stickers drawn like these, and only guesses at photos.",
    ),
    "error_not_picture": (
        "这个文件不是能读的图片。请用 PNG、JPEG、WebP 或 GIF。",
        "This file is no picture that can be read. Use PNG, JPEG, WebP or GIF.",
    ),
    "error_too_heavy": ("图片超过 {max} MB。请换一张小一些的。", "The picture is over {max} MB. Choose a lighter one."),
    "error_too_large": (
        "图片有 {width} × {height} 像素，最多 {max}。请先缩小。",
        "The picture has {width} × {height} pixels, at most {max} a side are read. Make it smaller.",
    ),
    "error_long_text": (
        "图上的字有 {n} 个字符，最多 {max} 个。只写图上画着的。",
        "The words are {n} characters, at most {max} are read. Give only what is drawn.",
    ),
    "error_no_captioner": (
        "这个数据包里没有配文模型，所以不能现场配文。用 make bundle 重新生成数据包，就会带上它。",
        "This bundle holds no captioning model, so nothing can be captioned live. Rebuild it with “make bundle”, and "
        "it will hold one.",
    ),
    # ---- blind mode
    "blind_title": ("如果是你，会发哪一张？", "Which one would you send?"),
    "blind_lead": (
        "两种排序混在同一格里，不告诉你谁是谁。选一个人，像 TA 那样挑一张；选完才揭晓，几轮之后就知道哪种排序更好。",
        "Two rankings lie mixed in one grid, and nothing says which is which. Choose a person, pick as they would, and "
        "see whose sticker it was. After some rounds you know which ranking is better.",
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
    # ---- cases
    "cases_title": ("哪些时候管用，哪些时候添乱", "Where it helps, and where it hurts"),
    "cases_lead": (
        "从 {n} 个留出的测试提问里自动挑出：每一类里差别最大的几个，好的坏的都在。",
        "Mined from {n} held-out test questions: of every kind those where it matters most, good and bad alike.",
    ),
    "cases_mining": ("正在从测试提问里挑选案例……", "Mining the test questions for cases …"),
    "cases_announce": ("找到 {n} 个案例", "{n} cases found"),
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
        "In training it was clicked {clicks} times, by people: {people}.",
    ),
    "case_rescue": (
        "搜“{q}”后，{name} 点了这张：只有“{fields}”里有这句话的词。有它时{after}，没有时{before}。",
        "For “{q}” {name} clicked this one, which shares a word with it only in: {fields}. With that it is {after}, "
        "without it {before}.",
    ),
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
    "case_open": ("在搜索中打开", "Open in search"),
    # ---- map
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
    # ---- evidence
    "about_title": ("这一页凭什么可信", "What this page rests on"),
    "about_lead": (
        "PerSRV 把一句话变成一张表情：先找说得对的，再把你喜欢的画风排到前面，并说明为什么。",
        "PerSRV turns words into a sticker: it finds those that say it, puts the style you love first, and shows why.",
    ),
    "about_paper": (
        "依据论文《PerSRV: Personalized Sticker Retrieval with Vision-Language Model》（arXiv 2410.21801）重新实现。",
        "Re-implemented after the paper “PerSRV: Personalized Sticker Retrieval with Vision-Language Model” "
        "(arXiv 2410.21801).",
    ),
    "about_world": ("模拟世界", "A simulated world"),
    "about_world_text": (
        "论文的真实数据和模型权重不能随本项目分发。所以这里的表情由我们的代码绘制，"
        "人物的口味、搜索和点击都是模拟的。文字识别、向量、效用、口味和评测，则由真正的流程从这些图片和点击算出。",
        "The paper's data and model weights are not ours to ship. So the stickers here are drawn by our code, and the "
        "people, their searches and their clicks are simulated. OCR, embeddings, utility, tastes and evaluation are "
        "computed from those pictures and clicks by the real pipeline.",
    ),
    "about_real_text": (
        "这个数据包不是模拟的：人物和点击来自所给的数据。",
        "This bundle is not simulated: people and clicks come from the data it was built from.",
    ),
    "about_how": ("名次怎么来的", "How a rank is made"),
    "about_recall": (
        "每个字段的 BM25 加权相加，再加 λ 倍效用（论文式 1–6）；取前 {r} 个。与查询没有共同词的，再热门也不会出现。",
        "BM25 of every field, weighted and summed, plus λ times utility (Eq. 1–6 of the paper); the best {r} go on. "
        "A sticker that shares no word with the query never enters by popularity.",
    ),
    "about_rerank": (
        "乘以（1 + α × 口味），口味是与此人最近的风格中心的余弦相似度，负数计为 0（式 9–10）。"
        "与此人口味都不像的表情保持原分，从不扣分。",
        "Times (1 + α × preference): the cosine to the nearest of the person's style centroids, a negative one counts "
        "as 0 (Eq. 9–10). A style unlike any of theirs is left as recalled, never punished.",
    ),
    "about_departures": ("与论文不同之处", "Where we depart from the paper"),
    "departure_cosine": (
        "论文式 9、10 乘以到最近中心的“距离”，会偏爱最不像的表情；我们用余弦相似度，越近越好（作者的代码也是如此），"
        "并把负数计为 0。",
        "Eq. 9 and 10 multiply by a distance, which favours what is least alike; we use the cosine, so nearer is "
        "better (as the authors' code does), and count a negative one as 0.",
    ),
    "departure_base": (
        "没有点击的表情取基数 {base}，不会超过有点击的。",
        "A sticker without clicks gets the base {base}, and never beats one that has some.",
    ),
    "departure_space": (
        "聚类和比较在同一个向量空间里进行；作者的代码在缩放后的空间聚类，却拿原始向量去比。",
        "Clusters are fitted and compared in one space; the authors' code fits in a scaled space and compares raw "
        "vectors.",
    ),
    "departure_tokens": (
        "除分词外还索引单字和双字：在 607 张真实中文表情的搜索上，前 20 命中从约 10% 提高到 22%。",
        "Beside words, single characters and pairs are indexed: on 607 really annotated Chinese stickers this lifts "
        "the hits within 20 from about 10% to 22%.",
    ),
    "departure_stems": (
        "英文词去掉常见词尾再比较：搜 loved 也能找到 love。所以解释里显示的是词干，例如 lov。",
        "English words are lightly stemmed, so that loved finds love: explanations show stems, such as lov.",
    ),
    "about_settings": ("所用的设置", "Settings in use"),
    "about_gates": ("关口", "Gates"),
    "about_gates_text": (
        "做数据包时量得的数与事先定下的目标；没达到的也写在这里。",
        "What was measured when the bundle was made, against goals set before; misses are shown too.",
    ),
    "about_gates_none": ("这个数据包没有记录关口。", "This bundle records no gates."),
    "gate": ("关口", "Gate"),
    "gate_value": ("测得", "Measured"),
    "gate_goal": ("目标", "Goal"),
    "gate_cases": ("样本数", "Cases"),
    "gate_result": ("结果", "Result"),
    "passed": ("达到", "met"),
    "missed": ("未达到", "missed"),
    "about_evaluation": ("评测", "Evaluation"),
    "about_evaluation_text": (
        "在留出的测试点击上的成绩：PerSRV、去掉其中一部分的 PerSRV，以及用来对照的简单排序。",
        "Measured on held-out test clicks: PerSRV, PerSRV without one of its parts, and simple rankings to compare.",
    ),
    "about_evaluation_simulated": (
        "这些数字来自模拟世界，不能与论文中的数字相比。",
        "These numbers come from the simulated world and cannot be compared with the paper's.",
    ),
    "about_evaluation_none": ("这个数据包没有做评测。", "No evaluation ran for this bundle."),
    "evaluation_counts": (
        "{people} 人的 {questions} 次提问，共 {clicks} 次点击。",
        "{questions} questions of {people} people, {clicks} clicks.",
    ),
    "evaluation_split": (
        "和论文一样，按每次点击随机划分：测试中的（人，查询）组合也可能出现在训练里。",
        "Random split by interaction, as in the paper: a test (person, query) pair may also occur in training.",
    ),
    "evaluation_split_most": (
        "和论文一样，按每次点击随机划分：测试中的（人，查询）组合大多也出现在训练里。",
        "Random split by interaction, as in the paper: most test (person, query) pairs also occur in training.",
    ),
    "evaluation_seen": (
        "{clicks} 次测试点击中，{pairs} 次（{pairs_share}）的组合在训练里出现过，"
        "{repeats} 次（{repeats_share}）连表情也与训练中的点击相同。",
        " Of {clicks} test clicks, {pairs} ({pairs_share}) have such a pair, and {repeats} ({repeats_share}) repeat a "
        "training click, sticker included.",
    ),
    "evaluation_difference": (
        "{metric}，PerSRV 相比 {name}（95% 区间 {low} 至 {high}）",
        " {metric} over {name} (95% interval {low} to {high})",
    ),
    "evaluation_paper": ("论文的指标", "The paper's metrics"),
    "evaluation_usual": ("通常的指标", "The usual metrics"),
    "evaluation_micro": ("按提问平均", "Averaged over questions"),
    "evaluation_other": ("其他", "Others"),
    "ranking": ("排序", "Ranking"),
    # ---- evidence: both protocols, captions
    "evaluation_protocols": ("按哪种规则评测", "Which protocol"),
    "protocol_all": ("论文的规则", "The paper's protocol"),
    "protocol_new": ("对这次提问是新的表情", "Stickers new to the question"),
    "protocol_text_all": (
        "训练中已经点过的表情留在排序里，每一张都算没有命中。",
        "Stickers clicked in training stay in the rankings, and each counts as a miss.",
    ),
    "protocol_text_new": (
        "此人在训练中为同一查询点过的表情，从排序和答案里都去掉；设置就是按这个规则选的。",
        "What the person clicked for the very same query in training is taken out of ranking and truth; the settings "
        "were chosen under this protocol.",
    ),
    "interval": ("{low} 至 {high}", "{low} to {high}"),
    "about_worth": ("模型写的描述对搜索值多少", "What captions are worth in search"),
    "worth_text": (
        "同样的测试点击，PerSRV 用上全部字段，与去掉模型写的某一个字段相比。没人在训练中点过的表情（冷门）"
        "没有搜索记录，效用还会把别的排到前面，只能靠画面上的字和模型写的描述。",
        "The same test clicks, by PerSRV with every field and without one that the model wrote. Cold stickers, which "
        "nobody clicked in training, have no earlier queries, and utility puts others before them: only the words in "
        "the picture and the captions can help.",
    ),
    "worth_weights": (
        "各字段在搜索里的权重（由验证点击选出）：{weights}。权重为 0 的字段不参与搜索，所以增益正好是 0。",
        "Weights in the search, chosen on validation clicks: {weights}. A field of weight 0 is not searched, so its "
        "gain is exactly 0.",
    ),
    "worth_metric": ("哪个指标", "Which metric"),
    "worth_interval": (
        "横线是 95% 区间（对每个人的提问做配对自助抽样），中间的竖线是 0。区间跨过 0，就说明还分不清是不是真有用。",
        "Lines are 95% intervals (paired bootstrap over each person's questions), the upright line is 0. An interval "
        "across 0 means that a gain cannot be told from chance.",
    ),
    "worth_counts": ("{clicks} 次点击，{questions} 次提问", "{clicks} clicks, {questions} questions"),
    "worth_figures": (
        "{metric}：全部字段 {whole}，没有描述 {bare}",
        "{metric}: {whole} with every field, {bare} without captions",
    ),
    "worth_found": (
        "前 {depth} 名里找得到的点击：有描述 {whole}，没有 {bare}",
        "Clicks found in the first {depth}: {whole} with captions, {bare} without",
    ),
    "clicks_all": ("所有点击", "All clicks"),
    "clicks_cold": ("冷门表情", "Cold stickers"),
    "clicks_warm": ("训练中点过的表情", "Warm stickers"),
    "gain_captions": ("全部描述", "All captions"),
    "gain_captions_without_utility": ("全部描述，关掉效用", "All captions, utility switched off"),
    "gain_keywords": ("关键词", "Keywords"),
    "gain_description": ("描述", "Description"),
    "gain_emotion": ("情绪", "Emotion"),
    "gain_keywords_base": ("微调前的关键词", "Keywords before fine-tuning"),
    "gain_fine_tuning": ("微调（相对微调前的关键词）", "Fine-tuning, over keywords before it"),
    "about_vlm": ("模型写得怎么样", "How good the captions are"),
    "vlm_text": (
        "小型 LLaVA 为没有参与微调的表情写的关键词，与人们后来点它时输入的搜索相比。"
        "关键词召回：为画面上的意思而输入的搜索里，被一字不差写出来的比例；"
        "词元召回：搜索的词元里写到的比例，BM25 靠的就是它；含误点：把误点带来的搜索也算上。",
        "Keywords that the small LLaVA wrote for stickers that fine-tuning never saw, against what people typed before "
        "they clicked them. Keyword recall: the share of queries, typed for what the sticker shows, that are written "
        "word for word. Token recall: the share of their tokens, which is what BM25 can match. With slips: queries of "
        "stray clicks count, too.",
    ),
    "vlm_model": ("模型", "Model"),
    "vlm_base": ("微调前", "Base"),
    "vlm_tuned_picture": ("微调，只看画面", "Fine-tuned, picture alone"),
    "vlm_tuned_ocr": ("微调，画面加上文字识别", "Fine-tuned, picture and OCR"),
    "vlm_shipped": ("采用", "shipped"),
    "vlm_recall": ("关键词召回", "Keyword recall"),
    "vlm_token_recall": ("词元召回", "Token recall"),
    "vlm_recall_all": ("召回（含误点）", "Recall with slips"),
    "vlm_cosine": ("余弦", "Cosine"),
    "vlm_bleu": ("BLEU", "BLEU"),
    "vlm_stickers": ("表情数", "Stickers"),
    "vlm_queries": ("查询数", "Queries"),
    "vlm_bleu_note": (
        "BLEU 靠输出的格式就能赢：微调后的模型学会了用逗号隔开短词，和参考答案一样。所以要和召回、余弦一起看。",
        "BLEU is won by the output format: fine-tuning teaches short words apart by commas, as the reference is "
        "written. Read it beside recall and cosine.",
    ),
    "vlm_ceiling": (
        "人们会用不同的话找同一张表情：就算知道场合，召回最多也只有 {value}。",
        "People type different words for one sticker: even an oracle that knows the situation reaches a recall of "
        "{value}.",
    ),
    "vlm_unspelt": (
        "分词器拼不出的词元：{of} 个里有 {tokens} 个，出现在 {stickers} 张表情上。",
        "Tokens that the tokenizer cannot spell: {tokens} of {of}, on {stickers} stickers.",
    ),
    "vlm_rule": ("例子是这样挑的：{rule}", "How the examples were picked: {rule}"),
    "examples_good": ("写得好的", "Good ones"),
    "examples_bad": ("写得不好的", "Bad ones"),
    "examples_base": ("微调前的描述", "Descriptions by the base model"),
    "example_reference": ("人们搜的", "People typed"),
    "example_typed": ("有人这样搜", "typed by people"),
    "example_truth": ("画的是", "Drawn"),
    "example_judged": ("说对了什么", "What it tells"),
    "part_style": ("画风", "style"),
    "part_character": ("角色", "character"),
    "part_situation": ("场合", "situation"),
    "part_looks": ("神情", "expression"),
    "part_poses": ("姿势", "pose"),
    "part_things": ("物件", "things"),
    "part_feels": ("感受", "feeling"),
    "example_told": ("描述说对了", "told rightly"),
    "example_missed": ("描述没说对", "not told rightly"),
    "about_licences": ("许可", "Licences"),
    "about_licences_text": (
        "代码 Apache-2.0。目录“{name}”的图片：{licence}。",
        "Code: Apache-2.0. Pictures of the catalogue “{name}”: {licence}.",
    ),
    "about_counts": ("{stickers} 张表情，{people} 位人物", "{stickers} stickers, {people} people"),
    "about_notes": ("数据包附注", "Notes of the bundle"),
}

#: Names of the demo catalogue's labels: value -> (Chinese, English).
LABELS: dict[str, tuple[str, str]] = {
    "cat": ("猫咪", "cat"),
    "dog": ("小狗", "dog"),
    "slime": ("史莱姆", "slime"),
    "panda": ("熊猫", "panda"),
    "rabbit": ("兔子", "rabbit"),
    "chick": ("小鸡", "chick"),
    "frog": ("青蛙", "frog"),
    "seal": ("海豹", "seal"),
    "capybara": ("水豚", "capybara"),
    "dino": ("小恐龙", "dino"),
    "flat": ("粉彩", "pastel"),
    "manga": ("漫画", "manga"),
    "pixel": ("像素", "pixel"),
    "ink": ("水墨", "ink"),
    "crayon": ("蜡笔", "crayon"),
    "glossy": ("立体", "3-D toy"),
    "papercut": ("剪纸", "paper-cut"),
    "neon": ("霓虹", "neon"),
    "laugh": ("大笑", "laughing"),
    "cry": ("大哭", "crying"),
    "wronged": ("委屈", "wronged"),
    "angry": ("生气", "angry"),
    "shocked": ("震惊", "shocked"),
    "scared": ("害怕", "scared"),
    "love": ("喜爱", "love"),
    "kiss": ("亲亲", "kiss"),
    "hug": ("抱抱", "hug"),
    "miss": ("想你", "missing you"),
    "shy": ("害羞", "shy"),
    "speechless": ("无语", "speechless"),
    "awkward": ("尴尬", "awkward"),
    "confused": ("疑惑", "confused"),
    "thinking": ("思考", "thinking"),
    "praise": ("点赞", "thumbs up"),
    "cheer": ("加油", "cheering on"),
    "letsgo": ("冲鸭", "let's go"),
    "smug": ("得意", "smug"),
    "cool": ("装酷", "cool"),
    "happy": ("开心", "happy"),
    "congrats": ("恭喜", "congratulations"),
    "birthday": ("生日", "birthday"),
    "newyear": ("新年", "New Year"),
    "redpacket": ("红包", "red packet"),
    "thanks": ("感谢", "thanks"),
    "sorry": ("道歉", "sorry"),
    "please": ("拜托", "please"),
    "hello": ("你好", "hello"),
    "bye": ("再见", "goodbye"),
    "goodmorning": ("早安", "good morning"),
    "goodnight": ("晚安", "good night"),
    "sleepy": ("困", "sleepy"),
    "tired": ("累瘫", "worn out"),
    "offwork": ("下班", "off work"),
    "overtime": ("加班", "overtime"),
    "slack": ("摸鱼", "slacking off"),
    "received": ("收到", "received"),
    "ok": ("好的", "OK"),
    "no": ("拒绝", "no"),
    "hungry": ("干饭", "hungry"),
    "milktea": ("奶茶", "milk tea"),
    "melon": ("吃瓜", "watching the drama"),
    "waiting": ("等待", "waiting"),
    "shush": ("闭嘴", "shush"),
    "sick": ("生病", "sick"),
    "cold": ("好冷", "cold"),
    "study": ("学习", "studying"),
}


def in_language(language: str) -> dict[str, str]:
    """key -> text in "zh" or "en"."""
    return {key: pair[LANGUAGES.index(language)] for key, pair in TEXTS.items()}


def labels_in(language: str) -> dict[str, str]:
    """Label value -> its name in "zh" or "en"."""
    return {value: pair[LANGUAGES.index(language)] for value, pair in LABELS.items()}
