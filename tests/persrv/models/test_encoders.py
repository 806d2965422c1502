"""Encoders without torch: tokens equal transformers', pictures are never cropped, answers are unit vectors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from persrv.errors import ModelError
from persrv.models import encoders, wordpieces

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
PIECES = [*"abcdefghij0123", *("##" + c for c in "abcdefgh012"), "ab", "##cd", "good", "night", "##ight", "##'"]
CHARACTERS = [*"哈死我晚安吗", "😂", "!", "，", "。", "'", "-", "[", "]"]
VOCABULARY = [*SPECIAL, *PIECES, *CHARACTERS]
CONFIG = {"image_size": 4, "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.25, 0.5], "max_length": 8, "pad": "white"}


@pytest.fixture(scope="module")
def reference():
    from transformers import BertTokenizer

    tokenizer = BertTokenizer(vocab={token: i for i, token in enumerate(VOCABULARY)}, do_lower_case=True)
    assert len(tokenizer) == len(VOCABULARY)
    return tokenizer


def test_pieces_by_hand() -> None:
    words = wordpieces.WordPiece(VOCABULARY)
    assert words.pieces("good") == ["good"]
    assert words.pieces("abcd") == ["ab", "##cd"]
    assert words.pieces("nightz") == ["[UNK]"], "a word with a hole is unknown as a whole"
    assert words.pieces("a" * 101) == ["[UNK]"]
    assert wordpieces.split_words("笑死我了Good Night!") == ["笑", "死", "我", "了", "good", "night", "!"]
    assert wordpieces.split_words("caFÉ\u200b\ud83d\x00") == ["cafe"], "accents, controls and lone surrogates go"


def test_encoding_is_framed_and_cut() -> None:
    words = wordpieces.WordPiece(VOCABULARY)
    ids = words.encode("晚安 good night ab ab ab ab", 6)
    names = [VOCABULARY[i] for i in ids]
    assert names == ["[CLS]", "晚", "安", "good", "night", "[SEP]"]
    assert [VOCABULARY[i] for i in words.encode("", 6)] == ["[CLS]", "[SEP]"]


#: Characters on whose Unicode category every version of Unicode of the last ten years agrees.
ALPHABET = st.one_of(
    st.sampled_from(
        [*"abcdefghij0123", *CHARACTERS, *" \t\n\r\u3000\u00a0", "É", "ß", "İ", "Å", "ﬁ", "\u0301", "\u200d", "\ufeff"]
    ),
    st.characters(min_codepoint=0x20, max_codepoint=0x17F),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5),
    st.characters(min_codepoint=0x1F300, max_codepoint=0x1F5FF),
)


@settings(max_examples=400, deadline=None)
@given(text=st.text(ALPHABET, max_size=20), length=st.integers(3, 24))
def test_ids_equal_transformers(reference, text: str, length: int) -> None:
    text = text.replace("[", "(")  # transformers would take a typed "[PAD]" for the special token; we never do
    expected = reference(text, truncation=True, max_length=length)["input_ids"]
    assert wordpieces.WordPiece(VOCABULARY).encode(text, length) == expected


def test_vocabulary_without_special_tokens_is_refused() -> None:
    with pytest.raises(ModelError, match="lacks"):
        wordpieces.WordPiece(["a", "b"])


def test_pictures_are_padded_with_white_not_cropped() -> None:
    wide = Image.new("RGBA", (4, 2), (255, 0, 0, 255))
    wide.putpixel((0, 0), (0, 0, 0, 0))
    square = np.asarray(encoders.on_white_square(wide))
    assert square.shape == (4, 4, 3)
    assert (square[0] == 255).all(), "padding above is white"
    assert (square[3] == 255).all(), "and below"
    assert (square[1, 0] == 255).all(), "transparent is white"
    assert (square[1, 1:] == (255, 0, 0)).all()
    assert (square[2] == (255, 0, 0)).all(), "no column is cut off"


def test_pixel_values_are_normalised_per_channel() -> None:
    config = encoders.EncoderConfig(4, (0.5, 0.5, 0.5), (0.5, 0.25, 0.5), 8)
    values = encoders.pixel_values(Image.new("RGB", (9, 9), (255, 255, 0)), config)
    assert values.shape == (3, 4, 4)
    assert values.dtype == np.float32
    np.testing.assert_allclose(values[:, 0, 0], [1, 2, -1])


def animation(folder: Path, shades: tuple[int, ...]) -> Image.Image:
    frames = [Image.new("RGBA", (6, 6), (shade, 0, 0, 255)) for shade in shades]
    frames[0].save(folder / "moving.webp", save_all=True, append_images=frames[1:], duration=100, lossless=True)
    return Image.open(folder / "moving.webp")


def test_first_middle_and_last_frame(tmp_path: Path) -> None:
    moving = animation(tmp_path, (0, 50, 100, 150, 200))
    assert [frame.convert("RGB").getpixel((0, 0))[0] for frame in encoders.key_frames(moving)] == [0, 100, 200]
    assert len(encoders.key_frames(Image.new("RGB", (2, 2)))) == 1


@pytest.fixture
def models(tmp_path: Path) -> encoders.ModelFolder:
    """Two tiny ONNX models: text -> (number of tokens, sum of ids, 0), picture -> mean of each channel."""
    import onnx
    from onnx import TensorProto, helper

    def value(name: str, kind: int, shape: list):
        return helper.make_tensor_value_info(name, kind, shape)

    ints = [value(name, TensorProto.INT64, ["b", "l"]) for name in ("input_ids", "attention_mask")]
    axes = helper.make_tensor("axes", TensorProto.INT64, [1], [1])
    text = helper.make_graph(
        [
            helper.make_node("ReduceSum", ["attention_mask", "axes"], ["count"], keepdims=1),
            helper.make_node("ReduceSum", ["input_ids", "axes"], ["total"], keepdims=1),
            helper.make_node("Concat", ["count", "total"], ["both"], axis=1),
            helper.make_node("Cast", ["both"], ["out"], to=TensorProto.FLOAT),
        ],
        "text",
        ints,
        [value("out", TensorProto.FLOAT, ["b", 2])],
        [axes],
    )
    image = helper.make_graph(
        [helper.make_node("ReduceMean", ["pixel_values"], ["out"], axes=[2, 3], keepdims=0)],
        "image",
        [value("pixel_values", TensorProto.FLOAT, ["b", 3, "s", "s"])],
        [value("out", TensorProto.FLOAT, ["b", 3])],
    )
    for name, graph in ((encoders.TEXT_ENCODER, text), (encoders.IMAGE_ENCODER, image)):
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
        onnx.save(model, tmp_path / name)
    (tmp_path / encoders.VOCABULARY).write_text("\n".join(VOCABULARY) + "\n", encoding="utf-8")
    (tmp_path / encoders.CONFIG).write_text(json.dumps(CONFIG))
    return encoders.ModelFolder(tmp_path)


def test_text_encoder_answers_unit_vectors(models: encoders.ModelFolder) -> None:
    assert encoders.has_text_encoder(models)
    ids = wordpieces.WordPiece(VOCABULARY).encode("good night", 8)
    expected = np.array([len(ids), sum(ids)], np.float64)
    vector = encoders.load_text_encoder(models)("good night")
    assert vector.dtype == np.float32
    np.testing.assert_allclose(vector, expected / np.linalg.norm(expected), rtol=1e-6)


def test_image_encoder_averages_unit_frames(models: encoders.ModelFolder, tmp_path: Path) -> None:
    assert encoders.has_image_encoder(models)
    encode = encoders.load_image_encoder(models)
    moving = animation(tmp_path, (0, 120, 255))
    frames = [encode(frame) for frame in encoders.key_frames(moving)]
    mean = np.mean(frames, axis=0)
    np.testing.assert_allclose(encode(moving), mean / np.linalg.norm(mean), atol=1e-6)
    assert not np.allclose(frames[0], frames[2])
    np.testing.assert_allclose(np.linalg.norm(frames, axis=1), 1, atol=1e-6)


def test_missing_or_broken_models_say_so(models: encoders.ModelFolder, tmp_path: Path) -> None:
    nothing = encoders.ModelFolder(tmp_path / "nowhere")
    assert not encoders.has_text_encoder(nothing)
    assert not encoders.has_image_encoder(nothing)
    with pytest.raises(ModelError, match="no models/text_encoder"):
        encoders.load_text_encoder(nothing)
    (tmp_path / encoders.IMAGE_ENCODER).write_bytes(b"not a model")
    with pytest.raises(ModelError, match="cannot be loaded"):
        encoders.load_image_encoder(models)


@pytest.mark.parametrize("change", [{"std": [0, 1, 1]}, {"mean": [1]}, {"image_size": 0}, {"max_length": "x"}])
def test_impossible_config_is_refused(tmp_path: Path, change: dict) -> None:
    (tmp_path / encoders.CONFIG).write_text(json.dumps({**CONFIG, **change}))
    with pytest.raises(ModelError):
        encoders.read_config(tmp_path / encoders.CONFIG)


def test_zero_vector_stays_zero() -> None:
    assert (encoders.unit(np.zeros(3)) == 0).all()
