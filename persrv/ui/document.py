"""The document that the app's address answers: the page's own frame, styles and scripts, and nothing of Gradio's.

A browser shows the frame, with room for the results, as soon as it has the styles; the scripts then mount every tab
into it. Gradio serves the functions and endpoints behind the page. Its own frontend, larger than the page, is sent only
to whoever opens the documentation of the endpoints (/?view=api).
"""

from __future__ import annotations

import gzip
import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs
from weakref import WeakKeyDictionary

import gradio as gr
import orjson
from gradio.route_utils import API_PREFIX, get_root_url
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from persrv.ui import assets, strings
from persrv.ui.page import PAGES

#: Components whose server functions the page calls, by the ids of their elements.
COMPONENTS = ("ps-page", "ps-map")

#: A file's name holds a hash of its content, so a browser may keep it for a year.
_KEPT = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}

#: Part of the page -> the room that it takes before the scripts fill it: cards for more than a screen, faces.
_ROOMS = {
    "left-grid": '<li class="ps-room"><span></span></li>' * 16,
    "right-grid": '<li class="ps-room"><span></span></li>' * 16,
    "people": '<span class="ps-person"><span class="ps-avatar"></span><span class="ps-person-name"></span></span>',
    "segment-left": "&nbsp;",
    "who-head": '<span class="ps-tool ps-you-door"><svg class="ps-heart-sign"></svg><em data-t="you_door"></em></span>',
}


#: Parameters of the address that put something above the results, whose height only the scripts know: until they are
#: there, no room for results is shown that would have to move.
_PLACED_BY_SCRIPTS = frozenset({"tune", "with"})


def routes() -> list[Route]:
    """The routes of the document, of its script and of its style sheet, which come before Gradio's."""
    return [_OwnPage("/", _document), *(Route(f"/{each.name}", each.answer) for each in (_script(), _style()))]


class _OwnPage(Route):
    """The route of the page, which leaves Gradio's documentation of the endpoints to Gradio."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("view")
        return (Match.NONE, {}) if asked == ["api"] else super().matches(scope)


# ---- files ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _File:
    """A file that is sent as it is, or compressed once for all who read it so."""

    name: str
    content: bytes
    compressed: bytes
    media_type: str

    def answer(self, request: Request) -> Response:
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(self.content, media_type=self.media_type, headers=_KEPT)
        return Response(self.compressed, media_type=self.media_type, headers={**_KEPT, "Content-Encoding": "gzip"})


@cache
def _script() -> _File:
    return _file("js", assets.script(), "text/javascript")


@cache
def _style() -> _File:
    return _file("css", assets.style(), "text/css")


def _file(ending: str, text: str, media_type: str) -> _File:
    content = text.encode()
    name = f"page/{hashlib.sha256(content).hexdigest()[:16]}.{ending}"
    return _File(name, content, gzip.compress(content, mtime=0), media_type)


# ---- the document ---------------------------------------------------------------------------------------------------


def _document(request: Request) -> Response:
    """The page in the reader's language, with the view that the address names."""
    blocks = request.app.get_blocks()
    language = language_of(request.query_params.get("lang"), request.headers.get("accept-language", ""))
    root_path = request.app.root_path or request.scope.get("root_path") or blocks.custom_mount_path
    configuration = {
        "root": get_root_url(request, "/", root_path),
        "api_prefix": API_PREFIX,
        "space_id": blocks.space_id,
    }
    return HTMLResponse(
        document(_contents(blocks), language, request.query_params, configuration),
        headers={"Cache-Control": "no-cache"},
    )


@dataclass(frozen=True, slots=True)
class Contents:
    """The parts of a document.

    start: the data that the scripts begin with, as JSON; faces: the number of people to choose from, with the visitor
    and nobody; words: whether a search by words alone can be chosen; views: the tabs' names.
    """

    start: bytes
    faces: int
    words: bool
    views: frozenset[str]


def _contents(blocks: gr.Blocks) -> Contents:
    """The contents of an app's documents, made anew where the page's component has another value than before."""
    found: dict[str | None, Any] = {each.elem_id: each for each in blocks.blocks.values() if isinstance(each, gr.HTML)}
    start = found["ps-page"].value
    known = _CONTENTS.get(blocks)
    if known is None or known[0] is not start:
        known = _CONTENTS[blocks] = (start, _contents_of(found, start))
    return known[1]


#: App -> the value of its page's component, and the contents made of it.
_CONTENTS: WeakKeyDictionary[gr.Blocks, tuple[Mapping[str, Any], Contents]] = WeakKeyDictionary()


def _contents_of(found: Mapping[str | None, Any], start: Mapping[str, Any]) -> Contents:
    servers = {
        name: {"component": found[name]._id, "functions": [function.__name__ for function in found[name].server_fns]}
        for name in COMPONENTS
        if name in found
    }
    views = set(re.findall(r'data-view="(\w+)"', assets.read(PAGES[0])))
    return Contents(
        orjson.dumps({"start": start, "servers": servers}, option=orjson.OPT_NON_STR_KEYS),
        len(start["people"]) + 2,
        bool(start["tuning"]["meaning"]),
        frozenset(views if start["has_map"] else views - {"map"}),
    )


