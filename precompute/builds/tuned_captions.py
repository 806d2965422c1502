"""Keywords by the fine-tuned model, their quality, and the models that the page captions with.

Validation clicks choose between the two fine-tuned variants, test clicks judge; neither was seen by any training.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from persrv.files.picture_files import open_picture
from persrv.models.answers import keywords_of, split_answer
from persrv.records import Gate, Interaction, Text
from persrv.sampling import evenly
from precompute.builds import base_captions
from precompute.builds.base_captions import Described
from precompute.caption_record import SEPARATOR, Caption
from precompute.fit.split import TrainInteractions
from precompute.models.small import clip, llava, llava_onnx
from precompute.runtime.batch_store import Columns
from precompute.runtime.cache import write_json
from precompute.runtime.progress import Report
from precompute.stages import caption_metrics as metrics
from precompute.stages.caption import CaptionPrompt, answers_in

if TYPE_CHECKING:
    from precompute.config import CaptionConfig

#: The two ways in which the fine-tuned model is asked for keywords: shown the picture alone, or its OCR text as well.
VARIANTS = ("tuned_picture", "tuned_ocr")

#: Examples of each kind that the evidence shows.
_EXAMPLES = 6

#: Files of the captions and of their quality, and folder of the page's models, below the stage's folder.
_CAPTIONS, JUDGED, MODELS = "captions.json", "vlm.json", "models"


# ---- answers --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Written:
    """Keywords by the fine-tuned model: both variants' keywords of the held-out stickers, and which variant validation
    chose, with its keywords of every sticker.
    """

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


def prompts(config: CaptionConfig) -> tuple[CaptionPrompt, ...]:
    """Prompts of the fine-tuned model about a sticker, in the order of VARIANTS."""
    words = (llava.KEYWORDS, f"{llava.KEYWORDS}{llava.READ}")
    return tuple(
        CaptionPrompt(kind, llava.prompt(said), config.keyword_tokens)
        for kind, said in zip(VARIANTS, words, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Models:
    """Folders of the trained models. clip: the Chinese-CLIP; base: the LLaVA before fine-tuning; tuned: after it;
    adapter: what fine-tuning learnt."""

    clip: Path
    base: Path
    tuned: Path
    adapter: Path


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Held-out data that fine-tuning never saw. validation chooses the variant, test judges; ceiling: the keywords of
    `oracle`.
    """

    validation: HeldOut
    test: HeldOut
    ceiling: Mapping[str, Sequence[str]]


def write(
    columns: Sequence[Columns],
    models: Models,
    described: Path,
    held: HeldBack,
    texts: Mapping[str, str],
    config: CaptionConfig,
    folder: Path,
    report: Report,
) -> dict[str, Any]:
    """Write every sticker's captions, judge the keywords, and export the models that the page captions with.

    columns: the answers of each of VARIANTS about every sticker; described: the folder where the base model's answers
    lie; texts: sticker id -> what OCR read.
    """
    base, written = base_captions.read(described), write_keywords(columns, held, config.most, report)
    seen, tokenizer = clip.load(models.clip)
    gates, found = judge(base, written, held, texts, partial(clip.embed_texts, seen, tokenizer), config)
    size = llava.megabytes(models.base, models.adapter)
    parity, live = export_live(folder / MODELS, models, columns[0].paths, texts, written.shipped == "tuned_ocr", config)
    gates |= {
        "vlm_onnx_difference": parity,
        "vlm_weights_megabytes": Gate.at_most(size, config.megabytes_goal, 1),
    }
    before = json.loads((described / base_captions.JUDGED).read_text(encoding="utf-8"))
    write_json(folder / _CAPTIONS, {name: asdict(said) for name, said in captions(base, written).items()})
    write_json(folder / JUDGED, {**found, **before, "unspelt": spelling(texts, models.base)})
    return {"shipped": written.shipped, **live, "gates": {name: asdict(gate) for name, gate in gates.items()}}


def read(folder: Path) -> dict[str, Caption]:
    """Sticker id -> its caption, as `write` wrote them."""
    rows = json.loads((folder / _CAPTIONS).read_text(encoding="utf-8"))
    return {name: Caption(**row) for name, row in rows.items()}


