"""The small LLaVA of a bundle without torch: from a picture, and the words on it, to a caption.

ONNX Runtime runs three files: the eyes (vision tower and projector), once a picture, and one speaker for each model,
base and fine-tuned, one token a step. Keys and values of what has been read are kept, so a step computes one token an
answer. The base model answers greedily; the fine-tuned one gives its likeliest answers, each of which is a keyword.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from persrv.errors import ModelError, QueryError
from persrv.files import strict_json
from persrv.models.answers import keywords_of, split_answer
from persrv.models.encoders import (
    MOST_PIXELS,
    MOST_TOKENS,
    EncoderConfig,
    HasModels,
    model_file,
    onnx_session,
    pixel_values,
)
from persrv.models.onnx_speaker import OnnxSpeaker
from persrv.models.wordpieces import Pieces
from persrv.records import FloatArray

if TYPE_CHECKING:
    from PIL.Image import Image

EYES = "caption_image.onnx"
BASE_SPEAKER = "caption_base.onnx"
TUNED_SPEAKER = "caption_tuned.onnx"
CONFIG = "caption.json"
PIECES = "caption_pieces.txt"
FILES = (EYES, BASE_SPEAKER, TUNED_SPEAKER, CONFIG, PIECES)

#: Characters of text on a picture: what the small model can hold beside its prompt.
MAX_TEXT = 60

_ADVICE = "Rebuild the bundle with `make bundle`, so that it holds its captioner."


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as token ids around the slot for the words on the picture; `after` is empty where there is no slot.

    before: begins with <s> and holds the picture's placeholders; reads_text: whether the slot is to be filled; beams: 1
    for the greedy answer, a list of keywords; more for that many answers by beam search, each of which is one keyword.
    """

    before: tuple[int, ...]
    after: tuple[int, ...]
    reads_text: bool
    max_new_tokens: int
    beams: int = 1


@dataclass(frozen=True, slots=True)
class CaptionerConfig:
    """The models' preprocessing and prompts, as they were trained: models/caption.json.

    mean, std: per RGB channel, of values in [0, 1]; image_tokens: rows that stand for a picture; bos, eos, unk, image:
    ids of the special pieces; no_text: fills the slot where the picture has no words.
    """

    image_size: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    image_tokens: int
    bos: int
    eos: int
    unk: int
    image: int
    no_text: str
    most_keywords: int
    description: Prompt
    keywords_base: Prompt
    keywords: Prompt


@dataclass(frozen=True, slots=True)
class Caption:
    """The caption of one picture; "" and () where the models wrote nothing.

    unspelt: pieces of the given words that the tokenizer cannot spell; seconds: how long captioning took.
    """

    description: str
    emotion: str
    keywords_base: tuple[str, ...]
    keywords: tuple[str, ...]
    unspelt: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Answers:
    """The models' answers to the three prompts, word for word; as many for each prompt as it has beams, the likeliest
    first. unspelt: as in `Caption`.
    """

    description: tuple[str, ...]
    keywords_base: tuple[str, ...]
    keywords: tuple[str, ...]
    unspelt: int


#: (3, S, S) float32 pixel values -> (1, T, H) float32, what a speaker reads in the picture's place.
Eyes = Callable[[FloatArray], FloatArray]

#: (prompt ids, picture, most new tokens, beams) -> ids of so many answers, best first, each up to and without its end.
Speaker = Callable[[Sequence[int], FloatArray, int, int], list[list[int]]]


def has_captioner(bundle: HasModels) -> bool:
    """Return whether a bundle has all files of `load_captioner`."""
    return all(bundle.model_path(name) for name in FILES)


def load_captioner(bundle: HasModels, threads: int = 1) -> Captioner:
    """The captioner of a bundle; ModelError where it lacks a file or a file cannot be used."""
    paths = {name: model_file(bundle, name) for name in FILES}
    config = read_config(paths[CONFIG])
    tokenizer = Pieces.read(paths[PIECES], config.unk)
    eyes = load_eyes(paths[EYES], threads)
    speakers = [OnnxSpeaker(paths[name], config.eos, threads) for name in (BASE_SPEAKER, TUNED_SPEAKER)]
    for speaker in speakers:
        if speaker.pieces not in (None, len(tokenizer)):
            found = f"A caption model writes {speaker.pieces} pieces, {PIECES} has {len(tokenizer)}"
            raise ModelError(found, "models and pieces of one training", _ADVICE)
    _require_known(config, len(tokenizer))
    return Captioner(config, tokenizer, eyes, *speakers)


