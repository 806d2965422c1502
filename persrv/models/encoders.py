"""The trained encoders of a bundle without torch: a text or a picture becomes a unit vector in the embedding space."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from persrv.errors import ModelError, PersrvError
from persrv.files import strict_json
from persrv.records import FloatArray

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from PIL.Image import Image

TEXT_ENCODER = "text_encoder.onnx"
IMAGE_ENCODER = "image_encoder.onnx"
VOCABULARY = "vocab.txt"
CONFIG = "encoder.json"

#: Pixels along each side of a picture, and tokens of a text, that a model is given at most.
MOST_PIXELS = 2048
MOST_TOKENS = 4096

#: BERT gives up on a word longer than this.
MAX_WORD = 100

_ADVICE = "Rebuild the bundle with `make bundle`, so that it holds its models."


class HasModels(Protocol):
    """A bundle, as far as models are concerned. model_path: of a file under models/, None where there is none."""

    def model_path(self, name: str) -> Path | None: ...


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder of model files that belongs to no bundle, with the interface of one (HasModels)."""

    path: Path

    def model_path(self, name: str) -> Path | None:
        return self.path / name if (self.path / name).is_file() else None


_Seen = TypeVar("_Seen")

TextEncoder = Callable[[str], FloatArray]
ImageEncoder = Callable[["Image"], FloatArray]


@dataclass(frozen=True, slots=True)
class EncoderConfig:
    """The encoders' preprocessing, as they were trained. mean, std: per RGB channel, of values in [0, 1]."""

    image_size: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    max_length: int


def has_text_encoder(bundle: HasModels) -> bool:
    """Return whether the bundle has all files of `load_text_encoder`."""
    return all(bundle.model_path(name) for name in (TEXT_ENCODER, VOCABULARY, CONFIG))


def has_image_encoder(bundle: HasModels) -> bool:
    """Return whether the bundle has all files of `load_image_encoder`."""
    return all(bundle.model_path(name) for name in (IMAGE_ENCODER, CONFIG))


def load_text_encoder(bundle: HasModels, threads: int = 1) -> TextEncoder:
    """Load text -> (d,) float32 unit vector in the raw embedding space; ModelError where the bundle has no text
    encoder.
    """
    run = _session(model_file(bundle, TEXT_ENCODER), threads)
    config = read_config(model_file(bundle, CONFIG))
    tokenizer = WordPiece.read(model_file(bundle, VOCABULARY))

    def encode(text: str) -> FloatArray:
        ids = np.array([tokenizer.encode(text, config.max_length)], np.int64)
        return unit(run({"input_ids": ids, "attention_mask": np.ones_like(ids)})[0])

    return encode


def load_image_encoder(bundle: HasModels, threads: int = 1) -> ImageEncoder:
    """Load picture -> (d,) float32 unit vector in the raw embedding space; ModelError without an image encoder."""
    run = _session(model_file(bundle, IMAGE_ENCODER), threads)
    config = read_config(model_file(bundle, CONFIG))

    def encode(picture: Image) -> FloatArray:
        pixels = np.stack([pixel_values(frame, config) for frame in key_frames(picture)])
        vectors = [unit(run({"pixel_values": frame[None]})[0]) for frame in pixels]
        return unit(np.mean(vectors, axis=0))

    return encode


