"""Strangers' pictures are decoded in a process that may die, and that is given little to do harm with."""

from __future__ import annotations

import io
import os
import resource
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from persrv.files import picture_worker
from persrv.files.picture_worker import MAX_PIXELS, MAX_SIDE, SIDE, TooLarge
from persrv.ui.decoding import Decoder
from persrv.ui.refusals import Refused


def file(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    content = io.BytesIO()
    picture.save(content, kind, **options)
    return content.getvalue()


SMALL = file(Image.new("RGB", (3, 2), (200, 30, 30)))


@pytest.fixture
def decoder() -> Iterator[Decoder]:
    made = Decoder()
    yield made
    made.close()


def worker(decoder: Decoder) -> int:
    """The number of the decoder's process."""
    assert decoder._worker is not None
    return decoder._worker.process.pid


def test_one_process_decodes_one_picture_after_the_other(decoder: Decoder) -> None:
    first = decoder.decode(SMALL)
    process = worker(decoder)
    second = decoder.decode(file(Image.new("L", (5, 4))))
    assert (first.mode, first.size, first.getpixel((0, 0)), second.size) == ("RGBA", (3, 2), (200, 30, 30, 255), (5, 4))
    assert worker(decoder) == process != os.getpid()


def test_a_process_that_died_is_replaced(decoder: Decoder) -> None:
    decoder.warm_up()
    before = worker(decoder)
    os.kill(before, signal.SIGKILL)
    os.waitid(os.P_PID, before, os.WEXITED | os.WNOWAIT)
    assert decoder.decode(SMALL).size == (3, 2)
    assert worker(decoder) != before


def test_a_process_that_dies_at_a_picture_is_a_sentence_and_is_replaced(decoder: Decoder) -> None:
    decoder.warm_up()
    os.kill(worker(decoder), signal.SIGSTOP)  # it dies in the middle, when it is killed
    threading.Timer(0.05, os.kill, (worker(decoder), signal.SIGKILL)).start()
    with pytest.raises(Refused, match="too_costly"):
        decoder.decode(SMALL)
    assert decoder.decode(SMALL).size == (3, 2)


def test_a_picture_that_takes_too_long_is_given_up() -> None:
    impatient = Decoder(seconds=0.2)
    impatient.warm_up()
    before = worker(impatient)
    os.kill(before, signal.SIGSTOP)  # for ever, were it not killed
    with pytest.raises(Refused, match="too_costly"):
        impatient.decode(SMALL)
    patient = Decoder()
    assert patient.decode(SMALL).size == (3, 2)
    patient.close()
    impatient.close()
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)


def test_the_process_has_little_to_do_harm_with(decoder: Decoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "a secret")
    decoder.decode(SMALL)
    limits = {
        limit: resource.prlimit(worker(decoder), limit)[0] for limit in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE)
    }
    assert limits == {resource.RLIMIT_AS: picture_worker.MEMORY, resource.RLIMIT_FSIZE: 0}
    assert b"a secret" not in Path(f"/proc/{worker(decoder)}/environ").read_bytes()


def test_memory_that_does_not_suffice_is_a_sentence(decoder: Decoder) -> None:
    """Only the largest pictures need more than what is left here."""
    decoder.decode(SMALL)
    used = int(Path(f"/proc/{worker(decoder)}/statm").read_text().split()[0]) * os.sysconf("SC_PAGESIZE")
    resource.prlimit(worker(decoder), resource.RLIMIT_AS, (used + 20_000_000, used + 20_000_000))
    with pytest.raises(Refused, match="too_costly"):
        decoder.decode(file(Image.new("RGB", (MAX_SIDE, MAX_SIDE))))
    assert decoder.decode(SMALL).size == (3, 2)


@pytest.mark.slow
def test_size_times_frames_has_a_limit() -> None:
    frames = [Image.new("P", (2048, 2048), number) for number in range(10)]  # 9 of them are fewer than 40 million
    with pytest.raises(TooLarge) as large:
        picture_worker.decode(file(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert large.value.values == {"width": 2048, "height": 2048, "frames": 10, "max": MAX_PIXELS // 1_000_000}
    assert picture_worker.decode(file(frames[0], "GIF", save_all=True, append_images=frames[1:9])).size == (SIDE, SIDE)


def test_a_phones_photo_is_not_the_depth_map_behind_it() -> None:
    photo, behind = Image.new("RGB", (8, 8), "white"), Image.new("RGB", (8, 8), "black")
    assert picture_worker.decode(file(photo, "MPO", save_all=True, append_images=[behind])).getpixel((4, 4))[0] > 250


def test_a_picture_that_is_no_larger_than_models_look_at_is_left_as_it_is() -> None:
    drawn = Image.effect_noise((SIDE, 40), 90).convert("RGBA")
    assert picture_worker.decode(file(drawn)).tobytes() == drawn.tobytes()


def test_one_too_many_is_told_so_at_once() -> None:
    """One waits for its turn behind a process that has stopped; the next finds the line full."""
    decoder = Decoder(seconds=600, waiting=1)
    decoder.warm_up()
    os.kill(worker(decoder), signal.SIGSTOP)
    seen: list[tuple[int, int]] = []
    threads = [threading.Thread(target=lambda: seen.append(decoder.decode(SMALL).size)) for _ in range(2)]
    for thread in threads:
        thread.start()
    while decoder._line._places.acquire(blocking=False):  # until both have their places
        decoder._line._places.release()
    with pytest.raises(Refused, match="busy"):
        decoder.decode(SMALL)
    os.kill(worker(decoder), signal.SIGCONT)
    for thread in threads:
        thread.join()
    assert seen == [(3, 2), (3, 2)]
    decoder.close()
