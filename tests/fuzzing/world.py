"""A small bundle that holds everything a bundle can hold, so that everything can be damaged: the toy world with texts
in every field, meanings, a lexicon, a map, a style mean, evidence, test clicks, encoders and a captioner.

Its models are graphs of a few nodes that tell their inputs apart. "folder" keeps pictures as files, "shards" in a tar.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import meant
import numpy as np
import onnx
import pyarrow as pa
import toy
from onnx import TensorProto, helper

from persrv.bundle import Bundle, BundleContents, amend_evaluation, layout, write_bundle
from persrv.bundle.derivation import MEAN_TOLERANCE
from persrv.bundle.indexing import stated_parameters
from persrv.errors import ModelError
from persrv.models import captioner, encoders
from persrv.models.captioner import CaptionerConfig, Prompt
from persrv.ranking.styles import StyleSpace, fit_user_style
from persrv.records import FIELDS, Interaction, OcrLine, Sticker, UserStyle
from precompute.fit.styles import catalogue_mean
from precompute.fit.understanding import lexicon
from precompute.stages.meaning import meanings

SHAPES = ("folder", "shards")

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "laugh", "night", "thanks", "cat", "good", "##s", "笑", "死", "z", "##z"]
PIECES = ["<pad>", "<s>", "</s>", "<unk>", "<image>", "cat", "，", "laugh", "|", "night", "1", "2", ".", "hi"]

_LINES = (OcrLine("laugh", 0.9, (0.0, 0.0, 4.0, 0.0, 4.0, 2.0, 0.0, 2.0), True),)


def sentence_encoder(name: str) -> meant.FakeEncoder:
    """The one encoder that is installed here; ModelError for another name, as the real loader."""
    if name != meant.FakeEncoder.name:
        raise ModelError(f"The sentence encoder {name!r}", meant.FakeEncoder.name, "Install it.")
    return meant.FakeEncoder()


def write(folder: Path, shape: str) -> Bundle:
    """The bundle of a shape at folder/bundle, open."""
    (folder / "models").mkdir(parents=True)
    said = tuple(_told(sticker, row) for row, sticker in enumerate(toy.stickers()))
    mean = catalogue_mean(toy.embeddings().astype(np.float16))
    bundle = toy.write_toy(
        folder,
        stickers=said,
        settings=meant.SETTINGS,
        settings_words=replace(meant.SETTINGS, meaning=0.0, floor=0.0, threshold=0.0, alpha=2.0),
        style_mean=mean,
        user_styles=_styles(mean),
        utility_counts=counted(toy.IDS, (*toy.INTERACTIONS["train"], *toy.INTERACTIONS["validation"])),
        shard_bytes=4096 if shape == "shards" else None,
        models=_models(folder / "models"),
        **_understood(said),
    )
    return amend_evaluation(bundle.path, _evaluation(), {"clicks.arrow": _clicks()}, {"seconds": {"comparison": 1.0}})


def derived_anew(bundle: Bundle, folder: Path) -> Bundle:
    """Write an open bundle once more at `folder`, with everything that follows from something else made anew: index,
    meanings and lexicon from texts, counts from clicks, the style mean from the embeddings. Slow and obvious: what
    a sound bundle would be that says of its stickers and people what this one says.
    """
    stickers = tuple(bundle.stickers)
    models = {name: bundle.path / "models" / name for name in _named(bundle, "models/")}
    contents = BundleContents(
        name=bundle.name,
        licence=bundle.licence,
        simulated=bundle.simulated,
        stickers=stickers,
        interactions=dict(bundle.interactions),
        people=bundle.people,
        embeddings=np.array(bundle.embeddings),
        user_styles=list(bundle.styles.values()),
        utility_counts=counted(bundle.ids, bundle.interactions.training),
        images={name: bundle.picture(name) for name, each in zip(bundle.ids, stickers, strict=True) if each.image},
        style_mean=_mean_of(bundle),
        map_xy=bundle.map_xy,
        models=models,
        settings=bundle.settings,
        settings_words=bundle.settings_words,
        bm25={name: stated_parameters(bundle.manifest, name) for name in FIELDS},
        provenance=bundle.provenance,
        evaluation=bundle.evaluation,
        notes=bundle.notes,
        shard_bytes=None if bundle.places is None else 4096,
        **_understood(stickers),
    )
    written = write_bundle(folder, contents)
    for name in _named(bundle, "evaluation/"):
        (written.path / "evaluation").mkdir(exist_ok=True)
        (written.path / "evaluation" / name).write_bytes((bundle.path / "evaluation" / name).read_bytes())
    as_found = {key: bundle.manifest[key] for key in ("gates", "notes", "index")}
    reseal(written.path, lambda manifest: manifest.update(as_found))
    return Bundle.open(written.path)


def reseal(folder: Path, change: Callable[[dict[str, Any]], None] = lambda manifest: None) -> None:
    """Change the manifest, and make every size and hash agree with the files that are there."""
    manifest = json.loads((folder / layout.MANIFEST).read_text(encoding="utf-8"))
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != layout.MANIFEST)
    manifest["files"] = {
        path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size, "sha256": layout.sha256_of(path)}
        for path in found
    }
    change(manifest)
    manifest["content_hash"] = layout.content_hash(manifest["files"])
    manifest["manifest_sha256"] = layout.manifest_hash(manifest)
    (folder / layout.MANIFEST).write_text(layout.canonical(manifest), encoding="utf-8")


def _mean_of(bundle: Bundle) -> np.ndarray | None:
    """The mean of the embeddings; the bundle's own where that is it but for rounding, which may order ties."""
    if bundle.style_mean is None:
        return None
    mean = catalogue_mean(np.array(bundle.embeddings))
    return bundle.style_mean if np.allclose(mean, bundle.style_mean, atol=MEAN_TOLERANCE) else mean