def guarded(kind: str, load: Callable[[], Callable[[_Seen], FloatArray]], width: int) -> Callable[[_Seen], FloatArray]:
    """Load an encoder at once, and turn all that goes wrong in it, and any answer but a finite (d,), into a ModelError.

    kind: "text" or "image", for messages; width: d. An encoder that cannot be loaded answers every call with the
    ModelError of loading, instead of being loaded again for every question.
    """
    problem: ModelError | None = None
    try:
        encoder = load()
    except ModelError as error:
        problem = error
    except (OSError, ValueError) as error:  # a file that cannot be read, a vocabulary that is not in UTF-8
        problem = _broken(kind, f"cannot be loaded: {error}")

    def encode(seen: _Seen) -> FloatArray:
        if problem is not None:
            raise ModelError(problem.found, problem.expected, problem.advice)
        try:
            vector = encoder(seen)
        except (PersrvError, OSError):  # OSError: Pillow's, of a picture that cannot be read
            raise
        except Exception as error:  # onnxruntime's own errors share no public base class
            raise _broken(kind, f"failed: {error}") from error
        if vector.shape != (width,) or not np.isfinite(vector).all():
            raise _broken(kind, f"made a vector of shape {vector.shape}", f"{width} finite numbers")
        return vector

    return encode


def _broken(kind: str, what: str, expected: str = "an encoder that works") -> ModelError:
    told = " ".join(what.split())  # onnxruntime's sentences have line breaks
    return ModelError(f"The bundle's {kind} encoder {told}", expected, "Rebuild the bundle with `make bundle`.")


def unit(vector: NDArray[Any]) -> FloatArray:
    """Scale a vector (d,) to length 1 as float32; the zero vector stays zero."""
    values = np.asarray(vector, np.float64)
    length = float(np.linalg.norm(values))
    with np.errstate(invalid="ignore"):  # what is not finite stays so, for whoever checks it
        return (values / length if length > 0 else values).astype(np.float32)


# ---- pictures -------------------------------------------------------------------------------------------------------


