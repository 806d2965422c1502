"""Judging in a real Chromium over the toy world, whose every ranking is known; and what its functions answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from persrv import __main__
from persrv.insight.judgements import measured, read_qrels
from persrv.retriever import Retriever
from persrv.ui.judge_tab.calls import DEPTH, MOST_QUERIES, calls
from persrv.ui.service import PageService

if TYPE_CHECKING:
    from conftest import Visit

# ---- the functions --------------------------------------------------------------------------------------------------


def functions(retriever: Retriever) -> list:  # type: ignore[type-arg]
    return calls(PageService(retriever))


def first(retriever: Retriever, query: str, user: str | None = None) -> list[str]:
    return [hit.sticker for hit in retriever.search(query, user, top=DEPTH).hits]


def test_a_list_is_ranked_under_moved_settings(toy_retriever: Retriever) -> None:
    rank, _, _ = functions(toy_retriever)
    answer = rank({"queries": ["laugh", "night"], "user": "cleo", "settings": {"alpha": 0.0}})
    assert [set(each) for each in answer["rankings"]] == [set(first(toy_retriever, q)) for q in ("laugh", "night")]
    assert answer["rankings"][0] == first(toy_retriever, "laugh")
    assert set(answer["stickers"]) == {name for ranking in answer["rankings"] for name in ranking}


def test_a_query_without_words_keeps_its_place(toy_retriever: Retriever) -> None:
    answer = functions(toy_retriever)[0]({"queries": ["", 3, "laugh"], "user": "cleo", "settings": {}})
    assert answer["rankings"] == [[], [], first(toy_retriever, "laugh", "cleo")]


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"queries": ["a"], "settings": {"alpha": -1}}, "alpha"),
        ({"queries": ["a"], "settings": {"floor": "x"}}, "floor"),
        ({"queries": [f"q{n}" for n in range(MOST_QUERIES + 1)]}, "at most 100"),
        ({"queries": ["x" * 5000]}, "at most"),
    ],
)
def test_what_cannot_be_ranked_is_refused(toy_retriever: Retriever, request_: object, said: str) -> None:
    assert said in functions(toy_retriever)[0](request_)["error"]


@pytest.mark.parametrize("request_", [None, [], {"queries": 3}, {"runs": []}, {"judgements": {"q": 1}}, {"text": 1}])
def test_anything_at_all_is_answered(toy_retriever: Retriever, request_: object) -> None:
    for function in functions(toy_retriever):
        assert isinstance(function(request_), dict)


def test_measures_are_those_of_the_library(toy_retriever: Retriever) -> None:
    grades, run = {"q": {"a": 1, "b": 0}}, {"q": ["b", "a"]}
    answer = functions(toy_retriever)[1]({"judgements": grades, "runs": {"a": run, "b": {}}})
    assert answer["runs"]["a"]["means"] == pytest.approx(dict(measured(grades, run).means or {}), abs=1e-5)
    assert answer["runs"]["b"]["means"]["P@4"] == 0


# ---- the tab --------------------------------------------------------------------------------------------------------


def judging(visit: Visit, *queries: str, **state: str) -> Page:
    page = visit.open(**{"view": "judge", "user": "cleo", "lang": "en", **state})
    expect(page.locator(".ps-judge-tile").first).to_be_visible()
    page.get_by_label("Queries, one a line").fill("\n".join(queries))
    page.get_by_role("button", name="Use these queries").click()
    expect(page.locator(".ps-judge-topic h2").first).to_contain_text(queries[0].split("\t")[-1])
    return page


def tiles(page: Page) -> list[str]:
    return list(page.locator(".ps-judge-tile").evaluate_all("all => all.map(each => each.dataset.sticker)"))


def row(page: Page, measure: str) -> list[str]:
    return page.locator(f"[data-measure='{measure}'] td").all_inner_texts()


@pytest.mark.browser
def test_keys_judge_measures_follow_and_a_reload_keeps_them(visit: Visit, toy_retriever: Retriever) -> None:
    page = judging(visit, "laugh")
    ranking = first(toy_retriever, "laugh", "cleo")
    assert tiles(page) == ranking
    page.locator(".ps-judge-tile").first.focus()
    page.keyboard.press("y")
    page.keyboard.press("n")
    page.keyboard.press("k")
    page.keyboard.press("u")
    page.keyboard.press("j")
    page.keyboard.press("y")
    grades = {ranking[0]: 1, ranking[2]: 1}
    means = measured({"laugh": grades}, {"laugh": ranking}).means
    assert means is not None
    for name, value in means.items():
        expect(page.locator(f"[data-measure='{name}'] td").first).to_have_text(f"{value:.3f}")
        assert row(page, name) == [f"{value:.3f}", f"{value:.3f}", "0.000"]
    page.reload()
    expect(page.locator(".ps-judge-tile.is-yes")).to_have_count(2)


@pytest.mark.browser
def test_moving_a_setting_moves_its_side_alone(visit: Visit, toy_retriever: Retriever) -> None:
    page = judging(visit, "night")
    mine, everybodys = first(toy_retriever, "night", "cleo"), first(toy_retriever, "night")
    moved = next(name for name in mine if everybodys.index(name) != mine.index(name))
    page.locator("[data-side=b] [data-setting=alpha]").fill("0")
    places = f"A {mine.index(moved) + 1} · B {everybodys.index(moved) + 1}"
    expect(page.locator(f".ps-judge-tile[data-sticker='{moved}'] small")).to_have_text(places)
    page.locator(f".ps-judge-tile[data-sticker='{everybodys[0]}']").get_by_role("button", name="Fits").click()
    a, b = (measured({"q": {everybodys[0]: 1}}, {"q": each}).means or {} for each in (mine, everybodys))
    expect(page.locator("[data-measure='nDCG@10'] td").nth(1)).to_have_text(f"{b['nDCG@10']:.3f}")
    assert row(page, "nDCG@10")[0] == f"{a['nDCG@10']:.3f}"


@pytest.mark.browser
def test_judgements_go_out_and_come_back_and_the_command_line_says_the_same(
    visit: Visit, toy_retriever: Retriever, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = judging(visit, "laugh", "q2\tgood night")
    ranking = first(toy_retriever, "laugh", "cleo")
    page.locator(".ps-judge-tile").first.focus()
    page.keyboard.press("y")
    page.keyboard.press("n")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export qrels").click()
    kept = tmp_path / "kept.qrels"
    download.value.save_as(kept)
    assert read_qrels(kept.read_text()) == {"laugh": {ranking[0]: 1, ranking[1]: 0}}
    page.get_by_role("button", name="Clear judgements").click()
    expect(page.locator(".ps-judge-tile:is(.is-yes, .is-no)")).to_have_count(0)
    page.get_by_label("Read qrels").set_input_files(kept)
    expect(page.locator(".ps-judge-tile.is-yes")).to_have_count(1)
    run = tmp_path / "other.trec"
    run.write_text(f"laugh Q0 {ranking[1]} 1 2 t\nlaugh Q0 {ranking[0]} 2 1 t\n")
    page.get_by_label("Read a run file").set_input_files(run)
    expect(page.locator("[data-side=b] h2")).to_have_text("B: other.trec")
    means = measured({"laugh": {ranking[0]: 1, ranking[1]: 0}}, {"laugh": [ranking[1], ranking[0]]}).means or {}
    expect(page.locator("[data-measure='nDCG@10'] td").nth(1)).to_have_text(f"{means['nDCG@10']:.3f}")
    assert __main__.main(["judge", "--qrels", str(kept), "--run", str(run)]) == 0
    assert f"nDCG@10 {means['nDCG@10']:.4f}" in capsys.readouterr().out
    assert __main__.main(["judge", "--qrels", str(run), "--run", str(run)]) == 2
    assert "6 cells" in capsys.readouterr().err


@pytest.mark.browser
def test_a_file_that_is_none_is_refused_in_a_sentence(visit: Visit, tmp_path: Path) -> None:
    page = judging(visit, "laugh")
    wrong = tmp_path / "wrong.qrels"
    wrong.write_text("<b>laugh</b> 0 a\n")
    page.get_by_label("Read qrels").set_input_files(wrong)
    expect(page.locator("[data-part=judge-problem]")).to_contain_text("Line 1 has 3 cells")


@pytest.mark.browser
@pytest.mark.parametrize(("language", "theme"), [("zh", "dark"), ("en", "light")])
def test_the_tab_breaks_no_rule_and_fits_a_phone(visit: Visit, language: str, theme: str) -> None:
    page = visit.page
    page.set_viewport_size({"width": 390, "height": 844})
    visit.open(view="judge", user="cleo", lang=language, __theme=theme)
    page.locator(".ps-judge-tile").first.focus()
    page.keyboard.press("y")
    expect(page.locator(".ps-judge-measures td").first).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
