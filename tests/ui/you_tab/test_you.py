"""The server's answers to likes: a style for one request, a page to pick from, a picture's vector, or a refusal."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path

import numpy as np
import pytest
import toy
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from persrv.bundle import Bundle
from persrv.insight.cold_start import MOST_LIKES
from persrv.records import RANKINGS, FloatArray, UserStyle
from persrv.retriever import Retriever
from persrv.ui import strings
from persrv.ui.blind_tab.calls import calls as blind_calls
from persrv.ui.likes import YOU, asked, decode_vector, encode_vector, picture_name
from persrv.ui.service import PageService
from persrv.ui.you_tab.calls import PAGE, Visitors, calls

DEMO = Path(__file__).resolve().parents[3] / "assets" / "demo"


@pytest.fixture(scope="module")
def visitors(toy_bundle_path: Path) -> Visitors:
    """Visitors of the toy world, where every picture is seen in style 3."""
    retriever = Retriever(Bundle.open(toy_bundle_path), image_encoder=lambda picture: toy.axis(3))
    return Visitors(PageService(retriever))


def search(visitors: Visitors, likes: object, user: object = YOU, query: str = "laugh") -> dict[str, object]:
    request = {"query": query, "user": user, "likes": likes}
    return visitors.told(request, lambda who: visitors.service.search(query, who))


def picture(colour: str = "red") -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (9, 5), colour).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def like_of(vector: FloatArray) -> dict[str, str]:
    return {"picture": encode_vector(vector)}


# ---- searching ------------------------------------------------------------------------------------------------------


def test_likes_search_as_their_style(visitors: Visitors) -> None:
    answer = search(visitors, ["s07", "s11"])
    style = visitors.service.retriever.live_style(["s07", "s11"], YOU)
    results = visitors.service.retriever.compare("laugh", style, top=24)
    for name in RANKINGS:
        assert [row[0] for row in answer["rankings"][name]] == [hit.sticker for hit in results[name].hits]
    assert (answer["user"], answer["personalized"], answer["relevant"]) == (YOU, True, [])
    json.dumps(answer)


def test_an_answer_tells_what_the_style_is_made_of(visitors: Visitors) -> None:
    told = search(visitors, ["s07", "s01"])["you"]
    assert [(each["size"], each["likes"]) for each in told["clusters"]] == [(1, ["s01"]), (1, ["s07"])]
    assert (told["depth"], told["of"]) == (3, 12)
    assert told["shares"] == [["crayon", pytest.approx(2 / 3, abs=1e-5)], ["pixel", pytest.approx(1 / 3, abs=1e-5)]]
    assert [each["id"] for each in told["nearest"]] == ["s01", "s07", "s03"]


def test_a_liked_picture_is_a_like_by_a_name_of_its_own(visitors: Visitors) -> None:
    answer = search(visitors, ["s01", like_of(toy.axis(3))])
    name = picture_name(toy.axis(3))
    assert sorted(each["likes"][0] for each in answer["you"]["clusters"]) == [name, "s01"]
    taste = answer["hits"]["s04"]["preference"]
    assert answer["you"]["clusters"][taste["cluster"]]["likes"] == [name]
    assert taste["value"] == pytest.approx(0.8, abs=1e-3)


@pytest.mark.parametrize("likes", [[], None])
def test_without_likes_nothing_is_personalised(visitors: Visitors, likes: object) -> None:
    answer = search(visitors, likes)
    assert (answer["user"], answer["personalized"], "you" in answer) == (YOU, False, False)


def test_what_somebody_else_sends_along_is_not_looked_at(visitors: Visitors) -> None:
    answer = search(visitors, [{"<b>": 1}] * 9999, "ann")
    assert (answer["user"], answer["personalized"], "you" in answer) == ("ann", True, False)


def test_the_likes_that_pulled_a_result_add_up_to_its_preference(visitors: Visitors) -> None:
    """s07 and s11 are one taste of two where k is 5; a picture is a third like, elsewhere."""
    likes = ["s07", "s11", like_of(toy.axis(3))]
    answer = search(visitors, likes)
    taste = answer["hits"]["s03"]["preference"]
    ask = {"user": YOU, "likes": likes, "sticker": "s03", "cluster": taste["cluster"]}
    pulled = calls(visitors)[2](ask)
    assert sum(pull for _, pull in pulled["pulled"]) == pytest.approx(taste["value"], abs=1e-3)
    assert pulled["members"] == answer["you"]["clusters"][taste["cluster"]]["size"]
    assert {name for name, _ in pulled["pulled"]} <= set(answer["you"]["clusters"][taste["cluster"]]["likes"])


@pytest.mark.parametrize(
    "changes", [{"sticker": "nowhere"}, {"cluster": 9}, {"cluster": "0"}, {"cluster": None}, {"user": "ann"}]
)
def test_nothing_pulls_where_there_is_nothing_to_pull(visitors: Visitors, changes: dict[str, object]) -> None:
    ask = {"user": YOU, "likes": ["s01"], "sticker": "s03", "cluster": 0, **changes}
    assert calls(visitors)[2](ask) == {"members": 0, "pulled": []}


# ---- refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("likes", "code"),
    [
        (["s01"] * (MOST_LIKES + 1), "you_many"),
        (["s01"] * 10_000, "you_many"),
        (["s99"], "you_unknown"),
        (["<script>alert(1)</script>"], "you_unknown"),
        (["\ud800"], "you_unknown"),
        (["x" * 100_000], "you_unknown"),
        ("s01", "you_malformed"),
        ({"picture": "AAAA"}, "you_malformed"),
        (3, "you_malformed"),
        ([None], "you_malformed"),
        ([["s01"]], "you_malformed"),
        ([{}], "you_malformed"),
        ([{"picture": None}], "you_malformed"),
        ([{"picture": "not base64!"}], "you_malformed"),
        ([{"picture": "AAAA"}], "you_malformed"),
        ([{"picture": "A" * 1_000_000}], "you_malformed"),
        ([like_of(np.full(8, np.nan, np.float32))], "you_malformed"),
        ([like_of(np.full(8, np.inf, np.float32))], "you_malformed"),
        ([like_of(np.zeros(8, np.float32))], "you_malformed"),
        ([like_of(2 * toy.axis(1))], "you_malformed"),
        ([like_of(toy.axis(1)[:7])], "you_malformed"),
    ],
)
def test_likes_that_cannot_be_used_are_refused_with_a_sentence(visitors: Visitors, likes: object, code: str) -> None:
    answer = search(visitors, likes)
    assert answer["code"] == code
    assert len(answer["error"]) < 300
    assert strings.in_language("zh")[f"error_{code}"].format(**answer["values"])
    assert "rankings" not in answer
    json.dumps(answer, ensure_ascii=False).encode()


@pytest.mark.slow
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda each: st.lists(each) | st.dictionaries(st.text(), each),
    )
)
def test_whatever_is_sent_is_a_style_nobody_or_a_refusal(toy_retriever: Retriever, sent: object) -> None:
    codes = {key.removeprefix("error_") for key in strings.TEXTS if key.startswith("error_you_")}
    answer = asked(
        toy_retriever,
        {"user": YOU, "likes": sent},
        lambda who: {"code": "ok" if who == YOU or isinstance(who, UserStyle) else "?"},
    )
    assert answer["code"] in {"ok", *codes}


# ---- vectors --------------------------------------------------------------------------------------------------------


@given(st.lists(st.floats(-1, 1, width=32), min_size=8, max_size=8).filter(lambda v: np.linalg.norm(v) > 0.1))
def test_a_vector_comes_back_as_it_went(values: list[float]) -> None:
    vector = np.array(values, np.float32) / np.float32(np.linalg.norm(values))
    sent = encode_vector(vector)
    back = decode_vector(sent, 8)
    np.testing.assert_allclose(back, vector, atol=1e-3)
    assert np.linalg.norm(back) == pytest.approx(1, abs=1e-6)
    assert picture_name(back) == picture_name(decode_vector(sent, 8))


def test_names_tell_pictures_apart() -> None:
    assert picture_name(toy.axis(1)) != picture_name(toy.axis(2))
    assert picture_name(toy.axis(1)) not in toy.IDS


# ---- picking --------------------------------------------------------------------------------------------------------


def test_pages_follow_one_another_and_come_again(visitors: Visitors) -> None:
    first = visitors.page(0)
    assert sorted(each["id"] for each in first["stickers"]) == list(toy.IDS)
    assert first["pages"] == 1
    assert visitors.page(7) == visitors.page(-3) == first


def test_pages_of_a_large_catalogue_differ() -> None:
    visitors = Visitors(PageService(Retriever.open(DEMO)))
    pages = [[each["id"] for each in visitors.page(number)["stickers"]] for number in range(3)]
    assert [len(page) for page in pages] == [PAGE] * 3
    assert len({name for page in pages for name in page}) == 3 * PAGE
    looks = {visitors.service.sticker(name).labels["style"] for name in pages[0]}
    every = {visitors.service.sticker(name).labels["style"] for name in visitors.sample.ids}
    assert looks == every, "the first page shows every style of the catalogue"
    assert visitors.page(visitors.page(0)["pages"]) == visitors.page(0)


@pytest.mark.parametrize("request_", [None, [], {}, {"page": "1"}, {"page": -(10**30)}, {"page": True}])
def test_whatever_asks_for_a_page_gets_one(visitors: Visitors, request_: object) -> None:
    assert calls(visitors)[0](request_)["stickers"]


# ---- a picture of one's own -----------------------------------------------------------------------------------------


def test_a_picture_becomes_a_vector_that_likes_can_carry(visitors: Visitors) -> None:
    sent = calls(visitors)[1]({"picture": picture()})
    assert sent == {"picture": encode_vector(toy.axis(3)), "id": picture_name(toy.axis(3))}
    answer = search(visitors, [{"picture": sent["picture"]}])
    assert answer["you"]["clusters"][0]["likes"] == [sent["id"]]


@pytest.mark.parametrize(
    ("sent", "code"),
    [(None, "not_picture"), (3, "not_picture"), ("AAAA", "not_picture"), ("A" * 12_000_000, "too_heavy")],
)
def test_what_is_no_picture_is_refused(visitors: Visitors, sent: object, code: str) -> None:
    answer = calls(visitors)[1]({"picture": sent})
    assert answer["code"] == code
    assert f"error_{code}" in strings.TEXTS


def test_without_an_encoder_a_picture_is_refused(toy_retriever: Retriever) -> None:
    visitors = Visitors(PageService(toy_retriever))
    assert visitors.start()["uploads"] is False
    assert visitors.picture(picture())["code"] == "you_no_encoder"


def test_a_sticker_of_the_catalogue_brought_as_a_picture_lies_where_it_lay() -> None:
    """The bundle's own encoder: the picture of a sticker embeds to that sticker, which is the nearest to itself."""
    retriever = Retriever.open(DEMO)
    visitors = Visitors(PageService(retriever))
    name = next(each for each in retriever.bundle.ids if not retriever.sticker(each).animated)
    sent = visitors.picture(base64.b64encode(retriever.bundle.image_path(name).read_bytes()).decode())
    vector = decode_vector(sent["picture"], retriever.bundle.embeddings.shape[1])
    assert retriever.neighbours(vector, 1)[0][0] == name
    assert retriever.neighbours(vector, 1)[0][1] > 0.98


