"""What the captions tab says: key -> (Chinese, English). `{name}` is replaced in the browser."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
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
}
