"""The local engine: processes of this machine run a task over batches.

An operator without a preparation, which decodes pictures itself, is loaded by every worker. An operator with a
preparation is loaded once, in this process, next to its GPU, while the workers decode the next pictures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from precompute.runtime.operators import Batch, Engine, Task
from precompute.runtime.processes import each, each_prepared


def in_processes(workers: int) -> Engine:
    """The engine of one machine: `workers` processes that end with this one."""
    return partial(_run, workers)


def _run(workers: int, task: Task, batches: Sequence[Batch]) -> Iterator[Batch]:
    make = partial(task.operator, *task.arguments)
    if task.prepare is None:
        yield from each_prepared(make, batches, workers, chunk=1)
        return
    operator = make()
    yield from map(operator, each(task.prepare, batches, workers, chunk=1))
