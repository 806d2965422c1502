"""Views and texts: pure functions, no browser."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from persrv.insight.caption_inspection import LISTS, VARIANTS
from persrv.insight.case_mining import KINDS
from persrv.records import FIELDS, RANKINGS, Hit, OcrLine, Person, SearchResult, Sticker, UserStyle
from persrv.retriever import Retriever
from persrv.ui import assets, strings, views
from persrv.ui.about_tab.calls import about_view
from persrv.ui.requests import text_of
from persrv.ui.service import PageService
from persrv.ui.tuning import of_indexed_fields

DEMO = Path(__file__).resolve().parents[2] / "assets" / "demo"


@pytest.fixture(scope="module")
def service(toy_retriever: Retriever) -> PageService:
    return PageService(toy_retriever)


def lookup(service: PageService) -> views.Lookup:
    return service.sticker


# ---- stickers and people --------------------------------------------------------------------------------------------


def test_an_ocr_box_becomes_corner_points() -> None:
    line = OcrLine("谢谢", 0.987654321, (1, 2, 30, 2, 30.5, 12, 1, 12), kept=True)
    assert views.ocr_line(line) == {
        "text": "谢谢",
        "confidence": 0.98765,
        "kept": True,
        "points": [[1.0, 2.0], [30.0, 2.0], [30.5, 12.0], [1.0, 12.0]],
    }


def test_a_detail_orders_clickers_and_leaves_empty_captions_empty(toy_retriever: Retriever) -> None:
    sticker = toy_retriever.sticker("s02")
    detail = views.sticker_detail(
        sticker, (3, 2, 2), {"bob": 2, "ann": 2, "cleo": 5}, [("s01", 0.36)], toy_retriever.sticker
    )
    assert [each["user"] for each in detail["clicked_by"]] == ["cleo", "ann", "bob"]
    assert detail["captions"] == {"description": "", "emotion": "", "keywords_base": [], "keywords": []}
    assert detail["neighbours"][0]["id"] == "s01"
    assert detail["neighbours"][0]["cosine"] == 0.36
    json.dumps(detail)


def test_a_person_without_style_has_no_clusters(toy_retriever: Retriever) -> None:
    card = views.person_card(Person("x", "某", "", "话", ""), None, (), None, toy_retriever.sticker)
    assert card["name"] == {"zh": "某", "en": "某"}
    assert card["portrait"] == {"zh": "话", "en": "话"}
    assert card["clusters"] == []


def test_clusters_keep_their_order_so_that_a_preference_can_name_one(toy_retriever: Retriever) -> None:
    style = UserStyle(
        "u",
        np.eye(2, dtype=np.float32),
        np.array([1, 9], np.int32),
        np.zeros(2, np.float32),
        (("s07",), ("s12", "s11")),
    )
    sizes = [
        (cluster["size"], cluster["exemplars"][0]["id"]) for cluster in views.clusters(style, toy_retriever.sticker)
    ]
    assert sizes == [(1, "s07"), (9, "s12")]


# ---- results --------------------------------------------------------------------------------------------------------


def test_the_four_rankings_travel_as_the_retriever_made_them(toy_retriever: Retriever) -> None:
    results = toy_retriever.compare("night", "cleo")
    view = views.comparison(results, toy_retriever.sticker, 1.25)
    for name in RANKINGS:
        assert [row[0] for row in view["rankings"][name]] == [hit.sticker for hit in results[name].hits]
    assert view["ms"] == 1.25
    assert view["personalized"] is True
    assert set(view["hits"]) == set(view["stickers"]) == {hit.sticker for r in results.values() for hit in r.hits}
    json.dumps(view)


def test_shown_numbers_reproduce_the_final_score(toy_retriever: Retriever) -> None:
    view = views.comparison(toy_retriever.compare("night", "cleo"), toy_retriever.sticker, 0.0)
    settings = view["settings"]
    for name in RANKINGS:
        for sticker, _, recall, final in view["rankings"][name]:
            parts = view["hits"][sticker]
            utility = settings["lambda"] * parts["utility"]["value"] if name in {"utility", "both"} else 0.0
            assert recall == pytest.approx(parts["relevance"] + utility, abs=1e-4)
            personal = name in {"personalization", "both"}
            factor = 1 + settings["alpha"] * parts["preference"]["value"] if personal else 1.0
            assert final == pytest.approx(recall * factor, abs=1e-4)


def test_a_preference_is_kept_whichever_ranking_knows_it(toy_retriever: Retriever) -> None:
    results = toy_retriever.compare("laugh", "ann")
    hit = results["both"].hits[0]
    assert hit.preference is not None
    plain: dict[str, SearchResult] = {name: replace(results[name], hits=()) for name in RANKINGS}
    stripped: Hit = hit._replace(preference=None)
    merged = views.merged_hits(
        {**plain, "none": replace(results["none"], hits=(hit,)), "both": replace(results["both"], hits=(stripped,))}
    )
    assert merged[hit.sticker][1] == hit.preference


def test_fields_without_a_shared_word_are_not_sent(toy_retriever: Retriever) -> None:
    view = views.comparison(toy_retriever.compare("laugh", None), toy_retriever.sticker, 0.0)
    fields = view["hits"]["s03"]["fields"]
    assert [field["field"] for field in fields] == ["ocr"]
    assert fields[0]["tokens"][0][0] == "laugh"


# ---- service --------------------------------------------------------------------------------------------------------


def test_errors_become_sentences(service: PageService) -> None:
    assert "500" in service.search("哈" * 501, None)["error"]
    assert "nothing" in service.detail("nothing")["error"]


def different_characters(count: int) -> str:
    """Chinese characters, no two alike: each is a token, and so is each pair."""
    return "".join(map(chr, range(0x4E00, 0x4E00 + count)))


def test_a_query_that_is_too_long_has_a_code_with_a_sentence(service: PageService) -> None:
    assert service.search("哈" * 501, None)["code"] == "too_long"
    assert service.search(" " + "哈" * 501, None)["values"] == {"n": 501, "max": 500}
    assert service.search("㍿" * 126, None)["values"] == {"n": 504, "max": 500}, "one sign is four characters"
    assert service.search(different_characters(400), None)["code"] == "too_many_tokens"


@pytest.mark.parametrize("user", [["x"], {}, 3, None, ""])
def test_somebody_who_is_no_text_is_nobody(service: PageService, user: object) -> None:
    assert service.search("laugh", user)["user"] is None
    assert service.search(user, "ann")["notice"] == "blank_query"


def test_half_characters_never_reach_an_answer(service: PageService) -> None:
    answer = service.search("laugh \ud800", "\ud800")
    assert answer["user"] == "?"
    json.dumps(answer, ensure_ascii=False).encode()


def test_examples_are_those_that_match(service: PageService, toy_retriever: Retriever) -> None:
    assert service.examples
    assert all(toy_retriever.search(query).matched for query in service.examples)


def test_detail_counts_training_clicks_only(service: PageService) -> None:
    assert service.detail("s05")["clicked_by"] == []  # clicked in the test split alone
    assert service.detail("s02")["clicked_by"] == [{"user": "bob", "clicks": 2}, {"user": "ann", "clicks": 1}]


def test_the_page_starts_from_plain_json(service: PageService) -> None:
    start = json.loads(json.dumps({**service.start(), "about": about_view(service)}))
    assert [person["id"] for person in start["people"]] == ["ann", "bob", "cleo"]
    assert start["simulated"] is True
    assert start["about"]["gates"][0]["passed"] is True


# ---- evidence -------------------------------------------------------------------------------------------------------


def test_a_gate_says_which_side_of_its_goal_is_good() -> None:
    gates = {
        "ocr_exact": {"value": 0.9, "goal": 0.8},
        "onnx_difference": {"value": 1e-6, "goal": 1e-4},
        "vlm_weights_megabytes": {"value": 8.0, "goal": 10.0},
    }
    assert [(row["name"], row["bound"]) for row in views.gate_rows(gates)] == [
        ("ocr_exact", "≥"),
        ("onnx_difference", "≤"),
        ("vlm_weights_megabytes", "≤"),
    ]


def no_sticker(_: str) -> None:
    return None


def test_captions_that_were_not_judged_are_not_shown() -> None:
    assert views.vlm_view({}, no_sticker) is None
    assert views.vlm_view({"rows": []}, no_sticker) is None


def test_examples_carry_their_picture_and_strangers_are_left_out(service: PageService) -> None:
    document = {
        "rows": [{"name": "base", "recall": 0.1}],
        "examples": [{"sticker": "s01", "base": "猫"}, {"sticker": "nowhere", "base": "狗"}],
        "base_examples": [],
    }
    view = views.vlm_view(document, service.find)
    assert view is not None
    assert [(each["sticker"]["image"], each["base"]) for each in view["examples"]] == [("images/s01.webp", "猫")]
    assert (view["base_examples"], view["ceiling"], view["unspelt"]) == ([], None, None)


# ---- texts ----------------------------------------------------------------------------------------------------------


def test_both_languages_say_something_with_the_same_values() -> None:
    for key, (chinese, english) in strings.TEXTS.items():
        assert chinese.strip(), key
        assert english.strip(), key
        if key != "departure_base":
            assert set(re.findall(r"\{(\w+)\}", chinese)) == set(re.findall(r"\{(\w+)\}", english)), key


def test_no_two_tabs_claim_one_key() -> None:
    written = [path.read_text(encoding="utf-8") for path in sorted(assets.FOLDER.rglob("texts.py"))]
    keys = [key for text in written for key in re.findall(r"^    \"(\w+)\": \(", text, re.MULTILINE)]
    assert sorted(keys) == sorted(strings.TEXTS)


def test_every_text_the_page_asks_for_exists() -> None:
    scripts = assets.joined(assets.ENTRY)
    pages = "".join(assets.read(str(path.relative_to(assets.FOLDER))) for path in sorted(assets.FOLDER.rglob("*.html")))
    asked = set(re.findall(r"\bt\(\"(\w+)\"", scripts)) | set(re.findall(r"data-t(?:-\w+)?=\"(\w+)\"", pages))
    assert asked
    assert asked <= set(strings.TEXTS)


STEPS = ("query", "people", "why", "hurts", "captions")

#: Keys that the scripts put together, by their fixed part.
JOINED = {
    "field_": FIELDS,
    "fallback_": ("nearest", "dense", "popular"),
    "chat_place_": ("work", "family", "friends"),
    "reading_": (
        "pinyin",
        "slang",
        "initials",
        "emoji",
        "spelling",
        "drawn_out",
        "simplified",
        "translation",
        "instruction",
        "negation",
        "plain_words",
        "undrawn",
        "undrawn_style",
    ),
    "label_": ("character", "style", "situation", "caption"),
    "error_": (
        "too_long",
        "too_many_tokens",
        "long_text",
        "not_picture",
        "too_heavy",
        "too_large",
        "too_many_pixels",
        "too_costly",
        "busy",
        "no_captioner",
        "blind_blank",
        "blind_no_match",
        "blind_one",
        "blind_same",
        "blind_ranking",
        "you_malformed",
        "you_many",
        "you_unknown",
        "you_no_encoder",
        "figure_empty",
        "experiment_none",
        "experiment_long",
        "experiment_slow",
        "owner_limits",
        "owner_unknown",
        "owner_strangers",
    ),
    "blind_ranking_": RANKINGS,
    "ranking_": RANKINGS,
    "sign_": RANKINGS,
    "story_": STEPS,
    "story_no_": STEPS,
    "four_": ("up", "down", "same", "new", "gone"),
    "swap_": ("up", "down", "same", "new", "gone"),
    "case_kind_": KINDS,
    "case_why_": KINDS,
    "case_without_": ("personalization", "utility", "caption", "ocr"),
    "vlm_": (
        "base",
        "tuned_picture",
        "tuned_ocr",
        "recall",
        "token_recall",
        "recall_all",
        "cosine",
        "bleu",
        "stickers",
        "queries",
    ),
    "examples_": ("good", "bad"),
    "show_": ("results", *LISTS),
    "show_why_": tuple(name for name in LISTS if name != "all"),
    "variant_": VARIANTS,
    "variant_why_": VARIANTS,
    "fan_": ("very", "quite", "somewhat", "not"),
    "engine_": ("local", "milvus", "stands_in"),
    "gate_is_": tuple(json.loads((DEMO / "bundle.json").read_text(encoding="utf-8"))["gates"]),
    "term_": (
        "meaning",
        "mu",
        "score",
        "stand_in",
        "relevance",
        "lambda",
        "utility",
        "alpha",
        "preference",
        "interval",
        "simulated",
        "protocol",
    ),
    "headline_": ("interval", "simulated", "protocol"),
    "figure_is_": ("m_mrr", "mrr", "r", "success"),
    "part_": ("style", "character", "situation", "looks", "poses", "things", "feels"),
}


def test_every_text_is_used() -> None:
    files = [path for path in sorted(assets.FOLDER.rglob("*.*")) if path.suffix in {".js", ".html", ".py"}]
    written = "".join(path.read_text(encoding="utf-8") for path in files if path.name not in {"strings.py", "texts.py"})
    assert set(re.findall(r"\bt\(`(\w+)\$\{", written)) == set(JOINED)
    joined = {prefix + end for prefix, ends in JOINED.items() for end in ends}
    assert joined <= set(strings.TEXTS)
    assert set(strings.TEXTS) - joined - set(re.findall(r"\"(\w+)\"", written)) == set()


def test_scripts_never_parse_markup_and_name_no_other_host() -> None:
    scripts = assets.joined(assets.ENTRY)
    assert "innerHTML" not in scripts
    assert "insertAdjacentHTML" not in scripts
    foreign = re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}[^\s\"`]*", assets.style() + assets.script())
    # names of formats, and where a visitor who clicks goes: none of them is asked for anything by the page
    allowed = ("http://www.w3.org/2000/svg", "https://huggingface.co/spaces/", "https://arxiv.org/abs/2410.21801")
    assert [url for url in foreign if not url.startswith(allowed)] == []


def test_a_sticker_stands_for_itself_in_few_words() -> None:
    sticker = Sticker("a", "images/a.webp", 240, 200, True, "", {"style": "ink"}, "晚安", (), "", "", "", "", ())
    assert views.sticker_brief(sticker) == {
        "id": "a",
        "image": "images/a.webp",
        "width": 240,
        "height": 200,
        "animated": True,
        "text": "晚安",
        "labels": {"style": "ink"},
    }


def test_faces_differ_while_they_can() -> None:
    favourites = {"a": ("x", "y"), "b": ("x", "z"), "c": ("x",), "d": ()}
    assert views.faces(favourites) == {"a": "x", "b": "z", "c": "x", "d": None}


@pytest.mark.parametrize("request_", [None, [], "text", {"query": 3}, {}])
def test_whatever_a_browser_sends_is_read_or_passed_over(request_: object) -> None:
    assert text_of(request_, "query") is None


def test_half_a_character_is_replaced_before_it_can_break_an_answer() -> None:
    assert text_of({"query": "哈\ud800"}, "query") == "哈?"


def test_weights_are_told_of_the_fields_that_a_bundle_holds(toy_retriever: Retriever) -> None:
    """The toy world's stickers have no names: a knob for their weight would move nothing."""
    bundle = toy_retriever.bundle
    assert not bundle.index["names"].columns
    told = of_indexed_fields(replace(bundle.settings, field_weights=dict.fromkeys(FIELDS, 0.5)), bundle)
    assert told.field_weights == dict.fromkeys((name for name in FIELDS if bundle.index[name].columns), 0.5)


def test_the_embedded_bundle_offers_no_knob_for_names() -> None:
    service = PageService(Retriever.open(DEMO))
    for told in (service.start()["tuning"], service.start()["words_tuning"], about_view(service)["settings"]):
        assert set(told["field_weights"]) == {"ocr", "keywords", "description", "emotion", "queries"}
