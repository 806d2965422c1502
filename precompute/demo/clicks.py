"""The simulated clicks: who wanted what when, how they typed it, and which stickers they took.

The simulation uses no ranking of ours: people see stickers by situation, and choose by taste, caption and a hidden
charm. `docs/simulation.md` describes the simulation on one page; precompute.demo.world_figures prints its figures.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from persrv.records import Interaction
from precompute.demo.people import SimulatedPerson, Taste
from precompute.demo.situations import SITUATIONS, Situation, is_han, script_of
from precompute.demo.spec import StickerSpec
from precompute.runtime.cache import write_json
from precompute.runtime.progress import Report

Floats = NDArray[np.float64]

START = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) - 8 * 3600  # midnight in China
DAY = 86_400

#: File of the clicks, below the stage's folder.
_CLICKS = "clicks.json"


@dataclass(frozen=True, slots=True)
class ClickModel:
    """Parameters of the simulation.

    searches: of all people together; days: time span; repeat: chance that a search repeats an earlier one of the same
    person; clicks_a_search: mean (at least 1 each); seen: size of the attention set; on_intent, nearby: chances that a
    place in it goes to the intended situation or to a similar one (the rest: to any); taste, charm, affinity: factors
    of the three parts of a sticker's appeal; missed: added to the appeal of a sticker of another situation; noise:
    chance that a click falls on any sticker of the catalogue instead.
    """

    searches: int = 900
    days: int = 181
    repeat: float = 0.03
    clicks_a_search: float = 4.5
    seen: int = 60
    on_intent: float = 0.89
    nearby: float = 0.08
    taste: float = 1.2
    charm: float = 1.5
    affinity: float = 1.5
    missed: float = -1.0
    noise: float = 0.13


MODEL = ClickModel()

#: Situations that belong to some hours of the day: elsewhen they come up SELDOM as often, then OFTEN as often.
TIMELY: Mapping[str, range] = {"goodmorning": range(5, 11), "goodnight": range(20, 28), "offwork": range(16, 22)}
SELDOM, OFTEN = 0.2, 3.0

#: Characters that input methods confuse: same or nearly the same sound.
HOMOPHONES: Mapping[str, str] = {
    "我": "窝", "的": "得", "在": "再", "再": "在", "你": "泥", "是": "事", "好": "号", "晚": "碗", "安": "按",
    "早": "枣", "谢": "些", "笑": "校", "哭": "枯", "累": "泪", "困": "睏", "饿": "恶", "喜": "洗", "欢": "换",
    "爱": "艾", "想": "响", "加": "家", "油": "由", "生": "声", "气": "汽", "到": "道", "收": "手", "班": "搬",
    "下": "吓", "吃": "迟", "瓜": "刮", "红": "宏", "包": "胞", "冷": "愣", "快": "块", "乐": "了", "死": "四",
    "抱": "报", "亲": "清", "赞": "攒", "棒": "磅", "鱼": "雨", "摸": "磨", "无": "五", "语": "雨", "尴": "干",
    "学": "雪", "习": "席", "等": "灯", "拜": "百", "恭": "公", "新": "心", "年": "念",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Click:
    """A click, with two facts that a real log lacks: the situation in the person's mind, and whether it was noise."""

    interaction: Interaction
    intent: str
    noise: bool


@dataclass(frozen=True, slots=True)
class Search:
    """A search by a person: its time, its intent, and the typed query."""

    person: SimulatedPerson
    time: int
    intent: str
    query: str


def simulate(
    specs: Sequence[StickerSpec], people: Sequence[SimulatedPerson], seed: int, model: ClickModel = MODEL
) -> tuple[Interaction, ...]:
    """Simulate all clicks in order of time; equal arguments give equal clicks."""
    return tuple(click.interaction for click in simulate_clicks(specs, people, seed, model))


def write_clicks(
    specs: Sequence[StickerSpec], people: Sequence[SimulatedPerson], seed: int, folder: Path, report: Report
) -> dict[str, int]:
    """Simulate the clicks, keep them in the stage's folder, and return their number."""
    found = simulate(specs, people, seed)
    write_json(folder / _CLICKS, [[i.user, i.query, i.sticker, i.time] for i in found])
    report(len(found), len(found))
    return {"clicks": len(found), "people": len(people)}


def read_clicks(folder: Path) -> tuple[Interaction, ...]:
    """Read the clicks that `write_clicks` wrote, oldest first."""
    rows = json.loads((folder / _CLICKS).read_text(encoding="utf-8"))
    return tuple(Interaction(*row) for row in rows)


