"""Where released models are found without a network, and the sentences where they are not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import huggingface_hub.constants
import pytest

from persrv.errors import ModelError
from precompute.__main__ import main
from precompute.models.released import hub

ROOT = Path(__file__).resolve().parents[4]
WANTED = hub.Wanted("LLaVA-1.5-7B", "llava-hf/llava-1.5-7b-hf", "--llava")


def model(folder: Path, weights: str = "model.safetensors") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text("{}", encoding="utf-8")
    (folder / weights).write_bytes(b"weights")
    return folder


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the hub."""
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


# ---- at hand --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weights", ["model.safetensors", "pytorch_model.bin"])
def test_a_folder_that_was_given_is_taken(tmp_path: Path, weights: str) -> None:
    assert hub.at_hand(WANTED, str(model(tmp_path / "own", weights))) == tmp_path / "own"


def test_a_folder_without_all_its_weights_is_refused_by_name(tmp_path: Path) -> None:
    folder = model(tmp_path / "own", "model-00001-of-00002.safetensors")
    shards = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    index = json.dumps({"weight_map": shards})
    (folder / "model.safetensors.index.json").write_text(index, encoding="utf-8")
    with pytest.raises(ModelError, match=r"--llava .*own holds no model.*LLaVA-1\.5-7B"):
        hub.at_hand(WANTED, str(folder))
    (folder / "model-00002-of-00002.safetensors").write_bytes(b"rest")
    assert hub.at_hand(WANTED, str(folder)) == folder
    with pytest.raises(ModelError, match="holds no model"):
        hub.at_hand(WANTED, str(tmp_path / "absent"))


def test_the_cache_is_looked_into(cache: Path) -> None:
    assert hub.at_hand(WANTED, None) is None
    repository = cache / "models--llava-hf--llava-1.5-7b-hf"
    snapshot = repository / "snapshots" / "0123abc"
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("0123abc", encoding="utf-8")
    (snapshot / "config.json").write_text("{}", encoding="utf-8")
    assert hub.at_hand(WANTED, None) is None, "a configuration alone is no model"
    model(snapshot)
    assert hub.at_hand(WANTED, None) == snapshot


def test_identity_is_of_the_content(tmp_path: Path) -> None:
    one, other = model(tmp_path / "one"), model(tmp_path / "other")
    assert hub.identity(one) == hub.identity(other)
    (other / "model.safetensors").write_bytes(b"fine-tuned")
    assert hub.identity(one) != hub.identity(other)
    (one / "README.md").write_text("no part of it", encoding="utf-8")
    (other / "model.safetensors").write_bytes(b"weights")
    assert hub.identity(one) == hub.identity(other)


# ---- the command ----------------------------------------------------------------------------------------------------


def paper(tmp_path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """The command of a person whose machine reaches no hub and has nothing cached."""
    command = [
        sys.executable,
        "-m",
        "precompute",
        "build",
        "--images",
        str(tmp_path / "stickers"),
        "--profile",
        "paper",
    ]
    offline = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "home")}
    return subprocess.run(
        [*command, "--out", str(tmp_path / "out"), "--work", str(tmp_path / "work"), *more],
        cwd=ROOT,
        env=offline,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_hub_the_command_stops_before_any_work_and_names_model_and_option(tmp_path: Path) -> None:
    done = paper(tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, "one sentence, nothing of a stage"
    for part in ("Chinese-CLIP ViT-B/16", "OFA-Sys/chinese-clip-vit-base-patch16", "--clip PATH"):
        assert part in done.stderr
    assert not (tmp_path / "work").exists()
    assert not (tmp_path / "out").exists()


def test_the_other_model_is_named_where_one_was_given(tmp_path: Path) -> None:
    done = paper(tmp_path, "--clip", str(model(tmp_path / "clip")))
    assert done.returncode == 2
    assert "LLaVA-1.5-7B" in done.stderr
    assert "--llava PATH" in done.stderr


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["build", "--profile", "paper", "--out", "out"], "no folder of stickers"),
        (["draw", "--profile", "paper"], "no folder of stickers"),
        (["build", "--clip", "x", "--out", "out"], "no folder of stickers"),
        (["build", "--images", "tests", "--clip", "x", "--out", "out"], "uses no released models"),
        (["build", "--images", "tests", "--force-cpu", "--out", "out"], "uses no released models"),
    ],
)
def test_options_without_a_meaning_are_refused(
    command: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 2
    assert told in capsys.readouterr().err
