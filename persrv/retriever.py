"""The retriever: search, compare, explain and live profiles over a bundle. Page, evaluation and benchmarks all use it.

A search goes from query to tokens, to BM25 in each field, weighted and summed (relevance), plus utility, top R
(recall), times the person's preference (re-ranking), to hits that carry every part of their score. Recall belongs to an
engine (persrv.ranking.recall_contract): the bundle's own index in this process, unless another engine is given. After
opening only caches change, so any number of threads may search at the same time; they take turns
(persrv.engines.fair_semaphore).

Where no sticker shares a token with the query, `notice` is "no_match" and a fallback answers. It uses neither utility
nor personalization, because neither may bring in a sticker by itself: `fallback` "dense" where the bundle has a working
text encoder (final = cosine of text and picture in the raw embedding space), else "popular" (final = utility). In a
dense hit, `relevance` and `recall` are that cosine too; in a popular hit `relevance` is 0.

An unknown person gets the unpersonalized order: `personalized` False, `notice` "unknown_user".
"""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from persrv import candidates
from persrv.bundle import Bundle, as_edited
from persrv.bundle.senders import Senders
from persrv.candidates import Candidates
from persrv.engines import neighbours as nearest
from persrv.engines.fair_semaphore import FairSemaphore
from persrv.engines.local import LocalEngine
from persrv.engines.mixed import MixedEngine, found_by
from persrv.errors import ModelError, QueryError
from persrv.hits import HitMaker, Place
from persrv.interpreter import Interpreter
from persrv.models import captioner, encoders
from persrv.models.captioner import Captioner
from persrv.models.encoders import ImageEncoder, TextEncoder
from persrv.models.sentence_encoder import SentenceEncoder
from persrv.query import MAX_TOP, Request, check_top, clean_query, is_blank
from persrv.ranking import rerank, styles, utility
from persrv.ranking.bm25 import FieldIndex
from persrv.ranking.recall import Recalled
from persrv.ranking.recall_contract import Question, RecallEngine
from persrv.ranking.rerank import Ranked
from persrv.records import RANKINGS, FloatArray, Interaction, Person, SearchResult, SearchSettings, Sticker, UserStyle
from persrv.settings import problem_with, with_switches
from persrv.text import analyser
from persrv.text.query_size import check_size

if TYPE_CHECKING:
    from PIL.Image import Image

_LOG = logging.getLogger(__name__)

#: Seed of the clusters of a live style: that of the profiles, so that the same stickers make the same clusters.
LIVE_SEED = 1

#: People whose taste is compared with a small catalogue before they search: a millisecond each.
_WARMED_TASTES = 16

#: Recalled stickers that are asked whether they say what was typed.
CLAIMANTS = 20

User = str | UserStyle | None
Fallback = Literal["", "dense", "popular"]


