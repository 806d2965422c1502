"""The page's own files (JavaScript, CSS, HTML), read as text and joined."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent

STYLES: tuple[str, ...] = (
    "theme.css",
    "shared/people.css",
    "search_tab/search.css",
    "you_tab/you.css",
    "search_tab/rankings.css",
    "search_tab/dialog.css",
    "map_tab/map.css",
    "map_tab/panel.css",
    "captions_tab/captions.css",
    "captions_tab/inspect.css",
    "blind_tab/blind.css",
    "cases_tab/cases.css",
    "about_tab/about.css",
    "about_tab/evidence.css",
)

SCRIPTS: tuple[str, ...] = (
    "shared/dom.js",
    "shared/store.js",
    "shared/keep.js",
    "shared/stickers.js",
    "shared/people.js",
    "you_tab/you.js",
    "you_tab/portrait.js",
    "you_tab/panel.js",
    "shared/figure.js",
    "captions_tab/keywords.js",
    "search_tab/cards.js",
    "search_tab/terms.js",
    "search_tab/explain.js",
    "search_tab/overlap.js",
    "search_tab/four.js",
    "search_tab/rerank.js",
    "search_tab/tune.js",
    "search_tab/flips.js",
    "search_tab/swap.js",
    "search_tab/keys.js",
    "search_tab/dialog.js",
    "search_tab/suggest.js",
    "search_tab/picture.js",
    "search_tab/search.js",
    "map_tab/points.js",
    "map_tab/looks.js",
    "map_tab/plot.js",
    "map_tab/layer.js",
    "map_tab/panel.js",
    "map_tab/map.js",
    "captions_tab/label.js",
    "captions_tab/found.js",
    "captions_tab/inspect.js",
    "captions_tab/kin.js",
    "captions_tab/captions.js",
    "blind_tab/blind.js",
    "cases_tab/export.js",
    "cases_tab/kept.js",
    "cases_tab/cases.js",
    "about_tab/captions.js",
    "about_tab/tables.js",
    "about_tab/charts.js",
    "about_tab/clicks.js",
    "about_tab/leftout.js",
    "about_tab/evidence.js",
    "about_tab/about.js",
    "shared/page.js",
)


def read(name: str) -> str:
    """One file beside this one."""
    return (FOLDER / name).read_text(encoding="utf-8")


def head() -> str:
    """All styles and scripts, inline, so that the page asks nobody for anything; scripts share one private scope."""
    styles = "\n".join(read(name) for name in STYLES)
    scripts = "\n".join(read(name) for name in SCRIPTS)
    return f'<style>\n{styles}\n</style>\n<script>\n(() => {{\n"use strict";\n{scripts}\n}})();\n</script>'
