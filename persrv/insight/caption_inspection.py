"""Inspecting captions, sticker by sticker: would another caption have made it found, and where do captions err?

A sticker's rank for a query is compared under four descriptions of the catalogue, all else (person, weights) equal: the
fine-tuned keywords as shipped; the base model's keywords of every sticker in the same field, under the weights that
were chosen for the fine-tuned ones; no captions at all (keywords, description and emotion weigh 0); no OCR text.

Mined lists (where fine-tuning helped or hurt, where the words on the picture contradict its caption) are computed once,
when first asked for; any number of threads may ask.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property

import numpy as np

from persrv.bundle.indexing import stated_parameters
from persrv.hits import Place
from persrv.insight.caption_scores import SEPARATOR, EmbedText, bleu, cosine, keyword_recall
from persrv.insight.case_mining import CAPTION_FIELDS, left_out, questions
from persrv.insight.rank_overlap import reciprocal_rank
from persrv.models.answers import keywords_of
from persrv.ranking.bm25 import FieldIndex
from persrv.records import FloatArray
from persrv.retriever import Retriever
from persrv.sampling import evenly
from persrv.text.analyser import analyse

#: The four descriptions, in the order in which they are shown.
VARIANTS: tuple[str, ...] = ("tuned", "base", "captionless", "textless")

#: Lists of stickers that a visitor can walk through.
LISTS: tuple[str, ...] = ("all", "helped", "hurt", "contradicted", "cold", "animated")

#: The most stickers whose words are compared with their captions, and the other captions they are compared with.
MOST_READ = 3000
OTHER_CAPTIONS = 200

#: Share of other captions above which words are said to contradict their own: more than the captions of one situation
#: make up in any catalogue of many (of the demo's, each is 2 %), so that a near miss does not count.
UNLIKE = 0.1

#: The most that two ways of computing the same cosine may differ by.
ROUNDING = 1e-5

#: The most keywords of one model for one sticker that are compared, and shown.
MOST_KEYWORDS = 24


@dataclass(frozen=True, slots=True)
class HeldOutQuery:
    """A query of the test split that led to a sticker. users: who typed it; trained: whether it led there in training,
    too.
    """

    query: str
    users: tuple[str, ...]
    trained: bool


@dataclass(frozen=True, slots=True)
class CaptionScores:
    """The scores of one model's keywords against a sticker's held-out queries. cosine: None without a text encoder."""

    recall: float
    bleu: float
    cosine: float | None


class Inspector:
    """Answers questions about captions, over a retriever."""

    def __init__(self, retriever: Retriever) -> None:
        self.retriever = retriever
        self._indexing, self._ranking, self._reading = threading.Lock(), threading.Lock(), threading.Lock()

    # ---- one sticker ------------------------------------------------------------------------------------------------

    def places(self, sticker_id: str, query: str, user: str | None) -> dict[str, Place]:
        """The sticker's place for a query and a person, by variant (VARIANTS)."""
        find, settings = self.retriever.place, self.retriever.bundle.settings
        return {
            "tuned": find(sticker_id, query, user),
            "base": find(sticker_id, query, user, index=self.base_index),
            "captionless": find(sticker_id, query, user, left_out(settings, CAPTION_FIELDS)),
            "textless": find(sticker_id, query, user, left_out(settings, ("ocr",))),
        }

    def held_out(self, sticker_id: str) -> tuple[HeldOutQuery, ...]:
        """The test queries that led to a sticker, by text."""
        trained = set(self.retriever.sticker(sticker_id).queries)
        asked = self._held_out.get(sticker_id, {})
        return tuple(HeldOutQuery(query, tuple(sorted(asked[query])), query in trained) for query in sorted(asked))

    def scores(self, sticker_id: str) -> dict[str, CaptionScores]:
        """The scores of "base" and "tuned" keywords against a sticker's held-out queries; {} without such queries."""
        queries = [held.query for held in self.held_out(sticker_id)]
        sticker = self.retriever.sticker(sticker_id)
        written = {"base": sticker.keywords_base, "tuned": sticker.keywords}
        return {name: score(text, queries, self.retriever.text_encoder) for name, text in written.items() if queries}

    # ---- lists ------------------------------------------------------------------------------------------------------

    def listed(self, name: str) -> tuple[str, ...]:
        """The stickers of one of LISTS: mined lists strongest first, others in the catalogue's order."""
        ids = self.retriever.bundle.ids
        if name == "all":
            return ids
        if name in ("helped", "hurt"):
            return self.changed[name]
        if name == "contradicted":
            return self.contradicted
        return tuple(ids[row] for row in self._flagged[name])

    def known(self) -> dict[str, int]:
        """List -> its length, for the lists that need no mining now."""
        mined = {"helped": "_changed", "hurt": "_changed", "contradicted": "_contradicted"}
        return {name: len(self.listed(name)) for name in LISTS if name not in mined or mined[name] in vars(self)}

    @cached_property
    def _flagged(self) -> Mapping[str, list[int]]:
        bundle = self.retriever.bundle
        moving = np.array(bundle.stickers.column("animated"), bool)
        unclicked = bundle.utility_counts[:, 0] == 0
        return {"cold": np.flatnonzero(unclicked).tolist(), "animated": np.flatnonzero(moving).tolist()}

    @property
    def changed(self) -> Mapping[str, tuple[str, ...]]:
        """The stickers where fine-tuning "helped" and where it "hurt", strongest first."""
        with self._ranking:
            return self._changed

    @cached_property
    def _changed(self) -> Mapping[str, tuple[str, ...]]:
        gains = self.gains()
        order = sorted(gains, key=lambda name: (-abs(gains[name]), name))
        return {
            "helped": tuple(name for name in order if gains[name] > 0),
            "hurt": tuple(name for name in order if gains[name] < 0),
        }

    def gains(self) -> dict[str, float]:
        """Sticker -> gain of its test clicks by fine-tuned keywords: the sum, over the (person, query) pairs that led
        to it in the test split, of 1 / rank with fine-tuned minus 1 / rank with base keywords; 0 for a rank where it is
        not recalled.
        """
        gains: dict[str, float] = {}
        for (user, query), clicked in questions(self.retriever).items():
            for sticker in clicked:
                tuned = self.retriever.place(sticker, query, user)
                base = self.retriever.place(sticker, query, user, index=self.base_index)
                gains[sticker] = gains.get(sticker, 0.0) + reciprocal_rank(tuned.rank) - reciprocal_rank(base.rank)
        return gains

    @property
    def contradicted(self) -> tuple[str, ...]:
        """The stickers whose words contradict their caption (`misfits`), worst first; none without a text encoder."""
        with self._reading:
            return self._contradicted

    @cached_property
    def _contradicted(self) -> tuple[str, ...]:
        encode = self.retriever.text_encoder
        if encode is None:
            return ()
        bundle = self.retriever.bundle
        columns = (bundle.stickers.column(name) for name in ("ocr", "keywords", "emotion"))
        rows = zip(bundle.ids, *columns, strict=True)
        told = {name: (ocr, caption_texts(*caption)) for name, ocr, *caption in rows if ocr and caption_texts(*caption)}
        chosen = evenly(sorted(told), MOST_READ)
        return misfits({name: told[name] for name in chosen}, encode)

    # ---- made once, when first needed -------------------------------------------------------------------------------

    @property
    def base_index(self) -> Mapping[str, FieldIndex]:
        """The bundle's index with the base model's keywords in the field of keywords."""
        with self._indexing:
            return self._base_index

    @cached_property
    def _base_index(self) -> Mapping[str, FieldIndex]:
        bundle = self.retriever.bundle
        texts = bundle.stickers.column("keywords_base")
        parameters = asdict(stated_parameters(bundle.manifest, "keywords"))
        return {**bundle.index, "keywords": FieldIndex.build((analyse(text) for text in texts), **parameters)}

    @cached_property
    def _held_out(self) -> Mapping[str, Mapping[str, set[str]]]:
        """Sticker -> test query -> the people who typed it."""
        asked: dict[str, dict[str, set[str]]] = {}
        for click in self.retriever.bundle.interactions["test"]:
            asked.setdefault(click.sticker, {}).setdefault(click.query, set()).add(click.user)
        return asked


