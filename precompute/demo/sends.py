"""People in time and in places, simulated: who sends which sticker when, in which conversation, at work, to family or
to friends.

A person's taste is a part that they show everywhere, a part of each domain, and a random walk that carries it on day by
day. `NULL` is the same world without the last two: there neither domain nor time says anything about taste, so that a
model of them can gain nothing. Both draw the same plan of times, partners and situations from one seed. The catalogue
is the demo's; its clicks (precompute.demo.clicks) are another simulation, and nothing here changes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from persrv.records import Context, Interaction, Sticker
from precompute.demo.clicks import DAY, START, charms, phrase
from precompute.demo.people import PEOPLE, Taste
from precompute.demo.situations import SITUATIONS, script_of

Floats = NDArray[np.float64]

#: Domain -> share of all that a person sends, and the hours of the day (China) at which they send it.
DOMAINS: Mapping[str, tuple[float, range]] = {
    "work": (0.4, range(9, 19)),
    "family": (0.25, range(18, 22)),
    "friends": (0.35, range(12, 24)),
}


@dataclass(frozen=True, slots=True)
class SendModel:
    """Parameters of the simulation, as log-odds unless another unit is named.

    people: at least 2, those of the demo first, the others drawn alike; days: time span; sends: of one person; domain:
    what a domain adds to one character and one art style of its own; drift:
    standard deviation of a day's step, for every character and every style; charm: factor of a sticker's hidden charm;
    caption: added to a sticker whose words are in the language of the conversation; reply: chance that a sticker
    answers the other's last message; echo: chance that such an answer is of the same situation.
    """

    people: int = 20
    days: int = 120
    sends: int = 240
    domain: float = 2.5
    drift: float = 0.2
    charm: float = 0.7
    caption: float = 1.0
    reply: float = 0.4
    echo: float = 0.5


REAL = SendModel()
NULL = replace(REAL, domain=0.0, drift=0.0)


@dataclass(frozen=True, slots=True)
class Sender:
    """A person who sends stickers. english: share of English among what they write, in [0, 1]."""

    id: str
    taste: Taste
    english: float


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """Traits of N stickers, as the simulation needs them. traits: names of characters and styles; has: (N, T) 1 where a
    sticker has a trait; charm: (N,); language: (N,) "zh", "en" or "" of its words; of: situation -> rows.
    """

    ids: tuple[str, ...]
    traits: tuple[str, ...]
    has: Floats
    charm: Floats
    language: NDArray[np.str_]
    of: Mapping[str, NDArray[np.intp]]


@dataclass(frozen=True, slots=True)
class _Plan:
    """A message before its sticker is chosen."""

    sender: int
    partner: int
    domain: str
    time: int


def has_labels(stickers: Sequence[Sticker]) -> bool:
    """Return whether a catalogue says of every sticker what the simulation must know: it is a drawn one."""
    wanted = {"character", "style", "situation"}
    return bool(stickers) and all(
        wanted <= set(each.labels) and each.labels["situation"] in SITUATIONS for each in stickers
    )


def simulate_sends(stickers: Sequence[Sticker], seed: int, model: SendModel = REAL) -> tuple[Interaction, ...]:
    """Simulate all stickers sent, in order of time, each with its context; equal arguments give equal sends.

    stickers: with the labels of the drawn catalogue (`has_labels`).
    """
    planning, choosing = np.random.default_rng((seed, 1)), np.random.default_rng((seed, 2))
    catalogue = read_catalogue(stickers, planning)
    senders = simulated_people(model.people, catalogue.traits, planning)
    situations = [name for name in SITUATIONS if name in catalogue.of]
    tastes = [taste_in_time(sender, catalogue.traits, model, planning) for sender in senders]
    sent: list[Interaction] = []
    last: dict[str, tuple[int, str, str]] = {}  # conversation -> who sent its last message, its id, its situation
    numbers: dict[str, int] = {}
    for plan in plan_messages(len(senders), model, planning):
        sender, context_id = senders[plan.sender], conversation_id(plan)
        before = last.get(context_id)
        replies, echoes, english = planning.random(3)
        answered = before if before is not None and before[0] != plan.sender and replies < model.reply else None
        situation = situations[int(planning.integers(len(situations)))]
        if answered is not None and echoes < model.echo:
            situation = answered[2]
        language = "en" if english < sender.english else "zh"
        query = phrase(SITUATIONS[situation], language, 0.0, planning)
        rows = catalogue.of[situation]
        taste = tastes[plan.sender][plan.domain][(plan.time - START) // DAY]
        appeal = catalogue.has[rows] @ taste + model.charm * catalogue.charm[rows]
        appeal = appeal + model.caption * (catalogue.language[rows] == language)
        sticker = catalogue.ids[rows[int(np.argmax(appeal + choosing.gumbel(size=len(rows))))]]
        numbers[context_id] = numbers.get(context_id, 0) + 1
        message = str(numbers[context_id])
        context = Context(context_id, plan.domain, language, message, "" if answered is None else answered[1])
        sent.append(Interaction(sender.id, query, sticker, plan.time, context))
        last[context_id] = (plan.sender, message, situation)
    return tuple(sent)


def read_catalogue(stickers: Sequence[Sticker], rng: np.random.Generator) -> Catalogue:
    """Read the traits of stickers, in the order of their ids."""
    ordered = sorted(stickers, key=lambda each: each.id)
    traits = sorted({f"{kind}:{each.labels[kind]}" for each in ordered for kind in ("character", "style")})
    column = {trait: place for place, trait in enumerate(traits)}
    has = np.zeros((len(ordered), len(traits)))
    of: dict[str, list[int]] = {}
    for row, each in enumerate(ordered):
        for kind in ("character", "style"):
            has[row, column[f"{kind}:{each.labels[kind]}"]] = 1.0
        of.setdefault(each.labels["situation"], []).append(row)
    said = [each.labels.get("caption", "") for each in ordered]
    languages = np.array([script_of(words) if words else "" for words in said])
    rows = {situation: np.array(each, np.intp) for situation, each in of.items()}
    ids = tuple(each.id for each in ordered)
    return Catalogue(ids, tuple(traits), has, charms(len(ordered), rng), languages, rows)


def simulated_people(number: int, traits: Sequence[str], rng: np.random.Generator) -> list[Sender]:
    """The people of the demo, and others drawn alike until there are `number`: each likes two characters and two
    styles.
    """
    known = [
        Sender(each.id, each.taste, each.vocabulary.english + each.vocabulary.mixed / 2) for each in PEOPLE[:number]
    ]
    characters, styles = (
        [name.partition(":")[2] for name in traits if name.startswith(f"{kind}:")] for kind in ("character", "style")
    )
    likings = ((characters, (2.0, 1.6)), (styles, (2.8, 1.2)))
    drawn = []
    for place in range(len(known), number):
        liked = [dict(zip(rng.permutation(names).tolist(), strengths, strict=False)) for names, strengths in likings]
        taste = Taste(*liked)
        drawn.append(Sender(f"person{place + 1:02d}", taste, float(rng.uniform(0.1, 0.5))))
    return known + drawn


def taste_in_time(
    sender: Sender, traits: Sequence[str], model: SendModel, rng: np.random.Generator
) -> dict[str, Floats]:
    """Domain -> (days, T) log-odds that a person adds to each trait on each day: shared part + domain's + walk.

    As many numbers are drawn whatever the strengths, so that worlds of one seed differ in nothing else.
    """
    shared = np.array(
        [
            (sender.taste.characters if kind == "character" else sender.taste.styles).get(name, 0.0)
            for kind, _, name in (trait.partition(":") for trait in traits)
        ]
    )
    walk = model.drift * np.cumsum(rng.normal(size=(model.days, len(traits))), axis=0)
    own: dict[str, Floats] = {domain: np.zeros(len(traits)) for domain in DOMAINS}
    for kind in ("character", "style"):
        places = rng.permutation([place for place, trait in enumerate(traits) if trait.startswith(f"{kind}:")])
        for domain, place in zip(DOMAINS, places, strict=False):
            own[domain][place] = model.domain
    return {domain: shared + own[domain] + walk for domain in DOMAINS}


def plan_messages(people: int, model: SendModel, rng: np.random.Generator) -> list[_Plan]:
    """Plan the sender, receiver, domain and time of all messages, in order of time.

    In each domain the people stand in a circle, and each writes to their two neighbours.
    """
    names = list(DOMAINS)
    circles = [rng.permutation(people).tolist() for _ in names]
    plans = []
    for sender in range(people):
        domains = rng.choice(len(names), size=model.sends, p=[share for share, _ in DOMAINS.values()])
        days, within = rng.integers(model.days, size=model.sends), rng.random((model.sends, 2))
        sides = rng.integers(2, size=model.sends)
        for domain, day, (when, second), side in zip(domains, days, within, sides, strict=True):
            circle, hours = circles[domain], DOMAINS[names[domain]][1]
            partner = circle[(circle.index(sender) + (1 if side else -1)) % people]
            time = START + int(day) * DAY + hours[int(when * len(hours))] * 3600 + int(second * 3600)
            plans.append(_Plan(sender, partner, names[domain], time))
    return sorted(plans, key=lambda plan: (plan.time, plan.sender))


def conversation_id(plan: _Plan) -> str:
    """The id of a conversation: its domain and its two people, whoever writes."""
    first, second = sorted((plan.sender, plan.partner))
    return f"{plan.domain}-{first + 1}-{second + 1}"
