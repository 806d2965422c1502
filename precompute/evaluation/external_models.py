"""What an evaluation may use beyond the bundle: a model that translates descriptions, and one that reads queries."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from persrv.bundle import Bundle
from persrv.models import encoders
from persrv.models.encoders import TextEncoder
from persrv.records import FloatArray
from precompute.evaluation.translation import Translator
from precompute.evaluation.world import World
from precompute.models.released import hub
from precompute.models.released.text import load_text_encoder
from precompute.runtime.cache import Cache

#: A repository's name on the hub; what was trained for one bundle has another one.
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")


@dataclass(frozen=True, slots=True)
class TextModel:
    """The text tower of the model that embedded the pictures. identity: digest of all that a vector depends on."""

    identity: str
    load: Callable[[], TextEncoder]


@dataclass(frozen=True, slots=True)
class Aids:
    """None where there is none: rows that need it are left out or searched as they are, and say so."""

    translator: Translator | None = None
    text_model: TextModel | None = None

    def given(self, world: World, cache: Cache, stream: TextIO) -> tuple[World, tuple[object, ...]]:
        """The world with what it lacks, and what of it results depend on: nothing where it needed nothing."""
        parts: list[object] = []
        if self.translator is not None:
            said = self.translator.translation(world.texts["description"].values(), cache, stream)
            if said.texts:
                world = replace(world, translation=said)
                parts.append({"model": said.model, "texts": said.texts})
        if self.text_model is not None and not encoders.has_text_encoder(world.bundle):
            world = replace(world, text_encoder=lazily(self.text_model.load))
            parts.append(self.text_model.identity)
        return world, tuple(parts)


def lazily(load: Callable[[], TextEncoder]) -> TextEncoder:
    """An encoder that is loaded with its first text."""
    loaded: list[TextEncoder] = []

    def encode(text: str) -> FloatArray:
        if not loaded:
            loaded.append(load())
        return loaded[0](text)

    return encode


def text_model(folder: Path) -> TextModel:
    """The Chinese-CLIP in a folder laid out as the released one."""
    return TextModel(hub.identity(folder), lambda: load_text_encoder(folder))


def text_model_of(bundle: Bundle, given: str | None) -> TextModel | None:
    """The model in the folder that was given, or the one that embedded the bundle's pictures where the hub's cache has
    it; None where neither is there, or the bundle has an encoder of its own. Costs nothing."""
    if encoders.has_text_encoder(bundle):
        return None
    name, _, place = str(bundle.provenance.get("embed", {}).get("model", "")).partition(" at ")
    if given is None and not (place and _REPOSITORY.fullmatch(name)):
        return None
    folder = hub.at_hand(hub.Wanted("Chinese-CLIP ViT-B/16", name, "--clip", (encoders.VOCABULARY,)), given)
    return None if folder is None else text_model(folder)
