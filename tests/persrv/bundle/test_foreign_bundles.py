"""Bundles from strangers: links, changed bytes, parts that contradict each other, numbers that nothing can hold."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import toy
from fuzzing import world
from fuzzing.world import reseal

from persrv.bundle import Bundle, layout, verify
from persrv.errors import BundleError, DataError, ModelError
from persrv.files.strict_json import read_json
from persrv.models import captioner
from persrv.records import SearchSettings
from persrv.retriever import Retriever
from persrv.settings import problem_with, settings_from_json
from persrv.ui.about_tab.calls import about_view
from persrv.ui.service import PageService


@pytest.fixture
def copy(toy_bundle_path: Path, tmp_path: Path) -> Path:
    """A toy bundle of one's own, to be damaged."""
    return Path(shutil.copytree(toy_bundle_path, tmp_path / "copy"))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle with everything that one can hold; read only."""
    return world.write(tmp_path_factory.mktemp("full"), "folder").path


# ---- plain files ----------------------------------------------------------------------------------------------------


def linked_file(folder: Path, name: str) -> None:
    (folder / name).rename(folder.parent / "elsewhere")
    (folder / name).symlink_to(folder.parent / "elsewhere")


def linked_folder(folder: Path, name: str) -> None:
    (folder / name).rename(folder.parent / "elsewhere")
    (folder / name).symlink_to(folder.parent / "elsewhere")


def pipe(folder: Path, name: str) -> None:
    (folder / name).unlink()
    os.mkfifo(folder / name)


@pytest.mark.parametrize(
    ("deed", "name"),
    [
        (linked_file, "images/s01.webp"),
        (linked_file, layout.STICKERS),
        (linked_file, layout.MANIFEST),
        (linked_folder, "images"),
        (linked_folder, "index"),
        (pipe, "images/s02.webp"),
    ],
)
def test_what_is_no_plain_file_is_refused_and_told(copy: Path, deed: Callable[[Path, str], None], name: str) -> None:
    deed(copy, name)
    with pytest.raises(BundleError, match="is no plain file"):
        Bundle.open(copy)
    assert any("no plain file" in sentence for sentence in verify(copy))


def test_an_unlisted_link_beside_the_pictures_is_refused(copy: Path) -> None:
    (copy / "images" / "passwords.webp").symlink_to("/etc/hostname")
    with pytest.raises(BundleError, match=r"passwords\.webp is no plain file"):
        Bundle.open(copy)
    assert any("does not list images/passwords.webp" in sentence for sentence in verify(copy))


def test_a_picture_that_becomes_a_link_after_opening_is_not_read(copy: Path) -> None:
    bundle = Bundle.open(copy)
    assert bundle.picture("s01")
    (copy / "images/s01.webp").unlink()
    (copy / "images/s01.webp").symlink_to("/etc/hostname")
    for read in (bundle.picture, bundle.image_path):
        with pytest.raises(BundleError, match="no plain file"):
            read("s01")


def test_a_shard_that_is_a_link_is_refused_and_not_read(tmp_path: Path) -> None:
    bundle = toy.write_toy(tmp_path, shard_bytes=4096)
    assert bundle.picture("s01")
    linked_file(bundle.path, "images/00000.tar")
    with pytest.raises(BundleError, match="no plain file"):
        bundle.picture("s01")
    with pytest.raises(BundleError, match="no plain file"):
        Bundle.open(bundle.path)


def test_verify_tells_a_member_of_a_shard_that_is_a_link(tmp_path: Path) -> None:
    path = toy.write_toy(tmp_path, shard_bytes=4096).path
    shard = path / "images/00000.tar"
    content = bytearray(shard.read_bytes())
    content[156:157] = b"2"
    content[157:168] = b"/etc/passwd"
    total = sum(content[:148]) + 8 * 32 + sum(content[156:512])
    content[148:156] = f"{total:06o}\0 ".encode()  # the header's own sum, so that it is a sound one
    shard.write_bytes(bytes(content))
    reseal(path)
    assert any("no plain file" in sentence for sentence in verify(path))


# ---- hashes ---------------------------------------------------------------------------------------------------------


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("name", [layout.UTILITY_COUNTS, layout.EMBEDDINGS, "index/ocr/impacts.npy"])
def test_other_bytes_than_were_written_are_refused_at_opening(copy: Path, name: str) -> None:
    flip(copy / name)
    with pytest.raises(BundleError, match="SHA-256"):
        Bundle.open(copy)


def test_a_changed_manifest_is_refused_at_opening(copy: Path) -> None:
    manifest = json.loads((copy / layout.MANIFEST).read_text())
    manifest["settings"]["alpha"] = 9.0
    (copy / layout.MANIFEST).write_text(layout.canonical(manifest))
    with pytest.raises(BundleError, match="was changed after it was written"):
        Bundle.open(copy)


def test_a_picture_is_hashed_by_verify_alone(copy: Path) -> None:
    flip(copy / "images/s01.webp")
    assert Bundle.open(copy).hashed
    assert any("images/s01.webp has another SHA-256" in sentence for sentence in verify(copy))


def test_a_large_bundle_is_hashed_where_that_is_asked_for_and_the_page_says_so(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("persrv.bundle.reader.HASHED_BYTES", 100)
    opened = Bundle.open(copy)
    assert not opened.hashed
    assert about_view(PageService(Retriever(opened)))["doubts"] == ["hashes"]
    assert about_view(PageService(Retriever(Bundle.open(copy, hashed=True))))["doubts"] == []
    flip(copy / layout.UTILITY_COUNTS)
    with pytest.raises(BundleError, match="SHA-256"):
        Bundle.open(copy, hashed=True)


# ---- contradictions, with every hash renewed ------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.0, 0.5, -1.0])
def test_an_index_of_other_numbers_is_refused(copy: Path, share: float) -> None:
    for name in ("ocr", "queries"):
        path = copy / "index" / name / "impacts.npy"
        np.save(path, (np.load(path) * share).astype(np.float32))
    reseal(copy)
    with pytest.raises(BundleError, match="The index of ocr is not that of the stickers' texts"):
        Bundle.open(copy)
    assert any("index of ocr" in sentence for sentence in verify(copy))


ODD_PARTS: dict[str, Callable[[Path], None]] = {
    "counts": lambda folder: change(folder / layout.UTILITY_COUNTS, lambda array: array[::-1]),
    "style_mean": lambda folder: change(folder / layout.STYLE_MEAN, np.zeros_like),
    "clusters": lambda folder: change(folder / layout.CENTROIDS, lambda array: -array),
    "meaning": lambda folder: change(folder / layout.MEANING_TEXT, np.zeros_like),
}


def change(path: Path, how: Callable[[np.ndarray], np.ndarray]) -> None:
    np.save(path, how(np.load(path)))


@pytest.mark.parametrize("name", ODD_PARTS)
def test_what_does_not_follow_is_told_in_the_log_and_on_the_page(
    full: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    assert not Bundle.open(full).doubts
    folder = Path(shutil.copytree(full, tmp_path / "odd"))
    ODD_PARTS[name](folder)
    reseal(folder)
    bundle = Bundle.open(folder)
    assert name in bundle.doubts
    assert bundle.doubts[name] in caplog.text
    assert about_view(PageService(Retriever(bundle)))["doubts"] == list(bundle.doubts)


def test_a_lost_field_weight_is_refused(copy: Path) -> None:
    reseal(copy, lambda manifest: manifest["settings"]["field_weights"].pop("ocr"))
    with pytest.raises(BundleError, match="no weight for the field ocr"):
        Bundle.open(copy)


# ---- numbers and documents ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["1" + "0" * 400, "1e400", "NaN", "-Infinity", "[" * 5000 + "]" * 5000, '"\\ud800"', "{"]
)
def test_json_that_nothing_else_can_hold_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "odd.json").write_text(text if text == "{" else f'{{"a": {text}}}', encoding="utf-8")
    with pytest.raises(ValueError, match=r"\S"):
        read_json(tmp_path / "odd.json")
    with pytest.raises(BundleError) as told:
        layout.read_json(tmp_path / "odd.json")
    assert "\n" not in str(told.value)


def test_json_within_the_limits_is_read(tmp_path: Path) -> None:
    document = {"a": [1, -2.5, 2**63, True, None, "名\u202e", {"b": []}]}
    (tmp_path / "fine.json").write_text(json.dumps(document), encoding="utf-8")
    assert read_json(tmp_path / "fine.json") == document


@pytest.mark.parametrize("weight", [10**400, 1e308, float("nan"), float("inf"), -1, True, "1"])
def test_weights_are_numbers_that_scores_can_hold(weight: object) -> None:
    found, _ = problem_with(replace(SearchSettings(), alpha=weight)) or ("", "")
    assert found.startswith("alpha = ")
    assert len(found) < 120
    with pytest.raises(DataError):
        settings_from_json({"field_weights": {"ocr": weight}})


@pytest.mark.parametrize("size", [2**40, -1, "12", 12.5])
def test_an_index_of_a_vast_or_odd_size_is_refused(copy: Path, size: object) -> None:
    path = copy / "index/ocr/vocabulary.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "size": size}))
    reseal(copy)
    with pytest.raises(BundleError):
        Bundle.open(copy)


@pytest.mark.parametrize("name", ["arrays/embeddings.npy", "index/ocr/rows.npy", "meaning/vectors.npy"])
def test_an_array_that_claims_to_be_vast_is_refused(full: Path, tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(full, tmp_path / "vast"))
    length = len(np.load(folder / name))
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content.replace(f"({length},".encode(), f"({2**40},".encode(), 1))
    reseal(folder)
    with pytest.raises(BundleError):
        Bundle.open(folder)


# ---- models ---------------------------------------------------------------------------------------------------------


def damage_pieces(how: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    return lambda folder: (
        (folder / "models" / captioner.PIECES).write_bytes(how((folder / "models" / captioner.PIECES).read_bytes()))
        and None
    )


BROKEN_CAPTIONERS: dict[str, Callable[[Path], None]] = {
    "not UTF-8": damage_pieces(lambda content: content + "你好".encode("gb18030")),
    "too short": damage_pieces(lambda content: b"\n".join(content.split(b"\n")[:6])),
    "twice": damage_pieces(lambda content: content + content),
    "another model": lambda folder: (
        shutil.copy(folder / "models/text_encoder.onnx", folder / "models" / captioner.BASE_SPEAKER) and None
    ),
}


@pytest.mark.parametrize("kind", BROKEN_CAPTIONERS)
def test_a_broken_captioner_is_a_sentence(full: Path, tmp_path: Path, kind: str) -> None:
    folder = Path(shutil.copytree(full, tmp_path / "broken"))
    BROKEN_CAPTIONERS[kind](folder)
    reseal(folder)
    with pytest.raises(ModelError) as told:
        captioner.load_captioner(Bundle.open(folder))
    assert "\n" not in str(told.value)


def test_vectors_of_another_encoder_are_told(
    full: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("persrv.interpreter.catalogue_encoder.load_sentence_encoder", world.sentence_encoder)
    assert Retriever.open(full).search("laugh").hits[0].meaning is not None
    folder = Path(shutil.copytree(full, tmp_path / "odd"))
    change(folder / layout.MEANING_VECTORS, lambda array: array[::-1])
    reseal(folder)
    assert Retriever.open(folder).search("laugh").hits[0].meaning is None
    assert "Search is by words only. fake==1 makes other vectors" in caplog.text
