"""Derivation: whether what a bundle holds beside its stickers and clicks follows from them.

Hashes tell that bytes are those that were written, not that the writer was right, or honest. What contradicts the
stickers' own texts in an index answers every search wrongly: it is refused. All else is doubted: told in the log and
on the page.

Opening looks at SAMPLED stickers, at even distances; `verify` at the index of all, of a catalogue of up to QUICK_ROWS.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persrv.bundle import tables
from persrv.bundle.checks import QUICK_ROWS, Defect, Parts
from persrv.bundle.indexing import Bm25Parameters, index_tokens, stated_parameters
from persrv.ranking import bm25, utility
from persrv.ranking.bm25 import FieldIndex, TokenCounts
from persrv.ranking.meaning import MeaningIndex, texts_of
from persrv.records import FIELDS, Sticker
from persrv.sampling import evenly
from persrv.text import lexicon
from persrv.text.lexicon import Lexicon

#: Stickers whose texts are analysed again at opening: a few milliseconds.
SAMPLED = 40

#: Tolerance of an impact around the formula's, as a share: rounding to single precision; and where only a sample is
#: looked at, the average length is estimated from such impacts.
_ROUNDING = 1e-6
_IMPACT_TOLERANCE = 1e-3

#: Tolerance of a number of the style mean around the mean of the embeddings; and of an exemplar outside
#: its cluster.
MEAN_TOLERANCE = 1e-3
_RADIUS_TOLERANCE = 2e-2


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    """Stickers sampled from a catalogue of `size`, with their rows (n,), ascending."""

    stickers: tuple[Sticker, ...]
    rows: NDArray[np.intp]
    size: int

    @property
    def whole(self) -> bool:
        """Return whether it is the whole catalogue."""
        return len(self.rows) == self.size


def contradictions(parts: Parts, index: Mapping[str, FieldIndex]) -> Iterator[Defect]:
    """Yield a defect for each field whose index is not that of the stickers' texts; none above QUICK_ROWS stickers."""
    if parts.size > QUICK_ROWS:
        return
    sample = _sampled(parts)
    for name, each in index.items():
        if _differs(each, name, stated_parameters(parts.manifest, name), sample):
            found = f"The index of {name} is not that of the stickers' texts"
            yield Defect("derivation", found, "an index by the analyser and the parameters that bundle.json states")


def inconsistencies(parts: Parts, meaning: MeaningIndex | None, words: Lexicon | None) -> dict[str, str]:
    """Compare counts, style mean, clusters, meanings and lexicon with the data that they are computed from.

    Returns the name of each that differs -> a sentence about it; {} above QUICK_ROWS stickers.
    """
    if parts.size > QUICK_ROWS or not parts.size:
        return {}
    sample = _sampled(parts)
    odd = {
        "counts": "The utility counts are not those of the training clicks" if _miscounted(parts) else "",
        "style_mean": "The style mean is not the mean of the embeddings" if _displaced(parts) else "",
        "clusters": "Exemplars lie outside their clusters" if _scattered(parts) else "",
        "meaning": "The meanings are not of the stickers' texts"
        if meaning and _differs_in_meaning(meaning, sample)
        else "",
        "lexicon": "The lexicon is not that of the stickers' texts"
        if words and not words.agrees(map(lexicon.texts_of, sample.stickers), sample.whole)
        else "",
    }
    expected = "parts of one bundle that follow from each other. Rankings may be wrong"
    return {name: f"{found}. Expected {expected}." for name, found in odd.items() if found}


def _sampled(parts: Parts) -> _Sample:
    rows = evenly(range(parts.size), parts.size if parts.thorough else SAMPLED)
    taken = (parts.stickers.slice(row, 1).to_pylist()[0] for row in rows)  # `take` would import pandas
    return _Sample(tuple(map(tables.sticker_from_row, taken)), np.array(rows, np.intp), parts.size)


# ---- the index ------------------------------------------------------------------------------------------------------


