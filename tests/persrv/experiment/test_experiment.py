"""An experiment's ZIP: the same bytes again, every part of every score, and files that others' tools read."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import ir_measures
import pytest
import toy
from PIL import Image

from persrv.__main__ import main
from persrv.errors import QueryError
from persrv.experiment.archive import experiment_zip
from persrv.experiment.plan import Plan, read_queries
from persrv.experiment.tables import csv_text, run_name
from persrv.figures.rasters import raster
from persrv.retriever import Retriever


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    return Retriever(toy.write_toy(tmp_path_factory.mktemp("toy")))


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def made(retriever: Retriever, *queries: str, **plan: object) -> dict[str, bytes]:
    picture = raster(Image.new("RGB", (4, 4)))
    settings = retriever.bundle.settings
    return unzipped(experiment_zip(retriever, Plan(queries, settings, **plan), lambda _: picture))  # type: ignore[arg-type]


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_rankings_are_those_of_the_library_with_every_part(retriever: Retriever) -> None:
    files = made(retriever, "laugh", "night", user="cleo", figures=1)
    assert set(files) == {
        *("README.md", "settings.json", "queries.csv", "scores.csv", "results.jsonl"),
        *(f"runs/{name}.trec" for name in ("none", "utility", "personalization", "both")),
        *("figures/q0001.svg", "figures/q0001.pdf"),
    }
    table = rows(files["scores.csv"])
    found = [(row["sticker"], row["score"]) for row in table if (row["query_id"], row["ranking"]) == ("q0001", "both")]
    hits = retriever.compare("laugh", "cleo", top=100)["both"].hits
    assert found == [(hit.sticker, str(hit.final)) for hit in hits]
    for row in table:
        relevance = sum(
            float(row[f"bm25_{field}"] or 0) * float(row[f"weight_{field}"] or 0) for field in ("ocr", "queries")
        )
        assert float(row["relevance"]) == pytest.approx(relevance, rel=1e-5)
    lines = [json.loads(line) for line in files["results.jsonl"].decode().splitlines()]
    assert [(line["query_id"], line["ranking"]) for line in lines][:4] == [
        ("q0001", name) for name in ("none", "utility", "personalization", "both")
    ]
    assert lines[3]["hits"][0]["preference"]["value"] == pytest.approx(
        hits[0].preference.value if hits[0].preference else 0
    )
    settings = json.loads(files["settings.json"])
    assert settings["content_hash"] == retriever.bundle.content_hash
    assert settings["user"] == "cleo"
    assert "For Cleo" in files["figures/q0001.svg"].decode()
    assert retriever.bundle.content_hash in files["README.md"].decode()


def test_run_files_are_measured_in_our_order(retriever: Retriever) -> None:
    run = made(retriever, "laugh", figures=0)["runs/none.trec"].decode()
    assert [line.split()[2] for line in run.splitlines()] == list(toy.LAUGH["ann", "none"]), "equal scores, by id"
    for place, sticker in enumerate(toy.LAUGH["ann", "none"], 1):
        qrels = [ir_measures.Qrel("q0001", sticker, 1)]
        measured = ir_measures.calc_aggregate([ir_measures.RR], qrels, list(ir_measures.read_trec_run(run)))
        assert measured[ir_measures.RR] == pytest.approx(1 / place)


@pytest.mark.slow
def test_the_same_plan_makes_the_same_bytes(retriever: Retriever) -> None:
    plan = Plan(("laugh",), retriever.bundle.settings, "ann", figures=1)
    picture = raster(Image.new("RGB", (4, 4)))
    assert experiment_zip(retriever, plan, lambda _: picture) == experiment_zip(retriever, plan, lambda _: picture)


@pytest.mark.slow
def test_the_command_line_repeats_an_experiment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle = str(toy.write_toy(tmp_path / "toy").path)
    queries = tmp_path / "queries.txt"
    queries.write_text("\ufefflaugh\n\n  night  \nlaugh\n", encoding="utf-8")
    first, again = tmp_path / "first.zip", tmp_path / "again.zip"
    arguments = ["experiment", bundle, str(queries)]
    assert (
        main([*arguments, "--user", "ann", "--top", "3", "--figures", "1", "--language", "zh", "--out", str(first)])
        == 0
    )
    files = unzipped(first.read_bytes())
    assert [row["query"] for row in rows(files["queries.csv"])] == ["laugh", "night"]
    kept = tmp_path / "settings.json"
    kept.write_bytes(files["settings.json"])
    assert main([*arguments, "--settings", str(kept), "--out", str(again)]) == 0
    assert first.read_bytes() == again.read_bytes()
    kept.write_text("[]")
    assert main([*arguments, "--settings", str(kept), "--out", str(again)]) == 2
    assert main([*arguments, "--user", "nobody", "--out", str(again)]) == 2
    queries.write_bytes(b"\xff\xfe\x00")
    assert main([*arguments, "--out", str(again)]) == 2
    told = capsys.readouterr().err
    for said in ("without 'user'", "The person 'nobody'", "no text in UTF-8"):
        assert said in told


def test_what_cannot_be_searched_is_named(retriever: Retriever) -> None:
    with pytest.raises(QueryError, match="Query 2: "):
        made(retriever, "laugh", "x" * 501)
    with pytest.raises(QueryError, match="0 queries"):
        made(retriever)
    files = made(retriever, "zzz")
    assert rows(files["queries.csv"])[0]["notice"] == "no_match"


def test_a_spreadsheet_runs_no_query() -> None:
    assert (
        csv_text([["=1+1", "+x", "-x", "@x", "\tx", "a,b", 1.5, -2]])
        == "\ufeff'=1+1,'+x,'-x,'@x,'\tx,\"a,b\",1.5,-2\r\n"
    )


def test_queries_are_read_once_each() -> None:
    assert read_queries(["\ufeffa", " a ", "", "\u200b", "b\x00c"]) == ("a", "b c")
    assert run_name("my cat%.png") == "my%20cat%25.png"
