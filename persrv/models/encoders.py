"""The trained encoders of a bundle without torch: a text or a picture becomes a unit vector in the embedding space."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from persrv.errors import ModelError, PersrvError
from persrv.files import strict_json
from persrv.models.wordpieces import WordPiece
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
