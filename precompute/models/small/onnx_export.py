"""Export of a torch module to one self-contained ONNX file, without a word of the exporter's."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


def export_onnx(
    module: torch.nn.Module, example: dict[str, Any], free: Mapping[str, Any], outputs: Sequence[str], path: Path
) -> None:
    """Write a module as an ONNX file.

    example: argument name -> tensor, whose names become those of the inputs; free: argument name -> its dimensions
    (torch.export.Dim) that may differ from the example's, None for none; outputs: names of the outputs, in order.
    """
    import torch

    with _quiet(), torch.no_grad():
        torch.onnx.export(
            module.eval(),
            kwargs=example,
            f=path,
            input_names=list(example),
            output_names=list(outputs),
            dynamic_shapes=dict(free),
            dynamo=True,
            external_data=False,
            optimize=True,
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence the exporter, which reports on every channel there is."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
