"""Fuzzing of bundles: damage one, open it, ask it everything that the page can ask, and judge what happened.

refused: it was not opened, with one sentence. right: every answer is that of the sound bundle, or of a sound bundle
that says of its stickers and people what this one says. told: answers differ, and a sentence says why. wrong: answers
differ, and nobody says so. traceback: something fell over. The last two must not happen.

    python -m tests.fuzzing.bundles --cases 10000 --seed 1
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import logging
import shutil
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]  # before tests/, which has a folder persrv, too
sys.path.append(str(ROOT / "tests"))

import gradio as gr  # noqa: E402
import orjson  # noqa: E402
from PIL import Image  # noqa: E402

from fuzzing import world  # noqa: E402
from fuzzing.damage import Victim, damage  # noqa: E402
from persrv.bundle import Bundle  # noqa: E402
from persrv.errors import PersrvError  # noqa: E402
from persrv.interpreter import catalogue_encoder, plain_words  # noqa: E402
from persrv.models.paraphrase import Paraphrases  # noqa: E402
from persrv.retriever import Retriever  # noqa: E402
from persrv.text import lexicon  # noqa: E402
from persrv.ui import pictures  # noqa: E402
from persrv.ui.about_tab.calls import about_view  # noqa: E402
from persrv.ui.about_tab.calls import calls as about_calls  # noqa: E402
from persrv.ui.blind_tab.calls import calls as blind_calls  # noqa: E402
from persrv.ui.captions_tab.calls import calls as captions_calls  # noqa: E402
from persrv.ui.cases_tab.calls import calls as cases_calls  # noqa: E402
from persrv.ui.endpoints import endpoints  # noqa: E402
from persrv.ui.map_tab.calls import calls as map_calls  # noqa: E402
from persrv.ui.search_tab.calls import calls as search_calls  # noqa: E402
from persrv.ui.service import PageService  # noqa: E402
from persrv.ui.you_tab.calls import Visitors  # noqa: E402
from persrv.ui.you_tab.calls import calls as you_calls  # noqa: E402

JUDGEMENTS = ("refused", "right", "told", "wrong", "traceback")

#: Parts of answers that differ from run to run, or name the very bundle.
PASSING = frozenset(("ms", "seconds", "folder", "content_hash", "image", "plotly"))


@dataclass
class Report:
    """Counts of bundles by judgement, with the words on each unwanted judgement."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.faults

    def __str__(self) -> str:
        total = sum(self.counts.values())
        head = " | ".join(("bundles", *JUDGEMENTS))
        row = " | ".join(str(number) for number in (total, *(self.counts[name] for name in JUDGEMENTS)))
        return "\n".join((head, row))


def fuzz(cases: int, seed: int, folder: Path) -> Report:
    """Damage and judge so many bundles; the same seed makes the same damage. folder: where they lie meanwhile."""
    report = Report()
    with one_encoder():
        kinds = {shape: Case(folder / shape, shape) for shape in world.SHAPES}
        for number in range(cases):
            rng = Random(f"{seed} {number}")
            case = kinds[rng.choices(world.SHAPES, (4, 1))[0]]
            done = damage(rng, case.victim)
            judgement, why = case.judge()
            case.victim.repair()
            report.counts[judgement] += 1
            if judgement in ("wrong", "traceback"):
                report.faults.append(f"seed {seed}, case {number}: {judgement}: {done}\n{why}")
    return report


