"""What the browser may ask of the server: a search, one sticker, the examples. Between the retriever and the views."""

from __future__ import annotations

import io
import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from persrv.errors import PersrvError
from persrv.models.captioner import MAX_TEXT, Caption
from persrv.query import MAX_QUERY, clean_query
from persrv.records import Sticker, UserStyle
from persrv.retriever import Retriever, User
from persrv.text.analyser import analyse
from persrv.ui import strings, views
from persrv.ui.about_tab.chinese import in_chinese
from persrv.ui.about_tab.engine import engine_view
from persrv.ui.blind_tab import rounds
from persrv.ui.captions_tab.upload import FORMATS, MAX_BYTES, MAX_SIDE, read_upload
from persrv.ui.cases_tab.listing import cases_view
from persrv.ui.crowd import shown_people
from persrv.ui.refusals import Refused, answered
from persrv.ui.search_tab import opening
from persrv.ui.search_tab.tuning import candidates_view, tuning_view

if TYPE_CHECKING:
    from PIL.Image import Image

_LOG = logging.getLogger(__name__)

#: Stickers a column shows: a number that fills rows of 2, 3, 4 and 6.
TOP = 24

#: Favourite stickers beside a person, the first of which is their portrait.
FAVOURITES = 5

NEIGHBOURS = 8

#: Records of stickers that are kept at hand: all of a small catalogue, what was looked at lately of a large one.
AT_HAND = 20_000

#: Training queries that a browser is sent to complete from.
MOST_SUGGESTIONS = 3000

#: Stickers of the catalogue that can be captioned live with one click.
CAPTION_EXAMPLES = 8

#: What people say with stickers; a page shows those its catalogue can answer, in this order.
EXAMPLES: tuple[str, ...] = (
    "笑死我了",
    "good night",
    "谢谢老板",
    "加班",
    "下班啦",
    "摸鱼",
    "lol",
    "生日快乐",
    "无语",
    "抱抱",
)


class Captions(Protocol):
    """What the page needs of a captioner (persrv.models.captioner.Captioner)."""

    @property
    def reads_text(self) -> bool: ...

    def caption(self, picture: Image, text: str = "") -> Caption: ...


