"""The pipeline: the only place where stages are composed, top to bottom in the order in which data flows.

Every stage is a property of `Build`, computed when first asked for, so that a single stage runs what it needs. What
takes more than a moment lies in the cache under a key of code, packages, settings and input; the rest is computed anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from persrv.bundle import Bundle, BundleContents, write_bundle
from persrv.errors import DataError
from persrv.ranking.styles import StyleSpace
from persrv.records import FloatArray, Gate, Interaction, Person, SearchSettings, Text
from persrv.settings import settings_from_json, settings_to_json
from precompute.builds import base_captioner, tuned_captioner
from precompute.builds import captions as captioning
from precompute.caption_record import Caption, meaning, texts_by_field
from precompute.config import STAGES, Profile
from precompute.demo.art.fonts import FONTS, available
from precompute.demo.catalogue import plan_catalogue
from precompute.demo.clicks import simulate, simulate_clicks
from precompute.demo.draw import draw, save_webp
from precompute.demo.lessons import LessonPlan, plan_lessons
from precompute.demo.people import PEOPLE
from precompute.demo.situations import SITUATIONS
from precompute.demo.spec import StickerSpec
from precompute.demo.variants import draw_variant, plan_variants, world_words
from precompute.fit import styles
from precompute.fit.dividing import divided
from precompute.fit.features import Fitted, choose_settings, fit
from precompute.fit.split import Split
from precompute.models.ocr import load_rapidocr
from precompute.models.small import clip as chinese_clip
from precompute.models.small import clip_gates, clip_onnx, clip_training, llava
from precompute.runtime.cache import code_version, file_digest, packages, write_json
from precompute.runtime.progress import Bar
from precompute.runtime.stages import CHOOSING, ROOT, Ran, Stages, machine
from precompute.stages import assemble, embed, ocr, ocr_filter, project
from precompute.stages import draw as drawing

_DRAWING = (
    "precompute/demo/draw.py",
    "precompute/demo/spec.py",
    "precompute/demo/art/*.py",
    "precompute/demo/figure/*.py",
)
_CLIP = (
    "precompute/models/small/clip.py",
    "precompute/models/small/clip_training.py",
    "precompute/models/small/clip_losses.py",
    "precompute/models/optimisers.py",
    "precompute/demo/words.py",
    "precompute/stages/embed.py",
    "persrv/models/encoders.py",
)
_LLAVA = (
    "persrv/models/encoders.py",
    "persrv/models/wordpieces.py",
    "precompute/models/small/clip.py",
    "precompute/models/small/clip_training.py",
    "precompute/models/optimisers.py",
    "precompute/models/small/llava.py",
    "precompute/models/small/llava_lessons.py",
    "precompute/models/small/llava_training.py",
    "precompute/demo/telling.py",
    "precompute/demo/situations.py",
    "precompute/builds/base_captioner.py",
)
_WRITING = (
    *_LLAVA,
    "persrv/models/answers.py",
    "persrv/insight/caption_scores.py",
    "precompute/builds/captions.py",
    "precompute/caption_record.py",
    "precompute/stages/caption_metrics.py",
    "precompute/stages/caption.py",
)
_NOTES = Text(
    "People and clicks are simulated; the stickers are drawn by code; the captions are written by a small LLaVA that "
    "was trained from scratch on such drawings.",
    "人物和点击是模拟的；表情由代码绘制；配文由在这类图画上从头训练的小型 LLaVA 写成。",
)

_DRAWERS = ("skia-python", "numpy", "opencv-python-headless", "pillow")

_SAME_MACHINE = "bit-exact on one machine; other processors round otherwise"
_EVERYWHERE = "exact everywhere"


class Build(Stages):
    """One build of a profile. `work` is the folder of the cache, `stream` where progress is shown."""

    def __init__(self, profile: Profile, work: Path, stream: TextIO) -> None:
        super().__init__(work, stream)
        self.profile = profile

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
    def draw(self) -> Ran:
        """One picture a sticker."""

        def work(folder: Path, bar: Bar) -> dict[str, Any]:
            drawing.draw_all(self.specs, folder, draw, save_webp, self.profile.workers, bar)
            return {"stickers": len(self.specs), "reproducible": _SAME_MACHINE}

        sources = (*_DRAWING, "precompute/stages/draw.py")
        inputs = [asdict(spec) for spec in self.specs]
        return self.stage("draw", sources, _drawers(), asdict(self.profile.draw), inputs, work)

    @cached_property
    def images(self) -> dict[str, Path]:
        return {name: drawing.image_path(self.draw.folder, name) for name in self.ids}

    @cached_property
    def clicks(self) -> tuple[Interaction, ...]:
        """Everybody's clicks on the stickers of this build, oldest first."""

        def work(folder: Path, _: Bar) -> dict[str, Any]:
            found = simulate(self.specs, PEOPLE, self.profile.clicks.seed)
            write_json(folder / "clicks.json", [[i.user, i.query, i.sticker, i.time] for i in found])
            return {"clicks": len(found), "people": len(PEOPLE), "reproducible": _EVERYWHERE}

        sources = ("precompute/demo/clicks.py", "precompute/demo/people.py", "precompute/demo/situations.py")
        inputs = [asdict(spec) for spec in self.specs]
        ran = self.stage("clicks", sources, ("numpy",), asdict(self.profile.clicks), inputs, work)
        rows = json.loads((ran.folder / "clicks.json").read_text(encoding="utf-8"))
        return tuple(Interaction(*row) for row in rows)

    @cached_property
    def people(self) -> tuple[Person, ...]:
        return tuple(person.as_person() for person in PEOPLE)

    @cached_property
    def split(self) -> Split:
        """Training, validation and test clicks."""
        config = self.profile.split
        parts = divided(self.clicks, config)
        sizes = {"fitting": len(parts.fitting), "validation": len(parts.validation), "test": len(parts.test)}
        self.quick("split", asdict(config), sizes)
        return parts

    # ---- what a sticker says ----------------------------------------------------------------------------------------

    @cached_property
    def ocr(self) -> dict[str, assemble.Text]:
        """Sticker id -> its text and all lines seen."""
        config = self.profile.read
        sources = ("precompute/models/ocr.py", "precompute/stages/ocr.py")
        engine = packages(("rapidocr", "onnxruntime", "opencv-python-headless", "pillow", "numpy"))
        reader = self.cache.slot("read", code_version(ROOT, sources), engine, asdict(config))
        images = self.images

        def work(folder: Path, bar: Bar) -> dict[str, Any]:
            load = partial(load_rapidocr, threads=1, side=config.side)
            store = reader.folder / "readings.jsonl"
            readings = ocr.read_all(images, store, load, config.grounds, config.enough, self.profile.workers, bar)
            seen = {name: ocr_filter.text_of(readings[name], self.profile.keep) for name in self.ids}
            write_json(
                folder / "texts.json", {n: [text, [asdict(x) for x in lines]] for n, (text, lines) in seen.items()}
            )
            texts = {name: text for name, (text, _) in seen.items()}
            captions = {spec.id: spec.caption for spec in self.specs}
            write_json(folder / "misread.json", ocr_filter.misread(captions, texts))
            found = ocr_filter.accuracy(captions, texts)
            return {
                "model": "PP-OCRv6 small (rapidocr), no angle classifier",
                "comparison": "captions equal after NFKC, lower case, without blanks",
                "exact": asdict(found),
                "exact_by_style": {
                    style: asdict(ocr_filter.accuracy(some, texts)) for style, some in self._captions_by_style()
                },
                "gates": {"ocr_exact": _gate(found.share, self.profile.keep.goal, found.captioned)},
                "reproducible": "texts on one machine; confidences depend on the processor",
            }

        settings = {"read": asdict(config), "keep": asdict(self.profile.keep)}
        inputs = [self.draw.output, [spec.caption for spec in self.specs], reader.key]
        ran = self.stage("ocr", (*sources, "precompute/stages/ocr_filter.py"), engine, settings, inputs, work)
        rows = json.loads((ran.folder / "texts.json").read_text(encoding="utf-8"))
        return {name: assemble.text_from_json(*row) for name, row in rows.items()}

    def _captions_by_style(self) -> list[tuple[str, dict[str, str]]]:
        styles_here = sorted({spec.style for spec in self.specs})
        return [(style, {s.id: s.caption for s in self.specs if s.style == style}) for style in styles_here]

    # ---- what a sticker looks like ----------------------------------------------------------------------------------

    @cached_property
    def variant_plan(self) -> Any:
        config = self.profile.embed
        return plan_variants(self.plan, SITUATIONS, config.seed, config.per_triple)

    @cached_property
    def variants(self) -> Ran:
        """Training pictures of the Chinese-CLIP: other drawings than the catalogue's."""
        return self._training_pictures("variants", self.variant_plan.training, ("precompute/demo/variants.py",))

    def _training_pictures(self, stage: str, specs: Sequence[StickerSpec], sources: Sequence[str]) -> Ran:
        """The stage that draws `specs` for a training; sources: the code that plans and draws them."""

        def work(folder: Path, bar: Bar) -> dict[str, Any]:
            one = partial(draw_variant, size=self.profile.embed.side)
            embed.draw_in_parts(specs, folder, one, self.profile.workers, bar)
            return {"pictures": len(specs), "reproducible": _SAME_MACHINE}

        settings = {"side": self.profile.embed.side}
        inputs = [asdict(spec) for spec in specs]
        code = (*_DRAWING, *sources, "precompute/stages/embed.py")
        return self.stage(stage, code, _drawers(), settings, inputs, work)

    @cached_property
    def train(self) -> Ran:
        """The small Chinese-CLIP, trained from scratch."""
        config = self.profile.embed.clip
        specs = self.variant_plan.training
        words = world_words(SITUATIONS)
        drawn = self.variants

        def work(folder: Path, bar: Bar) -> dict[str, Any]:
            tokenizer = chinese_clip.build_tokenizer(words.texts)
            model = chinese_clip.build_model(config, len(tokenizer))
            lesson = clip_training.TrainingSet(embed.load_parts(drawn.folder), specs, words)
            losses: list[float] = []

            def progress(step: int, steps: int, loss: float) -> None:
                losses.append(loss)
                bar(step, steps)

            clip_training.train(model, tokenizer, lesson, config, progress, folder / ".checkpoint.safetensors")
            chinese_clip.save(model, tokenizer, folder / "model")
            return {
                "model": "ChineseCLIPModel, trained from scratch on drawn variants; its geometry is designed",
                "parameters_trained": chinese_clip.parameters(model),
                "last_loss": losses[-1] if losses else 0.0,
                "reproducible": _SAME_MACHINE,
            }

        inputs = [drawn.output, [asdict(spec) for spec in specs], {k: dict(v) for k, v in words.phrases.items()}]
        return self.stage("train", _CLIP, ("torch", "transformers", "numpy"), asdict(config), inputs, work)

    @cached_property
    def embed(self) -> Ran:
        """Embeddings, ONNX encoders and their gates."""
        trained, plan, config = self.train, self.variant_plan, self.profile.embed
        paths = [self.images[name] for name in self.ids]

        def work(folder: Path, bar: Bar) -> dict[str, Any]:
            model, tokenizer = chinese_clip.load(trained.folder / "model")
            rows = embed.embed_all(
                paths, lambda pictures, heard: chinese_clip.embed_images(model, pictures, progress=heard), bar
            )
            embed.save_array(folder / "embeddings.npy", rows)
            clip_onnx.export(model, tokenizer, folder / "models")
            words = world_words(SITUATIONS)
            found = clip_gates.evaluate(
                np.asarray(rows, np.float32),
                self.specs,
                np.array([plan.unseen_series(spec) for spec in self.specs]),
                np.array([plan.unseen(spec) for spec in self.specs]),
                partial(chinese_clip.embed_texts, model, tokenizer),
                words,
                config.seed,
            )
            still = [self.images[spec.id] for spec in self.specs if not spec.animated][: config.parity_cases]
            samples = [Image.open(path).convert("RGBA") for path in still]
            texts = [words.annotation(spec) for spec in self.specs[: config.parity_cases]]
            apart = clip_onnx.parity(model, tokenizer, folder / "models", texts, samples)
            parity = Gate(apart, config.parity_goal, len(texts) + len(samples), apart <= config.parity_goal)
            return {
                "model": "the Chinese-CLIP of the stage train; its geometry is designed",
                "held_out_series": sorted(plan.held_out_series),
                "gates": {name: asdict(gate) for name, gate in {**found.gates, "onnx_difference": parity}.items()},
                "figures": {name: list(figure) for name, figure in found.figures.items()},
                "reproducible": _SAME_MACHINE,
            }

        sources = (
            *_CLIP,
            "precompute/models/small/clip_gates.py",
            "precompute/models/small/clip_onnx.py",
            "precompute/demo/variants.py",
        )
        inputs = [trained.output, self.draw.output, [asdict(spec) for spec in self.specs], sorted(plan.held_out_series)]
        used = ("torch", "transformers", "onnx", "onnxscript", "onnxruntime", "scikit-learn", "numpy")
        settings = {"parity_goal": config.parity_goal, "parity_cases": config.parity_cases, "seed": config.seed}
        return self.stage("embed", sources, used, settings, inputs, work)

    @cached_property
    def embeddings(self) -> NDArray[np.float16]:
        """(N, d) unit rows, in the order of the ids."""
        rows: NDArray[np.float16] = np.load(self.embed.folder / "embeddings.npy", allow_pickle=False)
        return rows

    @cached_property
    def style_mean(self) -> FloatArray:
        """(d,) what the style space subtracts."""
        return styles.catalogue_mean(self.embeddings)

    # ---- what a model says of a sticker -----------------------------------------------------------------------------

    @cached_property
    def lesson_plan(self) -> LessonPlan:
        config = self.profile.caption
        return plan_lessons(self.variant_plan, SITUATIONS, config.seed, config.per_triple, config.share)

    @cached_property
    def lessons(self) -> Ran:
        """Training pictures of the LLaVA beside the variants."""
        sources = ("precompute/demo/lessons.py", "precompute/demo/variants.py")
        return self._training_pictures("lessons", self.lesson_plan.extra, sources)

    @cached_property
    def speak(self) -> Ran:
        """The base LLaVA, trained from scratch to describe drawn variants."""
        config, seen = self.profile.caption, self.train
        specs = (*self.variant_plan.training, *self.lesson_plan.extra)
        folders = (self.variants.folder, self.lessons.folder)

        def work(folder: Path, bar: Bar) -> dict[str, Any]:
            drawn = np.concatenate([embed.load_parts(one) for one in folders])
            report = base_captioner.train_base(folder, seen.folder / "model", specs, drawn, config, bar)
            return {**report, "reproducible": _SAME_MACHINE}

        settings = {name: asdict(getattr(config, name)) for name in ("llava", "look", "speak")}
        inputs = [seen.output, self.variants.output, self.lessons.output, [asdict(spec) for spec in specs]]
        return self.stage("speak", _LLAVA, ("torch", "transformers", "numpy"), settings, inputs, work)

    @cached_property
    def describe(self) -> Ran:
        """What the base model says of every sticker; the gates of those that its training never saw."""
        config, base = self.profile.caption, self.speak

        def work(folder: Path, bar: Bar) -> dict[str, Any]:
            said = captioning.describe(folder, base.folder / "model", self.images, config, bar)
            unseen = [spec for spec in self.specs if self.lesson_plan.unseen(spec)]
            gates, found = captioning.judge_base(said.descriptions, unseen, config)
            write_json(folder / "described.json", asdict(said))
            write_json(folder / "vlm.json", found)
            return {
                "prompts": {"description": llava.GENERAL, "keywords": llava.KEYWORDS},
                "decoding": "greedy; animations by the key frame the model is surest of",
                "stickers": len(self.ids),
                "gates": {name: asdict(gate) for name, gate in gates.items()},
                "reproducible": _SAME_MACHINE,
            }

        inputs = [base.output, self.draw.output, sorted(self.lesson_plan.held_out)]
        return self.stage("describe", _WRITING, ("torch", "transformers", "numpy"), asdict(config), inputs, work)

    @cached_property
    def described(self) -> captioning.Described:
        document = json.loads((self.describe.folder / "described.json").read_text(encoding="utf-8"))
        keywords = {name: tuple(words) for name, words in document["keywords"].items()}
        return captioning.Described(document["descriptions"], keywords)

    @cached_property
    def finetune(self) -> Ran:
        """The LLaVA fine-tuned on what people typed before they clicked: fitting interactions only."""
        config, base, fitting = self.profile.caption, self.speak, self.split.fitting
        texts = {name: text.ocr for name, text in self.ocr.items()}
        meanings = {name: meaning(words) for name, words in self.described.keywords.items()}

        def work(folder: Path, bar: Bar) -> dict[str, Any]:
            model = base.folder / "model"
            report = tuned_captioner.fine_tune(folder, model, fitting, self.images, texts, meanings, config, bar)
            return {**report, "reproducible": _SAME_MACHINE}

        settings = {"llava": asdict(config.llava), "tuned": asdict(config.tuned), "kin": config.kin}
        inputs = [base.output, self.draw.output, texts, meanings, [asdict(row) for row in fitting]]
        sources = (
            *_LLAVA,
            "precompute/builds/tuned_captioner.py",
            "precompute/models/small/llava_queries.py",
            "precompute/stages/finetune.py",
            "precompute/fit/split.py",
        )
        return self.stage("finetune", sources, ("torch", "transformers", "peft", "numpy"), settings, inputs, work)

    @cached_property
    def caption(self) -> Ran:
        """Every sticker's captions, the gates of the keywords, and the models the page runs."""
        config, base, tuned, parts = self.profile.caption, self.speak, self.finetune, self.split
        texts = {name: text.ocr for name, text in self.ocr.items()}
        situation_of, described = self._situations, self.described
        judged = json.loads((self.describe.folder / "vlm.json").read_text(encoding="utf-8"))

        def work(folder: Path, bar: Bar) -> dict[str, Any]:
            held = {
                name: captioning.held_out(part, parts.fitting, self._meant)
                for name, part in (("validation", parts.validation), ("test", parts.test))
            }
            model, speaker = base.folder / "model", tuned.folder / "model"
            written = captioning.write(
                folder, speaker, self.images, texts, held["validation"], held["test"], config, bar
            )
            clip, tokenizer = chinese_clip.load(self.train.folder / "model")
            ceiling = captioning.oracle(parts.fitting, situation_of, held["test"].queries, config.most)
            gates, found = captioning.judge_tuned(
                described,
                written,
                held["validation"],
                held["test"],
                ceiling,
                texts,
                partial(chinese_clip.embed_texts, clip, tokenizer),
                config,
            )
            size = llava.megabytes(model, tuned.folder / llava.ADAPTER)
            reads = written.shipped == "tuned_ocr"
            parity, live = captioning.export_live(folder / "models", model, speaker, self.images, texts, reads, config)
            gates |= {
                "vlm_onnx_difference": parity,
                "vlm_weights_megabytes": captioning.at_most(size, config.megabytes_goal, 1),
            }
            captions = captioning.captions(described, written)
            write_json(folder / "captions.json", {name: asdict(said) for name, said in captions.items()})
            write_json(folder / "vlm.json", {**found, **judged, "unspelt": captioning.spelling(texts, model)})
            return {
                "prompts": {"keywords": llava.KEYWORDS, "with OCR": llava.READ},
                "decoding": "the likeliest of a beam search; animations by the key frame the model is surest of",
                "shipped": written.shipped,
                "stickers": len(self.ids),
                **live,
                "gates": {name: asdict(gate) for name, gate in gates.items()},
                "reproducible": _SAME_MACHINE,
            }

        sources = (
            *_WRITING,
            "persrv/models/beam_search.py",
            "persrv/models/captioner.py",
            "precompute/models/small/llava_beams.py",
            "precompute/models/small/llava_onnx.py",
        )
        inputs = [
            self.describe.output,
            base.output,
            tuned.output,
            self.train.output,
            self.draw.output,
            texts,
            [[asdict(row) for row in part] for part in (parts.fitting, parts.validation, parts.test)],
        ]
        used = ("torch", "transformers", "sacrebleu", "onnx", "onnxscript", "onnxruntime", "numpy")
        return self.stage("caption", sources, used, asdict(config), inputs, work)

    def _meant(self, row: Interaction) -> bool:
        """Whether a click went to a sticker of the situation the person had in mind: only a simulation knows."""
        return self._intents.get(row) == self._situations[row.sticker]

    @cached_property
    def _situations(self) -> dict[str, str]:
        return {spec.id: spec.situation for spec in self.specs}

    @cached_property
    def _intents(self) -> dict[Interaction, str]:
        """Click -> the situation in mind; accidents are missing."""
        clicks = simulate_clicks(self.specs, PEOPLE, self.profile.clicks.seed)
        return {click.interaction: click.intent for click in clicks if not click.noise}

    @cached_property
    def captions(self) -> Mapping[str, Caption]:
        """Sticker id -> what the vision-language model wrote of it."""
        rows = json.loads((self.caption.folder / "captions.json").read_text(encoding="utf-8"))
        return {name: Caption(**row) for name, row in rows.items()}

    # ---- what people did --------------------------------------------------------------------------------------------

    @cached_property
    def fitted(self) -> Fitted:
        """Queries, utility and styles of all training clicks."""
        fitted = fit(self.split.training, self.ids, self.embeddings, self.style_mean, self.profile)
        self.quick("integrate", {}, {"stickers_with_queries": len(fitted.queries)})
        clicked = int(np.count_nonzero(fitted.counts[:, 0]))
        self.quick("utility", {}, {"stickers_clicked": clicked, "of": len(self.ids)})
        sizes = {"people": len(fitted.styles), "clusters": sum(len(style.sizes) for style in fitted.styles)}
        space = "embeddings minus the catalogue's mean, renormalised"
        self.quick("styles", {**asdict(self.profile.styles), "space": space}, sizes)
        return fitted

    integrate = utility = styles = property(lambda self: self.fitted)

    @cached_property
    def project(self) -> FloatArray:
        """(N, 2) the style map."""

        def work(folder: Path, bar: Bar) -> dict[str, Any]:
            bar(0, len(self.ids))
            config = self.profile.project
            projector = project.umap_projector(config.seed, config.neighbours, config.min_dist)
            vectors = StyleSpace(self.style_mean).project(np.asarray(self.embeddings, np.float32))
            embed.save_array(folder / "map.npy", project.project(vectors, projector))
            return {"method": "UMAP, cosine", "reproducible": _SAME_MACHINE}

        sources = ("precompute/stages/project.py", "precompute/fit/styles.py", "persrv/ranking/styles.py")
        used = ("umap-learn", "numba", "pynndescent", "scikit-learn", "numpy")
        ran = self.stage("project", sources, used, asdict(self.profile.project), [self.embeddings], work)
        flat: FloatArray = np.load(ran.folder / "map.npy", allow_pickle=False)
        return flat

    @cached_property
    def tune(self) -> SearchSettings:
        """The search settings that validation clicks chose."""
        read = {name: text.ocr for name, text in self.ocr.items()}
        texts = {"ocr": read, **texts_by_field(self.captions, self.ids)}
        parts, embeddings, mean = self.split, self.embeddings, self.style_mean

        def work(folder: Path, bar: Bar) -> dict[str, Any]:
            choice, asked = choose_settings(parts, self.ids, texts, embeddings, mean, self.profile, bar)
            write_json(folder / "settings.json", settings_to_json(choice.settings))
            return {
                "objective": f"M-MRR@{self.profile.tune.cutoff} of the full ranking on validation clicks",
                "questions": asked,
                "before": choice.before,
                "after": choice.after,
                "trace": [asdict(step) for step in choice.trace],
                "reproducible": "depends on the embeddings",
            }

        clicks = [[asdict(i) for i in part] for part in (parts.fitting, parts.validation)]
        inputs = [texts, embeddings, clicks, asdict(self.profile.styles)]
        ran = self.stage("tune", CHOOSING, ("numpy", "jieba"), asdict(self.profile.tune), inputs, work)
        return settings_from_json(json.loads((ran.folder / "settings.json").read_text(encoding="utf-8")))

    # ---- what comes of it -------------------------------------------------------------------------------------------

    @cached_property
    def contents(self) -> BundleContents:
        """Everything but the evaluation and the record of what ran, which come last."""
        parts, fitted = self.split, self.fitted
        return BundleContents(
            name=self.profile.title,
            licence="CC-BY-4.0",
            simulated=True,
            stickers=assemble.stickers(self.specs, self.images, self.ocr, fitted.queries, self.captions),
            interactions={
                "train": parts.fitting.rows,
                "validation": parts.validation.rows,
                "test": parts.test.rows,
            },
            people=self.people,
            embeddings=self.embeddings,
            user_styles=fitted.styles,
            utility_counts=fitted.counts,
            images=self.images,
            style_mean=self.style_mean,
            map_xy=self.project,
            models={path.name: path for ran in (self.embed, self.caption) for path in _models(ran)},
            settings=self.tune,
            notes=_NOTES,
        )

    @cached_property
    def assemble(self) -> BundleContents:
        """The bundle's contents, complete with how good the captions are, gates and the record of every stage.

        What is measured on test clicks comes later, from the bundle alone: `precompute evaluate`.
        """
        judged = json.loads((self.caption.folder / "vlm.json").read_text(encoding="utf-8"))
        return replace(
            self.contents,
            evaluation={"vlm": judged},
            provenance={
                "machine": machine(),
                **{name: self.provenance[name] for name in STAGES if name in self.provenance},
            },
            gates=self.gates,
        )

    def write(self, out: Path) -> Bundle:
        """Write the bundle to `out`, replacing an older one."""
        for stage in STAGES:
            self.run(stage)
        bar = Bar("assemble", self.stream)
        bundle = write_bundle(out, self.assemble)
        bar.close(f"{out}, {sum(f['bytes'] for f in bundle.manifest['files'].values()) / 1e6:.1f} MB")
        return bundle


def _drawers() -> dict[str, str]:
    """What drawings depend on beside our code: packages by version, and fonts by content, for Debian may update one."""
    fonts = {f"font {name}": file_digest(Path(FONTS[name].path)) for name in available()}
    return {**packages(_DRAWERS), **fonts}


def _models(ran: Ran) -> list[Path]:
    """The models of a stage that go into the bundle."""
    return sorted((ran.folder / "models").iterdir())


def _gate(value: float, goal: float, cases: int) -> dict[str, Any]:
    return asdict(Gate(value, goal, cases, value >= goal))
