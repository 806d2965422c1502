"""Taste in context, fitted on training sends and chosen on validation sends: who sent what where and when.

A question is one sent sticker: which of the stickers that say the same would this person send here? Those are its
candidates, so that words decide nothing and taste all. What is fitted is frozen where training ends; nothing looks at
a later send.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from persrv.ranking.context import ContextSettings, History, history_of, in_context
from persrv.ranking.styles import fit_user_style, precision_matrix, preference
from persrv.records import FloatArray, Interaction, UserStyle
from precompute.fit.split import TestInteractions, TrainInteractions, ValidationInteractions, training_rows

Scores = NDArray[np.float32]

#: Person, domain -> (N,) scores of all stickers.
Taste = Callable[[str, str], Scores]

#: Shares of all sends for testing, and of the rest for validation: the latest, and those before them.
TEST, VALIDATION = 0.2, 0.15

#: The grids. Weights of the global, the domain and the recent share; the first is the style without a context.
WEIGHTS: tuple[tuple[float, float, float], ...] = (
    (1.0, 0.0, 0.0),
    (0.75, 0.25, 0.0),
    (0.5, 0.5, 0.0),
    (0.25, 0.75, 0.0),
    (0.0, 1.0, 0.0),
    (0.75, 0.0, 0.25),
    (0.5, 0.0, 0.5),
    (0.25, 0.0, 0.75),
    (0.0, 0.0, 1.0),
    (0.5, 0.25, 0.25),
    (0.25, 0.5, 0.25),
    (0.25, 0.25, 0.5),
    (0.0, 0.75, 0.25),
    (0.0, 0.5, 0.5),
    (0.0, 0.25, 0.75),
)
STRENGTHS: tuple[float, ...] = (2.0, 8.0, 32.0)
HALF_LIVES: tuple[float, ...] = (7.0, 15.0, 30.0)
CLUSTERS: tuple[int, ...] = (3, 5, 8)

#: Smaller differences are rounding.
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class SendCatalogue:
    """The catalogue in which sends are looked up. ids: of N stickers; vectors: (N, d) unit rows of the style space;
    precision: (d, d) of these; tie: (N,) place in the order of ids; alike: (N,) a number for each sticker, equal for
    stickers that say the same.
    """

    ids: tuple[str, ...]
    vectors: FloatArray
    precision: FloatArray
    tie: NDArray[np.intp]
    alike: NDArray[np.intp]
    row_of: Mapping[str, int]

    @classmethod
    def of(cls, ids: Sequence[str], vectors: FloatArray, says: Sequence[str]) -> SendCatalogue:
        """says: what each of the N stickers says."""
        number = {said: place for place, said in enumerate(sorted(set(says)))}
        tie = np.argsort(np.argsort(np.array(ids)))
        alike = np.array([number[said] for said in says], np.intp)
        return cls(
            tuple(ids), vectors, precision_matrix(vectors), tie, alike, {name: row for row, name in enumerate(ids)}
        )

    def rows(self, ids: Sequence[str]) -> NDArray[np.intp]:
        """The rows of some stickers."""
        return np.array([self.row_of[each] for each in ids], np.intp)


@dataclass(frozen=True, slots=True, eq=False)
class Questions:
    """Q sent stickers. sent: as they came; rows: (Q, C) the sent sticker, then the others that say the same, -1 where
    there are no more.
    """

    sent: tuple[Interaction, ...]
    rows: NDArray[np.intp]

    @classmethod
    def of(cls, part: ValidationInteractions | TestInteractions, ground: SendCatalogue) -> Questions:
        """The questions of the sends of one part."""
        groups = [np.flatnonzero(ground.alike == number) for number in range(int(ground.alike.max()) + 1)]
        rows = np.full((len(part), max(map(len, groups))), -1, np.intp)
        for place, row in enumerate(ground.rows([each.sticker for each in part])):
            same = groups[ground.alike[row]]
            rows[place, : len(same)] = np.concatenate([[row], same[same != row]])
        return cls(part.rows, rows)


def domain_of(sent: Interaction) -> str:
    """The domain of a send; "" where it is unknown."""
    return sent.context.domain if sent.context else ""


def reciprocal_ranks(questions: Questions, taste: Taste, tie: NDArray[np.intp]) -> NDArray[np.float64]:
    """Reciprocal rank (Q,), 1 / place of the sent sticker among its candidates, best score first, ties by id."""
    scores: dict[tuple[str, str], Scores] = {}
    found = np.zeros(questions.rows.shape, np.float32)
    for place, sent in enumerate(questions.sent):
        key = sent.user, domain_of(sent)
        if key not in scores:
            scores[key] = taste(*key)
        found[place] = scores[key][questions.rows[place]]
    rows, others = questions.rows, questions.rows[:, 1:] >= 0
    ahead = (found[:, 1:] > found[:, :1]) | ((found[:, 1:] == found[:, :1]) & (tie[rows[:, 1:]] < tie[rows[:, :1]]))
    return np.asarray(1.0 / (1 + (ahead & others).sum(axis=1)))


# ---- fitting --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Styles:
    """The style and history of every person, and the stickers (N, d) to rank."""

    styles: Mapping[str, UserStyle]
    histories: Mapping[str, History]
    vectors: FloatArray

    def taste(self, settings: ContextSettings | None) -> Taste:
        """The preference (persrv.ranking.styles) of a person in a domain; settings: None for the style without a
        context. 0 everywhere for a person without a history.
        """

        def scores(user: str, domain: str) -> Scores:
            style = self.styles.get(user)
            if style is None:
                return np.zeros(len(self.vectors), np.float32)
            weighed = style if settings is None else in_context(style, self.histories[user], domain, settings)
            return preference(weighed, self.vectors)[0]

        return scores


def fit_styles(train: TrainInteractions, ground: SendCatalogue, clusters: int, seed: int) -> Styles:
    """Fit every person's clusters on the distinct stickers that they sent in training."""
    of: dict[str, list[Interaction]] = {}
    for sent in training_rows(train):
        of.setdefault(sent.user, []).append(sent)
    histories = {user: history_of(sent, lambda ids: ground.vectors[ground.rows(ids)]) for user, sent in of.items()}
    styles = {
        user: fit_user_style(user, each.ids, each.vectors, clusters, seed, ground.precision)
        for user, each in histories.items()
    }
    return Styles(styles, histories, ground.vectors)


