"""Fixtures for all tests: the toy world, written once a session and never changed."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

#: Before numpy and torch load: the workers share the cores, and threads that wait for each other cost more than they
#: gain. Programs that a test starts take it over.
os.environ.setdefault("OMP_NUM_THREADS", "1")

#: The same examples every run and no limit on a slow machine: a failure is a finding, not the weather.
settings.register_profile("repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("repeatable")

if TYPE_CHECKING:
    from persrv.records import FloatArray
    from persrv.retriever import Retriever

sys.path.insert(0, str(Path(__file__).parent))  # so that every test may `import toy`


def pytest_configure(config: pytest.Config) -> None:
    """Gradio is imported as the app imports it, and what a process computes once of a dictionary or a phrasebook is
    computed once for all tests.
    """
    import numpy as np

    from persrv.models import paraphrase
    from persrv.text import lexicon
    from persrv.ui.gradio_import import importing_gradio

    imports = ExitStack()
    imports.enter_context(importing_gradio())
    config.add_cleanup(imports.close)
    lexicon.speller = cache(lexicon.speller)
    fit, ridge = paraphrase._weights, paraphrase.RIDGE

    def weights(ways: FloatArray, targets: FloatArray) -> FloatArray:
        """A fake encoder hears few of thousands of texts apart: the same weights, by one equation for each vector."""
        apart, which, count = np.unique(ways, axis=0, return_inverse=True, return_counts=True)
        if len(apart) > 100:
            return fit(ways, targets)
        gram, summed = paraphrase.kernel(apart @ apart.T), np.zeros((len(apart), targets.shape[1]))
        np.add.at(summed, which, targets)
        sums = np.linalg.solve(count[:, None] * gram + ridge * np.eye(len(apart)), summed)
        return np.float32((targets - (gram @ sums)[which]) / ridge)

    paraphrase._weights = weights


#: Folders of tests that import torch, Ray, and what these bring along.
OFFLINE = ("precompute", "benchmarks")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Divide the tests between two workers of `--dist each`, the offline rooms to the first and all others to the
    second: no file is collected twice, and each imports only what its rooms need.
    """
    if node.config.option.dist == "each" and node.workerinput["workercount"] == 2:
        node.workerinput["offline"] = node.workerinput["workerid"] == "gw0"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leaves out what the other worker takes."""
    worker = getattr(config, "workerinput", {})
    if "offline" not in worker or collection_path.parent != Path(__file__).parent:
        return None
    return (collection_path.name in OFFLINE) != worker["offline"] or None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ray's cluster comes first: it forks this process, which is safe before other libraries have started threads.

    Then come the files that take longest, so that workers which share the files out end together.
    """
    seconds: Counter[Path] = Counter()
    for item in items:
        for marker in (item.get_closest_marker("slow"), item.get_closest_marker("browser")):
            seconds[item.path] += marker.kwargs.get("seconds", 4) if marker else 0
    items.sort(key=lambda item: (item.path.name != "test_engines.py", -seconds[item.path]))


def pytest_collection_finish() -> None:
    """Freeze what the tests have imported, which lives as long as the worker, so that the garbage collector skips it.
    And let torch's loggers propagate: else pytest would listen to each of them anew in each part of each test.
    """
    for name, logger in logging.root.manager.loggerDict.items():
        if name.partition(".")[0] == "torch" and isinstance(logger, logging.Logger):
            logger.propagate = True
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(scope="session")
def toy_bundle_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy bundle on disk; read only: a test that damages it copies it first."""
    import toy

    return toy.write_toy(tmp_path_factory.mktemp("toy_world")).path


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """Torch uses one thread for all tests of a file of tiny models."""
    import released_models

    with released_models.one_thread():
        yield


@pytest.fixture(scope="session")
def toy_retriever(toy_bundle_path: Path) -> Retriever:
    """The door to the toy world."""
    from persrv.retriever import Retriever

    return Retriever.open(toy_bundle_path)


@pytest.fixture(scope="module")
def exported_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Torch traces a model for seconds to export it to ONNX. Files of tests that use the same tiny models
    share what came of it, those of other workers too.
    """
    import exported
    import torch

    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.onnx, "export", exported.sharing(torch.onnx.export, folder))
        yield
