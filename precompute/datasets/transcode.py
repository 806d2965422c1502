"""Videos and vector animations as animated WebP, each in a process of its own: their decoders are large, and a file may
break one, hold it for ever, or ask it for all memory.

`python -m precompute.datasets.transcode SOURCE OUT` writes OUT, or ends with the code of a refusal. Read are what PyAV
reads of videos (WebM with its transparency, MP4, MOV, AVI, FLV) and Lottie, plain or packed as Telegram's TGS.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from persrv.records import Text

if TYPE_CHECKING:
    from PIL.Image import Image

#: Pixels of the longer side, and frames, of what is written: no more than a sticker in a bundle has.
SIDE, FRAMES = 512, 48

#: A longer video is a film and no sticker.
MOST_SECONDS = 60

#: Pixels of one frame of a video.
MOST_PIXELS = 3840 * 2160

#: Bytes of a Lottie document, unpacked; Telegram's are a hundredth of it.
MOST_LOTTIE = 8 << 20

#: Seconds, of the clock and of one processor, and bytes of memory and of the result, that one file may cost.
_CLOCK, _PROCESSOR, _MEMORY, _RESULT = 180, 120, 3 << 30, 64 << 20

_ROOT = Path(__file__).resolve().parents[2]

_TOO_LONG = Text(
    f"a video of more than {MOST_SECONDS} seconds: cut the part that is the sticker",
    f"超过 {MOST_SECONDS} 秒的视频：请剪出要当表情的一段",
)
_TOO_LARGE = Text("a video larger than 3840 x 2160 pixels", "大于 3840 x 2160 像素的视频")
DAMAGED = Text("a damaged video or animation", "损坏的视频或动画")
_TOO_COSTLY = Text(
    "an animation that takes too long, or too much memory, to decode", "解码耗时过长或占用内存过多的动画"
)
_NO_ANIMATION = Text("an archive (gzip): unpack it into the folder", "压缩包（gzip）：请解压到文件夹里")

#: Exit code -> why a file was refused.
_REFUSALS = {10: _TOO_LONG, 11: _TOO_LARGE, 12: DAMAGED, 13: _NO_ANIMATION, 14: _TOO_COSTLY}


class _Refusal(Exception):
    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def transcoded(source: Path, out: Path) -> Text | None:
    """Write `source` as an animated WebP to `out`, whole or not at all; the reason why it cannot be, None where it is
    written.
    """
    unfinished = out.with_name(f".{out.name}.{os.getpid()}")
    command = [sys.executable, *_command(str(source.resolve()), str(unfinished.resolve()))]
    try:
        ended = subprocess.run(
            command, cwd=_ROOT, stdin=subprocess.DEVNULL, capture_output=True, timeout=_CLOCK, check=False
        )
        if ended.returncode == 0:
            unfinished.replace(out)
            return None
        killed = ended.returncode in (-9, -24)  # by the system for want of memory, or by the limit of processor time
        return _REFUSALS.get(ended.returncode, _TOO_COSTLY if killed else DAMAGED)
    except subprocess.TimeoutExpired:
        return _TOO_COSTLY
    finally:
        unfinished.unlink(missing_ok=True)


def _command(source: str, out: str) -> list[str]:
    return ["-m", "precompute.datasets.transcode", source, out]


def reads_videos() -> bool:
    """Return whether PyAV is installed."""
    return find_spec("av") is not None


def reads_lottie() -> bool:
    """Return whether rlottie is installed."""
    return find_spec("rlottie_python") is not None


# ---- in the process of its own --------------------------------------------------------------------------------------


def main(source: str, out: str) -> int:
    """Transcode one file; the exit code."""
    _confine()
    path = Path(source)
    try:
        is_lottie = _begins(path).startswith((b"\x1f\x8b", b"{"))
        _write(list(_of_lottie(path) if is_lottie else _of_video(path)), Path(out))
    except _Refusal as refusal:
        return next(code for code, reason in _REFUSALS.items() if reason is refusal.reason)
    except MemoryError:
        return 14
    except Exception:  # noqa: BLE001  decoders raise anything on broken bytes
        return 12
    return 0


def _write(frames: list[tuple[Image, int]], out: Path) -> None:
    if not frames:
        raise _Refusal(DAMAGED)
    (first, _), *others = frames
    times, more = [max(time, 10) for _, time in frames], [frame for frame, _ in others]
    if more:
        first.save(out, "WEBP", save_all=True, append_images=more, duration=times, loop=0, quality=75, method=2)
    else:
        first.save(out, "WEBP", quality=85, method=4)


def _of_video(path: Path) -> Iterator[tuple[Image, int]]:
    """Yield FRAMES frames at most, evenly chosen, with the milliseconds that each stays."""
    import av

    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        coded = stream.codec_context
        if coded.width * coded.height > MOST_PIXELS:
            raise _Refusal(_TOO_LARGE)
        if (container.duration or 0) > MOST_SECONDS * av.time_base:
            raise _Refusal(_TOO_LONG)
        clear = {key.lower(): value for key, value in stream.metadata.items()}.get("alpha_mode") == "1"
        decoder: av.CodecContext = coded
        if clear and coded.name in ("vp8", "vp9"):  # FFmpeg's own decoder of both drops the transparency
            decoder = av.CodecContext.create(f"libvpx{'-vp9' if coded.name == 'vp9' else ''}", "r")
            decoder.extradata = coded.extradata
        shown: list[tuple[Image, float]] = []
        every = 1
        for number, frame in enumerate(_decoded(container, stream, decoder)):
            at = frame.time if frame.time is not None else number / float(stream.average_rate or 25)
            if at > MOST_SECONDS:
                raise _Refusal(_TOO_LONG)
            last = at
            if number % every == 0:
                shown.append((_fitted(frame.to_ndarray(format="rgba" if clear else "rgb24")), at))
            if len(shown) == 2 * FRAMES:  # the length is not always told: then every second one of those at hand goes
                shown, every = shown[::2], 2 * every
    if not shown:
        raise _Refusal(DAMAGED)
    step = -(-len(shown) // FRAMES)
    shown = shown[::step]
    ends = [at for _, at in shown[1:]] + [max(last, shown[-1][1]) + 1 / float(stream.average_rate or 25)]
    for (picture, at), end in zip(shown, ends, strict=True):
        yield picture, round(1000 * (end - at))


def _decoded(container, stream, decoder):  # type: ignore[no-untyped-def]  # PyAV is an option, and has no types here
    """Yield the frames of a stream up to the first that is damaged; raises only where there is none before it."""
    found = 0
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
            for frame in decoder.decode(packet):
                found += 1
                yield frame
        except StopIteration:
            return
        except GeneratorExit:
            raise
        except Exception:
            if not found:
                raise
            return


def _fitted(pixels) -> Image:  # type: ignore[no-untyped-def]
    from PIL import Image

    picture = Image.fromarray(pixels)
    picture.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return picture


def _of_lottie(path: Path) -> Iterator[tuple[Image, int]]:
    """Yield FRAMES frames at most of a Lottie document, evenly chosen, with the milliseconds that each stays."""
    from rlottie_python.rlottie_wrapper import LottieAnimation

    text = _document(path)
    with LottieAnimation.from_data(text) as animation:
        width, height = animation.lottie_animation_get_size()
        count, rate = animation.lottie_animation_get_totalframe(), animation.lottie_animation_get_framerate()
        if not (width and height and count and rate):
            raise _Refusal(DAMAGED)
        if count / rate > MOST_SECONDS:
            raise _Refusal(_TOO_LONG)
        scale = min(1.0, SIDE / max(width, height))
        size = max(1, round(width * scale)), max(1, round(height * scale))
        number = min(count, FRAMES)
        at = [place * count // number for place in range(number)]
        for place, end in zip(at, [*at[1:], count], strict=True):
            frame = animation.render_pillow_frame(frame_num=place, width=size[0], height=size[1])
            yield frame.copy(), round(1000 * (end - place) / rate)


def _begins(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")


def _document(path: Path) -> str:
    """The JSON of a Lottie file; a refusal for any other gzip, and for what unpacks to more than MOST_LOTTIE."""
    with path.open("rb") as stream:
        content = stream.read(MOST_LOTTIE + 1)
    packed = content.startswith(b"\x1f\x8b")
    if packed:
        content = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content, MOST_LOTTIE + 1)
    if len(content) > MOST_LOTTIE or b'"layers"' not in content:
        raise _Refusal(_NO_ANIMATION if packed else DAMAGED)
    return content.decode("utf-8-sig")


def _confine() -> None:
    """Bound what one file may cost."""
    with suppress(ImportError):  # not every system has it
        import resource

        limits = ((resource.RLIMIT_CPU, _PROCESSOR), (resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_FSIZE, _RESULT))
        for limit, most in limits:
            with suppress(ValueError, OSError):
                resource.setrlimit(limit, (most, most))
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
