"""Effect of meaning, taste and utility on the intended situation: its precision on test queries, heard and unheard.

A query means the situations that people clicked for it, test clicks included, which here judge and choose nothing.
"Unheard": every text that equals the query is masked (precompute.fit.masking), as everyday queries are no sticker's own
words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from persrv.records import SearchSettings, Text
from persrv.settings import with_switches
from precompute.evaluation.report import Figure, Findings, Row, Table
from precompute.evaluation.section import Section
from precompute.evaluation.world import World
from precompute.fit import mixing
from precompute.fit.mixing import PLACES, SITUATION, Precision
from precompute.fit.objective import Ranker
from precompute.runtime.progress import Report

NOBODY, PEOPLE = "nobody", "people"
HEARD, UNHEARD = "heard", "unheard"
COLUMNS: tuple[str, ...] = tuple(f"{who}, {how}" for how in (HEARD, UNHEARD) for who in (NOBODY, PEOPLE))

TITLE = Text("Is what comes first what was meant?", "排在前面的是不是想要的？")
LABELS: Mapping[str, Text] = {
    "nobody, heard": Text("nobody, heard", "没有用户，听过的"),
    "people, heard": Text("people, heard", "用户，听过的"),
    "nobody, unheard": Text("nobody, unheard", "没有用户，没听过的"),
    "people, unheard": Text("people, unheard", "用户，没听过的"),
    "w/o floor": Text("w/o floor", "不设下限"),
    "w/o words": Text("w/o words", "不用字词"),
    "w/o meaning": Text("w/o meaning", "不用词义"),
    "w/o feedback": Text("w/o feedback", "不用反馈"),
    "w/o depiction": Text("w/o depiction", "不看画面"),
    "w/o utility": Text("w/o utility", "不用实用度"),
}
NOTES: tuple[Text, ...] = (
    Text(
        f"P@{PLACES}: the share of the first {PLACES} stickers whose situation somebody clicked for this query. "
        "“Unheard”: every text that equals the query is left out, as everyday queries are no sticker's own words.",
        f"P@{PLACES}：前 {PLACES} 张里，情境与别人为这个查询点过的相同的比例。"
        "“没听过的”：从所有文本里去掉与查询相同的，因为日常的话很少正好是表情自己的话。",
    ),
)
NOTHING = Text(
    "The bundle holds no meanings, or its stickers name no situation, so there is nothing to compare.",
    "数据包里没有词义，或者表情没有标情境，没有可比的。",
)


def compute(world: World, report: Report) -> Findings:
    """The table of what each part is worth to precision; a note where the bundle cannot have it."""
    situations = [sticker.labels.get(SITUATION, "") for sticker in world.stickers]
    if world.understanding is None or not any(situations):
        return Findings(TITLE, world.data, notes=(NOTHING,))
    test, clicks = world.split.test.rows, world.interactions
    queries = sorted({click.query for click in test})
    features = mixing.features_of(world.stickers, world.fit(world.split.training), world.vectors, world.understanding)
    heard = Precision(dict.fromkeys(queries, Ranker(features)), situations, test, clicks)
    masked = mixing.masked_rankers(world.stickers, features, queries, world.understanding)
    unheard = Precision(masked, situations, test, clicks)
    rows = []
    variants = settings_of(world)
    for done, (name, settings) in enumerate(variants.items()):
        report(done, len(variants))
        rows.append(Row(name, _figures(heard, unheard, settings)))
    report(len(variants), len(variants))
    title = Text(
        f"P@{PLACES} of situations, {len(queries)} test queries", f"情境的 P@{PLACES}，{len(queries)} 个测试查询"
    )
    table = Table("situations", title, COLUMNS, tuple(rows), digits=3, labels=LABELS)
    return Findings(TITLE, world.data, (table,), notes=NOTES)


def settings_of(world: World) -> dict[str, SearchSettings]:
    """Name of a row -> its settings."""
    settings = world.bundle.settings
    return {
        "PerSRV": settings,
        "w/o floor": replace(settings, floor=0.0),
        "w/o utility": with_switches(settings, "personalization"),
        "w/o words": replace(settings, meaning=1.0),
        "w/o meaning": world.bundle.words_settings,
        "w/o feedback": replace(settings, feedback=0.0),
        "w/o depiction": replace(settings, depiction=0.0),
    }


def _figures(heard: Precision, unheard: Precision, settings: SearchSettings) -> dict[str, Figure]:
    values = [value for each in (heard, unheard) for value in (each.impersonal(settings), each.personal(settings))]
    return {name: Figure(value) for name, value in zip(COLUMNS, values, strict=True)}


SECTION = Section("understanding", "whether what comes first is what was meant", compute)
