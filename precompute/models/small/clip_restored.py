"""A small Chinese-CLIP read back from the ONNX encoders of a bundle, so that it can be trained further.

A bundle holds encoders, no checkpoint. Their files keep the names of all weights but of matrices that are multiplied
from the right, which are stored transposed and without a name; the bias that is added next tells which one it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from persrv.bundle import Bundle
from persrv.errors import ModelError
from persrv.models.encoders import CONFIG, IMAGE_ENCODER, TEXT_ENCODER, VOCABULARY
from persrv.records import FloatArray
from precompute.config import ClipConfig
from precompute.models.released.loading import PREPROCESSOR
from precompute.models.small import clip
from precompute.models.small.clip_onnx import parity

if TYPE_CHECKING:
    from transformers import BertTokenizer, ChineseCLIPModel

#: The largest difference between a vector of the file and one of the model that is read from it.
TOLERANCE = 1e-4

#: Name that the exporter gives the positions of patches (1, patches + 1, width) if they are so few that the exporter
#: looks them up beforehand.
_FOLDED = "embedding"

#: Texts that a model read back is compared with its file on.
_SAMPLES = ("猫", "水墨熊猫大笑", "good night")

#: Chinese-CLIP's temperature before training (Radford et al. 2021), which encoders do not hold.
_TEMPERATURE = float(np.log(1 / 0.07))


def restore(bundle: Bundle) -> tuple[ChineseCLIPModel, BertTokenizer]:
    """The model of a bundle's encoders. ModelError where it has none, or none that the small model's code exported."""
    folder = bundle.path / "models"
    missing = [name for name in (TEXT_ENCODER, IMAGE_ENCODER, VOCABULARY, CONFIG) if not (folder / name).is_file()]
    if missing:
        raise ModelError(f"{bundle.path} holds no {missing[0]}", "the encoders of a small Chinese-CLIP", "Build it.")
    pieces = (folder / VOCABULARY).read_text(encoding="utf-8").rstrip("\n").split("\n")
    tokenizer = clip.tokenizer_of(pieces)
    weights = {name: value for file in (TEXT_ENCODER, IMAGE_ENCODER) for name, value in weights_of(folder / file)}
    model = _model(weights, _config(weights, bundle), len(pieces))
    difference = parity(model, tokenizer, folder, _SAMPLES, [Image.new("RGB", (8, 8), "teal")])
    if difference > TOLERANCE:
        raise ModelError(
            f"The model read from {folder} differs from it by {difference:.2g}", f"{TOLERANCE:g} or less", "Build it."
        )
    return model, tokenizer


def weights_of(path: Path) -> Iterator[tuple[str, FloatArray]]:
    """The weights of an encoder's file by the names that torch gives them."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(path).graph
    stored = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    yield from ((name.removeprefix("model."), value) for name, value in stored.items() if name.startswith("model."))
    if _FOLDED in stored:
        yield "vision_model.embeddings.position_embedding.weight", stored[_FOLDED][0]
    matrix_of = {node.output[0]: node.input[1] for node in graph.node if node.op_type == "MatMul"}
    for node in graph.node:
        if node.op_type != "Add":
            continue
        bias = next((name for name in node.input if name.endswith(".bias")), None)
        matrix = next((matrix_of[name] for name in node.input if matrix_of.get(name) in stored), None)
        if bias and matrix:
            yield bias.removeprefix("model.").removesuffix("bias") + "weight", stored[matrix].T


def _config(weights: dict[str, FloatArray], bundle: Bundle) -> ClipConfig:
    """The sizes that the weights and the bundle's record tell."""
    prepares = json.loads((bundle.path / "models" / CONFIG).read_text(encoding="utf-8"))
    stated = bundle.provenance.get("train", {}).get("parameters", {})
    heads = {name: stated[name] for name in ("text_heads", "vision_heads") if name in stated}
    try:
        patches = weights["vision_model.embeddings.patch_embedding.weight"]
        return replace(
            ClipConfig(),
            image_size=prepares["image_size"],
            max_length=len(weights["text_model.embeddings.position_embeddings.weight"]),
            patch_size=patches.shape[-1],
            projection=prepares["width"],
            text_layers=_layers(weights, "text_model.encoder.layer."),
            text_width=weights["text_projection.weight"].shape[1],
            vision_layers=_layers(weights, "vision_model.encoder.layers."),
            vision_width=len(patches),
            **heads,
        )
    except KeyError as error:
        raise ModelError(
            f"Encoders without {error}", "encoders of the small Chinese-CLIP", "Build the bundle."
        ) from None


