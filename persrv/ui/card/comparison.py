"""The comparison of a card: one query without and with one person's taste, read from an address within limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from persrv.records import Hit, SearchResult
from persrv.retriever import Retriever
from persrv.ui.requests import clean
from persrv.ui.strings import LANGUAGES

#: Stickers of each ranking.
SHOWN = 6

#: Depth to which a sticker's place in the other ranking is looked for, as on the page.
DEPTH = 24


@dataclass(frozen=True, slots=True)
class CardRequest:
    """The parameters of a card's address, which are those of the page's address; an invalid value counts as absent."""

    query: str
    user: str | None
    language: str
    theme: str
    utility: bool
    words: bool
    literal: bool

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> CardRequest:
        """Read the parameters of an address."""
        user = clean(parameters.get("user")) or ""
        language, theme = parameters.get("lang", ""), parameters.get("__theme", "")
        return cls(
            query=clean(parameters.get("q")) or "",
            user=None if user in ("", "none") else user,
            language=language if language in LANGUAGES else "en",
            theme=theme if theme in ("light", "dark") else "",
            utility=parameters.get("utility") != "0",
            words=parameters.get("search") == "words",
            literal=parameters.get("literal") == "1",
        )

    def parameters(self) -> dict[str, str]:
        """The parameters of the page's address that shows the same comparison."""
        switches = {"utility": "1" if self.utility else "0"}
        if self.words:
            switches["search"] = "words"
        if self.literal:
            switches["literal"] = "1"
        return {"q": self.query, "user": self.user or "none", **switches, "lang": self.language}


@dataclass(frozen=True, slots=True)
class Ranking:
    """A ranking of a card. person: the name of the person who is ranked for, None for everyone; before: sticker -> rank
    without taste.
    """

    person: str | None
    hits: tuple[Hit, ...]
    before: Mapping[str, int]


def rankings(retriever: Retriever, asked: CardRequest) -> tuple[SearchResult, list[Ranking]]:
    """Search as an address says: the result under every switch, and the one or two rankings to show.

    PersrvError if the query cannot be searched.
    """
    settings = retriever.bundle.words_settings if asked.words else None
    results = retriever.compare(asked.query, asked.user, settings, DEPTH, asked.literal)
    without, whole = ("utility", "both") if asked.utility else ("none", "personalization")
    places = {hit.sticker: hit.rank for hit in results[without].hits}
    found = [Ranking(None, tuple(results[without].hits[:SHOWN]), {})]
    if results["both"].personalized:
        found.append(Ranking(asked.user, tuple(results[whole].hits[:SHOWN]), places))
    return results["both"], found
