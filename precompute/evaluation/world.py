"""The world that is evaluated: a bundle's records, features and typed split, also refitted on another split.

Everything comes from the bundle's folder. A refitted world is a bundle in memory whose integrated queries, utility and
styles were fitted on the training part of its split alone; the `Retriever` searches it like any other bundle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from persrv.bundle import Bundle, InteractionTable, StickerTable, tables
from persrv.bundle.indexing import stated_parameters
from persrv.bundle.layout import SPLITS
from persrv.errors import ModelError
from persrv.models import encoders
from persrv.models.encoders import TextEncoder
from persrv.models.sentence_encoder import load_sentence_encoder
from persrv.ranking.bm25 import FieldIndex
from persrv.ranking.styles import StyleSpace
from persrv.records import FIELDS, FloatArray, Interaction, SearchSettings, Sticker, Text
from persrv.retriever import Retriever
from persrv.text.analyser import analyse
from precompute.config import Profile, StylesConfig, TuneConfig
from precompute.fit.features import Fitted, fit
from precompute.fit.objective import Features
from precompute.fit.questions import Question, questions
from precompute.fit.split import Split, TrainInteractions, as_recorded
from precompute.fit.understanding import Understanding, lexicon

#: Names in reports of simulated data, and of data of real people.
SIMULATED, REAL = Text("simulated world", "模拟世界"), Text("real people", "真人")


@dataclass(frozen=True, slots=True)
class Options:
    """Options of an evaluation.

    cutoffs: every k of the metrics at k; resamples: of bootstraps and randomization tests; seed: of all random draws;
    splits: names of precompute.fit.split that the section on splits compares; annotations: the folder of a
    StickerQueries release, "" for none, which leaves the text-only check out.
    """

    cutoffs: tuple[int, ...] = (1, 5, 10, 20)
    resamples: int = 2000
    seed: int = 1
    splits: tuple[str, ...] = ("interaction", "pair", "time")
    annotations: str = ""


@dataclass(frozen=True, slots=True)
class Translation:
    """Translations into Chinese. model: the translator's name, as notes state it; texts: text -> its translation."""

    model: str
    texts: Mapping[str, str]

    def of(self, text: str) -> str:
        """The translation of a text, or the text itself if it needed none."""
        return self.texts.get(text, text)