def _differs(index: FieldIndex, name: str, parameters: Bm25Parameters, sample: _Sample) -> bool:
    """Return whether the postings of the sample, or the range of any impact, are not those of BM25 with these
    parameters.
    """
    documents_with = np.diff(index.indptr)
    if parameters.idf == "lucene":
        idf = bm25.positive_idf(documents_with, sample.size)
    else:
        idf = bm25.floored_idf(documents_with, sample.size, parameters.epsilon)
    column = np.repeat(np.arange(len(documents_with)), documents_with)
    most = np.abs(idf[column]) * (parameters.k1 + 1)
    outside = np.abs(index.impacts) > most * (1 + _IMPACT_TOLERANCE) + 1e-9
    if outside.any() or ((index.impacts == 0) != (idf[column] == 0)).any() or (index.impacts * idf[column] < 0).any():
        return True
    counts = bm25.count_tokens([index_tokens(sticker, name) for sticker in sample.stickers])
    wanted = np.array([index.columns.get(token, -1) for token in counts.tokens], np.int64)[counts.token]
    sampled = np.zeros(sample.size, bool)
    sampled[sample.rows] = True
    held = np.flatnonzero(sampled[index.rows])
    if not (
        np.array_equal(column[held], wanted)
        and np.array_equal(index.rows[held], sample.rows[counts.document])
        and (documents_with > 0).all()
    ):
        return True
    share = index.impacts[held] / np.where(idf[wanted] == 0, 1, idf[wanted])
    share, counted = share[idf[wanted] != 0], _where(counts, idf[wanted] != 0)
    average = (
        float(counts.length.mean()) if sample.whole and len(counts.length) else _average(share, counted, parameters)
    )
    length = counts.length[counted.document]
    right = bm25.term_frequency_part(counted.frequency.astype(np.int64), length, average, parameters.k1, parameters.b)
    return not np.allclose(share, right, rtol=_ROUNDING if sample.whole else _IMPACT_TOLERANCE, atol=0)


def _where(counts: TokenCounts, kept: NDArray[np.bool_]) -> TokenCounts:
    return TokenCounts(counts.tokens, counts.token[kept], counts.document[kept], counts.frequency[kept], counts.length)


def _average(share: NDArray[np.floating], counts: TokenCounts, parameters: Bm25Parameters) -> float:
    """The average length of a document that the impacts were computed with: the median over the sample's postings of
    what the formula of the term frequency, turned round, gives.
    """
    k1, b = parameters.k1, parameters.b
    if not len(share) or not k1 or not b:
        return 1.0  # the formula does not depend on it
    with np.errstate(divide="ignore", invalid="ignore"):
        norm = (counts.frequency * (k1 + 1) / share - counts.frequency) / k1
        average = counts.length[counts.document] * b / (norm - 1 + b)
    usable = average[np.isfinite(average) & (average > 0)]
    return float(np.median(usable)) if len(usable) else 1.0


# ---- meanings and lexicon -------------------------------------------------------------------------------------------


def _differs_in_meaning(meaning: MeaningIndex, sample: _Sample) -> bool:
    """Return whether the texts that the meanings have for a row are not those of its sticker."""
    for row, sticker in zip(sample.rows.tolist(), sample.stickers, strict=True):
        held = slice(int(meaning.indptr[row]), int(meaning.indptr[row + 1]))
        pairs = zip(meaning.field[held].tolist(), meaning.text[held].tolist(), strict=True)
        if [(FIELDS[field], meaning.texts[text]) for field, text in pairs] != list(texts_of(sticker)):
            return True
    return False


# ---- what was fitted ------------------------------------------------------------------------------------------------


def _miscounted(parts: Parts) -> bool:
    clicks = [
        click
        for split in ("train", "validation")
        for click in tables.interactions_from_table(parts.interactions, split)
    ]
    ids = tables.column(parts.stickers, "id")
    return not np.array_equal(utility.counts(clicks, ids), parts.utility_counts)


def _displaced(parts: Parts) -> bool:
    if parts.style_mean is None:
        return False
    mean = np.asarray(parts.embeddings, np.float64).mean(axis=0)
    return bool(np.abs(mean - parts.style_mean).max() > MEAN_TOLERANCE)


def _scattered(parts: Parts) -> bool:
    """Return whether an exemplar of a cluster, which is one of its members, lies farther from its centroid than the
    radius.
    """
    row_of = {name: row for row, name in enumerate(tables.column(parts.stickers, "id"))}
    mean = 0.0 if parts.style_mean is None else parts.style_mean
    for number, cluster in enumerate(parts.clusters.to_pylist()):
        rows = [row_of[name] for name in cluster["exemplars"]]
        vectors = np.asarray(parts.embeddings[rows], np.float32) - mean
        lengths = np.maximum(np.linalg.norm(vectors, axis=1), 1e-9)  # a sticker at the mean has no direction
        if (1 - vectors @ parts.centroids[number] / lengths > cluster["radius"] + _RADIUS_TOLERANCE).any():
            return True
    return False
