"""The section on people in time and in places: a mixture of global, domain and recent taste against what knows neither.

It is judged in two simulated worlds of one seed (precompute.demo.sends), both split by time: one whose people have
another taste in each domain and drift, and a null world whose people do not, where a gain would be an artefact.
Clusters, weights, strength and half-life are chosen on validation sends, in each world anew; the reference, a style
without a context, chooses its number of clusters from the same grid, so that a mixture gains by its context alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from persrv.ranking.context import ContextSettings
from persrv.records import FloatArray, Interaction, Sticker, Text
from precompute.demo.sends import DOMAINS, NULL, REAL, SendModel, has_labels, simulate_sends
from precompute.evaluation.contexts import baselines
from precompute.evaluation.experiments.intervals import Numbers, People
from precompute.evaluation.experiments.sentences import gain
from precompute.evaluation.report import Figure, Findings, Row, Table
from precompute.evaluation.section import Section
from precompute.evaluation.world import SIMULATED, Options, World
from precompute.fit import contexts
from precompute.fit.contexts import Questions, SendCatalogue, Styles, Taste, domain_of
from precompute.fit.split import Split, TrainInteractions, by_time
from precompute.runtime.progress import Report

#: Columns: mean reciprocal rank and gain over the style without a context, in the world and in the null world.
MRR, GAIN, NULL_MRR, NULL_GAIN = "MRR", "gain", "MRR, null world", "gain, null world"
COLUMNS = (MRR, GAIN, NULL_MRR, NULL_GAIN)

STATIC, MIXTURE, PLACES, TIMES = "static style", "mixture", "domain without time", "time without domain"
IMPOSED = "mixture as chosen where tastes differ"
RECENCY, MOST_USED, LAST_PACK, EVERYBODY = "most recent", "most used", "last pack", "everybody's"
STYLELESS = (RECENCY, MOST_USED, LAST_PACK, EVERYBODY)
ELSEWHERE, MIXED_ELSEWHERE = "static style, other domains", "mixture, other domains"

LABELS: Mapping[str, Text] = {
    MRR: Text.same(MRR),
    GAIN: Text(GAIN, "增益"),
    NULL_MRR: Text(NULL_MRR, "MRR，对照世界"),
    NULL_GAIN: Text(NULL_GAIN, "增益，对照世界"),
    STATIC: Text("static style (PerSRV)", "不变的口味（PerSRV）"),
    MIXTURE: Text("mixture of global, domain and recent", "混合：总体、场合、近来"),
    IMPOSED: Text(IMPOSED, "混合，用口味有差别时选中的设置"),
    PLACES: Text("of it, without time", "其中不看时间"),
    TIMES: Text("of it, without domain", "其中不看场合"),
    RECENCY: Text(RECENCY, "最近发过的"),
    MOST_USED: Text(MOST_USED, "最常发的"),
    LAST_PACK: Text(LAST_PACK, "上次那一套"),
    EVERYBODY: Text("what everybody sends", "大家都发的"),
    ELSEWHERE: Text(ELSEWHERE, "不变的口味，只学别的场合"),
    MIXED_ELSEWHERE: Text(MIXED_ELSEWHERE, "混合，只学别的场合"),
}

ALL, UNSENT = Text("all sends", "全部"), Text("stickers this person never sent", "本人从没发过的表情")
NAMES: Mapping[str, Text] = {
    "work": Text("work", "工作"),
    "family": Text("family", "家人"),
    "friends": Text("friends", "朋友"),
    "zh": Text("in Chinese", "用中文"),
    "en": Text("in English", "用英文"),
}

TITLE = Text("People in time and in places", "不同时间、不同场合的人")
NOTHING = Text(
    "These people are simulated on a drawn catalogue, whose labels this bundle does not have.",
    "这些人是在画出来的表情库上模拟的；这个库没有所需的标签。",
)


def compute(world: World, report: Report) -> Findings:
    """Three tables, each of the world beside the null world: all methods, domains and languages, and cold start."""
    if not has_labels(world.stickers):
        return Findings(TITLE, world.data, notes=(NOTHING,))
    report(0, 2)
    real = judge(world.stickers, world.vectors, REAL, world.options)
    report(1, 2)
    null = judge(world.stickers, world.vectors, NULL, world.options, real.chosen[MIXTURE])
    report(2, 2)
    return findings(real, null)


# ---- one world ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A world, judged on its test sends. values: method -> (Q,) reciprocal ranks; chosen: method -> its settings;
    unsent: (Q,) whether the person had never sent this sticker before.
    """

    people: People
    sent: tuple[Interaction, ...]
    values: Mapping[str, Numbers]
    chosen: Mapping[str, ContextSettings]
    unsent: NDArray[np.bool_]
    sends: Mapping[str, int]

    def figure(self, name: str, some: NDArray[np.bool_]) -> Figure:
        """The mean reciprocal rank of a method on some test sends, over people."""
        return self.people.figure(np.where(some, self.values[name], np.nan))

    def gain(self, name: str, over: str, some: NDArray[np.bool_]) -> Figure:
        """Gain of a method over another on some test sends, over people."""
        return self.people.figure(np.where(some, self.values[name] - self.values[over], np.nan))