# ---- choosing -------------------------------------------------------------------------------------------------------

#: A part of the grid: which weights are tried.
Kind = Callable[[tuple[float, float, float]], bool]


def without_context(weights: tuple[float, float, float]) -> bool:
    """Return whether weights leave the style as it is without a context."""
    return weights[0] == 1.0


def any_weights(_: tuple[float, float, float]) -> bool:
    """Return True for any weights."""
    return True


def without_time(weights: tuple[float, float, float]) -> bool:
    """Return whether weights leave the recent share out."""
    return weights[2] == 0.0


def without_domains(weights: tuple[float, float, float]) -> bool:
    """Return whether weights leave the domain's share out."""
    return weights[1] == 0.0


def choose(
    fitting: TrainInteractions,
    validation: ValidationInteractions,
    ground: SendCatalogue,
    kinds: Sequence[Kind],
    seed: int,
) -> list[ContextSettings]:
    """Choose for each kind of weights the settings of highest mean reciprocal rank on validation, over people's means.

    Ties go to fewer clusters, then to the first of the grid. The best style without a context is kept unless the best
    of a kind is clearly better (`is_clear`): of hundreds of settings one always looks a little better by chance.
    """
    asked = Questions.of(validation, ground)
    users = np.array([sent.user for sent in asked.sent])
    own = [users == user for user in np.unique(users)]
    tried: list[tuple[ContextSettings, NDArray[np.float64]]] = []  # settings, (U,) mean of every person
    for clusters in CLUSTERS:
        fitted = fit_styles(fitting, ground, clusters, seed)
        for settings in grid(clusters):
            values = reciprocal_ranks(asked, fitted.taste(settings), ground.tie)
            tried.append((settings, np.array([values[each].mean() for each in own])))

    def best(kind: Kind) -> tuple[ContextSettings, NDArray[np.float64]]:
        allowed = [each for each in tried if kind(each[0].weights)]
        highest = max(values.mean() for _, values in allowed)
        return next(each for each in allowed if each[1].mean() >= highest - _EPSILON)

    plain = best(without_context)
    return [found[0] if is_clear(found[1] - plain[1]) else plain[0] for found in map(best, kinds)]


def is_clear(gains: NDArray[np.float64]) -> bool:
    """Return whether the mean of gains (U,), one a person, is above 0 by more than two standard errors; never for one
    person. After the one-standard-error rule of Breiman et al. (1984), made stricter.
    """
    if len(gains) < 2:
        return False
    return bool(gains.mean() > 2 * gains.std(ddof=1) / np.sqrt(len(gains)))


def grid(clusters: int) -> list[ContextSettings]:
    """List all settings of a number of clusters; strength and half-life only where their share counts."""
    found: dict[ContextSettings, None] = {}
    plain = ContextSettings(WEIGHTS[0], STRENGTHS[1], HALF_LIVES[1], clusters)
    for weights, strength, half_life in product(WEIGHTS, STRENGTHS, HALF_LIVES):
        found[
            replace(
                plain,
                weights=weights,
                strength=strength if weights[1] else plain.strength,
                half_life=half_life if weights[2] else plain.half_life,
            )
        ] = None
    return list(found)
