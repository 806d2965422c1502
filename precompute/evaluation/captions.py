"""Tables 4 and 5: compare keywords before and after fine-tuning with the queries of later clicks on the sticker.

Only stickers without a click in the data of fine-tuning are used. The format of an answer alone (words separated by
commas, as queries are listed) raises BLEU, so BLEU is always reported with chrF, recall and cosine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from persrv.records import FloatArray, Text
from precompute.caption_record import SEPARATOR
from precompute.evaluation.paper_results import TABLES_4_5
from precompute.evaluation.report import Figure, Findings, Row, Table
from precompute.evaluation.section import Section
from precompute.evaluation.significance import mark, paired_t_test
from precompute.evaluation.world import World
from precompute.runtime.progress import Report
from precompute.stages.caption_metrics import keyword_recall, mean_cosine, token_recall

#: Model, as rows call it -> the field that holds its keywords.
MODELS: Mapping[str, str] = {"base": "keywords_base", "fine-tuned": "keywords"}

#: Resamples of sacrebleu's paired approximate randomization.
TOSSES = 1000


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Held-out stickers. written: model -> the keywords of each, joined; queries: the distinct test queries of each."""

    written: Mapping[str, Sequence[str]]
    queries: Sequence[Sequence[str]]

    def some(self, places: Sequence[int]) -> HeldOut:
        """The stickers at these places."""
        written = {model: [texts[place] for place in places] for model, texts in self.written.items()}
        return HeldOut(written, [self.queries[place] for place in places])


def compute(world: World, report: Report) -> Findings:
    """The tables of all held-out stickers, of those without text in the picture, and of those with text."""
    names = held_out(world)
    asked = _test_queries(world, names)
    told = {model: [world.texts[field][name] for name in names] for model, field in MODELS.items()}
    whole = HeldOut({model: texts for model, texts in told.items() if any(texts)}, [asked[name] for name in names])
    has_text = [bool(world.texts["ocr"][name]) for name in names]
    groups = {
        "all": list(range(len(names))),
        "without OCR text": [place for place, has in enumerate(has_text) if not has],
        "with OCR text": [place for place, has in enumerate(has_text) if has],
    }
    embed = _embedder(world)
    tables: list[Table] = []
    signatures: dict[str, Any] = {}
    for done, (group, places) in enumerate(groups.items()):
        report(done, len(groups))
        if places and whole.written:
            table, signatures = _table(group, whole.some(places), embed)
            tables.append(table)
    report(len(groups), len(groups))
    return Findings(
        Text("Tables 4 and 5: keywords", "表 4、表 5：关键词"),
        world.data,
        tuple(tables),
        notes=NOTES,
        parameters=signatures,
    )


NOTES = (
    Text(
        "A sticker's keywords, joined by commas, against its distinct test queries, joined in the same way; queries of "
        "stray clicks are included. This format alone raises BLEU: read it together with chrF, recall and cosine.",
        "逗号连接的关键词，与同样连接起来的这张表情的不同测试查询相比，误点带来的查询也算在内。"
        "单靠这种格式就能提高 BLEU：要和 chrF、召回、余弦一起看。",
    ),
    Text(
        "* and **: fine-tuned differs from base, p < .05 and < .01; BLEU and chrF by sacrebleu's paired approximate "
        "randomization, the others by a two-tailed paired t-test over stickers; not adjusted for multiple tests.",
        "* 和 **：微调后与微调前有差异，p < .05 和 < .01；BLEU 和 chrF 用 sacrebleu 的配对近似随机化检验，"
        "其余按表情做双尾配对 t 检验；未作多重检验校正。",
    ),
    Text(
        "Cosines are those of the text encoder that belongs to the pictures' embeddings.",
        "余弦用的是与图片向量配套的文本编码器。",
    ),
)
#: Group of stickers -> how the title of its table begins.
GROUPS: Mapping[str, Text] = {
    "all": Text("All stickers", "全部表情"),
    "without OCR text": Text("Stickers without OCR text", "没有识别出文字的表情"),
    "with OCR text": Text("Stickers with OCR text", "识别出文字的表情"),
}
#: Chinese names of columns and rows.
LABELS: Mapping[str, Text] = {
    "keyword recall": Text("keyword recall", "关键词召回"),
    "token recall": Text("token recall", "词元召回"),
    "cosine": Text("cosine", "余弦"),
    "base": Text("base", "微调前"),
    "fine-tuned": Text("fine-tuned", "微调后"),
}


