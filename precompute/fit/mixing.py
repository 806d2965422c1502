"""The choice of settings for words and meaning together, on validation clicks.

Two figures count: M-MRR@10 on stickers new to the question, and the precision of situations, P@5, of phrases that the
catalogue has never heard (`masking`). What people mean comes first: the best precision is found, and of all settings
that come near it (TOLERANCE) those are taken under which clicks rank best, so utility and taste get as much room as
meaning leaves them. A catalogue without situations is judged by clicks alone. Utility and taste bring other things
before what fits: of settings that hardly differ in the end (TOLERANCE) the most restrained are taken. Support by the
first answers (`ranking.feedback`) is weighed last, under settings that stand. Settings that a
catalogue has already stay where no better ones are found.

The threshold is no part of a ranking. A search that refuses what it could answer costs a person the answer; one that
claims what it has not costs a glance. So the threshold is the highest that still claims CLAIMED of the masked phrases
that any threshold claims, and what share of nonsense it refuses is reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from persrv.ranking.styles import StyleSpace
from persrv.records import FloatArray, Interaction, SearchSettings, Sticker
from persrv.retriever import CLAIMANTS
from persrv.settings import settings_to_json
from persrv.text.nonsense import nonsense_strings
from precompute import metrics
from precompute.fit import masking, tune
from precompute.fit.features import SETTINGS, Fitted, fit, index_of
from precompute.fit.objective import ClickObjective, Features, Ranker
from precompute.fit.split import Split
from precompute.fit.understanding import Understanding, lexicon
from precompute.runtime.cache import write_json

if TYPE_CHECKING:
    from precompute.config import Profile, TuneConfig
    from precompute.runtime.progress import Report

#: The label of a sticker that says what it is for.
SITUATION = "situation"

#: Places that precision looks at.
PLACES = 5

#: Nonsense that a threshold must refuse: so many strings of each kind, letters and Chinese characters.
_STRINGS = 150

#: Coordinate ascents at most: each takes longer than one of words alone.
MOST_SEARCHES = 3

#: Shares of the objective that are within the noise of a few hundred questions.
TOLERANCE = 0.02

#: The share that must be claimed of the masked phrases that the lowest threshold claims.
CLAIMED = 0.97

#: Candidates for the threshold, and what is taken where nothing can be measured.
THRESHOLDS = tuple(number / 100 for number in range(30, 91))
USUAL_THRESHOLD = 0.45


@dataclass(frozen=True, slots=True)
class Mixed:
    """The chosen settings, how they were found, and the figures under them. precision: NaN without situations; refused:
    the share of nonsense that the threshold refuses, NaN where there is nothing to choose it by.
    """

    settings: SearchSettings
    choice: tune.Choice
    m_mrr: float
    precision: float
    refused: float

    def to_json(self) -> dict[str, Any]:
        """Describe the choice for a bundle's provenance."""
        measured = {"m_mrr": self.m_mrr, "precision": self.precision, "nonsense_refused": self.refused}
        figures = {name: value for name, value in measured.items() if not np.isnan(value)}
        return {
            "objective": f"M-MRR@k where masked situation precision P@{PLACES} is near its best, validation clicks",
            "before": self.choice.before,
            "after": self.choice.after,
            **figures,
            "trace": [asdict(step) for step in self.choice.trace],
        }


