"""Engines by the command a person types: the same bundle, even where a worker and a node of the cluster die."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
import ray.cloudpickle
import released_models
from PIL import Image, ImageDraw, ImageFont
from ray.cluster_utils import Cluster

from persrv.bundle import Bundle, verify
from precompute.__main__ import main
from precompute.demo.art.fonts import FONTS
from precompute.runtime.batch_store import compute
from precompute.runtime.operators import Batch, Task
from precompute.runtime.ray import on_ray

pytestmark = pytest.mark.slow

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[3]
PICTURES = 7
NODE = {"num_cpus": 1, "object_store_memory": 80 * 2**20, "include_dashboard": False}

#: A dead node is noticed within seconds, not within half a minute.
WATCHFUL = {"health_check_initial_delay_ms": 500, "health_check_period_ms": 500, "health_check_failure_threshold": 3}

#: Seconds that whatever must happen may take on a busy machine.
PATIENCE = 900


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`many`: animations full of words, which take a while to read, too few for a map. `few`: a still and a moving
    picture with a word on each frame."""
    root = tmp_path_factory.mktemp("engines")
    for number in range(PICTURES):
        frames = [page(480, [f"WORD {number} {frame} {line}" for line in range(6)]) for frame in range(3)]
        save(root / "many" / f"words{number}.gif", frames)
    save(root / "few" / "still.png", [page(240, ["HELLO"])])
    save(root / "few" / "moving.gif", [page(240, ["GOOD"]), page(240, ["NIGHT"])])
    return root


def page(side: int, lines: Sequence[str]) -> Image.Image:
    picture = Image.new("RGB", (side, side), "white")
    font = ImageFont.truetype(FONTS["noto-sans"].path, 44, index=FONTS["noto-sans"].index)
    for number, words in enumerate(lines):
        ImageDraw.Draw(picture).text((5, 10 + 75 * number), words, fill="black", font=font)
    return picture


def save(path: Path, frames: Sequence[Image.Image]) -> None:
    path.parent.mkdir(exist_ok=True)
    frames[0].save(path, save_all=len(frames) > 1, append_images=frames[1:])


@pytest.fixture(scope="module", autouse=True)
def quiet() -> Iterator[None]:
    """Ray keeps its files where its sockets get short names, and sends nothing to its makers."""
    place = tempfile.mkdtemp(prefix="ray", dir="/tmp")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_TMPDIR", place)
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_gcs_server_port_wait_time_s", str(PATIENCE))
        yield
    shutil.rmtree(place, ignore_errors=True)


def started(tries: int = 3) -> Cluster:
    """Two nodes of one processor; the first says that it has a GPU. Ray forks this process for them, and a fork that
    meets another thread's lock hangs: rarely, so that another try helps, as it does who starts Ray by hand. It gives a
    node half a minute, too, which is little on a busy machine.
    """
    cluster = Cluster()
    try:
        cluster.add_node(wait=False, **NODE, num_gpus=1, _system_config=WATCHFUL)
        cluster.add_node(wait=False, **NODE)
        cluster.wait_for_nodes(timeout=120)
    except Exception:  # of no narrower kind, says Ray
        cluster.shutdown()
        if tries == 1:
            raise
        return started(tries - 1)
    return cluster


@pytest.fixture(scope="module")
def cluster(quiet: None) -> Iterator[Cluster]:
    """A cluster of which a test may lose a worker or the second node."""
    cluster = started()
    try:
        yield cluster
    finally:
        cluster.shutdown()


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
    """Profile paper, on tiny models: OCR, decoding apart, embeddings and captions."""
    clip, llava = (make(folder / make.__name__) for make in (released_models.chinese_clip, released_models.llava))
    models = ("--profile", "paper", "--clip", str(clip), "--llava", str(llava), "--force-cpu")
    assert built(folder, "few", "on ray", *models, "--engine", "ray") == built(folder, "few", "here", *models)
    stickers = Bundle.open(folder / "on ray").stickers
    seen = [{line.text for line in sticker.ocr_lines} for sticker in stickers]
    assert seen == [{"GOOD", "NIGHT"}, {"HELLO"}]
    assert all(sticker.description for sticker in stickers)


class Where:
    """A toy operator: the GPU that it was given, and whether the pictures were decoded in another process."""

    def __call__(self, batch: Batch) -> Batch:
        gpus = np.array([os.environ["CUDA_VISIBLE_DEVICES"]] * len(batch["id"]))
        return {"id": batch["id"], "gpu": gpus, "elsewhere": batch["process"] != os.getpid()}


def decoded(batch: Batch) -> Batch:
    return {"id": batch["id"], "process": np.array([os.getpid()] * len(batch["id"]))}


def test_an_operator_gets_its_gpu_and_pictures_are_decoded_elsewhere(cluster: Cluster, tmp_path: Path) -> None:
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])  # workers cannot import tests
    paths = {f"id{number}": tmp_path for number in range(10)}
    with on_ray(cluster.gcs_address, 1) as engine:
        found = compute(Task(Where, (), decoded, batch=4, gpus=1), paths, tmp_path / "found", engine)
    assert found["id"].tolist() == list(paths)
    assert set(found["gpu"].tolist()) == {"0"}
    assert found["elsewhere"].all()
    assert len(list((tmp_path / "found").iterdir())) == 3


def test_a_cluster_that_loses_a_worker_and_a_node_makes_the_same_bundle(folder: Path, cluster: Cluster) -> None:
    wanted = built(folder, "many", "many here")
    build = command(folder, "many", "survivor", "--engine", "ray", "--ray-address", cluster.gcs_address)
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


def once(found: Callable[[], T], running: subprocess.Popen[str]) -> T:
    """Wait for `found` to find something, and return that; the process must not end before."""
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


def test_a_cluster_that_is_not_there_is_a_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build = command(folder, "few", "never", "--engine", "ray", "--ray-address", "127.0.0.1:1")
    assert main(build[build.index("build") :]) == 2
    assert "Nobody answers at 127.0.0.1:1" in capsys.readouterr().err
    assert not (folder / "work never").exists()


def test_an_engine_without_a_folder_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--engine", "ray", "--out", "never"]) == 2
    assert "--images" in capsys.readouterr().err