def held_out(world: World) -> list[str]:
    """Ids of stickers with test clicks but without clicks in the fitting part, which fine-tuning saw; sorted."""
    seen = {row.sticker for row in world.split.fitting}
    return sorted({row.sticker for row in world.split.test} - seen)


def _test_queries(world: World, names: Sequence[str]) -> dict[str, list[str]]:
    """Sticker -> its distinct test queries, sorted."""
    grouped: dict[str, set[str]] = {name: set() for name in names}
    for row in world.split.test:
        if row.sticker in grouped:
            grouped[row.sticker].add(row.query)
    return {name: sorted(queries) for name, queries in grouped.items()}


Embed = Callable[[Sequence[str]], FloatArray]


def _embedder(world: World) -> Embed | None:
    """Texts -> (n, d) unit rows, by the world's text encoder; None if it has none."""
    encode = world.encode_text
    if encode is None:
        return None
    return lambda texts: np.stack([encode(text) for text in texts])


def _table(group: str, held: HeldOut, embed: Embed | None) -> tuple[Table, dict[str, Any]]:
    """The table of one group of stickers, and the signatures of BLEU and chrF."""
    corpus, p_values, signatures = corpus_scores(held)
    single = {model: sticker_scores(texts, held.queries, embed) for model, texts in held.written.items()}
    if len(held.written) == 2:
        first, second = single.values()
        p_values |= {
            name: paired_t_test([a - b for a, b in zip(second[name], first[name], strict=True)]) for name in first
        }
    rows = []
    for model in held.written:
        figures = {name: Figure(value) for name, value in corpus[model].items()}
        figures |= {name: Figure(float(np.mean(values))) for name, values in single[model].items()}
        if model == "fine-tuned":
            figures = {
                name: Figure(f.value, p=p_values.get(name), mark=mark(p_values.get(name, 1.0)))
                for name, f in figures.items()
            }
        rows.append(Row(model, figures, paper=TABLES_4_5[model][group]))
    queries = sum(map(len, held.queries))
    title = Text(
        f"{GROUPS[group]}: {len(held.queries)} that fine-tuning never saw, {queries} test queries",
        f"{GROUPS[group].zh}：微调没见过的 {len(held.queries)} 张，{queries} 条测试查询",
    )
    return Table(group, title, tuple(rows[0].figures), tuple(rows), labels=LABELS), signatures


def corpus_scores(
    held: HeldOut,
) -> tuple[dict[str, dict[str, float]], dict[str, float], dict[str, Any]]:
    """(model -> corpus BLEU of Chinese tokens and chrF in [0, 1]; metric -> p of their difference; signatures)."""
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF
    from sacrebleu.significance import PairedTest

    references = [[SEPARATOR.join(queries) for queries in held.queries]]
    measures = {"BLEU": BLEU(tokenize="zh", references=references), "chrF": CHRF(references=references)}
    scores: dict[str, dict[str, float]] = {model: {} for model in held.written}
    signatures, p_values = {}, {}
    for name, measure in measures.items():
        for model, texts in held.written.items():
            scores[model][name] = float(measure.corpus_score(list(texts), None).score) / 100
        signatures[name] = str(measure.get_signature())
    if len(held.written) == 2 and len(held.queries) > 1:
        systems: list[tuple[str, Sequence[str]]] = [(model, list(texts)) for model, texts in held.written.items()]
        _, tested = PairedTest(systems, measures, None, test_type="ar", n_samples=TOSSES)()
        told: list[Any] = [results[1] for kind, results in tested.items() if kind != "System"]  # chrF is "chrF2" there
        p_values = {name: float(result.p_value) for name, result in zip(measures, told, strict=True)}
    return scores, p_values, {"signatures": signatures, "tosses": TOSSES}


def sticker_scores(
    texts: Sequence[str], queries: Sequence[Sequence[str]], embed: Embed | None
) -> dict[str, list[float]]:
    """Metric -> one value a sticker: keyword recall, token recall, and cosine if there is an encoder."""
    split = [[word for word in text.split(SEPARATOR) if word] for text in texts]
    found = {
        "keyword recall": [keyword_recall(words, asked) for words, asked in zip(split, queries, strict=True)],
        "token recall": [token_recall(words, asked) for words, asked in zip(split, queries, strict=True)],
    }
    if embed is not None:
        wanted = [SEPARATOR.join(asked) for asked in queries]
        found["cosine"] = [mean_cosine([a], [b], embed) for a, b in zip(texts, wanted, strict=True)]
    return found


SECTION = Section(
    "captions",
    "Tables 4 and 5: keywords before and after fine-tuning",
    compute,
    external=True,
)
