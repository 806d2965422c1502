"""Progress: a bar on a terminal, a few lines elsewhere; and the processes that report it."""

from __future__ import annotations

import io
from functools import partial
from operator import mul
from pathlib import Path

import pytest
from PIL import Image

from persrv.errors import ModelError
from precompute.demo.spec import StickerSpec
from precompute.runtime.processes import each, each_prepared
from precompute.runtime.progress import Bar
from precompute.stages.draw import draw_all, select


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def ticking() -> float:
    ticking.now += 1.0  # type: ignore[attr-defined]
    return ticking.now  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _clock() -> None:
    ticking.now = 0.0  # type: ignore[attr-defined]


def test_a_terminal_sees_one_line_redrawn() -> None:
    screen = Terminal()
    bar = Bar("ocr", screen, ticking)
    for done in range(5):
        bar(done, 4)
    bar.close("done in 3.0 s")
    assert screen.getvalue().count("\n") == 1
    assert "2/4" in screen.getvalue()
    assert screen.getvalue().endswith("ocr: done in 3.0 s\n")


def test_elsewhere_there_are_a_few_plain_lines() -> None:
    screen = io.StringIO()
    bar = Bar("ocr", screen, ticking)
    for done in range(1001):
        bar(done, 1000)
    bar.close("done")
    lines = screen.getvalue().splitlines()
    assert [line.partition(",")[0] for line in lines] == [
        *(f"ocr: {number} of 1000" for number in (200, 400, 600, 800)),
        "ocr: done",
    ]
    assert "\r" not in screen.getvalue()


def test_the_time_left_counts_only_what_this_run_did() -> None:
    screen = io.StringIO()
    bar = Bar("ocr", screen, ticking)  # second 1
    bar(50, 100)  # an earlier run's
    bar(60, 100)  # second 3 or so: ten in about two seconds
    assert screen.getvalue().splitlines()[-1] in {"ocr: 60 of 100, 8 s left", "ocr: 60 of 100, 4 s left"}


def test_processes_keep_the_order() -> None:
    assert list(each(partial(mul, 3), range(20), workers=2)) == [3 * number for number in range(20)]
    assert list(each(partial(mul, 3), [], workers=2)) == []


def tripler():  # type: ignore[no-untyped-def]
    return partial(mul, 3)


def test_prepared_processes_keep_the_order() -> None:
    assert list(each_prepared(tripler, range(9), workers=2)) == list(each_prepared(tripler, range(9)))


def unprepared():  # type: ignore[no-untyped-def]
    raise ModelError("No model", "a model that is installed", "Install it.")


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_preparing_arrives_as_itself(workers: int) -> None:
    with pytest.raises(ModelError, match="Install it") as told:
        list(each_prepared(unprepared, range(9), workers))
    assert (told.value.found, told.value.expected) == ("No model", "a model that is installed")


# ---- drawing --------------------------------------------------------------------------------------------------------


def spec(number: int) -> StickerSpec:
    return StickerSpec(f"s{number}", "cat", "flat", "ok", "", False, number)


def test_drawing_goes_on_where_it_stopped(tmp_path: Path) -> None:
    drawn: list[str] = []

    def draw(what: StickerSpec) -> list[Image.Image]:
        if what.id == "s2" and drawn.count("s2") == 0:
            drawn.append("s2")
            raise KeyboardInterrupt
        drawn.append(what.id)
        return [Image.new("RGBA", (2, 2))]

    def save(frames: list[Image.Image], path: Path) -> None:
        frames[0].save(path)

    specs = [spec(number) for number in range(4)]
    with pytest.raises(KeyboardInterrupt):
        draw_all(specs, tmp_path, draw, save)
    steps: list[tuple[int, int]] = []
    counted = draw_all(specs, tmp_path, draw, save, report=lambda done, total: steps.append((done, total)))
    assert drawn == ["s0", "s1", "s2", "s2", "s3"]
    assert steps == [(2, 4), (3, 4), (4, 4)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s0.webp", "s1.webp", "s2.webp", "s3.webp"]
    assert counted == {"stickers": 4}


def test_a_selection_is_spread_over_the_plan() -> None:
    specs = [spec(number) for number in range(10)]
    assert select(specs, 0) == select(specs, 10) == tuple(specs)
    assert [chosen.seed for chosen in select(specs, 3)] == [0, 3, 6]