class Case:
    """A sound bundle, its answers, and a copy to be damaged."""

    def __init__(self, folder: Path, shape: str) -> None:
        self.folder = folder
        sound = world.write(folder / "sound", shape).path
        self.victim = Victim(sound, folder / "victim")
        with _told() as told:
            self.answers = answers(Retriever.open(sound))
        assert not told, "nothing is odd about the sound one"

    def judge(self) -> tuple[str, str]:
        """Open the victim; return the judgement, and what to look at."""
        with _told() as told:
            try:
                retriever = Retriever.open(self.victim.folder)
            except PersrvError as error:
                return ("refused", "") if _is_one_line(str(error)) else ("traceback", f"more than a line: {error}")
            except Exception:  # noqa: BLE001 what falls over is what is looked for
                return "traceback", traceback.format_exc(limit=-4)
            try:
                given = answers(retriever)
            except Exception:  # noqa: BLE001
                return "traceback", traceback.format_exc(limit=-4)
        if given == self.answers:
            return "right", ""
        lines = [line for line in (*told, *_sentences(given)) if line not in _sentences(self.answers)]
        if not all(map(_is_one_line, lines)):
            return "traceback", f"more than a line: {lines}"
        return ("told", "") if lines else self._compare(retriever.bundle, given)

    def _compare(self, bundle: Bundle, given: dict[str, Any]) -> tuple[str, str]:
        """Right where a bundle that is derived anew from what this one says gives the same answers, else wrong."""
        again = self.folder / "again"
        shutil.rmtree(again, ignore_errors=True)
        try:
            wanted = answers(Retriever(world.derived_anew(bundle, again)))
        except Exception:  # noqa: BLE001 what cannot be written should not open
            return "wrong", "no such bundle can be written:\n" + traceback.format_exc(limit=-3)
        if given == wanted:
            return "right", ""
        differing = [name for name in given if given[name] != wanted.get(name)]
        shown = [f"{name}: {_difference(given[name], wanted.get(name))}" for name in differing[:4]]
        return "wrong", "\n".join([f"{len(differing)} answers differ", *shown])


# ---- asking ---------------------------------------------------------------------------------------------------------


def answers(retriever: Retriever) -> dict[str, Any]:
    """The answer to each question that a page can ask of a catalogue, by its name, as JSON that came out of it."""
    service = PageService(retriever)
    return dict(_answers(retriever, service))


def _answers(retriever: Retriever, service: PageService) -> Iterator[tuple[str, Any]]:
    bundle, visitors = retriever.bundle, Visitors(service)
    yield "start", _json(service.start())
    yield "about", _json(about_view(service))
    yield "you", _json(visitors.start())
    called: dict[str, Callable[[object], Any]] = {}
    groups = [
        search_calls(service, visitors.told),
        you_calls(visitors),
        captions_calls(service),
        blind_calls(service),
        cases_calls(service),
        about_calls(service),
        map_calls(service) if retriever.map_xy is not None else [],
    ]
    for function in (each for group in groups for each in group):
        called[function.__name__] = function
    names = [*bundle.ids[:1], *bundle.ids[-1:]] or ["s01"]
    for name, request in _requests(names, [person.id for person in bundle.people][:2]):
        if name in called:
            yield f"{name} {request}"[:200], _json(called[name](request))
    for endpoint in endpoints(retriever):
        yield endpoint.__name__, _json(_said(endpoint, names[0]))
    for name in bundle.ids:
        yield f"picture {name}", _picture(retriever, name)
    sections = _json(called["evidence"]({})).get("sections", [])
    for section in sections:
        yield f"section {section['name']}", _json(called["evidence"]({"section": section["name"]}))


def _requests(stickers: list[str], people: list[str]) -> Iterator[tuple[str, object]]:
    """Questions to server functions, by name."""
    person, sticker = (people or ["ann"])[0], stickers[0]
    likes = {"likes": stickers, "user": "@you"}
    yield "search", {"query": "laugh", "candidates": True}
    yield "search", {"query": "cat night", "user": person}
    yield "search", {"query": "haha", "words_only": True, "user": (people or ["bob"])[-1]}
    yield "search", {"query": "zzz", "literal": True}
    yield "search", {"query": "laugh", **likes}
    yield "detail", {"sticker": sticker, "query": "laugh"}
    yield "detail", {"sticker": stickers[-1]}
    yield "suggestions", {}
    yield "examples", {}
    yield "unlike", {"query": "laugh", "user": person}
    yield "pulled", {"user": person, "sticker": sticker, "cluster": 0}
    yield "you_page", {"page": 0}
    yield "you_picture", {"picture": _PICTURE}
    yield "you_pulled", {**likes, "sticker": sticker, "cluster": 0}
    yield "captioning", {}
    yield "caption", {"sticker": sticker, "text": "laugh"}
    yield "inspect_sticker", {"show": "all", "query": "laugh", "user": person}
    yield "inspect_sticker", {"sticker": sticker}
    yield "held_out_queries", {"sticker": sticker}
    yield "caption_lists", {"mine": "rescued"}
    yield "own_picture", {}
    yield "picture_kin", {"sticker": sticker}
    yield "picture_kin", {"picture": _PICTURE}
    yield "blind", {"query": "laugh", "user": person, "seed": 3}
    yield "reveal", {"query": "laugh", "user": person, "seed": 3, "choice": sticker}
    yield "cases", {}
    yield "evidence", {}
    yield "evidence_clicks", {}
    yield "engine", {}
    yield "map_points", {}
    yield "map_named", {"ids": stickers}
    yield "map_members", {"user": person}
    yield "map_neighbours", {"sticker": sticker}
    yield "map_trust", {}


