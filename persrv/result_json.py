"""A search result in JSON's types, for programs and for files."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from persrv.records import Hit, SearchResult


def result_to_json(result: SearchResult) -> dict[str, Any]:
    """A search result in JSON's types, every part of every score under its name."""
    return {**asdict(replace(result, hits=())), "hits": [_hit_to_json(hit) for hit in result.hits]}


def _hit_to_json(hit: Hit) -> dict[str, Any]:
    return {
        **hit._asdict(),
        "fields": [score._asdict() for score in hit.fields],
        "utility": hit.utility._asdict(),
        "preference": hit.preference and hit.preference._asdict(),
        "meaning": hit.meaning and {**hit.meaning._asdict(), "texts": [text._asdict() for text in hit.meaning.texts]},
    }
