"""Sentence encoders exported to ONNX, each with its own tokenizer, pooling and prompt, run by ONNX Runtime.

A folder as sentence-transformers and Optimum write it: `onnx/model.onnx` or `model.onnx`, `tokenizer.json`, and, where
they are there, `1_Pooling/config.json` (how tokens become one vector; the mean without it), `sentence_bert_config.json`
and `tokenizer_config.json` (most tokens) and `config_sentence_transformers.json` (prompts). What people type and what
stickers say are texts of one kind, so both get the prompt that the model has for queries.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from persrv.errors import ModelError
from persrv.models.encoders import onnx_session
from persrv.records import FloatArray

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

#: Beginning of the name of such an encoder: onnx:FOLDER-OR-HUB-MODEL@HASH.
SCHEME = "onnx:"

#: A folder in which the encoder of a bundle may lie on this machine; used where its hash is the one that is named.
FOLDER_VARIABLE = "PERSRV_SENTENCE_ENCODER"

_MODELS = ("onnx/model.onnx", "model.onnx")
_TOKENIZER, _POOLING, _PROMPTS = "tokenizer.json", "1_Pooling/config.json", "config_sentence_transformers.json"
_MODULES, _LIMITS = (
    "modules.json",
    (("sentence_bert_config.json", "max_seq_length"), ("tokenizer_config.json", "model_max_length")),
)

#: Tokens of a text at most, and texts in one call of the model: padding makes all as long as the longest.
_MOST_TOKENS, _BATCH = 512, 32

#: Files of a hub model that are an encoder's, external weights among them.
_PATTERNS = (*_MODELS, *(f"{name}_data" for name in _MODELS), "*.json", _POOLING)

_POOLINGS = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls", "pooling_mode_max_tokens": "max"}
_MODULES_KNOWN = ("Transformer", "Pooling", "Normalize")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of an encoder, read from the files of its folder. pooling: "mean", "cls" or "max"; prompt: stands before
    every text.
    """

    model: Path
    pooling: str
    most_tokens: int
    prompt: str
    digest: str


class OnnxSentenceEncoder:
    """A SentenceEncoder (persrv.models.sentence_encoder) of a folder. Made by `load`."""

    def __init__(self, source: str, recipe: Recipe, session: InferenceSession, tokenizer: Tokenizer) -> None:
        self.name = f"{SCHEME}{source}@{recipe.digest}"
        self._recipe, self._session, self._tokenizer = recipe, session, tokenizer
        self._wanted = {each.name for each in session.get_inputs()}
        self.width = int(self._encode(["热身 warm up"]).shape[1])

    def __call__(self, texts: Sequence[str]) -> FloatArray:
        """Unit rows (n, width) of n texts. A text of nothing but blanks gets zeros: it means nothing."""
        rows = np.zeros((len(texts), self.width), np.float32)
        cleaned = [text.encode("utf-8", "ignore").decode("utf-8").strip() for text in texts]
        said = sorted((number for number, text in enumerate(cleaned) if text), key=lambda each: len(cleaned[each]))
        for first in range(0, len(said), _BATCH):
            batch = said[first : first + _BATCH]
            rows[batch] = self._encode([cleaned[number] for number in batch])
        return rows

    def _encode(self, texts: list[str]) -> FloatArray:
        """Unit rows (n, width). ModelError where the model makes neither vectors of tokens nor of texts."""
        encoded = self._tokenizer.encode_batch([self._recipe.prompt + text for text in texts])
        mask = np.array([each.attention_mask for each in encoded], np.int64)
        inputs = {
            "input_ids": np.array([each.ids for each in encoded], np.int64),
            "attention_mask": mask,
            "token_type_ids": np.array([each.type_ids for each in encoded], np.int64),
        }
        try:
            given = {name: array for name, array in inputs.items() if name in self._wanted}
            output = np.asarray(self._session.run(None, given)[0], np.float32)
        except Exception as error:  # onnxruntime's own errors share no public base class
            raise _unfit(self._recipe.model, f"failed: {' '.join(str(error).split())}") from error
        is_pooled = output.ndim == 2 and len(output) == len(texts)
        if not (is_pooled or (output.ndim == 3 and output.shape[:2] == mask.shape)) or not np.isfinite(output).all():
            raise _unfit(self._recipe.model, f"made an output of shape {output.shape}, or numbers that are not finite")
        return unit_rows(output if is_pooled else pooled(output, mask, self._recipe.pooling))


def pooled(tokens: FloatArray, mask: NDArray[np.int64], pooling: str) -> FloatArray:
    """Pool the token vectors (n, t, width) of n texts to one vector a text (n, width); mask (n, t): 1 for a token, 0
    for padding. pooling: "mean", "max", or "cls", the first token.
    """
    if pooling == "cls":  # tokenizers that pad on the left put it where the mask begins
        return tokens[np.arange(len(tokens)), mask.argmax(axis=1)]
    counted = mask[:, :, None].astype(np.float32)
    if pooling == "max":
        return np.where(counted > 0, tokens, -np.inf).max(axis=1).astype(np.float32)
    return np.asarray((tokens * counted).sum(axis=1) / np.maximum(counted.sum(axis=1), 1), np.float32)