def key_frames(picture: Image) -> list[Image]:
    """First, middle and last frame of an animation (without repeats); the picture itself where it does not move."""
    count = int(getattr(picture, "n_frames", 1))
    frames = []
    for number in sorted({0, count // 2, count - 1}):
        picture.seek(number)
        frames.append(picture.copy())
    picture.seek(0)
    return frames


def on_white_square(frame: Image) -> Image:
    """Paste a frame on a centred white square, RGB: padded, never cropped."""
    from PIL import Image as pil

    colour = frame.convert("RGBA")
    side = max(colour.size)
    square = pil.new("RGBA", (side, side), (255, 255, 255, 255))
    square.alpha_composite(colour, ((side - colour.width) // 2, (side - colour.height) // 2))
    return square.convert("RGB")


def pixel_values(frame: Image, config: EncoderConfig) -> FloatArray:
    """Pixels (3, S, S) float32 of a frame: on a white square, bicubic to S x S, in [0, 1], minus mean, over std."""
    from PIL import Image as pil

    square = on_white_square(frame).resize((config.image_size, config.image_size), pil.Resampling.BICUBIC)
    values = np.asarray(square, np.float32) / 255
    normal = (values - np.array(config.mean, np.float32)) / np.array(config.std, np.float32)
    return np.ascontiguousarray(normal.transpose(2, 0, 1), np.float32)


# ---- texts ----------------------------------------------------------------------------------------------------------


class WordPiece:
    """BERT's uncased tokenizer: clean, split Han characters, lower case without accents, split at punctuation, then
    the longest pieces of the vocabulary from the left, those inside a word marked with ##. Equal to transformers'
    BertTokenizer (tested), in a few lines of Python.
    """

    def __init__(self, tokens: Sequence[str]) -> None:
        self.vocabulary: Mapping[str, int] = {token: number for number, token in enumerate(tokens)}
        missing = [name for name in ("[PAD]", "[UNK]", "[CLS]", "[SEP]") if name not in self.vocabulary]
        if missing:
            raise ModelError(f"The vocabulary lacks {missing[0]}", "BERT's special tokens", _ADVICE)
        if len(self.vocabulary) < len(tokens) or "" in self.vocabulary:
            raise ModelError("The vocabulary has empty or repeated lines", "distinct tokens, one a line", _ADVICE)

    @classmethod
    def read(cls, path: Path) -> WordPiece:
        """Read a vocabulary file: one token a line, its line number is its id."""
        return cls(path.read_text(encoding="utf-8").rstrip("\n").split("\n"))

    def encode(self, text: str, max_length: int) -> list[int]:
        """Token ids of [CLS] pieces [SEP], cut to `max_length`, without padding."""
        pieces = [piece for word in split_words(text) for piece in self.pieces(word)]
        tokens = ["[CLS]", *pieces[: max_length - 2], "[SEP]"]
        return [self.vocabulary[token] for token in tokens]

    def pieces(self, word: str) -> list[str]:
        """Split a word greedily into the longest pieces from the left; [UNK] where no piece covers a part."""
        if len(word) > MAX_WORD:
            return ["[UNK]"]
        found, start = [], 0
        while start < len(word):
            mark = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((end for end in ends if mark + word[start:end] in self.vocabulary), None)
            if end is None:
                return ["[UNK]"]
            found.append(mark + word[start:end])
            start = end
        return found


def split_words(text: str) -> list[str]:
    """Split a text into words as BERT's uncased basic tokenizer does."""
    cleaned = "".join(_clean(character) for character in text)
    stripped = "".join(c for c in unicodedata.normalize("NFD", cleaned) if unicodedata.category(c) != "Mn")
    return "".join(f" {c} " if _is_punctuation(c) else c for c in stripped.lower()).split()


def _clean(character: str) -> str:
    """Drop control characters, turn white space into a blank, and set a Han character between blanks."""
    code = ord(character)
    if character in "\t\n\r" or unicodedata.category(character) == "Zs":
        return " "
    if code in (0, 0xFFFD) or unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs"):
        return ""
    return f" {character} " if _is_han(code) else character


_HAN = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B920, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


def _is_han(code: int) -> bool:
    """Return whether BERT's tokenizer takes the code point for a Han character."""
    return any(first <= code <= last for first, last in _HAN)


def _is_punctuation(character: str) -> bool:
    """Return whether a character is Unicode punctuation, or ASCII but neither letter, digit nor blank."""
    code = ord(character)
    ascii_sign = 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126
    return ascii_sign or unicodedata.category(character).startswith("P")


# ---- files ----------------------------------------------------------------------------------------------------------


def read_config(path: Path) -> EncoderConfig:
    """Read models/encoder.json; ModelError where it cannot be used."""
    try:
        document = strict_json.read_json(path)
        (r, g, b), (sr, sg, sb) = document["mean"], document["std"]
        size, length = int(document["image_size"]), int(document["max_length"])
        config = EncoderConfig(size, (float(r), float(g), float(b)), (float(sr), float(sg), float(sb)), length)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} cannot be used: {error}", "image_size, mean, std and max_length", _ADVICE) from error
    if not (1 <= config.image_size <= MOST_PIXELS and 3 <= config.max_length <= MOST_TOKENS and min(config.std) > 0):
        expected = f"a size up to {MOST_PIXELS}, deviations above 0, a length from 3 to {MOST_TOKENS}"
        raise ModelError(f"{path} holds {config}", expected, _ADVICE)
    return config


def model_file(bundle: HasModels, name: str) -> Path:
    """The path of a bundle's model; ModelError where the bundle has no such file."""
    path = bundle.model_path(name)
    if path is None:
        raise ModelError(f"The bundle has no models/{name}", "a bundle with this model", _ADVICE)
    return path


def _session(path: Path, threads: int) -> Callable[[Mapping[str, NDArray[Any]]], NDArray[np.float32]]:
    """Load an ONNX model: inputs -> its first output."""
    session = onnx_session(path, threads)

    def run(inputs: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
        outputs: list[NDArray[np.float32]] = session.run(None, dict(inputs))
        return outputs[0]

    return run


def onnx_session(path: Path, threads: int) -> InferenceSession:
    """Open an ONNX model on the CPU with a few threads; ModelError where it cannot be loaded."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own errors share no public base class
        raise ModelError(f"{path} cannot be loaded: {error}", "an ONNX model", _ADVICE) from error
