"""Cost and gain of 8 bits: a Chinese-CLIP's towers as the page runs them, against 32 bits.

    python benchmarks/laptop.py [--only parity|speed|trial] [--save docs/measurements.json]

Speed: one picture and one query through towers of ViT-B/16's and RoBERTa-base's true shapes, with random weights,
exported as a build exports them. Parity: the embedded bundle's own small encoders in 8 bits, by cosine and by
text-to-image R@5 of the phrases that its stickers show. Trial: five pictures against eighty.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from saved import conclude

from persrv.bundle import Bundle
from persrv.files.picture_files import open_picture
from persrv.models.encoders import (
    CONFIG,
    IMAGE_ENCODER,
    TEXT_ENCODER,
    VOCABULARY,
    EncoderConfig,
    ModelFolder,
    key_frames,
    load_text_encoder,
    onnx_session,
    pixel_values,
    read_config,
    unit,
)
from persrv.records import FloatArray
from persrv.sampling import evenly
from precompute.models.released import clip_int8

#: Threads of the page's machine that the goal names, timed runs, and pictures of the embedded bundle that are compared.
THREADS, RUNS, PICTURES = 2, 15, 400

#: Stickers that a trial is held to.
STICKERS = 80


# ---- speed ----------------------------------------------------------------------------------------------------------


def true_shapes(folder: Path) -> None:
    """Write both towers at ViT-B/16's true shapes, with random weights, into a folder."""
    from precompute.models.small import clip, clip_onnx

    model = _random_model()
    prepares = EncoderConfig(224, clip.CLIP_MEAN, clip.CLIP_STD, 52)
    clip_onnx.export(model, clip.tokenizer_of(_pieces()), folder, prepares)


def _pieces() -> list[str]:
    """Make as many word pieces as the released model has."""
    from precompute.models.small import clip

    return [*clip.SPECIAL_TOKENS, *(chr(0x4E00 + n) for n in range(21128 - len(clip.SPECIAL_TOKENS)))]


def _random_clip(folder: Path) -> None:
    """Write such a model as the released one lies on the hub."""
    from precompute.models.small import clip

    _random_model().save_pretrained(folder)
    (folder / VOCABULARY).write_text("\n".join(_pieces()) + "\n", encoding="utf-8")
    about = {"image_mean": clip.CLIP_MEAN, "image_std": clip.CLIP_STD, "size": {"height": 224, "width": 224}}
    (folder / "preprocessor_config.json").write_text(json.dumps(about), encoding="utf-8")


