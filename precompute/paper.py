"""A bundle from anybody's folder by the paper's released models: Chinese-CLIP sees every picture, LLaVA describes it.

LLaVA answers as it was released. Keywords for search are a fine-tuned model's in the paper; nothing is fine-tuned here,
so what the released one answers is kept beside the stickers for comparison, and only descriptions and feelings are
searched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TextIO

from persrv.captions import keywords_of, split_answer
from persrv.errors import DataError
from precompute.cache import write_json
from precompute.captions import SEPARATOR, Caption
from precompute.config import Profile
from precompute.importing import Import
from precompute.models import hub, llava, released
from precompute.progress import Bar
from precompute.running import Ran
from precompute.stages import embed
from precompute.stages.caption import caption_all

_NOTES = (
    "Styles and map: {clip}. Descriptions and feelings: {llava}, as it was released. Nothing is fine-tuned, so there "
    "are no keywords to search. A visitor's own picture cannot be searched with: the bundle carries no encoders."
)


@dataclass(frozen=True, slots=True)
class Models:
    """Where both models lie, and the device they run on. clip, llava: folders."""

    clip: Path
    llava: Path
    device: str


def find_models(profile: Profile, clip: str | None, llava_folder: str | None, force_cpu: bool) -> Models:
    """Both models, downloaded where they have to be. ModelError before any download or work where one cannot be had, or
    where there is no GPU for them.

    clip, llava_folder: local folders that were given, or None.
    """
    config = profile.released
    if not config.clip or not config.llava:
        raise DataError(
            f"Profile {profile.name!r} uses no released models",
            "--profile paper",
            "Leave out --clip, --llava and --force-cpu.",
        )
    wanted = (
        hub.Wanted("Chinese-CLIP ViT-B/16", config.clip, "--clip"),
        hub.Wanted("LLaVA-1.5-7B", config.llava, "--llava"),
    )
    there = [hub.at_hand(model, given) for model, given in zip(wanted, (clip, llava_folder), strict=True)]
    for model, folder in zip(wanted, there, strict=True):
        if folder is None:
            hub.reachable(model)
    device = released.device(force_cpu)
    eyes, speaker = (folder or hub.fetched(model) for model, folder in zip(wanted, there, strict=True))
    released.encoder_config(eyes)  # a folder of another model is refused now
    return Models(eyes, speaker, device)


class PaperImport(Import):
    """An import whose pictures the released models look at. Everything else is as in any import."""

    def __init__(
        self, images: Path, clicks: Path | None, models: Models, profile: Profile, work: Path, stream: TextIO
    ) -> None:
        super().__init__(images, clicks, models.clip, profile, work, stream)
        self.models = models

    @cached_property
    def embed(self) -> Ran:
        """Every picture's vector."""
        config, models = self.profile.released, self.models

        def work(folder: Path, bar: Bar) -> dict[str, Any]:
            see = released.image_embedder(models.clip, models.device, config.clip_batch)
            embed.save_array(folder / "embeddings.npy", embed.embed_all([self.images[n] for n in self.ids], see, bar))
            return {"model": self._name("clip"), "device": models.device, "reproducible": "on one machine"}

        inputs = [self._pictures, hub.identity(models.clip), models.device]
        sources = ("persrv/encoders.py", "precompute/models/released.py", "precompute/stages/embed.py")
        settings = {"batch": config.clip_batch}
        return self.stage("embed", sources, ("torch", "transformers", "pillow", "numpy"), settings, inputs, work)

    @cached_property
    def captions(self) -> Mapping[str, Caption]:
        """Sticker id -> LLaVA's description, feelings and keywords."""
        config, models = self.profile.released, self.models
        asked = (
            ("description", llava.prompt(config.description), config.description_tokens),
            ("keywords", llava.prompt(config.keywords), config.keyword_tokens),
        )

        def work(folder: Path, bar: Bar) -> dict[str, Any]:
            answer = released.answerer(models.llava, models.device)

            def ask(place: int, name: str, prompt: str, most: int) -> dict[str, str]:
                return caption_all(
                    self.images,
                    dict.fromkeys(self.ids, prompt),
                    folder / f".{name}.jsonl",
                    lambda pictures, prompts: answer(pictures, prompts, most),
                    config.batch,
                    lambda now, count: bar(place * count + now, len(asked) * count),
                )

            answers = {question[0]: ask(place, *question) for place, question in enumerate(asked)}
            write_json(folder / "answers.json", answers)
            return {"model": self._name("llava"), "device": models.device, "reproducible": "on one machine"}

        inputs = [self._pictures, hub.identity(models.llava), models.device]
        own = ("precompute/models/llava.py", "precompute/models/released.py")
        sources = ("persrv/encoders.py", *own, "precompute/stages/caption.py")
        used = ("torch", "transformers", "pillow", "numpy")
        ran = self.stage("caption", sources, used, asdict(config), inputs, work)
        answers = json.loads((ran.folder / "answers.json").read_text(encoding="utf-8"))
        return {name: self._caption(answers["description"][name], answers["keywords"][name]) for name in self.ids}

    def _caption(self, described: str, listed: str) -> Caption:
        return Caption(*split_answer(described), SEPARATOR.join(keywords_of(listed, self.profile.released.most)), "")

    @cached_property
    def encoders(self) -> dict[str, Path]:
        """None: the released ones are hundreds of megabytes."""
        return {}

    @property
    def notes(self) -> str:
        return _NOTES.format(clip=self._name("clip"), llava=self._name("llava"))

    @property
    def _pictures(self) -> dict[str, str]:
        """Sticker id -> hash of its picture."""
        return {name: path.stem for name, path in self.images.items()}

    def _name(self, which: str) -> str:
        """The model as provenance names it: its repository, or the folder where it was given."""
        config, folder = self.profile.released, getattr(self.models, which)
        repository = getattr(config, which)
        cached = f"models--{repository.replace('/', '--')}"
        return f"{repository} at {folder.name}" if cached in folder.parts else f"{folder.name} (a local folder)"
