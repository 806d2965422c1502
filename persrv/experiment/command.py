"""The command `experiment`: its arguments, and the plan that they make."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from persrv.errors import DataError, QueryError
from persrv.experiment.archive import experiment_zip
from persrv.experiment.plan import Plan, read_queries
from persrv.figures.rasters import Raster, raster
from persrv.files.strict_json import read_json
from persrv.records import SearchSettings
from persrv.retriever import Retriever, User
from persrv.settings import settings_from_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command; what is not given comes from --settings, or is the default of a plan."""
    parser.add_argument("bundle", help="folder of a bundle")
    parser.add_argument("queries", type=Path, help="file of queries in UTF-8, one a line")
    parser.add_argument("--out", type=Path, required=True, help="the ZIP to write")
    parser.add_argument("--settings", type=Path, help="settings.json of another experiment, to repeat it")
    parser.add_argument("--user", help="id of a person of the bundle")
    parser.add_argument("--top", type=int, help="places of a ranking, 1 to 1000 (default 100)")
    parser.add_argument("--figures", type=int, help="how many of the first queries get a figure (default 5)")
    parser.add_argument("--language", choices=("en", "zh"), help="of the figures (default en)")
    parser.add_argument("--words-only", action="store_true", help="search by words alone, as the paper does")
    parser.add_argument("--literal", action="store_true", default=None, help="read queries only as typed")


def write_experiment(options: argparse.Namespace, told: Callable[[str], None]) -> str:
    """Run the experiment and write its ZIP; return a sentence that says where. told: progress, a line every 50
    queries and at the end.
    """
    retriever = Retriever.open_edited(options.bundle)
    plan = _plan(options, retriever)

    said: set[int] = set()

    def progress(done: int) -> None:
        if done not in said and (done % 50 == 0 or done == len(plan.queries)):
            said.add(done)
            told(f"{done:,} of {len(plan.queries):,} queries")

    written = experiment_zip(retriever, plan, _picture_of(retriever), progress)
    options.out.write_bytes(written)
    return f"{options.out}: {len(plan.queries):,} queries, {len(written):,} bytes."


def _plan(options: argparse.Namespace, retriever: Retriever) -> Plan:
    try:
        queries = read_queries(options.queries.read_text(encoding="utf-8").splitlines())
    except UnicodeDecodeError as error:
        raise DataError(f"{options.queries} is no text in UTF-8", "one query a line", "Save it as UTF-8.") from error
    before = _repeated(options.settings)
    settings = before.pop("settings", None) or retriever.bundle.settings
    if options.words_only:
        settings = retriever.bundle.words_settings
    given = {name: getattr(options, name) for name in ("user", "top", "figures", "language", "literal")}
    chosen = {**before, **{name: value for name, value in given.items() if value is not None}}
    likes = tuple(chosen.pop("likes", ()))
    user: User = chosen.pop("user", None)
    if user is not None and not likes and user not in retriever.bundle.known_people:
        raise QueryError(f"The person {user!r}", "the id of a person of the bundle", "Leave --user out for nobody.")
    if likes:
        user = retriever.live_style(list(likes), str(user), {})
    return Plan(queries, settings, user, likes, **chosen)


def _repeated(path: Path | None) -> dict[str, Any]:
    """Read the plan in settings.json; {} without a file. DataError for a file that no experiment wrote."""
    if path is None:
        return {}
    advice = "Give the settings.json of an experiment's ZIP."
    try:
        document = read_json(path)
    except ValueError as error:
        raise DataError(f"{path} is no JSON", "settings.json of an experiment", advice) from error
    kinds: Mapping[str, type | tuple[type, ...]] = {
        "user": (str, type(None)),
        "likes": list,
        "top": int,
        "literal": bool,
        "figures": int,
        "language": str,
        "settings": dict,
    }
    wrong = [
        name
        for name, kind in kinds.items()
        if not isinstance(document, dict) or not isinstance(document.get(name), kind)
    ]
    if wrong:
        raise DataError(f"{path} without {wrong[0]!r} as an experiment writes it", "settings.json", advice)
    settings: SearchSettings = settings_from_json(document["settings"])
    return {**{name: document[name] for name in kinds}, "settings": settings}


def _picture_of(retriever: Retriever) -> Callable[[str], Raster | None]:
    """Rasters of the bundle's own pictures; None where a sticker has none, or a damaged one."""
    from persrv.files.picture_worker import TooLarge, decode

    def picture(sticker: str) -> Raster | None:
        try:
            return raster(decode(retriever.bundle.picture(sticker)))
        except (DataError, TooLarge, OSError, ValueError):
            return None

    return picture
