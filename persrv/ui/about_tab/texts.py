"""Texts of the evidence tab: key -> (Chinese, English). `{name}` is replaced in the browser."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # ---- evidence
    "about_title": ("这一页凭什么可信", "What this page rests on"),
    "about_lead": (
        "PerSRV 把一句话变成一张表情：先找说得对的，再把你喜欢的画风排到前面，并说明为什么。",
        "PerSRV turns words into a sticker: it finds those that say it, puts the style you love first, and shows why.",
    ),
    "about_paper": (
        "依据论文《PerSRV: Personalized Sticker Retrieval with Vision-Language Model》重新实现。",
        "Re-implemented after the paper “PerSRV: Personalized Sticker Retrieval with Vision-Language Model”.",
    ),
    "about_paper_link": ("arXiv 2410.21801 ↗", "arXiv 2410.21801 ↗"),
    "headline_gain": (
        "人们后来点的每 100 张表情里，按个人口味排序有 {ours} 张排进前十，不按口味有 {without} 张，相差 {gain}，",
        "Of every 100 stickers that people went on to click, {ours} are among the first ten when results follow their "
        "taste, {without} when they do not: {gain}, ",
    ),
    "headline_interval": ("95% 区间", "95% interval"),
    "headline_apart": (" {low} 至 {high}，不只是偶然。", " {low} to {high}, more than chance explains. "),
    "headline_chance": (" {low} 至 {high}，也可能只是偶然。", " {low} to {high}, which may be chance. "),
    "headline_people": ("人和点击都是", "People and clicks are "),
    "headline_simulated": ("模拟的", "simulated"),
    "headline_and": ("；只算", "; counted are "),
    "headline_counted": ("只算", "Counted are "),
    "headline_protocol": ("对这次提问是新的表情", "stickers new to the question"),
    "headline_end": ("。", "."),
    "term_interval": (
        "如果换一批人重新测，差距多半落在这个区间里；区间不含 0，差距就不像偶然。这里把每个人整个抽取来估计。",
        "If other people were measured, the difference would mostly fall in here; where 0 lies outside, chance hardly "
        "explains it. Estimated by drawing people whole.",
    ),
    "term_simulated": (
        "口味是我们放进去的：这说明系统找得到它们，不说明真人会怎样。",
        "We put the tastes in ourselves: this shows that the system finds them, not what real people would do.",
    ),
    "term_protocol": (
        "同一个人训练时为这个查询点过的表情不算；论文的规则把它们留在排序里，每一张都算没有命中（见下面的表）。",
        "Stickers that the person clicked for this query in training are left out. The paper's protocol keeps them in "
        "the ranking, and counts each as a miss (tables below).",
    ),
    "about_gates_reached": ("{of} 项中达到 {n} 项", "{n} of {of} reached"),
    "evidence_better": (
        "“{name}”在这里比 PerSRV 好（{value}，PerSRV {ours}）。",
        "“{name}” does better than PerSRV here ({value}, PerSRV {ours}).",
    ),
    "evidence_better_chance": (
        "“{name}”在这里略高（{value}，PerSRV {ours}），差距可能只是偶然。",
        "“{name}” is a little higher here ({value}, PerSRV {ours}), which may be chance.",
    ),
    "evidence_better_queries": (
        "为什么不去掉“点它时用过的搜索”？因为它们把以前点过的表情带到前面，而论文的规则把这些每一张都算没有命中；"
        "只算新表情时，这个差距不再有利于去掉它（“{other}”：{without}，PerSRV {ours}）。",
        "Why keep the queries that led to a sticker? They bring forward stickers that were clicked before, and the "
        "paper's protocol counts each of those as a miss. Among stickers new to the question, leaving them out is no "
        "longer ahead (“{other}”: {without}, PerSRV {ours}).",
    ),
    "evidence_better_still": (
        "只算新表情时也是如此（“{other}”：{without}，PerSRV {ours}）。设置只按验证点击选定，不因测试结果而改。",
        "Among stickers new to the question, too (“{other}”: {without}, PerSRV {ours}). Settings were chosen on "
        "validation clicks and are not changed after the test.",
    ),
    "about_jumps": ("跳到", "Jump to"),
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
    "about_unclicked_text": (
        "这个数据包由图片构建，里面没有人物，也没有点击。点几张喜欢的表情，结果就会按你的口味排。",
        "This bundle was built from pictures alone, without people or clicks. Like a few stickers, and results follow "
        "your taste.",
    ),
    "about_how": ("名次怎么来的", "How a rank is made"),
    "about_recall": (
        "每个字段的 BM25 加权相加，再加 λ 倍效用（论文式 1–6）；取前 {r} 个。与查询没有共同词的，再热门也不会出现。",
        "BM25 of every field, weighted and summed, plus λ times utility (Eq. 1–6 of the paper); the best {r} go on. "
        "A sticker that shares no word with the query never enters by popularity.",
    ),
    "about_recall_meaning": (
        "文字（每个字段的 BM25 加权相加，以这句话能得的最高分为单位）与意思（句向量的相似度，权重 μ）混合，"
        "再加 λ 倍效用（论文式 1–6 只有文字和效用）；取前 {r} 个。文字和意思都不沾边的，再热门也不会出现。",
        "Words (BM25 of every field, weighted, in units of what this query could reach) and meaning (likeness of "
        "sentence vectors, weight μ) are mixed, plus λ times utility (Eq. 1–6 of the paper have words and utility "
        "only); the best {r} go on. A sticker that neither says nor means it never enters by popularity.",
    ),
    "about_floor": (
        "与这句话的相关不到最相关的 {percent}% 的，口味不往前提。",
        "What fits less than {percent} % as well as the best is not lifted by taste.",
    ),
    "about_rerank": (
        "乘以（1 + α × 口味），口味是与此人风格中心的余弦相似度，簇越大分量越重，取最大的一个，负数计为 0（式 9–10）。"
        "与此人口味都不像的表情保持原分，从不扣分。",
        "Times (1 + α × preference): the cosine to the person's style centroids, each as loud as its cluster is large; "
        "the largest counts, a negative one as 0 (Eq. 9–10). A style unlike any of theirs is left as recalled, never "
        "punished.",
    ),
    "about_rerank_discriminant": (
        "乘以（1 + α × 口味）（式 9–10）。口味是表情在此人线性判别方向上的位置：低于平均算 0，高出平均三个标准差算 1。"
        "这个方向是此人点过的表情的均值乘以整个目录的精度矩阵，所以人人都有的不算数，让这个人的点击与众不同的才算。"
        "不合此人口味的表情保持原分，从不扣分。",
        "Times (1 + α × preference) (Eq. 9–10): the sticker's place on the person's linear discriminant, 0 for the "
        "catalogue's average or less, 1 for three standard deviations above it. The discriminant is the mean of what "
        "the person clicked times the catalogue's precision matrix, so that what all stickers vary in counts little, "
        "and what sets this person's clicks apart counts much. A style unlike theirs is left as recalled, never "
        "punished.",
    ),
    "departure_discriminant": (
        "论文取最近的一个风格簇。我们把所有簇合成一个判别方向：验证点击排得更靠前，也不更偏离意思。簇仍用来说明口味、画地图。",
        "The paper takes the nearest style cluster. We put all clusters together into one discriminant: validation "
        "clicks rank higher, at no loss of meaning. Clusters still describe tastes, and show on the map.",
    ),
    "engine_local": ("召回：由本进程里的索引回答。", "Recall: the index in this process answers."),
    "engine_milvus": ("召回：由 Milvus 回答。", "Recall: Milvus answers."),
    "engine_stands_in": (
        "召回：Milvus 没有回答，由本进程里的索引顶替，得分相同。",
        "Recall: Milvus does not answer. The index in this process stands in for it; scores are the same.",
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
    "setting_w": ("w 效用里点击、人数、搜索的权重", "w weights of clicks, people, queries in utility"),
    "setting_r": ("R 取前多少张重排", "R how many are re-ranked by taste"),
    "setting_meaning": ("μ 意思的权重", "μ weight of meaning"),
    "setting_floor": ("口味的下限：相关的份额", "Floor of taste: share of the best relevance"),
    "setting_threshold": ("门槛：低于它就说没有", "Threshold: below it, nothing is claimed"),
    "about_cite": ("引用", "Cite"),
    "cite_paper": ("论文", "The paper"),
    "cite_software": ("这个软件和数据包", "This software and its bundle"),
    "cite_methods": ("方法段落", "A paragraph of methods"),
    "cite_copy": ("复制", "Copy"),
    "cite_methods_simulated": (
        "我们用 PerSRV（arXiv 2410.21801）的开源重新实现，在模拟世界“{name}”上检索：{stickers} 张由代码绘制的表情，"
        "{people} 位模拟人物及其模拟点击。先按文字、意思和效用召回，再按每个人点击过的画风聚类重排。设置：{settings}。"
        "数据包 sha256 {hash}。",
        "Rankings were produced with an open re-implementation of PerSRV (arXiv 2410.21801) on the simulated world "
        "“{name}”: {stickers} stickers drawn by code, {people} simulated people and their simulated clicks. Stickers "
        "are recalled by words, meaning and utility, then re-ranked by the style clusters of each person's clicks. "
        "Settings: {settings}. Bundle sha256 {hash}.",
    ),
    "cite_methods_real": (
        "我们用 PerSRV（arXiv 2410.21801）的开源重新实现，在数据包“{name}”上检索：{stickers} 张表情，{people} 位用户。"
        "先召回，再按每个人点击过的画风聚类重排。设置：{settings}。数据包 sha256 {hash}。",
        "Rankings were produced with an open re-implementation of PerSRV (arXiv 2410.21801) on the bundle “{name}”: "
        "{stickers} stickers, {people} people. Stickers are recalled, then re-ranked by the style clusters of each "
        "person's clicks. Settings: {settings}. Bundle sha256 {hash}.",
    ),
    "setting_field": ("权重：{field}", "Weight: {field}"),
    # ---- what the names of figures mean; {k} is how far down a ranking is looked
    "figure_is_m_mrr": (
        "{name}：每次提问，对前 {k} 名里每一张相关的表情（点过的，或这句话所写的）求 1/名次之和，再取平均。越大越好。",
        "{name}: for each question the sum of 1/rank over all relevant stickers (clicked, or what the words were"
        " written for) among the first {k}, averaged. Larger is better.",
    ),
    "figure_is_mrr": (
        "{name}：第一张相关的表情（点过的，或这句话所写的）的 1/名次，前 {k} 名里没有则为 0，再取平均。越大越好。",
        "{name}: 1/rank of the first relevant sticker (clicked, or what the words were written for), 0 where none is"
        " among the first {k}, averaged. Larger is better.",
    ),
    "figure_is_r": (
        "{name}（召回率）：相关的表情（点过的，或这句话所写的）里，有多大比例在前 {k} 名。越大越好。",
        "{name} (recall): the share of the relevant stickers (clicked, or what the words were written for) that are"
        " among the first {k}. Larger is better.",
    ),
    "figure_is_success": (
        "{name}：有多大比例的提问，前 {k} 名里至少有一张相关的表情（点过的，或这句话所写的）。越大越好。",
        "{name}: the share of questions with a relevant sticker (clicked, or what the words were written for) among"
        " the first {k}. Larger is better.",
    ),
    "about_gates": ("关口", "Gates"),
    "about_gates_text": (
        "做数据包时量得的数与事先定下的目标；没达到的也写在这里。",
        "What was measured when the bundle was made, against goals set before; misses are shown too.",
    ),
    "about_doubts": ("打开数据包时发现", "Found when this bundle was opened"),
    "doubt_counts": (
        "效用的计数和训练点击对不上：效用一项可能是错的。",
        "The utility counts are not those of the training clicks: utility may be wrong.",
    ),
    "doubt_style_mean": (
        "风格均值不是向量的均值：口味一项可能是错的。",
        "The style mean is not the mean of the embeddings: preference may be wrong.",
    ),
    "doubt_clusters": (
        "有的代表表情落在自己的口味簇之外：口味一项可能是错的。",
        "Exemplars lie outside their clusters: preference may be wrong.",
    ),
    "doubt_meaning": (
        "存下的含义不属于这些表情的文字：含义一项可能是错的。",
        "The meanings are not of the stickers' texts: meaning may be wrong.",
    ),
    "doubt_lexicon": (
        "词表和表情的文字对不上：查询可能被读错。",
        "The lexicon is not that of the stickers' texts: queries may be read wrongly.",
    ),
    "doubt_hashes": (
        "数据包太大，打开时没有核对哈希；用 app.py --check，或 python -m persrv verify 核对。",
        "This bundle is large, so its hashes were not compared when it was opened: app.py --check does, and "
        "python -m persrv verify.",
    ),
    "about_gates_none": ("这个数据包没有记录关口。", "This bundle records no gates."),
    "gate": ("关口", "Gate"),
    "gate_is_ocr_exact": ("文字识别一字不差", "Text read exactly by OCR"),
    "gate_is_onnx_difference": ("CLIP：ONNX 与 PyTorch 相差", "CLIP: ONNX differs from PyTorch"),
    "gate_is_style_purity": ("没见过的系列按画风聚类的纯度", "Purity of style clusters, unseen series"),
    "gate_is_text_image_recall_at_5": ("以文找图 R@5，没见过的表情", "Text to picture R@5, unseen stickers"),
    "gate_is_vlm_character": ("描述：角色说对", "Description tells the character"),
    "gate_is_vlm_cosine_gain": ("关键词：微调带来的余弦增益", "Keywords: cosine gained by fine-tuning"),
    "gate_is_vlm_expression": ("描述：感受说对", "Description tells the feeling"),
    "gate_is_vlm_onnx_difference": ("配文模型：ONNX 与 PyTorch 相差", "Captioner: ONNX differs from PyTorch"),
    "gate_is_vlm_pose_or_prop": ("描述：姿势或物件说对", "Description tells pose or things"),
    "gate_is_vlm_recall_ocr": ("关键词召回，画面加文字", "Keyword recall, picture and OCR"),
    "gate_is_vlm_recall_picture": ("关键词召回，只看画面", "Keyword recall, picture alone"),
    "gate_is_vlm_style": ("描述：画风说对", "Description tells the style"),
    "gate_is_vlm_weights_megabytes": ("配文模型的大小（MB）", "Size of the captioner in MB"),
    "gate_value": ("测得", "Measured"),
    "gate_goal": ("目标", "Goal"),
    "gate_cases": ("样本数", "Cases"),
    "gate_result": ("结果", "Result"),
    "passed": ("达到", "met"),
    "missed": ("未达到", "missed"),
    "evidence_simulated": (
        "这些数字来自模拟世界，不能与论文中的数字相比。",
        "These numbers come from the simulated world and cannot be compared with the paper's.",
    ),
    "evaluation_paper": ("论文的指标", "The paper's metrics"),
    "evaluation_usual": ("通常的指标", "The usual metrics"),
    "evaluation_micro": ("按提问平均", "Averaged over questions"),
    # ---- evidence: both protocols, kinds of clicks, captions
    "protocol_all": ("论文的规则", "The paper's protocol"),
    "protocol_new": ("对这次提问是新的表情", "Stickers new to the question"),
    "interval": ("{low} 至 {high}", "{low} to {high}"),
    "clicks_cold": ("冷门表情", "Cold stickers"),
    "clicks_warm": ("训练中点过的表情", "Warm stickers"),
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
    "about_notes": ("数据包附注：{notes}", "Notes of the bundle: {notes}"),
    # ---- evidence: experiments
    "evidence_title": ("实验", "Experiments"),
    "evidence_text": (
        "对这个数据包做过的全部实验，一次看一个。方法和指标的名称保留英文。",
        "Every experiment that ran on this bundle, one at a time.",
    ),
    "evidence_sections": ("哪个实验", "Which experiment"),
    "evidence_waiting": ("正在取来…", "On its way…"),
    "evidence_data": ("数据：{data}", "Data: {data}"),
    "evidence_notes": ("附注", "Notes"),
    "evidence_table": ("表", "Table"),
    "evidence_figure": ("指标", "Figure"),
    "evidence_against": ("比较对象", "Compared with"),
    "evidence_people": ("每个人", "Every person"),
    "evidence_tests": ("{metric} 的显著性", "Significance of {metric}"),
    "evidence_whole": ("整张表", "Whole table"),
    "evidence_bold": (
        "粗体：同列中最好的。数字下面是 95% 区间，再下面是论文的数字。",
        "Bold: the best of a column. Below a figure its 95% interval, and below that the paper's figure.",
    ),
    "evidence_files": ("另存为", "Save as"),
    "evidence_paper": ("论文 {value}", "paper {value}"),
    "evidence_paper_note": (
        "菱形是论文的数字：数据不同，只并列，不能相比。",
        "Diamonds: the paper's figures, of other data. They stand beside ours and cannot be compared with them.",
    ),
    "evidence_and": ("；", "; "),
    "evidence_apart_all": (
        "经 Holm 校正后（p < .05），{of} 项的差异都不像是偶然。",
        "After Holm's correction all {of} differ beyond chance (p < .05).",
    ),
    "evidence_apart_none": (
        "经 Holm 校正后（p < .05），{of} 项中没有一项能与偶然分开。",
        "After Holm's correction none of {of} differs beyond chance (p < .05).",
    ),
    "evidence_apart_but": (
        "经 Holm 校正后（p < .05），{of} 项中有 {n} 项的差异不像是偶然；分不清的：{names}。",
        "After Holm's correction {n} of {of} differ beyond chance (p < .05); not told apart: {names}.",
    ),
    "evidence_apart_only": (
        "经 Holm 校正后（p < .05），{of} 项中只有 {n} 项的差异不像是偶然：{names}。",
        "After Holm's correction {n} of {of} differ beyond chance (p < .05): {names}.",
    ),
    "evidence_pairs": ("空心圈：{before}；实心点：{after}。", "Ring: {before}. Dot: {after}."),
    "evidence_curves": ("曲线：{y}", "Curves: {y}"),
    "evidence_on_validation": ("在验证点击上测得。", "Measured on validation clicks. "),
    "evidence_on_test": ("在测试点击上测得。", "Measured on test clicks. "),
    "evidence_curves_text": (
        "色带是 95% 区间，空心圈是验证集选出的值；各图纵轴相同，横轴按试过的值等距排开。",
        "Bands: 95% intervals. Rings: what validation chose. One vertical scale for all; the values that were tried "
        "stand at even steps.",
    ),
    "evidence_curve": ("{title}：{y} 在 {low} 与 {high} 之间", "{title}: {y} between {low} and {high}"),
    "evidence_chosen": ("选出：{x}", "chosen: {x}"),
    "evidence_values": ("全部数值", "All values"),
    "evidence_curve_name": ("曲线", "Curve"),
    "evidence_clicks_title": ("逐次点击：赢了哪些，输了哪些", "Click by click: won and lost"),
    "evidence_clicks_counts": (
        "{of} 次测试点击：{up} 次升，{down} 次降，{same} 次不变，{none} 次两边都不在前 {depth}。",
        "Of {of} test clicks {up} rise, {down} fall, {same} stay, and {none} are among the first {depth} of neither.",
    ),
    "evidence_clicks_some": (
        "{of} 次测试点击，均匀取出 {shown} 次：{up} 次升，{down} 次降，{same} 次不变，{none} 次两边都不在前 {depth}。",
        "Of {of} test clicks these are {shown}, taken at even steps: {up} rise, {down} fall, {same} stay, and {none} "
        "are among the first {depth} of neither.",
    ),
    "evidence_clicks_note": (
        "圆越大，同一对名次的点击越多。名次按论文的规则，与搜索页显示的相同。",
        "The larger a circle, the more clicks have these two ranks. Ranks are those that the search shows: the paper's "
        "protocol.",
    ),
    "evidence_scatter": (
        "每次测试点击的名次：横轴 {method}，纵轴 {ours}。方向键逐个看，回车键打开。",
        "Ranks of every test click, {method} across, {ours} down. Arrow keys walk, Enter opens.",
    ),
    "evidence_rank": ("{method} 的名次", "Rank: {method}"),
    "evidence_rises": ("升", "rises"),
    "evidence_falls": ("降", "falls"),
    "evidence_point": ("点一个圆，到搜索里看。", "Choose a circle to see it in the search."),
    "evidence_click": ("“{q}” · {name}：{before} → {after}", "“{q}” · {name}: {before} → {after}"),
    "evidence_dot": ("{n} 次点击：{before} → {after}", "{n} {n:click|clicks}: {before} → {after}"),
    "evidence_here": ("这里的 {n} 次点击", "The {n} {n:click|clicks} here"),
    "evidence_wins": ("升得最多", "Largest rises"),
    "evidence_losses": ("降得最多", "Largest falls"),
    # ---- evidence: what an import left out
    "left_out_title": ("没有收进来的", "What was left out"),
    "left_out_files": (
        "文件夹“{folder}”：{files} 个文件，收进 {pictures} 张图片。",
        "Folder “{folder}”: {files} files, of which {pictures} are pictures in this bundle.",
    ),
    "left_out_rows": (
        "“{file}”：{rows} 行，收进 {clicks} 次点击。",
        "“{file}”: {rows} rows, of which {clicks} are clicks in this bundle.",
    ),
    "left_out_none": ("没有遗漏。", "Nothing was left out."),
}
