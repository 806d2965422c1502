"""The small Chinese-CLIP: tokenizer, preprocessing, losses, training, gates, export, and what it is trained on."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from persrv.errors import DataError, ModelError
from persrv.models.encoders import load_image_encoder, load_text_encoder, pixel_values
from persrv.models.wordpieces import WordPiece
from precompute.config import ClipConfig, Targets
from precompute.demo.spec import StickerSpec
from precompute.demo.variants import (
    VariantPlan,
    background_of,
    hold_out_series,
    on_background,
    plan_variants,
)
from precompute.demo.words import Words, join, phrases_of, tell, world_words
from precompute.models.pixels import Decode
from precompute.models.small.clip import (
    build_model,
    build_tokenizer,
    embed_images,
    embed_texts,
    encoder_config,
    frame_embedder,
    load,
    parameters,
    save,
    tokenizer_of,
    vocabulary,
)
from precompute.models.small.clip_gates import cluster_purity, evaluate, first_ranks, precision_at_5
from precompute.models.small.clip_losses import (
    attribute_loss,
    comparable_pictures,
    comparable_texts,
    contrastive_loss,
    gram_loss,
    positives,
    possible_answers,
    seen_together,
    target_gram,
)
from precompute.models.small.clip_onnx import export, parity
from precompute.models.small.clip_training import (
    TrainingSet,
    augmented,
    batch_rows,
    forget,
    steps_of,
    train,
)
from precompute.stages.embed import Embed

TINY = ClipConfig(
    image_size=16,
    patch_size=8,
    vision_width=16,
    vision_layers=1,
    vision_heads=2,
    text_width=16,
    text_layers=1,
    text_heads=2,
    projection=24,
    max_length=12,
    threads=1,
    batch=6,
    epochs=3,
    warmup=2,
    zoom=(14, 18),
    checkpoint_every=3,
)
TEXTS = ("水墨熊猫大笑", "good night", "晚安", "😂", "lol")


@dataclass(frozen=True)
class Situation:
    """A situation, shaped as in precompute.demo.situations."""

    id: str
    zh: str
    en: str
    captions_zh: tuple[str, ...]
    captions_en: tuple[str, ...]
    queries: tuple[str, ...]
    emotion_zh: str = ""


SITUATIONS = {
    "laugh": Situation("laugh", "大笑", "laugh", ("笑死我了",), ("LOL",), ("哈哈", "😂")),
    "happy": Situation("happy", "开心", "happy", ("好开心",), ("yay",), ("哈哈", "happy")),
    "bye": Situation("bye", "再见", "bye", ("拜拜",), ("bye bye",), ("88",)),
}
WORDS = Words(
    {
        "style": {"ink": ("水墨", "ink"), "neon": ("霓虹",)},
        "character": {"cat": ("猫咪", "猫"), "dog": ("小狗",)},
        "situation": {name: phrases_of(situation) for name, situation in SITUATIONS.items()},
    }
)


def spec(character: str, style: str, situation: str, caption: str = "", seed: int = 0) -> StickerSpec:
    return StickerSpec(f"{character}-{style}-{situation}-{seed}", character, style, situation, caption, False, seed)


def picture(seed: int, side: int = 20) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (side, side, 4), dtype=np.uint8)
    return Image.fromarray(pixels, "RGBA")


@pytest.fixture(scope="module")
def tokenizer():
    return build_tokenizer([*TEXTS, *WORDS.texts])


@pytest.fixture(scope="module")
def model(tokenizer):
    return build_model(TINY, len(tokenizer))


@pytest.fixture(scope="module")
def training_set():
    specs = tuple(
        spec(character, style, situation, caption, seed)
        for seed, (character, style, situation, caption) in enumerate(
            (c, s, t, w) for c in ("cat", "dog") for s in ("ink", "neon") for t in SITUATIONS for w in ("", "好")
        )
    )
    images = np.random.default_rng(0).integers(0, 256, (len(specs), 18, 18, 3), dtype=np.uint8)
    return TrainingSet(images, specs, WORDS)


# ---- tokenizer ------------------------------------------------------------------------------------------------------


def test_vocabulary_starts_with_the_special_tokens_and_holds_each_piece_once():
    pieces = vocabulary(TEXTS)
    assert pieces[:5] == ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    assert len(pieces) == len(set(pieces))
    assert {"水", "good", "night", "😂", "##😂", "z", "##z", "7", "##7", "?"} <= set(pieces)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("晚安", ["晚", "安"]),
        ("Good NIGHT", ["good", "night"]),
        ("😂😂", ["😂", "##😂"]),
        ("abz", ["a", "##b", "##z"]),
        ("2333!", ["2", "##3", "##3", "##3", "!"]),
        ("龘", ["[UNK]"]),
        ("", []),
    ],
)
def test_texts_are_spelt(tokenizer, text, pieces):
    assert tokenizer.tokenize(text) == pieces


@pytest.mark.slow
@given(st.text(st.characters(codec="utf-8", exclude_characters="[]"), max_size=20))
def test_the_page_reads_texts_as_the_model_does(text):
    pieces = vocabulary(TEXTS)
    theirs = tokenizer_of(pieces)(text, truncation=True, max_length=12)["input_ids"]
    assert WordPiece(pieces).encode(text, 12) == theirs


def test_a_repeated_piece_is_refused():
    with pytest.raises(ModelError, match="holds 6 pieces"):
        tokenizer_of(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "a"])


# ---- model and embedding --------------------------------------------------------------------------------------------


def test_same_seed_same_weights_and_the_caller_keeps_their_chance(tokenizer):
    torch.manual_seed(3)
    wanted = torch.rand(1)
    torch.manual_seed(3)
    one, two = (build_model(TINY, len(tokenizer)) for _ in range(2))
    assert torch.equal(torch.rand(1), wanted)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))


def test_the_demo_model_has_about_a_million_parameters():
    assert 1.0e6 < parameters(build_model(ClipConfig(), 1500)) < 1.5e6


def test_the_page_prepares_pictures_as_the_transformers_processor_does(model):
    from transformers import ChineseCLIPImageProcessorPil

    size = {"height": 16, "width": 16}
    processor = ChineseCLIPImageProcessorPil(size=size, crop_size=size, do_center_crop=False)
    opaque = picture(1).convert("RGB")
    theirs = np.asarray(processor(opaque, return_tensors="np")["pixel_values"][0])
    np.testing.assert_allclose(pixel_values(opaque, encoder_config(model)), theirs, atol=1e-5)


@pytest.mark.parametrize("suffix", ["png", "gif", "webp"])
def test_frames_decoded_apart_give_what_whole_pictures_give(model, tmp_path, suffix):
    paths = [tmp_path / f"{seed}.{suffix}" for seed in range(3)]
    for seed, path in enumerate(paths):
        first, *others = [picture(seed + 10 * frame).convert("RGB") for frame in range(1 if suffix == "png" else 3)]
        first.save(path, save_all=bool(others), append_images=others) if others else first.save(path)
    one_by_one = np.stack([embed_images(model, [Image.open(path)])[0] for path in paths])
    batch = {"id": np.array([path.name for path in paths]), "path": np.array([str(path) for path in paths])}
    together = Embed(lambda: frame_embedder(model))(Decode(encoder_config(model).image_size)(batch))["vector"]
    np.testing.assert_allclose(together, one_by_one, atol=1e-3)


def test_embeddings_are_unit_rows_whatever_the_batch(model, tokenizer):
    pictures = [picture(seed) for seed in range(5)]
    one, many = embed_images(model, pictures, batch=1), embed_images(model, pictures, batch=4)
    assert one.shape == (5, 24)
    assert one.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(one, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(one, many, atol=1e-6)
    texts = embed_texts(model, tokenizer, TEXTS, batch=2)
    np.testing.assert_allclose(texts, embed_texts(model, tokenizer, TEXTS), atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(texts, axis=1), 1, atol=1e-6)
    assert embed_images(model, []).shape == embed_texts(model, tokenizer, []).shape == (0, 24)


def test_an_animation_is_the_mean_of_first_middle_and_last_frame(model, tmp_path):
    frames = [picture(seed) for seed in range(6)]
    frames[0].save(tmp_path / "a.webp", save_all=True, append_images=frames[1:], lossless=True, exact=True)
    with Image.open(tmp_path / "a.webp") as moving:
        (found,) = embed_images(model, [moving])
    mean = embed_images(model, [frames[0], frames[3], frames[5]]).mean(axis=0)
    np.testing.assert_allclose(found, mean / np.linalg.norm(mean), atol=1e-5)


def test_progress_counts_pictures(model):
    done: list[int] = []
    embed_images(model, (picture(seed) for seed in range(5)), batch=2, progress=done.append)
    assert done == [2, 4, 5]


def test_saved_and_loaded_it_says_the_same(model, tokenizer, tmp_path):
    save(model, tokenizer, tmp_path / "clip")
    again, spelling = load(tmp_path / "clip")
    np.testing.assert_array_equal(embed_texts(again, spelling, TEXTS), embed_texts(model, tokenizer, TEXTS))
    assert {file.suffix for file in (tmp_path / "clip").iterdir()} == {".json", ".safetensors", ".txt"}


def test_nothing_to_load_says_so(tmp_path):
    with pytest.raises(ModelError, match="holds no model"):
        load(tmp_path)


# ---- words ----------------------------------------------------------------------------------------------------------


def test_an_annotation_tells_style_character_situation():
    assert WORDS.annotation(spec("cat", "ink", "laugh")) == "水墨猫咪大笑"


def test_a_phrase_of_two_situations_tells_both():
    assert WORDS.told_by["situation"]["哈哈"].tolist() == [True, True, False]
    assert WORDS.told_by["situation"]["大笑"].tolist() == [True, False, False]


def test_latin_words_keep_a_blank_between_them():
    assert join(["ink", "cat", "大笑", "lol"]) == "ink cat大笑lol"


def test_a_telling_without_style_is_right_for_every_style():
    keep = {"style": 0.0, "character": 1.0, "situation": 1.0}
    telling = tell(spec("dog", "ink", "bye"), WORDS, keep, 1.0, 0.0, np.random.default_rng(0))
    assert telling.text == "小狗再见"
    assert [tells.tolist() for tells in telling.tells] == [[True, True], [False, True], [False, False, True]]


def test_a_telling_of_nothing_tells_the_situation():
    keep = {"style": 0.0, "character": 0.0, "situation": 0.0}
    assert tell(spec("dog", "ink", "bye"), WORDS, keep, 1.0, 0.0, np.random.default_rng(0)).text == "再见"


@given(st.integers(0, 2**32 - 1))
def test_a_telling_is_right_for_its_own_sticker(seed):
    sticker = spec("cat", "ink", "happy")
    keep = {"style": 0.5, "character": 0.5, "situation": 0.5}
    telling = tell(sticker, WORDS, keep, 0.5, 0.5, np.random.default_rng(seed))
    assert positives([telling], np.array([WORDS.labels(sticker)])).all()


# ---- losses and schedule --------------------------------------------------------------------------------------------


def test_contrastive_loss_by_hand():
    logits, everything = torch.tensor([[1.0, 0.0], [0.0, 1.0]]), torch.ones(2, 2, dtype=torch.bool)
    own = -np.log(np.e / (np.e + 1))
    assert contrastive_loss(logits, torch.eye(2).bool(), everything).item() == pytest.approx(own, abs=1e-6)
    other = -np.log(1 / (np.e + 1))
    assert contrastive_loss(logits, everything, everything).item() == pytest.approx((own + other) / 2, abs=1e-6)


def test_pairs_not_counted_leave_the_softmax():
    logits = torch.tensor([[1.0, 5.0], [0.0, 1.0]], requires_grad=True)
    counted = torch.tensor([[True, False], [True, True]])
    loss = contrastive_loss(logits, torch.eye(2).bool(), counted)
    loss.backward()
    # rows: alone in its softmax -> 0, and log(1 + 1/e); columns: log(1 + 1/e), and alone -> 0
    assert loss.item() == pytest.approx(np.log(1 + np.exp(-1)) / 2, abs=1e-6)
    assert logits.grad[0, 1] == 0


def test_attribute_loss_by_hand():
    logits, answers = torch.tensor([[1.0, 0.0, 7.0]]), torch.tensor([0])
    possible = torch.tensor([[True, True, False]])
    assert attribute_loss(logits, answers, possible).item() == pytest.approx(np.log(1 + np.exp(-1)), abs=1e-6)


#: Style, character, situation of four stickers; style 1 was never seen with character 0.
SEEN_LABELS = np.array([[0, 0, 0], [0, 1, 1], [1, 1, 0], [0, 0, 1]])


def test_seen_together_by_hand():
    assert seen_together(SEEN_LABELS, 2, 2).tolist() == [[True, True], [False, True]]


def test_answers_never_seen_with_the_other_attribute_are_not_possible():
    style, character, situation = possible_answers(SEEN_LABELS, seen_together(SEEN_LABELS, 2, 2), (2, 2, 3))
    assert style.tolist() == [[True, False], [True, True], [True, True], [True, False]]
    assert character.tolist() == [[True, True], [True, True], [False, True], [True, True]]
    assert situation.all()


def test_pictures_that_would_cross_to_an_unseen_series_are_not_compared():
    compared = comparable_pictures(SEEN_LABELS, seen_together(SEEN_LABELS, 2, 2)).tolist()
    assert compared == [
        [False, True, False, True],
        [True, False, True, True],
        [False, True, False, False],
        [True, True, False, False],
    ]


def test_a_text_counts_only_against_pictures_it_could_tell():
    stickers = [spec("cat", "ink", "laugh"), spec("dog", "neon", "bye")]
    labels, seen = np.array([WORDS.labels(s) for s in stickers]), np.array([[True, True], [False, True]])
    tells = lambda **keep: [tell(s, WORDS, keep, 1.0, 0.0, np.random.default_rng(0)) for s in stickers]  # noqa: E731
    only_situation = tells(style=0.0, character=0.0, situation=1.0)
    assert comparable_texts(only_situation, labels, seen).all()
    with_style = tells(style=1.0, character=0.0, situation=1.0)  # a neon cat was never seen
    assert comparable_texts(with_style, labels, seen).tolist() == [[True, True], [False, True]]
    with_character = tells(style=0.0, character=1.0, situation=1.0)
    assert comparable_texts(with_character, labels, seen).tolist() == [[True, False], [True, True]]


@given(st.integers(0, 2**32 - 1))
def test_what_is_right_is_always_counted(seed):
    rng = np.random.default_rng(seed)
    labels = np.stack([rng.integers(size, size=6) for size in (2, 2, 3)], axis=1)
    values = WORDS.values
    stickers = [spec(values["character"][c], values["style"][s], values["situation"][t]) for s, c, t in labels]
    tellings = [tell(s, WORDS, {"style": 0.6, "character": 0.6, "situation": 0.6}, 0.5, 0.3, rng) for s in stickers]
    right = positives(tellings, labels)
    assert right.diagonal().all()
    assert comparable_texts(tellings, labels, seen_together(labels, 2, 2))[right].all()


def test_target_gram_by_hand():
    labels = np.array([[0, 0, 0, 5], [0, 0, 0, 5], [0, 1, 0, -1], [1, 1, 2, -1]])
    wanted = [[0.9, 0.9, 0.6, 0.0], [0.9, 0.9, 0.6, 0.0], [0.6, 0.6, 0.85, 0.25], [0.0, 0.0, 0.25, 0.85]]
    np.testing.assert_allclose(target_gram(labels, Targets()), wanted, atol=1e-6)


def test_gram_loss_by_hand():
    vectors = torch.tensor([[1.0, 0.0], [0.6, 0.8]])
    wanted, off = torch.tensor([[9.0, 0.5], [0.5, 9.0]]), ~torch.eye(2, dtype=torch.bool)
    assert gram_loss(vectors, wanted, off).item() == pytest.approx(0.01, abs=1e-6)
    assert gram_loss(vectors, wanted, off & False).item() == 0.0


def test_an_epoch_deals_every_picture_once():
    rows = np.concatenate([batch_rows(10, 4, step, seed=1) for step in range(5)])
    assert sorted(rows[:10]) == sorted(rows[10:]) == list(range(10))
    assert rows[:10].tolist() != rows[10:].tolist()
    assert len(batch_rows(3, 4, 0, seed=1)) == 3


def test_only_ordinary_tokens_are_forgotten():
    ids = torch.tensor([[2, 7, 8, 3, 0]])
    assert forget(ids, 1, 1.0, np.random.default_rng(0)).tolist() == [[2, 1, 1, 3, 0]]
    assert forget(ids, 1, 0.0, np.random.default_rng(0)).tolist() == ids.tolist()


def test_augmented_pictures_fit_the_model():
    images = np.full((3, 18, 18, 3), 255, np.uint8)
    for seed in range(8):
        pixels = augmented(images, replace(TINY, tint=0.0), np.random.default_rng(seed))
        assert pixels.shape == (3, 3, 16, 16)
        white = (1 - np.array([0.48145466, 0.4578275, 0.40821073])) / np.array([0.26862954, 0.26130258, 0.27577711])
        np.testing.assert_allclose(pixels.numpy(), np.broadcast_to(white[None, :, None, None], pixels.shape), atol=1e-4)


# ---- training -------------------------------------------------------------------------------------------------------


def weights_after(training_set, tokenizer, config, **options):
    model = build_model(config, len(tokenizer))
    losses: list[float] = []
    train(model, tokenizer, training_set, config, lambda step, steps, loss: losses.append(loss), **options)
    return {name: weight.clone() for name, weight in model.state_dict().items()}, losses


@pytest.mark.slow
def test_two_trainings_are_equal_to_the_last_bit_and_learn(training_set, tokenizer):
    config = replace(TINY, epochs=30, learning_rate=5e-3)
    one, losses = weights_after(training_set, tokenizer, config)
    two, _ = weights_after(training_set, tokenizer, config)
    assert len(losses) == steps_of(24, config) == 120
    assert np.mean(losses[-10:]) < 0.7 * np.mean(losses[:5])
    assert all(torch.equal(one[name], two[name]) for name in one)


def test_an_interrupted_training_ends_as_one_that_was_not(training_set, tokenizer, tmp_path):
    whole, _ = weights_after(training_set, tokenizer, TINY)

    def stop(step: int, steps: int, loss: float) -> None:
        if step == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(build_model(TINY, len(tokenizer)), tokenizer, training_set, TINY, stop, tmp_path / "ck.safetensors")
    resumed, losses = weights_after(training_set, tokenizer, TINY, checkpoint=tmp_path / "ck.safetensors")
    assert len(losses) == steps_of(24, TINY) - 6
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def test_a_checkpoint_of_another_training_is_not_resumed(training_set, tokenizer, tmp_path):
    path = tmp_path / "ck.safetensors"
    weights_after(training_set, tokenizer, TINY, checkpoint=path)
    _, losses = weights_after(training_set, tokenizer, replace(TINY, seed=1), checkpoint=path)
    assert len(losses) == steps_of(24, TINY)


def test_training_leaves_torch_as_it_was(training_set, tokenizer):
    before = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    weights_after(training_set, tokenizer, replace(TINY, epochs=0.25))
    assert (torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()) == before


def test_pictures_without_stickers_are_refused():
    with pytest.raises(ModelError, match="2 pictures of 1 stickers"):
        TrainingSet(np.zeros((2, 18, 18, 3), np.uint8), (spec("cat", "ink", "bye"),), WORDS)


# ---- gates ----------------------------------------------------------------------------------------------------------


def test_purity_by_hand():
    two = np.array([[1, 0], [1, 0.1], [0.9, 0], [0, 1], [0, 0.9], [0.1, 1]], np.float32)
    assert cluster_purity(two, ["a", "a", "a", "b", "b", "b"], 0) == 1.0
    assert cluster_purity(two, ["a", "a", "b", "b", "b", "b"], 0) == pytest.approx(5 / 6)
    assert cluster_purity(two[[0, 0, 1, 2, 2, 3]], ["a", "a", "a", "b", "b", "a"], 0) == pytest.approx((3 + 1) / 6)
    assert np.isnan(cluster_purity(two[:0], [], 0))


def test_first_ranks_by_hand():
    vectors = np.eye(3, dtype=np.float32)
    answers = {"x": [1, 0, 0], "y": [0.5, 0.4, 0.3]}
    embed = lambda texts: np.array([answers[text] for text in texts], np.float32)  # noqa: E731
    assert first_ranks(["x", "y", "y"], vectors, embed).tolist() == [1, 2]


def test_of_equal_cosines_the_one_asked_for_comes_last():
    vectors = np.ones((3, 2), np.float32)
    assert first_ranks(["x", "y", "z"], vectors, lambda texts: np.ones((len(texts), 2), np.float32)).tolist() == [3] * 3


def test_precision_by_hand():
    specs = [spec("cat", "ink", name, seed=i) for i, name in enumerate(["laugh"] * 3 + ["bye"] * 5)]
    vectors = np.array([[1, 0]] * 3 + [[0, 1]] * 5, np.float32)
    embed = lambda texts: np.array([[1.0, 0.5], [0.0, 1.0]], np.float32)  # noqa: E731
    assert precision_at_5(["大笑", "再见"], ["laugh", "bye"], specs, vectors, embed) == pytest.approx((3 + 5) / 10)


def test_perfect_embeddings_pass_every_gate():
    specs = [
        spec(c, s, t, seed=i)
        for i, (c, s, t) in enumerate((c, s, t) for c in ("cat", "dog") for s in ("ink", "neon") for t in SITUATIONS)
    ]
    place = {name: i for i, name in enumerate(("ink", "neon", "cat", "dog", *SITUATIONS))}
    strength = np.diag([2.0, 2.0, 1.0, 1.0, 0.5, 0.5, 0.5])

    def unit(names: list[str]) -> np.ndarray:
        vector = strength[[place[name] for name in names]].sum(axis=0)
        return vector / np.linalg.norm(vector)

    vectors = np.array([unit([s.style, s.character, s.situation]) for s in specs], np.float32)
    named = {WORDS.canonical(a, v): v for a in ("style", "character", "situation") for v in WORDS.values[a]}

    def embed(texts):
        told = [[value for phrase, value in named.items() if phrase in text] for text in texts]
        return np.array([unit(values or ["bye"]) for values in told], np.float32)

    everything = np.ones(len(specs), bool)
    quality = evaluate(vectors, specs, everything, everything, embed, WORDS, seed=0)
    assert {name: (gate.value, gate.cases, gate.passed) for name, gate in quality.gates.items()} == {
        "style_purity": (1.0, 12, True),
        "text_image_recall_at_5": (1.0, 12, True),
    }
    assert quality.figures["series_purity"] == (1.0, 12)
    assert quality.figures["text_image_recall_at_1"] == (1.0, 12)


# ---- export ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Folder:
    """Enough of a bundle for persrv.models.encoders."""

    files: dict

    def model_path(self, name: str):
        return self.files.get(name)


@pytest.mark.slow
def test_the_exported_towers_say_what_torch_says(model, tokenizer, tmp_path, capfd):
    files = export(model, tokenizer, tmp_path)
    assert capfd.readouterr().err == ""
    assert sum(path.stat().st_size for path in files.values()) < 10_000_000
    assert {path.name for path in tmp_path.iterdir()} == set(files)  # no external data
    pictures = [picture(seed) for seed in range(3)]
    assert parity(model, tokenizer, tmp_path, ["", "a", *TEXTS, "哈" * 50], pictures) < 1e-4
    described = json.loads((tmp_path / "encoder.json").read_text())
    assert (described["image_size"], described["max_length"], described["width"]) == (16, 12, 24)
    text, image = load_text_encoder(Folder(files)), load_image_encoder(Folder(files))
    np.testing.assert_allclose(
        text("good night 晚安"), embed_texts(model, tokenizer, ["good night 晚安"])[0], atol=1e-5
    )
    np.testing.assert_allclose(image(pictures[0]), embed_images(model, pictures[:1])[0], atol=1e-5)


# ---- variants -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def catalogue():
    characters = ("cat", "dog", "panda", "frog", "seal")
    styles = ("flat", "manga", "pixel", "ink", "crayon", "glossy", "papercut", "neon")
    triples = [(c, s, t) for c in characters for s in styles for t in SITUATIONS]
    return tuple(spec(c, s, t, seed=number) for number, (c, s, t) in enumerate(triples))


def test_variants_never_show_what_is_held_out(catalogue):
    plan = plan_variants(catalogue, SITUATIONS, seed=5)
    assert not any(plan.unseen(variant) for variant in plan.training)
    assert len(plan.held_out_series) == 16
    assert len(plan.held_out_triples) == round(0.05 * 24 * 3)
    assert {variant.seed for variant in plan.training}.isdisjoint(s.seed for s in catalogue)
    assert len({variant.seed for variant in plan.training}) == len(plan.training)
    expected = (80 - 16) * 3 - len(plan.held_out_triples)
    assert expected <= len(plan.training) <= 2 * expected
    assert plan == plan_variants(catalogue, SITUATIONS, seed=5)


def test_every_style_character_and_situation_is_still_learned(catalogue):
    plan = plan_variants(catalogue, SITUATIONS, seed=5)
    for attribute in ("style", "character", "situation"):
        assert {getattr(v, attribute) for v in plan.training} >= {getattr(s, attribute) for s in catalogue}


@given(st.integers(0, 1000))
def test_held_out_series_are_two_of_each_style_and_spread_over_characters(seed):
    everything = [spec(c, s, "bye") for c in "abcde" for s in ("ink", "neon", "flat", "pixel")]
    held = hold_out_series(everything, 2, np.random.default_rng(seed))
    styles = [name.split("-")[1] for name in held]
    assert sorted(styles) == sorted(["ink", "neon", "flat", "pixel"] * 2)
    assert max([name.split("-")[0] for name in held].count(c) for c in "abcde") <= 2


def test_a_catalogue_too_small_to_hold_out_is_refused():
    with pytest.raises(DataError, match="2 characters in the style ink"):
        hold_out_series([spec("cat", "ink", "bye"), spec("dog", "ink", "bye")], 2, np.random.default_rng(0))


def test_unseen_means_series_or_triple():
    plan = VariantPlan((), frozenset({"cat-ink"}), frozenset({("dog", "ink", "bye")}))
    assert plan.unseen_series(spec("cat", "ink", "laugh"))
    assert plan.unseen(spec("dog", "ink", "bye"))
    assert not plan.unseen_series(spec("dog", "ink", "bye"))
    assert not plan.unseen(spec("dog", "ink", "laugh"))


def test_the_words_of_the_world_begin_with_the_chinese_name():
    words = world_words(SITUATIONS)
    assert words.annotation(spec("panda", "ink", "laugh")) == "水墨熊猫大笑"
    assert set(words.phrases["situation"]["laugh"]) == {"大笑", "laugh", "笑死我了", "LOL", "哈哈", "😂"}
    assert len(words.values["style"]) == 8
    assert len(words.values["character"]) == 10


def test_a_variant_lies_on_its_colour():
    sticker = Image.new("RGBA", (24, 24), (0, 0, 0, 0))
    sticker.paste((10, 20, 30, 255), (4, 4, 20, 20))
    pixels = on_background(sticker, (200, 100, 50), 12)
    assert pixels.shape == (12, 12, 3)
    assert pixels[0, 0].tolist() == [200, 100, 50]
    assert pixels[6, 6].tolist() == [10, 20, 30]


def test_most_backgrounds_are_white():
    colours = [background_of(seed) for seed in range(300)]
    assert 0.6 < np.mean([colour == (255, 255, 255) for colour in colours]) < 0.8
    assert any(max(colour) < 72 for colour in colours)
    assert colours == [background_of(seed) for seed in range(300)]
