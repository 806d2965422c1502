"""Ranks under other captions, held-out queries and the mined lists, on the toy world with captions of known effect.

Ann clicked s05 and s06 for "night" in the test split. In the told world s05 says nothing; its fine-tuned keyword is
"night", its base keyword "moon". s06 has "night" from both models, s10 from the base model alone. Ann likes the style
of s05 and not that of s06. So she finds s05 first and s06 second; with base keywords s06 first and s05 not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import toy

from persrv.hits import Place
from persrv.insight.caption_inspection import LISTS, VARIANTS, Inspector, caption_texts, misfits
from persrv.records import FIELDS, FloatArray, SearchSettings, Sticker
from persrv.retriever import Retriever

#: Keywords count most, so that the captions decide.
SETTINGS = SearchSettings(field_weights={**dict.fromkeys(FIELDS, 1.0), "keywords": 4.0})

CAPTIONED = {
    "s05": {"ocr": "", "keywords": "night", "keywords_base": "moon", "description": "the moon"},
    "s06": {"keywords": "night", "keywords_base": "night"},
    "s10": {"keywords_base": "night"},
}


def told(changes: Mapping[str, Mapping[str, str]] = CAPTIONED) -> tuple[Sticker, ...]:
    """The toy's stickers, some of them captioned."""
    return tuple(replace(sticker, **changes.get(sticker.id, {})) for sticker in toy.stickers())


@pytest.fixture
def inspector(tmp_path: Path) -> Inspector:
    return Inspector(Retriever(toy.write_toy(tmp_path, stickers=told(), settings=SETTINGS)))


# ---- places ---------------------------------------------------------------------------------------------------------


def test_the_shipped_place_is_the_rank_that_search_gives(inspector: Inspector) -> None:
    hits = inspector.retriever.search("night", "ann", top=100).hits
    for hit in hits:
        place = inspector.retriever.place(hit.sticker, "night", "ann")
        assert (place.rank, place.recall_rank, place.matched) == (hit.rank, hit.recall_rank, len(hits))


def test_a_sticker_that_recall_leaves_out_has_a_recall_rank_only(inspector: Inspector) -> None:
    ask = inspector.retriever
    few = replace(ask.bundle.settings, recall_size=2)
    found = [ask.place(hit.sticker, "night", None, few) for hit in ask.search("night", top=100).hits]
    assert [(place.rank, place.recall_rank) for place in found] == [(1, 1), (2, 2), (None, 3), (None, 4)]
    assert ask.place("s01", "night", None, few) == Place(None, None, 4)
    assert ask.place("s01", "  ") == Place(None, None, 0)


def test_base_keywords_do_not_find_what_fine_tuned_ones_do(inspector: Inspector) -> None:
    places = inspector.places("s05", "night", "ann")
    assert tuple(places) == VARIANTS
    assert places["tuned"].rank == 1  # Ann likes its style
    assert places["base"] == Place(None, None, 4)  # s06, s07, s08 by their words, s10 by its base keyword
    assert places["captionless"] == Place(None, None, 3)
    assert places["textless"].rank == 1
    assert places["textless"].matched == 2


def test_places_under_base_keywords_are_those_of_a_bundle_that_ships_them(inspector: Inspector, tmp_path: Path) -> None:
    swapped = tuple(replace(sticker, keywords=sticker.keywords_base) for sticker in told())
    other = Retriever(toy.write_toy(tmp_path / "base", stickers=swapped, settings=SETTINGS))
    for sticker in toy.IDS:
        assert inspector.places(sticker, "night", "ann")["base"] == other.place(sticker, "night", "ann")


# ---- held-out queries -----------------------------------------------------------------------------------------------


def test_held_out_queries_are_those_of_the_test_split(inspector: Inspector) -> None:
    (held,) = inspector.held_out("s05")
    assert (held.query, held.users, held.trained) == ("night", ("ann",), False)
    assert inspector.held_out("s01") == ()


def test_a_held_out_query_that_training_knew_says_so(tmp_path: Path) -> None:
    test = (toy.Interaction("bob", "laugh", "s01", 1), toy.Interaction("ann", "laugh", "s01", 2))
    bundle = toy.write_toy(tmp_path, interactions={**toy.INTERACTIONS, "test": test})
    (held,) = Inspector(Retriever(bundle)).held_out("s01")
    assert (held.users, held.trained) == (("ann", "bob"), True)


