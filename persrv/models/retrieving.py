"""A language model that retrieves stickers, without torch: how it is shown a conversation, and what it answers.

It is the captioner's language model, frozen, and what was learnt around it (precompute.models.retrieving; StickerLLM,
Zhao et al. 2023). The captioner's file reads rows of numbers in a picture's place, so whatever is new to it, a learnt
piece or a sticker that was sent, is given as such a row. Of its state it tells the logits of its own pieces alone: they
are linear in the state and outnumber its width, so that their pseudoinverse gives the state back.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persrv.errors import ModelError
from persrv.files import strict_json
from persrv.models import captioner
from persrv.models.encoders import HasModels, model_file, unit
from persrv.models.onnx_speaker import OnnxSpeaker
from persrv.models.sentence_encoder import SentenceEncoder
from persrv.models.wordpieces import Pieces
from persrv.records import FloatArray, Message
from persrv.text.instructions import wanted

LEARNT = "retriever.npz"
CONFIG = "retriever.json"
FILES = (LEARNT, CONFIG)

#: The pieces that are learnt, in the order of their rows; a language model's own pieces come before them.
IMG, END_IMG, RET, END_RET, PRET = range(5)
PIECES = ("[IMG]", "[/IMG]", "[RET]", "[/RET]", "[PRET]")

#: Placeholder of a picture among ids, counted as the pieces are.
PICTURE = len(PIECES)

#: Pieces of a message that are read.
MOST_PIECES = 48

_ADVICE = "Teach it anew: python -m precompute retrieving-lm BUNDLE"


# ---- what is read ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadingConfig:
    """Settings by which a conversation is written for a language model, as the model was trained to read.

    messages: the number of newest messages that are read; message: the template of one message, with {role} (USER or
    ASSISTANT) before {text}; end: the text after the last message; meanings: whether the sentence encoder tells what
    each message means.
    """

    messages: int = 1
    message: str = "“{text}”的意思是"
    end: str = ""
    meanings: bool = True


@dataclass(frozen=True, slots=True)
class Prompt:
    """A conversation as ids that end with [PRET]; the stickers that its pictures are, in order; and the newest text."""

    ids: tuple[int, ...]
    stickers: tuple[str, ...]
    text: str


def prompt(
    turns: Sequence[Message],
    writer: str,
    reading: ReadingConfig,
    spell: Callable[[str], Sequence[int]],
    begin: Sequence[int],
    known: int,
) -> Prompt:
    """Write the newest messages of a conversation as the language model was trained to read them; an instruction stands
    without the frame of a message.

    writer: whose next message it is, who speaks as the assistant; the others speak as the user. spell: a text to ids;
    begin: the ids that a text begins with; known: how many pieces the language model has, id known + RET is [RET].
    """
    ids, stickers, text = list(begin), list[str](), ""
    for turn in turns[-reading.messages :]:
        before, _, after = reading.message.partition("{text}")
        ids += spell(before.format(role="ASSISTANT" if turn.writer == writer else "USER"))
        if turn.sticker:
            ids += [known + piece for piece in (IMG, PICTURE, END_IMG)]
            stickers.append(turn.sticker)
        said = (wanted(turn.text) or turn.text) if turn.text else ""
        ids += spell(said)[:MOST_PIECES]
        ids += spell(after)
        text = said or text
    return Prompt((*ids, *spell(reading.end), known + PRET), tuple(stickers), text)


# ---- what is answered -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A model's answer to a conversation.

    wants: the log odds of [RET] against all other pieces; vector: (d,) unit, in the space of pictures, what a sticker
    would be sought by.
    """

    wants: float
    vector: FloatArray


def scores(vector: FloatArray, pictures: FloatArray, read: FloatArray, weight: float) -> FloatArray:
    """Score (N,) of each sticker: likeness of its picture + weight x likeness of its read text. vector: (d,); pictures,
    read: (N, d) unit rows, a row of zeros where nothing was read. Source: StickerLLM, with weights of .3 to .5.
    """
    found: FloatArray = pictures @ vector + np.float32(weight) * (read @ vector)
    return found


@dataclass(frozen=True, slots=True)
class RetrieverConfig:
    """Settings that use what training learnt: models/retriever.json.

    speaker: SHA-256 of the captioner's file that it was learnt around; encoder: the name of the sentence encoder that
    tells what messages mean, "" where none does; weight: of read text; threshold: the least log odds of [RET] at which
    a sticker is offered.
    """

    reading: ReadingConfig
    speaker: str
    encoder: str
    weight: float
    threshold: float


