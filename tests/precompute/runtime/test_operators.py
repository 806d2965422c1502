"""Batch operators and the engine of one machine: finished batches are found again, killed workers are replaced."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from persrv.errors import PersrvError
from precompute.models.ocr import RawLine, Reader, Reading, reading_from_json
from precompute.models.pixels import Decode
from precompute.runtime.batch_store import compute
from precompute.runtime.local import in_processes
from precompute.runtime.operators import Batch, Task
from precompute.runtime.processes import each
from precompute.stages.embed import Embed, EmbedFiles
from precompute.stages.ocr import MOST_TIMES_AS_LONG, Read, padded

LINE = RawLine("好", 0.9, (0.0, 0.0, 5.0, 0.0, 5.0, 5.0, 0.0, 5.0))


class Measure:
    """A toy operator: the length of each path, and twice it as a vector."""

    def __init__(self, more: int) -> None:
        self.more = more

    def __call__(self, batch: Batch) -> Batch:
        lengths = np.array([len(path) + self.more for path in batch["path"]])
        return {"id": batch["id"], "length": lengths, "vector": np.stack([lengths, 2 * lengths], 1).astype(np.float16)}


def prepared(batch: Batch) -> Batch:
    """A toy preparation: paths become longer by two."""
    return {"id": batch["id"], "path": np.array([f"{path}!!" for path in batch["path"]])}


def paths_of(count: int) -> dict[str, Path]:
    return {f"id{number}": Path("x" * (number + 1)) for number in range(count)}


TASK = Task(Measure, (10,), batch=3)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(("prepare", "more"), [(None, 10), (prepared, 12)])
def test_every_row_in_the_order_of_the_paths(
    tmp_path: Path, workers: int, prepare: Callable[[Batch], Batch] | None, more: int
) -> None:
    task = Task(Measure, (10,), prepare, batch=3)
    found = compute(task, paths_of(8), tmp_path, in_processes(workers))
    assert found["id"].tolist() == [f"id{number}" for number in range(8)]
    assert found["length"].tolist() == [number + 1 + more for number in range(8)]
    assert found["vector"].dtype == np.float16
    assert found["vector"].tolist() == [[n + 1 + more, 2 * (n + 1 + more)] for n in range(8)]


def dying_after(batches: int, task: Task, given: Sequence[Batch]) -> Iterator[Batch]:
    """An engine whose process is interrupted after some batches; they finish in the wrong order."""
    for batch in list(reversed(given))[:batches]:
        yield Measure(*task.arguments)(batch)
    raise KeyboardInterrupt


def test_what_is_finished_is_never_done_again(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        compute(TASK, paths_of(8), tmp_path, partial(dying_after, 2))
    (tmp_path / ".half.arrow.123").write_bytes(b"ARROW1")  # what a killed process leaves behind
    asked: list[str] = []

    def counted(task: Task, batches: Sequence[Batch]) -> Iterator[Batch]:
        asked.extend(name for batch in batches for name in batch["id"].tolist())
        return in_processes(1)(task, batches)

    steps: list[tuple[int, int]] = []
    found = compute(TASK, paths_of(9), tmp_path, counted, lambda done, total: steps.append((done, total)))
    assert asked == ["id0", "id1", "id2", "id8"], "the batch that was missing, and what is new"
    assert steps == [(5, 9), (8, 9), (9, 9)]
    assert found["length"].tolist() == [number + 11 for number in range(9)]


def test_a_catalogue_that_shrinks_keeps_its_order(tmp_path: Path) -> None:
    compute(TASK, paths_of(5), tmp_path, in_processes(1))
    few = {name: path for name, path in reversed(paths_of(5).items()) if name != "id3"}
    found = compute(TASK, few, tmp_path, partial(dying_after, 0))
    assert found["id"].tolist() == ["id4", "id2", "id1", "id0"]
    assert found["length"].tolist() == [15, 13, 12, 11]


def test_a_batch_that_the_disk_has_damaged_is_done_anew(tmp_path: Path) -> None:
    wanted = compute(TASK, paths_of(8), tmp_path, in_processes(1))
    torn, empty, _ = sorted(tmp_path.glob("*.arrow"))
    torn.write_bytes(torn.read_bytes()[:-40])
    empty.write_bytes(b"")
    found = compute(TASK, paths_of(8), tmp_path, in_processes(1))
    assert {name: values.tolist() for name, values in found.items()} == {n: v.tolist() for n, v in wanted.items()}


# ---- the workers ----------------------------------------------------------------------------------------------------


def killed_once(marker: Path, item: int) -> int:
    """The item itself; whoever is first to see item 5 is killed, as for want of memory."""
    if item == 5 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def killed_always(item: int) -> int:
    if item == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


@pytest.mark.slow
def test_a_killed_worker_is_replaced_and_nothing_is_lost(tmp_path: Path) -> None:
    assert list(each(partial(killed_once, tmp_path / "once"), range(40), 2)) == list(range(40))
    assert (tmp_path / "once").exists()


@pytest.mark.slow
def test_a_worker_that_is_killed_again_and_again_is_a_sentence() -> None:
    with pytest.raises(PersrvError, match="was killed 3 times over the same items"):
        list(each(killed_always, range(8), 2))


def test_an_error_of_an_operator_reaches_the_caller_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        compute(Task(Measure, ("ten",), batch=3), paths_of(8), tmp_path, in_processes(2))
    assert list(tmp_path.iterdir()) == []


# ---- the operators --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    folder = tmp_path_factory.mktemp("pictures")
    Image.new("RGB", (8, 5), "red").save(folder / "still.png")
    Image.new("RGB", (6, 6), "black").save(
        folder / "moving.gif", save_all=True, append_images=[Image.new("RGB", (6, 6), "white")]
    )
    return {"id": np.array(["a", "b"]), "path": np.array([str(folder / "still.png"), str(folder / "moving.gif")])}


def test_reading_looks_at_every_key_frame_and_travels_as_json(pictures: Batch) -> None:
    def load() -> Reader:
        return lambda pixels: [LINE] if pixels.mean() > 200 else []

    found = Read(load, (255,), 0.7)(pictures)
    assert found["id"].tolist() == ["a", "b"]
    assert [reading_from_json(text) for text in found["reading"]] == [Reading(5, ((),)), Reading(6, ((), (LINE,)))]


def test_embedding_files_gives_a_row_a_file(pictures: Batch) -> None:
    def load() -> Callable[[Path], np.ndarray]:
        return lambda path: np.array([0.6, 0.8], np.float32) if path.suffix == ".png" else np.array([1.0, 0.0])

    found = EmbedFiles(load)(pictures)
    assert found["vector"].dtype == np.float16
    assert np.allclose(found["vector"], [[0.6, 0.8], [1, 0]], atol=1e-3)


def test_frames_are_decoded_apart_and_their_mean_is_the_picture(pictures: Batch) -> None:
    decoded = Decode(4)(pictures)
    assert [frames.shape for frames in decoded["frames"]] == [(1, 4, 4, 3), (2, 4, 4, 3)]
    assert decoded["frames"][1][:, 0, 0].tolist() == [[0, 0, 0], [255, 255, 255]]

    def load() -> Callable[[np.ndarray], np.ndarray]:
        """Dark frames look to the right, bright ones up."""
        return lambda frames: np.array([[1.0, 0.0] if frame.mean() < 99 else [0.0, 1.0] for frame in frames])

    found = Embed(load)(decoded)
    assert found["id"].tolist() == ["a", "b"]
    assert found["vector"].dtype == np.float16
    assert np.allclose(found["vector"], [[0, 1], [0.5**0.5, 0.5**0.5]], atol=1e-3)


@pytest.mark.parametrize(
    ("size", "seen"), [((512, 1), (512, 64)), ((1, 512), (64, 512)), ((100, 30), (100, 30)), ((1, 1), (1, 1))]
)
def test_no_engine_is_given_a_line_to_enlarge(size: tuple[int, int], seen: tuple[int, int]) -> None:
    """(width, height): enlarged until its shorter side has 480 pixels, 1 x 512 would take more than any memory."""
    given: list[np.ndarray] = []

    def engine(picture: np.ndarray) -> list[RawLine]:
        given.append(picture)
        return [LINE]

    picture = np.random.default_rng(1).integers(0, 255, (size[1], size[0], 3), np.uint8)
    assert padded(engine)(picture) == [LINE]
    (wide,) = given
    assert wide.shape == (seen[1], seen[0], 3)
    assert max(wide.shape[:2]) <= MOST_TIMES_AS_LONG * min(wide.shape[:2])
    assert np.array_equal(wide[: size[1], : size[0]], picture), "no box moves"
    if size != seen:
        assert wide[-1, -1].tolist() == picture[0, 0].tolist()
