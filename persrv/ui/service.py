"""The page's service, on which every tab stands: searches, stickers, people, clicks. Between retriever and views."""

from __future__ import annotations

import logging
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from persrv.bundle import Bundle, Edit, as_edited, with_edits
from persrv.bundle.checks import QUICK_ROWS
from persrv.bundle.edits import without_words
from persrv.bundle.overlay import applied_in, owners_words
from persrv.errors import PersrvError
from persrv.insight.case_mining import Case, mine
from persrv.insight.novelty import least_likeness
from persrv.models.captioner import Caption
from persrv.query import MAX_QUERY
from persrv.records import SearchSettings, Sticker, UserStyle
from persrv.retriever import Retriever
from persrv.text.analyser import analyse
from persrv.ui import opening, strings, views
from persrv.ui.crowd import shown_people
from persrv.ui.decoding import decoder
from persrv.ui.once import Once
from persrv.ui.requests import clean, too_long
from persrv.ui.tuning import candidates_view, tuning_view

if TYPE_CHECKING:
    from PIL.Image import Image

_LOG = logging.getLogger(__name__)

#: Stickers a column shows: a number that fills rows of 2, 3, 4 and 6.
TOP = 24

#: Favourite stickers beside a person, the first of which is their portrait.
FAVOURITES = 5

NEIGHBOURS = 8

#: Domains of conversations that the page offers to choose from, the most used ones.
MOST_DOMAINS = 12

#: Seconds that mining cases pauses before each question while nobody waits for them.
PAUSE = 0.03

#: Records of stickers that are kept at hand: all of a small catalogue, what was looked at lately of a large one.
AT_HAND = 20_000

#: Queries that people use stickers for; a page shows those its catalogue can answer, in this order.
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
    "thank you",
    "so tired",
    "happy birthday",
    "hug",
    "miss you",
    "sorry",
    "congratulations",
    "speechless",
)


#: The bundle that comes with the program, and belongs to nobody.
EMBEDDED = Path(__file__).parents[2] / "assets" / "demo"


class Captions(Protocol):
    """The interface of a captioner that the page needs (persrv.models.captioner.Captioner)."""

    @property
    def reads_text(self) -> bool: ...

    def caption(self, picture: Image, text: str = "") -> Caption: ...


