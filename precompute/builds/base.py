"""The common part of all builds: from pictures and clicks to the written bundle, one way to each column.

A build names the source of its stickers and clicks, the model that embeds pictures, and the model that writes captions;
the rest stands here once. Every stage is a property, computed at its first use, so that a single stage runs only the
stages that it needs.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from persrv.bundle import Bundle, BundleContents, write_bundle
from persrv.bundle.shards import SHARD_BYTES
from persrv.models.sentence_encoder import SentenceEncoder
from persrv.ranking.meaning import texts_of
from persrv.records import FIELDS, FloatArray, Interaction, Person, SearchSettings, Sticker, Text
from persrv.settings import settings_from_json, settings_to_json
from precompute.caption_record import Caption, texts_by_field
from precompute.config import OcrFilterConfig, Profile, ReadConfig
from precompute.fit import features, mixing, styles, tune
from precompute.fit.features import Fitted, fit
from precompute.fit.split import Split, divided, nothing_held_back
from precompute.fit.understanding import Understanding, encoder_at_hand, lexicon
from precompute.runtime.batch_store import Columns
from precompute.runtime.cache import file_digest, packages
from precompute.runtime.dependencies import code_version
from precompute.runtime.local import in_processes
from precompute.runtime.operators import Engine, Task
from precompute.runtime.progress import Bar
from precompute.runtime.stages import Ran, Stages, machine
from precompute.stages import assemble, embed, meaning, ocr_filter, project
from precompute.stages.ocr import Read
from precompute.stages.ocr_engines import engine_of

#: Fewer interactions than this are all used for fitting, none for tests.
ENOUGH_TO_SPLIT = 20

#: Fewer validation clicks than this choose nothing: the settings stay where the search for them would start.
ENOUGH_CLICKS = 30

#: UMAP needs some neighbours to lay anything out.
ENOUGH_TO_MAP = 8

#: Stickers from which pictures go into a few large files, and all worker processes make the index.
MANY = 20_000


class BaseBuild(Stages):
    """A build of a profile. `work` is the folder of the cache, `stream` where progress is shown. `engine` runs the
    operators: processes of this machine, unless another one is put there.
    """

    def __init__(self, profile: Profile, work: Path, stream: TextIO) -> None:
        super().__init__(work, stream)
        self.profile = profile
        self.engine: Engine = in_processes(profile.workers)

    # ---- what a build says of itself --------------------------------------------------------------------------------

    @property
    @abstractmethod
    def title(self) -> str:
        """The bundle's name."""

    @property
    @abstractmethod
    def licence(self) -> str:
        """The licence of the pictures."""

    @property
    @abstractmethod
    def notes(self) -> Text:
        """Notes that a person who searches the bundle should know."""

    @property
    def simulated(self) -> bool:
        """Return whether all clicks are simulated."""
        return False

    @property
    def about(self) -> Mapping[str, Mapping[str, Any]]:
        """Provenance beside that of the stages."""
        return {}

    @property
    def evaluation(self) -> Mapping[str, Any]:
        """Findings that the build computes itself; findings on test clicks come later."""
        return {}

    @property
    def judge_texts(self) -> partial[dict[str, Any]] | None:
        """Judge of the OCR, if the captions of the pictures are known (ocr_filter.write_texts); None otherwise."""
        return None

    @property
    @abstractmethod
    def ids(self) -> tuple[str, ...]:
        """The stickers, in the order of every array's rows."""

    @property
    @abstractmethod
    def series(self) -> Mapping[str, str]:
        """Sticker id -> the series it belongs to."""

    @property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Sticker id -> labels that its maker gave."""
        return {}

    @property
    def names(self) -> Mapping[str, str]:
        """Sticker id -> the words of its files' and folders' names, a comma between two names; empty where files are
        named by code.
        """
        return {}

    @property
    @abstractmethod
    def images(self) -> Mapping[str, Path]:
        """Sticker id -> the file that is shown."""

    @cached_property
    def shapes(self) -> Mapping[str, assemble.Shape]:
        """Sticker id -> the shape of the file that is shown."""
        return {name: assemble.shape_of(self.images[name]) for name in self.ids}

    @cached_property
    def hashes(self) -> Mapping[str, str]:
        """Sticker id -> hash of the file that is shown: what is seen in it depends on nothing else."""
        return {name: file_digest(self.images[name]) for name in self.ids}

    @property
    @abstractmethod
    def interactions(self) -> Sequence[Interaction]:
        """The clicks of all people."""

    @property
    @abstractmethod
    def people(self) -> Sequence[Person]:
        """The people whom a search can personalize for."""

    @property
    def reading(self) -> ReadConfig:
        """Settings of the OCR."""
        return self.profile.read

    @property
    @abstractmethod
    def text_filter(self) -> OcrFilterConfig:
        """Settings of the filter that keeps OCR lines as a sticker's text."""

    @property
    @abstractmethod
    def embed(self) -> Ran:
        """The stage that embeds every picture (embed.write_vectors)."""

    @property
    @abstractmethod
    def captions(self) -> Mapping[str, Caption]:
        """Sticker id -> its caption by a model; absent if the model wrote nothing."""

    @property
    @abstractmethod
    def models(self) -> Mapping[str, Path]:
        """File name -> a model that the page runs."""

    # ---- what a sticker says and looks like -------------------------------------------------------------------------

    def columns(
        self,
        name: str,
        task: Task,
        used: Mapping[str, str],
        *depends: object,
        keys: Mapping[str, str] | None = None,
    ) -> Columns:
        """The columns of a task for every sticker, whose finished batches stay in the cache under `name`.

        used: packages by version; depends: what else decides a row beside its key; keys: sticker id -> key of its row,
        if not the hash of its picture.
        """
        slot = self.cache.slot(name, code_version(task), used, task.batch, *depends)
        chosen = {name: self.hashes[name] for name in self.ids} if keys is None else keys
        return Columns(task, chosen, self.images, slot, self.engine)

    def _reads(self, keys: Mapping[str, str]) -> Columns:
        """The columns of what an OCR engine sees. keys: sticker id -> hash of its picture."""
        config, by = self.reading, engine_of(self.profile.ocr.engine)
        load = partial(by.load, threads=1, side=config.side)
        task = Task(Read, (load, tuple(config.grounds), config.enough))
        return self.columns("read", task, packages(by.packages), asdict(config), keys=keys)

    @cached_property
    def ocr(self) -> Ran:
        """The text on every sticker."""
        config, by, judge = self.reading, engine_of(self.profile.ocr.engine), self.judge_texts
        read = self._reads({name: self.hashes[name] for name in self.ids})
        return self.stage(
            "ocr",
            partial(ocr_filter.write_texts, read, self.text_filter, judge),
            packages(by.packages),
            {"read": asdict(config), "keep": asdict(self.text_filter)},
            [self.hashes, read.slot.key, None if judge is None else judge.keywords],
            model=by.model,
            reproducible="texts on one machine; confidences depend on the processor",
        )

    @cached_property
    def texts(self) -> dict[str, assemble.Text]:
        """Sticker id -> its text and all lines seen."""
        rows = json.loads((self.ocr.folder / ocr_filter.TEXTS).read_text(encoding="utf-8"))
        return {name: assemble.text_from_json(*row) for name, row in rows.items()}

    @cached_property
    def read(self) -> dict[str, str]:
        """Sticker id -> its text alone."""
        return {name: text.ocr for name, text in self.texts.items()}

    @cached_property
    def embeddings(self) -> NDArray[np.float16]:
        """Embeddings (N, d), unit rows, in the order of the ids."""
        return embed.read_vectors(self.embed.folder)

    @cached_property
    def mean(self) -> FloatArray:
        """Vector (d,) that the style space subtracts."""
        return styles.catalogue_mean(self.embeddings)

    @cached_property
    def project(self) -> Ran | None:
        """The style map; None for a handful of stickers."""
        if len(self.ids) < ENOUGH_TO_MAP:
            return None
        config = self.profile.project
        projector = project.umap_projector(config.seed, config.neighbours, config.min_dist)
        if self.placed is not None:
            projector = partial(project.beside, self.placed)
        return self.stage(
            "project",
            partial(project.write_map, self.embeddings, self.mean, projector),
            ("umap-learn", "numba", "pynndescent", "scikit-learn", "numpy"),
            asdict(config),
            [self.embeddings, self.mean, self.placed],
        )

    @cached_property
    def placed(self) -> FloatArray | None:
        """Places (N, 2) of stickers on an earlier map, NaN for new stickers; None for a map made anew."""
        return None

    @cached_property
    def map_xy(self) -> FloatArray | None:
        """The style map (N, 2); None for a handful of stickers."""
        return None if self.project is None else np.load(self.project.folder / project.MAP, allow_pickle=False)

    # ---- what people did --------------------------------------------------------------------------------------------

    @cached_property
    def split(self) -> Split:
        """The clicks in three parts; nothing is held back of too few."""
        config = self.profile.split
        if len(self.interactions) < ENOUGH_TO_SPLIT:
            return nothing_held_back(self.interactions)
        parts = divided(self.interactions, config)
        sizes = {"fitting": len(parts.fitting), "validation": len(parts.validation), "test": len(parts.test)}
        self.quick("split", asdict(config), sizes)
        return parts

    @cached_property
    def fitted(self) -> Fitted:
        """Queries, utility and styles of all training clicks."""
        fitted = fit(self.split.training, self.ids, self.embeddings, self.mean, self.profile)
        self.quick("integrate", {}, {"stickers_with_queries": len(fitted.queries)})
        clicked = int(np.count_nonzero(fitted.counts[:, 0]))
        self.quick("utility", {}, {"stickers_clicked": clicked, "of": len(self.ids)})
        sizes = {"people": len(fitted.styles), "clusters": sum(len(style.sizes) for style in fitted.styles)}
        space = "embeddings minus the catalogue's mean, renormalised"
        self.quick("styles", {**asdict(self.profile.styles), "space": space}, sizes)
        return fitted

    @cached_property
    def tune(self) -> Ran | None:
        """The choice of the search settings on validation clicks; None where they are too few to choose by."""
        parts, profile = self.split, self.profile
        if len(parts.validation) < ENOUGH_CLICKS:
            self.quick("tune", {}, {"chosen": f"nothing: fewer than {ENOUGH_CLICKS} validation clicks"})
            return None
        texts = {"ocr": self.read, **texts_by_field(self.captions, self.ids), "names": self.names}
        return self.stage(
            "tune",
            partial(features.write_settings, parts, self.ids, texts, self.embeddings, self.mean, profile),
            ("numpy", "jieba"),
            asdict(profile.tune),
            [texts, self.embeddings, parts.fitting.rows, parts.validation.rows, profile.styles],
            reproducible="depends on the embeddings",
        )

    @cached_property
    def settings_words(self) -> SearchSettings:
        """The settings of a search by words: chosen on validation clicks where there are enough."""
        if self.tune is None:
            return tune.start(self.profile.tune, tune.grids(self.profile.tune, FIELDS))
        return _settings_in(self.tune.folder)

    # ---- how queries are understood ---------------------------------------------------------------------------------

    @cached_property
    def stickers(self) -> tuple[Sticker, ...]:
        """The catalogue, in the order of the ids."""
        queries = self.fitted.queries
        return assemble.stickers(
            self.ids,
            self.series,
            self.labels,
            self.images,
            self.shapes,
            self.texts,
            queries,
            self.captions,
            self.names,
        )

    @cached_property
    def encoder(self) -> SentenceEncoder | None:
        """The sentence encoder, None where none is installed."""
        return encoder_at_hand()

    @cached_property
    def meaning(self) -> Ran | None:
        """The vector of every text; None without an encoder, when the bundle is searched by words alone."""
        if self.encoder is None:
            self.quick("meaning", {}, {"model": "none is installed, so the bundle is searched by words alone"})
            return None
        return self.stage(
            "meaning",
            partial(meaning.write_meanings, self.stickers, self.encoder),
            ("numpy",),
            {"encoder": self.encoder.name},
            [list(texts_of(sticker)) for sticker in self.stickers],
            reproducible="depends on the processor in the last bits",
        )

    @cached_property
    def understanding(self) -> Understanding | None:
        """The encoder and what it has encoded, None without one."""
        if self.meaning is None or self.encoder is None:
            return None
        known = meaning.read_meanings(self.meaning.folder, self.encoder.name, len(self.ids))
        return Understanding(self.encoder, known)

    @cached_property
    def mix(self) -> Ran | None:
        """The choice of the settings of a search by words and meaning on validation clicks; None without an encoder,
        or where the clicks are too few to choose by.
        """
        parts, understanding = self.split, self.understanding
        if understanding is None or self.tune is None:
            why = "no sentence encoder" if understanding is None else f"fewer than {ENOUGH_CLICKS} validation clicks"
            self.quick("mix", {}, {"chosen": f"nothing: {why}"})
            return None
        clicks = [[asdict(row) for row in part] for part in (parts.fitting, parts.validation)]
        said = [[sticker.id, dict(sticker.labels), list(texts_of(sticker))] for sticker in self.stickers]
        work = partial(
            mixing.write_settings,
            parts,
            self.stickers,
            self.embeddings,
            self.mean,
            self.profile,
            understanding,
            self.settings_words,
        )
        return self.stage(
            "mix",
            work,
            ("numpy", "jieba"),
            {**asdict(self.profile.tune), "encoder": understanding.encoder.name},
            [said, self.embeddings, clicks, asdict(self.profile.styles), settings_to_json(self.settings_words)],
            reproducible="depends on the embeddings",
        )

    @cached_property
    def settings(self) -> SearchSettings:
        """The search settings: by words and meaning where there is an encoder, chosen where there are enough clicks."""
        if self.mix is not None:
            return _settings_in(self.mix.folder)
        if self.understanding is None:
            return self.settings_words
        return mixing.unchosen(self.profile.tune, self.settings_words)

    # ---- what comes of it -------------------------------------------------------------------------------------------

    @cached_property
    def contents(self) -> BundleContents:
        """The bundle's contents. What is measured on test clicks comes later, from the bundle alone."""
        parts, fitted, many = self.split, self.fitted, len(self.ids) >= MANY
        return BundleContents(
            name=self.title,
            licence=self.licence,
            simulated=self.simulated,
            stickers=self.stickers,
            interactions={"train": parts.fitting.rows, "validation": parts.validation.rows, "test": parts.test.rows},
            people=self.people,
            embeddings=self.embeddings,
            user_styles=fitted.styles,
            utility_counts=fitted.counts,
            images=self.images,
            style_mean=self.mean,
            style_precision=styles.catalogue_precision(self.embeddings, self.mean),
            map_xy=self.map_xy,
            models=self.models,
            settings=self.settings,
            settings_words=None if self.understanding is None else self.settings_words,
            meaning=None if self.understanding is None else self.understanding.known,
            lexicon=lexicon(self.stickers),
            evaluation=self.evaluation,
            notes=self.notes,
            shard_bytes=SHARD_BYTES if many else None,
            # last, when every stage has left its record
            provenance={"machine": machine(), **self.about, **self.provenance},
            gates=self.gates,
        )

    def write(self, out: Path) -> Bundle:
        """Write the bundle to `out`, replacing an older one only when the new one is complete."""
        contents = self.contents
        bar = Bar("assemble", self.stream)
        bundle = write_bundle(out, contents, self.profile.workers if len(self.ids) >= MANY else 1)
        bar.close(f"{out}, {sum(f['bytes'] for f in bundle.manifest['files'].values()) / 1e6:.1f} MB")
        return bundle


def _settings_in(folder: Path) -> SearchSettings:
    """The settings that a stage chose."""
    return settings_from_json(json.loads((folder / features.SETTINGS).read_text(encoding="utf-8")))