def _layers(weights: dict[str, FloatArray], prefix: str) -> int:
    return 1 + max(int(name.removeprefix(prefix).split(".")[0]) for name in weights if name.startswith(prefix))


def _model(weights: dict[str, FloatArray], config: ClipConfig, vocabulary: int) -> ChineseCLIPModel:
    import torch

    model = clip.build_model(config, vocabulary)
    given = {name: torch.from_numpy(value.copy()) for name, value in weights.items()}
    given["logit_scale"] = torch.tensor(_TEMPERATURE)
    left = model.load_state_dict(given, strict=False)
    missing = [name for name in left.missing_keys if "position_ids" not in name]
    if missing:
        raise ModelError(f"Encoders without {missing[0]}", "every weight of a small Chinese-CLIP", "Build the bundle.")
    return model.eval()


# ---- longer texts ---------------------------------------------------------------------------------------------------


def widened(
    model: ChineseCLIPModel, tokenizer: BertTokenizer, texts: Sequence[str], length: int
) -> tuple[ChineseCLIPModel, BertTokenizer]:
    """The same model with a piece for every sign of `texts`, and room for `length` pieces.

    A new piece begins as the unknown one, a new position as the last one, so that what was read before is read alike.
    """
    import torch

    pieces = clip.pieces_of(tokenizer)
    known = set(pieces)
    fresh = [piece for piece in clip.vocabulary(texts) if piece not in known]
    words: Any = model.text_model.embeddings.word_embeddings.weight.detach()
    places: Any = model.text_model.embeddings.position_embeddings.weight.detach()
    more_words = words[pieces.index("[UNK]")].repeat(len(fresh), 1)
    more_places = places[-1].repeat(max(0, length - len(places)), 1)
    state = dict(model.state_dict())
    state["text_model.embeddings.word_embeddings.weight"] = torch.cat([words, more_words])
    state["text_model.embeddings.position_embeddings.weight"] = torch.cat([places, more_places])
    state = {name: value for name, value in state.items() if not name.endswith(("position_ids", "token_type_ids"))}
    shape: Any = model.config
    shape = type(shape)(**shape.to_dict())
    shape.text_config.vocab_size = len(pieces) + len(fresh)
    shape.text_config.max_position_embeddings = len(places) + len(more_places)
    longer = type(model)(shape).eval()
    longer.load_state_dict(state, strict=False)
    return longer, clip.tokenizer_of([*pieces, *fresh])


def forgotten(model: ChineseCLIPModel, seed: int) -> ChineseCLIPModel:
    """A model of the same sizes with random weights."""
    shape: Any = model.config
    text, seen = shape.text_config, shape.vision_config
    sizes = ClipConfig(
        image_size=seen.image_size,
        patch_size=seen.patch_size,
        vision_width=seen.hidden_size,
        vision_layers=seen.num_hidden_layers,
        vision_heads=seen.num_attention_heads,
        text_width=text.hidden_size,
        text_layers=text.num_hidden_layers,
        text_heads=text.num_attention_heads,
        max_length=text.max_position_embeddings,
        projection=shape.projection_dim,
        seed=seed,
    )
    return clip.build_model(sizes, text.vocab_size)


def save(model: ChineseCLIPModel, tokenizer: BertTokenizer, folder: Path) -> None:
    """Write the model into `folder`, laid out as a released Chinese-CLIP is."""
    clip.save(model, tokenizer, folder)
    seen = {"image_mean": list(clip.CLIP_MEAN), "image_std": list(clip.CLIP_STD)}
    (folder / PREPROCESSOR).write_text(json.dumps(seen) + "\n", encoding="utf-8")
