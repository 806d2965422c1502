"""First sight and whose pull a preference is: rules over a bundle, worked out by hand on the toy world."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from wordy import wordy_world

from persrv.insight.preference_pull import cluster_members, pulls
from persrv.ranking.styles import preference, unit_rows
from persrv.retriever import Retriever
from persrv.ui.opening import (
    SIGHT,
    Opening,
    best,
    candidate_queries,
    in_language,
    most_unlike,
    openings,
    queries_to_try,
)
from persrv.ui.search_tab.calls import calls, pull_view
from persrv.ui.service import PageService
from persrv.ui.you_tab.calls import Visitors


@pytest.fixture(scope="module")
def wordy(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    folder: Path = tmp_path_factory.mktemp("opening")
    return wordy_world(folder)


def seen(query: str, user: str, fresh: int, gain: float = 0.5, kept: float = 1.0) -> Opening:
    return Opening(query, user, fresh, gain, kept, (f"{query}1", f"{query}2", f"{query}3", f"{query}4"))


def test_examples_are_in_the_language_of_the_page_where_there_are_any() -> None:
    chinese, english, mixed = seen("笑死我了", "u", 1), seen("lol", "u", 1), seen("good night 晚安", "u", 1)
    found = (chinese, english, mixed)
    assert in_language(found, "zh") == [chinese, mixed]
    assert in_language(found, "en") == [english]
    assert in_language((chinese,), "en") == (chinese,)
    assert in_language(found, None) == found


def test_the_pair_that_changes_most_opens_the_page() -> None:
    assert best([seen("a", "u", 2), seen("a", "v", 5), seen("b", "u", 4)]) == seen("a", "v", 5)
    assert best([]) is None


def test_what_loses_the_query_does_not_open_it_and_what_fits_better_breaks_ties() -> None:
    assert best([seen("a", "u", 8, kept=0.5), seen("a", "v", 3, kept=0.9)]) == seen("a", "v", 3, kept=0.9)
    assert best([seen("a", "u", 8, kept=0.5), seen("a", "v", 3, kept=0.6)]) == seen("a", "v", 3, kept=0.6)
    assert best([seen("a", "u", 3, 0.4), seen("b", "v", 3, 0.6), seen("c", "v", 3, 0.6)]) == seen("b", "v", 3, 0.6)
    assert best([seen("a", "u", 3, kept=1.0), seen("b", "u", 4, kept=0.95)]) == seen("b", "u", 4, kept=0.95)


def test_the_opening_is_offered_first_then_what_changes_most_for_everybody() -> None:
    """Means: a 1.5, b 2, c 3 (but half of it loses the query: 1.5), d 4 for one person only: the opening."""
    found = [seen("a", "u", 1), seen("a", "v", 2), seen("b", "u", 2), seen("b", "v", 2)]
    found += [seen("c", "u", 3), seen("c", "v", 3, kept=0.5), seen("d", "u", 4), seen("d", "v", 0)]
    assert queries_to_try(found) == ("d", "b", "a", "c")
    assert queries_to_try(found, 2) == ("d", "b")
    assert queries_to_try([]) == ()


def test_of_two_queries_for_the_same_stickers_one_is_offered() -> None:
    same = Opening("b", "u", 1, 0.5, 1.0, ("a1", "a2", "a3", "a4"))
    other = Opening("c", "u", 1, 0.5, 1.0, ("a1", "a2", "a3", "c4"))
    assert queries_to_try([seen("a", "u", 2), same, other]) == ("a", "c")


def test_what_people_typed_is_looked_at_after_the_examples(toy_retriever: Retriever) -> None:
    typed = [query for query, _ in toy_retriever.training_queries()]
    assert candidate_queries(toy_retriever, ["night", "laugh"]) == (
        "night",
        "laugh",
        *(q for q in typed if q != "laugh"),
    )


def test_a_sight_is_what_two_searches_show(wordy: Retriever) -> None:
    """The fast way over what was recalled once, against searching for everybody and for the person."""
    found = openings(wordy, ["laugh night", "moon", "cat", "xyzzy"])
    assert [(each.query, each.user) for each in found] == [
        (query, user) for query in ("laugh night", "moon", "cat") for user in ("ann", "bob", "cleo")
    ]
    for each in found:
        plain = wordy.search(each.query, None, top=SIGHT).hits
        theirs = wordy.search(each.query, each.user, top=SIGHT).hits
        assert each.everybodys == tuple(hit.sticker for hit in plain)
        assert each.fresh == len({hit.sticker for hit in theirs} - set(each.everybodys))
        asked = sum(hit.relevance for hit in plain)
        assert each.kept == pytest.approx(sum(h.relevance for h in theirs) / asked if asked else 1, rel=1e-5)
        liking = {
            hit.sticker: hit.preference.value for hit in wordy.search(each.query, each.user).hits if hit.preference
        }
        means = [float(np.mean([liking[hit.sticker] for hit in hits])) for hits in (theirs, plain)]
        assert each.gain == pytest.approx(means[0] - means[1], abs=1e-5)
    assert any(each.fresh for each in found), "the world no longer tells anybody apart"


def test_the_first_of_equally_different_people_is_compared_with(toy_retriever: Retriever) -> None:
    assert most_unlike(toy_retriever, "laugh", "ann") == "bob"
    assert most_unlike(toy_retriever, "laugh", None) == "ann"


@pytest.fixture(scope="module")
def ask(toy_retriever: Retriever) -> dict[str, object]:
    service = PageService(toy_retriever)
    return {call.__name__: call for call in calls(service, Visitors(service).told)}


def test_a_browser_is_told_what_to_open_with(ask: dict) -> None:
    found = ask["examples"]({})
    assert found["opening"] == {"query": found["queries"][0], "user": "ann"}  # nothing is fresh: the first of equals
    assert found["opening"]["query"] in found["queries"]
    assert ask["examples"]({"user": "bob"})["opening"]["user"] == "bob"
    for name in ("", "stranger"):
        assert ask["examples"]({"user": name})["opening"] == {"query": found["queries"][0], "user": name}


@pytest.mark.parametrize(
    "request_", [None, [], "text", {"query": 3, "user": {}, "cluster": True}, {"query": "哈" * 600}]
)
def test_whatever_is_sent_gets_an_answer(ask: dict, request_: object) -> None:
    assert ask["examples"](request_)["queries"]
    assert ask["unlike"](request_)["user"] == "ann"
    assert ask["pulled"](request_) == {"members": 0, "pulled": []}


# ---- pull -----------------------------------------------------------------------------------------------------------


def test_pulls_add_up_to_the_cosine_with_the_centroid() -> None:
    rng = np.random.default_rng(3)
    members, sticker = unit_rows(rng.normal(size=(7, 5))), unit_rows(rng.normal(size=(1, 5)))[0]
    centroid = unit_rows(members.mean(axis=0, keepdims=True))[0]
    assert pulls(sticker, members).sum() == pytest.approx(float(centroid @ sticker), abs=1e-6)


def test_pulls_by_hand() -> None:
    """Two members at right angles: their sum is sqrt(2) long."""
    members = np.eye(2, dtype=np.float32)
    assert pulls(np.array([0.6, 0.8], np.float32), members) == pytest.approx([0.6 / 2**0.5, 0.8 / 2**0.5])
    assert pulls(np.array([1, 0], np.float32), np.array([[1, 0], [-1, 0]], np.float32)).tolist() == [0, 0]


def test_members_are_the_training_stickers_nearest_to_the_centroid(toy_retriever: Retriever) -> None:
    style = toy_retriever.style_of("cleo")
    assert style is not None
    for cluster, names in enumerate((["s07"], ["s12"])):
        rows, vectors = cluster_members(toy_retriever, style, cluster)
        assert [toy_retriever.bundle.ids[row] for row in rows] == names
        assert preference(style, vectors)[0] == pytest.approx([0.8], abs=1e-3)


def test_ann_clicked_two_stickers_of_which_the_nearer_pulls_more(toy_retriever: Retriever) -> None:
    """s01 and s02 share .36: together sqrt(2.72) long. s05 shares .64 with s01 (style) and 0 with s02."""
    found = pull_view(toy_retriever, "ann", "s05", 0)
    assert found["members"] == 2
    assert [name for name, _ in found["pulled"]] == ["s01", "s02"]
    assert [pull for _, pull in found["pulled"]] == pytest.approx([0.64 / 2.72**0.5, 0.0], abs=2e-3)


@pytest.mark.parametrize(
    "wrong", [("stranger", "s01", 0), ("ann", "nothing", 0), ("ann", "s01", 1), ("ann", "s01", -1)]
)
def test_what_does_not_exist_pulls_nothing(toy_retriever: Retriever, wrong: tuple[str, str, int]) -> None:
    assert pull_view(toy_retriever, *wrong) == {"members": 0, "pulled": []}
