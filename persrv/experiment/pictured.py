"""A query of an experiment as a figure: the ranking for everybody, and the one for who searches."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from persrv.experiment.plan import Plan
from persrv.figures.content import Entry, Figure, Kind, Row
from persrv.figures.words import WORDS
from persrv.records import Hit, SearchResult

#: The signs of the page's own badges (persrv/ui/shared/movement.js).
SIGNS: dict[Kind, str] = {"up": "▲", "down": "▼", "same": "=", "new": "✦"}


def figure_of(
    plan: Plan, rankings: dict[str, SearchResult], name: str, ticked: Collection[str], footer: Sequence[str]
) -> Figure:
    """Compose the figure of one query.

    name: the name of the person who searches, "" for nobody; ticked: ids of stickers that this person clicked for the
    query in the test split.
    """
    words = {key: pair[plan.language == "en"] for key, pair in WORDS.items()}
    plain, own = rankings["utility"], rankings["both"]
    before = {hit.sticker: hit.rank for hit in plain.hits}
    rows = [Row(words["without"], "", tuple(_entry(hit, ticked) for hit in plain.hits[: plan.columns]))]
    if own.personalized:
        moved = tuple(_moved(hit, before.get(hit.sticker), ticked, words["new"]) for hit in own.hits[: plan.columns])
        rows.append(Row(words["for"].format(name=name), "", moved))
    drawn = {entry.sticker for row in rows for entry in row.entries}
    return Figure(
        title=f"“{own.query}”",
        rows=tuple(rows),
        person=name,
        sentences=(words[own.fallback],) if own.fallback else (),
        ticks=words["ticks"].format(name=name) if drawn & set(ticked) else "",
        badges=words["badges"] if own.personalized else "",
        footer=tuple(footer),
        description=_described(rows),
        language=plan.language,
    )


def _entry(hit: Hit, ticked: Collection[str]) -> Entry:
    return Entry(hit.sticker, hit.rank, marked=hit.sticker in ticked)


def _moved(hit: Hit, before: int | None, ticked: Collection[str], new: str) -> Entry:
    steps = 0 if before is None else before - hit.rank
    kind: Kind = "new" if before is None else "up" if steps > 0 else "down" if steps < 0 else "same"
    badge = f"{SIGNS[kind]}{new if before is None else abs(steps) or ''}"
    return Entry(hit.sticker, hit.rank, kind, badge, hit.sticker in ticked)


def _described(rows: Sequence[Row]) -> str:
    return " ".join(
        f"{row.title}: {', '.join(f'{each.rank}. {each.sticker}' for each in row.entries)}." for row in rows
    )