def has_language_retriever(bundle: HasModels) -> bool:
    """Return whether a bundle has all files of `load_language_retriever`."""
    return all(bundle.model_path(name) for name in (*FILES, captioner.BASE_SPEAKER, captioner.CONFIG, captioner.PIECES))


def load_language_retriever(bundle: HasModels, encode: SentenceEncoder | None, threads: int = 1) -> LanguageRetriever:
    """The language model of a bundle that retrieves; ModelError where it lacks a file, or files do not fit together.

    encode: the sentence encoder of the bundle's searches.
    """
    config = read_config(model_file(bundle, CONFIG))
    speaker = model_file(bundle, captioner.BASE_SPEAKER)
    if file_digest(speaker) != config.speaker:
        raise ModelError(f"{CONFIG} is of another {captioner.BASE_SPEAKER}", "both of one training", _ADVICE)
    if config.encoder and (encode is None or encode.name != config.encoder):
        here = "no sentence encoder" if encode is None else encode.name
        raise ModelError(f"Messages are told by {here}", config.encoder, "Install it, or teach the model anew.")
    speaks = captioner.read_config(model_file(bundle, captioner.CONFIG))
    if _rows_for(config.reading) > speaks.image_tokens:
        found = f"{config.reading.messages} messages, whose pictures need {_rows_for(config.reading)} rows"
        raise ModelError(found, f"at most the captioner's {speaks.image_tokens}", _ADVICE)
    pieces = Pieces.read(model_file(bundle, captioner.PIECES), speaks.unk)
    learnt = read_learnt(
        model_file(bundle, LEARNT), len(pieces), 0 if not config.encoder or encode is None else encode.width
    )
    loaded = OnnxSpeaker(speaker, speaks.eos, threads)
    return LanguageRetriever(config, speaks, pieces, loaded, learnt, encode if config.encoder else None)


class LanguageRetriever:
    """Answers conversations. Holds no state but its models, so threads may share it."""

    def __init__(
        self,
        config: RetrieverConfig,
        speaks: captioner.CaptionerConfig,
        pieces: Pieces,
        speaker: OnnxSpeaker,
        learnt: Mapping[str, FloatArray],
        encode: SentenceEncoder | None,
    ) -> None:
        self.config = config
        self._speaks, self._pieces, self._speaker = speaks, pieces, speaker
        self._learnt, self._encode = learnt, encode

    def offers(self, answer: Answer) -> bool:
        """Return whether the model offers a sticker, in place of words."""
        return answer.wants >= self.config.threshold

    def answer(self, turns: Sequence[Message], writer: str, pictures: Mapping[str, FloatArray]) -> Answer:
        """Read a conversation. writer: whose next message it is; pictures: sticker -> (d,) vector, for those that were
        sent in it. ModelError where the model fails.
        """
        known = len(self._pieces)
        asked = prompt(turns, writer, self.config.reading, self._pieces.encode, (self._speaks.bos,), known)
        told = self._told(asked.text)
        try:
            said, state = self._read(asked.ids, asked.stickers, pictures, told)
            _, found = self._read((*asked.ids, known + RET), asked.stickers, pictures, told)
        except Exception as error:  # onnxruntime's own errors share no public base class
            raise ModelError(f"The language model failed: {error}", "a model that works", _ADVICE) from error
        new = state @ self._learnt["written"].T + self._learnt["bias"]
        others = np.concatenate([said, np.delete(new, RET)])
        wants = float(new[RET] - np.logaddexp.reduce(others))
        return Answer(wants, unit(self._mapped("to_picture", found)))

    def _told(self, text: str) -> FloatArray | None:
        """Vector (H,) of a text's meaning, added to the pieces that ask; None for a model without meanings."""
        if self._encode is None:
            return None
        meaning = self._encode([text])[0] if text else np.zeros(self._encode.width, np.float32)
        return self._mapped("from_meaning", meaning)

    def _read(
        self, ids: Sequence[int], stickers: Sequence[str], pictures: Mapping[str, FloatArray], told: FloatArray | None
    ) -> tuple[FloatArray, FloatArray]:
        """The logits (V,) after ids, and the state (H,) that they are of."""
        known, sent = len(self._pieces), iter(stickers)
        rows = [self._row(each - known, sent, pictures, told) for each in ids if each >= known]
        seen = np.zeros((1, self._speaks.image_tokens, self._learnt["rows"].shape[1]), np.float32)
        seen[0, : len(rows)] = rows
        logits, _ = self._speaker.read([[each if each < known else self._speaks.image for each in ids]], seen)
        state: FloatArray = logits[0] @ self._learnt["state"]
        return logits[0], state

    def _row(self, piece: int, sent: Any, pictures: Mapping[str, FloatArray], told: FloatArray | None) -> FloatArray:
        """Input vector (H,) in the place of a new piece, or of the next picture."""
        if piece == PICTURE:
            return self._mapped("from_picture", pictures[next(sent)])
        row: FloatArray = self._learnt["rows"][piece]
        return row if told is None or piece not in (PRET, RET) else row + told

    def _mapped(self, name: str, vector: FloatArray) -> FloatArray:
        found: FloatArray = self._learnt[f"{name}.weight"] @ vector + self._learnt[f"{name}.bias"]
        return found


