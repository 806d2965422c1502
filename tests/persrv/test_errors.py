"""Errors survive the way between processes."""

from __future__ import annotations

import copy

import pytest

from persrv.errors import BundleError, DataError, ModelError, PersrvError, QueryError


@pytest.mark.parametrize("kind", [BundleError, DataError, ModelError, QueryError])
def test_an_error_is_whole_after_a_copy(kind: type[PersrvError]) -> None:
    error = kind("No font", "the package fonts-unifont", "Install it.")
    other = copy.copy(error)  # by __reduce__, as a worker process hands it to its parent
    assert type(other) is kind
    assert str(other) == "No font. Expected the package fonts-unifont. Install it."
    assert (other.found, other.expected, other.advice) == (error.found, error.expected, error.advice)
