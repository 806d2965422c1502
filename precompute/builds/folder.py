"""A bundle from anybody's folder of stickers and, if there is one, a CSV of clicks: scanning and gathering.

Without a GPU and without a model hub it still tells the truth: OCR reads every picture; styles come from the small
Chinese-CLIP of the demo bundle, which has seen drawn stickers only and is called so; captions are left out, since the
small LLaVA would say of a photograph what it knows of drawings.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import cached_property, partial
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Any, TextIO

import numpy as np

from persrv.bundle import Bundle, Edit
from persrv.bundle.edits import by_sticker, edited
from persrv.bundle.overlay import APPLIED
from persrv.models.encoders import CONFIG, IMAGE_ENCODER
from persrv.records import FloatArray, Interaction, Person, Sticker, Text
from precompute.builds.base import BaseBuild
from precompute.caption_record import Caption
from precompute.config import OcrFilterConfig, Profile, ReadConfig
from precompute.datasets import transcode
from precompute.datasets.clicks import Clicks, joined, read_clicks
from precompute.datasets.dropped import Dropped
from precompute.datasets.folder import Found, Scan, scan
from precompute.runtime.cache import Slot, file_digest, packages, write_json
from precompute.runtime.dependencies import code_version
from precompute.runtime.operators import Task
from precompute.runtime.progress import Bar
from precompute.runtime.stages import Ran
from precompute.stages import assemble, embed, project
from precompute.stages.gather import HASHES, gather, gather_hashed, gathered
from precompute.stages.names import names_of

#: OCR lines that count as a foreign sticker's text: the paper's confidence, and nothing about where captions stand,
#: which is known of drawn stickers only.
KEEP = OcrFilterConfig(confidence=0.7, height=0.0, relative=0.0, middle=0.0, unlike=0.5, alone=0.9)

#: The share of pictures that an earlier map does not know, above which a map is made anew.
NEW = 0.1

#: Grey levels on which foreign pictures are laid where they are transparent: their letters may be dark or light.
GROUNDS = (255, 40)

#: Packages that read pictures and animations -> the modules by which they are known. The last four are options.
READERS = {
    "pillow": "PIL",
    "pillow-heif": "pillow_heif",
    "pillow-jxl-plugin": "pillow_jxl",
    "av": "av",
    "rlottie-python": "rlottie_python",
}

_HIDDEN = Text("a picture that its owner hides", "所有者隐藏的图片")
_UNPREPARED = Text("a picture that cannot be prepared", "无法处理的图片")
_UNSEEN = Text("a picture that cannot be embedded", "无法提取特征的图片")
_UNOPENED = Text("a picture that could not be opened again", "再次打开失败的图片")
_UNCAPTIONED = Text("a sticker that no model could look at (it has no captions)", "模型看不了（表情保留，没有配文）")
_UNNAMED = Text("a sticker whose names could not be read (it is kept)", "名称读不出（表情保留）")
_UNREAD = Text("a sticker whose text could not be read (it is kept)", "文字读不出（表情保留）")

_ROUGH = Text(
    "Styles and map: the demo's small Chinese-CLIP, which was trained on drawn stickers only. For other pictures it "
    "gives no more than a rough idea of how they look.",
    "口味和地图：用的是演示数据的小型 Chinese-CLIP，它只在代码绘制的表情上训练过，对其他图片只能大致反映外观。",
)
_NO_CAPTIONS = Text(
    "Captions: none. The demo's small LLaVA was trained on drawn stickers only, so it is not used for other pictures.",
    "配文：没有。演示数据的小型 LLaVA 只在代码绘制的表情上训练过，不用于其他图片。",
)


class Import(BaseBuild):
    """An import of a folder of stickers. images: the folder; clicks: the CSVs, none for a catalogue without people;
    eyes: the bundle whose image encoder looks at the pictures; work: the folder of the cache; encoding: of the CSVs,
    None to tell it.
    """

    def __init__(
        self,
        images: Path,
        clicks: Sequence[Path],
        eyes: Path,
        profile: Profile,
        work: Path,
        stream: TextIO,
        encoding: str | None = None,
    ) -> None:
        super().__init__(profile, work, stream)
        self.folder = images
        self.csvs = tuple(clicks)
        self.encoding = encoding
        self.eyes = eyes
        self.said: Sequence[Edit] = ()  # by the owner of the bundle that this one replaces

    # ---- what there is ----------------------------------------------------------------------------------------------

    @cached_property
    def scan(self) -> Scan:
        """The usable pictures of the folder."""
        bar = Bar("scan", self.stream)
        readers = packages(name for name in READERS if find_spec(READERS[name]))
        store = self.cache.slot("seen", code_version(scan, transcode.main), readers).folder
        found = scan(self.folder, self.profile.workers, bar, store)
        bar.close(f"{len(found.pictures)} pictures in {found.files} files, {found.dropped.total()} left out")
        return found

    @cached_property
    def edits(self) -> dict[str, Edit]:
        """Map picture ids to their owner's edits; the id of a picture in a bundle is the hash of its file."""
        by_hash = [replace(edit, image=PurePosixPath(edit.image).stem) for edit in self.said]
        return by_sticker(by_hash, {picture.id: picture.digest for picture in self.scan.pictures})

    @property
    def hidden(self) -> Sequence[str]:
        """The ids of pictures that their owner hides. The bundle is built without them, since it may be given away."""
        return sorted(name for name, edit in self.edits.items() if edit.hidden)

    @cached_property
    def prepared(self) -> tuple[Found, ...]:
        """The pictures of the folder that could be prepared, and are not hidden."""
        there, hidden = gathered(self.gather.folder), set(self.hidden)
        return tuple(picture for picture in self.scan.pictures if picture.digest in there and picture.id not in hidden)

    @cached_property
    def opened(self) -> dict[str, assemble.Shape | None]:
        """Picture's id -> the shape of its prepared file; None where the file cannot be opened any more."""
        shapes: dict[str, assemble.Shape | None] = {}
        for name, path in self.images.items():
            try:
                shapes[name] = assemble.shape_of(path)
            except Exception as error:  # noqa: BLE001  decoders raise anything
                sys.stderr.write(f"left out, since it cannot be opened: {path}: {error}\n")
                shapes[name] = None
        return shapes

    @property
    def shapes(self) -> dict[str, assemble.Shape]:
        return {name: shape for name, shape in self.opened.items() if shape is not None}

    @property
    def unseen(self) -> Sequence[str]:
        """The ids of prepared pictures that could not be embedded."""
        found: Sequence[str] = self.embed.report.get("unseen", ())
        return found

    @cached_property
    def pictures(self) -> tuple[Found, ...]:
        """The pictures of the bundle: prepared, embedded and there."""
        lost = {*self.unseen, *(name for name, shape in self.opened.items() if shape is None)}
        return tuple(picture for picture in self.prepared if picture.id not in lost)

    @property
    def uncaptioned(self) -> Sequence[str]:
        """The ids of pictures that a model should have captioned, and could not look at."""
        return ()

    @cached_property
    def ids(self) -> tuple[str, ...]:
        return tuple(picture.id for picture in self.pictures)

    @cached_property
    def series(self) -> dict[str, str]:
        return {picture.id: picture.series for picture in self.pictures}

    @cached_property
    def named(self) -> dict[str, str | None]:
        """Map sticker ids to the words of their names; None if the names could not be read."""
        said: dict[str, str | None] = {}
        for picture in self.pictures:
            try:
                said[picture.id] = ", ".join(names_of(picture.names, picture.emoji, picture.packs))
            except Exception as error:  # noqa: BLE001  one name must not end a build
                sys.stderr.write(f"its names cannot be read: {picture.names[0]}: {error}\n")
                said[picture.id] = None
        return said

    @property
    def names(self) -> dict[str, str]:
        return {name: said or "" for name, said in self.named.items()}

    @cached_property
    def store(self) -> Slot:
        """The folder in which prepared pictures stay, whatever set of them a build has."""
        return self.cache.slot("prepared", code_version(gather), packages(("pillow",)))

    @cached_property
    def gather(self) -> Ran:
        """The pictures as they are shown, under the hashes of the files they come from."""
        sources = {picture.digest: picture.path for picture in self.scan.pictures}
        work = partial(gather_hashed, sources, self.store.folder, workers=self.profile.workers)
        return self.stage(
            "gather", work, ("pillow",), {}, sorted(sources), reproducible="depends on Pillow and libwebp"
        )

    @cached_property
    def images(self) -> dict[str, Path]:
        there = gathered(self.gather.folder)
        return {picture.id: there[picture.digest] for picture in self.prepared}

    @cached_property
    def prepared_hashes(self) -> dict[str, str]:
        """Picture's id -> hash of its prepared file."""
        of_file = json.loads((self.gather.folder / HASHES).read_text(encoding="utf-8"))
        return {picture.id: of_file[picture.digest] for picture in self.prepared}

    @cached_property
    def hashes(self) -> dict[str, str]:
        return {name: self.prepared_hashes[name] for name in self.ids}

    @cached_property
    def clicks(self) -> Clicks | None:
        """The usable clicks of all CSVs, one after the other, shown as they were understood; None without a CSV."""
        if not self.csvs:
            return None
        bar = Bar("clicks", self.stream)
        names = self.scan.aliases()
        found = joined([read_clicks(csv, names, self.encoding) for csv in self.csvs])
        bar.close(
            f"{len(found.interactions)} clicks in {found.rows} rows ({found.encoding}), "
            f"{found.rows - len(found.interactions)} left out"
        )
        for sentence in found.shown():
            print(f"  {sentence}", file=self.stream)
        return found

    @property
    def interactions(self) -> tuple[Interaction, ...]:
        if self.clicks is None:
            return ()
        known = set(self.ids)
        return tuple(row for row in self.clicks.interactions if row.sticker in known)

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """The people who clicked something in training, most clicks first, ties by name."""
        clicks = Counter(row.user for row in self.split.training)
        return tuple(
            Person(user, user, user, f"{clicks[user]} 次点击", f"{clicks[user]} clicks")
            for user in sorted(clicks, key=lambda user: (-clicks[user], user))
        )

    # ---- what a sticker says and looks like -------------------------------------------------------------------------

    @property
    def reading(self) -> ReadConfig:
        return replace(self.profile.read, grounds=GROUNDS)

    @property
    def text_filter(self) -> OcrFilterConfig:
        return KEEP

    @cached_property
    def captions(self) -> Mapping[str, Caption]:
        """No captions, since the small model knows drawn stickers only."""
        return {}

    @property
    def sees(self) -> Path | None:
        """The folder of the Chinese-CLIP that embeds the pictures, whose text tower can read queries; None for none."""
        return None

    @cached_property
    def embed(self) -> Ran:
        eyes = Bundle.open(self.eyes)
        model = eyes.model_path(IMAGE_ENCODER)
        used = packages(("onnxruntime", "pillow", "numpy"))
        encoder = file_digest(model) if model else ""
        load = partial(embed.load_file_encoder, self.models)
        task = Task(embed.EmbedFiles, (load,))
        keys = {picture.id: picture.digest for picture in self.prepared}  # `hashes` are known once this has run
        looked = self.columns("looked", task, used, encoder, self.store.key, keys=keys)
        return self.stage(
            "embed",
            partial(embed.write_vectors, looked),
            used,
            {},
            [keys, looked.slot.key],
            model=f"image encoder of “{eyes.name}”",
            note=_ROUGH.en,
            reproducible="on one machine",
        )

    @cached_property
    def stickers(self) -> tuple[Sticker, ...]:
        """The catalogue, with its owner's edits applied."""
        computed = super().stickers
        return tuple(edited(each, self.edits[each.id]) if each.id in self.edits else each for each in computed)

    # ---- the map ----------------------------------------------------------------------------------------------------

    @property
    def laid(self) -> Path:
        """The path of the file with the places that the last complete map gave to pictures, by hash."""
        decides = code_version(project.write_map), asdict(self.profile.project), self.embed.report.get("model")
        return self.cache.slot("laid", *decides).folder / "laid.json"

    @cached_property
    def placed(self) -> FloatArray | None:
        """Places (N, 2) on the last complete map, while nine tenths of the pictures were on it: people know that map,
        and keeping it costs nothing. None for a map made anew.
        """
        try:
            known = json.loads(self.laid.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if known.keys() == {picture.digest for picture in self.pictures}:
            return None  # the very same map, which the cache has
        nowhere = (math.nan, math.nan)
        places = np.array([known.get(picture.digest, nowhere) for picture in self.pictures], np.float32)
        return places if np.isnan(places).any(axis=1).mean() <= NEW else None

    @cached_property
    def map_xy(self) -> FloatArray | None:
        places = super().map_xy
        if places is not None and self.placed is None:
            known = zip(self.pictures, places.tolist(), strict=True)
            write_json(self.laid, {picture.digest: place for picture, place in known})
        return places

    # ---- what comes of it -------------------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        return self.folder.resolve().stem if self.folder.is_file() else self.folder.resolve().name

    @property
    def licence(self) -> str:
        return "that of the pictures' owners; nobody has checked it"

    @property
    def notes(self) -> Text:
        return Text.joined(_ROUGH, _NO_CAPTIONS)

    @property
    def about(self) -> dict[str, dict[str, Any]]:
        kept = [self.edits[name].to_json() for name in self.ids if name in self.edits]
        return {"import": self.report, **({APPLIED: {"applied": kept}} if kept else {})}

    @property
    def left_out(self) -> Dropped:
        """Count, by reason, the files that are no sticker of the bundle, and what in a sticker could not be read."""
        dropped = Dropped()
        dropped.include(self.scan.dropped)
        there, opened = gathered(self.gather.folder), self.opened
        file_of = {picture.id: picture.names[0] for picture in self.scan.pictures}
        for reason, names in (
            (_HIDDEN, [file_of[name] for name in self.hidden]),
            (_UNPREPARED, [picture.names[0] for picture in self.scan.pictures if picture.digest not in there]),
            (_UNOPENED, [file_of[name] for name, shape in opened.items() if shape is None]),
            (_UNSEEN, [file_of[name] for name in self.unseen if opened[name] is not None]),
            (_UNNAMED, [file_of[name] for name, said in self.named.items() if said is None]),
            (_UNREAD, self.ocr.report.get("unread", ())),
            (_UNCAPTIONED, [file_of[name] for name in self.uncaptioned]),
        ):
            for name in names:
                dropped.add(reason, name)
        return dropped

    @cached_property
    def report(self) -> dict[str, Any]:
        """Counts of what was found and what was left out: provenance of the bundle, shown on the page."""
        found: dict[str, Any] = {
            "folder": self.folder.resolve().name,
            "files": self.scan.files,
            "pictures": len(self.ids),
            "files_left_out": self.left_out.rows(),
        }
        if self.clicks is not None:
            found |= {
                "clicks_file": ", ".join(csv.name for csv in self.csvs),
                "rows": self.clicks.rows,
                "clicks": len(self.clicks.interactions),
                "encoding": self.clicks.encoding,
                "rows_left_out": self.clicks.dropped.rows(),
            }
        return found

    @cached_property
    def models(self) -> dict[str, Path]:
        """The models that the page needs for a visitor's own picture."""
        eyes = Bundle.open(self.eyes)
        return {name: path for name in (IMAGE_ENCODER, CONFIG) if (path := eyes.model_path(name))}
