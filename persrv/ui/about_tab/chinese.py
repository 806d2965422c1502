"""What the evaluation wrote in English, in Chinese for the page: titles, notes, and what rows stand under.

The evaluation computes most sentences in English alone, and they lie in the bundle. Here is the Chinese of each, with
{names} where numbers stand. What is not here stays English on the page. Files that are saved stay English, too.
"""

from __future__ import annotations

import re
from functools import cache

_PROTOCOLS = (
    (
        "The paper's protocol: stickers clicked in training stay in the rankings, and each counts as a miss.",
        "论文的规则：训练中点过的表情留在排序里，每一张都算没有命中。",
    ),
    (
        "Stickers new to the question: what the person clicked for the very same query in training is left out.",
        "对这次提问是新的表情：此人训练中为同一句话点过的不列入。",
    ),
)
_FIGURES = (
    ("The paper's metrics.", "论文的指标。"),
    ("The usual metrics.", "通常的指标。"),
    ("Averages over questions.", "按提问平均。"),
    ("{metric} of every person.", "每个人的 {metric}。"),
)

#: English -> Chinese; of two that fit, the earlier one.
_PAIRS = (
    # ---- the comparison
    ("Table 3: all methods on test clicks", "表 3：各种方法在测试点击上"),
    (
        "{n} test clicks of {people} people; {known} of them for a query that the same person had in training, {again} "
        "repeat a training click.",
        "{people} 个人的 {n} 次测试点击；其中 {known} 次的查询同一个人训练时搜过，{again} 次重复了训练里的点击。",
    ),
    (
        "Settings were chosen on validation clicks; test clicks are used here, once, and for no choice.",
        "设置在验证点击上选定；测试点击只在这里用一次，不用来做任何选择。",
    ),
    (
        "A fallback (no sticker shares a word with the query) counts as an empty ranking.",
        "替补结果（没有表情与查询有共同的词）算作空的排序。",
    ),
    (
        "Intervals draw people whole; of {n} people they can say little about others.",
        "区间按整个人重抽；只有 {n} 个人，对其他人说明不了多少。",
    ),
    *(
        (f"{figures} {protocol} {{n}} questions.", f"{name}{rule}{{n}} 次提问。")
        for figures, name in _FIGURES
        for protocol, rule in _PROTOCOLS
    ),
    (
        "Clicks on stickers that nobody clicked in training, the paper's protocol. {n} questions.",
        "训练中没人点过的表情上的点击，论文的规则。{n} 次提问。",
    ),
    (
        "Clicks on the other stickers, the paper's protocol. {n} questions.",
        "其他表情上的点击，论文的规则。{n} 次提问。",
    ),
    (
        "{metric}: what PerSRV gains over each method, p-values, questions won and lost ({n} questions)",
        "{metric}：PerSRV 比每种方法多多少，p 值，赢和输的提问（{n} 次提问）",
    ),
    (
        "* and **: differs from PerSRV, p < .05 and < .01: paired t-test, two-tailed, over questions; Holm a column.",
        "* 和 **：与 PerSRV 有差异，p < .05 和 < .01：按提问做双尾配对 t 检验，每列作 Holm 校正。",
    ),
    (
        "Means over people's means; intervals are 95 %, people drawn whole.",
        "先对每个人取平均，再对人取平均；95% 区间，按整个人重抽。",
    ),
    ("popularity", "热门程度"),
    ("text", "文字"),
    ("general VLM", "通用视觉语言模型"),
    ("sticker ranking", "表情排序"),
    ("ours", "我们的"),
    ("ablation", "消融"),
    (
        "clicked queries and words in the picture, weighted as in PerSRV",
        "点击过的查询和图中文字，权重与 PerSRV 相同",
    ),
    ("the base model's descriptions by BM25, Chinese as it wrote them", "用 BM25 检索微调前模型写的中文描述"),
    ("text to picture in the raw embedding space", "在原始向量空间里由文字找图片"),
    (
        "convolutional encoder of 64 px trained from random weights; the query is the whole dialogue",
        "从随机权重训练的 64 像素卷积编码器；查询就是整段对话",
    ),
    ("the base model's keywords in place of the fine-tuned ones", "用微调前的关键词代替微调后的"),
    # ---- captions
    ("Tables 4 and 5: keywords", "表 4、表 5：关键词"),
    (
        "Keywords joined by a comma against the sticker's distinct test queries joined alike; stray clicks included. "
        "BLEU is won by that format alone: read it with chrF, recall and cosine.",
        "逗号连接的关键词，与同样连接起来的这张表情的不同测试查询相比，误点也算在内。"
        "单靠这种格式就能赢 BLEU：要和 chrF、召回、余弦一起看。",
    ),
    (
        "* and **: fine-tuned differs from base, p < .05 and < .01; BLEU and chrF by sacrebleu's paired approximate "
        "randomization, the others by a two-tailed paired t-test over stickers, unadjusted.",
        "* 和 **：微调后与微调前有差异，p < .05 和 < .01；BLEU 和 chrF 用 sacrebleu 的配对近似随机化检验，"
        "其余按表情做双尾配对 t 检验，未作校正。",
    ),
    (
        "Cosines are of the text encoder that belongs to the pictures' embeddings.",
        "余弦用的是与图片向量配套的文本编码器。",
    ),
    (
        "Stickers all: {n} that fine-tuning never saw, {queries} test queries",
        "全部：微调没见过的 {n} 张表情，{queries} 条测试查询",
    ),
    (
        "Stickers without OCR text: {n} that fine-tuning never saw, {queries} test queries",
        "没有识别出文字的：微调没见过的 {n} 张表情，{queries} 条测试查询",
    ),
    (
        "Stickers with OCR text: {n} that fine-tuning never saw, {queries} test queries",
        "识别出文字的：微调没见过的 {n} 张表情，{queries} 条测试查询",
    ),
    (
        "Of the stickers without a click in what fine-tuning saw but with test clicks, by id: the first {good} of "
        "which the shipped variant wrote every test query word for word, the first {bad} of which it wrote none; of "
        "descriptions: {n} stickers of held-out (character, style, situation), at even distances by id.",
        "在微调所见的点击里没有、但有测试点击的表情中，按编号：采用的模型把测试查询全部一字不差写出的前 {good} 张，"
        "一条都没写出的前 {bad} 张；描述：从留出的（角色、画风、场合）里按编号等距取 {n} 张。",
    ),
    (
        "People and clicks are simulated; stickers are drawn by code, captions written by a small LLaVA that was "
        "trained from scratch on such drawings.",
        "人物和点击是模拟的；表情由代码绘制，配文由在这类图画上从头训练的小型 LLaVA 写成。",
    ),
    # ---- what several sections say
    (
        "Every choice is made on validation clicks, by M-MRR@10 on stickers new to the question and by features fitted "
        "without them; what was chosen is measured on test clicks once, in the same way and by the paper's protocol.",
        "所有选择都在验证点击上做：看对这次提问是新的表情上的 M-MRR@10，所用特征不含验证点击；"
        "选定之后在测试点击上只测一次，用同样的口径和论文的规则各测一遍。",
    ),
    ("Intervals are 95 %: whole people drawn with replacement.", "95% 区间：按整个人有放回地重抽。"),
    (
        "Captions: fine-tuned keywords are left out, because they have read clicks that this split tests on; the "
        "keyword field holds the base model's.",
        "配文：不用微调后的关键词，因为微调读过这种划分用来测试的点击；关键词字段里是微调前的。",
    ),
    ("the paper's protocol", "论文的规则"),
    ("stickers new to the question", "对这次提问是新的表情"),
    ("{n} questions", "{n} 次提问"),
    # ---- changing tastes
    ("Changing tastes: should old clicks count less?", "会变的口味：旧的点击该不该少算一些？"),
    (
        "Groups of fewer than three people: the interval draws their questions, not people, and speaks of these alone.",
        "不足三人的组：区间重抽的是提问而不是人，只说明这几个人。",
    ),
    ("everybody", "所有人"),
    ("people whose taste changes", "口味会变的人"),
    ("the others", "其他人"),
    ("Styles that forget, on test clicks of the split by time", "会遗忘的口味，在按时间划分的测试点击上"),
    (
        "Gains are over static styles. Half-lives, windows, numbers of clusters (1 or as shipped) and alpha are chosen "
        "on validation clicks of all people; freshness of a cluster is the mean weight of its stickers, relative to "
        "the freshest.",
        "增益是比不变的口味多出的。半衰期、窗口、簇数（1 或现用的）和 alpha 在所有人的验证点击上选定；"
        "一簇的新鲜度是其中表情的平均权重，以最新鲜的一簇为准。",
    ),
    # ---- settings, splits
    ("How much each setting matters", "每项设置有多要紧"),
    ("The best value of each setting on test clicks", "每项设置的最佳值在测试点击上"),
    (
        "Gains are over the shipped settings, which were chosen on the same validation clicks, but on a narrower grid: "
        "lambda at most {n}, so that what is popular does not come before what answers.",
        "增益是比现用的设置多出的；现用的也在同样的验证点击上选定，但试的范围窄些：lambda 最多 {n}，"
        "免得热门的排到切题的前面。",
    ),
    ("Three ways to split", "三种划分方式"),
    (
        "Queries, utility, styles and settings of each split come from its own training part alone.",
        "每种划分的查询、效用、口味和设置只来自它自己的训练部分。",
    ),
    (
        "M-MRR@10 sums over all clicks of a question, and splits leave different numbers of them in the test part: "
        "between splits compare R@10, and what each part adds within a split.",
        "M-MRR@10 对一次提问的所有点击求和，而各种划分留给测试的点击数不同：不同划分之间请比 R@10，"
        "以及同一划分里每一部分带来的增益。",
    ),
    ("M-MRR@10 on test clicks of every split", "各种划分在测试点击上的 M-MRR@10"),
    (
        "known pairs: test clicks for a query that this person had asked in training; cold stickers: test clicks on "
        "stickers that nobody clicked in training. Both are shares of the test clicks.",
        "known pairs：此人训练时搜过的查询的测试点击；cold stickers：训练中没人点过的表情上的测试点击。"
        "都是占测试点击的比例。",
    ),
    # ---- style models
    ("Style models: how a person's stickers are summed up", "口味模型：怎样概括一个人的表情"),
    ("Style models on test clicks", "各种口味模型在测试点击上"),
    (
        "Gains are over the ranking as shipped. separation: how often a clicked candidate is preferred to one that was "
        "not (area under the ROC curve), stickers new to the question.",
        "增益是比现用的排序多出的。separation：点过的候选比没点的更受偏好的概率（ROC 曲线下面积），"
        "在对这次提问是新的表情上。",
    ),
    ("The space of styles", "风格空间"),
    ("Style spaces on test clicks", "各种风格空间在测试点击上"),
    (
        "Gains are over “minus the mean”. separation: how often a clicked candidate has a higher cosine than one that "
        "was not, stickers new to the question; a coin reaches .5.",
        "增益是比“minus the mean”（减去均值）多出的。separation：点过的候选余弦比没点的高的概率，"
        "在对这次提问是新的表情上；抛硬币是 .5。",
    ),
    (
        "share inside a radius: candidates that the paper's gate lets through, nearer to a centroid than its farthest "
        "member, both as each space measures them. A cosine below 0 counts as 0 in the score, in every space.",
        "share inside a radius：论文的半径门放行的候选，即比簇里最远的成员离中心更近，都按各自空间的量法。"
        "余弦低于 0 的，在每个空间里都按 0 计分。",
    ),
    ("Style models: what they cost", "口味模型：要花多少时间"),
    ("What style models cost", "各种口味模型花的时间"),
    (
        "Medians of {n} people with {low} to {high} distinct stickers, {d} dimensions.",
        "{n} 个人的中位数，每人 {low} 到 {high} 张不同的表情，{d} 维。",
    ),
    # ---- real people's words
    ("Words of real people, text alone", "真人的话，只看文字"),
    ("real people: StickerQueries", "真人：StickerQueries"),
    (
        "One query of each sticker is held out and searches all stickers' other queries; {n} choices of it, averaged.",
        "每张表情留出一条查询，用它去搜所有表情的其余查询；换 {n} 次留出的，取平均。",
    ),
    (
        "Texts of a sticker that differ in case, width or blanks only are one; the held-out text stays at other "
        "stickers.",
        "同一张表情上只有大小写、全半角或空白不同的文字算一条；留出的文字在其他表情上仍然保留。",
    ),
    (
        "Choices (weights, what to try) were made on one half of the stickers, tables are of the other half. "
        "Intervals: bootstrap over stickers; differences are paired by sticker.",
        "选择（权重、试什么）在一半表情上做，表里是另一半。区间：按表情自助重抽；差异按表情配对。",
    ),
    (
        "The rows of both languages also know what people typed in the other language for the same sticker.",
        "两种语言的各行还知道人们用另一种语言为同一张表情写的话。",
    ),
    (
        "StickerQueries {language}: {n} stickers of the reporting half, {all} searched",
        "StickerQueries {language}：报告的一半里 {n} 张表情，在 {all} 张里搜",
    ),
    ("Gains are over the shipped analyser.", "增益是比现用的分词多出的。"),
    ("one language", "一种语言"),
    ("two languages", "两种语言"),
    # ---- utility
    ("RQ4: utility metrics", "RQ4：效用的几种计数"),
    (
        "Personalization on, M-MRR@10 on stickers new to the question (what the person clicked for the very same query "
        "in training is left out), as settings are chosen.",
        "个性化打开；M-MRR@10 在对这次提问是新的表情上算（此人训练中为同一句话点过的不列入），与选设置时一样。",
    ),
    (
        "Lambda of each row by validation clicks; * and **: differs from no utility on test questions, p < .05 and "
        "< .01, two-tailed paired t-test, Holm over the rows.",
        "每行的 lambda 由验证点击选定；* 和 **：在测试提问上与不用效用有差异，p < .05 和 < .01，双尾配对 t 检验，"
        "各行作 Holm 校正。",
    ),
    (
        "Every form is divided by its largest value, so that lambda means the same everywhere; of one metric alone "
        "Norm would then change nothing.",
        "每种形式都除以自己的最大值，这样 lambda 处处是同一个意思；只用一种计数时，Norm 就不起作用了。",
    ),
    (
        "Lambdas above the profile's largest show how much a metric knows, not what a search should use: the last "
        "column has lambda {n}, as served.",
        "超过配置最大值的 lambda 只说明一种计数知道多少，不是搜索该用的值：最后一列用现用的 lambda {n}。",
    ),
    (
        "Utility metrics alone and together, with and without Base and Norm",
        "各种效用计数，单独和合起来，有和没有 Base、Norm",
    ),
    (
        "Spearman's correlation with held-out clicks per sticker, 95 % intervals over stickers",
        "与每张表情留出点击数的 Spearman 相关，95% 区间按表情",
    ),
    (
        "Stickers: all stickers: {n}, clicked in training: {clicked}.",
        "表情数：全部 {n} 张，训练中点过的 {clicked} 张。",
    ),
    # ---- time
    ("Table 6: time", "表 6：时间"),
    (
        "Table 6: seconds a query for {top} results, {n} questions, {stickers} stickers",
        "表 6：每次查询取 {top} 个结果的秒数，{n} 次提问，{stickers} 张表情",
    ),
    (
        "{machine}, {n} cores, one query at a time, after {warm} to warm up.",
        "{machine}，{n} 核，每次一个查询，先热身 {warm} 次。",
    ),
    (
        "PerSRV is asked through the Retriever, which explains every hit; the paper's figures are of an A100.",
        "PerSRV 通过 Retriever 提问，它会解释每个结果；论文的数字来自一块 A100。",
    ),
)

_NAME = re.compile(r"\{(\w+)\}")


def in_chinese(text: str) -> str | None:
    """The Chinese of what the evaluation wrote, its numbers kept; None where there is none."""
    for pattern, chinese in _patterns():
        found = pattern.fullmatch(text)
        if found:
            return chinese.format(**found.groupdict())
    return None


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Every pair with its English as a pattern, in which a {name} is any text."""
    return tuple((re.compile(_pattern(english)), chinese) for english, chinese in _PAIRS)


def _pattern(english: str) -> str:
    parts = _NAME.split(english)  # text, name, text, name, text ...
    return "".join(f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
