"""Export of a trained SRS to files that the page runs without torch, and a check that both agree."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from persrv.models import srs as online
from persrv.models.encoders import ModelFolder
from precompute.models.small.llava_onnx import compact
from precompute.models.small.onnx_export import export_onnx
from precompute.models.small.srs_training import Selector

if TYPE_CHECKING:
    import torch


def export(selector: Selector, folder: Path) -> dict[str, Path]:
    """Write all files of the selector into `folder`, with what it saw of the stickers as float16. Returns file name ->
    path, as a bundle's models.
    """
    import torch
    from torch.export import Dim

    most = selector.config.network.most_words
    count, words = Dim("stickers", min=2, max=1 << 20), Dim("words", min=2, max=most)
    example = {
        "ids": torch.full((1, 1, most), online.UNKNOWN),
        "regions": selector.regions[:3].clone(),
        "whole": selector.whole[:3].clone(),
    }
    free = {"ids": {2: words}, "regions": {0: count}, "whole": {0: count}}
    fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)  # the exporter does not know its operator
    try:
        export_onnx(_scorer(selector), example, free, ["scores"], folder / online.NETWORK)
    finally:
        torch.backends.mha.set_fastpath_enabled(fast)
    compact(folder / online.NETWORK)
    regions, whole = (seen.numpy().astype(np.float16) for seen in (selector.regions, selector.whole))
    np.savez(folder / online.SEEN, regions=regions, whole=whole, most_words=np.int64(most))
    (folder / online.WORDS).write_text(
        "\n".join(sorted(selector.words, key=selector.words.__getitem__)) + "\n", "utf-8"
    )
    return {name: folder / name for name in online.FILES}


def _scorer(selector: Selector) -> torch.nn.Module:
    import torch

    class Scores(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = selector.model

        def forward(self, ids: torch.Tensor, regions: torch.Tensor, whole: torch.Tensor) -> torch.Tensor:
            count = regions.shape[0]
            states = self.model.utterance(ids).expand(count, -1, -1, -1)
            return self.model(regions, whole, states, ids.expand(count, -1, -1))

    return Scores()


def parity(selector: Selector, folder: Path, queries: Sequence[str]) -> float:
    """The largest difference between a score of the files in `folder` and one of torch, in standard deviations of the
    scores of its query.
    """
    page = online.load_selector(ModelFolder(folder), len(selector.whole))
    differences = [0.0]
    for query in queries:
        wished = selector.scores(query)
        differences.append(float(np.abs(page.scores(query) - wished).max() / max(wished.std(), 1e-6)))
    return max(differences)
