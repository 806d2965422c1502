"""Check that findings are told in both languages, in every text that a reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterator

from persrv.records import Text
from precompute.evaluation.report import Findings

_HAN = re.compile(r"[\u4e00-\u9fff]")
_NUMBERS = re.compile(r"\d*\.?\d+")


def assert_told_in_both_languages(found: Findings) -> None:
    """Sentences have Chinese with the same numbers; names and symbols may be the same in both languages."""
    for text in (found.title, found.data, *found.notes, *(note for table in found.tables for note in table.notes)):
        assert _HAN.search(text.zh), text
        assert not _HAN.search(text.en), text
    for text in _all(found):
        assert text.zh == text.en or _HAN.search(text.zh), text
        assert set(_NUMBERS.findall(text.en)) == set(_NUMBERS.findall(text.zh)), text


def _all(found: Findings) -> Iterator[Text]:
    yield from (found.title, found.data, *found.notes)
    for table in found.tables:
        yield from (table.title, *table.notes, *table.labels.values())
        yield from (text for row in table.rows for text in (row.group, row.note) if text is not None)
    for curve in found.curves:
        yield from (curve.title, curve.x_label, curve.y_label, *(x for x in curve.x if isinstance(x, Text)))
