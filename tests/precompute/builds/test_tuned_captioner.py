"""Examples of fine-tuning: training interactions, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from persrv.errors import DataError
from persrv.records import Interaction
from precompute.fit import split
from precompute.fit.split import TestInteractions, TrainInteractions, ValidationInteractions
from precompute.models.small.llava_queries import Clicked
from precompute.stages.finetune import clicked_stickers, pictures_of

ROWS = (
    Interaction("u", "大笑", "b", 1),
    Interaction("v", "lol", "b", 2),
    Interaction("u", "大笑", "b", 3),
    Interaction("u", "hi", "a", 4),
)


def test_every_clicked_sticker_once_with_its_distinct_queries() -> None:
    texts = {"a": "你好", "b": "", "c": "x"}
    assert clicked_stickers(TrainInteractions(ROWS), ("a", "b", "c"), texts, dict.fromkeys("abc", "")) == (
        Clicked("a", 0, "你好", ("hi",)),
        Clicked("b", 1, "", ("lol", "大笑")),
    )


def test_kin_are_the_clicked_stickers_of_the_same_meaning() -> None:
    rows = (*ROWS, Interaction("v", "哭", "c", 5))
    meanings = {"a": "笑", "b": "笑", "c": "哭，难过"}
    found = clicked_stickers(TrainInteractions(rows), ("a", "b", "c"), dict.fromkeys("abc", ""), meanings)
    assert [one.kin for one in found] == [
        (("hi", 1), ("lol", 1), ("大笑", 2)),
        (("hi", 1), ("lol", 1), ("大笑", 2)),
        (("哭", 1),),
    ]


@pytest.mark.parametrize("other", [ValidationInteractions(ROWS), TestInteractions(ROWS), ROWS])
def test_only_training_interactions_are_taken(other: object) -> None:
    with pytest.raises(DataError, match="TrainInteractions"):
        clicked_stickers(other, ("a", "b"), {"a": "", "b": ""}, {"a": "", "b": ""})  # type: ignore[arg-type]


def test_without_validation_and_test_clicks_nothing_changes() -> None:
    rows = tuple(Interaction(f"u{n % 3}", f"q{n % 7}", f"s{n % 11:02d}", n) for n in range(100))
    parts = split.by_interaction(rows, 0.2, 0.1, 1)
    ids = sorted({row.sticker for row in rows})
    texts = dict.fromkeys(ids, "")
    alone = TrainInteractions(tuple(row for row in rows if row in set(parts.fitting)))
    meanings = {name: name[:2] for name in ids}
    assert clicked_stickers(parts.fitting, ids, texts, meanings) == clicked_stickers(alone, ids, texts, meanings)
    assert len(parts.validation) + len(parts.test) > 0


def test_pictures_are_whole_on_white(tmp_path: Path) -> None:
    Image.new("RGBA", (20, 10), (255, 0, 0, 255)).save(tmp_path / "a.webp", lossless=True)
    [picture] = pictures_of([tmp_path / "a.webp"], 8)
    assert picture.shape == (8, 8, 3)
    assert picture[0].min() == 255  # padded above
    assert picture[4, 0].tolist() == [255, 0, 0]  # nothing cut at the side
