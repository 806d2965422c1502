"""The Ray engine: Ray Data runs a task over batches on a cluster, or on a small one of its own where no address is
given.

A batch is a block. Every operator is a pool of actors, each with the GPUs that the task asks for, and preparations are
tasks on any node's processors; what a worker or node that died had in hand, Ray hands to another. Nodes need to see the
pictures, the models and this repository under the same paths; results come back to the process that asked, which alone
writes.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from persrv.errors import ModelError, PersrvError
from precompute.runtime.dependencies import ROOT
from precompute.runtime.operators import Batch, Engine, Task

#: Bytes that a cluster of our own may hold between its workers: paths, frames that wait, results.
_STORE = 512 * 2**20

#: Seconds that a cluster has for answering.
_ANSWER = 10.0

#: Times in a row that an actor may die while it loads its model.
_PATIENCE = 3

_ADVICE = "pip install -r precompute/requirements-ray.txt"


def check_ray() -> None:
    """ModelError where Ray is not installed."""
    try:
        import ray.data  # noqa: F401
    except ImportError as error:
        raise ModelError("Ray is not installed", "ray[data], which --engine ray runs on", f"{_ADVICE}.") from error


@contextmanager
def on_ray(address: str | None, workers: int) -> Iterator[Engine]:
    """The engine of the cluster at `address`; without one, of a cluster of `workers` processors on this machine, which
    ends with the block.
    """
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # it warns of every actor that may be restarted
    check_ray()
    if address and not _answers(address):
        raise PersrvError(f"Nobody answers at {address}", "a running Ray cluster, host:port", "Check --ray-address.")
    import ray

    own: dict[str, Any] = {"num_cpus": workers, "object_store_memory": _STORE, "include_dashboard": False}
    try:
        ray.init(
            address=address or "local",
            log_to_driver=False,
            logging_level=logging.ERROR,
            runtime_env={"env_vars": {"PYTHONPATH": str(ROOT)}},
            **({} if address else own),
        )
    except (ConnectionError, RuntimeError, ValueError) as error:
        where = f"a cluster at {address}" if address else "a cluster on this machine"
        raise PersrvError(
            f"Ray does not reach {where}: {error}", "a running Ray cluster", "Check --ray-address."
        ) from error
    _quiet(ray)
    try:
        yield partial(_run, ray)
    except ray.exceptions.RayError as error:
        raise _ours(error) from error
    finally:
        ray.shutdown()


def _answers(address: str) -> bool:
    """Return whether a server listens at host:port; Ray would wait for minutes. Other addresses are left to Ray."""
    host, colon, port = address.rpartition("://")[2].rpartition(":")
    if not colon or not port.isdigit():
        return True
    try:
        socket.create_connection((host, int(port)), _ANSWER).close()
    except OSError:
        return False
    return True


def _quiet(ray: Any) -> None:
    """Our own bar says where a stage is; an operator's own error is raised as it is."""
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.raise_original_map_exception = True
    context.max_consecutive_actor_init_deaths = _PATIENCE  # one that is killed while it loads its model is replaced
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)


def _ours(error: Exception) -> PersrvError:
    """An operator's own error, or a sentence with the last line of Ray's."""
    cause = getattr(error, "cause", None)
    if isinstance(cause, PersrvError):
        return cause
    return PersrvError(
        f"The work on Ray failed: {[line for line in str(error).splitlines() if line.strip()][-1].strip()}",
        "workers that live and see the pictures, the models and this repository",
        "Ray's logs say more; the same command goes on from here.",
    )


def _run(ray: Any, task: Task, batches: Sequence[Batch]) -> Iterator[Batch]:
    import pyarrow as pa

    blocks = [pa.table({name: pa.array(values.tolist()) for name, values in batch.items()}) for batch in batches]
    rows = ray.data.from_arrow(blocks)
    size = len(batches[0]["id"])
    if task.prepare is not None:
        rows = rows.map_batches(task.prepare, batch_size=size, batch_format="numpy")
    rows = rows.map_batches(
        task.operator,
        fn_constructor_args=task.arguments,
        batch_size=size,
        batch_format="numpy",
        num_gpus=task.gpus or None,
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=_copies(ray, task, len(batches))),
    )
    yield from rows.iter_batches(batch_size=None, batch_format="numpy")


def _copies(ray: Any, task: Task, batches: int) -> int:
    """Actors at most: as many as the cluster has room for, one where it has none yet, never more than batches."""
    resources = ray.cluster_resources()
    room = resources.get("GPU", 0) / task.gpus if task.gpus else resources.get("CPU", 0)
    return max(1, min(int(room), batches))