def counted(ids: Iterable[str], clicks: Iterable[Interaction]) -> np.ndarray:
    """(N, 3) clicks, people and queries of each sticker, counted one by one (Eq. 1-3)."""
    of: dict[str, list[Interaction]] = {name: [] for name in ids}
    for click in clicks:
        of[click.sticker].append(click)
    rows = [[len(all_), len({c.user for c in all_}), len({c.query for c in all_})] for all_ in of.values()]
    return np.array(rows, np.int32).reshape(len(rows), 3)


def _named(bundle: Bundle, under: str) -> list[str]:
    return [name.removeprefix(under) for name in bundle.manifest["files"] if name.startswith(under)]


def _understood(stickers: tuple[Sticker, ...]) -> dict[str, Any]:
    encoder = meant.FakeEncoder()
    return {
        "meaning": meanings(stickers, encoder, encoder.name, lambda done, all_: None),
        "lexicon": lexicon(stickers),
    }


def _styles(mean: np.ndarray) -> tuple[UserStyle, ...]:
    """The people's styles, fitted on what they clicked."""
    vectors, clicks = toy.embeddings().astype(np.float16), toy.INTERACTIONS["train"] + toy.INTERACTIONS["validation"]
    liked = {person.id: sorted({click.sticker for click in clicks if click.user == person.id}) for person in toy.PEOPLE}
    rows = {user: [toy.IDS.index(name) for name in names] for user, names in liked.items()}
    space = StyleSpace(mean)
    return tuple(
        fit_user_style(user, liked[user], space.project(vectors[rows[user]].astype(np.float32)), seed=1)
        for user in liked
    )


def _told(sticker: Sticker, row: int) -> Sticker:
    said = ("cat, laugh", "cat, night", "hi")[row % 3]
    captions = {"keywords_base": "cat", "keywords": said, "description": f"a cat, {said}", "emotion": "calm"}
    return replace(sticker, **captions, ocr_lines=_LINES if row < 4 else ())


