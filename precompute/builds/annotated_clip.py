"""StickerCLIP on annotations: a Chinese-CLIP fine-tuned on Sticker820K's five fields, and what that gains.

The annotations are those of a bundle's own catalogue, or those of a folder in Sticker820K's format: pictures, and a
file of JSON Lines beside them (precompute.datasets.sticker820k). What is trained is measured and stays in the cache: in
a bundle it would make another search of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from persrv.bundle import Bundle
from persrv.bundle.layout import MANIFEST
from persrv.errors import DataError
from persrv.records import Sticker, Text
from precompute.builds import released_sticker_clip
from precompute.config import StickerClipRecipe
from precompute.datasets import sticker820k
from precompute.datasets.dropped import Dropped
from precompute.demo.situations import SITUATIONS
from precompute.demo.words import STYLE_WORDS
from precompute.evaluation.report import Findings
from precompute.evaluation.run import Done, write_into
from precompute.evaluation.section import Section
from precompute.evaluation.world import REAL, SIMULATED
from precompute.models.released import hub, loading, sticker_clip
from precompute.models.released.sticker_clip import StickerTexts
from precompute.models.released.text import CONTEXT
from precompute.models.small import clip_restored
from precompute.runtime.cache import file_digest
from precompute.runtime.progress import Report
from precompute.runtime.stages import Stages

_TRAINERS = ("torch", "transformers", "numpy", "pillow")


@dataclass(frozen=True, slots=True)
class Annotations:
    """Annotated stickers. data: what they are, as a report says it; dropped: annotations that cannot be used."""

    told: tuple[StickerTexts, ...]
    data: Text
    dropped: Dropped


# ---- where annotations come from ------------------------------------------------------------------------------------


def annotated(source: Path) -> Annotations:
    """The annotations of a bundle, or of a folder in Sticker820K's format."""
    return of_bundle(Bundle.open(source)) if (source / MANIFEST).is_file() else of_folder(source)


def of_bundle(bundle: Bundle) -> Annotations:
    """Read the annotations in a catalogue's own texts. DataError if the catalogue has no texts."""
    said = [(sticker, sticker820k.text_of(record_of(sticker))) for sticker in bundle.stickers if sticker.image]
    told = tuple(StickerTexts(sticker.id, bundle.path / sticker.image, (text,)) for sticker, text in said if text)
    if not told:
        raise DataError(f"No annotation in {bundle.path}", "stickers with texts and pictures", "Choose another bundle.")
    return Annotations(told, SIMULATED if bundle.simulated else REAL, Dropped())


def record_of(sticker: Sticker) -> dict[str, str]:
    """A sticker of a catalogue as a record of Sticker820K.

    Feelings and style are those that the drawn world gave it, and what a model wrote and the pack's name in any other
    catalogue.
    """
    meant, style = SITUATIONS.get(sticker.labels.get("situation", "")), sticker.labels.get("style", "")
    return {
        "caption": sticker.description,
        "emotion_class": meant.emotion_zh if meant else "",
        "emotion_label": meant.zh if meant else sticker.emotion,
        "style_class": STYLE_WORDS[style][0] if style in STYLE_WORDS else sticker.series,
        "ocr_text": sticker.ocr,
    }


def of_folder(folder: Path) -> Annotations:
    """The annotated pictures of a folder: a .jsonl file, and pictures anywhere below, each named as its key, with its
    extension or without. DataError for another number of .jsonl files, or where no picture is annotated.
    """
    lists = sorted(folder.glob("*.jsonl"))
    if len(lists) != 1:
        raise DataError(
            f"{len(lists)} .jsonl files in {folder}", "one, of Sticker820K's annotations, or a bundle", "Name it so."
        )
    read = sticker820k.read(lists[0])
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path != lists[0]]
    paths = {path.stem: path for path in files} | {path.name: path for path in files}
    told = []
    for key, text in read.texts.items():
        if key in paths:
            told.append(StickerTexts(key, paths[key], (text,)))
        else:
            read.dropped.add("an annotation without a picture", key)
    if not told:
        raise DataError(f"No annotated picture in {folder}", "pictures named by their key", "Check their names.")
    return Annotations(tuple(told), Text("annotations of this folder", "这个文件夹的标注"), read.dropped)