def judge(
    stickers: Sequence[Sticker],
    vectors: FloatArray,
    model: SendModel,
    options: Options,
    imposed: ContextSettings | None = None,
) -> Judged:
    """Simulate a world, choose settings on its validation sends, and rank its test sends by every method.

    vectors: (N, d) the stickers in the style space; imposed: settings of a mixture that is ranked, too, although they
    were chosen elsewhere; None for those chosen here.
    """
    seed = options.seed
    split = by_time(simulate_sends(stickers, seed, model), contexts.TEST, contexts.VALIDATION)
    ids, says = [each.id for each in stickers], [each.labels["situation"] for each in stickers]
    ground = SendCatalogue.of(ids, vectors, says)
    kinds = (contexts.without_context, contexts.any_weights, contexts.without_time, contexts.without_domains)
    settings = contexts.choose(split.fitting, split.validation, ground, kinds, seed)
    chosen = dict(zip((STATIC, MIXTURE, PLACES, TIMES), settings, strict=True))
    chosen[IMPOSED] = imposed or chosen[MIXTURE]
    train = split.training
    sizes = sorted({each.clusters for each in chosen.values()})
    fitted = {k: contexts.fit_styles(train, ground, k, seed) for k in sizes}
    left = {
        (domain, k): contexts.fit_styles(_without(domain, train), ground, k, seed)
        for domain in DOMAINS
        for k in {chosen[STATIC].clusters, chosen[MIXTURE].clusters}
    }
    tastes: dict[str, Taste] = {name: fitted[each.clusters].taste(each) for name, each in chosen.items()}
    tastes |= {
        RECENCY: baselines.recency(train, ground),
        MOST_USED: baselines.most_used(train, ground),
        LAST_PACK: baselines.last_pack(train, ground, [each.series for each in stickers]),
        EVERYBODY: baselines.popular(train, ground),
        ELSEWHERE: _elsewhere(left, chosen[STATIC]),
        MIXED_ELSEWHERE: _elsewhere(left, chosen[MIXTURE]),
    }
    questions = Questions.of(split.test, ground)
    values = {name: contexts.reciprocal_ranks(questions, taste, ground.tie) for name, taste in tastes.items()}
    before = {(each.user, each.sticker) for each in train}
    unsent = np.array([(each.user, each.sticker) not in before for each in questions.sent])
    people = People([each.user for each in questions.sent], options.resamples, seed)
    return Judged(people, questions.sent, values, chosen, unsent, _sizes(split))


def _without(domain: str, train: TrainInteractions) -> TrainInteractions:
    """The training sends of all other domains."""
    return train.only(lambda each: domain_of(each) != domain)


def _elsewhere(left: Mapping[tuple[str, int], Styles], settings: ContextSettings) -> Taste:
    """A taste that learnt nothing in the domain that it is asked about. left: (domain left out, clusters) -> styles."""
    tastes = {domain: left[domain, settings.clusters].taste(settings) for domain in DOMAINS}
    return lambda user, domain: tastes[domain](user, domain)


def _sizes(split: Split) -> dict[str, int]:
    return {"fitting": len(split.fitting), "validation": len(split.validation), "test": len(split.test)}


# ---- two worlds side by side ----------------------------------------------------------------------------------------


