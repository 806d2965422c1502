"""Scores of one caption against what people typed: keyword recall, BLEU and cosine, one function each.

They score one sticker, with no package that the page lacks. precompute.stages.caption_metrics has the measures of whole
catalogues, and takes keyword recall from here. The tests hold BLEU to sacrebleu and cosine to the offline one. BLEU
rewards the format of an answer alone, so it is never shown without the other two.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Sequence

from persrv.records import FloatArray
from persrv.text.analyser import analyse

#: Longest runs of characters that BLEU-4 compares.
LONGEST = 4

#: The separator of keywords, and of queries, where a list of them is one text.
SEPARATOR = "，"

#: A text -> its (d,) float32 unit vector.
EmbedText = Callable[[str], FloatArray]


def same(text: str) -> str:
    """The search tokens of a text, in order: what two spellings of the same query share."""
    return " ".join(analyse(text))


def keyword_recall(keywords: Collection[str], queries: Sequence[str]) -> float:
    """The share of `queries` that stand among `keywords`, up to case and width of letters. ValueError for no query."""
    if not queries:
        raise ValueError("No queries to find")
    known = {same(keyword) for keyword in keywords}
    return sum(same(query) in known for query in queries) / len(queries)


def bleu(caption: str, reference: str) -> float:
    """BLEU-4 of characters in [0, 1] of one text against one reference (Papineni et al. 2002), 0 below four characters.

    An n-gram order without a match counts as half of one match, the next such order as a quarter, and so on (Chen and
    Cherry 2014, technique 3), as in sacrebleu's sentence scores; 0 without a single common character.
    """
    written, wanted = _characters(caption), _characters(reference)
    if len(written) < LONGEST or not set(written) & set(wanted):
        return 0.0
    logarithms, unmatched = [], 1.0
    for length in range(1, LONGEST + 1):
        runs = _runs(written, length)
        matches = float((runs & _runs(wanted, length)).total())
        if not matches:
            unmatched *= 2
            matches = 1 / unmatched
        logarithms.append(math.log(matches / runs.total()))
    return brevity_penalty(len(written), len(wanted)) * math.exp(sum(logarithms) / LONGEST)


def brevity_penalty(written: int, wanted: int) -> float:
    """exp(1 - wanted / written) where the text is shorter than its reference, else 1 (Papineni et al. 2002)."""
    return math.exp(1 - wanted / written) if written < wanted else 1.0


def cosine(caption: str, reference: str, embed: EmbedText) -> float:
    """Cosine of two texts' embeddings, in [-1, 1]."""
    return float(embed(caption) @ embed(reference))


def _characters(text: str) -> str:
    return "".join(text.split())


def _runs(text: str, length: int) -> Counter[str]:
    return Counter(text[start : start + length] for start in range(len(text) - length + 1))
