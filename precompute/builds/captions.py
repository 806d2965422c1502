"""What the trained models write about the stickers, and how good it is: the pipeline's own composition of that.

Validation clicks choose between the two fine-tuned variants, test clicks judge; neither was seen by any training.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from PIL import Image

from persrv.models.answers import keywords_of, split_answer
from persrv.records import Gate, Interaction, Text
from precompute.caption_record import SEPARATOR, Caption
from precompute.config import CaptionConfig
from precompute.demo.spec import StickerSpec
from precompute.fit.split import TrainInteractions
from precompute.models.small import llava, llava_onnx
from precompute.models.small.llava_beams import likeliest
from precompute.runtime.progress import Report
from precompute.stages import caption_metrics as metrics
from precompute.stages.caption import AnswerBatch, caption_all

T = TypeVar("T")

#: The two ways in which the fine-tuned model is asked for keywords: shown the picture alone, or its OCR text as well.
VARIANTS = ("tuned_picture", "tuned_ocr")

#: Examples of each kind that the evidence shows.
_EXAMPLES = 6


# ---- answers --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Described:
    """What the base model wrote: sticker id -> its description ("1. ... | 2. ..."), and its keywords."""

    descriptions: Mapping[str, str]
    keywords: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Written:
    """What the fine-tuned model wrote: both variants' keywords of the held-out stickers, and which variant validation
    chose, with its keywords of every sticker."""

    variants: Mapping[str, Mapping[str, tuple[str, ...]]]
    shipped: str
    keywords: Mapping[str, tuple[str, ...]]


def captions(base: Described, tuned: Written) -> dict[str, Caption]:
    """Sticker id -> its caption."""
    return {
        name: Caption(
            *split_answer(answer), SEPARATOR.join(base.keywords[name]), SEPARATOR.join(tuned.keywords.get(name, ()))
        )
        for name, answer in base.descriptions.items()
    }


def describe(folder: Path, model: Path, images: Mapping[str, Path], config: CaptionConfig, bar: Report) -> Described:
    """Ask the saved base model about every sticker, greedily; answers are kept in `folder` as they come."""
    total = 2 * len(images)
    general = dict.fromkeys(images, llava.prompt(llava.GENERAL))
    plain = dict.fromkeys(images, llava.keyword_prompt())
    descriptions = caption_all(
        images,
        general,
        folder / ".description.jsonl",
        _greedy(model, config.description_tokens),
        config.batch,
        lambda now, _: bar(now, total),
    )
    listed = caption_all(
        images,
        plain,
        folder / ".keywords.jsonl",
        _greedy(model, config.term_tokens),
        config.batch,
        lambda now, _: bar(len(images) + now, total),
    )
    return Described(descriptions, {name: keywords_of(answer, config.most) for name, answer in listed.items()})


def write(
    folder: Path,
    tuned: Path,
    images: Mapping[str, Path],
    texts: Mapping[str, str],
    validation: HeldOut,
    test: HeldOut,
    config: CaptionConfig,
    bar: Report,
) -> Written:
    """Ask the saved fine-tuned model about the stickers; answers are kept in `folder` as they come. The variant that
    recalls more of the validation clicks' queries is asked about all.
    """
    judged = {name: images[name] for name in sorted({*validation.queries, *test.queries})}
    total = len(images) + len(judged)
    answer = _likeliest(tuned, config)

    def keywords(kind: str, some: Mapping[str, Path], done: int) -> dict[str, tuple[str, ...]]:
        prompts = {name: llava.keyword_prompt(texts[name] if kind == "tuned_ocr" else None) for name in some}
        told = lambda now, _: bar(done + now, total)  # noqa: E731
        answers = caption_all(some, prompts, folder / f".{kind}.jsonl", answer, max(1, config.batch // 4), told)
        return {name: keywords_of(said, config.most) for name, said in answers.items()}

    variants = {kind: keywords(kind, judged, place * len(judged)) for place, kind in enumerate(VARIANTS)}
    shipped = max(VARIANTS, key=lambda kind: mean_recall(variants[kind], validation.queries))
    return Written(variants, shipped, keywords(shipped, images, len(judged)))  # it has answered the judged ones already


def _greedy(folder: Path, most: int) -> AnswerBatch:
    """The saved model, answering greedily with at most `most` tokens."""
    model, processor = llava.load(folder)
    return lambda pictures, prompts: llava.answer(model, processor, pictures, prompts, most)


def _likeliest(folder: Path, config: CaptionConfig) -> AnswerBatch:
    """The saved model, answering with its likeliest keywords as one list; the first decides how sure it is."""
    model, processor = llava.load(folder)

    def answer(pictures: Sequence[Image.Image], prompts: Sequence[str]) -> list[llava.Answer]:
        found = likeliest(model, processor, pictures, prompts, config.most, config.keyword_tokens)
        return [llava.Answer(SEPARATOR.join(one.text for one in some), some[0].sure) for some in found]

    return answer


# ---- judging --------------------------------------------------------------------------------------------------------


def judge_base(
    descriptions: Mapping[str, str], specs: Sequence[StickerSpec], config: CaptionConfig
) -> tuple[dict[str, Gate], dict[str, Any]]:
    """Gates of what the base model says of `specs`, whose triples training never showed; and examples by sticker id."""
    right = {spec.id: metrics.right_parts(descriptions[spec.id], spec) for spec in specs}
    found = metrics.shares(list(right.values()))
    goals = {
        "vlm_expression": ("feels", config.expression_goal),
        "vlm_character": ("character", config.character_goal),
        "vlm_style": ("style", config.style_goal),
        "vlm_pose_or_prop": ("pose_or_prop", config.pose_goal),
    }
    gates = {name: at_least(found.get(part, 0.0), goal, len(specs)) for name, (part, goal) in goals.items()}
    shown = evenly(sorted(specs, key=lambda spec: spec.id), 2 * _EXAMPLES)
    examples = [_base_example(spec, descriptions[spec.id], right[spec.id]) for spec in shown]
    return gates, {"shares": found, "base_examples": examples}


def evenly(items: Sequence[T], count: int) -> list[T]:
    """At most `count` of the items, in their order, at even distances: nobody chose them."""
    chosen = min(count, len(items))
    return [items[place * len(items) // chosen] for place in range(chosen)]


def _base_example(spec: StickerSpec, answer: str, right: Mapping[str, bool]) -> dict[str, Any]:
    description, emotion = split_answer(answer)
    truth = {"character": spec.character, "style": spec.style, "situation": spec.situation}
    return {"sticker": spec.id, "description": description, "emotion": emotion, "truth": truth, "right": dict(right)}


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Stickers that nobody clicked in what fine-tuning saw, with the queries of held-back clicks on them.

    queries: all of them as typed, accidents included; meant: those typed for the situation the sticker shows (the
    simulation knows what people had in mind), for stickers that have any.
    """

    queries: Mapping[str, tuple[str, ...]]
    meant: Mapping[str, tuple[str, ...]]


