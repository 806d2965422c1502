"""Fixtures for all tests: the toy world, written once a session and never changed."""

from __future__ import annotations

import gc
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

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
    from persrv.text.phrasebook import Entry

sys.path.insert(0, str(Path(__file__).parent))  # so that every test may `import toy`


def pytest_configure() -> None:
    """What a process computes once of a dictionary or a phrasebook is computed once for all tests."""
    from persrv.models import paraphrase
    from persrv.text import lexicon

    lexicon.speller = cache(lexicon.speller)
    fit, fitted = paraphrase._weights, {}

    def weights(ways: FloatArray, entries: Sequence[Entry]) -> FloatArray:
        """Of the same vectors and numbers of ways the same weights; a fake encoder has few vectors."""
        key = (ways.shape, ways.tobytes(), tuple(len(entry.ways) for entry in entries))
        return fitted[key] if key in fitted else fitted.setdefault(key, fit(ways, entries))

    paraphrase._weights = weights


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
    """What the tests have imported lives as long as the worker: the garbage collector need not look at it again."""
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
