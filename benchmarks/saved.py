"""Keeping figures: docs/measurements.json, which README.md's numbers come from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def save(path: Path, section: str, figures: Mapping[str, Any]) -> None:
    """Replace one section of the file, and leave the others; an interruption leaves the file as it was."""
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    known[section] = dict(figures)
    work = path.with_name(f".{path.name}.writing")
    work.write_text(json.dumps(known, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    work.replace(path)


def conclude(figures: Mapping[str, Any], section: str, path: Path | None) -> None:
    """Keep the figures of a benchmark where a file is asked for, and print them as its last line, JSON."""
    if path:
        save(path, section, figures)
    print(json.dumps(figures, ensure_ascii=False))