def language_of(named: str | None, accepted: str) -> str:
    """The language that an address names, else the one that the reader's browser prefers: Chinese, or English in any
    other case.

    accepted: the header Accept-Language. The page's scripts decide in the same way (shared/store.js).
    """
    if named in strings.LANGUAGES:
        return str(named)
    return "zh" if accepted.lower().lstrip().startswith("zh") else "en"


def document(contents: Contents, language: str, asked: Mapping[str, str], configuration: Mapping[str, Any]) -> str:
    """The whole document. asked: the parameters of the address; configuration: the part of Gradio's that the page
    reads.
    """
    view = asked.get("view", "search")
    view = view if view in contents.views else "search"
    door = f'data-view="{view}"'
    frame = _frame(contents, language).replace(f"{door} data-t=", f'{door} aria-current="page" data-t=')
    if asked.get("user") == "none":
        frame = frame.replace('class="ps-columns"', 'class="ps-columns is-single"').replace(
            'class="ps-segment"', 'class="ps-segment" hidden'
        )
    if not _PLACED_BY_SCRIPTS.isdisjoint(asked):
        frame = frame.replace('data-part="results"', 'data-part="results" data-unplaced', 1)
    return f"""<!doctype html>
<html lang="{"zh-CN" if language == "zh" else "en"}">
<head>
<meta charset="utf-8">
<base href="./">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(_said("title", language))}</title>
<meta name="description" content="{html.escape(_said("tagline", language))}">
<link rel="stylesheet" href="{_style().name}">
<link rel="icon" href="favicon.ico">
<script src="{_script().name}" defer></script>
</head>
<body data-ps-view="{view}">
<script>{_THEME}</script>
{frame}
<noscript><p class="ps-unscripted">{html.escape(_said("needs_script", language))}</p></noscript>
<script>window.gradio_config = {_scripted(orjson.dumps(configuration))};</script>
<script type="application/json" id="ps-start">{_scripted(contents.start)}</script>
</body>
</html>
"""


#: Dark where the address or else the system says so, before anything is drawn, and whenever the system changes.
_THEME = """
(() => {
  const named = new URLSearchParams(location.search).get("__theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const dress = () => document.body.classList.toggle("dark", named === "dark" || (named !== "light" && system.matches));
  system.addEventListener("change", dress);
  dress();
})();
"""


@cache
def _frame(contents: Contents, language: str) -> str:
    """The tabs' HTML in a language, with room for what the scripts fill in."""
    pages = "".join(assets.read(name) for name in PAGES)
    if "map" not in contents.views:
        pages = re.sub(r'<button[^>]* data-view="map"[^>]*></button>', "", pages)
    for part, room in _ROOMS.items():
        rooms = room * (contents.faces if part == "people" else 1)
        pages = re.sub(f'(data-part="{part}"[^>]*>)', rf"\1{rooms}", pages, count=1)
    pages = pages.replace('data-part="results"', 'data-part="results" aria-busy="true"', 1)
    if contents.words:
        pages = re.sub('(data-part="words"[^>]*) hidden>', r"\1>", pages)
    map_page = assets.read("map_tab/map.html")
    foot = '<footer class="ps-foot"><a href="?view=api" data-t="endpoints"></a></footer>'
    whole = f'<div id="ps-page">{pages}</div><div id="ps-map">{map_page}</div>'
    return filled_in(f'<main class="ps-frame is-unmounted" id="ps-frame">{whole}</main>\n{foot}', language)


def filled_in(template: str, language: str) -> str:
    """A template with its texts filled in, as shared/store.js fills them: data-t, data-t-label and the others."""

    def fill(tag: re.Match[str]) -> str:
        added = "".join(
            f' {attribute}="{html.escape(_said(key, language))}"'
            for name, attribute in _FILLED.items()
            for key in re.findall(rf' data-t-{name}="(\w+)"', tag[0])
        )
        text = re.search(r' data-t="(\w+)"', tag[0])
        return tag[0].removesuffix(">") + added + ">" + (html.escape(_said(text[1], language)) if text else "")

    return re.sub(r"<\w[^<>]* data-t(?:-\w+)?=[^<>]*>", fill, template)


#: data-t-NAME -> the attribute that it fills.
_FILLED = {"label": "aria-label", "title": "title", "placeholder": "placeholder"}


def _said(key: str, language: str) -> str:
    return strings.TEXTS[key][strings.LANGUAGES.index(language)]


def _scripted(document: bytes) -> str:
    """JSON as it may stand within a script: no text in it ends the script."""
    return document.decode().replace("<", "\\u003c")
