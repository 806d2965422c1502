"""Profiles: read strictly, every mistake with its sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from persrv.errors import DataError
from precompute.config import PROFILES, ReadConfig, load_profile, profile_names


def test_the_shipped_profiles_load() -> None:
    assert profile_names() == ("demo", "laptop", "paper", "tiny")
    demo = load_profile("demo")
    assert demo.name == "demo"
    assert demo.draw.limit == 0
    assert (demo.split.method, demo.split.test) == ("interaction", 0.2)
    assert demo.keep.confidence == 0.7
    assert demo.tune.field_weight["queries"] == (0.5,)
    tuned = {"queries", "keywords", "description", "emotion", "names"}
    assert set(demo.tune.start) == set(demo.tune.field_weight) == tuned
    assert load_profile("tiny").embed.clip.zoom == (26, 30)


def written(folder: Path, text: str) -> str:
    (folder / "own.toml").write_text(text, encoding="utf-8")
    return "own"


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    profile = load_profile(written(tmp_path, 'title = "t"\n[read]\nenough = 1\n'), tmp_path)
    assert profile.read == ReadConfig(enough=1.0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('title = "t"\n[draw]\nsead = 1', "sets 'sead'"),
        ('title = "t"\ndraw = 3', "draw = 3"),
        ('title = "t"\n[draw]\nseed = "one"', "seed = 'one'"),
        ('title = "t"\n[draw]\nseed = true', "seed = True"),
        ('title = "t"\n[tune.field_weight]\nocr = [0.5]', "'ocr'"),
        ('title = "t"\n[tune]\nfield_weight = [0.5]', "field_weight = "),
        ("workers = 2", "not complete"),
        ("title = ", "cannot be read"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, found: str) -> None:
    with pytest.raises(DataError, match=found):
        load_profile(written(tmp_path, text), tmp_path)


def test_an_unknown_profile_names_the_known_ones() -> None:
    with pytest.raises(DataError, match="demo, laptop, paper, tiny"):
        load_profile("nothing", PROFILES)
