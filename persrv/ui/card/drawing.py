"""Drawing a card as HTML: a tree of elements, whose texts are never markup, with one constant style and no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from persrv.records import Hit, SearchResult, Sticker
from persrv.retriever import Retriever
from persrv.ui import assets, pictures, strings
from persrv.ui.card.comparison import CardRequest, Ranking

#: The labels that say what a picture shows, as on the page (shared/stickers.js).
DEPICTED = ("character", "style", "situation")


class Card:
    """Draws the card of one address, in its language."""

    def __init__(self, retriever: Retriever, asked: CardRequest) -> None:
        self._retriever = retriever
        self._asked = asked
        self._texts = strings.in_language(asked.language)

    def compared(self, result: SearchResult, rankings: Sequence[Ranking]) -> str:
        """The card of a comparison."""
        page, main = self._page()
        if result.fallback:
            self._text(main, "p", "nothing_says" if result.fallback == "nearest" else "no_match", q=result.query)
        for ranking in rankings:
            self._ranking(main, ranking)
        self._foot(main)
        return _written(page)

    def refused(self, sentence: str) -> str:
        """The card that says why there is nothing to compare."""
        page, main = self._page()
        SubElement(main, "p").text = sentence
        self._foot(main)
        return _written(page)

    def _page(self) -> tuple[Element, Element]:
        asked = self._asked
        page = Element("html", {"lang": "zh-CN" if asked.language == "zh" else "en", "class": asked.theme})
        head = SubElement(page, "head")
        SubElement(head, "meta", {"charset": "utf-8"})
        SubElement(head, "meta", {"name": "viewport", "content": "width=device-width"})
        SubElement(head, "title").text = f"{asked.query} · PerSRV"
        SubElement(head, "style").text = assets.read("card/card.css")
        main = SubElement(SubElement(page, "body"), "main")
        SubElement(main, "h1").text = f"“{asked.query}”"
        return page, main

    def _ranking(self, main: Element, ranking: Ranking) -> None:
        section = SubElement(main, "section")
        if ranking.person is None:
            self._text(section, "h2", "left_title")
        else:
            self._text(section, "h2", "right_title", name=self._name(ranking.person))
        if not ranking.hits:
            self._text(section, "p", "card_nothing")
        places = SubElement(section, "ol")
        for hit in ranking.hits:
            self._place(places, ranking, hit)

    def _place(self, places: Element, ranking: Ranking, hit: Hit) -> None:
        """Draw a sticker with its rank and its movement, in signs and in words."""
        sticker = self._retriever.sticker(hit.sticker)
        item = SubElement(places, "li")
        words = self._words(sticker)
        address = pictures.address(self._retriever.bundle, sticker).lstrip("/")  # also right below another path
        if address:
            SubElement(item, "img", {"src": address, "alt": words, "loading": "lazy"})
        else:
            SubElement(item, "em").text = words
        SubElement(item, "span", {"aria-hidden": "true"}).text = str(hit.rank)
        before = ranking.before.get(hit.sticker)
        if ranking.person is None:
            self._text(item, "small", "card_rank", after=hit.rank)
            return
        steps = None if before is None else before - hit.rank
        sign = "✦" if steps is None else f"▲{steps}" if steps > 0 else f"▼{-steps}" if steps else "="
        SubElement(item, "b", {"aria-hidden": "true"}).text = sign
        self._text(item, "small", "card_new" if before is None else "card_moved", after=hit.rank, before=before)

    def _foot(self, main: Element) -> None:
        foot = SubElement(main, "footer")
        if self._retriever.bundle.simulated:
            self._text(foot, "span", "card_simulated")
        link = {"href": f"./?{urlencode(self._asked.parameters())}", "target": "_blank", "rel": "noopener"}
        self._text(foot, "a", "card_open", link)

    def _text(
        self, parent: Element, tag: str, key: str, attributes: Mapping[str, str] | None = None, **values: object
    ) -> None:
        SubElement(parent, tag, dict(attributes or {})).text = self._texts[key].format(**values)

    def _words(self, sticker: Sticker) -> str:
        """Words for a sticker: the words on it, its description or name, or its id."""
        names = strings.labels_in(self._asked.language)
        shown = [names.get(sticker.labels[key], sticker.labels[key]) for key in DEPICTED if sticker.labels.get(key)]
        return sticker.ocr or ", ".join(shown) or sticker.names or sticker.id

    def _name(self, user: str) -> str:
        """The person's name in the card's language, or what the address calls them."""
        for person in self._retriever.people:
            if person.id == user:
                return person.name if self._asked.language == "zh" else person.name_en or person.name
        return user


def _written(page: Element) -> str:
    return "<!doctype html>\n" + ElementTree.tostring(page, encoding="unicode", method="html")
