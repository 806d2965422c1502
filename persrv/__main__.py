"""`python -m persrv search|verify|judge|load|experiment`: a bundle from the command line, for people and scripts."""

from __future__ import annotations

import argparse
import io
import json
import math
import os
import sys
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from persrv.bundle import Bundle, verify
from persrv.engines.milvus import Progress, load
from persrv.engines.milvus.server import DEFAULT_NAME
from persrv.errors import DataError, PersrvError
from persrv.experiment.command import add_arguments, write_experiment
from persrv.insight import judgements
from persrv.records import Hit, SearchResult
from persrv.result_json import result_to_json
from persrv.retriever import Retriever

_NOTICES = {
    "blank_query": "The query is blank: nothing to search for.",
    "no_match": "No sticker shares a word with this query.",
    "no_catalogue": "This bundle has no stickers.",
    "unknown_user": "Nobody of this name is in the bundle: the order is the one without personalization.",
    "unknown_domain": "Nothing is known of what this person sends there: the order is the one without a domain.",
}
_FALLBACKS = {
    "nearest": "Nothing here says that. Shown are the stickers that come nearest.",
    "dense": "Shown are the pictures nearest to the text.",
    "popular": "Shown are the most popular stickers.",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status: 0 for success, 1 where `verify` found defects, 2 with one sentence
    on stderr where the request cannot be answered, 130 where it was interrupted.
    """
    options = _parser().parse_args(list(map(_as_words, sys.argv[1:] if arguments is None else arguments)))
    if isinstance(sys.stdout, io.TextIOWrapper):  # what the terminal cannot show is escaped, not a traceback
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return _COMMANDS[options.command](options)
    except BrokenPipeError:
        return 0
    except (PersrvError, OSError) as error:
        print(f"persrv: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        resumes = " The same command goes on from there." if options.command == "load" else ""
        print(f"persrv: Interrupted.{resumes}", file=sys.stderr)
        return 130


def _as_words(argument: str) -> str:
    """An argument that begins with a dash and is no option, such as the query -_-, behind a blank: what has a blank is
    no option to argparse, and blanks around a query do not count.
    """
    is_face = argument.startswith("-") and argument.strip("-") and not argument.lstrip("-")[0].isalpha()
    return f" {argument}" if is_face else argument


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m persrv", description="Personalized sticker search over a bundle.")
    commands = parser.add_subparsers(dest="command", required=True)
    search = commands.add_parser("search", help="rank stickers for a query")
    search.add_argument("bundle", help="folder of a bundle")
    search.add_argument("query")
    search.add_argument("--user", help="id of a person of the bundle")
    search.add_argument("--domain", default="", help="where the person would send it, such as work")
    search.add_argument("--top", type=int, default=10, help="number of results, 1 to 1000 (default 10)")
    search.add_argument("--json", action="store_true", help="print the whole result as one JSON object")
    search.add_argument("--no-utility", action="store_true", help="relevance alone recalls")
    search.add_argument("--no-personalization", action="store_true", help="nobody's taste counts")
    search.add_argument("--words-only", action="store_true", help="search by words alone, as the paper does")
    search.add_argument("--literal", action="store_true", help="read the query only as typed: no pinyin, no slips")
    check = commands.add_parser("verify", help="check every hash, shape, id, range and picture of a bundle")
    check.add_argument("bundle", help="folder of a bundle")
    add_arguments(commands.add_parser("experiment", help="rank many queries four ways, and write it all as a ZIP"))
    judging = commands.add_parser("judge", help="measure run files by judgements, as the page's Judge does")
    judging.add_argument("--qrels", required=True, help="judgements: lines `topic 0 sticker grade`")
    judging.add_argument("--run", action="append", required=True, help="a run file; may be given again to compare")
    judging.add_argument("--json", action="store_true", help="print means and topics of each run as one JSON object")
    loading = commands.add_parser("load", help="bring a bundle into a Milvus server; goes on where it was interrupted")
    loading.add_argument("bundle", help="folder of a bundle")
    uri = os.environ.get("MILVUS_URI")
    loading.add_argument("--milvus-uri", default=uri, required=not uri, help="http://host:19530, or a file.db")
    loading.add_argument("--milvus-token", default=os.environ.get("MILVUS_TOKEN", ""), help="default: $MILVUS_TOKEN")
    loading.add_argument("--collection", default=DEFAULT_NAME, help=f"alias to serve from (default {DEFAULT_NAME})")
    loading.add_argument("--shards", type=int, default=1, help="shards of a new collection (default 1)")
    return parser


def _verify(options: argparse.Namespace) -> int:
    sentences = verify(options.bundle)
    for sentence in sentences:
        print(sentence)
    if sentences:
        return 1
    bundle = Bundle.open(options.bundle)
    people = f"{len(bundle.people)} {'simulated ' if bundle.simulated else ''}people"
    counts = f"{len(bundle.ids)} stickers, {people}"
    print(f"{bundle.name}: sound. {counts}, content {bundle.content_hash[:12]}.")
    return 0


def _judge(options: argparse.Namespace) -> int:
    """Print the measures of each run file, or everything as JSON."""
    grades = judgements.read_qrels(_text(options.qrels))
    found = {path: judgements.measured(grades, judgements.read_run(_text(path))) for path in options.run}
    if options.json:
        print(json.dumps({path: asdict(each) for path, each in found.items()}, ensure_ascii=False))
        return 0
    print(f"{len(grades)} judged topics; what is not judged counts as not fitting.")
    for path, each in found.items():
        told = "  ".join(f"{name} {value:.4f}" for name, value in (each.means or {}).items())
        print(f"{told}  {path}")
    return 0


def _text(path: str) -> str:
    """A file's text. DataError where it is too large or not UTF-8."""
    with Path(path).open("rb") as file:
        content = file.read(judgements.MOST_BYTES + 1)
    if len(content) > judgements.MOST_BYTES:
        raise DataError(f"{path} is too large", f"at most {judgements.MOST_BYTES // 1_000_000} MB", "Split it.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is no text in UTF-8", "lines of text", "Save it as UTF-8.") from error


def _load(options: argparse.Namespace) -> int:
    """Load a bundle into a server, reporting progress at most once a second."""
    said = -math.inf

    def report(progress: Progress) -> None:
        nonlocal said
        if time.monotonic() - said >= 1 or progress.stored == progress.rows:
            said = time.monotonic()
            print(progress, file=sys.stderr, flush=True)

    bundle = Bundle.open(options.bundle)
    collection, inserted = load(
        bundle, options.milvus_uri, options.milvus_token, options.collection, options.shards, report
    )
    done = f"{inserted:,} stickers inserted" if inserted else "nothing to do"
    print(f"{collection} holds all {len(bundle.ids):,} stickers, served as {options.collection}: {done}.")
    return 0


def _search(options: argparse.Namespace) -> int:
    retriever = Retriever.open_edited(options.bundle)
    bundle = retriever.bundle
    settings = replace(
        bundle.words_settings if options.words_only else bundle.settings,
        use_utility=not options.no_utility,
        use_personalization=not options.no_personalization,
    )
    result = retriever.search(options.query, options.user, settings, options.top, options.literal, options.domain)
    if options.json:
        print(json.dumps(result_to_json(result), ensure_ascii=False))
        return 0
    notice = "" if result.fallback == "nearest" else _NOTICES.get(result.notice)
    for sentence in (_read_as(result), notice, _FALLBACKS.get(result.fallback)):
        if sentence:
            print(sentence)
    if result.hits:
        print(_table(retriever, result))
    return 0


def _experiment(options: argparse.Namespace) -> int:
    """Write an experiment, reporting progress."""
    print(write_experiment(options, lambda done: print(done, file=sys.stderr, flush=True)))
    return 0


def _read_as(result: SearchResult) -> str:
    """Text that the query was read as, if that is not what was typed."""
    if not result.readings or result.readings[0].kind == "literal":
        return ""
    lead = result.readings[0]
    if lead.without:
        left = "" if lead.text == lead.without else f" Nearest by what else was asked, “{lead.text}”."
        return f"No sticker here {'is drawn in' if lead.kind == 'undrawn style' else 'shows'} “{lead.without}”.{left}"
    return f"Read as “{lead.text}” ({lead.kind}); --literal searches what was typed."


def _table(retriever: Retriever, result: SearchResult) -> str:
    """A search result as lines of text, one a hit: rank, rank before re-ranking, id, score with its parts, and the
    sticker's text.
    """
    fields = [score.field for score in result.hits[0].fields]
    header = ["#", "was", "sticker", "final", "recall", "utility", "meaning", "taste", *fields, "text"]
    rows = [header, *(_row(retriever, hit) for hit in result.hits)]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(header))]
    left = {header.index("sticker"), header.index("text")}
    return "\n".join("  ".join(_pad(cell, widths[i], i in left) for i, cell in enumerate(row)).rstrip() for row in rows)


def _row(retriever: Retriever, hit: Hit) -> list[str]:
    sticker = retriever.sticker(hit.sticker)
    taste = f"{hit.preference.value:+.3f}" if hit.preference else "-"
    meaning = f"{hit.meaning.value:.3f}" if hit.meaning else "-"
    scores = [f"{hit.final:.3f}", f"{hit.recall:.3f}", f"{hit.utility.value:.3f}", meaning, taste]
    by_field = [f"{score.bm25 * score.weight:.3f}" if score.bm25 else "-" for score in hit.fields]
    says = sticker.ocr or sticker.names or " / ".join(sticker.queries[:3])
    return [str(hit.rank), str(hit.recall_rank), sticker.id, *scores, *by_field, " ".join(says.split())]


def _width(text: str) -> int:
    """The number of columns that a text takes in a terminal: two for a wide character, none for a combining one."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _pad(text: str, width: int, left: bool) -> str:
    blanks = " " * (width - _width(text))
    return text + blanks if left else blanks + text


_COMMANDS = {"verify": _verify, "search": _search, "judge": _judge, "load": _load, "experiment": _experiment}


if __name__ == "__main__":
    sys.exit(main())
