"""Importing Gradio, without writing for editors: at every import, it parses the source of each of its components and
renders an interface file (.pyi) from it. That is half of the time that importing takes, and nothing that runs reads
such a file.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType

from persrv.errors import PersrvError

#: The module of Gradio whose metaclass writes the files, and the function that does.
_MODULE, _FUNCTION = "gradio.component_meta", "create_or_modify_pyi"


@contextmanager
def importing_gradio() -> Iterator[None]:
    """Import Gradio within this: its components are the same, and no file is written. Where another version of Gradio
    has no such function, nothing is changed. PersrvError where its environment names a port that is none.
    """
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    except ValueError as unreadable:  # Gradio reads its environment while it is imported
        if "GRADIO_SERVER_PORT" not in os.environ:
            raise
        raise PersrvError(
            f"GRADIO_SERVER_PORT is no port: {unreadable}", "a number such as 7860", "Correct it, or unset it."
        ) from unreadable
    finally:
        sys.meta_path.remove(finder)


class _Finder(MetaPathFinder):
    """Finds the one module, to be loaded by `_Loader`."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname == _MODULE else None
        if spec is not None and spec.origin is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(fullname, spec.origin)
        return spec


class _Loader(SourceFileLoader):
    """Loads the module as ever, then replaces the function by one that does nothing."""

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        if hasattr(module, _FUNCTION):
            setattr(module, _FUNCTION, lambda *_: None)