def _clicks() -> bytes:
    """Places of the two test clicks in two rankings."""
    rows = toy.INTERACTIONS["test"]
    table = pa.table(
        {
            "user": [click.user for click in rows],
            "query": [click.query for click in rows],
            "sticker": [click.sticker for click in rows],
            "known": [False, False],
            **{name: pa.array([1, 2], pa.int32()) for name in ("PerSRV", "w/o personalization")},
            **{f"new: {name}": pa.array([1, 2], pa.int32()) for name in ("PerSRV", "w/o personalization")},
        }
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def _evaluation() -> Mapping[str, Any]:
    both = {"en": "one", "zh": "一"}
    figure = {"value": 0.5, "low": 0.4, "high": 0.6, "p": 0.01, "mark": "*"}
    table = {
        "name": "table3",
        "title": both,
        "columns": ["R@1"],
        "whole": [],
        "digits": 3,
        "notes": ["Holm."],
        "labels": {"R@1": both},
        "rows": [{"name": "PerSRV", "figures": {"R@1": figure}, "group": both, "paper": {"R@1": 0.1}, "note": both}],
    }
    curve = {
        "name": "alpha",
        "title": both,
        "x_label": "alpha",
        "y_label": "R@1",
        "x": [0, 1],
        "y": [0.1, 0.2],
        "lower": [0.0, 0.1],
        "upper": [0.2, 0.3],
        "part": "test",
        "chosen": 1,
    }
    findings = {"title": both, "data": "simulated world", "tables": [table], "curves": [curve], "notes": [both]}
    example = {"kind": "good", "ocr": "laugh", "reference": ["cat"], "recall": 1.0, "base": "cat", "tuned_ocr": "cat"}
    described = {"description": "a cat", "emotion": "calm", "truth": {"style": "pixel"}, "right": {"style": True}}
    vlm = {
        "rows": [{"name": "base", "shipped": False, "recall": 0.2}, {"name": "tuned_ocr", "shipped": True}],
        "ceiling": 0.9,
        "rule": "the first",
        "unspelt": {"tokens": 1, "of": 9, "stickers": 1},
        "examples": [{"sticker": "s01", **example}],
        "base_examples": [{"sticker": "s02", **described}],
    }
    return {"schema": 2, "sections": {"comparison": findings, "own": findings}, "vlm": vlm}


# ---- models ---------------------------------------------------------------------------------------------------------


def _models(folder: Path) -> dict[str, Path]:
    rng = np.random.default_rng(7)
    _save(folder / encoders.TEXT_ENCODER, _text_encoder(rng))
    _save(folder / encoders.IMAGE_ENCODER, _image_encoder(rng))
    (folder / encoders.VOCABULARY).write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    config = {"image_size": 4, "mean": [0.5] * 3, "std": [0.5] * 3, "max_length": 8}
    (folder / encoders.CONFIG).write_text(json.dumps(config), encoding="utf-8")
    _save(folder / captioner.EYES, _eyes())
    for name in (captioner.BASE_SPEAKER, captioner.TUNED_SPEAKER):
        _save(folder / name, _speaker(rng))
    (folder / captioner.PIECES).write_text("\n".join(PIECES) + "\n", encoding="utf-8")
    captioner.write_config(_captioner_config(), folder / captioner.CONFIG)
    return {path.name: path for path in sorted(folder.iterdir())}


def _captioner_config() -> CaptionerConfig:
    greedy = Prompt((1, 4, 10), (), False, 4)
    return CaptionerConfig(
        image_size=4,
        mean=(0.5,) * 3,
        std=(0.5,) * 3,
        image_tokens=1,
        bos=1,
        eos=2,
        unk=3,
        image=4,
        no_text="hi",
        most_keywords=3,
        description=greedy,
        keywords_base=greedy,
        keywords=Prompt((1, 4, 11), (8,), True, 4, 2),
    )


def _save(path: Path, graph: onnx.GraphProto) -> None:
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    path.write_bytes(model.SerializeToString())


def _value(name: str, kind: int, *shape: int | str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, list(shape))


def _floats(name: str, values: np.ndarray) -> onnx.TensorProto:
    return helper.make_tensor(name, TensorProto.FLOAT, values.shape, values.astype(np.float32).ravel().tolist())


def _ints(name: str, *values: int) -> onnx.TensorProto:
    return helper.make_tensor(name, TensorProto.INT64, [len(values)], list(values))


def _text_encoder(rng: np.random.Generator) -> onnx.GraphProto:
    """The mean of one row of 8 numbers a token."""
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
        helper.make_node("ReduceMean", ["rows"], ["out"], axes=[1], keepdims=0),
    ]
    given = [_value(name, TensorProto.INT64, "b", "l") for name in ("input_ids", "attention_mask")]
    out = [_value("out", TensorProto.FLOAT, "b", toy.DIMENSIONS)]
    return helper.make_graph(nodes, "text", given, out, [_floats("table", rng.normal(size=(len(WORDS), 8)))])


