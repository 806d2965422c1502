"""Instructions and conversations: what each method offers where a sticker is asked for, and whether it should offer.

The questions are made by rule from the drawn world (precompute.demo.asking), in phrases and templates that no sticker
holds and nobody typed. Candidates are stickers that nobody clicked in training, the same number of every situation, so
that no method has learnt them from a click. A candidate is right where it shows the situation that is meant, and the
character and style that are named: the world's own truth, which no fit has seen. All methods are asked by the last
message, without the frame of an instruction; nobody's taste counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from persrv import conversation
from persrv.records import SearchSettings, Sticker, Text
from persrv.sampling import evenly
from persrv.settings import meaning_alone
from persrv.text.instructions import wanted as asked_for
from precompute import metrics
from precompute.demo.asking import UNWANTED, WANTED, Asked, questions
from precompute.demo.situations import SITUATIONS
from precompute.evaluation.methods import baselines, srs
from precompute.evaluation.methods.contract import KINDS
from precompute.evaluation.report import Figure, Findings, Row, Table
from precompute.evaluation.section import Section
from precompute.evaluation.significance import clustered_interval
from precompute.evaluation.world import World
from precompute.fit.mixing import SITUATION
from precompute.runtime.progress import Report

#: Candidates of each situation; how many of a ranking are read to find them; and questions that choose thresholds.
CANDIDATES, DEPTH, LEARNT = 10, 1000, 240

#: Candidates that an example shows, and examples of each kind.
SHOWN, EXAMPLES = 3, 3

Mask = NDArray[np.bool_]

#: Places whose recall is shown.
CUTOFFS = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class Offered:
    """A method's answer. ranking: ids, best first; score: of the first, 0 without one; offers: whether the method
    itself would show it, None where a threshold has to decide.
    """

    ranking: tuple[str, ...]
    score: float
    offers: bool | None = None


@dataclass(frozen=True, slots=True)
class Answerer:
    """A method. kind: a key of KINDS; answer: what it offers for a question; whole: whether it reads more than the last
    message.
    """

    name: str
    kind: str
    answer: Callable[[Asked], Offered]
    note: Text | None = None
    whole: bool = False


# ---- the questions --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trial:
    """The data of a trial. candidates: held-out stickers; held: questions to judge by; learnt: those that choose
    thresholds of deciding, made around clicked stickers in the world's own phrases.
    """

    candidates: tuple[Sticker, ...]
    held: tuple[Asked, ...]
    learnt: tuple[Asked, ...]


def trial_of(world: World, most: int) -> Trial | None:
    """The trial of a drawn world; None for a catalogue of other stickers, and where too few are new.

    most: candidates a situation; every situation has as many, or none at all.
    """
    clicked = {row.sticker for row in world.split.training}
    rng = np.random.default_rng(world.options.seed)
    candidates: list[Sticker] = []
    for situation in SITUATIONS:
        new = [s for s in world.stickers if s.labels.get(SITUATION) == situation and s.id not in clicked]
        if len(new) >= most and all({"character", "style"} <= s.labels.keys() for s in new):
            candidates += [new[place] for place in sorted(rng.permutation(len(new))[:most].tolist())]
    learnt = [s.labels for s in world.stickers if s.id in clicked and s.labels.get(SITUATION) in SITUATIONS]
    if not candidates or not learnt:
        return None
    around = [sticker.labels for sticker in candidates]
    seed = world.options.seed
    known = questions(learnt, seed, "learnt")
    chosen = tuple(known[place] for place in sorted(rng.permutation(len(known))[:LEARNT].tolist()))
    return Trial(tuple(candidates), questions(around, seed, "held"), chosen)


# ---- the methods ----------------------------------------------------------------------------------------------------


def answerers(world: World, trial: Trial) -> tuple[Answerer, ...]:
    """Methods that the bundle has the parts of, SRS before PerSRV, as the tables show them."""
    *untrained, ours = searching(world)
    if srs.left_out(world):
        return (*untrained, ours)
    settings = srs.settings_for_questions(len(world.ids))
    selector = srs.srs(world, settings, [sticker.id for sticker in trial.candidates])
    return (
        *untrained,
        Answerer(selector.name, "sticker ranking", partial(_ranked, selector.rank), selector.note),
        ours,
    )


def searching(world: World) -> tuple[Answerer, ...]:
    """The methods that need no training of their own, PerSRV last."""
    settings = world.bundle.settings
    words = replace(world.bundle.words_settings, use_personalization=False, use_utility=False, recall_size=DEPTH)
    found = [Answerer("BM25", "text", partial(_searched, world, words), BM25_NOTE)]
    if settings.meaning:
        found.append(
            Answerer(
                "meaning alone", "text", partial(_searched, world, replace(meaning_alone(settings), recall_size=DEPTH))
            )
        )
    if world.encode_text is not None:
        ranked = baselines.dense(world, world.encode_text)
        found.append(Answerer("CLIP-cn", "general VLM", partial(_ranked, ranked), baselines.CLIP_NOTE))
    found.append(Answerer(baselines.OURS, "ours", partial(_suggested, world), OURS_NOTE))
    return tuple(found)


BM25_NOTE = Text("the words of every field, weighted as in a search by words", "各字段的字词，权重与按词检索相同")
OURS_NOTE = Text("what the Chat tab suggests, for nobody", "“聊天”页会给出的，不带任何人的口味")


def plain(asked: Asked) -> str:
    """The last message, or what an instruction asks for."""
    return asked_for(asked.text) or asked.text


def _searched(world: World, settings: SearchSettings, asked: Asked) -> Offered:
    """A search; stand-ins that another method ranks count as nothing."""
    found = world.retriever.search(asked.text, None, settings, DEPTH)
    hits = () if found.fallback in ("dense", "popular") else found.hits
    return Offered(tuple(hit.sticker for hit in hits), hits[0].final if hits else 0.0)


def _ranked(rank: Callable[[str, str, int], Sequence[tuple[str, float]]], asked: Asked) -> Offered:
    found = rank("", plain(asked), DEPTH)
    return Offered(tuple(name for name, _ in found), found[0][1] if found else 0.0)


def _suggested(world: World, asked: Asked) -> Offered:
    """Answer of `persrv.conversation.suggest`, which decides by itself whether to offer."""
    settings = replace(world.bundle.settings, recall_size=DEPTH)
    made = conversation.suggest(world.retriever, asked.turns, None, "", settings, DEPTH)
    hits = () if made.result is None or made.result.fallback in ("dense", "popular") else made.result.hits
    return Offered(tuple(hit.sticker for hit in hits), hits[0].final if hits else 0.0, made.offered)


# ---- judging --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Judged:
    """The answers of one method to all held questions. offers: (Q,) whether it offers; hits: question -> which of the
    ranked candidates fit, for questions that want a sticker; first: (Q,) the first candidates of its rankings.
    """

    offers: tuple[bool, ...]
    hits: Mapping[int, metrics.Hits]
    first: tuple[tuple[str, ...], ...]


def judged(trial: Trial, method: Answerer) -> Judged:
    """Ask a method everything. Where it does not decide by itself, the threshold that decides best on the learnt
    questions does.
    """
    answer = method.answer if method.whole else _by_text(method.answer)
    answers = [answer(asked) for asked in trial.held]
    if answers[0].offers is None:
        scores = [answer(asked).score for asked in trial.learnt]
        least = best_threshold(scores, [bool(asked.wants) for asked in trial.learnt])
        offers = tuple(each.score >= least for each in answers)
    else:
        offers = tuple(bool(each.offers) for each in answers)
    labels = {sticker.id: sticker.labels for sticker in trial.candidates}
    hits = {
        number: np.array([asked.fits(labels[name]) for name in each.ranking if name in labels], bool)
        for number, (asked, each) in enumerate(zip(trial.held, answers, strict=True))
        if asked.wants
    }
    first = tuple(tuple(name for name in each.ranking if name in labels)[:SHOWN] for each in answers)
    return Judged(offers, hits, first)


def _by_text(answer: Callable[[Asked], Offered]) -> Callable[[Asked], Offered]:
    """The same answers; a last message that comes again is not asked again."""
    kept: dict[tuple[str, str], Offered] = {}

    def once(asked: Asked) -> Offered:
        key = (asked.text, asked.turns[-1].writer)
        if key not in kept:
            kept[key] = answer(asked)
        return kept[key]

    return once


def best_threshold(scores: Sequence[float], wanted: Sequence[bool]) -> float:
    """The least score at which to offer that decides best; the smallest of several. Questions that want a sticker weigh
    as much as those that do not, or always offering would be best where few want none.
    """
    given, wishes = np.array(scores), np.array(wanted)
    worth = {least: balanced(given >= least, wishes) for least in scores}
    return min(worth, key=lambda least: (-worth[least], least))


def balanced(offers: Mask, wanted: Mask) -> float:
    """Mean of two shares: of questions that want a sticker, those that get one; of the others, those that get none."""
    shares = [_share(offers[wanted]), _share(~offers[~wanted])]
    return float(np.nanmean(shares)) if len(wanted) else float("nan")


def recalls(trial: Trial, found: Judged) -> dict[str, dict[int, float]]:
    """Column -> question that wants a sticker -> value."""
    relevant = {
        number: sum(asked.fits(sticker.labels) for sticker in trial.candidates)
        for number, asked in enumerate(trial.held)
        if asked.wants
    }
    columns: dict[str, dict[int, float]] = {
        f"R@{k}": {number: metrics.recall(hits, relevant[number], k) for number, hits in found.hits.items()}
        for k in CUTOFFS
    }
    columns["MRR"] = {number: metrics.reciprocal_rank(hits) for number, hits in found.hits.items()}
    columns["first fits"] = {number: metrics.success(hits, 1) for number, hits in found.hits.items()}
    last = columns[f"R@{CUTOFFS[-1]}"]
    columns["R@10 offered"] = {number: value if found.offers[number] else 0.0 for number, value in last.items()}
    return columns


# ---- the tables -----------------------------------------------------------------------------------------------------

TITLE = Text("Instructions and conversations", "指令和对话")
NOTHING = Text(
    "The bundle is not of the drawn world, or too few of its stickers are new, so there is no question with a known "
    "answer.",
    "数据包不是画出来的世界，或者没人点过的表情太少，没有知道答案的提问。",
)
LABELS: Mapping[str, Text] = {
    "meaning alone": Text("meaning alone", "只用词义"),
    "first fits": Text("first fits", "第一张就对"),
    "R@10 offered": Text("R@10 offered", "给出时的 R@10"),
    "instruction": Text("instruction", "指令"),
    "own words": Text("own words", "自己的话"),
    "reply": Text("reply", "回应"),
    "errand": Text("errand", "别的请求"),
    "small talk": Text("small talk", "闲聊"),
    "precision": Text("precision", "准确率"),
    "recall": Text("recall", "召回率"),
    "right": Text("right", "判断对的"),
    "balanced": Text("balanced", "两类平均"),
    "Chinese": Text("Chinese", "中文"),
    "English": Text("English", "英文"),
}


def compute(world: World, report: Report) -> Findings:
    """The tables of retrieval, of its kinds, and of deciding; a note where the bundle is of another world."""
    trial = trial_of(world, CANDIDATES)
    if trial is None:
        return Findings(TITLE, world.data, notes=(NOTHING,))
    found = compare(world, trial, answerers(world, trial), report)
    return replace(found, notes=(_lead(found.tables[0]), *found.notes))


def compare(world: World, trial: Trial, methods: Sequence[Answerer], report: Report) -> Findings:
    """The tables of some methods, PerSRV among them."""
    found: dict[str, Judged] = {}
    for done, method in enumerate(methods):
        report(done, len(methods))
        found[method.name] = judged(trial, method)
    report(len(methods), len(methods))
    values = {name: recalls(trial, each) for name, each in found.items()}
    tables = (
        _retrieval(world, trial, methods, values),
        _kinds(world, trial, methods, values),
        _deciding(world, trial, methods, found),
    )
    return Findings(TITLE, world.data, tables, notes=NOTES, parameters=_parameters(world, trial, found))


def _retrieval(
    world: World, trial: Trial, methods: Sequence[Answerer], values: Mapping[str, Mapping[str, Mapping[int, float]]]
) -> Table:
    figure = partial(_figure, world, trial)
    rows = [
        Row(m.name, {name: figure(each) for name, each in values[m.name].items()}, KINDS[m.kind], note=m.note)
        for m in methods
    ]
    count = sum(bool(asked.wants) for asked in trial.held)
    title = Text(
        f"{count} questions that want a sticker, {len(trial.candidates)} candidates",
        f"{count} 次想要表情的提问，{len(trial.candidates)} 张候选表情",
    )
    return Table("retrieval", title, tuple(rows[0].figures), tuple(rows), digits=3, notes=(INTERVALS,), labels=LABELS)


INTERVALS = Text(
    "Means over the means of situations; intervals are 95 %, by drawing whole situations. “R@10 offered”: 0 where the "
    "method would offer nothing.",
    "先对每个情境取平均，再对情境取平均；95% 区间，按整个情境重抽。“给出时的 R@10”：方法不给表情时算 0。",
)


def _kinds(
    world: World, trial: Trial, methods: Sequence[Answerer], values: Mapping[str, Mapping[str, Mapping[int, float]]]
) -> Table:
    """R@10 by kind of question and by language."""
    groups: dict[str, Callable[[Asked], bool]] = {
        **{kind: partial(_is, "kind", kind) for kind in WANTED},
        **{name: partial(_is, "language", language) for name, language in NAMES.items()},
    }

    def figure(each: Mapping[int, float], group: Callable[[Asked], bool]) -> Figure:
        return _figure(world, trial, {n: value for n, value in each.items() if group(trial.held[n])})

    rows = [
        Row(m.name, {name: figure(values[m.name]["R@10"], group) for name, group in groups.items()}, KINDS[m.kind])
        for m in methods
    ]
    title = Text("R@10 by kind of question and by language", "各种提问、各种语言的 R@10")
    return Table("kinds", title, tuple(groups), tuple(rows), digits=3, notes=(KIND_NOTE,), labels=LABELS)


KIND_NOTE = Text(
    "Own words: the conversation ends with what the sticker is to say. Reply: it ends with what the other one writes, "
    "and nobody has said yet what the sticker is to say.",
    "“自己的话”：对话最后一句就是表情要说的。“回应”：最后一句是对方写的，表情要说什么还没有人说。",
)


#: Column -> language of a question.
NAMES: Mapping[str, str] = {"Chinese": "zh", "English": "en"}


def _is(name: str, value: str, asked: Asked) -> bool:
    return bool(getattr(asked, name) == value)


def _deciding(world: World, trial: Trial, methods: Sequence[Answerer], found: Mapping[str, Judged]) -> Table:
    """Return whether a sticker is offered where one is wanted: precision, recall, the share decided rightly, and that
    share of each kind of question that wants none.
    """
    wanted = np.array([bool(asked.wants) for asked in trial.held])
    kinds = np.array([asked.kind for asked in trial.held])
    rows = []
    for method in methods:
        offers = np.array(found[method.name].offers)
        right = offers == wanted
        figures: dict[str, Figure] = {
            "precision": Figure(_share(wanted[offers])),
            "recall": Figure(_share(offers[wanted])),
            "right": _proportion(right, world),
            "balanced": Figure(balanced(offers, wanted)),
            **{kind: Figure(_share(right[kinds == kind])) for kind in (*WANTED, *UNWANTED)},
        }
        rows.append(Row(method.name, figures, KINDS[method.kind]))
    title = Text(
        f"Deciding whether a sticker is wanted: {int(wanted.sum())} questions that want one, {int((~wanted).sum())} "
        "that do not",
        f"判断要不要表情：{int(wanted.sum())} 次想要，{int((~wanted).sum())} 次不想要",
    )
    return Table(
        "deciding", title, tuple(rows[0].figures), tuple(rows), digits=3, notes=(DECIDING_NOTE,), labels=LABELS
    )


DECIDING_NOTE = Text(
    "PerSRV decides as the Chat tab does. For the others the best score decides, from a threshold chosen on "
    "questions in the world's own phrases. Balanced: the mean over questions that want a sticker and questions that "
    "do not. Below the kinds: the share decided rightly.",
    "PerSRV 按“聊天”页的办法判断。其他方法看最高分，门槛在用世界自己的话提的问题上选定。"
    "“两类平均”：想要的和不想要的各占一半。各种提问下面：判断对的比例。",
)


def _share(right: Mask) -> float:
    return float(right.mean()) if len(right) else float("nan")


def _proportion(right: Mask, world: World) -> Figure:
    """A share with its bootstrap interval over questions."""
    each = {str(number): [float(value)] for number, value in enumerate(right.tolist())}
    return Figure(_share(right), *clustered_interval(each, world.options.resamples, world.options.seed))


def _figure(world: World, trial: Trial, values: Mapping[int, float]) -> Figure:
    """The mean over the means of situations, with its interval."""
    grouped: dict[str, list[float]] = {}
    for number, value in values.items():
        grouped.setdefault(trial.held[number].wants[SITUATION], []).append(value)
    low, high = clustered_interval(grouped, world.options.resamples, world.options.seed)
    return Figure(metrics.mean_over_users(grouped), low, high)


def _lead(retrieval: Table) -> Text:
    """The most important sentence: what this shows and what it does not, and who is ahead."""
    mean = {row.name: row.figures["R@10"].value for row in retrieval.rows}
    rivals = [name for name in ("BM25", "SRS") if name in mean]
    best = max(rivals, key=lambda name: mean[name])
    ours, theirs = f"{mean[baselines.OURS]:.3f}", f"{mean[best]:.3f}"
    return Text(
        "Simulated: messages, situations and what fits are ours, so this shows which questions each method "
        f"understands, and nothing about real people's conversations. R@10 of PerSRV {ours}, of {best}, the better of "
        f"{' and '.join(rivals)}, {theirs}.",
        "模拟的：话、情境和哪些表情合适都由我们定，只说明各种方法听得懂哪些提问，不说明真人的对话。"
        f"PerSRV 的 R@10 是 {ours}，{'、'.join(rivals)}中较好的 {best} 是 {theirs}。",
    )


NOTES: tuple[Text, ...] = (
    Text(
        "No phrase, template or small talk here was typed by anybody of this world or stands on a sticker, and no "
        "candidate was clicked in training. Test clicks play no part.",
        "这里的话、说法和闲聊，这个世界里没有人搜过，表情上也没有；候选表情训练时没有人点过。没有用到测试点击。",
    ),
    Text(
        "Searches are given the last message, without the frame of an instruction. A sticker of a similar situation "
        "counts as wrong.",
        "检索拿到的是最后一句话，去掉了指令的框架。相近情境的表情算错。",
    ),
)


def _parameters(world: World, trial: Trial, found: Mapping[str, Judged]) -> dict[str, object]:
    return {
        "seed": world.options.seed,
        "resamples": world.options.resamples,
        "candidates a situation": CANDIDATES,
        "learnt questions": len(trial.learnt),
        "examples": [_example(trial, number, found) for kind in KINDS_ASKED for number in _examples(trial, kind)],
    }


KINDS_ASKED = (*WANTED, *UNWANTED)


def _examples(trial: Trial, kind: str) -> list[int]:
    """Questions of a kind at even distances."""
    return evenly([number for number, asked in enumerate(trial.held) if asked.kind == kind], EXAMPLES)


def _example(trial: Trial, number: int, found: Mapping[str, Judged]) -> dict[str, object]:
    """A question, and what each method offers for it; what it holds back stands below "withheld"."""
    asked = trial.held[number]
    return {
        "kind": asked.kind,
        "turns": [f"{turn.writer}: {turn.text}" for turn in asked.turns],
        "wants": dict(asked.wants),
        "offered": {name: list(each.first[number]) for name, each in found.items() if each.offers[number]},
        "withheld": {name: list(each.first[number]) for name, each in found.items() if not each.offers[number]},
    }


SECTION = Section(
    "replying",
    "instructions and conversations: what each method offers, and whether it should",
    compute,
    external=True,
)