@dataclass(frozen=True, eq=False)
class World:
    """An open bundle as something to evaluate.

    split: the bundle's interactions, typed, so that nothing is fitted on test clicks. From beyond the bundle:
    translation, the base descriptions in Chinese, None without a translator; text_encoder, for a bundle that has none.
    """

    bundle: Bundle
    split: Split
    options: Options = field(default_factory=Options)
    translation: Translation | None = None
    text_encoder: TextEncoder | None = None

    @classmethod
    def open(cls, path: Path | str | Bundle, options: Options | None = None) -> World:
        """The world of a bundle under its own split. BundleError: a bundle that is not sound."""
        bundle = path if isinstance(path, Bundle) else Bundle.open(path)
        rows = bundle.interactions
        split = as_recorded(rows["train"], rows["validation"], rows["test"])
        return cls(bundle, split, options or Options())

    # ---- what it holds ----------------------------------------------------------------------------------------------

    @property
    def data(self) -> Text:
        """Kind of the data, simulated or of real people, which every report names."""
        return SIMULATED if self.bundle.simulated else REAL

    @property
    def ids(self) -> tuple[str, ...]:
        return self.bundle.ids

    @cached_property
    def stickers(self) -> tuple[Sticker, ...]:
        return tuple(self.bundle.stickers)

    @cached_property
    def retriever(self) -> Retriever:
        """The retriever of this world, as the page uses it."""
        return Retriever(self.bundle)

    @cached_property
    def interactions(self) -> tuple[Interaction, ...]:
        """Interactions of all parts, in an order that does not depend on the split."""
        rows = (*self.split.fitting, *self.split.validation, *self.split.test)
        return tuple(sorted(rows, key=lambda i: (i.time if i.time is not None else -1, i.user, i.query, i.sticker)))

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Questions, one for each (person, query) of the test clicks, by person, then query: the unit of every paired
        test.
        """
        return questions(self.split.test)

    @cached_property
    def known(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """(person, query) -> the stickers that the person clicked for the query in training."""
        return {(each.user, each.query): each.clicked for each in questions(self.split.training)}

    @cached_property
    def texts(self) -> dict[str, dict[str, str]]:
        """Field -> sticker id -> text, for every field that is not filled by clicks, and for `keywords_base`."""
        named = [name for name in (*FIELDS, "keywords_base") if name != "queries"]
        return {name: {sticker.id: getattr(sticker, name) for sticker in self.stickers} for name in named}

    @cached_property
    def embeddings(self) -> FloatArray:
        """Embeddings (N, d) in the raw space, float32 unit rows."""
        return np.asarray(self.bundle.embeddings, np.float32)

    @cached_property
    def encode_text(self) -> TextEncoder | None:
        """Text -> unit vector (d,) of the raw embedding space; None without a text encoder."""
        if self.text_encoder is None and encoders.has_text_encoder(self.bundle):
            return encoders.load_text_encoder(self.bundle)
        return self.text_encoder

    @cached_property
    def mean(self) -> FloatArray:
        """Vector (d,) that the style space subtracts; zeros if the style space is the raw space."""
        mean = self.bundle.style_mean
        return np.zeros(self.embeddings.shape[1], np.float32) if mean is None else np.asarray(mean, np.float32)

    @cached_property
    def vectors(self) -> FloatArray:
        """Embeddings (N, d) in the style space, float32 unit rows."""
        return StyleSpace(self.bundle.style_mean).project(self.embeddings)

    @cached_property
    def profile(self) -> Profile:
        """Profile by which styles were clustered and settings chosen, from the bundle's provenance, else the defaults.
        Tastes are those that a search in the bundle has.
        """
        styles = _recorded(StylesConfig, self.bundle, "styles")
        return Profile(
            name="bundle",
            title=self.bundle.name,
            styles=replace(styles, discriminant=self.bundle.style_precision is not None),
            tune=_recorded(TuneConfig, self.bundle, "tune"),
        )

    # ---- fitted anew ------------------------------------------------------------------------------------------------

    def fit(self, train: TrainInteractions) -> Fitted:
        """Fit integrated queries, utility counts and styles on training interactions, as the bundle's build does."""
        return fit(train, self.ids, self.embeddings, self.mean, self.profile)

    @cached_property
    def understanding(self) -> Understanding | None:
        """Meanings and lexicon by which queries are understood; None in a bundle without meanings, or if their encoder
        is missing.
        """
        if self.bundle.meaning is None:
            return None
        try:
            return Understanding(load_sentence_encoder(self.bundle.meaning.encoder), self.bundle.meaning)
        except ModelError:
            return None

    def features(self, train: TrainInteractions, texts: Mapping[str, Mapping[str, str]] | None = None) -> Features:
        """Fit the features of a `ClickObjective`. texts: field -> sticker id -> text, None for `World.texts`."""
        fitted = self.fit(train)
        said = self.texts if texts is None else texts
        return Features(
            ids=self.ids,
            index={name: index for name, index in self._index(said, fitted.queries).items() if len(index.rows)},
            counts=fitted.counts,
            vectors=self.vectors,
            styles={style.user: style for style in fitted.styles},
            tie=np.argsort(np.argsort(np.array(self.ids))),
        )

    def refit(self, split: Split, without: Sequence[str] = ()) -> World:
        """Return this catalogue under another split, with queries, utility and styles fitted on its training part.

        without: fields to leave empty, such as captions that were fine-tuned on clicks of another split. Settings stay;
        `resettled` changes them.
        """
        fitted = self.fit(split.training)
        texts = {name: {} if name in without else said for name, said in self.texts.items()}
        parts = {"train": split.fitting.rows, "validation": split.validation.rows, "test": split.test.rows}
        told = self._told(texts, fitted.queries)
        bundle = replace(
            self.bundle,
            stickers=told,
            **self._understood(told),
            interactions=InteractionTable(tables.interactions_to_table(parts, SPLITS)),
            styles={style.user: style for style in fitted.styles},
            utility_counts=fitted.counts,
            index=self._index(texts, fitted.queries),
        )
        return replace(self, bundle=bundle, split=split)

    def retold(self, **texts: Mapping[str, str]) -> World:
        """The same world with other texts in some fields (not in queries): field -> sticker id -> text."""
        index = {name: self._field_index(name, [(said.get(i, ""),) for i in self.ids]) for name, said in texts.items()}
        told = self._told(texts)
        bundle = replace(
            self.bundle,
            stickers=told,
            **self._understood(told),
            index={**self.bundle.index, **{name: each for name, each in index.items() if name in FIELDS}},
        )
        return replace(self, bundle=bundle)

    def resettled(self, settings: SearchSettings) -> World:
        """The same world under other search settings; a search by words alone has the same without meaning."""
        return replace(self, bundle=replace(self.bundle, settings=settings, settings_words=None))

    def _understood(self, stickers: Sequence[Sticker]) -> dict[str, Any]:
        """Meaning and lexicon of what these stickers say; nothing where queries are searched as they are typed."""
        if self.understanding is None:
            return {"meaning": None, "lexicon": None}
        return {"meaning": self.understanding.of(stickers), "lexicon": lexicon(stickers)}

    def _told(
        self, texts: Mapping[str, Mapping[str, str]], queries: Mapping[str, tuple[str, ...]] | None = None
    ) -> StickerTable:
        """The stickers with other texts; queries: sticker id -> integrated queries, None to keep the bundle's."""

        def told(sticker: Sticker) -> Sticker:
            changed: dict[str, Any] = {name: said.get(sticker.id, "") for name, said in texts.items()}
            if queries is not None:
                changed["queries"] = queries.get(sticker.id, ())
            return replace(sticker, **changed)

        return StickerTable(tables.stickers_to_table([told(sticker) for sticker in self.stickers]))

    def _index(
        self, texts: Mapping[str, Mapping[str, str]], queries: Mapping[str, Sequence[str]]
    ) -> dict[str, FieldIndex]:
        said = {name: [(texts.get(name, {}).get(i, ""),) for i in self.ids] for name in FIELDS if name != "queries"}
        rows: dict[str, Sequence[Sequence[str]]] = {**said, "queries": [queries.get(i, ()) for i in self.ids]}
        return {name: self._field_index(name, rows[name]) for name in FIELDS}

    def _field_index(self, name: str, rows: Sequence[Sequence[str]]) -> FieldIndex:
        """BM25 of one field with the bundle's own parameters."""
        parameters = asdict(stated_parameters(self.bundle.manifest, name))
        return FieldIndex.build([[token for text in each for token in analyse(text)] for each in rows], **parameters)


def _recorded(kind: Any, bundle: Bundle, stage: str) -> Any:
    """A stage's settings from the bundle's provenance, with defaults for those that it does not state."""
    stated = bundle.provenance.get(stage, {}).get("parameters", {})
    known = {each.name for each in fields(kind)}
    return kind(**{name: _frozen(value) for name, value in stated.items() if name in known})


def _frozen(value: Any) -> Any:
    """JSON lists as tuples, all the way down."""
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    return {key: _frozen(item) for key, item in value.items()} if isinstance(value, dict) else value
