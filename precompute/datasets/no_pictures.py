"""Files that people keep among stickers and that hold no picture which is read as it is: what each is, and what its
owner can do about it.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from persrv.records import Text
from precompute.datasets.transcode import reads_lottie, reads_videos

#: The one line that installs whatever reads the formats that Pillow does not.
INSTALL = "pip install -r precompute/requirements-formats.txt"

_HEIC = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_AVIF = (b"avif", b"avis")
_UNFINISHED = (".part", ".crdownload", ".download", ".opdownload", ".aria2", ".!ut", ".partial")

_BEGINNINGS: tuple[tuple[bytes, Text], ...] = (
    (
        b"wxgf",
        Text(
            "a picture in WeChat's own format (wxgf): open it in WeChat and save it as GIF",
            "微信自有格式（wxgf）：请在微信中打开并另存为 GIF",
        ),
    ),
    (b"Rar!", Text("an archive (RAR): unpack it into the folder", "压缩包（RAR）：请解压到文件夹里")),
    (b"7z\xbc\xaf\x27\x1c", Text("an archive (7z): unpack it into the folder", "压缩包（7z）：请解压到文件夹里")),
    (b"\x28\xb5\x2f\xfd", Text("an archive (zstd): unpack it into the folder", "压缩包（zstd）：请解压到文件夹里")),
    (b"BPG\xfb", Text("a picture in BPG: convert it to PNG", "BPG 图片：请转换为 PNG")),
    (b"BZh", Text("an archive (bzip2): unpack it into the folder", "压缩包（bzip2）：请解压到文件夹里")),
    (b"\xfd7zXZ", Text("an archive (xz): unpack it into the folder", "压缩包（xz）：请解压到文件夹里")),
    (
        b"version https://git-lfs",
        Text(
            "a Git LFS pointer in place of the picture: run git lfs pull", "Git LFS 指针而非图片：请运行 git lfs pull"
        ),
    ),
    (b"8BPS", Text("a Photoshop file: export it as PNG", "Photoshop 文件：请导出为 PNG")),
    (b"%PDF", Text("a PDF: export its pages as PNG", "PDF：请把页面导出为 PNG")),
)

_PAGE = Text("a web page under a picture's name: download the picture again", "以图片命名的网页：请重新下载图片")
_SVG = Text("a drawing (SVG): export it as PNG", "矢量图（SVG）：请导出为 PNG")
_TAR = Text("an archive (tar): unpack it into the folder", "压缩包（tar）：请解压到文件夹里")
_ZEROS = Text(
    "a file of zeros, lost by a disk or a broken download: get it again",
    "全是零的文件，磁盘出错或下载中断所致：请重新获取",
)
_DAT = Text(
    "a picture that WeChat encrypted (.dat): open it in WeChat and save it",
    "微信加密的图片（.dat）：请在微信中打开并保存",
)
_PART = Text("an unfinished download: download it again", "未完成的下载：请重新下载")


_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\xff\x0a", b"\0\0\0\x0cJXL ")


def is_unfinished(path: Path) -> bool:
    """Return whether a file is named as browsers name a download that has not ended."""
    return path.suffix.lower() in _UNFINISHED


def is_picture(beginning: bytes) -> bool:
    """Return whether a file begins as a picture does, so that one which does not decode is damaged."""
    is_box = beginning[4:8] == b"ftyp" or (beginning.startswith(b"RIFF") and beginning[8:12] == b"WEBP")
    return is_box or beginning.startswith(_PICTURES)


def other_kind(path: Path, beginning: bytes) -> Text | None:
    """Kind of a file that no decoder of pictures should open, None for what may be a picture.

    beginning: its first bytes, 512 where there are as many.
    """
    if is_unfinished(path):
        return _PART
    for sign, reason in _BEGINNINGS:
        if beginning.startswith(sign):
            return reason
    start = beginning.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return _PAGE
    if start.startswith(b"<svg") or (start.startswith((b"<?xml", b"<!--", b"<!doctype svg")) and b"<svg" in start):
        return _SVG
    if not beginning.strip(b"\0"):
        return _ZEROS
    if beginning[257:262] == b"ustar":
        return _TAR
    if path.suffix.lower() == ".dat" and _is_encrypted(beginning):
        return _DAT
    return _missing(beginning) or _moving(beginning) or _archive(beginning)


def _is_encrypted(beginning: bytes) -> bool:
    """Return whether each byte of a picture was changed by the same key."""
    return any(
        beginning.startswith(bytes(byte ^ key for byte in sign))
        for sign in (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")
        for key in {beginning[0] ^ sign[0]}
    )


def _missing(beginning: bytes) -> Text | None:
    """A picture whose package is not installed, None if it is none or can be read."""
    if beginning[4:8] == b"ftyp" and beginning[8:12] in _HEIC and not find_spec("pillow_heif"):
        return Text(f"a photo in HEIC: {INSTALL} reads it", f"HEIC 照片：运行 {INSTALL} 后可读")
    is_jxl = beginning.startswith((b"\xff\x0a", b"\0\0\0\x0cJXL "))
    if is_jxl and not find_spec("pillow_jxl"):
        return Text(f"a picture in JPEG XL: {INSTALL} reads it", f"JPEG XL 图片：运行 {INSTALL} 后可读")
    return None


def moving_kind(path: Path, beginning: bytes) -> Text | None:
    """Kind of a video or vector animation whose decoder is installed; None for any other file."""
    if is_unfinished(path):
        return None
    return (_video(beginning) if reads_videos() else None) or (_vector(beginning) if reads_lottie() else None)


def _moving(beginning: bytes) -> Text | None:
    """A video or vector animation, with what reads it where that is not installed; None if it is neither."""
    video, vector = _video(beginning), _vector(beginning)
    found = video or vector
    if found is None or (reads_videos() if video else reads_lottie()):
        return found
    return Text(f"{found.en}: {INSTALL} reads it", f"{found.zh}：运行 {INSTALL} 后可读")


def _video(beginning: bytes) -> Text | None:
    if beginning.startswith(b"\x1a\x45\xdf\xa3"):
        return Text("a video (WebM)", "视频（WebM）")
    if beginning[4:8] == b"ftyp" and beginning[8:12] not in (*_HEIC, *_AVIF):
        is_quicktime = beginning[8:12] == b"qt  "
        return (
            Text("a video (QuickTime)", "视频（QuickTime）") if is_quicktime else Text("a video (MP4)", "视频（MP4）")
        )
    if beginning.startswith(b"FLV\x01"):
        return Text("a video (Flash)", "视频（Flash）")
    if beginning.startswith(b"RIFF") and beginning[8:12] == b"AVI ":
        return Text("a video (AVI)", "视频（AVI）")
    return None


def _vector(beginning: bytes) -> Text | None:
    if beginning.startswith(b"\x1f\x8b"):
        return Text("a vector animation (TGS) or an archive", "矢量动画（TGS）或压缩包")
    if beginning.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and (
        b'"layers"' in beginning or b'"ip"' in beginning[:200]
    ):
        return Text("a vector animation (Lottie)", "矢量动画（Lottie）")
    return None


def _archive(beginning: bytes) -> Text | None:
    return Text("an archive", "压缩包") if beginning.startswith(b"PK\x03\x04") else None
