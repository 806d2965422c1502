"""Refusing a request of the page: one sentence, with a code where the page says it in both languages."""

from __future__ import annotations

from collections.abc import Callable

from persrv.errors import PersrvError
from persrv.ui import strings
from persrv.ui.views import View


class Refused(Exception):
    """A refusal. `code` and `values` make the page's sentence: strings.TEXTS["error_" + code]."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def answered(answer: Callable[[], View]) -> View:
    """Answer, or return {"error": sentence}, with the "code" and "values" of its translation where it has one."""
    try:
        return answer()
    except Refused as refused:
        sentence = strings.in_language("en")[f"error_{refused.code}"]
        return {"error": sentence.format(**refused.values), "code": refused.code, "values": refused.values}
    except PersrvError as error:
        return {"error": str(error)}
