"""Duration and memory of building a bundle from a folder of stickers, of adding 20 more; and what searches find.

    python benchmarks/folder.py [--files 1800] [--new 20] [--seed 1] [--keep FOLDER] [--save docs/measurements.json]

Makes a folder from a seed: pictures of 64 to 1,080 pixels with a caption of 1 to 8 words or characters, outlined or on
a bubble, before plain grounds, gradients, blobs or noise, some without words; PNG with and without transparency, JPEG,
WebP, animated GIF and WebP, and in every hundred a picture of 4,000 x 3,000 pixels and seven files that are no
stickers. Then runs `python -m precompute build --images` on it in a fresh process without a cache, and asks the bundle
how many captions were read exactly as written. Then NEW files are added, as many renamed, and the same command runs
again. Memory is the largest sum, over the processes of a build, of their shares (PSS), looked at every half second.
At last a small folder of real phrases is built and asked (benchmarks/phrases.py). Drawing does not count. Goals on two
quiet cores: 480 s, an update in 30 s, 2 GB. Last line: JSON.
"""

from __future__ import annotations

import argparse
import io
import os
import platform
import random
import resource
import sys
import tempfile
import time
import unicodedata
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np
import phrases
import psutil
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from saved import conclude

from persrv.bundle import Bundle, verify
from precompute.demo.art.fonts import FONTS

SIDES = (64, 120, 160, 200, 240, 240, 240, 300, 300, 400, 480, 512, 512, 640, 720, 1080)
WORDS = (
    "good",
    "night",
    "see you",
    "tomorrow",
    "thanks",
    "a lot",
    "no way",
    "I am fine",
    "hello",
    "boss",
    "coffee",
    "why",
)
CHARACTERS = "我你他好的不是在吗了吧呀哈嗯早安晚上班下班快乐生日谢谢老板再见想睡觉吃饭加油没问题收到可以真棒无语"
FACES = ("noto-sans", "noto-serif", "smiley", "wenkai")

#: Kind of file -> count in every hundred files.
MIX = {"png": 36, "jpeg": 24, "webp": 12, "gif": 15, "animated webp": 4, "palette": 1, "huge": 1, "no sticker": 7}


# ---- the folder -----------------------------------------------------------------------------------------------------


def make_folder(folder: Path, files: int, seed: int) -> dict[str, str]:
    """Write the files; picture's file name without extension -> its caption, "" for none."""
    rng = random.Random(seed)
    kinds = [kind for kind, count in MIX.items() for _ in range(count)]
    captions: dict[str, str] = {}
    for number in range(files):
        kind = kinds[number % 100]
        series = folder / f"series {number % 23:02}"
        series.mkdir(parents=True, exist_ok=True)
        if kind == "no sticker":
            write_rubbish(series, number, rng)
            continue
        name = f"sticker{number:05}"
        captions[name] = caption(rng)
        write_picture(series / name, kind, captions[name], rng)
    return captions


def caption(rng: random.Random) -> str:
    """Draw a caption: empty for one in five, else Chinese characters (two in three) or English words."""
    if rng.random() < 0.2:
        return ""
    if rng.random() < 0.67:
        return "".join(rng.choices(CHARACTERS, k=rng.randint(2, 8)))
    return " ".join(rng.choices(WORDS, k=rng.randint(1, 4)))


def write_picture(path: Path, kind: str, words: str, rng: random.Random) -> None:
    side = rng.choice(SIDES)
    if kind == "huge":
        drawn(side, words, rng, False).resize((4000, 3000)).convert("RGB").save(path.with_suffix(".jpg"), quality=80)
    elif kind == "jpeg":
        drawn(side, words, rng, False).convert("RGB").save(path.with_suffix(".jpg"), quality=rng.randint(50, 92))
    elif kind in ("png", "palette"):
        picture = drawn(side, words, rng, rng.random() < 0.6)
        (picture.convert("P") if kind == "palette" else picture).save(path.with_suffix(".png"))
    elif kind == "webp":
        drawn(side, words, rng, True).save(path.with_suffix(".webp"), quality=80)
    else:
        first = drawn(min(side, 300), words, rng, False).convert("RGB")
        frames = [first.rotate(angle, fillcolor="white") for angle in range(rng.randint(2, 24))]
        suffix = ".gif" if kind == "gif" else ".webp"
        frames[0].save(path.with_suffix(suffix), save_all=True, append_images=frames[1:], duration=80, loop=0)


