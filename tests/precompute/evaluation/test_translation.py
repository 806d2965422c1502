"""Descriptions in Chinese for Table 3: sentences, what is remembered, what is searched, and the real classes."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import huggingface_hub.constants
import pytest
import released_models
import torch
import toy
from hypothesis import given
from hypothesis import strategies as st
from transformers import MarianMTModel, MarianTokenizer

from persrv.bundle import Bundle, verify
from persrv.errors import ModelError
from persrv.records import Text
from precompute.__main__ import main
from precompute.evaluation import comparison, translation
from precompute.evaluation.external_models import ExternalModels
from precompute.evaluation.methods import baselines
from precompute.evaluation.methods.contract import Method
from precompute.evaluation.run import Evaluation
from precompute.evaluation.section import Section
from precompute.evaluation.translation import Translation, Translator
from precompute.evaluation.world import Options, World
from precompute.models.released.translation import CHINESE, load_opus_mt
from precompute.runtime.cache import Cache
from precompute.stages.translate import is_foreign, sentences, translate_all

DICTIONARY = {"A cat waves.": "猫在挥手。", "It laughs.": "它在笑。", "A dog.": "一只狗。"}


class Fake:
    """A translator that knows three sentences, and counts what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.batches: list[int] = []

    def __call__(self, given: Sequence[str]) -> list[str]:
        self.asked += given
        self.batches.append(len(given))
        return [DICTIONARY[sentence] for sentence in given]


# ---- sentences ------------------------------------------------------------------------------------------------------


def test_sentences_end_at_their_marks_and_at_lines() -> None:
    assert sentences(" One cat, 1.5 m.  Why?! No\n2 | sad; yes ") == [
        "One cat, 1.5 m.",
        "Why?!",
        "No",
        "2 | sad;",
        "yes",
    ]
    assert sentences(" \n ") == []


@given(st.text(alphabet="ab .!?;\n", max_size=40))
def test_splitting_loses_nothing_but_blanks(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "foreign"),
    [("a cat", True), ("Ça va", True), ("猫", False), ("a 猫", False), ("", False), ("1 | 2!", False), ("😊", False)],
)
def test_what_chinese_queries_cannot_find(text: str, foreign: bool) -> None:
    assert is_foreign(text) is foreign


# ---- the stage ------------------------------------------------------------------------------------------------------


def test_every_sentence_is_translated_once_and_remembered(tmp_path: Path) -> None:
    store, fake = tmp_path / "sentences.jsonl", Fake()
    told: list[tuple[int, int]] = []
    texts = ["A cat waves. It laughs.", "A dog. A cat waves.", "一只猫", "A cat waves. It laughs."]
    found = translate_all(texts, store, fake, 2, lambda done, total: told.append((done, total)))
    assert found == {texts[0]: "猫在挥手。 它在笑。", texts[1]: "一只狗。 猫在挥手。"}
    assert fake.asked == ["A dog.", "It laughs.", "A cat waves."], "shortest first"
    assert fake.batches == [2, 1]
    assert told == [(0, 3), (2, 3), (3, 3)]
    again = Fake()
    assert translate_all(texts, store, again) == found
    assert again.asked == []


def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    store, fake = tmp_path / "sentences.jsonl", Fake()
    whole = json.dumps({"from": "A dog.", "to": "一只狗。"}, ensure_ascii=False)
    store.write_text(f'{whole}\n{{"from": "A cat wa', encoding="utf-8")
    assert translate_all(["A dog. A cat waves."], store, fake) == {"A dog. A cat waves.": "一只狗。 猫在挥手。"}
    assert fake.asked == ["A cat waves."]
    rows = [json.loads(line) for line in store.read_text(encoding="utf-8").splitlines()]
    assert [row["from"] for row in rows] == ["A dog.", "A cat waves."]


def test_what_is_no_sentence_of_words_is_kept_as_it_is(tmp_path: Path) -> None:
    assert translate_all(["A dog. 12."], tmp_path / "s.jsonl", Fake()) == {"A dog. 12.": "一只狗。 12."}


