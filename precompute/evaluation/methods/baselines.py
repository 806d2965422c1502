"""Methods of Table 3 that need no training of their own: the paper's baselines, PerSRV, and its ablations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from persrv.models.encoders import TextEncoder
from persrv.records import FIELDS, SearchSettings, Text
from persrv.retriever import Retriever
from persrv.settings import with_switches
from precompute.caption_record import CAPTION_FIELDS
from precompute.evaluation.methods.contract import Method, Rank
from precompute.evaluation.world import World
from precompute.stages.translate import is_foreign

#: The ranking that the page serves, with which every other method is compared.
OURS = "PerSRV"


def factory(world: World) -> Sequence[Method]:
    """Make the methods of this module that the bundle has the data for."""
    return (*popularity(world), *text(world), *general(world), *shipped(world), *ablations(world))


def left_out(world: World) -> Sequence[Text]:
    """A sentence on every method of this module that cannot run on this bundle."""
    missing = []
    if not any(world.texts["description"].values()):
        missing.append(
            Text(
                "No row of base VLM captions: the bundle holds no descriptions.",
                "没有 Base VLM captions 一行：数据包里没有描述。",
            )
        )
    if world.encode_text is None:
        missing.append(
            Text(
                "No row CLIP-cn: the bundle holds no text encoder, and none was found on this machine (--clip PATH).",
                "没有 CLIP-cn 一行：数据包里没有文本编码器，这台机器上也没有找到（--clip PATH）。",
            )
        )
    return missing


def popularity(world: World) -> Sequence[Method]:
    """The stickers with the most training clicks, of everybody and of the person, whatever the query is."""
    clicks = Counter(row.sticker for row in world.split.training)
    own: dict[str, Counter[str]] = {}
    for row in world.split.training:
        own.setdefault(row.user, Counter())[row.sticker] += 1
    everybody = _most_clicked(clicks)
    by_user = {user: _most_clicked(counted) for user, counted in own.items()}
    return (
        Method("Global Pop", "popularity", lambda _user, _query, k: everybody[:k]),
        Method("User Pop", "popularity", lambda user, _query, k: by_user.get(user, ())[:k]),
    )


def _most_clicked(clicks: Mapping[str, int]) -> tuple[tuple[str, float], ...]:
    """(sticker, clicks) pairs, most clicked first, ties by id."""
    return tuple((name, float(clicks[name])) for name in sorted(clicks, key=lambda name: (-clicks[name], name)))


def text(world: World) -> Sequence[Method]:
    """BM25 of clicked queries, of the words in the picture, and of both."""
    settings = world.bundle.words_settings
    both = {name: settings.field_weights.get(name, 0.0) for name in ("ocr", "queries")}
    return (
        Method("BM25 (queries)", "text", search(world.retriever, bm25(settings, {"queries": 1.0}))),
        Method("BM25 (ocr)", "text", search(world.retriever, bm25(settings, {"ocr": 1.0}))),
        Method(
            "BM25 (+OCR)",
            "text",
            search(world.retriever, bm25(settings, both)),
            Text(
                "clicked queries and words in the picture, weighted as in PerSRV",
                "点击过的查询和图中文字，权重与 PerSRV 相同",
            ),
        ),
    )


def general(world: World) -> Sequence[Method]:
    """Vision-language models that never saw a click: BM25 of a model's descriptions, and Chinese-CLIP."""
    methods = [*described(world)]
    if world.encode_text is not None:
        rank = dense(world, world.encode_text)
        methods.append(Method("CLIP-cn", "general VLM", rank, CLIP_NOTE))
    return methods


CLIP_NOTE = Text(
    "cosine of the query's text and the picture in the raw embedding space", "原始向量空间里查询文字与图片的余弦"
)