def drawn(side: int, words: str, rng: random.Random, transparent: bool) -> Image.Image:
    """A sticker: a ground, a figure of blobs, a caption at the bottom or in a bubble at the top."""
    picture = ground(side, rng, transparent)
    pen = ImageDraw.Draw(picture)
    for _ in range(rng.randint(2, 7)):
        x, y, size = rng.uniform(0.2, 0.6) * side, rng.uniform(0.15, 0.5) * side, rng.uniform(0.1, 0.35) * side
        pen.ellipse((x, y, x + size, y + size), fill=colour(rng), outline="black", width=max(1, side // 90))
    if words:
        write(picture, words, rng)
    return picture


def ground(side: int, rng: random.Random, transparent: bool) -> Image.Image:
    if transparent:
        return Image.new("RGBA", (side, side))
    kind = rng.choice(("plain", "plain", "gradient", "noise"))
    if kind == "plain":
        return Image.new("RGBA", (side, side), colour(rng) if rng.random() < 0.5 else (255, 255, 255, 255))
    if kind == "gradient":
        return Image.linear_gradient("L").resize((side, side)).convert("RGBA")
    noise = np.random.default_rng(rng.getrandbits(32)).integers(90, 255, (side, side, 3), np.uint8)
    return Image.fromarray(noise).filter(ImageFilter.GaussianBlur(2)).convert("RGBA")


def colour(rng: random.Random) -> tuple[int, int, int, int]:
    return (rng.randint(90, 255), rng.randint(90, 255), rng.randint(90, 255), 255)


def write(picture: Image.Image, words: str, rng: random.Random) -> None:
    """The caption, as large as fits the width, white with a black outline or black on a white bubble."""
    side, face = picture.width, FONTS[rng.choice(FACES)]
    size = max(9, int(side * rng.uniform(0.1, 0.17)))
    font = ImageFont.truetype(face.path, size, index=face.index)
    while size > 9 and font.getlength(words) > 0.92 * side:
        size -= 1
        font = ImageFont.truetype(face.path, size, index=face.index)
    pen, width = ImageDraw.Draw(picture), font.getlength(words)
    if rng.random() < 0.6:
        place = ((side - width) / 2, side * 0.82)
        pen.text(place, words, "white", font, stroke_width=max(1, size // 10), stroke_fill="black")
        return
    place = ((side - width) / 2, side * 0.04)
    box = (place[0] - size / 3, place[1] - size / 6, place[0] + width + size / 3, place[1] + size * 1.4)
    pen.rounded_rectangle(box, size // 2, fill="white", outline="black")
    pen.text(place, words, "black", font)


def write_rubbish(folder: Path, number: int, rng: random.Random) -> None:
    """A file that is no sticker: empty, text, a video, cut short, or a copy of the folder's first picture."""
    kind = number % 5
    if kind == 0:
        (folder / f"empty{number}.png").touch()
    elif kind == 1:
        (folder / f"notes{number}.jpg").write_text("not a picture", encoding="utf-8")
    elif kind == 2:
        (folder / f"video{number}.webm").write_bytes(b"\x1a\x45\xdf\xa3" + bytes(500))
    elif kind == 3:
        whole = io.BytesIO()
        drawn(240, "", rng, False).save(whole, "PNG")
        (folder / f"torn{number}.png").write_bytes(whole.getvalue()[: len(whole.getvalue()) // 2])
    else:
        first = next((path for path in sorted(folder.iterdir()) if path.stat().st_size > 1000), None)
        (folder / f"copy{number}.png").write_bytes(first.read_bytes() if first else b"")


# ---- the measurement ------------------------------------------------------------------------------------------------


def grow(folder: Path, files: int, seed: int) -> dict[str, str]:
    """Add as many files and rename as many others; new picture's name without extension -> its caption."""
    rng = random.Random(f"new {seed}")
    for path in sorted(folder.rglob("sticker*"))[:files]:
        path.rename(path.with_name(f"renamed {path.name}"))
    captions = {f"new{number:03}": caption(rng) for number in range(files)}
    kinds = ("png", "jpeg", "webp", "gif")
    for number, (name, words) in enumerate(captions.items()):
        write_picture(folder / "series 00" / name, kinds[number % len(kinds)], words, rng)
    return captions


def draw_phrase(path: Path, words: str) -> None:
    """A sticker of the small folder; its look comes from its name."""
    drawn(320, words, random.Random(path.name), False).save(path)


def build(folder: Path, out: Path, work: Path) -> tuple[float, float]:
    """Build a bundle in a fresh process: (seconds, most megabytes in use)."""
    command = [sys.executable, "-m", "precompute", "build", "--images", str(folder), "--out", str(out)]
    start = time.monotonic()
    process = psutil.Popen([*command, "--work", str(work)], cwd=ROOT)
    most = 0.0
    while process.poll() is None:
        most = max(most, megabytes(process))
        time.sleep(0.5)
    if process.returncode:
        sys.exit(f"The build ended with {process.returncode}.")
    return time.monotonic() - start, most


def megabytes(process: psutil.Process) -> float:
    """The memory of a process and all below it, what they share counted once."""
    total = 0
    for each in (process, *_below(process)):
        with suppress(psutil.Error):
            total += each.memory_full_info().pss
    return total / 1e6


def _below(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.Error):
        return list(process.children(recursive=True))
    return []


def measure(folder: Path, place: Path) -> dict[str, object]:
    """Build the bundle without a cache; what it took and what it says of itself."""
    out = place / "bundle"
    seconds, most = build(folder, out, place / "work")
    provenance = Bundle.open(out).manifest["provenance"]
    stages = {name: told["seconds"] for name, told in provenance.items() if "seconds" in told}
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    files = provenance["import"]["files"]
    return {
        "seconds": round(seconds, 1),
        "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_megabytes": round(most),
        "files": files,
        "files_a_second": round(files / seconds, 2),
        "pictures": provenance["import"]["pictures"],
        "left_out": {row["reason"]["en"]: row["count"] for row in provenance["import"]["files_left_out"]},
        "stages": {**stages, "everything else": round(seconds - sum(stages.values()), 1)},
        "verified": not list(verify(out)),
    }


def exactly_read(bundle: Path, captions: dict[str, str]) -> dict[str, int]:
    """Captions that were read as written (NFKC, lower case, without blanks), and plain pictures where nothing was."""
    opened = Bundle.open(bundle)
    read = dict(zip(opened.ids, opened.stickers.column("ocr"), strict=True))
    written = {name: words for name, words in captions.items() if words and name in read}
    plain = [name for name, words in captions.items() if not words and name in read]
    return {
        "captions": len(written),
        "captions_exact": sum(folded(read[name]) == folded(words) for name, words in written.items()),
        "plain": len(plain),
        "plain_nothing_read": sum(not read[name] for name in plain),
    }


def folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=1800)
    parser.add_argument("--new", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="leave the folder and the bundle here")
    parser.add_argument("--save", type=Path, help="keep the figures in this JSON file, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        place = options.keep or Path(temporary)
        captions = make_folder(place / "stickers", options.files, options.seed)
        print(f"{options.files} files, {len(captions)} of them pictures", flush=True)
        found = measure(place / "stickers", place)
        found |= exactly_read(place / "bundle", captions)
        grow(place / "stickers", options.new, options.seed)
        seconds, most = build(place / "stickers", place / "bundle", place / "work")
        found["update"] = {"new": options.new, "seconds": round(seconds, 1), "peak_megabytes": round(most)}
        phrases.draw(place / "phrases", draw_phrase)
        build(place / "phrases", place / "asked", place / "work")
        found["asked"] = phrases.leading(place / "asked")
    found |= {"seed": options.seed, "cores": os.cpu_count(), "machine": platform.machine()}
    for name, seconds in found["stages"].items():
        print(f"{name:<16} {seconds:8.1f} s")
    print(f"{'all':<16} {found['seconds']:8.1f} s, {found['files_a_second']} files a second")
    print(f"{found['captions_exact']} of {found['captions']} captions read exactly as written")
    print(f"at most {found['peak_megabytes']} MB; {options.new} more files in {found['update']['seconds']} s")
    for way in ("words", "words_names", "meaning_names"):
        asked = found["asked"]
        found_en, found_zh = asked[f"{way}_en"], asked[f"{way}_zh"]
        print(f"{way:<16} {found_en} of 10 English and {found_zh} of 10 Chinese queries lead with what fits")
    conclude(found, "folder", options.save)


if __name__ == "__main__":
    main()