class Captioner:
    """Captions pictures. Holds no state but its models, so threads may share it."""

    def __init__(self, config: CaptionerConfig, tokenizer: Pieces, eyes: Eyes, base: Speaker, tuned: Speaker) -> None:
        self.config = config
        self._tokenizer = tokenizer
        self._eyes = eyes
        self._base = base
        self._tuned = tuned

    @property
    def reads_text(self) -> bool:
        """Return whether captions depend on the words on a picture."""
        return self.config.keywords.reads_text

    def caption(self, picture: Image, text: str = "") -> Caption:
        """Caption a picture, or the middle frame of an animation. text: the words on the picture.

        QueryError for a text of more than MAX_TEXT characters.
        """
        start = perf_counter()
        answers = self.answers(picture, text)
        description, emotion = split_answer(answers.description[0])
        most = self.config.most_keywords
        return Caption(
            description,
            emotion,
            keywords_in(answers.keywords_base, self.config.keywords_base, most),
            keywords_in(answers.keywords, self.config.keywords, most),
            unspelt=answers.unspelt,
            seconds=perf_counter() - start,
        )

    def answers(self, picture: Image, text: str = "") -> Answers:
        """The models' own answers, before `caption` parses them."""
        if len(text) > MAX_TEXT:
            raise QueryError(f"A text of {len(text)} characters", f"at most {MAX_TEXT}", "Give only what is drawn.")
        pixels = prepared(picture, self.config)
        try:
            seen = self._eyes(pixels)
            return Answers(
                self._ask(self._base, self.config.description, seen, text),
                self._ask(self._base, self.config.keywords_base, seen, text),
                self._ask(self._tuned, self.config.keywords, seen, text),
                unspelt=self._tokenizer.encode(text).count(self.config.unk),
            )
        except Exception as error:  # onnxruntime's own errors share no public base class
            raise ModelError(f"The bundle's captioner failed: {error}", "a captioner that works", _ADVICE) from error

    def prompt_ids(self, prompt: Prompt, text: str) -> list[int]:
        """Token ids of a prompt with the words on the picture in its slot."""
        if not prompt.reads_text:
            return [*prompt.before, *prompt.after]
        filling = self._tokenizer.encode(text) or self._tokenizer.encode(self.config.no_text)
        return [*prompt.before, *filling, *prompt.after]

    def _ask(self, speaker: Speaker, prompt: Prompt, seen: FloatArray, text: str) -> tuple[str, ...]:
        found = speaker(self.prompt_ids(prompt, text), seen, prompt.max_new_tokens, prompt.beams)
        return tuple(self._tokenizer.decode(ids) for ids in found)


def _require_known(config: CaptionerConfig, pieces: int) -> None:
    """Raise a ModelError where the settings name a piece that there is not."""
    prompts = (config.description, config.keywords_base, config.keywords)
    named = {config.bos, config.eos, config.unk, config.image}.union(*((*each.before, *each.after) for each in prompts))
    strange = sorted(number for number in named if not 0 <= number < pieces)
    if strange:
        raise ModelError(f"{CONFIG} names piece {strange[0]}", f"one of the {pieces} of {PIECES}", _ADVICE)


def keywords_in(answers: Sequence[str], prompt: Prompt, most: int) -> tuple[str, ...]:
    """Find at most `most` distinct keywords of the answers to a prompt: the words of the greedy answer, in its order,
    or else the answers themselves, the likeliest first. Answers without words are none.
    """
    if prompt.beams == 1:
        return keywords_of(answers[0], most)
    return tuple(dict.fromkeys(text for answer in answers if (text := answer.strip())))[:most]


def prepared(picture: Image, config: CaptionerConfig) -> FloatArray:
    """Pixels (3, S, S) float32 of a picture, or of the middle frame of an animation, as the encoders prepare theirs."""
    picture.seek(int(getattr(picture, "n_frames", 1)) // 2)
    mean, std = config.mean, config.std
    seen = EncoderConfig(config.image_size, (mean[0], mean[1], mean[2]), (std[0], std[1], std[2]), 0)
    return pixel_values(picture, seen)


# ---- models ---------------------------------------------------------------------------------------------------------


def load_eyes(path: Path, threads: int = 1) -> Eyes:
    """Load the vision tower and projector."""
    session = onnx_session(path, threads)

    def look(pixels: FloatArray) -> FloatArray:
        seen: FloatArray = session.run(["image_embeds"], {"pixel_values": pixels[None]})[0]
        return seen

    return look


# ---- files ----------------------------------------------------------------------------------------------------------


def write_config(config: CaptionerConfig, path: Path) -> None:
    """Write models/caption.json, which `read_config` reads."""
    path.write_text(json.dumps(asdict(config), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_config(path: Path) -> CaptionerConfig:
    """Read models/caption.json."""
    try:
        document: dict[str, Any] = strict_json.read_json(path)
        read: dict[str, Any] = {
            name: _read_prompt(document.pop(name)) for name in ("description", "keywords_base", "keywords")
        }
        read |= {name: tuple(float(value) for value in document.pop(name)) for name in ("mean", "std")}
        config = CaptionerConfig(**document, **read)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{path} cannot be used: {error}", "a captioner's settings", _ADVICE) from error
    if len(config.mean) != 3 or len(config.std) != 3 or min(config.std) <= 0:
        raise ModelError(f"{path} holds {config.image_size}, {config.mean}, {config.std}", "RGB settings", _ADVICE)
    for name, most in _MOST.items():
        value = getattr(config, name)
        if not isinstance(value, int) or not 0 <= value <= most:
            raise ModelError(f"{path} has {name} = {value!r}", f"a whole number up to {most}", _ADVICE)
    if not isinstance(config.no_text, str) or not config.image_size or not config.most_keywords:
        raise ModelError(f"{path} has no size, no number of keywords or no text", "all of them", _ADVICE)
    return config


#: The largest whole numbers of a captioner's settings.
_MOST = {
    "image_size": MOST_PIXELS,
    "image_tokens": MOST_TOKENS,
    "most_keywords": 100,
    **dict.fromkeys(("bos", "eos", "unk", "image"), 10**7),
}

#: The largest prompt: tokens that are given and written, and answers at once.
_MOST_WRITTEN = 512
_MOST_BEAMS = 64


def _read_prompt(document: Mapping[str, Any]) -> Prompt:
    beams = int(document["beams"])
    prompt = Prompt(
        tuple(map(int, document["before"])),
        tuple(map(int, document["after"])),
        bool(document["reads_text"]),
        int(document["max_new_tokens"]),
        beams,
    )
    if not 1 <= beams <= _MOST_BEAMS or not 1 <= prompt.max_new_tokens <= _MOST_WRITTEN:
        raise ValueError(f"{beams} beams, {prompt.max_new_tokens} tokens to write")
    if not 1 <= len(prompt.before) + len(prompt.after) <= MOST_TOKENS:
        raise ValueError(f"a prompt of {len(prompt.before) + len(prompt.after)} tokens")
    return prompt