def simulate_clicks(
    specs: Sequence[StickerSpec], people: Sequence[SimulatedPerson], seed: int, model: ClickModel = MODEL
) -> tuple[Click, ...]:
    """Simulate all clicks in order of time, with the intents and noise that `simulate` leaves out."""
    rng = np.random.default_rng(seed)
    specs = sorted(specs, key=lambda spec: spec.id)
    charm = charms(len(specs), rng)
    clicks = []
    for person, number in zip(people, shares(people, model.searches), strict=True):
        for search in plan_searches(person, number, model, rng):
            clicks += click_through(search, specs, charm, model, rng)
    return tuple(sorted(clicks, key=lambda click: (click.interaction.time, click.interaction.user)))


def charms(number: int, rng: np.random.Generator) -> Floats:
    """The hidden charm of each sticker: (number,) >= 0, exponential, so that the odds exp(f * charm) are Pareto with
    index 1 / f.
    """
    return rng.exponential(1.0, number)


# ---- when, what for, and how it is typed ----------------------------------------------------------------------------


def shares(people: Sequence[SimulatedPerson], searches: int) -> list[int]:
    """The number of searches of each person, in proportion to their chattiness."""
    total = sum(person.chattiness for person in people)
    return [round(searches * person.chattiness / total) for person in people]


def plan_searches(person: SimulatedPerson, number: int, model: ClickModel, rng: np.random.Generator) -> list[Search]:
    """Plan `number` searches in order of time. A repeated search has the words and the intent of an earlier one."""
    searches: list[Search] = []
    for time in sorted(random_time(person, model.days, rng) for _ in range(number)):
        if searches and rng.random() < model.repeat:
            earlier = searches[int(rng.integers(len(searches)))]
            searches.append(Search(person, time, earlier.intent, earlier.query))
            continue
        intent = choose_intent(person, hour_of(time), rng)
        searches.append(Search(person, time, intent, type_query(SITUATIONS[intent], person, rng)))
    return searches


def random_time(person: SimulatedPerson, days: int, rng: np.random.Generator) -> int:
    """A second within the person's active hours on one of the days, in seconds since 1970 UTC."""
    hour = person.hours[int(rng.integers(len(person.hours)))]
    return START + int(rng.integers(days)) * DAY + hour * 3600 + int(rng.integers(3600))


def hour_of(time: int) -> int:
    """The hour of the day in China, 0-23."""
    return (time - START) % DAY // 3600


def choose_intent(person: SimulatedPerson, hour: int, rng: np.random.Generator) -> str:
    """The situation in a person's mind: favourites more often, and situations that suit the hour."""
    odds = np.array([person.favourites.get(name, 1.0) * timeliness(name, hour) for name in SITUATIONS])
    return list(SITUATIONS)[int(rng.choice(len(odds), p=odds / odds.sum()))]


def timeliness(situation: str, hour: int) -> float:
    """The relative frequency of a situation at an hour; 1 for situations that depend on no hour."""
    hours = TIMELY.get(situation)
    if hours is None:
        return 1.0
    return OFTEN if hour in hours or hour + 24 in hours else SELDOM


def type_query(situation: Situation, person: SimulatedPerson, rng: np.random.Generator) -> str:
    """The query that this person types for this situation, mistyped now and then."""
    words = person.vocabulary
    kind = str(rng.choice(("zh", "en", "mixed", "emoji"), p=(words.chinese, words.english, words.mixed, words.emoji)))
    if kind == "mixed":
        query = f"{phrase(situation, 'zh', words.slang, rng)} {phrase(situation, 'en', words.slang, rng)}"
    else:
        query = phrase(situation, kind, words.slang, rng)
    return mistype(query, rng) if rng.random() < words.typos else query


def phrase(situation: Situation, kind: str, slang: float, rng: np.random.Generator) -> str:
    """Draw one of a situation's queries: "zh" (internet language with chance `slang`), "en" or "emoji".

    Queries are listed from common to rare: the one at place i (from 1) is typed in proportion to 1 / sqrt(i).
    """
    plain = [query for query in situation.queries if query not in situation.slang and script_of(query) == kind]
    choices = situation.slang if kind == "zh" and situation.slang and rng.random() < slang else plain
    odds = 1 / np.sqrt(np.arange(1, len(choices) + 1))
    return choices[int(rng.choice(len(choices), p=odds / odds.sum()))]