def test_scores_of_both_models(inspector: Inspector) -> None:
    scores = inspector.scores("s05")
    assert (scores["base"].recall, scores["tuned"].recall) == (0, 1)
    assert scores["tuned"].bleu > scores["base"].bleu
    assert scores["tuned"].cosine is None  # the toy has no text encoder
    assert inspector.scores("s01") == {}


def test_cosine_is_the_text_encoders(tmp_path: Path) -> None:
    rows = {"night": 0, "moon": 1}

    def encode(text: str) -> FloatArray:
        return toy.axis(rows.get(text, 2))

    bundle = toy.write_toy(tmp_path, stickers=told())
    scores = Inspector(Retriever(bundle, encode)).scores("s06")
    assert (scores["tuned"].cosine, scores["base"].cosine) == (1, 1)


# ---- lists ----------------------------------------------------------------------------------------------------------


def test_helped_and_hurt_by_hand(inspector: Inspector) -> None:
    ranks = {
        name: [inspector.places(name, "night", "ann")[variant].rank for variant in ("tuned", "base")]
        for name in ("s05", "s06")
    }
    assert ranks == {"s05": [1, None], "s06": [2, 1]}
    assert inspector.gains() == {"s05": 1, "s06": -0.5}
    assert (inspector.listed("helped"), inspector.listed("hurt")) == (("s05",), ("s06",))


def test_lists_that_need_no_mining(inspector: Inspector) -> None:
    assert inspector.listed("all") == toy.IDS
    assert inspector.listed("animated") == ("s04",)
    assert inspector.listed("cold") == tuple(name for name in toy.IDS if name not in toy.COUNTS)


def test_sizes_are_known_once_mined(inspector: Inspector) -> None:
    assert set(inspector.known()) == {"all", "cold", "animated"}
    inspector.listed("hurt")
    assert set(inspector.known()) == set(LISTS) - {"contradicted"}
    inspector.listed("contradicted")
    assert inspector.known()["contradicted"] == 0  # without a text encoder nothing is read


# ---- contradictions -------------------------------------------------------------------------------------------------

MEANINGS: dict[str, Sequence[float]] = {
    "joy": (1, 0, 0),
    "haha": (0.9, 0.1, 0),
    "night": (0, 1, 0),
    "zzz": (0, 0.9, 0.1),
}


def meaning(text: str) -> FloatArray:
    return np.array(MEANINGS.get(text, (0, 0, 1)), np.float32)


def test_words_that_fit_other_captions_better_contradict_their_own() -> None:
    stickers = {
        "a": ("haha", ("joy",)),
        "b": ("zzz", ("night", "haha")),
        "c": ("zzz", ("joy", "a thing")),  # says zzz, captioned as joy
        "d": ("haha", ("joy", "night")),
        "e": ("zzz", ("night",)),
    }
    assert misfits(stickers, meaning) == ("c",)


def test_nothing_to_compare_with_contradicts_nothing() -> None:
    assert misfits({}, meaning) == ()
    assert misfits({"a": ("zzz", ("joy",))}, meaning) == ()


def test_what_a_caption_says() -> None:
    assert caption_texts("joy，haha", "calm") == ("joy", "haha", "calm")
    assert caption_texts("，", "") == ()


def test_contradictions_are_looked_for_where_there_are_words_and_a_caption(tmp_path: Path) -> None:
    changes = {
        "s01": {"ocr": "haha", "keywords": "joy"},
        "s02": {"ocr": "zzz", "keywords": "joy"},
        "s03": {"ocr": "zzz", "keywords": "night"},
        "s04": {"ocr": "", "keywords": "night"},
        "s05": {"ocr": "zzz", "description": "joy"},
    }

    def encode(text: str) -> FloatArray:
        return np.pad(meaning(text), (0, toy.DIMENSIONS - 3))

    retriever = Retriever(toy.write_toy(tmp_path, stickers=told(changes)), encode)
    assert Inspector(retriever).listed("contradicted") == ("s02",)
