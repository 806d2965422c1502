"""The bench of an experiment: alternatives are tried on validation clicks, the chosen one is measured on test clicks.

Validation questions are ranked by features of the fitting clicks alone, test questions by features of fitting and
validation clicks. Choices are made as the pipeline makes them, by M-MRR@10 on stickers new to the question. The choice
is then measured on test clicks once, in the same way and by the paper's protocol.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from persrv.ranking.styles import preference
from persrv.records import FIELDS, FloatArray, Interaction, SearchSettings, Text
from precompute.evaluation.experiments.batch_ranking import Panel, Shortlist, m_mrr
from precompute.evaluation.experiments.intervals import Numbers
from precompute.evaluation.report import Figure, Row
from precompute.evaluation.world import World
from precompute.fit.objective import Features
from precompute.fit.questions import questions
from precompute.fit.split import TrainInteractions

#: k of the objective.
CUTOFF = 10

#: alphas that every taste is tried with, so that the scale of preferences does not matter; 0 switches taste off.
ALPHAS: tuple[float, ...] = (0.0, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)

METRIC = f"M-MRR@{CUTOFF}"
#: Columns of the tables of choices.
NEW, GAIN, PAPER, PAPER_GAIN = METRIC, "gain", f"{METRIC} (paper's protocol)", "gain (paper's protocol)"
COLUMNS: tuple[str, ...] = (NEW, GAIN, PAPER, PAPER_GAIN)

#: Chinese names of the columns.
LABELS: Mapping[str, Text] = {
    GAIN: Text(GAIN, "增益"),
    PAPER: Text(PAPER, f"{METRIC}（论文的规则）"),
    PAPER_GAIN: Text(PAPER_GAIN, "增益（论文的规则）"),
}

PROTOCOL = Text(
    f"Every choice is made on validation clicks, by {METRIC} on stickers new to the question, with features that are "
    "fitted without validation clicks. What was chosen is measured on test clicks once, in the same way and by the "
    "paper's protocol.",
    f"所有选择都在验证点击上做：看对这次提问是新的表情上的 {METRIC}，所用特征不含验证点击；"
    "选定之后在测试点击上只测一次，用同样的口径和论文的规则各测一遍。",
)
INTERVALS = Text("Intervals are 95 %, by drawing whole people with replacement.", "95% 区间：按整个人有放回地重抽。")

#: Person -> (k, d) centroids, unit rows of the space in which they are compared.
Centroids = Mapping[str, FloatArray]


@dataclass(frozen=True, eq=False)
class Stage:
    """Held-out questions in a panel, with the features that rank them and the clicks that these were fitted on."""

    train: TrainInteractions
    features: Features
    panel: Panel

    @cached_property
    def preferences(self) -> FloatArray:
        """Preference (U, N) of every person for every sticker, as in a search; 0 for people without a style."""
        liked = np.zeros((len(self.panel.users), len(self.features.vectors)), np.float32)
        for place, user in enumerate(self.panel.users):
            if user in self.features.styles:
                liked[place] = preference(self.features.styles[user], self.features.vectors)[0]
        return liked

    def tastes(self, centroids: Centroids) -> FloatArray:
        """Taste (U, N), max(0, cosine to the nearest centroid), of every person and sticker; 0 without centroids."""
        return tastes(centroids, self.panel.users, self.features.vectors)

    def values(self, short: Shortlist, liked: FloatArray | None, alphas: Sequence[float]) -> Numbers:
        """M-MRR@10 (A, Q) of every question for each of A alphas. liked: (U, N) tastes, None for none."""
        return m_mrr(short.hits(None if liked is None else short.preferences(liked), alphas, CUTOFF))


#: One way of ranking: a stage -> (Q,) the value of each of its questions.
Ranked = Callable[[Stage], Numbers]


@dataclass(frozen=True, eq=False)
class Bench:
    """A world's questions in three stages: validation, test on stickers new to the question, the paper's protocol."""

    world: World
    validation: Stage
    test: Stage
    paper: Stage

    @classmethod
    def of(cls, world: World) -> Bench:
        """The bench of a world: test stages have the bundle's own features, validation those of the fitting clicks."""
        split, options, bundle = world.split, world.options, world.bundle
        index = {name: bundle.index[name] for name in FIELDS}
        whole = Features(
            ids=bundle.ids,
            index=index,
            counts=np.asarray(bundle.utility_counts),
            vectors=world.vectors,
            styles=bundle.styles,
            tie=np.argsort(np.argsort(np.array(bundle.ids))),
        )
        part = world.features(split.fitting, {})  # queries are the only text that clicks change
        part = replace(part, index={**index, "queries": part.index["queries"]})

        def stage(
            train: TrainInteractions,
            features: Features,
            rows: Iterable[Interaction],
            known: Mapping[tuple[str, str], frozenset[str]],
        ) -> Stage:
            return Stage(train, features, Panel(features, questions(rows), known, options.resamples, options.seed))

        before = {(each.user, each.query): each.clicked for each in questions(split.fitting)}
        return cls(
            world,
            validation=stage(split.fitting, part, split.validation, before),
            test=stage(split.training, whole, split.test, world.known),
            paper=stage(split.training, whole, split.test, {}),
        )

    @property
    def settings(self) -> SearchSettings:
        """The bundle's settings of a search by words alone, the paper's mode: that is what experiments vary."""
        return self.world.bundle.words_settings

    def shipped(self, stage: Stage) -> Numbers:
        """M-MRR@10 (Q,) of the ranking that the bundle ships."""
        return stage.values(stage.panel.shortlist(self.settings), stage.preferences, [self.settings.alpha])[0]

    def measured(self, name: str, ranked: Ranked, reference: Ranked | None, note: Text | None = None) -> Row:
        """A row of COLUMNS: values of a way of ranking on test clicks, and gains over `reference` unless it is None."""
        figures: dict[str, Figure] = {}
        for stage, value, gain in ((self.test, NEW, GAIN), (self.paper, PAPER, PAPER_GAIN)):
            found = ranked(stage)
            figures[value] = stage.panel.people.figure(found)
            if reference is not None:
                figures[gain] = stage.panel.people.figure(found - reference(stage))
        return Row(name, figures, note=note)


def tastes(centroids: Centroids, users: Sequence[str], vectors: FloatArray) -> FloatArray:
    """Taste (U, N), max(0, cosine to the nearest centroid), for unit vectors (N, d); all centroids have the same
    weight.
    """
    liked = np.zeros((len(users), len(vectors)), np.float32)
    for place, user in enumerate(users):
        if len(centroids.get(user, ())):
            liked[place] = np.clip((vectors @ centroids[user].T).max(axis=1), 0, 1)
    return liked


def clicked_stickers(train: TrainInteractions) -> dict[str, tuple[str, ...]]:
    """Person -> the distinct stickers that the person clicked; people and stickers in the order of ids."""
    found: dict[str, set[str]] = {}
    for row in train.rows:
        found.setdefault(row.user, set()).add(row.sticker)
    return {user: tuple(sorted(names)) for user, names in sorted(found.items())}
