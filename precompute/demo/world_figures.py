"""Figures of the drawn world for docs/simulation.md: its catalogue and its clicks.

python -m precompute.demo.world_figures
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from precompute.demo.catalogue import plan_catalogue
from precompute.demo.clicks import DAY, MODEL, START, Click, simulate_clicks
from precompute.demo.people import PEOPLE
from precompute.demo.spec import StickerSpec


def figures(seed: int) -> dict[str, str]:
    """Figures of the drawn world by name, as texts: catalogue and clicks of one seed."""
    specs = plan_catalogue(seed)
    clicks = simulate_clicks(specs, PEOPLE, seed)
    of = {spec.id: spec for spec in specs}
    captioned = [spec for spec in specs if spec.caption]
    pairs = Counter((click.interaction.user, click.interaction.query) for click in clicks)
    distinct = {(click.interaction.user, click.interaction.query, click.interaction.sticker) for click in clicks}
    meant = [click for click in clicks if not click.noise]
    clicked = {click.interaction.sticker for click in clicks}
    return {
        "stickers": str(len(specs)),
        "series": str(len({spec.series for spec in specs})),
        "without caption": _percent(len(specs) - len(captioned), len(specs)),
        "English among captions": _percent(sum(spec.caption.isascii() for spec in captioned), len(captioned)),
        "animated": _percent(sum(spec.animated for spec in specs), len(specs)),
        "people": str(len(PEOPLE)),
        "clicks": str(len(clicks)),
        "(person, query) pairs": str(len(pairs)),
        "distinct queries": str(len({query for _, query in pairs})),
        "distinct stickers a pair": f"{len(distinct) / len(pairs):.2f}",
        "noise clicks": _percent(len(clicks) - len(meant), len(clicks)),
        "other clicks on the intended situation": _percent(
            sum(of[click.interaction.sticker].situation == click.intent for click in meant), len(meant)
        ),
        "clicks in the person's favourite series": _percent(favourite_clicks(clicks, of), len(clicks)),
        "stickers never clicked": _percent(len(specs) - len(clicked), len(specs)),
        "stickers without click in a random 80 %": _percent(len(specs) - clicked_in_training(clicks, seed), len(specs)),
        "clicks on the most clicked 10 % of stickers": _percent(top_clicks(clicks, len(specs) // 10), len(clicks)),
    }


def favourite_clicks(clicks: Sequence[Click], of: Mapping[str, StickerSpec]) -> int:
    """The number of clicks on a series that the person likes, at that time, by at least 3 log-odds."""
    people = {person.id: person for person in PEOPLE}
    count = 0
    for click in clicks:
        spec, time = of[click.interaction.sticker], click.interaction.time or START
        taste = people[click.interaction.user].taste_at((time - START) / (MODEL.days * DAY))
        count += taste.of(spec.character, spec.style) >= 3.0
    return count


def clicked_in_training(clicks: Sequence[Click], seed: int) -> int:
    """The number of distinct stickers clicked in a random 80 % of the clicks."""
    rows = np.random.default_rng((seed, 80)).permutation(len(clicks))[: int(0.8 * len(clicks))]
    return len({clicks[row].interaction.sticker for row in rows})


def top_clicks(clicks: Sequence[Click], stickers: int) -> int:
    """The number of clicks on the `stickers` most clicked stickers."""
    counts = Counter(click.interaction.sticker for click in clicks)
    return sum(number for _, number in counts.most_common(stickers))


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %"


def table(named: Mapping[str, str]) -> str:
    """The figures as the rows of a Markdown table."""
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in named.items())])


if __name__ == "__main__":
    print(table(figures(seed=1)))  # noqa: T201
