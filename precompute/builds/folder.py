"""A bundle from anybody's folder of stickers and, if there is one, a CSV of clicks: the composition of its stages.

Without a GPU and without a model hub it still tells the truth: OCR reads every picture; styles come from the small
Chinese-CLIP of the demo bundle, which has seen drawn stickers only and is called so; captions are left out, since the
small LLaVA would say of a photograph what it knows of drawings.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from persrv.bundle import Bundle, BundleContents, write_bundle
from persrv.bundle.shards import SHARD_BYTES
from persrv.models.encoders import CONFIG, IMAGE_ENCODER, load_image_encoder
from persrv.ranking.styles import StyleSpace
from persrv.records import FIELDS, FloatArray, Interaction, Person, SearchSettings, Sticker, Text
from persrv.settings import settings_from_json, settings_to_json
from precompute.caption_record import EMPTY, Caption, texts_by_field
from precompute.config import KeepConfig, Profile
from precompute.datasets.clicks import Clicks, read_clicks
from precompute.datasets.folder import Scan, scan
from precompute.fit import styles, tune
from precompute.fit.dividing import divided
from precompute.fit.features import Fitted, choose_settings, fit
from precompute.fit.split import Split, TrainInteractions, nothing_held_back
from precompute.operators import Task
from precompute.operators.looking import EmbedFiles
from precompute.operators.reading import Read, reading_from_json
from precompute.runtime.batch_store import compute
from precompute.runtime.cache import Slot, code_version, file_digest, packages, write_json
from precompute.runtime.local import Engine, in_processes
from precompute.runtime.progress import Bar
from precompute.runtime.stages import CHOOSING, ROOT, Ran, Stages, machine
from precompute.stages import assemble, embed, ocr_filter, project
from precompute.stages.gather import gather
from precompute.stages.ocr_engines import engine_of

#: OCR lines that count as a foreign sticker's text: the paper's confidence, and nothing about where captions stand,
#: which is known of drawn stickers only.
KEEP = KeepConfig(confidence=0.7, height=0.0, relative=0.0, middle=0.0, unlike=0.5)

#: Fewer validation clicks than this choose nothing: the settings stay where the search for them would start.
ENOUGH_CLICKS = 30

#: Fewer interactions than this are all used for fitting, none for tests.
ENOUGH_TO_SPLIT = 20

#: From so many stickers on, pictures go into a few large files, and the index is made by as many processes as work.
MANY = 20_000

#: UMAP needs some neighbours to lay anything out.
ENOUGH_TO_MAP = 8

_ROUGH = Text(
    "Styles and map: the demo's small Chinese-CLIP, which was trained on drawn stickers only. For other pictures it "
    "gives no more than a rough idea of how they look.",
    "口味和地图：用的是演示数据的小型 Chinese-CLIP，它只在代码绘制的表情上训练过，对其他图片只能大致反映外观。",
)
_NO_CAPTIONS = Text(
    "Captions: none. The demo's small LLaVA was trained on drawn stickers only, so it is not used for other pictures.",
    "配文：没有。演示数据的小型 LLaVA 只在代码绘制的表情上训练过，不用于其他图片。",
)


class Import(Stages):
    """One import. images: the folder; clicks: the CSV, or None for a catalogue without people; eyes: the bundle whose
    image encoder looks at the pictures; work: the folder of the cache. `engine` runs the operators: processes of this
    machine, unless another one is put there."""

    def __init__(
        self, images: Path, clicks: Path | None, eyes: Path, profile: Profile, work: Path, stream: TextIO
    ) -> None:
        super().__init__(work, stream)
        self.engine: Engine = in_processes(profile.workers)
        self.folder = images
        self.csv = clicks
        self.eyes = eyes
        self.profile = profile

    # ---- what there is ----------------------------------------------------------------------------------------------

    @cached_property
    def scan(self) -> Scan:
        """Every usable picture of the folder."""
        bar = Bar("scan", self.stream)
        found = scan(self.folder, self.profile.workers, bar)
        bar.close(f"{len(found.pictures)} pictures in {found.files} files, {found.dropped.total()} left out")
        return found

    @cached_property
    def ids(self) -> tuple[str, ...]:
        return tuple(picture.id for picture in self.scan.pictures)

    @cached_property
    def images(self) -> dict[str, Path]:
        """Sticker id -> the file that is shown."""

        def work(folder: Path, bar: Bar) -> dict[str, Any]:
            sources = {picture.digest: picture.path for picture in self.scan.pictures}
            shown = gather(sources, folder, self.profile.workers, bar)
            return {"pictures": len(shown), "reproducible": "depends on Pillow and libwebp"}

        hashes = sorted(picture.digest for picture in self.scan.pictures)
        sources = ("precompute/datasets/animation.py", "precompute/stages/gather.py")
        ran = self.stage("gather", sources, ("pillow",), {}, hashes, work)
        there = {path.stem: path for path in ran.folder.iterdir() if path.suffix != ".json"}
        return {picture.id: there[picture.digest] for picture in self.scan.pictures}

    @cached_property
    def hashes(self) -> dict[str, str]:
        """Sticker id -> hash of the file that is shown: what an operator's result depends on."""
        return {name: file_digest(self.images[name]) for name in self.ids}

    def computed(self, task: Task, slot: Slot, column: str, bar: Bar) -> NDArray[Any]:
        """A column of the task's results, a row a sticker, in the order of the ids; finished batches stay in `slot`."""
        paths = {self.hashes[name]: self.images[name] for name in self.ids}  # each picture once
        rows = {key: number for number, key in enumerate(paths)}
        found = compute(task, paths, slot.folder / "batches", self.engine, bar)
        values: NDArray[Any] = found[column][[rows[self.hashes[name]] for name in self.ids]]
        return values

    @cached_property
    def clicks(self) -> Clicks | None:
        """The usable clicks of the CSV."""
        if self.csv is None:
            return None
        bar = Bar("clicks", self.stream)
        found = read_clicks(self.csv, self.scan.aliases())
        bar.close(
            f"{len(found.interactions)} clicks in {found.rows} rows ({found.encoding}), "
            f"{found.rows - len(found.interactions)} left out"
        )
        return found

    # ---- what a sticker says and looks like -------------------------------------------------------------------------

    @cached_property
    def texts(self) -> dict[str, assemble.Text]:
        """Sticker id -> its text and all lines seen."""
        config = self.profile.read
        by = engine_of(self.profile.ocr.engine)
        sources = (*by.sources, "precompute/stages/ocr.py", "precompute/operators/reading.py")
        engine = packages(by.packages)
        reader = self.cache.slot("read", code_version(ROOT, sources), engine, asdict(config))

        def work(folder: Path, bar: Bar) -> dict[str, Any]:
            load = partial(by.load, threads=1, side=config.side)
            task = Task(Read, (load, tuple(config.grounds), config.enough))
            readings = map(reading_from_json, self.computed(task, reader, "reading", bar))
            seen = {name: ocr_filter.text_of(reading, KEEP) for name, reading in zip(self.ids, readings, strict=True)}
            document = {name: [text, [asdict(line) for line in lines]] for name, (text, lines) in seen.items()}
            write_json(folder / "texts.json", document)
            return {
                "model": by.model,
                "stickers_with_text": sum(bool(text) for text, _ in seen.values()),
                "reproducible": "texts on one machine; confidences depend on the processor",
            }

        settings = {"read": asdict(config), "keep": asdict(KEEP)}
        inputs = [{name: path.stem for name, path in self.images.items()}, reader.key]
        ran = self.stage("ocr", (*sources, "precompute/stages/ocr_filter.py"), engine, settings, inputs, work)
        rows = json.loads((ran.folder / "texts.json").read_text(encoding="utf-8"))
        return {name: assemble.text_from_json(*row) for name, row in rows.items()}

    @cached_property
    def captions(self) -> Mapping[str, Caption]:
        """Sticker id -> what a model wrote of it: nothing, since the small one knows drawn stickers only."""
        return {}

    @property
    def sees(self) -> Path | None:
        """The folder of the Chinese-CLIP that embeds the pictures, whose text tower can read queries; None for none."""
        return None

    @cached_property
    def embed(self) -> Ran:
        """Every picture's vector."""
        eyes = Bundle.open(self.eyes)
        model = eyes.model_path(IMAGE_ENCODER)
        sources = ("persrv/models/encoders.py", "precompute/operators/looking.py")
        used = packages(("onnxruntime", "pillow", "numpy"))
        encoder = file_digest(model) if model else ""
        looked = self.cache.slot("looked", code_version(ROOT, sources), used, encoder)

        def work(folder: Path, bar: Bar) -> dict[str, Any]:
            vectors = self.computed(Task(EmbedFiles, (partial(_encoder, self.eyes),)), looked, "vector", bar)
            embed.save_array(folder / "embeddings.npy", vectors)
            return {"model": f"image encoder of “{eyes.name}”", "note": _ROUGH.en, "reproducible": "on one machine"}

        inputs = [{name: path.stem for name, path in self.images.items()}, encoder]
        return self.stage("embed", sources, used, {}, inputs, work)

    @cached_property
    def embeddings(self) -> NDArray[np.float16]:
        rows: NDArray[np.float16] = np.load(self.embed.folder / "embeddings.npy", allow_pickle=False)
        return rows

    @cached_property
    def mean(self) -> FloatArray:
        return styles.catalogue_mean(self.embeddings)

    @cached_property
    def map_xy(self) -> FloatArray | None:
        """(N, 2) the style map; None for a handful of stickers."""
        if len(self.ids) < ENOUGH_TO_MAP:
            return None

        def work(folder: Path, bar: Bar) -> dict[str, Any]:
            bar(0, len(self.ids))
            config = self.profile.project
            projector = project.umap_projector(config.seed, config.neighbours, config.min_dist)
            vectors = StyleSpace(self.mean).project(np.asarray(self.embeddings, np.float32))
            embed.save_array(folder / "map.npy", project.project(vectors, projector))
            return {"method": "UMAP, cosine", "reproducible": "on one machine"}

        sources = ("precompute/stages/project.py", "precompute/fit/styles.py", "persrv/ranking/styles.py")
        used = ("umap-learn", "numba", "pynndescent", "scikit-learn", "numpy")
        ran = self.stage("project", sources, used, asdict(self.profile.project), [self.embeddings], work)
        flat: FloatArray = np.load(ran.folder / "map.npy", allow_pickle=False)
        return flat

    # ---- what people did --------------------------------------------------------------------------------------------

    @cached_property
    def split(self) -> Split | None:
        """The clicks in three parts; None where there are too few to hold any back."""
        config = self.profile.split
        rows = self.clicks.interactions if self.clicks else ()
        if len(rows) < ENOUGH_TO_SPLIT:
            return None
        parts = divided(rows, config)
        sizes = {"fitting": len(parts.fitting), "validation": len(parts.validation), "test": len(parts.test)}
        self.quick("split", asdict(config), sizes)
        return parts

    @cached_property
    def training(self) -> TrainInteractions:
        """What features are fitted on."""
        if self.split is not None:
            return self.split.training
        return nothing_held_back(self.clicks.interactions if self.clicks else ())

    @cached_property
    def fitted(self) -> Fitted:
        """Queries, utility and styles of the training clicks."""
        fitted = fit(self.training, self.ids, self.embeddings, self.mean, self.profile)
        clicked = int(np.count_nonzero(fitted.counts[:, 0]))
        self.quick("styles", asdict(self.profile.styles), {"people": len(fitted.styles), "stickers_clicked": clicked})
        return fitted

    @cached_property
    def settings(self) -> SearchSettings:
        """The search settings: chosen on validation clicks where there are enough."""
        config = self.profile.tune
        if self.split is None or len(self.split.validation) < ENOUGH_CLICKS:
            self.quick("tune", {}, {"chosen": f"nothing: fewer than {ENOUGH_CLICKS} validation clicks"})
            return tune.start(config, tune.grids(config, FIELDS))
        parts = self.split
        texts = {"ocr": {name: text.ocr for name, text in self.texts.items()}}
        if self.captions:
            texts |= texts_by_field(self.captions, self.ids)

        def work(folder: Path, bar: Bar) -> dict[str, Any]:
            choice, asked = choose_settings(parts, self.ids, texts, self.embeddings, self.mean, self.profile, bar)
            write_json(folder / "settings.json", settings_to_json(choice.settings))
            return {"questions": asked, "before": choice.before, "after": choice.after, "reproducible": "everywhere"}

        clicks = [[asdict(row) for row in part] for part in (parts.fitting, parts.validation)]
        inputs = [texts, self.embeddings, clicks, asdict(self.profile.styles)]
        ran = self.stage("tune", CHOOSING, ("numpy", "jieba"), asdict(config), inputs, work)
        return settings_from_json(json.loads((ran.folder / "settings.json").read_text(encoding="utf-8")))

    # ---- what comes of it -------------------------------------------------------------------------------------------

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """Everybody who clicked something in training, most clicks first, ties by name."""
        clicks = Counter(row.user for row in self.training)
        return tuple(
            Person(user, user, user, f"{clicks[user]} 次点击", f"{clicks[user]} clicks")
            for user in sorted(clicks, key=lambda user: (-clicks[user], user))
        )

    @cached_property
    def report(self) -> dict[str, Any]:
        """What was found and what was left out: provenance of the bundle, shown on the page."""
        found: dict[str, Any] = {
            "folder": self.folder.resolve().name,
            "files": self.scan.files,
            "pictures": len(self.ids),
            "files_left_out": self.scan.dropped.rows(),
        }
        if self.clicks is not None and self.csv is not None:
            found |= {
                "clicks_file": self.csv.name,
                "rows": self.clicks.rows,
                "clicks": len(self.clicks.interactions),
                "encoding": self.clicks.encoding,
                "rows_left_out": self.clicks.dropped.rows(),
            }
        return found

    @cached_property
    def contents(self) -> BundleContents:
        parts, fitted = self.split, self.fitted
        held: dict[str, tuple[Interaction, ...]] = {"train": self.training.rows}
        if parts is not None:
            held = {"train": parts.fitting.rows, "validation": parts.validation.rows, "test": parts.test.rows}
        settings, map_xy = self.settings, self.map_xy
        return BundleContents(
            name=self.folder.resolve().name,
            licence="that of the pictures' owners; nobody has checked it",
            simulated=False,
            stickers=self._stickers(fitted.queries),
            interactions=held,
            people=self.people,
            embeddings=self.embeddings,
            user_styles=fitted.styles,
            utility_counts=fitted.counts,
            images=self.images,
            style_mean=self.mean,
            map_xy=map_xy,
            models=self.encoders,
            settings=settings,
            provenance={"machine": machine(), "import": self.report, **self.provenance},
            notes=self.notes,
            shard_bytes=SHARD_BYTES if len(self.ids) >= MANY else None,
        )

    @cached_property
    def encoders(self) -> dict[str, Path]:
        """The models that the page needs for a visitor's own picture."""
        eyes = Bundle.open(self.eyes)
        return {name: path for name in (IMAGE_ENCODER, CONFIG) if (path := eyes.model_path(name))}

    @property
    def notes(self) -> Text:
        """What whoever searches the bundle should know."""
        return Text.joined(_ROUGH, _NO_CAPTIONS)

    def _stickers(self, queries: Mapping[str, tuple[str, ...]]) -> tuple[Sticker, ...]:
        return tuple(
            assemble.sticker(
                picture.id,
                picture.series,
                {},
                self.images[picture.id],
                self.texts[picture.id],
                queries.get(picture.id, ()),
                self.captions.get(picture.id, EMPTY),
            )
            for picture in self.scan.pictures
        )

    def write(self, out: Path) -> Bundle:
        """Write the bundle to `out`, replacing an older one only when the new one is complete."""
        contents = self.contents
        bar = Bar("assemble", self.stream)
        bundle = write_bundle(out, contents, self.profile.workers if len(self.ids) >= MANY else 1)
        bar.close(f"{out}, {sum(f['bytes'] for f in bundle.manifest['files'].values()) / 1e6:.1f} MB")
        return bundle


def _encoder(eyes: Path) -> Callable[[Path], FloatArray]:
    encode = load_image_encoder(Bundle.open(eyes))

    def of_file(path: Path) -> FloatArray:
        with Image.open(path) as picture:
            return encode(picture)

    return of_file