# ---- the row of Table 3 ---------------------------------------------------------------------------------------------

DESCRIBED = {"s03": "A cat waves. It laughs.", "s05": "A dog.", "s09": "A cat waves."}


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy world where three stickers have English descriptions."""
    told = tuple(replace(each, description=DESCRIBED.get(each.id, "")) for each in toy.stickers())
    return toy.write_toy(tmp_path_factory.mktemp("described"), stickers=told).path


def row(world: World) -> Method:
    return next(method for method in baselines.factory(world) if method.name == "Base VLM captions")


def names(method: Method, query: str) -> set[str]:
    return {name for name, _ in method.rank("ann", query, 20)}


def translator(fake: Fake) -> Translator:
    return Translator("a dictionary", "1", lambda: fake)


def test_translations_are_what_is_searched(described: Path, tmp_path: Path) -> None:
    world, fake = World.open(described), Fake()
    said = translator(fake).translation(world.texts["description"].values(), Cache(tmp_path), io.StringIO())
    method = row(replace(world, translation=said))
    assert names(method, "挥手") == {"s03", "s09"}
    assert names(method, "狗") == {"s05"}
    assert names(method, "cat") == set(), "English words are gone"
    assert "translated into Chinese by a dictionary" in method.note.en
    ours = {name for method in baselines.shipped(world) for name in names(method, "挥手")}
    assert not ours & set(DESCRIBED), "the translations are this row's alone"


def test_without_a_translator_the_row_says_so(described: Path) -> None:
    method = row(World.open(described))
    assert method.note.en.startswith("UNTRANSLATED")
    assert names(method, "cat") == {"s03", "s09"}
    assert names(method, "挥手") == set()


def test_chinese_descriptions_need_nobody(tmp_path: Path) -> None:
    told = tuple(replace(each, description="一只猫" * (each.id == "s03")) for each in toy.stickers())
    world, fake = World.open(toy.write_toy(tmp_path, stickers=told)), Fake()
    assert row(world).note.en.endswith("Chinese as it wrote them")
    said = translator(fake).translation(world.texts["description"].values(), Cache(tmp_path), io.StringIO())
    assert said.texts == {}
    assert fake.asked == []


def test_a_refitted_world_keeps_its_translation(described: Path) -> None:
    world = replace(World.open(described), translation=Translation("a dictionary", {"A dog.": "一只狗。"}))
    assert names(row(world.refit(world.split)), "狗") == {"s05"}


def test_sections_are_computed_anew_only_where_the_translation_counts(described: Path, tmp_path: Path) -> None:
    bundle = Path(shutil.copytree(described, tmp_path / "copy"))
    asked: list[str] = []

    def section(name: str, external: bool) -> Section:
        def compute(world: World, report: object) -> comparison.Findings:
            asked.append(name)
            return comparison.Findings(Text.same(name), row(world).note)

        return Section(name, "", compute, external=external)

    runs = Evaluation(Cache(tmp_path / "cache"), io.StringIO(), (section("rows", True), section("other", False)))
    fake = Fake()
    runs.run(bundle, Options())
    done = runs.run(bundle, Options(), external=ExternalModels(translator(fake)))
    assert asked == ["rows", "other", "rows"]
    assert "by a dictionary" in done[0].findings.data.en
    runs.run(bundle, Options(), ["other"], ExternalModels(translator(Fake())))
    runs.run(bundle, Options(), external=ExternalModels(translator(fake)))
    assert asked == ["rows", "other", "rows"]
    assert len(fake.asked) == 3, "each sentence once, whatever is run again"
    assert verify(bundle) == []


# ---- the model itself -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def opus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released_models.opus_mt(tmp_path_factory.mktemp("opus"))


#: Random weights do not know when to stop; the longest sentence below has 33 pieces.
MOST = 40


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("precompute.models.released.translation.MOST_PIECES", MOST)


SAID = ["A cat waves.", "The dog is happy and jumps. Why?", "a"]


@pytest.mark.slow
def test_translations_are_the_models_own(opus: Path) -> None:
    """Against generate by hand, one sentence alone, greedily: neither batch nor padding changes anything."""
    model = MarianMTModel.from_pretrained(opus).eval()
    tokenizer = MarianTokenizer.from_pretrained(opus)
    wanted = []
    for sentence in SAID:
        read = tokenizer(f"{CHINESE} {sentence}", return_tensors="pt")
        assert read["input_ids"][0, 0] == tokenizer.get_vocab()[CHINESE], "the code is one piece, the first"
        ids = [model.config.decoder_start_token_id]
        while len(ids) <= MOST:  # greedy decoding, the slow and obvious way
            with torch.inference_mode():
                scores = model(**read, decoder_input_ids=torch.tensor([ids])).logits[0, -1]
            ids.append(int(scores[:-1].argmax()) if len(ids) < MOST else 0)  # the last is padding, a bad word
            if ids[-1] == 0:
                break
        wanted.append(tokenizer.decode(ids, skip_special_tokens=True, use_source_tokenizer=False).strip())
    assert load_opus_mt(opus, "cpu")(SAID) == wanted
    assert all(wanted), "the tiny model says something"
    assert len(set(wanted)) > 1


def test_nothing_to_translate_asks_nobody(opus: Path) -> None:
    assert load_opus_mt(opus, "cpu")([]) == []


def test_a_folder_is_named_and_known_by_its_content(opus: Path, tmp_path: Path) -> None:
    found = translation.at_hand(str(opus))
    assert found is not None
    assert found.model == f"{opus.name} (a local folder)"
    other = released_models.opus_mt(tmp_path / "other", seed=1)
    assert translation.found(str(other), translation.OPUS_MT).identity != found.identity


def test_a_folder_without_its_pieces_is_refused(opus: Path, tmp_path: Path) -> None:
    half = Path(shutil.copytree(opus, tmp_path / "half"))
    (half / "source.spm").unlink()
    with pytest.raises(ModelError, match=r"--translator .*half holds no model.*opus-mt-en-zh"):
        translation.at_hand(str(half))


@pytest.fixture
def no_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty cache, and a hub that cannot be reached."""
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "hub"))

    def refuse(*_: object) -> str:
        raise OSError("offline")

    monkeypatch.setattr("huggingface_hub.hf_hub_download", refuse)


