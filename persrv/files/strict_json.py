"""JSON files from strangers: read within limits, so that nothing later meets a number or text that it cannot hold.

Python reads more than JSON allows (NaN, Infinity) and more than others can write again: numbers of a thousand digits,
half characters, documents nested so deeply that the next reader falls over.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

#: Bytes of the largest document: a manifest that lists 400,000 files.
MOST_BYTES = 64 << 20

#: Objects and lists inside each other.
MOST_DEEP = 40

#: Whole numbers lie in the 64 bits of an integer with or without a sign, as every other reader holds them.
_LEAST, _MOST = -(2**63), 2**64 - 1


def read_json(path: Path) -> Any:
    """Read a file of JSON in UTF-8. OSError where it cannot be read, ValueError with the reason where it is none, or
    beyond the limits.
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise ValueError(f"{size} bytes, at most {MOST_BYTES} are read")
    text = path.read_text(encoding="utf-8")
    try:
        document = json.loads(text, parse_int=_whole, parse_float=_finite, parse_constant=_finite)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    _check_depth(document, MOST_DEEP)
    if "\\u" in text:  # what came in as UTF-8 has no half characters, an escape may be one
        json.dumps(document, ensure_ascii=False).encode()
    return document


_TOO_DEEP = f"more than {MOST_DEEP} objects or lists inside each other"


def _check_depth(value: Any, left: int) -> None:
    if isinstance(value, dict | list):
        if not left:
            raise ValueError(_TOO_DEEP)
        for each in value.values() if isinstance(value, dict) else value:
            _check_depth(each, left - 1)


def _whole(digits: str) -> int:
    if len(digits) > 20 or not _LEAST <= int(digits) <= _MOST:
        raise ValueError(f"a whole number of {len(digits)} digits, which no 64 bits hold")
    return int(digits)


def _finite(text: str) -> float:
    value = float(text.replace("Infinity", "inf"))
    if not math.isfinite(value):
        raise ValueError(f"the number {text[:40]}, which is not finite")
    return value
