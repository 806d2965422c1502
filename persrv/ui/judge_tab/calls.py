"""The server functions of the judge tab: rankings of a list of queries, measures, and files read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from persrv.errors import DataError
from persrv.insight import judgements
from persrv.query import MAX_QUERY
from persrv.records import SearchSettings
from persrv.settings import problem_with
from persrv.ui.refusals import answered
from persrv.ui.requests import clean, field, text_of
from persrv.ui.views import View, number, sticker_brief

if TYPE_CHECKING:
    from persrv.ui.service import PageService

#: Queries of a list, and stickers of each that are ranked and judged.
MOST_QUERIES, DEPTH = 100, 10

#: The settings that may be moved, by their names in persrv.records.SearchSettings.
MOVED = ("alpha", "lambda_", "meaning", "floor")


def calls(service: PageService) -> list[Callable[[object], View]]:
    """The server functions of the tab."""

    def judge_rank(request: object) -> View:
        """The first stickers of each of the "queries" for "user", under the bundle's settings with "settings" moved."""

        def ranked() -> View:
            settings = moved(service.retriever.bundle.settings, field(request, "settings"))
            user = text_of(request, "user") or None
            rankings = [
                [hit.sticker for hit in service.retriever.search(query, user, settings, DEPTH).hits]
                for query in queries_of(request)
            ]
            names = dict.fromkeys(name for ranking in rankings for name in ranking)
            return {"rankings": rankings, "stickers": {name: sticker_brief(service.sticker(name)) for name in names}}

        return answered(ranked)

    def judge_measure(request: object) -> View:
        """The measures of each of the "runs" by "judgements": means, and topic by topic."""
        return answered(lambda: {"runs": measures_of(request)})

    def judge_read(request: object) -> View:
        """Read a file's "text": {"qrels": ...} for the "kind" qrels, with only the stickers of the catalogue in
        {"run": ..., "stickers": briefs, "unknown": how many others} for any other.
        """

        def read() -> View:
            text = text_of(request, "text") or ""
            if field(request, "kind") == "qrels":
                return {"qrels": judgements.read_qrels(text)}
            run = judgements.read_run(text)
            first = {topic: names[:DEPTH] for topic, names in run.items()}
            found = {name: service.find(name) for names in first.values() for name in names}
            stickers = {name: sticker_brief(sticker) for name, sticker in found.items() if sticker is not None}
            return {"run": first, "stickers": stickers, "unknown": len(found) - len(stickers)}

        return answered(read)

    return [judge_rank, judge_measure, judge_read]


def queries_of(request: object) -> list[str]:
    """The queries of a request, "" for each that is no text. DataError above MOST_QUERIES, or for a query that is too
    long.
    """
    sent = field(request, "queries")
    queries = [clean(query) or "" for query in (sent if isinstance(sent, list) else ())]
    if len(queries) > MOST_QUERIES:
        raise DataError(f"{len(queries)} queries", f"at most {MOST_QUERIES}", "Judge them in parts.")
    longest = max(map(len, queries), default=0)
    if longest > MAX_QUERY:
        raise DataError(f"A query of {longest} characters", f"at most {MAX_QUERY}", "Shorten it.")
    return queries


def moved(settings: SearchSettings, sent: object) -> SearchSettings:
    """The settings, with those of MOVED replaced that the request sends. DataError for a value out of range."""
    given: Mapping[str, Any] = sent if isinstance(sent, Mapping) else {}
    changed = replace(settings, **{name: given[name] for name in MOVED if name in given})
    problem = problem_with(changed)
    if problem:
        raise DataError(*problem, "Move the setting back.")
    return changed


def measures_of(request: object) -> View:
    """Map each run to {"means", "topics"}, as in persrv.insight.judgements.Measured. DataError beyond the limits of
    size.
    """
    grades = {
        topic: {name: grade for name, grade in by_name.items() if isinstance(grade, int) and 0 <= grade <= 100}
        for topic, by_name in _texts(field(request, "judgements")).items()
        if isinstance(by_name, Mapping)
    }
    runs = {
        name: {
            topic: list(dict.fromkeys(filter(None, map(clean, ranking))))
            for topic, ranking in _texts(run).items()
            if isinstance(ranking, list)
        }
        for name, run in _texts(field(request, "runs")).items()
    }
    if len(runs) > 2 or len(grades) > MOST_QUERIES or any(len(run) > MOST_QUERIES for run in runs.values()):
        raise DataError("Too much to measure at once", f"two runs of {MOST_QUERIES} queries", "Measure it in parts.")
    found = {name: judgements.measured(grades, run) for name, run in runs.items()}
    return {
        name: {
            "means": None if each.means is None else {key: number(value) for key, value in each.means.items()},
            "topics": {t: {key: number(value) for key, value in values.items()} for t, values in each.topics.items()},
        }
        for name, each in found.items()
    }


def _texts(sent: object) -> dict[str, Any]:
    """An object of JSON by keys that fit UTF-8; empty for anything else."""
    return {clean(key) or "": value for key, value in sent.items()} if isinstance(sent, Mapping) else {}