class Precision:
    """P@5 of situations for phrases the catalogue has never heard: the share of the first five stickers whose situation
    is one of those clicked for the same phrase by anybody. Half of it is asked by the people of the questions, half by
    nobody; a place that stays empty counts as wrong.
    """

    def __init__(
        self,
        rankers: Mapping[str, Ranker],
        situations: Sequence[str],
        asked: Iterable[Interaction],
        clicks: Iterable[Interaction],
    ) -> None:
        """rankers: query -> the ranker of a catalogue that has not heard it; situations (N,), "" for none; asked: the
        held-back clicks, whose people and queries are asked; clicks: those that say what a query means.
        """
        self._rankers = rankers
        labels = sorted(set(situations))
        number = {label: place for place, label in enumerate(labels)}
        self._situation = np.array([number[label] for label in situations], np.intp)
        ids = next(iter(rankers.values())).features.ids if rankers else ()
        row_of = {name: row for row, name in enumerate(ids)}
        self._wanted: dict[str, NDArray[np.intp]] = {}
        meant: dict[str, set[str]] = {}
        for click in clicks:
            if label := situations[row_of[click.sticker]]:
                meant.setdefault(click.query, set()).add(label)
        self._wanted = {query: np.array(sorted(number[each] for each in found)) for query, found in meant.items()}
        pairs = sorted({(click.user, click.query) for click in asked if click.query in self._wanted})
        self._asked: dict[str, list[str]] = {}
        for user, query in pairs:
            self._asked.setdefault(user, []).append(query)
        self._queries = sorted({query for _, query in pairs})

    def __call__(self, settings: SearchSettings) -> float:
        """Mean of `personal` and `impersonal`, in [0, 1]; NaN without any question."""
        return (self.personal(settings) + self.impersonal(settings)) / 2

    def personal(self, settings: SearchSettings) -> float:
        """P@5 for the people who ask: mean over a person's questions, then over people."""
        return metrics.mean_over_users(
            {user: [self._of(query, user, settings) for query in asked] for user, asked in self._asked.items()}
        )

    def impersonal(self, settings: SearchSettings) -> float:
        """P@5 for nobody: mean over distinct queries."""
        values = [self._of(query, None, settings) for query in self._queries]
        return float(np.mean(values)) if values else float("nan")

    def _of(self, query: str, user: str | None, settings: SearchSettings) -> float:
        first = self._rankers[query].rank(query, user, settings)[:PLACES]
        return float(np.isin(self._situation[first], self._wanted[query]).sum()) / PLACES


def write_settings(
    parts: Split,
    stickers: Sequence[Sticker],
    embeddings: NDArray[Any],
    mean: FloatArray,
    profile: Profile,
    understanding: Understanding,
    words: SearchSettings,
    folder: Path,
    report: Report,
) -> dict[str, Any]:
    """Choose the settings of a search by words and meaning (`choose`), write them into the stage's folder, and report
    how they were chosen.
    """
    mixed = choose(parts, stickers, embeddings, mean, profile, understanding, words, report)
    write_json(folder / SETTINGS, settings_to_json(mixed.settings))
    return mixed.to_json()


def choose(
    parts: Split,
    stickers: Sequence[Sticker],
    embeddings: NDArray[Any],
    mean: FloatArray,
    profile: Profile,
    understanding: Understanding,
    words: SearchSettings,
    report: Report,
    standing: SearchSettings | None = None,
) -> Mixed:
    """The settings of a search by words and meaning. words: those chosen for words alone, whose utility stays;
    standing: settings that stay where they are as precise and clicks rank no worse under them, None for none.

    stickers: the catalogue; their queries are replaced by those of fitting clicks. Test clicks are never looked at.
    """
    config = profile.tune
    ids = tuple(sticker.id for sticker in stickers)
    fitted = fit(parts.fitting, ids, embeddings, mean, profile)
    vectors = StyleSpace(mean).project(np.asarray(embeddings, np.float32))
    told = tuple(replace(sticker, queries=fitted.queries.get(sticker.id, ())) for sticker in stickers)
    whole = features_of(told, fitted, vectors, understanding)
    validation, clicks = parts.validation.rows, parts.training.rows
    rankers = masked_rankers(told, whole, {click.query for click in validation}, understanding)
    judge = ClickObjective(whole, validation, config.cutoff, parts.fitting.rows)
    situations = [sticker.labels.get(SITUATION, "") for sticker in stickers]
    precision = Precision(rankers, situations, validation, clicks) if any(situations) else None
    grid = tune.mixed_grids(config, tuple(whole.index))
    searches = min(config.searches, MOST_SEARCHES)
    total = (searches + 1) * (1 + config.rounds * sum(map(len, grid.values()))) + len(config.feedback)
    start, enough, done = tune.mixed_start(words, grid), 0.0, 0

    def precise(settings: SearchSettings) -> float:
        nonlocal done
        done += 1
        report(min(done, total), total)
        return 0.0 if precision is None else precision(settings)

    if precision is not None:
        best = tune.search(start, grid, precise, config.rounds, config.seed)
        start, enough = best.settings, (1 - TOLERANCE) * best.after
    objective = among_precise(judge, precise, enough)
    choice = tune.search(start, grid, objective, config.rounds, config.seed, searches)
    settings = restrained(choice, grid, objective)
    settings = with_feedback(settings, config.feedback, judge, precise)
    settings = better(settings, standing, objective)
    settings, refused = with_threshold(settings, Ranker(whole), rankers, config.seed)
    found = float("nan") if precision is None else precision(settings)
    return Mixed(settings, choice, judge(settings), found, refused)