# ---- training and measuring -----------------------------------------------------------------------------------------


class Build(Stages):
    """The fine-tuning of a Chinese-CLIP on one set of annotations.

    start: the folder of a released one; or a bundle, whose small one is read back from its encoders, and beside which
    one of the same size is trained from random weights.
    """

    def __init__(
        self, said: Annotations, start: Path, recipe: StickerClipRecipe, workers: int, work: Path, stream: TextIO
    ) -> None:
        super().__init__(work, stream)
        self.said, self.start, self.recipe, self.workers = said, start, recipe, workers

    def findings(self) -> Findings:
        """Recall before and after on stickers that training never saw; trained now, unless it was trained before."""
        if not (self.start / MANIFEST).is_file():
            return self._trained(self.start)
        texts = [text for one in self.said.told for text in one.texts]
        encoders = [file_digest(path) for path in sorted((self.start / "models").glob("*encoder*"))]
        work = partial(restore, self.start, texts, self.recipe.seed)
        models = self.stage("start", work, (*_TRAINERS, "onnx"), {"seed": self.recipe.seed}, [encoders, texts]).folder
        return joined_findings({start: self._trained(models / name) for name, start in STARTS.items()})

    def _trained(self, start: Path) -> Findings:
        device, told = loading.device(False, needed=False), self.said.told
        ran = self.stage(
            "sticker_clip",
            partial(sticker_clip.learn, start, told, self.recipe, device, self.workers),
            _TRAINERS,
            asdict(self.recipe),
            [[[one.sticker, one.texts, file_digest(one.path)] for one in told], hub.identity(start), device],
        )
        history, counts = sticker_clip.history_in(ran.folder), (ran.report["stickers"], ran.report["held_out_stickers"])
        return released_sticker_clip.findings(history, *counts, self.recipe, self.said.data, TAUGHT)


#: Folders of the two starts, below their stage's folder, and the starts' names.
OWN, RANDOM = "own", "random"
STARTS: Mapping[str, Text] = {
    RANDOM: Text("from random weights", "从随机权重开始"),
    OWN: Text(
        "from the bundle's Chinese-CLIP, which learnt from other drawings of the same world",
        "从数据包自带的 Chinese-CLIP 开始，它学过同一个世界的其他图画",
    ),
}


def restore(start: Path, texts: Sequence[str], seed: int, folder: Path, report: Report) -> Mapping[str, Any]:
    """Write a bundle's small Chinese-CLIP, with room for the annotations, and one of its size with random weights."""
    report(0, 1)
    model, tokenizer = clip_restored.widened(*clip_restored.restore(Bundle.open(start)), texts, CONTEXT)
    clip_restored.save(model, tokenizer, folder / OWN)
    clip_restored.save(clip_restored.forgotten(model, seed), tokenizer, folder / RANDOM)
    report(1, 1)
    return {"vocabulary": len(tokenizer)}


def joined_findings(found: Mapping[Text, Findings]) -> Findings:
    """Findings of several starts as one: rows under their start, a curve each."""
    each = list(found.values())
    rows = [replace(row, group=start) for start, one in found.items() for row in one.tables[0].rows]
    curves = [
        replace(curve, name=f"{curve.name} {start.en}", title=Text.listed(curve.title, start))
        for start, one in found.items()
        for curve in one.curves
    ]
    return replace(each[0], tables=(replace(each[0].tables[0], rows=tuple(rows)),), curves=tuple(curves))


def write(bundle: Path, found: Findings) -> None:
    """Put what was found into the evidence of a bundle; everything else in it stays as it is."""
    section = Section(released_sticker_clip.SECTION, str(found.title), lambda _world, _report: found)
    write_into(bundle, [Done(section, found, 0.0)])


TAUGHT = Text(
    "A text is what is known of a sticker in Sticker820K's five fields: what is seen, two of what is felt, the style, "
    "and what is written on it.",
    "一条文字是按 Sticker820K 的五个字段写的：画面、情绪大类、情绪、画风和图上的文字。",
)
