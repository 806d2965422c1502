"""Decoding strangers' pictures in a process of their own (persrv.files.picture_worker).

The process is kept for the next picture, and replaced where it dies or takes too long.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from functools import lru_cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from persrv.ui.refusals import Refused
from persrv.ui.waiting import WaitingLine

if TYPE_CHECKING:
    from PIL.Image import Image

#: Seconds that one picture may take.
SECONDS = 5.0

#: Pictures that may wait while one is decoded.
WAITING = 8

_ROOT = Path(__file__).parents[2]

#: All that a worker is told of the app's environment: how to start Python. No token is among it.
_TOLD = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "VIRTUAL_ENV")


@lru_cache(maxsize=1)
def decoder() -> Decoder:
    """The one decoder of this process."""
    return Decoder()


class Decoder:
    """Decodes one picture after the other, for any number of threads."""

    def __init__(self, seconds: float = SECONDS, waiting: int = WAITING) -> None:
        self._seconds = seconds
        self._line = WaitingLine(waiting)
        self._worker: Worker | None = None

    def warm_up(self) -> None:
        """Start the worker, which the first picture would otherwise wait for."""
        with suppress(OSError), self._line.place() as turn, turn:
            self._running()

    def decode(self, content: bytes) -> Image:
        """The picture of a file (persrv.files.picture_worker.decode). Refused where it fails, or takes too long."""
        from PIL import Image as pil

        with self._line.place() as turn, turn:
            try:
                told, pixels = self._running().ask(content, self._seconds)
            except (EOFError, OSError, ValueError) as died:
                self.close()
                raise Refused("too_costly") from died
        if "code" in told:
            raise Refused(told["code"], **told["values"])
        width, height = told["size"]
        return pil.frombytes("RGBA", (width, height), pixels)

    def close(self) -> None:
        """End the worker; the next picture starts another."""
        if self._worker is not None:
            self._worker.end()
        self._worker = None

    def _running(self) -> Worker:
        if self._worker is None or self._worker.process.poll() is not None:
            self.close()
            self._worker = Worker()
        return self._worker


class Worker:
    """A worker process and the socket to it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        told = {name: os.environ[name] for name in _TOLD if name in os.environ}
        command = [sys.executable, "-m", "persrv.files.picture_worker", str(theirs.fileno())]
        with theirs:
            self.process = subprocess.Popen(
                command, env={**told, "PYTHONPATH": str(_ROOT)}, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()]
            )
        self._asked = Connection(ours.detach())

    def ask(self, content: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
        """The worker's answer to a file. EOFError, OSError or ValueError where it dies, answers nonsense, or is killed
        after so many seconds.
        """
        clock = threading.Timer(seconds, self.process.kill)
        clock.start()
        try:
            self._asked.send_bytes(content)
            return dict(json.loads(self._asked.recv_bytes())), self._asked.recv_bytes()
        finally:
            clock.cancel()

    def end(self) -> None:
        self._asked.close()
        self.process.kill()
        self.process.wait()
