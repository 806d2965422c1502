"""Teaching the language model of a drawn world's bundle to retrieve stickers, and what that gains and costs.

Questions are made by rule (precompute.demo.asking) around stickers that were clicked in the fitting part, which are the
only targets. The weight of read text is chosen on questions around stickers that were clicked in validation alone. It
is judged beside the other methods on the questions of precompute.evaluation.replying, of which it has seen no phrase,
no template and no sticker.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from persrv.bundle import Bundle, is_evaluation
from persrv.errors import DataError
from persrv.records import FloatArray, Gate, Sticker, Text
from persrv.sampling import evenly
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
from precompute.models import retrieving, retrieving_training
from precompute.models.small import llava_restored
from precompute.runtime.cache import write_json
from precompute.runtime.progress import Report
from precompute.runtime.stages import Stages

SECTION = "retrieving-lm"

_TRAINERS = ("torch", "transformers", "numpy", "onnx", "onnxscript", "onnxruntime")

#: What `teach` leaves below its folder.
WEIGHTS, EXPORTED, CHECKPOINT, TAUGHT = "learnt.safetensors", "retriever.onnx", ".checkpoint.safetensors", "taught.json"

#: What the model answers where no sticker is wanted, by language: words it can spell.
WORDS = {"zh": "好的", "en": "okay"}

#: Questions on which the weight of read text is chosen, and conversations compared with the exported file.
_VALIDATED, _COMPARED = 200, 8


# ---- the lesson -----------------------------------------------------------------------------------------------------


class Lesson:
    """The examples of every step: questions with their answers, and stickers that are sent."""

    def __init__(
        self, model: retrieving.Retrieving, stickers: Sequence[Sticker], rows: Sequence[int], config: RetrievingConfig
    ) -> None:
        """rows: of the stickers that were clicked in the fitting part: the only targets."""
        self.model, self.stickers, self.rows, self.config = model, stickers, rows, config
        around = [stickers[row].labels for row in rows]
        self.asked = [
            each for draw in range(config.draws) for each in questions(around, config.seed + draw, held=False)
        ]

    def __call__(self, _step: int, rng: np.random.Generator) -> list[retrieving_training.Row]:
        asked = [
            self._asked(self.asked[int(place)], rng) for place in rng.integers(len(self.asked), size=self.config.batch)
        ]
        return [*asked, *(self._sent(rng) for _ in range(self.config.looks))]

    def _asked(self, asked: Asked, rng: np.random.Generator) -> retrieving_training.Row:
        turns, pictures = asked.turns, tuple[int, ...]()
        if len(turns) > 1 and rng.random() < self.config.pictured:
            row = self.rows[int(rng.integers(len(self.rows)))]
            turns = (replace(turns[0], text="", sticker=self.stickers[row].id), *turns[1:])
            pictures = (row,) if len(turns) <= retrieving.MOST_MESSAGES else ()
        ids, _ = retrieving.conversation_ids(self.model, turns, WRITER)
        end, begin = self.model.tokenizer.eos_token_id, len(ids)
        if not asked.wants:
            words = self.model.tokenizer(WORDS[asked.language], add_special_tokens=False)["input_ids"]
            return retrieving_training.Row((*ids, *words, end), begin, pictures)
        fit = [row for row in self.rows if asked.fits(self.stickers[row].labels)]
        known = self.model.known
        answer = (known + retrieving.RET, known + retrieving.END_RET, end)
        target = fit[int(rng.integers(len(fit)))]
        return retrieving_training.Row((*ids, *answer), begin, pictures, target, frozenset(fit))

    def _sent(self, rng: np.random.Generator) -> retrieving_training.Row:
        row = self.rows[int(rng.integers(len(self.rows)))]
        sticker = self.stickers[row]
        return retrieving_training.sent(self.model, row, sticker.ocr or sticker.emotion or WORDS["zh"])


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
        inputs = {name: file["sha256"] for name, file in bundle.manifest["files"].items() if not is_evaluation(name)}
        work = partial(teach, self.world, self.config)
        return self.stage("retrieving", work, _TRAINERS, asdict(self.config), inputs).folder

    def findings(self, report: Report) -> Findings:
        """Its rows beside the other methods', and what stayed as it was."""
        told = json.loads((self.taught / TAUGHT).read_text(encoding="utf-8"))
        trial = replying.trial_of(self.world, replying.CANDIDATES)
        assert trial is not None  # or the build would not have begun
        model = restored(self.world.bundle, self.config)
        retrieving.load(model, self.taught / WEIGHTS)
        ours = answerer(model, self.world, float(told["weight"]))
        found = replying.compare(self.world, trial, (*replying.searching(self.world), ours), report)
        return replace(
            found,
            title=TITLE,
            tables=(*found.tables, _kept(told)),
            notes=(verdict(found), *_notes(told, self.config), *found.notes),
            parameters={**found.parameters, "said where nothing is wanted": said(model, trial.held)},
        )


def restored(bundle: Bundle, config: RetrievingConfig) -> retrieving.Retrieving:
    """The bundle's language model, with nothing learnt yet."""
    language, tokenizer = llava_restored.restore(bundle)
    return retrieving.build(language, tokenizer, bundle.embeddings.shape[1], config.seed)