def mistype(query: str, rng: np.random.Generator) -> str:
    """The query with one slip: a homophone, a dropped letter or two swapped ones. Emoji and short queries stay as they
    are.
    """
    sounds = [i for i, character in enumerate(query) if character in HOMOPHONES]
    if sounds and rng.random() < 0.6:
        place = sounds[int(rng.integers(len(sounds)))]
        return query[:place] + HOMOPHONES[query[place]] + query[place + 1 :]
    if script_of(query) == "emoji" or len(query) < 3:
        return query
    place = int(rng.integers(len(query) - 1))
    if rng.random() < 0.5:
        return (query[:place] + query[place + 1 :]).strip()
    return query[:place] + query[place + 1] + query[place] + query[place + 2 :]


# ---- what is clicked ------------------------------------------------------------------------------------------------


def click_through(
    search: Search, specs: Sequence[StickerSpec], charm: Floats, model: ClickModel, rng: np.random.Generator
) -> list[Click]:
    """The clicks of one search, seconds apart, on distinct stickers."""
    progress = (search.time - START) / (model.days * DAY)
    seen = attention(search.intent, specs, model, rng)
    appeals = appeal([specs[row] for row in seen], charm[seen], search, search.person.taste_at(progress), model)
    number = min(1 + int(rng.poisson(model.clicks_a_search - 1)), len(seen))
    wanted = [int(seen[place]) for place in choose(appeals, number, rng)]
    rows, noise = with_noise(wanted, len(specs), model.noise, rng)
    times = search.time + np.cumsum(rng.integers(2, 20, len(rows)))
    return [
        Click(Interaction(search.person.id, search.query, specs[row].id, int(time)), search.intent, noisy)
        for row, time, noisy in zip(rows, times, noise, strict=True)
    ]


def attention(
    intent: str, specs: Sequence[StickerSpec], model: ClickModel, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Rows of the stickers that a person happens to see: (<= model.seen,), distinct, in no order of merit.

    Each place goes to the intended situation with chance on_intent, to a similar one with chance nearby, else to any.
    """
    situations = [spec.situation for spec in specs]
    odds = np.array([nearness(intent, situation) for situation in situations])
    weight = np.full(len(specs), (1 - model.on_intent - model.nearby) / len(specs))
    for near, share in ((2, model.on_intent), (1, model.nearby)):
        weight += share * (odds == near) / max(1, int((odds == near).sum()))
    seen = min(model.seen, int((weight > 0).sum()))
    return np.sort(rng.choice(len(specs), seen, replace=False, p=weight / weight.sum()))


def nearness(intent: str, situation: str) -> int:
    """Nearness of two situations: 2 if they are the same, 1 if they are easily mistaken for each other, else 0."""
    return 2 if situation == intent else int(situation in SITUATIONS[intent].near)


def appeal(specs: Sequence[StickerSpec], charm: Floats, search: Search, taste: Taste, model: ClickModel) -> Floats:
    """Log-odds (n,): taste * log-odds of character and style + charm * hidden charm + affinity * caption affinity, +
    `missed` for a sticker of another situation than the intended one.
    """
    tastes = np.array([taste.of(spec.character, spec.style) for spec in specs])
    says = np.array([caption_affinity(search.query, spec.caption) for spec in specs])
    missed = np.array([spec.situation != search.intent for spec in specs])
    return model.taste * tastes + model.charm * charm + model.affinity * says + model.missed * missed


def caption_affinity(query: str, caption: str) -> float:
    """The share of the query's signs (Han characters, other words) that the caption contains, in [0, 1]; 0 if either
    has none.
    """
    wanted = signs(query)
    return len(wanted & signs(caption)) / len(wanted) if wanted else 0.0


def signs(text: str) -> set[str]:
    """The Han characters of a text, and its lower-case words of other scripts."""
    spaced = "".join(f" {character} " if is_han(character) else character for character in text.lower())
    return set(spaced.split())


def choose(appeals: Floats, number: int, rng: np.random.Generator) -> list[int]:
    """Draw `number` places without replacement, each time by the softmax of the remaining appeals (Gumbel top-k)."""
    return np.argsort(-(appeals + rng.gumbel(size=len(appeals))), kind="stable")[:number].tolist()


def with_noise(
    rows: Sequence[int], catalogue: int, noise: float, rng: np.random.Generator
) -> tuple[list[int], list[bool]]:
    """The clicked rows, each replaced with chance `noise` by any row not clicked yet, and whether each was replaced."""
    clicked = list(rows)
    noisy = (rng.random(len(rows)) < noise).tolist()
    for place in [place for place, replaced in enumerate(noisy) if replaced]:
        others = np.setdiff1d(np.arange(catalogue), clicked)
        clicked[place] = int(others[rng.integers(len(others))]) if len(others) else clicked[place]
    return clicked, noisy