# ---- files ----------------------------------------------------------------------------------------------------------


def read_config(path: Path) -> RetrieverConfig:
    """Read models/retriever.json; ModelError where it cannot be used."""
    try:
        document: dict[str, Any] = dict(strict_json.read_json(path))
        reading = ReadingConfig(**document.pop("reading"))
        config = RetrieverConfig(reading=reading, **document)
        numbers = (float(config.weight), float(config.threshold))
        texts = (reading.message, reading.end, config.speaker, config.encoder)
        if not all(isinstance(each, str) for each in texts) or not isinstance(reading.messages, int):
            raise ValueError("a text or a number of messages of another type")
        reading.message.partition("{text}")[0].format(role="USER")
        if reading.messages < 1 or not np.isfinite(numbers).all():
            raise ValueError(f"{reading.messages} messages, {numbers}")
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise ModelError(f"{path} cannot be used: {error}", "the settings of a retrieving model", _ADVICE) from error
    return config


def _rows_for(reading: ReadingConfig) -> int:
    """The rows that the longest prompt is given: three a message that holds a picture, [PRET] and [RET]."""
    return 3 * reading.messages + 2


def read_learnt(path: Path, pieces: int, meaning: int) -> dict[str, FloatArray]:
    """Read models/retriever.npz; ModelError where it holds other shapes than these, or what is not finite.

    pieces: V, of the language model; meaning: m, numbers of what a text means, 0 where the model is not told. rows,
    written (5, H); bias (5,); state (V, H), which the state is read back by; and the linear maps to_picture (d, H),
    from_picture (H, d) and from_meaning (H, m), each with its bias.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            learnt = {name: np.asarray(stored[name], np.float32) for name in stored.files}
        hidden, width = learnt["rows"].shape[1], learnt["to_picture.weight"].shape[0]
    except (OSError, ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(f"{path} cannot be read: {error}", "what a retrieving model learnt", _ADVICE) from error
    maps = {"to_picture": (width, hidden), "from_picture": (hidden, width)}
    maps |= {"from_meaning": (hidden, meaning)} if meaning else {}
    shapes: dict[str, tuple[int, ...]] = {
        "rows": (len(PIECES), hidden),
        "written": (len(PIECES), hidden),
        "bias": (len(PIECES),),
        "state": (pieces, hidden),
        **{f"{name}.weight": shape for name, shape in maps.items()},
        **{f"{name}.bias": shape[:1] for name, shape in maps.items()},
    }
    found = {name: array.shape for name, array in learnt.items()}
    if found != shapes or not all(np.isfinite(array).all() for array in learnt.values()):
        raise ModelError(f"{path} holds {found}", f"finite numbers of {shapes}", _ADVICE)
    return learnt


def state_of_logits(head: NDArray[np.floating[Any]]) -> FloatArray:
    """The pseudoinverse of a language model's head (V, H), transposed (V, H): logits (V,) times it are the state (H,).
    ModelError where the head does not tell states apart.
    """
    weights = np.asarray(head, np.float64)
    if np.linalg.matrix_rank(weights) < weights.shape[1]:
        found = f"A head of rank {np.linalg.matrix_rank(weights)}"
        raise ModelError(found, f"{weights.shape[1]}, the width of its state", "Use a language model of more pieces.")
    return np.ascontiguousarray(np.linalg.pinv(weights).T, np.float32)


def file_digest(path: Path) -> str:
    """Hex SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
