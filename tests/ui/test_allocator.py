"""The allocator's settings: taken by glibc, and told where a C library has none."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from persrv.ui import allocator

#: Prints MB of resident memory that threads left behind which each held and freed three arrays of 5 MB at a time.
LEFT = """
import resource, sys, threading
import numpy as np
from persrv.ui import allocator
if sys.argv[1] == "settled":
    assert allocator.return_freed_memory()
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() / 2**20
gate = threading.Barrier(8)
def work():
    for _ in range(3):
        gate.wait()
        held = [np.ones((2496, 512), np.float32) for _ in range(3)]
        gate.wait()
        del held
    gate.wait()
    small.append([bytearray(600) for _ in range(100)])
    gate.wait()
small = []
before = resident()
threads = [threading.Thread(target=work) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(resident() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="resident memory is read from /proc")
def test_freed_arrays_go_back_to_the_operating_system():
    def left(how: str) -> float:
        done = subprocess.run([sys.executable, "-c", LEFT, how], capture_output=True, text=True, check=True)
        return float(done.stdout)

    assert left("settled") < 20 < left("as it is")


def test_a_c_library_without_such_settings_is_left_alone(monkeypatch):
    monkeypatch.setattr(allocator, "ctypes", SimpleNamespace(CDLL=lambda _: object()))
    assert allocator.return_freed_memory() is False


def test_settings_that_are_refused_are_told(monkeypatch):
    refuses = SimpleNamespace(mallopt=lambda *_: 0)
    monkeypatch.setattr(allocator, "ctypes", SimpleNamespace(CDLL=lambda _: refuses))
    assert allocator.return_freed_memory() is False