def teach(world: World, config: RetrievingConfig, folder: Path, report: Report) -> Mapping[str, Any]:
    """Train the model of a world into a folder, choose the weight of read text, export it, measure what it costs."""
    bundle, model = world.bundle, restored(world.bundle, config)
    rows = clicked_rows(bundle, world.split.fitting)
    lesson = Lesson(model, world.stickers, rows, config)
    vectors = world.embeddings
    about = [[world.ids[row], dict(world.stickers[row].labels)] for row in rows]
    losses = retrieving_training.train(model, lesson, vectors, config, about, folder / CHECKPOINT, report)
    retrieving.save(model, folder / WEIGHTS)
    retrieving.export(model, folder / EXPORTED)
    texts = [sticker.description for sticker in world.stickers if sticker.description]
    before, after, same = retrieving.perplexities(model, texts[:: max(1, len(texts) // 200)])
    validated = validation_questions(world, config)
    by_weight = {weight: _mrr(model, world, validated, weight) for weight in config.weights}
    weight = max(config.weights, key=lambda each: (by_weight[each], -each))
    conversations = [asked.turns for asked in validated[:: max(1, len(validated) // _COMPARED)]]
    megabytes = (folder / EXPORTED).stat().st_size / 1e6
    difference = retrieving.parity(model, folder / EXPORTED, conversations, WRITER)
    told = {
        "weight": weight,
        "validation": {str(each): value for each, value in by_weight.items()},
        "perplexity": [before, after],
        "same next piece": same,
        "megabytes": megabytes,
        "parity": difference,
        "parameters": sum(part.numel() for part in model.learnt().values()),
        "targets": len(rows),
        "last_loss": losses[-1] if losses else 0.0,
    }
    write_json(folder / TAUGHT, told)
    gates = {
        "retrieving_perplexity": Gate.at_most(after / before - 1, config.perplexity_goal, len(texts)),
        "retrieving_megabytes": Gate.at_most(megabytes, config.megabytes_goal, 1),
        "retrieving_parity": Gate.at_most(difference, config.parity_goal, len(conversations)),
    }
    return {**told, "gates": {name: asdict(gate) for name, gate in gates.items()}}


def validation_questions(world: World, config: RetrievingConfig) -> tuple[Asked, ...]:
    """Questions in the world's own phrases around stickers that were clicked in validation and not before."""
    fitting = set(clicked_rows(world.bundle, world.split.fitting))
    rows = [row for row in clicked_rows(world.bundle, world.split.validation) if row not in fitting]
    asked = [
        each for each in questions([world.stickers[row].labels for row in rows], config.seed, held=False) if each.wants
    ]
    chosen = np.random.default_rng(config.seed).permutation(len(asked))[:_VALIDATED]
    return tuple(asked[place] for place in sorted(chosen.tolist()))


def _mrr(model: retrieving.Retrieving, world: World, asked: Sequence[Asked], weight: float) -> float:
    """Mean reciprocal rank of the first sticker that fits."""
    answers, labels = answerer(model, world, weight), {sticker.id: sticker.labels for sticker in world.stickers}
    ranks = [
        next((1 / rank for rank, name in enumerate(answers.answer(each).ranking, 1) if each.fits(labels[name])), 0.0)
        for each in asked
    ]
    return float(np.mean(ranks)) if ranks else 0.0


def answerer(model: retrieving.Retrieving, world: World, weight: float) -> Answerer:
    """The trained model as a method: it reads the whole conversation, and decides by itself."""
    read, ids = read_texts(world), np.array(world.ids)
    tie = np.argsort(np.argsort(ids))
    vectors = dict(zip(world.ids, world.embeddings, strict=True))

    def answer(asked: Asked) -> Offered:
        said = retrieving.answer(model, asked.turns, WRITER, vectors)
        likeness = retrieving.scores(said.vector, world.embeddings, read, weight)
        best = np.lexsort((tie, -likeness))
        return Offered(tuple(ids[best].tolist()), float(likeness[best[0]]), said.wants > 0)

    return Answerer(NAME, "ours", answer, NOTE)


def said(model: retrieving.Retrieving, asked: Sequence[Asked]) -> dict[str, str]:
    """Last message -> what the model writes, "" where it wants a sticker: some questions that want none."""
    unwanted = evenly([each for each in asked if not each.wants], _COMPARED)
    return {each.text: retrieving.answer(model, each.turns, WRITER, {}).words for each in unwanted}


def read_texts(world: World) -> FloatArray:
    """(N, d): the words on each sticker in the space of the pictures; zeros where there are none."""
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
    "prompt tuning of the small LLaVA's frozen language model; reads the whole conversation",
    "对小 LLaVA 冻结的语言模型做提示微调；读整段对话",
)


def _kept(told: Mapping[str, Any]) -> Table:
    """What the language model does as before, with the new pieces beside its own."""
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
    return (
        Text(
            f"Trained: {told['parameters']:,} numbers around a frozen language model, in {config.steps} steps, towards "
            f"{told['targets']:,} stickers of fitting clicks. Weight of read text, chosen on validation: "
            f"{told['weight']:g}. As ONNX {told['megabytes']:.1f} MB.",
            f"训练的：冻结的语言模型之外的 {told['parameters']:,} 个数，{config.steps} 步，目标是拟合点击里的 "
            f"{told['targets']:,} 张表情。图上文字的权重在验证集上选定：{told['weight']:g}。ONNX 文件 "
            f"{told['megabytes']:.1f} MB。",
        ),
    )


def write(path: Path, found: Findings) -> None:
    """Put what was found into the evidence of a bundle; everything else in it stays as it is."""
    write_into(path, [Done(Section(SECTION, str(found.title), lambda _world, _report: found), found, 0.0)])