class PageService:
    """Answers the questions of the page. Threads may share it: each cached value is computed once, under a lock.

    captioner: None for the bundle's own; engine: the one that was asked for, "local" or "milvus", even where the
    retriever runs the index in this process instead.
    """

    def __init__(self, retriever: Retriever, captioner: Captions | None = None, engine: str = "local") -> None:
        self.retriever = retriever
        self.wanted_engine = engine
        self.as_built = retriever.bundle
        #: Called whenever the owner's edits have changed the catalogue.
        self.renewed: list[Callable[[], None]] = [lambda: self._sticker.cache_clear()]
        self._given_captioner = captioner
        self._loading = threading.Lock()
        self._answered, self._hurried = threading.Event(), threading.Event()
        self._sticker = lru_cache(maxsize=AT_HAND)(self._record)
        self._examples = Once(retriever, self._find_examples)
        self._openings = Once(retriever, self._find_openings)
        self._least_likeness = Once(retriever, lambda: least_likeness(retriever))
        self._clicks_by_sticker = Once(retriever, self._count_clicks)
        self._cases = Once(retriever, lambda: mine(retriever, between=lambda: self._hurried.wait(PAUSE)))

    @cached_property
    def has_owner(self) -> bool:
        """Return whether whoever runs the app may edit the bundle.

        Not on a Space, not the embedded bundle, not in a folder that cannot be written, not above QUICK_ROWS stickers,
        and not if another engine than this process recalls.
        """
        folder = self.as_built.path.resolve()
        writable = os.access(folder, os.W_OK) and os.access(folder.parent, os.W_OK)
        local = "SPACE_ID" not in os.environ and self.is_local and folder != EMBEDDED.resolve()
        return writable and local and len(self.as_built.ids) <= QUICK_ROWS

    @property
    def is_local(self) -> bool:
        """Return whether this process recalls, and so can apply edits."""
        return self.wanted_engine == "local"

    @property
    def has_applied_edits(self) -> bool:
        """Return whether the build of the bundle applied edits of its owner."""
        return bool(applied_in(self.as_built))

    def open_edited(self) -> None:
        """Search the bundle as the file beside it says (persrv.bundle.as_edited) from now on."""
        self._renew(as_edited(self.as_built, self.retriever.sentence_encoder))

    def renew(self, edits: Iterable[Edit]) -> None:
        """Search the bundle with these edits of its owner from now on, in place of earlier ones."""
        self._renew(with_edits(self.as_built, edits, self.retriever.sentence_encoder))

    def _renew(self, bundle: Bundle) -> None:
        if bundle is not self.retriever.bundle:
            self.retriever.renew(bundle)
            for act in self.renewed:
                act()

    # ---- answers ----------------------------------------------------------------------------------------------------

    def search(
        self,
        query: object,
        user: object,
        top: int = TOP,
        candidates: bool = False,
        literal: bool = False,
        words_only: bool = False,
        settings: SearchSettings | None = None,
    ) -> views.View:
        """The four rankings of a query for a person (None: nobody) or a live style, or {"error": sentence}.

        candidates: whether to add the candidates, from which a browser can re-rank by itself; literal: whether the
        query is read only as typed; words_only: whether to search by words alone, as the paper does; settings:
        in place of the bundle's.

        A stranger's query and user are read as persrv.ui.requests.clean reads them. An error that a person meets by
        typing has a "code" and the "values" of its translated sentence (strings: error_CODE).
        """
        words, person = clean(query) or "", user if isinstance(user, UserStyle) else clean(user)
        start = perf_counter()
        try:
            settings = self.retriever.bundle.words_settings if words_only else settings
            results = self.retriever.compare(words, person or None, settings, top, literal)
        except PersrvError as error:
            return {"error": str(error), **too_long(words)}
        milliseconds = (perf_counter() - start) * 1000
        self._answered.set()
        answer = views.comparison(results, self.sticker, milliseconds)
        answer["relevant"] = sorted(self.retriever.relevant(answer["user"] or "", answer["query"]))
        if candidates:
            pool = self.retriever.candidates(words, person or None, settings, literal)
            briefs = {name: views.sticker_brief(self.sticker(name)) for name in pool.ids}
            answer["candidates"] = {**candidates_view(pool), "stickers": briefs}
        return answer

    def detail(self, sticker_id: str, query: str = "") -> views.View:
        """Detailed data of a sticker, or {"error": sentence}; each keyword says whether it shares a word with `query`.

        The words that the owner added are left out: no model wrote them.
        """
        asked = frozenset(analyse(query[:MAX_QUERY]))
        hidden = sticker_id in self.retriever.bundle.hidden
        try:
            sticker = self.sticker(sticker_id)
            neighbours = () if hidden else self.retriever.neighbours(sticker_id, NEIGHBOURS)
        except PersrvError as error:
            return {"error": str(error)}
        counts = self.as_built.utility_counts[self.as_built.row_of[sticker_id]]
        clicks = self.clicks_by_sticker.get(sticker_id, {})
        captioned = without_words(sticker, owners_words(self.retriever.bundle, sticker_id))
        shown = views.sticker_detail(
            captioned,
            counts.tolist(),
            clicks,
            neighbours,
            self.sticker,
            lambda word: not asked.isdisjoint(analyse(word)),
        )
        return {**shown, **views.sticker_brief(sticker)}

    @property
    def examples(self) -> tuple[str, ...]:
        """The example queries that match in this catalogue; its own most frequent queries where none matches."""
        return self._examples()

    def _find_examples(self) -> tuple[str, ...]:
        known = tuple(query for query in EXAMPLES if self.retriever.search(query, top=1).matched)
        return known or tuple(query for query, _ in self.retriever.training_queries()[: len(EXAMPLES)])

    def openings(self) -> tuple[opening.Opening, ...]:
        """The queries and persons that the page can open with."""
        return self._openings()

    def _find_openings(self) -> tuple[opening.Opening, ...]:
        return opening.openings(self.retriever, opening.candidate_queries(self.retriever, self.examples))

    def cases(self) -> Mapping[str, Sequence[Case]]:
        """The mined cases of the bundle by kind, mined once, whoever asks first."""
        self._hurried.set()
        return self._cases()

    def mine_at_leisure(self) -> None:
        """Mine the cases once a first visitor was answered, with pauses, so that no search waits for it; from where
        somebody asks for them on without any.
        """
        self._answered.wait()
        with suppress(PersrvError):  # whoever asks for them is told
            self._cases()

    def start(self) -> views.View:
        """The data that all tabs need before anything is asked."""
        bundle = self.retriever.bundle
        return {
            "languages": list(strings.LANGUAGES),
            "strings": {language: strings.in_language(language) for language in strings.LANGUAGES},
            "labels": {language: strings.labels_in(language) for language in strings.LANGUAGES},
            "folder": str(bundle.path.resolve()),
            "shards": bundle.places is not None,
            "people": self.people,
            "population": len(self.retriever.people),
            "domains": list(self.retriever.bundle.domains[:MOST_DOMAINS]),
            "has_map": self.retriever.map_xy is not None,
            "simulated": bundle.simulated,
            "top": TOP,
            **tuning_view(bundle, ("keywords",) if self.has_owner else ()),
            "max_query": MAX_QUERY,
            "has_owner": self.has_owner,
        }

    def start_of_edits(self) -> views.View:
        """The part of `start` that the owner's edits may change."""
        return {"people": self.people, "maxima": tuning_view(self.retriever.bundle)["maxima"]}

    # ---- what the answers are made of -------------------------------------------------------------------------------

    def sticker(self, sticker_id: str) -> Sticker:
        """A sticker's record, cached once it was read; that of a hidden one, too, since its owner may ask for it."""
        return self._sticker(sticker_id)

    def _record(self, sticker_id: str) -> Sticker:
        return self.retriever.bundle.hidden.get(sticker_id) or self.retriever.sticker(sticker_id)

    def find(self, sticker_id: str) -> Sticker | None:
        """A sticker's record; None where the catalogue has none of that id."""
        return self.sticker(sticker_id) if sticker_id in self.retriever.bundle.row_of else None

    @property
    def captioner(self) -> Captions | None:
        """The captioner of live captions, loaded once; None where the bundle has none."""
        with self._loading:
            return self._given_captioner or self.retriever.captioner

    @property
    def least_likeness(self) -> float:
        """The cosine below which a visitor's picture counts as unlike the whole catalogue: to its nearest sticker."""
        return self._least_likeness()

    @property
    def people(self) -> list[views.View]:
        """Cards of the people whom the page shows."""
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
        return self._clicks_by_sticker()

    def _count_clicks(self) -> Mapping[str, Mapping[str, int]]:
        clicks: dict[str, Counter[str]] = {}
        for interaction in self.retriever.bundle.interactions.training:
            clicks.setdefault(interaction.sticker, Counter())[interaction.user] += 1
        return clicks


def warm_up_beside(service: PageService) -> None:
    """Warm up, and mine cases later, beside everything else."""
    threading.Thread(target=warm_up, args=(service,), name="warm-up", daemon=True).start()
    threading.Thread(target=service.mine_at_leisure, name="cases", daemon=True).start()


def warm_up(service: PageService) -> None:
    """Prepare all that a first visitor would otherwise wait for: dictionary, encoders, openings, clicks, captioner,
    and what decodes pictures.

    A part that fails, such as a damaged encoder, is logged, and the other parts are prepared all the same.
    """
    parts = (
        service.retriever.warm_engine,
        service.openings,  # what the page asks for first
        service.retriever.warm_up,
        lambda: service.clicks_by_sticker,
        lambda: service.captioner,
        decoder().warm_up,
    )
    for prepare in parts:
        try:
            prepare()
        except PersrvError as error:
            _LOG.warning("Not all of the page will work. %s", error)
