"""A command of precompute that stops where it says something, so that a test kills it there and nowhere later."""

from __future__ import annotations

import sys
from collections.abc import Sequence

PROGRAM = """
import sys
from precompute.__main__ import main

class Held:
    def __init__(self, stream, beginning):
        self.stream, self.beginning = stream, beginning

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def write(self, text):
        written = self.stream.write(text)
        if self.beginning and text.startswith(self.beginning) and " of " in text:
            self.beginning = ""
            self.stream.flush()
            sys.stdin.read()  # it never ends: nobody writes there
        return written

sys.stderr = Held(sys.stderr, sys.argv[1])
sys.exit(main(sys.argv[2:]))
"""


def held(beginning: str, arguments: Sequence[str]) -> list[str]:
    """The command line: it waits, with a pipe for its stdin, once it has told how much of a stage is done."""
    return [sys.executable, "-c", PROGRAM, beginning, *arguments]
