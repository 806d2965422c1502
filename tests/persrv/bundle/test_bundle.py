"""The bundle: what is written comes back, what is damaged is told, and an interrupted writer harms nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import toy
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from persrv.bundle import (
    Bm25Parameters,
    Bundle,
    BundleContents,
    amend_evaluation,
    indexing,
    layout,
    reindex,
    tables,
    verify,
    write_bundle,
    writer,
)
from persrv.bundle.indexing import stated_parameters
from persrv.bundle.replacing import replacing
from persrv.errors import BundleError, DataError
from persrv.ranking.bm25 import FieldIndex
from persrv.records import FIELDS, Gate, Interaction, OcrLine, Person, SearchSettings, Sticker, Text, UserStyle
from persrv.settings import settings_from_json, settings_to_json

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def copy(toy_bundle_path: Path, tmp_path: Path) -> Path:
    """A toy bundle of one's own, to be damaged."""
    return Path(shutil.copytree(toy_bundle_path, tmp_path / "copy"))


def reseal(folder: Path, change: Callable[[dict], None] = lambda manifest: None) -> None:
    """Change the manifest, and make every size and hash agree again: damage that only the content checks can see."""
    path = folder / layout.MANIFEST
    manifest = json.loads(path.read_text())
    for name in manifest["files"]:
        file = folder / name
        if file.exists():
            manifest["files"][name] = {"bytes": file.stat().st_size, "sha256": layout.sha256_of(file)}
    change(manifest)
    manifest["manifest_sha256"] = layout.manifest_hash(manifest)
    path.write_text(layout.canonical(manifest), encoding="utf-8")


def replace_table(folder: Path, name: str, change: Callable[[list[dict]], None]) -> None:
    with pa.memory_map(str(folder / name)) as source:
        table = pa.ipc.open_file(source).read_all()
        rows = table.to_pylist()
    change(rows)
    tables.write_table(pa.Table.from_pylist(rows, schema=table.schema), folder / name)


def replace_array(folder: Path, name: str, change: Callable[[np.ndarray], np.ndarray]) -> None:
    np.save(folder / name, change(np.load(folder / name)))


# ---- round trip -----------------------------------------------------------------------------------------------------


def test_toy_comes_back(toy_bundle_path: Path) -> None:
    bundle = Bundle.open(toy_bundle_path)
    assert tuple(bundle.stickers) == toy.stickers()
    assert bundle.stickers[-1] == toy.stickers()[-1]
    assert bundle.stickers[2:4] == toy.stickers()[2:4]
    assert bundle.ids == toy.IDS
    assert bundle.row_of["s03"] == 2
    assert dict(bundle.interactions) == toy.INTERACTIONS
    assert bundle.interactions.training == toy.INTERACTIONS["train"] + toy.INTERACTIONS["validation"]
    assert bundle.people == toy.PEOPLE
    assert list(bundle.styles) == ["ann", "bob", "cleo"]
    np.testing.assert_array_equal(bundle.styles["cleo"].centroids, [toy.axis(2), toy.axis(3)])
    assert bundle.styles["cleo"].exemplars == (("s07",), ("s12",))
    np.testing.assert_allclose(np.asarray(bundle.embeddings, np.float32), toy.embeddings(), atol=1e-3)
    assert bundle.embeddings.dtype == np.float16
    assert bundle.style_mean is None
    np.testing.assert_array_equal(bundle.utility_counts, toy.utility_counts())
    np.testing.assert_array_equal(bundle.map_xy, toy.embeddings()[:, :2] * 10)
    assert bundle.settings.field_weights["queries"] == 0.5
    assert bundle.evaluation == {"PerSRV": {"R@1": 0.5}}
    assert bundle.gates == {"toy": {"value": 1.0, "goal": 0.5, "cases": 12, "passed": True}}
    assert bundle.provenance == {"draw": {"seed": 1, "seconds": 0.1}}
    assert (bundle.name, bundle.licence, bundle.simulated, bundle.notes.en) == ("toy", "CC BY 4.0", True, "A toy.")
    assert bundle.manifest["counts"]["interactions_test"] == 2
    assert bundle.image_path("s01").read_bytes()[:4] == b"RIFF"
    assert bundle.model_path("text_encoder.onnx") is None
    assert verify(toy_bundle_path) == []


