"""A bundle from anybody's folder by the paper's models: Chinese-CLIP sees every picture, LLaVA speaks of it.

Descriptions and feelings are LLaVA's as it was released. Keywords for search are a fine-tuned model's: an adapter that
is trained here on the fitting clicks, or one that is given. Without either, what the released model lists is kept
beside the stickers for comparison, and not searched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TextIO

from persrv.errors import DataError, ModelError
from persrv.models.answers import keywords_of, split_answer
from persrv.records import Text
from precompute.builds import released_sticker_clip, released_tuning
from precompute.builds.folder import Import
from precompute.caption_record import SEPARATOR, Caption
from precompute.config import Profile
from precompute.evaluation.report import SCHEMA, Findings, findings_to_json
from precompute.models.pixels import Decode
from precompute.models.released import hub, llava_lora, loading, memory, sticker_clip
from precompute.models.released.captioning import load_captioner
from precompute.models.released.costs import Llava
from precompute.models.released.llava_lora import Place
from precompute.models.small import llava
from precompute.runtime.cache import file_digest, packages
from precompute.runtime.operators import Task
from precompute.runtime.stages import Ran
from precompute.stages import caption as captioning
from precompute.stages import embed
from precompute.stages.caption import MOST_TEXT, Asked, told

#: Files of an adapter, as peft keeps it.
ADAPTER_FILES = ("adapter_config.json", loading.ADAPTER_WEIGHTS)

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

    @cached_property
    def sticker_clip(self) -> Ran | None:
        """Chinese-CLIP fine-tuned on what is said of these stickers; None where nobody wants it."""
        recipe, models = self.profile.sticker_clip, self.released
        if not recipe.on:
            return None
        said = released_sticker_clip.told_of(self.ids, self.images, self.read, self.captions, self.split.fitting)
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
    def unseen(self) -> tuple[str, ...]:
        """Nobody: these models look at pixels, and a picture is decoded again as it was when it was prepared."""
        return ()

    @property
    def sees(self) -> Path:
        """The folder of the Chinese-CLIP that embeds the pictures."""
        return self.released.clip if self.sticker_clip is None else self.sticker_clip.folder / sticker_clip.MODEL

    @cached_property
    def embed(self) -> Ran:
        config, models, eyes = self.config, self.released, self.sees
        used, model = packages(("torch", "transformers", "pillow", "numpy")), hub.identity(eyes)
        load, decode = partial(loading.frame_embedder, eyes, models.device), Decode(loading.clip_look(eyes).side)
        task = Task(embed.Embed, (load,), decode, config.clip_batch, self._gpus)
        looked = self.columns("looked", task, used, model, models.device)
        return self.stage(
            "embed",
            partial(embed.write_vectors, looked),
            used,
            {"batch": config.clip_batch},
            [self.hashes, looked.slot.key],
            model=self._eyes_name,
            device=models.device,
            reproducible="on one machine",
        )

    # ---- fine-tuning ------------------------------------------------------------------------------------------------

    @cached_property
    def tuned(self) -> Ran | None:
        """The adapter trained on the fitting clicks, with its history; None where one is given, or where there are too
        few clicks to hold any back: nobody could tell whether it learnt anything."""
        parts, models, recipe = self.split, self.released, self.config.lora
        if not len(parts.validation) or models.adapter is not None:
            return None
        examples = released_tuning.examples(parts.fitting, self.images, self._prompt)
        judged = released_tuning.held_out(parts.validation, parts.fitting, self.images, self._prompt, recipe.judged)
        most = (self.config.keyword_tokens, self.config.most)
        told_of = [[one.sticker, one.prompt, one.queries, self.hashes[one.sticker]] for one in (*examples, *judged)]
        return self.stage(
            "finetune",
            partial(llava_lora.learn, models.llava, examples, judged, recipe, self._place, most),
            self._packages,
            {**asdict(recipe), "ask": self.config.ask, "keyword_tokens": most[0], "most": most[1]},
            [told_of, len(judged), self._llava_identity, models.device, self.precision],
            method=f"LoRA (peft), rank {recipe.rank}, on every linear layer of the language model",
            model=self._name("llava"),
            device=models.device,
            precision=self.precision,
            targets="a sticker's distinct training queries, apart by commas, in an order drawn every epoch",
            reproducible="on one processor; nearly on one GPU",
        )

    @cached_property
    def adapter(self) -> Path | None:
        """The folder of the adapter that writes the keywords; None for none."""
        if self.released.adapter is not None:
            return self.released.adapter
        return None if self.tuned is None else self.tuned.folder / llava_lora.ADAPTER

    @cached_property
    def precision(self) -> str:
        """How LLaVA's weights are kept, for training and for captions: as the profile says, or as memory allows."""
        wanted = self.config.precision
        if self.released.device == "cpu":
            return memory.HALF_PRECISION if wanted == "auto" else wanted
        free = loading.free_bytes(self.released.device)
        return memory.captioning(self._sizes, self._tokens, free, wanted).precision

    @property
    def _place(self) -> Place:
        """Where training runs: as many examples and answers at once as fit."""
        models, recipe = self.released, self.config.lora
        if models.device == "cpu":
            return Place(models.device, self.precision, recipe.batch, recipe.batch, self.profile.workers)
        free = loading.free_bytes(models.device)
        fit = memory.tuning(self._sizes, self._tokens, free, recipe.again, self.precision, recipe.batch)
        answers = memory.captioning(self._sizes, self._tokens, free, self.precision)
        return Place(models.device, self.precision, fit.batch, max(1, answers.batch // 2), self.profile.workers)

    # ---- captions ---------------------------------------------------------------------------------------------------

    @cached_property
    def caption(self) -> Ran:
        """Description, feelings and keywords, by both models in one pass over the decoded pictures."""
        config, models = self.config, self.released
        asked = (
            Asked("description", llava.prompt(config.description), config.description_tokens),
            Asked("keywords_base", config.keywords, config.keyword_tokens),
            *((Asked("keywords", config.keywords, config.keyword_tokens, tuned=True),) if self.adapter else ()),
        )
        load = partial(
            load_captioner,
            models.llava,
            self.adapter,
            models.device,
            self.precision,
            self._tokens,
            config.compiled,
        )
        keys = captioning.keys_of(asked, self.hashes, self.read)
        texts = {key: self.read[name] for name, key in keys.items()}
        task = Task(captioning.Answer, (load, asked, texts), Decode(self._sizes.sees.image), config.batch, self._gpus)
        used, questions = packages(self._packages), [asdict(one) for one in asked]
        model = [self._llava_identity, *_adapter_identity(self.adapter), models.device, self.precision]
        answered = self.columns("captioned", task, used, questions, model, keys=keys)
        return self.stage(
            "caption",
            partial(captioning.write_answers, answered),
            used,
            {
                "description": config.description,
                "keywords": config.keywords,
                "description_tokens": config.description_tokens,
                "keyword_tokens": config.keyword_tokens,
                "batch": config.batch,
            },
            [sorted(keys.items()), answered.slot.key],
            model=self._name("llava"),
            device=models.device,
            precision=self.precision,
            adapter=self._adapter_name,
            reproducible="on one machine",
        )

    @cached_property
    def captions(self) -> dict[str, Caption]:
        answers = json.loads((self.caption.folder / captioning.ANSWERS).read_text(encoding="utf-8"))
        return {name: self._caption({asked: said[name] for asked, said in answers.items()}) for name in self.ids}

    def _caption(self, answers: Mapping[str, str]) -> Caption:
        base, tuned = (keywords_of(answers.get(asked, ""), self.config.most) for asked in ("keywords_base", "keywords"))
        return Caption(*split_answer(answers["description"]), SEPARATOR.join(base), SEPARATOR.join(tuned))

    def _prompt(self, name: str) -> str:
        """How the fine-tuned model is asked about a sticker."""
        return told(self.config.keywords, self.read[name])

    # ---- what comes of it -------------------------------------------------------------------------------------------

    @cached_property
    def evaluation(self) -> dict[str, Any]:
        """How the trainings went."""
        sections: dict[str, Findings] = {}
        if self.tuned is not None:
            history, learnt, held = llava_lora.history_in(self.tuned.folder), *_counts(self.tuned)
            sections[released_tuning.SECTION] = released_tuning.findings(history, learnt, held, self.config.lora)
        if self.sticker_clip is not None:
            trained, learnt, held = sticker_clip.history_in(self.sticker_clip.folder), *_counts(self.sticker_clip)
            sections[released_sticker_clip.SECTION] = released_sticker_clip.findings(
                trained, learnt, held, self.profile.sticker_clip
            )
        found = {name: findings_to_json(each) for name, each in sections.items()}
        return {"schema": SCHEMA, "sections": found} if found else {}

    @cached_property
    def models(self) -> dict[str, Path]:
        """None: the released ones are hundreds of megabytes."""
        return {}

    @property
    def notes(self) -> Text:
        keywords = _NO_ADAPTER if self.adapter is None else _TRAINED
        if self.released.adapter is not None:
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
    def _gpus(self) -> float:
        return 1.0 if self.released.device == "cuda" else 0.0

    @property
    def _packages(self) -> tuple[str, ...]:
        quantised = ("bitsandbytes",) if self.precision == memory.FOUR_BIT else ()
        return ("torch", "transformers", "peft", "pillow", "numpy", *quantised)

    @cached_property
    def _llava_identity(self) -> str:
        """Of gigabytes: once is enough."""
        return hub.identity(self.released.llava)

    @cached_property
    def _sizes(self) -> Llava:
        return loading.llava_sizes(self.released.llava)

    @property
    def _tokens(self) -> int:
        """Most tokens of a prompt with its picture and an answer."""
        return self._sizes.picture_tokens + _WORDS + max(self.config.description_tokens, self.config.keyword_tokens)

    @property
    def _adapter_name(self) -> str:
        """The adapter as the bundle names it."""
        if self.released.adapter is not None:
            return f"{self.released.adapter.name} (a local folder)"
        return "none" if self.adapter is None else "trained on the clicks of this bundle"

    @property
    def _eyes_name(self) -> str:
        """The Chinese-CLIP that embeds the pictures, as the bundle names it."""
        name = self._name("clip")
        return name if self.sticker_clip is None else f"StickerCLIP, fine-tuned on texts of this bundle from {name}"

    def _name(self, which: str) -> str:
        """The model as provenance names it: its repository, or the folder where it was given."""
        config, folder = self.profile.released, getattr(self.released, which)
        repository = getattr(config, which)
        cached = f"models--{repository.replace('/', '--')}"
        return f"{repository} at {folder.name}" if cached in folder.parts else f"{folder.name} (a local folder)"


def _counts(ran: Ran) -> tuple[int, int]:
    """Stickers that a training learnt from, and held out."""
    return ran.report["stickers"], ran.report["held_out_stickers"]


def _adapter_identity(folder: Path | None) -> list[str]:
    """What answers depend on of an adapter: its files."""
    return [] if folder is None else [file_digest(folder / name) for name in ADAPTER_FILES]
