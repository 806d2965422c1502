"""How good the small Chinese-CLIP is on stickers of the catalogue that training never showed, in gates and figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persrv.errors import DataError
from persrv.records import FloatArray, Gate
from precompute.demo.spec import StickerSpec
from precompute.demo.words import Words

PURITY_GOAL = 0.95
RECALL_GOAL = 0.90

#: texts -> (N, d) unit rows
EmbedTexts = Callable[[Sequence[str]], FloatArray]


@dataclass(frozen=True, slots=True)
class ClipQuality:
    """gates: what the bundle promises; figures: what is worth knowing beside it, each as (value, number of cases)."""

    gates: dict[str, Gate]
    figures: dict[str, tuple[float, int]]


def evaluate(
    embeddings: FloatArray,
    specs: Sequence[StickerSpec],
    unseen_series: NDArray[np.bool_],
    unseen: NDArray[np.bool_],
    embed_texts: EmbedTexts,
    words: Words,
    seed: int,
) -> ClipQuality:
    """Judge the embeddings (N, d) of the catalogue's stickers `specs`.

    unseen_series, unseen: (N,) which stickers' series, and which stickers' (character, style, situation), training
    never saw. Purity is taken over the former; recall ranks all of the latter. DataError where either is none.
    """
    if not (unseen_series.any() and unseen.any()):
        raise DataError(
            f"Of {len(specs)} stickers, {int(unseen_series.sum())} are of a series that training never saw",
            "at least one, for the gates to be measured on",
            "Draw more stickers: raise `limit` under [draw] in the profile.",
        )
    strange, hidden = np.flatnonzero(unseen_series), np.flatnonzero(unseen)
    series_specs, hidden_specs = _take(specs, strange), _take(specs, hidden)
    styles = [spec.style for spec in series_specs]
    series = [spec.series for spec in series_specs]
    annotations = [words.annotation(spec) for spec in hidden_specs]
    ranks = first_ranks(annotations, embeddings[hidden], embed_texts)
    purity = cluster_purity(embeddings[strange], styles, seed)
    recall = float(np.mean(ranks <= 5))
    names = list(words.phrases["situation"])
    by_name = [words.canonical("situation", name) for name in names]
    return ClipQuality(
        gates={
            "style_purity": Gate.at_least(purity, PURITY_GOAL, len(strange)),
            "text_image_recall_at_5": Gate.at_least(recall, RECALL_GOAL, len(ranks)),
        },
        figures={
            "series_purity": (cluster_purity(embeddings[strange], series, seed), len(strange)),
            "text_image_recall_at_1": (float(np.mean(ranks <= 1)), len(ranks)),
            "situation_precision_at_5": (
                precision_at_5(by_name, names, hidden_specs, embeddings[hidden], embed_texts),
                len(names),
            ),
            "phrase_precision_at_5": phrase_precision(words, hidden_specs, embeddings[hidden], embed_texts),
        },
    )


def cluster_purity(vectors: FloatArray, labels: Sequence[str], seed: int) -> float:
    """Share of rows that carry their cluster's commonest label; k-means with as many clusters as labels.

    Source: Manning, Raghavan & Schuetze 2008, section 16.3. NaN without rows.
    """
    from sklearn.cluster import KMeans

    if not len(labels):
        return float("nan")
    names, numbers = np.unique(np.asarray(labels), return_inverse=True)
    clusters = KMeans(len(names), n_init=10, random_state=seed).fit_predict(np.asarray(vectors, np.float64))
    table = np.zeros((len(names), len(names)), np.int64)
    np.add.at(table, (clusters, numbers), 1)
    return float(table.max(axis=1).sum() / len(labels))


def first_ranks(annotations: Sequence[str], vectors: FloatArray, embed_texts: EmbedTexts) -> NDArray[np.int64]:
    """Per distinct annotation (in order of appearance) the 1-based rank of the best sticker that bears it.

    vectors: (N, d) of the stickers that bear the annotations, all of which are ranked by cosine; of equal cosines the
    sticker asked for comes last.
    """
    queries = list(dict.fromkeys(annotations))
    cosines = embed_texts(queries) @ vectors.T
    right = np.array([[query == annotation for annotation in annotations] for query in queries])
    best = np.where(right, cosines, -np.inf).max(axis=1, keepdims=True)
    return 1 + ((cosines >= best) & ~right).sum(axis=1)


def precision_at_5(
    texts: Sequence[str], names: Sequence[str], specs: Sequence[StickerSpec], vectors: FloatArray, embed: EmbedTexts
) -> float:
    """Mean share, among the five stickers nearest to texts[i], of those in situation names[i]."""
    top = np.argsort(-(embed(texts) @ vectors.T), axis=1, kind="stable")[:, :5]
    return float(
        np.mean([[specs[row].situation == name for row in rows] for name, rows in zip(names, top, strict=True)])
    )


def phrase_precision(
    words: Words, specs: Sequence[StickerSpec], vectors: FloatArray, embed: EmbedTexts
) -> tuple[float, int]:
    """As `precision_at_5` over every phrase of every situation, right being any situation the phrase tells."""
    told = words.told_by["situation"]
    place = {name: number for number, name in enumerate(words.values["situation"])}
    situations = np.array([place[spec.situation] for spec in specs])
    top = np.argsort(-(embed(list(told)) @ vectors.T), axis=1, kind="stable")[:, :5]
    right = [tells[situations[rows]] for tells, rows in zip(told.values(), top, strict=True)]
    return float(np.mean(right)), len(told)


def _take(specs: Sequence[StickerSpec], rows: NDArray[np.intp]) -> list[StickerSpec]:
    return [specs[row] for row in rows]
