"""The location of a released model: a given folder, the cache of the Hugging Face hub, or the hub itself.

`at_hand`, `reachable` and `to_download` download nothing large, so that a build can stop before any work, and say what
it is about to fetch; only `fetched` downloads weights.
"""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from persrv.errors import ModelError
from precompute.model_cards import ModelCard
from precompute.runtime.cache import digest, file_digest

#: A model as one file or in shards, the safe format first; transformers reads the other as bare tensors only.
_WEIGHTS = ("model.safetensors", "pytorch_model.bin")
_SHARDS = tuple(f"{name}.index.json" for name in _WEIGHTS)

#: Files that a model needs beside its weights.
_SMALL = ("*.json", "*.txt", "*.model", "*.spm", "*.jinja")
_PATTERNS = ("model*.safetensors", "pytorch_model*.bin")

#: Kept free on the disk beside a download.
_SPARE = 1 << 30

_GB = 1e9


@dataclass(frozen=True, slots=True)
class HubModel:
    """A released model: its name for people, its repository on the hub, and the option that names a local folder.

    files: the files that its folder must hold beside configuration and weights; revision: a commit of the repository,
    so that all of a catalogue is seen by the same weights; licence, terms: of the weights, and where they stand; bytes:
    of the weights, about.
    """

    title: str
    repository: str
    option: str
    files: tuple[str, ...] = ()
    revision: str = "main"
    licence: str = ""
    terms: str = ""
    bytes: int = 0

    @classmethod
    def of(cls, card: ModelCard, option: str) -> HubModel:
        """The model of a card."""
        return cls(card.title, card.repository, option, (), card.revision, card.licence, card.terms, card.bytes)


@dataclass(frozen=True, slots=True)
class Download:
    """A download before it begins. bytes: size of the missing files; free: bytes free at `place`, the hub's cache."""

    model: HubModel
    bytes: int
    free: int
    place: Path

    def told(self) -> str:
        """The download in one line, for the person who starts the build."""
        one = self.model
        licence = f"; licence: {one.licence}" + (f" ({one.terms})" if one.terms else "") if one.licence else ""
        return (
            f"to download: {one.title} ({one.repository} at {one.revision[:7]}), {self.bytes / _GB:.2f} GB of "
            f"{self.free / _GB:.1f} GB free in {self.place}{licence}"
        )


def at_hand(model: HubModel, given: str | None) -> Path | None:
    """The given folder, or the model's folder in the hub's cache; None if the model would have to be downloaded.

    ModelError if the given folder holds no whole model.
    """
    if given is not None:
        folder = Path(given)
        _refuse_foreign(model, folder)
        if not is_whole(folder, model.files):
            raise ModelError(
                f"{model.option} {folder} holds no model",
                f"the folder of {model.title}: config.json, its tokenizer and processor, and all its weights",
                f"Download {model.repository or 'the model'} where the hub can be reached, and copy the folder here.",
            )
        return folder
    from huggingface_hub import snapshot_download

    try:
        folder = Path(snapshot_download(model.repository, revision=model.revision, local_files_only=True))
    except OSError:  # not in the cache
        return None
    return folder if is_whole(folder, model.files) else None


def _refuse_foreign(model: HubModel, folder: Path) -> None:
    """ModelError for weights in the format of cn-clip, which lie beside ours in the same repository."""
    if folder.suffix == ".pt" or (folder.is_dir() and not is_whole(folder) and any(folder.glob("*.pt"))):
        raise ModelError(
            f"{model.option} {folder} holds weights in the format of cn-clip (.pt)",
            "a folder in the format of transformers: config.json, vocab.txt and pytorch_model.bin or model.safetensors",
            f"The same weights lie in that format in {model.repository} on the hub, beside clip_cn_vit-b-16.pt; "
            "weights that cn-clip fine-tuned are converted by convert_chinese_clip_original_pytorch_to_hf.py of "
            "transformers.",
        )


def reachable(model: HubModel) -> None:
    """Raise ModelError if the hub does not hand out the model."""
    from huggingface_hub import hf_hub_download

    try:
        hf_hub_download(model.repository, "config.json", revision=model.revision)
    except Exception as error:  # of the hub, of its network, of its storage: they share no base class
        _raise_if_meant(model, error)
        raise ModelError(
            f"{model.title} ({model.repository}) is not on this machine, and the hub cannot be reached for it "
            f"({type(error).__name__})",
            "the model in the hub's cache, or in a local folder",
            f"Download it elsewhere and name its folder: {model.option} PATH.",
        ) from error


def to_download(model: HubModel) -> Download:
    """Find what `fetched` will download. ModelError if the disk has no room for the files."""
    from huggingface_hub import constants, snapshot_download

    place = Path(constants.HF_HUB_CACHE)
    missing = model.bytes
    for weights in _PATTERNS:
        try:
            listed = snapshot_download(
                model.repository, revision=model.revision, allow_patterns=[*_SMALL, weights], dry_run=True
            )
        except Exception as error:  # noqa: BLE001  as in `reachable`
            _raise_if_meant(model, error)
            break  # the hub lists nothing: the card's own number stands
        missing = sum(file.file_size or 0 for file in listed if file.will_download)
        if any(Path(file.filename).match(weights) for file in listed):
            break
    there = next(folder for folder in (place, *place.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    if free < missing + _SPARE:
        raise ModelError(
            f"{free / _GB:.1f} GB are free in {place}",
            f"{(missing + _SPARE) / _GB:.1f} GB, to download {model.title}",
            "Make room, or set the variable HF_HOME to a folder on a larger disk.",
        )
    return Download(model, missing, free, place)


def described(model: HubModel) -> Path:
    """Download what describes the model, and no weights, into the hub's cache; return its folder."""
    return _downloaded(model, list(_SMALL))


def fetched(model: HubModel) -> Path:
    """Download the model into the hub's cache and return its folder. What was fetched before stays there."""
    for weights in _PATTERNS:
        folder = _downloaded(model, [*_SMALL, weights])
        if is_whole(folder, model.files):
            return folder
    raise ModelError(
        f"{model.repository} holds no weights that we read",
        " or ".join(_WEIGHTS),
        f"Name a local folder: {model.option}.",
    )


def _downloaded(model: HubModel, patterns: list[str]) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(model.repository, revision=model.revision, allow_patterns=patterns))
    except Exception as error:  # as in `reachable`
        _raise_if_meant(model, error)
        told = " ".join(str(error).split()) or type(error).__name__
        raise ModelError(
            f"Downloading {model.repository} stopped: {told}",
            "a whole model",
            "Run the same command again: it goes on with what is missing.",
        ) from error


def _raise_if_meant(model: HubModel, error: Exception) -> None:
    """Pass on what has a sentence of its own: a full disk, and a licence that was not accepted."""
    from huggingface_hub.errors import GatedRepoError

    if isinstance(error, GatedRepoError):
        raise ModelError(
            f"The licence of {model.repository} has not been accepted under this account",
            "an account of the hub that has accepted it",
            f"Accept it at https://huggingface.co/{model.repository}, log in by `hf auth login`, and run the same "
            "command again.",
        ) from error
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        raise error


def is_whole(folder: Path, files: Sequence[str] = ()) -> bool:
    """Return whether a folder holds a configuration, all weights of a model, and `files`."""
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
