"""The toy world with sends: at work Ann sends style 0, to friends style 3."""

from __future__ import annotations

from persrv.ranking.context import ContextSettings
from persrv.records import Context, Interaction

DAY = 86_400


def sent(sticker: str, domain: str, day: int) -> Interaction:
    """Ann's send for "laugh" on a day, in reply to her send of the day before."""
    where = Context("c1", domain, "en", str(day), "" if day == 0 else str(day - 1))
    return Interaction("ann", "laugh", sticker, day * DAY, where)


#: The test send is one that nothing may know of.
SENDS = {
    "train": [sent("s01", "work", 0), sent("s05", "work", 1), sent("s04", "friends", 2), sent("s08", "friends", 3)],
    "validation": [sent("s12", "friends", 4)],
    "test": [sent("s03", "home", 5)],
}
SETTINGS = ContextSettings(weights=(0.0, 1.0, 0.0), strength=0.5, clusters=2)
