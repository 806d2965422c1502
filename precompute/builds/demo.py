"""The build of the drawn world: drawing, simulated clicks, and the trainings of the small models, with their gates."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np

from persrv.bundle import Bundle
from persrv.errors import DataError
from persrv.records import Interaction, Person, Text
from precompute.builds import base_captioner, base_captions, encoders, small_clip, tuned_captioner, tuned_captions
from precompute.builds.base import BaseBuild
from precompute.caption_record import Caption, meaning
from precompute.config import STAGES, OcrFilterConfig
from precompute.demo import clicks as clicking
from precompute.demo.art.fonts import FONTS, available
from precompute.demo.catalogue import plan_catalogue
from precompute.demo.draw import draw, save_webp
from precompute.demo.lessons import LessonPlan, plan_lessons
from precompute.demo.people import PEOPLE
from precompute.demo.situations import SITUATIONS
from precompute.demo.spec import StickerSpec
from precompute.demo.variants import VariantPlan, draw_variant, plan_variants
from precompute.demo.words import world_words
from precompute.models.pixels import Decode
from precompute.models.small import clip, llava, llava_beams
from precompute.runtime.batch_store import Columns
from precompute.runtime.cache import file_digest, packages
from precompute.runtime.operators import Task
from precompute.runtime.stages import Ran
from precompute.stages import caption as captioning
from precompute.stages import draw as drawing
from precompute.stages import embed, ocr_filter

_DRAWERS = ("skia-python", "numpy", "opencv-python-headless", "pillow")
_TRAINERS = ("torch", "transformers", "numpy")
_EXPORTERS = ("onnx", "onnxscript", "onnxruntime")

#: Pictures that the small Chinese-CLIP looks at together.
_LOOKED_AT = 64


class Build(BaseBuild):
    """The build of the drawn world."""

    title = property(lambda self: self.profile.title)
    licence = "CC-BY-4.0"
    simulated = True
    notes = Text(
        "People and clicks are simulated; the stickers are drawn by code; the captions are written by a small LLaVA "
        "that was trained from scratch on such drawings.",
        "人物和点击是模拟的；表情由代码绘制；配文由在这类图画上从头训练的小型 LLaVA 写成。",
    )

    def run(self, stage: str) -> None:
        """Run one stage, and those it needs, as far as they are not done."""
        if stage not in STAGES:
            raise DataError(f"No stage {stage!r}", f"one of {', '.join(STAGES)}", "Choose another stage.")
        getattr(self, stage)

    # ---- the world --------------------------------------------------------------------------------------------------

    @cached_property
    def plan(self) -> tuple[StickerSpec, ...]:
        """The whole catalogue as planned."""
        return plan_catalogue(self.profile.draw.seed)

    @cached_property
    def specs(self) -> tuple[StickerSpec, ...]:
        """The stickers of this build, by id: the order of every array's rows."""
        return tuple(sorted(drawing.select(self.plan, self.profile.draw.limit), key=lambda spec: spec.id))

    @cached_property
    def ids(self) -> tuple[str, ...]:
        return tuple(spec.id for spec in self.specs)

    @cached_property
    def series(self) -> dict[str, str]:
        return {spec.id: spec.series for spec in self.specs}

    @cached_property
    def labels(self) -> dict[str, dict[str, str]]:
        names = ("character", "style", "situation", "caption")
        return {spec.id: {name: getattr(spec, name) for name in names} for spec in self.specs}

    @cached_property
    def draw(self) -> Ran:
        """A picture of every sticker."""
        work = partial(drawing.draw_all, self.specs, draw=draw, save=save_webp, workers=self.profile.workers)
        return self.stage("draw", work, _drawers(), asdict(self.profile.draw), self.specs)

    @cached_property
    def images(self) -> dict[str, Path]:
        return {name: drawing.image_path(self.draw.folder, name) for name in self.ids}

    @cached_property
    def clicks(self) -> Ran:
        """The clicks of all people on the stickers of this build."""
        return self.stage(
            "clicks",
            partial(clicking.write_clicks, self.specs, PEOPLE, self.profile.clicks.seed),
            ("numpy",),
            asdict(self.profile.clicks),
            self.specs,
            reproducible="exact everywhere",
        )

    @cached_property
    def interactions(self) -> tuple[Interaction, ...]:
        """The clicks, oldest first."""
        return clicking.read_clicks(self.clicks.folder)

    @cached_property
    def people(self) -> tuple[Person, ...]:
        return tuple(person.as_person() for person in PEOPLE)

    # ---- what a sticker says ----------------------------------------------------------------------------------------

    @property
    def text_filter(self) -> OcrFilterConfig:
        return self.profile.keep

    @cached_property
    def judge_texts(self) -> partial[dict[str, Any]]:
        captions = {spec.id: spec.caption for spec in self.specs}
        styles = {spec.id: spec.style for spec in self.specs}
        return partial(ocr_filter.judge_drawn, captions=captions, styles=styles, goal=self.text_filter.goal)

    # ---- what a sticker looks like ----------------------------------------------------------------------------------

    @cached_property
    def variant_plan(self) -> VariantPlan:
        config = self.profile.embed
        return plan_variants(self.plan, SITUATIONS, config.seed, config.per_triple)

    @cached_property
    def variants(self) -> Ran:
        """Training pictures of the Chinese-CLIP: other drawings than the catalogue's."""
        return self._training_pictures("variants", self.variant_plan.training)

    def _training_pictures(self, stage: str, specs: Sequence[StickerSpec]) -> Ran:
        """The stage that draws `specs` for a training."""
        side = self.profile.embed.side
        one = partial(draw_variant, size=side)
        work = partial(drawing.draw_in_parts, specs, draw=one, workers=self.profile.workers)
        return self.stage(stage, work, _drawers(), {"side": side}, specs)

    @cached_property
    def train(self) -> Ran:
        """The small Chinese-CLIP, trained from scratch."""
        config, specs, drawn = self.profile.embed.clip, self.variant_plan.training, self.variants
        phrases = {kind: dict(said) for kind, said in world_words(SITUATIONS).phrases.items()}
        return self.stage(
            "train",
            partial(small_clip.train, drawn.folder, specs, config),
            _TRAINERS,
            asdict(config),
            [drawn.output, specs, phrases],
            model="ChineseCLIPModel, trained from scratch on drawn variants; its geometry is designed",
        )

    @cached_property
    def embed(self) -> Ran:
        """Embeddings, ONNX encoders and their gates."""
        trained, plan, config = self.train, self.variant_plan, self.profile.embed
        model = trained.folder / small_clip.MODEL
        series, triples = ([told(spec) for spec in self.specs] for told in (plan.unseen_series, plan.unseen))
        task = Task(
            embed.Embed, (partial(clip.load_frame_embedder, model),), Decode(config.clip.image_size), _LOOKED_AT
        )
        looked = self.columns("looked", task, packages(_TRAINERS), trained.output)
        return self.stage(
            "embed",
            partial(encoders.write, looked, model, self.specs, np.array(series), np.array(triples), config),
            (*_TRAINERS, *_EXPORTERS, "scikit-learn"),
            {"parity_goal": config.parity_goal, "parity_cases": config.parity_cases, "seed": config.seed},
            [looked.slot.key, self.hashes, self.specs, series, triples],
            model="the Chinese-CLIP of the stage train; its geometry is designed",
            held_out_series=sorted(plan.held_out_series),
        )

    # ---- what a model says of a sticker -----------------------------------------------------------------------------

    @cached_property
    def lesson_plan(self) -> LessonPlan:
        config = self.profile.caption
        return plan_lessons(self.variant_plan, SITUATIONS, config.seed, config.per_triple, config.share)

    @cached_property
    def lessons(self) -> Ran:
        """Training pictures of the LLaVA beside the variants."""
        return self._training_pictures("lessons", self.lesson_plan.extra)

    @cached_property
    def speak(self) -> Ran:
        """The base LLaVA, trained from scratch to describe drawn variants."""
        config, seen, variants, lessons = self.profile.caption, self.train, self.variants, self.lessons
        specs = (*self.variant_plan.training, *self.lesson_plan.extra)
        parts = (variants.folder, lessons.folder)
        return self.stage(
            "speak",
            partial(base_captioner.train_base, seen.folder / small_clip.MODEL, specs, parts, config),
            _TRAINERS,
            {name: asdict(getattr(config, name)) for name in ("llava", "look", "speak")},
            [seen.output, variants.output, lessons.output, specs],
            model="LlavaForConditionalGeneration, trained from scratch on drawn variants; its vision tower began as "
            "the Chinese-CLIP's",
            prompt=llava.GENERAL,
        )

    @cached_property
    def describe(self) -> Ran:
        """Captions of every sticker by the base model, and the gates on stickers that its training never saw."""
        config, base = self.profile.caption, self.speak
        load = partial(llava.load_greedy, base.folder / base_captioner.MODEL)
        said = self._answers("described", load, base_captions.prompts(config), config.batch, base.output)
        unseen = [spec for spec in self.specs if self.lesson_plan.unseen(spec)]
        return self.stage(
            "describe",
            partial(base_captions.write, said, unseen, config),
            _TRAINERS,
            asdict(config),
            [said.slot.key, self.hashes, unseen],
            prompts={"description": llava.GENERAL, "keywords": llava.KEYWORDS},
            decoding="greedy; animations by the key frame the model is surest of",
            stickers=len(self.ids),
        )

    @cached_property
    def described(self) -> base_captions.Described:
        return base_captions.read(self.describe.folder)

    def _answers(
        self, name: str, load: partial[Any], asked: Sequence[captioning.CaptionPrompt], batch: int, model: str
    ) -> Columns:
        """Answers of a trained LLaVA about every sticker. model: the hash of the files that its stage wrote."""
        keys = captioning.keys_of(asked, self.hashes, self.read)
        texts = {key: self.read[name] for name, key in keys.items()}
        side = self.profile.embed.clip.image_size
        task = Task(captioning.Answer, (load, asked, texts), Decode(side), batch)
        return self.columns(name, task, packages(_TRAINERS), model, [asdict(one) for one in asked], keys=keys)

    @cached_property
    def finetune(self) -> Ran:
        """The LLaVA fine-tuned on what people typed before they clicked: fitting interactions only."""
        config, base, fitting = self.profile.caption, self.speak, self.split.fitting
        meanings = {name: meaning(words) for name, words in self.described.keywords.items()}
        model = base.folder / base_captioner.MODEL
        return self.stage(
            "finetune",
            partial(tuned_captioner.fine_tune, model, fitting, self.images, self.read, meanings, config),
            (*_TRAINERS, "peft"),
            {"llava": asdict(config.llava), "tuned": asdict(config.tuned), "kin": config.kin},
            [base.output, self.hashes, self.read, meanings, fitting.rows],
        )

    @cached_property
    def caption(self) -> Ran:
        """The captions of every sticker, the gates of the keywords, and the models that the page runs."""
        config, base, tuned, described = self.profile.caption, self.speak, self.finetune, self.describe
        models = tuned_captions.Models(
            clip=self.train.folder / small_clip.MODEL,
            base=base.folder / base_captioner.MODEL,
            tuned=tuned.folder / tuned_captioner.MODEL,
            adapter=tuned.folder / llava.ADAPTER,
        )
        load, batch = partial(llava_beams.load_likeliest, models.tuned, config.most), max(1, config.batch // 4)
        columns = tuple(
            self._answers(one.name, load, (one,), batch, tuned.output) for one in tuned_captions.prompts(config)
        )
        return self.stage(
            "caption",
            partial(tuned_captions.write, columns, models, described.folder, self.held_back, self.read, config),
            (*_TRAINERS, *_EXPORTERS, "sacrebleu"),
            asdict(config),
            [
                [described.output, base.output, tuned.output, self.train.output],
                [one.slot.key for one in columns],
                [self.hashes, self.read, self.held_back],
            ],
            prompts={"keywords": llava.KEYWORDS, "with OCR": llava.READ},
            decoding="the likeliest of a beam search; animations by the key frame the model is surest of",
            stickers=len(self.ids),
        )

    @cached_property
    def held_back(self) -> tuned_captions.HeldBack:
        """Held-out data that fine-tuning never saw: only a simulation knows the situation that a person had in mind."""
        parts, shown = self.split, {spec.id: spec.situation for spec in self.specs}
        clicks = clicking.simulate_clicks(self.specs, PEOPLE, self.profile.clicks.seed)
        meant = {click.interaction: click.intent for click in clicks if not click.noise}
        validation, test = (
            tuned_captions.held_out(part, parts.fitting, lambda row: meant.get(row) == shown[row.sticker])
            for part in (parts.validation, parts.test)
        )
        ceiling = tuned_captions.oracle(parts.fitting, shown, test.queries, self.profile.caption.most)
        return tuned_captions.HeldBack(validation, test, ceiling)

    @cached_property
    def captions(self) -> dict[str, Caption]:
        return tuned_captions.read(self.caption.folder)

    # ---- what comes of it -------------------------------------------------------------------------------------------

    #: Stages of no time, which leave their records together.
    integrate = utility = styles = property(lambda self: self.fitted)

    assemble = property(lambda self: self.contents)

    @cached_property
    def models(self) -> dict[str, Path]:
        folders = (self.embed.folder / encoders.MODELS, self.caption.folder / tuned_captions.MODELS)
        return {path.name: path for folder in folders for path in sorted(folder.iterdir())}

    @cached_property
    def evaluation(self) -> dict[str, Any]:
        """Quality of the captions."""
        return {"vlm": json.loads((self.caption.folder / tuned_captions.JUDGED).read_text(encoding="utf-8"))}

    def write(self, out: Path) -> Bundle:
        """Write the bundle to `out`, replacing an older one, after every stage in their order."""
        for stage in STAGES:
            self.run(stage)
        return super().write(out)


def _drawers() -> dict[str, str]:
    """Versions that drawings depend on beside our code: packages by version, and fonts by content, for Debian may
    update one.
    """
    fonts = {f"font {name}": file_digest(Path(FONTS[name].path)) for name in available()}
    return {**packages(_DRAWERS), **fonts}
