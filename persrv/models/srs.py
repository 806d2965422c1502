"""SRS, the sticker response selector (Gao et al. 2020), without torch: how well each sticker of a bundle answers words.

ONNX Runtime runs the network on what its convolutional encoder saw of each sticker, which the bundle holds, and on the
words. How it was trained, and how it departs from the paper, is in precompute/models/small/srs_network.py.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persrv.errors import ModelError
from persrv.models.encoders import HasModels, model_file, onnx_session
from persrv.models.wordpieces import split_words
from persrv.records import FloatArray

NETWORK = "srs.onnx"
SEEN = "srs.npz"
WORDS = "srs.txt"
FILES = (NETWORK, SEEN, WORDS)

#: Word ids: nothing, and any word that training did not hold.
PADDING, UNKNOWN = 0, 1

_ADVICE = "Train it anew: python -m precompute srs BUNDLE"


def word_ids(queries: Sequence[str], words: Mapping[str, int], most: int) -> NDArray[np.int64]:
    """Word ids (b, 1, most) of b queries, each the one utterance of a dialogue, padded; a query without words is one
    unknown word.
    """
    ids = np.full((len(queries), 1, most), PADDING, np.int64)
    for row, query in enumerate(queries):
        known = [words.get(word, UNKNOWN) for word in split_words(query)[:most]] or [UNKNOWN]
        ids[row, 0, : len(known)] = known
    return ids


def has_selector(bundle: HasModels) -> bool:
    """Return whether a bundle has all files of `load_selector`."""
    return all(bundle.model_path(name) for name in FILES)


def load_selector(bundle: HasModels, stickers: int, threads: int = 1) -> Selector:
    """The SRS of a bundle of so many stickers; ModelError where it lacks a file, or one cannot be used."""
    regions, whole, most = _read_seen(model_file(bundle, SEEN), stickers)
    path = model_file(bundle, WORDS)
    try:
        words = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read: {error}", "words in UTF-8, one a line", _ADVICE) from error
    return Selector(onnx_session(model_file(bundle, NETWORK), threads), words, regions, whole, most)


class Selector:
    """A trained SRS with its catalogue. Threads may share it.

    words: in the order of their ids, which begin after UNKNOWN; regions (N, R, d), whole (N, d): what it saw of each
    sticker; most: words of a query that are read.
    """

    def __init__(self, session: Any, words: Sequence[str], regions: FloatArray, whole: FloatArray, most: int) -> None:
        self._session, self._regions, self._whole, self._most = session, regions, whole, most
        self._words = {word: number for number, word in enumerate(words, UNKNOWN + 1)}

    def scores(self, query: str) -> FloatArray:
        """The score (N,) of each sticker as an answer to a query. ModelError where the network fails."""
        ids = word_ids([query], self._words, self._most)
        inputs = {"ids": ids[:, :, : int((ids != PADDING).sum())], "regions": self._regions, "whole": self._whole}
        try:
            (found,) = self._session.run(["scores"], inputs)
        except Exception as error:  # onnxruntime's own errors share no public base class
            raise ModelError(f"SRS failed: {error}", "a network that works", _ADVICE) from error
        if found.shape != self._whole.shape[:1] or not np.isfinite(found).all():
            raise ModelError(f"SRS answered with shape {found.shape}", "a finite score a sticker", _ADVICE)
        scores: FloatArray = found
        return scores


def _read_seen(path: Path, stickers: int) -> tuple[FloatArray, FloatArray, int]:
    """regions, whole and most_words of models/srs.npz; ModelError where they are not of so many stickers."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            regions, whole = (np.asarray(stored[name], np.float32) for name in ("regions", "whole"))
            most = int(stored["most_words"])
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(f"{path} cannot be read: {error}", "what SRS saw of the stickers", _ADVICE) from error
    if regions.ndim != 3 or whole.shape != (stickers, regions.shape[2]) or len(regions) != stickers:
        found = f"{path} holds regions {regions.shape} and stickers {whole.shape}"
        raise ModelError(found, f"those of {stickers} stickers", _ADVICE)
    if not 1 <= most <= MOST_WORDS or not (np.isfinite(regions).all() and np.isfinite(whole).all()):
        raise ModelError(f"{path} reads {most} words, or holds what is no number", "finite numbers", _ADVICE)
    return regions, whole, most


#: Words of the longest query that any SRS reads.
MOST_WORDS = 64
