"""Settings as frozen dataclasses, read from TOML files that people edit: unknown names and wrong types are refused."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_origin, get_type_hints

from persrv.errors import DataError

_ADVICE = "Correct the profile."


def read_toml(path: Path) -> dict[str, Any]:
    """The document in a TOML file; DataError where it is none."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read: {error}", "TOML", _ADVICE) from error


def settings_of(kind: Any, values: Mapping[str, Any], where: str) -> Any:
    """A settings dataclass `kind` from a TOML table; what the table leaves out keeps its default.

    where: the file, and the place in it, for messages. DataError for an unknown setting, a value of another type, or a
    missing one.
    """
    hints = get_type_hints(kind)
    known = {f.name: hints[f.name] for f in fields(kind)}
    arguments = {}
    for name, value in values.items():
        if name not in known:
            raise DataError(f"{where} sets {name!r}", f"one of {', '.join(known)}", _ADVICE)
        arguments[name] = _value(known[name], value, f"{where}: {name}")
    try:
        return kind(**arguments)
    except TypeError as error:
        raise DataError(f"{where} is not complete: {error}", "every setting without a default", "Add it.") from error


def _value(hint: Any, value: Any, where: str) -> Any:
    """One TOML value as the type a setting has."""
    table = get_origin(hint) is Mapping
    if (table or is_dataclass(hint)) and not isinstance(value, dict):
        raise DataError(f"{where} = {value!r}", "a table", _ADVICE)
    if is_dataclass(hint):
        return settings_of(hint, value, where)
    if table:
        return {name: _value(None, item, f"{where}.{name}") for name, item in value.items()}
    if isinstance(value, list):
        return tuple(_value(None, item, where) for item in value)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(hint, type) and (not isinstance(value, hint) or isinstance(value, bool) != (hint is bool)):
        raise DataError(f"{where} = {value!r}", f"a value of type {hint.__name__}", _ADVICE)
    return value