def described(world: World) -> Sequence[Method]:
    """BM25 of the base model's descriptions, in Chinese if possible: the paper's BLIP2 row; empty without any."""
    said = world.texts["description"]
    if not any(said.values()):
        return ()
    if not any(map(is_foreign, said.values())):
        searched = world
        note = Text(
            "BM25 of the base model's descriptions, in Chinese as it wrote them", "用 BM25 检索微调前模型写的中文描述"
        )
    elif world.translation is not None:
        searched = world.retold(description={name: world.translation.of(text) for name, text in said.items()})
        note = Text(
            f"BM25 of the base model's descriptions, translated into Chinese by {world.translation.model}",
            f"用 BM25 检索微调前模型的描述，由 {world.translation.model} 译成中文",
        )
    else:
        searched = world
        note = Text(
            "UNTRANSLATED: BM25 of the base model's descriptions; the paper had Opus-MT translate them into Chinese",
            "未翻译：用 BM25 检索微调前模型的描述原文；论文先用 Opus-MT 译成中文",
        )
    settings = bm25(world.bundle.words_settings, {"description": 1.0})
    return (Method("Base VLM captions", "general VLM", search(searched.retriever, settings), note),)


def dense(world: World, encode: TextEncoder) -> Rank:
    """Rank pictures by cosine to the query's text in the raw embedding space, ties by id."""
    ids = world.ids
    tie = np.argsort(np.argsort(np.array(ids)))

    def rank(_user: str, query: str, k: int) -> Sequence[tuple[str, float]]:
        cosines = world.embeddings @ encode(query)
        best = np.lexsort((tie, -cosines))[:k]
        return [(ids[row], float(cosines[row])) for row in best.tolist()]

    return rank


def shipped(world: World) -> Sequence[Method]:
    """PerSRV as the page serves it, with the settings that validation chose."""
    return (Method(OURS, "ours", search(world.retriever, world.bundle.settings)),)


def ablations(world: World) -> Sequence[Method]:
    """PerSRV without one of its parts each; fields that are empty or have weight 0 are not parts."""
    settings, retriever = world.bundle.settings, world.retriever
    switched = {"w/o personalization": "utility", "w/o utility": "personalization", "w/o both": "none"}
    methods = [
        Method(name, "ablation", search(retriever, with_switches(settings, ranking)))
        for name, ranking in switched.items()
    ]
    if settings.meaning:
        note = Text("the paper's search by words alone, settings of its own", "论文的按词检索，用它自己的设置")
        methods.append(Method("w/o meaning", "ablation", search(retriever, world.bundle.words_settings), note))
    used = [name for name in FIELDS if settings.field_weights.get(name, 0.0) > 0 and len(world.bundle.index[name].rows)]
    for name in used if len(used) > 1 else ():
        weights = {**settings.field_weights, name: 0.0}
        methods.append(Method(f"w/o {name}", "ablation", search(retriever, replace(settings, field_weights=weights))))
    told = [name for name in used if name in CAPTION_FIELDS]
    if len(told) > 1 and len(told) < len(used):
        weights = {**settings.field_weights, **dict.fromkeys(told, 0.0)}
        methods.append(Method("w/o captions", "ablation", search(retriever, replace(settings, field_weights=weights))))
    if "keywords" in used and any(world.texts["keywords_base"].values()):
        base = world.retold(keywords=world.texts["keywords_base"])
        note = Text("the base model's keywords in place of the fine-tuned ones", "用微调前的关键词代替微调后的")
        methods.append(Method("w/o fine-tuning", "ablation", search(base.retriever, settings), note))
    return methods


def bm25(settings: SearchSettings, weights: Mapping[str, float]) -> SearchSettings:
    """Settings for BM25 of some fields, without utility and personalization. weights: field -> weight, else 0."""
    every = {name: weights.get(name, 0.0) for name in settings.field_weights}
    return replace(settings, field_weights=every, use_utility=False, use_personalization=False)


def search(retriever: Retriever, settings: SearchSettings) -> Rank:
    """Rank as the page does; a fallback, shown when no sticker matches, counts as an empty ranking."""

    def rank(user: str, query: str, k: int) -> Sequence[tuple[str, float]]:
        found = retriever.search(query, user, settings, k)
        return [] if found.fallback else [(hit.sticker, hit.final) for hit in found.hits]

    return rank
