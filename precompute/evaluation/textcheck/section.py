"""The section on StickerQueries: choices are made on one half of the stickers, figures reported on the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from persrv.ranking.expansion import CHOSEN, ExpansionSettings
from persrv.records import Text
from precompute.evaluation.report import Curve, Figure, Findings, Row, Table
from precompute.evaluation.section import Section
from precompute.evaluation.textcheck.annotations import Annotations, chooses, draw, read
from precompute.evaluation.textcheck.metrics import MEASURES, Interval, interval, judge
from precompute.evaluation.textcheck.searchers import (
    NAMES,
    SEARCHERS,
    SHIPPED,
    TWO_LANGUAGES,
    Corpus,
    Searcher,
    expanded,
)
from precompute.evaluation.world import World
from precompute.runtime.progress import Report

DATA = Text("real people: StickerQueries", "真人：StickerQueries")
TITLE = Text("Words of real people, text alone", "真人的话，只看文字")

#: Language -> (file of a release, the language whose annotations of the same stickers are the second field).
LANGUAGES: Mapping[str, tuple[str, str]] = {
    "zh": ("sticker_queries_zh_release.csv", "en"),
    "en": ("sticker_queries_en_release.csv", "zh"),
}

#: Number of averaged draws of held-out queries, and their seed.
DRAWS, SEED = 5, 7

#: The grids of the two weights; one is varied while the other keeps its chosen value.
USED: tuple[float, ...] = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)
SPELLED: tuple[float, ...] = (0.0, 0.5, 1.0)

#: Searcher -> (N, 3) MEASURES of every sticker, averaged over draws; NaN for a sticker with one query only.
Judged = Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class Questions:
    """The draws of one language. choosing: (N,) whether choices are made on a sticker."""

    language: str
    corpora: tuple[Corpus, ...]
    choosing: NDArray[np.bool_]

    @property
    def ids(self) -> tuple[str, ...]:
        return self.corpora[0].draw.ids


def compute(world: World, report: Report) -> Findings:
    """The section; only a note if no StickerQueries folder was given."""
    folder = Path(world.options.annotations) if world.options.annotations else None
    if folder is None or not folder.is_dir():
        where = Text(f"{folder} is no folder", f"{folder} 不是文件夹") if folder else NO_FOLDER
        note = Text(
            f"NOT RUN: {where.en}. StickerQueries is not part of this repository; name its folder by --annotations.",
            f"没有运行：{where.zh}。StickerQueries 不在本仓库里；请用 --annotations 指定它的文件夹。",
        )
        return Findings(TITLE, DATA, notes=(note,))
    return check(folder, world.options.resamples, world.options.seed, report)


def check(folder: Path, resamples: int, seed: int, report: Report) -> Findings:
    """Tables of both languages on the reporting half, curves of both weights on the choosing half."""
    data = {language: read(folder / name) for language, (name, _) in LANGUAGES.items()}
    steps = len(LANGUAGES) * (len(SEARCHERS) + len(TWO_LANGUAGES) + len(USED) + len(SPELLED))
    done = 0

    def judged(asked: Questions, searchers: Mapping[str, Searcher]) -> Judged:
        nonlocal done
        found = {}
        for name, searcher in searchers.items():
            report(done, steps)
            found[name] = np.mean([judge(searcher(corpus), corpus.draw) for corpus in asked.corpora], axis=0)
            done += 1
        return found

    tables: list[Table] = []
    curves: list[Curve] = []
    for language, (_, other) in LANGUAGES.items():
        asked = questions(data[language], data[other], language)
        results = judged(asked, {**SEARCHERS, **TWO_LANGUAGES})
        tables.append(_table(asked, results, resamples, seed))
        curves += _curves(asked, judged(asked, _grid("used", USED)), judged(asked, _grid("spelled", SPELLED)))
    report(steps, steps)
    return Findings(TITLE, DATA, tuple(tables), tuple(curves), NOTES, {"draws": DRAWS, "seed": SEED, **_chosen()})


NO_FOLDER = Text("no folder was given", "没有指定文件夹")
NOTES: tuple[Text, ...] = (
    Text(
        f"One query of each sticker is held out and used to search the other queries of all stickers; {DRAWS} choices "
        "of the held-out query, averaged.",
        f"每张表情留出一条查询，用它去搜所有表情的其余查询；换 {DRAWS} 次留出的，取平均。",
    ),
    Text(
        "Texts of a sticker that differ only in case, width or blanks count as one; the held-out text stays at other "
        "stickers.",
        "同一张表情上只有大小写、全半角或空白不同的文字算一条；留出的文字在其他表情上仍然保留。",
    ),
    Text(
        "Choices (weights, what to try) were made on one half of the stickers; the tables report the other half. "
        "Intervals: bootstrap over stickers; differences are paired by sticker.",
        "选择（权重、试什么）在一半表情上做，表里是另一半。区间：按表情自助重抽；差异按表情配对。",
    ),
    Text(
        "The rows of two languages also use what people typed in the other language for the same sticker.",
        "两种语言的各行还用到人们用另一种语言为同一张表情写的话。",
    ),
)
ONE_LANGUAGE, BOTH_LANGUAGES = Text("one language", "一种语言"), Text("two languages", "两种语言")
LANGUAGE_NAMES: Mapping[str, Text] = {"zh": Text("zh", "中文"), "en": Text("en", "英文")}
#: Chinese names of columns and rows.
LABELS: Mapping[str, Text] = {
    "no match": Text("no match", "没有匹配"),
    **{f"{measure} gain": Text(f"{measure} gain", f"{measure} 增益") for measure in MEASURES[:2]},
    **{name: Text(name, chinese) for name, chinese in NAMES.items()},
}


def questions(own: Annotations, other: Annotations, language: str, draws: int = DRAWS) -> Questions:
    """The questions of one language. own, other: the annotations in this language and in the other one."""
    foreign = dict(zip(other.ids, other.queries, strict=True))
    corpora = []
    for number in range(draws):
        drawn = draw(own, number, SEED)
        said = [
            tuple(text for text in foreign.get(name, ()) if text != held)
            for name, held in zip(drawn.ids, drawn.held, strict=True)
        ]
        corpora.append(Corpus(drawn, tuple(said)))
    return Questions(language, tuple(corpora), np.array([chooses(name) for name in own.ids]))


def of_half(values: NDArray[np.float64], choosing: NDArray[np.bool_], half: bool) -> NDArray[np.float64]:
    """The rows of one half's stickers that have a question. half: True for the choosing half."""
    return values[(choosing == half) & ~np.isnan(values).any(1)]