@pytest.mark.usefixtures("no_hub")
def test_without_hub_cache_and_folder_profile_paper_stops_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images, clicks = tmp_path / "images", tmp_path / "clicks.csv"
    work, out = str(tmp_path / "work"), str(tmp_path / "out")
    command = ["build", "--images", str(images), "--profile", "paper", "--work", work, "--out", out]
    assert main([*command, "--interactions", str(clicks)]) == 2
    told = capsys.readouterr().err
    assert "Opus-MT (English to Chinese) (Helsinki-NLP/opus-mt-en-zh) is not on this machine" in told
    assert "--translator PATH" in told
    for without in ([], ["--interactions", str(clicks), "--no-evaluation"]):
        assert main([*command, *without]) == 2
        assert "Opus-MT" not in capsys.readouterr().err, "nobody is evaluated, so nobody is missed"
    assert not (tmp_path / "work").exists()


@pytest.mark.slow
@pytest.mark.usefixtures("no_hub")
def test_the_evaluate_command_translates_with_a_folder_and_says_when_it_cannot(
    described: Path, opus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("precompute.evaluation.methods.roster.FACTORIES", (baselines.factory,))
    bundle = Path(shutil.copytree(described, tmp_path / "copy"))
    command = ["evaluate", str(bundle), "--only", "comparison", "--work", str(tmp_path / "cache")]

    def note() -> str:
        found = Bundle.open(bundle).evaluation["sections"]["comparison"]["tables"][0]["rows"]
        return str(next(each["note"]["en"] for each in found if each["name"] == "Base VLM captions"))

    assert main(command) == 0
    assert note().startswith("UNTRANSLATED")
    assert main([*command, "--translator", str(opus)]) == 0
    assert f"by {opus.name} (a local folder)" in note()
