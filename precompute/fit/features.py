"""Features fitted on clicks, and settings chosen on clicks: the composition that every build and experiment uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from persrv.ranking.bm25 import FieldIndex
from persrv.ranking.styles import StyleSpace
from persrv.records import FIELDS, FloatArray, SearchSettings, Sticker, UserStyle
from persrv.settings import settings_to_json
from persrv.text.analyser import analyse
from precompute.fit import integrate, styles, tune, utility
from precompute.fit.objective import ClickObjective, Features
from precompute.fit.split import Split, TrainInteractions
from precompute.runtime.cache import write_json

if TYPE_CHECKING:
    from precompute.config import Profile
    from precompute.runtime.progress import Report

#: File of the chosen settings, below the stage's folder.
SETTINGS = "settings.json"


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """The features fitted on training interactions. queries: sticker id -> its integrated queries; counts: (N, 3)
    utility counts; styles: the clusters of every person.
    """

    queries: Mapping[str, tuple[str, ...]]
    counts: NDArray[np.int32]
    styles: tuple[UserStyle, ...]


def fit(
    train: TrainInteractions, ids: Sequence[str], embeddings: NDArray[Any], mean: FloatArray, profile: Profile
) -> Fitted:
    """Fit integrated queries, utility counts and style clusters on training interactions.

    ids: N stickers; embeddings: (N, d) raw unit rows in their order; mean: (d,) of the catalogue, which defines the
    style space.
    """
    chosen = profile.styles
    return Fitted(
        queries=integrate.integrate(train),
        counts=utility.count(train, ids),
        styles=styles.fit(train, ids, embeddings, mean, chosen.clusters, chosen.seed, chosen.discriminant),
    )


def write_settings(
    parts: Split,
    ids: Sequence[str],
    texts: Mapping[str, Mapping[str, str]],
    embeddings: NDArray[Any],
    mean: FloatArray,
    profile: Profile,
    folder: Path,
    report: Report,
) -> dict[str, Any]:
    """Choose the search settings (`choose_settings`), write them into the stage's folder, and report how they were
    chosen.
    """
    choice, asked = choose_settings(parts, ids, texts, embeddings, mean, profile, report)
    write_json(folder / SETTINGS, settings_to_json(choice.settings))
    return {
        "objective": f"M-MRR@{profile.tune.cutoff} of the full ranking on validation clicks",
        "questions": asked,
        "before": choice.before,
        "after": choice.after,
        "trace": [asdict(step) for step in choice.trace],
    }


def choose_settings(
    parts: Split,
    ids: Sequence[str],
    texts: Mapping[str, Mapping[str, str]],
    embeddings: NDArray[Any],
    mean: FloatArray,
    profile: Profile,
    report: Report,
) -> tuple[tune.Choice, int]:
    """Choose the settings under which validation clicks rank best, and count the questions that decided.

    Features are fitted on the fitting part, without validation clicks. texts: field -> sticker id -> its text, for the
    fields that are not filled by clicks. A field without any text keeps its default weight, which has no effect.
    """
    fitted = fit(parts.fitting, ids, embeddings, mean, profile)
    features = Features(
        ids=tuple(ids),
        index=_index(ids, texts, fitted.queries),
        counts=fitted.counts,
        vectors=StyleSpace(mean).project(np.asarray(embeddings, np.float32)),
        styles={style.user: style for style in fitted.styles},
        tie=np.argsort(np.argsort(np.array(ids))),
    )
    config = profile.tune
    judge = ClickObjective(features, parts.validation.rows, config.cutoff, parts.fitting.rows)
    grid = tune.grids(config, tuple(features.index))
    total = config.searches * (1 + config.rounds * sum(map(len, grid.values())))
    done = 0

    def judged(settings: SearchSettings) -> float:
        nonlocal done
        done += 1
        report(done, total)
        return judge(settings)

    return tune.search(
        tune.start(config, grid), grid, judged, config.rounds, config.seed, config.searches
    ), judge.questions


def _index(
    ids: Sequence[str], texts: Mapping[str, Mapping[str, str]], queries: Mapping[str, tuple[str, ...]]
) -> dict[str, FieldIndex]:
    """Field -> BM25 index over the stickers, in the order of FIELDS, without fields that hold no text."""
    said: dict[str, list[tuple[str, ...]]]
    said = {field: [(texts.get(field, {}).get(name, ""),) for name in ids] for field in FIELDS}
    said["queries"] = [queries.get(name, ()) for name in ids]
    return _indexed(said)


def index_of(stickers: Sequence[Sticker]) -> dict[str, FieldIndex]:
    """Field -> BM25 index of what these stickers say, in the order of FIELDS, without fields that hold no text."""
    said: dict[str, list[tuple[str, ...]]]
    said = {field: [(getattr(sticker, field),) for sticker in stickers] for field in FIELDS if field != "queries"}
    return _indexed({**said, "queries": [sticker.queries for sticker in stickers]})


def _indexed(said: Mapping[str, Sequence[tuple[str, ...]]]) -> dict[str, FieldIndex]:
    """Field -> index, of field -> the texts of each sticker."""
    return {
        field: FieldIndex.build([[token for text in each for token in _tokens(text)] for each in rows])
        for field, rows in said.items()
        if any(any(each) for each in rows)
    }


@lru_cache(1 << 16)  # many stickers say the same
def _tokens(text: str) -> tuple[str, ...]:
    return tuple(analyse(text))
