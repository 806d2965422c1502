"""The captioner without torch: words into pieces and back, answers to keywords, files that are missing or unfit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from persrv.errors import ModelError, QueryError
from persrv.models import captioner
from persrv.models.captioner import Captioner, CaptionerConfig, Prompt
from persrv.models.encoders import ModelFolder
from persrv.models.wordpieces import MAX_WORD, Pieces
from persrv.records import FloatArray

SPECIAL = ["<pad>", "<s>", "</s>", "<unk>", "<image>"]
PIECES = [*SPECIAL, *"笑死猫开心哈", "，", ".", "|", "1", "2", "无", "fun", "##ny", "ok", "<", ">", "s", "##k", "o"]
ID = {piece: number for number, piece in enumerate(PIECES)}
UNK, EOS = 3, 2


def ids(*pieces: str) -> tuple[int, ...]:
    return tuple(ID[piece] for piece in pieces)


CONFIG = CaptionerConfig(
    image_size=4,
    mean=(0.5, 0.5, 0.5),
    std=(0.5, 0.25, 0.5),
    image_tokens=2,
    bos=1,
    eos=EOS,
    unk=UNK,
    image=4,
    no_text="无",
    most_keywords=2,
    description=Prompt(ids("<s>", "<image>", "<image>", "1"), (), False, 20),
    keywords_base=Prompt(ids("<s>", "<image>", "<image>", "2"), (), False, 20),
    keywords=Prompt(ids("<s>", "<image>", "<image>", "2", "."), ids("|"), True, 20),
)


@dataclass
class Speaker:
    """Answers by the last piece of a prompt, and remembers what it was asked."""

    answers: dict[str, tuple[str, ...]]
    asked: list[list[int]]
    beams: list[int] = field(default_factory=list)

    def __call__(self, prompt: Sequence[int], seen: FloatArray, most: int, beams: int) -> list[list[int]]:
        """Answer; with several beams the single words of the answer are the answers."""
        self.asked.append(list(prompt))
        self.beams.append(beams)
        assert seen.shape == (1, 2, 3)
        answer = ids(*self.answers[PIECES[prompt[-1]]][:most])
        return [list(answer)] if beams == 1 else [[piece] for piece in answer]


BASE = {"1": ("1", ".", "猫", "|", "2", ".", "开", "心"), "2": ("猫",)}
TUNED = {"|": ("笑", "死", "，", "fun", "##ny", "ok", "，", "笑", "死", "，", "哈", "，", "心")}


def build(config: CaptionerConfig = CONFIG) -> tuple[Captioner, Speaker, Speaker]:
    base, tuned = Speaker(BASE, []), Speaker(TUNED, [])

    def eyes(pixels: FloatArray) -> FloatArray:
        assert pixels.shape == (3, 4, 4)
        return np.zeros((1, 2, 3), np.float32)

    return Captioner(config, Pieces(PIECES, UNK), eyes, base, tuned), base, tuned


PICTURE = Image.new("RGB", (6, 4), (255, 0, 0))


def test_a_caption_by_hand() -> None:
    speaks, base, tuned = build()
    caption = speaks.caption(PICTURE, "笑死 zz")
    assert (caption.description, caption.emotion) == ("猫", "开心")
    assert caption.keywords_base == ("猫",)
    assert caption.keywords == ("笑死", "funny ok"), "distinct, in order, at most two"
    assert caption.unspelt == 1
    assert caption.seconds >= 0
    assert base.asked == [list(CONFIG.description.before), list(CONFIG.keywords_base.before)]
    assert tuned.asked == [[*CONFIG.keywords.before, *ids("笑", "死"), UNK, *ids("|")]]


def test_of_several_beams_each_answer_is_a_keyword() -> None:
    speaks, base, tuned = build(replace(CONFIG, keywords=replace(CONFIG.keywords, beams=20), most_keywords=5))
    answers = speaks.answers(PICTURE)
    assert answers.keywords == ("笑", "死", "，", "fun", "ny", "ok", "，", "笑", "死", "，", "哈", "，", "心")
    assert speaks.caption(PICTURE).keywords == ("笑", "死", "，", "fun", "ny"), "distinct, none is split"
    assert set(tuned.beams) == {20}
    assert set(base.beams) == {1}, "the base model answers greedily"


@pytest.mark.parametrize(
    ("beams", "answers", "keywords"),
    [
        (1, ("猫，笑死，猫，心，哈",), ("猫", "笑死", "心")),
        (4, ("猫，笑死", "", "心", " 猫，笑死 ", "哈", "开"), ("猫，笑死", "心", "哈")),
        (2, ("", " "), ()),
        (1, ("",), ()),
    ],
)
def test_keywords_in_answers(beams: int, answers: tuple[str, ...], keywords: tuple[str, ...]) -> None:
    assert captioner.keywords_in(answers, replace(CONFIG.keywords, beams=beams), 3) == keywords


def test_a_picture_without_words_says_so_in_the_slot() -> None:
    speaks, _, tuned = build()
    assert speaks.caption(PICTURE, " \n").unspelt == 0
    assert tuned.asked == [[*CONFIG.keywords.before, *ids("无", "|")]]


def test_a_variant_that_reads_no_text_is_given_none() -> None:
    speaks, _, tuned = build(replace(CONFIG, keywords=Prompt(ids("<s>", "<image>", "<image>", "|"), (), False, 3)))
    assert speaks.caption(PICTURE, "笑死").keywords == ("笑死",), "three tokens are all it may write"
    assert not speaks.reads_text
    assert tuned.asked == [list(ids("<s>", "<image>", "<image>", "|"))]


def test_a_long_text_is_refused_not_cut() -> None:
    speaks, _, _ = build()
    assert speaks.caption(PICTURE, "哈" * captioner.MAX_TEXT).unspelt == 0
    with pytest.raises(QueryError, match=f"at most {captioner.MAX_TEXT}"):
        speaks.caption(PICTURE, "哈" * (captioner.MAX_TEXT + 1))


def test_special_pieces_are_never_read_from_a_text() -> None:
    pieces = Pieces(PIECES, UNK)
    assert pieces.encode("</s>") == [*ids("<"), UNK, *ids("s", ">")]
    assert ID["<image>"] not in pieces.encode("<image>")
    assert pieces.decode([1, ID["猫"], 0, 4, ID["<"]]) == "猫<"


def test_pieces_are_the_longest_from_the_left() -> None:
    pieces = Pieces(PIECES, UNK)
    assert pieces.encode("Funny OK o") == list(ids("fun", "##ny", "ok", "o"))
    assert pieces.encode("funx") == [UNK], "a word with a hole is unknown as a whole"
    assert pieces.encode("o" + "k" * MAX_WORD) == [UNK]
    assert pieces.encode("") == []


@pytest.fixture(scope="module")
def taught():
    from precompute.models.small.llava import tokenizer_of

    return tokenizer_of(PIECES)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="笑死哈funyok，.12 sZ\u3000é", max_size=12))
def test_tokens_are_those_of_the_tokenizer_the_model_was_taught_with(taught, text: str) -> None:
    assert Pieces(PIECES, UNK).encode(text) == taught(text, add_special_tokens=False)["input_ids"]


def test_an_animation_is_seen_by_its_middle_frame(tmp_path: Path) -> None:
    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255)]
    frames = [Image.new("RGB", (4, 4), colour) for colour in colours]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:], duration=40)
    with Image.open(tmp_path / "moving.gif") as moving:
        assert np.allclose(captioner.prepared(moving, CONFIG), captioner.prepared(frames[1], CONFIG), atol=0.05)


def test_settings_come_back_from_their_file(tmp_path: Path) -> None:
    config = replace(CONFIG, keywords=replace(CONFIG.keywords, beams=10))
    captioner.write_config(config, tmp_path / "caption.json")
    assert captioner.read_config(tmp_path / "caption.json") == config


@pytest.mark.parametrize("damage", ["", "[]", "{}", '{"image_size": 4}'])
def test_unfit_settings_are_named(tmp_path: Path, damage: str) -> None:
    (tmp_path / "caption.json").write_text(damage)
    with pytest.raises(ModelError, match=r"caption\.json cannot be used"):
        captioner.read_config(tmp_path / "caption.json")


def test_a_search_needs_a_beam(tmp_path: Path) -> None:
    captioner.write_config(replace(CONFIG, keywords=replace(CONFIG.keywords, beams=0)), tmp_path / "caption.json")
    with pytest.raises(ModelError, match="0 beams"):
        captioner.read_config(tmp_path / "caption.json")


def test_settings_out_of_range_are_named(tmp_path: Path) -> None:
    captioner.write_config(replace(CONFIG, std=(0.5, 0.0, 0.5)), tmp_path / "caption.json")
    with pytest.raises(ModelError, match="RGB settings"):
        captioner.read_config(tmp_path / "caption.json")


def test_a_bundle_without_a_captioner_says_what_is_missing(tmp_path: Path) -> None:
    for name in captioner.FILES[1:]:
        (tmp_path / name).write_text("")
    assert not captioner.has_captioner(ModelFolder(tmp_path))
    with pytest.raises(ModelError, match=f"no models/{captioner.EYES}"):
        captioner.load_captioner(ModelFolder(tmp_path))


def test_a_file_that_is_no_model_is_named(tmp_path: Path) -> None:
    for name in captioner.FILES:
        (tmp_path / name).write_text("no model")
    captioner.write_config(CONFIG, tmp_path / captioner.CONFIG)
    assert captioner.has_captioner(ModelFolder(tmp_path))
    with pytest.raises(ModelError, match=captioner.EYES):
        captioner.load_captioner(ModelFolder(tmp_path))
