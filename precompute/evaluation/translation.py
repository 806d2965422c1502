"""Translate base descriptions into Chinese, for the row of Table 3 that the paper searches in translations by Opus-MT.

Without a translation model the row searches the descriptions as they are, and its note says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from precompute.evaluation.world import Translation
from precompute.models.released import hub
from precompute.models.released.translation import Translate, load_opus_mt
from precompute.runtime.cache import Cache, digest, packages
from precompute.runtime.dependencies import code_version
from precompute.runtime.progress import Bar
from precompute.stages.translate import is_foreign, translate_all

#: The translation model of the paper, and the commit of it that is used.
OPUS_MT = "Helsinki-NLP/opus-mt-en-zh"
OPUS_MT_REVISION = "408d9bc410a388e1d9aef112a2daba955b945255"


@dataclass(frozen=True, slots=True)
class Translator:
    """A translation model.

    model: its name, as notes state it; identity: digest of all that a translation depends on; load: loads the model,
    which takes seconds; batch: how many sentences are translated at once.
    """

    model: str
    identity: str
    load: Callable[[], Translate]
    batch: int = 64

    def translation(self, texts: Iterable[str], cache: Cache, stream: TextIO) -> Translation:
        """Translate the texts that Chinese queries could not find; sentences come from the cache if it has them."""
        foreign = sorted({text for text in texts if is_foreign(text)})
        if not foreign:
            return Translation(self.model, {})
        used = packages(("sentencepiece", "torch", "transformers"))
        slot = cache.slot("translate", code_version(load_opus_mt, translate_all), used, self.identity)
        bar = Bar("translate", stream)
        said = translate_all(foreign, slot.folder / "sentences.jsonl", _lazily(self.load), self.batch, bar)
        bar.close(f"{len(said)} descriptions by {self.model}")
        return Translation(self.model, said)


def _lazily(load: Callable[[], Translate]) -> Translate:
    """A translator that loads its model when it gets its first sentence."""
    loaded: list[Translate] = []

    def translate(sentences: Iterable[str]) -> list[str]:
        if not loaded:
            loaded.append(load())
        return loaded[0](list(sentences))

    return translate


def hub_model(repository: str = OPUS_MT) -> hub.HubModel:
    """The translation model's entry on the hub."""
    revision = OPUS_MT_REVISION if repository == OPUS_MT else "main"
    return hub.HubModel(
        "Opus-MT (English to Chinese)", repository, "--translator", ("source.spm", "target.spm"), revision
    )


def at_hand(given: str | None, repository: str = OPUS_MT) -> Translator | None:
    """The translator in the folder `given`, else in the hub's cache; None if neither has it. Loads nothing."""
    folder = hub.at_hand(hub_model(repository), given)
    return None if folder is None else _of(folder, given is not None, repository)


def found(given: str | None, repository: str) -> Translator:
    """The translator that `at_hand` finds, else a download. ModelError, before any download, if unreachable."""
    there = at_hand(given, repository)
    if there is not None:
        return there
    model = hub_model(repository)
    hub.reachable(model)
    return _of(hub.fetched(model), False, repository)


def _of(folder: Path, local: bool, repository: str) -> Translator:
    name = f"{folder.name} (a local folder)" if local else repository
    return Translator(name, digest(hub.identity(folder)), lambda: load_opus_mt(folder))
