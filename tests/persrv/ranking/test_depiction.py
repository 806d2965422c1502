"""Depictions by hand: three stickers, of which one shows a cat that cries."""

from collections.abc import Mapping

import numpy as np
import pytest

from persrv.ranking.depiction import Depictions
from persrv.ranking.meaning import MeaningIndex
from persrv.records import FIELDS, FloatArray
from persrv.text.drawn_names import described

#: Axes 0 to 3: cat, dog, cry, laugh.
TEXTS = {"cat": 0, "cry": 2, "dog": 1, "laugh": 3}
#: A word that no text holds.
UNNAMED = ("word",)

#: A cat that cries, a dog that cries, a cat that laughs: looks in descriptions, feelings in keywords.
STICKERS: tuple[Mapping[str, str], ...] = (
    {"keywords": "cry", "description": "cat"},
    {"keywords": "cry", "description": "dog"},
    {"keywords": "laugh", "description": "cat"},
)


@pytest.fixture(scope="module")
def depictions() -> Depictions:
    texts = sorted(TEXTS)
    entries = [(texts.index(text), FIELDS.index(field)) for sticker in STICKERS for field, text in sticker.items()]
    index = MeaningIndex(
        texts,
        np.eye(4, dtype=np.float16)[[TEXTS[text] for text in texts]],
        np.array([0, 2, 4, 6], np.int64),
        np.array([text for text, _ in entries], np.int32),
        np.array([field for _, field in entries], np.int8),
        "by hand",
    )
    return Depictions.of(index)


def words(*each: Mapping[int, float]) -> FloatArray:
    """Cosines with the texts, of unit rows by their axes."""
    rows = np.zeros((len(each), 4), np.float32)
    for row, axes in zip(rows, each, strict=True):
        for axis, value in axes.items():
            row[axis] = value
    return rows[:, [TEXTS[text] for text in sorted(TEXTS)]]


def test_every_word_must_be_met(depictions: Depictions) -> None:
    found = depictions.depicted(words({2: 1.0}, {0: 1.0}), UNNAMED * 2)
    assert found is not None
    assert found == pytest.approx([1.0, 0.0, 0.0], abs=1e-6)


def test_a_word_counts_in_units_of_the_sticker_that_meets_it_best(depictions: Depictions) -> None:
    """A kitten is a cat by .6, and no other animal: every cat shows it as well as it can be shown here."""
    found = depictions.depicted(words({0: 0.6}), UNNAMED)
    assert found is not None
    assert found == pytest.approx([1.0, 0.0, 1.0], abs=1e-3)


def test_a_description_that_holds_a_name_shows_more_than_one_that_is_like_it(depictions: Depictions) -> None:
    """A puppy is a cat by .6, says the encoder; "dog" is its other name, and what one description says."""
    (dog,) = described("puppy")
    found = depictions.depicted(words({0: 0.6}), ("puppy",), (dog.drawn,), (dog.drawn,))
    assert found is not None
    assert found == pytest.approx([0.4**3, 1.0, 0.4**3], abs=1e-3)  # shows no dog, and is like a puppy by .8


def test_what_is_described_counts_by_the_cube_of_what_is_shown(depictions: Depictions) -> None:
    """A dog that cries: the crying dog shows all, another crying one, or another dog, the half."""
    names = described("a dog that cries")
    dog, cry = (name.drawn for name in names)
    found = depictions.depicted(words({2: 1.0}), ("cries",), (cry,), (dog,))
    assert found is not None
    assert found == pytest.approx([0.5**3, 1.0, 0.0], abs=1e-6)
    assert depictions.whole(found).tolist() == [False, True, False]


def test_what_no_sticker_shows_is_lacking(depictions: Depictions) -> None:
    assert [name.text for name in depictions.lacking(described("a giraffe beside a cat"))] == ["giraffe"]
    assert not depictions.lacking(described("watercolour"))  # descriptions here tell of no style at all


@pytest.mark.parametrize(("query", "tells"), [("cat", True), ("giraffe", True), ("neon", False), ("sunglasses", False)])
def test_what_descriptions_tell_of(depictions: Depictions, query: str, tells: bool) -> None:
    assert depictions.tells(described(query)) == tells


def test_a_thing_that_a_few_other_texts_name_is_still_what_is_seen() -> None:
    """Twenty descriptions show a balloon; of keywords that name one, two are chance, and three are not."""

    def tells(naming: int) -> bool:
        field = [FIELDS.index("description"), FIELDS.index("keywords")]
        texts = [[0, 1] if sticker < naming else [0, 2] for sticker in range(20)]
        index = MeaningIndex(
            ["a balloon", "balloon", "laugh"],
            np.eye(3, 4, dtype=np.float16),
            np.arange(0, 41, 2),
            np.array(texts, np.int32).ravel(),
            np.array(field * 20, np.int8),
            "by hand",
        )
        return Depictions.of(index).tells(described("balloon"))

    assert tells(2)
    assert not tells(3)


def test_a_word_that_stickers_say_is_not_only_seen(depictions: Depictions) -> None:
    assert depictions.depicted(words({2: 1.0}), ("cry",)) is None


@pytest.mark.parametrize(
    "asked",
    [
        words({2: 1.0}),  # to cry is what stickers say themselves
        words({0: 0.4}),  # hardly like anything that is seen
        words(),
        words({0: 1.0}, {1: 1.0}, {2: 1.0}, {3: 1.0}),  # more words than a description of a picture has
    ],
)
def test_a_query_that_names_nothing_seen_has_no_depiction(depictions: Depictions, asked: FloatArray) -> None:
    assert depictions.depicted(asked, UNNAMED * len(asked)) is None


def test_a_catalogue_without_descriptions_depicts_nothing() -> None:
    index = MeaningIndex.gather(())
    assert Depictions.of(index).depicted(np.zeros((1, 0), np.float32), UNNAMED) is None
