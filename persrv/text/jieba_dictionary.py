"""jieba's dictionary: how often each word was counted. Read from its text once, then kept where it opens at once.

Reading half a million entries into a dict takes half a second and 66 MB, of which a process that answers queries needs
a few hundred entries. So the first process leaves them, sorted, in the user's cache folder (XDG_CACHE_HOME), where the
next one maps them; the name says which text they are of. Where that can't be, the dict does.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from tokenize import TokenError  # what NumPy raises on the damaged header of an array

import numpy as np
from numpy.typing import NDArray

from persrv.text.vocabulary import SortedTokens

_ARRAYS = ("text", "ends", "prefixes")

#: No home, no room, another's rubbish, half a file.
_UNUSABLE = (OSError, ValueError, RuntimeError, EOFError, TokenError)


class StoredFrequencies(Mapping[str, int]):
    """The dictionary of `prefix_dictionary`, searched in its file. numbers: (V,) int64, one a token."""

    def __init__(self, tokens: SortedTokens, numbers: NDArray[np.int64]) -> None:
        self._tokens, self._numbers = tokens, numbers.data

    def __getitem__(self, word: str) -> int:
        return int(self._numbers[self._tokens[word]])

    def get(self, word: str, default: int | None = None) -> int | None:  # type: ignore[override]
        """A word's frequency, 0 for a beginning, `default` for anything else."""
        place = self._tokens.get(word)
        return default if place is None else int(self._numbers[place])

    def __contains__(self, word: object) -> bool:
        return word in self._tokens

    def __len__(self) -> int:
        return len(self._tokens)

    def __iter__(self) -> Iterator[str]:
        return iter(self._tokens)


def frequencies(dictionary: bytes) -> tuple[Mapping[str, int], int]:
    """The frequencies of a dictionary's text and their sum, from the cache folder where it has them."""
    try:
        folder = cache_folder() / f"jieba-{hashlib.sha256(dictionary).hexdigest()[:16]}"
        if not folder.is_dir():
            found, total = prefix_dictionary(dictionary.decode("utf-8"))
            _store(found, total, folder)
            return found, total
        return _stored(folder)
    except _UNUSABLE:
        return prefix_dictionary(dictionary.decode("utf-8"))


def prefix_dictionary(text: str) -> tuple[dict[str, int], int]:
    """Compute jieba's `gen_pfdict` of a dictionary's text, sooner than jieba: the frequency of every word, 0 for every
    beginning of a word that is no word itself, and the sum over all words.

    text: a line a word, its frequency and its class.
    """
    cells = text.split()
    words, numbers = cells[::3], list(map(int, cells[1::3]))
    frequency = dict(zip(words, numbers, strict=True))
    beginnings = {word[:-1] for word in words}
    while beginnings:
        beginnings.discard("")
        frequency.update(dict.fromkeys(beginnings.difference(frequency), 0))
        beginnings = {beginning[:-1] for beginning in beginnings}
    return frequency, sum(numbers)


def cache_folder() -> Path:
    """The folder of this user's caches, never a shared one, since its files are trusted. RuntimeError for a user
    without a home.
    """
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "persrv"


def _store(found: Mapping[str, int], total: int, folder: Path) -> None:
    """Whole or not at all: another process may do the same at the same time."""
    words = sorted(found)
    tokens = SortedTokens.of(words)
    numbers = np.array([*(found[word] for word in words), total], np.int64)
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".writing-"))
    try:
        for name in _ARRAYS:
            np.save(work / f"{name}.npy", getattr(tokens, name), allow_pickle=False)
        np.save(work / "numbers.npy", numbers, allow_pickle=False)
        work.rename(folder)
    except OSError:  # the other one was first, or the disk is full: this process has what it needs
        shutil.rmtree(work, ignore_errors=True)


def _stored(folder: Path) -> tuple[StoredFrequencies, int]:
    text, ends, prefixes, numbers = (
        np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False).view(np.ndarray)
        for name in (*_ARRAYS, "numbers")
    )
    kinds = [text.dtype, ends.dtype, prefixes.dtype, numbers.dtype]
    if kinds != [np.uint8, np.int64, np.uint64, np.int64] or not len(ends) == len(prefixes) == len(numbers) - 1:
        raise ValueError(f"{folder} is no dictionary of ours")
    return StoredFrequencies(SortedTokens(text, ends, prefixes), numbers[:-1]), int(numbers[-1])
