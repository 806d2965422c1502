"""Requests that were written before any rule was made for them, and other messages of the same build."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from persrv.text.instructions import instruction

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def apart() -> dict[str, Rows]:
    with Path(__file__).with_name("requests_apart.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {wants: [row for row in rows if row["wants"] == wants] for wants in ("yes", "no")}


def test_nearly_every_request_is_told_and_found_what_it_asks_for(apart: dict[str, Rows]) -> None:
    found = [instruction(row["text"]) for row in apart["yes"]]
    assert np.mean([each is not None for each in found]) >= 0.95
    assert (
        np.mean([each is not None and each.asks == row["asks"] for each, row in zip(found, apart["yes"], strict=True)])
        >= 0.9
    )


def test_hardly_any_other_message_is_surely_a_request(apart: dict[str, Rows]) -> None:
    """A sign, "one saying where the exit is", says something as a sticker does."""
    surely = [row["text"] for row in apart["no"] if (found := instruction(row["text"])) and found.certain]
    assert surely == ["do you have one saying where the exit is"]
