"""Experiments in a real Chromium: sections, bars, curves, clicks that lead into the search, what was left out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
import toy
from conftest import EVALUATION, serve, visiting
from playwright.sync_api import Browser, Locator, Page, expect

from persrv.bundle import amend_evaluation
from persrv.records import Text
from persrv.retriever import Retriever
from precompute.evaluation import export
from precompute.evaluation.methods.contract import KINDS
from precompute.evaluation.report import Curve, Figure, Findings, Row, Table, findings_to_json
from precompute.evaluation.world import REAL, SIMULATED

if TYPE_CHECKING:
    from conftest import Visit

pytestmark = pytest.mark.browser

PAPER = Table(
    "paper",
    Text("The paper's metrics. 50% & more_", "论文的指标。"),
    ("M-MRR@10", "R@10", "lost"),
    (
        Row("BM25", {"M-MRR@10": Figure(0.25, 0.125, 0.3, 0.0004, "**"), "lost": Figure(3)}, KINDS["text"]),
        Row("PerSRV", {"M-MRR@10": Figure(0.5, 0.4, 0.625), "R@10": Figure(0.75)}, KINDS["ours"], {"M-MRR@10": 0.2938}),
        Row(
            "w/o utility",
            {"M-MRR@10": Figure(0.4375, 0.25, 0.5, 0.5), "R@10": Figure(0.5)},
            KINDS["ablation"],
            note=Text.same("<i>"),
        ),
    ),
    notes=(Text.same("* and **: Holm a column."),),
    whole=("lost",),
    labels={"lost": Text("lost", "输")},
)
PEOPLE = Table(
    "paper people",
    Text("M-MRR@10 of every person.", "每个人的 M-MRR@10。"),
    ("ann", "bob"),
    (
        Row("PerSRV", {"ann": Figure(0.5), "bob": Figure(0.25)}),
        Row("w/o personalization", {"ann": Figure(0.25), "bob": Figure(0.5)}),
        Row("BM25", {"ann": Figure(0.125), "bob": Figure(0.125)}),
    ),
)
CURVES = (
    Curve(
        "alpha",
        Text.same("alpha"),
        Text.same("alpha"),
        Text.same("M-MRR@10"),
        (0, 0.5, 1),
        (0.25, 0.5, 0.375),
        (0.2, 0.4, 0.3),
        (0.3, 0.6, 0.45),
        chosen=0.5,
    ),
    Curve("R", Text.same("R"), Text.same("R"), Text.same("M-MRR@10"), (100,), (0.5,), (0.4,), (0.6,)),
)
SECTIONS = {
    "comparison": Findings(
        Text("Table 3", "表 3"),
        SIMULATED,
        (PAPER, PEOPLE),
        notes=(Text("4 clicks.", "4 次点击。"), Text("Means of means.", "平均的平均。")),
    ),
    "sensitivity": Findings(
        Text("How much each setting matters", "每项设置有多要紧"),
        Text("real people: a toy", "真人：玩具"),
        curves=CURVES,
        notes=(Text("One moves.", "动一项。"),),
    ),
    "textcheck": Findings(Text("Words", "词"), REAL, notes=(Text("NOT RUN", "没有运行"),)),
}
LEFT_OUT = {
    "folder": "mine",
    "files": 1234,
    "pictures": 12,
    "files_left_out": [
        {"reason": {"en": "an empty file", "zh": "空文件"}, "count": 1200, "examples": ["<b>.png", "b.png"]}
    ],
    "clicks_file": "c.csv",
    "rows": 7,
    "clicks": 7,
    "rows_left_out": [],
}

#: Test clicks of the table: two of the same two ranks, one alone, one that nothing finds.
CLICKED = (("ann", "night", "s05"), ("ann", "night", "s06"), ("bob", "thanks", "s10"), ("bob", "laugh", "s99"))


def places(retriever: Retriever) -> list[tuple[int, int]]:
    """The place of every click without and with personalization, 0 where it has none."""

    def place(user: str, query: str, sticker: str, name: str) -> int:
        ids = [hit.sticker for hit in retriever.compare(query, user)[name].hits]
        return ids.index(sticker) + 1 if sticker in ids else 0

    found = [(place(*click, "utility"), place(*click, "both")) for click in CLICKED]
    return [found[0], found[0], *found[2:]]  # the second click is given the ranks of the first


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory, toy_retriever: Retriever) -> Iterator[str]:
    """The page over an evaluated and, as it says, imported toy world."""
    folder = tmp_path_factory.mktemp("evaluated")
    path = toy.write_toy(folder, evaluation=EVALUATION, provenance={"import": LEFT_OUT}).path
    ranks = places(toy_retriever)
    columns: dict[str, pa.Array] = {
        name: pa.array([click[at] for click in CLICKED]).dictionary_encode()
        for at, name in enumerate(("user", "query", "sticker"))
    }
    columns["w/o personalization"] = pa.array([before for before, _ in ranks], pa.int16())
    columns["PerSRV"] = pa.array([after for _, after in ranks], pa.int16())
    columns["BM25"] = pa.array([9, 9, 9, 0], pa.int16())
    made = pa.table(columns)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, made.schema) as writer:
        writer.write_table(made)
    document = {**EVALUATION, "sections": {name: findings_to_json(each) for name, each in SECTIONS.items()}}
    amend_evaluation(path, document, {"clicks.arrow": sink.getvalue().to_pybytes()}, {})
    log = folder / "log.txt"
    server, url = serve(path, log)
    yield url
    server.terminate()
    server.wait(timeout=20)
    assert "Traceback" not in log.read_text(errors="replace")


@pytest.fixture
def visit(browser: Browser, evaluated: str) -> Iterator[Visit]:
    with visiting(browser, evaluated) as visitor:
        yield visitor


def evidence(visit: Visit, **state: str) -> Locator:
    """The block of experiments, its first section drawn."""
    block = visit.open(view="about", **state).locator("[data-part=evidence]")
    expect(block.locator(".ps-findings[data-section=comparison]")).to_have_attribute("aria-busy", "false")
    return block


def row(block: Locator, name: str) -> Locator:
    return block.locator(f".ps-bar-row[data-row='{name}']")


def saved(page: Page, button: Locator, name: str) -> str:
    with page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename == name
    return Path(download.value.path()).read_bytes().decode("utf-8")


def test_sections_are_asked_for_when_looked_at_and_lead_with_their_sentence(visit: Visit) -> None:
    block = evidence(visit)
    buttons = block.locator(".ps-choice button")
    expect(buttons).to_have_text(["Methods", "Settings"])
    expect(buttons.first).to_have_attribute("aria-pressed", "true")
    expect(block.locator(".ps-findings-lead")).to_have_text("4 clicks.")
    expect(block.locator(".ps-findings")).to_contain_text("Data: Simulated world")
    expect(block).to_contain_text("cannot be compared with the paper's")
    assert not any("sensitivity" in call for call in visit.calls)
    buttons.nth(1).click()
    expect(block.locator(".ps-findings-lead")).to_have_text("One moves.")
    expect(block.locator(".ps-findings")).to_contain_text("Data: real people: a toy")
    expect(block).not_to_contain_text("come from the simulated world")
    expect(buttons.nth(1)).to_be_focused()
    visit.page.get_by_role("button", name="切换到中文").click()
    expect(block.locator(".ps-findings-lead")).to_have_text("动一项。")
    expect(buttons).to_have_text(["各种方法", "各项设置"])
    expect(block.locator("h3:lang(zh)")).to_have_text("每项设置有多要紧")
    expect(block.locator(".ps-findings")).to_contain_text("数据：真人：玩具")
    buttons.first.click()
    expect(block.locator(".ps-small-notes :lang(en)")).to_have_text("* and **: Holm a column.")
    expect(block.locator(".ps-bars h5:lang(zh)")).to_have_text(["文字", "我们的", "消融"])
    expect(block.get_by_label("指标", exact=True).locator("option")).to_have_text(["M-MRR@10", "R@10", "输"])


def test_a_link_names_the_section_that_is_shown(visit: Visit) -> None:
    block = visit.open(view="about", section="sensitivity").locator("[data-part=evidence]")
    expect(block.locator(".ps-findings[data-section=sensitivity]")).to_have_attribute("aria-busy", "false")
    expect(block).to_be_in_viewport()
    assert not any("comparison" in call for call in visit.calls)
    block.locator("[data-section=comparison]").first.click()
    expect(block.locator(".ps-findings[data-section=comparison]")).to_have_attribute("aria-busy", "false")
    assert "section=comparison" in visit.page.url
    assert evidence(visit, section="nosuch").locator("[aria-pressed=true]").inner_text() == "Methods"


def test_bars_stand_beside_the_papers_figures_with_intervals_and_what_is_apart(visit: Visit) -> None:
    block = evidence(visit)
    expect(row(block, "PerSRV")).to_have_text("PerSRV0.50000.4000 to 0.6250 · paper 0.2938")
    expect(row(block, "BM25")).to_contain_text("0.2500** (p < .01)")
    expect(row(block, "PerSRV").locator("strong")).to_have_text("0.5000")
    expect(row(block, "w/o utility").locator("strong")).to_have_count(0)
    expect(block.locator(".ps-apart")).to_contain_text(
        "1 of 2 differ beyond chance (p < .05); not told apart: w/o utility"
    )
    whole, ours = (row(block, "PerSRV").locator(part).bounding_box() for part in (".ps-track", ".ps-bar-fill"))
    mark, span = (row(block, "PerSRV").locator(part).bounding_box() for part in (".ps-bar-paper", ".ps-bar-span"))
    assert whole is not None
    assert ours is not None
    assert mark is not None
    assert span is not None
    assert ours["width"] / whole["width"] == pytest.approx(0.5 / 0.625, abs=0.01)
    assert (span["x"] - whole["x"]) / whole["width"] == pytest.approx(0.4 / 0.625, abs=0.01)
    assert (mark["x"] + mark["width"] / 2 - whole["x"]) / whole["width"] == pytest.approx(0.2938 / 0.625, abs=0.01)
    block.get_by_label("Figure", exact=True).select_option("R@10")
    expect(row(block, "PerSRV")).to_have_text("PerSRV0.7500")
    expect(row(block, "BM25")).to_have_count(0)


def test_the_whole_table_is_folded_and_saved_as_the_evaluation_exports_it(visit: Visit) -> None:
    block = evidence(visit)
    table = block.locator(".ps-table.is-whole")
    expect(table).to_be_hidden()
    block.get_by_text("Whole table").click()
    expect(table.get_by_role("row", name="PerSRV")).to_contain_text("0.50000.4000 to 0.6250paper 0.2938")
    expect(table.get_by_role("row", name="w/o utility")).to_contain_text("<i>")
    expect(table.locator("strong")).to_have_text(["0.5000", "0.7500"])
    files, stem = block.locator(".ps-table-shows .ps-files"), "persrv-simulated-comparison-paper"
    assert saved(visit.page, files.get_by_role("button", name="LaTeX"), f"{stem}.tex") == export.to_latex(
        PAPER, SIMULATED
    )
    ours, theirs = (
        list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
        for text in (saved(visit.page, files.get_by_role("button", name="CSV"), f"{stem}.csv"), export.to_csv(PAPER))
    )
    assert ours[0] == [*theirs[0], "M-MRR@10 paper"]
    for mine, written in zip(ours[1:], theirs[1:], strict=True):
        assert mine[:2] == written[:2]
        assert [float(cell) for cell in mine[2:-1] if cell] == [float(cell) for cell in written[2:] if cell]
    assert [line[-1] for line in ours[1:]] == ["", "0.2938", ""]


def test_the_name_of_a_figure_is_told_in_words(visit: Visit) -> None:
    block = evidence(visit)
    meaning = block.locator(".ps-tables .ps-figure-meaning")
    expect(meaning).to_contain_text("M-MRR@10: for each question the sum of 1/rank")
    expect(meaning).to_contain_text("among the first 10")
    block.get_by_label("Figure").select_option("R@10")
    expect(meaning).to_contain_text("R@10 (recall): the share of the relevant stickers")
    visit.page.get_by_role("button", name="切换到中文").click()
    expect(meaning).to_contain_text("R@10（召回率）")
    block.get_by_role("button", name="设置").click()
    expect(block.locator(".ps-curves-of .ps-figure-meaning")).to_contain_text("对前 10 名里每一张相关的表情")


def test_people_are_shown_one_by_one(visit: Visit) -> None:
    block = evidence(visit)
    block.get_by_label("Table", exact=True).select_option("paper people")
    expect(row(block, "ann")).to_have_text("Ann▲ 0.2500 → 0.5000")
    expect(row(block, "bob")).to_have_text("Bob▼ 0.5000 → 0.2500")
    block.locator(".ps-tables").get_by_label("Compared with").select_option("BM25")
    expect(row(block, "bob")).to_have_text("Bob▲ 0.1250 → 0.2500")


def test_curves_show_band_and_choice_on_one_scale(visit: Visit) -> None:
    block = evidence(visit)
    block.get_by_role("button", name="Settings").click()
    alpha, single = (block.locator(f".ps-curve[data-curve={name}]") for name in ("alpha", "R"))
    expect(alpha.locator(".ps-curve-point")).to_have_count(3)
    expect(alpha.locator(".ps-curve-point.is-chosen title")).to_have_text("alpha 0.5: 0.5000 (0.4000 to 0.6000)")
    expect(alpha.locator("figcaption")).to_have_text("alphachosen: 0.5α how much taste counts")
    expect(alpha.locator(".ps-curve-band")).to_have_count(1)
    expect(single.locator(".ps-curve-span")).to_have_count(1)
    heights = [chart.locator("circle").nth(at).get_attribute("cy") for chart, at in ((alpha, 1), (single, 0))]
    assert heights[0] == heights[1], "0.5 lies equally high in both"
    files = block.locator(".ps-curves-of")
    text = saved(visit.page, files.get_by_role("button", name="CSV"), "persrv-real-sensitivity-curves.csv")
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert lines[2] == ["alpha", "alpha", "0.5", "M-MRR@10", "0.5", "0.4", "0.6", "validation", "true"]
    assert len(lines) == 5


def test_a_click_won_or_lost_opens_in_the_search_where_it_has_that_rank(visit: Visit, toy_retriever: Retriever) -> None:
    block = evidence(visit)
    clicks = block.locator("[data-part=clicks]")
    ranks = places(toy_retriever)
    (before, after), twice = ranks[2], ranks[0]
    assert after
    assert before != after
    expect(clicks).to_contain_text("Of 4 test clicks")
    expect(clicks.locator(".ps-dot")).to_have_count(2)
    expect(clicks.locator(f".ps-dot[data-before='{twice[0]}'][data-after='{twice[1]}']")).to_have_attribute(
        "data-clicks", "2"
    )
    dot = clicks.locator(f".ps-dot[data-before='{before}'][data-after='{after}']")
    dot.scroll_into_view_if_needed()
    dot.hover(force=True)
    expect(clicks.locator(".ps-readout")).to_have_text(f"“thanks” · Bob: {before} → {after}")
    dot.click(force=True)
    visit.answered("thanks")
    assert visit.page.evaluate("new URLSearchParams(location.search).get('user')") == "bob"
    shown = visit.page.locator(".ps-column.is-right .ps-card").nth(after - 1)
    expect(shown).to_have_attribute("data-sticker", "s10")


def test_clicks_of_the_same_ranks_are_named_and_keys_reach_them(visit: Visit) -> None:
    block = evidence(visit)
    clicks = block.locator("[data-part=clicks]")
    clicks.locator(".ps-scatter").focus()
    for _ in range(2):
        visit.page.keyboard.press("ArrowRight")
        if "2 clicks" in clicks.locator(".ps-readout").inner_text():
            break
    visit.page.keyboard.press("Enter")
    links = clicks.locator(".ps-clicks-here a")
    expect(links).to_have_count(2)
    expect(links.first).to_be_focused()
    links.first.click()
    visit.answered("night")
    assert visit.page.evaluate("new URLSearchParams(location.search).get('user')") == "ann"


def test_another_method_moves_the_clicks(visit: Visit) -> None:
    clicks = evidence(visit).locator("[data-part=clicks]")
    clicks.get_by_label("Compared with").select_option("BM25")
    expect(clicks.locator(".ps-dot[data-before='9']").first).to_be_attached()
    expect(clicks.get_by_label("Compared with")).to_have_value("BM25")


def test_what_an_import_left_out_is_told_by_reason_in_both_languages(visit: Visit) -> None:
    evidence(visit)
    block = visit.page.locator("[data-part=left-out]")
    expect(block).to_contain_text("Folder “mine”: 1,234 files, of which 12 are pictures")
    expect(block).to_contain_text("“c.csv”: 7 rows")
    expect(block).to_contain_text("Nothing was left out.")
    example = block.get_by_text("<b>.png")
    expect(example).to_be_hidden()
    block.get_by_text("an empty file").click()
    expect(example).to_be_visible()
    visit.page.get_by_role("button", name="切换到中文").click()
    expect(block).to_contain_text("1,200空文件")


def test_on_a_phone_nothing_sticks_out(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    block = evidence(visit)
    for name in ("Methods", "Settings"):
        block.get_by_role("button", name=name).click()
        expect(block.locator(".ps-findings")).to_have_attribute("aria-busy", "false")
        assert visit.page.evaluate("document.documentElement.scrollWidth") == 390


def test_paper_software_and_methods_are_copied_as_they_stand(visit: Visit) -> None:
    page = visit.open(view="about")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for name, said in (
        ("The paper", "arXiv preprint arXiv:2410.21801"),
        ("This software and its bundle", "sha256 "),
        ("A paragraph of methods", "Rankings were produced with"),
    ):
        shown = page.locator(".ps-cite").filter(has_text=name).locator(".ps-cited")
        expect(shown).to_contain_text(said)
        page.get_by_role("button", name=f"Copy: {name}").click()
        assert page.evaluate("navigator.clipboard.readText()") == shown.text_content()
