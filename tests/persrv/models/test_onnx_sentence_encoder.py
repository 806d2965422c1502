"""A sentence encoder from an ONNX folder, on a model made here whose tokens' vectors are known: pooling, prompts,
limits and tokenizer come from the folder's own files, and a folder that is no encoder is refused with a sentence.
"""

from __future__ import annotations

import json
from dataclasses import replace as changed
from pathlib import Path

import numpy as np
import onnx
import pytest
import toy
from meant import SETTINGS, understood
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit
from tokenizers.processors import TemplateProcessing

from persrv.errors import ModelError
from persrv.models.onnx_sentence_encoder import FOLDER_VARIABLE, pooled
from persrv.models.sentence_encoder import load_sentence_encoder
from persrv.records import FloatArray
from persrv.retriever import Retriever
from precompute.stages.meaning import meanings

WORDS = ("[PAD]", "[CLS]", "[UNK]", "query:", "laugh", "haha", "night", "thanks")
WIDTH = 6


def vectors(seed: int = 0) -> FloatArray:
    return np.random.default_rng(seed).standard_normal((len(WORDS), WIDTH)).astype(np.float32)


def write(folder: Path, seed: int = 0, **documents: object) -> Path:
    """An encoder whose model looks the vectors of tokens up; documents: further files, "/" written as "__"."""
    folder.mkdir(parents=True, exist_ok=True)
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n", "t"])
    mask = helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["n", "t"])
    out = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["n", "t", WIDTH])
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])]
    graph = helper.make_graph(nodes, "tiny", [ids, mask], [out], [numpy_helper.from_array(vectors(seed), "table")])
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), folder / "model.onnx"
    )
    tokenizer = Tokenizer(WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = WhitespaceSplit()  # "query:" stays one word
    tokenizer.post_processor = TemplateProcessing(single="[CLS] $A", special_tokens=[("[CLS]", 1)])
    tokenizer.save(str(folder / "tokenizer.json"))
    for name, document in documents.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(document), encoding="utf-8")
    return folder


def unit(vector: FloatArray) -> FloatArray:
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def test_the_mean_of_its_tokens_is_a_text(tmp_path: Path) -> None:
    encoder = load_sentence_encoder(f"onnx:{write(tmp_path / 'tiny')}")
    rows, known = encoder(["laugh night", "  ", "haha", "laugh \ud83d"]), vectors()
    assert (encoder.width, rows.dtype, rows.shape) == (WIDTH, np.float32, (4, WIDTH))
    assert rows[0] == pytest.approx(unit(known[[1, 4, 6]].mean(axis=0)), abs=1e-6)
    assert rows[2] == pytest.approx(unit(known[[1, 5]].mean(axis=0)), abs=1e-6), "padding counts nothing"
    assert rows[3] == pytest.approx(unit(known[[1, 4]].mean(axis=0)), abs=1e-6)
    assert not rows[1].any()
    assert encoder([]).shape == (0, WIDTH)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("pooling_mode_cls_token", lambda found: found[0]),
        ("pooling_mode_max_tokens", lambda found: found.max(axis=0)),
        ("pooling_mode_mean_tokens", lambda found: found.mean(axis=0)),
    ],
)
def test_its_own_files_say_how_tokens_become_one_vector(tmp_path: Path, mode: str, expected: object) -> None:
    folder = write(tmp_path, **{"1_Pooling/config.json": {mode: True, "pooling_mode_mean_sqrt_len_tokens": False}})
    row = load_sentence_encoder(f"onnx:{folder}")(["laugh night", "laugh night thanks haha"])[0]
    assert row == pytest.approx(unit(expected(vectors()[[1, 4, 6]])), abs=1e-6)  # type: ignore[operator]


def test_prompt_and_most_tokens_are_its_own(tmp_path: Path) -> None:
    prompts = {"prompts": {"query": "query: ", "passage": "passage: "}}
    folder = write(
        tmp_path, **{"config_sentence_transformers.json": prompts, "sentence_bert_config.json": {"max_seq_length": 3}}
    )
    row = load_sentence_encoder(f"onnx:{folder}")(["laugh night thanks"])[0]
    assert row == pytest.approx(unit(vectors()[[1, 3, 4]].mean(axis=0)), abs=1e-6)


def test_the_first_token_is_where_the_mask_begins() -> None:
    tokens = np.arange(12, dtype=np.float32).reshape(2, 3, 2)
    mask = np.array([[1, 1, 0], [0, 1, 1]])
    assert pooled(tokens, mask, "cls").tolist() == [[0, 1], [8, 9]]


def test_a_bundle_names_its_encoder_and_only_the_very_same_answers(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "tiny")
    encoder = load_sentence_encoder(f"onnx:{folder}")
    index = meanings(toy.stickers(), encoder, encoder.name, lambda done, all_: None)
    bundle = toy.write_toy(tmp_path / "bundle", settings=SETTINGS, meaning=index, lexicon=understood()[1])
    assert Retriever(bundle).search("laugh").hits[0].meaning is not None
    folder.rename(tmp_path / "moved")
    assert Retriever(bundle).search("laugh").hits[0].meaning is None
    assert "Search is by words only" in caplog.text
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "moved"))
    assert Retriever(bundle).search("laugh").hits[0].meaning is not None
    write(tmp_path / "moved", seed=1)
    caplog.clear()
    assert Retriever(bundle).search("laugh").hits[0].meaning is None
    assert "has the hash" in caplog.text


def damage(folder: Path, what: str) -> Path:
    model, tokenizer = folder / "model.onnx", folder / "tokenizer.json"
    if what == "no model":
        model.unlink()
    elif what == "cut model":
        model.write_bytes(model.read_bytes()[:40])
    elif what == "no tokenizer":
        tokenizer.unlink()
    elif what == "cut tokenizer":
        tokenizer.write_text(tokenizer.read_text(encoding="utf-8")[:50], encoding="utf-8")
    elif what == "pooling is no JSON":
        (folder / "1_Pooling").mkdir()
        (folder / "1_Pooling/config.json").write_text("{", encoding="utf-8")
    elif what == "another layer":
        (folder / "modules.json").write_text(json.dumps([{"type": "sentence_transformers.models.Dense"}]))
    elif what == "tokens beyond the model's":
        cut = onnx.load(model)
        cut.graph.initializer[0].CopyFrom(numpy_helper.from_array(vectors()[:1], "table"))
        onnx.save(cut, model)
    return folder


@pytest.mark.parametrize(
    "what",
    [
        *("no model", "cut model", "no tokenizer", "cut tokenizer", "pooling is no JSON", "another layer"),
        "tokens beyond the model's",
    ],
)
def test_what_is_no_encoder_is_refused_with_a_sentence(tmp_path: Path, what: str) -> None:
    with pytest.raises(ModelError, match="Expected"):
        load_sentence_encoder(f"onnx:{damage(write(tmp_path / 'tiny'), what)}")


def test_a_model_that_was_never_downloaded_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelError, match="The sentence encoder 'nobody/nothing' is not here"):
        load_sentence_encoder("onnx:nobody/nothing@0123456789abcdef")


def test_a_bundle_with_vectors_of_another_width_is_searched_by_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    encoder = load_sentence_encoder(f"onnx:{write(tmp_path / 'tiny')}")
    wrong = changed(understood()[0], encoder=encoder.name)
    bundle = toy.write_toy(tmp_path / "bundle", settings=SETTINGS, meaning=wrong, lexicon=understood()[1])
    assert Retriever(bundle).search("laugh").hits[0].meaning is None
    assert f"makes vectors of {WIDTH}" in caplog.text