def unit_rows(rows: FloatArray) -> FloatArray:
    """Rows of length 1, float32; zeros stay zeros."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths == 0, 1, lengths), np.float32)


def load(source: str, digest: str = "", threads: int = 1) -> OnnxSentenceEncoder:
    """The encoder of a folder, or of a hub model that was downloaded before: nothing is downloaded here.

    digest: the hash that its files must have, "" for any. ModelError where it is not here, damaged, or another version.
    """
    folder = _folder(source)
    recipe = read_recipe(folder)
    if digest and recipe.digest != digest:
        raise ModelError(
            f"The sentence encoder in {folder} has the hash {recipe.digest}",
            f"{digest}, that of the encoder which made the bundle's meanings",
            f"Put that version there, or name its folder in {FOLDER_VARIABLE}, or reindex the bundle.",
        )
    session = onnx_session(recipe.model, threads)
    named = str(Path(source).resolve()) if Path(source).is_dir() else source
    return OnnxSentenceEncoder(named, recipe, session, _tokenizer(folder, recipe))


def read_recipe(folder: Path) -> Recipe:
    """Read the recipe of an encoder's folder. ModelError where a file is missing or cannot be used."""
    model = next((folder / name for name in _MODELS if (folder / name).is_file()), None)
    if model is None or not (folder / _TOKENIZER).is_file():
        lacking = _TOKENIZER if model else " or ".join(_MODELS)
        raise ModelError(
            f"The folder {folder} has no {lacking}", "a sentence encoder exported to ONNX", "Export it with Optimum."
        )
    modules = _json(folder / _MODULES)
    kinds = [str(each.get("type", "")).rpartition(".")[2] for each in modules] if isinstance(modules, list) else []
    if other := sorted(set(kinds) - set(_MODULES_KNOWN)):
        raise ModelError(
            f"{folder / _MODULES} names the module {other[0]}", ", ".join(_MODULES_KNOWN), "Take another encoder."
        )
    pooling, prompts = _object(folder / _POOLING), _object(folder / _PROMPTS).get("prompts")
    chosen = [
        _POOLINGS.get(name, name) for name, on in pooling.items() if name.startswith("pooling_mode_") and on is True
    ]
    if len(chosen) > 1 or any(each not in _POOLINGS.values() for each in chosen):
        raise ModelError(
            f"{folder / _POOLING} asks for {', '.join(chosen)}", "mean, cls or max", "Take another encoder."
        )
    limits = [_object(folder / name).get(key) for name, key in _LIMITS]
    most = min((int(each) for each in limits if isinstance(each, int | float) and each > 2), default=_MOST_TOKENS)
    prompt = prompts.get("query") if isinstance(prompts, dict) else None
    return Recipe(
        model,
        chosen[0] if chosen else "mean",
        min(most, _MOST_TOKENS),
        prompt if isinstance(prompt, str) else "",
        _digest(folder, model),
    )


def _folder(source: str) -> Path:
    """Folder of an encoder: the one that the environment names, the folder `source`, or a downloaded hub model."""
    if here := os.environ.get(FOLDER_VARIABLE):
        return Path(here)
    if Path(source).is_dir():
        return Path(source)
    try:
        from huggingface_hub import snapshot_download

        return Path(snapshot_download(source, allow_patterns=list(_PATTERNS), local_files_only=True))
    except Exception as error:  # no such name, nothing downloaded: the hub's errors share no useful base class
        raise ModelError(
            f"The sentence encoder {source!r} is not here",
            "a folder, or a hub model that was downloaded",
            f"Download it (hf download {source}), or name its folder in {FOLDER_VARIABLE}.",
        ) from error


def _tokenizer(folder: Path, recipe: Recipe) -> Tokenizer:
    """The folder's own tokenizer, set to cut and to pad."""
    try:
        from tokenizers import Tokenizer
    except ImportError as error:
        raise ModelError(
            "The package tokenizers is not installed",
            "it, since the bundle's sentence encoder brings its own tokenizer",
            "Install it: pip install -r requirements-encoder.txt",
        ) from error
    try:
        tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
    except Exception as error:  # tokenizers raises Exception itself
        raise ModelError(
            f"{folder / _TOKENIZER} cannot be read: {error}", "a tokenizer", "Download the encoder again."
        ) from error
    tokenizer.enable_truncation(recipe.most_tokens)
    padding = tokenizer.padding or {}
    known = padding.get("pad_token") or next(
        (each for each in ("[PAD]", "<pad>") if tokenizer.token_to_id(each) is not None), ""
    )
    tokenizer.enable_padding(
        direction=padding.get("direction", "right"),
        pad_id=tokenizer.token_to_id(known) or 0,
        pad_token=known or "[PAD]",
    )
    return tokenizer


def _digest(folder: Path, model: Path) -> str:
    """Hash, 16 hexadecimal digits, of all files that decide the vectors."""
    names = [_TOKENIZER, _POOLING, _PROMPTS, _MODULES, *(name for name, _ in _LIMITS)]
    found = hashlib.sha256()
    for path in (model, model.with_name(f"{model.name}_data"), *(folder / name for name in names)):
        if path.is_file():
            with path.open("rb") as file:
                found.update(f"{path.name}:".encode() + hashlib.file_digest(file, "sha256").digest())
    return found.hexdigest()[:16]


def _json(path: Path) -> Any:
    """A JSON file, None where there is none. ModelError where it is not JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path} cannot be read: {error}", "JSON", "Download the encoder again.") from error


def _object(path: Path) -> Mapping[str, Any]:
    """A JSON file as an object, an empty one where it is none."""
    found = _json(path)
    return found if isinstance(found, dict) else {}


def _unfit(model: Path, what: str) -> ModelError:
    return ModelError(
        f"{model} {what}", "finite vectors of each text or of its tokens", "Export the encoder with Optimum."
    )