def _said(endpoint: Callable[..., Any], sticker: str) -> Any:
    """The answer of an endpoint, or its sentence."""
    asked: dict[str, Any] = {"query": "laugh", "person": "ann"}
    if endpoint.__name__ == "explain":
        asked["sticker"] = sticker
    elif endpoint.__name__ == "suggest":
        asked = {"conversation": [{"from": "bo", "text": "laugh"}], "person": "ann"}
    try:
        return endpoint(**asked)
    except gr.Error as error:
        return {"error": error.message}


def _picture(retriever: Retriever, name: str) -> Any:
    """The address and the bytes of a sticker's picture, or the sentence in their place."""
    bundle = retriever.bundle
    try:
        address = pictures.address(bundle, bundle.stickers[bundle.row_of[name]])
        return [address.rpartition("/")[2], len(bundle.picture(name)) if address else 0]
    except PersrvError as error:
        return {"error": str(error)}


def _png() -> str:
    sink = io.BytesIO()
    Image.new("RGB", (5, 4), (200, 30, 30)).save(sink, "PNG")
    return base64.b64encode(sink.getvalue()).decode()


_PICTURE = _png()


def _json(answer: Any) -> Any:
    """An answer as a browser receives it, without what differs from run to run."""
    return _without(orjson.loads(orjson.dumps(answer, option=orjson.OPT_NON_STR_KEYS)))


def _without(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {key: _without(value) for key, value in answer.items() if key not in PASSING}
    return [_without(each) for each in answer] if isinstance(answer, list) else answer


# ---- judging --------------------------------------------------------------------------------------------------------


def _is_one_line(sentence: str) -> bool:
    return bool(sentence.strip()) and "\n" not in sentence and len(sentence) < 2000


def _sentences(answer: Any) -> list[str]:
    """Sentences of errors in an answer, and whatever the page is told of the bundle."""
    if isinstance(answer, dict):
        own = [answer["error"]] if isinstance(answer.get("error"), str) else []
        return own + [each for value in answer.values() for each in _sentences(value)]
    return [each for value in answer for each in _sentences(value)] if isinstance(answer, list) else []


def _difference(given: Any, wanted: Any, path: str = "") -> str:
    """The first place in which two answers differ."""
    if isinstance(given, dict) and isinstance(wanted, dict):
        for key in dict.fromkeys([*given, *wanted]):
            if given.get(key) != wanted.get(key):
                return _difference(given.get(key), wanted.get(key), f"{path}.{key}")
    if isinstance(given, list) and isinstance(wanted, list) and len(given) == len(wanted):
        for at, (one, other) in enumerate(zip(given, wanted, strict=True)):
            if one != other:
                return _difference(one, other, f"{path}[{at}]")
    return f"{path} is {json.dumps(given)[:120]}, not {json.dumps(wanted)[:120]}"


@contextmanager
def _told() -> Iterator[list[str]]:
    """Log lines of the block; a traceback among them is one line too many."""
    said: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(self.format(record))

    listener, log = Listener(logging.WARNING), logging.getLogger("persrv")
    log.addHandler(listener)
    try:
        yield said
    finally:
        log.removeHandler(listener)


@contextmanager
def one_encoder() -> Iterator[None]:
    """Install the toy world's sentence encoder, and no other, for all bundles. Values that do not depend on the bundle
    are computed once: the phrasebook's fit to that encoder, and a large table of spellings.
    """
    fit = cache(lambda name: Paraphrases(world.sentence_encoder(name), name))
    with (
        mock.patch.object(catalogue_encoder, "load_sentence_encoder", world.sentence_encoder),
        mock.patch.object(plain_words, "Paraphrases", lambda _encode, name: fit(name)),
        mock.patch.object(lexicon, "speller", cache(lexicon.speller)),
    ):
        yield


def main() -> int:
    parser = argparse.ArgumentParser(description="Damage bundles, and judge what opening and asking them gives.")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=20, help="faults to print (default 20)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = fuzz(options.cases, options.seed, Path(folder))
    print(*report.faults[: options.show], report, sep="\n")  # noqa: T201
    return 0 if report.sound else 1


if __name__ == "__main__":
    sys.exit(main())