def _table(asked: Questions, results: Judged, resamples: int, seed: int) -> Table:
    halves = {name: of_half(values, asked.choosing, False) for name, values in results.items()}
    count = len(halves[SHIPPED])
    rows = []
    for name, values in halves.items():
        figures = {measure: _figure(interval(values[:, i], resamples, seed)) for i, measure in enumerate(MEASURES)}
        for i, measure in enumerate(MEASURES[:2]):
            gain = interval(values[:, i] - halves[SHIPPED][:, i], resamples, seed)
            figures[f"{measure} gain"] = _figure(gain)
        rows.append(Row(name, figures, BOTH_LANGUAGES if name in TWO_LANGUAGES else ONE_LANGUAGE))
    columns = (*MEASURES, *(f"{measure} gain" for measure in MEASURES[:2]))
    title = Text(
        f"StickerQueries {asked.language}: {count} stickers of the reporting half, {len(asked.ids)} searched",
        f"StickerQueries {LANGUAGE_NAMES[asked.language].zh}：报告的一半里 {count} 张表情，在 {len(asked.ids)} 张里搜",
    )
    notes = (Text(f"Gains are over the {SHIPPED}.", "增益是比现用的分词多出的。"),)
    return Table(f"textcheck-{asked.language}", title, columns, tuple(rows), 3, notes, labels=LABELS)


def _figure(found: Interval) -> Figure:
    return Figure(found.value, found.low, found.high)


def _grid(name: str, values: Sequence[float]) -> dict[str, Searcher]:
    return {f"{name} {value}": expanded(_with(name, value)) for value in values}


def _with(name: str, value: float) -> ExpansionSettings:
    return replace(CHOSEN, used=value) if name == "used" else replace(CHOSEN, spelled=value)


def _curves(asked: Questions, used: Judged, spelled: Judged) -> tuple[Curve, ...]:
    used_alike = Text("weight of words used alike", "用法相近的词的权重")
    spelled_alike = Text("weight of words spelled alike", "写法相近的词的权重")
    both = (
        ("used", used_alike, USED, used, CHOSEN.used),
        ("spelled", spelled_alike, SPELLED, spelled, CHOSEN.spelled),
    )
    return tuple(
        Curve(
            f"textcheck-{name}-{asked.language}",
            Text(
                f"StickerQueries {asked.language}: {weight.en}",
                f"StickerQueries {LANGUAGE_NAMES[asked.language].zh}：{weight.zh}",
            ),
            weight,
            Text.same(MEASURES[0]),
            grid,
            tuple(float(of_half(each, asked.choosing, True)[:, 0].mean()) for each in found.values()),
            part="validation",
            chosen=chosen,
        )
        for name, weight, grid, found, chosen in both
    )


def _chosen() -> dict[str, float]:
    return {"used": CHOSEN.used, "spelled": CHOSEN.spelled, "most": CHOSEN.most}


SECTION = Section(
    "textcheck",
    "StickerQueries: what real people typed, by text alone",
    compute,
)
