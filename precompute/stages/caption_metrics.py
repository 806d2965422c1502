"""Metrics of captions: keyword recall, cosine, BLEU.

The format of an answer alone earns BLEU (words separated by commas, as people's queries are listed), so BLEU is never
reported without the other two.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np

from persrv.insight.caption_scores import keyword_recall
from persrv.records import FloatArray
from persrv.text.analyser import analyse

__all__ = ["bleu", "keyword_recall", "mean_cosine", "token_recall"]

#: Texts -> (n, d) float32 unit rows.
EmbedTexts = Callable[[Sequence[str]], FloatArray]


def token_recall(keywords: Collection[str], queries: Sequence[str]) -> float:
    """The mean over `queries` of the share of a query's distinct search tokens that some keyword contains: what BM25
    can match. ValueError without queries.
    """
    if not queries:
        raise ValueError("No queries to find")
    known = {token for keyword in keywords for token in analyse(keyword)}
    wanted = [set(analyse(query)) for query in queries]
    return float(np.mean([len(tokens & known) / len(tokens) if tokens else 0.0 for tokens in wanted]))


def bleu(captions: Sequence[str], references: Sequence[str]) -> float:
    """Corpus BLEU-4 of characters in [0, 1], one reference for each caption (Papineni et al. 2002, by sacrebleu)."""
    from sacrebleu import corpus_bleu

    return float(corpus_bleu(list(captions), [list(references)], tokenize="char").score) / 100


def mean_cosine(captions: Sequence[str], references: Sequence[str], embed: EmbedTexts) -> float:
    """The mean cosine, in [-1, 1], of each caption's embedding with its reference's."""
    return float(np.mean(np.sum(embed(captions) * embed(references), axis=1)))