def _random_model() -> Any:
    """A Chinese-CLIP of ViT-B/16's and RoBERTa-base's shapes."""
    import torch
    from transformers import ChineseCLIPConfig, ChineseCLIPModel

    side = {"hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072}
    shape = ChineseCLIPConfig(
        text_config={**side, "vocab_size": 21128, "max_position_embeddings": 512, "pad_token_id": 0},
        vision_config={**side, "image_size": 224, "patch_size": 16},
        projection_dim=512,
    )
    torch.manual_seed(0)
    return ChineseCLIPModel(shape).eval()


def milliseconds(work: Callable[[], object]) -> float:
    """The median of several runs, after one that warms up."""
    work()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return round(1000 * float(np.median(times)), 1)


def speed(folder: Path) -> dict[str, float]:
    """Milliseconds and bytes of both towers at true shapes, before and after 8 bits; the cosine between both."""
    true_shapes(folder)
    pixels = np.random.default_rng(0).normal(size=(1, 3, 224, 224)).astype(np.float32)
    ids = np.arange(100, 110, dtype=np.int64)[None]
    given = {IMAGE_ENCODER: {"pixel_values": pixels}, TEXT_ENCODER: {"input_ids": ids, "attention_mask": ids * 0 + 1}}
    found: dict[str, float] = {}
    vectors: dict[str, list[FloatArray]] = {name: [] for name in given}
    for bits in (32, 8):
        for name, inputs in given.items():
            if bits == 8:
                clip_int8.quantise(folder / name)
            session = onnx_session(folder / name, THREADS)
            vectors[name].append(session.run(None, inputs)[0][0])
            what = name.partition("_")[0]
            found[f"{what} {bits} bits, ms"] = milliseconds(lambda s=session, i=inputs: s.run(None, i))
            found[f"{what} {bits} bits, MB"] = round((folder / name).stat().st_size / 1e6, 1)
    for name, (whole, small) in vectors.items():
        found[f"{name.partition('_')[0]} cosine"] = round(float(whole @ small), 5)
    return found


# ---- parity ---------------------------------------------------------------------------------------------------------


def parity(bundle: Bundle, folder: Path) -> dict[str, float]:
    """The embedded bundle's encoders in 8 bits against its own: cosines, and text-to-image R@5 of both."""
    for name in (IMAGE_ENCODER, TEXT_ENCODER, VOCABULARY, CONFIG):
        path = bundle.model_path(name)
        assert path is not None, "the embedded bundle has encoders"
        shutil.copy(path, folder / name)
    whole = ModelFolder(bundle.path / "models")
    chosen = evenly(sorted(sticker.id for sticker in bundle.stickers if sticker.ocr), PICTURES)
    ocr = {sticker.id: sticker.ocr for sticker in bundle.stickers}
    texts = sorted({ocr[name] for name in chosen})
    for name in (IMAGE_ENCODER, TEXT_ENCODER):
        clip_int8.quantise(folder / name)
    rows = [(embedded(model, bundle, chosen), said(model, texts)) for model in (whole, ModelFolder(folder))]
    (seen, read), (small_seen, small_read) = rows
    return {
        "pictures": len(chosen),
        "texts": len(texts),
        "picture cosine, least": round(float((seen * small_seen).sum(1).min()), 5),
        "picture cosine, mean": round(float((seen * small_seen).sum(1).mean()), 5),
        "text cosine, least": round(float((read * small_read).sum(1).min()), 5),
        "text cosine, mean": round(float((read * small_read).sum(1).mean()), 5),
        "R@5, 32 bits": recall(seen, read, [ocr[name] for name in chosen], texts),
        "R@5, 8 bits": recall(small_seen, small_read, [ocr[name] for name in chosen], texts),
    }


def embedded(models: ModelFolder, bundle: Bundle, names: Sequence[str]) -> NDArray[np.float32]:
    """Embeddings of stickers' pictures, unit rows (N, d)."""
    config, session = read_config(models.path / CONFIG), onnx_session(models.path / IMAGE_ENCODER, THREADS)
    rows = []
    for name in names:
        with open_picture(bundle.image_path(name)) as picture:
            frames = np.stack([pixel_values(frame, config) for frame in key_frames(picture)])
        rows.append(unit(session.run(None, {"pixel_values": frames})[0].mean(axis=0)))
    return np.stack(rows)


def said(models: ModelFolder, texts: Sequence[str]) -> NDArray[np.float32]:
    """Embeddings of texts, unit rows (N, d)."""
    encode = load_text_encoder(models, THREADS)
    return np.stack([encode(text) for text in texts])


def recall(seen: FloatArray, read: FloatArray, shows: Sequence[str], texts: Sequence[str]) -> float:
    """The share of texts of which a sticker that shows them is among the five nearest pictures; ties by place."""
    hits = 0
    for text, scores in zip(texts, read @ seen.T, strict=True):
        best = np.argsort(-scores, kind="stable")[:5]
        hits += any(shows[place] == text for place in best)
    return round(hits / len(texts), 4)


# ---- the trial ------------------------------------------------------------------------------------------------------


def trial(bundle: Bundle, folder: Path) -> dict[str, float]:
    """Compare the forecast of a trial of five pictures, for STICKERS of the embedded ones, with the seconds of the
    stages.

    Their Chinese-CLIP has the true shapes and random weights.
    """
    from precompute.builds.released_clip import ClipImport, Models
    from precompute.config import load_profile

    (folder / "stickers").mkdir()
    for name in evenly(sorted(bundle.ids), STICKERS):
        shutil.copy(bundle.image_path(name), folder / "stickers")
    _random_clip(folder / "clip")
    profile = load_profile("laptop")
    profile = replace(profile, released=replace(profile.released, encoders=False))
    models = Models(folder / "clip", None, "cpu")
    run = ClipImport(folder / "stickers", (), models, profile, folder / "work", io.StringIO())
    built = run.write(folder / "bundle")
    assert run.foretold is not None, "so many stickers are worth a trial"
    taken = sum(float(built.provenance[stage]["seconds"]) for stage in ("ocr", "embed"))
    return {"stickers": STICKERS, "foretold, s": round(run.foretold.seconds, 1), "taken, s": round(taken, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", default="assets/demo", help="a bundle with encoders (default: assets/demo)")
    parser.add_argument("--only", choices=("parity", "speed", "trial"), help="one of the three")
    parser.add_argument("--save", type=Path, metavar="FILE", help="keep the figures in this file, as part 'laptop'")
    options = parser.parse_args()
    found: dict[str, object] = {"threads": THREADS}
    bundle = Bundle.open(options.bundle)
    measures = {"parity": partial(parity, bundle), "speed": speed, "trial": partial(trial, bundle)}
    for name, work in measures.items():
        if options.only in (None, name):
            with tempfile.TemporaryDirectory() as folder:
                figures = work(Path(folder))
            found[name] = figures
            for what, value in figures.items():
                print(f"{name}  {what:<28} {value}")
    conclude(found, "laptop", options.save)


if __name__ == "__main__":
    main()
