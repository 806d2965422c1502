"""An import with enough clicks to hold some back is judged on them at its end, by the same sections as any bundle."""

from __future__ import annotations

from pathlib import Path

import pytest
from evaluated import sections_of
from PIL import Image

from persrv.bundle import Bundle, verify
from precompute.__main__ import main
from precompute.evaluation.methods import baselines
from precompute.evaluation.registry import SECTIONS

pytestmark = pytest.mark.slow

CLICKS = "".join(f"u{n % 3},{('cat', 'dog', 'moon')[n % 4 % 3]},p{n % 5}\n" for n in range(40))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("judged")
    (root / "pictures").mkdir()
    for number in range(5):
        Image.new("RGB", (24, 24), (50 * number, 10, 90)).save(root / "pictures" / f"p{number}.png")
    (root / "clicks.csv").write_text(f"uid,query,docid\n{CLICKS}", encoding="utf-8")
    return root


def built(folder: Path, name: str, *more: str) -> Bundle:
    places = ["--images", str(folder / "pictures"), "--interactions", str(folder / "clicks.csv")]
    assert main(["build", *places, "--out", str(folder / name), "--work", str(folder / "work"), *more]) == 0
    return Bundle.open(folder / name)


def test_an_import_with_test_clicks_holds_its_evidence(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("precompute.evaluation.methods.roster.FACTORIES", (baselines.factory,))  # without training SRS
    bundle = built(folder, "judged")
    assert f"{len(SECTIONS)} sections" in capsys.readouterr().out
    assert verify(folder / "judged") == []
    found = sections_of(bundle)
    assert found["comparison"].data.en == "real people"
    assert {"Global Pop", "PerSRV", "w/o personalization"} <= {row.name for row in found["comparison"].tables[0].rows}
    assert any("8 test clicks" in note.en for note in found["comparison"].notes)
    assert any("No row CLIP-cn" in note.en for note in found["comparison"].notes)
    assert found["speed"].tables[0].rows


def test_who_wants_no_evaluation_gets_none(folder: Path) -> None:
    bundle = built(folder, "plain", "--no-evaluation")
    assert len(bundle.interactions["test"]) == 8
    assert sections_of(bundle) == {}
