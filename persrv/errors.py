"""The errors a person may meet. Every message says what was found, what was expected, and what to do."""

from __future__ import annotations

#: Characters of each part of a sentence.
_LONGEST = 500


class PersrvError(Exception):
    """Base of all errors this project raises on purpose; its text is fit to be shown to a person."""

    def __init__(self, found: str, expected: str, advice: str) -> None:
        self.found = _one_line(found)
        self.expected = _one_line(expected)
        self.advice = _one_line(advice)
        super().__init__(f"{self.found}. Expected {self.expected}. {self.advice}")

    def __reduce__(self) -> tuple[type[PersrvError], tuple[str, str, str]]:
        """Pickle the three arguments, so that an error travels whole from a worker process to its parent."""
        return type(self), (self.found, self.expected, self.advice)


def _one_line(text: str) -> str:
    """The text with its lines joined, and without its middle where it is long: libraries tell much in many lines."""
    line = " ".join(text.splitlines())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST // 2]} ... {line[-_LONGEST // 2 :]}"


class BundleError(PersrvError):
    """A feature bundle that is missing, damaged, of another format, or inconsistent with itself."""


class DataError(PersrvError):
    """Input data (interactions, images, settings) that cannot be used as given."""


class QueryError(PersrvError):
    """A search request that cannot be answered: an unknown person, a result size out of range, ..."""


class ModelError(PersrvError):
    """A model that is not installed, not reachable, or does not fit what is asked of it."""


class EngineError(PersrvError):
    """A server that holds the index and cannot be used: unreachable, half loaded, or of another bundle."""
