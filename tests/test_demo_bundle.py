"""The embedded bundle: what a stranger is promised of it, read from its files."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from persrv.bundle import verify
from persrv.models.sentence_encoder import default_name
from persrv.records import FIELDS
from persrv.retriever import Retriever

DEMO = Path(__file__).resolve().parents[1] / "assets" / "demo"

#: Fields that the vision-language model filled.
VLM_FIELDS = ("keywords_base", "keywords", "description", "emotion")


@pytest.fixture(scope="module")
def demo() -> Retriever:
    return Retriever.open(DEMO)


@pytest.mark.slow
def test_every_hash_shape_id_and_range_holds() -> None:
    assert verify(DEMO) == []


def test_it_fits_the_hub() -> None:
    sizes = [path.stat().st_size for path in DEMO.rglob("*") if path.is_file()]
    assert sum(sizes) <= 75e6
    assert max(sizes) <= 10e6


def test_the_catalogue_is_as_large_and_as_varied_as_promised(demo: Retriever) -> None:
    stickers = demo.bundle.stickers
    labels = [sticker.labels for sticker in stickers]
    assert len(stickers) >= 2400
    assert len({label["character"] for label in labels}) >= 8
    assert len({label["style"] for label in labels}) >= 8
    assert len({sticker.series for sticker in stickers}) >= 40
    assert len({label["situation"] for label in labels}) >= 40
    assert 0.25 <= sum(not label["caption"] for label in labels) / len(stickers) <= 0.30
    assert sum(sticker.animated for sticker in stickers) / len(stickers) >= 0.05


def test_animated_stickers_move_and_the_others_do_not(demo: Retriever) -> None:
    animated = [sticker for sticker in demo.bundle.stickers if sticker.animated][:20]
    still = [sticker for sticker in demo.bundle.stickers if not sticker.animated][:20]
    assert all(Image.open(demo.bundle.image_path(s.id)).n_frames > 1 for s in animated)
    assert all(getattr(Image.open(demo.bundle.image_path(s.id)), "n_frames", 1) == 1 for s in still)


def test_the_world_is_simulated_and_says_so(demo: Retriever) -> None:
    manifest = demo.bundle.manifest
    assert manifest["simulated"] is True
    assert manifest["licence"] == "CC-BY-4.0"
    assert len(demo.people) == 8
    assert all(person.name and person.portrait and person.tastes for person in demo.people)


def test_every_sticker_has_captions_and_they_differ(demo: Retriever) -> None:
    stickers = demo.bundle.stickers
    assert all(getattr(sticker, field) for sticker in stickers for field in VLM_FIELDS)
    assert len({sticker.description for sticker in stickers}) > len(stickers) / 2
    assert sum(sticker.keywords != sticker.keywords_base for sticker in stickers) > 0.95 * len(stickers)


def test_what_the_model_reached_on_what_it_never_saw_is_recorded(demo: Retriever) -> None:
    gates = {name: gate for name, gate in demo.bundle.gates.items() if name.startswith("vlm_")}
    assert len(gates) == 9
    assert all(gate["cases"] > 0 for gate in gates.values())
    rows = {row["name"]: row for row in demo.bundle.evaluation["vlm"]["rows"]}
    assert set(rows) == {"base", "tuned_picture", "tuned_ocr"}
    assert sum(row["shipped"] for row in rows.values()) == 1
    assert {"comparison", "captions"} <= set(demo.bundle.evaluation["sections"])


def test_the_page_s_model_writes_what_the_bundle_says(demo: Retriever) -> None:
    captioner = demo.captioner
    assert captioner is not None
    for sticker in [sticker for sticker in demo.bundle.stickers if not sticker.animated][::500]:
        with Image.open(demo.bundle.image_path(sticker.id)) as picture:
            live = captioner.caption(picture, sticker.ocr)
        assert (live.description, live.emotion) == (sticker.description, sticker.emotion)
        assert "，".join(live.keywords) == sticker.keywords


def test_at_least_two_in_five_stickers_were_never_clicked_in_training(demo: Retriever) -> None:
    clicks = demo.bundle.utility_counts[:, 0]
    assert (clicks == 0).mean() >= 0.4


def test_gates_are_recorded_with_their_cases(demo: Retriever) -> None:
    gates = demo.bundle.manifest["gates"]
    assert {"ocr_exact", "style_purity", "text_image_recall_at_5", "onnx_difference"} <= set(gates)
    assert [gates[name]["goal"] for name in ("ocr_exact", "style_purity", "text_image_recall_at_5")] == [
        0.92,
        0.95,
        0.9,
    ]
    for name, gate in gates.items():
        assert gate["cases"] > 0
        apart = gate["value"] - gate["goal"]
        small = name.endswith(("difference", "megabytes"))
        assert gate["passed"] == (apart <= 0 if small else apart >= 0)


@pytest.mark.parametrize("query", ["笑死我了", "good night", "加班", "谢谢老板", "lol", "生日快乐"])
def test_what_a_stranger_types_first_finds_stickers_for_everybody(demo: Retriever, query: str) -> None:
    orders = set()
    for person in demo.people:
        results = demo.compare(query, person.id, top=20)
        assert not any(result.fallback for result in results.values())
        assert all(len(result.hits) == min(20, result.matched) >= 4 for result in results.values())
        orders.add(tuple(hit.sticker for hit in results["both"].hits))
    assert len(orders) > 2, "people with different tastes get different orders"


def test_a_query_without_any_match_is_answered_by_the_text_encoder(demo: Retriever) -> None:
    """By words alone: beside meaning, what is nearest in meaning answers."""
    result = demo.search("zzqx", settings=demo.bundle.words_settings)
    assert (result.notice, result.fallback) == ("no_match", "dense")
    assert result.hits


def test_scores_add_up(demo: Retriever) -> None:
    settings = demo.bundle.settings
    result = demo.search("晚安", demo.people[0].id)
    for hit in result.hits:
        assert hit.meaning is not None
        words = sum(field.weight * field.bm25 for field in hit.fields)
        relevance = words + hit.meaning.weight * hit.meaning.value
        assert hit.relevance == pytest.approx(relevance, rel=1e-4)
        assert hit.recall == pytest.approx(relevance + settings.lambda_ * hit.utility.value, rel=1e-4)
        assert hit.preference is not None
        liked = 0.0 if hit.preference.kept_back else hit.preference.value
        assert hit.final == pytest.approx(hit.recall * (1 + settings.alpha * liked), rel=1e-4)
        assert tuple(field.field for field in hit.fields) == FIELDS


def test_it_is_searched_by_words_and_meaning_and_keeps_the_paper_s_mode(demo: Retriever) -> None:
    assert demo.bundle.meaning is not None
    assert demo.bundle.meaning.encoder == default_name()
    assert demo.bundle.settings.meaning > 0
    assert demo.bundle.words_settings.meaning == 0
    assert {"meaning", "mix", "tune"} <= set(demo.bundle.provenance)
    assert [reading.text for reading in demo.search("xiaosiwole").readings[:1]] == ["笑死我了"]
