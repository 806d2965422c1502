"""Both engines by the command a person types: the same bundle, even where a worker and a node of the cluster die."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from PIL import Image, ImageDraw, ImageFont
from ray.cluster_utils import Cluster

from persrv.bundle import Bundle, verify
from precompute.__main__ import main
from precompute.demo.art.fonts import FONTS

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[2]
PICTURES = 7
NODE = {"num_cpus": 1, "object_store_memory": 80 * 2**20, "include_dashboard": False}

#: A dead node is noticed within seconds, not within half a minute.
WATCHFUL = {"health_check_initial_delay_ms": 500, "health_check_period_ms": 500, "health_check_failure_threshold": 3}

#: Seconds that whatever must happen may take on a busy machine.
PATIENCE = 300


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`many`: animations full of words, which take a while to read, too few for a map; one of them in `few`."""
    root = tmp_path_factory.mktemp("engines")
    font = ImageFont.truetype(FONTS["noto-sans"].path, 44, index=FONTS["noto-sans"].index)
    for number in range(PICTURES):
        frames = []
        for frame in range(3):
            frames.append(Image.new("RGB", (480, 480), "white"))
            for line in range(8):
                words = f"WORD {number} {frame} {line}"
                ImageDraw.Draw(frames[-1]).text((20, 10 + 58 * line), words, fill="black", font=font)
        for name in ("many", "few")[: 2 if number == 0 else 1]:
            (root / name).mkdir(exist_ok=True)
            frames[0].save(root / name / f"words{number}.gif", save_all=True, append_images=frames[1:])
    return root


@pytest.fixture(scope="module", autouse=True)
def temporary() -> Iterator[str]:
    """Where Ray keeps its files: its sockets want short names. Nothing is sent to its makers."""
    place = tempfile.mkdtemp(prefix="ray", dir="/tmp")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_TMPDIR", place)
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        yield place
    shutil.rmtree(place, ignore_errors=True)


def command(folder: Path, images: str, name: str, *more: str) -> list[str]:
    places = ["--images", str(folder / images), "--out", str(folder / name), "--work", str(folder / f"work {name}")]
    return [sys.executable, "-m", "precompute", "build", *places, *more]


def built(folder: Path, images: str, name: str, *more: str) -> str:
    """Run the command to its end; the content hash of its bundle."""
    build = command(folder, images, name, *more)
    done = subprocess.run(build, cwd=ROOT, check=False, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    assert list(verify(folder / name)) == []
    return Bundle.open(folder / name).content_hash


def test_both_engines_make_the_same_bundle(folder: Path) -> None:
    assert built(folder, "few", "on ray", "--engine", "ray") == built(folder, "few", "here")


def test_a_cluster_that_loses_a_worker_and_a_node_makes_the_same_bundle(folder: Path, temporary: str) -> None:
    wanted = built(folder, "many", "here")
    with two_nodes(temporary) as cluster:
        address = cluster.gcs_address
        build = command(folder, "many", "survivor", "--engine", "ray", "--ray-address", address)
        with subprocess.Popen(build, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
            try:
                before = once(lambda: batches(folder / "work survivor"), running)
                os.kill(reader(cluster), signal.SIGKILL)
                once(lambda: batches(folder / "work survivor") > before, running)
                (second,) = cluster.worker_nodes
                cluster.remove_node(second, allow_graceful=False)
                assert batches(folder / "work survivor") < PICTURES, "it was still reading"
                told, _ = running.communicate(timeout=PATIENCE)
            finally:
                running.kill()
        assert running.returncode == 0, told
    assert list(verify(folder / "survivor")) == []
    assert Bundle.open(folder / "survivor").content_hash == wanted


@contextmanager
def two_nodes(temporary: str) -> Iterator[Cluster]:
    cluster = Cluster()
    try:
        cluster.add_node(**NODE, temp_dir=temporary, _system_config=WATCHFUL)
        cluster.add_node(**NODE)
        yield cluster
    finally:
        cluster.shutdown()


def once(found: Callable[[], T], running: subprocess.Popen[str]) -> T:
    """What is found as soon as there is anything; the process must not end before."""
    end = time.monotonic() + PATIENCE
    while not (there := found()):
        assert running.poll() is None, running.communicate()[0]
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.01)
    return there


def batches(work: Path) -> int:
    """Batches of readings that are finished."""
    return len(list((work / "read").rglob("*.arrow")))


def reader(cluster: Cluster) -> int:
    """A worker of the cluster that reads: its process id."""
    nodes = (cluster.head_node, *cluster.worker_nodes)
    raylets = {info.process.pid for node in nodes for info in node.all_processes["raylet"]}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            name = (path / "cmdline").read_text()
        except OSError:  # it has ended meanwhile
            continue
        if parent in raylets and name.startswith("ray::") and "Read" in name:
            return int(path.name)
    raise AssertionError("no worker reads")


def test_without_ray_the_command_says_how_to_get_it(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    build = command(folder, "few", "never", "--engine", "ray")
    assert main(build[build.index("build") :]) == 2
    assert "pip install -r precompute/requirements-ray.txt" in capsys.readouterr().err
    assert not (folder / "work never").exists()


def test_an_address_without_the_engine_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build = command(folder, "few", "never", "--ray-address", "127.0.0.1:1")
    assert main(build[build.index("build") :]) == 2
    assert "--engine ray" in capsys.readouterr().err


def test_an_engine_without_a_folder_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--engine", "ray", "--out", "never"]) == 2
    assert "--images" in capsys.readouterr().err