def held_out(rows: Iterable[Interaction], fitting: TrainInteractions, meant: Callable[[Interaction], bool]) -> HeldOut:
    """The held-out stickers of some held-back clicks."""
    seen = {row.sticker for row in fitting}
    fresh = [row for row in rows if row.sticker not in seen]
    return HeldOut(_by_sticker(fresh), _by_sticker(row for row in fresh if meant(row)))


def _by_sticker(rows: Iterable[Interaction]) -> dict[str, tuple[str, ...]]:
    grouped: dict[str, list[str]] = {}
    for row in rows:
        grouped.setdefault(row.sticker, []).append(row.query)
    return {name: tuple(sorted(set(queries))) for name, queries in sorted(grouped.items())}


def mean_recall(keywords: Mapping[str, Sequence[str]], queries: Mapping[str, Sequence[str]]) -> float:
    """Mean keyword recall over the stickers of `queries`; 0 where there is none."""
    found = [metrics.keyword_recall(keywords[name], asked) for name, asked in queries.items()]
    return float(np.mean(found)) if found else 0.0


def figures(keywords: Mapping[str, Sequence[str]], held: HeldOut, embed: metrics.EmbedTexts) -> dict[str, Any]:
    """Keyword recall (queries meant for the sticker; all), cosine and BLEU of some keywords on held-out stickers."""
    names = sorted(held.queries)
    written = [SEPARATOR.join(keywords[name]) for name in names]
    wanted = [SEPARATOR.join(held.queries[name]) for name in names]
    tokens = [metrics.token_recall(keywords[name], asked) for name, asked in held.meant.items()]
    return {
        "recall": mean_recall(keywords, held.meant),
        "recall_all": mean_recall(keywords, held.queries),
        "token_recall": float(np.mean(tokens)) if tokens else 0.0,
        "cosine": metrics.mean_cosine(written, wanted, embed) if names else 0.0,
        "bleu": metrics.bleu(written, wanted) if names else 0.0,
        "stickers": len(held.meant),
        "queries": sum(map(len, held.meant.values())),
        "stickers_all": len(names),
        "queries_all": sum(map(len, held.queries.values())),
    }


def oracle(
    fitting: TrainInteractions, situation_of: Mapping[str, str], names: Iterable[str], most: int
) -> dict[str, tuple[str, ...]]:
    """What somebody would write who knows each sticker's situation and how often its stickers were found by what in
    the training interactions: the `most` commonest queries, ties by text. The ceiling of every caption of that length.
    """
    counts: dict[str, dict[str, int]] = {}
    for row in fitting:
        asked = counts.setdefault(situation_of[row.sticker], {})
        asked[row.query] = asked.get(row.query, 0) + 1
    best = {name: sorted(asked, key=lambda query: (-asked[query], query))[:most] for name, asked in counts.items()}
    return {name: tuple(best.get(situation_of[name], ())) for name in names}


