"""Teaching the language model of a drawn world's bundle to retrieve stickers, and what that gains and costs.

Questions are made by rule (precompute.demo.asking) around stickers that were clicked in the fitting part, which are the
only targets. The weight of read text is chosen on questions around stickers that were clicked in validation alone. It
is judged beside the other methods on the questions of precompute.evaluation.replying, of which it has seen no phrase,
no template and no sticker.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from persrv.bundle import Bundle, amend_model, is_evaluated
from persrv.errors import DataError
from persrv.models import retrieving as online
from persrv.models.captioner import BASE_SPEAKER
from persrv.models.encoders import ModelFolder, model_file
from persrv.models.retrieving import RetrieverConfig
from persrv.models.sentence_encoder import SentenceEncoder
from persrv.records import FloatArray, Gate, Message, Sticker, Text
from persrv.sampling import evenly
from precompute import metrics
from precompute.config import RetrievingConfig
from precompute.demo.asking import WRITER, Asked, questions
from precompute.evaluation import replying
from precompute.evaluation.methods.baselines import OURS
from precompute.evaluation.replying import Answerer, Offered
from precompute.evaluation.report import Figure, Findings, Row, Table
from precompute.evaluation.run import Done, write_into
from precompute.evaluation.section import Section
from precompute.evaluation.world import World
from precompute.fit.split import TrainInteractions, ValidationInteractions
from precompute.fit.understanding import encoder_at_hand
from precompute.models import retrieving, retrieving_training
from precompute.models.released.language import load_language_model
from precompute.models.small import llava_restored
from precompute.runtime.cache import write_json
from precompute.runtime.progress import Report
from precompute.runtime.stages import Stages

SECTION = "retrieving-lm"

_TRAINERS = ("torch", "transformers", "numpy", "onnx", "onnxscript", "onnxruntime")

#: Files that `teach` writes below its folder.
WEIGHTS, CHECKPOINT, TAUGHT = "learnt.safetensors", ".checkpoint.safetensors", "taught.json"

#: Answers of the model if no sticker is wanted, by language: words that it can spell.
WORDS = {"zh": "好的", "en": "okay"}

#: Conversations compared with the exported file, and messages whose answer in words is shown.
_COMPARED = 8


# ---- the lesson -----------------------------------------------------------------------------------------------------


class Lesson:
    """The examples of every step: questions with their answers, stickers that are sent, and descriptions."""

    def __init__(
        self,
        model: retrieving.Retrieving,
        stickers: Sequence[Sticker],
        rows: Sequence[int],
        config: RetrievingConfig,
        encode: retrieving.Encode | None,
    ) -> None:
        """rows: of the stickers that were clicked in the fitting part: the only targets."""
        self.model, self.stickers, self.rows, self.config = model, stickers, rows, config
        around = [stickers[row].labels for row in rows]
        asked = [each for draw in range(config.draws) for each in questions(around, config.seed + draw, "learnt")]
        self.wanted, self.unwanted = ([each for each in asked if bool(each.wants) == wants] for wants in (True, False))
        said = sorted({retrieving.prompt(model, each.turns, WRITER).text for each in asked})
        self.place = {text: place for place, text in enumerate(said)}
        self.meanings = np.zeros((len(said), 1), np.float32) if encode is None else encode(said)

    def __call__(self, _step: int, rng: np.random.Generator) -> list[list[retrieving_training.Row]]:
        config = self.config
        count = round(config.batch * config.unwanted)
        asked = [*_drawn(self.wanted, config.batch - count, rng), *_drawn(self.unwanted, count, rng)]
        sent, told = config.looks, config.ordinary
        return [
            [*(self._asked(each, rng) for each in asked), *(self._sent(rng) for _ in range(sent))],
            [self._told_of(rng) for _ in range(told)],
        ]

    def _asked(self, asked: Asked, rng: np.random.Generator) -> retrieving_training.Row:
        turns, row = asked.turns, self._any(rng)
        if len(turns) > 1 and rng.random() < self.config.pictured:
            turns = (replace(turns[0], text="", sticker=self.stickers[row].id), *turns[1:])
        read = retrieving.prompt(self.model, turns, WRITER)
        pictures, meaning = (row,) * len(read.stickers), self.place[read.text]
        end, begin = self.model.tokenizer.eos_token_id, len(read.ids)
        if not asked.wants:
            words = self.model.tokenizer(WORDS[asked.language], add_special_tokens=False)["input_ids"]
            return retrieving_training.Row((*read.ids, *words, end), begin, pictures, meaning)
        fit = [row for row in self.rows if asked.fits(self.stickers[row].labels)]
        known = self.model.known
        answer = (known + online.RET, known + online.END_RET, end)
        target = fit[int(rng.integers(len(fit)))]
        return retrieving_training.Row((*read.ids, *answer), begin, pictures, meaning, target, frozenset(fit))

    def _sent(self, rng: np.random.Generator) -> retrieving_training.Row:
        row = self._any(rng)
        sticker = self.stickers[row]
        return retrieving_training.sent(self.model, row, sticker.ocr or sticker.emotion or WORDS["zh"])

    def _told_of(self, rng: np.random.Generator) -> retrieving_training.Row:
        return retrieving_training.ordinary(self.model, self.stickers[self._any(rng)].description or WORDS["zh"])

    def _any(self, rng: np.random.Generator) -> int:
        return self.rows[int(rng.integers(len(self.rows)))]


def _drawn(asked: Sequence[Asked], count: int, rng: np.random.Generator) -> list[Asked]:
    return [asked[int(place)] for place in rng.integers(len(asked), size=count)]


def clicked_rows(bundle: Bundle, part: TrainInteractions | ValidationInteractions) -> tuple[int, ...]:
    """The rows of the stickers that were clicked in a part, ascending."""
    return tuple(sorted({bundle.row_of[click.sticker] for click in part}))


# ---- training and measuring -----------------------------------------------------------------------------------------


class Build(Stages):
    """The training on one bundle of the drawn world."""

    def __init__(self, path: Path, config: RetrievingConfig, work: Path, stream: TextIO) -> None:
        super().__init__(work, stream)
        self.world, self.config = World.open(path), config
        if replying.trial_of(self.world, replying.CANDIDATES) is None or self.world.encode_text is None:
            raise DataError(
                f"{path} is not of the drawn world",
                "its situations, and the encoders of its stickers",
                "Use assets/demo.",
            )

    @cached_property
    def taught(self) -> Path:
        """The folder of the trained model."""
        bundle = self.world.bundle
        inputs = {name: file["sha256"] for name, file in bundle.manifest["files"].items() if is_evaluated(name)}
        work = partial(teach, self.world, self.config)
        return self.stage("retrieving", work, _TRAINERS, asdict(self.config), inputs).folder

    def findings(self, report: Report) -> Findings:
        """Return the model's rows beside the other methods', and what stayed as it was."""
        told = json.loads((self.taught / TAUGHT).read_text(encoding="utf-8"))
        trial = replying.trial_of(self.world, replying.CANDIDATES)
        assert trial is not None  # or the build would not have begun
        model, encode = restored(self.world.bundle, self.config)
        retrieving.load(model, self.taught / WEIGHTS)
        ours = answerer(model, self.world, encode, float(told["weight"]), float(told["threshold"]))
        found = replying.compare(self.world, trial, (*replying.searching(self.world), ours), report)
        return replace(
            found,
            title=TITLE,
            tables=(*found.tables, _kept(told)),
            notes=(verdict(found), *_notes(told, self.config), *found.notes),
            parameters={
                **found.parameters,
                "said where nothing is wanted": answers_in_words(model, trial.held, encode),
            },
        )


def restored(bundle: Bundle, config: RetrievingConfig) -> tuple[retrieving.Retrieving, SentenceEncoder | None]:
    """The language model with nothing learnt yet, and what tells it the meanings of texts; None where nothing does.

    It is the bundle's own, or a released one (config.model).
    """
    language, tokenizer = load_language_model(Path(config.model)) if config.model else llava_restored.restore(bundle)
    encode = encoder_at_hand() if config.reading.meanings else None
    width = bundle.embeddings.shape[1]
    meaning = 0 if encode is None else encode.width
    return retrieving.build(language, tokenizer, config.reading, width, config.seed, meaning), encode


def teach(world: World, config: RetrievingConfig, folder: Path, report: Report) -> Mapping[str, Any]:
    """Train the model of a world into a folder, choose how it is used on validation, export it, measure its costs."""
    bundle = world.bundle
    model, encode = restored(bundle, config)
    rows = clicked_rows(bundle, world.split.fitting)
    lesson = Lesson(model, world.stickers, rows, config, encode)
    space = retrieving_training.Space(world.embeddings, lesson.meanings, np.array(rows, np.int64))
    about = [[world.ids[row], dict(world.stickers[row].labels), world.stickers[row].description] for row in rows]
    losses = retrieving_training.train(model, lesson, space, config, about, folder / CHECKPOINT, report)
    retrieving.save(model, folder / WEIGHTS)
    asked = validation_questions(world, config)
    chosen = choose(model, world, encode, asked, config)
    unseen = [sticker.description for row, sticker in enumerate(world.stickers) if row not in set(rows)]
    texts = [text for text in unseen if text]
    before, after, same = retrieving.perplexities(model, texts[:: max(1, len(texts) // 200)])
    exported = {} if config.model else _exported(model, world, encode, chosen, asked, folder)
    told = {
        **chosen,
        "perplexity": [before, after],
        "same next piece": same,
        **exported,
        "parameters": sum(part.numel() for part in model.learnt().values()),
        "targets": len(rows),
        "last_loss": losses[-1] if losses else 0.0,
    }
    write_json(folder / TAUGHT, told)
    gates = {
        "retrieving_perplexity": Gate.at_most(after / before - 1, config.perplexity_goal, len(texts)),
    }
    if exported:
        gates["retrieving_megabytes"] = Gate.at_most(exported["megabytes"], config.megabytes_goal, 1)
        gates["retrieving_parity"] = Gate.at_most(exported["parity"], config.parity_goal, _COMPARED)
    return {**told, "gates": {name: asdict(gate) for name, gate in gates.items()}}


def _exported(
    model: retrieving.Retrieving,
    world: World,
    encode: SentenceEncoder | None,
    chosen: Mapping[str, Any],
    asked: Sequence[Asked],
    folder: Path,
) -> dict[str, float]:
    """Write what the page needs beside the bundle's captioner; the size of both, and how far the page is from torch.

    A released model is too large for that.
    """
    speaker = model_file(world.bundle, BASE_SPEAKER)
    name = "" if encode is None else encode.name
    used = RetrieverConfig(
        model.reading, online.file_digest(speaker), name, float(chosen["weight"]), float(chosen["threshold"])
    )
    retrieving.write_online(model, used, folder)
    page = online.load_language_retriever(_Beside(folder, world.bundle), encode)
    vectors = dict(zip(world.ids, world.embeddings, strict=True))
    conversations = [each.turns for each in evenly(asked, _COMPARED)]
    if conversations:  # one that ends with a sticker, as a chat may
        conversations.append((*conversations[0], Message(conversations[0][-1].writer, sticker=world.ids[0])))
    files = (speaker, *(folder / each for each in online.FILES))
    return {
        "megabytes": sum(file.stat().st_size for file in files) / 1e6,
        "parity": retrieving.parity(model, page, conversations, WRITER, vectors, encode),
    }


@dataclass(frozen=True, slots=True)
class _Beside:
    """The models of a bundle with those of a folder in their place, with the interface of one (HasModels)."""

    folder: Path
    bundle: Bundle

    def model_path(self, name: str) -> Path | None:
        return ModelFolder(self.folder).model_path(name) or self.bundle.model_path(name)


def validation_questions(world: World, config: RetrievingConfig) -> tuple[Asked, ...]:
    """Questions around stickers that were clicked in validation, in wording that is neither learnt nor judged by."""
    rows = clicked_rows(world.bundle, world.split.validation)
    return questions([world.stickers[row].labels for row in rows], config.seed, "validation")


def choose(
    model: retrieving.Retrieving,
    world: World,
    encode: retrieving.Encode | None,
    asked: Sequence[Asked],
    config: RetrievingConfig,
) -> dict[str, Any]:
    """The weight of read text, by the mean reciprocal rank among stickers clicked in validation, and the least log odds
    at which a sticker is offered, by how well both kinds of questions are told apart.
    """
    candidates = np.array(clicked_rows(world.bundle, world.split.validation), np.int64)
    vectors = dict(zip(world.ids, world.embeddings, strict=True))
    said = [retrieving.answer(model, each.turns, WRITER, vectors, encode) for each in asked]
    fits = [np.array([each.fits(world.stickers[row].labels) for row in candidates], bool) for each in asked]
    read = read_texts(world)[candidates]

    def mrr(weight: float) -> float:
        """Mean reciprocal rank of the first sticker that fits."""
        ranks = [
            metrics.reciprocal_rank(right[np.argsort(-_likeness(each, weight), kind="stable")])
            for each, right in zip(said, fits, strict=True)
            if right.any()
        ]
        return float(np.mean(ranks)) if ranks else 0.0

    def _likeness(each: online.Answer, weight: float) -> FloatArray:
        return online.scores(each.vector, world.embeddings[candidates], read, weight)

    by_weight = {weight: mrr(weight) for weight in config.weights}
    odds, wishes = [each.wants for each in said], [bool(each.wants) for each in asked]
    least = replying.best_threshold(odds, wishes) if asked else 0.0
    return {
        "weight": max(config.weights, key=lambda each: (by_weight[each], -each)),
        "threshold": least,
        "validation": {
            "questions": len(asked),
            "MRR by weight": {str(each): value for each, value in by_weight.items()},
            "balanced": replying.balanced(np.array(odds) >= least, np.array(wishes)),
        },
    }


def answerer(
    model: retrieving.Retrieving, world: World, encode: retrieving.Encode | None, weight: float, threshold: float
) -> Answerer:
    """The trained model as a method, which decides by itself."""
    read, ids = read_texts(world), np.array(world.ids)
    tie = np.argsort(np.argsort(ids))
    vectors = dict(zip(world.ids, world.embeddings, strict=True))

    def answer(asked: Asked) -> Offered:
        said = retrieving.answer(model, asked.turns, WRITER, vectors, encode)
        likeness = online.scores(said.vector, world.embeddings, read, weight)
        best = np.lexsort((tie, -likeness))
        return Offered(tuple(ids[best].tolist()), float(likeness[best[0]]), said.wants >= threshold)

    return Answerer(NAME, "ours", answer, NOTE, whole=True)


def answers_in_words(
    model: retrieving.Retrieving, asked: Sequence[Asked], encode: retrieving.Encode | None
) -> dict[str, str]:
    """Last message -> what the model writes in its own pieces: some questions that want no sticker."""
    unwanted = evenly([each for each in asked if not each.wants], _COMPARED)
    return {each.text: retrieving.words(model, each.turns, WRITER, {}, encode) for each in unwanted}


def read_texts(world: World) -> FloatArray:
    """Vectors (N, d) of the words on each sticker, in the space of the pictures; zeros for a sticker without words."""
    encode, found = world.encode_text, np.zeros_like(world.embeddings)
    assert encode is not None  # or the build would not have begun
    for row, sticker in enumerate(world.stickers):
        if sticker.ocr:
            found[row] = encode(sticker.ocr)
    return found


# ---- what is told ---------------------------------------------------------------------------------------------------

NAME = "retrieving LM"
TITLE = Text("A language model that retrieves", "会找表情的语言模型")
NOTE = Text(
    "prompt tuning of a frozen language model, which decides by itself whether a sticker is wanted",
    "对冻结的语言模型做提示微调；要不要表情由它自己判断",
)


def _kept(told: Mapping[str, Any]) -> Table:
    """Table of what the language model still does as before, with the new pieces beside its own."""
    before, after = told["perplexity"]
    rows = (
        Row("before", {"perplexity": Figure(before), "same next piece": Figure(1.0)}),
        Row("after", {"perplexity": Figure(after), "same next piece": Figure(told["same next piece"])}),
    )
    title = Text("The language model's other work: descriptions of stickers", "语言模型原来的本事：表情的描述")
    return Table("kept", title, ("perplexity", "same next piece"), rows, digits=4, labels=KEPT_LABELS)


KEPT_LABELS: Mapping[str, Text] = {
    "perplexity": Text("perplexity", "困惑度"),
    "same next piece": Text("same next piece", "下一个词元不变"),
    "before": Text("before", "之前"),
    "after": Text("after", "之后"),
}


def verdict(found: Findings) -> Text:
    """The most important sentence: how it does beside PerSRV, and how it decides."""
    of = {table.name: {row.name: row.figures for row in table.rows} for table in found.tables}
    ours, theirs = (f"{of['retrieval'][name]['R@10'].value:.3f}" for name in (OURS, NAME))
    right, offers = (f"{of['deciding'][NAME][column].value:.3f}" for column in ("right", "small talk"))
    return Text(
        f"Simulated. R@10 of the retrieving language model {theirs}, of PerSRV {ours}. Whether a sticker is wanted it "
        f"decides rightly in {right} of all questions, and in {offers} of small talk.",
        f"模拟的。会找表情的语言模型的 R@10 是 {theirs}，PerSRV 是 {ours}。要不要表情，它在全部提问里判断对 {right}，"
        f"在闲聊里判断对 {offers}。",
    )


def _notes(told: Mapping[str, Any], config: RetrievingConfig) -> tuple[Text, ...]:
    size = f" With the captioner's language model {told['megabytes']:.1f} MB." if "megabytes" in told else ""
    size_zh = f"连同描述模型的语言模型共 {told['megabytes']:.1f} MB。" if "megabytes" in told else ""
    return (
        Text(
            f"Trained: {told['parameters']:,} numbers around a frozen language model, in {config.steps} steps, towards "
            f"{told['targets']:,} stickers of fitting clicks. Chosen on validation, in wording that is neither learnt "
            f"nor judged by: weight of read text {told['weight']:g}, least log odds of [RET] {told['threshold']:.2f}."
            f"{size}",
            f"训练的：冻结的语言模型之外的 {told['parameters']:,} 个数，{config.steps} 步，目标是拟合点击里的 "
            f"{told['targets']:,} 张表情。在验证集上选定的（说法既没学过，也不用来评判）：图上文字的权重 "
            f"{told['weight']:g}，[RET] 的最低对数几率 {told['threshold']:.2f}。{size_zh}",
        ),
        Text(
            "Beside the words of the message it is told what the message means, by the sentence encoder of the search: "
            "so small a language model has read too little to know that by itself."
            if config.reading.meanings
            else "It reads the words alone.",
            "除了这句话的字，还告诉它这句话的意思（搜索用的句子编码器）：这么小的语言模型读得太少，自己不会知道。"
            if config.reading.meanings
            else "它只读字。",
        ),
    )


def write(path: Path, build: Build, found: Findings) -> None:
    """Put what was found into the evidence of a bundle, and what was learnt among its models, unless it was learnt
    around a released language model, which no bundle holds.
    """
    write_into(path, [Done(Section(SECTION, str(found.title), lambda _world, _report: found), found, 0.0)])
    if not build.config.model:
        files = {name: build.taught / name for name in online.FILES}
        amend_model(path, "retriever", files, build.provenance["retrieving"])