class PageService:
    """The answers behind the page. Threads may share it: what it caches is computed under a lock, once.

    captioner: instead of the bundle's own. engine: which one was asked for, "local" or "milvus"; the retriever may have
    got the index in this process in its place.
    """

    def __init__(self, retriever: Retriever, captioner: Captions | None = None, engine: str = "local") -> None:
        self.retriever = retriever
        self._wanted_engine = engine
        self._given_captioner = captioner
        self._captioning = threading.Lock()
        self._lock = threading.Lock()
        self._mining = threading.Lock()
        self._looking = threading.Lock()
        self._sticker = lru_cache(maxsize=AT_HAND)(retriever.sticker)

    # ---- answers ----------------------------------------------------------------------------------------------------

    def search(self, query: object, user: object, top: int = TOP, candidates: bool = False) -> views.View:
        """The four rankings of a query for a person (None: nobody) or a live style, or {"error": sentence}.

        candidates: whether what they are computed from comes along, so that a browser can re-rank by itself.

        Whatever a stranger sends is read as `clean` reads it. An error that a person meets by typing has a "code" and
        the "values" of its translated sentence (strings: error_CODE).
        """
        words, person = clean(query) or "", user if isinstance(user, UserStyle) else clean(user)
        start = perf_counter()
        try:
            results = self.retriever.compare(words, person or None, top=top)
        except PersrvError as error:
            return {"error": str(error), **too_long(words)}
        milliseconds = (perf_counter() - start) * 1000
        answer = views.comparison(results, self.sticker, milliseconds)
        answer["relevant"] = sorted(self.retriever.relevant(answer["user"] or "", answer["query"]))
        if candidates:
            pool = self.retriever.candidates(words, person or None)
            briefs = {name: views.sticker_brief(self.sticker(name)) for name in pool.ids}
            answer["candidates"] = {**candidates_view(pool), "stickers": briefs}
        return answer

    def detail(self, sticker_id: str, query: str = "") -> views.View:
        """Everything known of one sticker, or {"error": sentence}. Keywords that share a word with `query` say so."""
        asked = frozenset(analyse(query[:MAX_QUERY]))
        try:
            sticker = self.retriever.sticker(sticker_id)
            neighbours = self.retriever.neighbours(sticker_id, NEIGHBOURS)
        except PersrvError as error:
            return {"error": str(error)}
        bundle = self.retriever.bundle
        counts = bundle.utility_counts[bundle.row_of[sticker_id]]
        clicks = self.clicks_by_sticker.get(sticker_id, {})
        return views.sticker_detail(
            sticker, counts.tolist(), clicks, neighbours, self.sticker, lambda word: not asked.isdisjoint(analyse(word))
        )

    def engine(self) -> views.View:
        """Which engine answers at this moment."""
        return engine_view(self.retriever.engine, self._wanted_engine)

    def suggestions(self) -> views.View:
        """What people searched for in training, with the number of clicks, most clicked first."""
        return {"queries": [list(pair) for pair in self.retriever.training_queries()[:MOST_SUGGESTIONS]]}

    def captioning(self) -> views.View:
        """What the page needs to ask for live captions: {"available": False} where the bundle has no captioner."""
        try:
            with self._captioning:
                captioner = self.captioner
        except PersrvError as error:
            return {"error": str(error)}
        if captioner is None:
            return {"available": False}
        return {
            "available": True,
            "reads_text": captioner.reads_text,
            "max_text": MAX_TEXT,
            "max_bytes": MAX_BYTES,
            "max_side": MAX_SIDE,
            "types": [f"image/{name.lower()}" for name in FORMATS],
            "examples": [views.sticker_brief(self.sticker(name)) for name in self.caption_examples],
        }

    def caption(self, picture: object, sticker_id: object, text: object) -> views.View:
        """A live caption of a picture (a file in base64) or else of a sticker, or {"error": sentence, "code": ...}.

        text: the words on the picture; None takes those that OCR read on the sticker. One caption is made at a time.
        """
        with self._captioning:
            return answered(lambda: self._caption(picture, clean(sticker_id), clean(text)))

    def _caption(self, picture: object, sticker_id: str | None, text: str | None) -> views.View:
        from PIL import Image as pil

        captioner = self.captioner
        if captioner is None:
            raise Refused("no_captioner")
        if text is not None and len(text.strip()) > MAX_TEXT:
            raise Refused("long_text", n=len(text.strip()), max=MAX_TEXT)
        if sticker_id is None:
            return views.live_caption(captioner.caption(read_upload(picture), (text or "").strip()))
        words = self.retriever.sticker(sticker_id).ocr[:MAX_TEXT] if text is None else text
        with pil.open(io.BytesIO(self.retriever.bundle.picture(sticker_id))) as image:
            return views.live_caption(captioner.caption(image, words.strip()))

    def cases(self) -> views.View:
        """The cases of the bundle, mined when first asked for, once; or {"error": sentence}."""
        with self._mining:
            return answered(lambda: self._cases)

    @cached_property
    def _cases(self) -> views.View:
        return cases_view(self.retriever, self.sticker)

    def blind(self, request: object, user: User = None) -> views.View:
        """A blind round as dealt (blind_tab.rounds), or {"error": sentence, "code", "values"}: nothing tells whose.

        user: whom it is played for, a live style say; None for whom the request names.
        """
        return self._play(request, user, lambda dealt: rounds.hidden_view(dealt, self.sticker))

    def reveal(self, request: object, user: User = None) -> views.View:
        """The same round once a choice was made ("choice": a sticker's id, None for none of them)."""
        choice = text_of(request, "choice")
        return self._play(request, user, lambda dealt: rounds.revealed_view(dealt, choice))

    def _play(self, request: object, user: User, show: Callable[[rounds.Round], views.View]) -> views.View:
        trial = rounds.Trial(
            query=text_of(request, "query") or "",
            user=user or text_of(request, "user") or None,
            first=text_of(request, "first") or "none",
            second=text_of(request, "second") or "both",
            seed=rounds.whole(request, "seed", 2**32 - 1),
        )

        def played() -> views.View:
            return {"query": clean_query(trial.query), **show(rounds.deal(self.retriever, trial))}

        return {**too_long(trial.query), **answered(played)}

    def blind_score(self, request: object) -> views.View:
        """The score of "a" decisive rounds for ranking A and "b" for B."""
        return rounds.score_view(*(rounds.whole(request, key, rounds.MOST_ROUNDS) for key in ("a", "b")))

    @cached_property
    def examples(self) -> tuple[str, ...]:
        """The example queries this catalogue has words for; its own most frequent queries where it has none of them."""
        known = tuple(query for query in EXAMPLES if self.retriever.search(query, top=1).matched)
        return known or tuple(query for query, _ in self.retriever.training_queries()[: len(EXAMPLES)])

    def first_sights(self) -> tuple[opening.Sight, ...]:
        """What the page can open with, looked for once."""
        with self._looking:
            return self._first_sights

    @cached_property
    def _first_sights(self) -> tuple[opening.Sight, ...]:
        return opening.sights(self.retriever, opening.looked_at(self.retriever, self.examples))

    def start(self) -> views.View:
        """What the page needs once, before anything is asked."""
        bundle = self.retriever.bundle
        vlm = views.vlm_view(bundle.evaluation.get("vlm") or {}, self.find)
        told = (bundle.notes, vlm["rule"] if vlm else "")
        return {
            "languages": list(strings.LANGUAGES),
            "strings": {language: strings.in_language(language) for language in strings.LANGUAGES},
            "labels": {language: strings.labels_in(language) for language in strings.LANGUAGES},
            "folder": str(bundle.path.resolve()),
            "shards": bundle.places is not None,
            "people": self.people,
            "population": len(self.retriever.people),
            "has_map": self.retriever.map_xy is not None,
            "simulated": bundle.simulated,
            "top": TOP,
            **tuning_view(bundle),
            "max_query": MAX_QUERY,
            "about": {
                "name": bundle.name,
                "content_hash": bundle.content_hash,
                "licence": bundle.licence,
                "notes": bundle.notes,
                "chinese": {text: chinese for text in told if (chinese := in_chinese(text)) is not None},
                "stickers": len(bundle.ids),
                "settings": views.settings_view(bundle.settings),
                "gates": views.gate_rows(bundle.gates),
                "vlm": vlm,
            },
        }

    # ---- what the answers are made of -------------------------------------------------------------------------------

    def sticker(self, sticker_id: str) -> Sticker:
        """A sticker's record, kept at hand once it was read."""
        return self._sticker(sticker_id)

    def find(self, sticker_id: str) -> Sticker | None:
        """A sticker's record, or None where the catalogue has none of that id."""
        return self.sticker(sticker_id) if sticker_id in self.retriever.bundle.row_of else None

    @property
    def captioner(self) -> Captions | None:
        """What writes live captions, None where the bundle has nothing that does."""
        return self._given_captioner or self.retriever.captioner

    @cached_property
    def caption_examples(self) -> tuple[str, ...]:
        """Stickers to be captioned with one click: by id, at even distances, so nobody chose them."""
        names = sorted(self.retriever.bundle.ids)
        count = min(CAPTION_EXAMPLES, len(names))
        return tuple(names[place * len(names) // count] for place in range(count))

    @property
    def people(self) -> list[views.View]:
        """The people of the page as cards."""
        ask, shown = self.retriever, shown_people(self.retriever)
        favourites = {person.id: ask.favourites(person.id, FAVOURITES) for person in shown}
        faces = views.faces(favourites)
        return [
            views.person_card(person, ask.style_of(person.id), favourites[person.id], faces[person.id], self.sticker)
            for person in shown
        ]

    @property
    def clicks_by_sticker(self) -> Mapping[str, Mapping[str, int]]:
        """Sticker -> person -> training clicks."""
        with self._lock:
            return self._clicks_by_sticker

    @cached_property
    def _clicks_by_sticker(self) -> Mapping[str, Mapping[str, int]]:
        clicks: dict[str, Counter[str]] = {}
        for interaction in self.retriever.bundle.interactions.training:
            clicks.setdefault(interaction.sticker, Counter())[interaction.user] += 1
        return clicks


def warm_up(service: PageService) -> None:
    """Everything a first visitor would otherwise wait for: the analyser's dictionary, first sight, the click table.

    A part that cannot be had, such as a damaged encoder, does not keep the others from being there; it is told.
    """
    parts = (service.retriever.warm_up, service.first_sights, lambda: service.clicks_by_sticker, service.captioning)
    for prepare in parts:
        try:
            prepare()
        except PersrvError as error:
            _LOG.warning("Not all of the page will work. %s", error)


def text_of(request: object, key: str) -> str | None:
    """A text field of what a browser sent, fit for UTF-8: None where it is absent or no text."""
    return clean(request.get(key)) if isinstance(request, Mapping) else None


def clean(value: object) -> str | None:
    """A text fit for UTF-8, half characters replaced; None for what is no text."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else None


def too_long(query: str) -> views.View:
    """The code and the values of the error that a query is too long; {} where it is not."""
    found = len(query.strip())
    return {"code": "too_long", "values": {"n": found, "max": MAX_QUERY}} if found > MAX_QUERY else {}