def _image_encoder(rng: np.random.Generator) -> onnx.GraphProto:
    """The mean colour, mapped to 8 numbers."""
    nodes = [
        helper.make_node("ReduceMean", ["pixel_values"], ["colour"], axes=[2, 3], keepdims=0),
        helper.make_node("MatMul", ["colour", "weights"], ["out"]),
    ]
    given = [_value("pixel_values", TensorProto.FLOAT, "b", 3, "s", "s")]
    out = [_value("out", TensorProto.FLOAT, "b", toy.DIMENSIONS)]
    return helper.make_graph(nodes, "image", given, out, [_floats("weights", rng.normal(size=(3, 8)))])


def _eyes() -> onnx.GraphProto:
    """Vision tower that answers one token of three numbers: the mean colour."""
    nodes = [
        helper.make_node("ReduceMean", ["pixel_values"], ["colour"], axes=[2, 3], keepdims=0),
        helper.make_node("Unsqueeze", ["colour", "one"], ["image_embeds"]),
    ]
    given = [_value("pixel_values", TensorProto.FLOAT, "b", 3, "s", "s")]
    out = [_value("image_embeds", TensorProto.FLOAT, "b", 1, 3)]
    return helper.make_graph(nodes, "eyes", given, out, [_ints("one", 1)])


def _speaker(rng: np.random.Generator) -> onnx.GraphProto:
    """The next token by the last one alone; what it remembers of each token is its id."""
    size = len(PIECES)
    nodes = [
        helper.make_node("Gather", ["input_ids", "last"], ["ends"], axis=1),
        helper.make_node("Squeeze", ["ends", "one"], ["end"]),
        helper.make_node("Gather", ["table", "end"], ["logits"]),
        helper.make_node("Cast", ["input_ids"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["numbers", "axes"], ["new_keys"]),
        helper.make_node("Identity", ["new_keys"], ["new_values"]),
        helper.make_node("ReduceSum", ["image_embeds"], ["unused"], keepdims=0),
        helper.make_node("Shape", ["keys"], ["unused_keys"]),
        helper.make_node("Shape", ["values"], ["unused_values"]),
    ]
    memory = [_value(name, TensorProto.FLOAT, 1, "b", 1, "t", 1) for name in ("keys", "values")]
    given = [_value("input_ids", TensorProto.INT64, "b", "n"), _value("image_embeds", TensorProto.FLOAT, "p", 1, 3)]
    out = [
        _value("logits", TensorProto.FLOAT, "b", size),
        *(_value(name, TensorProto.FLOAT, 1, "b", 1, "n", 1) for name in ("new_keys", "new_values")),
    ]
    made = [_floats("table", rng.normal(size=(size, size))), _ints("last", -1), _ints("one", 1), _ints("axes", 0, 2, 4)]
    return helper.make_graph(nodes, "speaker", [*given, *memory], out, made)
