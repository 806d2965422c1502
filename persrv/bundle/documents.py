"""The shapes of the JSON inside a bundle, as far as other modules rely on them.

A shape is a type; (shape, ...): any of these; [shape]: a list of such; {key: shape}: an object with at least these
keys, where `key?` may be absent and EVERY stands for all keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from persrv.records import FIELDS

EVERY = "*"

_NUMBER = (int, float)

#: persrv.records.Text: in both languages, or one string for both.
_TEXT = (str, {"en": str, "zh": str})

#: A value that may be unknown.
_MAYBE = (int, float, type(None))

_FIGURE = {"value": _NUMBER, "low?": _NUMBER, "high?": _NUMBER, "p?": _NUMBER, "mark?": str}
_ROW = {
    "name": str,
    "figures": {EVERY: _FIGURE},
    "group?": _TEXT,
    "note?": _TEXT,
    "paper?": {EVERY: _NUMBER},
}
_TABLE = {
    "name": str,
    "title": _TEXT,
    "columns": [str],
    "rows": [_ROW],
    "notes?": [_TEXT],
    "labels?": {EVERY: _TEXT},
    "whole?": [str],
    "digits?": int,
}
_CURVE = {
    "name?": str,
    "title": _TEXT,
    "x_label": _TEXT,
    "y_label": _TEXT,
    "x": [(_NUMBER, _TEXT)],
    "y": [_NUMBER],
    "lower?": [_NUMBER],
    "upper?": [_NUMBER],
    "part?": str,
    "chosen?": (_MAYBE, _TEXT),
}
_FINDINGS = {
    "title": _TEXT,
    "data": _TEXT,
    "tables?": [_TABLE],
    "curves?": [_CURVE],
    "notes?": [_TEXT],
    "parameters?": {},
}
_EXAMPLE = {
    "sticker": str,
    "kind?": str,
    "ocr?": str,
    "reference?": [str],
    "recall?": _MAYBE,
    "base?": str,
    "tuned_picture?": str,
    "tuned_ocr?": str,
}
_BASE_EXAMPLE = {
    "sticker": str,
    "description?": str,
    "emotion?": str,
    "truth?": {EVERY: str},
    "right?": {EVERY: bool},
}
_UNSPELT = {"tokens": _NUMBER, "of": _NUMBER, "stickers": _NUMBER}
_BM25 = {"k1": _NUMBER, "b": _NUMBER, "epsilon": _NUMBER, "idf?": str}
_LEFT_OUT = [{"reason": _TEXT, "count": int}]

#: evaluation.json, as far as the page reads it by itself.
EVALUATION: dict[str, Any] = {
    "sections?": {EVERY: _FINDINGS},
    "vlm?": {
        "rows?": [{"name?": str}],
        "rule?": (_TEXT, type(None)),
        "ceiling?": _MAYBE,
        "unspelt?": (_UNSPELT, type(None)),
        "examples?": [_EXAMPLE],
        "base_examples?": [_BASE_EXAMPLE],
    },
}

#: Entries of bundle.json besides files, counts and settings.
MANIFEST: dict[str, Any] = {
    "notes_zh?": str,
    "settings_words?": {},
    "meaning?": {"encoder": str, "texts": int, "dimensions": int},
    "gates": {EVERY: {"value?": _MAYBE, "goal?": _MAYBE, "cases?": _MAYBE, "passed?": bool}},
    "index": {
        "bm25": {(f"{name}?" if name == "names" else name): _BM25 for name in FIELDS}
    },  # older ones have no names
    "provenance": {
        "evaluation?": {"sections?": {EVERY: _FINDINGS}},
        "import?": {
            "folder": str,
            "files": int,
            "pictures": int,
            "files_left_out?": _LEFT_OUT,
            "clicks_file?": str,
            "rows?": int,
            "clicks?": int,
            "rows_left_out?": _LEFT_OUT,
        },
    },
}


def misshapen(document: Any, shape: Any, path: str) -> Iterator[tuple[str, str]]:
    """(found, expected) wherever a document differs from its shape; path: how messages call the document."""
    if isinstance(shape, tuple):
        if all(any(misshapen(document, each, path)) for each in shape):
            yield f"{path} is {document!r}"[:200], _called(shape)
        return
    kind: Any = shape if isinstance(shape, type) else type(shape)
    if not isinstance(document, kind):
        yield f"{path} is {document!r}"[:200], _called(shape)
    elif isinstance(shape, list):
        for number, each in enumerate(document):
            yield from misshapen(each, shape[0], f"{path}[{number}]")
    elif isinstance(shape, dict):
        for key, inner in shape.items():
            name = key.removesuffix("?")
            if key == EVERY:
                for own, each in document.items():
                    yield from misshapen(each, inner, f"{path}.{own}")
            elif name in document:
                yield from misshapen(document[name], inner, f"{path}.{name}")
            elif name == key:
                yield f"{path} has no {name}", f"{path}.{name}"


def _called(shape: Any) -> str:
    """The name of a shape in a message: "int or float", "str or dict of en, zh"."""
    if isinstance(shape, tuple):
        return " or ".join(map(_called, shape))
    if isinstance(shape, type):
        return shape.__name__
    keys = ", ".join(key for key in shape if not key.endswith("?")) if isinstance(shape, dict) else ""
    return f"{type(shape).__name__} of {keys}" if keys and keys != EVERY else type(shape).__name__
