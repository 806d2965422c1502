"""The judged queries: what fits by hand, and that the list asks for what the demo world has."""

from pathlib import Path

import judged
import pytest

from persrv.bundle import Bundle

DEMO = Path(__file__).parents[2] / "assets" / "demo"


@pytest.mark.parametrize(
    ("fits", "fit"),
    [
        ("cry", True),
        ("hug cry", True),
        ("hug", False),
        ("character:cat", True),
        ("character:cat+cry", True),
        ("character:cat+hug character:dog+cry", False),
        ("-", False),
    ],
)
def test_what_fits(fits: str, fit: bool) -> None:
    labels = {"situation": "cry", "character": "cat", "style": "ink"}
    assert judged.Judged(1, "kind", "query", fits).fit(labels) == fit


def test_the_list_names_what_the_demo_world_has() -> None:
    stickers = Bundle.open(DEMO).stickers
    known = {"-"} | {each.labels["situation"] for each in stickers}
    known |= {f"{key}:{each.labels[key]}" for key in ("character", "style") for each in stickers}
    rows = judged.read()
    assert {label for row in rows for choice in row.fits.split() for label in choice.split("+")} <= known
    assert len({row.query for row in rows}) == len(rows) > 500


def test_everyday_queries_are_those_that_are_judged() -> None:
    import everyday

    assert everyday.queries() == [each.query for each in judged.read()]
