"""ZeroGPU: one function is announced there, and used by captioners that use a GPU; anywhere else nothing is loaded."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from PIL import Image

from persrv.models.captioner import Caption
from persrv.retriever import Retriever
from persrv.ui.captions_tab.live import LiveCaptions
from persrv.ui.captions_tab.zero_gpu import SECONDS
from persrv.ui.service import PageService


class Captioner:
    """Says the words it was given."""

    reads_text = True

    def __init__(self, uses_gpu: bool) -> None:
        self.uses_gpu = uses_gpu

    def caption(self, picture: Image.Image, text: str = "") -> Caption:
        return Caption(text, "", (), (), 0, 0.0)


class Small:
    """A captioner that says nothing of GPUs."""

    reads_text = True

    def caption(self, picture: Image.Image, text: str = "") -> Caption:
        return Caption(text, "", (), (), 0, 0.0)


@pytest.fixture
def lent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A Space on ZeroGPU: what was announced, and each use of the GPU."""
    told: list[str] = []
    spaces = ModuleType("spaces")

    def gpu(*, duration: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def announced(task: Callable[..., Any]) -> Callable[..., Any]:
            told.append(f"announced for {duration} s")

            def with_gpu(*arguments: Any) -> Any:
                told.append("used")
                return task(*arguments)

            return with_gpu

        return announced

    monkeypatch.setattr(spaces, "GPU", gpu, raising=False)
    monkeypatch.setitem(sys.modules, "spaces", spaces)
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    return told


@pytest.mark.parametrize(
    ("captioner", "uses"), [(Captioner(uses_gpu=True), ["used"]), (Captioner(uses_gpu=False), []), (Small(), [])]
)
def test_one_function_is_announced_and_used_by_those_who_need_it(
    toy_retriever: Retriever, lent: list[str], captioner: Any, uses: list[str]
) -> None:
    live = LiveCaptions(PageService(toy_retriever, captioner=captioner))
    assert lent == [f"announced for {SECONDS} s"]
    assert live.caption(None, "s01", "laugh")["description"] == "laugh"
    assert lent[1:] == uses


def test_anywhere_else_nothing_is_loaded(toy_retriever: Retriever, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPACES_ZERO_GPU", raising=False)
    monkeypatch.setitem(sys.modules, "spaces", None)  # importing it would fail
    live = LiveCaptions(PageService(toy_retriever, captioner=Captioner(uses_gpu=True)))
    assert live.caption(None, "s01", "laugh")["description"] == "laugh"
