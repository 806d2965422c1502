"""Gradio is imported without its interface files, and works as ever."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

IMPORTED = """
import json, sys
from pathlib import Path
from persrv.ui.gradio_import import importing_gradio

before = len(sys.meta_path)
with importing_gradio():
    import gradio
from gradio import component_meta

written = []
Path.write_text = lambda path, text, **_: written.append(str(path))
read = []
real = Path.read_text
Path.read_text = lambda path, *given, **named: (read.append(str(path)), real(path, *given, **named))[1]


class Own(gradio.HTML):
    pass


component_meta.create_or_modify_pyi(gradio.HTML, "HTML", [])
print(json.dumps({
    "read": read, "written": written, "left": len(sys.meta_path) - before,
    "events": [str(event) for event in gradio.HTML.EVENTS], "blocks": bool(gradio.Blocks()),
}))
"""


@pytest.mark.slow
def test_components_are_the_same_and_no_source_is_read_again_for_editors() -> None:
    told = subprocess.run(
        [sys.executable, "-c", IMPORTED], cwd=ROOT, check=True, capture_output=True, text=True, timeout=120
    ).stdout
    found = json.loads(told.splitlines()[-1])
    assert found["read"] == []
    assert found["written"] == []
    assert found["left"] == 0, "imports that follow are nobody's business"
    assert {"change", "click"} <= set(found["events"])
    assert found["blocks"]
