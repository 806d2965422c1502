"""Models that an evaluation may use beyond the bundle: one translates descriptions, one embeds queries."""

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
from precompute.runtime.cache import Cache, digest
from precompute.runtime.dependencies import code_version

#: The name of a repository on the hub; models that were trained for one bundle have names of another form.
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")

#: A commit of one, as a build by a pinned revision names it.
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class TextModel:
    """The text encoder of the model that embedded the pictures. identity: digest of all that a vector depends on."""

    identity: str
    load: Callable[[], TextEncoder]


@dataclass(frozen=True, slots=True)
class ExternalModels:
    """The models that were found, None for each that was not: rows that need it are left out, or their notes say so."""

    translator: Translator | None = None
    text_model: TextModel | None = None

    def applied_to(self, world: World, cache: Cache, stream: TextIO) -> tuple[World, tuple[object, ...]]:
        """The world with translations and a text encoder if it lacks them, and what a cache key must state of both."""
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
    """An encoder that loads its model when it gets its first text."""
    loaded: list[TextEncoder] = []

    def encode(text: str) -> FloatArray:
        if not loaded:
            loaded.append(load())
        return loaded[0](text)

    return encode


def text_model(folder: Path) -> TextModel:
    """The text encoder of the Chinese-CLIP in a folder, which is laid out like the released one."""
    return TextModel(digest(hub.identity(folder), code_version(load_text_encoder)), lambda: load_text_encoder(folder))


def text_model_of(bundle: Bundle, given: str | None) -> TextModel | None:
    """The text encoder for a bundle: in the folder `given`, else the one in the hub's cache that fits its pictures.

    None if neither is on this machine, or if the bundle has an encoder of its own. Downloads and loads nothing.
    """
    if encoders.has_text_encoder(bundle):
        return None
    name, _, place = str(bundle.provenance.get("embed", {}).get("model", "")).partition(" at ")
    if given is None and not (place and _REPOSITORY.fullmatch(name)):
        return None
    revision = place if _COMMIT.fullmatch(place) else "main"
    model = hub.HubModel("Chinese-CLIP ViT-B/16", name, "--clip", (encoders.VOCABULARY,), revision)
    folder = hub.at_hand(model, given)
    return None if folder is None else text_model(folder)