def test_arrays_are_read_only(toy_bundle_path: Path) -> None:
    bundle = Bundle.open(toy_bundle_path)
    with pytest.raises(ValueError, match="read-only"):
        bundle.embeddings[0, 0] = 0


def test_rows_outside_the_catalogue(toy_bundle_path: Path) -> None:
    bundle = Bundle.open(toy_bundle_path)
    with pytest.raises(IndexError):
        bundle.stickers[12]
    with pytest.raises(KeyError):
        bundle.interactions["holdout"]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5)


@st.composite
def worlds(draw: st.DrawFn, picture: Path) -> BundleContents:
    """Small random contents that belong together; the pictures are all the same."""
    ids = draw(st.lists(names, max_size=5, unique=True))
    width = draw(st.integers(1, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))

    def vectors(count: int) -> np.ndarray:
        rows = rng.normal(size=(count, width)) + 1e-3
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    line = st.builds(OcrLine, texts, st.floats(0, 1), st.just((0.0, 1.5, 2.0, 2.5)), st.booleans())
    stickers = [
        Sticker(
            id=name,
            image=f"images/{number}.png",
            width=3,
            height=2,
            animated=draw(st.booleans()),
            series=draw(texts),
            labels=draw(st.dictionaries(texts, texts, max_size=2)),
            ocr=draw(texts),
            ocr_lines=tuple(draw(st.lists(line, max_size=2))),
            keywords_base=draw(texts),
            keywords=draw(texts),
            description=draw(texts),
            emotion=draw(texts),
            queries=(),
        )
        for number, name in enumerate(ids)
    ]
    click = st.builds(Interaction, names, texts, st.sampled_from(ids or [""]), st.none() | st.integers(0, 2**40))
    clicks = {split: draw(st.lists(click, max_size=4 if ids else 0)) for split in layout.SPLITS}
    users = draw(st.lists(names, max_size=3, unique=True)) if ids else []
    sizes = {user: draw(st.integers(1, 3)) for user in users}
    styles = [
        UserStyle(
            user,
            vectors(k),
            np.full(k, 2, np.int32),
            rng.random(k).astype(np.float32),
            tuple(tuple(ids[:1]) for _ in range(k)),
        )
        for user, k in sizes.items()
    ]
    person = st.builds(Person, names, texts, texts, texts, texts, st.dictionaries(texts, st.floats(-1, 1), max_size=2))
    return BundleContents(
        name=draw(texts),
        licence=draw(texts),
        simulated=draw(st.booleans()),
        stickers=stickers,
        interactions=clicks,
        people=draw(st.lists(person, max_size=3, unique_by=lambda p: p.id)),
        embeddings=vectors(len(ids)),
        user_styles=styles,
        utility_counts=rng.integers(0, 9, (len(ids), 3)),
        images=dict.fromkeys(ids, picture),
        style_mean=draw(st.none() | st.just(vectors(1)[0])),
        map_xy=draw(st.none() | st.just(rng.normal(size=(len(ids), 2)))),
        models=draw(st.sampled_from([{}, {"vocab.txt": picture}])),
        settings=SearchSettings(alpha=draw(st.floats(0, 9)), recall_size=draw(st.integers(1, 500))),
        bm25=draw(st.sampled_from([{}, {"ocr": Bm25Parameters(1.2, 0.5, 0.1)}])),
        gates={"g": Gate(0.5, draw(st.floats(0, 1)), 3, False)},
        evaluation={"text": draw(texts)},
        notes=Text(draw(texts), draw(texts)),
    )


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_random_worlds_come_back(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "picture.png"
        Image.new("RGB", (3, 2)).save(picture)
        world = data.draw(worlds(picture))
        written = write_bundle(Path(folder) / "bundle", world)
        bundle = Bundle.open(written.path)
        assert tuple(bundle.stickers) == tuple(world.stickers)
        assert {split: list(clicks) for split, clicks in bundle.interactions.items()} == world.interactions
        assert bundle.people == tuple(world.people)
        assert bundle.settings == world.settings
        assert bundle.evaluation == world.evaluation
        assert bundle.notes == world.notes
        np.testing.assert_array_equal(bundle.embeddings, world.embeddings.astype(np.float16))
        np.testing.assert_array_equal(bundle.utility_counts, world.utility_counts)
        assert (bundle.style_mean is None) == (world.style_mean is None)
        assert (bundle.map_xy is None) == (world.map_xy is None)
        assert (bundle.model_path("vocab.txt") is None) == (not world.models)
        assert list(bundle.styles) == [style.user for style in world.user_styles]
        for style in world.user_styles:
            read = bundle.styles[style.user]
            np.testing.assert_array_equal(read.centroids, style.centroids)
            np.testing.assert_array_equal(read.radii, style.radii)
            assert read.exemplars == style.exemplars
        assert verify(bundle.path) == []


def test_rebuilding_gives_the_same_content(toy_bundle_path: Path, tmp_path: Path) -> None:
    again = toy.write_toy(tmp_path, provenance={"draw": {"seed": 1, "seconds": 99.0}})
    first = Bundle.open(toy_bundle_path)
    assert again.content_hash == first.content_hash
    assert again.manifest["manifest_sha256"] != first.manifest["manifest_sha256"], "the seconds differ"
    other = toy.write_toy(tmp_path / "other", evaluation={"PerSRV": {"R@1": 0.6}})
    assert other.content_hash != first.content_hash


# ---- damage ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def victim(toy_bundle_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that every example damages and repairs."""
    return Path(shutil.copytree(toy_bundle_path, tmp_path_factory.mktemp("victim") / "toy"))


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_any_flipped_byte_is_found(victim: Path, data: st.DataObject) -> None:
    files = sorted(path for path in victim.rglob("*") if path.is_file() and path.stat().st_size)
    file = data.draw(st.sampled_from(files))
    intact = file.read_bytes()
    place = data.draw(st.integers(0, len(intact) - 1))
    damaged = bytearray(intact)
    damaged[place] ^= data.draw(st.integers(1, 255))
    try:
        file.write_bytes(damaged)
        assert verify(victim)
    finally:
        file.write_bytes(intact)


def test_any_missing_or_cut_file_is_found(copy: Path) -> None:
    for file in sorted(path for path in copy.rglob("*") if path.is_file()):
        intact = file.read_bytes()
        file.unlink()
        assert verify(copy), file
        with pytest.raises(BundleError):
            Bundle.open(copy)
        file.write_bytes(intact[: len(intact) // 2])
        assert verify(copy), file
        with pytest.raises(BundleError):
            Bundle.open(copy)
        file.write_bytes(intact)
    assert verify(copy) == []


def damage_stickers(change: Callable[[list[dict]], None]) -> Callable[[Path], None]:
    return lambda folder: replace_table(folder, layout.STICKERS, change)


def damage_clusters(change: Callable[[list[dict]], None]) -> Callable[[Path], None]:
    return lambda folder: replace_table(folder, layout.CLUSTERS, change)


def damage_array(name: str, change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Path], None]:
    return lambda folder: replace_array(folder, name, change)


def damage_evaluation(document: dict) -> Callable[[Path], None]:
    return lambda folder: (folder / layout.EVALUATION).write_text(json.dumps(document), encoding="utf-8") and None


def ocr_line(*box: float) -> dict:
    return {"text": "a", "confidence": 0.9, "box": list(box), "kept": True}


def with_value(place: object, value: float) -> Callable[[np.ndarray], np.ndarray]:
    def change(array: np.ndarray) -> np.ndarray:
        array[place] = value
        return array

    return change


CONTENT_DAMAGE = {
    "there twice": damage_stickers(lambda rows: rows[1].update(id="s01")),
    "id '' is empty": damage_stickers(lambda rows: rows[11].update(id="")),
    "picture '../secret'": damage_stickers(lambda rows: rows[0].update(image="../secret")),
    "width 0": damage_stickers(lambda rows: rows[0].update(width=0)),
    "unknown sticker 's99'": lambda f: replace_table(f, layout.INTERACTIONS, lambda r: r[0].update(sticker="s99")),
    "unknown split 'dev'": lambda f: replace_table(f, layout.INTERACTIONS, lambda r: r[0].update(split="dev")),
    "names the unknown sticker 'x'": damage_clusters(lambda rows: rows[0].update(exemplars=["x"])),
    "out of place": damage_clusters(lambda rows: rows[3].update(cluster=4)),
    "size 0": damage_clusters(lambda rows: rows[0].update(size=0)),
    "radius nan": damage_clusters(lambda rows: rows[0].update(radius=float("nan"))),
    "Row 3 of the embeddings": damage_array(layout.EMBEDDINGS, with_value(3, 0.9)),
    "length nan": damage_array(layout.EMBEDDINGS, with_value((0, 0), float("nan"))),
    "length inf": damage_array(layout.EMBEDDINGS, with_value((0, 0), float("inf"))),
    "Row 0 of the centroids": damage_array(layout.CENTROIDS, with_value((0, 0), 2.0)),
    "utility count of -1": damage_array(layout.UTILITY_COUNTS, with_value((0, 0), -1)),
    "The map has": damage_array(layout.MAP, with_value((0, 0), float("nan"))),
    "embeddings is float32": damage_array(layout.EMBEDDINGS, lambda a: a.astype(np.float32)),
    "(11, 8)": damage_array(layout.EMBEDDINGS, lambda a: a[:11]),
    "(12, 2)": damage_array(layout.UTILITY_COUNTS, lambda a: a[:, :2]),
    "lacks a value in the column ocr": damage_stickers(lambda rows: rows[0].update(ocr=None)),
    "lacks a value in the column queries": damage_stickers(lambda rows: rows[0].update(queries=[None])),
    "lacks a value in the column labels": damage_stickers(lambda rows: rows[0].update(labels=[("style", None)])),
    "lacks a value in the column ocr_lines": damage_stickers(lambda rows: rows[0].update(ocr_lines=[None])),
    "odd number of coordinates": damage_stickers(lambda rows: rows[0].update(ocr_lines=[ocr_line(0.0, 1.0, 2.0)])),
    "lacks a value in the column user": lambda f: replace_table(
        f, layout.INTERACTIONS, lambda r: r[0].update(user=None)
    ),
    "lacks a value in the column radius": damage_clusters(lambda rows: rows[0].update(radius=None)),
    "people.arrow lacks a value": lambda f: replace_table(f, layout.PEOPLE, lambda r: r[0].update(tastes=None)),
    "evaluation.json cannot be read": lambda f: (f / layout.EVALUATION).write_text("{", encoding="utf-8"),
    "evaluation.json.sections is []": damage_evaluation({"sections": []}),
    "evaluation.json.sections.a has no data": damage_evaluation({"sections": {"a": {"title": "A"}}}),
    "evaluation.json.sections.a.title is {'en': 'A'}": damage_evaluation(
        {"sections": {"a": {"title": {"en": "A"}, "data": "toy"}}}
    ),
    "evaluation.json.sections.a.notes[1] is 2": damage_evaluation(
        {"sections": {"a": {"title": "A", "data": "toy", "notes": ["one", 2]}}}
    ),
    "evaluation.json.vlm.examples[0] has no sticker": damage_evaluation({"vlm": {"examples": [{}]}}),
    "Embeddings of shape (96,)": damage_array(layout.EMBEDDINGS, lambda a: a.ravel()),
}


@pytest.mark.parametrize("words", CONTENT_DAMAGE)
def test_contradictions_are_told(copy: Path, words: str) -> None:
    CONTENT_DAMAGE[words](copy)
    reseal(copy)
    sentences = verify(copy)
    assert any(words in sentence for sentence in sentences), sentences
    with pytest.raises(BundleError):
        Bundle.open(copy)


def test_test_queries_in_texts_are_told(copy: Path) -> None:
    replace_table(copy, layout.STICKERS, lambda rows: rows[4].update(queries=["night"]))
    reseal(copy)
    assert any("s05 carries the test query 'night'" in sentence for sentence in verify(copy))


def test_files_that_nobody_listed_are_told(copy: Path) -> None:
    (copy / "images" / "extra.webp").write_bytes(b"x")
    (copy / ".hidden").symlink_to("bundle.json")
    assert verify(copy) == ["bundle.json does not list .hidden. Expected no other files in a bundle."]
    (copy / ".hidden").unlink()
    assert verify(copy) == ["bundle.json does not list images/extra.webp. Expected no other files in a bundle."]


def test_a_content_hash_of_other_files_is_told(copy: Path) -> None:
    reseal(copy, lambda manifest: manifest.update(content_hash="0" * 64))
    assert [sentence.partition(".")[0] for sentence in verify(copy)] == ["content_hash is not that of the files bundle"]


def test_pictures_that_do_not_open_are_told(copy: Path) -> None:
    (copy / "images/s02.webp").write_bytes(b"RIFF....WEBP")
    Image.new("RGB", (9, 9)).save(copy / "images/s03.webp")
    reseal(copy)
    sentences = " ".join(verify(copy))
    assert "images/s02.webp cannot be decoded" in sentences
    assert "images/s03.webp is 9 x 9 pixels" in sentences


def test_a_table_of_other_columns_is_told(copy: Path) -> None:
    tables.write_table(pa.table({"id": ["a"]}), copy / layout.PEOPLE)
    reseal(copy)
    assert any("people.arrow has the columns id" in sentence for sentence in verify(copy))
    with pytest.raises(BundleError, match="columns"):
        Bundle.open(copy)


def test_pickled_arrays_are_refused(copy: Path) -> None:
    np.save(copy / layout.MAP, np.array([{"a": 1}], object), allow_pickle=True)
    reseal(copy)
    with pytest.raises(BundleError, match="cannot be read"):
        Bundle.open(copy)


@pytest.mark.parametrize("name", [layout.EMBEDDINGS, "index/ocr/impacts.npy"])
def test_a_damaged_header_of_an_array_is_told(copy: Path, name: str) -> None:
    """NumPy tokenises it as Python source, and fails in a way of its own where a bracket does not close."""
    content = (copy / name).read_bytes()
    (copy / name).write_bytes(content.replace(b"}", b" ", 1))
    with pytest.raises(BundleError, match="cannot be read"):
        Bundle.open(copy)


MANIFEST_DAMAGE = {
    "format 4": lambda m: m.update(format=4),
    "format 0": lambda m: m.update(format=0),
    "format 'one'": lambda m: m.update(format="one"),
    "format True": lambda m: m.update(format=True),
    "counts": lambda m: m["counts"].update(stickers=13),
    "alpha = -1": lambda m: m["settings"].update(alpha=-1),
    "unknown setting": lambda m: m["settings"].update(beta=1),
    "wrong type": lambda m: m["settings"].update(field_weights=3),
    "no bytes and sha256": lambda m: m["files"].pop(layout.PEOPLE),
    "../outside": lambda m: m["files"].update({"../outside": {"bytes": 1, "sha256": "0"}}),
    "/etc/passwd": lambda m: m["files"].update({"/etc/passwd": {"bytes": 1, "sha256": "0"}}),
    "has files": lambda m: m.update(files=[]),
    "has simulated": lambda m: m.update(simulated="yes"),
    "bundle.json.gates.toy is 5": lambda m: m["gates"].update(toy=5),
    "bundle.json.index.bm25 has no ocr": lambda m: m["index"]["bm25"].pop("ocr"),
    "bundle.json.provenance.import has no folder": lambda m: m["provenance"].update({"import": {}}),
}


@pytest.mark.parametrize("words", MANIFEST_DAMAGE)
def test_manifests_that_lie_are_refused(copy: Path, words: str) -> None:
    path = copy / layout.MANIFEST
    manifest = json.loads(path.read_text())
    MANIFEST_DAMAGE[words](manifest)
    manifest["manifest_sha256"] = layout.manifest_hash(manifest)
    path.write_text(layout.canonical(manifest))
    with pytest.raises(BundleError) as told:
        Bundle.open(copy)
    assert words in str(told.value)
    assert any(words in sentence for sentence in verify(copy)), verify(copy)


def test_a_newer_format_says_what_to_do(copy: Path) -> None:
    reseal(copy, lambda m: m.update(format=7))
    with pytest.raises(BundleError, match="Update PerSRV"):
        Bundle.open(copy)


def test_older_formats_take_numbered_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "MIGRATIONS", {0: lambda manifest: {**manifest, "notes": "migrated"}, 1: dict, 2: dict})
    assert layout.migrate({"format": 0})["notes"] == "migrated"


def test_what_is_no_bundle_says_so(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="No folder"):
        Bundle.open(tmp_path / "nowhere")
    with pytest.raises(BundleError, match=r"No bundle\.json"):
        Bundle.open(tmp_path)
    (tmp_path / "bundle.json").write_text("[1]")
    with pytest.raises(BundleError, match="holds a list"):
        Bundle.open(tmp_path)
    (tmp_path / "bundle.json").write_bytes(b"\xff\xfe")
    assert verify(tmp_path)
    assert verify(tmp_path / "nowhere")


@pytest.mark.parametrize("path", ["", ".", "..", "a/../b", "/a", "a//b", "a/", "./a", "C:a", "a\\b", "a\0"])
def test_unsafe_paths(path: str) -> None:
    assert not layout.is_safe(path)


# ---- writing --------------------------------------------------------------------------------------------------------


def test_an_interrupted_writer_leaves_the_old_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = toy.write_toy(tmp_path)

    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(writer, "_write_manifest", power_cut)
    with pytest.raises(KeyboardInterrupt):
        toy.write_toy(tmp_path, notes=Text.same("new"))
    assert verify(old.path) == []
    assert Bundle.open(old.path).notes.en == "A toy."
    assert sorted(path.name for path in tmp_path.iterdir()) == ["drawn", "toy"], "nothing is left lying about"


def test_a_failed_rename_puts_the_old_bundle_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = toy.write_toy(tmp_path)
    rename = Path.rename

    def fails(self: Path, target: Path) -> Path:
        if self.name.endswith(".writing"):
            raise OSError("no space")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(OSError, match="no space"):
        toy.write_toy(tmp_path, notes=Text.same("new"))
    assert Bundle.open(old.path).notes.en == "A toy."


def test_a_writer_killed_between_its_renames_is_repaired(tmp_path: Path) -> None:
    old = toy.write_toy(tmp_path)
    old.path.rename(tmp_path / ".toy.previous")
    with pytest.raises(DataError):
        toy.write_toy(tmp_path, interactions={"dev": ()})
    assert Bundle.open(old.path).notes.en == "A toy."


def test_a_new_bundle_replaces_the_old(tmp_path: Path) -> None:
    toy.write_toy(tmp_path)
    assert toy.write_toy(tmp_path, notes=Text.same("new")).notes.en == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["drawn", "toy"]


#: Takes the lock of a bundle as a writer does, says so, and never lets it go.
HOLDING = """
import sys
from pathlib import Path
from persrv.bundle.replacing import replacing
with replacing(Path(sys.argv[1])) as work:
    work.mkdir()
    (work / "half").write_text("done")
    print("writing", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other_writer(tmp_path: Path) -> Iterator[subprocess.Popen]:
    """A second process in the middle of writing a bundle over an old one."""
    target = toy.write_toy(tmp_path).path
    command = [sys.executable, "-c", HOLDING, str(target)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"writing\n"
        yield process
        process.kill()


def test_a_second_writer_stops_before_any_work(tmp_path: Path, other_writer: subprocess.Popen) -> None:
    for second in (
        lambda: toy.write_toy(tmp_path, notes=Text.same("second")),
        lambda: amend_evaluation(tmp_path / "toy", {"schema": 2}, {}, {}),
    ):
        with pytest.raises(DataError, match=r"toy is being written by another writer.*one at a time.*Wait until"):
            second()
    assert (tmp_path / ".toy.writing" / "half").read_text() == "done", "the first one's work is whole"
    assert Bundle.open(tmp_path / "toy").notes.en == "A toy.", "a reader waits for nobody"
    assert verify(tmp_path / "toy") == []


def test_a_killed_writers_lock_blocks_nobody(tmp_path: Path, other_writer: subprocess.Popen) -> None:
    other_writer.kill()
    other_writer.wait()
    assert (tmp_path / ".toy.lock").exists(), "it could not clear up"
    assert toy.write_toy(tmp_path, notes=Text.same("next")).notes.en == "next"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["drawn", "toy"]


def test_of_two_writers_in_one_process_the_second_stops(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="another writer"), replacing(tmp_path / "toy"):
        toy.write_toy(tmp_path)
    assert toy.write_toy(tmp_path).notes.en == "A toy."


def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    real = toy.write_toy(tmp_path / "disk").path
    (tmp_path / "toy").symlink_to(real)
    for notes in ("new", "newer"):
        assert toy.write_toy(tmp_path, notes=Text.same(notes)).notes.en == notes
        assert (tmp_path / "toy").is_symlink()
        assert Bundle.open(real).notes.en == notes
    assert sorted(path.name for path in real.parent.iterdir()) == ["drawn", "toy"]


def test_the_bundle_in_which_one_stands_can_be_amended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = toy.write_toy(tmp_path).path
    monkeypatch.chdir(path)
    assert amend_evaluation(".", {"schema": 1}, {}, {"seconds": {}}).evaluation == {"schema": 1}
    assert Bundle.open(path).evaluation == {"schema": 1}


def test_a_file_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "toy").write_text("a letter")
    with pytest.raises(DataError, match="is a file"):
        toy.write_toy(tmp_path)
    assert (tmp_path / "toy").read_text() == "a letter"


def test_somebody_elses_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "thesis.txt").write_text("years of work")
    with pytest.raises(DataError, match="something else"):
        toy.write_toy(tmp_path)
    assert (tmp_path / "toy" / "thesis.txt").read_text() == "years of work"


BAD_CONTENTS = {
    "shape": {"embeddings": np.zeros(12)},
    "NaN": {"evaluation": {"R@1": float("nan")}},
    "alpha": {"settings": SearchSettings(alpha=float("nan"))},
    "unknown split": {"interactions": {"dev": ()}},
    "Centroids": {
        "user_styles": [UserStyle("a", np.ones((1, 3), np.float32), np.ones(1, np.int32), np.zeros(1), (("s01",),))]
    },
    "surrogates": {"people": [Person("a", "\ud800", "", "", "")]},
    "file name": {"models": {"../x": Path("x")}},
    "cannot be copied": {"models": {"x.onnx": Path("/nowhere/x.onnx")}},
    "picture of its own": {"images": {}},
}


@pytest.mark.parametrize("words", BAD_CONTENTS)
def test_contents_that_cannot_be_stored(tmp_path: Path, words: str) -> None:
    parts = {**BAD_CONTENTS[words]}
    with pytest.raises(DataError, match=words):
        write_bundle(tmp_path / "toy", BundleContents(**{**_parts(tmp_path), **parts}))
    assert not (tmp_path / "toy").exists()
    assert not (tmp_path / ".toy.writing").exists()


def _parts(folder: Path) -> dict:
    whole = toy.contents(folder / "drawn")
    return {name: getattr(whole, name) for name in BundleContents.__slots__}


def test_contents_that_contradict_each_other(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="length"):
        toy.write_toy(tmp_path, embeddings=toy.embeddings() * 2)
    with pytest.raises(BundleError, match="unknown sticker"):
        toy.write_toy(tmp_path, interactions={"train": [Interaction("a", "b", "s99")]})
    assert not (tmp_path / "toy").exists()


def test_queries_are_indexed_one_by_one() -> None:
    sticker = toy.stickers()[1]
    assert sticker.queries == ("laugh", "笑死")
    assert indexing.index_tokens(sticker, "queries")[0] == "laugh"
    assert indexing.index_tokens(sticker, "ocr") == ["laugh"]


# ---- settings -------------------------------------------------------------------------------------------------------


def test_settings_come_back() -> None:
    chosen = SearchSettings({"ocr": 2.0}, 0.5, 0.25, (0.2, 0.3, 0.5), 0.2, 50, False, True)
    assert settings_from_json(json.loads(json.dumps(settings_to_json(chosen)))) == chosen
    assert settings_from_json({}) == SearchSettings()
    assert set(SearchSettings().field_weights) == set(FIELDS)


# ---- what a large catalogue needs -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_embedded_bundle_is_written_as_it_was(tmp_path: Path) -> None:
    """Streaming changed no byte: the tables, arrays and indexes of assets/demo, written again, have their hashes."""
    demo = Bundle.open(Path(__file__).parents[3] / "assets" / "demo")
    written = write_bundle(
        tmp_path / "again",
        BundleContents(
            name=demo.name,
            licence=demo.licence,
            simulated=True,
            stickers=demo.stickers,
            interactions=demo.interactions,
            people=demo.people,
            embeddings=demo.embeddings,
            user_styles=list(demo.styles.values()),
            utility_counts=demo.utility_counts,
            images={name: demo.image_path(name) for name in demo.ids},
            style_mean=demo.style_mean,
            style_precision=demo.style_precision,
            map_xy=demo.map_xy,
            settings=demo.settings,
            meaning=demo.meaning,
            lexicon=demo.lexicon,
            sends=demo.sends,
            bm25={name: stated_parameters(demo.manifest, name) for name in FIELDS},
        ),
    )
    ours = {name: entry for name, entry in written.manifest["files"].items() if name != layout.EVALUATION}
    shipped = demo.manifest["files"]
    assert ours == {name: shipped[name] for name in ours}
    left_out = {name.partition("/")[0] for name in set(shipped) - set(ours)}
    assert left_out <= {"evaluation", "evaluation.json", "models"}
    assert written.manifest["format"] == demo.manifest["format"] == 1


# ---- an index by another analyser -----------------------------------------------------------------------------------


def outdated(folder: Path) -> Path:
    """The bundle as an analyser of old would have written it: other tokens, and an idf that is not named."""
    for name in FIELDS[:-1]:  # the toy's stickers have no names
        FieldIndex.build([["old"]] * 12).save(folder / layout.INDEX / name)

    def change(manifest: dict) -> None:
        manifest["index"]["analyser"] = "1: of old"
        for parameters in manifest["index"]["bm25"].values():
            del parameters["idf"]

    reseal(folder, change)
    return folder


def test_a_small_bundle_by_another_analyser_is_indexed_anew_when_it_is_opened(
    copy: Path, toy_bundle_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    opened, written = Bundle.open(outdated(copy)), Bundle.open(toy_bundle_path)
    assert opened.manifest["index"] == written.manifest["index"]
    for name in FIELDS:
        np.testing.assert_array_equal(opened.index[name].impacts, written.index[name].impacts)
    assert "python -m precompute reindex" in caplog.text
    assert any("The index was made by analyser '1: of old'" in sentence for sentence in verify(copy))


def test_a_large_bundle_by_another_analyser_says_what_to_do(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("persrv.bundle.reader.QUICK_ROWS", 11)
    with pytest.raises(BundleError, match=r"analyser '1: of old'.*python -m precompute reindex"):
        Bundle.open(outdated(copy))


def test_reindexing_changes_the_index_alone(copy: Path, toy_bundle_path: Path) -> None:
    before = (copy / layout.EMBEDDINGS).stat().st_ino
    reindex(outdated(copy))
    assert verify(copy) == []
    assert (copy / layout.EMBEDDINGS).stat().st_ino == before, "what stays is not copied"
    assert json.loads((copy / layout.MANIFEST).read_text()) == Bundle.open(toy_bundle_path).manifest


def test_an_unknown_idf_is_refused(copy: Path) -> None:
    reseal(outdated(copy), lambda manifest: manifest["index"]["bm25"]["ocr"].update(idf="other"))
    with pytest.raises(BundleError, match=r"idf 'other'.*lucene or rank_bm25"):
        Bundle.open(copy)
