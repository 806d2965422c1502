"""The JSON inside a bundle that others rely on unasked: what shape it must have, and where it has another one.

A shape is a type, or a tuple of types; [shape]: a list of such; {key: shape}: an object with these keys at least, where
`key?` may be absent and EVERY stands for all keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from persrv.records import FIELDS

EVERY = "*"

_NUMBER = (int, float)

_FINDINGS = {"title": str, "data": str, "tables?": [{}], "curves?": [{}], "notes?": [str], "parameters?": {}}
_EXAMPLE = {"sticker": str}
_LEFT_OUT = [{"reason": str, "count": int}]

#: evaluation.json, as far as the page reads it by itself.
EVALUATION: dict[str, Any] = {
    "sections?": {EVERY: _FINDINGS},
    "vlm?": {"rows?": [{}], "examples?": [_EXAMPLE], "base_examples?": [_EXAMPLE]},
}

#: What bundle.json says besides files, counts and settings.
MANIFEST: dict[str, Any] = {
    "gates": {EVERY: {"value?": _NUMBER, "goal?": _NUMBER}},
    "index": {"bm25": {name: {"k1": _NUMBER, "b": _NUMBER, "epsilon": _NUMBER} for name in FIELDS}},
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
    """(what was found, what was expected) wherever a document differs from its shape; path: what the document is."""
    kinds: Any = shape if isinstance(shape, type | tuple) else type(shape)
    if not isinstance(document, kinds):
        wanted = kinds if isinstance(kinds, tuple) else (kinds,)
        yield f"{path} is {document!r}"[:200], " or ".join(kind.__name__ for kind in wanted)
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
