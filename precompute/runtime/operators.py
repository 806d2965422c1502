"""Stages as batch operators: a class whose constructor loads a model and whose call maps a batch to a batch.

An operator knows nothing of who calls it: processes of this machine (`precompute.runtime.local`) or actors of a Ray
cluster (`precompute.runtime.ray`). Batches are what Ray Data hands out, too, so that the same class serves both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

#: Columns by name, a value a row. "id" names the rows, and every result has it; inputs carry "path" as well.
Batch = dict[str, NDArray[Any]]

#: An operator that is ready.
Operator = Callable[[Batch], Batch]


@dataclass(frozen=True, slots=True)
class Task:
    """A task of an engine: the work on every batch of {"id", "path"}.

    operator, arguments: the class and what its constructor is given, both picklable. prepare: what needs no model and
    is done elsewhere meanwhile (decoding); its result is what the operator is called with. batch: rows at once where
    the result depends on it, 0 where any number will do. gpus: that each copy of the operator occupies.
    """

    operator: Callable[..., Operator]
    arguments: tuple[Any, ...]
    prepare: Callable[[Batch], Batch] | None = None
    batch: int = 0
    gpus: float = 0.0


#: A task and its batches, at least one -> what came of each, in any order and any grouping of rows. Whichever engine
#: runs a task, its results are the same.
Engine = Callable[[Task, Sequence[Batch]], Iterator[Batch]]
