"""Tables 4 and 5 by hand, and through sacrebleu."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import toy
from both_languages import assert_told_in_both_languages

from persrv.records import Interaction
from precompute.evaluation import captions
from precompute.evaluation.captions import HeldOut, corpus_scores, held_out, sticker_scores
from precompute.evaluation.report import Row
from precompute.evaluation.world import World
from precompute.runtime.progress import silent

#: s01 was clicked in what fine-tuning saw; s03 and s04 were not.
TEST = (
    Interaction("ann", "笑死我了", "s03"),
    Interaction("bob", "好好笑", "s03"),
    Interaction("bob", "晚安", "s04"),
    Interaction("ann", "哈哈", "s01"),
)


def world(folder: Path) -> World:
    """The base model is wrong about both, the fine-tuned one right about s03 and half right about s04."""
    said = {"s03": ("一只猫", "好好笑，笑死我了"), "s04": ("一只狗", "晚上")}
    told = tuple(
        replace(each, keywords_base=said[each.id][0], keywords=said[each.id][1], ocr="笑" * (each.id == "s04"))
        if each.id in said
        else each
        for each in toy.stickers()
    )
    return World.open(toy.write_toy(folder, stickers=told, interactions={**toy.INTERACTIONS, "test": TEST}))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> World:
    return world(tmp_path_factory.mktemp("captions"))


def rows(told: World) -> dict[str, dict[str, Row]]:
    return {table.name: {row.name: row for row in table.rows} for table in captions.compute(told, silent).tables}


def test_only_stickers_that_fine_tuning_never_saw(told: World) -> None:
    assert held_out(told) == ["s03", "s04"]


def test_figures_by_hand(told: World) -> None:
    found = rows(told)
    whole, silent_ones = found["all"], found["without OCR text"]
    assert set(found) == {"all", "without OCR text", "with OCR text"}
    assert whole["base"].figures["keyword recall"].value == 0.0
    assert whole["fine-tuned"].figures["keyword recall"].value == 0.5
    assert silent_ones["fine-tuned"].figures["keyword recall"].value == 1.0
    # tokens of 晚安: 晚, 安, 晚安; 晚上 holds one of them
    assert found["with OCR text"]["fine-tuned"].figures["token recall"].value == pytest.approx(1 / 3)
    assert silent_ones["fine-tuned"].figures["BLEU"].value == pytest.approx(1.0)
    assert silent_ones["fine-tuned"].figures["chrF"].value == pytest.approx(1.0)
    assert whole["fine-tuned"].paper == {"BLEU": 0.3625, "cosine": 0.6863}
    assert "cosine" not in whole["base"].figures, "the toy bundle has no text encoder"


def test_signatures_are_recorded(told: World) -> None:
    found = captions.compute(told, silent)
    assert_told_in_both_languages(found)
    assert "tok:zh" in found.parameters["signatures"]["BLEU"]
    assert found.parameters["signatures"]["chrF"].startswith("nrefs:1")
    assert "version:" in found.parameters["signatures"]["BLEU"]


def test_the_corpus_scores_are_sacrebleus() -> None:
    import sacrebleu

    written, queries = ["好好笑，我", "晚安"], [["好好笑"], ["晚安", "睡了"]]
    references = ["好好笑", "晚安，睡了"]
    scores, p_values, _ = corpus_scores(HeldOut({"fine-tuned": written}, queries))
    bleu = sacrebleu.corpus_bleu(written, [references], tokenize="zh").score / 100
    assert scores["fine-tuned"]["BLEU"] == pytest.approx(bleu)
    assert scores["fine-tuned"]["chrF"] == pytest.approx(sacrebleu.corpus_chrf(written, [references]).score / 100)
    assert p_values == {}, "one model alone differs from nothing"


def test_a_clear_difference_is_found() -> None:
    queries = [[f"笑死我了{n}号"] for n in range(20)]
    held = HeldOut({"base": ["一只狗坐着"] * 20, "fine-tuned": [asked[0] for asked in queries]}, queries)
    _, p_values, _ = corpus_scores(held)
    assert set(p_values) == {"BLEU", "chrF"}
    assert max(p_values.values()) < 0.01


def test_cosine_of_a_given_encoder() -> None:
    import numpy as np

    axes = {"a": [1.0, 0.0], "b": [0.6, 0.8]}
    found = sticker_scores(["a", "b"], [["a"], ["a"]], lambda texts: np.array([axes[t] for t in texts], np.float32))
    assert found["cosine"] == pytest.approx([1.0, 0.6])


def test_a_bundle_without_captions_has_no_tables(toy_bundle_path: Path) -> None:
    assert captions.compute(World.open(toy_bundle_path), silent).tables == ()