# ---- blind ----------------------------------------------------------------------------------------------------------


def test_a_blind_round_is_played_for_the_likes(visitors: Visitors) -> None:
    trial = {"query": "night", "user": YOU, "likes": ["s03"], "first": "none", "second": "both", "seed": 3}
    service = visitors.service
    blind, reveal, _ = blind_calls(service)
    dealt, told = blind(trial), reveal({**trial, "choice": "s07"})
    assert [each["id"] for each in dealt["stickers"]] == [sticker for sticker, _ in told["picks"]]
    style = service.retriever.live_style(["s03"], YOU)
    assert told["rankings"]["B"] == [hit.sticker for hit in service.retriever.compare("night", style)["both"].hits]
    assert set(dealt) == {"query", "stickers"}, "nothing tells whose"


def test_a_blind_round_with_likes_that_cannot_be_used_is_refused(visitors: Visitors) -> None:
    trial = {"query": "night", "user": YOU, "likes": ["s99"], "first": "none", "second": "both", "seed": 3}
    assert blind_calls(visitors.service)[0](trial)["code"] == "you_unknown"


def test_nothing_of_a_visitor_stays(visitors: Visitors) -> None:
    before = {name: id(value) for name, value in vars(visitors).items()}
    search(visitors, ["s02", like_of(toy.axis(5))])
    kept = {name for name, value in vars(visitors).items() if before.get(name) != id(value)}
    assert kept <= {"_sample", "_spread"}, "only what is the same for everybody is kept"
