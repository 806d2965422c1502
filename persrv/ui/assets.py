"""The page's own JavaScript, CSS and HTML files, read as text and joined."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

FOLDER = Path(__file__).parent

STYLES: tuple[str, ...] = (
    "frame.css",
    "theme.css",
    "shared/people.css",
    "search_tab/search.css",
    "you_tab/you.css",
    "search_tab/rankings.css",
    "search_tab/top.css",
    "search_tab/dialog.css",
    "chat_tab/chat.css",
    "owner/owner.css",
    "map_tab/map.css",
    "map_tab/panel.css",
    "captions_tab/captions.css",
    "captions_tab/inspect.css",
    "blind_tab/blind.css",
    "cases_tab/cases.css",
    "judge_tab/judge.css",
    "about_tab/about.css",
    "about_tab/evidence.css",
    "paper/paper.css",
    "presentation/presentation.css",
    "sharing/sharing.css",
    "media.css",
)

#: The module that imports all others.
ENTRY = "shared/page.js"


def read(name: str) -> str:
    """Read a file of persrv/ui by its path below it."""
    return (FOLDER / name).read_text(encoding="utf-8")


def style() -> str:
    """Give the page's styles as one sheet."""
    return "\n".join(read(name) for name in STYLES)


def script() -> str:
    """Give the page's scripts as one, which mounts the page."""
    return f"{joined(ENTRY)};\n"


def joined(entry: str) -> str:
    """Join a module and all that it imports into one JavaScript expression; its value holds what the module exports.

    Modules run in the order of their imports, each in a scope of its own. ValueError where modules import one another
    in a circle, where an imported name is not exported, and where a statement is in no form that is read here.
    """
    parts = [_scoped(name, text) for name, text in _in_order(entry).items()]
    return "\n".join(
        ["(() => {", '"use strict";', "const modules = {};", *parts, f'return modules["{entry}"];', "})()"]
    )


#: Patterns of imports and exports: `import { a, b } from "./c.js";`, and `export` before a definition.
IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]*)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async function|function|const|class) (\w+))", re.MULTILINE)
UNREAD = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)

#: Documentation on lines of its own, of types mostly: a browser has no use for it.
DOCUMENTATION = re.compile(r"^ */\*\*(?:(?!\*/).)*\*/\n", re.MULTILINE | re.DOTALL)


def _in_order(entry: str) -> dict[str, str]:
    """The text of every module that `entry` needs and of itself by name, each after all that it imports."""
    found: dict[str, str] = {}

    def visit(name: str, importers: tuple[str, ...]) -> None:
        if name in importers:
            circle = " -> ".join([*importers[importers.index(name) :], name])
            raise ValueError(f"Modules import one another in a circle: {circle}. Move what they share into another.")
        if name in found:
            return
        text = read(name)
        for names, path in IMPORT.findall(text):
            source = _source(name, path)
            visit(source, (*importers, name))
            missing = {each.strip() for each in names.split(",")} - {"", *EXPORT.findall(found[source])}
            if missing:
                raise ValueError(f"{name} imports {', '.join(sorted(missing))}; {source} exports no such name.")
        found[name] = text

    visit(entry, ())
    return found


def _source(name: str, path: str) -> str:
    """The name of the module at `path`, seen from the module `name`."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def _scoped(name: str, text: str) -> str:
    """Wrap a module in a function that is called at once, and keep the exports that it returns in `modules`."""
    exported = EXPORT.findall(text)
    body = IMPORT.sub(lambda match: f'const {{{match[1]}}} = modules["{_source(name, match[2])}"];', text)
    body = EXPORT.sub("", DOCUMENTATION.sub("", body))
    if unread := UNREAD.search(body):
        raise ValueError(
            f'{name}: {unread[0]} is not read here. Write import {{ a }} from "./b.js"; or export function.'
        )
    return f'modules["{name}"] = (() => {{\n{body}\nreturn {{ {", ".join(exported)} }};\n}})();'
