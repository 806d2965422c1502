"""Pictures with damage that viewers forgive come in; whatever cannot come in is told for what it is."""

from __future__ import annotations

import importlib
import io
import os
import struct
import zlib
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image, ImageDraw

from persrv.files.picture_files import open_picture
from precompute.datasets import no_pictures
from precompute.datasets.folder import scan
from precompute.stages.gather import gather


def drawn(kind: str, side: int = 90, **options: object) -> bytes:
    """A picture of a red disc on white as a file."""
    picture = Image.new("RGB", (side, side), "white")
    ImageDraw.Draw(picture).ellipse((9, 9, side - 9, side - 9), fill="red")
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_with(*chunks: bytes) -> bytes:
    whole = drawn("PNG")
    return whole[:33] + b"".join(chunks) + whole[33:]  # after the header


def jpeg_with(marker: int, content: bytes) -> bytes:
    whole = drawn("JPEG")
    return whole[:2] + b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content + whole[2:]


def webp_with(name: bytes, content: bytes) -> bytes:
    body = drawn("WEBP", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0")[12:]
    place = body.index(b"EXIF")
    chunks = body[:place] + name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def come_in(tmp_path: Path, name: str, content: bytes) -> Image.Image:
    """The picture of a file as later stages see it."""
    folder = tmp_path / "stickers"
    folder.mkdir()
    (folder / name).write_bytes(content)
    (found,) = scan(folder).pictures
    with open_picture(gather({"a": found.path}, tmp_path / "shown")["a"]) as picture:
        picture.getexif()  # later readers meet no damage
        return picture.convert("RGB")


ODD = b"MM\0*\0\0\0\x08\xff\xff\x01\x12"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("exif.png", png_with(chunk(b"eXIf", b"\0\x08\0\x02" + ODD))),
        ("crc.png", png_with(chunk(b"eXIf", ODD)[:-1] + b"\0")),
        ("profile.png", png_with(chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(3_000_000))))),
        ("texts.png", png_with(*(chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(900_000))) for _ in range(80)))),
        ("text.png", png_with(chunk(b"zTXt", b"workflow\0\0" + zlib.compress(bytes(30_000_000))))),
        ("torn text.png", png_with(chunk(b"iTXt", b"no zero byte at all"))),
        ("exif.jpg", jpeg_with(0xE1, b"Exif\0\0" + ODD)),
        ("short exif.jpg", jpeg_with(0xE1, b"Exif\0\0II")),
        ("parts.jpg", jpeg_with(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\xff\xff\xff\xff")),
        ("exif.webp", webp_with(b"EXIF", ODD)),
        ("xmp.webp", webp_with(b"XMP ", b"\xff" * 40)),
    ],
)
def test_damaged_metadata_do_not_matter(tmp_path: Path, name: str, content: bytes) -> None:
    picture = come_in(tmp_path, name, content)
    assert picture.size == (90, 90)
    red, green, _ = picture.getpixel((45, 45))  # type: ignore[misc]
    assert red > 200 > green


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF"])
def test_a_picture_that_lacks_its_end_is_shown_as_far_as_it_goes(tmp_path: Path, kind: str) -> None:
    noise = io.BytesIO()
    Image.effect_noise((120, 120), 90).save(noise, kind)
    whole = noise.getvalue()
    picture = come_in(tmp_path, f"cut.{kind.lower()}", whole[: len(whole) * 9 // 10])
    assert picture.width == 120
    assert 80 < picture.height <= 120, "what is not there is cut off"
    picture.close()


@pytest.mark.parametrize("share", [0.5, 0.6, 0.7, 0.8, 0.9, 0.99])
def test_an_animation_that_lacks_its_end_has_its_first_pictures(tmp_path: Path, share: float) -> None:
    frames = [Image.effect_noise((60, 60), 20 + 20 * number) for number in range(5)]
    stream = io.BytesIO()
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:], duration=80)
    (tmp_path / "cut.gif").write_bytes(stream.getvalue()[: int(len(stream.getvalue()) * share)])
    (found,) = scan(tmp_path).pictures
    with open_picture(gather({"a": found.path}, tmp_path / "shown")["a"]) as picture:
        count = getattr(picture, "n_frames", 1)
        picture.seek(count - 1)
        picture.load()
    assert 2 <= count <= 5


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.gif", b"wxgf" + bytes(80), "WeChat"),
        ("a.rar", b"Rar!\x1a\x07\x01\0" + bytes(80), "unpack"),
        ("a.png", b"7z\xbc\xaf\x27\x1c" + bytes(80), "unpack"),
        ("a.png", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "git lfs pull"),
        ("a.jpg", b"\n<!DOCTYPE HTML><title>404</title>", "web page"),
        ("a.svg", b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "export"),
        ("a.png.crdownload", drawn("PNG")[:90], "unfinished"),
        ("a.zip.part", b"PK\x03\x04" + bytes(80), "unfinished"),
        ("a.png", bytes(4000), "zeros"),
        ("a.tar", bytes(257) + b"ustar\x0000" + bytes(300), "unpack"),
        ("a.zst", b"\x28\xb5\x2f\xfd" + bytes(80), "unpack"),
        ("a.bpg", b"BPG\xfb" + bytes(80), "convert"),
        ("a.dat", bytes(byte ^ 0x5A for byte in drawn("JPEG")), "WeChat encrypted"),
        ("b.dat", bytes(byte ^ 0xC3 for byte in drawn("PNG")), "WeChat encrypted"),
        ("a.mp4", b"\0\0\0\x18ftypmp42" + bytes(80), "MP4"),
        ("a.heic", b"\0\0\0\x18ftypheic" + bytes(80), "damaged picture"),
        ("a.txt", b"hello", "not a picture"),
    ],
)
def test_a_file_is_told_for_what_it_is(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / "ok.png").write_bytes(drawn("PNG"))
    (tmp_path / name).write_bytes(content)
    (reason,) = scan(tmp_path).dropped.counts
    assert told in reason


