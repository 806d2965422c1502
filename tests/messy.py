"""A folder of stickers as people have them, made by hand: every kind of file the import must live with."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageDraw

#: Content of `messy_folder`: reason -> number of files dropped for it.
DROPPED = {
    "an empty file": 1,
    "not a picture": 2,
    "a picture of which less than half is there: get it again": 1,
    "a video (WebM)": 1,
    "a vector animation (TGS) or an archive": 1,
    "a picture of more than 120 million pixels": 1,
    "a hidden or system file": 2,
    "the same picture as another file": 1,
}

#: The same where videos and vector animations are opened, as a build does.
OPENED = {
    f"{reason}, damaged: get it again" if reason[:7] in ("a video", "a vecto") else reason: count
    for reason, count in DROPPED.items()
}

#: Ids of its pictures.
IDS = (
    "alpha",
    "cmyk",
    "coffee/good night",
    "grey",
    "jump",
    "large",
    "named_gif",
    "palette",
    "pixel",
    "spin",
    "tea/good night",
    "turned",
    "twice copy",
    "猫咪 笑",
)


def messy_folder(root: Path) -> Path:
    """Write the folder below `root` and return it."""
    folder = root / "my stickers"
    for series in ("coffee", "tea", "猫", "__MACOSX"):
        (folder / series).mkdir(parents=True)
    _square("red").save(folder / "coffee" / "good night.png")
    _square("blue").save(folder / "tea" / "good night.png")
    _square("green").save(folder / "猫" / "猫咪 笑.webp")
    _square("black", "L").save(folder / "grey.png")
    _square("orange").convert("P").save(folder / "palette.png")
    _square("purple").convert("CMYK").save(folder / "cmyk.jpg")
    Image.new("RGBA", (40, 30), (255, 0, 0, 90)).save(folder / "alpha.png")
    Image.new("RGB", (1, 1), "white").save(folder / "pixel.png")
    Image.new("RGB", (8000, 2000), "pink").save(folder / "large.jpg", quality=30)
    _square("brown").save(folder / "named_gif.gif", "JPEG")
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (60, 20), "navy").save(folder / "turned.jpg", exif=exif)
    _moving().save(folder / "jump.gif", save_all=True, append_images=[_square("yellow"), _square("cyan")], duration=80)
    _moving().save(folder / "spin.png", save_all=True, append_images=[_square("tan")], duration=60)
    _square("gold").save(folder / "twice.png")
    (folder / "twice copy.png").write_bytes((folder / "twice.png").read_bytes())
    _broken(folder)
    return folder


def _broken(folder: Path) -> None:
    """The files that are no stickers."""
    (folder / "empty.png").touch()
    (folder / "readme.txt").write_text("not a sticker", encoding="utf-8")
    (folder / "notes.jpg").write_text("nor is this", encoding="utf-8")
    noise = io.BytesIO()
    Image.effect_noise((64, 64), 80).save(noise, "PNG")
    (folder / "torn.png").write_bytes(noise.getvalue()[:900])
    (folder / "clip.webm").write_bytes(b"\x1a\x45\xdf\xa3" + bytes(60))
    (folder / "vector.tgs").write_bytes(b"\x1f\x8b\x08" + bytes(60))
    Image.new("1", (12_000, 11_000)).save(folder / "bomb.png")
    (folder / ".DS_Store").write_bytes(b"x")
    _square("red").save(folder / "__MACOSX" / "copy.png")


def _square(colour: str, mode: str = "RGB") -> Image.Image:
    picture = Image.new("RGB", (48, 48), "white")
    ImageDraw.Draw(picture).ellipse((6, 6, 42, 42), fill=colour)
    return picture.convert(mode)


def _moving() -> Image.Image:
    return _square("magenta")
