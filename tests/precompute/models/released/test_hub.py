"""Finding released models without a network, and the sentences if they are missing."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import huggingface_hub.constants
import pytest
from huggingface_hub.errors import DryRunError, GatedRepoError

from persrv.errors import ModelError
from precompute.__main__ import main
from precompute.model_cards import model_card
from precompute.models.released import hub

ROOT = Path(__file__).resolve().parents[4]
WANTED = hub.HubModel("LLaVA-1.5-7B", "llava-hf/llava-1.5-7b-hf", "--llava")


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


# ---- downloads ------------------------------------------------------------------------------------------------------

PINNED = hub.HubModel.of(model_card("llava-1.5-7b"), "--llava")


def hub_that(monkeypatch: pytest.MonkeyPatch, download: Callable[..., Any]) -> None:
    """A hub whose `snapshot_download` and `hf_hub_download` are this function."""
    monkeypatch.setattr(huggingface_hub, "snapshot_download", download)
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", download)


def raising(error: Exception) -> Callable[..., Any]:
    def download(*_: object, **__: object) -> None:
        raise error

    return download


@pytest.mark.parametrize(
    "error",
    [
        httpx2.ReadTimeout("the read\ntimed out"),
        httpx2.RemoteProtocolError("peer closed connection"),
        ConnectionResetError("reset by peer"),
        AssertionError("no commit"),
        RuntimeError("Data processing error: CAS service error"),
    ],
)
def test_an_interrupted_download_says_to_run_the_same_command_again(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub_that(monkeypatch, raising(error))
    for work in (hub.fetched, hub.described):
        with pytest.raises(ModelError, match=r"Downloading llava-hf/llava-1\.5-7b-hf stopped.*same command again"):
            work(PINNED)
    with pytest.raises(ModelError, match=r"hub cannot be reached.*--llava PATH"):
        hub.reachable(PINNED)


def test_ctrl_c_passes_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    hub_that(monkeypatch, interrupted)
    with pytest.raises(KeyboardInterrupt):
        hub.fetched(PINNED)


def test_a_full_disk_keeps_its_own_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    hub_that(monkeypatch, raising(OSError(errno.ENOSPC, "No space left on device", "blob")))
    with pytest.raises(OSError, match="No space"):
        hub.fetched(PINNED)


def test_a_licence_that_was_not_accepted_says_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    response = httpx2.Response(403, request=httpx2.Request("GET", "https://huggingface.co"))
    hub_that(monkeypatch, raising(GatedRepoError("gated", response=response)))
    for work in (hub.reachable, hub.fetched, hub.to_download):
        with pytest.raises(ModelError, match=r"licence of llava-hf.*Accept it at https://huggingface\.co/llava-hf"):
            work(PINNED)


def test_the_revision_of_the_card_is_asked_for_everywhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[object] = []

    def download(*_: object, revision: str = "", dry_run: bool = False, **__: object) -> Any:
        asked.append(revision)
        return [] if dry_run else str(model(tmp_path / "own"))

    hub_that(monkeypatch, download)
    for work in (hub.reachable, hub.described, hub.fetched, hub.to_download):
        work(PINNED)
    hub.at_hand(PINNED, None)
    assert set(asked) == {"b234b804b114d9e37bb655e11cbbb5f5e971b7a9"}


def test_what_will_be_downloaded_is_told_with_its_licence_and_the_room_there_is(
    monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    def listed(*_: object, allow_patterns: list[str], **__: object) -> list[SimpleNamespace]:
        weights = [("model-1.safetensors", 5_000_000_000, True), ("model-2.safetensors", 3_000_000_000, False)]
        small = [("config.json", 1000, False)]
        return [
            SimpleNamespace(filename=name, file_size=size, will_download=new)
            for name, size, new in (*small, *(weights if "model*.safetensors" in allow_patterns else []))
        ]

    hub_that(monkeypatch, listed)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=20_000_000_000))
    found = hub.to_download(PINNED)
    assert found.bytes == 5_000_000_000
    told = found.told()
    for part in ("LLaVA-1.5-7B", "at b234b80", "5.00 GB of 20.0 GB free", str(cache), "Llama 2", "ai.meta.com"):
        assert part in told
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=6_000_000_000))
    with pytest.raises(ModelError, match=r"6\.0 GB are free.*6\.1 GB.*HF_HOME"):
        hub.to_download(PINNED)


def test_where_the_hub_lists_nothing_the_cards_own_size_is_told(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    hub_that(monkeypatch, raising(DryRunError("no")))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=90_000_000_000))
    assert hub.to_download(PINNED).bytes == model_card("llava-1.5-7b").bytes


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
