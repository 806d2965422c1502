"""Cards of the released models that can be used: where each lies, under which licence, and how it is asked.

A card is a file of precompute/profiles/models that one can read and add to. What a card says of a repository was looked
up in public pages; `unverified` says what of it nobody here has run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

from persrv.errors import DataError
from precompute.toml_settings import read_toml, settings_of

CARDS = Path(__file__).parent / "profiles" / "models"

#: Kinds of models: a Chinese-CLIP, a LLaVA (whose pictures are seen once for all questions), or any other
#: image-text model that transformers knows, asked by its own chat template.
CLIP, LLAVA, CHAT = "clip", "llava", "chat"

#: The card of a local folder with a model that has none.
UNKNOWN = "any"


@dataclass(frozen=True, slots=True)
class ModelCard:
    """title: its name for people; repository, revision: on the Hugging Face hub, the revision a commit; licence, terms:
    of the weights, and where they stand; bytes: of the weights, about; kind: one of CLIP, LLAVA and CHAT.

    expects: in words, what the slot hands to it. description: what is asked about every sticker; prompts: name -> how
    keywords can be asked for, where {text} stands for what OCR read: as the model reads them (LLAVA), or the words
    alone (CHAT). side: pixels of the square that a picture is decoded to; template: arguments of the chat template;
    images: arguments of its own picture preparation; lora: pattern of the layers that an adapter changes.
    """

    name: str
    title: str
    kind: str
    repository: str = ""
    revision: str = "main"
    licence: str = ""
    terms: str = ""
    bytes: int = 0
    languages: str = ""
    expects: str = ""
    unverified: str = ""
    description: str = ""
    prompts: Mapping[str, str] = field(default_factory=dict)
    side: int = 448
    template: Mapping[str, object] = field(default_factory=dict)
    images: Mapping[str, object] = field(default_factory=dict)
    lora: str = ""

    def __post_init__(self) -> None:
        if self.kind not in (CLIP, LLAVA, CHAT):
            raise DataError(
                f"{self.name}: kind = {self.kind!r}", f"one of {CLIP}, {LLAVA}, {CHAT}", "Correct the card."
            )
        if self.kind != CLIP and not (self.description and self.prompts):
            raise DataError(f"The card {self.name} asks nothing", "a description and [prompts]", "Add them.")


def card_names(kinds: tuple[str, ...] = (CLIP, LLAVA, CHAT)) -> tuple[str, ...]:
    """The cards of these kinds that lie on the hub, by name."""
    return tuple(name for name, card in _cards().items() if card.kind in kinds and card.repository)


def model_card(name: str) -> ModelCard:
    """The card of this name; DataError where there is none."""
    found = _cards().get(name)
    if found is None:
        raise DataError(
            f"No model {name!r}", f"one of {', '.join(card_names())}", "Choose one, or name a local folder."
        )
    return found


@cache
def _cards() -> Mapping[str, ModelCard]:
    paths = sorted(CARDS.glob("*.toml"))
    return MappingProxyType(
        {path.stem: settings_of(ModelCard, {"name": path.stem, **read_toml(path)}, path.name) for path in paths}
    )
