"""The location of a released model: a given folder, the cache of the Hugging Face hub, or the hub itself.

`at_hand` and `reachable` download nothing, so that a build can stop before any work; only `fetched` downloads.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from persrv.errors import ModelError
from precompute.runtime.cache import digest, file_digest

#: A model as one file or in shards, the safe format first; transformers reads the other as bare tensors only.
_WEIGHTS = ("model.safetensors", "pytorch_model.bin")
_SHARDS = tuple(f"{name}.index.json" for name in _WEIGHTS)

#: What a model needs beside its weights.
_SMALL = ("*.json", "*.txt", "*.model", "*.spm", "*.jinja")
_PATTERNS = ("model*.safetensors", "pytorch_model*.bin")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A released model: its name for people, its repository on the hub, and the option that names a local folder.

    files: the files that its folder must hold beside configuration and weights.
    """

    title: str
    repository: str
    option: str
    files: tuple[str, ...] = ()


def at_hand(model: Wanted, given: str | None) -> Path | None:
    """The given folder, or the model's folder in the hub's cache; None if the model would have to be downloaded.

    ModelError if the given folder holds no whole model.
    """
    if given is not None:
        folder = Path(given)
        if not is_whole(folder, model.files):
            raise ModelError(
                f"{model.option} {folder} holds no model",
                f"the folder of {model.title}: config.json, its tokenizer and processor, and all its weights",
                f"Download {model.repository} where the hub can be reached, and copy the folder here.",
            )
        return folder
    from huggingface_hub import snapshot_download

    try:
        folder = Path(snapshot_download(model.repository, local_files_only=True))
    except OSError:  # not in the cache
        return None
    return folder if is_whole(folder, model.files) else None


def reachable(model: Wanted) -> None:
    """Raise ModelError if the hub does not hand out the model."""
    from huggingface_hub import hf_hub_download

    try:
        hf_hub_download(model.repository, "config.json")
    except OSError as error:
        raise ModelError(
            f"{model.title} ({model.repository}) is not on this machine, and the hub cannot be reached for it "
            f"({type(error).__name__})",
            "the model in the hub's cache, or in a local folder",
            f"Download it elsewhere and name its folder: {model.option} PATH.",
        ) from error


def fetched(model: Wanted) -> Path:
    """Download the model into the hub's cache and return its folder."""
    from huggingface_hub import snapshot_download

    for weights in _PATTERNS:
        try:
            folder = Path(snapshot_download(model.repository, allow_patterns=[*_SMALL, weights]))
        except OSError as error:
            raise ModelError(
                f"Downloading {model.repository} stopped: {error}", "a whole model", "Run the same command again."
            ) from error
        if is_whole(folder, model.files):
            return folder
    raise ModelError(
        f"{model.repository} holds no weights that we read",
        " or ".join(_WEIGHTS),
        f"Name a local folder: {model.option}.",
    )


def is_whole(folder: Path, files: Sequence[str] = ()) -> bool:
    """Whether a folder holds a configuration, all weights of a model, and `files`."""
    if not all((folder / name).is_file() for name in ("config.json", *files)):
        return False
    if any((folder / name).is_file() for name in _WEIGHTS):
        return True
    for name in _SHARDS:
        if (folder / name).is_file():
            shards = set(json.loads((folder / name).read_text(encoding="utf-8"))["weight_map"].values())
            return all((folder / shard).is_file() for shard in shards)
    return False


def identity(folder: Path) -> str:
    """Digest of everything in the folder on which an answer can depend, weights included."""
    patterns = (*_SMALL, *_PATTERNS)
    paths = sorted({path for pattern in patterns for path in folder.glob(pattern)})
    return digest({path.name: file_digest(path) for path in paths})
