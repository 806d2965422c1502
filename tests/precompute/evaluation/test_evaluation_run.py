"""Running sections on a bundle: what is written, what is kept, what is not done twice."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest
import toy
from evaluated import sections_of

from persrv.bundle import Bundle, amend_evaluation, verify
from persrv.errors import DataError
from persrv.records import Text
from precompute.__main__ import main
from precompute.evaluation.report import Figure, Findings, Row, Table
from precompute.evaluation.run import Evaluation
from precompute.evaluation.section import Section
from precompute.evaluation.world import Options, World
from precompute.runtime.cache import Cache


@pytest.fixture
def bundle(toy_bundle_path: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(toy_bundle_path, tmp_path / "copy"))


class Counting:
    """A section that counts how often it is computed."""

    def __init__(self, value: float = 0.5) -> None:
        self.times = 0
        self.value = value

    def __call__(self, world: World, report: object) -> Findings:
        self.times += 1
        table = Table("t", Text("A table", "一张表"), ("R@1",), (Row("PerSRV", {"R@1": Figure(self.value)}),))
        return Findings(Text("Counted", "数过"), world.data, (table,), files={"counted.bin": b"\x00\x01"})


def evaluation(tmp_path: Path, *sections: Section) -> Evaluation:
    return Evaluation(Cache(tmp_path / "cache"), io.StringIO(), sections)


def test_a_section_is_written_into_the_bundle_which_stays_sound(bundle: Path, tmp_path: Path) -> None:
    before = Bundle.open(bundle)
    done = evaluation(tmp_path, Section("counted", "", Counting())).run(bundle, Options())
    after = Bundle.open(bundle)
    assert verify(bundle) == []
    assert [each.section.name for each in done] == ["counted"]
    assert after.evaluation["PerSRV"] == {"R@1": 0.5}, "what the build wrote stays"
    assert after.evaluation["schema"] == 2
    assert sections_of(after)["counted"].tables == done[0].findings.tables
    assert (bundle / "evaluation" / "counted.bin").read_bytes() == b"\x00\x01"
    assert after.content_hash != before.content_hash
    assert after.gates == before.gates
    assert after.provenance["draw"] == before.provenance["draw"]
    assert after.provenance["evaluation"]["seconds"]["counted"] >= 0
    assert after.provenance["evaluation"]["machine"]["cores"] >= 1
    kept = [name for name in before.manifest["files"] if name != "evaluation.json"]
    assert all(after.manifest["files"][name] == before.manifest["files"][name] for name in kept)
    assert sorted(path.name for path in bundle.parent.iterdir()) == ["cache", "copy"]


def test_what_is_known_is_not_computed_again(bundle: Path, tmp_path: Path) -> None:
    counting = Counting()
    runs = evaluation(tmp_path, Section("counted", "", counting))
    first = runs.run(bundle, Options())
    again = runs.run(bundle, Options())
    assert counting.times == 1
    assert again[0].findings == first[0].findings
    runs.run(bundle, Options(seed=2))
    assert counting.times == 2


def test_the_evaluation_is_no_input_of_itself(bundle: Path, tmp_path: Path) -> None:
    counting = Counting()
    runs = evaluation(tmp_path, Section("counted", "", counting))
    amend_evaluation(bundle, {"other": 1}, {"extra.txt": b"x"}, {})
    runs.run(bundle, Options())
    amend_evaluation(bundle, {"other": 2}, {}, {})
    assert not (bundle / "evaluation").exists()
    runs.run(bundle, Options())
    assert counting.times == 1
    assert Bundle.open(bundle).evaluation["other"] == 2


def test_seconds_change_no_content(bundle: Path, tmp_path: Path) -> None:
    """A section of the machine's seconds lies in the provenance, is measured anew, and hashes stay."""
    timed = Counting()
    runs = evaluation(tmp_path, Section("timed", "", timed, of_machine=True))
    runs.run(bundle, Options())
    first = Bundle.open(bundle).content_hash
    timed.value = 0.75
    runs.run(bundle, Options())
    after = Bundle.open(bundle)
    assert timed.times == 2
    assert after.content_hash == first
    assert sections_of(after)["timed"].tables[0].rows[0].figures["R@1"].value == 0.75
    assert "timed" not in after.evaluation.get("sections", {})


def test_only_some_sections(bundle: Path, tmp_path: Path) -> None:
    one, two = Counting(1.0), Counting(2.0)
    runs = evaluation(tmp_path, Section("one", "", one), Section("two", "", two))
    runs.run(bundle, Options(), ["two"])
    assert (one.times, two.times) == (0, 1)
    runs.run(bundle, Options(), ["one"])
    assert set(Bundle.open(bundle).evaluation["sections"]) == {"one", "two"}, "the other stays"
    with pytest.raises(DataError, match="No section 'three'"):
        runs.run(bundle, Options(), ["three"])


def test_a_section_that_fails_leaves_the_bundle_as_it_was(bundle: Path, tmp_path: Path) -> None:
    before = (bundle / "bundle.json").read_bytes()

    def fail(world: World, report: object) -> Findings:
        raise DataError("Nothing", "something", "Mend it.")

    with pytest.raises(DataError):
        evaluation(tmp_path, Section("one", "", Counting()), Section("bad", "", fail)).run(bundle, Options())
    assert (bundle / "bundle.json").read_bytes() == before
    assert verify(bundle) == []


def test_an_interruption_while_writing_leaves_the_old_bundle(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (bundle / "bundle.json").read_bytes()
    monkeypatch.setattr("persrv.bundle.layout.manifest_hash", lambda manifest: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        amend_evaluation(bundle, {}, {}, {})
    monkeypatch.undo()
    assert (bundle / "bundle.json").read_bytes() == before
    assert [path.name for path in bundle.parent.iterdir()] == ["copy"]


def test_files_stay_inside_the_bundle(bundle: Path) -> None:
    with pytest.raises(DataError, match="a path inside the bundle"):
        amend_evaluation(bundle, {}, {"../out.txt": b""}, {})


def test_without_test_clicks_there_is_nothing_to_judge_by(tmp_path: Path) -> None:
    silent = toy.write_toy(tmp_path, interactions={**toy.INTERACTIONS, "test": ()}).path
    with pytest.raises(DataError, match="No test clicks"):
        evaluation(tmp_path, Section("counted", "", Counting())).run(silent, Options())


def test_the_command_prints_writes_and_exports(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cache, out = str(tmp_path / "cache"), tmp_path / "tables"
    command = ["evaluate", str(bundle), "--only", "utility", "--work", cache, "--export", str(out)]
    assert main(command) == 0
    told = capsys.readouterr().out
    assert "RQ4: utility metrics (simulated world)" in told
    assert "1 sections" in told
    assert (out / "utility-gains.csv").read_text(encoding="utf-8").startswith("group,name,validation,test")
    assert set(Bundle.open(bundle).evaluation["sections"]) == {"utility"}
    assert verify(bundle) == []


def test_the_command_tells_mistakes_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(tmp_path / "nowhere"), "--work", str(tmp_path / "cache")]) == 2
    assert "No folder" in capsys.readouterr().err


def test_a_bundle_that_was_never_evaluated_has_no_sections(bundle: Path) -> None:
    assert sections_of(Bundle.open(bundle)) == {}
    assert "sections" not in json.loads((bundle / "evaluation.json").read_text(encoding="utf-8"))
