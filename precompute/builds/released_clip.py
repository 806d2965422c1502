"""A bundle from anybody's folder whose pictures the paper's Chinese-CLIP sees, without any captions.

It needs no GPU. The page gets both towers as ONNX in 8 bits where the profile says so, and then answers pictures of
visitors' own, and words by what pictures show, as the embedded bundle does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TextIO

from persrv.bundle import Bundle
from persrv.errors import DataError, ModelError
from persrv.models.encoders import VOCABULARY
from persrv.records import Text
from precompute.builds import released_sticker_clip
from precompute.builds.folder import Import
from precompute.config import Profile, ReleasedConfig
from precompute.evaluation.report import SCHEMA, Findings, findings_to_json
from precompute.model_cards import CHAT, LLAVA, UNKNOWN, ModelCard, card_names, model_card
from precompute.models.pixels import Decode
from precompute.models.released import chat, clip_int8, hub, loading, sticker_clip
from precompute.runtime import trial
from precompute.runtime.batch_store import Columns
from precompute.runtime.cache import packages
from precompute.runtime.operators import Task
from precompute.runtime.stages import Ran
from precompute.stages import embed

#: Packages on which embeddings depend.
_EMBEDDED_BY = ("torch", "transformers", "pillow", "numpy")

#: Files of an adapter, as peft keeps it.
ADAPTER_FILES = ("adapter_config.json", loading.ADAPTER_WEIGHTS)

_NO_CAPTIONS = Text(
    "Captions: none, since no vision-language model was chosen (--vlm).",
    "配文：没有，因为没有选视觉语言模型（--vlm）。",
)
NO_ENCODERS = Text(
    "Visitors cannot search with a picture of their own: the bundle carries no encoders.",
    "访客不能用自己的图片搜索：数据包里没有编码器。",
)


@dataclass(frozen=True, slots=True)
class Models:
    """The folders of the models, and the device that they run on. vlm: None for no captions; adapter: one that was
    given, or None.
    """

    clip: Path
    vlm: Path | None
    device: str
    adapter: Path | None = None


# ---- what is there, and what has to be fetched ----------------------------------------------------------------------


def with_vlm(config: ReleasedConfig, wanted: str) -> tuple[ReleasedConfig, str | None]:
    """The settings with another vision-language model, a card's name or a local folder; and that folder, or None.

    A folder is asked as the card of a model of its class says; DataError for what is neither.
    """
    if wanted in card_names((LLAVA, CHAT)):
        return replace(config, vlm=wanted, ask=""), None
    if not Path(wanted).is_dir():
        raise DataError(
            f"--vlm {wanted}",
            f"one of {', '.join(card_names((LLAVA, CHAT)))}, or a folder with a model",
            "Choose one, or name a folder.",
        )
    kind = chat.config_of(Path(wanted), "--vlm").model_type
    return replace(config, vlm=_CARDS_BY_CLASS.get(kind, UNKNOWN), ask=""), wanted


#: transformers' name of a class -> the card by which a local folder of that class is asked.
_CARDS_BY_CLASS = {
    "llava": "llava-1.5-7b",
    "qwen3_5": "qwen3.5-0.8b",
    "qwen3_vl": "qwen3-vl-2b",
    "idefics3": "smolvlm-256m",
}


def find_models(
    profile: Profile,
    clip: str | None,
    vlm: str | None,
    force_cpu: bool,
    adapter: str | None = None,
    stream: TextIO | None = None,
) -> Models:
    """Find all models, and download those that are missing. ModelError, before any download or work, if a model cannot
    be had, or needs a GPU and there is none.

    clip, vlm, adapter: local folders that were given, or None; stream: where downloads are announced.
    """
    config = profile.released
    if not config.clip:
        raise DataError(
            f"Profile {profile.name!r} uses no released models",
            "--profile paper or --profile laptop",
            "Leave out --clip, --vlm, --llava, --adapter, --sticker-clip and --force-cpu.",
        )
    wanted = [(model_card(config.clip), "--clip", clip)]
    if config.vlm:
        wanted.append((config.card, "--llava" if config.card.kind == LLAVA else "--vlm", vlm))
    models = [hub.HubModel.of(card, option) for card, option, _ in wanted]
    there = [hub.at_hand(model, given) for model, (_, _, given) in zip(models, wanted, strict=True)]
    trained = None if adapter is None else _adapter(Path(adapter), config)
    missing = [model for model, folder in zip(models, there, strict=True) if folder is None]
    for model in missing:
        hub.reachable(model)
    device = loading.device(force_cpu, needed=bool(config.vlm) and config.card.kind == LLAVA)
    for model in missing:
        download = hub.to_download(model)
        if stream is not None:
            print(f"{download.told()}. Ctrl-C stops it; the same command goes on.", file=stream)
    folders = [
        folder or _fetched(model, card) for model, folder, (card, _, _) in zip(models, there, wanted, strict=True)
    ]
    loading.encoder_config(folders[0])  # a folder of another model is refused now
    if config.encoders and not (folders[0] / VOCABULARY).is_file():
        raise ModelError(f"{folders[0]} holds no {VOCABULARY}", "the vocabulary of a Chinese-CLIP", "Copy it there.")
    if config.vlm:
        _require_known(config.card, folders[1], models[1].option)
    return Models(folders[0], folders[1] if config.vlm else None, device, trained)


def _fetched(model: hub.HubModel, card: ModelCard) -> Path:
    """Download a model: first what describes it, so that gigabytes of a model that cannot be used are not."""
    described = hub.described(model)
    if card.kind in (LLAVA, CHAT):
        _require_known(card, described, model.option)
    return hub.fetched(model)


def _require_known(card: ModelCard, folder: Path, option: str) -> None:
    """ModelError for a vision-language model of an unknown class, or without some of its weights."""
    kind = chat.config_of(folder, option).model_type
    if card.kind == LLAVA and kind != "llava":
        raise ModelError(
            f"{option} {folder} holds a model of the class {kind!r}",
            f"the folder of {card.title}",
            "Name it with --vlm, which takes any image-text model.",
        )
    chat.require_whole(folder, option)


def _adapter(folder: Path, config: ReleasedConfig) -> Path:
    if not config.vlm or config.card.kind != LLAVA:
        raise DataError("--adapter without a LLaVA", "--profile paper, or --vlm llava-1.5-7b", "Leave --adapter out.")
    missing = [name for name in ADAPTER_FILES if not (folder / name).is_file()]
    if missing:
        raise ModelError(
            f"--adapter {folder} holds no {' and no '.join(missing)}",
            "the folder of a LoRA adapter as peft saves it",
            "Name another folder, or leave it out to have one trained on the clicks.",
        )
    return folder


# ---- the build ------------------------------------------------------------------------------------------------------


class ClipImport(Import):
    """An import whose pictures are embedded by a released Chinese-CLIP."""

    def __init__(
        self,
        images: Path,
        clicks: Sequence[Path],
        models: Models,
        profile: Profile,
        work: Path,
        stream: TextIO,
        encoding: str | None = None,
    ) -> None:
        super().__init__(images, clicks, models.clip, profile, work, stream, encoding)
        self.released = models
        self.config = profile.released
        self.foretold: trial.Forecast | None = None

    @cached_property
    def sticker_clip(self) -> Ran | None:
        """The Chinese-CLIP fine-tuned on the texts of these stickers; None if it was not asked for."""
        recipe, models = self.profile.sticker_clip, self.released
        if not recipe.on:
            return None
        said = released_sticker_clip.stickers_with_text(
            self.ids, self.images, self.read, self.captions, self.split.fitting
        )
        return self.stage(
            "sticker_clip",
            partial(sticker_clip.learn, models.clip, said, recipe, models.device, self.profile.workers),
            ("torch", "transformers", "pillow", "numpy"),
            asdict(recipe),
            [
                [[one.sticker, one.texts, one.queries, self.hashes[one.sticker]] for one in said],
                hub.identity(models.clip),
                models.device,
            ],
            method="symmetric InfoNCE, both towers; OCR, captions and fitting queries",
            model=self._name("clip"),
            device=models.device,
            reproducible="on one processor; nearly on one GPU",
        )

    @property
    def unseen(self) -> Sequence[str]:
        """The ids of prepared pictures that the Chinese-CLIP could not see, before it learns from any."""
        found: Sequence[str] = self.seen.report["unseen"]
        return found

    @property
    def sees(self) -> Path:
        """The folder of the Chinese-CLIP that embeds the pictures."""
        return self.released.clip if self.sticker_clip is None else self.sticker_clip.folder / sticker_clip.MODEL

    @cached_property
    def seen(self) -> Ran:
        """The stage that embeds every prepared picture by the Chinese-CLIP as it was released."""
        name = "seen" if self.profile.sticker_clip.on else "embed"
        return self._embedded(name, self._looked(self.released.clip, self.prepared_hashes), self._name("clip"))

    @cached_property
    def embed(self) -> Ran:
        if self.sticker_clip is None:
            return self.seen
        ran = self._embedded("embed", self._looked(self.sees, self.hashes), self._eyes_name)
        if changed := ran.report["unseen"]:
            raise DataError(f"{changed[0]} changed while it was looked at", "files that stay", "Run the command again.")
        return ran

    def _embedded(self, name: str, looked: Columns, model: str) -> Ran:
        return self.stage(
            name,
            partial(embed.write_vectors, looked),
            packages(_EMBEDDED_BY),
            {"batch": self.config.clip_batch},
            [looked.keys, looked.slot.key],
            model=model,
            device=self.released.device,
            reproducible="on one machine",
        )

    def _looked(self, eyes: Path, keys: Mapping[str, str]) -> Columns:
        """The columns of embeddings by the Chinese-CLIP in the folder `eyes`. keys: sticker id -> hash of its
        picture.
        """
        device = self.released.device
        load, decode = partial(loading.frame_embedder, eyes, device), Decode(loading.clip_look(eyes).side)
        task = Task(embed.Embed, (load,), decode, self.config.clip_batch, self._gpus)
        return self.columns("looked", task, packages(_EMBEDDED_BY), hub.identity(eyes), device, keys=keys)

    @property
    def tasks(self) -> Mapping[str, Columns]:
        """Tasks that take long, by the column that they compute from a prepared picture."""
        keys = self.prepared_hashes
        return {"read": self._reads(keys), "seen": self._looked(self.released.clip, keys)}

    def write(self, out: Path) -> Bundle:
        """Write the bundle; before, on a processor, say how long it will take."""
        if self.released.device == "cpu":
            frames = {picture.id: min(picture.frames, 3) for picture in self.prepared}
            self.foretold = trial.foretell(self.tasks, frames, self.profile.workers)
            if self.foretold is not None:
                print(f"  {self.foretold.in_words()}", file=self.stream)
        return super().write(out)

    @cached_property
    def encoders(self) -> Ran | None:
        """The two towers as ONNX in 8 bits, for the page; None if the profile wants none in the bundle."""
        if not self.config.encoders:
            return None
        samples = [self.images[name] for name in self.ids[: clip_int8.SAMPLES]]
        texts = [text for name in self.ids if (text := self.read[name])][: clip_int8.SAMPLES]
        return self.stage(
            "encoders",
            partial(clip_int8.write, self.sees, samples, texts),
            ("torch", "transformers", "onnx", "onnxscript", "onnxruntime", "pillow", "numpy"),
            {},
            [hub.identity(self.sees), [self.hashes[name] for name in self.ids[: clip_int8.SAMPLES]], texts],
            model=self._eyes_name,
            reproducible="depends on the versions of torch and ONNX Runtime",
        )

    @cached_property
    def models(self) -> dict[str, Path]:
        """The encoders that the page runs; none of a profile without: as they were released, they are hundreds of
        megabytes.
        """
        return {} if self.encoders is None else clip_int8.files_in(self.encoders.folder)

    # ---- what comes of it -------------------------------------------------------------------------------------------

    @property
    def sections(self) -> dict[str, Findings]:
        """The history of each training, by the name of its section."""
        if self.sticker_clip is None:
            return {}
        trained, (learnt, held) = sticker_clip.history_in(self.sticker_clip.folder), counts(self.sticker_clip)
        recipe = self.profile.sticker_clip
        return {released_sticker_clip.SECTION: released_sticker_clip.findings(trained, learnt, held, recipe)}

    @cached_property
    def evaluation(self) -> dict[str, Any]:
        """The sections of trainings, as the bundle's evaluation."""
        found = {name: findings_to_json(each) for name, each in self.sections.items()}
        return {"schema": SCHEMA, "sections": found} if found else {}

    @property
    def notes(self) -> Text:
        return Text.joined(self._eyes_note, _NO_CAPTIONS, *self._encoders_note)

    @property
    def _eyes_note(self) -> Text:
        return Text(f"Styles and map: {self._eyes_name}.", f"口味和地图：{self._eyes_name}。")

    @property
    def _encoders_note(self) -> tuple[Text, ...]:
        return () if self.config.encoders else (NO_ENCODERS,)

    # ---- names ------------------------------------------------------------------------------------------------------

    @property
    def _gpus(self) -> float:
        return 1.0 if self.released.device == "cuda" else 0.0

    @property
    def _eyes_name(self) -> str:
        """The Chinese-CLIP that embeds the pictures, as the bundle names it."""
        name = self._name("clip")
        return name if self.sticker_clip is None else f"StickerCLIP, fine-tuned on texts of this bundle from {name}"

    def _name(self, which: str) -> str:
        """The model as provenance names it: its repository and revision, or the folder where it was given."""
        folder: Path = getattr(self.released, which)
        repository = model_card(getattr(self.config, which)).repository
        cached = f"models--{repository.replace('/', '--')}"
        return f"{repository} at {folder.name}" if cached in folder.parts else f"{folder.name} (a local folder)"


def counts(ran: Ran) -> tuple[int, int]:
    """Stickers that a training learnt from, and held out."""
    return ran.report["stickers"], ran.report["held_out_stickers"]


def about_answers(report: Mapping[str, Any]) -> Text:
    """The counts of a caption stage, as sentences for a reader of the bundle."""
    said = report["answers"]["description"]
    lost, cut = said["empty"], said["cut"]
    return Text(
        f"Of {said['asked']} descriptions {lost} are empty, {cut} were cut, {said['one part']} lack one of two parts.",
        f"{said['asked']} 条描述中，{lost} 条为空，{cut} 条被截断，{said['one part']} 条缺一半。",
    )
