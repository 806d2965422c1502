"""Profile `laptop` by the command a person types: fifty stickers, tiny models of the real classes, no GPU."""

from __future__ import annotations

import io
import shutil
from contextlib import redirect_stderr
from pathlib import Path

import chat_models
import numpy as np
import pytest
import released_models
import torch
from numpy.typing import NDArray
from PIL import Image

from persrv.bundle import Bundle, verify
from persrv.models.encoders import load_image_encoder, load_text_encoder
from persrv.retriever import Retriever
from precompute.__main__ import main
from precompute.model_cards import model_card
from precompute.models import pixels
from precompute.runtime import local
from precompute.runtime.cache import file_digest

pytestmark = [pytest.mark.slow(seconds=10), pytest.mark.usefixtures("one_thread", "exported_once")]

STICKERS = 50


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fifty pictures of one colour each, every tenth of them moving, and a tiny Chinese-CLIP."""
    root = tmp_path_factory.mktemp("laptop")
    (root / "stickers").mkdir()
    rng = np.random.default_rng(0)
    for number in range(STICKERS):
        frames = [Image.new("RGB", (48, 48), tuple(rng.integers(0, 256, 3).tolist())) for _ in range(3)]
        if number % 10:
            frames[0].save(root / "stickers" / f"s{number:02}.png")
        else:
            frames[0].save(root / "stickers" / f"s{number:02}.gif", save_all=True, append_images=frames[1:])
    released_models.chinese_clip(root / "clip")
    return root


def built(root: Path, name: str, *more: str) -> int:
    """The command of a person with a folder of stickers and models on the disk."""
    places = ["--images", str(root / "stickers"), "--out", str(root / name), "--work", str(root / "work")]
    return main(["build", "--profile", "laptop", "--clip", str(root / "clip"), *places, *more])


@pytest.fixture(scope="module")
def said(folder: Path) -> str:
    """Output of the first build, by Chinese-CLIP alone."""
    with redirect_stderr(io.StringIO()) as told:
        assert built(folder, "bundle") == 0
    return told.getvalue()


@pytest.fixture(scope="module")
def bundle(folder: Path, said: str) -> Bundle:
    """The bundle that it made."""
    return Bundle.open(folder / "bundle")


def test_without_captions_there_are_styles_a_map_and_both_encoders(folder: Path, bundle: Bundle) -> None:
    assert list(verify(folder / "bundle")) == []
    assert len(bundle.ids) == STICKERS
    assert bundle.map_xy is not None
    assert bundle.provenance["embed"]["model"] == "clip (a local folder)"
    assert "Captions: none" in bundle.manifest["notes"]
    assert "caption" not in bundle.provenance
    assert not any(sticker.description for sticker in bundle.stickers)


def test_the_page_answers_pictures_and_words_by_the_bundles_own_towers(folder: Path, bundle: Bundle) -> None:
    retriever = Retriever(bundle)
    assert retriever.sees
    read, seen = load_text_encoder(bundle), load_image_encoder(bundle)
    with Image.open(folder / "stickers" / "s01.png") as picture:
        vector = seen(picture)
    rows = np.asarray(bundle.embeddings, np.float32)
    assert float(rows[bundle.ids.index("s01")] @ vector) > 0.98
    assert read("猫").shape == vector.shape
    told = bundle.provenance["encoders"]["least_cosine_with_torch"]
    assert told["pictures"] > 0.98


@pytest.fixture(scope="module")
def few(folder: Path) -> Path:
    """Six of the fifty pictures, one of them moving, and the same Chinese-CLIP."""
    root = folder / "few"
    (root / "stickers").mkdir(parents=True)
    for path in sorted((folder / "stickers").iterdir())[:6]:
        shutil.copy(path, root / "stickers")
    shutil.copytree(folder / "clip", root / "clip")
    return root


@pytest.mark.parametrize("name", list(chat_models.TINY))
def test_any_image_text_model_captions(few: Path, name: str) -> None:
    model = chat_models.TINY[name](few / name)
    assert built(few, f"by-{name}", "--vlm", str(model)) == 0
    captioned = Bundle.open(few / f"by-{name}")
    assert list(verify(few / f"by-{name}")) == []
    told = captioned.provenance["caption"]
    assert told["model"] == f"{name} (a local folder)"
    assert told["answers"]["description"]["asked"] == 6
    assert set(told["answers"]["description"]) == {"asked", "empty", "cut", "one part"}
    assert told["answers"]["keywords_base"]["cut"] > 0, "random weights rarely find their end"
    keywords = [sticker.keywords for sticker in captioned.stickers]
    assert any(keywords)
    assert keywords == [sticker.keywords_base for sticker in captioned.stickers], "as released, and searched"
    assert "Nothing is fine-tuned" in captioned.manifest["notes"]


def broken(few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, side: int) -> Path:
    """The six pictures, of which s03 decodes for no model that wants it with this side."""
    shutil.copytree(few / "stickers", tmp_path / "stickers")
    shutil.copytree(few / "clip", tmp_path / "clip")
    digest, decode, engine = file_digest(tmp_path / "stickers" / "s03.png"), pixels.frames_of, local.in_processes

    def decoded(path: Path | str, wanted: int) -> NDArray[np.uint8]:
        if Path(path).stem == digest and wanted == side:
            raise OSError("broken data stream")
        return decode(path, wanted)

    monkeypatch.setattr(pixels, "frames_of", decoded)
    monkeypatch.setattr(local, "in_processes", lambda workers: engine(1))  # in this process, where it is broken
    return tmp_path


def left_out(bundle: Bundle) -> dict[str, list[str]]:
    return {row["reason"]["en"]: row["examples"] for row in bundle.provenance["import"]["files_left_out"]}


def test_a_picture_that_a_released_clip_cannot_see_is_left_out(
    few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = broken(few, tmp_path, monkeypatch, released_models.SIDE)
    assert built(root, "out") == 0
    bundle = Bundle.open(root / "out")
    assert bundle.ids == ("s00", "s01", "s02", "s04", "s05")
    assert len(bundle.embeddings) == 5
    assert left_out(bundle) == {"a picture that cannot be embedded": ["s03.png"]}
    assert "broken data stream" in capsys.readouterr().err


def test_a_picture_that_a_captioner_cannot_see_is_kept_without_captions(
    few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "smolvlm-256m"  # the one that writes fastest
    root = broken(few, tmp_path, monkeypatch, model_card(name).side)
    assert built(root, "out", "--vlm", str(chat_models.TINY[name](root / name))) == 0
    bundle = Bundle.open(root / "out")
    assert len(bundle.ids) == 6
    assert not bundle.stickers[bundle.row_of["s03"]].description
    assert bundle.provenance["caption"]["uncaptioned"] == ["s03"]
    assert left_out(bundle) == {"a sticker that no model could look at (it has no captions)": ["s03.png"]}
    assert "broken data stream" in capsys.readouterr().err


def test_before_the_start_it_says_how_long_it_takes_and_how_to_stop(
    folder: Path, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "trial of 5 pictures" in said
    assert "Ctrl-C" in said
    assert said.index("trial of 5") < said.index("ocr: ")
    assert "captioned" not in said
    assert built(folder, "again") == 0
    assert "trial" not in capsys.readouterr().err, "nothing is left to be done"


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ('{"model_type": "bert"}', "'bert'"),
        ('{"model_type": "made_up"}', "'made_up'"),
        ("[]", "has no configuration that can be read"),
        ("{", "has no configuration that can be read"),
    ],
)
def test_a_model_of_an_unknown_class_is_refused_before_any_work(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], config: str, told: str
) -> None:
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "config.json").write_text(config, encoding="utf-8")
    assert built(folder, "never", "--vlm", str(tmp_path / "odd")) == 2
    said = capsys.readouterr().err
    assert told in said
    assert "Traceback" not in said
    assert not (folder / "never").exists()


def test_a_model_without_some_of_its_weights_is_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from safetensors.torch import load_file, save_file

    model = chat_models.smolvlm(tmp_path / "half")
    weights = load_file(model / "model.safetensors")
    save_file(dict(list(weights.items())[:-3]), model / "model.safetensors")
    assert built(folder, "never", "--vlm", str(model)) == 2
    assert "lacks 3 of the model's weights" in capsys.readouterr().err


def test_what_is_neither_a_name_nor_a_folder_is_refused_by_the_names_there_are(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert built(folder, "never", "--vlm", "gpt") == 2
    told = capsys.readouterr().err
    assert "smolvlm-256m" in told
    assert "llava-1.5-7b" in told


def test_weights_of_cn_clip_are_refused_with_the_place_where_they_lie(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cn").mkdir()
    (tmp_path / "cn" / "clip_cn_vit-b-16.pt").write_bytes(b"not read")
    for given in (tmp_path / "cn", tmp_path / "cn" / "clip_cn_vit-b-16.pt"):
        places = ["--images", str(folder / "stickers"), "--out", str(tmp_path / "out"), "--work", str(tmp_path / "w")]
        assert main(["build", "--profile", "laptop", "--clip", str(given), *places]) == 2
        told = capsys.readouterr().err
        assert "OFA-Sys/chinese-clip-vit-base-patch16" in told
        assert "cn-clip" in told


def test_the_profile_is_for_folders(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["build", "--profile", "laptop", "--out", str(tmp_path / "out")]) == 2
    assert "no folder of stickers" in capsys.readouterr().err


def test_a_llava_in_a_folder_captions_by_either_option(few: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    released_models.llava(few / "llava")
    for option in ("--llava", "--vlm"):
        assert built(few, "never", option, str(few / "llava")) == 2, "of seven billion weights: a GPU, or --force-cpu"
        assert built(few, f"by{option}", option, str(few / "llava"), "--force-cpu") == 0
        told = Bundle.open(few / f"by{option}").provenance["caption"]
        assert told["model"] == "llava (a local folder)"
        assert "Llama 2" in told["licence"]
