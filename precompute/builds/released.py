"""A bundle from anybody's folder by released models: Chinese-CLIP sees every picture, a vision-language model speaks of
it.

The paper's is LLaVA-1.5-7B; any other image-text model fits into the same slot (precompute.model_cards). Descriptions
and feelings are the model's as it was released. Keywords for search are a fine-tuned LLaVA's: an adapter that is
trained here on the fitting clicks, or one that is given. Without either, what the released model lists is kept beside
the stickers for comparison; it is searched only where the profile wants no fine-tuning, or the model is no LLaVA.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property, partial
from pathlib import Path

from persrv.models.answers import keywords_of, split_answer
from persrv.records import Text
from precompute.builds import released_tuning
from precompute.builds.released_clip import ADAPTER_FILES, ClipImport, Models, about_answers, counts, find_models
from precompute.caption_record import SEPARATOR, Caption
from precompute.evaluation.report import Findings
from precompute.model_cards import LLAVA
from precompute.models.answering import Speaker
from precompute.models.pixels import Decode
from precompute.models.released import chat, hub, llava_lora, loading, memory
from precompute.models.released.captioning import load_captioner
from precompute.models.released.costs import Llava
from precompute.models.released.llava_lora import Hardware
from precompute.models.small import llava
from precompute.runtime.batch_store import Columns
from precompute.runtime.cache import file_digest, packages
from precompute.runtime.operators import Task
from precompute.runtime.stages import Ran
from precompute.stages import caption as captioning
from precompute.stages.caption import MOST_TEXT, CaptionPrompt, told

__all__ = ["Models", "PaperImport", "find_models"]

#: Tokens of a prompt beside its picture's, at most: the longest of ours has fewer, with the text of a picture in it.
_WORDS = 64 + 2 * MOST_TEXT

#: The question whose answers have two halves.
_DESCRIPTION = "description"

_NO_ADAPTER = Text("Nothing is fine-tuned, so there are no keywords to search.", "没有微调，所以没有可检索的关键词。")
_AS_RELEASED = Text("Keywords: the same model as released. Nothing is fine-tuned.", "关键词：同一模型，未经微调。")
_TRAINED = Text(
    "Keywords: the same model, fine-tuned on the training clicks of this bundle.",
    "关键词：同一模型，在这个数据包的训练点击上微调。",
)


class PaperImport(ClipImport):
    """An import whose pictures are embedded by Chinese-CLIP and captioned by a vision-language model."""

    # ---- fine-tuning ------------------------------------------------------------------------------------------------

    @cached_property
    def tuned(self) -> Ran | None:
        """The adapter trained on the fitting clicks, with its history; None where one is given, where the profile wants
        none or the model is no LLaVA, or where there are too few clicks to hold any back: nobody could tell whether it
        learnt anything."""
        parts, models, recipe = self.split, self.released, self.config.lora
        if not self._learns or not len(parts.validation) or models.adapter is not None:
            return None
        examples = released_tuning.examples(parts.fitting, self.images, self._prompt)
        judged = released_tuning.held_out(parts.validation, parts.fitting, self.images, self._prompt, recipe.judged)
        most = (self.config.keyword_tokens, self.config.most)
        told_of = [[one.sticker, one.prompt, one.queries, self.hashes[one.sticker]] for one in (*examples, *judged)]
        return self.stage(
            "finetune",
            partial(llava_lora.learn, self._vlm, examples, judged, recipe, self._place, most),
            self._packages,
            {**asdict(recipe), "ask": self.config.ask, "keyword_tokens": most[0], "most": most[1]},
            [told_of, len(judged), self._vlm_identity, models.device, self.precision],
            method=f"LoRA (peft), rank {recipe.rank}, on every linear layer of the language model",
            model=self._name("vlm"),
            device=models.device,
            precision=self.precision,
            targets="a sticker's distinct training queries, apart by commas, in an order drawn every epoch",
            reproducible="on one processor; nearly on one GPU",
        )

    @property
    def _learns(self) -> bool:
        """Return whether an adapter may be trained: only a LLaVA is, and where the profile wants it."""
        return self.config.learn and self._is_llava

    @cached_property
    def adapter(self) -> Path | None:
        """The folder of the adapter that writes the keywords; None for none."""
        if self.released.adapter is not None:
            return self.released.adapter
        return None if self.tuned is None else self.tuned.folder / llava_lora.ADAPTER

    @cached_property
    def precision(self) -> str:
        """Number format of a LLaVA's weights in training and captioning: as the profile says, or as memory allows."""
        wanted = self.config.precision
        if not self._is_llava:
            return memory.HALF_PRECISION
        if self.released.device == "cpu":
            return memory.HALF_PRECISION if wanted == "auto" else wanted
        free = loading.free_bytes(self.released.device)
        return memory.captioning(self._sizes, self._tokens, free, wanted).precision

    @property
    def _place(self) -> Hardware:
        """Device of the training, with as many examples and answers at once as fit."""
        models, recipe = self.released, self.config.lora
        free = loading.free_bytes(models.device)
        if models.device == "cpu":
            learnt = memory.example_room(self._sizes, self._tokens, recipe.again)
            answered = memory.caption_room(self._sizes, self._tokens)
            rooms = ((learnt, recipe.batch), (answered, memory.MOST_ON_PROCESSOR))
            learns, answers_at_once = (
                memory.llava_on_processor(self._sizes, room, free, self.precision, most) for room, most in rooms
            )
            return Hardware(models.device, self.precision, learns, answers_at_once, self.profile.workers)
        fit = memory.tuning(self._sizes, self._tokens, free, recipe.again, self.precision, recipe.batch)
        answers = memory.captioning(self._sizes, self._tokens, free, self.precision)
        return Hardware(models.device, self.precision, fit.batch, max(1, answers.batch // 2), self.profile.workers)

    # ---- captions ---------------------------------------------------------------------------------------------------

    @property
    def prompts(self) -> tuple[CaptionPrompt, ...]:
        """Prompts about every sticker: description and feelings, keywords by both models or by one."""
        config = self.config
        description = llava.prompt(config.description) if self._is_llava else config.description
        return (
            CaptionPrompt(_DESCRIPTION, description, config.description_tokens),
            CaptionPrompt("keywords_base", config.keywords, config.keyword_tokens),
            *((CaptionPrompt("keywords", config.keywords, config.keyword_tokens, tuned=True),) if self.adapter else ()),
        )

    @cached_property
    def caption(self) -> Ran:
        """Description, feelings and keywords, by both models in one pass over the decoded pictures."""
        config, models = self.config, self.released
        answered = self._answered(self.read, self.hashes)
        return self.stage(
            "caption",
            partial(captioning.write_answers, answered, _DESCRIPTION),
            packages(self._packages),
            {
                "description": config.description,
                "keywords": config.keywords,
                "description_tokens": config.description_tokens,
                "keyword_tokens": config.keyword_tokens,
                "batch": config.batch,
            },
            [sorted(answered.keys.items()), answered.slot.key],
            model=self._name("vlm"),
            licence=config.card.licence,
            device=models.device,
            precision=self.precision,
            adapter=self._adapter_name,
            reproducible="on one machine",
        )

    def _answered(self, read: Mapping[str, str], hashes: Mapping[str, str]) -> Columns:
        """The columns of answers. read: sticker id -> what OCR read; hashes: sticker id -> hash of its picture."""
        config, card, asked = self.config, self.config.card, self.prompts
        keys = captioning.keys_of(asked, hashes, read)
        texts = {key: read[name] for name, key in keys.items()}
        side = self._sizes.sees.image if self._is_llava else card.side
        task = Task(captioning.Answer, (self._load, asked, texts), Decode(side), config.batch, self._gpus)
        used, questions = packages(self._packages), [asdict(one) for one in asked]
        model: list[object] = [
            self._vlm_identity,
            *_adapter_identity(self.adapter),
            self.released.device,
            self.precision,
            *([] if self._is_llava else [[card.side, dict(card.template), dict(card.images)]]),
        ]
        return self.columns("captioned", task, used, questions, model, keys=keys)

    @property
    def tasks(self) -> Mapping[str, Columns]:
        """The tasks that take long, by what each does to a prepared picture. The texts of pictures count as unread: no
        default prompt has them.
        """
        hashes = self.prepared_hashes
        return {**super().tasks, "captioned": self._answered(dict.fromkeys(hashes, ""), hashes)}

    @property
    def uncaptioned(self) -> Sequence[str]:
        found: Sequence[str] = self.caption.report["uncaptioned"]
        return found

    @property
    def _load(self) -> Callable[[], Speaker]:
        """Loader of the model that answers."""
        config, models = self.config, self.released
        if self._is_llava:
            tokens, compiled = self._tokens, config.compiled
            return partial(load_captioner, self._vlm, self.adapter, models.device, self.precision, tokens, compiled)
        longest = tuple(told(one.prompt, "字" * MOST_TEXT) for one in self.prompts)
        most = max(one.most for one in self.prompts)
        return partial(chat.load_chat, self._vlm, config.card, models.device, longest, most)

    @cached_property
    def captions(self) -> dict[str, Caption]:
        answers, cut = (
            json.loads((self.caption.folder / file).read_text(encoding="utf-8"))
            for file in (captioning.ANSWERS, captioning.CUT)
        )
        ended = {asked: frozenset(names) for asked, names in cut.items()}
        return {
            name: self._caption({asked: said[name] for asked, said in answers.items()}, name, ended)
            for name in answers[_DESCRIPTION]
        }

    def _caption(self, answers: Mapping[str, str], name: str, cut: Mapping[str, Collection[str]]) -> Caption:
        """A sticker's answers as its caption. cut: question -> the stickers about which its answer was cut."""
        base, tuned = (
            SEPARATOR.join(keywords_of(answers.get(asked, ""), self.config.most, name in cut.get(asked, ())))
            for asked in ("keywords_base", "keywords")
        )
        return Caption(*split_answer(answers[_DESCRIPTION]), base, tuned if self._learns or self.adapter else base)

    def _prompt(self, name: str) -> str:
        """Prompt of the fine-tuned model about a sticker."""
        return told(self.config.keywords, self.read[name])

    # ---- what comes of it -------------------------------------------------------------------------------------------

    @property
    def sections(self) -> dict[str, Findings]:
        """The history of each training, by the name of its section."""
        found = super().sections
        if self.tuned is not None:
            history, (learnt, held) = llava_lora.history_in(self.tuned.folder), counts(self.tuned)
            own = released_tuning.findings(history, learnt, held, self.config.lora)
            found = {released_tuning.SECTION: own, **found}
        return found

    @property
    def notes(self) -> Text:
        keywords = _TRAINED if self.adapter is not None else _NO_ADAPTER if self._learns else _AS_RELEASED
        if self.released.adapter is not None:
            keywords = Text(
                f"Keywords: the same model with the adapter {self._adapter_name}, which was trained elsewhere.",
                f"关键词：同一模型，加上在别处训练的适配器 {self._adapter_name}。",
            )
        speaks = Text(
            f"Descriptions and feelings: {self._name('vlm')}, as released.",
            f"描述和感受：{self._name('vlm')}，未经微调。",
        )
        return Text.joined(self._eyes_note, speaks, about_answers(self.caption.report), keywords, *self._encoders_note)

    # ---- names and sizes --------------------------------------------------------------------------------------------

    @property
    def _vlm(self) -> Path:
        """The folder of the vision-language model."""
        assert self.released.vlm is not None, "an import without one is a ClipImport"
        return self.released.vlm

    @property
    def _is_llava(self) -> bool:
        """Return whether the model is a LLaVA, whose pictures are seen once for all questions."""
        return self.config.card.kind == LLAVA

    @property
    def _packages(self) -> tuple[str, ...]:
        quantised = ("bitsandbytes",) if self.precision == memory.FOUR_BIT else ()
        return ("torch", "transformers", "peft", "pillow", "numpy", *quantised)

    @cached_property
    def _vlm_identity(self) -> str:
        """Identity of the vision-language model, computed once, since its files have gigabytes."""
        return hub.identity(self._vlm)

    @cached_property
    def _sizes(self) -> Llava:
        return loading.llava_sizes(self._vlm)

    @property
    def _tokens(self) -> int:
        """Upper limit of the tokens of a prompt with its picture and an answer."""
        return self._sizes.picture_tokens + _WORDS + max(self.config.description_tokens, self.config.keyword_tokens)

    @property
    def _adapter_name(self) -> str:
        """The adapter as the bundle names it."""
        if self.released.adapter is not None:
            return f"{self.released.adapter.name} (a local folder)"
        return "none" if self.adapter is None else "trained on the clicks of this bundle"


def _adapter_identity(folder: Path | None) -> list[str]:
    """Hashes of the adapter's files, on which answers depend."""
    return [] if folder is None else [file_digest(folder / name) for name in ADAPTER_FILES]