def among_precise(judge: tune.Objective, precise: tune.Objective, enough: float) -> tune.Objective:
    """The judgement of clicks among settings of enough precision; 0, the worst there is, for all others."""
    return lambda settings: judge(settings) if precise(settings) >= enough else 0.0


def restrained(choice: tune.Choice, grid: Mapping[str, Sequence[Any]], objective: tune.Objective) -> SearchSettings:
    """The chosen settings with the smallest weight of utility, then the highest floor, under which the objective stays
    within TOLERANCE of the best.
    """
    settings = choice.settings
    smaller = sorted(each for each in grid["lambda_"] if each < settings.lambda_)
    higher = sorted((each for each in grid["floor"] if each > settings.floor), reverse=True)
    for name, values in (("lambda_", smaller), ("floor", higher)):
        for tried in [tune.with_value(settings, name, value) for value in values]:
            if objective(tried) >= (1 - TOLERANCE) * choice.after:
                settings = tried
                break
    return settings


def better(settings: SearchSettings, standing: SearchSettings | None, objective: tune.Objective) -> SearchSettings:
    """The standing settings unless the found ones do better: an ascent may end in a local maximum below them."""
    return settings if standing is None or objective(standing) < objective(settings) else standing


def with_feedback(
    settings: SearchSettings, weights: Sequence[float], judge: tune.Objective, precise: tune.Objective
) -> SearchSettings:
    """The settings with the weight of feedback under which clicks rank best, of those whose precision is within
    TOLERANCE of the best; of equals the smallest. Everything else stands.

    Feedback is chosen last: together with the rest it makes room for a weight of utility under which questions that no
    phrase of the catalogue resembles (descriptions of a picture) are answered by what is popular.
    """
    tried = [tune.with_value(settings, "feedback", weight) for weight in sorted(weights)]
    found = [precise(each) for each in tried]
    precise_ones = [each for each, value in zip(tried, found, strict=True) if value >= (1 - TOLERANCE) * max(found)]
    return max(precise_ones, key=judge)


def unchosen(config: TuneConfig, words: SearchSettings) -> SearchSettings:
    """The settings of a search by words and meaning where there are too few clicks to choose by."""
    return replace(tune.mixed_start(words, tune.mixed_grids(config, ())), threshold=USUAL_THRESHOLD)


def features_of(
    stickers: Sequence[Sticker], fitted: Fitted, vectors: FloatArray, understanding: Understanding
) -> Features:
    """Compute the features that rank these stickers and interpret queries over them."""
    ids = tuple(sticker.id for sticker in stickers)
    return Features(
        ids=ids,
        index=index_of(stickers),
        counts=fitted.counts,
        vectors=vectors,
        styles={style.user: style for style in fitted.styles},
        tie=np.argsort(np.argsort(np.array(ids))),
        meaning=understanding.of(stickers),
        lexicon=lexicon(stickers),
        encoder=understanding.encoder,
    )


def masked_rankers(
    stickers: Sequence[Sticker], features: Features, queries: Iterable[str], understanding: Understanding
) -> dict[str, Ranker]:
    """Query -> the ranker of the same catalogue where the query, and others of its fold, were never heard. Queries are
    read by the same lexicon: what is typed is the phrase itself, not its pinyin.
    """
    found: dict[str, Ranker] = {}
    for phrases in masking.folds(queries):
        told = masking.masked(stickers, phrases)
        deaf = replace(features, index=index_of(told), meaning=understanding.of(told))
        found |= dict.fromkeys(phrases, Ranker(deaf))
    return found


def with_threshold(
    settings: SearchSettings, ranker: Ranker, rankers: Mapping[str, Ranker], seed: int
) -> tuple[SearchSettings, float]:
    """The settings with their threshold, and the share of nonsense that it refuses. rankers: as of `masked_rankers`."""
    if not rankers:
        return replace(settings, threshold=USUAL_THRESHOLD), float("nan")
    meant = np.array([each.strength(query, settings, CLAIMANTS) for query, each in sorted(rankers.items())])
    nonsense = np.array([ranker.strength(query, settings, CLAIMANTS) for query in nonsense_strings(_STRINGS, seed)])
    claiming = [each for each in THRESHOLDS if (meant >= each).sum() >= CLAIMED * (meant >= THRESHOLDS[0]).sum()]
    threshold = max(claiming, default=THRESHOLDS[0])
    return replace(settings, threshold=threshold), float((nonsense < threshold).mean())