def examples(
    held: HeldOut, written: Mapping[str, Mapping[str, Sequence[str]]], shipped: str, texts: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The first held-out stickers by id of whose queries the shipped variant wrote all, and the first of none."""
    recall = {name: metrics.keyword_recall(written[shipped][name], asked) for name, asked in held.queries.items()}
    chosen = {kind: [n for n, r in sorted(recall.items()) if r == r_wanted][:_EXAMPLES] for kind, r_wanted in _KINDS}
    return [
        {
            "sticker": name,
            "ocr": texts[name],
            "reference": list(held.queries[name]),
            **{who: SEPARATOR.join(keywords[name]) for who, keywords in written.items()},
            "recall": recall[name],
            "kind": kind,
        }
        for kind, names in chosen.items()
        for name in names
    ]


_KINDS = (("good", 1.0), ("bad", 0.0))


def judge_tuned(
    base: Described,
    written: Written,
    validation: HeldOut,
    test: HeldOut,
    ceiling: Mapping[str, Sequence[str]],
    texts: Mapping[str, str],
    embed: metrics.EmbedTexts,
    config: CaptionConfig,
) -> tuple[dict[str, Gate], dict[str, Any]]:
    """Gates of the keywords on stickers whose queries fine-tuning never saw, and what the evidence shows of them.

    Test clicks judge; validation clicks chose the variant. ceiling: the keywords of `oracle`.
    """
    known = {"base": base.keywords, **written.variants}
    found = {who: figures(keywords, test, embed) for who, keywords in known.items()}
    picture, read, plain = found["tuned_picture"], found["tuned_ocr"], found["base"]
    gates = {
        "vlm_recall_picture": at_least(picture["recall"], config.picture_goal, picture["stickers"]),
        "vlm_recall_ocr": at_least(read["recall"], config.ocr_goal, read["stickers"]),
        "vlm_cosine_gain": at_least(picture["cosine"] - plain["cosine"], config.cosine_goal, picture["stickers_all"]),
    }
    return gates, {
        "rows": [{"name": who, "shipped": who == written.shipped, **row} for who, row in found.items()],
        "validation": {kind: mean_recall(written.variants[kind], validation.queries) for kind in VARIANTS},
        "ceiling": mean_recall(ceiling, test.meant),
        "ceiling_all": mean_recall(ceiling, test.queries),
        "rule": RULE.to_json(),
        "examples": examples(test, known, written.shipped, texts),
    }


def export_live(
    folder: Path,
    base: Path,
    tuned: Path,
    images: Mapping[str, Path],
    texts: Mapping[str, str],
    reads_text: bool,
    config: CaptionConfig,
) -> tuple[Gate, dict[str, Any]]:
    """Write what the page captions with into `folder`, and hold it to torch's answers for some of the stickers."""
    model, processor = llava.load(base)
    speaker, _ = llava.load(tuned)
    described = llava_onnx.describe(
        model, processor, reads_text, config.description_tokens, config.keyword_tokens, config.most, config.most
    )
    llava_onnx.export(model, speaker, described, llava.pieces_of(processor.tokenizer), folder)
    names = evenly(sorted(images), config.parity_cases)
    pictures = [_first_frame(images[name]) for name in names]
    found = llava_onnx.parity(model, speaker, processor, described, folder, pictures, [texts[name] for name in names])
    gate = at_most(found.difference, config.parity_goal, found.texts)
    return gate, {"live_answers_equal_to_torch": found.agreeing, "of": found.texts}


def _first_frame(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        return picture.convert("RGBA")


def spelling(texts: Mapping[str, str], model: Path) -> dict[str, int]:
    """How many tokens of the OCR texts the model's tokenizer cannot spell, and of how many stickers."""
    _, processor = llava.load(model)
    counts = [llava.unspelt(processor.tokenizer, text) for text in texts.values()]
    return {
        "tokens": sum(missing for missing, _ in counts),
        "of": sum(total for _, total in counts),
        "stickers": sum(missing > 0 for missing, _ in counts),
    }


#: The rule of `examples`, for whoever reads them.
RULE = Text(
    "Stickers that have test clicks but no click that fine-tuning saw, by id: the first "
    f"{_EXAMPLES} for which the shipped variant wrote every test query word for word, and the first {_EXAMPLES} for "
    f"which it wrote none. For descriptions: {2 * _EXAMPLES} stickers of held-out (character, style, situation), at "
    "even distances by id.",
    f"在微调所见的点击里没有、但有测试点击的表情中，按编号：采用的模型把测试查询全部一字不差写出的前 {_EXAMPLES} 张，"
    f"一条都没写出的前 {_EXAMPLES} 张；描述：从留出的（角色、画风、场合）里按编号等距取 {2 * _EXAMPLES} 张。",
)


def at_least(value: float, goal: float, cases: int) -> Gate:
    return Gate(value, goal, cases, value >= goal)


def at_most(value: float, goal: float, cases: int) -> Gate:
    return Gate(value, goal, cases, value <= goal)