def findings(real: Judged, null: Judged) -> Findings:
    """Findings on the two worlds."""
    return Findings(
        title=TITLE,
        data=SIMULATED,
        tables=(_methods(real, null), _places(real, null), _cold_start(real, null)),
        notes=(*sentences(real, null), PROTOCOL, INTERVALS),
        parameters={
            "chosen": {name: asdict(each) for name, each in real.chosen.items()},
            "chosen in the null world": {name: asdict(each) for name, each in null.chosen.items()},
            "sends": dict(real.sends),
            "world": asdict(REAL),
            "null world": asdict(NULL),
        },
    )


PROTOCOL = Text(
    "A question is one sent sticker of the last fifth of the time: at which place among all stickers that say the same "
    "does a method have it (MRR: mean of 1 / place)? Everything is fitted on what was sent before, and frozen there; "
    "clusters, weights, strength and half-life are chosen on validation sends. Gains are over the static style, whose "
    "number of clusters is chosen from the same grid.",
    "每个问题是最后五分之一时间里发出的一张表情：在所有说同样意思的表情里，方法把它排第几（MRR：名次倒数的平均）？"
    "一切都只从之前发出的学，学完就不再变；簇数、权重、收缩强度和半衰期在验证部分选定。增益相对不变的口味，它的簇数选自同样的范围。",
)
INTERVALS = Text(
    "Means over people, with 95 % bootstrap intervals that draw whole people. In the null world the same people have "
    "one taste in all domains, and it does not change: what a method gains there is no taste.",
    "按人平均，95 % 区间由整个人重抽样而来。在对照世界里，同样的人在各个场合口味相同，"
    "也不随时间变：在那里的增益不是口味。",
)


def _row(
    name: str, over: str, real: Judged, null: Judged, some: Callable[[Judged], NDArray[np.bool_]], group: Text | None
) -> Row:
    figures: dict[str, Figure] = {}
    for judged, mean, more in ((real, MRR, GAIN), (null, NULL_MRR, NULL_GAIN)):
        figures[mean] = judged.figure(name, some(judged))
        if name != over:
            figures[more] = judged.gain(name, over, some(judged))
    note = None
    if name in real.chosen:
        note = Text(
            f"{settings_in_words(real.chosen[name]).en}; null world: {settings_in_words(null.chosen[name]).en}",
            f"{settings_in_words(real.chosen[name]).zh}；对照世界：{settings_in_words(null.chosen[name]).zh}",
        )
    return Row(name, figures, group=group, note=note)


def settings_in_words(settings: ContextSettings) -> Text:
    """Name the settings that validation chose, in words."""
    overall, local, recent = settings.weights
    parts: list[Text] = [Text(f"clusters {settings.clusters}", f"簇数 {settings.clusters}")]
    if overall < 1:
        weights = f"{overall:g} / {local:g} / {recent:g}"
        parts.append(Text(f"global / domain / recent {weights}", f"总体 / 场合 / 近来 {weights}"))
    if local:
        parts.append(Text(f"strength {settings.strength:g}", f"收缩强度 {settings.strength:g}"))
    if recent:
        parts.append(Text(f"half-life of {settings.half_life:g} days", f"半衰期 {settings.half_life:g} 天"))
    return Text.listed(*parts)


def _everything(judged: Judged) -> NDArray[np.bool_]:
    return np.ones(len(judged.sent), np.bool_)


def _methods(real: Judged, null: Judged) -> Table:
    order = (STATIC, MIXTURE, IMPOSED, PLACES, TIMES, *STYLELESS)
    rows = [_row(name, STATIC, real, null, _everything, ALL) for name in order]
    rows += [_row(name, STATIC, real, null, lambda judged: judged.unsent, UNSENT) for name in order]
    title = Text("Which sticker somebody sends", "这个人会发哪一张")
    return _table("people_in_time", title, rows)


def _places(real: Judged, null: Judged) -> Table:
    rows: list[Row] = []
    for value in (*DOMAINS, "zh", "en"):
        for name in (STATIC, MIXTURE):
            rows.append(_row(name, STATIC, real, null, _where(value), NAMES[value]))
    title = Text("By domain and by language", "按场合和语言")
    return _table("people_in_places", title, rows)


