"""Judgements of people, which sticker fits which query: read from TREC qrels, measured by ir_measures.

A topic is a query as one word: blanks and "%" are written as in a URL. So are they in a sticker's id.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from persrv.errors import DataError

#: Topic -> sticker -> how well it fits: 0 does not, 1 and more does.
Judgements = Mapping[str, Mapping[str, int]]

#: Topic -> stickers, best first.
Run = Mapping[str, Sequence[str]]

#: The measures by the names of ir_measures: of the first four, gain by rank over the ideal, share of the first that is
#: judged at all.
MEASURES = ("P@4", "nDCG@10", "Judged@10")

#: Limits of a file: bytes, lines, the largest grade.
MOST_BYTES, MOST_LINES, MOST_GRADE = 4_000_000, 50_000, 100

_ADVICE = "Correct the line, or export the file anew."


@dataclass(frozen=True, slots=True)
class Measured:
    """means: measure -> mean over the judged topics, None without any; topics: judged topic -> measure -> value."""

    means: Mapping[str, float] | None
    topics: Mapping[str, Mapping[str, float]]


def measured(judgements: Judgements, run: Run) -> Measured:
    """Measure a run against judgements. A sticker without judgement counts as not fitting; a judged topic that the run
    lacks counts as 0.

    DataError where ir_measures is not installed.
    """
    try:
        import ir_measures
    except ImportError as error:
        raise DataError(
            "ir_measures is missing", "the package that computes the measures", "pip install ir-measures==0.4.3"
        ) from error
    judged = {topic: grades for topic, grades in judgements.items() if grades}
    if not judged:
        return Measured(None, {})
    truth = [ir_measures.Qrel(topic, name, grade) for topic, grades in judged.items() for name, grade in grades.items()]
    ranked = [ir_measures.ScoredDoc(t, name, -float(at)) for t in judged for at, name in enumerate(run.get(t, ()))]
    measures = [ir_measures.parse_measure(name) for name in MEASURES]
    topics = {topic: dict.fromkeys(MEASURES, 0.0) for topic in judged}
    for found in ir_measures.iter_calc(measures, truth, ranked):
        topics[found.query_id][str(found.measure)] = float(found.value)
    means = {name: sum(values[name] for values in topics.values()) / len(topics) for name in MEASURES}
    return Measured(means, topics)


# ---- files ----------------------------------------------------------------------------------------------------------


def read_qrels(text: str) -> dict[str, dict[str, int]]:
    """Judgements from lines `topic 0 sticker grade`. DataError names the first line that is none."""
    judgements: dict[str, dict[str, int]] = {}
    for number, (topic, _, name, grade) in _rows(text, 4, "topic 0 sticker grade"):
        if not re.fullmatch("-?[0-9]{1,3}", grade) or int(grade) > MOST_GRADE:
            raise DataError(f"Line {number}: the grade {grade[:40]!r}", f"a whole number to {MOST_GRADE}", _ADVICE)
        judgements.setdefault(topic, {})[name] = max(0, int(grade))
    return judgements


def read_run(text: str) -> dict[str, list[str]]:
    """A run, best first, from lines `topic Q0 sticker rank score tag`; equal scores stay in the order of their lines.

    DataError names the first line that is none, and a sticker that a topic has twice.
    """
    scored: dict[str, dict[str, float]] = {}
    for number, (topic, _, name, _, score, _) in _rows(text, 6, "topic Q0 sticker rank score tag"):
        try:
            value = float(score)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise DataError(f"Line {number}: the score {score[:40]!r}", "a number", _ADVICE)
        if name in scored.setdefault(topic, {}):
            raise DataError(f"Line {number}: {name[:80]!r} again for one topic", "each sticker once", _ADVICE)
        scored[topic][name] = value
    return {topic: sorted(scores, key=lambda name: -scores[name]) for topic, scores in scored.items()}


def _rows(text: str, cells: int, form: str) -> Iterable[tuple[int, list[str]]]:
    """The lines that are not blank, with their numbers, cut into so many cells; topic and sticker as they were."""
    if len(text) > MOST_BYTES or text.count("\n") > MOST_LINES:
        raise DataError("The file is too large", f"{MOST_LINES:,} lines, {MOST_BYTES // 1_000_000} MB", "Split it.")
    found = False
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        row = line.split()
        if not row:
            continue
        if len(row) != cells:
            raise DataError(f"Line {number} has {len(row)} cells", f"{cells}: {form}", _ADVICE)
        found = True
        yield number, [unquote(row[0]), row[1], unquote(row[2]), *row[3:]]
    if not found:
        raise DataError("The file has no line", form, "Choose another file.")
