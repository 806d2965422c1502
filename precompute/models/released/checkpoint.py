"""The names of a model's weights, compared with what its class expects before a byte of them is read.

The class is built on torch's meta device, where weights have shapes and no memory, so that 7 billion of them take a
second. transformers itself only warns where a name finds no place, and goes on with random weights there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from persrv.errors import ModelError

#: Weights in one file or in shards, in the safe format: the other has no names that can be read without its tensors.
WEIGHTS = "model.safetensors"
INDEX = f"{WEIGHTS}.index.json"


@dataclass(frozen=True, slots=True)
class NameMatch:
    """Names of a checkpoint beside those of a model. missing: weights that nothing fills; strange: names without a
    place; weights: how many numbers the model has.
    """

    missing: tuple[str, ...]
    strange: tuple[str, ...]
    weights: int


def names_in(folder: Path) -> tuple[str, ...]:
    """The names of all weights in a folder, without reading any; () where the format does not tell them."""
    if (folder / INDEX).is_file():
        return tuple(json.loads((folder / INDEX).read_text(encoding="utf-8"))["weight_map"])
    if (folder / WEIGHTS).is_file():
        from safetensors import safe_open

        with safe_open(folder / WEIGHTS, "pt") as file:
            return tuple(file.keys())
    return ()


def on_meta(config: Any, auto: Any) -> Any:
    """The model of a configuration, without memory for its weights. auto: the class that is asked for it."""
    import torch

    with torch.device("meta"):
        return auto.from_config(config) if hasattr(auto, "from_config") else auto(config)


def compare(model: Any, names: Iterable[str]) -> NameMatch:
    """Compare the names of a checkpoint with those of a model, renamed as transformers renames them when it loads."""
    from transformers.conversion_mapping import get_model_conversion_mapping
    from transformers.core_model_loading import WeightConverter, WeightRenaming, rename_source_key

    places = model.state_dict()
    steps = get_model_conversion_mapping(model)
    renamings = [step for step in steps if isinstance(step, WeightRenaming)]
    converters = [step for step in steps if isinstance(step, WeightConverter)]
    found = {rename_source_key(name, renamings, converters, model.base_model_prefix, places)[0]: name for name in names}
    tied: Collection[str] = getattr(model, "all_tied_weights_keys", {})
    missing = [place for place in places if place not in found and place not in tied]
    strange = [name for place, name in found.items() if place not in places]
    return NameMatch(
        tuple(sorted(_others(missing, model._keys_to_ignore_on_load_missing))),
        tuple(sorted(_others(strange, model._keys_to_ignore_on_load_unexpected))),
        sum(weight.numel() for weight in model.parameters()),
    )


def _others(names: Iterable[str], ignored: Iterable[str] | None) -> list[str]:
    """The names that match none of the patterns which the class itself ignores."""
    return [name for name in names if not any(re.search(pattern, name) for pattern in ignored or ())]


def require_fit(model: Any, folder: Path, option: str) -> NameMatch:
    """Compare the weights in `folder` with a model on the meta device. ModelError where one is missing.

    A name without a place is not an error: files hold buffers of older versions, and heads of other tasks.
    """
    names = names_in(folder)
    found = compare(model, names)
    if names and found.missing:
        raise ModelError(
            f"{folder} lacks {len(found.missing)} of the model's weights, among them {found.missing[0]}",
            f"all weights of a {type(model).__name__}",
            f"Download it again, or name another folder with {option}.",
        )
    return found
