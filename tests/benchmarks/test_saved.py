"""Figures that are kept: one section is replaced, and an interruption harms none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from saved import save


def test_a_section_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "measurements.json"
    save(path, "page", {"ms": 1})
    save(path, "search", {"ms": 2})
    save(path, "page", {"ms": 3})
    assert json.loads(path.read_text()) == {"page": {"ms": 3}, "search": {"ms": 2}}
    assert [each.name for each in tmp_path.iterdir()] == ["measurements.json"]


def test_an_interruption_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "measurements.json"
    save(path, "page", {"ms": 1})
    write = Path.write_text

    def half(self: Path, text: str, **options: str) -> int:
        write(self, text[: len(text) // 2], **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_text", half)
    with pytest.raises(KeyboardInterrupt):
        save(path, "page", {"ms": 2})
    assert json.loads(path.read_text()) == {"page": {"ms": 1}}