def score(keywords: str, queries: Sequence[str], embed: EmbedText | None) -> CaptionScores:
    """Score keywords as written against queries; BLEU and cosine take queries as one list, as the evaluation does."""
    words = keywords_of(keywords, MOST_KEYWORDS)
    written, wanted = SEPARATOR.join(words), SEPARATOR.join(sorted(set(queries)))
    return CaptionScores(
        recall=keyword_recall(words, queries),
        bleu=bleu(written, wanted),
        cosine=None if embed is None or not words else cosine(written, wanted, embed),
    )


def caption_texts(keywords: str, emotion: str) -> tuple[str, ...]:
    """The texts of a caption that tell its meaning; descriptions are left out, since they tell looks, which words on a
    picture seldom repeat.
    """
    return (*keywords_of(keywords, MOST_KEYWORDS), *filter(None, (emotion,)))


def misfits(told: Mapping[str, tuple[str, Sequence[str]]], encode: EmbedText) -> tuple[str, ...]:
    """Find the stickers whose words fit more than UNLIKE of the other captions better than their own, worst first.

    told: sticker -> (words on it, texts of its caption). How well words fit a caption is the largest cosine of the
    words with one of its texts; the other captions are OTHER_CAPTIONS at even distances by id. No cosine counts as
    small by itself: words that are hard for the encoder are far from every caption.
    """
    vectors = encoded((text for words, texts in told.values() for text in (words, *texts)), encode)
    others = evenly(sorted(told), OTHER_CAPTIONS)
    caption = {name: np.stack([vectors[text] for text in texts]) for name, (_, texts) in told.items()}
    stacked = np.concatenate([caption[name] for name in others]) if others else np.zeros((0, 1), np.float32)
    starts = np.cumsum([0, *(len(caption[name]) for name in others)])[:-1]
    better: dict[str, float] = {}
    for name, (words, _) in told.items():
        fits = np.maximum.reduceat(stacked @ vectors[words], starts)
        own = (caption[name] @ vectors[words]).max()
        better[name] = float(np.mean(fits > own + ROUNDING))  # its own caption, where it is among them, is not better
    return tuple(sorted((name for name in better if better[name] > UNLIKE), key=lambda name: (-better[name], name)))


def encoded(texts: Iterable[str], encode: Callable[[str], FloatArray]) -> dict[str, FloatArray]:
    """Text -> its vector; equal texts are encoded once."""
    return {text: encode(text) for text in dict.fromkeys(texts)}
