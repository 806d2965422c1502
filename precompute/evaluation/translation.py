"""Base descriptions in Chinese, for the row of Table 3 that the paper searches through Opus-MT's translations.

The one piece of evidence that takes more than the bundle: a translation model. Where there is none, the row searches
the descriptions as they are, and its note says so.
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

#: The paper's.
OPUS_MT = "Helsinki-NLP/opus-mt-en-zh"


@dataclass(frozen=True, slots=True)
class Translator:
    """A translation model. model: as notes name it; identity: digest of all that an answer depends on; load: makes it
    ready, which takes a moment; batch: sentences at once."""

    model: str
    identity: str
    load: Callable[[], Translate]
    batch: int = 64

    def translation(self, texts: Iterable[str], cache: Cache, stream: TextIO) -> Translation:
        """All of these texts that Chinese queries could not find; sentences that are known are not translated again."""
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
    """A model that is loaded with its first sentence: where all are known, never."""
    loaded: list[Translate] = []

    def translate(sentences: Iterable[str]) -> list[str]:
        if not loaded:
            loaded.append(load())
        return loaded[0](list(sentences))

    return translate


def wanted(repository: str = OPUS_MT) -> hub.Wanted:
    """The translation model as the hub knows it."""
    return hub.Wanted("Opus-MT (English to Chinese)", repository, "--translator", ("source.spm", "target.spm"))


def at_hand(given: str | None, repository: str = OPUS_MT) -> Translator | None:
    """The model in the folder that was given, or in the hub's cache; None where neither has one. Costs nothing."""
    folder = hub.at_hand(wanted(repository), given)
    return None if folder is None else _of(folder, given is not None, repository)


def found(given: str | None, repository: str) -> Translator:
    """The same, downloaded where it has to be. ModelError, before anything is downloaded, where it cannot be had."""
    there = at_hand(given, repository)
    if there is not None:
        return there
    model = wanted(repository)
    hub.reachable(model)
    return _of(hub.fetched(model), False, repository)


def _of(folder: Path, local: bool, repository: str) -> Translator:
    name = f"{folder.name} (a local folder)" if local else repository
    return Translator(name, digest(hub.identity(folder)), lambda: load_opus_mt(folder))