@pytest.mark.parametrize("kind", ["TGA", "PPM", "PCX", "JPEG2000", "AVIF", "BMP", "DDS", "SGI", "QOI"])
def test_formats_that_a_library_at_hand_reads_come_in(tmp_path: Path, kind: str) -> None:
    assert come_in(tmp_path, f"a.{kind.lower()}", drawn(kind)).size == (90, 90)


@pytest.mark.parametrize(
    ("encoding", "names"),
    [("gbk", ("早上好", "不想上班")), ("big5", ("晚安謝謝", "我愛你")), ("utf-8", ("早上好", "thé"))],
)
def test_names_in_old_encodings_are_read_and_have_an_id_each(
    tmp_path: Path, encoding: str, names: tuple[str, str]
) -> None:
    for name, side in zip(names, (40, 50), strict=True):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name.encode(encoding) + b".png")).write_bytes(
            drawn("PNG", side)
        )
    assert {picture.id for picture in scan(tmp_path).pictures} == set(names)


@pytest.mark.parametrize(
    "names",
    [
        (b"\xff.png", b"\xfe.png"),  # neither reads
        ("é.png".encode(), "e\u0301.png".encode()),  # one letter in two spellings
        ("早.png".encode(), "早".encode("gbk") + b".png"),  # one name in two encodings
        (b"\xff.png", b"\xfe.png", "\ufffd (2).png".encode()),  # the number is taken
    ],
)
def test_names_that_read_alike_stay_two_stickers(tmp_path: Path, names: tuple[bytes, ...]) -> None:
    for side, name in enumerate(names, 30):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(drawn("PNG", side))
    found = scan(tmp_path)
    assert len({picture.id for picture in found.pictures}) == len(names)
    assert sorted({picture.width for picture in found.pictures}) == [30 + place for place in range(len(names))]


def test_upright_where_it_can_be_told(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = io.BytesIO()
    Image.new("RGB", (60, 20), "navy").save(turned, "JPEG", exif=exif)
    assert come_in(tmp_path, "turned.jpg", turned.getvalue()).size == (20, 60)


@pytest.mark.parametrize(("kind", "package"), [("HEIF", "pillow_heif"), ("JXL", "pillow_jxl")])
def test_optional_formats_come_in_or_name_what_they_need(
    tmp_path: Path, kind: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    importlib.import_module(package)
    pillow_heif.register_heif_opener()
    photo = drawn(kind)
    assert come_in(tmp_path, "photo", photo).size == (90, 90)
    (tmp_path / "stickers" / "ok.png").write_bytes(drawn("PNG"))
    monkeypatch.setattr(no_pictures, "find_spec", lambda name: None)
    (reason,) = scan(tmp_path / "stickers").dropped.counts
    assert "pip install -r precompute/requirements-formats.txt" in reason
