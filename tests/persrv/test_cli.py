"""The command line: tables for people, JSON for scripts, one sentence for mistakes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import toy

from persrv.__main__ import _read_as, main
from persrv.bundle import Edit, edits_path, write_edits
from persrv.records import Reading, SearchResult, SearchSettings

ROOT = Path(__file__).resolve().parents[2]


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return status, out, err


def test_search_prints_an_aligned_table(toy_bundle_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "search", toy_bundle_path, "laugh 晚安", "--user", "cleo", "--top", "3")
    assert (status, err) == (0, "")
    header, *rows = out.splitlines()
    assert header.split() == [
        *("#", "was", "sticker", "final", "recall", "utility", "meaning", "taste"),
        *("ocr", "keywords", "description", "emotion", "queries", "names", "text"),
    ]
    assert len(rows) == 3
    assert [row.split()[0] for row in rows] == ["1", "2", "3"]
    assert {row.index("s0") for row in rows} == {header.index("sticker")}


@pytest.mark.parametrize(
    ("lead", "sentence"),
    [
        (Reading("laugh", "literal", 1.0), ""),
        (Reading("dog", "undrawn style", 1.0, "ink"), "is drawn in “ink”. Nearest by what else was asked, “dog”."),
        (Reading("giraffe", "undrawn", 1.0, "giraffe"), "shows “giraffe”."),
    ],
)
def test_what_no_sticker_shows_is_told_in_a_sentence(lead: Reading, sentence: str) -> None:
    result = SearchResult("as typed", (), None, (), SearchSettings(), 0, readings=(lead,))
    assert _read_as(result).removeprefix("No sticker here ") == sentence


def test_wide_characters_take_two_columns() -> None:
    from persrv.__main__ import _pad, _width

    assert _width("晚安ok") == 6
    assert _width("e\u0301") == 1
    assert _pad("晚安", 6, left=True) == "晚安  "
    assert _pad("7", 3, left=False) == "  7"


@pytest.mark.parametrize("query", ["-_-", "-_-||", "->_<-", "--__--", "-1", "-", "^_^"])
def test_a_face_that_begins_with_a_dash_is_a_query(
    toy_bundle_path: Path, capsys: pytest.CaptureFixture[str], query: str
) -> None:
    status, out, _ = run(capsys, "search", toy_bundle_path, query, "--json", "--top", "1")
    assert (status, json.loads(out)["query"]) == (0, query)


def test_what_a_bundles_owner_says_counts_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = toy.write_toy(tmp_path).path
    write_edits(edits_path(bundle), (Edit("s05", tags=("boss",)), Edit("s01", hidden=True)))
    assert [hit["sticker"] for hit in json.loads(run(capsys, "search", bundle, "boss", "--json")[1])["hits"]] == ["s05"]
    assert "s01" not in run(capsys, "search", bundle, "laugh", "--top", "12")[1]
    queries, archive = tmp_path / "queries.txt", tmp_path / "out.zip"
    queries.write_text("boss\nlaugh\n", encoding="utf-8")
    assert run(capsys, "experiment", bundle, queries, "--out", archive, "--figures", "0")[0] == 0
    with zipfile.ZipFile(archive) as opened:
        told = b"".join(opened.read(name) for name in opened.namelist() if name.endswith((".csv", ".run", ".jsonl")))
    assert b"s05" in told
    assert b"s01" not in told
    edits_path(bundle).write_text('{"sticker": 3}', encoding="utf-8")
    status, _, err = run(capsys, "search", bundle, "boss")
    assert (status, "line 1" in err) == (2, True)


def test_search_prints_json(toy_bundle_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "search", toy_bundle_path, "laugh", "--user", "ann", "--json")
    document = json.loads(out)
    assert status == 0
    assert (document["query"], document["user"], document["personalized"]) == ("laugh", "ann", True)
    first = document["hits"][0]
    assert first["rank"] == 1
    assert set(first) == {
        *(
            "sticker",
            "row",
            "rank",
            "recall_rank",
            "fields",
            "relevance",
            "utility",
            "recall",
            "preference",
            "final",
            "meaning",
        )
    }
    assert first["fields"][0]["tokens"]["laugh"] > 0


def test_switches(toy_bundle_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = run(capsys, "search", toy_bundle_path, "laugh", "--user", "ann", "--no-personalization", "--json")[1]
    assert json.loads(plain)["personalized"] is False
    bare = run(capsys, "search", toy_bundle_path, "laugh", "--no-utility", "--json")[1]
    hit = json.loads(bare)["hits"][0]
    assert hit["recall"] == hit["relevance"]


@pytest.mark.parametrize(
    ("query", "user", "words"),
    [
        (" ", None, "The query is blank"),
        ("zzz", None, "No sticker shares a word"),
        ("laugh", "stranger", "Nobody of this name"),
    ],
)
def test_notices_are_told(
    toy_bundle_path: Path, capsys: pytest.CaptureFixture[str], query: str, user: str | None, words: str
) -> None:
    status, out, _ = run(capsys, "search", toy_bundle_path, query, *(("--user", user) if user else ()))
    assert status == 0
    assert words in out


@pytest.mark.parametrize(
    "arguments",
    [("search", "/nowhere", "hi"), ("search", "BUNDLE", "hi", "--top", "0"), ("search", "BUNDLE", "哈" * 501)],
)
def test_mistakes_are_one_sentence(
    toy_bundle_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    status, out, err = run(capsys, *(str(toy_bundle_path) if a == "BUNDLE" else a for a in arguments))
    assert (status, out) == (2, "")
    assert err.startswith("persrv: ")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("interruption", "status", "words"),
    [
        (KeyboardInterrupt(), 130, "persrv: Interrupted. The same command goes on from there.\n"),
        (OSError(28, "No space left on device"), 2, "persrv: [Errno 28] No space left on device\n"),
        (BrokenPipeError(), 0, ""),
    ],
)
def test_a_command_that_is_cut_short_shows_no_traceback(
    toy_bundle_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    interruption: BaseException,
    status: int,
    words: str,
) -> None:
    def cut_short(*_: object) -> None:
        raise interruption

    monkeypatch.setattr("persrv.__main__.load", cut_short)
    assert run(capsys, "load", toy_bundle_path, "--milvus-uri", "x.db") == (status, "", words)


def test_verify(toy_bundle_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "verify", toy_bundle_path)
    assert (status, out.split(", content")[0]) == (0, "toy: sound. 12 stickers, 3 simulated people")
    broken = Path(shutil.copytree(toy_bundle_path, tmp_path / "broken"))
    (broken / "images/s01.webp").unlink()
    status, out, _ = run(capsys, "verify", broken)
    assert status == 1
    assert "images/s01.webp is missing" in out
    assert run(capsys, "verify", tmp_path / "nowhere")[0] == 1


def test_as_a_program(toy_bundle_path: Path) -> None:
    """A real process, whose terminal knows no Chinese: escapes, not a traceback."""
    command = [sys.executable, "-m", "persrv", "search", str(toy_bundle_path), "笑死", "--top", "2"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, check=False, env={"PYTHONIOENCODING": "ascii", "PATH": ""}
    )
    assert done.returncode == 0, done.stderr
    assert b"s02" in done.stdout
    assert done.stderr == b""
