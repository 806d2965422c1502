"""The small LLaVA's language model read back from a bundle's ONNX file, so that more can be trained around it.

A bundle holds the captioner, no checkpoint. Its file has the seven matrices of each layer transposed and without their
names, in the order in which a Llama multiplies by them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from persrv.bundle import Bundle
from persrv.errors import ModelError
from persrv.models.captioner import BASE_SPEAKER, CONFIG, PIECES
from persrv.models.onnx_speaker import OnnxSpeaker
from persrv.records import FloatArray
from precompute.config import LlavaConfig
from precompute.models.small import llava

if TYPE_CHECKING:
    from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

#: The matrices of a layer in the order of their use.
_MATRICES = (
    *(f"self_attn.{part}_proj" for part in ("q", "k", "v", "o")),
    *(f"mlp.{part}_proj" for part in ("gate", "up", "down")),
)

#: The largest difference between a logit of the file and one of the model that is read from it.
TOLERANCE = 1e-3


def restore(bundle: Bundle) -> tuple[LlamaForCausalLM, PreTrainedTokenizerFast]:
    """The base language model of a bundle's captioner, which reads no picture, and its tokenizer. ModelError where the
    bundle has no captioner, or one that this code did not export.
    """
    folder = bundle.path / "models"
    missing = [name for name in (BASE_SPEAKER, CONFIG, PIECES) if not (folder / name).is_file()]
    if missing:
        raise ModelError(f"{bundle.path} holds no {missing[0]}", "the captioner of a small LLaVA", "Build it.")
    tokenizer = llava.tokenizer_of((folder / PIECES).read_text(encoding="utf-8").rstrip("\n").split("\n"))
    stated = bundle.provenance.get("speak", {}).get("parameters", {}).get("llava", {})
    model = _model(weights_of(folder / BASE_SPEAKER), int(stated.get("heads", LlavaConfig().heads)))
    difference = _difference(model, folder)
    if difference > TOLERANCE:
        raise ModelError(
            f"The model read from {folder} differs from it by {difference:.2g}", f"{TOLERANCE:g} or less", "Build it."
        )
    return model, tokenizer


def weights_of(path: Path) -> dict[str, FloatArray]:
    """The weights of a speaker's file by the names that torch gives them."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(path).graph
    stored: dict[str, Any] = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    stored |= {n.output[0]: stored[n.input[0]] for n in graph.node if n.op_type == "Cast" and n.input[0] in stored}
    named = {name: value for name, value in stored.items() if name.endswith(".weight")}
    weights = {f"model.{name.removeprefix('language.')}": value for name, value in named.items() if "layers" in name}
    try:
        weights |= {
            "model.norm.weight": named["language.norm.weight"],
            "model.embed_tokens.weight": named["head.weight"],
            "lm_head.weight": named["head.weight"],
        }
    except KeyError as error:
        raise ModelError(f"A speaker without {error}", "the speaker of a small LLaVA", "Build the bundle.") from None
    products = [node.input[1] for node in graph.node if node.op_type == "MatMul" and node.input[1] in stored]
    for place, name in enumerate(products):
        layer, matrix = divmod(place, len(_MATRICES))
        weights[f"model.layers.{layer}.{_MATRICES[matrix]}.weight"] = stored[name].T
    return {name: np.asarray(value, np.float32) for name, value in weights.items()}


def _model(weights: Mapping[str, FloatArray], heads: int) -> LlamaForCausalLM:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    pieces, width = weights["lm_head.weight"].shape
    layers = 1 + max(int(name.split(".")[2]) for name in weights if name.startswith("model.layers."))
    shape = LlamaConfig(
        vocab_size=pieces,
        hidden_size=width,
        intermediate_size=len(weights["model.layers.0.mlp.gate_proj.weight"]),
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=heads,
        pad_token_id=llava.PAD,
        bos_token_id=llava.BOS,
        eos_token_id=llava.EOS,
        tie_word_embeddings=True,
    )
    model = LlamaForCausalLM(shape).eval()
    left = model.load_state_dict(
        {name: torch.from_numpy(value.copy()) for name, value in weights.items()}, strict=False
    )
    if left.missing_keys or left.unexpected_keys:
        found = (*left.missing_keys, *left.unexpected_keys)[0]
        raise ModelError(f"A speaker that differs in {found}", "the speaker of a small LLaVA", "Build the bundle.")
    return model


def _difference(model: LlamaForCausalLM, folder: Path) -> float:
    """The largest difference of the logits after a few pieces."""
    import torch

    pieces, width = model.lm_head.weight.shape
    ids = [llava.BOS, *(llava.IMAGE + 1 + 7 * number % (pieces - llava.IMAGE - 1) for number in range(12))]
    tokens = json.loads((folder / CONFIG).read_text(encoding="utf-8"))["image_tokens"]
    blind = np.zeros((1, tokens, width), np.float32)
    wanted, _ = OnnxSpeaker(folder / BASE_SPEAKER, llava.EOS).read([ids], blind)
    with torch.inference_mode():
        found = model(input_ids=torch.tensor([ids])).logits[:, -1].numpy()
    return float(np.abs(found - wanted).max())