class Retriever:
    """An open catalogue that answers searches. `Retriever.open` makes it; its encoders are loaded at first use."""

    def __init__(
        self,
        bundle: Bundle,
        text_encoder: TextEncoder | None = None,
        image_encoder: ImageEncoder | None = None,
        engine: RecallEngine | None = None,
        sentence_encoder: SentenceEncoder | None = None,
    ) -> None:
        """engine: recalls, and holds the embeddings of what is recalled, in place of the bundle's own files; None for
        these.
        """
        meaning = found_by(engine, bundle.meaning)
        self.bundle = bundle if meaning is bundle.meaning else replace(bundle, meaning=meaning)
        self._given_engine = engine
        #: An engine elsewhere waits for the network, not for a core, so its searches need not take turns.
        self._turns: AbstractContextManager[None] = FairSemaphore() if engine is None else nullcontext()
        self._given_text_encoder = text_encoder
        self._given_image_encoder = image_encoder
        self._told_of_text_encoder = False
        self._space = styles.StyleSpace(bundle.style_mean)
        self._interpreter = Interpreter(self.bundle, sentence_encoder)
        self._utility = lru_cache(maxsize=16)(self._compute_utility)
        self.senders = Senders(self.bundle, self.style_vectors, LIVE_SEED)
        self._hits = HitMaker(self.bundle, self._utility)
        if self.bundle.meaning is not None and self.bundle.meaning.codes is not None:
            # sorted beside whatever a first search reads; the search waits for it only when it comes to stickers
            threading.Thread(target=lambda meaning: meaning.holders, args=(self.bundle.meaning,), daemon=True).start()

    @classmethod
    def open(cls, source: Path | str | Bundle, engine: RecallEngine | None = None) -> Retriever:
        """Open the retriever of a bundle, or of a bundle's folder; BundleError where the bundle is not sound."""
        return cls(source if isinstance(source, Bundle) else Bundle.open(source), engine=engine)

    @classmethod
    def open_edited(cls, source: Path | str | Bundle) -> Retriever:
        """Open the retriever of a bundle as its owner says it is (persrv.bundle.as_edited). BundleError where the
        bundle is not sound, DataError where the owner's file cannot be read.
        """
        retriever = cls.open(source)
        edited = as_edited(retriever.bundle, retriever.sentence_encoder)
        if edited is not retriever.bundle:
            retriever.renew(edited)
        return retriever

    @property
    def engine(self) -> RecallEngine:
        """The engine that recalls."""
        return self._engine

    def warm_up(self) -> None:
        """Prepare all that the first search would otherwise wait for: the analyser's dictionary, encoders, pages of the
        disk.

        From then on compiled code searches a large catalogue (persrv.engines.local), numpy multiplies on one thread in
        this process, since a search would wait for threads that other searches keep busy, and the garbage collector
        ignores every object that is alive by then, since these live as long as the process.
        """
        self.warm_engine()
        for query in ("热身 warm up", "热身", "不热身", "warmming up", "cat"):  # they touch all that readings need
            self.search(query, next(iter(self.bundle.styles), None))
        for user in islice(self.bundle.styles, _WARMED_TASTES):
            self.search("热身", user)
        self._text_vector("热身")
        _ = self.bundle.row_of, self.bundle.interactions_by_user, self.bundle.relevant
        self.bundle.read_ahead()
        gc.collect()
        gc.freeze()

    def warm_engine(self) -> None:
        """The first part of `warm_up`: what would make many searches slow, not only the first."""
        threadpool_limits(1, user_api="blas")
        analyser.warm_up()
        self._engine.warm_up()

    def renew(self, bundle: Bundle) -> None:
        """Search another version of the catalogue from now on, such as `persrv.bundle.with_edits` makes. Searches under
        way are finished first.
        """
        fresh = Retriever(
            bundle, self._given_text_encoder, self._given_image_encoder, self._given_engine, self.sentence_encoder
        )
        fresh._turns = self._turns
        fresh.search("热身")  # its engine is made, before anybody waits for it
        with self._turns.all() if isinstance(self._turns, FairSemaphore) else nullcontext():
            self.__dict__ = fresh.__dict__

    # ---- searching --------------------------------------------------------------------------------------------------

    def search(
        self,
        query: str,
        user: User = None,
        settings: SearchSettings | None = None,
        top: int = 20,
        literal: bool = False,
        domain: str = "",
    ) -> SearchResult:
        """Search the best `top` stickers for a query, for nobody (None), a person of the bundle, or a live style.

        settings: None for the bundle's; literal: only as typed, never as pinyin or a slip; domain: where it would be
        sent, "" for anywhere. QueryError: a query too long, `top` outside 1..1000, settings out of range.
        """
        there = self.senders.style(user, domain)
        with self._turns:
            request = self._request(query, there or user, settings, top, literal)
            result = self._answer(request, {"": request.settings})[""]
        return replace(result, notice="unknown_domain") if domain and not (there or result.notice) else result

    def expresses(self, text: str, near: bool) -> bool | None:
        """Return whether a message expresses something that a sticker would say or answer; None where nothing tells.
        near: whether the catalogue answers it (Interpreter.expresses).
        """
        with self._turns:
            return self._interpreter.expresses(clean_query(text), near)

    def compare(
        self,
        query: str,
        user: User = None,
        settings: SearchSettings | None = None,
        top: int = 20,
        literal: bool = False,
    ) -> dict[str, SearchResult]:
        """Rank one query four ways, by name (records.RANKINGS: "none", "utility", "personalization", "both").

        Each ranking equals `search` with its two switches; relevance is computed once for all four.
        """
        with self._turns:
            request = self._request(query, user, settings, top, literal)
            return self._answer(request, {name: with_switches(request.settings, name) for name in RANKINGS})

    def candidates(
        self, query: str, user: User = None, settings: SearchSettings | None = None, literal: bool = False
    ) -> Candidates:
        """Collect what a page needs to compute the four rankings of a query under other settings (persrv.candidates).

        At most 4 R stickers; all that share a token with the query, where those are at most R.
        """
        return candidates.collect(self._engine, self.bundle, self._request(query, user, settings, 1, literal))

    def place(
        self,
        sticker_id: str,
        query: str,
        user: User = None,
        settings: SearchSettings | None = None,
        index: Mapping[str, FieldIndex] | None = None,
    ) -> Place:
        """Find the place of a sticker in the whole ranking of a query: the rank that `search` gives, however deep.

        index: fields to search instead of the bundle's, such as keywords of another model. A blank query gives no
        place.
        """
        row, request = self._row(sticker_id), self._request(query, user, settings, 1)
        if index is not None:  # other texts than those whose meanings are known
            request = replace(request, meant=None)
        chosen = request.settings
        if is_blank(request.query):
            return Place(None, None, 0)
        engine = self._engine if index is None else self._local(index, compiled=False)
        question, lambda_ = Question.of(request), _lambda_of(chosen)
        best = engine.recall(question, [lambda_], chosen.recall_size)[0]
        if row in best.rows:
            order = self._order(replace(request, top=chosen.recall_size), chosen, best)
            at = int(np.flatnonzero(order.rows == row)[0])
            counted = engine.counted(best.matched, chosen.recall_size)
            return Place(at + 1, int(order.recall_rank[at]), best.matched, counted)
        place, matched = engine.place(question, lambda_, row)
        deep = place is None and not engine.exact and engine.shares(question, row)
        return Place(None, place, matched, engine.counted(matched, chosen.recall_size), deep)

    def _request(
        self, query: str, user: User, settings: SearchSettings | None, top: int, literal: bool = False
    ) -> Request:
        clean = clean_query(query)
        check_size(clean)
        check_top(top)
        chosen = self.bundle.settings if settings is None else settings
        problem = None if settings is None else problem_with(chosen)  # the bundle's were checked when it was opened
        if problem:
            raise QueryError(*problem, "Change this setting.")
        style = self.style_of(user)
        if style is not None and style.centroids.shape[1] != self.bundle.embeddings.shape[1]:
            width = self.bundle.embeddings.shape[1]
            raise QueryError(f"A style of width {style.centroids.shape[1]}", f"{width}", "Build it from this bundle.")
        name = user.user if isinstance(user, UserStyle) else user
        if is_blank(clean):
            return Request(clean, tuple(analyser.analyse(clean)), name, style, chosen, top)
        read = self._interpreter.read(clean, literal)
        tokens = self._interpreter.tokens(read[0].text)
        meant = self._interpreter.meant(read, tokens, chosen)
        return Request(clean, tokens, name, style, chosen, top, read, meant)

    def _answer(self, request: Request, variants: Mapping[str, SearchSettings]) -> dict[str, SearchResult]:
        """Answer a request under the settings of each variant, which differ in their switches only."""
        if is_blank(request.query) or not self.bundle.ids:
            notice = "blank_query" if self.bundle.ids else "no_catalogue"
            return {
                name: SearchResult(request.query, request.tokens, request.user, (), chosen, 0, notice)
                for name, chosen in variants.items()
            }
        known = request.user is None or request.style is not None or request.user in self.bundle.known_people
        lambdas = {name: _lambda_of(chosen) for name, chosen in variants.items()}
        distinct = tuple(dict.fromkeys(lambdas.values()))
        recalled = dict(zip(distinct, self._recall(request, distinct), strict=True))
        matched = recalled[distinct[0]].matched
        if not matched:
            order, fallback = self._fall_back(request)
            hits = self._hits.make(request, order, self._hits.explain(self._engine, request, order.rows))
            return {
                name: replace(_nothing_found(request, chosen), hits=hits, fallback=fallback)
                for name, chosen in variants.items()
            }
        claimed = self._claims(request, recalled[distinct[0]])
        orders = {name: self._order(request, chosen, recalled[lambdas[name]]) for name, chosen in variants.items()}
        shown = [order.rows for order in orders.values()]
        rows = shown[0] if len(shown) == 1 else np.unique(np.concatenate(shown))
        explained = self._hits.explain(self._engine, request, rows)
        return {
            name: SearchResult(
                query=request.query,
                tokens=request.tokens,
                user=request.user,
                hits=self._hits.make(request, orders[name], explained),
                settings=chosen,
                matched=matched if claimed else 0,
                notice=("" if known else "unknown_user") if claimed else "no_match",
                fallback="" if claimed else "nearest",
                personalized=request.style is not None and chosen.use_personalization,
                counted=self._engine.counted(matched, chosen.recall_size),
                readings=request.readings,
            )
            for name, chosen in variants.items()
        }

    def _claims(self, request: Request, recalled: Recalled) -> bool:
        """Return whether something recalled says what was asked: a text that means it nearly enough, a picture that
        shows all of it, or enough of its words.
        """
        threshold = request.settings.threshold
        if request.meant is None or not threshold:
            return True
        if self._interpreter.near(request.readings[0], request.meant) >= threshold:
            return True
        rows, tokens = recalled.rows[:CLAIMANTS], tuple(dict.fromkeys(request.tokens))
        held: NDArray[np.bool_] = np.any(~np.isnan(self._engine.impacts(tokens, rows)), axis=0)  # (tokens, n)
        patterns = dict.fromkeys(map(tuple, held.T.tolist()))  # many stickers hold the same tokens
        return any(self._interpreter.said(request.readings[0], tokens, one) >= threshold for one in patterns)

    def _recall(self, request: Request, lambdas: Sequence[float]) -> tuple[Recalled, ...]:
        """Recall the request's stickers, once for each weight of utility."""
        return self._engine.recall(Question.of(request), lambdas, request.settings.recall_size)

    def _order(self, request: Request, settings: SearchSettings, recalled: Recalled) -> Ranked:
        """The best `top` of the recalled stickers, re-ranked where a taste is known and wanted."""
        if request.style is None or not settings.use_personalization:
            return rerank.as_recalled(recalled, request.top)
        return self._engine.rerank(request.style, recalled, settings.alpha, request.top, settings.floor)

    def _fall_back(self, request: Request) -> tuple[Ranked, Fallback]:
        """The ranking for a query that matches nothing: pictures nearest to the text, or else the most popular
        stickers.
        """
        cosines = self._cosines(request.query)
        worth, _ = self._utility(request.settings.utility_weights, request.settings.utility_base)
        score = worth if cosines is None else cosines
        wanted = min(request.top, request.settings.recall_size)
        rows = nearest.best(score, self.bundle.tie, wanted)
        final = score[rows].astype(np.float64)
        relevance = np.zeros(len(rows)) if cosines is None else final
        order = Ranked(rows, np.arange(1, len(rows) + 1), relevance, final, None, None, final)
        return order, "popular" if cosines is None else "dense"

    def _cosines(self, query: str) -> FloatArray | None:
        """Cosine (N,) of the query's text embedding with every picture; None without a text encoder."""
        vector = self._text_vector(query)
        return None if vector is None else nearest.cosines(self.bundle.embeddings, vector)

    def _text_vector(self, query: str) -> FloatArray | None:
        """The query's text embedding (d,); None without a text encoder, or where it fails. A failure is logged once:
        popular stickers serve a visitor better than an error.
        """
        try:
            return None if self._text_encoder is None else self._text_encoder(query)
        except ModelError as error:
            if not self._told_of_text_encoder:
                _LOG.warning("Popular stickers are shown where no sticker matches. %s", error)
                self._told_of_text_encoder = True
            return None

    # ---- live profiles ----------------------------------------------------------------------------------------------

    def live_style(
        self, sticker_ids: Sequence[str], name: str = "you", pictures: Mapping[str, FloatArray] | None = None
    ) -> UserStyle:
        """Fit the style of someone who chose these stickers, to be passed as `user`; fitted as the bundle's styles are.

        pictures: own pictures by a name that no sticker has -> raw embedding (d,) as `embed` makes it; each counts as
        one more sticker, and exemplars call it by its name. QueryError: nothing chosen, an unknown sticker or an unfit
        picture.
        """
        own = dict(pictures or {})
        chosen = list(dict.fromkeys(sticker_ids))
        if not chosen and not own:
            raise QueryError("No sticker chosen", "at least one", "Choose a few stickers you like.")
        rows = [self._row(sticker_id) for sticker_id in chosen]
        width = self.bundle.embeddings.shape[1]
        for name_of_own, vector in own.items():
            if name_of_own in self.bundle.row_of or vector.shape != (width,) or not np.isfinite(vector).all():
                raise QueryError(
                    f"A picture {name_of_own!r} with {vector.size} numbers",
                    f"a name that no sticker has and {width} finite numbers",
                    "Embed the picture with this bundle.",
                )
        drawn = np.array([own[each] for each in own], np.float32).reshape(len(own), width)
        vectors = np.concatenate([self._styled(rows), self._space.project(drawn)])
        precision = self.bundle.style_precision
        return styles.fit_user_style(name, [*chosen, *own], vectors, seed=LIVE_SEED, precision=precision)

    @property
    def sees(self) -> bool:
        """Return whether pictures can be embedded, because there is an image encoder."""
        return self._given_image_encoder is not None or encoders.has_image_encoder(self.bundle)

    def embed(self, picture: Image) -> FloatArray:
        """Embed a picture as a unit vector (d,) of the raw space. ModelError without a working image encoder."""
        return self._image_encoder(picture)

    def neighbours(self, source: str | FloatArray, top: int = 12) -> tuple[tuple[str, float], ...]:
        """Find the stickers nearest in the style space to a sticker (itself left out) or to a raw embedding (d,).

        Pairs (id, cosine), best first, ties by id.
        """
        if not 1 <= top <= MAX_TOP:
            raise QueryError(f"{top!r} neighbours asked for", f"1 to {MAX_TOP}", "Ask for another number.")
        itself = self._row(source) if isinstance(source, str) else -1
        vector = self.bundle.embeddings[itself] if isinstance(source, str) else source
        towards = self._space.project(np.asarray(vector, np.float32)[None])[0]
        cosines = nearest.cosines(self.bundle.embeddings, towards, self._space)
        rows = [row for row in nearest.best(cosines, self.bundle.tie, top + 1).tolist() if row != itself]
        return tuple((self.bundle.ids[row], float(cosines[row])) for row in rows[:top])

    def style_vectors(self, source: Sequence[str] | FloatArray) -> FloatArray:
        """Project stickers, or raw embeddings (n, d), to unit rows (n, d) of the style space. QueryError for an unknown
        id.
        """
        if isinstance(source, np.ndarray):
            return self._space.project(np.asarray(source, np.float32))
        return self._styled([self._row(sticker_id) for sticker_id in source])

    # ---- looking things up ------------------------------------------------------------------------------------------

    def sticker(self, sticker_id: str) -> Sticker:
        """The sticker of an id; QueryError for an unknown id."""
        return self.bundle.stickers[self._row(sticker_id)]

    @property
    def people(self) -> tuple[Person, ...]:
        """The people of the bundle, in its order."""
        return self.bundle.people

    def favourites(self, user: str, top: int = 8) -> tuple[str, ...]:
        """The `top` stickers that a person clicked most in training, ties by id; none for an unknown person."""
        return self.bundle.favourites(user, top)

    def interactions_of(self, user: str) -> tuple[Interaction, ...]:
        """A person's training interactions (train and validation), in stored order; none for an unknown person."""
        return self.bundle.interactions_by_user.get(user, ())

    def relevant(self, user: str, query: str) -> frozenset[str]:
        """The stickers that a person clicked for exactly this query in the test split."""
        return self.bundle.relevant.get((user, query), frozenset())

    def training_queries(self) -> tuple[tuple[str, int], ...]:
        """Distinct training queries with their number of clicks, most clicked first, ties by text."""
        return self.bundle.training_queries

    def style_of(self, user: User) -> UserStyle | None:
        """The style clusters of a person; None for nobody, for unknown people and for people without clicks."""
        style = user if isinstance(user, UserStyle) else self.bundle.styles.get(user or "")
        return style if style is not None and len(style.centroids) else None

    def utility(self, settings: SearchSettings | None = None) -> tuple[FloatArray, FloatArray]:
        """Utility (N,) of every sticker and its parts (N, 3); settings: None for the bundle's."""
        chosen = settings or self.bundle.settings
        return self._utility(chosen.utility_weights, chosen.utility_base)

    @property
    def text_encoder(self) -> TextEncoder | None:
        """The text encoder, text -> raw embedding (d,), loaded at first use; None where the bundle has none. An encoder
        that cannot be loaded, or fails, answers every text with a ModelError.
        """
        return self._text_encoder

    @property
    def sentence_encoder(self) -> SentenceEncoder | None:
        """The sentence encoder of meanings; None where meaning cannot be searched."""
        return self._interpreter.encoder

    @property
    def map_xy(self) -> FloatArray | None:
        """Map coordinates (N, 2) by row, None where the bundle has no map."""
        return self.bundle.map_xy

    @cached_property
    def captioner(self) -> Captioner | None:
        """The captioner of live captions, loaded at first use; None where the bundle has none."""
        return captioner.load_captioner(self.bundle) if captioner.has_captioner(self.bundle) else None

    # ---- made once, when first needed -------------------------------------------------------------------------------

    def _row(self, sticker_id: str) -> int:
        row = self.bundle.row_of.get(sticker_id)
        if row is None:
            raise QueryError(
                f"No sticker {sticker_id!r}", "the id of a sticker of this catalogue", "Choose another one."
            )
        return row

    def _styled(self, rows: NDArray[np.intp] | list[int] | slice) -> FloatArray:
        """Embeddings of some rows in the style space, float32 unit rows."""
        return self._space.project(np.asarray(self.bundle.embeddings[rows], np.float32))

    def _compute_utility(self, weights: tuple[float, float, float], base: float) -> tuple[FloatArray, FloatArray]:
        """Utility (N,) and its parts (N, 3)."""
        return utility.utility(self.bundle.utility_counts, weights, base)

    def _local(self, index: Mapping[str, FieldIndex], compiled: bool = True) -> LocalEngine:
        """The engine of some fields in this process; for a single question uncompiled, since compiling takes longer."""
        embeddings, tie = self.bundle.embeddings, self.bundle.tie
        values = (index, embeddings, tie, lambda *chosen: self._utility(*chosen)[0], self._space)
        if not compiled:
            return LocalEngine(*values, fast_from=None)
        return LocalEngine(*values, usual=self.bundle.settings.field_weights)

    @cached_property
    def _engine(self) -> RecallEngine:
        words = self._local(self.bundle.index) if self._given_engine is None else self._given_engine
        if self.bundle.meaning is None or not self._interpreter.means:
            return words
        return MixedEngine(words, self.bundle.meaning, lambda *chosen: self._utility(*chosen)[0])

    @cached_property
    def _text_encoder(self) -> TextEncoder | None:
        if self._given_text_encoder is None and not encoders.has_text_encoder(self.bundle):
            return None
        given, width = self._given_text_encoder, self.bundle.embeddings.shape[1]
        return encoders.guarded("text", lambda: given or encoders.load_text_encoder(self.bundle), width)

    @cached_property
    def _image_encoder(self) -> ImageEncoder:
        given, width = self._given_image_encoder, self.bundle.embeddings.shape[1]
        return encoders.guarded("image", lambda: given or encoders.load_image_encoder(self.bundle), width)


def _nothing_found(request: Request, settings: SearchSettings) -> SearchResult:
    return SearchResult(
        request.query, request.tokens, request.user, (), settings, 0, "no_match", readings=request.readings
    )


def _lambda_of(settings: SearchSettings) -> float:
    return settings.lambda_ if settings.use_utility else 0.0