def write_keywords(columns: Sequence[Columns], held: HeldBack, most: int, report: Report) -> Written:
    """Ask both variants about the held-out stickers, and the one that recalls more of the validation clicks' queries
    about all. columns: the answers of each of VARIANTS about every sticker; most: keywords of a sticker.
    """
    of, validation = dict(zip(VARIANTS, columns, strict=True)), held.validation
    judged = {*validation.queries, *held.test.queries}
    everything = columns[0].keys
    total = len(everything) + len(judged)

    def keywords(kind: str, names: Collection[str], done: int) -> dict[str, tuple[str, ...]]:
        answers = answers_in(of[kind].only(names), lambda now, _: report(done + now, total)).get(kind, {})
        return {name: keywords_of(said, most) for name, said in answers.items()}

    variants = {kind: keywords(kind, judged, place * len(judged)) for place, kind in enumerate(VARIANTS)}
    shipped = max(VARIANTS, key=lambda kind: mean_recall(variants[kind], validation.queries))
    return Written(variants, shipped, keywords(shipped, everything, len(judged)))  # the judged ones are answered


# ---- judging --------------------------------------------------------------------------------------------------------


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
    """Keywords by an oracle that knows each sticker's situation and its training clicks: the `most` commonest queries
    that led to the situation's stickers, ties by text. The ceiling of every caption of that length.
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
    """The first held-out stickers, by id, for which the shipped variant wrote all queries, and the first for which it
    wrote none.
    """
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


def judge(
    base: Described,
    written: Written,
    held: HeldBack,
    texts: Mapping[str, str],
    embed: metrics.EmbedTexts,
    config: CaptionConfig,
) -> tuple[dict[str, Gate], dict[str, Any]]:
    """Gates of the keywords on stickers whose queries fine-tuning never saw, and what the evidence shows of them.

    Test clicks judge; validation clicks chose the variant.
    """
    test = held.test
    known = {"base": base.keywords, **written.variants}
    found = {who: figures(keywords, test, embed) for who, keywords in known.items()}
    picture, read, plain = found["tuned_picture"], found["tuned_ocr"], found["base"]
    gates = {
        "vlm_recall_picture": Gate.at_least(picture["recall"], config.picture_goal, picture["stickers"]),
        "vlm_recall_ocr": Gate.at_least(read["recall"], config.ocr_goal, read["stickers"]),
        "vlm_cosine_gain": Gate.at_least(
            picture["cosine"] - plain["cosine"], config.cosine_goal, picture["stickers_all"]
        ),
    }
    return gates, {
        "rows": [{"name": who, "shipped": who == written.shipped, **row} for who, row in found.items()],
        "validation": {kind: mean_recall(written.variants[kind], held.validation.queries) for kind in VARIANTS},
        "ceiling": mean_recall(held.ceiling, test.meant),
        "ceiling_all": mean_recall(held.ceiling, test.queries),
        "rule": RULE.to_json(),
        "examples": examples(test, known, written.shipped, texts),
    }


def export_live(
    folder: Path,
    models: Models,
    images: Mapping[str, Path],
    texts: Mapping[str, str],
    reads_text: bool,
    config: CaptionConfig,
) -> tuple[Gate, dict[str, Any]]:
    """Write what the page captions with into `folder`, and hold it to torch's answers for some of the stickers."""
    model, processor = llava.load(models.base)
    speaker, _ = llava.load(models.tuned)
    described = llava_onnx.describe(
        model, processor, reads_text, config.description_tokens, config.keyword_tokens, config.most, config.most
    )
    llava_onnx.export(model, speaker, described, llava.pieces_of(processor.tokenizer), folder)
    names = evenly(sorted(images), config.parity_cases)
    pictures = [_first_frame(images[name]) for name in names]
    found = llava_onnx.parity(model, speaker, processor, described, folder, pictures, [texts[name] for name in names])
    gate = Gate.at_most(found.difference, config.parity_goal, found.texts)
    return gate, {"live_answers_equal_to_torch": found.agreeing, "of": found.texts}


def _first_frame(path: Path) -> Image.Image:
    with open_picture(path) as picture:
        return picture.convert("RGBA")


def spelling(texts: Mapping[str, str], model: Path) -> dict[str, int]:
    """Count the tokens of OCR texts that the model's tokenizer cannot spell, and the stickers that have such tokens."""
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
    f"which it wrote none. For descriptions: {base_captions.EXAMPLES} stickers of held-out (character, style, "
    "situation), at even distances by id.",
    f"在微调所见的点击里没有、但有测试点击的表情中，按编号：采用的模型把测试查询全部一字不差写出的前 {_EXAMPLES} 张，"
    f"一条都没写出的前 {_EXAMPLES} 张；描述：从留出的（角色、画风、场合）里按编号等距取 {base_captions.EXAMPLES} 张。",
)