def _where(value: str) -> Callable[[Judged], NDArray[np.bool_]]:
    """Selector of the test sends of a domain, or in a language."""
    return lambda judged: np.array(
        [each.context is not None and value in (each.context.domain, each.context.language) for each in judged.sent]
    )


def _cold_start(real: Judged, null: Judged) -> Table:
    order = (ELSEWHERE, MIXED_ELSEWHERE, EVERYBODY, MIXTURE)
    rows = [_row(name, ELSEWHERE, real, null, _everything, None) for name in order]
    note = Text(
        "Each domain in turn is left out of training and tested. Gains are over the static style of the other domains; "
        "the last row knows the domain.",
        "每个场合轮流不参加训练，只用来测试。增益相对于从别的场合学来的不变的口味；最后一行学过这个场合。",
    )
    return _table("domain_cold_start", Text("A domain never seen", "没见过的场合"), rows, (note,))


def _table(name: str, title: Text, rows: Sequence[Row], notes: tuple[Text, ...] = ()) -> Table:
    return Table(name, title, COLUMNS, tuple(rows), notes=notes, labels=LABELS)


def sentences(real: Judged, null: Judged) -> tuple[Text, ...]:
    """Sentences on whether domain and time help, on the gain of each, and on the same gain in the null world."""
    found, imposed = (judged.gain(IMPOSED, STATIC, _everything(judged)) for judged in (real, null))
    own = null.gain(MIXTURE, STATIC, _everything(null))
    rival = max(STYLELESS, key=lambda name: real.figure(name, _everything(real)).value)
    over = real.gain(MIXTURE, rival, _everything(real))
    place, time = (real.gain(name, STATIC, _everything(real)) for name in (PLACES, TIMES))
    gained, at_null, chosen_there, over_rival, by_place, by_time = map(gain, (found, imposed, own, over, place, time))
    return (
        _verdict(found, imposed, place, time),
        Text(
            f"Where tastes differ by domain and drift, the mixture changes MRR by {gained.en} over the static style: "
            f"the domain alone by {by_place.en}, time alone by {by_time.en}.",
            f"口味因场合而异、随时间变时，混合比不变的口味 MRR 变化 {gained.zh}："
            f"只看场合 {by_place.zh}，只看时间 {by_time.zh}。",
        ),
        Text(
            f"Over “{LABELS[rival].en}”, the best of what knows no styles, it changes MRR by {over_rival.en}.",
            f"比不懂风格的方法里最好的“{LABELS[rival].zh}”变化 {over_rival.zh}。",
        ),
        Text(
            f"In the null world, where tastes do neither, the same settings change it by {at_null.en}, and those "
            f"chosen there by {chosen_there.en}. All of these people are simulated.",
            f"两者都没有的对照世界里，同样的设置变化 {at_null.zh}，在那里选中的设置变化 {chosen_there.zh}。"
            "这些人全是模拟的。",
        ),
    )


def _verdict(found: Figure, artefact: Figure, place: Figure, time: Figure) -> Text:
    """Sentence on what helps, each part by itself: a gain of the mixture says nothing about its parts."""
    if _is_gain(artefact):
        return Text("Not to be trusted: the null world gains too.", "不可信：对照世界里也有增益。")
    if not _is_gain(found):
        return Text("Knowing where and when somebody writes does not help.", "知道在哪儿、什么时候写没有帮助。")
    if _is_gain(place) and _is_gain(time):
        return Text("Knowing where and when somebody writes helps.", "知道在哪儿、什么时候写有帮助。")
    if _is_gain(place):
        return Text(
            "Knowing where somebody writes helps; knowing when is not shown to.",
            "知道在哪儿写有帮助；知道什么时候写，看不出帮助。",
        )
    if _is_gain(time):
        return Text(
            "Knowing when somebody writes helps; knowing where is not shown to.",
            "知道什么时候写有帮助；知道在哪儿写，看不出帮助。",
        )
    return Text(
        "Knowing where and when somebody writes helps, neither clearly by itself.",
        "知道在哪儿、什么时候写合起来有帮助，单看哪一样都不明显。",
    )


def _is_gain(figure: Figure) -> bool:
    return figure.low is not None and figure.low > 0


SECTION = Section("contexts", "whether taste differs by domain and time, beside a null world", compute)
