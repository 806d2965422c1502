"""A bundle from anybody's folder by the paper's models: Chinese-CLIP sees every picture, LLaVA speaks of it.

Descriptions and feelings are LLaVA's as it was released. Keywords for search are a fine-tuned model's: an adapter that
is trained here on the fitting clicks, or one that is given. Without either, what the released model lists is kept
beside the stickers for comparison, and not searched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TextIO

from persrv.bundle import BundleContents
from persrv.errors import DataError, ModelError
from persrv.models.answers import keywords_of, split_answer
from persrv.records import Text
from precompute.builds import released_sticker_clip, released_tuning
from precompute.builds.folder import Import
from precompute.caption_record import SEPARATOR, Caption
from precompute.config import Profile
from precompute.evaluation.report import SCHEMA, Findings, findings_to_json
from precompute.models.released import hub, loading, memory
from precompute.models.released.captioning import load_captioner
from precompute.models.released.costs import Llava
from precompute.models.released.llava_lora import ADAPTER, History, Place, fine_tune, steps_of
from precompute.models.released.sticker_clip import CHECKPOINT, MODEL, hold_out, train
from precompute.models.released.sticker_clip import History as ClipHistory
from precompute.models.small import llava
from precompute.operators import Task
from precompute.operators.captioning import MOST_TEXT, TEXT, Answer, Asked, told
from precompute.operators.frames import Decode, Embed
from precompute.runtime.batch_store import compute
from precompute.runtime.cache import code_version, digest, file_digest, packages, write_json
from precompute.runtime.progress import Bar
from precompute.runtime.stages import ROOT, Ran
from precompute.stages import embed

#: Files of an adapter, as peft keeps it.
ADAPTER_FILES = ("adapter_config.json", loading.ADAPTER_WEIGHTS)

_SEEN = ("persrv/models/encoders.py", "precompute/models/released/loading.py", "precompute/models/released/pixels.py")
_SAID = (*_SEEN, "precompute/models/small/llava.py", "precompute/models/released/captioning.py")
_ANSWERED = (*_SAID, "precompute/operators/captioning.py", "precompute/operators/frames.py")
_TUNED = (*_SAID, "precompute/models/released/llava_lora.py", "precompute/models/optimisers.py")

#: Tokens of a prompt beside its picture's, at most: the longest of ours has fewer, with the text of a picture in it.
_WORDS = 64 + 2 * MOST_TEXT

_NO_ADAPTER = Text("Nothing is fine-tuned, so there are no keywords to search.", "没有微调，所以没有可检索的关键词。")
_TRAINED = Text(
    "Keywords: the same model, fine-tuned on the training clicks of this bundle.",
    "关键词：同一模型，在这个数据包的训练点击上微调。",
)
_NO_ENCODERS = Text(
    "Visitors cannot search with a picture of their own: the bundle carries no encoders.",
    "访客不能用自己的图片搜索：数据包里没有编码器。",
)


@dataclass(frozen=True, slots=True)
class Models:
    """Where the models lie, and the device they run on. clip, llava: folders; adapter: one that was given, or None."""

    clip: Path
    llava: Path
    device: str
    adapter: Path | None = None


def find_models(
    profile: Profile, clip: str | None, llava_folder: str | None, force_cpu: bool, adapter: str | None = None
) -> Models:
    """All models, downloaded where they have to be. ModelError before any download or work where one cannot be had, or
    where there is no GPU for them.

    clip, llava_folder, adapter: local folders that were given, or None.
    """
    config = profile.released
    if not config.clip or not config.llava:
        raise DataError(
            f"Profile {profile.name!r} uses no released models",
            "--profile paper",
            "Leave out --clip, --llava, --adapter, --sticker-clip and --force-cpu.",
        )
    wanted = (
        hub.Wanted("Chinese-CLIP ViT-B/16", config.clip, "--clip"),
        hub.Wanted("LLaVA-1.5-7B", config.llava, "--llava"),
    )
    there = [hub.at_hand(model, given) for model, given in zip(wanted, (clip, llava_folder), strict=True)]
    trained = None if adapter is None else _adapter(Path(adapter))
    for model, folder in zip(wanted, there, strict=True):
        if folder is None:
            hub.reachable(model)
    device = loading.device(force_cpu)
    eyes, speaker = (folder or hub.fetched(model) for model, folder in zip(wanted, there, strict=True))
    loading.encoder_config(eyes)  # a folder of another model is refused now
    return Models(eyes, speaker, device, trained)


def _adapter(folder: Path) -> Path:
    missing = [name for name in ADAPTER_FILES if not (folder / name).is_file()]
    if missing:
        raise ModelError(
            f"--adapter {folder} holds no {' and no '.join(missing)}",
            "the folder of a LoRA adapter as peft saves it",
            "Name another folder, or leave it out to have one trained on the clicks.",
        )
    return folder


class PaperImport(Import):
    """An import whose pictures the released models look at. Everything else is as in any import."""

    def __init__(
        self, images: Path, clicks: Path | None, models: Models, profile: Profile, work: Path, stream: TextIO
    ) -> None:
        super().__init__(images, clicks, models.clip, profile, work, stream)
        self.models = models
        self.config = profile.released

    @cached_property
    def sticker_clip(self) -> Ran | None:
        """Chinese-CLIP fine-tuned on what is said of these stickers; None where nobody wants it."""
        recipe, models = self.profile.sticker_clip, self.models
        if not recipe.on:
            return None
        fitting = self.training if self.split is None else self.split.fitting
        read = {name: text.ocr for name, text in self.texts.items()}
        told = released_sticker_clip.told_of(self.ids, self.images, read, self.captions, fitting)
        learnt, held = hold_out(told, recipe)

        def work(folder: Path, bar: Bar) -> dict[str, Any]:
            history = train(models.clip, learnt, held, recipe, models.device, self.profile.workers, folder, bar)
            write_json(folder / "history.json", asdict(history))
            (folder / CHECKPOINT).unlink()  # twice as large as the model
            return {
                "method": "symmetric InfoNCE, both towers; OCR, captions and fitting queries",
                "model": self._name("clip"),
                "device": models.device,
                "stickers": len(learnt),
                "held_out_stickers": len(held),
                "last_loss": history.losses[-1],
                "reproducible": "on one processor; nearly on one GPU",
            }

        inputs = [
            [[one.sticker, one.texts, one.queries, self.images[one.sticker].stem] for one in told],
            hub.identity(models.clip),
            models.device,
        ]
        sources = (
            *_SEEN,
            "precompute/models/small/clip.py",
            "precompute/models/optimisers.py",
            "precompute/models/released/text.py",
            "precompute/models/released/sticker_clip.py",
        )
        used = ("torch", "transformers", "pillow", "numpy")
        return self.stage("sticker_clip", sources, used, asdict(recipe), inputs, work)

    @property
    def sees(self) -> Path:
        """The folder of the Chinese-CLIP that embeds the pictures."""
        return self.models.clip if self.sticker_clip is None else self.sticker_clip.folder / MODEL

    @cached_property
    def embed(self) -> Ran:
        """Every picture's vector."""
        config, models, eyes = self.config, self.models, self.sees
        sources = (*_SEEN, "precompute/operators/frames.py")
        used = packages(("torch", "transformers", "pillow", "numpy"))
        model = hub.identity(eyes)
        looked = self.cache.slot("looked", code_version(ROOT, sources), used, model, models.device)

        def work(folder: Path, bar: Bar) -> dict[str, Any]:
            load = partial(loading.frame_embedder, eyes, models.device)
            decode = Decode(loading.clip_look(eyes).side)
            task = Task(Embed, (load,), decode, config.clip_batch, self._gpus)
            embed.save_array(folder / "embeddings.npy", self.computed(task, looked, "vector", bar))
            return {"model": self._eyes_name, "device": models.device, "reproducible": "on one machine"}

        inputs = [self._pictures, model, models.device]
        return self.stage("embed", sources, used, {"batch": config.clip_batch}, inputs, work)

    # ---- fine-tuning ------------------------------------------------------------------------------------------------

    @cached_property
    def tuned(self) -> Ran | None:
        """The adapter trained on the fitting clicks, with its history; None where one is given, or where there are too
        few clicks to hold any back: nobody could tell whether it learnt anything."""
        parts, models, recipe = self.split, self.models, self.config.lora
        if parts is None or models.adapter is not None:
            return None
        examples = released_tuning.examples(parts.fitting, self.images, self._prompt)
        judged = released_tuning.held_out(parts.validation, parts.fitting, self.images, self._prompt, recipe.judged)
        most = (self.config.keyword_tokens, self.config.most)

        def work(folder: Path, bar: Bar) -> dict[str, Any]:
            history = fine_tune(models.llava, examples, judged, recipe, self._place, most, folder, bar)
            write_json(folder / "history.json", asdict(history))
            return {
                "method": f"LoRA (peft), rank {recipe.rank}, on every linear layer of the language model",
                "model": self._name("llava"),
                "device": models.device,
                "precision": self.precision,
                "targets": "a sticker's distinct training queries, apart by commas, in an order drawn every epoch",
                "stickers": len(examples),
                "queries": sum(len(one.queries) for one in examples),
                "steps": steps_of(len(examples), recipe) * recipe.epochs,
                "last_loss": history.losses[-1],
                "held_out_stickers": len(judged),
                "recall_by_epoch": history.recalls,
                "reproducible": "on one processor; nearly on one GPU",
            }

        told_of = [
            [one.sticker, one.prompt, one.queries, self.images[one.sticker].stem] for one in (*examples, *judged)
        ]
        inputs = [told_of, len(judged), hub.identity(models.llava), models.device, self.precision]
        settings = {**asdict(recipe), "ask": self.config.ask, "keyword_tokens": most[0], "most": most[1]}
        return self.stage("finetune", _TUNED, self._packages, settings, inputs, work)

    @cached_property
    def adapter(self) -> Path | None:
        """The folder of the adapter that writes the keywords; None for none."""
        if self.models.adapter is not None:
            return self.models.adapter
        return None if self.tuned is None else self.tuned.folder / ADAPTER

    @cached_property
    def precision(self) -> str:
        """How LLaVA's weights are kept, for training and for captions: as the profile says, or as memory allows."""
        wanted = self.config.precision
        if self.models.device == "cpu":
            return memory.HALF_PRECISION if wanted == "auto" else wanted
        free = loading.free_bytes(self.models.device)
        return memory.captioning(self._sizes, self._tokens, free, wanted).precision

    @property
    def _place(self) -> Place:
        """Where training runs: as many examples and answers at once as fit."""
        models, recipe = self.models, self.config.lora
        if models.device == "cpu":
            return Place(models.device, self.precision, recipe.batch, recipe.batch, self.profile.workers)
        free = loading.free_bytes(models.device)
        fit = memory.tuning(self._sizes, self._tokens, free, recipe.again, self.precision, recipe.batch)
        answers = memory.captioning(self._sizes, self._tokens, free, self.precision)
        return Place(models.device, self.precision, fit.batch, max(1, answers.batch // 2), self.profile.workers)

    # ---- captions ---------------------------------------------------------------------------------------------------

    @cached_property
    def captions(self) -> Mapping[str, Caption]:
        """Sticker id -> description, feelings and keywords, by both models in one pass over the decoded pictures."""
        config, models = self.config, self.models
        asked = (
            Asked("description", llava.prompt(config.description), config.description_tokens),
            Asked("keywords_base", config.keywords, config.keyword_tokens),
            *((Asked("keywords", config.keywords, config.keyword_tokens, tuned=True),) if self.adapter else ()),
        )
        model = [self._llava_identity, *_adapter_identity(self.adapter), models.device, self.precision]
        version, used = code_version(ROOT, _ANSWERED), packages(self._packages)
        answered = self.cache.slot("captioned", version, used, [asdict(one) for one in asked], model)
        texts = self._texts_by_key

        def work(folder: Path, bar: Bar) -> dict[str, Any]:
            load = partial(
                load_captioner,
                models.llava,
                self.adapter,
                models.device,
                self.precision,
                self._tokens,
                config.compiled,
            )
            task = Task(Answer, (load, asked, texts), Decode(self._sizes.sees.image), config.batch, self._gpus)
            # Prompts of like length share a batch, so that little of it is padding; ties by key.
            order = sorted(texts, key=lambda key: (len(texts[key]), key))
            found = compute(
                task, {key: self._by_key[key] for key in order}, answered.folder / "batches", self.engine, bar
            )
            rows = {str(key): place for place, key in enumerate(found["id"].tolist())}
            keys = {name: rows[key] for name, key in self._keys.items()}
            answers = {one.name: {name: str(found[one.name][row]) for name, row in keys.items()} for one in asked}
            write_json(folder / "answers.json", answers)
            report = {"model": self._name("llava"), "device": models.device, "precision": self.precision}
            return {**report, "adapter": self._adapter_name, "reproducible": "on one machine"}

        settings = {
            "description": config.description,
            "keywords": config.keywords,
            "description_tokens": config.description_tokens,
            "keyword_tokens": config.keyword_tokens,
            "batch": config.batch,
        }
        ran = self.stage("caption", _ANSWERED, used, settings, [sorted(self._keys.items()), model], work)
        answers = json.loads((ran.folder / "answers.json").read_text(encoding="utf-8"))
        return {name: self._caption({asked: told[name] for asked, told in answers.items()}) for name in self.ids}

    def _caption(self, answers: Mapping[str, str]) -> Caption:
        base, tuned = (keywords_of(answers.get(asked, ""), self.config.most) for asked in ("keywords_base", "keywords"))
        return Caption(*split_answer(answers["description"]), SEPARATOR.join(base), SEPARATOR.join(tuned))

    @cached_property
    def _keys(self) -> dict[str, str]:
        """Sticker id -> key of its answers: what they depend on of the sticker."""
        tells = TEXT in self.config.keywords
        return {n: digest(self.hashes[n], self.texts[n].ocr) if tells else self.hashes[n] for n in self.ids}

    @cached_property
    def _by_key(self) -> dict[str, Path]:
        """Key -> the file that it is about."""
        return {key: self.images[name] for name, key in self._keys.items()}

    @cached_property
    def _texts_by_key(self) -> dict[str, str]:
        """Key -> what OCR read; "" where no prompt tells it."""
        tells = TEXT in self.config.keywords
        return {key: self.texts[name].ocr if tells else "" for name, key in self._keys.items()}

    def _prompt(self, name: str) -> str:
        """How the fine-tuned model is asked about a sticker."""
        prompt = self.config.keywords
        return told(prompt, self.texts[name].ocr) if TEXT in prompt else prompt

    # ---- what comes of it -------------------------------------------------------------------------------------------

    @cached_property
    def contents(self) -> BundleContents:
        found = super().contents
        sections: dict[str, Findings] = {}
        if self.tuned is not None:
            kept = json.loads((self.tuned.folder / "history.json").read_text(encoding="utf-8"))
            report, recipe = self.tuned.report, self.config.lora
            sections[released_tuning.SECTION] = released_tuning.findings(
                History(**kept), report["stickers"], report["held_out_stickers"], recipe
            )
        if self.sticker_clip is not None:
            kept = json.loads((self.sticker_clip.folder / "history.json").read_text(encoding="utf-8"))
            report = self.sticker_clip.report
            sections[released_sticker_clip.SECTION] = released_sticker_clip.findings(
                ClipHistory.read(kept), report["stickers"], report["held_out_stickers"], self.profile.sticker_clip
            )
        if not sections:
            return found
        told = {name: findings_to_json(each) for name, each in sections.items()}
        return replace(found, evaluation={"schema": SCHEMA, "sections": told})

    @cached_property
    def encoders(self) -> dict[str, Path]:
        """None: the released ones are hundreds of megabytes."""
        return {}

    @property
    def notes(self) -> Text:
        keywords = _NO_ADAPTER if self.adapter is None else _TRAINED
        if self.models.adapter is not None:
            keywords = Text(
                f"Keywords: the same model with the adapter {self._adapter_name}, which was trained elsewhere.",
                f"关键词：同一模型，加上在别处训练的适配器 {self._adapter_name}。",
            )
        models = Text(
            f"Styles and map: {self._eyes_name}. Descriptions and feelings: {self._name('llava')}, as released.",
            f"口味和地图：{self._eyes_name}。描述和感受：{self._name('llava')}，未经微调。",
        )
        return Text.joined(models, keywords, _NO_ENCODERS)

    # ---- names and sizes --------------------------------------------------------------------------------------------

    @property
    def _pictures(self) -> dict[str, str]:
        """Sticker id -> hash of its picture."""
        return {name: path.stem for name, path in self.images.items()}

    @property
    def _gpus(self) -> float:
        return 1.0 if self.models.device == "cuda" else 0.0

    @property
    def _packages(self) -> tuple[str, ...]:
        quantised = ("bitsandbytes",) if self.precision == memory.FOUR_BIT else ()
        return ("torch", "transformers", "peft", "pillow", "numpy", *quantised)

    @cached_property
    def _llava_identity(self) -> str:
        """Of gigabytes: once is enough."""
        return hub.identity(self.models.llava)

    @cached_property
    def _sizes(self) -> Llava:
        return loading.llava_sizes(self.models.llava)

    @property
    def _tokens(self) -> int:
        """Most tokens of a prompt with its picture and an answer."""
        return self._sizes.picture_tokens + _WORDS + max(self.config.description_tokens, self.config.keyword_tokens)

    @property
    def _adapter_name(self) -> str:
        """The adapter as the bundle names it."""
        if self.models.adapter is not None:
            return f"{self.models.adapter.name} (a local folder)"
        return "none" if self.adapter is None else "trained on the clicks of this bundle"

    @property
    def _eyes_name(self) -> str:
        """The Chinese-CLIP that embeds the pictures, as the bundle names it."""
        name = self._name("clip")
        return name if self.sticker_clip is None else f"StickerCLIP, fine-tuned on texts of this bundle from {name}"

    def _name(self, which: str) -> str:
        """The model as provenance names it: its repository, or the folder where it was given."""
        config, folder = self.profile.released, getattr(self.models, which)
        repository = getattr(config, which)
        cached = f"models--{repository.replace('/', '--')}"
        return f"{repository} at {folder.name}" if cached in folder.parts else f"{folder.name} (a local folder)"


def _adapter_identity(folder: Path | None) -> list[str]:
    """What answers depend on of an adapter: its files."""
    return [] if folder is None else [file_digest(folder / name) for name in ADAPTER_FILES]
