"""Files that torch's ONNX exporter wrote, kept by what they were made of."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch


def sharing(export: Callable[..., Any], folder: Path) -> Callable[..., None]:
    """The exporter, which copies a file from the folder where it has exported an equal module before."""

    def export_or_copy(module: torch.nn.Module, *, kwargs: dict[str, torch.Tensor], f: Path, **options: Any) -> None:
        kept = folder / f"{digest(module, kwargs, options)}.onnx"
        if not kept.exists():
            aside = kept.with_suffix(f".{os.getpid()}")  # another worker may be at it
            export(module, kwargs=kwargs, f=aside, **options)
            aside.replace(kept)
        shutil.copyfile(kept, f)

    return export_or_copy


def digest(module: torch.nn.Module, example: dict[str, torch.Tensor], options: dict[str, Any]) -> str:
    """Digest of all that decides the file: structure, settings, weights, the example, and what is asked of the
    exporter.
    """
    configurations = [str(part.config) for part in module.modules() if hasattr(part, "config")]
    known = hashlib.sha256("\n".join([repr(module), *configurations, repr(options)]).encode())
    for name, values in [*module.state_dict().items(), *example.items()]:
        known.update(f"{name} {values.dtype} {tuple(values.shape)}".encode())
        known.update(values.detach().contiguous().numpy().tobytes())
    return known.hexdigest()
