"""Other methods in the chat's comparison: their offers for the same words, and their measured recall.

No person's taste counts in these methods. Words alone and meaning alone are searches of the bundle; the language model
that retrieves and SRS are models of their own, which a bundle may lack. They are loaded when a comparison first asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from persrv.errors import ModelError, PersrvError
from persrv.models.retrieving import LanguageRetriever, has_language_retriever, load_language_retriever, scores
from persrv.models.srs import Selector, has_selector, load_selector
from persrv.records import FloatArray, Message
from persrv.settings import meaning_alone
from persrv.ui import views
from persrv.ui.once import Once
from persrv.ui.views import View

if TYPE_CHECKING:
    from persrv.ui.service import PageService

#: The names of the methods, those of the evaluation.
PERSRV, WORDS, MEANING, LANGUAGE, SRS = "PerSRV", "BM25", "meaning alone", "retrieving LM", "SRS"

#: Writer of the next message of a conversation, for a model that tells the writers apart.
_WRITER = "@writer"

#: Answer of a model: whether it would offer a sticker at all, and the score (N,) of each.
_Found = tuple[bool, FloatArray]


def recalls(evaluation: Mapping[str, Any]) -> dict[str, float]:
    """Method -> its R@10 on held-out instructions and conversations; {} where a bundle's evaluation has none."""
    tables = [
        table
        for section in ("retrieving-lm", "replying")
        for table in evaluation.get("sections", {}).get(section, {}).get("tables", [])
        if table["name"] == "retrieval"
    ]
    return {row["name"]: row["figures"]["R@10"]["value"] for table in tables for row in table["rows"]}


@dataclass(frozen=True, slots=True, eq=False)
class _Language:
    """The language model, and the stickers as it seeks them: pictures, read (N, d)."""

    model: LanguageRetriever
    pictures: FloatArray
    read: FloatArray


class Others:
    """Answers for the other methods; threads may share it. top: how many stickers each offers."""

    def __init__(self, service: PageService, top: int) -> None:
        self.service, self.top = service, top
        self._language = Once(service.retriever, lambda: _loaded(self._load_language))
        self._selector = Once(service.retriever, lambda: _loaded(self._load_selector))

    def rows(self, asked: str, turns: Sequence[Message]) -> list[View]:
        """List the offer of each method. asked: the words that PerSRV searches; turns: the conversation up to these
        words.
        """
        return [
            *self._searches(asked),
            self._row(LANGUAGE, lambda: self._by_language(turns)),
            self._row(SRS, lambda: self._by_srs(asked)),
        ]

    def recall(self, name: str) -> float | None:
        """The measured R@10 of a method; None where the bundle's evaluation has none."""
        return recalls(self.service.retriever.bundle.evaluation).get(name)

    def _searches(self, asked: str) -> list[View]:
        bundle = self.service.retriever.bundle
        settings = {WORDS: bundle.words_settings}
        if bundle.settings.meaning:
            settings[MEANING] = meaning_alone(bundle.settings)
        return [
            {
                "name": name,
                "recall": self.recall(name),
                "answer": self.service.search(asked, None, self.top, settings=each),
            }
            for name, each in settings.items()
        ]

    def _row(self, name: str, find: Callable[[], _Found | None]) -> View:
        """The view of a model's offers: "state" is "offers", "unwanted", "missing" or, with a sentence, "broken"."""
        shown: View = {"name": name, "recall": self.recall(name), "answer": None, "stickers": []}
        try:
            found = find()
        except PersrvError as error:
            return {**shown, "state": "broken", "error": str(error)}
        if found is None or not found[0]:
            return {**shown, "state": "missing" if found is None else "unwanted"}
        bundle = self.service.retriever.bundle
        best = np.lexsort((bundle.tie, -found[1]))[: self.top]
        stickers = [views.sticker_brief(self.service.sticker(bundle.ids[row])) for row in best]
        return {**shown, "state": "offers", "stickers": stickers}

    # ---- the language model

    def _load_language(self) -> _Language | None:
        retriever, bundle = self.service.retriever, self.service.retriever.bundle
        if not has_language_retriever(bundle) or retriever.text_encoder is None:
            return None
        model = load_language_retriever(bundle, retriever.sentence_encoder)
        pictures = np.asarray(bundle.embeddings, np.float32)
        read, known = np.zeros_like(pictures), dict[str, FloatArray]()
        for row, sticker in enumerate(bundle.stickers):
            if sticker.ocr:
                if sticker.ocr not in known:
                    known[sticker.ocr] = retriever.text_encoder(sticker.ocr)
                read[row] = known[sticker.ocr]
        return _Language(model, pictures, read)

    def _by_language(self, turns: Sequence[Message]) -> _Found | None:
        language = _ready(self._language())
        if language is None:
            return None
        row_of = self.service.retriever.bundle.row_of
        known = [each if each.sticker in row_of else replace(each, sticker="") for each in turns]
        sent = {each.sticker: language.pictures[row_of[each.sticker]] for each in known if each.sticker}
        answer = language.model.answer(known, _WRITER, sent)
        likeness = scores(answer.vector, language.pictures, language.read, language.model.config.weight)
        return language.model.offers(answer), likeness

    # ---- SRS

    def _load_selector(self) -> Selector | None:
        bundle = self.service.as_built
        return load_selector(bundle, len(bundle.ids)) if has_selector(bundle) else None

    def _by_srs(self, asked: str) -> _Found | None:
        selector = _ready(self._selector())
        if selector is None:
            return None
        built, bundle = self.service.as_built, self.service.retriever.bundle
        found = selector.scores(asked)  # of the catalogue as it was built; its owner may have hidden some since
        return True, found[[built.row_of[name] for name in bundle.ids]]


def drafted(messages: Sequence[Message], draft: str) -> tuple[Message, ...]:
    """A conversation with what its writer is about to say."""
    return (*messages, Message(_WRITER, draft))


def _loaded(load: Callable[[], Any]) -> Any:
    """A model, None where the bundle lacks it, or the ModelError of loading, so that it is loaded once."""
    try:
        return load()
    except ModelError as error:
        return error


def _ready(loaded: Any) -> Any:
    """A loaded model, or None; raises the ModelError of loading."""
    if isinstance(loaded, ModelError):
        raise ModelError(loaded.found, loaded.expected, loaded.advice)
    return loaded
