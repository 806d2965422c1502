"""Texts of the captions tab: key -> (Chinese, English). `{name}` is replaced in the browser."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "gloss": ("逐词：{words}", "Word by word: {words}"),
    "gloss_hint": (
        "不是翻译：按一本小词典逐词对应，词典里没有的词留作中文。",
        "No translation: words of a small dictionary, one by one; those that it lacks stay in Chinese.",
    ),
    "words_base": ("关键词 · 微调前", "Keywords · base model"),
    "words_tuned": ("关键词 · 用点击微调后", "Keywords · fine-tuned"),
    "words_none": ("没有写出关键词", "No keyword was written"),
    "word_added": ("微调后才有", "only after fine-tuning"),
    "word_dropped": ("微调前才有", "only before fine-tuning"),
    "word_matched": ("与“{q}”有共同的词", "shares a word with “{q}”"),
    "word_search": ("搜索“{word}”", "Search for “{word}”"),
    "live_title": ("模型在一张表情里看到什么", "What the model sees in a sticker"),
    "caption_mode": ("看哪里的表情", "Which stickers"),
    "mode_catalogue": ("目录里的", "In the catalogue"),
    "mode_own": ("你的图片", "Your own picture"),
    # ---- the catalogue on show
    "find_placeholder": ("找一张表情，比如：笑死我了", "Find a sticker, e.g. good night"),
    "lists": ("看哪些表情", "Which list"),
    "strip": ("这个列表里的表情", "Stickers of this list"),
    "show_results": ("“{q}”的结果", "Results for “{q}”"),
    "show_all": ("全部", "All"),
    "show_helped": ("微调有帮助", "Fine-tuning helped"),
    "show_hurt": ("微调帮了倒忙", "Fine-tuning hurt"),
    "show_contradicted": ("文字与配文不合", "Words contradict the caption"),
    "show_cold": ("还没人点过", "Never clicked"),
    "show_animated": ("动图", "Animated"),
    "show_why_helped": (
        "按留出的测试查询：在提问者自己的排序里，用微调后关键词的 1/名次 之和大于用微调前的（{n} 名以外记 0）。"
        "差得多的在前。",
        "By held-out test queries: in each asker's own ranking, the sum of 1 / rank is larger with the fine-tuned "
        "keywords than with the base ones (beyond {n} counts 0). Largest difference first.",
    ),
    "show_why_hurt": (
        "按留出的测试查询：在提问者自己的排序里，用微调后关键词的 1/名次 之和小于用微调前的（{n} 名以外记 0）。"
        "差得多的在前。",
        "By held-out test queries: in each asker's own ranking, the sum of 1 / rank is smaller with the fine-tuned "
        "keywords than with the base ones (beyond {n} counts 0). Largest difference first.",
    ),
    "show_why_contradicted": (
        "图上的字与自己的配文（最接近的关键词或情绪，按文本编码器的余弦）不如与十分之一以上的别的配文接近。差得多的在前。",
        "More than one in ten of the other captions are nearer to the words on the picture than their own is (its "
        "nearest keyword or feeling, by the text encoder's cosine). Worst first.",
    ),
    "show_why_cold": (
        "训练数据里没有人点过：没有查询、没有效用，只能靠图上的字和配文被找到。",
        "Nobody clicked them in training: no queries, no utility; only their words and captions can find them.",
    ),
    "show_why_animated": (
        "动画由首、中、末三帧里模型最有把握的一帧来配文。",
        "Of first, middle and last frame, the one whose answer the model is surest of was captioned.",
    ),
    "list_empty": ("这个列表里没有表情。", "There is no sticker in this list."),
    "outside_list": ("不在这个列表里", "not in this list"),
    "untitled": ("没有字", "Untitled"),
    "boxes_none": ("没有记录文字的位置，所以没有画框。", "Where the words are was not recorded, so no box is drawn."),
    "integrated_title": (
        "并入索引的查询（训练中通向它的搜索）",
        "Integrated queries (searches that led to it in training)",
    ),
    # ---- would it be found
    "found_title": ("换一种配文，还找得到它吗？", "Would it have been found?"),
    "found_ask": (
        "在上面搜一句话，看看它会排第几；或者揭晓真正通向它的测试查询。",
        "Search for something above to see where it would stand, or reveal the test queries that really led to it.",
    ),
    "found_query": ("查询", "Query"),
    "found_now": ("现在的查询 · {name}", "The query at hand · {name}"),
    "found_how": (
        "名次是检索器按数据包的设置算出的真实名次。“微调前”换掉整个目录的关键词，权重不变（权重是为微调后的关键词选的）。"
        "召回只取前 {n} 张去重排。",
        "Ranks are the retriever's own, under the bundle's settings. “Base” swaps the keywords of the whole catalogue "
        "at the same weights, which were chosen for the fine-tuned ones. Recall hands on the best {n}.",
    ),
    "variant_tuned": ("微调后", "Fine-tuned"),
    "variant_base": ("微调前", "Base"),
    "variant_captionless": ("没有配文", "No captions"),
    "variant_textless": ("没有图中文字", "No text in image"),
    "variant_why_tuned": ("数据包里的样子", "As shipped in the bundle"),
    "variant_why_base": ("所有表情都用微调前的关键词", "Base keywords for every sticker"),
    "variant_why_captionless": ("关键词、描述、情绪的权重为 0", "Keywords, description and emotion weigh 0"),
    "variant_why_textless": ("图中文字的权重为 0", "The text in the image weighs 0"),
    "place_of": ("共 {n} 张", "of {n}"),
    "place_recalled": ("召回第 {place}，共 {n} 张", "recalled {place} of {n}"),
    "place_deep": ("召回得更靠后，共 {n} 张", "recalled further down of {n}"),
    "verdict_same": ("找得到，两种配文都排第 {after}。", "Found either way, at number {after}."),
    "verdict_helped": (
        "微调前的配文让它排第 {before}，微调后升到第 {after}。",
        "Number {before} with the base caption; fine-tuning lifts it to {after}.",
    ),
    "verdict_hurt": (
        "微调前的配文让它排第 {before}，微调后反而落到第 {after}。",
        "Number {before} with the base caption; fine-tuning drops it to {after}.",
    ),
    "verdict_rescued": (
        "只有微调后的配文找得到它：第 {after}。",
        "Only the fine-tuned caption finds it: number {after}.",
    ),
    "verdict_lost": (
        "只有微调前的配文找得到它：第 {before}。",
        "Only the base caption finds it: number {before}.",
    ),
    "verdict_neither": ("两种配文都找不到它。", "Neither caption finds it."),
    "held_out_reveal": ("揭晓留出的查询（{n}）", "Reveal the held-out queries ({n})"),
    "held_out_hint": (
        "测试集里通向它的查询，不参与任何训练。想先猜一猜吗？",
        "What led to it in the test split, which nothing was trained on. Care to guess first?",
    ),
    "held_out_announce": ("揭晓了 {n} 条查询", "{n} {n:query|queries} revealed"),
    "held_out_by": ("测试集 · {name}", "Test split · {name}"),
    "held_out_trained": ("训练中也通向它", "led here in training too"),
    "held_out_none": ("测试集里没有查询通向它。", "No query of the test split led to it."),
    "held_out_how": (
        "召回：查询逐字出现在关键词里的比例。余弦：两份清单在文本编码器里的余弦。"
        "BLEU：逐字符 BLEU-4，光是列成清单的格式就能抬高它。",
        "Recall: share of queries that are a keyword word for word. Cosine: of both lists, by the text encoder. BLEU: "
        "of characters, up to four; listing words is enough to raise it.",
    ),
    "scores_title": ("关键词对照留出的查询", "Keywords against the held-out queries"),
    # ---- a picture's kin
    "kin_near_how": ("按画风空间的余弦，最近的在前。", "By cosine in the style space, nearest first."),
    "kin_unlike": (
        "这张图与我见过的都不一样：目录里没有相近的表情，模型也没学过这类图。上面写出的配文和下面的近邻不必当真，"
        "也无从说谁会喜欢它。",
        "Unlike anything I know: no sticker of the catalogue is near it, and the models learnt nothing of its kind. "
        "Take neither the caption nor the nearest stickers at their word; whose taste it is cannot be told.",
    ),
    "kin_fans": ("谁会喜欢它", "Who would like it"),
    "kin_fans_how": (
        "按目录里有多少表情不如它合这个人的口味来排。右边是这个人用过的、与它最近的表情。",
        "By how much of the catalogue is less to a person's taste. Beside them, the stickers of theirs nearest to it.",
    ),
    "kin_nobody": ("这个数据包里没有人有口味记录。", "Nobody in this bundle has a known taste."),
    "kin_beyond": ("比目录里 {n}% 的表情更合口味", "nearer to their taste than {n}% of the catalogue"),
    "kin_theirs": ("{name} 用过的，与它最近", "Used by {name}, nearest to it"),
    "fan_very": ("正合口味", "Very much their taste"),
    "fan_quite": ("合口味", "Their taste"),
    "fan_somewhat": ("有点像", "Somewhat"),
    "fan_not": ("不太合口味", "Not their taste"),
    # ---- captioned live
    "live_lead": (
        "小型 LLaVA 现场写：画了什么、是什么感觉、可以用哪些词搜到它；微调前与用点击微调后并排。",
        "A small LLaVA writes it live: what is drawn, what it feels like, and the words to find it by, before and "
        "after fine-tuning on clicks.",
    ),
    "live_choose": ("选一张图片", "Choose a picture"),
    "live_drop": ("或拖到这里、直接粘贴", "or drop or paste one here"),
    "live_text": ("图上的字（可不填）", "Words on the picture (optional)"),
    "live_text_hint": ("比如：笑死我了", "e.g. good night"),
    "live_read": (
        "图上的字由 {engine} 在这台机器上读出（置信度高于 0.7 的行），可以改。",
        "Words read by {engine} on this machine (lines above a confidence of 0.7). Correct them if need be.",
    ),
    "live_read_only": (
        "{engine} 读出图上的字：“{text}”（置信度高于 0.7 的行）。",
        "{engine} reads “{text}” on it (lines above a confidence of 0.7).",
    ),
    "live_unread": (
        "这台服务器没有安装文字识别引擎，图上的字没有读。",
        "No OCR engine is installed on this server, so words on it are not read.",
    ),
    "live_read_none": ("{engine} 没有读出有把握的字。", "{engine} is sure of no words on it."),
    "live_no_reader": (
        "这台服务器没有安装文字识别引擎：图上的字请自己写。",
        "No OCR engine is installed on this server: type the words yourself.",
    ),
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
        "由 ONNX Runtime（不需要 torch）在提供本页的这台机器上运行：图片不会发往别处，也不会保存。",
        "Runs by ONNX Runtime, without torch, on the machine that serves this page: the picture is sent nowhere else, "
        "and not kept.",
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
    "error_too_many_pixels": (
        "图片有 {width} × {height} 像素、{frames} 帧，总共最多 {max} 百万像素。请换一张小一些的。",
        "The picture has {width} × {height} pixels in {frames} frames; {max} million in all are read. Make it smaller.",
    ),
    "error_too_costly": (
        "这张图片要花太多时间或内存才能读出。请另存一次，或换一张。",
        "This picture takes too much time or memory to read. Save it anew, or choose another one.",
    ),
    "error_busy": (
        "现在排队的图片太多了。请过几秒再试。",
        "Too many pictures are waiting at this moment. Try again in a few seconds.",
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
}
