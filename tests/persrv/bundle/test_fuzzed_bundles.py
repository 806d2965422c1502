"""Two thousand damaged bundles: each is refused with a sentence, answers rightly, or says that something is odd."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzzing.bundles import Case, Report, fuzz, one_encoder


@pytest.mark.slow(seconds=100)
def test_no_damaged_bundle_answers_wrongly_or_falls_over(tmp_path: Path) -> None:
    report = fuzz(2000, 1, tmp_path)
    assert report.sound, "\n".join([*report.faults[:10], str(report)])
    assert min(report.counts[name] for name in ("refused", "right", "told")) > 20, report


def test_the_fuzzer_sees_wrong_answers_and_tracebacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the checks that tell them, the same damage is called by its name."""
    with one_encoder():
        case = Case(tmp_path, "folder")
        impacts = case.victim.read("index/ocr/impacts.npy")
        case.victim.write("index/ocr/impacts.npy", impacts[:128] + b"\0\0\0\1" + impacts[132:])
        case.victim.seal()
        assert case.judge()[0] == "refused"
        monkeypatch.setattr("persrv.bundle.reader.contradictions", lambda *_: ())
        assert case.judge()[0] == "wrong"
        monkeypatch.setattr("persrv.bundle.reader.inconsistencies", lambda *_: 1 / 0)
        assert case.judge()[0] == "traceback"
        case.victim.repair()
        monkeypatch.undo()
        assert case.judge() == ("right", "")


def test_a_report_counts_and_lists() -> None:
    report = Report()
    report.counts.update(("refused", "right", "refused"))
    assert str(report).splitlines()[1] == "3 | 2 | 1 | 0 | 0 | 0"
    assert report.sound
