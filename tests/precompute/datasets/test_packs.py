"""Packs and exports among a folder of stickers come in like folders, and none of their files leads anywhere."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from precompute.datasets import packs
from precompute.datasets.folder import Scan, scan
from precompute.datasets.whatsapp import said_in


def drawn(shade: int, kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (40, 40), (shade, 9, 9)).save(stream, kind, lossless=True)
    return stream.getvalue()


def pack(path: Path, members: dict[str, bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.fixture
def look(tmp_path: Path):  # type: ignore[no-untyped-def]
    """A scan of the folder `stickers`, or of what is given."""
    return lambda root=tmp_path / "stickers": scan(root, store=tmp_path / "store")


def reasons(found: Scan) -> dict[str, list[str]]:
    return {row["reason"]["en"]: row["examples"] for row in found.dropped.rows()}


def test_a_pack_among_loose_files_is_a_folder(tmp_path: Path, look) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "stickers"
    pack(folder / "chat" / "foxes.zip", {"a.png": drawn(1), "deep/b.png": drawn(2), "__MACOSX/._a.png": b"x"})
    (folder / "loose.png").write_bytes(drawn(3))
    found = look()
    assert {each.id: each.series for each in found.pictures} == {
        "a": "chat/foxes",
        "b": "chat/foxes/deep",
        "loose": "",
    }
    assert reasons(found) == {"a hidden or system file": ["chat/foxes/__MACOSX/._a.png"]}
    assert found.files == 4
    assert look() == found, "what is unpacked stays"


def test_a_pack_by_itself_is_the_folder(tmp_path: Path, look) -> None:  # type: ignore[no-untyped-def]
    archive = pack(tmp_path / "foxes.zip", {"foxes/a.png": drawn(1), "foxes/sad/b.png": drawn(2)})
    assert {each.id: each.series for each in look(archive).pictures} == {"a": "", "b": "sad"}


def test_a_pack_that_was_packed_as_a_folder_is_one_folder(tmp_path: Path, look) -> None:  # type: ignore[no-untyped-def]
    pack(tmp_path / "stickers" / "foxes.zip", {"foxes/a.png": drawn(1)})
    assert [each.series for each in look().pictures] == ["foxes"]


def test_a_pack_for_whatsapp_has_its_title_and_no_icon(tmp_path: Path, look) -> None:  # type: ignore[no-untyped-def]
    members = {
        "title.txt": b"Sleepy Cats\n",
        "author.txt": b"me",
        "tray.png": drawn(1),
        "1.webp": drawn(2, "WEBP"),
    }
    pack(tmp_path / "stickers" / "x1.wastickers", members)
    (picture,) = (found := look()).pictures
    assert picture.names == ("Sleepy Cats/1.webp",)
    assert reasons(found)["the icon of a sticker pack"] == ["Sleepy Cats/tray.png"]


@pytest.mark.parametrize(
    ("title", "folder"), [("早安晚安".encode("gbk"), "早安晚安"), ("晚安".encode(), "晚安"), (b"\xff\xfe\xff", "x1")]
)
def test_a_title_in_an_old_encoding_is_read_and_one_that_is_no_text_is_none(
    tmp_path: Path,
    look,
    title: bytes,
    folder: str,  # type: ignore[no-untyped-def]
) -> None:
    pack(tmp_path / "stickers" / "x1.wastickers", {"title.txt": title, "1.webp": drawn(2, "WEBP")})
    assert look().pictures[0].names == (f"{folder}/1.webp",)


@pytest.mark.parametrize("name", ["../out.png", "a/../../out.png", "/out.png", "C:\\out.png", "..\\out.png"])
def test_no_member_leads_out_of_its_pack(tmp_path: Path, look, name: str) -> None:  # type: ignore[no-untyped-def]
    pack(tmp_path / "stickers" / "p.zip", {name: drawn(1), "in.png": drawn(2)})
    before = {path for path in tmp_path.rglob("*") if "store" not in path.parts}
    found = look()
    assert [each.id for each in found.pictures] == ["in"]
    assert list(reasons(found)) == ["a file that would leave its pack"]
    assert {path for path in tmp_path.rglob("*") if "store" not in path.parts} == before
    assert all(path.name.partition(".")[0].isalnum() for path in (tmp_path / "store").rglob("*") if path.is_file())


def test_a_link_in_a_pack_is_not_followed(tmp_path: Path, look) -> None:  # type: ignore[no-untyped-def]
    path = pack(tmp_path / "stickers" / "p.zip", {"in.png": drawn(1)})
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("passwords.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    found = look()
    assert [each.id for each in found.pictures] == ["in"]
    assert reasons(found) == {"a link in a pack, which is not followed": ["p/passwords.png"]}


def test_a_bomb_costs_itself_alone(tmp_path: Path, look, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(packs, "MOST_MEMBER", 4 << 20)
    squeezed, large = bytes(3 << 20), bytes(range(256)) * (5 << 12)
    pack(tmp_path / "stickers" / "p.zip", {"squeezed.png": squeezed, "large.png": large, "in.png": drawn(1)})
    found = look()
    assert [each.id for each in found.pictures] == ["in"]
    left = [name for names in reasons(found).values() for name in names]
    assert sorted(left) == ["p/large.png", "p/squeezed.png"]


@pytest.mark.parametrize(("limit", "most"), [("MOST_MEMBERS", 2), ("MOST_BYTES", 300)])
def test_a_pack_beyond_the_limits_is_refused_whole(  # type: ignore[no-untyped-def]
    tmp_path: Path, look, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(packs, limit, most)
    pack(tmp_path / "stickers" / "p.zip", {f"{number}.png": drawn(number) for number in range(4)})
    (tmp_path / "stickers" / "ok.png").write_bytes(drawn(200))
    found = look()
    assert [each.id for each in found.pictures] == ["ok"]
    ((reason, names),) = reasons(found).items()
    assert "too large" in reason
    assert names == ["p.zip"]


def test_damaged_locked_and_other_archives_are_told_apart(tmp_path: Path, look) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "stickers"
    whole = pack(folder / "torn.zip", {"a.png": drawn(1)}).read_bytes()
    (folder / "torn.zip").write_bytes(whole[: len(whole) // 2])
    pack(folder / "letter.docx", {"[Content_Types].xml": b"", "word/media/a.png": drawn(2)})
    locked = bytearray(pack(folder / "locked.zip", {"a.png": drawn(3)}).read_bytes())
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(sign) + place] |= 1
    (folder / "locked.zip").write_bytes(locked)
    pack(folder / "nest.zip", {"inner.zip": whole, "ok.png": drawn(4)})
    found = look()
    assert [each.id for each in found.pictures] == ["ok"]
    assert reasons(found) == {
        "a damaged pack or archive: get it again": ["torn.zip"],
        "a document or program, which is no pack of stickers": ["letter.docx"],
        "a pack inside a pack: unpack it into the folder": ["nest/inner.zip"],
        "a pack with a password: unpack it into the folder": ["locked.zip"],
    }


def test_names_in_an_old_encoding_are_read(tmp_path: Path, look) -> None:  # type: ignore[no-untyped-def]
    name = "早上好/不想上班.png".encode("gbk").decode("cp437")
    path = pack(tmp_path / "stickers" / "p.zip", {"in.png": drawn(2)})
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("x" * len(name))
        archive.writestr(info, drawn(1))
    path.write_bytes(path.read_bytes().replace(b"x" * len(name), name.encode("cp437")))
    assert {each.id for each in look().pictures} == {"in", "不想上班"}


# ---- exports of Telegram --------------------------------------------------------------------------------------------


def message(file: str, emoji: str, kind: str = "sticker") -> dict[str, str]:
    return {"type": "message", "media_type": kind, "file": file, "sticker_emoji": emoji}


def export(folder: Path, messages: list[object], everything: bool = False) -> Path:
    (folder / "stickers").mkdir(parents=True)
    (folder / "photos").mkdir()
    for number, name in enumerate(("sticker.png", "sticker (1).png", "sticker.png_thumb.jpg"), 10):
        (folder / "stickers" / name).write_bytes(drawn(number))
    (folder / "photos" / "photo_1.png").write_bytes(drawn(99))
    chat = {"name": "a friend", "messages": messages}
    document = {"chats": {"list": [chat]}} if everything else chat
    (folder / "result.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


SENT: list[object] = [
    message("stickers/sticker.png", "😂"),
    message("stickers/sticker.png", "😭"),
    message("stickers/sticker (1).png", "👋"),
    {"type": "message", "file": "photos/photo_1.png", "text": "look"},
]


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("below", ["", "exports/"])
def test_an_export_gives_its_stickers_with_their_emoji(tmp_path: Path, look, everything: bool, below: str) -> None:  # type: ignore[no-untyped-def]
    export(tmp_path / "stickers" / below, SENT, everything)
    found = look()
    assert {each.id: each.emoji for each in found.pictures} == {"sticker": ("😂", "😭"), "sticker (1)": ("👋",)}
    left = reasons(found)["a file of a Telegram export that is no sticker"]
    assert left == [
        f"{below}{name}" for name in ("photos/photo_1.png", "result.json", "stickers/sticker.png_thumb.jpg")
    ]


def test_an_export_in_a_pack_is_one(tmp_path: Path, look) -> None:  # type: ignore[no-untyped-def]
    folder = export(tmp_path / "elsewhere", SENT)
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    pack(tmp_path / "stickers" / "chat.zip", files)
    assert {each.id: each.emoji for each in look().pictures} == {"sticker": ("😂", "😭"), "sticker (1)": ("👋",)}


def test_an_export_never_looks_outside_its_folder(tmp_path: Path, look) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "secret.png").write_bytes(drawn(50))
    outside = ["../../secret.png", str(tmp_path / "secret.png"), "stickers/../../../secret.png", "C:/secret.png"]
    absent = ["(File not included. Change data exporting settings to download.)", "stickers/gone.webp"]
    messages = [*SENT, *(message(file, "😂") for file in (*outside, *absent, "stickers/linked.png"))]
    folder = export(tmp_path / "stickers", messages)
    (folder / "stickers" / "linked.png").symlink_to(tmp_path / "secret.png")
    found = look()
    assert {each.id for each in found.pictures} == {"sticker", "sticker (1)"}
    told = reasons(found)
    assert sorted(told["a sticker that a Telegram export looks for outside its folder"]) == sorted(outside)
    assert told["a link in a Telegram export, which is not followed"] == ["stickers/linked.png"]
    lost = told["a sticker that Telegram left out of its export: export again with “Stickers” ticked"]
    assert sorted(lost) == ["result.json", "stickers/gone.webp"]


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"messages": 3}', '{"messages": [1, null, {"media_type": "sticker"}]}', '{"chats": []}']
)
def test_any_other_result_json_is_a_file_like_any(tmp_path: Path, look, content: str) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "stickers"
    folder.mkdir()
    (folder / "result.json").write_text(content, encoding="utf-8")
    (folder / "a.png").write_bytes(drawn(1))
    assert [each.id for each in look().pictures] == ["a"]


# ---- WhatsApp -------------------------------------------------------------------------------------------------------


def test_a_sticker_of_whatsapp_says_its_emoji_and_its_pack(tmp_path: Path, look) -> None:  # type: ignore[no-untyped-def]
    said = json.dumps({"sticker-pack-id": "1", "sticker-pack-name": "Sleepy cats", "emojis": ["😴", "😴", 3]})
    exif = b"II*\0\x08\0\0\0\x01\0AW\x07\0" + len(said).to_bytes(4, "little") + b"\x16\0\0\0" + said.encode()
    folder = tmp_path / "stickers"
    folder.mkdir()
    Image.new("RGB", (40, 40), "red").save(folder / "STK-2024.webp", exif=exif)
    (picture,) = look().pictures
    assert (picture.emoji, picture.packs) == (("😴",), ("Sleepy cats",))
    assert look().pictures == (picture,), "kept with what was seen"


@pytest.mark.parametrize("exif", [b"", b'{"sticker-pack-name": 3}', b'{"sticker-pack-id": [', b"sticker-pack {}"])
def test_other_metadata_say_nothing(exif: bytes) -> None:
    assert said_in(exif) == ((), "")
