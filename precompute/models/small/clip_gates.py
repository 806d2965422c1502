"""Quality of the small Chinese-CLIP on catalogue stickers that training never showed, as gates and figures."""

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
    """Measured quality. gates: what the bundle promises; figures: further ones; each as (value, number of cases)."""

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
    """Evaluate the embeddings (N, d) of the catalogue's stickers `specs`.

    unseen_series: (N,) whether training never saw the sticker's series; unseen: (N,) whether it never saw its
    (character, style, situation). Purity is measured on the former stickers; recall ranks all of the latter. DataError
    if there are none of either.
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
    """The share of rows that carry the most common label of their cluster; k-means with as many clusters as labels.

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
    """Return for each distinct annotation, in order of appearance, the rank (from 1) of the best sticker that bears it.

    vectors: (N, d) of the stickers that bear the annotations, all of which are ranked by cosine; among equal cosines
    the wanted sticker comes last.
    """
    queries = list(dict.fromkeys(annotations))
    cosines = embed_texts(queries) @ vectors.T
    right = np.array([[query == annotation for annotation in annotations] for query in queries])
    best = np.where(right, cosines, -np.inf).max(axis=1, keepdims=True)
    return 1 + ((cosines >= best) & ~right).sum(axis=1)


def precision_at_5(
    texts: Sequence[str], names: Sequence[str], specs: Sequence[StickerSpec], vectors: FloatArray, embed: EmbedTexts
) -> float:
    """The mean share of stickers in situation names[i] among the five nearest to texts[i]."""
    top = np.argsort(-(embed(texts) @ vectors.T), axis=1, kind="stable")[:, :5]
    return float(
        np.mean([[specs[row].situation == name for row in rows] for name, rows in zip(names, top, strict=True)])
    )


def phrase_precision(
    words: Words, specs: Sequence[StickerSpec], vectors: FloatArray, embed: EmbedTexts
) -> tuple[float, int]:
    """Precision at 5 over every phrase of every situation, and the number of phrases. A sticker counts if the phrase
    may stand for its situation.
    """
    told = words.told_by["situation"]
    place = {name: number for number, name in enumerate(words.values["situation"])}
    situations = np.array([place[spec.situation] for spec in specs])
    top = np.argsort(-(embed(list(told)) @ vectors.T), axis=1, kind="stable")[:, :5]
    right = [tells[situations[rows]] for tells, rows in zip(told.values(), top, strict=True)]
    return float(np.mean(right)), len(told)


def _take(specs: Sequence[StickerSpec], rows: NDArray[np.intp]) -> list[StickerSpec]:
    return [specs[row] for row in rows]
